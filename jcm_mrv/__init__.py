"""Measurement, reporting and verification of emission reductions under the Joint Crediting Mechanism."""

__version__ = "0.1.0"
