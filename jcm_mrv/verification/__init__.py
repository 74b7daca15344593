"""Verification of a report by a stranger: a package that proves itself, recomputing it, following a tonne or a reading.

What belongs here compares what was stated with what follows from the inputs. Calculating and rendering is done by the
rooms below, and the checks of a methodology on its own stand in ``conformance``.
"""
