"""Make records comparable: fold what databases write differently, and set apart what makes two reports two."""

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from dedup import people
from dedup.columns import NORMALISED, RECORDS, conform
from dedup.scratch import scratch
from dedup.vocabulary import GREEK, LETTERS, LIGATURES, MARKS, MISREAD, PARTICLES, patterns

ABSTRACT_LENGTH = 600
"""Letters of an abstract that are kept: more tell nothing new and cost memory."""


def _replaced(expression: str, names: Mapping[str, str]) -> str:
    for letter, name in names.items():
        expression = f"replace({expression}, '{letter}', '{name}')"
    return expression


def _mojibake(expression: str) -> str:
    """Letters of Latin-1 that were written as UTF-8 and read as Latin-1 or Windows-1252."""
    for letter in MISREAD:
        for misread in sorted({letter.encode().decode("latin-1"), letter.encode().decode("cp1252", "ignore")}):
            if len(misread) == 2:
                expression = f"replace({expression}, '{misread}', '{letter}')"
    return expression


_MACROS = (
    # md5 and not hash(): the keys are stored, and hash() may change between versions of DuckDB.
    ("digest", "x", "(md5_number_lower(x) >> 1)::BIGINT"),
    ("ascii", "x", "strlen(x) = length(x)"),
    ("greek", "x", f"CASE WHEN regexp_matches(x, '[α-ω]') THEN {_replaced('x', GREEK)} ELSE x END"),
    (
        "folded",
        "x",
        _replaced(f"translate(strip_accents(x), '{LETTERS[0]}', '{LETTERS[1]}')", LIGATURES),
    ),
    ("mended", "x", f"CASE WHEN contains(x, 'Ã') THEN {_mojibake('x')} ELSE x END"),
    ("letters", "x", "CASE WHEN dedup_ascii(x) THEN x ELSE dedup_folded(x) END"),
    (
        "unmarked",
        "x",
        r"""regexp_replace(regexp_replace(regexp_replace(regexp_replace(x,
            '</?[a-zA-Z][^<>]{0,80}>', '', 'g'),
            '&(amp|#38);', ' and ', 'g'),
            '&(nbsp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9a-fA-F]+);', ' ', 'g'),
            '&([a-zA-Z]+);', '\1', 'g')""",
    ),
    # The long way gives the same for plain letters without signs; most texts are that, and it costs ten times more.
    (
        "plain",
        "x",
        """CASE WHEN dedup_ascii(x) AND NOT contains(x, '<') AND NOT contains(x, '&')
            THEN replace(replace(lower(x), $$'$$, ''), '`', '')
            ELSE replace(translate(dedup_greek(dedup_folded(lower(dedup_mended(dedup_unmarked(x))))), $$'’‘ʼ`´′$$, ''),
                '&', ' and ') END""",
    ),
    ("words", "x", r"""nullif(trim(regexp_replace(x, '[^\p{L}\p{N}]+', ' ', 'g')), '')"""),
    ("number", "x", r"""nullif(ltrim(regexp_extract(x, '(\d+)', 1), '0'), '')"""),
    (
        "journal",
        "x",
        r"""nullif(trim(regexp_replace(' ' || coalesce(dedup_words(regexp_replace(dedup_plain(x),
            '(\.\s?conference\b.*|\s:\s.*|:\s.*|\s=\s.*|\([^)]*\)|\[[^\]]*\])', ' ', 'g')), '') || ' ',
            '(\s(the|of|and|in|for|on|de|la|le|les|des|du|der|die|das|und|et|del|y|e|a)\b)+', '', 'g')), '')""",
    ),
)

# A name, a journal, a volume is read once, however many records bear it.
_NAMES = rf"""
WITH cut AS (
    SELECT spelling, dedup_plain(printed) AS plain, regexp_matches(lower(printed), $bodies) AS body,
        CASE WHEN contains(printed, ',') THEN split_part(printed, ',', 1)
            ELSE regexp_replace(regexp_replace(printed, '(\s+\p{{Lu}}[.\p{{Lu}}\-]{{0,4}})+$', ''),
                                '^(\p{{Lu}}\.[\s\-]*)+', '') END AS cut
    FROM dedup_spellings
    WHERE printed <> '' AND NOT regexp_matches(lower(printed), $nobody)
), named AS (
    SELECT spelling, dedup_words(plain) AS name, body,
        regexp_replace(coalesce(dedup_words(dedup_plain(cut)), ''), '^(({PARTICLES})\s+)+', '') AS family
    FROM cut
), whole AS (
    SELECT spelling, name, body, CASE WHEN body THEN name ELSE coalesce(nullif(family, ''), name) END AS family
    FROM named WHERE name IS NOT NULL
)
SELECT spelling, body, CASE WHEN body THEN '=' ELSE '' END || family AS family,
    list_filter(string_split(family, ' '), lambda w: length(w) > 1
        AND (w = family OR NOT regexp_full_match(w, '{PARTICLES}'))) AS family_words,
    list_filter(string_split(name, ' '), lambda w: length(w) > 1
        AND (w = family OR NOT regexp_full_match(w, '{PARTICLES}'))) AS name_words
FROM whole
"""  # noqa: S608

