"""Reading what was monitored, with the origin of every value."""
