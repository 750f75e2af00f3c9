-- Who accepted a run as how it is meant to be: JSON, by whom and when. Later runs are held against the newest of them, and it is never thrown away.
ALTER TABLE run ADD COLUMN accepted TEXT;
