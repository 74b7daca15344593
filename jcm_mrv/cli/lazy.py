"""Groups of commands that are imported when they are named, and what they do with errors."""

from __future__ import annotations

import errno
from importlib import import_module
from traceback import walk_tb
from typing import Any, ClassVar

import click

from jcm_mrv.cli.first_paragraphs import FIRST_PARAGRAPHS
from jcm_mrv.cli.helps import said_command
from jcm_mrv.cli.language import with_language
from jcm_mrv.cli.speaking import spoken
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.languages import said_in
from jcm_mrv.words import say


class _Listed(click.Group):
    """Commands in the order in which they are given."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class Commands(click.Group):
    """A group whose command ``name`` is the attribute ``command`` of the module ``<package>.<prefix>name``."""

    package: ClassVar[str] = "jcm_mrv.cli"
    modules: ClassVar[tuple[str, ...]] = ()
    prefix: ClassVar[str] = ""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in their declared order."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for a name that is not declared."""
        if cmd_name not in self.modules:
            return None
        command = import_module(f"{self.package}.{self.prefix}{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.package}.{self.prefix}{cmd_name}.command is not a click command")
        return with_language(command)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help in the language of the person."""
        click.Group.format_help(said_command(self, spoken()), ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they say of themselves, importing none of them."""
        about = {name: click.Command(name, help=FIRST_PARAGRAPHS[self.prefix + name]) for name in self.modules}
        _Listed(commands={name: said_command(one, spoken()) for name, one in about.items()}).format_commands(
            ctx, formatter
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a person can mend is said without a traceback, with exit status 1."""
        try:
            return super().invoke(ctx)
        except JcmMrvError as error:
            from jcm_mrv.cli.output import echo

            echo(_refusal(error), err=True)
        except OSError as error:
            _say_system(ctx, error)
        raise click.exceptions.Exit(1)


def _say_system(ctx: click.Context, error: OSError) -> None:
    """Say what the operating system objected to. Raises Exit where something was written before."""
    from jcm_mrv.cli.net import UNFORESEEN, changed, give_up_output, written

    if error.errno == errno.EPIPE:
        if not written(ctx):
            raise error  # the reader of a pipe went away: click ends quietly
        give_up_output()
        raise click.exceptions.Exit(0)
    what = system_message(error)
    if _while_printing(error):
        give_up_output()
        what = say("what is printed cannot be written: {strerror}.", strerror=error.strerror)
    from jcm_mrv.cli.output import echo

    echo(say("Error: {what} {changed}", what=what, changed=changed(ctx)), err=True)
    if written(ctx):
        raise click.exceptions.Exit(UNFORESEEN)


def _while_printing(error: OSError) -> bool:
    """Whether it was raised where something is printed. (Standard output asked a second time takes it.)"""
    return any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(error.__traceback__))


def _refusal(error: JcmMrvError) -> str:
    from jcm_mrv.cli.findings_text import findings_text
    from jcm_mrv.cli.output import plain
    from jcm_mrv.findings import InputRefusedError

    if not isinstance(error, InputRefusedError):
        return say("Error: {what}", what="\n".join(map(plain, said_in(str(error), spoken()).splitlines())))
    count = len(error.findings)
    problems = say("1 problem") if count == 1 else say("{count} problems", count=count)
    return say(
        "Refused: {problems} to mend. Nothing was written.\n\n{findings_text}",
        problems=problems,
        findings_text=findings_text(error.findings),
    )


def system_message(error: OSError) -> str:
    """What the operating system objected to, and what to do about it."""
    from jcm_mrv.cli.output import plain

    name = plain(str(error.filename)) if error.filename else ""
    at = f" ({name})" if name else ""
    if isinstance(error, PermissionError):
        return say(
            "no permission{at}. Close the file if it is open in Excel or a PDF viewer, or choose another --output.",
            at=at,
        )
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return say("the disk is full{at}. Make room, or choose another --output.", at=at)
    if error.errno == errno.EROFS:
        return say("this place cannot be written to{at}. Choose another --output.", at=at)
    return f"{error.strerror or error}{at}."
