-- Since when the keychain has had a secret, so that a person knows which one it is; nothing where it was stored before this was noted.
ALTER TABLE secret_note ADD COLUMN since TEXT;
