/* launch-ready: primary keys */
SELECT json_object('table', m.name, 'name', 'primary key of ' || m.name, 'column', t.name, 'guards', json('true'), 'plain', json('true'), 'whole', json('true'))
FROM sqlite_schema m, pragma_table_info(m.name) t
WHERE m.type = 'table' AND t.pk > 0 ORDER BY m.name, t.pk LIMIT 10000
