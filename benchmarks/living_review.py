"""A living review of generated records: monthly updates, and all that comes to light late, counted twice.

Example: PYTHONPATH=tests python -m benchmarks.living_review --records 50000 --updates 36
"""

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from living import settings_for
from made_review import SOURCES, MadeReview, made
from recount import Recount
from recounted import counted, recounted

from livingsearch.ledger.whole_counts import whole_flows_at
from livingsearch.ledger.whole_flow_json import canonical, whole_flow_to_dict
from livingsearch.ledger.whole_identities import breaches
from livingsearch.services.archive import write_archive
from livingsearch.services.corrections import withdraw_run
from livingsearch.services.published_versions import published_updates, published_version
from livingsearch.services.publishing import publish
from livingsearch.services.restore import restore_archive
from livingsearch.services.screening import say, screening_list
from livingsearch.store import log_position

_SLUGS = tuple(slug for slug, _ in SOURCES)


@dataclass
class Simulation:
    """A review under way.

    Attributes:
        review: its rows.
        records: that the sources hold in the end, about.
        updates: how many.
        chance: the same seed gives the same review.
        holds: works by source.
        told: what happened, by kind.
    """

    review: MadeReview
    records: int
    updates: int
    chance: random.Random
    holds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def steps(self) -> Iterator[int]:
        """Runs one update after the other; yields its number when it is closed, screened and published."""
        for number in range(1, self.updates + 1):
            self._grow(number)
            retracted = self._retracted() if number % 4 == 0 else {}
            if number % 5 == 3:
                wrong = self.review.run("b", [f"wrong{number}-{n}" for n in range(20)])
                self.review.compare()
                withdraw_run(self.review.context, wrong, "the export of another search")
                self.told["withdrawn"] += 1
            for slug in _SLUGS:
                # One in a hundred vanishes, and comes back perhaps.
                kept = [work for work in self.holds[slug] if self.chance.random() > 0.01]
                self.review.run(slug, kept, retracted if slug == "a" else None)
            self.review.close()
            self._screen(number)
            if number > 1:
                self._link_and_part()
            publish(self.review.context, number)
            yield number

    def _grow(self, number: int) -> None:
        share = 0.6 if number == 1 else 0.4 / (self.updates - 1 or 1)
        for place in range(int(self.records * share / 1.8)):
            work = f"u{number}-{place}"
            for slug in self.chance.sample(_SLUGS[:4], self.chance.choice((1, 1, 2, 3))):
                self.holds[slug].append(work)
            if place % 400 == 7:
                self.holds["cited"].append(work if place % 800 == 7 else f"cited-{work}")

    def _retracted(self) -> dict[str, str]:
        included = screening_list(self.review.context, states=("included",))
        ours = set(self.holds["a"])
        works = [one.title.removeprefix("Title of ") for one in included if one.title]
        found = [work for work in works if work in ours][:1]
        self.told["retracted"] += len(found)
        return dict.fromkeys(found, "retracted 2026")

    def _screen(self, number: int) -> None:
        """Two people on titles, who differ on one in fifty; one in ten goes on to full text."""
        context = self.review.context
        waiting = screening_list(context, updates=(number,), states=("awaiting screening",))
        names = [f"R{one.report_id:06d}" for one in waiting]
        self.chance.shuffle(names)
        said = names[: int(len(names) * 0.95)]
        out, inside = said[len(said) // 10 :], said[: len(said) // 10]
        differing, removed = out[::50], out[1::60]
        screened = [name for name in out if name not in set(removed)]
        for who in ("Ann", "Bob"):
            self._say(screened if who == "Ann" else sorted(set(screened) - set(differing)), "exclude", who)
            self._say(inside, "include", who)
        self._say(differing, "include", "Bob")
        self._say(differing[::2], "exclude", "Both", consensus=True)
        self._say(removed, "automation", "robot", stage="before")
        self._say(inside[::9], "not-retrieved", "Ann")
        assessed = [name for name in inside if name not in set(inside[::9])]
        self._say(assessed[::3], "include", "Ann", stage="fulltext")
        self._say(assessed[1::3], "exclude", "Ann", stage="fulltext", reason="Wrong population")
        self._say(assessed[2::3], "exclude", "Ann", stage="fulltext", reason="No data")
        self.told["conflicts"] += len(differing)

    def _say(self, names: list[str], word: str, who: str, **more: object) -> None:
        if names:
            say(self.review.context, names, word, who=who, **more)  # type: ignore[arg-type]

    def _link_and_part(self) -> None:
        works = self.review.works()
        one, other = self.chance.sample(works, 2)
        reports = self.review.reports([one, other])
        if reports[one] != reports[other]:
            self.review.link(one, other)
            self.told["links"] += 1
        if len(self.holds["b"]) > 2:
            shared = sorted(set(self.holds["a"]) & set(self.holds["b"]))
            if shared:
                self.review.part("b", self.chance.choice(shared))
                self.told["splits"] += 1


def simulated(folder: Path, records: int, updates: int, seed: int = 1) -> Simulation:
    """A review of generated records, not begun yet."""
    return Simulation(made(folder), records, updates, random.Random(seed))


def disagreements(review: MadeReview, *, recounting: bool) -> list[str]:
    """What of a review does not agree: identities that break, and published versions that recount to other numbers.

    Args:
        review: as it stands.
        recounting: whether every published version is derived again, and recounted from its rows.
    """
    found = []
    with review.context.store.read() as con:
        numbers = [row[0] for row in con.execute("SELECT number FROM review_update ORDER BY ALL").fetchall()]
        flows = whole_flows_at(con, [*((n,) for n in numbers), tuple(numbers)], log_position(con))
        found += [breach.sentence for flow in flows for breach in breaches(flow)]
        for update in published_updates(con) if recounting else ():
            version = published_version(con, update)
            again = whole_flows_at(con, [(update,)], version.position)[0]
            if whole_flow_to_dict(again) != whole_flow_to_dict(version.flow):
                found.append(f"update {update}: derived again, it has other numbers")
            counts = Recount(con, version.position, _SLUGS).counts(update)
            if counted(version.flow) != recounted(counts):
                found.append(f"update {update}: recounted, it has other numbers: {recounted(counts)}")
    return found


def archive_disagreements(review: MadeReview, folder: Path) -> list[str]:
    """Flows and versions that come out in other bytes from the archive of a review, brought back into a folder."""
    archive = write_archive(review.context, folder / "review.zip")
    restored = MadeReview(folder / "restored", review.now)
    restore_archive(settings_for(restored.folder), archive.path)
    then, now = _told(review), _told(restored)
    return [f"{name}: other bytes from the archive" for name in then | now if then.get(name) != now.get(name)]


def _told(review: MadeReview) -> dict[str, str]:
    with review.context.store.read() as con:
        numbers = [row[0] for row in con.execute("SELECT number FROM review_update ORDER BY ALL").fetchall()]
        flows = whole_flows_at(con, [*((n,) for n in numbers), tuple(numbers)], log_position(con))
        frozen = con.execute("SELECT update_number, snapshot FROM published").fetchall()
    told = {f"flow of {flow.label}": canonical(whole_flow_to_dict(flow)) for flow in flows}
    return told | {f"version of update {number}": snapshot for number, snapshot in frozen}


def main() -> None:
    """Runs the review and prints what happened."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=50_000)
    options.add_argument("--updates", type=int, default=36)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        simulation = simulated(Path(folder), chosen.records, chosen.updates)
        cpu = time.process_time()
        for number in simulation.steps():
            wrong = disagreements(simulation.review, recounting=number == chosen.updates)
            print(f"update {number}: {time.process_time() - cpu:.0f} s CPU, {wrong or 'all agrees'}", flush=True)
        wrong = archive_disagreements(simulation.review, Path(folder))
        print(f"archived and restored: {time.process_time() - cpu:.0f} s CPU, {wrong or 'the same bytes of JSON'}")
        with simulation.review.context.store.read() as con:
            row = con.execute("SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM run_record)").fetchone()
        print(f"{row and row[0]:,} records, returned {row and row[1]:,} times; {dict(simulation.told)}")


if __name__ == "__main__":
    main()
