-- What the server had decided when a job was asked for.
ALTER TABLE jobs ADD COLUMN private_progress INTEGER NOT NULL DEFAULT 0
    CHECK (private_progress IN (0, 1));

ALTER TABLE jobs ADD COLUMN flagged TEXT NOT NULL DEFAULT 'spoiler'
    CHECK (flagged IN ('withheld', 'spoiler', 'shown'));

-- A picture that a moderator took down; its row stays for the record.
ALTER TABLE jobs ADD COLUMN removed_at_ms INTEGER;

ALTER TABLE jobs ADD COLUMN removed_by INTEGER;

-- What moderators decide. `value` is JSON; place_id is a channel or a role, 0 for the server.
CREATE TABLE guild_settings (
    guild_id  INTEGER NOT NULL,
    scope     TEXT    NOT NULL CHECK (scope IN ('server', 'channel', 'role')),
    place_id  INTEGER NOT NULL CHECK ((place_id = 0) = (scope = 'server')),
    setting   TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    set_by    INTEGER NOT NULL,
    set_at_ms INTEGER NOT NULL,
    PRIMARY KEY (guild_id, scope, place_id, setting)
) STRICT, WITHOUT ROWID;

-- What moderators did. Rows are only added; `details` is JSON.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    act      TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    user_id  INTEGER,
    job_id   INTEGER,
    reason   TEXT,
    details  TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_of_guild ON audit (guild_id, id);

-- Members who may not make pictures in a server; NULL in until_ms is for good.
CREATE TABLE blocks (
    guild_id      INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    blocked_by    INTEGER NOT NULL,
    blocked_at_ms INTEGER NOT NULL,
    until_ms      INTEGER,
    reason        TEXT,
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

-- A member reports a picture once.
CREATE TABLE reports (
    job_id         INTEGER NOT NULL,
    reporter_id    INTEGER NOT NULL,
    guild_id       INTEGER NOT NULL,
    reported_at_ms INTEGER NOT NULL,
    reason         TEXT,
    PRIMARY KEY (job_id, reporter_id)
) STRICT, WITHOUT ROWID;

-- Where a finished job stands in its server's log channel; NULL while nothing could be posted.
CREATE TABLE log_posts (
    job_id       INTEGER PRIMARY KEY,
    guild_id     INTEGER NOT NULL,
    channel_id   INTEGER,
    message_id   INTEGER,
    logged_at_ms INTEGER NOT NULL
) STRICT;

-- Words and patterns that a server's prompts may not have.
CREATE TABLE prompt_rules (
    id        INTEGER PRIMARY KEY,
    guild_id  INTEGER NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('word', 'pattern')),
    text      TEXT    NOT NULL,
    set_by    INTEGER NOT NULL,
    set_at_ms INTEGER NOT NULL,
    UNIQUE (guild_id, kind, text)
) STRICT;
