"""Ways to tamper with a monitoring package: what is changed, and where a verification has to say so."""
