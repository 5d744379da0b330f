"""One noun at a time, arranged with small real things."""
