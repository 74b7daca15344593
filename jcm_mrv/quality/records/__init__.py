"""Rules on what a person entered beside the readings: equipment, eligibility, evidence, earlier reports.

What the records say of the data themselves is asked in ``quality/values``.
"""
