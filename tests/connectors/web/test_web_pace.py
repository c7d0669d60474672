import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from clock import Clock

from connectors.errors import SourceUnavailable
from connectors.web.pace import Pace

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("shared", [False, True])
def test_requests_are_spaced_evenly(clock: Clock, tmp_path: Path, shared: bool) -> None:
    pace = Pace(0.5, clock=clock, sleep=clock.sleep, file=tmp_path / "new" / "rate" if shared else None)
    moments = []
    for _ in range(4):
        pace.wait()
        moments.append(clock())
    assert moments == [1000.0, 1000.5, 1001.0, 1001.5]


def test_no_limit_needs_no_wait(clock: Clock) -> None:
    Pace(0, clock=clock, sleep=clock.sleep).wait()
    assert clock.slept == []


@pytest.mark.parametrize("shared", [False, True])
def test_threads_share_the_limit(tmp_path: Path, shared: bool) -> None:
    file = tmp_path / "rate" if shared else None
    pace = Pace(0.03, clock=time.monotonic, sleep=time.sleep, file=file)
    given = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(4):
            pace.wait()
            with lock:
                given.append(time.monotonic())

    threads = [threading.Thread(target=work) for _ in range(4)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 16
    assert max(given) - started >= 15 * 0.03 - 0.005


@pytest.mark.parametrize("shared", [False, True])
def test_who_wakes_up_late_takes_another_moment(tmp_path: Path, shared: bool) -> None:
    clock, late = Clock(), iter([0.0, 0.2, 0.0])

    def sleep(seconds: float) -> None:
        clock.sleep(seconds + next(late))

    pace = Pace(0.5, clock=clock, sleep=sleep, file=tmp_path / "rate" if shared else None)
    moments = []
    for _ in range(3):
        pace.wait()
        moments.append(clock())
    # The second sleep, until 1001.0, ended at 1001.2: too close to what follows at 1001.5, so it waits for that.
    assert moments == [1000.0, 1000.5, 1001.5]


def test_who_always_wakes_up_late_gets_on(clock: Clock) -> None:
    pace = Pace(0.5, clock=clock, sleep=lambda seconds: clock.sleep(seconds + 0.4))
    pace.wait()
    pace.wait()
    assert clock.now == pytest.approx(1000 + 5 * 0.5 + 0.4)


@pytest.mark.parametrize(("asked", "held"), [(7, 7), (86_400, 30), (-5, 0.5), (0.1, 0.5)])
@pytest.mark.parametrize("shared", [False, True])
def test_a_pace_is_held_for_everybody(clock: Clock, tmp_path: Path, shared: bool, asked: float, held: float) -> None:
    pace = Pace(0.5, clock=clock, sleep=clock.sleep, file=tmp_path / "rate" if shared else None)
    pace.wait()
    pace.hold(asked)
    pace.wait()
    assert clock.now - 1000 == held


WORKER = """
import sys, time
from pathlib import Path
from connectors.web.pace import Pace
pace = Pace(0.05, clock=time.monotonic, sleep=time.sleep, file=Path(sys.argv[1]))
for _ in range(6):
    pace.wait()
    sys.stdout.write(f"{time.monotonic()!r}\\n")
"""


def test_processes_share_the_limit(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "rate")]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    moments = [float(line) for worker in workers for line in worker.communicate()[0].split()]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert len(moments) == 12
    assert max(moments) - min(moments) >= 11 * 0.05 - 0.02


@pytest.mark.parametrize("left", ["", "rubbish", "nan", "inf", "9e99", "-5", "\xff"])
def test_a_damaged_or_ancient_file_delays_nothing(clock: Clock, tmp_path: Path, left: str) -> None:
    file = tmp_path / "rate"
    file.write_bytes(left.encode("latin-1"))
    Pace(0.5, clock=clock, sleep=clock.sleep, file=file).wait()
    assert clock.slept == []
    assert float(file.read_text()) == 1000.5


def test_a_file_that_cannot_be_used_is_named(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "rate").mkdir()
    with pytest.raises(SourceUnavailable, match="spaces the requests"):
        Pace(0.5, clock=clock, sleep=clock.sleep, file=tmp_path / "rate").wait()
