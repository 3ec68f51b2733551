-- What a member has an option stand for where they leave it out. `value` is JSON.
CREATE TABLE own_defaults (
    user_id   INTEGER NOT NULL,
    option    TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    set_at_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, option)
) STRICT, WITHOUT ROWID;

-- A member's own presets have guild_id 0, a server's have user_id 0 and who saved them. `name_key`
-- is what is the same for names that look the same; `attributes` is JSON.
CREATE TABLE presets (
    user_id     INTEGER NOT NULL,
    guild_id    INTEGER NOT NULL CHECK ((guild_id = 0) = (user_id > 0)),
    name_key    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    attributes  TEXT    NOT NULL,
    template    TEXT    NOT NULL,
    saved_by    INTEGER NOT NULL CHECK (user_id = 0 OR saved_by = 0),
    saved_at_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, guild_id, name_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX presets_of_guild ON presets (guild_id);

-- Those of servers that a member saved, for an export and an erasure of theirs.
CREATE INDEX presets_saved ON presets (saved_by, saved_at_ms) WHERE saved_by > 0;
