"""Get records in: one subpackage a way in, and the canonical record that they all deliver.

Knows sources and formats; knows nothing of deduplication, storage or reviews.
"""
