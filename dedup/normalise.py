"""Make records comparable: fold what databases write differently, and set apart what makes two reports two."""

import duckdb
import pyarrow as pa

from dedup.columns import NORMALISED, RECORDS, conform
from dedup.scratch import Scratch, scratch
from dedup.vocabulary import GREEK, LETTERS, MARKS, PARTICLES, patterns

ABSTRACT_LENGTH = 600
"""Letters of an abstract that are kept: more tell nothing new and cost memory."""


def _greek(expression: str) -> str:
    for letter, name in GREEK.items():
        expression = f"replace({expression}, '{letter}', '{name}')"
    return expression


_MACROS = (
    # md5 and not hash(): the keys are stored, and hash() may change between versions of DuckDB.
    ("digest", "x", "(md5_number_lower(x) >> 1)::BIGINT"),
    ("greek", "x", f"CASE WHEN regexp_matches(x, '[α-ω]') THEN {_greek('x')} ELSE x END"),
    (
        "letters",
        "x",
        f"replace(replace(replace(translate(strip_accents(x), '{LETTERS[0]}', '{LETTERS[1]}'), "
        "'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')",
    ),
    (
        "unmarked",
        "x",
        r"""regexp_replace(regexp_replace(regexp_replace(regexp_replace(x,
            '</?[a-zA-Z][^<>]{0,80}>', '', 'g'),
            '&(amp|#38);', ' and ', 'g'),
            '&(nbsp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9a-fA-F]+);', ' ', 'g'),
            '&([a-zA-Z]+);', '\1', 'g')""",
    ),
    (
        "plain",
        "x",
        """replace(translate(dedup_greek(dedup_letters(lower(dedup_unmarked(x)))), $$'’‘ʼ`´′$$, ''), '&', ' and ')""",
    ),
    ("words", "x", r"""nullif(trim(regexp_replace(x, '[^\p{L}\p{N}]+', ' ', 'g')), '')"""),
    ("tokens", "x", r"""regexp_split_to_array(dedup_words(x), ' ')"""),
    (
        "family",
        "a",
        rf"""regexp_replace(coalesce(dedup_words(dedup_plain(
            CASE WHEN contains(a, ',') THEN split_part(a, ',', 1)
            ELSE regexp_replace(regexp_replace(a, '(\s+\p{{Lu}}[.\p{{Lu}}\-]{{0,4}})+$', ''),
                                '^(\p{{Lu}}\.[\s\-]*)+', '') END)), ''), '^(({PARTICLES})\s+)+', '')""",
    ),
    ("number", "x", r"""nullif(ltrim(regexp_extract(x, '(\d+)', 1), '0'), '')"""),
)

_TITLES = r"""
WITH folded AS (
    SELECT record_id, publication_types, journal, dedup_plain(title) AS t, dedup_plain(title_original) AS o
    FROM dedup_records
), without_notes AS (
    SELECT *, trim(regexp_replace(t, $notes, ' ')) AS a FROM folded
), unbracketed AS (
    SELECT *, coalesce(nullif(regexp_extract(a,
        '^\s*\[([^\[\]]{8,})\]\W*(\[[^\[\]]*\]|\([^()]*\))?\W*$', 1), ''), a) AS b
    FROM without_notes
), tagged AS (
    SELECT *, nullif(regexp_extract(b, '^.{15,}\[([^\[\]]{30,})\]\W*$', 1), '') AS translated,
        CASE WHEN regexp_matches(b, '^.{10,}?(\s*\[[^\[\]]*\]\W*)+$')
             THEN regexp_replace(b, '(\s*\[[^\[\]]*\]\W*)+$', '') ELSE b END AS c
    FROM unbracketed
), cleaned AS (
    SELECT *, regexp_replace(c, $tags, '') AS d FROM tagged
), named AS (
    SELECT *, CASE {marks} ELSE '' END AS mark FROM cleaned
)
SELECT record_id, t AS printed, mark,
    dedup_words(CASE mark WHEN '' THEN d ELSE coalesce(nullif(trim(regexp_replace(regexp_replace(
        regexp_replace(d, $mark_head, ''), $mark_tail, ''), $mark_where, ' ')), ''), d) END) AS title,
    coalesce(dedup_words(trim(o, '[] .')), dedup_words(translated)) AS title_other,
    nullif(regexp_extract(upper(concat_ws(' ', t, journal)), $registry, 1), '') AS registry
FROM named
"""

