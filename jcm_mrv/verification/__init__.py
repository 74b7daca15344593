"""Recomputing a report independently."""
