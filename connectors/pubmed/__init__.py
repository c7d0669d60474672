"""PubMed through NCBI's E-utilities: search, fetch, read.

`Transport` sends every request; `search` and `count` run a query, `check_warnings` holds one that PubMed did
not run as written, `fetch` brings the records, `read_articles` reads them. Where to keep replies, how far a
fetch got, the file of the rate limit and the API key are handed in.
"""

from connectors.altered import Warning
from connectors.pubmed.articles import read_articles, read_payload
from connectors.pubmed.fetch import BATCH, Reply, fetch
from connectors.pubmed.preflight import preflight
from connectors.pubmed.replies import SearchReply, check_warnings, read_search
from connectors.pubmed.search import WINDOW, count, probe, search
from connectors.pubmed.transport import NCBI, Transport, TransportSettings

__all__ = [
    "BATCH",
    "NCBI",
    "WINDOW",
    "Reply",
    "SearchReply",
    "Transport",
    "TransportSettings",
    "Warning",
    "check_warnings",
    "count",
    "fetch",
    "preflight",
    "probe",
    "read_articles",
    "read_payload",
    "read_search",
    "search",
]
