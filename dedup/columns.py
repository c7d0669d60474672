"""The tables that go in and come out, declared column by column."""

import pyarrow as pa

from dedup.errors import ColumnsDiffer

_LIST = pa.list_(pa.string())

RECORDS = pa.schema(
    [
        ("record_id", pa.int64()),
        ("source", pa.string()),
        ("identity", pa.string()),
        ("title", pa.string()),
        ("title_original", pa.string()),
        ("authors", _LIST),
        ("year", pa.int32()),
        ("journal", pa.string()),
        ("journal_abbreviation", pa.string()),
        ("volume", pa.string()),
        ("issue", pa.string()),
        ("pages", pa.string()),
        ("doi", pa.string()),
        ("pmid", pa.string()),
        ("issns", _LIST),
        ("abstract", pa.string()),
        ("publication_types", _LIST),
    ]
)
"""What goes in. `record_id` is unique and was assigned once, at ingest; `identity` names a record within its
source, so that the same source and the same identity are the same record returned twice."""

NORMALISED = pa.schema(
    [
        ("record_id", pa.int64()),
        ("source", pa.string()),
        ("identity", pa.int64()),
        ("content", pa.int64()),
        ("title", pa.string()),
        ("title_other", pa.string()),
        ("generic", pa.bool_()),
        ("mark", pa.string()),
        ("part", pa.string()),
        ("numbers", _LIST),
        ("registry", pa.string()),
        ("trials", _LIST),
        ("kind", pa.string()),
        ("first_author", pa.string()),
        ("first_names", _LIST),
        ("families", _LIST),
        ("names", _LIST),
        ("year", pa.int32()),
        ("journal", pa.string()),
        ("journal_other", pa.string()),
        ("issns", _LIST),
        ("volume", pa.string()),
        ("issue", pa.string()),
        ("first_page", pa.string()),
        ("last_page", pa.string()),
        ("page_kind", pa.string()),
        ("pages", pa.string()),
        ("doi", pa.string()),
        ("pmid", pa.string()),
        ("abstract", pa.string()),
    ]
)
"""Records made comparable. Kept by the caller for known records, so that an update need not make them again.

`identity` and `content` are hashes (same source and identity; same normalised fields, null where a record says
too little for that to mean anything); `mark` is what kind of notice a title announces; `part` is a part's number,
followed by `~` where the title gives it without a word; `registry` is the registration in the title or in the place of
the journal, `trials` are all registrations named; `kind` is `abstract` (of a congress), `preprint`, `registration`,
`review` (one that has versions), `thesis` or empty; `page_kind` is one of `page`, `supplement`, `article`; `pages`
stays as printed, for the evidence."""

KEYS = pa.schema([("record_id", pa.int64()), ("key", pa.int64())])
"""Block keys: records that share one are compared."""

VERDICTS = pa.schema(
    [
        ("x_id", pa.int64()),
        ("y_id", pa.int64()),
        ("outcome", pa.string()),
        ("rule", pa.string()),
        ("score", pa.float64()),
        ("evidence", pa.string()),
        ("scores", pa.string()),
        ("relation", pa.string()),
    ]
)
"""One row a pair, `x_id` < `y_id`.

`outcome` is `duplicate`, `possible`, `related` (two reports that belong together, how says `relation`), or `distinct`
where a named veto fired on a pair that otherwise matched. `scores` is a JSON object of the fields that both records
fill: 1 where they agree, 0 where nothing can be told, -1 where they contradict; `title` and `title_words` are ratios
up to 100, `year_gap` is in years. `relation` is one of `RELATIONS`, null but for related pairs."""

RELATIONS = ("abstract", "preprint", "notice", "part", "version", "registration")
"""How two reports belong together that are not one: a congress abstract or a preprint and the article, an erratum,
retraction, comment or reply and what it speaks of, parts of a series, versions of a review, a registration and its
results."""

GROUPS = pa.schema([("record_id", pa.int64()), ("group_id", pa.int64())])
"""Which records report the same thing; `group_id` is the smallest record id of the group."""

STORED_GROUPS = pa.schema([("record_id", pa.int64()), ("group_id", pa.int64())])
"""The grouping of known records as the caller stored it, under any labels."""

RELEASED = pa.schema([("record_id", pa.int64()), ("report", pa.int64())])
"""Records whose report was released for screening, with a label of the report."""

DECIDED = pa.schema([("x_id", pa.int64()), ("y_id", pa.int64())])
"""Pairs on which a person has decided."""

CAPPED = pa.schema([("key", pa.int64()), ("records", pa.int64()), ("dropped", pa.int64()), ("example", pa.int64())])
"""Block keys that too many records share to compare each with each: how many do, how many of their pairs (identical
records counted once) came together by nothing else either and were not compared, and one of the records."""


def conform(name: str, table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The declared columns of a table, in the declared order.

    Args:
        name: what the table is called in a message.
        table: any Arrow table; further columns are left out.
        schema: the columns wanted.

    Raises:
        ColumnsDiffer: a column lacks, or its values cannot be read as the declared type.
    """
    missing = [column for column in schema.names if column not in table.column_names]
    if missing:
        raise ColumnsDiffer(name, "it lacks " + ", ".join(missing))
    chosen = table.select(schema.names)
    if chosen.schema.equals(schema):
        return chosen
    try:
        return chosen.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise ColumnsDiffer(name, str(error)) from error
