"""Origins made on demand."""

import pytest

from jcm_mrv.origin import Origin, OriginsOnDemand


def test_it_is_a_sequence_of_origins() -> None:
    origins = OriginsOnDemand(3, lambda n: Origin(cell=f"E{n + 2}"))
    assert [o.cell for o in origins] == ["E2", "E3", "E4"]
    assert (origins[-1].cell, [o.cell for o in origins[1:]], len(origins)) == ("E4", ["E3", "E4"], 3)


@pytest.mark.parametrize("at", [3, -4])
def test_there_is_none_beyond_its_ends(at: int) -> None:
    with pytest.raises(IndexError):
        OriginsOnDemand(3, lambda n: Origin())[at]
