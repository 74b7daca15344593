"""What each sheet is for, in the words that plant staff read in the workbook and in the docs."""

from __future__ import annotations

ABOUT = {
    "project": "The project and the monitoring period. One field per row.",
    "eligibility": "The eligibility criteria of the methodology. Say for each whether it is met, and what proves it.",
    "equipment": "Every unit as it was really built, one row per unit, with the serial number of its name plate.",
    "meters": (
        "Every meter, one row per physical meter. When a meter or a transformer is changed, close the old row "
        "(removed, closing reading) and add a row with the same meter ID (installed, opening reading)."
    ),
    "calibrations": "Every calibration or test of a meter, also those from before the monitoring period.",
    "points": (
        "How the meters make each monitored parameter. Rows with the same parameter and the same equipment add up: "
        "a main meter with + and a sub-meter with - give the difference."
    ),
    "fixed": (
        "Values that are fixed before the monitoring period. Where the value is blank, the value on the methodology's "
        "card is used. To confirm or replace it, write the value, the document and the page."
    ),
    "readings": (
        "Readings of meters, one row per reading. Leave out what was not read: a row with 0 says that nothing flowed."
    ),
    "logs": "Files with long series of measurements that lie beside this workbook, one row per file and meter.",
    "invoices": "Invoices of energy or fuel, against which the readings are checked.",
    "stocks": (
        "Fuel or material that is not metered but stored: what was used is the opening stock, and what was received, "
        "less the closing stock."
    ),
    "conversions": (
        "What makes the unit of a meter's readings that of the methodology: the density of a fuel, its calorific "
        "value, the energy of a pulse. Every reading of the meter is multiplied by all of its rows."
    ),
    "overrides": (
        "The true metered quantity where readings are wrong or missing, with reason and proof. The readings themselves "
        "stay as they are, and every report shows both."
    ),
    "settings": "Limits and rules that differ from the defaults, each with its reason. Usually empty.",
    "estimates": "The emission reductions that the PDD estimated before the project, by calendar year.",
    "evidence": "The documents that prove what is written here.",
    "team": "Who is responsible for what in the monitoring.",
    "answers": (
        "Answers to findings that stay: what cannot be mended is explained here, with its proof. The verifier judges "
        "it; no answer changes a tonne or closes a question by itself."
    ),
}
