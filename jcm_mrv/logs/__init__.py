"""Files that equipment writes: CSV, xlsx and Parquet, their tables, times, numbers and units, read as segments.

It knows how a log is written and what it says of a meter, never what the claim makes of it.
"""
