"""Organic waste: decay against published figures, a second engine and plain loops; periods that follow each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.conformance.official_checks import spreadsheet_problems
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.decay import BY_MONTH, BY_YEAR, CLIMATES, NOTHING_BEFORE, REMAINING, SITES, landfill_methane
from jcm_mrv.methodology.declare import (
    deposit,
    month,
    month_of_deposit,
    period,
    waste,
    year_of_deposit,
    year_of_month,
)
from jcm_mrv.methodology.factors import FactorError, waste_factors
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Label, Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Space

METHANE = landfill_methane()
NODES = {n.symbol: n for n in walk([METHANE.RE_CH4]) if isinstance(n, Named)}
CONSTANT = {"phi_wet": 0.85, "phi_dry": 0.80, "f_y": 0, "OX": 0.1, "F": 0.5, "DOC_f": 0.5, "GWP_CH4": 28}
CONSTANT |= {"MCF_anaerobic": 1, "MCF_semi": 0.5, "MCF_deep": 0.8, "MCF_shallow": 0.4}
PER_CARBON = 0.85 * 0.9 * 0.5 * 0.5 * 16 / 12 * 28


@dataclass
class Site:
    """What is deposited [t] by type of waste and month, from January of ``first_year`` on."""

    kinds: list[str]
    deposits: npt.ArrayLike
    step: str = BY_MONTH
    climate: str = "tropical wet"
    kind_of_site: str = "managed anaerobic"
    opening: list[float] = field(default_factory=list)
    first_year: int = 2024

    def evaluate(self) -> Evaluation:
        months = np.asarray(self.deposits).shape[1]
        space, years = Space(), range(self.first_year, self.first_year + months // 12)
        space.add(period, [str(y) for y in years], list(years))
        for by_month in (month, deposit):
            space.add(by_month, [str(m) for m in range(1, months + 1)], list(range(1, months + 1)))
        space.map(month_of_deposit, range(months))
        for of_year in (year_of_month, year_of_deposit):
            space.map(of_year, [m // 12 for m in range(months)])
        space.add(waste, self.kinds)
        values: dict[Named, npt.ArrayLike] = {NODES[s]: v for s, v in CONSTANT.items()}
        values |= {NODES[s]: [waste_factors(s)[kind] for kind in self.kinds] for s in NODES if s.startswith("k_")}
        values[NODES["DOC"]] = [waste_factors("doc")[kind] for kind in self.kinds]
        values[NODES["W_0"]] = self.opening or [math.nan] * len(self.kinds)
        values |= {NODES["p"]: math.nan, NODES["W_all"]: math.nan}
        values[NODES["y_0"]] = self.first_year if self.opening else math.nan
        return Evaluation([METHANE.RE_CH4], {**values, **self._choices(), METHANE.W: self.deposits}, space)

    def avoided(self) -> Numbers:
        """Methane avoided by calendar year [tCO2e]."""
        return self.evaluate()[METHANE.RE_CH4]

    def _choices(self) -> dict[Named, npt.ArrayLike]:
        opening = REMAINING if self.opening else NOTHING_BEFORE
        chosen = {"step": self.step, "climate": self.climate, "site": self.kind_of_site, "opening": opening}
        chosen["composition"] = "weighed by type"
        labels = {s: n for s, n in NODES.items() if isinstance(n, Label)}
        return {label: label.choices.index(chosen[symbol]) for symbol, label in labels.items()}


def one_tonne(kind: str, years: int, step: str) -> Site:
    """A tonne deposited evenly over the months of the first year."""
    return Site([kind], [[1 / 12] * 12 + [0.0] * (12 * (years - 1))], step)


# --- against others -----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "first", "ten"), [("food", 0.3531, 1.0514), ("wood", 0.1056, 0.9067)])
def test_the_published_figures_of_the_yearly_step(kind: str, first: float, ten: float) -> None:
    avoided = one_tonne(kind, 10, BY_YEAR).avoided()
    assert round(float(avoided[0]), 4) == first
    assert round(float(avoided.sum()), 4) == ten


def test_the_yearly_step_overstates_the_first_year_by_74_per_cent() -> None:
    """By hand: of the tonne, 1/12 SUM_{n=1..12} (1 - e^(-0.4 n/12)) decays in the first year by months."""
    by_hand = sum(1 - math.exp(-0.4 * n / 12) for n in range(1, 13)) / 12 * 0.15 * PER_CARBON
    by_month, by_year = (float(one_tonne("food", 1, step).avoided()[0]) for step in (BY_MONTH, BY_YEAR))
    assert by_month == pytest.approx(by_hand, rel=1e-12)
    assert (round(by_year, 4), round(by_month, 4)) == (0.3531, 0.2029)
    assert round(by_year / by_month - 1, 2) == 0.74


KINDS, YEARLY = ["food", "paper", "garden"], [[100, 50, 80], [20, 0, 30], [5, 6, 7]]
# CH4 [t] of these deposits by type and year, from bonsai_ipcc 0.5.3 (equations 3.2, 3.4, 3.5, 3.6, 3.1 of the IPCC 2006
# waste model), decay beginning in the year of deposit, OX 0.1.
SECOND_ENGINE = [
    [1.4835597928396231, 1.7362397650526913, 2.350684153510726],
    [0.16225483222572415, 0.1512854028171417, 0.3844398229672711],
    [0.04690055502108489, 0.09584901417543407, 0.1465252179947806],
]


def test_a_second_engine_reaches_the_same_methane() -> None:
    deposits = np.repeat(np.array(YEARLY) / 12, 12, axis=1)
    avoided = Site(KINDS, deposits, BY_YEAR).avoided()
    assert avoided == pytest.approx(np.array(SECOND_ENGINE).sum(axis=0) * 0.85 * 28, rel=1e-12)


@pytest.mark.filterwarnings("ignore")
def test_the_figures_of_the_second_engine_are_its_own() -> None:
    """Where the package is installed; it brings some 50 others and is no part of the test environment."""
    model = pytest.importorskip("bonsai_ipcc.waste.swd.elementary")
    for kind, deposits, expected in zip(KINDS, YEARLY, SECOND_ENGINE, strict=True):
        doc, k = waste_factors("doc")[kind], waste_factors("k_tropical_wet")[kind]
        there, found = 0.0, []
        for mass in deposits:
            there = model.ddoc_ma_t(model.ddoc_from_wd_data(mass, doc, 0.5, 1.0), there, k)
            found.append(model.ch4_emissions(model.ch4_generated(model.ddoc_m_decomp_t(there, k), 0.5), 0.1, 0.0))
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("climate", CLIMATES)
def test_ten_years_by_month_against_a_plain_loop(climate: str) -> None:
    """What is there loses its share each month; the deposits of several types differ from month to month."""
    kinds = ["food", "wood", "inert"]
    deposits = np.random.default_rng(4).uniform(0, 50, (3, 120))
    expected = np.zeros(10)
    for kind, row in zip(kinds, deposits, strict=True):
        kept = math.exp(-waste_factors(f"k_{climate.replace(' ', '_')}")[kind] / 12)
        there = 0.0
        for m, mass in enumerate(row):
            there += mass
            expected[m // 12] += there * (1 - kept) * waste_factors("doc")[kind]
            there *= kept
    phi = 0.85 if climate.endswith("wet") else 0.80
    avoided = Site(kinds, deposits, climate=climate).avoided()
    assert avoided == pytest.approx(expected * PER_CARBON / 0.85 * phi, rel=1e-11)


@pytest.mark.parametrize(("kind_of_site", "share"), list(zip(SITES, (1, 0.5, 0.8, 0.4), strict=True)))
def test_the_kind_of_site(kind_of_site: str, share: float) -> None:
    site = one_tonne("food", 1, BY_MONTH)
    other = Site(site.kinds, site.deposits, kind_of_site=kind_of_site)
    assert other.avoided() == pytest.approx(site.avoided() * share, rel=1e-12)


# --- periods that follow each other -------------------------------------------------------


@pytest.mark.parametrize(("step", "end"), [(BY_MONTH, "S_end"), (BY_YEAR, "S_yr_end")])
def test_two_periods_give_what_one_long_period_gives(step: str, end: str) -> None:
    """The mass that remains at the end of the first is what the second opens with."""
    deposits = np.random.default_rng(7).uniform(0, 9, (2, 48))
    whole = Site(["food", "wood"], deposits, step).avoided()
    first = Site(["food", "wood"], deposits[:, :24], step).evaluate()
    left = [float(row[-1]) for row in first[NODES[end]]]
    second = Site(["food", "wood"], deposits[:, 24:], step, opening=left, first_year=2026).avoided()
    assert [*first[METHANE.RE_CH4], *second] == pytest.approx(whole, rel=1e-12)


def test_waste_from_before_by_hand() -> None:
    """100 t of food not decayed at the start, nothing new: e^(-0.4) of it is left after a year."""
    avoided = Site(["food"], [[0.0] * 24], opening=[100.0]).avoided()
    q = math.exp(-0.4)
    assert avoided == pytest.approx(np.array([1 - q, q - q * q]) * 100 * 0.15 * PER_CARBON, rel=1e-12)


def test_an_unknown_month_makes_that_year_and_all_later_ones_unknown() -> None:
    deposits = np.ones((1, 36))
    deposits[0, 13] = math.nan
    known = np.isfinite(Site(["food"], deposits).avoided())
    assert known.tolist() == [True, False, False]


# --- the cards ----------------------------------------------------------------------------


def test_the_cards_count_by_months_and_the_draft_says_what_it_is() -> None:
    cards = [catalogue().find(name).card for name in ("VN_AM004", "DRAFT_VN_COMPOST 0.1")]
    assert {card.choices["step"].text for card in cards} == {BY_MONTH}
    assert {card.status for card in cards} == {"pattern"}
    draft = cards[1]
    assert draft.title.text.startswith("DRAFT") and "not approved by any Joint Committee" in draft.equation.source
    assert {n.symbol for n in bind(catalogue().find("VN_AM004")).monitored} >= {"W", "BG", "EC_PJ"}


def test_a_type_of_waste_without_values_is_asked_for(tmp_path: Path) -> None:
    case, _sampled = cases_of(catalogue().find("DRAFT_VN_COMPOST"))
    unknown = [{**row, "applies_to": row["applies_to"].replace("inert", "sludge")} for row in case.monitored]
    machine = {**case.equipment[0], "products": "Food; paper; sludge"}
    points = [{**row, "applies_to": row["applies_to"].replace("food", "Food")} for row in unknown]
    with pytest.raises(InputRefusedError) as refused:
        calculate_case(replace(case, equipment=(machine,), monitored=tuple(points)), tmp_path)
    said = [finding.message for finding in refused.value.findings]
    assert len(said) == 2 and all("sludge" in text for text in said)
    assert any("k_tropical_wet" in text for text in said) and any("DOC" in text for text in said)


def test_waste_from_before_needs_its_mass_by_type(tmp_path: Path) -> None:
    case, _sampled = cases_of(catalogue().find("DRAFT_VN_COMPOST"))
    rows = [{**row, "value": REMAINING} if row["parameter"] == "opening" else row for row in case.fixed]
    with pytest.raises(InputRefusedError) as refused:
        calculate_case(replace(case, fixed=tuple(rows)), tmp_path)
    assert all("W_0" in finding.message for finding in refused.value.findings)


def test_a_column_that_the_table_of_waste_lacks() -> None:
    with pytest.raises(FactorError, match="the table of waste has doc, k_temperate_dry"):
        waste_factors("k_arctic")


def test_libreoffice_reaches_the_tonnes_of_the_draft(tmp_path: Path) -> None:
    case, _sampled = cases_of(catalogue().find("DRAFT_VN_COMPOST"))
    assert spreadsheet_problems(case, calculate_case(case, tmp_path), tmp_path) == []
