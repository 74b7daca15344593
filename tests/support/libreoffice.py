"""LibreOffice as the second engine, as the package has it."""

from jcm_mrv.libreoffice import LibreOfficeError, recalculate, recalculate_all, soffice

__all__ = ["LibreOfficeError", "recalculate", "recalculate_all", "soffice"]
