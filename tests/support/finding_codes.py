"""What findings are called."""

from __future__ import annotations

from jcm_mrv.findings import Finding


def codes(findings: list[Finding]) -> list[str]:
    return [f.code for f in findings]
