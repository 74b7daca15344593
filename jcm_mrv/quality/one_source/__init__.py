"""Meters of a claim that are one source under two names: equal, proportional, moved or only just changed values.

Each module looks at values alone, by hour or by month; which meters they are of, and what is said of them, stands in
:mod:`jcm_mrv.quality.one_source.rules`.
"""
