"""Where records stand: journals, volumes, issues, pages and the numbers that name a report."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.ranked import as_lists, each_once, ranks
from dedup.scratch import Scratch
from dedup.texts import Reader, says, told
from dedup.vocabulary import ADDRESS, DAYS, PAGE_LETTERS, patterns

# A journal, a volume, an issue is read once, however many records bear it.
# A registry's record names the address of its page as its journal.
_JOURNALS = rf"""
SELECT place, CASE WHEN NOT regexp_matches(printed, '{ADDRESS}') THEN nullif(trim(bare), '') END AS journal
FROM (
    SELECT place, printed, regexp_replace(' ' || said || ' ',
        '(\s(the|of|and|in|for|on|de|la|le|les|des|du|der|die|das|und|et|del|y|e|a)\b)+', '', 'g') AS bare
    FROM (
        SELECT place, printed, dedup_words(regexp_replace(dedup_plain(printed),
            '(\.\s?conference\b.*|\s:\s.*|:\s.*|\s=\s.*|\([^)]*\)|\[[^\]]*\])', ' ', 'g')) AS said
        FROM dedup_printed))
ORDER BY place
"""  # noqa: S608

_VOLUMES = r"""
SELECT place, contains(v, 'no pagination') AS unpaged,
    CASE WHEN regexp_matches(v, '^\W*\d+\)$') THEN NULL
         WHEN regexp_matches(v, 'conference|congress|meeting')
         THEN nullif(ltrim(regexp_extract(v, '(\d+)\D*$', 1), '0'), '')
         WHEN regexp_matches(v, '^\W*suppl') THEN NULL
         ELSE dedup_number(v) END AS volume,
    nullif(ltrim(regexp_extract(v, '^\s*\d+\s*\((\d{1,3})\)', 1), '0'), '') AS issue
FROM (SELECT place, lower(printed) AS v FROM dedup_printed) ORDER BY place
"""

# Some hosts print the issue in the volume, `13 (1) (no pagination)`, and the article's number as the issue.
_ISSUES = r"""
SELECT place,
    CASE WHEN regexp_matches(i, 'suppl|^\W*s\d|special|no pagination') AND NOT regexp_matches(i, '^\d+\D')
         THEN NULL WHEN length(dedup_number(i)) < 4 THEN dedup_number(i) END AS issue
FROM (SELECT place, lower(printed) AS i FROM dedup_printed) ORDER BY place
"""

_ISSNS = "SELECT place, upper(regexp_replace(printed, '[^0-9xX]', '', 'g')) AS issn FROM dedup_printed ORDER BY place"

_PAGES = r"""
WITH text AS (
    SELECT place, unpaged, regexp_replace(regexp_replace(lower(replace(printed, '‐', '-')), '[‑‒–—−]', '-', 'g'),
        '^\s*(pages?|pp?|article|art\.? ?no\.?)\W*', '') AS p
    FROM dedup_asked
), placed AS (
    -- A dash after a letter parts the letter of a supplement from its number; after others, digits were lost.
    SELECT *, regexp_matches(p, $dates) OR regexp_matches(p, '^\W*[b-df-oq-rt-z]-\d') AS dated,
        regexp_extract(p, '^\W*({letters})\W?0*(\d+)', ['letter', 'digits']) AS f,
        regexp_extract(p, '^\W*(?:{letters})\W?\d+(?:\.e\d+)?\s*-+\s*({letters})\W?0*(\d+)', ['letter', 'digits']) AS l
    FROM text
), paged AS (
    SELECT *, CASE WHEN dated OR f.digits = '' THEN NULL ELSE f.letter || f.digits END AS first_page,
        CASE WHEN dated OR l.digits = '' OR f.digits = '' THEN NULL
             WHEN length(l.digits) < length(f.digits)
             THEN f.letter || left(f.digits, length(f.digits) - length(l.digits)) || l.digits
             ELSE f.letter || l.digits END AS last_page
    FROM placed
)
SELECT place, first_page, last_page,
    f.letter IN ('s', 'sa', 'ps', 'op', {days}) OR (f.letter IN ('a', 'p') AND last_page IS NOT NULL) AS congress,
    CASE WHEN first_page IS NULL THEN NULL
         WHEN unpaged THEN 'article'
         WHEN length(f.digits) >= 6
              OR (f.letter IN ('e', 'a', 'o', 'm', 'h', 'i', 'c', 'b') AND length(f.digits) >= 3
              AND last_page IS NULL AND NOT (f.letter = 'a' AND length(f.digits) = 3)) THEN 'article'
         -- A supplement's number in Roman letters is of two and more, or looks like other letters.
         WHEN f.letter IN ('s', 'a', 'sa', 'p', 'ps', 'op', {days}) OR regexp_matches(f.letter, '^[ivx]{2,}$')
         THEN 'supplement'
         ELSE 'page' END AS page_kind
