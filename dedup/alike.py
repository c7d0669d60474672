"""A first look at pairs that share a key: their titles, and what else may speak for them."""

from collections.abc import Callable
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from dedup.members import those
from dedup.scratch import Scratch

# Sharing a key is cheap; what shares neither words nor a number nor a place is not looked at further: no rule could say
# anything of it.
_PAIRS = """
SELECT p.x_id, p.y_id, a.place AS x_place, b.place AS y_place,
    coalesce(a.doi = b.doi, false) OR coalesce(a.pmid = b.pmid, false) OR coalesce(a.identity = b.identity, false)
    OR coalesce(CASE WHEN a.head = b.head
        THEN starts_with(a.letters, b.letters) OR starts_with(b.letters, a.letters) END, false)
    OR (len(a.trials) > 0 AND len(b.trials) > 0 AND list_has_any(a.trials, b.trials)) AS backed,
    coalesce(a.page = b.page, false) AS placed, coalesce(abs(a.year - b.year) <= 1, true) AS near
FROM dedup_{pairs} p JOIN dedup_met a ON a.record_id = p.x_id JOIN dedup_met b ON b.record_id = p.y_id
"""

_LEAST = 60
"""Ratio of two titles under which they say nothing for a pair."""

_TITLES = ((0, 0), (1, 0), (0, 1))
"""Which are compared: the titles, and each with the other's second title."""

_MET_OF = ("record_id", "title", "title_other", "identity", "doi", "pmid", "year", "volume", "first_page", "trials")

# As numbers, which are quick to join; no rule cares for titles of which one begins the other in less than 15 letters.
_MET = """
SELECT place, record_id, identity, year, trials, CASE WHEN doi IS NOT NULL THEN hash(doi) END AS doi,
    CASE WHEN pmid IS NOT NULL THEN hash(pmid) END AS pmid,
    replace(title, ' ', '') AS letters, hash(left(replace(left(title, 30), ' ', ''), 15)) AS head,
    CASE WHEN volume IS NOT NULL AND first_page IS NOT NULL THEN hash(volume, ltrim(first_page, '{alphabet}')) END
        AS page
FROM dedup_chosen
""".replace("{alphabet}", ascii_lowercase)


def ends_of(pairs: pa.Table) -> npt.NDArray[np.int64]:
    """The records of pairs, `x_id` and then `y_id`."""
    return np.concatenate([pairs.column(name).to_numpy() for name in ("x_id", "y_id")])


def alike(space: Scratch, source: str, *, every: bool) -> pa.Table:
    """Pairs worth a closer look.

    Args:
        space: holds what `members.show` made.
        source: name of the table of pairs.
        every: all of them are.

    Returns:
        `x_id`, `y_id`, and of their titles `title` and `title_words`, ratios up to 100: -1 where one has none.
    """
    met = those(space, ends_of(space.read(f"SELECT x_id, y_id FROM dedup_{source}")), _MET_OF)  # noqa: S608
    space.lend("chosen", met.append_column("place", pa.array(np.arange(met.num_rows))))
    space.table("met", _MET)
    space.take_back("chosen")
    pairs = space.read(_PAIRS.format(pairs=source))
    space.drop("met")
    x, y, backed, placed, near = (
        pairs.column(name).to_numpy() for name in ("x_place", "y_place", "backed", "placed", "near")
    )
    texts = [np.array(met.column(name).to_pylist(), object) for name in ("title", "title_other")]
    told = [met.column(name).is_valid().to_numpy() for name in ("title", "title_other")]
    ratio, words = np.zeros(len(x), np.float32), np.zeros(len(x), np.float32)
    exactly = backed | placed | every
    for one, other in _TITLES:
        both, ends = told[one][x] & told[other][y], (texts[one], x, texts[other], y)
        _raise(ratio, *ends, both & exactly, fuzz.ratio)
        # Below this nothing is looked at, so the comparing may give up.
        _raise(ratio, *ends, both & ~exactly, fuzz.ratio, cutoff=_LEAST)
    for one, other in _TITLES:
        both = told[one][x] & told[other][y] & (exactly | (ratio >= _LEAST))
        _raise(words, texts[one], x, texts[other], y, both, fuzz.token_set_ratio)
    silent = ~(told[0][x] & told[0][y])
    ratio[silent] = -1
    kept = (ratio >= 80) | ((words >= 97) & ((ratio >= _LEAST) | placed)) | silent | backed | (placed & near) | every
    scores = {"title": pa.array(ratio[kept]), "title_words": pa.array(words[kept])}
    return pa.table({name: pairs.column(name).filter(pa.array(kept)) for name in ("x_id", "y_id")} | scores)


def _raise(
    scores: npt.NDArray[np.float32],
    x_texts: npt.NDArray[np.object_],
    x: npt.NDArray[np.int64],
    y_texts: npt.NDArray[np.object_],
    y: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    scorer: Callable[..., float],
    cutoff: float = 0,
) -> None:
    """Raise the scores of some pairs to what a scorer gives of their texts, where it gives more."""
    pairs = np.flatnonzero(chosen)
    found = process.cpdist(x_texts[x[pairs]], y_texts[y[pairs]], scorer=scorer, score_cutoff=cutoff)
    scores[pairs] = np.maximum(scores[pairs], found)
