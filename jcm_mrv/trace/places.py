"""Where each number of a claim was read, the transformer factors of readings among them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.quantities.expression import Named
from jcm_mrv.result import Result


def places(result: Result) -> Callable[[Named, tuple[int, ...]], Origin]:
    """Where a quantity at an element was read; NOWHERE for what is computed.

    The transformer factor of a reading is that of the row of Meters that holds when the reading begins; NOWHERE where
    another factor is used, such as that of a log whose values have it in them already.
    """
    chains: dict[Named, Chain] = {chain.graph.k_T: chain for chain in result.claim.chains}
    cells = {row.origin("meter_id"): row.origin("transformer_factor") for row in result.data.meters}

    def place(node: Named, ordinals: tuple[int, ...]) -> Origin:
        if node not in chains:
            return result.origin(node, ordinals)
        chain = chains[node]
        row = int(chain.rows[ordinals[0]])
        meter = result.meters.get(chain.parts.meter_ids[int(chain.parts.meter[row])])
        if meter is None:
            return NOWHERE  # a product of meters has no transformer factor of its own
        n = int(meter.installation_at(np.array([chain.parts.start[row]]))[0])
        one = meter.installations[n]
        used = float(chain.values[node][ordinals])
        return cells.get(one.where, NOWHERE) if n >= 0 and one.factor == used else NOWHERE

    return place
