-- What a job's acknowledgement remarks on how the request was read, as it was said.
ALTER TABLE jobs ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]';
