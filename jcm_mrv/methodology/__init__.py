"""Declaring a methodology, its cards, and discovering plug-ins."""
