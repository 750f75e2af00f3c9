/* launch-ready: about */
SELECT CAST(JSON_OBJECT(
  'version', version(),
  'mighty', EXISTS (
      SELECT 1 FROM information_schema.user_privileges p
      WHERE p.grantee = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')
        AND p.privilege_type IN ('SUPER', 'INSERT', 'UPDATE', 'DELETE', 'DROP'))
    OR EXISTS (
      SELECT 1 FROM information_schema.schema_privileges p
      WHERE p.table_schema = DATABASE() AND p.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP')),
  'counts', @@performance_schema = 1) AS CHAR) AS row_text
