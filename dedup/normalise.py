"""Make records comparable: fold what databases write differently, and set apart what makes two reports two."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup import people
from dedup.columns import NORMALISED, RECORDS, conform
from dedup.letters import Flags, lowered, words
from dedup.scratch import Scratch, scratch
from dedup.vocabulary import (
    ACCENTED,
    GREEK,
    LETTERS,
    LIGATURES,
    MARKS,
    MISREAD,
    NUMERALS,
    PART_WORDS,
    PARTICLES,
    patterns,
)

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
    ("ascii", "x", "strlen(x) = length(x)"),
    ("greek", "x", f"CASE WHEN regexp_matches(x, '[α-ω]') THEN {_replaced('x', GREEK)} ELSE x END"),
    ("folded", "x", _replaced(f"translate(strip_accents(x), '{LETTERS[0]}', '{LETTERS[1]}')", LIGATURES)),
    ("mended", "x", f"CASE WHEN contains(x, 'Ã') THEN {_mojibake('x')} ELSE x END"),
    # An argument is worked out anew wherever it stands, so that asking first only pays for what costs nothing.
    (
        "letters",
        "x",
        f"""CASE WHEN dedup_ascii(x) THEN x WHEN regexp_matches(x, '[{ACCENTED}{LETTERS[0]}]') THEN dedup_folded(x)
            ELSE x END""",
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
    # The long way gives the same for plain letters without signs; most texts are that, and it costs ten times more.
    # Its steps are lists of one text: the argument of a macro is written wherever it stands, and these would be
    # planned and worked out some hundred times over.
    (
        "plain",
        "x",
        """CASE WHEN dedup_ascii(x) AND NOT contains(x, '<') AND NOT contains(x, '&')
            THEN replace(replace(lower(x), $$'$$, ''), '`', '')
            ELSE list_transform(list_transform([dedup_unmarked(x)],
                    lambda unmarked: dedup_folded(lower(dedup_mended(unmarked)))),
                lambda folded: replace(translate(dedup_greek(folded), $$'’‘ʼ`´′$$, ''), '&', ' and '))[1] END""",
    ),
    ("words", "x", r"""nullif(trim(regexp_replace(x, '[^\p{L}\p{N}]+', ' ', 'g')), '')"""),
    ("numeral", "x", f"coalesce(({list(NUMERALS.values())})[list_position({list(NUMERALS)}, x)], ltrim(x, '0'))"),
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
_CUT = r"""
SELECT spelling, printed, regexp_matches(lower(printed), $bodies) AS body,
    CASE WHEN contains(printed, ',') THEN split_part(printed, ',', 1)
         ELSE regexp_replace(regexp_replace(printed, '(\s+\p{Lu}[.\p{Lu}\-]{0,4})+$', ''),
                             '^(\p{Lu}\.[\s\-]*)+', '') END AS cut
FROM dedup_spellings
WHERE printed <> '' AND NOT regexp_matches(lower(printed), $nobody)
"""

_NAMES = rf"""
WITH named AS (
    SELECT spelling, name, body, CASE WHEN body THEN name ELSE coalesce(nullif(
        regexp_replace(coalesce(family, ''), '^(({PARTICLES})\s+)+', ''), ''), name) END AS family
    FROM dedup_cut WHERE name IS NOT NULL
)
SELECT spelling, body, CASE WHEN body THEN '=' ELSE '' END || family AS family,
    list_filter(string_split(family, ' '), lambda w: length(w) > 1
        AND (w = family OR NOT regexp_full_match(w, '{PARTICLES}'))) AS family_words,
    list_filter(string_split(name, ' '), lambda w: length(w) > 1
        AND (w = family OR NOT regexp_full_match(w, '{PARTICLES}'))) AS name_words
FROM named
"""  # noqa: S608

# A registry's record names the address of its page as its journal.
_JOURNALS = r"""
SELECT printed, dedup_journal(printed) AS journal
FROM (SELECT journal AS printed FROM dedup_records UNION SELECT journal_abbreviation FROM dedup_records)
WHERE printed IS NOT NULL AND NOT regexp_matches(printed, '(?i)^\s*(https?://|www\.)')
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

