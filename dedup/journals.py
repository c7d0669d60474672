"""Whether two names are one journal's."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from dedup.ranked import Integers, each, inverse
from dedup.scratch import Scratch

KIN, OTHER, UNTOLD = -1, -2, -3
"""Names of one family or much alike, of two journals, none to compare; below 0: the best of several names holds."""

_NEAR = 88
"""Ratio from which two names are one or one with a slip of the pen, unless a word is another."""

_VARIANTS = (("ae", "e"), ("oe", "e"), ("ue", "u"), ("ou", "o"), ("ph", "f"), ("th", "t"), ("k", "c"), ("z", "s"),
             ("y", "i"), ("j", "i"))  # fmt: skip
"""Spellings of one sound, and what stands for both."""

_MEETING = re.compile(r"\b(?:proceedings|conference|symposium|congress|workshop|convention)\b")
_PARTICLES = frozenset({"a", "and", "der", "des", "die", "for", "fuer", "fur", "of", "the", "und"})

# An abbreviated word is the beginning of the full one (`clin`), or its letters in their order (`natl`).
_STATES = r"""
WITH split AS (
    SELECT place, x, y, ratio, words, string_split(x, ' ') AS xs, string_split(y, ' ') AS ys
    FROM dedup_journal_scores
), begun AS (
    SELECT *, array_to_string(list_transform(xs, lambda w: left(w, 1)), '') AS ix,
        array_to_string(list_transform(ys, lambda w: left(w, 1)), '') AS iy
    FROM split
), judged AS (
    -- Patterns that differ by row are dear: words that begin with other letters are no abbreviations.
    SELECT place, x, y, ratio, words, len(xs) = len(ys) AS as_long,
        CASE WHEN starts_with(ix, iy) OR starts_with(iy, ix) THEN list_bool_and(list_transform(
            list_zip(xs[1:least(len(xs), len(ys))], ys[1:least(len(xs), len(ys))]), lambda p:
            coalesce(starts_with(p[1], p[2]) OR starts_with(p[2], p[1]) OR
            CASE WHEN length(p[1]) > length(p[2]) THEN regexp_matches(p[1], regexp_replace(p[2], '(.)', '\1.*', 'g'))
                 ELSE regexp_matches(p[2], regexp_replace(p[1], '(.)', '\1.*', 'g')) END, false)))
            ELSE false END AS abbreviated,
        (len(xs) = 1 AND len(ys) > 1 AND x = iy) OR (len(ys) = 1 AND len(xs) > 1 AND y = ix) AS initials,
        least(len(xs), len(ys)) AS shorter
    FROM begun
)
SELECT CASE WHEN (abbreviated AND as_long) OR initials THEN 1
    -- Proceedings are quoted with and without their year's motto.
    WHEN shorter >= 3 AND (starts_with(x, y || ' ') OR starts_with(y, x || ' '))
         AND regexp_matches(x, '\b(conference|symposium|workshop)\b') THEN 1
    -- One name in another and more: a journal and its offspring, or a subtitle.
    WHEN shorter <= 2 AND words >= 99 AND NOT as_long
         AND NOT regexp_matches(x || ' ' || y, '\b(proceedings|conference|symposium|congress|workshop|official)\b')
    THEN {kin}
    WHEN words >= 95 OR ratio >= 72 OR (abbreviated AND shorter >= 2) THEN 0
    WHEN ratio >= 60 AND regexp_matches(x || ' ' || y, '\b(proceedings|conference|symposium|congress|workshop)\b')
    THEN 0
    ELSE {other} END AS state
