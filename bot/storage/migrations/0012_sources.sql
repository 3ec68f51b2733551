-- The pictures that jobs start from, and their masks (position 1). `job_id` is the interaction that
-- brought one: a job's, or a form's from which a job may follow. `user_id` is whoever gave it, also
-- where the job is another member's.
CREATE TABLE sources (
    job_id     INTEGER NOT NULL,
    position   INTEGER NOT NULL CHECK (position IN (0, 1)),
    user_id    INTEGER NOT NULL,
    sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
    media_type TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    kept_at_ms INTEGER NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX sources_by_file ON sources (sha256, media_type, size_bytes);

CREATE INDEX sources_by_age ON sources (kept_at_ms);

CREATE INDEX sources_of_user ON sources (user_id, kept_at_ms);
