-- Which of the buttons that ask for more were used on a job's pictures: one bit each.
ALTER TABLE jobs ADD COLUMN reused INTEGER NOT NULL DEFAULT 0;

-- What members typed into the edit form and could not have so, until they mend it. `draft` is JSON.
CREATE TABLE drafts (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    draft      TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX drafts_by_age ON drafts (kept_at_ms);
