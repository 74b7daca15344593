"""A package beside its metadata, as an installation leaves it, without running pip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jcm_mrv.methodology.catalogue import GROUP, catalogue


@contextmanager
def installed(*packages: Path) -> Iterator[None]:
    """The packages that lie in these folders (``folder/name``, where the folder is called like the package)."""
    with pytest.MonkeyPatch.context() as patch:
        for folder in packages:
            info = folder / f"{folder.name}-0.1.dist-info"
            info.mkdir(exist_ok=True)
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {folder.name}\nVersion: 0.1\n")
            (info / "entry_points.txt").write_text(f"[{GROUP}]\n{folder.name} = {folder.name}\n")
            patch.syspath_prepend(folder)
        catalogue.cache_clear()
        try:
            yield
        finally:
            catalogue.cache_clear()
