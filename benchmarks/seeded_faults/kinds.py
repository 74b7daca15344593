"""Imports every module of faults, so that their kinds are registered."""

from __future__ import annotations

from importlib import import_module

MODULES = ("faults_logs", "faults_clock", "faults_form", "faults_registers", "faults_records", "faults_meters")


def load() -> None:
    """Register all kinds."""
    for name in MODULES:
        import_module(f"seeded_faults.{name}")
