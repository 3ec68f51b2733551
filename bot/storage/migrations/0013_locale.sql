-- In which of Discord's languages everybody is spoken to where a job was asked for.
ALTER TABLE jobs ADD COLUMN locale TEXT NOT NULL DEFAULT 'en-US';
