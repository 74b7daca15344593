"""What a word of a methodology takes: an option that it does not have is named, with what serves in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import ParamSpec, TypeVar

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.meant import nearest
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.sets import Set

P = ParamSpec("P")
R = TypeVar("R")

# Options that a word has not, and why: each is one of the other words.
_INSTEAD = {
    "each": "its time slice is that of what it is made from; a total(…, by=year_of_month) makes months a year",
    "per": "what it varies over is what its equation varies over; total() it over the rest",
    "limits": "limits hold for what is entered: monitored, fixed and default",
    "aggregate": "only what is monitored has readings to aggregate",
    "by": "a class table is that of a default",
    "equation": "what it is made from comes first, without a name",
}


_SETS = {
    "per": "equipment, or what grouped() or listed() made, without quotes",
    "each": "period or month, without quotes",
}


def declaring(word: Callable[P, R]) -> Callable[P, R]:
    """A word whose arguments are named where it cannot take them. It raises EquationError in place of TypeError."""

    @wraps(word)
    def declared(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            _kinds(kwargs)
            return word(*args, **kwargs)
        except JcmMrvError:
            raise
        except (TypeError, ValueError, AttributeError) as error:
            called = next(
                (str(a) for a in (kwargs.get("symbol"), *args, kwargs.get("label")) if isinstance(a, str)), ""
            )
            why = "; ".join(_faults(word, args, kwargs)) or str(error)
            raise EquationError(f"{called or '?'}: {word.__name__}(): {why}") from error

    return declared


def _kinds(given: dict[str, object]) -> None:
    """Raises TypeError for options of another kind, which would be noticed far from here or not at all."""
    for name, value in given.items():
        if name in ("unit", "symbol", "label") and not isinstance(value, str):
            raise TypeError(f'{name}={value!r} is no text; write {name}="…"')
        if name in ("per", "each") and value is not None:
            several = name == "per" and isinstance(value, (tuple, list))
            for one in value if several else (value,):  # type: ignore[attr-defined]
                if not isinstance(one, Set):
                    raise TypeError(f"{one!r} in {name}= is no set; write {_SETS[name]}")
        if name == "limits" and not _are_limits(value):
            raise TypeError(f"limits={value!r} are no (least, greatest), two numbers of which None leaves a side open")


def _are_limits(value: object) -> bool:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return False
    return all(one is None or (isinstance(one, (int, float)) and not isinstance(one, bool)) for one in value)


def _faults(word: Callable[..., object], args: Sequence[object], given: dict[str, object]) -> list[str]:
    """What the arguments lack or have too much for a word to take them."""
    takes = signature(word).parameters
    positional = [name for name, one in takes.items() if one.kind is Parameter.POSITIONAL_OR_KEYWORD]
    there = {*positional[: len(args)], *given}
    faults = [_no_option(name, [*takes]) for name in given if name not in takes]
    needed = [name for name, one in takes.items() if one.default is Parameter.empty and name not in there]
    faults += [f"{name} is missing" for name in needed]
    more = args[len(positional) :]
    faults += [f"{more[0]!r} stands without a name; the options are {', '.join(takes)}"] if more else []
    return faults


def _no_option(name: str, takes: list[str]) -> str:
    near = nearest(name, takes, 1, 0.6)
    instead = _INSTEAD.get(name) or (f"did you mean {near[0]}=?" if near else f"it takes {', '.join(takes)}")
    return f"it has no option {name}=; {instead}"


__all__ = ["declaring"]
