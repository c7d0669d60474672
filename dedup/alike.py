"""A first look at pairs that share a key: their titles, and what else may speak for them.

Sharing a key is cheap. What shares neither words nor a number nor a place is not looked at further: no rule could say
anything of it.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from dedup.crew import Parcel
from dedup.letters import Flags
from dedup.ranked import Integers, numbered, places_among
from dedup.scratch import Scratch

Scores = npt.NDArray[np.float32]

_LEAST = 60
"""Ratio of two titles under which they say nothing for a pair."""

_ALL_WORDS = 97
"""Ratio of the words of two titles from which one has all that the other has."""

_TITLES = ((0, 0), (1, 0), (0, 1))
"""Which are compared: the titles, and each with the other's second title."""

SIGNS_OF = (
    "record_id", "title", "identity", "doi", "pmid", "year", "volume", "first_page", "last_page", "trials", "abstract",
)  # fmt: skip
"""What signs are made of."""

TITLES_OF = ("record_id", "title", "title_other", "trials")
"""What the titles of pairs are compared by."""


def _sign(value: str) -> str:
    """An expression for a number that stands for a value: 0 where it is null."""
    return f"CASE WHEN {value} IS NULL THEN 0 ELSE hash({value}) >> 1 END::BIGINT"


def number_of(page: str) -> str:
    """An expression for a page without the letters before its number."""
    # Few have any, and a pattern is dear.
    return f"CASE WHEN {page} >= 'a' THEN regexp_replace({page}, '^[a-z]+', '') ELSE {page} END"


# As numbers, which are quick to compare. No rule cares for a title that begins another in less than 15 letters.
_SIGNS = f"""
SELECT record_id, coalesce(identity, 0) AS identity, {_sign("doi")} AS doi, {_sign("pmid")} AS pmid,
    coalesce(year, 0) AS year, len(trials) > 0 AS registered, {_sign("title")} AS title,
    {_sign("left(replace(left(title, 30), ' ', ''), 15)")} AS head,
    {_sign(f"volume || ' ' || {number_of('first_page')}")} AS page,
    {_sign(number_of("last_page"))} AS ends,
    {_sign("abstract")} AS abstract, {_sign("CASE WHEN length(abstract) >= 150 THEN left(abstract, 150) END")}
        AS abstract_begins
FROM dedup_signed
"""  # noqa: S608

_BOTH_NAME = "SELECT list_has_any(x, y) AS both FROM dedup_named ORDER BY place"


def ends_of(pairs: pa.Table) -> Integers:
    """The records of pairs, `x_id` and then `y_id`."""
    return np.concatenate([pairs.column(name).to_numpy() for name in ("x_id", "y_id")])


def places_of(pairs: pa.Table, records: pa.Table) -> tuple[Integers, Integers]:
    """Where the records of pairs, `x_id` and `y_id`, stand in a table that holds them all, in any order."""
    x, y = np.split(places_among(records.column("record_id").to_numpy(), ends_of(pairs)), 2)
    return x, y


def signs(space: Scratch, records: Parcel) -> Parcel:
    """What two records may have in common, as numbers: 0 where one says nothing.

    Args:
        space: where.
        records: with the columns of `SIGNS_OF`.

    Returns:
        `record_id`, `identity`, `doi`, `pmid`, `year`, `registered`, `title`, `head` (how the title begins), `page`
        (with its volume), `ends` (the last page), `abstract`, `abstract_begins`.
    """
    space.lend("signed", records.table)
    made = space.read(_SIGNS)
    space.take_back("signed")
    return Parcel(made)


def signed(pairs: pa.Table, made: pa.Table) -> pa.Table:
    """Pairs with what their signs say.

    Args:
        pairs: `x_id`, `y_id`.
        made: what `signs` gives of them, perhaps also of others.

    Returns:
        `x_id`, `y_id`, and whether they have in common the title (`titled`), a number (`numbered`), the page of a
        volume (`placed`), the last page (`ended`) or the beginning of their titles (`headed`), both name registrations
        (`registered`), whether their years are `near`; of abstracts whether they are the same (`abstract_same`), begin
        alike (`abstract_begins`), are both long enough to say so (`abstract_long`), or are two texts (`two_texts`).
    """
    x, y = places_of(pairs, made)

    def both(name: str) -> tuple[Integers, Integers]:
        values = made.column(name).to_numpy()
        return values[x], values[y]

    def same(name: str) -> Flags:
        one, other = both(name)
        return np.asarray((one == other) & (one != 0))

    years, texts, begun, registered = (both(name) for name in ("year", "abstract", "abstract_begins", "registered"))
    told = {
        "titled": same("title"),
        "numbered": same("doi") | same("pmid") | same("identity"),
        "placed": same("page"),
        "ended": same("ends"),
        "near": (years[0] == 0) | (years[1] == 0) | (np.abs(years[0] - years[1]) <= 1),
        "headed": same("head"),
        "registered": registered[0] & registered[1],
        "abstract_same": same("abstract"),
        "abstract_begins": same("abstract_begins"),
        "abstract_long": (begun[0] != 0) & (begun[1] != 0),
        "two_texts": (texts[0] != texts[1]) & (texts[0] != 0) & (texts[1] != 0),
    }
    for name, column in told.items():
        pairs = pairs.append_column(name, pa.array(column))
    return pairs


