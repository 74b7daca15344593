"""Sets and the labels of their elements."""

from __future__ import annotations

import pytest

from jcm_mrv.quantities.sets import Numbered, Set, Space


def test_numbered_labels_are_those_of_a_list() -> None:
    labels, space, readings = Numbered(3), Space(), Set("reading", "r", "reading")
    assert list(labels) == ["#1", "#2", "#3"] and labels[-1] == "#3" and labels[:2] == ("#1", "#2")
    assert "#3" in labels and "#4" not in labels and list(Numbered(0)) == []
    with pytest.raises(IndexError):
        labels[3]
    space.add(readings, labels, [1, 2, 3])
    assert space.elements[readings] is labels  # and no label of millions is made that nobody asks for
    assert space.size(readings) == 3 and space.labels((readings,), (1,)) == ("#2",)