_JOURNALS = """
SELECT printed, dedup_journal(printed) AS journal
FROM (SELECT journal AS printed FROM dedup_records UNION SELECT journal_abbreviation FROM dedup_records)
WHERE printed IS NOT NULL
"""

_VOLUMES = r"""
SELECT printed,
    CASE WHEN regexp_matches(v, '^\W*\d+\)$') THEN NULL
         WHEN regexp_matches(v, 'conference|congress|meeting')
         THEN nullif(ltrim(regexp_extract(v, '(\d+)\D*$', 1), '0'), '')
         WHEN regexp_matches(v, '^\W*suppl') THEN NULL
         ELSE dedup_number(v) END AS volume,
    nullif(ltrim(regexp_extract(v, '^\s*\d+\s*\((\d{1,3})\)', 1), '0'), '') AS issue
FROM (SELECT DISTINCT volume AS printed, lower(volume) AS v FROM dedup_records WHERE volume IS NOT NULL)
"""

# Some hosts print the issue in the volume, `13 (1) (no pagination)`, and the article's number as the issue.
_ISSUES = r"""
SELECT printed,
    CASE WHEN regexp_matches(i, 'suppl|^\W*s\d|special|no pagination') AND NOT regexp_matches(i, '^\d+\D')
         THEN NULL WHEN length(dedup_number(i)) < 4 THEN dedup_number(i) END AS issue
FROM (SELECT DISTINCT issue AS printed, lower(issue) AS i FROM dedup_records WHERE issue IS NOT NULL)
"""

_NUMBERS = r"\d{1,6}|ii|iii|iv|vi|vii|viii|ix|xi{1,3}|xi?v|xvi{1,3}|xi?x|first|second|third|fourth|fifth"

