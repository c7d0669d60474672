"""What runs at each source: the query that the file writes down, else the documented search's translation."""

from livingsearch.errors import SearchTextError
from livingsearch.review.model import DeclaredSource, File, Source
from livingsearch.review.problems import Problem
from livingsearch.strategy.dialects import LABELS, READABLE, Dialect, platform_named
from livingsearch.strategy.plain_text import on_one_line
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.search import Search
from livingsearch.strategy.translate import translate

_MAX_SHOWN = 300


def sources_of(file: File) -> tuple[tuple[Source, ...], list[Problem]]:
    """The sources of a review, each with its query.

    Args:
        file: the content, every field right by itself.

    Returns:
        The sources in the file's order, and a problem for each that has no query and can be given none: a person
        has to write it down then.
    """
    sources: list[Source] = []
    problems: list[Problem] = []
    documented: Search | str | None = None
    for place, declared in enumerate(file.sources):
        if declared.query is not None:
            sources.append(_source(declared, declared.query, translated=False))
            continue
        if documented is None:
            documented = _documented(file)
        query, problem = _translated(file, declared, documented)
        if problem:
            problems.append(Problem(("source", place, "query"), f"is missing, and {_short(problem)}; write query"))
        else:
            sources.append(_source(declared, query, translated=True))
    return tuple(sources), problems


def _source(declared: DeclaredSource, query: str, *, translated: bool) -> Source:
    return Source(**{**dict(declared), "query": query, "translated": translated})


def _documented(file: File) -> Search | str:
    """The documented search as it was read, or why it cannot be."""
    platform = platform_named(file.search.syntax)
    if platform is None or platform not in READABLE:
        known = ", ".join(LABELS[one] for one in READABLE)
        return f'the documented search is in the syntax "{file.search.syntax}", which cannot be read; {known} can'
    try:
        return read_search(file.search.text, Dialect(platform, file.search.database))
    except SearchTextError as error:
        return f"the documented search cannot be read ({error})"


def _translated(file: File, declared: DeclaredSource, documented: Search | str) -> tuple[str, str]:
    """The translation, or why there is none; the other is empty."""
    platform = platform_named(declared.platform)
    if declared.connector == "europepmc":
        return "", "no search can be written for Europe PMC"
    if declared.connector == "entrez" and platform not in (None, "pubmed"):
        return "", f'connector = "entrez" searches PubMed, not the platform "{declared.platform}"'
    if platform is None:
        known = ", ".join(LABELS.values())
        return "", f'no search can be written for the platform "{declared.platform}", only for {known}'
    if isinstance(documented, str):
        return "", documented
    try:
        translation = translate(documented, Dialect(platform, declared.database), default_fields=file.search.fields)
    except SearchTextError as error:
        return "", f"the documented search cannot be translated ({error})"
    if unsettled := translation.unsettled:
        first, parts = unsettled[0], sum(loss.count for loss in unsettled)
        example = f", e.g. {first.examples[0]}" if first.examples else ""
        what = "part of the translation" if parts == 1 else "parts of the translation"
        return "", f"a person has to settle {parts} {what} for {translation.dialect.label}: {first.sentence}{example}"
    return translation.text, ""


def _short(text: str) -> str:
    plain = on_one_line(text).rstrip(".")
    return plain if len(plain) <= _MAX_SHOWN else plain[: _MAX_SHOWN - 3] + "..."
