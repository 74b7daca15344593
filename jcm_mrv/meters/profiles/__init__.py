"""The course of a meter's values over the hours of a period, as far as its source states one.

A profile is what the rules on values look at; building one from a log's values is the business of ``logs``.
"""
