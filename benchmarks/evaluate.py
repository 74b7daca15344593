"""10,000 air conditioners over 10 years: the graph against a plain Python loop and against pandas row by row.

    python benchmarks/evaluate.py

All compute ER of each year from the same numbers and have to agree; the loop
computes the derivative of ER by each unit's consumption too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.declare import electricity_source, equipment, period, source_of_equipment
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named, total
from jcm_mrv.quantities.sets import Space
from timing import best

if TYPE_CHECKING:
    import pandas as pd

UNITS, YEARS = 10_000, 10


def claim(bound: Bound) -> tuple[Space, dict[Named, Numbers]]:
    """Sets and values: units on one grid, consumption and efficiencies by plain arithmetic."""
    space = Space()
    space.add(period, [str(2020 + p) for p in range(YEARS)], [2020 + p for p in range(YEARS)])
    space.add(bound.sets[equipment], [f"AC-{i}" for i in range(UNITS)])
    space.add(bound.sets[electricity_source], ["Grid"])
    space.map(bound.mappings[source_of_equipment], [0] * UNITS)
    units = np.arange(UNITS, dtype=np.float64)
    known = {
        "EC_PJ": 1 + (units[:, None] * 7 + np.arange(YEARS) * 3) % 11,
        "COP_PJ": 4 + units % 5 / 10,
        "COP_RE": 3 + units % 3 / 10,
        "EF_grid": np.array([0.8]),
        "supply": np.zeros(1),
    }
    values: dict[Named, Numbers] = {
        node: known.get(node.symbol, np.full(space.shape(node.sets), np.nan))
        for node in [*bound.monitored, *bound.fixed, *bound.switches]
    }
    return space, values


def loop(ec: list[list[float]], pj: list[float], re: list[float], ef: float) -> tuple[list[float], list[list[float]]]:
    """ER of each year and its derivative by each consumption, one number at a time."""
    reductions = []
    for p in range(YEARS):
        reference = project = 0.0
        for i in range(UNITS):
            reference += ec[i][p] * pj[i] / re[i] * ef
            project += ec[i][p] * ef
        reductions.append(reference - project)
    slopes = [[pj[i] / re[i] * ef - ef for _ in range(YEARS)] for i in range(UNITS)]
    return reductions, slopes


def by_rows(frame: pd.DataFrame, ef: float) -> list[float]:
    """ER of each year, one row of a table (unit and year) at a time, as a spreadsheet of one's own would do it."""
    rows = frame.apply(lambda row: row["EC"] * (row["PJ"] / row["RE"] - 1) * ef, axis=1)
    return rows.groupby(frame["year"]).sum().tolist()


def table(ec: list[list[float]], pj: list[float], re: list[float]) -> pd.DataFrame:
    """The same numbers as a table with a row for each unit and year."""
    import pandas as pd

    pairs = [(i, p) for i in range(UNITS) for p in range(YEARS)]
    return pd.DataFrame(
        {
            "year": [p for _, p in pairs],
            "EC": [ec[i][p] for i, p in pairs],
            "PJ": [pj[i] for i, _ in pairs],
            "RE": [re[i] for i, _ in pairs],
        }
    )


def main() -> None:
    """Check that both agree, then print times and ratios."""
    bound = bind(catalogue().find("ID_AM004 2.0"))
    space, values = claim(bound)
    by_symbol = {node.symbol: node for node in values}
    energy = by_symbol["EC_PJ"]
    assert isinstance(energy, Input)
    summed = total(bound.ER, over=period)
    slope = gradient(summed, [energy])[energy]
    plain = [values[by_symbol[name]].tolist() for name in ("EC_PJ", "COP_PJ", "COP_RE")]

    reductions, slopes = loop(plain[0], plain[1], plain[2], 0.8)
    np.testing.assert_allclose(Evaluation([bound.ER], values, space)[bound.ER], reductions, rtol=1e-9)
    np.testing.assert_allclose(Evaluation([slope], values, space)[slope], slopes, rtol=1e-12)

    frame = table(*plain)
    np.testing.assert_allclose(by_rows(frame, 0.8), reductions, rtol=1e-9)

    times = {
        "pandas, row by row": best(lambda: by_rows(frame, 0.8), 1),
        "plain Python loop, both": best(lambda: loop(plain[0], plain[1], plain[2], 0.8), 5),
        "graph: evaluation": best(lambda: Evaluation([bound.ER], values, space)[bound.ER], 5),
        "graph: gradient as a graph": best(lambda: gradient(summed, [energy]), 5),
        "graph: gradient evaluated": best(lambda: Evaluation([slope], values, space)[slope], 5),
    }
    base = times["plain Python loop, both"]
    print(f"{UNITS:,} units x {YEARS} years")
    for name, seconds in times.items():
        print(f"{name:<28} {seconds * 1000:8.2f} ms  {base / seconds:6.1f}x as fast as the loop")


if __name__ == "__main__":
    main()
