"""Clean monitoring data with known true reductions, faults put into them, and the judge of what is made of them.

- ``plant``: what a case consists of: workbook tables, log files, true ER.
- ``shapes``: true energy by interval: sun and clouds, cooling, a factory; ``sheets``: rows of a complete workbook.
- ``plants_solar``, ``plants_cooling``, ``plants_output``: the kinds of clean cases, registered in ``plants.PLANTS``.
- ``events``: clean cases in which something happens that is no fault.
- ``faults_*``: the kinds of faults, one small function each, registered in ``fault.FAULTS``.
- ``judge``: runs the calculation and says whether a fault was found, where, and whether ER stays below the truth.
- ``run``, ``table``: many cases on several processes, and their figures.
"""
