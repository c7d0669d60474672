"""What is said about a search, coloured where the terminal has colours; and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from livingsearch.services.given_searches import GivenSearch
from livingsearch.services.strategies import StrategyDifference, Version
from livingsearch.strategy.explain import Explanation
from livingsearch.strategy.findings import CODES, SEVERITIES, Finding, Severity, printable, printable_lines, underlined
from livingsearch.strategy.lint import Element, Question
from livingsearch.strategy.loss import LossKind, Translation
from livingsearch.strategy.tree import line_and_column

if TYPE_CHECKING:
    from livingsearch.services.known_articles import KnownCheck

_SEVERITY_STYLES: dict[Severity, str] = {"fatal": "bold red", "error": "bold red", "warning": "yellow", "note": "cyan"}
_LOSS_STYLES: dict[LossKind, str] = {
    "settle": "bold red",
    "narrowed": "yellow",
    "changed": "yellow",
    "widened": "cyan",
    "exact": "green",
}


def show_findings(given: GivenSearch, findings: Sequence[Finding], opinions: Sequence[str] = ()) -> None:
    """Prints what lint says of one search, the worst first, each with the text underlined."""
    console = _console()
    counts = [(severity, sum(f.severity == severity for f in findings)) for severity in SEVERITIES]
    said = ", ".join(f"{count} {severity}{'s' * (count > 1)}" for severity, count in counts if count)
    console.print(Text(f"{given.label[:1].upper()}{given.label[1:]}: {said or 'nothing to say against it'}", "bold"))
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: SEVERITIES.index(f.severity)):
        groups.setdefault((finding.code, finding.sentence), []).append(finding)
    for group in groups.values():
        _print_findings(console, given.text, group)
    for opinion in opinions:
        console.print(Text.assemble(("  search-query  ", "magenta"), opinion))
    console.print()


def show_press(checklists: Mapping[str, Sequence[Element]]) -> None:
    """Prints the PRESS 2015 checklist once: what a machine checked in which search, and what a person ticks.

    Args:
        checklists: of one search, or of each search of a review, by its label.
    """
    console = _console()
    for elements in zip(*checklists.values(), strict=True):
        console.print(Text(f"PRESS {elements[0].number}. {elements[0].name}", "bold"))
        for questions in zip(*[element.questions for element in elements], strict=True):
            mark = "[x]" if questions[0].by_machine else "[ ]"
            console.print(Text(f"  {mark} {questions[0].text}"))
            for status in _statuses(dict(zip(checklists, questions, strict=True))):
                console.print(Text(f"      {status}", "dim"))
    console.print()


def _statuses(questions: Mapping[str, Question]) -> list[str]:
    """What is known of one question, with the searches named where it differs between them."""
    by_status: dict[str, list[str]] = {}
    for label, question in questions.items():
        by_status.setdefault(question.status, []).append(label)
    if len(by_status) == 1:
        return list(by_status)
    return [f"{status} ({', '.join(labels)})" for status, labels in by_status.items()]


def show_losses(translation: Translation) -> None:
    """Prints the loss report of a translation on standard error."""
    console = Console(stderr=True, highlight=False, soft_wrap=False)
    console.print(Text(f"Loss report: {translation.dialect.label}", "bold"))
    for loss in translation.losses:
        many = f" ({loss.count} terms)" if loss.count > 1 else ""
        console.print(Text.assemble((f"  {loss.kind:<9}", _LOSS_STYLES[loss.kind]), loss.sentence + many))
        for example in loss.examples:
            console.print(Text(f"             {printable(example)}", "dim"), soft_wrap=True)


def show_explanation(label: str, explanation: Explanation, known: "KnownCheck | None") -> None:
    """Prints what a search finds in plain words, and what it does with the known articles."""
    console = _console()
    console.print(Text(f"What {label} finds", "bold"))
    console.print(Text(printable_lines(explanation.text)))
    if known is None or not known.articles:
        return
    console.print()
    console.print(Text("Known relevant articles", "bold"))
    for sentence in known.told:
        console.print(Text(printable(sentence)))
    for article in known.articles:
        style = {"found": "green", "missed": "bold red"}.get(article.outcome, "yellow")
        for n, sentence in enumerate(article.told):
            console.print(Text(("  " if n == 0 else "      ") + printable(sentence), style if n == 0 else "dim"))


def show_history(versions: Sequence[Version]) -> None:
    """Prints the versions of a strategy, the latest last."""
    console = _console()
    if not versions:
        console.print("No version yet: the first one is recorded by the first run.")
    for version in versions:
        console.print(Text(f"Version {version.number}, {version.instant:%Y-%m-%d %H:%M} UTC, {version.author}", "bold"))
        console.print(Text(f"  {version.reason}", "" if version.reason_given else "yellow"))
        for use in version.uses:
            runs = f"{len(use.runs)} run{'s' * (len(use.runs) != 1)}"
            console.print(Text(f"  update {use.update}: {runs} of {', '.join(use.sources)}"))


def show_difference(difference: StrategyDifference, *, as_text: bool) -> None:
    """Prints what changed between two states of a strategy, a sentence each, or as a diff of lines."""
    console = _console()
    console.print(Text(f"{difference.before} → {difference.after}", "bold"))
    if not difference.changes:
        console.print("Nothing changed.")
    if as_text:
        for line in difference.text.splitlines():
            style = "green" if line.startswith("+") else "red" if line.startswith("-") else ""
            console.print(Text(printable(line), style), soft_wrap=True)
        return
    for change in difference.changes:
        console.print(Text("  " + printable(change.sentence)))


def findings_json(
    given: GivenSearch,
    findings: Sequence[Finding],
    opinions: Sequence[str],
    press: Sequence[Element] | None = None,
) -> dict[str, Any]:
    """What lint says of one search, as JSON takes it; with the checklist where it was asked for."""
    checklist = {"press": [asdict(element) for element in press]} if press is not None else {}
    return {
        "search": given.name,
        "platform": given.dialect.platform if given.dialect else None,
        "database": given.dialect.database if given.dialect else None,
        "text": given.text,
        "findings": [_finding_json(given.text, finding) for finding in findings],
        "second_opinion": list(opinions),
        **checklist,
    }


def translation_json(translation: Translation) -> dict[str, Any]:
    """A translation with its loss report, as JSON takes it."""
    return {
        "platform": translation.dialect.platform,
        "database": translation.dialect.database,
        "text": translation.text,
        "losses": [asdict(loss) for loss in translation.losses],
        "unsettled": len(translation.unsettled),
    }


def _finding_json(text: str, finding: Finding) -> dict[str, Any]:
    line, column = line_and_column(text, finding.place.start)
    return {**asdict(finding), "about": CODES[finding.code], "line": line, "column": column}


def _print_findings(console: Console, text: str, group: Sequence[Finding]) -> None:
    """Prints findings that say the same: the sentence once, then each place."""
    style = _SEVERITY_STYLES[group[0].severity]
    console.print(Text.assemble((f"  {group[0].code} {group[0].severity}", style), f"  {printable(group[0].sentence)}"))
    for finding in group:
        line, column = line_and_column(text, finding.place.start)
        console.print(Text(f"    line {line}, column {column}", "dim"))
        shown, marks = underlined(text, finding.place).split("\n")
        console.print(Text("      " + shown), no_wrap=True, overflow="ellipsis")
        console.print(Text("      " + marks, style), no_wrap=True, overflow="ellipsis")
        if finding.recommended:
            console.print(Text(f"      → {printable(finding.recommended)}", "green"), soft_wrap=True)


def _console() -> Console:
    return Console(highlight=False)
