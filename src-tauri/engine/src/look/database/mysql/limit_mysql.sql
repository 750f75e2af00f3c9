SET SESSION max_execution_time = 2000, SESSION lock_wait_timeout = 1, SESSION innodb_lock_wait_timeout = 1
