-- What all migrations together make, for reading; a test compares. Moments are Unix
-- milliseconds, ids Discord's snowflakes, which fit a signed 64-bit integer.

CREATE TABLE jobs (
    id                     INTEGER PRIMARY KEY,
    user_id                INTEGER NOT NULL,
    guild_id               INTEGER NOT NULL,
    channel_id             INTEGER NOT NULL,
    application_id         INTEGER NOT NULL,
    interaction_token      TEXT    NOT NULL,
    can_post               INTEGER NOT NULL CHECK (can_post IN (0, 1)),
    can_read_history       INTEGER NOT NULL CHECK (can_read_history IN (0, 1)),
    upload_limit_bytes     INTEGER NOT NULL,
    request                TEXT    NOT NULL,
    images                 INTEGER NOT NULL CHECK (images > 0),
    status                 TEXT    NOT NULL CHECK (status IN (
        'queued', 'submitting', 'processing', 'ready',
        'delivered', 'failed', 'refused', 'cancelled', 'expired'
    )),
    fair_tag               INTEGER NOT NULL CHECK (fair_tag >= 0),
    created_at_ms          INTEGER NOT NULL,
    attempts               INTEGER NOT NULL DEFAULT 0,
    submitted_at_ms        INTEGER,
    provider_job_id        TEXT,
    due_at_ms              INTEGER,
    output                 TEXT    NOT NULL DEFAULT '[]',
    used                   TEXT,
    end_reason             TEXT,
    end_detail             TEXT,
    cancel_requested_at_ms INTEGER,
    ready_at_ms            INTEGER,
    finished_at_ms         INTEGER,
    acknowledgement_id     INTEGER,
    post_started_at_ms     INTEGER,
    message_id             INTEGER,
    told_at_ms             INTEGER,
    pointed_out_at_ms      INTEGER,
    private_progress INTEGER NOT NULL DEFAULT 0
        CHECK (private_progress IN (0, 1)),
    flagged TEXT NOT NULL DEFAULT 'spoiler'
        CHECK (flagged IN ('withheld', 'spoiler', 'shown')),
    removed_at_ms INTEGER,
    removed_by INTEGER,
    surcharge              INTEGER NOT NULL DEFAULT 0 CHECK (surcharge >= 0),
    message_channel_id     INTEGER,
    times_unreached        INTEGER NOT NULL DEFAULT 0,
    times_lost             INTEGER NOT NULL DEFAULT 0,
    model_id               TEXT,
    message_deleted_at_ms INTEGER,
    favourited_at_ms INTEGER,
    hidden_at_ms INTEGER,
    search_due INTEGER NOT NULL DEFAULT 0 CHECK (search_due IN (0, 1)),
    reused INTEGER NOT NULL DEFAULT 0,
    locale TEXT NOT NULL DEFAULT 'en-US',
    own_locale TEXT NOT NULL DEFAULT 'en-US',
    remarks TEXT NOT NULL DEFAULT '[]',
    CHECK (
        (finished_at_ms IS NULL) = (status IN ('queued', 'submitting', 'processing', 'ready'))
    )
) STRICT;

-- A partial index repeats the columns of its condition, so that SQLite need not look at the table.

-- A member's history, by key.
CREATE INDEX jobs_of_user ON jobs (user_id, id);

-- A member's unfinished jobs: how many, here and in all, and where the last one's turn ends.
CREATE INDEX jobs_open_of_user ON jobs (user_id, guild_id, fair_tag, images, finished_at_ms)
WHERE finished_at_ms IS NULL;

-- The queue, in order of turns.
CREATE INDEX jobs_queued ON jobs (fair_tag, id, created_at_ms, status)
WHERE status = 'queued';

CREATE INDEX jobs_at_provider ON jobs (fair_tag, id, status)
WHERE status IN ('submitting', 'processing');

-- Results that could not be posted, until their member hears that they wait in the history.
CREATE INDEX jobs_unseen ON jobs (user_id, id)
WHERE status = 'delivered' AND message_id IS NULL AND pointed_out_at_ms IS NULL;

-- The jobs whose words are not in the search index yet, by member.
CREATE INDEX jobs_search_due ON jobs (user_id, search_due) WHERE search_due = 1;

-- The outbox.
CREATE INDEX jobs_untold ON jobs (id)
WHERE status = 'ready' OR (status IN ('failed', 'refused', 'expired') AND told_at_ms IS NULL);