FROM paged
""".replace("{letters}", PAGE_LETTERS).replace("{days}", str(list(DAYS))[1:-1])

_DOI = r"""nullif(regexp_extract(regexp_replace(regexp_replace(
    CASE WHEN contains(x, '%') THEN url_decode(lower(x)) ELSE lower(x) END, '[?#].*$', ''),
    '(/(full|abstract|pdf|epdf|fulltext|html|meta))?[\s.,;:\])]*$', ''), '(10\.\d{4,9}/\S+)', 1), '')"""
_PLAIN_DOI = r"^10\.[0-9]{4,9}/[!\"$&->@-~]*[0-9xX]$"

# A number in pieces, or one of two, names no record for certain; that of PubMed Central is another one.
_PMID = r"""nullif(ltrim(regexp_extract(
    regexp_replace(x, '(?i)\[[^\]]*\]|\bPMC(?:ID)?\W*(?:PMC)?\d+(?:\.\d+)?', '', 'g'),
    '^\D*(\d+)(?:\.\d{1,2})?\D*$', 1), '0'), '')"""
_PLAIN_PMID = "^[1-9][0-9]*$"


def places(reader: Reader, records: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Where the records stand, in their order.

    Args:
        reader: has its macros defined.
        records: a table of `RECORDS`.

    Returns:
        Columns of `NORMALISED`, and `congress`: whether the pages are those of a supplement of abstracts.
    """
    space, pages = reader.space, records.column("pages")
    named, short = _each_once(space, _JOURNALS, records.column("journal"), records.column("journal_abbreviation"))
    (volume,) = _each_once(space, _VOLUMES, records.column("volume"))
    (issue,) = _each_once(space, _ISSUES, records.column("issue"))
    journal, other = named.column("journal"), short.column("journal")
    return {
        "journal": journal,
        "journal_other": pc.if_else(pc.not_equal(other, journal), other, None),
        "issns": _issns(space, records.column("issns")),
        "volume": volume.column("volume"),
        "issue": pc.coalesce(volume.column("issue"), issue.column("issue")),
        "pages": pages,
        **_pages(reader, pages, volume.column("unpaged"), records.column("issue")),
        "doi": _or_plain(reader, records.column("doi"), pc.ascii_lower(records.column("doi")), _PLAIN_DOI, _DOI),
        "pmid": _or_plain(reader, records.column("pmid"), records.column("pmid"), _PLAIN_PMID, _PMID),
    }


def _each_once(space: Scratch, select: str, *columns: pa.ChunkedArray) -> list[pa.Table]:
    """What a query tells of texts that are often the same: one table for each column of them."""
    coded = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()).combine_chunks()
    coded = coded.dictionary_encode()
    space.lend("printed", pa.table({"place": np.arange(len(coded.dictionary)), "printed": coded.dictionary}))
    found = space.read(select).drop_columns("place").combine_chunks()
    space.take_back("printed")
    ends = np.cumsum([len(column) for column in columns])
    return [
        found.take(coded.indices.slice(end - len(column), len(column)))
        for end, column in zip(ends.tolist(), columns, strict=True)
    ]


def _or_plain(reader: Reader, texts: pa.ChunkedArray, made: pa.ChunkedArray, pattern: str, sql: str) -> pa.ChunkedArray:
    unread = told(texts.is_valid()) & ~says(texts, pattern)
    return reader.completed(texts, (made, unread), sql)


def _issns(space: Scratch, issns: pa.ChunkedArray) -> pa.ListArray:
    lists = issns.combine_chunks()
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    owners = np.repeat(np.arange(len(lists)), counts)
    (read,) = _each_once(space, _ISSNS, pa.chunked_array([pc.list_flatten(lists)]))
    spelt = read.column("issn")
    place, alphabet = ranks(spelt.drop_null().combine_chunks())
    owner, rank = each_once(owners[told(spelt.is_valid())], place, len(alphabet))
    return as_lists(owner, rank, alphabet, len(lists))


def _pages(
    reader: Reader, pages: pa.ChunkedArray, of_unpaged: pa.ChunkedArray, issue: pa.ChunkedArray
) -> dict[str, pa.ChunkedArray]:
    unpaged = told(pc.and_(of_unpaged, pages.is_null()))
    printed = pc.if_else(pa.array(unpaged), issue, pages)
    asked = told(printed.is_valid())
    other = {"first_page": None, "last_page": None, "congress": False, "page_kind": None}
    rows = pa.table({"printed": printed, "unpaged": unpaged})
    found = reader.some(_PAGES, patterns()["places"], rows, asked, other)
    return {name: found.column(name) for name in found.column_names}
