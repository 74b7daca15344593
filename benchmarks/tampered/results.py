"""result.json and the manifest, changed by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tampered.base import MANIFEST, RESULT, XLSX, NotHereError, Tampered, kind

Change = Callable[[Any, random.Random], str]


def in_result(name: str) -> Callable[[Change], Change]:
    """A change of the data of result.json, which returns the path at which it has to be found."""

    def register(change: Change) -> Change:
        def tamper(t: Tampered, chance: random.Random) -> str:
            data = t.data()
            place = change(data, chance)
            t.put(data)
            return place

        kind(f"result.json: {name}")(tamper)
        return change

    return register


def pick(many: list[Any], chance: random.Random) -> int:
    if not many:
        raise NotHereError("none there")
    return chance.randrange(len(many))


@in_result("reductions of a year")
def _year(data: Any, chance: random.Random) -> str:
    n = pick(data["emission_reductions"]["by_year"], chance)
    data["emission_reductions"]["by_year"][n]["reductions"] += chance.choice([1e-6, 1.0, 100.0])
    return f"emission_reductions.by_year[{n}].reductions"


@in_result("credited tonnes")
def _credited(data: Any, chance: random.Random) -> str:
    if data["indicative"]:
        raise NotHereError("a credited number")
    data["emission_reductions"]["credited"] += chance.choice([-1, 1, 10])
    return "emission_reductions.credited"


@in_result("reference emissions")
def _reference(data: Any, chance: random.Random) -> str:
    data["emission_reductions"]["reference"] *= 1.01
    return "emission_reductions.reference"


@in_result("an indicative figure made creditable")
def _indicative(data: Any, chance: random.Random) -> str:
    data["indicative"] = not data["indicative"]
    return "indicative"


@in_result("a parameter")
def _parameter(data: Any, chance: random.Random) -> str:
    numbers = [n for n, one in enumerate(data["parameters"]) if isinstance(one["value"], float) and one["value"]]
    n = numbers[pick(numbers, chance)]
    data["parameters"][n]["value"] *= 1 + 1e-9
    return f"parameters[{n}].value"


@in_result("where a parameter came from")
def _origin(data: Any, chance: random.Random) -> str:
    known = [n for n, one in enumerate(data["parameters"]) if (one["origin"] or {}).get("cell")]
    n = known[pick(known, chance)]
    data["parameters"][n]["origin"]["cell"] = "Z99"
    return f"parameters[{n}].origin.cell"


@in_result("a finding removed")
def _removed(data: Any, chance: random.Random) -> str:
    n = pick(data["findings"], chance)
    del data["findings"][n]
    return f"findings[{n}]"


@in_result("a finding added")
def _added(data: Any, chance: random.Random) -> str:
    n = pick(data["findings"], chance)
    data["findings"].insert(n, {**data["findings"][n], "message": "all is well"})
    return f"findings[{n}]"


@in_result("a severity")
def _severity(data: Any, chance: random.Random) -> str:
    n = pick(data["findings"], chance)
    data["findings"][n]["severity"] = "note" if data["findings"][n]["severity"] != "note" else "minor"
    return f"findings[{n}].severity"


@in_result("the words of a finding")
def _words(data: Any, chance: random.Random) -> str:
    n = pick(data["findings"], chance)
    data["findings"][n]["message"] += " "
    return f"findings[{n}].message"


@in_result("the effect of a finding")
def _effect(data: Any, chance: random.Random) -> str:
    n = pick(data["findings"], chance)
    data["findings"][n]["effect_tco2e"] = 0.125
    return f"findings[{n}].effect_tco2e"


@in_result("a treatment removed")
def _treatment(data: Any, chance: random.Random) -> str:
    n = pick(data["treatments"], chance)
    del data["treatments"][n]
    return "treatments["


@in_result("a setting")
def _setting(data: Any, chance: random.Random) -> str:
    numbers = [k for k, v in data["settings"].items() if isinstance(v, int | float)]
    key = numbers[pick(numbers, chance)]
    data["settings"][key] += 1
    return f"settings.{key}"


@in_result("a serial number")
def _serial(data: Any, chance: random.Random) -> str:
    n = pick(data["meters"], chance)
    data["meters"][n]["fields"]["serial_number"] = "SN-OTHER"
    return f"meters[{n}].fields.serial_number"


@in_result("the checksum of an input")
def _checksum(data: Any, chance: random.Random) -> str:
    n = pick(data["inputs"], chance)
    data["inputs"][n]["sha256"] = "0" * 64
    return f"inputs[{n}].sha256"


@in_result("the period")
def _period(data: Any, chance: random.Random) -> str:
    data["monitoring_period"]["end"] = "2031-01-01"
    return "monitoring_period.end"


@in_result("the rounding")
def _rounding(data: Any, chance: random.Random) -> str:
    data["rounding"]["digits"] += 1
    return "rounding.digits"


@in_result("a key that the schema does not have")
def _key(data: Any, chance: random.Random) -> str:
    data["approved"] = True
    return "approved"


@in_result("the version of the software")
def _version(data: Any, chance: random.Random) -> str:
    data["software"]["jcm-mrv"] = "9.9.9"
    return "software.jcm-mrv"


@kind("result.json: a key twice")
def _twice(t: Tampered, chance: random.Random) -> str:
    t.files[RESULT] = t.files[RESULT].replace(b'"indicative":', b'"indicative": false,\n  "indicative":', 1)
    return RESULT


@kind("result.json: NaN")
def _nan(t: Tampered, chance: random.Random) -> str:
    data = t.data()
    data["emission_reductions"]["reductions"] = float("nan")
    t.put(data)
    return RESULT


def in_manifest(name: str, *, fits: bool = True) -> Callable[[Change], Change]:
    """A change of the data of the manifest, which returns words that have to be said."""

    def register(change: Change) -> Change:
        def tamper(t: Tampered, chance: random.Random) -> str:
            t.fits = fits
            data = t.data(MANIFEST)
            place = change(data, chance)
            t.put(data, MANIFEST)
            return place

        kind(f"manifest: {name}", ("json", "xlsx"))(tamper)
        return change

    return register


@in_manifest("one checksum", fits=False)
def _one_hash(data: Any, chance: random.Random) -> str:
    one = chance.choice(data["files"])
    one["sha256"] = one["sha256"][::-1]
    return str(one["path"])


@in_manifest("one size", fits=False)
def _one_size(data: Any, chance: random.Random) -> str:
    one = chance.choice(data["files"])
    one["size"] += 1
    return str(one["path"])


@in_manifest("a setting")
def _manifest_setting(data: Any, chance: random.Random) -> str:
    key = chance.choice(sorted(data["settings"]))
    data["settings"][key] = "other"
    return f"settings.{key}"


@in_manifest("the checksum of a card")
def _card(data: Any, chance: random.Random) -> str:
    data["methodologies"][0]["card_sha256"] = "1" * 64
    return f"card {data['methodologies'][0]['number']}"


@in_manifest("the checksum of a class")
def _class(data: Any, chance: random.Random) -> str:
    data["methodologies"][0]["class_sha256"] = "1" * 64
    return "class "


@in_manifest("the version of the software")
def _software(data: Any, chance: random.Random) -> str:
    data["software"]["jcm-mrv"] = "0.0.1"
    return "jcm-mrv 0.0.1"


@in_manifest("the checksum of the result", fits=False)
def _digest(data: Any, chance: random.Random) -> str:
    data["result_sha256"] = "2" * 64
    return "result_sha256"


@in_manifest("the language")
def _language(data: Any, chance: random.Random) -> str:
    data["language"] = chance.choice(["vi", "ja"])
    return "command"


@in_manifest("the command")
def _command(data: Any, chance: random.Random) -> str:
    data["command"] = "jcm-mrv calculate other.xlsx --formats json"
    return "command"


@in_manifest("an option of the command that there is not")
def _option(data: Any, chance: random.Random) -> str:
    data["command"] += " --approved"
    return "command"


@in_manifest("a document that the workbook does not name")
def _document(data: Any, chance: random.Random) -> str:
    data["documents"].append({"document": "D-99", "file": "approval.pdf", "sha256": "3" * 64, "included": False})
    return "documents"


@kind("package: a report left out")
def _left_out(t: Tampered, chance: random.Random) -> str:
    t.fits = False
    del t.files[XLSX]
    return XLSX


@kind("package: a log left out")
def _no_log(t: Tampered, chance: random.Random) -> str:
    t.fits = False
    path = t.input(".csv")
    del t.files[path]
    return path


@kind("package: a file that nobody spoke of")
def _extra(t: Tampered, chance: random.Random) -> str:
    t.added.append(("inputs/approval.txt", b"approved"))
    return "inputs/approval.txt"


@kind("package: a report of another plant")
def _foreign(t: Tampered, chance: random.Random) -> str:
    data = t.data()
    data["project"]["title"] = "Another plant"
    t.put(data)
    return "project.title"
