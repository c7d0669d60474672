"""Commands about the search itself: strategy lint, translate, explain, diff, history."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, get_args

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.show_strategy import (
    findings_json,
    show_difference,
    show_explanation,
    show_findings,
    show_history,
    show_losses,
    show_press,
    translation_json,
)
from livingsearch.cli.state import State
from livingsearch.errors import SearchUnreadable, StrategyUnknown
from livingsearch.services.given_searches import (
    DEFAULT_FIELDS,
    GivenSearch,
    search_named,
    search_of_text,
    searches_of_review,
)
from livingsearch.services.strategies import current_version, strategy_difference, strategy_history
from livingsearch.strategy.dialects import PLATFORMS, READABLE, Dialect, PlatformName, platform_named
from livingsearch.strategy.explain import explained
from livingsearch.strategy.lint import lint_text, press_checklist, second_opinion
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.translate import translate as translated
from livingsearch.strategy.tree import FieldName

_EXAMPLE = "peer-support-personality-disorder"
_OWN = "own"
_TERMS = "'peer$.ti,ab.'"

MaybeReview = Annotated[
    str | None,
    typer.Argument(help="A review of the workspace; its documented search is meant.", show_default=False),
]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="The query of this source of the review.", show_default=False)
]
SearchOption = Annotated[
    str | None, typer.Option("--search", help="A search given as text, instead of a review.", show_default=False)
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file", help="A search in a text file, instead of a review; - for standard input.", show_default=False
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help=f"Its syntax: {', '.join(READABLE)}.", show_default=False),
]
FromDatabase = Annotated[
    str | None,
    typer.Option(
        "--from-database",
        help="The database it is written for, e.g. Embase; decides what its subject headings are.",
        show_default=False,
    ),
]
FieldsOption = Annotated[
    str | None,
    typer.Option(
        "--fields",
        help="Where terms without a field are looked for, with commas between; `own` for what its platform does. "
        f"Else the fields of review.toml; for a search given as text {','.join(DEFAULT_FIELDS)}.",
        show_default=False,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    strategy = typer.Typer(name="strategy", help="Read, check, translate and explain a search.", no_args_is_help=True)
    strategy.command(epilog=f"Example: livingsearch strategy lint --from ovid --search {_TERMS}")(lint)
    strategy.command(epilog=f"Example: livingsearch strategy translate --from ovid --search {_TERMS}")(translate)
    strategy.command(epilog=f"Example: livingsearch strategy explain --from ovid --search {_TERMS}")(explain)
    strategy.command(epilog=f"Example: livingsearch strategy diff {_EXAMPLE}")(diff)
    strategy.command(epilog=f"Example: livingsearch strategy history {_EXAMPLE}")(history)
    app.add_typer(strategy)


def lint(
    context: typer.Context,
    review: MaybeReview = None,
    source: SourceOption = None,
    search: SearchOption = None,
    file: FileOption = None,
    syntax: FromOption = None,
    database: FromDatabase = None,
    fields: FieldsOption = None,
    press: Annotated[bool, typer.Option("--press", help="Show the PRESS 2015 checklist too.")] = False,
    second: Annotated[
        bool, typer.Option("--second-opinion", help="Ask the search-query library too (PubMed and EBSCOhost; slow).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a search: what its platform would not do as meant, what it may miss, what it takes in besides.

    Of a review the documented search is checked, and the query of each source whose syntax can be read. The exit
    code is 1 where there is an error.
    """
    state: State = context.obj
    one_of_several = (source, search, file, syntax, database, fields)
    if review is not None and all(option is None for option in one_of_several):
        with state.review(review) as opened:
            given = [one for one in searches_of_review(opened.review) if one.is_readable]
    else:
        given = [_given(state, review, source, search, file, syntax, database, fields)]
    checked = [(one, lint_text(one.text, one.readable, default_fields=one.default_fields)) for one in given]
    opinions = {one.name: second_opinion(one.text, one.readable) if second else () for one, _ in checked}
    checklists = {
        one.name: press_checklist(read_search(one.text, one.readable), findings)
        for one, findings in checked
        if press and all(finding.severity != "fatal" for finding in findings)
    }
    if as_json:
        show_json(
            [findings_json(one, findings, opinions[one.name], checklists.get(one.name)) for one, findings in checked]
        )
    else:
        for one, findings in checked:
            show_findings(one, findings, opinions[one.name])
        if checklists:
            show_press({one.label: checklists[one.name] for one, _ in checked if one.name in checklists})
    if any(finding.severity in ("fatal", "error") for _, findings in checked for finding in findings):
        raise typer.Exit(1)


