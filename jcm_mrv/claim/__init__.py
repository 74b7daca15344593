"""The claim graph: points, the measuring chain from readings to monitored quantities, values, corrections.

Here readings meet a methodology's equations. Whether the data are good is asked in ``quality``.
"""
