"""Cuts one line of an Ovid search into terms, operators, brackets and field tags.

Ovid takes words side by side for a phrase; what makes a run of words a heading is the slash behind it. So words are
gathered until an operator, a bracket, a field tag or a slash says what they are.
"""

import re
from dataclasses import dataclass, field

from livingsearch.strategy.grammar import Behind, Close, Open, Operator, OperatorName, Piece, Term
from livingsearch.strategy.ovid.fields import PHRASES_ONLY, nearest
from livingsearch.strategy.ovid.terms import Item, Terms
from livingsearch.strategy.ovid.words import ADJACENT
from livingsearch.strategy.qualifiers import code_of, name_of
from livingsearch.strategy.tree import Heading, LineRef, Phrase, Place, Word

_NAMES = r"[a-z][a-z0-9_]{1,11}(?:\s*,\s*[a-z][a-z0-9_]{1,11})*"
_TAG = rf"\.(?:{_NAMES}|\({_NAMES}\))(?:\.(?!\w)|(?=[\s()\[\]]|\Z))"
_CODES = r"(?!or(?!\w))[a-z]{2}(?:\s*,\s*[a-z]{2})*(?=[\s()\[\]]|\Z)"
_LETTER = r"[^\s()\"\[\],;/.]"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<slot>\{{\{{[^{{}}]*\}}\}})
    |"(?P<quoted>[^"]*)"
    |(?<![^\s(])'(?P<single>[^"()\[\]]*?[^\s"()\[\]])'(?=[\s).,/;\]]|\Z)
    |(?P<open>\()|(?P<close>\))
    |(?P<aside>\[[^\[\]]*\])
    |(?P<tag>{_TAG})
    |(?P<freq>/?\s?freq\s?=\s?[0-9]{{1,4}}(?!\w))
    |(?P<range>(?:or|and)\s?/\s?[0-9]+(?:\s?[-,]\s?[0-9]+)*(?!\w))
    |(?P<slash>/(?:\s?{_CODES})?)
    |(?P<word>{_LETTER}+(?:(?!{_TAG})(?!/{_CODES})[./](?={_LETTER}){_LETTER}+)*)
    |(?P<other>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"#?[0-9]{1,9}")
_OPERATORS: dict[str, OperatorName] = {"and": "and", "or": "or", "not": "not"}
_MULTIFILE = (
    "use belongs to searches of several databases at once, and says which lines are for which: write one strategy for "
    "each database"
)
_WORDS_BEHIND_LINE = (
    "words follow the number of a line without an operator: what they are meant to say cannot be read; join them with "
    "and, or put the whole in quotation marks where it is a phrase"
)
_EXPLODE = ("exp", "explode")
_REST_OF_HEADING = re.compile(r"\s(?!\s*(?:exp|explode)\s)[\w\s,'-]{1,100}(?=/)", re.IGNORECASE)
_DATES_AND_NUMBERS = {"date_publication", "date_create", "date_entry", "uid", "identifier"}


