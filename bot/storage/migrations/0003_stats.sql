-- What a server's statistics are summed up from, without a look at the wide rows themselves. The
-- columns stand in the order of the sums, so that whole groups are read one after the other.

ALTER TABLE jobs ADD COLUMN model_id TEXT GENERATED ALWAYS AS (
    CASE WHEN json_valid(request) THEN json_extract(request, '$.model_id') END
) VIRTUAL;

ALTER TABLE jobs ADD COLUMN created_day INTEGER GENERATED ALWAYS AS (
    created_at_ms / 86400000
) VIRTUAL;

CREATE INDEX jobs_ended_in_guild ON jobs (
    guild_id, created_day, status, end_reason, model_id, user_id, images, created_at_ms,
    finished_at_ms
)
WHERE finished_at_ms IS NOT NULL;

CREATE INDEX jobs_open_in_guild ON jobs (guild_id, finished_at_ms)
WHERE finished_at_ms IS NULL;
