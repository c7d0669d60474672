"""Time what the package does with large searches, and print it as a table.

    python -m benchmarks.strategies [--terms N] [--records N] [--repeats N] [--without-other] [--without-records]

A search of as many terms as asked for is made up, written for Ovid, read, checked and translated to all platforms;
beside it, `search-query` parses a search of 1,600 such terms in PubMed's syntax, if it is installed. Then the
published search of the example review is held against made-up records with abstracts. Everything made up is the same
in each run, and nothing is kept.
"""

import argparse
import io
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib import import_module

import pyarrow as pa
import pyarrow.compute as pc

from livingsearch.strategy.dialects import PLATFORMS, Dialect
from livingsearch.strategy.evaluate import matches
from livingsearch.strategy.lint import lint
from livingsearch.strategy.normal import with_fields
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.translate import translate

PUBLISHED = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
FIELDS = ("title", "abstract", "author_keywords")
OTHER_TERMS = 1_600
_OVID = Dialect("ovid", "Ovid MEDLINE(R) ALL")
_SEED = 20_260_801
_CONCEPTS = 4
_VOCABULARY = 30_000
_POOL = 1_500_000
_LEAST, _MOST = 800, 1_600
_TITLE = 95
_ROWS = 5_000
_TOPIC = (
    *("peer", "peers", "expert", "patient", "personality", "disorder", "needs", "personality disorder"),
    *("personality disorders", "expert by experience", "expert patients", "complex emotional needs"),
)


def words(count: int, chance: random.Random) -> list[str]:
    """Words that look like some language's, all different, those of the published search among the more frequent."""
    syllables = [c + v for c in "b c d f g h l m n p r s t v st tr pr ch".split() for v in "a e i o u ea io".split()]
    made: dict[str, None] = {}
    while len(made) < count:
        made[
            "".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 4)))) + chance.choice(("", "", "n", "s"))
        ] = None
    vocabulary = list(made)
    for place, word in enumerate(_TOPIC):
        vocabulary[300 + 90 * place] = word
    vocabulary[250], vocabulary[700] = "naïve", "β"
    return vocabulary


def terms(count: int, chance: random.Random) -> list[tuple[str, ...]]:
    """Terms of one to three words."""
    vocabulary = words(5_000, chance)
    return [tuple(chance.sample(vocabulary[1_000:], chance.choice((1, 1, 2, 2, 3)))) for _ in range(count)]


def ovid_search(count: int, chance: random.Random) -> str:
    """A search for Ovid: words, truncated words, phrases, proximity, in four concepts."""

    def written(term: tuple[str, ...]) -> str:
        if len(term) == 1:
            return term[0] + chance.choice(("", "$", "$", "*"))
        if chance.random() < 0.3:
            return f"({term[0]}$ adj{chance.randint(2, 5)} {term[1]}$)"
        return f'"{" ".join(term)}{chance.choice(("", "$"))}"'

    made = terms(count, chance)
    groups = [made[at::_CONCEPTS] for at in range(_CONCEPTS)]
    return " AND ".join(f"({' OR '.join([written(term) for term in group])}).ti,ab." for group in groups)


def pubmed_search(count: int, chance: random.Random) -> str:
    """A search for PubMed, each term with its tag."""
    made = terms(count, chance)
    groups = [made[at::_CONCEPTS] for at in range(_CONCEPTS)]
    written = [" OR ".join([f'"{" ".join(term)}"[tiab]' for term in group]) for group in groups]
    return " AND ".join(f"({group})" for group in written)


def records(count: int, chance: random.Random) -> pa.Table:
    """Records with titles, abstracts and keywords of words as frequent as in texts (Zipf)."""
    vocabulary = words(_VOCABULARY, chance)
    weights = [1 / (rank + 2.7) for rank in range(len(vocabulary))]
    drawn = chance.choices(vocabulary, weights, k=_POOL)
    gaps = chance.choices((" ", ", ", ". ", " (", ") ", "-", " – ", "’s "), (82, 6, 5, 1, 1, 4, 0.5, 0.5), k=_POOL)
    text = "".join([word + gap for word, gap in zip(drawn, gaps, strict=True)])
    del drawn, gaps
    return pa.concat_tables([_rows(text, min(_ROWS, count - at), chance) for at in range(0, count, _ROWS)])