# One pass in which every step adds columns to the one before: nothing that is many is joined.
_NORMALISED = r"""
WITH folded AS (
    SELECT record_id, source, identity, first_author, first_names, families, names, year, issns, doi, pmid, pages,
        journal AS journal_printed, journal_abbreviation AS abbreviation_printed,
        volume AS volume_printed, issue AS issue_printed,
        regexp_matches(lower(volume), 'no pagination') AND pages IS NULL AS unpaged,
        dedup_plain(title) AS t, dedup_plain(title_original) AS o,
        array_to_string(publication_types, '|') AS types,
        regexp_replace(regexp_replace(lower(replace(coalesce(pages,
            CASE WHEN contains(lower(volume), 'no pagination') THEN issue END), '‐', '-')), '[‑‒–—−]', '-', 'g'),
            '^\s*(pages?|pp?|article|art\.? ?no\.?)\W*', '') AS p,
        lower(left(abstract, $abstract)) AS told, abstract AS whole_abstract
    FROM dedup_records
), without_notes AS (
    SELECT *, trim(CASE WHEN contains(t, '[') OR contains(t, '(') THEN regexp_replace(t, $notes, ' ') ELSE t END) AS a
    FROM folded
), unbracketed AS (
    SELECT *, CASE WHEN contains(a, '[') THEN coalesce(nullif(regexp_extract(a,
        '^\s*\[([^\[\]]{8,})\]\W*(\[[^\[\]]*\]|\([^()]*\))?\W*$', 1), ''), a) ELSE a END AS b
    FROM without_notes
), tagged AS (
    SELECT *, CASE WHEN contains(b, '[') THEN
            nullif(regexp_extract(b, '^.{15,}\[([^\[\]]{30,})\]\W*$', 1), '') END AS translated,
        CASE WHEN contains(b, '[') AND regexp_matches(b, '^.{10,}?(\s*\[[^\[\]]*\]\W*)+$')
             THEN regexp_replace(b, '(\s*\[[^\[\]]*\]\W*)+$', '') ELSE b END AS c
    FROM unbracketed
), cleaned AS (
    SELECT *, regexp_replace(c, $tags, '') AS d FROM tagged
), noticed AS (
    SELECT *, regexp_matches(d, $marked) AS marked FROM cleaned
), marked AS (
    SELECT *, CASE {marks} ELSE '' END AS mark FROM noticed
), named AS (
    SELECT *, dedup_words(CASE mark WHEN '' THEN d ELSE regexp_replace(regexp_replace(
            regexp_replace(d, $mark_head, ''), $mark_tail, ''), $mark_where, ' ') END) AS title,
        coalesce(dedup_words(trim(o, '[] .')), dedup_words(translated)) AS title_other,
        regexp_matches(lower(concat_ws(' ', journal_printed, types)), $registered) AS registered,
        CASE WHEN contains(journal_printed, '/') AND regexp_matches(lower(journal_printed), '^\s*(https?://|www\.)')
             THEN NULL ELSE journal_printed END AS journal_read,
        concat_ws(' ', t, journal_printed, whole_abstract) AS searched
    FROM marked
), placed AS (
    -- A dash after a letter parts the letter of a supplement from its number; after others, digits were lost.
    SELECT *, regexp_matches(p, $dates) OR regexp_matches(p, '^\W*[b-df-oq-rt-z]-\d') AS dated,
        regexp_extract(p, '^\W*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS f,
        regexp_extract(p, '^\W*[a-z]{0,2}\W?\d+(?:\.e\d+)?\s*-+\s*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS l
    FROM named
), paged AS (
    SELECT *, CASE WHEN dated OR f.digits = '' THEN NULL ELSE f.letter || f.digits END AS first_page,
        CASE WHEN dated OR l.digits = '' OR f.digits = '' THEN NULL
             WHEN length(l.digits) < length(f.digits)
             THEN f.letter || left(f.digits, length(f.digits) - length(l.digits)) || l.digits
             ELSE f.letter || l.digits END AS last_page
    FROM placed
), joined AS (
    SELECT r.record_id, r.source,
        dedup_digest(r.source || '|' || r.identity) AS identity,
        r.title, CASE WHEN r.title_other <> r.title THEN r.title_other END AS title_other,
        coalesce(length(replace(r.title, ' ', '')) < 14 OR regexp_matches(r.title, $generic), true) AS generic,
        coalesce(r.mark, '') AS mark,
        coalesce(nullif(array_to_string(list_transform(regexp_extract_all(r.title,
            '\b(part|pt|volume|vol|chapter|section|paper|phase) (\d{1,3}|[ivx]{1,5}|one|two|three|four|five|a|b|c)\b',
            2), lambda p: coalesce(map($numeral, $number)[p], ltrim(p, '0'))), ' '), ''),
            CASE WHEN regexp_matches(r.d, $ordinal) THEN coalesce(
                map($numeral, $number)[regexp_extract(r.d, $ordinal, 1) || regexp_extract(r.d, $ordinal, 2)],
                ltrim(regexp_extract(r.d, $ordinal, 1) || regexp_extract(r.d, $ordinal, 2), '0')) || '~' END) AS part,
        CASE WHEN regexp_matches(r.title, '(?:^| )(?:{numbers})(?: |$)')
             THEN list_sort(list_distinct(list_transform(list_filter(string_split(r.title, ' '),
                lambda w: regexp_matches(w, '^(?:{numbers})$')),
                lambda w: coalesce(map($numeral, $number)[w], coalesce(nullif(ltrim(w, '0'), ''), '0')))))
             ELSE [] END AS numbers,
        nullif(regexp_extract(upper(concat_ws(' ', r.t, r.journal_printed)), $registry, 1), '') AS registry,
        CASE WHEN regexp_matches(r.searched, $registered_quick)
             THEN list_sort(list_distinct(regexp_extract_all(upper(r.searched), $registry, 1))) ELSE [] END AS trials,
        CASE WHEN r.registered THEN 'registration'
             WHEN regexp_matches(lower(concat_ws(' ', r.journal_printed, r.types)), $preprint)
                  OR regexp_matches(lower(r.doi), $preprint_doi) THEN 'preprint'
             WHEN contains(lower(r.journal_printed), 'cochrane database') OR contains(lower(r.doi), '10.1002/14651858')
             THEN 'review'
             WHEN f.letter IN ('s', 'sa', 'ps', 'op') OR (f.letter IN ('a', 'p') AND r.last_page IS NOT NULL)
                  OR regexp_matches(lower(concat_ws(' ', r.types, r.journal_printed, r.volume_printed,
                      r.issue_printed)), $congress) THEN 'abstract' ELSE '' END AS kind,
        r.first_author, r.first_names, r.families, r.names, r.year, j.journal,
        CASE WHEN k.journal <> j.journal THEN k.journal END AS journal_other,
        CASE WHEN len(r.issns) > 0 THEN list_sort(list_distinct(list_transform(r.issns,
            lambda s: upper(regexp_replace(s, '[^0-9xX]', '', 'g'))))) ELSE [] END AS issns,
        v.volume, coalesce(v.issue, i.issue) AS issue, r.first_page, r.last_page,
        CASE WHEN r.first_page IS NULL THEN NULL
             WHEN r.unpaged THEN 'article'
             WHEN length(f.digits) >= 6
                  OR (f.letter IN ('e', 'a', 'o', 'm', 'h', 'i', 'c', 'b') AND length(f.digits) >= 3
                  AND r.last_page IS NULL AND NOT (f.letter = 'a' AND length(f.digits) = 3)) THEN 'article'
             WHEN f.letter IN ('s', 'a', 'sa', 'p', 'ps', 'op') THEN 'supplement'
             ELSE 'page' END AS page_kind,
        r.pages,
        nullif(regexp_extract(regexp_replace(regexp_replace(CASE WHEN contains(r.doi, '%') THEN url_decode(lower(r.doi))
            ELSE lower(r.doi) END, '[?#].*$', ''), '(/(full|abstract|pdf|epdf|fulltext|html|meta))?[\s.,;:\])]*$', ''),
            '(10\.\d{4,9}/\S+)', 1), '') AS doi,
        nullif(ltrim(regexp_extract(r.pmid, '(\d+)', 1), '0'), '') AS pmid,
        left(dedup_words(dedup_letters(r.told)), $abstract) AS abstract, r.t AS printed
    FROM paged r
    LEFT JOIN dedup_journals j ON j.printed = r.journal_read
    LEFT JOIN dedup_journals k ON k.printed = r.abbreviation_printed
    LEFT JOIN dedup_volumes v ON v.printed = r.volume_printed
    LEFT JOIN dedup_issues i ON i.printed = r.issue_printed
)
SELECT record_id, source, identity,
    CASE WHEN dedup_words(printed) IS NULL THEN NULL
         WHEN generic AND coalesce(first_page, doi, pmid) IS NULL THEN NULL
         WHEN (len(names) > 0)::INT + (year IS NOT NULL)::INT + (journal IS NOT NULL)::INT + (volume IS NOT NULL)::INT
              + (first_page IS NOT NULL)::INT + (doi IS NOT NULL)::INT * 2 + (pmid IS NOT NULL)::INT * 2
              + (abstract IS NOT NULL)::INT < CASE WHEN generic THEN 2 ELSE 1 END THEN NULL
         ELSE dedup_digest(concat_ws('|', dedup_words(printed), '', coalesce(title_other, ''), mark,
            array_to_string(names, ' '), coalesce(year, 0), coalesce(journal, ''), coalesce(journal_other, ''),
            array_to_string(issns, ' '), coalesce(volume, ''), coalesce(issue, ''), coalesce(first_page, ''),
            coalesce(last_page, ''), coalesce(doi, ''), coalesce(pmid, ''), coalesce(registry, ''),
            coalesce(abstract, ''))) END AS content,
    * EXCLUDE (record_id, source, identity, printed)
FROM joined
"""