# Every step adds columns to the one before: nothing that is many is joined.
_TITLES = r"""
WITH folded AS (
    SELECT record_id, journal, volume, issue, doi, abstract, title AS t, title_original AS o,
        array_to_string(publication_types, '|') AS types
    FROM dedup_folded
), without_notes AS (
    -- A title that is nothing but a note is a title.
    SELECT *, trim(CASE WHEN contains(t, '[') OR contains(t, '(')
        THEN coalesce(nullif(trim(regexp_replace(t, $notes, ' ')), ''), t) ELSE t END) AS a
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
    SELECT *, CASE WHEN contains(c, '(') OR contains(c, 'retracted') THEN regexp_replace(c, $tags, '') ELSE c END AS d
    FROM tagged
), noticed AS (
    SELECT *, regexp_matches(d, $marked) AS marked,
        regexp_matches(upper(concat_ws(' ', t, journal)), $registry_begins) AS registers
    FROM cleaned
), marked AS (
    SELECT *, CASE {marks} ELSE '' END AS mark FROM noticed
)
SELECT record_id, t AS printed, mark,
    CASE mark WHEN '' THEN d ELSE regexp_replace(regexp_replace(
        regexp_replace(d, $mark_head, ''), $mark_tail, ''), $mark_where, ' ') END AS title,
    CASE WHEN regexp_matches(d, $ordinal) THEN regexp_extract(d, $ordinal, 1) || regexp_extract(d, $ordinal, 2) END
        AS ordinal,
    coalesce(dedup_words(trim(o, '[] .')), dedup_words(translated)) AS title_other,
    CASE WHEN registers THEN nullif(regexp_extract(upper(concat_ws(' ', t, journal)), $registry, 1), '') END
        AS registry,
    CASE WHEN registers OR regexp_matches(abstract, $registry_begins)
         THEN list_sort(list_distinct(regexp_extract_all(upper(concat_ws(' ', t, journal, abstract)), $registry, 1)))
         ELSE [] END AS trials,
    CASE WHEN regexp_matches(lower(concat_ws(' ', journal, types)), $registered) THEN 'registration'
         WHEN regexp_matches(lower(concat_ws(' ', journal, types)), $preprint)
              OR regexp_matches(lower(doi), $preprint_doi) THEN 'preprint'
         WHEN contains(lower(journal), 'cochrane database') OR contains(doi, '10.1002/14651858') THEN 'review'
         WHEN regexp_matches(lower(concat_ws(' ', types, journal, volume, issue)), $congress) THEN 'abstract'
         ELSE '' END AS kind
FROM marked
"""

