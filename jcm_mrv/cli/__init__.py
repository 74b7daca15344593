"""The command line: one module per command.

Nothing heavy is imported here or at the head of a command's module, so that
``jcm-mrv --help`` answers at once; ``tests/test_architecture.py`` holds this.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import click

from jcm_mrv import __version__
from jcm_mrv.cli.helps import columns
from jcm_mrv.cli.language import speak_as_asked, with_language
from jcm_mrv.cli.lazy import Commands
from jcm_mrv.collector import for_one_command


class Program(Commands):
    """The commands of ``jcm-mrv``, in the order in which a person needs them."""

    modules = (
        "template",
        "inspect",
        "invoices",
        "check",
        "calculate",
        "fill",
        "verify",
        "trace",
        "sample",
        "uncertainty",
        "register",
        "portfolio",
        "methodologies",
    )

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context, which remembers what was asked for."""
        given = list(args)
        extra = {**columns(speak_as_asked(args)), **extra}
        context = super().make_context(info_name, args, parent, **extra)
        from jcm_mrv.cli.net import note_arguments

        note_arguments(context, given)
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command under the last net: an error that nobody foresaw is one paragraph, and details in a file."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            from jcm_mrv.cli.net import UNFORESEEN, unforeseen
            from jcm_mrv.cli.output import echo

            echo(unforeseen(ctx, error), err=True)
            raise click.exceptions.Exit(UNFORESEEN) from error


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="jcm-mrv", message="%(prog)s %(version)s")
def program() -> None:
    """From a monitoring workbook to a monitoring report under the Joint Crediting Mechanism.

    \b
    jcm-mrv template VN_AM007 monitoring.xlsx   a blank workbook to fill in
    jcm-mrv check monitoring.xlsx               is anything wrong with it?
    jcm-mrv calculate monitoring.xlsx           the tonnes and the reports
    jcm-mrv verify monitoring_package.zip       do they follow from the readings?

    Exit status: 0 done; 1 refused or failed the check, nothing written; 2 wrong usage; 3 an error of jcm-mrv itself,
    with its details in a file, or what was written could not be printed: the message says what was written.
    """


with_language(program)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; ``arguments`` default to those of the process, which then is set up for it."""
    if arguments is None:
        for_one_command()
    for stream in (sys.stdout, sys.stderr):
        # A console or pipe with a narrow encoding (cp1252) shows what it cannot write as \u2082 instead of crashing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what a person has to know is a finding; -W default shows the rest
    program.main(args=arguments, prog_name="jcm-mrv")
