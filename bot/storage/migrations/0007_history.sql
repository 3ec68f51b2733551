-- What a member does with their own past, and what becomes of the message that showed it.
ALTER TABLE jobs ADD COLUMN message_deleted_at_ms INTEGER;

ALTER TABLE jobs ADD COLUMN favourited_at_ms INTEGER;

ALTER TABLE jobs ADD COLUMN hidden_at_ms INTEGER;

-- What the history shows: the one place that says so.
CREATE VIEW shown_jobs AS SELECT * FROM jobs WHERE hidden_at_ms IS NULL;

-- Which job a deleted message belonged to.
CREATE INDEX jobs_by_message ON jobs (message_id) WHERE message_id IS NOT NULL;

-- Every word and filter of the history as terms, each beginning with its member's id;
-- bot/storage/search_terms.py makes them, in the function that the triggers call.
CREATE VIRTUAL TABLE job_search USING fts5 (
    terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);

-- Small pages, since FTS5 merges so many of them at once, in the commit that happens to be due.
INSERT INTO job_search (job_search, rank) VALUES ('pgsz', 400);

INSERT INTO job_search (rowid, terms)
SELECT id, search_terms(user_id, guild_id, request, favourited_at_ms) FROM jobs;

CREATE TRIGGER jobs_search_insert AFTER INSERT ON jobs WHEN new.hidden_at_ms IS NULL BEGIN
    INSERT INTO job_search (rowid, terms)
    VALUES (
        new.id, search_terms(new.user_id, new.guild_id, new.request, new.favourited_at_ms)
    );
END;

CREATE TRIGGER jobs_search_delete AFTER DELETE ON jobs WHEN old.hidden_at_ms IS NULL BEGIN
    INSERT INTO job_search (job_search, rowid, terms)
    VALUES (
        'delete', old.id,
        search_terms(old.user_id, old.guild_id, old.request, old.favourited_at_ms)
    );
END;

CREATE TRIGGER jobs_search_update
AFTER UPDATE OF id, user_id, guild_id, request, favourited_at_ms, hidden_at_ms ON jobs BEGIN
    INSERT INTO job_search (job_search, rowid, terms)
    SELECT
        'delete', old.id,
        search_terms(old.user_id, old.guild_id, old.request, old.favourited_at_ms)
    WHERE old.hidden_at_ms IS NULL;
    INSERT INTO job_search (rowid, terms)
    SELECT new.id, search_terms(new.user_id, new.guild_id, new.request, new.favourited_at_ms)
    WHERE new.hidden_at_ms IS NULL;
END;

-- Filters of pages that are open, since a button's id has no room for them. `wanted` is JSON.
CREATE TABLE history_filters (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    wanted     TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX history_filters_by_age ON history_filters (kept_at_ms);

-- With the size, so that the total of a million files is read from the index alone.
DROP INDEX pictures_by_file;

CREATE INDEX pictures_by_file ON pictures (sha256, media_type, size_bytes);
