"""Commands on possible duplicates: pairs list, show, decide, undo, log, related."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.show_pairs import show_decided, show_log, show_pair, show_pairs, show_related
from livingsearch.cli.state import State
from livingsearch.errors import PairUnknown
from livingsearch.services.context import ReviewContext
from livingsearch.services.decisions import Decided, decide, undo
from livingsearch.services.decisions_agree import Word
from livingsearch.services.pair_files import decisions_in, pairs_csv
from livingsearch.services.pair_names import Pair, pairs_named
from livingsearch.services.pair_view import pair_view
from livingsearch.services.pairs import decision_log, listed_pairs, pairs_of_rule, related_pairs
from livingsearch.store import log_position
from livingsearch.store.received import write_whole

_EXAMPLE = "peer-support-personality-disorder"
_WORDS: dict[str, Word] = {"duplicate": "duplicate", "distinct": "distinct"}

Why = Annotated[str | None, typer.Option("--why", help="The reason; kept with the word.", show_default=False)]
Who = Annotated[str | None, typer.Option("--who", help="Who says so; else your login name.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before many pairs are decided at once.")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    pairs = typer.Typer(
        name="pairs", help="Settle possible duplicates: list, look at, decide, take back.", no_args_is_help=True
    )
    pairs.command(
        "list",
        epilog=f"Example: livingsearch pairs list {_EXAMPLE}\n\n"
        f"Example: livingsearch pairs list {_EXAMPLE} --rule title_alike --limit 20\n\n"
        f"Example: livingsearch pairs list {_EXAMPLE} --csv queue.csv",
    )(list_pairs)
    pairs.command("show", epilog=f"Example: livingsearch pairs show {_EXAMPLE} 1-2")(show)
    pairs.command(
        "decide",
        epilog=f"Example: livingsearch pairs decide {_EXAMPLE} 1-2 distinct --why 'two congresses'\n\n"
        f"Example: livingsearch pairs decide {_EXAMPLE} --rule same_pmid duplicate --yes\n\n"
        f"Example: livingsearch pairs decide {_EXAMPLE} --from queue.csv",
    )(decide_pairs)
    pairs.command(
        "undo",
        epilog=f"Example: livingsearch pairs undo {_EXAMPLE} 1-2\n\n"
        f"Example: livingsearch pairs undo {_EXAMPLE} --entry 57",
    )(undo_pairs)
    pairs.command("log", epilog=f"Example: livingsearch pairs log {_EXAMPLE}")(log)
    pairs.command("related", epilog=f"Example: livingsearch pairs related {_EXAMPLE}")(related)
    app.add_typer(pairs)


def list_pairs(
    context: typer.Context,
    review: ReviewName,
    rule: Annotated[str | None, typer.Option(help="Only pairs of this rule.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="So many at most.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Also pairs on which somebody has decided.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(help="Write them to this CSV file, to be filled in and handed to 'pairs decide --from'."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List possible duplicates: the most likely first, of equals those that change most counts, by groups.

    A pair goes by the numbers of its two records, such as 12-40; these never change.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found, total = listed_pairs(opened, decided=every, rule=rule, limit=limit)
    if csv is not None:
        write_whole(csv, b"".join(pairs_csv(found)))
    if as_json:
        show_json({"review": review, "pairs": [asdict(pair) for pair in found], "total": total})
    elif csv is not None:
        typer.echo(
            f"{csv}: {counted(len(found), 'pair')}. Fill the column decision with duplicate or distinct, then run:"
        )
        typer.echo(f"  livingsearch pairs decide {review} --from {csv}")
    else:
        show_pairs(found, total)


def show(
    context: typer.Context,
    review: ReviewName,
    pair: Annotated[list[str], typer.Argument(help="12-40, or two records or reports: 12 40, R000012 R000031.")],
    as_json: AsJson = False,
) -> None:
    """Show two records side by side, with the fields that differ marked, and what was said of them."""
    state: State = context.obj
    with state.review(review) as opened:
        (one,) = _named(opened, pair, only_one=True)
        view = pair_view(opened, one)
    if as_json:
        show_json(asdict(view))
    else:
        show_pair(view)


def decide_pairs(
    context: typer.Context,
    review: ReviewName,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAIR]... duplicate|distinct", help="Pairs such as 12-40 or R000012-R000031, then the word."
        ),
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="All pairs that this rule merged or asks about.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="Take the decisions from a filled CSV file.", show_default=False)
    ] = None,
    why: Why = None,
    who: Who = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say that pairs are one report (duplicate) or two (distinct). It is in effect at once, and outranks the machine.

    A duplicate joins two reports, released ones too: the older id stays, the other one leads to it. A distinct parts
    them. Batches that were handed out and counts of closed updates do not change.
    """
    state: State = context.obj
    given = list(words or [])
    if file is not None:
        if given or rule:
            raise typer.BadParameter("--from takes pairs and words from the file alone.", param_hint="--from")
    elif not given or given[-1] not in _WORDS or bool(given[:-1]) == bool(rule):
        raise typer.BadParameter("Name pairs, or --rule RULE, and then duplicate or distinct.", param_hint="PAIR")
    with state.review(review) as opened:
        reasons: dict[Pair, str] = {}
        if file is not None:
            read = decisions_in(file)
            chosen = {pair: word for pair, (word, _) in read.items()}
            reasons = {pair: reason for pair, (_, reason) in read.items() if reason}
        elif rule:
            chosen = dict.fromkeys(pairs_of_rule(opened, rule), _WORDS[given[-1]])
            _ask(f"{counted(len(chosen), 'pair')} of the rule {rule} will be called {given[-1]}.", yes or not chosen)
        else:
            chosen = dict.fromkeys(_named(opened, given[:-1]), _WORDS[given[-1]])
        done = decide(opened, chosen, why=why, who=who, rule=rule, reasons=reasons)
    _tell(done, as_json=as_json)


