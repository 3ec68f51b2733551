-- Submissions that came to nothing, by kind: each kind has tries of its own.
ALTER TABLE jobs ADD COLUMN times_unreached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN times_lost INTEGER NOT NULL DEFAULT 0;
