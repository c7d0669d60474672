"""The words that a wildcard stands for, for platforms that have no such wildcard.

A single open letter is nearly always there for two spellings of one word (`behavio?r`, `randomi#ed`, `wom#n`).
Where its neighbours show which, those spellings are given; else every letter from a to z is.
"""

import itertools
import re
import string
from dataclasses import dataclass

from livingsearch.strategy.tree import Wild, Word

MOST_FORMS = 120
_OPTIONAL, _ONE, _TWO = Wild(0, 1), Wild(1, 1), Wild(2, 2)
_LETTERS = tuple(string.ascii_lowercase)

_Rules = tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


def _rules(*rows: tuple[str, str]) -> _Rules:
    """Rows of pattern and letters; `-` among the letters is for none at all."""
    return tuple((re.compile(pattern), tuple("" if c == "-" else c for c in letters)) for pattern, letters in rows)


# What stands around an open place (`_`; `^` and `$` are the ends of the word) → what may stand there. The first that
# fits holds. Sources: the usual British and American pairs, those of medicine first.
_MAYBE = _rules(
    (r"^program_e(?:s|$)", "m"),
    (r"(?:^cent|^theat|^lit|^fib|^calib|^tit|^goit|met)_re(?:s|d|$)", "-"),
    (r"o_r", "-u"),
    # oe in British spelling: oedema, oestrogen, oesophagus, foetus, coeliac, diarrhoea, dyspnoea, homoeopathy,
    # manoeuvre, amoeba.
    (r"^_e(?:dem|str|so|dip|no|cu)|^f_et|^c_e(?:l|n)|rrh_e|pn_e|^hom_eo|^man_euv|^am_eb|o_estr|(?:i|h)_edem", "-o"),
    # ae in British spelling: haemo-, paediatric, anaemia, leukaemia, anaesthesia, gynaecology, aetiology, faecal,
    # caesarean, caecum, taenia, orthopaedic, paedophile, encyclopaedia, naevus, aesthetic, archaeology, mediaeval.
    (r"h_em|^p_ed|p_ed(?:ic|ia)|[a-z]_emi|_esth|yn_ec|_etiol|^f_ec|^c_e(?:c|s)|^t_enia|^n_ev|rch_eo|edi_ev", "-a"),
    # A consonant that is doubled in British, or in American spelling: labelled, counselling, enrollment, skillful.
    (r"l_(?:[aeiou]|ment|ful|y)", "-l"),
    (r"t_(?:ed|ing|er)", "-t"),
    (r"s_(?:ed|ing)", "-s"),
    (r"p_(?:ed|ing|er)", "-p"),
    (r"g_(?:ing|ment)|[kzvs]_(?:able|ing)", "-e"),
    (r"_$", "-s"),
)
_EXACTLY = _rules(
    (r"practi_(?:e|i)", "cs"),
    (r"y_is$", "s"),
    (r"[iy]_(?:e|a|i|\*)", "sz"),
    (r"en_(?:e|i)", "cs"),
    (r"^(?:hum|germ|rom|ottom)_n", "a"),
    (r"m_n(?:s|$)", "ae"),
    (r"gr_y", "ae"),
    (r"leu_[oaei]|^s_ep|^dis_|mollus_", "ck"),
    (r"_$", "s"),
)
_BOTH = re.compile(r"(?:cent|theat|lit|fib|calib|tit|goit|met|spect|sab|meag|lust)_(?:s|d|$|\*)")
"""center and centre, liter and litre: two letters whose order differs."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """The forms of a word.

    Args:
        forms: words without wildcards but for a truncation at the end, in the order of the alphabet's choices.
        complete: whether the forms are all that the wildcard takes (letters a to z; digits are not looked at);
            else they are those that make sense.
    """

    forms: tuple[Word, ...]
    complete: bool


def spelled(word: Word) -> Spelled | None:
    """Write a word's single-character wildcards out.

    Args:
        word: any; wildcards for any number of characters at its end stay.

    Returns:
        Its forms; None where a wildcard within it takes more than one character (but for the two of `cent##`), or
        there are more than MOST_FORMS forms.
    """
    body, ending = (word.parts[:-1], word.parts[-1:]) if word.truncated else (word.parts, ())
    choices: list[tuple[str, ...]] = []
    complete, number = True, 1
    for at, part in enumerate(body):
        if isinstance(part, str):
            choices.append((part,))
            continue
        context = _context(body, at, open_ended=bool(ending))
        letters = _choice(part, context)
        if letters is None:
            if part not in (_OPTIONAL, _ONE):
                return None
            letters = ("", *_LETTERS) if part == _OPTIONAL else _LETTERS
        else:
            complete = False
        choices.append(letters)
        number *= len(letters)
        if number > MOST_FORMS:
            return None
    texts = dict.fromkeys("".join(form) for form in itertools.product(*choices))
    return Spelled(tuple(Word((text, *ending), word.place) for text in texts if text), complete)


def _choice(wild: Wild, context: str) -> tuple[str, ...] | None:
    """What may stand in an open place; None where its neighbours do not show it."""
    if wild == _TWO:
        return ("er", "re") if _BOTH.match(context) else None
    rules = _MAYBE if wild == _OPTIONAL else _EXACTLY if wild == _ONE else ()
    return next((letters for pattern, letters in rules if pattern.search(context)), None)


def _context(parts: tuple[str | Wild, ...], at: int, *, open_ended: bool) -> str:
    """The word with `_` for the open place that is asked for; other open places are left out."""
    before = "".join(part for part in parts[:at] if isinstance(part, str)).lower()
    behind = "".join(part for part in parts[at + 1 :] if isinstance(part, str)).lower()
    return f"{before}_{behind}" + ("*" if open_ended else "")
