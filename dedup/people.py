"""The people of records: who stands first, and the words of all names, whatever their order and spelling."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.ranked import Integers, Lists, as_lists, each_once, lists_of, spaced
from dedup.texts import PRINTED, Reader, replaced, says, told
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

_PARTICLES = pa.array(PARTICLES.split("|"))


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
    spelt = spellings(authors)
    reader.space.lend("spellings", spelt.table)
    cut = reader.space.read(_CUT, patterns()["authors"])
    reader.space.take_back("spellings")
    name, family = (reader.words(cut.column(column), folded=PRINTED) for column in ("printed", "cut"))
    names = pa.table({"spelling": cut.column("spelling"), "body": cut.column("body"), "name": name, "family": family})
    found = in_records(spelt, _with_family(names.filter(name.is_valid())))
    return {name: found.column(name) for name in found.column_names}


def _with_family(names: pa.Table) -> pa.Table:
    """Names with the family's, which stands without particles before it; that of a body is its name."""
    name, family, body = names.column("name"), names.column("family"), told(names.column("body"))
    begun = says(family, rf"^(?:{PARTICLES})\s")
    bare = pc.replace_substring_regex(family.filter(pa.array(begun)), rf"^(?:(?:{PARTICLES})\s+)+", "")
    family = replaced(family, begun, bare)
    called = pa.array(~body & told(pc.not_equal(family, "")))
    return names.set_column(names.column_names.index("family"), "family", pc.if_else(called, family, name))


def in_records(spelt: Spellings, names: pa.Table) -> pa.Table:
    """First author and words of names, one row a record.

    Args:
        spelt: where the names stand.
        names: `spelling`, `name`, `family`, `body` of every spelling that names somebody; bodies count only in records
            that name no person.

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
    counted = ~body | ~personal[record]
    record, name = record[counted], name[counted]
    first = np.flatnonzero(np.diff(record, prepend=-1))
    family = names.column("family")
    of_families, of_names = _telling(family, family), _telling(names.column("name"), family)
    families, words = _words_of(record, name, of_families, total), _words_of(record, name, of_names, total)
    shown = _words_of(record[first], name[first], of_names, total, longer_than=2)
    said = (np.diff(families.offsets) + np.diff(words.offsets)) > 0
    leader = np.full(total, -1, np.int64)
    leader[record[first]] = name[first]
    chosen = pa.array(leader, mask=(leader < 0) | ~said)
    author = pc.if_else(names.column("body"), pc.binary_join_element_wise("=", family, ""), family)
    return pa.table(
        {
            "first_author": author.take(chosen),
            "first_names": shown,
            "families": families,
            "names": words,
        }
    )


def _telling(texts: pa.ChunkedArray, family: pa.ChunkedArray) -> Lists:
    """Words of texts without single letters and particles; a particle may be the name of a family."""
    lists = lists_of(spaced(texts))
    owners = np.repeat(np.arange(len(lists.sizes)), lists.sizes)
    long = told(pc.greater(pc.utf8_length(lists.alphabet), 1))[lists.words]
    particle, called = _particle(lists.alphabet)[lists.words], _particle(family)[owners]
    kept = long & ((particle < 0) | (particle == called))
    return Lists(np.bincount(owners[kept], minlength=len(lists.sizes)), lists.words[kept], lists.alphabet)


def _particle(words: pa.Array | pa.ChunkedArray) -> Integers:
    """Which particle a word is, -1 where none."""
    return np.asarray(pc.fill_null(pc.index_in(words, value_set=_PARTICLES), -1).to_numpy(), np.int64)


def _words_of(record: Integers, name: Integers, lists: Lists, records: int, *, longer_than: int = 0) -> pa.ListArray:
    """The words of every record's names, sorted, each once."""
    begins, taken = np.cumsum(lists.sizes) - lists.sizes, lists.sizes[name]
    ends = np.cumsum(taken)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins[name] - (ends - taken), taken)
    owner, word = each_once(np.repeat(record, taken), lists.words[places], len(lists.alphabet))
    if longer_than:
        long = pc.greater(pc.utf8_length(lists.alphabet), longer_than).to_numpy(zero_copy_only=False)[word]
        owner, word = owner[long], word[long]
    return as_lists(owner, word, lists.alphabet, records)
