"""What covers a meter, each source as one cumulative curve, and the one question that is asked of it.

Register readings, logs, readings of energy, invoices, stock ledgers and check meters all become a
:class:`~jcm_mrv.meters.sources.curve.Curve`; the metered quantity between two instants is asked of that alone.
"""
