"""The use cases: the only layer that joins connectors, dedup, strategy, store, ledger and exports."""
