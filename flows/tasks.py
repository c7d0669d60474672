"""Tasks: one use case each, retried where a fault passes by itself."""

from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from connectors.errors import SourceUnavailable
from flows.watch import PrefectWatch
from livingsearch.errors import StoreBusy
from livingsearch.services.context import ReviewContext, open_review
from livingsearch.services.runs import RunResult
from livingsearch.services.searches import search_source
from livingsearch.services.updates import UpdateOutcome, UpdatePlan, begin_update, finish_update
from livingsearch.settings import read_settings

ACTOR = "prefect"


def opened(review: str) -> ReviewContext:
    """The review, with its progress told to Prefect; settings come from the worker's environment."""
    return open_review(read_settings(), review, actor=ACTOR, watch=PrefectWatch(get_run_logger()))


def passes_by_itself(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed task is worth another try: the source was down, or another process was busy."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (SourceUnavailable, StoreBusy))


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
def search(review: str, source: str, update: int | None, only_if_missing: bool) -> RunResult:
    """Searches one source."""
    return search_source(opened(review), source, update=update, only_if_missing=only_if_missing)


@task(task_run_name="finish update {number}")
def finish(review: str, number: int, failures: dict[str, str], close_now: bool) -> UpdateOutcome:
    """Deduplicates, closes and writes the batch."""
    return finish_update(opened(review), number, failures=failures, close_now=close_now)
