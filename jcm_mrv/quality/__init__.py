"""Rules on data and records, one small function each, which give findings; and the treatments that follow from them.

No rule reads a file, and none changes a claim: a treatment gives back corrections, and the calculation applies them.
"""
