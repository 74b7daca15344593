"""Declaring a methodology, its cards and factors, and the catalogue of plug-ins.

A methodology says what is monitored and how ER follows; no reading, meter or file is known here.
"""

from jcm_mrv.methodology.base import Methodology, MethodologyError

__all__ = ["Methodology", "MethodologyError"]
