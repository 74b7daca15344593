"""Write docs/findings/README.md from the declared codes: write_findings_index.py FILE."""

import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import walk_packages

import jcm_mrv
from jcm_mrv.findings import CODES, Code

HEAD = """# Findings

Generated from the program by `make docs`; a test fails when it is not current.

A finding is a doubt or a fault with a stable code, its place, what was found, what to do and its effect on the
emission reductions. An **error** blocks the calculation, **major** needs an answer before a verifier accepts the
report, **minor** and **note** inform. A code may weigh more or less than listed where its page says so.
"""


def declared() -> list[Code]:
    """Every code of the package, sorted; modules are imported so that they declare theirs."""
    for module in walk_packages(jcm_mrv.__path__, "jcm_mrv."):
        if not module.name.startswith(("jcm_mrv.methodologies", "jcm_mrv.templates")) and "__main__" not in module.name:
            import_module(module.name)
    return [CODES[name] for name in sorted(CODES)]


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for group, codes in groupby(declared(), key=lambda c: c.code.partition(".")[0]):
        rows = [f"| [{c.code}]({c.code}.md) | {c.severity} | {c.title.rstrip('.')} |" for c in codes]
        parts.append("\n".join([f"## {group}\n", "| code | severity | meaning |", "| --- | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
