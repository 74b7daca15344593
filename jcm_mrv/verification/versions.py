"""Which software and cards made a report, and whether they are the ones installed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jcm_mrv import __version__
from jcm_mrv.methodology.catalogue import UnknownMethodologyError, catalogue
from jcm_mrv.verification.checks import Check, Verdict
from jcm_mrv.verification.manifest import methodology_data
from jcm_mrv.verification.submission import Submission
from jcm_mrv.words import say


def version_checks(submission: Submission) -> Iterator[Check]:
    """A row for each program, card and class that is another one here."""
    yield from _programs(submission)
    for one in (submission.manifest or {}).get("methodologies", ()):
        yield from _card(one)


def versions_text(submission: Submission) -> str:
    """The other versions in one sentence; '' where everything is the same."""
    other = [check.what for check in version_checks(submission) if check.verdict is Verdict.VERSION]
    return say("another version may explain it: {other}", other=", ".join(other)) if other else ""


def _programs(submission: Submission) -> Iterator[Check]:
    stated: Mapping[str, str] = (submission.manifest or submission.stated or {}).get("software", {})
    installed = {entry.package: entry.package_version for entry in catalogue().entries} | {"jcm-mrv": __version__}
    for name, version in stated.items():
        here = installed.get(name, say("not installed"))
        same = here == version
        note = "" if same else say("install {name} {version} to tell what it explains", name=name, version=version)
        verdict = Verdict.REPRODUCED if same else Verdict.VERSION
        yield Check(f"{name} {version}", say("software"), verdict, version, here, note=note)


def _card(stated: Mapping[str, Any]) -> Iterator[Check]:
    name = f"{stated['number']} {stated['version']}"
    try:
        here = methodology_data(catalogue().find(name))
    except (UnknownMethodologyError, LookupError) as error:
        yield Check(
            say("card {name}", name=name), say("methodology"), Verdict.MISSING, stated["card_sha256"], note=str(error)
        )
        return
    parts = (
        (say("card"), "card_sha256", say("card {name}", name=name)),
        (say("class"), "class_sha256", say("class {name}", name=stated["class"])),
    )
    for what, key, named in parts:
        same = here[key] == stated[key]
        note = (
            ""
            if same
            else say("the {what} is another one than that installed here ({here})", what=what, here=here["package"])
        )
        verdict = Verdict.REPRODUCED if same else Verdict.VERSION
        yield Check(
            named,
            say("methodology"),
            verdict,
            stated[key],
            here[key],
            note=note,
        )
