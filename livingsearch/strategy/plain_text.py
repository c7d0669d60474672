"""Text that came from a file, as a sentence for people quotes it."""


def on_one_line(text: str) -> str:
    """Text on one line: white space is one space, nothing that a terminal would obey or hide is left.

    Args:
        text: anything.

    Returns:
        The text; characters that do not show stand as their codes, as in a Python string.
    """
    return visible(" ".join(text.split()))


def visible(line: str) -> str:
    """A line with its characters as they are, but for those that do not show: they stand as their codes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
