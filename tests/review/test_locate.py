"""Lines of values in TOML: a table of forms, and every path that tomllib finds is found in its place."""

import tomllib
from pathlib import Path as FilePath

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.review.locate import Path, line_of, locate

EXAMPLE = FilePath(__file__).parents[2] / "data/reviews/peer-support-personality-disorder/review.toml"

CASES: list[tuple[str, dict[Path, int]]] = [
    ("a = 1\n# c = 3\n\nb = 2 # d = 4", {("a",): 1, ("b",): 4}),
    ("a.b.c = 1\na.d = 2", {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 1, ("a", "d"): 2}),
    ("[a]\nb = 1\n[a.c]\nd = 2", {("a",): 1, ("a", "b"): 2, ("a", "c"): 3, ("a", "c", "d"): 4}),
    ("[[a]]\nb = 1\n[[a]]\nb = 2", {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "b"): 4}),
    (
        "[[a]]\n[[a.b]]\n[a.b.c]\nd=1\n[[a.b]]\n[[a]]\n[[a.b]]\ne=2",
        {("a", 0, "b", 0, "c", "d"): 4, ("a", 0, "b", 1): 5, ("a", 1, "b", 0, "e"): 8},
    ),
    (
        "a = [\n 1, # x\n [\n2], {b = 3}\n]\nc = 4",
        {("a", 0): 2, ("a", 1): 3, ("a", 1, 0): 4, ("a", 2, "b"): 4, ("c",): 6},
    ),
    ("a = '''\n[b]\nc = 1\n'''\nd = 1", {("a",): 1, ("d",): 5}),
    ('a = """x\\"""y"""\nb = """"q""""" # "\nc = 1', {("a",): 1, ("b",): 2, ("c",): 3}),
    ("a = '''''q'''''\nb = ''\nc = \"\"\nd = 'x\\'\ne = 1", {("b",): 2, ("c",): 3, ("d",): 4, ("e",): 5}),
    (
        '"a.b" = 1\n\'c]\' = 2\n["d ] [" . e]\nf = 3\n"\\u0067\\t" = 4',
        {("a.b",): 1, ("c]",): 2, ("d ] [", "e", "f"): 4, ("d ] [", "e", "g\t"): 5},
    ),
    (
        "a = { b = 'x', c = { d = [1, 2] } }\ne = 1979-05-27T07:32:00Z\nf = -1.5e3",
        {("a", "c", "d", 1): 1, ("e",): 2, ("f",): 3},
    ),
    ("a = 1\r\n[b]\r\nc = '''\r\nx'''\r\nd = 2\r\n", {("b",): 2, ("b", "c"): 3, ("b", "d"): 5}),
    ("[a.b]\nc = 1\n[a]\nd = 2", {("a",): 1, ("a", "b"): 1, ("a", "d"): 4}),
    ("[ [a ] ]".replace("[ [", "[[").replace("] ]", "]]") + "\nb=[]\nc={}", {("a", 0, "b"): 2, ("a", 0, "c"): 3}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "lines"), CASES)
def test_lines(text: str, lines: dict[Path, int]) -> None:
    data = tomllib.loads(text)
    spans = locate(text)
    assert {path: spans[path].line for path in lines} == lines
    assert set(every_path(data)) == set(spans)


def every_path(value: object, path: Path = ()) -> list[Path]:
    found: list[Path] = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += every_path(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            found += every_path(inner, (*path, place))
    return found


def test_lines_of_a_text() -> None:
    spans = locate('a = \'\'\'\nx\ny\'\'\'\nb = """z\nz"""\nc = "one"\n')
    assert (spans["a",].line, spans["a",].first, spans["a",].last) == (1, 2, 3)
    assert (spans["b",].line, spans["b",].first, spans["b",].last) == (4, 4, 5)
    assert (spans["c",].line, spans["c",].first, spans["c",].last) == (6, 6, 6)


def test_what_is_missing_is_looked_for_in_its_table() -> None:
    spans = locate("[a]\nb = 1\n[[c]]\n[[c]]\n")
    assert line_of(spans, ("a", "x")) == 1
    assert line_of(spans, ("c", 1, "x", "y")) == 4
    assert line_of(spans, ("x",)) is None


def test_every_value_of_the_example_is_found() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    lines = text.split("\n")
    data = tomllib.loads(text)
    spans = locate(text)
    paths = every_path(data)
    assert set(paths) == set(spans)
    for path in paths:
        if isinstance(path[-1], str):
            assert path[-1] in lines[spans[path].line - 1]


KEYS = st.one_of(
    st.text("abcXYZ019_-", min_size=1, max_size=4),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters='"\\'), max_size=5).map(
        lambda text: f'"{text}"'
    ),
)
SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(["true", "1.5", "2025-08-15", "''", '""', "'[x] = 1 # y'", '"\\"]"']),
    st.sampled_from(["'''\n[not]\na = 1\n'''", '"""\\\n  x"" \\""" """', "'''''x'''''", '"""\r\n#\r\n"""']),
)
BLANKS = st.sampled_from(["", " ", "\n", "\n# ] } = '\n", "  \n\t"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(st.tuples(BLANKS, inner, BLANKS).map("".join), max_size=3).map(lambda x: f"[{','.join(x)}]"),
        st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join)
STATEMENTS = st.one_of(
    st.tuples(DOTTED, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]} # end"),
    DOTTED.map(lambda key: f"[{key}]"),
    DOTTED.map(lambda key: f"[[ {key} ]]  # x"),
    st.sampled_from(["", "# [a]", "\t"]),
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(STATEMENTS, max_size=8))
def test_whatever_tomllib_reads_is_found(statements: list[str]) -> None:
    kept: list[str] = []
    for statement in statements:
        # Statements that contradict earlier ones are left out: the walk is only for what tomllib accepts.
        try:
            tomllib.loads("\n".join([*kept, statement]))
        except tomllib.TOMLDecodeError:
            continue
        kept.append(statement)
    text = "\n".join(kept)
    data = tomllib.loads(text)
    spans = locate(text)
    assert set(every_path(data)) == set(spans)
    for span in spans.values():
        assert 1 <= span.line <= span.last <= text.count("\n") + 1
        assert span.line <= span.first <= span.last
