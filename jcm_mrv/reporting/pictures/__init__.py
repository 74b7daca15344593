"""Drawings as SVG: charts, the line diagram of meters, the timeline of meters and calibrations.

No numbers are worked out here.
"""