def _rows(text: str, count: int, chance: random.Random) -> pa.Table:
    columns: dict[str, list[object]] = {"title": [], "abstract": [], "keywords": []}
    for _ in range(count):
        start = chance.randrange(len(text) - _TITLE - _MOST)
        end = start + _TITLE + chance.randrange(_LEAST, _MOST)
        columns["title"].append(text[start : start + _TITLE])
        columns["abstract"].append(text[start + _TITLE : end])
        columns["keywords"].append(text[end - 60 : end].split(", "))
    return pa.table(columns)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def other_parser(text: str) -> Callable[[], object] | None:
    """`search-query` parsing a search for PubMed, without what it prints; None where it is not installed."""
    try:
        parse = import_module("search_query.parser").parse
    except ImportError:
        return None

    def quietly() -> None:
        with redirect_stdout(io.StringIO()):
            parse(text, platform="pubmed")

    return quietly


def of_searches(count: int, repeats: int, *, other: bool) -> Iterator[tuple[str, str]]:
    """Reading, checking and translating."""
    text = ovid_search(count, random.Random(_SEED))
    search = read_search(text, _OVID)
    times = {
        "read (Ovid)": seconds(lambda: read_search(text, _OVID), repeats),
        "lint": seconds(lambda: lint(search), repeats),
    }
    for platform in PLATFORMS:
        dialect = Dialect(platform)
        times[f"translate to {platform}"] = seconds(
            lambda d=dialect: translate(search, d, default_fields=None), repeats
        )  # type: ignore[misc]
    together = sum(times.values())
    yield f"{count:,} terms", f"{len(text):,} characters"
    for name, taken in times.items():
        yield name, f"{taken:.3f} s"
    yield "together", f"{together:.3f} s"
    beside = other_parser(pubmed_search(OTHER_TERMS, random.Random(_SEED))) if other else None
    if beside is None:
        yield f"search-query, {OTHER_TERMS:,} terms", "not measured" if not other else "not installed"
        return
    theirs = seconds(beside, 1)
    yield f"search-query parses {OTHER_TERMS:,} terms", f"{theirs:.3f} s (one run)"
    yield "search-query's parsing / all of the above", f"{theirs / together:.1f}"


def of_records(count: int, repeats: int) -> Iterator[tuple[str, str]]:
    """Holding the published search against records."""
    table = records(count, random.Random(_SEED))
    tree = with_fields(read_search(PUBLISHED, Dialect("ovid")).tree, FIELDS)
    before = _peak()
    taken = seconds(lambda: matches(tree, table), repeats)
    found = pc.sum(matches(tree, table)).as_py()
    length = pc.mean(pc.utf8_length(table["abstract"])).as_py()
    yield (
        f"{count:,} records",
        f"{table.nbytes / 1e6:,.0f} MB, {length:,.0f} characters an abstract",
    )
    yield "published search against them", f"{taken:.2f} s, {found or 0:,} found"
    yield "peak memory", f"{_peak():,.0f} MB, {before:,.0f} MB before matching"


def _peak() -> float:
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--terms", type=int, default=2_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--without-other", action="store_true", help="do not time search-query")
    parser.add_argument("--without-records", action="store_true", help="do not time the matching of records")
    arguments = parser.parse_args()
    rows = list(of_searches(arguments.terms, arguments.repeats, other=not arguments.without_other))
    if not arguments.without_records:
        rows += of_records(arguments.records, arguments.repeats)
    width = max(len(name) for name, _ in rows)
    for name, figure in rows:
        print(f"{name:{width}}  {figure}")


if __name__ == "__main__":
    main()
