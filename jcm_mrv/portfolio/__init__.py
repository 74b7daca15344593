"""Many projects together: a park, a city's plan, a ministry's projects, in one portfolio and one store of results.

Here a list of members (``portfolio.toml``) is read, what changed is calculated, nothing is counted twice, and the
results go into Parquet tables. How one member is calculated or verified is no business of this room.
"""
