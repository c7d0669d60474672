"""Numbers of things in sentences."""


def counted(number: int, thing: str) -> str:
    """A number with its thing, as in `1 record` and `2,141 records`.

    Args:
        number: how many.
        thing: one of them; its plural ends in s.
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
