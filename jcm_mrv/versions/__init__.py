"""Other versions of a report: packages unpacked and results read as strangers' files, and what changed since one."""