def undo_pairs(
    context: typer.Context,
    review: ReviewName,
    pairs: Annotated[list[str] | None, typer.Argument(help="Pairs such as 12-40.", show_default=False)] = None,
    entry: Annotated[
        int | None,
        typer.Option(min=1, help="All words that this entry of 'pairs log' gave, as one.", show_default=False),
    ] = None,
    why: Why = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take back the last word on pairs, or all of one entry of the log; the grouping is again as it was before.

    A report that had been joined to another gets its own id back. Where there was a word before, that one stands again.
    """
    state: State = context.obj
    if not pairs and entry is None:
        raise typer.BadParameter("Name pairs, or --entry NUMBER from 'pairs log'.", param_hint="PAIRS")
    with state.review(review) as opened:
        done = undo(opened, _named(opened, pairs) if pairs else [], entry=entry, why=why, who=who)
    _tell(done, as_json=as_json)


def log(context: typer.Context, review: ReviewName, as_json: AsJson = False) -> None:
    """Show everything that persons said of pairs: when, who, which word, why, and whether it stands."""
    state: State = context.obj
    with state.review(review) as opened:
        entries = decision_log(opened)
    if as_json:
        show_json({"review": review, "entries": [asdict(entry) for entry in entries]})
    else:
        show_log(entries)


def related(context: typer.Context, review: ReviewName, as_json: AsJson = False) -> None:
    """List reports that belong together and are not one: abstract, preprint, notice, part, version, registration."""
    state: State = context.obj
    with state.review(review) as opened:
        found = related_pairs(opened)
    if as_json:
        show_json({"review": review, "pairs": [asdict(pair) for pair in found]})
    else:
        show_related(found)


def _named(opened: ReviewContext, words: list[str], *, only_one: bool = False) -> list[Pair]:
    with opened.store.read() as con:
        named = pairs_named(con, words, log_position(con))
    if only_one and len(named) != 1:
        raise PairUnknown(f"{' '.join(words)[:60]!r} names {len(named)} pairs; name one.")
    return named


def _ask(sentence: str, yes: bool) -> None:
    if not yes:
        typer.echo(sentence)
        typer.confirm("Go on?", abort=True)


def _tell(done: Decided, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(done))
    else:
        show_decided(done)
