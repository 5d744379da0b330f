"""Central on PostgreSQL: the same code, by one setting, on a real server that the tests start."""
