"""Write docs/cli.md from the commands' own help: write_cli_docs.py FILE."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from jcm_mrv.cli import program

HEAD = """# Commands

Generated from the commands' own help by `make docs`; a test fails when it is not current.
"""


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Every command below a group, groups before what they hold."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(name)
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        yield command, inner
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def page() -> str:
    """The whole page."""
    # As the program makes it: -h is an option everywhere.
    settings = {**program.context_settings, "terminal_width": 100, "max_content_width": 100}
    top = click.Context(program, info_name="jcm-mrv", **settings)
    parts = [HEAD, _section(program, top)]
    parts += [_section(command, context) for command, context in commands(program, top)]
    return "\n".join(parts)


def _section(command: click.Command, context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
