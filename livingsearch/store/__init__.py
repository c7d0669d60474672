"""The only place that opens DuckDB, and the folders that a review's files lie in."""

from livingsearch.store.database import Store
from livingsearch.store.folders import ReviewFolder, Workspace
from livingsearch.store.log import append_to_log, log_position, utc_naive
from livingsearch.store.received import ReceivedFiles

__all__ = [
    "ReceivedFiles",
    "ReviewFolder",
    "Store",
    "Workspace",
    "append_to_log",
    "log_position",
    "utc_naive",
]
