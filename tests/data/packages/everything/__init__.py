"""Made for a test: one methodology that has every aggregate and operator of the language. Nothing of it is real."""

from __future__ import annotations

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    fixed,
    grouped,
    intermediate,
    listed,
    monitored,
    period,
    product_of,
    result,
    switch,
)
from jcm_mrv.quantities.expression import (
    at,
    choose,
    count,
    exp,
    greatest,
    lag,
    least,
    ln,
    maximum,
    mean,
    minimum,
    number_of,
    rounded,
    running,
    total,
    where,
)

path = listed("path of everything", "r", "path")
kind, kind_of_unit = grouped("kind of everything", "k", "kind of the unit")


class Everything(Methodology):
    """Made for a test."""

    FC = monitored("fuel burnt", unit="t", per=equipment)
    NCV = monitored("calorific value", unit="GJ/t", per=equipment, aggregate="weighted", weight=FC)
    P = monitored("highest power", unit="MW", per=equipment, aggregate="highest")
    L = monitored("level at the end", unit="t", per=equipment, aggregate="last")
    T = monitored("lowest temperature", unit="K", per=equipment, aggregate="lowest")
    Z = monitored("current", unit="A", per=equipment, aggregate="mean", symbol="I")
    I2h = product_of(Z, Z, "squared current", unit="A**2*h")
    n = monitored("deliveries", unit="1", aggregate="count")
    x = monitored("share in samples", unit="1", aggregate="sample")
    size = fixed("size of the unit", unit="kW", per=equipment, limits=(1.0, 100.0))
    H_0 = fixed("heat of the year before", unit="GJ", per=equipment, limits=(0.0, 1e6))
    eta = default("efficiency at the size", unit="1", per=equipment, by=size, limits=(0.0, 1.0))
    b = default("factor of the class", unit="1", per=equipment, by=size, limits=(0.0, 9.0))
    f = default("factor by kind and path", unit="tCO2e/GJ", per=(kind, path), limits=(0.0, 1.0))
    q = default("part of a path", unit="1", per=path, limits=(0.0, 1.0))
    k_y = default("factor of a year", unit="tCO2e/GJ", each=period, limits=(0.0, 1.0))
    way = switch("how heat until now counts", ["in whole tonnes", "as it is"])
    k_P = constant("1", unit="tCO2e/MW", label="factor of power", source="made up")
    k_L = constant("1/4", unit="tCO2e/t", label="factor of a level", source="made up")
    k_T = constant("0.01", unit="tCO2e/K", label="factor of a temperature", source="made up")
    k_n = constant("0.5", unit="tCO2e", label="factor of a delivery", source="made up")
    k_I = constant("0.00001", unit="tCO2e/(A**2*h)", label="factor of a squared current", source="made up")
    start = constant("2024", unit="yr", label="year before the first", source="made up")
    slow = constant("10", unit="yr", label="years of fading", source="made up")

    H = intermediate(FC * NCV * eta * b, "useful heat", unit="GJ", per=equipment)
    f_i = intermediate(total(at(f, kind_of_unit) * q, over=path), "factor of a unit", unit="tCO2e/GJ", per=equipment)
    rise = intermediate(maximum(H - lag(H, period, before=H_0), 0), "rise of heat", unit="GJ", per=equipment)
    H_sum = intermediate(total(running(H, period), over=equipment), "heat until now", unit="GJ")
    fade = intermediate(exp((start - number_of(period, "yr")) / slow), "what is left after fading", unit="1")
    U = intermediate(
        choose(way, {"in whole tonnes": rounded(H_sum * k_y, 0, "down"), "as it is": H_sum * k_y}),
        "tonnes of heat until now",
        unit="tCO2e",
    )
    RE = result(total(H * f_i + L * k_L, over=equipment) + total(rise, over=equipment) * k_y * fade + U, "reference")
    PE = result(
        total(P * k_P + T * k_T + I2h * k_I, over=equipment)
        + n * k_n
        - greatest(L * k_L, over=equipment) * ln(1 + x)
        + mean(P, over=equipment, weight=FC) * k_P * count((equipment, period), over=equipment),
        "project",
    )
    LE = result(
        minimum(least(T, over=equipment) * k_T * (1 + x) ** 2, 3 * k_n) + where(x < 0.5, x * k_n, 9 * k_n),
        "leakage",
    )
    ER = result(RE - PE - LE, "reductions")


METHODOLOGY = Everything
