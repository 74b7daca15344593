"""Rules on the values of a meter: flatlined, spikes, night, clock, scaling errors, steps, peers, exchanged columns.

Each gets a subject (a meter and its profile) and gives findings; what is done about them is decided in
``quality/treatment``.
"""