@dataclass(slots=True)
class Cutter(Terms):
    """Cuts a line; `pieces` are what `grammar.tree_of` takes.

    Args:
        setting: what the line is read in.
        findings: what is noticed is added to it.
        pieces: filled by `cut`.
        to_settle: whether the tree holds what `reader` has to look at again (proximity, dates, headings by tag).
    """

    pieces: list[Piece] = field(default_factory=list)
    to_settle: bool = False
    _run: list[Item] = field(default_factory=list)
    _doubtful: dict[int, tuple[int, str]] = field(default_factory=dict)

    def cut(self, start: int, end: int) -> None:
        """Cuts a part of the clean text.

        Raises:
            SearchTextError: a character stands where it means nothing.
        """
        for match in _TOKEN.finditer(self.setting.source.clean, start, end):
            kind = match.lastgroup or "other"
            if kind == "space":
                continue
            at, behind = match.span()
            text = match[kind]
            match kind:
                case "word":
                    self._word(text, at, behind)
                case "quoted" | "single" | "slot":
                    self._run.append(Item(kind, text, at, behind, match.start(kind)))
                case "open" | "close":
                    self._end_run()
                    place = self.place(at, behind)
                    self.pieces.append(Open(place) if kind == "open" else Close(place))
                case "tag":
                    self._tag(text, at, behind)
                case "slash":
                    self._slash(text, at, behind)
                case "range":
                    self._end_run()
                    self.pieces.append(self.lines(text, self.place(at, behind)))
                case "freq":
                    self._frequency(text, at, behind)
                case "aside":
                    self._aside(at, behind)
                case _:
                    self._other(text, at, behind)
        self._end_run()
        if self._doubtful:
            self._refuse_commands()

    def _refuse_commands(self) -> None:
        """Numbers of no line, and references with words behind them, `5 use medall`.

        In fields and within proximity they are numbers to look for.
        """
        pieces = self.pieces
        tagged = [False]
        for at in range(len(pieces) - 1, -1, -1):
            piece = pieces[at]
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            behind = tagged[-1] or isinstance(following, Behind)
            if isinstance(piece, Close):
                tagged.append(behind)
            elif isinstance(piece, Open) and len(tagged) > 1:
                tagged.pop()
            elif at in self._doubtful and not behind:
                around = (following, pieces[at - 1] if at else None)
                if any(isinstance(near, Operator) and near.name == "near" for near in around):
                    continue
                number, word = self._doubtful[at]
                if not word:
                    self._no_such_line(number, piece.place)
                    continue
                self.note("S001", "fatal", _MULTIFILE if word == "use" else _WORDS_BEHIND_LINE, piece.place)
                pieces[at] = Term(LineRef(number, piece.place), piece.place)

    def _no_such_line(self, number: int, place: Place) -> None:
        """A number alone that is no line's: mistyped, or copied without the lines above it."""
        lines = "no line has this number" if self.setting.numbers else "this search has no numbered lines"
        sentence = (
            f"On Ovid a number alone stands for the line of that number, but {lines}; where the number itself is "
            "meant, put it in quotation marks."
        )
        self.note("L002", "fatal", sentence, place, f'"{number}"')

    def _word(self, text: str, start: int, end: int) -> None:
        lower = text[:9].lower()
        name = _OPERATORS.get(lower) if len(text) <= 3 else None
        part_of_heading = name is not None and self._goes_on_as_heading(text, start, end)
        if part_of_heading or (name is None and not (lower.startswith("adj") and ADJACENT.fullmatch(text))):
            if text.startswith("'") and self.setting.source.clean[start - 1 : start] in ("", " ", "(", "\t", "\n"):
                raise self.error("the quotation mark ' opened here is never closed", start, end, "S003")
            self._run.append(Item("word", text, start, end, start))
            return
        self._end_run()
        place = self.place(start, end)
        last = self.pieces[-1] if self.pieces else None
        if name == "not" and isinstance(last, Operator) and last.name == "and":
            whole = Place(last.place.start, place.end)
            self.pieces[-1] = Operator("not", whole)
            self.note("R004", "warning", "Ovid's operator is NOT, without AND; it was read as NOT.", whole, "not")
        elif name is not None:
            self.pieces.append(Operator(name, place))
        else:
            self.pieces.append(self._adjacent(text, start, end))

    def _goes_on_as_heading(self, text: str, start: int, end: int) -> bool:
        """Whether an operator is a part of a heading's name, as in `exp Wounds and Injuries/`."""
        if len(self._run) < 2 or self._run[0].kind != "word" or self._run[0].text.lower() not in _EXPLODE:
            return False
        rest = _REST_OF_HEADING.match(self.setting.source.clean, end)
        if rest is None:
            return False
        place = self.place(self._run[1].start, rest.end())
        whole = " ".join(self.setting.source.text[place.start : place.end].split())
        sentence = (
            f"“{text}” was read as a part of this heading's name; put the name in quotation marks, so that Ovid does "
            "not take it for an operator."
        )
        self.note("S013", "warning", sentence, place, f'"{whole}"')
        return True

    def _adjacent(self, text: str, start: int, end: int) -> Operator:
        digits = text[3:]
        place = self.place(start, end)
        self.to_settle = True
        if not digits:
            return Operator("near", place, 0, True)
        number = int(digits) if len(digits) < 4 else 0
        if not 1 <= number <= 99:
            raise self.error(f"{text} is no distance; a number from 1 to 99 is expected behind adj", start, end)
        return Operator("near", place, number - 1)

    def _end_run(self) -> None:
        """Makes a term of the words gathered, if any."""
        if not self._run:
            return
        run, self._run = self._run, []
        words = [word for item in run for word in self.words_of(item)]
        run = [item for item in run if item.kind != "mark"]
        if not run:
            return
        first = run[0]
        if len(run) > 1 and first.kind == "word" and first.text.lower() in _EXPLODE:
            problem = (
                "exp explodes a subject heading, but no / stands behind the heading; write it as exp Asthma/, and a "
                'heading that holds and, or or not in quotation marks: exp "Wounds and Injuries"/'
            )
            raise self.error(problem, first.start, run[-1].end)
        place = self.place(first.start, run[-1].end)
        if len(run) == 1 and first.kind == "word" and _NUMBER.fullmatch(first.text):
            reference = self.reference(first.text, place)
            if reference is not None:
                self.pieces.append(Term(reference, place))
                return
            self._doubtful[len(self.pieces)] = (int(first.text), "")
        if len(run) > 1 and first.kind == "word" and (number := self.begins_with_line(first.text)):
            self._doubtful[len(self.pieces)] = (number, run[1].text.lower())
        if not words:
            raise self.error("no letter or number stands here; a term is expected", first.start, run[-1].end)
        single = len(words) == 1
        self.pieces.append(Term(Word(words[0].parts, place) if single else Phrase(tuple(words), place), place))

    def _tag(self, text: str, start: int, end: int) -> None:
        setting = self.setting
        dotted = text.endswith(".")
        names = [name.strip().lower() for name in text.strip(".()").split(",")]
        unknown = [name for name in names if setting.fields.fields_of(name) is None]
        if unknown and not dotted and not any(len(name) == 2 or nearest(name) for name in unknown):
            self._run.append(Item("word", text.lstrip("."), start + 1, end, start + 1))
            return
        place = self.place(start, end)
        only = self._run[0] if len(self._run) == 1 else None
        fields = dict.fromkeys(f for name in names for f in setting.fields.fields_of(name) or ())
        if only and _NUMBER.fullmatch(only.text) and only.kind == "word" and not fields.keys() & _DATES_AND_NUMBERS:
            self._no_postqualification(only, end)
        elif only and only.kind == "word" and only.text.isdecimal():
            # A year or accession number, never a line, in a field of such.
            only.kind, only.inside = "quoted", only.start
        self._end_run()
        meant = [near for name in names for near in self._known(name, names)]
        recommended = f".{','.join(dict.fromkeys(meant))}." if meant else ""
        for name in unknown:
            self.note("F001", "fatal", f"Ovid has no field “{name}”.", place, recommended)
        for name in names:
            if name in unknown:
                continue
            if better := setting.fields.not_here(name):
                sentence = f"This database has no field .{name}.; the authors' keywords are in .{better}. there."
                self.note("F001", "error", sentence, place, recommended)
            elif name in PHRASES_ONLY:
                sentence = (
                    f"The field .{name}. holds whole keywords: a term finds only the keywords that are just that. .kf. "
                    "holds their words."
                )
                self.note("F004", "warning", sentence, place, recommended if name == "kw" else "")
        if fields:
            self.pieces.append(Behind(tuple(fields), place))
            self.to_settle = self.to_settle or bool(fields.keys() & (_DATES_AND_NUMBERS | {"subject_heading"}))

    def _known(self, name: str, names: list[str]) -> list[str]:
        """What to write instead of a tag."""
        fields = self.setting.fields
        if fields.fields_of(name) is None:
            return nearest(name).split(",") if nearest(name) else []
        if better := fields.not_here(name):
            return [better]
        return ["kf"] if name == "kw" else [name]

    def _no_postqualification(self, item: Item, end: int) -> None:
        number = int(item.text.lstrip("#"))
        if self.setting.numbers and (item.text.startswith("#") or number <= self.setting.own):
            problem = (
                f"a field tag stands behind the number of line {number}; write that line's terms here with the tag, "
                "or, where the number itself is meant, put it in quotation marks"
            )
            raise self.error(problem, item.start, end)

    def _slash(self, text: str, start: int, end: int) -> None:
        vocabulary = self.setting.dialect.vocabulary
        codes = [code.strip() for code in text[1:].split(",") if code.strip()]
        last = self._run[-1] if self._run else None
        if codes and any(code_of(code, vocabulary) is None for code in codes):
            if last is not None and last.kind == "word" and last.end == start and not text[1:2].isspace():
                # Not a subheading: a slash inside a word, such as him/her.
                last.text, last.end = last.text + "/" + codes[0], start + 1 + len(codes[0])
                for code in codes[1:]:
                    self._run.append(Item("word", code, last.end, end, last.end))
                return
            if text[1:2].isspace():
                # The slash ends the heading; what follows is a word of its own, such as an operator.
                self._slash("/", start, start + 1)
                for found in re.finditer(r"[a-z]+", text[1:], re.IGNORECASE):
                    self._word(found[0], start + 1 + found.start(), start + 1 + found.end())
                return
        if last is None:
            raise self.error("this slash ends no subject heading; a heading is expected before it", start, end)
        self.pieces.append(self._heading(codes, start, end))

    def _heading(self, codes: list[str], slash: int, end: int) -> Term:
        run, self._run = self._run, []
        start = run[0].start
        exploded = len(run) > 1 and run[0].kind == "word" and run[0].text.lower() in _EXPLODE
        first = run[1] if exploded else run[0]
        text = self.setting.source.clean[first.start : slash].strip()
        major = text.startswith("*")
        text = " ".join(text.lstrip("* ").replace('"', " ").split())
        if first.kind == "single" and len(run) == 1 + exploded:
            self.single_quotes(first, self.place(first.start, first.end))
            text = " ".join(first.text.split())
        place = self.place(start, end)
        if not text or any(item.kind == "slot" for item in run):
            if not text:
                raise self.error("this slash ends no subject heading; a heading is expected before it", start, end)
            self.note("S012", "fatal", "This slot has to be filled before the search can run.", place)
        if any(mark in text for mark in "$*#?"):
            problem = (
                "a subject heading cannot be truncated; words of headings are searched with .hw., as in therap$.hw."
            )
            raise self.error(problem, start, end, "T002")
        vocabulary = self.setting.dialect.vocabulary
        qualifiers = tuple(name_of(code, vocabulary) or code.lower() for code in codes)
        return Term(Heading(text, vocabulary, exploded, major, qualifiers, place), place)

    def _frequency(self, text: str, start: int, end: int) -> None:
        """`.ab. /freq=3`: at least three times; kept in the name of the field."""
        self._end_run()
        last = self.pieces[-1] if self.pieces else None
        number = int("".join(character for character in text if character.isdecimal()))
        if not isinstance(last, Behind) or number < 1:
            problem = "freq= is expected behind a field tag, with a number from 1, as in asthma.ab. /freq=3"
            raise self.error(problem, start, end)
        written = [tag for name in last.fields for tag in self.setting.fields.written.get(name, (name[5:],))]
        place = Place(last.place.start, self.place(start, end).end)
        self.pieces[-1] = Behind((f"ovid:{','.join(written)}/freq={number}",), place)

    def _aside(self, start: int, end: int) -> None:
        before = self.setting.source.clean[start - 1 : start]
        if before.isalnum() or before in ('"', "*", "$", "'"):
            problem = (
                "square brackets are no field tag of Ovid's; fields stand behind a term between full stops, as in "
                "asthma.ti,ab."
            )
            raise self.error(problem, start, end)

    def _other(self, text: str, start: int, end: int) -> None:
        if text == '"':
            raise self.error('the quotation mark " opened here is never closed', start, end, "S003")
        if text in "[]":
            raise self.error(f"the bracket {text} has no partner", start, end, "S002")
        self._run.append(Item("mark", text, start, end, start))
