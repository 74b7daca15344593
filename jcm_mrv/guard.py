"""A guard around readers of other libraries: what they raise about a stranger's file is an error of that file.

Such readers document one class of errors and raise a dozen (KeyError, OverflowError, UnicodeDecodeError, ...), and
those written in Rust panic with one that is no ``Exception`` at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

LONGEST = 200  # characters of a library's words that are passed on


@contextmanager
def reading(refused: Callable[[str], Exception]) -> Iterator[None]:
    """Turn whatever is raised within into ``refused(what the library said)``.

    What jcm-mrv raises itself on purpose, and what the operating system says about the file, goes through.
    """
    try:
        yield
    except (JcmMrvError, OSError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError as error:
        raise refused(say("it takes more memory than there is")) from error
    except BaseException as error:  # a panic of Rust derives from BaseException alone
        raise refused(said(error)) from error


def said(error: BaseException) -> str:
    """What a library said, on one line of sensible length; the kind of error where it said nothing."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
