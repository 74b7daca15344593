"""LibreOffice as the second engine, as the package has it."""

from jcm_mrv.conformance.libreoffice import LibreOfficeError, recalculate, soffice

__all__ = ["LibreOfficeError", "recalculate", "soffice"]
