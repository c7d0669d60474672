"""Pairs with all that their two records say, side by side, and how alike their texts are."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from dedup.alike import places_of
from dedup.journals import journal_states
from dedup.letters import Flags
from dedup.ranked import Integers
from dedup.scratch import Scratch

COMPARED_BY = (
    "record_id", "identity", "content", "title", "generic", "mark", "part", "numbers", "registry", "trials", "kind",
    "first_author", "first_names", "families", "names", "year", "journal", "journal_other", "issns", "volume", "issue",
    "first_page", "last_page", "page_kind", "pages", "doi", "pmid", "serial", "shared", "counter",
)  # fmt: skip
"""What records are compared by, but for their abstracts."""


def side_by_side(space: Scratch, pairs: pa.Table, records: pa.Table, texts: pa.Table) -> pa.Table:
    """One row a pair: whatever compares fields needs nothing else.

    Args:
        space: where.
        pairs: what `alike` keeps.
        records: theirs, with the columns of `COMPARED_BY`.
        texts: `record_id`, `abstract` of those whose abstracts are compared.

    Returns:
        `x_id`, `y_id`; `title`, `title_words`, `author_words` and `abstract_score` up to 100 (-1 or null where there is
        nothing to compare); `same_families`, `journal_state`, `journals_kin`, what `signed` tells of abstracts; and the
        records' fields as `x_...` and `y_...`, with `letters` of the title.
    """
    x, y = places_of(pairs, records)
    title = pairs.column("title").to_numpy()
    # No rule reads the authors or abstracts of two that do not bear one title.
    worth = (title >= 60) | (title < 0)
    states, kin = journal_states(space, records, x, y)
    same_families, author_words = _authors(records.column("families"), x, y, worth)
    flat = {
        "x_id": pairs.column("x_id"),
        "y_id": pairs.column("y_id"),
        "title": pa.array(np.floor(title).astype(np.int32)),
        "title_words": pa.array(np.floor(pairs.column("title_words").to_numpy()).astype(np.int32)),
        "same_families": pa.array(same_families),
        "author_words": pa.array(author_words),
        "journal_state": pa.array(states),
        "journals_kin": pa.array(kin),
        "abstract_score": _abstracts(pairs, texts, worth),
    } | {name: pairs.column(name) for name in ("abstract_same", "abstract_begins", "abstract_long", "two_texts")}
    names = (name for name in records.column_names if name not in ("record_id", "journal_other"))
    wide = {name: records.column(name).combine_chunks() for name in names}
    wide |= {"letters": pc.replace_substring(wide["title"], " ", "")}
    ends = {"x": pa.array(x), "y": pa.array(y)}
    # Column by column: a table's own `take` takes three times as long.
    flat |= {f"{end}_{name}": wide[name].take(places) for end, places in ends.items() for name in wide}
    return pa.table(flat)


def _authors(lists: pa.ChunkedArray, x: Integers, y: Integers, worth: Flags) -> tuple[Flags, npt.NDArray[np.float32]]:
    """Whether two records name the same families, and how alike their names are."""
    named = pc.greater(pc.list_value_length(lists), 0).to_numpy().astype(bool)
    families = pc.binary_join(lists, " ").combine_chunks()
    spelt = families.dictionary_encode().indices.to_numpy()
    same = np.asarray(spelt[x] == spelt[y])
    words = np.where(same & named[x], np.float32(100), np.float32(-1))
    asked = np.flatnonzero(worth & ~same & named[x] & named[y])
    words[asked] = _ratios(families, x[asked], y[asked])
    return same, words


def _abstracts(pairs: pa.Table, texts: pa.Table, worth: Flags) -> pa.Array:
    """Ratios of two abstracts that are not the same."""
    scores = np.zeros(pairs.num_rows, np.float32)
    asked = np.flatnonzero(worth & pairs.column("two_texts").to_numpy().astype(bool))
    if len(asked):
        abstracts = texts.column("abstract").combine_chunks()
        scores[asked] = _ratios(abstracts, *places_of(pairs.take(pa.array(asked)), texts))
    silent = np.ones(pairs.num_rows, bool)
    silent[asked] = False
    return pa.array(scores, mask=silent)


def _ratios(texts: pa.Array, x: Integers, y: Integers) -> npt.NDArray[np.float32]:
    ends = (texts.take(pa.array(places)).to_pylist() for places in (x, y))
    return process.cpdist(*ends, scorer=fuzz.ratio)
