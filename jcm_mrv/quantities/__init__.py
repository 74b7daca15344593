"""The equation language: one graph, from which numbers, formulas, typeset equations, units and bounds follow.

It knows nothing of JCM.
"""
