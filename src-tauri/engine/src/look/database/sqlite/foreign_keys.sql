/* launch-ready: foreign keys */
SELECT json_object('key', f.id, 'table', m.name, 'column', f."from", 'to', f."table")
FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq LIMIT 5000
