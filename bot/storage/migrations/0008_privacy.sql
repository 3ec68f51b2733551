-- Wishes to be erased, until they are fulfilled.
CREATE TABLE erasures (
    user_id     INTEGER PRIMARY KEY,
    asked_at_ms INTEGER NOT NULL
) STRICT;

-- Servers the bot is in, or was in: those have the moment at which they removed it.
CREATE TABLE servers (
    guild_id   INTEGER PRIMARY KEY,
    left_at_ms INTEGER
) STRICT;

-- All of a member's ledger, refunded or not, by key.
CREATE INDEX ledger_rows_of_user ON ledger (user_id, job_id);

-- What a server that removed the bot is taken out of: refunded rows too.
DROP INDEX ledger_of_guild;
CREATE INDEX ledger_of_guild ON ledger (guild_id, reserved_at_ms, images, refunded_at_ms);

CREATE INDEX log_posts_of_guild ON log_posts (guild_id);

-- Pictures that somebody took down, for an export of theirs.
CREATE INDEX jobs_removed ON jobs (removed_by, id) WHERE removed_by IS NOT NULL;