_PARTS = r"""
SELECT record_id, printed, mark, title, title_other, registry,
    nullif(array_to_string(list_transform(regexp_extract_all(title,
        '\b(part|pt|volume|vol|chapter|section|paper|phase) (\d{1,3}|[ivx]{1,5}|one|two|three|four|five|a|b|c)\b', 2),
        lambda p: coalesce(map($numeral, $number)[p], ltrim(p, '0'))), ' '), '') AS part,
    list_sort(list_distinct(list_transform(list_filter(regexp_split_to_array(title, ' '),
        lambda w: regexp_matches(w, '^(\d{1,6}|ii|iii|iv|vi|vii|viii|ix|first|second|third|fourth|fifth)$')),
        lambda w: coalesce(map($numeral, $number)[w], coalesce(nullif(ltrim(w, '0'), ''), '0'))))) AS numbers,
    length(replace(title, ' ', '')) < 14 OR regexp_matches(title, $generic) AS generic
FROM dedup_titles
"""

# Every spelling of a name is read once, however many records bear it.
_NAMES = """
SELECT printed, dedup_family(printed) AS family, dedup_words(dedup_plain(printed)) AS name
FROM (SELECT DISTINCT unnest(authors) AS printed FROM dedup_records)
WHERE printed <> '' AND NOT regexp_matches(lower(printed), $nobody) AND NOT regexp_matches(lower(printed), $bodies)
"""

_PEOPLE = rf"""
WITH placed AS (
    SELECT record_id, unnest(authors) AS printed, generate_subscripts(authors, 1) AS place FROM dedup_records
), named AS (
    SELECT record_id, place, coalesce(nullif(family, ''), name) AS family, name
    FROM placed JOIN dedup_names USING (printed)
), words AS (
    SELECT record_id, place, unnest(regexp_split_to_array(name, ' ')) AS word, false AS family, family AS whole
    FROM named
    UNION ALL
    SELECT record_id, place, unnest(regexp_split_to_array(family, ' ')), true, family FROM named
), first AS (
    SELECT record_id, min(place) AS place, arg_min(family, place) AS first_author FROM named GROUP BY record_id
)
SELECT record_id, any_value(first_author) AS first_author,
    coalesce(list_sort(list(DISTINCT word) FILTER (seat = place AND NOT family AND length(word) > 2)), [])
        AS first_names,
    coalesce(list_sort(list(DISTINCT word) FILTER (family)), []) AS families,
    coalesce(list_sort(list(DISTINCT word) FILTER (NOT family)), []) AS names
FROM first JOIN (SELECT record_id, place AS seat, word, family FROM words
    WHERE length(word) > 1 AND (word = whole OR NOT regexp_full_match(word, '{PARTICLES}'))) USING (record_id)
GROUP BY record_id
"""  # noqa: S608

_PLACES = r"""
WITH text AS (
    SELECT record_id, journal, journal_abbreviation, volume, issue, lower(volume) AS v, lower(issue) AS i,
        regexp_replace(regexp_replace(lower(replace(pages, '‐', '-')), '[‑‒–—−]', '-', 'g'),
            '^\s*(pages?|pp?|article|art\.? ?no\.?)\W*', '') AS p
    FROM dedup_records
), first AS (
    SELECT *, regexp_matches(p, $dates) AS dated,
        regexp_extract(p, '^\W*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS f,
        regexp_extract(p, '^\W*[a-z]{0,2}\W?\d+(?:\.e\d+)?\s*-+\s*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS l
    FROM text
), read AS (
    SELECT *, CASE WHEN dated OR f.digits = '' THEN NULL ELSE f.letter || f.digits END AS first_page,
        CASE WHEN dated OR l.digits = '' OR f.digits = '' THEN NULL
             WHEN length(l.digits) < length(f.digits)
             THEN f.letter || left(f.digits, length(f.digits) - length(l.digits)) || l.digits
             ELSE f.letter || l.digits END AS last_page
    FROM first
)
SELECT record_id, first_page, last_page,
    CASE WHEN first_page IS NULL THEN NULL
         WHEN length(f.digits) >= 6 OR (f.letter IN ('e', 'a', 'o', 'm', 'h', 'i', 'c', 'b') AND length(f.digits) >= 3
              AND last_page IS NULL AND NOT (f.letter = 'a' AND length(f.digits) = 3)) THEN 'article'
         WHEN f.letter IN ('s', 'a', 'sa', 'p', 'ps', 'op') THEN 'supplement'
         ELSE 'page' END AS page_kind,
    CASE WHEN v IS NULL OR regexp_matches(v, '^\W*\d+\)$') THEN NULL
         WHEN regexp_matches(v, 'conference|congress|meeting')
         THEN nullif(ltrim(regexp_extract(v, '(\d+)\D*$', 1), '0'), '')
         WHEN regexp_matches(v, '^\W*suppl') THEN NULL
         ELSE dedup_number(v) END AS volume,
    CASE WHEN regexp_matches(i, 'suppl|^\W*s\d|special|no pagination') AND NOT regexp_matches(i, '^\d+\D')
         THEN NULL WHEN length(dedup_number(i)) < 4 THEN dedup_number(i) END AS issue,
    dedup_journal(journal) AS journal, dedup_journal(journal_abbreviation) AS journal_other
FROM read
"""

