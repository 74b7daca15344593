"""The portfolio that ``jcm-mrv portfolio new`` writes: an example of each kind of entry, to be filled in."""

from __future__ import annotations

import json

from jcm_mrv.portfolio.keys import SCHEMA

NAME = "portfolio.toml"

_TEXT = """\
# A portfolio: projects that are calculated and reported together.
# Lines behind a # are examples. Take the # away from what you need; docs/portfolio.md lists every entry.
# Workbooks and packages lie in this folder or below it; their paths are written from here.

schema = {schema}
name = {name}
# title = "Green growth plan (illustrative)"
# place = "Hai Phong, Viet Nam"
# fields = ["waste", "energy", "transport", "water"]

# A park or city. A group may be part of another.
# [[group]]
# name = "park"
# kind = "park"
# latitude = 20.90
# longitude = 106.61

# A firm, also one without a project.
# [[tenant]]
# name = "steel works"
# group = "park"
# year = 2024
# emissions = 2800      # tCO2e of that year
# energy = 950          # TOE of that year
# source = "Letter of the firm, 2025-02-01 (illustrative)"

# A project with its monitoring workbook (jcm-mrv template writes a blank one) ...
# [[member]]
# name = "solar roof"
# workbook = "solar_roof/monitoring.xlsx"
# group = "park"
# tenant = "steel works"
# field = "energy"
# pilot = 3
# start = 2023-01-01

# ... or with its package (monitoring_package.zip of jcm-mrv calculate) ...
# [[member]]
# name = "air conditioning"
# package = "air_conditioning/monitoring_package.zip"
# field = "energy"

# ... or with plain figures and where they were read, for what has no JCM methodology ...
# [[member]]
# name = "electric bus"
# field = "transport"
# status = "ended"
# start = 2017-01-01
# end = 2019-06-30
# [[member.figures]]
# year = 2018
# amount = 12.5
# unit = "tCO2e"
# source = "Report of the city, p. 14 (illustrative)"

# ... or without any, with the reason.
[[member]]
name = "example"
field = "waste"
no_figures = "An example: replace it by your first project."

# What goes from one firm or project to another.
# [[flow]]
# name = "steam"
# kind = "energy"
# carrier = "heat"      # electricity, heat, cooling or fuel
# what = "steam"
# from = "steel works"
# to = "solar roof"
# amount = 1200
# unit = "GJ"
# start = 2024-01-01
# end = 2024-12-31
# document = "Contract and monthly bills (illustrative)"
"""


def start(name: str) -> str:
    """The text of a new portfolio of that name; it can be run as it is."""
    plain = " ".join("".join(c for c in name if c.isprintable()).split())[:100] or "portfolio"
    return _TEXT.format(schema=json.dumps(SCHEMA), name=json.dumps(plain, ensure_ascii=False))
