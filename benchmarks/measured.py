"""Run a command in a process of its own, with the time and the memory that it took."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    Attributes:
        seconds: from its start to its end, the start of the interpreter included.
        cpu: seconds of all its processes on all cores.
        peak: highest resident memory of the process and its descendants together, in bytes; the code of libraries,
            which they share, counts once.
        failure: why there is no result, or nothing.
    """

    seconds: float
    cpu: float
    peak: int
    failure: str | None = None


def measured(command: Sequence[str], *, log: Path, limit: float, environment: dict[str, str] | None = None) -> Measured:
    """Run a command to its end, or to the limit.

    Args:
        command: what to run.
        log: file that takes all that it prints.
        limit: seconds after which it is ended, with its descendants.
        environment: variables added to ours.
    """
    begun = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | (environment or {}),
        )
    peak, over, late = 0, threading.Event(), threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.05):
            peak = max(peak, _resident(process.pid))
            if time.perf_counter() - begun > limit and not late.is_set():
                late.set()
                os.killpg(process.pid, 9)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    failure = None
    if late.is_set():
        failure = f"ended after {limit:.0f} s without a result"
    elif process.returncode:
        lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
        failure = f"status {process.returncode}: {lines[-1][:200] if lines else 'it printed nothing'}"
    return Measured(seconds, used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss * 1024), failure)


def _resident(pid: int) -> int:
    """Resident bytes of a process and its descendants; those that have ended count as nothing.

    Pages of files count once, for the process that has most of them: those that one program starts load the same.
    """
    own, files, left = 0, [0], [pid]
    while left:
        folder = Path("/proc") / str(left.pop())
        try:
            resident, of_files = (int(pages) * PAGE for pages in (folder / "statm").read_text().split()[1:3])
            own += resident - of_files
            files.append(of_files)
            for thread in (folder / "task").iterdir():
                left += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return own + max(files)
