"""What a claim rests on without proof: each finding's place, words and weight, by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.evidence import FixedValues, confirmed, evidence_findings
from support.claims import rows_of


class Node:
    def __init__(self, symbol: str) -> None:
        self.symbol = symbol


COP, TABLE = Node("COP_RE"), Node("values of the table")


def use(node: Node = COP, used: float = 3.0, *, ordinals: Any = (0,), **more: Any) -> Any:
    """A default of the card, 3 and unconfirmed, as it stands in a result."""
    given = {
        "label": "AC1", "unit": "1", "card_value": 3.0, "project_value": None, "evidence": "unconfirmed",
        "card_source": "table 2", "document": "", "page": "", "origin": Origin(cell="A9"), **more,
    }  # fmt: skip
    return SimpleNamespace(node=node, used=used, ordinals=ordinals, **given)


def card(status: str = "computable", draft: bool = False, choices: Mapping[str, str] | None = None) -> Any:
    made = {s: SimpleNamespace(evidence=e, text="lower of both", source="p. 3") for s, e in (choices or {}).items()}
    equation = SimpleNamespace(source="the family")
    return SimpleNamespace(id="X 1.0", status=status, is_draft=draft, choices=made, equation=equation)


def said(
    *uses: Any,
    of: Any = None,
    rows: Sequence[Mapping[str, Any]] = (),
    needed: Any = (True, True, True),
    confirms: Sequence[str] = (),
    effect: float = -1.0,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Finding]:
    tables = {"COP_table": SimpleNamespace(values=TABLE)}
    bound = SimpleNamespace(entry=SimpleNamespace(card=of or card()), tables=tables)
    values = SimpleNamespace(defaults=uses, confirmed=confirms, equation_confirmed=None)
    asked: list[Any] = []

    def effect_of_replacing(served: Sequence[Any]) -> float:
        asked.append([(one.node.symbol, one.ordinals, one.card_value) for one in served])
        return effect * len(served)

    claim: Any = SimpleNamespace(bounds=[bound], bound_values=[values], roots=tuple)
    claim.effect_of_replacing = effect_of_replacing
    mask = {COP: np.array(needed), TABLE: np.array(needed)}
    monkeypatch.setattr("jcm_mrv.quality.evidence.required", lambda roots, evaluation: mask)
    found = evidence_findings(claim, None, "m.xlsx", rows_of("fixed", rows))  # type: ignore[arg-type]
    for one in found:
        if one.code == "defaults.replaced":
            assert asked.pop(0)[0] == ("COP_RE", (0,), one.data["card_value"])
    return found


@pytest.mark.parametrize(
    ("uses", "message", "cell"),
    [
        ([use()], "X 1.0: COP_RE of AC1 = 3 is unconfirmed (table 2)", ""),
        ([use(label="")], "X 1.0: COP_RE = 3 is unconfirmed (table 2)", ""),
        ([use(unit="kg/t")], "X 1.0: COP_RE of AC1 = 3 kg/t is unconfirmed (table 2)", ""),
        ([use(), use(ordinals=(1,))], "X 1.0: COP_RE (2 elements) = 3 is unconfirmed (table 2)", ""),
        ([use(project_value=3.0)], "X 1.0: COP_RE of AC1 = 3 is unconfirmed (entered without a document)", "A9"),
        ([use(TABLE)], "X 1.0: COP_table of AC1 = 3 is unconfirmed (table 2)", ""),
    ],
)
def test_a_default_without_proof_in_words(
    uses: list[Any], message: str, cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = said(*uses, monkeypatch=monkeypatch)
    assert (found.message, found.where.cell, found.severity) == (message, cell, Severity.MAJOR)
    assert found.data == {"symbol": uses[0].node.symbol, "elements": len(uses), "value": 3.0}
    assert found.found == ("3 kg/t" if "kg/t" in message else "3")
    table = uses[0].node is TABLE
    assert ("Compare the table" in found.action) is table and ("its unit (" in found.action) is not table
    assert f"row of the parameter {'COP_table' if table else 'COP_RE'} " in found.action


def test_each_value_that_is_used_and_unconfirmed_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """3 of two elements and 4 of one; not what is confirmed, is needed nowhere, or not of that element."""
    uses = [use(), use(ordinals=(1,)), use(used=4.0, ordinals=(2,)), use(used=5.0, evidence="confirmed"),
            use(Node("idle"), 6.0)]  # fmt: skip
    found = said(*uses, monkeypatch=monkeypatch)
    assert [(f.data["value"], f.data["elements"]) for f in found] == [(3.0, 2), (4.0, 1)]
    found = said(*uses, needed=(True, False, False), monkeypatch=monkeypatch)
    assert [(f.data["value"], f.data["elements"]) for f in found] == [(3.0, 1)]


OWN = {"parameter": "cop_re", "value": 3.0}


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([], ""), ([{"parameter": "EF"}], ""), ([{"parameter": "EF"}, OWN], "3"), ([OWN, OWN], "2"),
        ([{**OWN, "methodology": "x 1.0"}], "2"), ([{**OWN, "methodology": "Y 1.0"}, OWN], "3"),
        # a row for another element than is asked for is none
        ([{**OWN, "applies_to": "AC2"}], ""), ([{**OWN, "applies_to": "AC2"}, OWN], "3"),
        ([OWN, {**OWN, "applies_to": "ac1"}], "3"),
    ],
)  # fmt: skip
def test_the_row_in_which_a_value_is_confirmed(rows: list[dict[str, Any]], cell: str) -> None:
    bound: Any = SimpleNamespace(entry=SimpleNamespace(card=card()))
    place = FixedValues("m.xlsx", rows_of("fixed", rows)).place(bound, "COP_RE", ["AC1"])
    assert place.cell[1:] == cell and (place.sheet, place.file[0]) == ("Fixed values", "m")


@pytest.mark.parametrize(
    ("card_value", "project_value", "effect", "severity"),
    [
        (3.0, 3.0, 1.0, None), (3.0, None, 1.0, None), (None, 4.0, 1.0, None),
        (3.0, 4.0, 1.0, Severity.MAJOR), (3.0, 4.0, math.nan, Severity.MAJOR), (3.0, 4.0, 1e-9, Severity.MAJOR),
        (3.0, 4.0, 0.0, Severity.MINOR), (3.0, 2.0, -1.0, Severity.MINOR),
    ],
)  # fmt: skip
def test_a_card_s_value_that_is_replaced(
    card_value: Any, project_value: Any, effect: float, severity: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Major where ER rises by it, or where nobody can say."""
    more = {"card_value": card_value, "project_value": project_value, "evidence": "confirmed"}
    found = said(use(used=4.0, **more), effect=effect, monkeypatch=monkeypatch)
    assert [f.severity for f in found] == ([severity] if severity else [])
    for one in found:
        assert one.message == "X 1.0: COP_RE of the card (3) is replaced by 4" and one.where.cell == "A9"
        assert one.data == {"card_value": 3.0, "used": 4.0} and str(one.effect_tco2e) == str(effect)
        assert ("sheet Answers" in one.action) is (severity is Severity.MAJOR)


