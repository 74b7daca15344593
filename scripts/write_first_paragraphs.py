"""Write jcm_mrv/cli/first_paragraphs.py: what each command says of itself first, for a list that imports none.

python scripts/write_first_paragraphs.py jcm_mrv/cli/first_paragraphs.py
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

HEAD = '"""The first paragraph of each command\'s help. Written by scripts/write_first_paragraphs.py; do not edit."""'


def paragraphs(group: Any) -> dict[str, str]:
    """The first paragraph of the help of each command of a group and of the groups in it, by the command's module."""
    import click

    from jcm_mrv.cli.lazy import Commands

    found: dict[str, str] = {}
    context = click.Context(group)
    for name in group.modules:
        command = group.get_command(context, name)
        found[group.prefix + name] = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
        if isinstance(command, Commands):
            found |= paragraphs(command)
    return found


def text() -> str:
    """The module."""
    from jcm_mrv.cli import program

    lines = (
        f"    {json.dumps(name)}: {json.dumps(about, ensure_ascii=False)},"
        for name, about in paragraphs(program).items()
    )
    return "\n".join([HEAD, "", "# ruff: noqa: E501", "# fmt: off", "FIRST_PARAGRAPHS = {", *lines, "}", ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
