-- Images a job costs beyond one a picture.
ALTER TABLE jobs ADD COLUMN surcharge INTEGER NOT NULL DEFAULT 0 CHECK (surcharge >= 0);

-- Of the images, those that grants paid; and when a moderator waived the rest.
ALTER TABLE ledger ADD COLUMN granted INTEGER NOT NULL DEFAULT 0
    CHECK (granted BETWEEN 0 AND images);
ALTER TABLE ledger ADD COLUMN waived_at_ms INTEGER;

DROP INDEX jobs_open_of_user;
CREATE INDEX jobs_open_of_user ON jobs (user_id, guild_id, fair_tag, images, finished_at_ms)
WHERE finished_at_ms IS NULL;

DROP INDEX ledger_of_user;
CREATE INDEX ledger_of_user ON ledger (
    user_id, reserved_at_ms, guild_id, images, granted, waived_at_ms, refunded_at_ms
) WHERE refunded_at_ms IS NULL;

CREATE INDEX ledger_of_guild ON ledger (guild_id, reserved_at_ms, images, refunded_at_ms)
WHERE refunded_at_ms IS NULL;

-- Extra images for a member in a server; the id is that of the command that granted them.
CREATE TABLE grants (
    id            INTEGER PRIMARY KEY,
    guild_id      INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    images        INTEGER NOT NULL CHECK (images > 0),
    granted_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms > granted_at_ms)
) STRICT;

CREATE INDEX grants_of_user ON grants (guild_id, user_id, expires_at_ms);

-- What a job takes of a grant; for nothing, once the job is refunded.
CREATE TABLE grant_uses (
    grant_id INTEGER NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    job_id   INTEGER NOT NULL,
    images   INTEGER NOT NULL CHECK (images > 0),
    PRIMARY KEY (grant_id, job_id)
) STRICT, WITHOUT ROWID;