def test_of_a_cell_for_many_elements_the_effect_is_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two units at one value of the card, one at another, and one whose value stands in a cell of its own."""
    given = {"project_value": 4.0, "evidence": "confirmed"}
    own = Origin(cell="B9")
    uses = [use(used=4.0, **{**given, **more}) for more in ({}, {}, {"card_value": 2.0}, {"origin": own})]
    found = said(*uses, effect=1.5, monkeypatch=monkeypatch)
    assert [(f.where.cell, f.data["card_value"], f.effect_tco2e) for f in found] == [
        ("A9", 3.0, 3.0),
        ("A9", 2.0, 1.5),
        ("B9", 3.0, 1.5),
    ]


@pytest.mark.parametrize(
    ("document", "page", "found"),
    [
        ("D-01", "5", "4, D-01, p. 5"),
        ("D-01", "", "4, D-01"),
        ("", "", "4, no document"),
        ("", "5", "4, no document, p. 5"),
    ],
)
def test_the_document_of_what_replaces_it(
    document: str, page: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = use(used=4.0, project_value=4.0, evidence="confirmed", document=document, page=page)
    assert [f.found for f in said(one, monkeypatch=monkeypatch)] == [found]


@pytest.mark.parametrize(
    ("status", "draft", "stated", "is_confirmed"),
    [("computable", False, None, True), ("pattern", False, None, False), ("pattern", False, "D-01", True),
     ("pattern", True, "D-01", False)],
)  # fmt: skip
def test_an_equation_is_confirmed_by_its_card_or_by_a_document_and_a_draft_by_nothing(
    status: str, draft: bool, stated: Any, is_confirmed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = (SimpleNamespace(entry=SimpleNamespace(card=card(status, draft))) for _ in range(2))
    values = [SimpleNamespace(equation_confirmed=one) for one in (None, stated)]
    claim: Any = SimpleNamespace(bounds=[other, own], bound_values=values)
    claim.bounds[0] = object()
    assert confirmed(claim, own) is is_confirmed  # type: ignore[arg-type]
    found = said(of=card(status, draft), monkeypatch=monkeypatch)
    if status == "pattern":
        assert [f.found for f in found] == ["a draft: no Joint Committee has approved it" if draft else "not confirmed"]
        assert found[0].action.startswith("None: a draft") is draft


def test_a_choice_that_neither_card_nor_project_confirms(monkeypatch: pytest.MonkeyPatch) -> None:
    made = card(choices={"rule": "unconfirmed", "other": "document", "mine": "unconfirmed"})
    (found,) = said(of=made, confirms=["mine"], monkeypatch=monkeypatch)
    assert (found.code, found.found) == ("methodology.choice_unconfirmed", "lower of both")
    assert "for rule (p. 3)" in found.message
