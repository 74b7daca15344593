"""Python's collector and NumPy's threads, in a process of one command."""

from __future__ import annotations

import atexit
import gc
import os

import pytest

from jcm_mrv.collector import for_one_command, without_collector


def test_the_collector_rests_while_asked_and_goes_on_afterwards() -> None:
    with without_collector():
        assert not gc.isenabled()
        with without_collector():
            pass
        assert not gc.isenabled(), "who asked first still works"
    assert gc.isenabled()


def test_who_sets_the_number_of_threads_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(atexit, "register", lambda _: None)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    for_one_command()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    for_one_command()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
