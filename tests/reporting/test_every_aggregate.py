"""Every aggregate and operator of the language in one methodology, through every surface of a report.

The methodology is ``tests/data/packages/everything`` (made for the purpose), its arithmetic below plain loops over the
readings: the last months of one year and the first of the next, U-2 from the second year on, each read monthly.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from jcm_mrv.arrays import Numbers
from jcm_mrv.calculation import calculate_file
from jcm_mrv.conformance.bench import Bench, bench_of
from jcm_mrv.conformance.official_checks import recalculated_problems
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.tracing import Step, trace
from jcm_mrv.quantities.typeset import equation_mathml, numbers_mathml, svg
from jcm_mrv.quantities.units import check_units
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import report_pdf
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.result_json import result_json, schema_text
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.libreoffice import recalculate, soffice
from support.packages import installed

PACKAGE = Path(__file__).parents[1] / "data" / "packages" / "everything"
Row = Mapping[str, Any]

UNITS = {
    "U-1": {"size": 15.0, "group": "alpha", "products": "north; south", "H_0": 500.0, "from": 2025},
    "U-2": {"size": 30.0, "group": "beta", "H_0": 900.0, "from": 2026},
}
EDGES = [datetime(2025, m, 1) for m in (10, 11, 12)] + [datetime(2026, m, 1) for m in (1, 2, 3, 4)]
MONTHS = [*pairwise(EDGES)]
KINDS = {"FC": ("energy", "t"), "NCV": ("mean", "GJ/t"), "P": ("mean", "MW"), "L": ("mean", "t"), "T": ("mean", "K"),
         "I": ("mean", "A")}  # fmt: skip
READ = {
    ("FC", "U-1"): (10, 30, 60, 15, 25, 55), ("FC", "U-2"): (5, 10, 20),
    ("NCV", "U-1"): (20, 24, 22, 23, 20, 25), ("NCV", "U-2"): (18, 19, 17),
    ("P", "U-1"): (4, 9, 6, 7, 8, 3), ("P", "U-2"): (2, 5, 4),
    ("L", "U-1"): (5, 8, 7, 4, 9, 8), ("L", "U-2"): (3, 2, 5),
    ("T", "U-1"): (300, 280, 310, 290, 299, 301), ("T", "U-2"): (275, 285, 295),
    ("I", "U-1"): (10, 20, 30, 15, 20, 10), ("I", "U-2"): (12, 18, 22),
}  # fmt: skip
DELIVERIES = (datetime(2025, 10, 5), datetime(2025, 12, 6), datetime(2025, 12, 6), datetime(2026, 3, 7))
SAMPLES = {2025: (0.1, 0.1005, 0.0995, 0.1), 2026: (0.2, 0.201, 0.199, 0.2)}
K_Y = {2025: 0.05, 2026: 0.04}


def by_hand() -> dict[str, list[float]]:
    """RE, PE and LE of both years from the readings, without the program."""
    eta = {"U-1": 0.5 + (15 - 10) / (20 - 10) * (0.7 - 0.5), "U-2": 0.7 + (30 - 20) / (50 - 20) * (0.8 - 0.7)}
    b, f = {"U-1": 1.5, "U-2": 1.25}, {"U-1": 0.75 * 0.1 + 0.25 * 0.06, "U-2": 0.75 * 0.08 + 0.25 * 0.04}
    hours = [(end - start).total_seconds() / 3600 for start, end in MONTHS]
    found: dict[str, list[float]] = {"RE": [], "PE": [], "LE": []}
    heat = {("U-1", 2024): 500.0, ("U-2", 2025): 900.0}
    until_now = 0.0
    for year in (2025, 2026):
        here = [u for u in UNITS if UNITS[u]["from"] <= year]
        at = {u: slice(3 * (year - UNITS[u]["from"]), 3 * (year - UNITS[u]["from"]) + 3) for u in here}
        of = {(s, u): READ[s, u][at[u]] for s in KINDS for u in here}
        length = hours[3 * (year - 2025) : 3 * (year - 2025) + 3]
        for u in here:
            burnt = sum(fc * ncv for fc, ncv in zip(of["FC", u], of["NCV", u], strict=True))
            heat[u, year] = burnt * eta[u] * b[u]
            until_now += heat[u, year]
        rise = sum(max(heat[u, year] - heat[u, year - 1], 0) for u in here)
        x, n = sum(SAMPLES[year]) / 4, {2025: 2, 2026: 1}[year]
        fade = math.exp((2024 - year) / 10)
        re = sum(heat[u, year] * f[u] + of["L", u][-1] / 4 for u in here) + rise * K_Y[year] * fade
        squared = {u: sum(i * i * h for i, h in zip(of["I", u], length, strict=True)) for u in here}
        power = {u: max(of["P", u]) for u in here}
        cold = {u: min(of["T", u]) for u in here}
        weighted = sum(power[u] * sum(of["FC", u]) for u in here) / sum(sum(of["FC", u]) for u in here)
        pe = sum(power[u] + cold[u] * 0.01 + squared[u] * 1e-5 for u in here) + n * 0.5
        pe += -max(of["L", u][-1] / 4 for u in here) * math.log(1 + x) + weighted * len(here)
        found["RE"].append(re + math.floor(until_now * K_Y[year]))
        found["PE"].append(pe)
        found["LE"].append(min(min(cold.values()) * 0.01 * (1 + x) ** 2, 1.5) + x * 0.5)
    return found


def tables() -> dict[str, Sequence[Row]]:
    readings: list[Row] = [
        {"meter_id": f"{s} {u}", "kind": KINDS[s][0], "start": a, "end": b, "value": value, "unit": KINDS[s][1]}
        for (s, u), values in READ.items()
        for (a, b), value in zip(MONTHS[-len(values) :], values, strict=True)
    ]
    readings += [{"meter_id": "n", "kind": "sample", "end": day, "value": 1, "unit": "1"} for day in DELIVERIES]
    readings += [
        {
            "meter_id": "x",
            "kind": "sample",
            "end": datetime(year, {2025: 10, 2026: 1}[year], 3 + 5 * n),
            "value": value,
            "unit": "1",
        }
        for year, values in SAMPLES.items()
        for n, value in enumerate(values)
    ]
    paper = {"document": "D-1", "page": "1"}
    choice = {"parameter": "way", "value": "in whole tonnes", "unit": "choice", **paper}
    return {
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}],
        "equipment": [
            {
                "equipment_id": u,
                "operation_start": datetime(own["from"], 1, 1),
                "evidence": "D-1",
                **{k: own[k] for k in ("size", "H_0", "group", "products") if k in own},
            }
            for u, own in UNITS.items()
        ],
        "meters": [
            *({"meter_id": f"{s} {u}", "unit": KINDS[s][1], "transformer_factor": 1} for s, u in READ),
            *({"meter_id": s, "unit": "1", "transformer_factor": 1} for s in ("n", "x")),
        ],
        "points": [
            *({"parameter": s, "applies_to": u, "meter_id": f"{s} {u}", "sign": "+"} for s, u in READ),
            *({"parameter": s, "meter_id": s, "sign": "+"} for s in ("n", "x")),
        ],
        "readings": readings,
        "fixed": [
            choice,
            *({**paper, "parameter": "k_y", "applies_to": f"{y}", "value": K_Y[y], "unit": "tCO2e/GJ"} for y in K_Y),
        ],
        "evidence": [{"document_id": "D-1", "title": "illustrative"}],
    }


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    project = {
        "title": "illustrative", "country": "Invented", "period_start": datetime(2025, 10, 1),
        "period_end": datetime(2026, 3, 31), "time_zone": "UTC", "report_date": datetime(2026, 4, 30),
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("outside")
    shutil.copytree(PACKAGE, folder / "everything" / "everything")
    path = folder / "monitoring.xlsx"
    with installed(folder / "everything"):
        write_workbook(path, template_methods(["XX_AM098 0.1"]), project, tables())
        yield calculate_file(path)


@pytest.fixture(scope="module")
def bench(result: Result) -> Bench:
    return bench_of(catalogue().find("XX_AM098"), result)


def numbers(bench: Bench) -> list[Input]:
    """The inputs that carry a number, without the edges of classes and points, at which tables are cut."""
    edges = {node.symbol for table in bench.bound.tables.values() for node in (table.lower, table.upper)}
    return [n for n in bench.values if isinstance(n, Input) and n.symbol not in edges]


def test_the_numbers_are_those_by_hand(result: Result) -> None:
    found = {node.symbol: result.evaluation[node] for node in result.claim.results}
    for symbol, due in by_hand().items():
        assert found[symbol] == pytest.approx(due, rel=1e-12), symbol
    assert found["ER"] == pytest.approx(np.subtract(by_hand()["RE"], np.add(by_hand()["PE"], by_hand()["LE"])))


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is the second engine")
def test_the_formulas_of_the_workbook_come_to_the_same(result: Result, tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(workbook_report(result, "en"))
    workbook = recalculate(tmp_path / "report.xlsx", tmp_path / "anew")
    assert [p.text for p in recalculated_problems("everything", result, workbook)] == []


def test_data_and_page_hold_every_quantity(result: Result) -> None:
    data = json.loads(result_json(result))
    Draft202012Validator(json.loads(schema_text())).validate(data)
    listed = {p["symbol"]: p["value"] for p in data["parameters"] if p["role"] == "monitored"}
    found = {p.declared.symbol: float(result.evaluation[p.defined].sum()) for p in result.claim.parameters}
    assert found.keys() == {"FC", "NCV", "P", "L", "T", "I", "I2h", "n", "x"} == listed.keys()
    years = data["emission_reductions"]["by_year"]
    for symbol, name in (("RE", "reference"), ("PE", "project"), ("LE", "leakage")):
        assert [year[name] for year in years] == pytest.approx(by_hand()[symbol], rel=1e-9)
    text = visible_text(report_page(result, "en").decode())
    assert [p.declared.label for p in result.claim.parameters if p.declared.label not in text] == []


def test_the_pdf_names_each_quantity_and_shows_each_result(result: Result) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(report_pdf(result))).pages)
    text = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    [bound] = result.claim.bounds
    assert [n.label for n in (*bound.monitored, *bound.fixed, *bound.results) if n.label not in text] == []
    assert "2 of 14 meters calibrated throughout" in text  # no product or highest reading is a meter
    for values in by_hand().values():
        assert [value for value in values if f"{value:,.2f}"[:-1].replace(",", " ") not in text.replace(",", " ")] == []


def test_every_equation_is_set_and_drawn_with_its_numbers(result: Result) -> None:
    [bound] = result.claim.bounds
    for node in bound.equations:
        exists = result.claim.space.exists(node.sets)
        first = next(o for o in np.ndindex(exists.shape) if exists[o])
        assert "<svg" in svg(equation_mathml(node)), node.symbol
        assert f"{result.evaluation[node][first]:.6g}" in numbers_mathml(
            node, result.evaluation, first, "{:.6g}".format
        )


def test_no_unit_can_be_another(bench: Bench) -> None:
    check_units(list(bench.bound.results))
    for node in numbers(bench):
        old = node.unit
        node.unit = "lm"
        try:
            with pytest.raises(ValueError):
                check_units(list(bench.bound.results))
        finally:
            node.unit = old


def test_the_derivative_is_what_a_small_step_makes(bench: Bench) -> None:
    """Of every element of every input by itself; without the rounding to whole tonnes, which moves in jumps."""
    bench = bench.changed(lambda node, value: value * 0 + 1 if node.symbol == "way" else value)
    er, inputs = bench.bound.ER, numbers(bench)
    slopes = gradient(er, inputs)
    at = Evaluation([*slopes.values()], bench.values, bench.space)
    tried = 0
    for node, slope in slopes.items():
        for place in zip(*np.nonzero(np.isfinite(bench.values[node]) & bench.space.exists(node.sets)), strict=True):
            step = 1e-5 * (abs(bench.values[node][place]) or 1.0)
            up, down = (changed(bench, node, place, sign * step) for sign in (1, -1))
            found = (up["ER"].sum() - down["ER"].sum()) / (2 * step)
            due = np.broadcast_to(at[slope], bench.values[node].shape)[place]
            assert found == pytest.approx(due, rel=1e-5, abs=1e-9), (node.symbol, place)
            tried += 1
    assert tried == 39


def changed(bench: Bench, node: Named, place: tuple[int, ...], by: float) -> dict[str, Numbers]:
    value = bench.values[node].copy()
    value[place] += by
    return bench.changed(lambda n, old: value if n is node else old).results()


def test_the_bounds_hold_every_corner(bench: Bench) -> None:
    rng = np.random.default_rng(7)
    low = {n: v * 0.99 if n in numbers(bench) else v for n, v in bench.values.items()}
    high = {n: v * 1.01 if n in numbers(bench) else v for n, v in bench.values.items()}
    lowest, highest = Bounds([*bench.bound.results], low, high, bench.space)[bench.bound.ER]
    for _ in range(40):
        inside = {n: np.where(rng.integers(0, 2, np.shape(v)), high[n], low[n]) for n, v in bench.values.items()}
        er = Evaluation([bench.bound.ER], inside, bench.space)[bench.bound.ER]
        assert (lowest <= er + 1e-9).all() and (er <= highest + 1e-9).all()
    exact = Bounds([bench.bound.ER], bench.values, bench.values, bench.space)[bench.bound.ER]
    assert np.allclose(exact[0], bench.results()["ER"]) and np.allclose(exact[1], bench.results()["ER"])


def test_the_trace_leads_to_every_reading_that_counts(result: Result) -> None:
    [bound] = result.claim.bounds
    steps = list(below(trace(bound.ER, result.evaluation, (1,))))
    reached = {step.symbol for step in steps}
    edges = {"b_from", "b_to", "eta_at"}  # of a table the value in the end is opened, not where its classes begin
    assert {n.symbol for n in walk([bound.ER]) if isinstance(n, Named)} - reached == edges


def below(step: Step) -> Iterator[Step]:
    yield step
    for part in step.parts:
        yield from below(part)
