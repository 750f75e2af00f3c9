SELECT /* launch-ready: tables */ json_build_object(
  'name', CASE s.schemaname WHEN 'public' THEN '' ELSE s.schemaname || '.' END || s.relname,
  'rows', greatest(c.reltuples, s.n_live_tup, 0)::bigint, 'bytes', c.relpages::bigint * 8192,
  'scans', s.seq_scan, 'scanned', s.seq_tup_read, 'lookups', coalesce(s.idx_scan, 0), 'dead', s.n_dead_tup,
  'tidied', s.last_vacuum IS NOT NULL OR s.last_autovacuum IS NOT NULL)::text
FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
ORDER BY c.relpages DESC, s.relid LIMIT 2000
