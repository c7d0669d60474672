"""Tables of a review's sources, held against a recount of its rows, and the commands that print them."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from living import SLUG, LivingReview, made_in
from made_review import MadeReview, made

from livingsearch.cli.main import run
from livingsearch.errors import ReportRefused
from livingsearch.ledger.diagram import LAYOUT_NAMES
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.diagrams import diagram_file
from livingsearch.services.included import Named, named_in
from livingsearch.services.screening import say
from livingsearch.services.source_reports import (
    contribution_report,
    over_time_report,
    overlap_report,
    rendered,
    summary_report,
)
from livingsearch.services.updates import begin_update, finish_update


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Two sources in a closed update, more of them in an open one."""
    made = made_in(tmp_path_factory.mktemp("sources") / "workspace")
    made.import_wave("base", 1, only=("medline-ovid", "embase-ovid"))
    deduplicate_review(made.context())
    begin_update(made.context(), number=1, due=["medline-ovid", "embase-ovid"])
    assert finish_update(made.context(), 1).closed
    made.import_wave("update", 2, only=("medline-ovid", "cinahl-ebsco"))
    deduplicate_review(made.context())
    return made


def held(living: LivingReview) -> dict[int, set[str]]:
    """Sources by report, recounted from plain rows."""
    with living.context().store.read() as con:
        rows = con.execute(
            "SELECT record_id, record.source FROM record JOIN run_record USING (record_id) "
            "JOIN run ON run.run_id = run_record.run_id WHERE state = 'complete'"
        ).fetchall()
        events = con.execute("SELECT record_id, report_id FROM report_event WHERE event = 'joined' ORDER BY seq")
        report_of = dict(events.fetchall())
    found: dict[int, set[str]] = {}
    for record, source in rows:
        found.setdefault(report_of[record], set()).add(source)
    return found


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_overlap_is_what_the_rows_say(living: LivingReview) -> None:
    reports = held(living)
    rows = {row["source"]: row for row in rows_of(rendered(overlap_report(living.context()), "csv", None))}
    assert sum(len(sources) > 1 for sources in reports.values()) > 10
    for slug, row in rows.items():
        mine = [sources for sources in reports.values() if slug in sources]
        assert int(row["reports"]) == len(mine)
        assert int(row["unique"]) == sum(sources == {slug} for sources in mine)
        assert int(row["shared"]) == int(row["reports"]) - int(row["unique"])
        for other in rows:
            expected = "" if other == slug else str(sum(other in sources for sources in mine))
            assert row[f"with_{other}"] == expected
    sets = json.loads(rendered(overlap_report(living.context()), "json", None))["sets"]
    counted = Counter(frozenset(sources) for sources in reports.values())
    assert {frozenset(one["sources"].split(" + ")): one["reports"] for one in sets} == counted


def test_contribution_adds_up_to_the_ledger(living: LivingReview) -> None:
    report = contribution_report(living.context())
    rows = rows_of(rendered(report, "csv", None))
    reports = held(living)
    assert sum(int(row["kept"]) for row in rows) == len(reports)
    assert sum(float(row["credit"]) for row in rows) == pytest.approx(len(reports))
    assert all(int(row["kept"]) + int(row["removed"]) == int(row["records"]) for row in rows)
    times = rows_of(rendered(over_time_report(living.context()), "csv", None))
    for row in rows:
        mine = [one for one in times if one["source"] == row["source"] and one["identified"]]
        assert int(row["identified"]) == sum(int(one["identified"]) for one in mine)
        assert int(row["kept"]) == sum(int(one["to_screen"]) for one in mine)
        assert int(row["removed"]) == sum(int(one["duplicates"]) for one in mine)
    assert "Update 2 is still open" in rendered(over_time_report(living.context()), "md", None).decode()


def test_one_update_alone(living: LivingReview) -> None:
    base = contribution_report(living.context(), 1).tables[0].rows
    later = contribution_report(living.context(), 2).tables[0].rows
    every = contribution_report(living.context()).tables[0].rows
    for one, two, both in zip(base, later, every, strict=True):
        assert [a + b for a, b in zip(one[2:6], two[2:6], strict=True)] == list(both[2:6])  # type: ignore[operator]
    with pytest.raises(ReportRefused, match="counted yet by update 7"):
        overlap_report(living.context(), 7)


