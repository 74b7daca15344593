"""How missing, questionable and contradicting data are treated, so that ER never rises by them.

Each kind of treatment gives its bounds, its correction and its finding; the direction is decided
for all together on the graph. A meter whose calibration is overdue gives questionable data as well.
"""
