"""Make records comparable: fold what databases write differently, and set apart what makes two reports two."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.columns import NORMALISED, RECORDS, conform
from dedup.people import people
from dedup.places import places
from dedup.scratch import scratch
from dedup.texts import Reader, replaced, told
from dedup.titles import titles
from dedup.vocabulary import ADDRESS, patterns

ABSTRACT_LENGTH = 600
"""Letters of an abstract that are kept: more tell nothing new and cost memory."""

# A record that says too little is like no other by saying the same.
_DIGESTS = """
SELECT place, CASE WHEN source IS NOT NULL AND identity IS NOT NULL THEN (hash(source, identity) >> 1)::BIGINT END
        AS identity,
    CASE WHEN title IS NULL AND mark = '' THEN NULL
         WHEN generic AND coalesce(first_page, doi, pmid) IS NULL
              AND (said < 3 OR regexp_matches(title, $generic) OR regexp_matches(title, $generic_end)) THEN NULL
         WHEN said < CASE WHEN generic THEN 2 ELSE 1 END THEN NULL
         ELSE (hash(printed, title_other, mark, names, year, journal, address, journal_other, issns, volume, issue,
            first_page, last_page, doi, pmid, registry, abstract) >> 1)::BIGINT END AS content
FROM (
    SELECT *, (len(names) > 0)::INT + (year IS NOT NULL)::INT + (journal IS NOT NULL)::INT + (volume IS NOT NULL)::INT
        + (first_page IS NOT NULL)::INT + (doi IS NOT NULL)::INT * 2 + (pmid IS NOT NULL)::INT * 2
        + (abstract IS NOT NULL)::INT + (coalesce(issue, title_other, issns[1]) IS NOT NULL)::INT AS said
    FROM dedup_records
) ORDER BY place
"""


def normalise(con: duckdb.DuckDBPyConnection, records: pa.Table, *, at_length: bool = False) -> pa.Table:
    """Records in the form in which they are compared.

    Every record is read by itself: what is made of it does not depend on the others of the table.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        records: a table of `RECORDS`.
        at_length: take no short ways, which lead to the same.

    Returns:
        A table of `NORMALISED`, one row a record, in their order.
    """
    records = conform("records", records, RECORDS)
    with scratch(con) as space:
        reader = Reader(space, at_length)
        reader.define()
        made = {
            **{name: records.column(name) for name in ("record_id", "source", "year")},
            **titles(reader, records),
            **people(reader, records.column("authors")),
            **places(reader, records),
            "abstract": _abstracts(reader, records.column("abstract")),
        }
        of_congress = pa.array(told(made["congress"]) & told(pc.equal(made["kind"], "")))
        made["kind"] = pc.if_else(of_congress, "abstract", made["kind"])
        digests = _digests(reader, made, records)
        made |= {name: digests.column(name) for name in ("identity", "content")}
    return conform("normalised", pa.table({name: made[name] for name in NORMALISED.names}), NORMALISED)


def _abstracts(reader: Reader, abstracts: pa.ChunkedArray) -> pa.ChunkedArray:
    read = reader.words(pc.utf8_slice_codeunits(abstracts, 0, ABSTRACT_LENGTH))
    return pc.utf8_slice_codeunits(read, 0, ABSTRACT_LENGTH)


def _digests(reader: Reader, made: dict[str, pa.ChunkedArray], records: pa.Table) -> pa.Table:
    """Digests of the records: what they are in their source, and what they say."""
    noted = told(pc.not_equal(made["printed"], made["spelt"]))
    printed = reader.words(made["printed"].filter(pa.array(noted)), folded="x")
    # A registry's record names the address of its page as its journal: another address is another record.
    journal = records.column("journal")
    address = pc.if_else(pc.match_substring_regex(journal, ADDRESS), journal, None)
    columns = made | {"printed": replaced(made["title"], noted, printed), "identity": records.column("identity")}
    rows = pa.table(columns | {"address": address, "place": np.arange(records.num_rows)})
    reader.space.lend("records", rows)
    used = patterns()["parts"]
    return reader.space.read(_DIGESTS, {name: used[name] for name in ("generic", "generic_end")})