def translate(
    context: typer.Context,
    review: MaybeReview = None,
    source: SourceOption = None,
    search: SearchOption = None,
    file: FileOption = None,
    syntax: FromOption = None,
    database: FromDatabase = None,
    to: Annotated[
        list[str], typer.Option("--to", help=f"Platform to write for; may be repeated: {', '.join(PLATFORMS)}, all.")
    ] = ["pubmed"],  # noqa: B006
    to_database: Annotated[
        str | None, typer.Option("--to-database", help="The database searched there, e.g. CINAHL.", show_default=False)
    ] = None,
    fields: FieldsOption = None,
    lines: Annotated[bool, typer.Option("--lines", help="Keep the lines of a numbered strategy.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a search for another platform: the search on standard output, what is lost on standard error."""
    given = _given(context.obj, review, source, search, file, syntax, database, fields)
    read = read_search(given.text, given.readable)
    platforms = list(PLATFORMS) if "all" in to else [_platform(name, "--to") for name in to]
    translations = [
        translated(read, Dialect(platform, to_database), default_fields=given.default_fields, by_line=lines)
        for platform in platforms
    ]
    if as_json:
        show_json([translation_json(one) for one in translations])
        return
    for translation in translations:
        if len(translations) > 1:
            typer.echo(f"# {translation.dialect.label}")
        typer.echo(translation.text)
        show_losses(translation)


def explain(
    context: typer.Context,
    review: MaybeReview = None,
    source: SourceOption = None,
    search: SearchOption = None,
    file: FileOption = None,
    syntax: FromOption = None,
    database: FromDatabase = None,
    fields: FieldsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say in plain words what a search finds; of a review, also which known articles it finds and why it misses one."""
    state: State = context.obj
    given = _given(state, review, source, search, file, syntax, database, fields)
    explanation = explained(read_search(given.text, given.readable), given.default_fields)
    known = None
    if review is not None and source is None:
        # Imported here: a search is held against articles in columns of Arrow, which no other command here needs.
        from livingsearch.services.known_articles import check_known

        with state.review(review) as opened:
            known = check_known(opened)
    if as_json:
        show_json(
            {
                "search": given.name,
                "text": given.text,
                "lines": [asdict(line) for line in explanation.lines],
                "known": asdict(known) if known else None,
            }
        )
    else:
        show_explanation(given.label, explanation, known)


def history(context: typer.Context, review: ReviewName, as_json: AsJson = False) -> None:
    """List the versions of a review's strategy: who changed it when and why, and which runs used it."""
    state: State = context.obj
    with state.review(review) as opened:
        versions = strategy_history(opened)
    if as_json:
        show_json([asdict(version) for version in versions])
    else:
        show_history(versions)


def diff(
    context: typer.Context,
    review: ReviewName,
    one: Annotated[
        int | None, typer.Argument(min=1, help="Version to compare with; else the last one.", show_default=False)
    ] = None,
    other: Annotated[
        int | None,
        typer.Argument(min=1, help="Version that is compared; else review.toml as it stands.", show_default=False),
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Show a diff of lines instead of sentences.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what changed in a review's strategy, term by term."""
    state: State = context.obj
    with state.review(review) as opened:
        if one is None:
            latest = current_version(opened)
            if latest is None:
                raise StrategyUnknown(f"{review} has no version of its strategy yet; the first run records one.")
            one = latest.number
        difference = strategy_difference(opened, one, other)
    if as_json:
        show_json(asdict(difference))
    else:
        show_difference(difference, as_text=text)


def _given(
    state: State,
    review: str | None,
    source: str | None,
    search: str | None,
    file: Path | None,
    syntax: str | None,
    database: str | None,
    fields: str | None,
) -> GivenSearch:
    """The one search that the options name."""
    named = [
        name for name, value in (("a review", review), ("--search", search), ("--file", file)) if value is not None
    ]
    if len(named) != 1:
        raise typer.BadParameter(
            f"{' and '.join(named)} name more than one search; give one of them."
            if named
            else "name a review, or give a search with --search or --file."
        )
    if review is not None:
        if syntax is not None:
            raise typer.BadParameter("--from belongs to --search and --file; a review says its syntax itself.")
        with state.review(review) as opened:
            given = search_named(opened.review, source)
        if fields is not None:
            given = replace(given, default_fields=_fields(fields))
        if database is not None and given.dialect is not None:
            given = replace(given, dialect=replace(given.dialect, database=database))
        return given
    if source is not None:
        raise typer.BadParameter("--source belongs to a review.")
    if syntax is None:
        raise typer.BadParameter(f"--from says which syntax the search is in: {', '.join(READABLE)}.")
    platform = _platform(syntax, "--from", READABLE)
    text = search if search is not None else _text_of(file)
    return search_of_text(text, Dialect(platform, database), DEFAULT_FIELDS if fields is None else _fields(fields))


def _platform(name: str, option: str, among: Sequence[PlatformName] = PLATFORMS) -> PlatformName:
    platform = platform_named(name)
    if platform is None or platform not in among:
        raise typer.BadParameter(
            f"{option} {name!r} is no platform that serves here; one of {', '.join(among)} is expected."
        )
    return platform


def _fields(text: str) -> tuple[str, ...] | None:
    if text.strip().lower() == _OWN:
        return None
    names = tuple(name.strip().lower().replace("-", "_").replace(" ", "_") for name in text.split(","))
    for name in names:
        if name not in get_args(FieldName):
            raise typer.BadParameter(f"--fields {name!r} is no field; {', '.join(get_args(FieldName))} are, or own.")
    return names


def _text_of(file: Path | None) -> str:
    try:
        content = sys.stdin.buffer.read() if file is None or str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise SearchUnreadable(f"{file} cannot be read ({error.strerror}); name a text file with --file.") from None
    except UnicodeDecodeError:
        raise SearchUnreadable(f"{file} is not text in UTF-8; save it as such.") from None
