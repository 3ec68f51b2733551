-- What a server's statistics are summed up from, without a look at the wide rows themselves.

ALTER TABLE jobs ADD COLUMN model_id TEXT;

UPDATE jobs SET model_id = json_extract(request, '$.model_id') WHERE json_valid(request);

-- In the order of the sums, so that whole groups (of a day, to begin with) are read one by one.
CREATE INDEX jobs_ended_in_guild ON jobs (
    guild_id, created_at_ms / 86400000, status, end_reason, model_id, user_id, images,
    created_at_ms, finished_at_ms
)
WHERE finished_at_ms IS NOT NULL;

CREATE INDEX jobs_open_in_guild ON jobs (guild_id, finished_at_ms)
WHERE finished_at_ms IS NULL;