def alike(space: Scratch, given: Parcel, records: Parcel, every: bool) -> Parcel:
    """Pairs worth a closer look.

    Args:
        space: where.
        given: what `signed` tells of pairs.
        records: theirs, with the columns of `TITLES_OF`.
        every: all of them are.

    Returns:
        Rows of `given`, and of their titles `title` and `title_words`, ratios up to 100: -1 where one has none.
    """
    pairs, told = given.table, records.table
    x, y = places_of(pairs, told)
    titled, numbered, placed, ended, near = (
        _flags(pairs, name) for name in ("titled", "numbered", "placed", "ended", "near")
    )
    there = [told.column(name).is_valid().to_numpy() for name in ("title", "title_other")]
    read: Flags = np.zeros(told.num_rows, bool)
    read[np.concatenate([x[~titled], y[~titled]])] = True
    texts = [
        _objects(told.column(name), np.flatnonzero(read & filled))
        for name, filled in zip(("title", "title_other"), there, strict=True)
    ]
    ratio, words = (np.where(titled, np.float32(100), np.float32(0)) for _ in range(2))

    def score(scores: Scores, chosen: Flags, scorer: Callable[..., float], cutoff: float = 0) -> None:
        """Raise scores to the best that two titles of a pair come to."""
        for one, other in _TITLES:
            asked = np.flatnonzero(chosen & there[one][x] & there[other][y])
            ends = texts[one][x[asked]], texts[other][y[asked]]
            scores[asked] = np.maximum(scores[asked], process.cpdist(*ends, scorer=scorer, score_cutoff=cutoff))

    # Below this most are not looked at, so the comparing may give up.
    score(ratio, ~titled, fuzz.ratio, _LEAST)
    backed = numbered.copy()
    doubtful = ~numbered & (ratio < 80)
    headed = np.flatnonzero(doubtful & _flags(pairs, "headed") & there[0][x] & there[0][y])
    backed[headed] = _begun(told.column("title"), x[headed], y[headed])
    registered = np.flatnonzero(doubtful & ~backed & _flags(pairs, "registered"))
    backed[registered] = _named(space, told.column("trials"), x[registered], y[registered])
    exactly = backed | placed | every
    score(ratio, exactly & (ratio < _LEAST), fuzz.ratio)
    close = ~titled & (exactly | (ratio >= 80))
    score(words, close, fuzz.token_set_ratio)
    score(words, ~titled & ~close & (ratio >= _LEAST), fuzz.token_set_ratio, _ALL_WORDS)
    silent = ~(there[0][x] & there[0][y])
    ratio[silent] = -1
    kept = (ratio >= 80) | ((words >= _ALL_WORDS) & ((ratio >= _LEAST) | placed)) | silent | backed | every
    # Under two titles nothing but all of the place speaks for a pair.
    kept |= placed & ended & near
    scores = {"title": pa.array(ratio[kept]), "title_words": pa.array(words[kept])}
    return Parcel(pa.table(dict(zip(pairs.column_names, pairs.filter(pa.array(kept)).columns, strict=True)) | scores))


def _objects(texts: pa.ChunkedArray, places: Integers) -> npt.NDArray[np.object_]:
    """Texts as Python has them, of some places only: to make them takes time, and keeps all threads waiting."""
    made = np.empty(len(texts), object)
    made[places] = texts.take(pa.array(places)).to_pylist()
    return made


def _begun(titles: pa.ChunkedArray, x: Integers, y: Integers) -> Flags:
    """Of which pairs one title begins the other, letter by letter."""
    read, places = numbered(np.concatenate([x, y]))
    letters = pc.replace_substring(titles.take(pa.array(read)), " ", "")
    length, texts = pc.utf8_length(letters).to_numpy(), np.array(letters.to_pylist(), object)
    one, other = np.split(places, 2)
    common = process.cpdist(texts[one], texts[other], scorer=Prefix.similarity)
    return np.asarray(common == np.minimum(length[one], length[other]))


def _named(space: Scratch, trials: pa.ChunkedArray, x: Integers, y: Integers) -> Flags:
    """Of which pairs both name one registration."""
    if not len(x):
        return np.zeros(0, bool)
    ends = {"x": trials.take(pa.array(x)), "y": trials.take(pa.array(y))}
    space.lend("named", pa.table(ends | {"place": np.arange(len(x))}))
    both = space.read(_BOTH_NAME).column("both").to_numpy().astype(bool)
    space.take_back("named")
    return np.asarray(both)


def _flags(pairs: pa.Table, name: str) -> Flags:
    return np.asarray(pairs.column(name).to_numpy().astype(bool))
