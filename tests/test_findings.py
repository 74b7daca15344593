"""What findings share: naming things in a sentence."""

from __future__ import annotations

import pytest

from jcm_mrv.findings import named


@pytest.mark.parametrize(
    ("count", "separator", "text"),
    [
        (0, ", ", ""),
        (2, ", ", "a, b"),
        (3, ", ", "a, b, c"),
        (5, ", ", "a, b, c and 2 more"),
        (5, "; ", "a; b; c; and 2 more"),
    ],
)
def test_things_are_named_in_one_sentence_and_the_rest_is_counted(count: int, separator: str, text: str) -> None:
    assert named(list("abcde")[:count], separator, most=3) == text
