"""Write docs/settings.md from the table of settings: write_settings_docs.py FILE."""

import sys
from pathlib import Path

from jcm_mrv.quality.settings import rows

HEAD = """# Settings

Generated from the program by `make docs`; a test fails when it is not current.

The limits of the rules. A project that needs another one writes its name and value on the sheet Settings, with the
reason; the change stands in the report as the finding [settings.changed](findings/settings.changed.md), and every
setting is recorded in the result.

| setting | default | unit | may be | meaning |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"| `{key}` | {' | '.join(rest)} |\n" for key, *rest in rows())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
