/* launch-ready: about */
SELECT json_object('version', sqlite_version(), 'mighty', json('false'))
