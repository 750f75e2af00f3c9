SELECT /* launch-ready: indexes */ json_build_object(
  'table', CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || t.relname,
  'name', i.relname,
  'columns', (
    SELECT json_agg(coalesce(a.attname, '') ORDER BY k.place)
    FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, place)
    LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number AND k.number > 0
    WHERE k.place <= x.indnkeyatts),
  'guards', x.indisunique OR x.indisprimary OR x.indisexclusion OR x.indisreplident
    OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid),
  'plain', m.amname = 'btree' AND x.indpred IS NULL AND x.indexprs IS NULL AND x.indnatts = x.indnkeyatts
    AND NOT EXISTS (SELECT 1 FROM unnest(x.indoption::int2[]) o WHERE o <> 0)
    AND NOT EXISTS (SELECT 1 FROM pg_opclass o WHERE o.oid = ANY (x.indclass::oid[]) AND NOT o.opcdefault),
  'whole', x.indpred IS NULL AND m.amname IN ('btree', 'hash'),
  'bytes', i.relpages::bigint * 8192,
  'uses', s.idx_scan)::text
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am m ON m.oid = i.relam
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = x.indexrelid
WHERE x.indisvalid AND NOT i.relispartition AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY i.relname LIMIT 5000
