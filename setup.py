"""What setup.cfg cannot say: packages and methodology families are found on disk, never listed by hand.

``methodologies/`` and ``templates/`` lie at the top of the checkout and are
installed inside ``jcm_mrv``. A new sub-package, or a new folder under
``methodologies/``, is picked up at the next installation.
"""

from pathlib import Path

from setuptools import find_packages, setup

PLACED_INSIDE = ("methodologies", "templates")


def packages() -> list[str]:
    """Every package as it is called once installed."""
    inside = [name for top in PLACED_INSIDE for name in find_packages(include=[top, f"{top}.*"])]
    return find_packages(include=["jcm_mrv", "jcm_mrv.*"]) + [f"jcm_mrv.{name}" for name in inside]


def families() -> list[str]:
    """The built-in families, registered in the group that packages from outside use too."""
    folders = sorted(path.parent.name for path in Path("methodologies").glob("*/__init__.py"))
    return [f"{name} = jcm_mrv.methodologies.{name}" for name in folders]


setup(
    packages=packages(),
    entry_points={"console_scripts": ["jcm-mrv = jcm_mrv.cli:main"], "jcm_mrv.methodologies": families()},
)
