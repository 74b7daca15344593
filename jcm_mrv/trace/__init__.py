"""From a number of a result down to what it is made of: a quantity by its name, its trace, all traces as data.

What belongs here follows the graph of a finished result. Reading and calculating are done below; how a trace looks on a
page or a terminal is said above.
"""
