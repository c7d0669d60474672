"""What another linter says: CoLRev's `search-query`, which knows searches of PubMed and EBSCOhost.

It runs in a process of its own: it prints, raises errors of its own, and takes minutes over some searches that are
short (`a NOT b OR …`), which nothing but the end of the process stops.
"""

import json
import subprocess
import sys
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from typing import Any

from livingsearch.strategy.dialects import LABELS, Dialect, PlatformName
from livingsearch.strategy.tree import line_and_column

_PLATFORMS: dict[PlatformName, str] = {"pubmed": "pubmed", "ebsco": "ebscohost"}
_LONGEST = 200_000
_SECONDS = 30.0
_MOST = 100
_LONGEST_DETAILS = 300


def second_opinion(text: str, dialect: Dialect, *, seconds: float = _SECONDS) -> tuple[str, ...]:
    """Ask `search-query` about a search.

    It takes about half a second, several for a search of a thousand terms.

    Args:
        text: the search.
        dialect: where it is meant to be run.
        seconds: after which it is not waited for any longer.

    Returns:
        Its messages as sentences, with its codes; one that says so where it has none or cannot be asked.
    """
    name = _PLATFORMS.get(dialect.platform)
    if name is None:
        known = " and ".join(LABELS[platform] for platform in _PLATFORMS)
        return (f"search-query cannot be asked: it knows searches of {known}, not of {LABELS[dialect.platform]}.",)
    if not text.strip() or len(text) > _LONGEST:
        return (f"search-query cannot be asked: the search is {'empty' if not text.strip() else 'too long'}.",)
    asked = json.dumps([text.encode("utf-8", "replace").decode(), name])
    command = [sys.executable, "-c", f"from {__name__} import answer; answer()"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=seconds, encoding="utf-8")  # noqa: S603
        messages = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return (f"search-query did not answer within {seconds:g} seconds.",)
    except (OSError, ValueError):
        return ("search-query could not be asked: its process ended without an answer.",)
    return tuple(str(message) for message in messages) or ("search-query has nothing to say against this search.",)


def answer() -> None:
    """What the other process does: reads text and platform from stdin, writes the messages to stdout."""
    text, name = json.loads(sys.stdin.read())
    with redirect_stdout(StringIO()):
        messages = _asked(text, name)
    sys.stdout.write(json.dumps(messages))


def _asked(text: str, name: str) -> list[str]:
    try:
        parsers = import_module("search_query.parser")
    except ImportError:
        return ["search-query cannot be asked: it is not installed."]
    is_list = "1." in text[:10]
    parser: Any = None
    failed = ""
    try:
        parser = (parsers.LIST_PARSERS if is_list else parsers.PARSERS)[name][parsers.LATEST_VERSIONS[name]](text)
        parser.parse()
    except Exception as error:
        failed = type(error).__name__
    found = getattr(getattr(parser, "linter", None), "messages", [])
    groups = found.values() if isinstance(found, dict) else [found]
    offset = len(text) - len(text.lstrip()) if is_list else 0
    messages = [_sentence(message, text, offset) for group in groups for message in group]
    if failed and not any(message["is_fatal"] for group in groups for message in group):
        messages.append(f"search-query gave up on this search ({failed}) without saying why.")
    if len(messages) > _MOST:
        messages = [*messages[:_MOST], f"… and {len(messages) - _MOST} more."]
    return messages


def _sentence(message: dict[str, Any], text: str, offset: int) -> str:
    said = " ".join(str(message.get("details") or message.get("message") or message.get("label")).split()).rstrip(".")
    if len(said) > _LONGEST_DETAILS:
        said = said[: _LONGEST_DETAILS - 1] + "…"
    where = ""
    for start, _ in message.get("position") or []:
        if 0 <= start + offset <= len(text):
            line, column = line_and_column(text, start + offset)
            where = f" (line {line}, column {column})"
        break
    grade = "fatal, " if message.get("is_fatal") else ""
    return f"{grade}{message.get('code')}: {said}{where}."