_NORMALISED = r"""
WITH text AS (
    SELECT *, contains(lower(volume), 'no pagination') AND pages IS NULL AS unpaged,
        regexp_replace(regexp_replace(lower(replace(coalesce(pages,
            CASE WHEN contains(lower(volume), 'no pagination') THEN issue END), '‐', '-')), '[‑‒–—−]', '-', 'g'),
            '^\s*(pages?|pp?|article|art\.? ?no\.?)\W*', '') AS p
    FROM dedup_records
), placed AS (
    -- A dash after a letter parts the letter of a supplement from its number; after others, digits were lost.
    SELECT *, regexp_matches(p, $dates) OR regexp_matches(p, '^\W*[b-df-oq-rt-z]-\d') AS dated,
        regexp_extract(p, '^\W*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS f,
        regexp_extract(p, '^\W*[a-z]{0,2}\W?\d+(?:\.e\d+)?\s*-+\s*([a-z]{0,2})\W?0*(\d+)', ['letter', 'digits']) AS l,
        regexp_matches(title, '\b(?:{numbers}|{part_words})\b') AS numbered
    FROM text
), paged AS (
    SELECT *, CASE WHEN dated OR f.digits = '' THEN NULL ELSE f.letter || f.digits END AS first_page,
        CASE WHEN dated OR l.digits = '' OR f.digits = '' THEN NULL
             WHEN length(l.digits) < length(f.digits)
             THEN f.letter || left(f.digits, length(f.digits) - length(l.digits)) || l.digits
             ELSE f.letter || l.digits END AS last_page
    FROM placed
), joined AS (
    SELECT r.record_id, r.source,
        CASE WHEN r.source IS NOT NULL AND r.identity IS NOT NULL
             THEN (hash(r.source, r.identity) >> 1)::BIGINT END AS identity,
        r.title, CASE WHEN r.title_other <> r.title THEN r.title_other END AS title_other,
        coalesce((length(r.title) < 28 AND length(replace(r.title, ' ', '')) < 14) OR regexp_matches(r.title, $generic)
            OR (regexp_matches(r.title, 'proceedings|comment') AND regexp_matches(r.title, $generic_end)), true)
            AS generic,
        coalesce(r.mark, '') AS mark,
        coalesce(CASE WHEN r.numbered AND regexp_matches(r.title, $parts) THEN nullif(array_to_string(list_transform(
                regexp_extract_all(r.title, $parts, 2), lambda p: dedup_numeral(p)), ' '), '') END,
            dedup_numeral(r.ordinal) || '~') AS part,
        CASE WHEN r.numbered AND regexp_matches(r.title, '(?:^| )(?:{numbers})(?: |$)')
             THEN list_sort(list_distinct(list_transform(
                regexp_extract_all(' ' || replace(r.title, ' ', '  ') || ' ', ' ({numbers}) ', 1),
                lambda w: coalesce(nullif(dedup_numeral(w), ''), '0'))))
             ELSE [] END AS numbers,
        r.registry, r.trials,
        CASE WHEN r.kind = '' AND (f.letter IN ('s', 'sa', 'ps', 'op')
                  OR (f.letter IN ('a', 'p') AND r.last_page IS NOT NULL)) THEN 'abstract' ELSE r.kind END AS kind,
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
        left(r.abstract, $abstract) AS abstract, r.title_spelt, r.printed
    FROM paged r
    LEFT JOIN dedup_journals j ON j.printed = r.journal
    LEFT JOIN dedup_journals k ON k.printed = r.journal_abbreviation
    LEFT JOIN dedup_volumes v ON v.printed = r.volume
    LEFT JOIN dedup_issues i ON i.printed = r.issue
)
SELECT record_id, source, identity,
    CASE WHEN title IS NULL AND mark = '' THEN NULL
         WHEN generic AND coalesce(first_page, doi, pmid) IS NULL THEN NULL
         WHEN (len(names) > 0)::INT + (year IS NOT NULL)::INT + (journal IS NOT NULL)::INT + (volume IS NOT NULL)::INT
              + (first_page IS NOT NULL)::INT + (doi IS NOT NULL)::INT * 2 + (pmid IS NOT NULL)::INT * 2
              + (abstract IS NOT NULL)::INT + (coalesce(issue, title_other, issns[1]) IS NOT NULL)::INT
              < CASE WHEN generic THEN 2 ELSE 1 END THEN NULL
         ELSE (hash(CASE WHEN printed = title_spelt THEN title ELSE dedup_words(printed) END, title_other, mark, names,
            year, journal, journal_other, issns, volume, issue, first_page, last_page, doi, pmid, registry, abstract)
            >> 1)::BIGINT END AS content,
    * EXCLUDE (record_id, source, identity, title_spelt, printed)
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
    used = patterns()
    with scratch(con) as space:
        for name, arguments, expression in _MACROS:
            space.macro(name, arguments, expression)
        space.lend("records", records)
        for name, select in (("journals", _JOURNALS), ("volumes", _VOLUMES), ("issues", _ISSUES)):
            space.table(name, select)
        titles = _titles(space, records, used["titles"])
        made = {
            "title": _words(space, titles.column("title")),
            "title_spelt": titles.column("title"),
            **{
                name: titles.column(name)
                for name in ("printed", "mark", "ordinal", "title_other", "registry", "trials", "kind")
            },
            **_people(space, records.column("authors"), used["authors"]),
            "abstract": _words(space, pc.utf8_slice_codeunits(records.column("abstract"), 0, ABSTRACT_LENGTH)),
        }
        kept = [name for name in RECORDS.names if name not in _READ]
        space.lend("records", pa.table({name: records.column(name) for name in kept} | made))
        select = _NORMALISED.replace("{numbers}", _NUMBERS).replace("{part_words}", PART_WORDS)
        found = space.read(select, {"abstract": ABSTRACT_LENGTH} | used["parts"] | used["places"])
    return conform("normalised", found, NORMALISED)


_READ = ("title", "title_original", "authors", "abstract", "publication_types")


def _titles(space: Scratch, records: pa.Table, used: Mapping[str, object]) -> pa.Table:
    """What titles say, in the order of the records."""
    marks = " ".join(f"WHEN marked AND regexp_matches(d, $mark_{name}) THEN '{name}'" for name, _ in MARKS)
    kinds = " ".join(
        f"WHEN regexp_matches(types, $type_{name}) THEN '{name}'" for name in ("erratum", "retraction", "concern")
    )
    parameters = {f"mark_{name}": pattern for name, pattern in MARKS} | {
        "marked": "|".join(f"(?:{pattern})" for _, pattern in MARKS)
    }
    for name in ("title", "title_original"):
        records = records.set_column(records.column_names.index(name), name, _plain(space, records.column(name)))
    space.lend("folded", records)
    titles = space.read(_TITLES.replace("{marks}", f"{marks} {kinds}"), parameters | dict(used))
    if titles.column("record_id") != records.column("record_id"):
        order = np.argsort(np.argsort(records.column("record_id"), kind="stable"), kind="stable")
        titles = titles.take(np.argsort(titles.column("record_id"), kind="stable")).take(order)
    return titles


def _people(space: Scratch, authors: pa.ChunkedArray, used: Mapping[str, object]) -> dict[str, pa.ChunkedArray]:
    """Columns of what is known of the people, in the order of the records."""
    spelt = people.spellings(authors)
    space.lend("spellings", spelt.table)
    cut = space.read(_CUT, used)
    read = {f: _words(space, cut.column(c), printed=True) for f, c in (("name", "printed"), ("family", "cut"))}
    space.lend("cut", pa.table({name: cut.column(name) for name in ("spelling", "body")} | read))
    found = people.people(spelt, space.read(_NAMES))
    return {name: found.column(name) for name in found.column_names}


def _words(space: Scratch, texts: pa.ChunkedArray, *, printed: bool = False) -> pa.ChunkedArray:
    """Words of texts, by the fast way where they are plain letters."""
    told = "dedup_plain(x)" if printed else "dedup_letters(lower(x))"
    return _completed(space, texts, words(texts, printed=printed), f"dedup_words({told})")


def _plain(space: Scratch, texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts in small letters, by the fast way where they are plain letters."""
    return _completed(space, texts, lowered(texts), "dedup_plain(x)")


def _completed(
    space: Scratch, texts: pa.ChunkedArray, read: tuple[pa.ChunkedArray, Flags], told: str
) -> pa.ChunkedArray:
    """What was read of the texts, and what SQL tells of those that were left unread."""
    made, unread = read
    if not unread.any():
        return made
    mask = pa.chunked_array([pa.array(unread)])
    space.lend("unread", pa.table({"place": np.arange(int(unread.sum())), "x": texts.filter(mask)}))
    rest = space.read(f"SELECT {told} AS x FROM dedup_unread ORDER BY place").column("x")  # noqa: S608
    return pc.replace_with_mask(made.combine_chunks(), mask.combine_chunks(), rest.combine_chunks())