def normalise(con: duckdb.DuckDBPyConnection, records: pa.Table) -> pa.Table:
    """Records in the form in which they are compared.

    Every record is read by itself: what is made of it does not depend on the others of the table.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        records: a table of `RECORDS`.

    Returns:
        A table of `NORMALISED`, one row a record.
    """
    records = conform("records", records, RECORDS)
    words = patterns()
    with scratch(con) as space:
        for name, arguments, expression in _MACROS:
            space.macro(name, arguments, expression)
        spelt = people.spellings(records.column("authors"))
        space.lend("spellings", spelt.table)
        authors = people.people(spelt, space.read(_NAMES, words["authors"]))
        records = records.drop_columns(["authors"])
        for name in authors.column_names:
            records = records.append_column(name, authors.column(name))
        space.lend("records", records)
        for name, select in (("journals", _JOURNALS), ("volumes", _VOLUMES), ("issues", _ISSUES)):
            space.table(name, select)
        marks = " ".join(f"WHEN marked AND regexp_matches(d, $mark_{name}) THEN '{name}'" for name, _ in MARKS)
        kinds = " ".join(
            f"WHEN regexp_matches(types, $type_{name}) THEN '{name}'" for name in ("erratum", "retraction", "concern")
        )
        select = _NORMALISED.replace("{marks}", f"{marks} {kinds}").replace("{numbers}", _NUMBERS)
        used: dict[str, object] = {f"mark_{name}": pattern for name, pattern in MARKS}
        used |= {"marked": "|".join(f"(?:{pattern})" for _, pattern in MARKS), "abstract": ABSTRACT_LENGTH}
        made = space.read(select, used | words["titles"] | words["parts"] | words["places"])
    return conform("normalised", made, NORMALISED)
