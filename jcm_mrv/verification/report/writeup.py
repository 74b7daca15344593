"""What a draft of a verification report is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.document.wording import Wording
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import Verification
from jcm_mrv.verification.register.entries import ITEMS, Register, Request
from jcm_mrv.verification.sampling.evaluation import Evaluated
from jcm_mrv.verification.sampling.plan import Plan
from jcm_mrv.verification.uncertainty.budget import Budget


@dataclass(frozen=True, eq=False)
class Writeup:
    """The facts. ``verification`` is None where no report was handed in, ``stated`` where it holds no data of a "
    "result."""

    result: Result
    register: Register
    given: bool
    verification: Verification | None = None
    stated: Mapping[str, Any] | None = None
    samples: Sequence[tuple[Plan, Evaluated]] = ()
    budget: Budget | None = None

    def by_item(self) -> list[tuple[str, list[Request]]]:
        """The requests by the items of a verification report; those of other requirements under ''."""
        found: dict[str, list[Request]] = {item: [] for item in (*ITEMS, "")}
        for one in self.register.requests:
            found[one.requirement if one.requirement in found else ""].append(one)
        return [(item, requests) for item, requests in found.items() if item or requests]


@dataclass(frozen=True)
class Words(Wording):
    """The words and numbers of one language around a writeup."""

    writeup: Writeup
    lang: str

    @property
    def decimals(self) -> int:
        """Those of the result."""
        return self.writeup.result.decimals

    @cached_property
    def context(self) -> Context:
        """What the sections of a monitoring report use."""
        return Context.of(self.writeup.result, self.lang)

    @property
    def blank(self) -> str:
        """The mark of what the verifier is to judge or write."""
        return self.t("verification.blank")

    def item(self, item: str) -> str:
        """An item in this language."""
        return self.t.known("verification_item", item) if item else self.t("verification_item.other")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], note: str = "") -> Table:
        """A table with headings of this draft: words by their key."""
        return table([Column(self.t(f"verification.{head}")) for head in heads], rows, note=note)
