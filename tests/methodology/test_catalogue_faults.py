"""Plug-ins and cards that are at fault: each is named with its reason, and everything else works.

The packages are really installed, as folders with metadata on the path; they are found like any other.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from jcm_mrv.methodology.catalogue import Catalogue, catalogue, find

Install = Callable[..., Catalogue]

LAMPS = '''
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import co2_as_co2e, default, equipment, monitored, result
from jcm_mrv.quantities.expression import total


class Lamps(Methodology):
    """RE_p = SUM_i EC_i,p x EF."""

    EC = monitored("electricity", unit="MWh", per=equipment)
    EF = default("factor", unit="tCO2/MWh")
    GWP_CO2 = co2_as_co2e()
    RE = result(total(EC * EF * GWP_CO2, over=equipment), "reference emissions")
    PE = result(total(EC * EF * GWP_CO2, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


METHODOLOGY = Lamps
'''
CARD = """
number = "XX_AM001"
version = "0.1"
family = "lamps"
country = "Nowhere"
scope = "3. Energy demand"
status = "pattern"
[title]
text = "Lamps (invented)"
evidence = "unconfirmed"
source = "invented"
[equation]
text = "RE = EC x EF"
evidence = "unconfirmed"
source = "invented"
[defaults.EF]
unit = "tCO2/MWh"
source = "invented"
evidence = "unconfirmed"
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package with one entry point and gives the catalogue as it then is."""
    names: list[str] = []

    def installed(
        init: str = LAMPS, cards: Mapping[str, str | bytes] | None = None, name: str = "invented_lamps"
    ) -> Catalogue:
        names.append(name)
        folder = tmp_path / name
        package = folder / name
        (package / "cards").mkdir(parents=True)
        (package / "__init__.py").write_text(init, encoding="utf-8")
        for file, content in (cards or {}).items():
            (package / "cards" / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[jcm_mrv.methodologies]\na_first = {name}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        catalogue.cache_clear()
        return catalogue()

    yield installed
    for name in names:
        sys.modules.pop(name, None)
    catalogue.cache_clear()


def failures(found: Catalogue) -> list[tuple[str, str]]:
    """What failed; that everything built in is there is checked on the way."""
    assert {"VN_AM007 1.0", "VN_AM011 1.0", "TH_AM001 3.0"} <= {e.card.id for e in found.entries}
    return [(f.name, f.reason) for f in found.failures]


def test_a_sound_one_is_found(install: Install) -> None:
    found = install(cards={"XX_AM001_0.1.toml": CARD})
    assert failures(found) == []
    entry = found.find("XX_AM001")
    assert (entry.package, entry.package_version, entry.card.status) == ("invented_lamps", "1.0", "pattern")


@pytest.mark.parametrize(
    ("init", "reason"),
    [
        ("import not_there_at_all", "No module named 'not_there_at_all'"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("METHODOLOGY =", "SyntaxError"),
        ("", "it has no METHODOLOGY"),
        ("METHODOLOGY = 'Lamps'", "not a class derived from Methodology"),
        ("METHODOLOGY = dict", "not a class derived from Methodology"),
        # equations at fault: each is said in the words of the equation language
        (LAMPS.replace('unit="MWh"', 'unit="kWh"'), "RE: "),
        (LAMPS.replace('unit="MWh"', 'unit="furlong/fortnite"'), "'furlong/fortnite' is not a unit known here"),
        (LAMPS.replace("RE - PE", "RE - PE + XE"), "name 'XE' is not defined"),
        (LAMPS.replace("RE - PE", "RE - PE + ER"), "name 'ER' is not defined"),
        (
            LAMPS.replace("\n\nMETHODOLOGY", "\n\nLamps.RE.operands = (Lamps.ER,)\nLamps.nodes()\nMETHODOLOGY"),
            "circle: ",
        ),
    ],
    ids=["import", "exit", "syntax", "nothing", "text", "other class", "kWh", "unit", "symbol", "itself", "circle"],
)
def test_a_plug_in_that_does_not_load(install: Install, init: str, reason: str) -> None:
    ((name, said),) = failures(install(init, {"XX_AM001_0.1.toml": CARD}))
    assert name == "invented_lamps: invented_lamps"
    assert reason in said


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('unit = "tCO2/MWh"', 'unit = "tCO2/kWh"', "default EF is in tCO2/kWh, the methodology needs tCO2/MWh"),
        ('unit = "tCO2/MWh"', 'unit = "tCO2/fortnite"', "'tCO2/fortnite' is not a unit known here"),
        ('unit = "tCO2/MWh"\nsource = "invented"', 'unit = "tCO2/MWh"', "default EF has no source"),
        ('evidence = "unconfirmed"\nsource', 'evidence = "hearsay"\nsource', "'hearsay', not one of approved, summary"),
        ("[defaults.EF]", "[defaults.EX]", "default EX is unknown to Lamps"),
        ('status = "pattern"', 'status = "catalogued"', "catalogued only, has no not_calculated"),
        ('status = "pattern"', 'status = "pattern"\nnot_calculated = "x"', "not_calculated is for catalogued cards"),
        ('version = "0.1"', 'version = "first"', "version is 'first', not dotted numbers or 'unconfirmed'"),
        ('version = "0.1"', "version = 0.1", "the card has no version"),
        ('number = "XX_AM001"', 'number = "XX AM001"', "number is 'XX AM001'"),
        ('number = "XX_AM001"', "number = ", "is not readable as TOML"),
    ],
)
def test_a_card_at_fault(install: Install, old: str, new: str, reason: str) -> None:
    assert old in CARD
    second = CARD.replace("XX_AM001", "XX_AM002")
    found = install(cards={"XX_AM001_0.1.toml": CARD.replace(old, new), "XX_AM002_0.1.toml": second})
    ((name, said),) = failures(found)
    assert name == "invented_lamps: a_first/cards/XX_AM001_0.1.toml"
    assert reason in said
    assert found.find("XX_AM002").card.version == "0.1", "the other card of the package works"


def test_a_card_that_is_no_utf_8(install: Install) -> None:
    ((name, said),) = failures(install(cards={"XX_AM001_0.1.toml": CARD.replace("Lamps", "Đèn").encode("utf-16")}))
    assert name.endswith("XX_AM001_0.1.toml") and "decode" in said


def test_one_number_and_version_twice_in_a_package(install: Install) -> None:
    found = install(cards={"XX_AM001_0.1.toml": CARD, "copy.toml": CARD.replace("XX_AM001", "xx_am001")})
    ((name, said),) = failures(found)
    assert name == "invented_lamps: a_first/cards/copy.toml" or name.endswith("XX_AM001_0.1.toml")
    assert "already given by invented_lamps: a_first/cards/" in said
    assert len(found.versions("XX_AM001")) == 1
    assert find("XX_AM001") == found.find("XX_AM001"), "a package from outside may call its files as it likes"


def test_a_package_from_outside_does_not_stand_in_for_what_is_built_in(install: Install) -> None:
    """Its entry point comes first by name; the solar card of this project stays nevertheless."""
    card = CARD.replace("XX_AM001", "VN_AM007").replace('version = "0.1"', 'version = "1.0"')
    found = install(cards={"VN_AM007_1.0.toml": card})
    assert found.find("VN_AM007").package == find("VN_AM007").package == "jcm-mrv"
    ((name, said),) = failures(found)
    assert name == "invented_lamps: a_first/cards/VN_AM007_1.0.toml"
    assert said == "VN_AM007 1.0 is already given by jcm-mrv: solar_pv/cards/VN_AM007_1.0.toml"


def test_a_package_that_calculates_what_is_only_catalogued_here_takes_its_place(install: Install) -> None:
    card = CARD.replace("XX_AM001", "VN_AM011").replace('version = "0.1"', 'version = "1.0"')
    found = install(cards={"VN_AM011_1.0.toml": card})
    assert failures(found) == []
    for entry in (found.find("VN_AM011"), find("VN_AM011")):
        assert (entry.package, entry.card.status) == ("invented_lamps", "pattern")


def test_catalogued_cards_need_no_methodology(install: Install) -> None:
    card = CARD.replace('status = "pattern"', 'status = "catalogued"\nnot_calculated = "nobody has read it"')
    found = install("METHODOLOGY = None", {"XX_AM001_0.1.toml": card, "XX_AM002_0.1.toml": CARD})
    assert found.find("XX_AM001").declared is None
    ((_, said),) = failures(found)
    assert "status is 'pattern', but its package declares no METHODOLOGY" in said


def test_units_of_a_catalogued_card_are_known(install: Install) -> None:
    card = CARD.replace('status = "pattern"', 'status = "catalogued"\nnot_calculated = "nobody has read it"')
    found = install("METHODOLOGY = None", {"XX_AM001_0.1.toml": card.replace("tCO2/MWh", "tCO2/fortnite")})
    ((_, said),) = failures(found)
    assert "'tCO2/fortnite' is not a unit known here" in said


@pytest.mark.parametrize(
    "init",
    [
        "class X(BaseException): pass\nraise X('boo')",
        "raise KeyboardInterrupt('boo')",
        "raise GeneratorExit('boo')",
        "raise SystemExit('boo')",
        "class X(BaseException):\n    def __str__(self): raise RuntimeError\nraise X",
        "def f(): f()\nf()",
        "import sys\nraise MemoryError('boo')",
        "class M(type):\n    def __repr__(self): raise KeyError\nclass N(metaclass=M): pass\nMETHODOLOGY = N",
        "def __getattr__(name): raise ZeroDivisionError('boo')",
    ],
)
def test_whatever_a_plug_in_raises_is_named_and_the_rest_works(init: str, install: Install) -> None:
    found = install(init)
    (failure,) = [f for f in found.failures if f.name.startswith("invented_lamps")]
    assert failure.reason and "\n" not in failure.reason and len(failure.reason) < 300
    assert len(found.entries) > 50


def test_what_a_plug_in_raises_later_is_named(install: Install) -> None:
    later = LAMPS.replace("METHODOLOGY = Lamps", "")
    later += "\n    @classmethod\n    def nodes(cls): raise KeyboardInterrupt('late')\n\nMETHODOLOGY = Lamps\n"
    found = install(later.replace("\n\n\n    @classmethod", "\n    @classmethod"), {"XX_AM001_0.1.toml": CARD})
    assert any("late" in failure.reason for failure in found.failures)


DEEP = "[" * 5_000
CARDS = {
    "deep lists": CARD + f"[notes]\nx = {DEEP}",
    "deep tables": CARD + f"[{'.'.join(['a'] * 200)}]\nx = 1",
    "a number of 5,000 digits": CARD + f"value = {'9' * 5_000}",
    "a number beyond all sizes": CARD + "value = 1e308",
    "a number next to nothing": CARD + "value = 5e-324",
    "two million characters": CARD + "# " + "x" * 2_000_000,
    "no text": b"\xff\xfe\x00",
    "a unit to a power": CARD.replace('"tCO2/MWh"', '"9**9**9"'),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_bounds(name: str, install: Install) -> None:
    card = CARDS[name]
    found = install(cards={"XX_AM001_0.1.toml": card})
    (failure,) = [f for f in found.failures if "XX_AM001" in f.name]
    assert failure.reason and len(failure.reason) < 1_000


def test_entry_points_that_cannot_be_read_are_named(install: Install, tmp_path: Path) -> None:
    install()
    info = next(tmp_path.rglob("*.dist-info"))
    (info / "entry_points.txt").write_text("[jcm_mrv.methodologies]\nno equals sign\n", encoding="utf-8")
    catalogue.cache_clear()
    assert any("invented" in f.name and "cannot be read" in f.reason for f in catalogue().failures)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_a_plug_in_prints_does_not_reach_what_is_read_by_programs(form: str, install: Install) -> None:
    install(
        "import os, sys\nprint('LOUD')\nsys.stdout.write('LOUD')\nos.write(1, b'LOUD')\nos.system('echo LOUD')\n"
        + LAMPS
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-m", "jcm_mrv", "methodologies", "list", "--format", form],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert "LOUD" not in done.stdout and len(done.stdout) > 1_000
