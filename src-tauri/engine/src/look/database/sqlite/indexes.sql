/* launch-ready: indexes */
SELECT json_object(
  'table', m.name, 'name', l.name, 'column', coalesce(c.name, ''), 'guards', json(iif(l."unique" OR l.origin <> 'c', 'true', 'false')),
  'plain', json(iif(c."desc" = 0 AND l.partial = 0 AND c.coll = 'BINARY', 'true', 'false')), 'whole', json(iif(l.partial = 0, 'true', 'false')))
FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) c
WHERE m.type = 'table' AND c.key = 1 ORDER BY m.name, l.name, c.seqno LIMIT 10000
