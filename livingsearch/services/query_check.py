"""Looks at a query before it is sent: what its platform would not run as meant does more harm than an error."""

from collections.abc import Sequence

from livingsearch.errors import QueryFaulty, SearchTextError
from livingsearch.review import Source
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint import lint_text
from livingsearch.strategy.plain_text import on_one_line
from livingsearch.strategy.tree import Place

ACCEPTED = "LintFinding"
"""`LintFinding: F001` in a source's accepted warnings lets findings of this code pass."""

_STOPPING = ("fatal", "error")
_MOST = 5


def require_sound(source: Source) -> None:
    """Lets a source's query pass that PubMed runs as it stands.

    PubMed answers a mistyped field tag or wildcard with a plausible number of records and without a warning, so its
    own reply cannot tell.

    Args:
        source: one that the service searches by itself, at PubMed.

    Raises:
        QueryFaulty: names each finding's code, its place, what stands there and what to write instead.
    """
    accepted = {
        one.removeprefix(f"{ACCEPTED}: ") for one in source.accepted_warnings if one.startswith(f"{ACCEPTED}: ")
    }
    try:
        findings: Sequence[Finding] = lint_text(source.query, Dialect("pubmed"))
    except SearchTextError as error:
        findings = [_unreadable(source.query, error)]
    stopping = [one for one in findings if one.severity in _STOPPING and one.code not in accepted]
    if stopping:
        raise QueryFaulty(_message(source, stopping))


def _message(source: Source, findings: Sequence[Finding]) -> str:
    told = " ".join(f"({n}) {_told(source.query, one)}" for n, one in enumerate(findings[:_MOST], 1))
    more = f" And {len(findings) - _MOST} more." if len(findings) > _MOST else ""
    codes = ", ".join(f'"{ACCEPTED}: {code}"' for code in dict.fromkeys(one.code for one in findings))
    return (
        f"PubMed would not run the query of {source.slug} as it is meant, so nothing was sent. {told}{more} "
        f"Change the query in review.toml; if it is right as it stands, put {codes} into the source's "
        "accepted_warnings."
    )


def _told(text: str, finding: Finding) -> str:
    line, column = finding.place.line_and_column(text)
    instead = f" → {finding.recommended}" if finding.recommended else ""
    stands = f" {finding.problematic}{instead}" if finding.problematic else ""
    return on_one_line(f"{finding.code} at line {line}, column {column}:{stands}: {finding.sentence.rstrip('.')}.")


def _unreadable(text: str, error: SearchTextError) -> Finding:
    start = sum(len(line) for line in text.splitlines(keepends=True)[: error.line - 1]) + error.column - 1
    return Finding(error.code, "fatal", error.problem, Place(start, start))
