SET SESSION max_statement_time = 2, SESSION lock_wait_timeout = 1, SESSION innodb_lock_wait_timeout = 1
