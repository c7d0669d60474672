"""Progress of a service as Prefect shows it: log lines and a progress artifact."""

import logging
from logging import LoggerAdapter
from typing import Any
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact


class PrefectWatch:
    """Tells a flow or task run how far its work is.

    Args:
        logger: of the run.
    """

    def __init__(self, logger: "logging.Logger | LoggerAdapter[Any]") -> None:
        self._logger = logger
        self._artifacts: dict[str, UUID] = {}

    def step(self, name: str) -> None:
        """Logs a finished step."""
        self._logger.info(name)

    def progress(self, what: str, done: int, total: int) -> None:
        """Moves the progress artifact of that step, making it where it is new."""
        share = 100.0 * done / total if total else 100.0
        try:
            self._show(what, share)
        except Exception:
            # A search of hours must not end because the server that shows its progress hiccups.
            self._logger.warning("The progress of %r could not be shown", what, exc_info=True)

    def _show(self, what: str, share: float) -> None:
        if what not in self._artifacts:
            made = create_progress_artifact(progress=share, description=what)
            if isinstance(made, UUID):
                self._artifacts[what] = made
        else:
            update_progress_artifact(artifact_id=self._artifacts[what], progress=share, description=what)