FROM judged ORDER BY place
""".replace("{kin}", str(KIN)).replace("{other}", str(OTHER))


def journal_states(
    space: Scratch, records: pa.Table, x: Integers, y: Integers
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
    """Of pairs of records: 1 where they name one journal, -1 where they name two, 0 where nothing can be told.

    And whether nothing can be told because the one may be an offspring of the other, or another of a name much alike.

    Args:
        space: where.
        records: `journal`, `journal_other`: the best that any two of their names come to holds.
        x: places of the first records.
        y: places of the others.
    """
    names = pa.chunked_array([c for n in ("journal", "journal_other") for c in records.column(n).chunks], pa.string())
    coded = names.combine_chunks().dictionary_encode()
    order = pc.sort_indices(coded.dictionary).to_numpy()
    alphabet = coded.dictionary.take(pa.array(order))
    code = inverse(order)[coded.indices.fill_null(0).to_numpy()] if len(order) else np.zeros(len(names), np.int64)
    code[~names.is_valid().to_numpy()] = -1
    codes = code[: records.num_rows], code[records.num_rows :]
    met = [(one[x], other[y]) for one in codes for other in codes]
    states = np.full(len(x), UNTOLD, np.int8)
    for one, other in met:
        states[(one == other) & (one >= 0)] = 1
    # Which two are met, as one number; the first in the alphabet comes first.
    pairs = [np.minimum(a, b) * max(len(alphabet), 1) + np.maximum(a, b) for a, b in met]
    asked = [np.flatnonzero((states < 1) & (one >= 0) & (other >= 0)) for one, other in met]
    several = each(np.concatenate([pair[places] for pair, places in zip(pairs, asked, strict=True)]))
    found = _states(space, alphabet, several)
    for pair, places in zip(pairs, asked, strict=True):
        states[places] = np.maximum(states[places], found[np.searchsorted(several, pair[places])])
    kin = states == KIN
    states[kin | (states == UNTOLD)] = 0
    states[states == OTHER] = -1
    return states, kin


def _states(space: Scratch, alphabet: pa.Array, pairs: Integers) -> npt.NDArray[np.int8]:
    """Of pairs of different names."""
    x, y = (alphabet.take(pa.array(places)) for places in np.divmod(pairs, max(len(alphabet), 1)))
    xs, ys = x.to_pylist(), y.to_pylist()
    ratio = process.cpdist(xs, ys, scorer=fuzz.ratio)
    states = np.ones(len(pairs), np.int8)
    states[[at for at in np.flatnonzero(ratio >= _NEAR).tolist() if not _spelt_alike(xs[at], ys[at])]] = KIN
    less = np.flatnonzero(ratio < _NEAR)
    if len(less):
        told = {"place": less, "ratio": ratio[less]}
        words = process.cpdist([xs[at] for at in less], [ys[at] for at in less], scorer=fuzz.token_set_ratio)
        at = pa.array(less)
        space.lend("journal_scores", pa.table(told | {"words": words, "x": x.take(at), "y": y.take(at)}))
        states[less] = space.read(_STATES).column("state").to_numpy()
        space.take_back("journal_scores")
    return states


def _spelt_alike(x: str, y: str) -> bool:
    """Whether two names that look alike differ by nothing but their spelling.

    One letter may make another journal (hepatology, hematology), so every word has to be the other's, spelt otherwise
    or shortened. Meetings bear the numbers of their years, and mottos.
    """
    if _MEETING.search(x) and _MEETING.search(y):
        return True
    xs, ys = _words(x), _words(y)
    if _sounded("".join(xs)) == _sounded("".join(ys)):
        return True
    if len(xs) != len(ys):
        xs, ys = _without_initials(xs), _without_initials(ys)
    return len(xs) == len(ys) and all(
        one.startswith(other) or other.startswith(one) or _sounded(one) == _sounded(other)
        for one, other in zip(xs, ys, strict=True)
    )


def _sounded(text: str) -> str:
    for spelling, sound in _VARIANTS:
        text = text.replace(spelling, sound)
    return text


def _words(name: str) -> list[str]:
    return [word for word in name.split(" ") if word not in _PARTICLES and not word[:1].isdigit()]


def _without_initials(words: list[str]) -> list[str]:
    """A name without the short form of itself that stands before or behind it."""
    if len(words) < 3:
        return words
    for short, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        if short == "".join(word[0] for word in rest)[-len(short) :] and len(short) > 1:
            return rest
    return words
