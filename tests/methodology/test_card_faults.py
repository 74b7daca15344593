"""A card of any shape is read or refused with what is wrong; never does it end in a traceback."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.methodology.card import CardError
from jcm_mrv.methodology.card_file import read_card

GOOD = """
number = "XX_AM001"
version = "1.0"
family = "solar_pv"
country = "Nowhere"
scope = "1"
status = "computable"
PLACE
[title]
text = "Title"
evidence = "summary"
source = "somewhere"
[equation]
text = "RE = EG x EF"
evidence = "summary"
source = "somewhere"
"""
KEYS = (
    *("projects", "criteria", "defaults", "choices", "parameters", "notes", "rounding", "adopted", "monitored"),
    *("scope_evidence", "summary", "not_calculated"),
)


EF = '[defaults.EF]\nunit = "1"\nsource = "s"\nevidence = "unconfirmed"\n'


def problems(place: str) -> str:
    with pytest.raises(CardError) as caught:
        read_card(GOOD.replace("PLACE", place), "XX.toml")
    return " | ".join(caught.value.problems)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('projects = "VN001"', "projects is 'VN001', not a list of texts"),
        ("projects = [1]", "projects is [1], not a list of texts"),
        ("notes = 5", "notes is 5, not a list of texts"),
        ("defaults = 5", "defaults is 5, not a table"),
        ("[defaults]\nEF = 0.3", "defaults.EF is 0.3, not a table"),
        ("criteria = [1]", "criteria of the card is [1], not a list of tables"),
        ("rounding = 3", "rounding is 3, not a table"),
        ('[rounding]\ndigits = "six"', "rounding.digits is 'six', not a whole number from 6 to 12"),
        ("[rounding]\ndigits = -1", "rounding.digits is -1"),
        ("[rounding]\ndigits = 0", "rounding.digits is 0, not a whole number from 6 to 12"),
        ("[rounding]\nway = 6", "unknown entry 'rounding.way'; it may hold rule, digits"),
        ('titel = "x"', "unknown entry 'titel'; did you mean 'title'?"),
        (EF + "valeu = 0.5", "unknown entry 'defaults.EF.valeu'; did you mean 'value'?"),
        (
            EF + 'from = { table = "gwp", gas = "CH4", report = "AR5", horizon = 20 }',
            "EF.from.horizon'; it may",
        ),
        (
            EF + "classes = [{ lower = 0.0, value = 1, lable = 'x' }]",
            "EF.classes.lable'; did you mean 'label'?",
        ),
        (EF + "classes = [{ lower = 0.0, value = 1 }]", "default EF, which has classes, has no class_unit"),
        (EF + 'class_unit = "kW"\npoints = [{ at = 1, value = 1 }]', "default EF has one point; a line needs two"),
        (
            EF + 'class_unit = "kW"\npoints = [{ at = 2, value = 1 }, { at = 2, value = 3 }]',
            "the point 2 does not lie above the one before it",
        ),
        (EF + 'class_unit = "kW"\npoints = [{ on = 2, value = 1 }, { at = 2 }]', "EF.points.on'; it may hold at"),
        (EF + 'class_unit = "kW"\npoints = [{ at = 2 }, { at = 3, value = 1 }]', "a point needs at and value"),
        (
            EF + 'class_unit = "kW"\npoints = [{ at = 2, value = 1 }, { at = 3, value = 1 }]\n'
            "classes = [{ lower = 0, value = 1 }]",
            "default EF has both classes and points",
        ),
        (EF + 'value = 1\nclass_unit = "kW"', "default EF has a class_unit, but no classes"),
        (EF + "values = { a = 1, A = 2 }", "default EF has two values of A"),
        (EF + 'values = { a = "1" }', "default EF of a is '1', not a number"),
        (EF + "values = { a = { b = nan } }", "default EF of a / b is nan, not a number"),
        (EF + "values = { a = 1, b = { c = 2 } }", "values are a table of numbers by name, or of such tables"),
        (EF + "values = 3", "values are a table of numbers by name, or of such tables"),
        ('[parameters.EG]\nfrequenzy = "daily"', "parameters.EG.frequenzy'; did you mean 'frequency'?"),
        ('[monitored]\ntext = "x"\nevidence = "summary"\nsource = "s"\npage = 3', "unknown entry 'monitored.page'"),
        ('[[criteria]]\nnumber = "1"\ntext = "x"\nevidence = "summary"\nproof = "y"', "criterion 1.proof"),
        ('[[criteria]]\ntext = "The boiler burnt coal before."\nevidence = "summary"', "a criterion has no number"),
        (
            '[[criteria]]\nnumber = "1"\ntext = "Criterion 1"\nevidence = "summary"',
            "criterion 1 has the text 'Criterion 1', which is no criterion",
        ),
        (
            '[[criteria]]\nnumber = "1"\ntext = "The boiler burnt coal before."\nevidence = "summary"\n' * 2,
            "two criteria have the number 1",
        ),
        (
            EF + 'class_unit = "kW"\nclasses = [{ lower = 9, upper = 6, value = 1 }, { lower = 6, value = 1 }]',
            "default EF: the class from 9 to 6 holds nothing",
        ),
        ('[parameters.EG]\noption = "Z"', "parameters.EG.option is 'Z', not one of A, B, C"),
        ('adopted = "10 Oct 17"', "adopted is '10 Oct 17', not a date such as 2017-10-10"),
        ('scope_evidence = "sure"', "scope_evidence is 'sure'"),
        ('[monitored]\ntext = "electricity"', "monitored has no source"),
        (
            EF + "value = nan",
            "default EF has the value nan",
        ),
        (
            EF + "value = inf",
            "default EF has the value inf",
        ),
        (EF + "value = true", "the value True"),
        (EF + "classes = [7]", "not a list of tables"),
        (
            EF + "classes = [{ lower = 0.0, value = nan }]",
            "a class needs lower, value",
        ),
    ],
)
def test_what_has_the_wrong_shape_is_named(place: str, said: str) -> None:
    assert said in problems(place)


def test_dates_may_be_written_as_dates_or_as_text() -> None:
    for written in ("2017-10-10", '"2017-10-10"'):
        assert read_card(GOOD.replace("PLACE", f"adopted = {written}"), "XX.toml").adopted == "2017-10-10"


@given(st.sampled_from(KEYS), st.sampled_from(["5", '"x"', "true", "[]", "[1]", "[[]]", "{}", "{ a = 1 }", "nan"]))
def test_any_value_under_any_key_is_read_or_refused(key: str, value: str) -> None:
    try:
        card = read_card(GOOD.replace("PLACE", f"{key} = {value}"), "XX.toml")
    except CardError as error:
        assert error.problems
    else:
        assert card.id == "XX_AM001 1.0"


def test_versions_sort_as_numbers_and_the_unconfirmed_first() -> None:
    cards = [
        read_card(GOOD.replace('"1.0"', f'"{v}"').replace("PLACE", ""), "XX.toml")
        for v in ("10.0", "2.1", "unconfirmed", "2", "2.0.1")
    ]
    ordered = [c.version for c in sorted(cards, key=lambda c: c.order)]
    assert ordered == ["unconfirmed", "2", "2.0.1", "2.1", "10.0"]
