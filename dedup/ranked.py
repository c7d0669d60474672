"""Words of many records in order, each once: a word is its rank in an alphabet, so that integers are sorted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of words, each word once in the alphabet.

    Attributes:
        sizes: how many words every list has.
        words: list after list, places in the alphabet.
        alphabet: the words, in ascending order.
    """

    sizes: Integers
    words: Integers
    alphabet: pa.StringArray


def lists_of(lists: pa.ListArray) -> Lists:
    """Lists of words as ranks; null lists are empty."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return Lists(sizes, *ranks(lists.flatten()))


def ranks(words: pa.StringArray) -> tuple[Integers, pa.StringArray]:
    """The place of every word in their alphabet, and the alphabet: each word once, in ascending order."""
    spoken = words.dictionary_encode()
    order = pc.sort_indices(spoken.dictionary).to_numpy()
    return inverse(order)[spoken.indices.to_numpy(zero_copy_only=False)], spoken.dictionary.take(pa.array(order))


def inverse(order: npt.NDArray[np.integer]) -> Integers:
    """Where every place of a permutation went."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def each_once(owners: Integers, ranks: Integers, ranked: int) -> tuple[Integers, Integers]:
    """Owners and the ranks that are theirs, sorted by both, without repetition.

    Args:
        owners: numbers from 0.
        ranks: numbers from 0, one an owner's.
        ranked: how many ranks there are.
    """
    return parted(each(joined(owners, ranks, ranked)), ranked)


def joined(first: Integers, second: Integers, seconds: int) -> Integers:
    """Two numbers from 0 as one, so that they are sorted by the first and then by the second.

    Args:
        first: the one.
        second: the other, below `seconds`.
        seconds: how many there may be of it.
    """
    return first << _bits(seconds) | second


def parted(numbers: Integers, seconds: int) -> tuple[Integers, Integers]:
    """The two numbers of which `joined` made one."""
    return numbers >> _bits(seconds), numbers & (1 << _bits(seconds)) - 1


def _bits(numbers: int) -> int:
    """Bits that hold so many numbers from 0: to shift by them takes a third of the time of a division."""
    return max(numbers - 1, 0).bit_length()


_ROOMY = 8
"""Times as many numbers as ids, up to which a table of all numbers between them is kept for a moment."""


def places_among(ids: Integers, wanted: Integers) -> Integers:
    """Where some ids stand among all, which are in any order."""
    if _is_roomy(ids, wanted):
        return _looked_up(ids, wanted)
    order = None if np.all(ids[:-1] <= ids[1:]) else order_of(ids)
    places = np.searchsorted(ids, wanted, sorter=order)
    return places if order is None else order[places]


def found_among(ids: Integers, wanted: Integers) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Where some numbers stand among ids in ascending order, and which of them are there at all."""
    if not len(ids):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    if _is_roomy(ids, wanted):
        places = _looked_up(ids, np.clip(wanted, ids[0], ids[-1]))
    else:
        places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, np.asarray(ids[places] == wanted)


def _is_roomy(ids: Integers, wanted: Integers) -> bool:
    """Whether a table of all numbers between ids is small, and worth its while."""
    return bool(len(ids)) and len(wanted) * 4 >= len(ids) and bool(np.ptp(ids) < _ROOMY * len(ids))


def _looked_up(ids: Integers, wanted: Integers) -> Integers:
    """The same as searching, a quarter of the time: ids are mostly given one after the other."""
    first = ids.min()
    table = np.zeros(np.ptp(ids) + 1, np.int64)
    table[ids - first] = np.arange(len(ids))
    return np.asarray(table[wanted - first])


def each(values: Integers) -> Integers:
    """Every value once, in ascending order."""
    ordered = np.sort(values)
    kept = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    return ordered[kept]


def numbered(values: Integers) -> tuple[Integers, Integers]:
    """Every value once, in ascending order, and the place among them of each that was given.

    `numpy.unique` says the same; where values are many it takes longer.
    """
    ordered, order = _in_order(values)
    begins = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    places = np.empty(len(values), np.int64)
    places[order] = np.cumsum(begins) - 1
    return ordered[begins], places


def order_of(values: Integers) -> Integers:
    """The places of values in ascending order, equal ones as they were given."""
    return _in_order(values)[1]


def _in_order(values: Integers) -> tuple[Integers, Integers]:
    """Values in ascending order, and their places."""
    places = np.arange(len(values))
    if np.all(values[:-1] <= values[1:]):
        return values, places
    bits, least = len(values).bit_length(), int(values.min())
    if int(values.max()) - least >> (63 - bits):
        order = np.argsort(values, kind="stable")
        return values[order], order
    # Numbers are sorted in a fifth of the time that places are: where there is room a number bears its place.
    packed = values - least << bits | places
    packed.sort()
    return (packed >> bits) + least, packed & (1 << bits) - 1


def repeated(values: Integers) -> Integers:
    """The places of values that stand more than once, nearly in the order of the values; perhaps of a few others.

    Args:
        values: from 0, spread as hashes are.
    """
    bits = len(values).bit_length()
    packed = values >> bits << bits | np.arange(len(values))
    packed.sort()
    begun = packed >> bits
    same = begun[1:] == begun[:-1]
    several = np.zeros(len(values), bool)
    several[1:] = same
    several[:-1] |= same
    return packed[several] & (1 << bits) - 1


def as_lists(owners: Integers, words: Integers, alphabet: pa.StringArray, total: int) -> pa.ListArray:
    """Words of owners, who are sorted, as one list for each of all."""
    offsets = np.searchsorted(owners, np.arange(total + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), alphabet.take(pa.array(words)))


def spaced(texts: pa.ChunkedArray) -> pa.ListArray:
    """The words of texts that have one space between two, as lists."""
    return pc.split_pattern(texts, " ").combine_chunks()


def glued(lists: pa.ListArray) -> pa.StringArray:
    """Words without anything between: what stands one after the other in the lists stays where it is."""
    words = lists.values
    ends = np.frombuffer(words.buffers()[1], np.int32)[words.offset :][lists.offsets.to_numpy()]
    return pa.StringArray.from_buffers(
        len(lists),
        pa.py_buffer(ends),
        words.buffers()[2],
        pa.py_buffer(np.packbits(lists.is_valid(), bitorder="little")),
    )


def longest(texts: pa.ListArray, count: int) -> pa.Array:
    """The longest words of every text, in the order of the alphabet; of equally long ones the first.

    Args:
        texts: lists of words.
        count: how many words.
    """
    split = lists_of(texts)
    by_length = np.argsort(-pc.utf8_length(split.alphabet).to_numpy().astype(np.int64), kind="stable")
    owners = np.repeat(np.arange(len(split.sizes)), split.sizes)
    owner, rank = each_once(owners, inverse(by_length)[split.words], len(by_length))
    firsts = np.flatnonzero(np.diff(owner, prepend=-1))
    kept = np.arange(len(owner)) - np.repeat(firsts, np.diff(firsts, append=len(owner))) < count
    owner, word = each_once(owner[kept], by_length[rank[kept]], len(by_length))
    return pc.binary_join(as_lists(owner, word, split.alphabet, len(split.sizes)), " ")
