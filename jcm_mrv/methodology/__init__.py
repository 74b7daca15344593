"""Declaring a methodology, its cards, and discovering plug-ins."""

from jcm_mrv.methodology.base import Methodology, MethodologyError

__all__ = ["Methodology", "MethodologyError"]
