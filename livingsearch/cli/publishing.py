"""Commands that freeze a version and show what became of it since: publish, restated, withdraw, reopen."""

from dataclasses import asdict
from typing import Annotated

import typer

from livingsearch.cli.arguments import AsOfOption, ReviewName, Who, day_or_update
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.show_whole import show_whole
from livingsearch.cli.state import State
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.services.corrections import reopen_update, withdraw_run
from livingsearch.services.publishing import publish as publish_update
from livingsearch.services.whole_flows import restated_version

_EXAMPLE = "peer-support-personality-disorder"
_Update = Annotated[int, typer.Option("--update", min=1, help="The update.")]
_Why = Annotated[str, typer.Option("--why", help="The reason; kept.")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(
        epilog=f"Example: livingsearch publish {_EXAMPLE} --update 1\n\n"
        f"Example: livingsearch publish {_EXAMPLE} --update 1 --approve --who 'A. Reviewer'"
    )(publish)
    app.command(epilog=f"Example: livingsearch restated {_EXAMPLE} --update 1")(restated)
    app.command(epilog=f"Example: livingsearch withdraw {_EXAMPLE} 4 --why 'export of another search'")(withdraw)
    app.command(epilog=f"Example: livingsearch reopen {_EXAMPLE} --update 1 --why 'citation searching'")(reopen)


def publish(
    context: typer.Context,
    review: ReviewName,
    update: _Update,
    approve: Annotated[bool, typer.Option("--approve", help="Approve and publish what was proposed.")] = False,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Freeze the whole flow of a closed update, with screening results; it is never edited afterwards.

    Where review.toml asks for approval, this proposes it, and a person approves with --approve.
    """
    state: State = context.obj
    with state.review(review) as opened:
        done = publish_update(opened, update, approve=approve, who=who)
    if as_json:
        show_json(
            {
                "update": update,
                "published": None
                if done.published is None
                else {
                    "at": done.published.published_at,
                    "position": done.published.position,
                    "sha256": done.published.sha256,
                    "row_hashes": done.published.row_hashes,
                    "rule_set": done.published.rule_set,
                    "approved": done.published.approved,
                    "who": done.published.who,
                },
                "told": done.told,
                "file": done.files.version if done.files else None,
                "diagrams": list(done.files.diagrams) if done.files else [],
                "flow": whole_flow_to_dict(done.flow),
            }
        )
        return
    show_whole([done.flow])
    for sentence in done.told:
        typer.echo(f"Note: {sentence}")
    if done.published is None:
        typer.echo(
            f"Update {update} waits for approval: livingsearch publish {review} --update {update} --approve --who NAME"
        )
    else:
        typer.echo(f"Update {update} was published by {done.published.who}.")
    for path in (done.files.version, *done.files.diagrams) if done.files else ():
        typer.echo(f"  {path}")


def restated(
    context: typer.Context, review: ReviewName, update: _Update, as_of: AsOfOption = None, as_json: AsJson = False
) -> None:
    """Show a published version beside what is known now, and why they differ."""
    state: State = context.obj
    with state.review(review) as opened:
        found = restated_version(opened, update, day_or_update(as_of))
    if as_json:
        show_json(
            {
                "update": update,
                "published_at": found.version.published_at,
                "published": whole_flow_to_dict(found.version.flow),
                "restated": whole_flow_to_dict(found.now),
                "explanations": [asdict(one) for one in found.explanations],
            }
        )
        return
    show_whole([found.version.flow, found.now], heads=[f"Published {found.version.published_at:%Y-%m-%d}", "Restated"])
    for one in found.explanations:
        typer.echo(one.sentence)
    if not found.explanations:
        typer.echo("Nothing that is known now changes a number of this version.")


def withdraw(
    context: typer.Context,
    review: ReviewName,
    run: Annotated[int, typer.Argument(help="The run's number, as import and search print it.")],
    why: _Why,
    as_json: AsJson = False,
) -> None:
    """Take a run out of all counts from now on: the wrong file, the wrong search. Nothing of it is deleted."""
    state: State = context.obj
    with state.review(review) as opened:
        done = withdraw_run(opened, run, why)
    if as_json:
        show_json(asdict(done))
        return
    typer.echo(f"Run {run} ({done.source}, {counted(done.records, 'record')}) counts in update {done.update} no more.")
    if done.counts_now is not None:
        typer.echo(f"Run {done.counts_now} of {done.source} counts in its place.")
    else:
        typer.echo(f"{done.source} stands as not searched in update {done.update}.")
    if done.closed:
        typer.echo(
            f"What update {done.update} froze when it closed stays as it is; livingsearch prisma {review} --as-of "
            "with today's date shows what is known now."
        )


def reopen(context: typer.Context, review: ReviewName, update: _Update, why: _Why) -> None:
    """Open the last closed update again before it is published; it closes with the next 'livingsearch update'."""
    state: State = context.obj
    with state.review(review) as opened:
        kept = reopen_update(opened, update, why)
    typer.echo(f"Update {update} is open again; what it handed out stays handed out.")
    if kept is not None:
        typer.echo(f"The files of its batch lie in {kept} now; they are written anew when it closes.")
