-- What the server had decided when a job was asked for.
ALTER TABLE jobs ADD COLUMN private_progress INTEGER NOT NULL DEFAULT 0
    CHECK (private_progress IN (0, 1));

ALTER TABLE jobs ADD COLUMN flagged TEXT NOT NULL DEFAULT 'spoiler'
    CHECK (flagged IN ('withheld', 'spoiler', 'shown'));

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
