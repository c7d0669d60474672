"""Characters that look like a search's signs and are none: word processors and web pages put them in."""

from collections.abc import Collection, Iterator

from connectors.altered import Warning

_MEANT = {
    **dict.fromkeys("∗＊⁎✱﹡٭", "*"),
    **dict.fromkeys("“”„‟«»＂″", '"'),
    **dict.fromkeys("‘’‚‛′＇", "'"),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    **dict.fromkeys("［", "["),
    **dict.fromkeys("］", "]"),
    **dict.fromkeys("：﹕", ":"),
    **dict.fromkeys("\u00a0\u2007\u202f\u3000", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
}
"""By the look-alike: the sign that is meant; nothing where it is invisible."""


def look_alikes(query: str, label: str, harmless: Collection[str] = ()) -> Iterator[tuple[Warning, str]]:
    """Look-alikes in a search.

    Args:
        query: the search.
        label: what people call the source.
        harmless: signs whose look-alikes mean nothing to this source.

    Yields:
        A warning for each, and a sentence that says where it stands and what to do.
    """
    for place, char in enumerate(query):
        meant = _MEANT.get(char)
        if meant is None or meant in harmless:
            continue
        around = " ".join(query[max(0, place - 15) : place + 10].split())
        shown = f"“{char}” (U+{ord(char):04X})" if char.isprintable() else f"an invisible U+{ord(char):04X}"
        advice = f"type {meant} instead" if meant.strip() else "type a space" if meant else "delete it"
        yield (
            Warning("LookAlikeCharacter", f"U+{ord(char):04X}"),
            f"In “{around}” stands {shown}, which {label} does not read as what it looks like; {advice}.",
        )
