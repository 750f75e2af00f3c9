/* launch-ready: tables */
SELECT json_object('name', m.name, 'analysed', EXISTS (SELECT 1 FROM sqlite_schema x WHERE x.name = 'sqlite_stat1'))
FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
ORDER BY m.name LIMIT 2000
