"""A Prefect server, a work pool, all deployments and a worker, until interrupted: `make serve`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests
import typer

from livingsearch.settings import read_settings

POOL = "local-process"
HOST = "127.0.0.1"


def main() -> None:
    """Serves until interrupted; the port comes from PREFECT_PORT, else 4200."""
    port = int(os.environ.get("PREFECT_PORT", "4200"))
    environment = serving_environment(read_settings().workspace, port)
    with serving(environment) as processes:
        typer.echo(f"Prefect: http://{HOST}:{port} - reviews: {environment['LIVINGSEARCH_WORKSPACE']} - Ctrl-C stops")
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(1)
        except KeyboardInterrupt:
            typer.echo("Stopping")
            return
    typer.echo("Error: the Prefect server or its worker ended by itself.", err=True)
    sys.exit(1)


def serving_environment(workspace: Path, port: int) -> dict[str, str]:
    """The environment in which server, worker and flows agree.

    Args:
        workspace: folder of the reviews; Prefect's own files lie in it too.
        port: on loopback.
    """
    root = workspace.resolve()
    root.mkdir(parents=True, exist_ok=True)
    return {
        "PREFECT_HOME": str(root / ".prefect"),
        **os.environ,
        "LIVINGSEARCH_WORKSPACE": str(root),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def serving(
    environment: Mapping[str, str], *, patience: float = 90.0
) -> Iterator[tuple["subprocess.Popen[bytes]", ...]]:
    """Starts everything and stops it at the end.

    Args:
        environment: as `serving_environment` makes it.
        patience: seconds that the server may take to come up.

    Yields:
        The processes of the server and of the worker.

    Raises:
        TimeoutError: the server did not come up.
        subprocess.CalledProcessError: the deployments were refused.
    """
    with ExitStack() as stack:
        server = stack.enter_context(_running("server", "start", environment=environment))
        _wait_for(environment["PREFECT_API_URL"] + "/health", server, patience)
        _prefect("work-pool", "create", POOL, "--type", "process", "--overwrite", environment=environment)
        _prefect("deploy", "--all", environment=environment)
        worker = _running("worker", "start", "--pool", POOL, "--limit", "4", environment=environment)
        yield server, stack.enter_context(worker)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "prefect", *words]


def _prefect(*words: str, environment: Mapping[str, str]) -> None:
    subprocess.run(_command("--no-prompt", *words), env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@contextmanager
def _running(*words: str, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(_command(*words), env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, server: "subprocess.Popen[bytes]", patience: float) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise TimeoutError(f"The Prefect server ended at once (exit code {server.returncode}); is the port taken?")
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.5)
    raise TimeoutError(f"The Prefect server did not answer at {url} within {patience:.0f} s")


if __name__ == "__main__":
    main()
