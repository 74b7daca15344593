"""How long ``jcm-mrv --help`` takes against ``python -c pass``: the best of many runs of each, taken in turn."""

import subprocess
import sys
from time import perf_counter

RUNS = 20
PROGRAMS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import click": [sys.executable, "-c", "import click"],
    "jcm-mrv --help": [sys.executable, "-c", "from jcm_mrv.cli import main; main(['--help'])"],
}


def seconds(arguments: list[str]) -> float:
    """Wall time of one run."""
    start = perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def main() -> None:
    """Print the best times and the ratios to the bare interpreter."""
    best = dict.fromkeys(PROGRAMS, float("inf"))
    for _ in range(RUNS):
        for name, arguments in PROGRAMS.items():
            best[name] = min(best[name], seconds(arguments))
    for name, time in best.items():
        print(f"{name:<16} {time * 1000:7.1f} ms  {time / best['python -c pass']:5.1f}x")


if __name__ == "__main__":
    main()
