"""The base of every error that jcm-mrv raises on purpose.

Each concrete error also derives from the built-in that fits it, so that
callers may catch either. What is wrong with a person's data is not an
exception but a :class:`jcm_mrv.quality.findings.Finding`; exceptions are for
programmer errors and for input that cannot be read.
"""

from __future__ import annotations


class JcmMrvError(Exception):
    """Something jcm-mrv cannot go on from; the text says what to do."""

    def __str__(self) -> str:
        # What str() of an exception does, but a text that can be said in other languages stays one.
        return self.args[0] if len(self.args) == 1 and isinstance(self.args[0], str) else super().__str__()


class UnsafeFileError(JcmMrvError, ValueError):
    """A file that is not looked at further: it is damaged, or built to do harm. The text says why."""
