"""Europe PMC through its RESTful search: PubMed's records, PMC, preprints, Agricola, patents, guidelines.

Written from public documentation (europepmc.org/RestfulWebService, the Web Service Reference Guide 6.9, the
announcements of versions 6.6 and 6.9) and from replies recorded in public repositories; not yet run against the
live service. `EuropePmc` is the source, `Transport` sends its requests, `read_payload` reads a stored record.
"""

from connectors.europepmc.articles import read_payload, read_records
from connectors.europepmc.source import EuropePmc
from connectors.europepmc.transport import EUROPE_PMC, Transport, TransportSettings
from connectors.europepmc.walk import PAGE_SIZE

__all__ = ["EUROPE_PMC", "PAGE_SIZE", "EuropePmc", "Transport", "TransportSettings", "read_payload", "read_records"]
