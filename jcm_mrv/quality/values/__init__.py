"""Rules on the values of a meter: flatlined, spikes, night, clock, scaling errors, steps, peers, exchanged columns.

Each gets a subject (a meter and its profile) and gives findings; what is done about them is decided in
``quality/treatment``. ``subject.profile.readings`` holds every single value as it was read, with time and place;
besides there are sums by hour and day, the longest runs and the highest values. A limit is a ``Setting``
beside its rule.
"""