-- What a server's statistics are summed up from, in the order of the sums, so that whole groups
-- (of a day, to begin with) are read one by one, and never the wide rows themselves.
CREATE INDEX jobs_ended_in_guild ON jobs (
    guild_id, created_at_ms / 86400000, status, end_reason, model_id, user_id, images,
    created_at_ms, finished_at_ms
)
WHERE finished_at_ms IS NOT NULL;

CREATE INDEX jobs_open_in_guild ON jobs (guild_id, finished_at_ms)
WHERE finished_at_ms IS NULL;
-- What the history shows: the one place that says so.
CREATE VIEW shown_jobs AS SELECT * FROM jobs WHERE hidden_at_ms IS NULL;

-- Which job a deleted message belonged to.
CREATE INDEX jobs_by_message ON jobs (message_id) WHERE message_id IS NOT NULL;

-- Every word and filter of the history as terms, each beginning with its member's id;
-- bot/storage/search_terms.py makes them, in the function that the triggers call.
CREATE VIRTUAL TABLE job_search USING fts5 (
    terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);

CREATE TRIGGER jobs_search_insert AFTER INSERT ON jobs
WHEN new.hidden_at_ms IS NULL AND new.search_due = 0 BEGIN
    INSERT INTO job_search (rowid, terms)
    VALUES (
        new.id, search_terms(new.user_id, new.guild_id, new.request, new.favourited_at_ms)
    );
END;

CREATE TRIGGER jobs_search_delete AFTER DELETE ON jobs
WHEN old.hidden_at_ms IS NULL AND old.search_due = 0 BEGIN
    INSERT INTO job_search (job_search, rowid, terms)
    VALUES (
        'delete', old.id,
        search_terms(old.user_id, old.guild_id, old.request, old.favourited_at_ms)
    );
END;

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

-- Filters of pages that are open, since a button's id has no room for them. `wanted` is JSON.
CREATE TABLE history_filters (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    wanted     TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX history_filters_by_age ON history_filters (kept_at_ms);

-- One row a job: reserved, then settled or refunded, never both. It names no row of `jobs`, so
-- that a member who erases their history does not get the day's quota back. `images` is what the
-- job costs, `granted` the part that grants paid; a moderator waives what counts in their server.
CREATE TABLE ledger (
    job_id         INTEGER PRIMARY KEY,
    user_id        INTEGER NOT NULL,
    guild_id       INTEGER NOT NULL,
    images         INTEGER NOT NULL CHECK (images > 0),
    reserved_at_ms INTEGER NOT NULL,
    settled_at_ms  INTEGER,
    refunded_at_ms INTEGER,
    granted        INTEGER NOT NULL DEFAULT 0 CHECK (granted BETWEEN 0 AND images),
    waived_at_ms   INTEGER,
    CHECK (settled_at_ms IS NULL OR refunded_at_ms IS NULL)
) STRICT;

CREATE INDEX ledger_of_user ON ledger (
    user_id, reserved_at_ms, guild_id, images, granted, waived_at_ms, refunded_at_ms
) WHERE refunded_at_ms IS NULL;

CREATE INDEX ledger_of_guild ON ledger (guild_id, reserved_at_ms, images, refunded_at_ms);

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

-- The largest fair tag that was ever submitted; one row.
CREATE TABLE fair_clock (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    served INTEGER NOT NULL
) STRICT;

-- The bytes are files named by their SHA-256; equal ones are shared.
CREATE TABLE pictures (
    job_id     INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 0),
    sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
    media_type TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    blank      INTEGER NOT NULL CHECK (blank IN (0, 1)),
    kept_at_ms INTEGER NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

-- With the size, so that the total of a million files is read from the index alone.
CREATE INDEX pictures_by_file ON pictures (sha256, media_type, size_bytes);

CREATE INDEX pictures_by_age ON pictures (kept_at_ms);

-- The API's last known model list, in its order.
CREATE TABLE models (
    position     INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    category     TEXT,
    description  TEXT,
    trigger_word TEXT,
    screenshot   TEXT,
    nsfw         INTEGER NOT NULL CHECK (nsfw IN (0, 1)),
    uses         INTEGER NOT NULL
) STRICT;

-- Small values the program must remember.
CREATE TABLE marks (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE INDEX log_posts_of_guild ON log_posts (guild_id);

-- Pictures that somebody took down, for an export of theirs.
CREATE INDEX jobs_removed ON jobs (removed_by, id) WHERE removed_by IS NOT NULL;

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

-- What members typed into the edit form and could not have so, until they mend it. `draft` is JSON.
CREATE TABLE drafts (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    draft      TEXT    NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX drafts_by_age ON drafts (kept_at_ms);

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
