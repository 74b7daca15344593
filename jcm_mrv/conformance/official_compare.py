"""A card against the official spreadsheet of its methodology: default values, and the results of its cases."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jcm_mrv.conformance.cases import Case, CaseError, calculate_case, cases_of
from jcm_mrv.conformance.official_defaults import compare_defaults
from jcm_mrv.conformance.official_inputs import feed
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.official.reading import Spreadsheet
from jcm_mrv.official.recalculating import recalculated, tonnes_compared
from jcm_mrv.official.terms import AGREES, FED, NOT_FOUND, RESULT, Cells, Compared, renamed
from jcm_mrv.result import YearResult
from jcm_mrv.words import say


@dataclass(frozen=True)
class Comparison:
    """Everything that was compared; ``fed`` are the cases (``file, year``) whose inputs the spreadsheet took."""

    entry: Entry
    spreadsheet: Spreadsheet
    compared: tuple[Compared, ...]
    fed: tuple[str, ...] = field(default=())

    @property
    def open(self) -> list[Compared]:
        """What differs or was not found."""
        return [c for c in self.compared if c.outcome not in (AGREES, FED)]

    @property
    def agrees(self) -> bool:
        """True when every parameter agrees and at least one case was recalculated."""
        return bool(self.fed) and not self.open


def compare(entry: Entry, spreadsheet: Spreadsheet, symbols: Mapping[str, str] | None = None) -> Comparison:
    """Compare the card's defaults, then feed the spreadsheet the inputs of each case and compare the results.

    LibreOffice recalculates a plain copy, once for each calendar year of a
    case. Raises LibreOfficeError where it is missing, CaseError for a case
    that cannot be read, CataloguedError for a card that is catalogued only.
    ``symbols`` are the spreadsheet's symbols by the card's, where they are
    written differently; UnknownSymbolError for one that is not there.
    """
    bound = bind(entry)
    if symbols:
        spreadsheet = renamed(spreadsheet, symbols, bound.symbols)
    compared: list[Compared] = []
    fed: list[str] = []
    cells: Cells = spreadsheet.cells
    cases = list(cases_of(entry))
    if not cases:
        compared.append(Compared(RESULT, "RE, PE, ER", NOT_FOUND, note="the card has no case to feed"))
    for case in cases:
        years = _engine(case)
        if isinstance(years, str):
            compared.append(Compared(RESULT, "RE, PE, ER", NOT_FOUND, note=years, case=case.name))
            continue
        for year in years:
            name = f"{case.name}, {year.year}"
            inputs, written = feed(bound, case, year.year, spreadsheet, name)
            compared += inputs
            if written is None:
                continue
            fed.append(name)
            cells = recalculated(spreadsheet, written)
            compared += tonnes_compared(spreadsheet, cells, year, name)
    defaults = compare_defaults(bound, spreadsheet, cells)
    return Comparison(entry, spreadsheet, (*defaults, *compared), tuple(fed))


def _engine(case: Case) -> Sequence[YearResult] | str:
    """The engine's tonnes by year, or why there are none."""
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-") as folder:
        try:
            return calculate_case(case, Path(folder)).years
        except (InputRefusedError, CaseError) as error:
            return say("the case cannot be calculated: {error}", error=error)
