"""The monitoring period and its slices, time zones, timestamps as people write them, and dividing a span among slices.

Nothing here knows a meter or a file: an instant is a count of microseconds since 1970 in UTC, and a slice a
pair of instants.
"""
