SELECT /* launch-ready: statements */ json_build_object(
  'shape', left(s.query, 8000), 'calls', s.calls, 'timed', s.calls,
  'total_ms', s.total_exec_time, 'max_ms', s.max_exec_time, 'rows', s.rows,
  'own', s.userid = (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user))::text
FROM pg_stat_statements s
WHERE s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
ORDER BY s.total_exec_time DESC LIMIT 500
