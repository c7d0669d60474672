"""Read the records of a page of Europe PMC."""

from connectors.europepmc.canonical import payload_of, record_of
from connectors.europepmc.page import parse, read_page
from connectors.record import RawRecord, ReadFile, Record

FORMAT, PLATFORM = "europepmc-json", "europepmc"


def read_records(body: bytes) -> ReadFile:
    """Read the records of a reply.

    Args:
        body: as it came.

    Returns:
        Each record whole, and its canonical fields, in the page's order.

    Raises:
        MalformedReply: it is no reply to a search.
    """
    results = read_page(body).results
    return ReadFile(
        format=FORMAT,
        platform=PLATFORM,
        encoding="utf-8",
        record_starts=len(results),
        records=tuple(
            (RawRecord(position, FORMAT, payload_of(result)), record_of(result))
            for position, result in enumerate(results, 1)
        ),
    )


def read_payload(payload: str) -> Record:
    """The canonical record of one stored `RawRecord` of the form `europepmc-json`.

    Args:
        payload: the record's JSON.

    Raises:
        MalformedReply: it is no JSON object.
    """
    return record_of(parse(payload))
