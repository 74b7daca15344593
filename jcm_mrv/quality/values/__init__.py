"""Rules on the values of a meter: flatlined, spikes, night, clock, scaling errors, steps, peers, exchanged columns."""
