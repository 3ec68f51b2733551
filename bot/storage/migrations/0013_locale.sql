-- In which of Discord's languages everybody is spoken to where a job was asked for, and its asker.
ALTER TABLE jobs ADD COLUMN locale TEXT NOT NULL DEFAULT 'en-US';

ALTER TABLE jobs ADD COLUMN own_locale TEXT NOT NULL DEFAULT 'en-US';
