"""Which received files a review's rows name."""

import duckdb

_NAMED = """
SELECT sha256 FROM run_file UNION SELECT sha256 FROM returned_file
UNION SELECT sha256 FROM typed_set WHERE sha256 <> '' ORDER BY ALL
"""


def received_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The sha256 of every file or reply that has to be among the received files, each once."""
    return [sha256 for (sha256,) in con.execute(_NAMED).fetchall()]
