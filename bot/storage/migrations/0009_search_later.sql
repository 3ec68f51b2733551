-- Words are put into the search index after the member was answered: 1 where that is still to come.
ALTER TABLE jobs ADD COLUMN search_due INTEGER NOT NULL DEFAULT 0 CHECK (search_due IN (0, 1));

-- The jobs that wait for it, by member.
CREATE INDEX jobs_search_due ON jobs (user_id, search_due) WHERE search_due = 1;

DROP TRIGGER jobs_search_insert;

CREATE TRIGGER jobs_search_insert AFTER INSERT ON jobs
WHEN new.hidden_at_ms IS NULL AND new.search_due = 0 BEGIN
    INSERT INTO job_search (rowid, terms)
    VALUES (
        new.id, search_terms(new.user_id, new.guild_id, new.request, new.favourited_at_ms)
    );
END;

DROP TRIGGER jobs_search_delete;

CREATE TRIGGER jobs_search_delete AFTER DELETE ON jobs
WHEN old.hidden_at_ms IS NULL AND old.search_due = 0 BEGIN
    INSERT INTO job_search (job_search, rowid, terms)
    VALUES (
        'delete', old.id,
        search_terms(old.user_id, old.guild_id, old.request, old.favourited_at_ms)
    );
END;

DROP TRIGGER jobs_search_update;

CREATE TRIGGER jobs_search_update
AFTER UPDATE OF id, user_id, guild_id, request, favourited_at_ms, hidden_at_ms, search_due
ON jobs BEGIN
    INSERT INTO job_search (job_search, rowid, terms)
    SELECT
        'delete', old.id,
        search_terms(old.user_id, old.guild_id, old.request, old.favourited_at_ms)
    WHERE old.hidden_at_ms IS NULL AND old.search_due = 0;
    INSERT INTO job_search (rowid, terms)
    SELECT new.id, search_terms(new.user_id, new.guild_id, new.request, new.favourited_at_ms)
    WHERE new.hidden_at_ms IS NULL AND new.search_due = 0;
END;

-- Pages of the usual size again: no member waits for the commit that merges some of them, and
-- forgetting a merged part takes a row for each.
INSERT INTO job_search (job_search, rank) VALUES ('pgsz', 4050);
