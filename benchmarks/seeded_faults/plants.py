"""The kinds of clean cases by name."""

from __future__ import annotations

from collections.abc import Callable

from seeded_faults import plants_cooling as cooling
from seeded_faults import plants_output as output
from seeded_faults import plants_site as site
from seeded_faults import plants_solar as solar
from seeded_faults import plants_tree as tree
from seeded_faults.plant import Plant
from seeded_faults.plant_parts import Rng

PLANTS: dict[str, Callable[[Rng], Plant]] = {
    "solar log": solar.solar_log,
    "real log": solar.real_log,
    "wide export": solar.wide_export,
    "main minus sub": solar.main_minus_sub,
    "check meter": solar.check_meter,
    "readings sheet": solar.readings_sheet,
    "hourly cooling": cooling.hourly_cooling,
    "factory registers": cooling.factory_registers,
    "monthly registers": cooling.monthly_registers,
    "invoices": cooling.invoiced,
    "output and machines": output.machines,
    "transformer log": cooling.transformer_log,
    "boiler tank": site.boiler,
    "large site": site.large_site,
    "cooling below a main": tree.below_main(cooling.hourly_cooling, "cooling below a main"),
    "factory below a main": tree.below_main(cooling.factory_registers, "factory below a main"),
    "registers below a main": tree.below_main(cooling.monthly_registers, "registers below a main"),
    "transformer below a main": tree.below_main(cooling.transformer_log, "transformer below a main"),
    "machines below a main": tree.below_main(output.machines, "machines below a main"),
    "feeder less auxiliary": tree.feeder_less_auxiliary,
    "feeder and inverters": tree.feeder_and_inverters,
}
TREES = tuple(name for name in PLANTS if "below" in name or "feeder" in name)
"""Those with a tree of meters."""
