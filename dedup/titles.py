"""What titles say beside what they name: that they are a notice, part of a series, a registration, an abstract."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.letters import Flags
from dedup.texts import Reader, says, told
from dedup.vocabulary import (
    GENERIC,
    GENERIC_END,
    KIND_DOI_SIGNS,
    KIND_SIGNS,
    MARKS,
    NUMBERS,
    PART_WORDS,
    SYLLABIC,
    TITLE_SIGNS,
    patterns,
)

_REGISTRIES = """
SELECT place, CASE WHEN contains(abstract, 'CT') OR contains(abstract, 'DRKS') OR contains(abstract, 'UMIN')
    OR contains(abstract, 'NTR') OR contains(abstract, 'RBR-') THEN regexp_matches(abstract, $registry_begins) END
    AS named
FROM dedup_abstracts ORDER BY place
"""

# Every step adds columns to the one before.
_TITLES = r"""
WITH folded AS (
    SELECT place, journal, volume, issue, doi, abstract, title AS t, array_to_string(publication_types, '|') AS types
    FROM dedup_asked
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
SELECT place, mark,
    CASE mark WHEN '' THEN d ELSE regexp_replace(regexp_replace(
        regexp_replace(d, $mark_head, ''), $mark_tail, ''), $mark_where, ' ') END AS title,
    CASE WHEN regexp_matches(d, $ordinal) THEN regexp_extract(d, $ordinal, 1) || regexp_extract(d, $ordinal, 2) END
        AS ordinal,
    nullif(dedup_words(translated), '') AS title_other,
    CASE WHEN registers THEN nullif(regexp_extract(upper(concat_ws(' ', t, journal)), $registry, 1), '') END
        AS registry,
    CASE WHEN registers OR regexp_matches(abstract, $registry_begins)
         THEN list_sort(list_distinct(regexp_extract_all(upper(concat_ws(' ', t, journal, abstract)), $registry, 1)))
         ELSE [] END AS trials,
    CASE WHEN regexp_matches(lower(concat_ws(' ', journal, types)), $registered) THEN 'registration'
         WHEN regexp_matches(lower(concat_ws(' ', journal, types)), $preprint)
              OR regexp_matches(lower(doi), $preprint_doi) THEN 'preprint'
         WHEN regexp_matches(lower(concat_ws(' ', t, journal, types)), $thesis) OR regexp_matches(types, $degree)
         THEN 'thesis'
         WHEN contains(lower(journal), 'cochrane database') OR contains(doi, '10.1002/14651858') THEN 'review'
         WHEN regexp_matches(lower(concat_ws(' ', types, journal, volume, issue)), $congress) THEN 'abstract'
         ELSE '' END AS kind
FROM marked
"""

_PLAIN_TITLE: dict[str, object] = {
    "mark": "", "title": None, "ordinal": None, "title_other": None, "registry": None, "trials": [], "kind": "",
}  # fmt: skip

_PARTS = rf"""
SELECT place,
    coalesce((length(title) < 28 AND length(replace(title, ' ', ''))
            + 2 * length(regexp_replace(title, '[^{SYLLABIC}]', '', 'g')) < 14)
        OR regexp_matches(title, $generic) OR regexp_matches(title, $generic_end), true) AS generic,
    coalesce(CASE WHEN regexp_matches(title, $parts) THEN nullif(array_to_string(list_transform(
            regexp_extract_all(title, $parts, 2), lambda p: dedup_numeral(p)), ' '), '') END,
        dedup_numeral(ordinal) || '~') AS part,
    CASE WHEN regexp_matches(title, '(?:^| )(?:{NUMBERS})(?: |$)')
         THEN list_sort(list_distinct(list_transform(
            regexp_extract_all(' ' || replace(title, ' ', '  ') || ' ', ' ({NUMBERS}) ', 1),
            lambda w: coalesce(nullif(dedup_numeral(w), ''), '0'))))
         ELSE [] END AS numbers
FROM dedup_asked
"""  # noqa: S608

_PART_SIGNS = rf"\b(?:{NUMBERS}|{PART_WORDS})\b|{GENERIC}|{GENERIC_END}"


def titles(reader: Reader, records: pa.Table) -> dict[str, pa.ChunkedArray]:
    """What titles say, in the order of the records.

    Args:
        reader: has its macros defined.
        records: a table of `RECORDS`.

    Returns:
        Columns of `NORMALISED`, and what their digest is made of: `printed`, the title as it stood, in small letters,
        and `spelt`, what of it is the title.
    """
    used = patterns()["titles"]
    marks = " ".join(f"WHEN marked AND regexp_matches(d, $mark_{name}) THEN '{name}'" for name, _ in MARKS)
    types = " ".join(
        f"WHEN regexp_matches(types, $type_{name}) THEN '{name}'" for name in ("erratum", "retraction", "concern")
    )
    printed, original = reader.plain(records.column("title")), reader.plain(records.column("title_original"))
    read = records.select(["journal", "volume", "issue", "doi", "abstract", "publication_types"])
    asked = says(printed, TITLE_SIGNS) | _kinds(records) | _registered(reader, records.column("abstract"), used)
    select = _TITLES.replace("{marks}", f"{marks} {types}")
    found = reader.some(select, used, read.append_column("title", printed), asked, _PLAIN_TITLE)
    spelt = pc.coalesce(found.column("title"), printed)
    title = reader.words(spelt)
    other = pc.coalesce(reader.words(original, folded="x"), found.column("title_other"))
    return {
        "printed": printed,
        "spelt": spelt,
        "title": title,
        "title_other": pc.if_else(pc.not_equal(other, title), other, None),
        **_parts(reader, title, found.column("ordinal")),
        **{name: found.column(name) for name in ("mark", "registry", "trials", "kind")},
    }


def _parts(reader: Reader, title: pa.ChunkedArray, ordinal: pa.ChunkedArray) -> dict[str, pa.ChunkedArray]:
    used = patterns()["parts"]
    short = pc.fill_null(pc.less(pc.utf8_length(title), 28), True).to_numpy()
    asked = short | says(title, _PART_SIGNS) | told(ordinal.is_valid())
    other: dict[str, object] = {"generic": False, "part": None, "numbers": []}
    found = reader.some(_PARTS, used, pa.table({"title": title, "ordinal": ordinal}), asked, other)
    return {name: found.column(name) for name in found.column_names}


def _registered(reader: Reader, abstracts: pa.ChunkedArray, used: dict[str, object]) -> Flags:
    """Which abstracts may name a registration."""
    reader.space.lend("abstracts", pa.table({"place": np.arange(len(abstracts)), "abstract": abstracts}))
    named = reader.space.read(_REGISTRIES, {"registry_begins": used["registry_begins"]})
    reader.space.take_back("abstracts")
    return told(named.column("named"))


def _kinds(records: pa.Table) -> Flags:
    """Of which records the journal, the types or the DOI may say what kind they are; each is read once."""
    types = records.column("publication_types").combine_chunks()
    counts = pc.fill_null(pc.list_value_length(types), 0).to_numpy(zero_copy_only=False)
    owners = np.repeat(np.arange(len(types)), counts)
    said = says(records.column("doi"), KIND_DOI_SIGNS)
    said[owners[_by_value(pc.list_flatten(types))]] = True
    for name in ("journal", "volume", "issue"):
        said |= _by_value(records.column(name).combine_chunks())
    return said


def _by_value(texts: pa.StringArray) -> Flags:
    coded = texts.dictionary_encode()
    # There are letters that are plain only in capitals, and others only in small ones.
    said = pa.array(says(pc.utf8_lower(pc.utf8_upper(coded.dictionary)), KIND_SIGNS))
    return told(said.take(coded.indices))