_JOURNAL = r"""nullif(trim(regexp_replace(' ' || coalesce(dedup_words(regexp_replace(dedup_plain(x),
    '(\.\s?conference\b.*|\s:\s.*|:\s.*|\s=\s.*|\([^)]*\)|\[[^\]]*\])', ' ', 'g')), '') || ' ',
    '(\s(the|of|and|in|for|on|de|la|le|les|des|du|der|die|das|und|et|del|y|e|a)\b)+', '', 'g')), '')"""

_TOGETHER = r"""
WITH joined AS (
    SELECT r.record_id, r.source,
        dedup_digest(r.source || '|' || r.identity) AS identity,
        t.title, CASE WHEN t.title_other <> t.title THEN t.title_other END AS title_other,
        coalesce(t.generic, true) AS generic, coalesce(t.mark, '') AS mark, t.part,
        coalesce(t.numbers, []) AS numbers, t.registry,
        a.first_author, coalesce(a.first_names, []) AS first_names,
        coalesce(a.families, []) AS families, coalesce(a.names, []) AS names,
        r.year, p.journal, CASE WHEN p.journal_other <> p.journal THEN p.journal_other END AS journal_other,
        list_sort(list_distinct(list_transform(coalesce(r.issns, []),
            lambda s: upper(regexp_replace(s, '[^0-9xX]', '', 'g'))))) AS issns,
        p.volume, p.issue, p.first_page, p.last_page, p.page_kind, r.pages,
        nullif(regexp_extract(regexp_replace(lower(r.doi), '[\s.,;:\])]+$', ''), '(10\.\d{4,9}/\S+)', 1), '') AS doi,
        nullif(ltrim(regexp_extract(r.pmid, '(\d+)', 1), '0'), '') AS pmid,
        left(dedup_words(dedup_letters(lower(left(r.abstract, $abstract)))), $abstract) AS abstract, t.printed
    FROM dedup_records r
    LEFT JOIN dedup_parts t USING (record_id)
    LEFT JOIN dedup_people a USING (record_id)
    LEFT JOIN dedup_places p USING (record_id)
)
SELECT record_id, source, identity,
    CASE WHEN title IS NULL THEN NULL
         WHEN generic AND coalesce(first_page, doi, pmid) IS NULL THEN NULL
         WHEN (len(names) > 0)::INT + (year IS NOT NULL)::INT + (journal IS NOT NULL)::INT + (volume IS NOT NULL)::INT
              + (first_page IS NOT NULL)::INT + (doi IS NOT NULL)::INT * 2 + (pmid IS NOT NULL)::INT * 2
              + (abstract IS NOT NULL)::INT < 2 THEN NULL
         ELSE dedup_digest(concat_ws('|', dedup_words(printed), '', coalesce(title_other, ''), mark,
            array_to_string(names, ' '), coalesce(year, 0), coalesce(journal, ''), coalesce(journal_other, ''),
            array_to_string(issns, ' '), coalesce(volume, ''), coalesce(issue, ''), coalesce(first_page, ''),
            coalesce(last_page, ''), coalesce(doi, ''), coalesce(pmid, ''), coalesce(abstract, ''))) END AS content,
    * EXCLUDE (record_id, source, identity, printed)
FROM joined
"""


def normalise(con: duckdb.DuckDBPyConnection, records: pa.Table) -> pa.Table:
    """Records in the form in which they are compared.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        records: a table of `RECORDS`.

    Returns:
        A table of `NORMALISED`, one row a record.
    """
    with scratch(con) as space:
        space.lend("records", conform("records", records, RECORDS))
        _define(space)
        words = patterns()
        marks = " ".join(f"WHEN regexp_matches(d, $mark_{name}) THEN '{name}'" for name, _ in MARKS)
        kinds = " ".join(
            f"WHEN regexp_matches(array_to_string(publication_types, '|'), $type_{name}) THEN '{name}'"
            for name in ("erratum", "retraction", "concern")
        )
        used = {f"mark_{name}": pattern for name, pattern in MARKS} | words["titles"]
        space.table(
            "titles", _TITLES.replace("{{", "{").replace("}}", "}").replace("{marks}", f"{marks} {kinds}"), used
        )
        space.table("parts", _PARTS, words["parts"])
        space.table("names", _NAMES, words["authors"])
        space.table("people", _PEOPLE)
        space.table("places", _PLACES, words["places"])
        made = space.read(_TOGETHER, {"abstract": ABSTRACT_LENGTH})
    return conform("normalised", made, NORMALISED)


def _define(space: Scratch) -> None:
    for name, arguments, expression in _MACROS:
        space.macro(name, arguments, expression)
    space.macro("journal", "x", _JOURNAL)
