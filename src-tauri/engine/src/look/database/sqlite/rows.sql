/* launch-ready: rows */
SELECT json_object('name', tbl, 'rows', max(CAST(stat AS INTEGER))) FROM sqlite_stat1 GROUP BY tbl LIMIT 2000
