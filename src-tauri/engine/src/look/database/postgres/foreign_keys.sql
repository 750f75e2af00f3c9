SELECT /* launch-ready: foreign keys */ json_build_object(
  'table', CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname,
  'columns', (
    SELECT json_agg(a.attname ORDER BY k.place)
    FROM unnest(f.conkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number),
  'to', t.relname)::text
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = f.confrelid
WHERE f.contype = 'f' AND f.conparentid = 0 AND n.nspname NOT LIKE 'pg\_%'
ORDER BY f.oid LIMIT 5000
