"""The people of records: who stands first, and the words of all names, whatever their order and spelling."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.ranked import Integers, as_lists, each_once, lists_of
from dedup.texts import PRINTED, Reader
from dedup.vocabulary import PARTICLES, patterns

# A name is read once, however many records bear it.
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


@dataclass(frozen=True, slots=True)
class Spellings:
    """Names as printed, each once, and where they stand.

    Attributes:
        table: `spelling`, `printed`.
        counts: how many names every record has.
        places: the spelling of every name, record after record.
    """

    table: pa.Table
    counts: Integers
    places: Integers


def spellings(authors: pa.ChunkedArray) -> Spellings:
    """Every spelling of a name once, so that it is read once, however many records bear it.

    Args:
        authors: lists of names; null where a record has none.
    """
    lists = authors.combine_chunks()
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = pc.list_flatten(lists).dictionary_encode("encode")
    table = pa.table({"spelling": pa.array(np.arange(len(flat.dictionary))), "printed": flat.dictionary})
    return Spellings(table, counts, flat.indices.to_numpy(zero_copy_only=False).astype(np.int64))


def people(reader: Reader, authors: pa.ChunkedArray) -> dict[str, pa.ChunkedArray]:
    """Columns of what is known of the people, in the order of the records.

    Args:
        reader: has its macros defined.
        authors: lists of names, as printed.
    """
    spelt, space = spellings(authors), reader.space
    space.lend("spellings", spelt.table)
    cut = space.read(_CUT, patterns()["authors"])
    read = {f: reader.words(cut.column(c), folded=PRINTED) for f, c in (("name", "printed"), ("family", "cut"))}
    space.lend("cut", pa.table({name: cut.column(name) for name in ("spelling", "body")} | read))
    found = in_records(spelt, space.read(_NAMES))
    return {name: found.column(name) for name in found.column_names}


def in_records(spelt: Spellings, names: pa.Table) -> pa.Table:
    """First author and words of names, one row a record.

    Args:
        spelt: where the names stand.
        names: `spelling`, `family`, `family_words`, `name_words`, `body` of every spelling that names somebody; bodies
            count only in records that name no person.

    Returns:
        `first_author`, `first_names` (longer words of the first author's name), `families` and `names` (words of all
        family names and of all names); lists are sorted and hold every word once.
    """
    row = np.full(spelt.table.num_rows, -1, np.int64)
    row[names.column("spelling").to_numpy()] = np.arange(names.num_rows)
    name = row[spelt.places]
    total = len(spelt.counts)
    record = np.repeat(np.arange(total), spelt.counts)
    record, name = record[name >= 0], name[name >= 0]
    body = names.column("body").to_numpy(zero_copy_only=False).astype(bool)[name]
    personal = np.zeros(total, bool)
    personal[record[~body]] = True
    told = ~body | ~personal[record]
    record, name = record[told], name[told]
    first = np.flatnonzero(np.diff(record, prepend=-1))
    families = _words_of(record, name, names.column("family_words"), total)
    words = _words_of(record, name, names.column("name_words"), total)
    shown = _words_of(record[first], name[first], names.column("name_words"), total, longer_than=2)
    said = (np.diff(families.offsets) + np.diff(words.offsets)) > 0
    author = np.full(total, -1, np.int64)
    author[record[first]] = name[first]
    chosen = pa.array(author, mask=(author < 0) | ~said)
    return pa.table(
        {
            "first_author": pc.take(names.column("family"), chosen),
            "first_names": shown,
            "families": families,
            "names": words,
        }
    )


def _words_of(
    record: Integers, name: Integers, words: pa.ChunkedArray, records: int, *, longer_than: int = 0
) -> pa.ListArray:
    """The words of every record's names, sorted, each once."""
    lists = lists_of(words)
    begins, taken = np.cumsum(lists.sizes) - lists.sizes, lists.sizes[name]
    ends = np.cumsum(taken)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins[name] - (ends - taken), taken)
    owner, word = each_once(np.repeat(record, taken), lists.words[places], len(lists.alphabet))
    if longer_than:
        long = pc.greater(pc.utf8_length(lists.alphabet), longer_than).to_numpy(zero_copy_only=False)[word]
        owner, word = owner[long], word[long]
    return as_lists(owner, word, lists.alphabet, records)