def test_summary_of_the_known_articles(living: LivingReview) -> None:
    summary, matrix = summary_report(living.context()).tables
    assert len(matrix.rows) == len(living.context().review.known)
    by_source = {row[0]: row for row in summary.rows}
    for place, slug in enumerate(by_source, 1):
        found = sum(row[place] == "yes" for row in matrix.rows)
        assert by_source[slug][3] == found
        assert by_source[slug][5] == pytest.approx(found / len(matrix.rows))
    assert by_source["medline-ovid"][3] > 5


def test_summary_of_a_list(living: LivingReview, tmp_path: Path) -> None:
    with living.context().store.read() as con:
        doi, report = con.execute(
            "SELECT doi, report_id FROM record_version JOIN report_event USING (record_id) "
            "WHERE doi IS NOT NULL AND report_id IN (SELECT report_id FROM batch_report) ORDER BY ALL LIMIT 1"
        ).fetchone() or ("", 0)
    file = tmp_path / "included.txt"
    file.write_text(f"# ours\n\nhttps://doi.org/{doi.upper()}\n{doi}\nPMID: 00999999999\n", "utf-8")
    named = named_in(file)
    assert named == (Named(doi, doi, None), Named("PMID 999999999", None, "999999999"))
    summary, matrix = summary_report(living.context(), named).tables
    sources = held(living)[report]
    shown = dict(zip([column.name for column in matrix.columns[1:]], matrix.rows[0][1:], strict=True))
    assert {slug for slug, cell in shown.items() if cell == "yes"} == sources
    assert summary.notes[-1] == "Brought by no source: PMID 999999999."
    assert "Included reports: 2 (given list); brought by a source: 1." in summary.notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.1000/x\nno identifier", "line 2: 'no identifier' is neither a DOI nor a PMID"),
        ("# nothing\n", "names no report"),
        ("1234567890", "neither a DOI nor a PMID"),
    ],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "included.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(ReportRefused, match=message):
        named_in(file)
    with pytest.raises(ReportRefused, match="cannot be read"):
        named_in(tmp_path / "absent.txt")


def test_nothing_is_counted_yet(tmp_path: Path) -> None:
    made = made_in(tmp_path / "workspace")
    for report in (overlap_report, contribution_report, summary_report, over_time_report):
        with pytest.raises(ReportRefused, match="counted yet"):
            report(made.context())


@pytest.fixture
def said(living: LivingReview) -> Iterator["Said"]:
    yield Said(living)


