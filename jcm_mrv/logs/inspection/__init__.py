"""What is understood of a log file before anyone states it: columns, formats, kind, and its row of Logs.

Nothing is decided here: a person confirms what was understood.
"""
