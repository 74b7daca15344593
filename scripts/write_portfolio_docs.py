"""Write the tables of keys and of columns into docs/portfolio.md: write_portfolio_docs.py PAGE."""

import sys
from pathlib import Path

from jcm_mrv.portfolio.keys import KEYS
from jcm_mrv.portfolio.tables import TABLES

HEADINGS = {"portfolio": "the file itself", "figures": "`[[member.figures]]`"}


def keys() -> str:
    """The keys of each table of portfolio.toml."""
    parts = []
    for kind, found in KEYS.items():
        rows = [f"### {HEADINGS.get(kind, f'`[[{kind}]]`')}", "", "| key | holds | meaning |", "| --- | --- | --- |"]
        for key in found:
            holds = f"{key.holds}{', required' if key.required else ''}"
            choices = f" One of {', '.join(key.choices)}." if key.choices else ""
            rows.append(f"| `{key.name}` | {holds} | {key.meaning}{choices} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def columns() -> str:
    """The columns of each table of the store."""
    parts = []
    for name, found in TABLES.items():
        rows = [f"### Table `{name}`", "", "| column | holds | unit | meaning |", "| --- | --- | --- | --- |"]
        rows += [f"| `{one.name}` | {one.type} | {one.unit} | {one.meaning} |" for one in found]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def page(text: str) -> str:
    """The page with both parts as they are now."""
    for name, content in (("keys", keys()), ("columns", columns())):
        begin, end = f"<!-- {name}: written by make docs -->\n", f"<!-- end of {name} -->\n"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{content}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
