-- Where the message stands that shows a job's end; NULL is the channel it was asked for in.
ALTER TABLE jobs ADD COLUMN message_channel_id INTEGER;
