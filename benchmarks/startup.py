"""How long ``jcm-mrv --help`` takes against ``python -c pass``: medians of many runs of each, taken in turn."""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from timing import as_installed, medians

RUNS = 21
BARE = "python -c pass"
PROGRAMS = {
    BARE: "pass",
    "import click": "import click",
    "jcm-mrv --help": "from jcm_mrv.cli import main; main(['--help'])",
}


def run(program: str, environment: dict[str, str]) -> None:
    """One program in a process of its own."""
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL, env=environment)


def main() -> None:
    """Print clock and processor time, and the ratios to the bare interpreter."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = as_installed(Path(scratch))
        actions = {name: partial(run, program, environment) for name, program in PROGRAMS.items()}
        medians(actions, 1)  # writes the bytecode
        took = medians(actions, RUNS)
    for name, one in took.items():
        print(f"{name:<16} {one.against(took[BARE])}")


if __name__ == "__main__":
    main()
