"""What the figure of a result may be called; the page, the PDF, the workbook and the terminal all ask here."""

from __future__ import annotations

from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.result import Result


def standing(result: Result, t: Translator) -> str:
    """ "Emission reductions to be credited" where no question is open, otherwise "claimed, N questions open"."""
    count = result.questions
    if not count:
        return t("standing.credited")
    return t("standing.one_open") if count == 1 else t("standing.open", count=count)


def tonnes_head(result: Result, t: Translator) -> str:
    """The heading over whole tonnes: what is credited, or while a question is open what is claimed."""
    return t("standing.claimed_tonnes" if result.questions else "standing.credited_tonnes")
