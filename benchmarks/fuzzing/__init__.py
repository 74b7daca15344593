"""Spoilt inputs, made by seed and kind."""
