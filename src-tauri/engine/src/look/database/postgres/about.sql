SELECT /* launch-ready: about */ json_build_object(
  'version', current_setting('server_version'),
  'mighty', (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)
    OR EXISTS (
      SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
        AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')),
  'encrypted', (SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()),
  'since', to_char(coalesce(
    (SELECT d.stats_reset FROM pg_stat_database d WHERE d.datname = current_database()),
    pg_postmaster_start_time()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'counts', (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pg_stat_statements'))::text
