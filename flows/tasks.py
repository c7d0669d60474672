"""Tasks: one use case each, retried where a fault passes by itself."""

from typing import Any, cast

from prefect import get_run_logger, task
from prefect.blocks.system import Secret
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task
from pydantic import SecretStr

from flows.artifacts import publish_report
from flows.events import events_of, send
from flows.watch import PrefectWatch
from livingsearch.errors import SettingsError, StoreBusy
from livingsearch.services.context import ReviewContext, open_review
from livingsearch.services.inbox import InboxOutcome, take_inbox
from livingsearch.services.runs import RunResult
from livingsearch.services.searches import PASSING, search_source
from livingsearch.services.update_report import update_report
from livingsearch.services.update_report_text import update_report_markdown
from livingsearch.services.updates import UpdateOutcome, UpdatePlan, begin_update, finish_update
from livingsearch.settings import Settings, read_settings

ACTOR = "prefect"


def opened(review: str, settings: Settings | None = None) -> ReviewContext:
    """The review, with its progress told to Prefect; settings come from the worker's environment."""
    return open_review(settings or read_settings(), review, actor=ACTOR, watch=PrefectWatch(get_run_logger()))


def with_key(settings: Settings) -> Settings:
    """The settings with NCBI's key out of the Prefect Secret block that they name, where they hold none themselves.

    Raises:
        SettingsError: the block cannot be read, or holds no text; what it holds is not repeated.
    """
    name = settings.api_key_block
    if name is None or settings.api_key is not None:
        return settings
    try:
        # Prefect's types leave open whether this is a coroutine; out of a task that is none, it is the block.
        held = cast(Secret[Any], Secret.load(name)).get()
    except Exception as error:
        # Whatever Prefect says of it could hold the value: only the kind of fault is told.
        fault = type(error).__name__
    else:
        key = held.get_secret_value() if isinstance(held, SecretStr) else held
        if isinstance(key, str) and key.strip():
            return settings.model_copy(update={"api_key": SecretStr(key.strip())})
        fault = "it holds no text"
    raise SettingsError(
        f"NCBI's key cannot be read from the Prefect Secret block {name} ({fault}): make the block again in "
        "Prefect, or correct LIVINGSEARCH_API_KEY_BLOCK."
    )


def passes_by_itself(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed task is worth another try: the source was down, or another process was busy."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (*PASSING, StoreBusy))


@task(task_run_name="begin {review}")
def begin(review: str, number: int | None, due: list[str] | None) -> UpdatePlan:
    """Opens the update, or goes on with the open one."""
    return begin_update(opened(review), number=number, due=due)


@task(
    task_run_name="search {source}",
    retries=2,
    retry_delay_seconds=[60, 600],
    retry_jitter_factor=0.5,
    retry_condition_fn=passes_by_itself,
)
def search(
    review: str, source: str, update: int | None, only_if_missing: bool, overlap: int | None = None
) -> RunResult:
    """Searches one source; what a librarian should read of the run goes to the log."""
    result = search_source(
        opened(review, with_key(read_settings())),
        source,
        update=update,
        only_if_missing=only_if_missing,
        overlap=overlap,
    )
    for warning in result.warnings:
        get_run_logger().warning("%s: %s", source, warning)
    return result


@task(
    task_run_name="inbox of {review}",
    retries=2,
    retry_delay_seconds=[60, 600],
    retry_condition_fn=passes_by_itself,
)
def inbox(review: str, update: int | None) -> InboxOutcome:
    """Imports what lies in the inbox and says what was put aside."""
    outcome = take_inbox(opened(review), update=update)
    logger = get_run_logger()
    for one in outcome.rejected:
        logger.warning("rejected from the inbox: %s, now in %s: %s", one.name, one.folder, one.why)
    for left in outcome.left:
        logger.info("left in the inbox: %s: %s", left.name, left.why)
    return outcome


@task(task_run_name="finish update {number}")
def finish(review: str, number: int, failures: dict[str, str], close_now: bool) -> UpdateOutcome:
    """Deduplicates, closes and writes the batch."""
    return finish_update(opened(review), number, failures=failures, close_now=close_now)


@task(
    task_run_name="report update {number}",
    retries=2,
    retry_delay_seconds=[60, 600],
    retry_condition_fn=passes_by_itself,
)
def tell(review: str, number: int) -> None:
    """Leaves the update's report as an artifact, and tells automations what it brought."""
    context = opened(review)
    report = update_report(context, number)
    text = update_report_markdown(context, report)
    publish_report(review, number, text)
    send(events_of(report, text))