class Said:
    """What a command prints."""

    def __init__(self, living: LivingReview) -> None:
        self.settings = living.settings

    def __call__(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(words, self.settings)
        return code, out.getvalue(), err.getvalue()


def test_commands_print_tables_and_write_files(said: Said, tmp_path: Path) -> None:
    code, out, _ = said("report", "overlap", SLUG)
    assert (code, out.splitlines()[0]) == (0, "## Source overlap")
    code, out, _ = said("report", "contribution", SLUG, "--format", "csv")
    assert out.startswith("source,label,identified,")
    code, out, _ = said("report", "over-time", SLUG, "--format", "json")
    assert [row["update"] for row in json.loads(out)["updates"]] == [1, 2]
    for command, name in (("overlap", "upset.svg"), ("summary", "summary.md"), ("over-time", "time.png")):
        file = tmp_path / name
        code, out, err = said("report", command, SLUG, "--to", str(file))
        assert (code, out.strip()) == (0, f"Report: {file}"), err
    assert (tmp_path / "upset.svg").read_text("utf-8").startswith("<svg")
    assert (tmp_path / "time.png").read_bytes().startswith(b"\x89PNG")


def test_commands_refuse_what_cannot_be(said: Said) -> None:
    for words, message in (
        (("report", "overlap", SLUG, "--format", "pdf"), "There is no form 'pdf'; choose one of: md, csv, json"),
        (("report", "overlap", SLUG, "--format", "png"), "A PNG goes to a file: add --to FILE.png."),
        (("report", "overlap", SLUG, "--to", "x.doc"), "There is no form 'doc' (the ending of x.doc)"),
        (("prisma", SLUG, "--layout", "round"), "There is no layout 'round'; choose one of: new, new-other"),
        (("prisma", SLUG, "--layout", "new", "--update", "9"), "There is no update 9 to draw (there are: 1, 2)"),
    ):
        code, out, err = said(*words)
        assert (code, out) == (1, "")
        assert message in err


def test_the_diagram_in_every_form(said: Said, living: LivingReview, tmp_path: Path) -> None:
    code, out, _ = said("prisma", SLUG, "--layout", "new")
    assert code == 0
    assert "Records awaiting screening" in out
    for name, start in (("flow.svg", b"<svg"), ("flow.png", b"\x89PNG"), ("flow.pdf", b"%PDF"), ("flow.csv", b"data,")):
        file = tmp_path / name
        assert said("prisma", SLUG, "--to", str(file))[0] == 0
        assert file.read_bytes().startswith(start)
    told = json.loads(diagram_file(living.context(), form="json", update=1))
    (flow,) = told["flows"]
    times = rows_of(rendered(over_time_report(living.context()), "csv", None))
    assert flow["updates"] == [1]
    assert flow["identification"]["databases"]["value"] == sum(
        int(row["identified"]) for row in times if row["update"] == "1" and row["identified"]
    )


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Two closed updates with a source of other methods; two reports are included."""
    review = made(tmp_path_factory.mktemp("screened"))
    works = [f"w{n}" for n in range(12)]
    review.update(a=works, b=works[:5], cited=["x1", "w1"])
    review.update(a=works, b=[*works[:5], "later"])
    for work in ("w1", "later"):
        say(review.context, [review.name(work)], "include", who="Ann", stage="fulltext")
    return review


def test_decisions_of_reviewers_are_the_included_reports(screened: MadeReview) -> None:
    summary, matrix = summary_report(screened.context).tables
    assert "Included reports: 2 (decisions of the reviewers); brought by a source: 2." in summary.notes
    found = {row[0]: row[3] for row in summary.rows}
    assert (found["a"], found["b"], found["cited"]) == (1, 2, 1)
    assert len(matrix.rows) == 2


def test_every_layout_draws_the_ledgers_flows(screened: MadeReview) -> None:
    for layout in LAYOUT_NAMES:
        told = json.loads(diagram_file(screened.context, layout=layout, form="json"))
        flows = told["flows"]
        assert len(flows) == (2 if layout in {"columns", "base-updates", "earlier-latest"} else 1)
        if not layout.startswith("updated"):
            assert sum(flow["new"]["studies"]["value"] for flow in flows) == 2
    drawn = diagram_file(screened.context, layout="updated-other", form="text").decode()
    assert "Total studies included in review (n = 2)" in drawn
    assert "Studies included in previous version of review (n = 1)" in drawn
    then = diagram_file(screened.context, layout="new", form="text", as_of=1).decode()
    assert "Studies included in review (n = 0)" in " ".join(then.replace("│", " ").split())


def test_an_open_update_is_drawn_alone_and_says_so(living: LivingReview) -> None:
    assert "still open" not in diagram_file(living.context()).decode()
    assert "Update 2 is still open: these counts may change." in diagram_file(living.context(), update=2).decode()


@pytest.mark.parametrize(
    "words",
    [("prisma",), ("report", "overlap"), ("report", "contribution"), ("report", "summary"), ("report", "over-time")],
)
def test_the_help_gives_an_example_that_runs(
    said: Said, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    _, text, _ = said(*words, "--help")
    typed = re.findall(r"Example: livingsearch (.+?)\s*(?:│|$)", text, re.MULTILINE)[-1].split()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "included.txt").write_text("10.1186/s40479-020-00135-5\n", "utf-8")
    code, _, err = said(*typed)
    assert code == 0, err
    assert Path(typed[typed.index("--to") + 1]).stat().st_size > 100
