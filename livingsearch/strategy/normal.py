"""When two trees mean the same, and the small changes of a tree that readers and writers share."""

from dataclasses import replace

from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Word,
    walk,
)


def flat(node: Node) -> Node:
    """The same search with And in And, Or in Or joined, lone operands freed, and limits as operands of And.

    The order of operands stays.
    """
    match node:
        case Word() | Heading() | DateRange() | UidRange() | LineRef():
            return node
        case Phrase(words=words):
            return words[0] if len(words) == 1 else node
        case Scoped(node=inner):
            part = flat(inner)
            return node if part is inner else Scoped(part, node.fields, node.place)
        case Limited(node=inner, limits=limits, place=place):
            return flat(And((inner, *limits), place))
        case And(operands=operands, place=place) | Or(operands=operands, place=place):
            kind = type(node)
            joined: list[Node] = []
            for operand in operands:
                part = flat(operand)
                if type(part) is kind:
                    joined.extend(part.operands)
                else:
                    joined.append(part)
            return joined[0] if len(joined) == 1 else kind(tuple(joined), place)
        case Not(left=left, right=right):
            return replace(node, left=flat(left), right=flat(right))
        case Near(operands=operands):
            parts = [flat(operand) for operand in operands]
            same = all(part is operand for part, operand in zip(parts, operands, strict=True))
            return node if same else replace(node, operands=tuple(parts))


def with_fields(node: Node, fields: tuple[str, ...]) -> Node:
    """The same search, with what has no field of its own looked for in these."""
    match node:
        case Scoped() | Heading() | DateRange() | UidRange() | LineRef():
            return node
        case Word() | Phrase() | Near():
            return Scoped(node, fields, node.place)
        case And(operands=operands) | Or(operands=operands):
            return replace(node, operands=tuple(with_fields(operand, fields) for operand in operands))
        case Not(left=left, right=right):
            return replace(node, left=with_fields(left, fields), right=with_fields(right, fields))
        case Limited(node=inner):
            return replace(node, node=with_fields(inner, fields))


def at_leaves(node: Node, fields: tuple[str, ...] | None = None) -> Node:
    """The same search with Scoped around words, phrases and Near only, as platforms need that tag single terms.

    Args:
        node: any tree.
        fields: of the Scoped around it, if any; an inner Scoped outranks it.
    """
    match node:
        case Scoped(node=Word() | Phrase() | Near()):
            return node
        case Scoped(node=inner, fields=own):
            return at_leaves(inner, own)
        case Word() | Phrase() | Near():
            return Scoped(node, fields, node.place) if fields else node
        case And(operands=operands) | Or(operands=operands):
            return replace(node, operands=tuple(at_leaves(operand, fields) for operand in operands))
        case Not(left=left, right=right):
            return replace(node, left=at_leaves(left, fields), right=at_leaves(right, fields))
        case Limited(node=inner, limits=limits):
            return replace(
                node, node=at_leaves(inner, fields), limits=tuple(at_leaves(limit, fields) for limit in limits)
            )
        case _:
            return node


def fields_joined(node: Node) -> Node:
    """The same search with each term once in an Or, in all the fields that it was looked for in there.

    EBSCOhost repeats a group for each field (`TI (a OR b) OR AB (a OR b)`); other platforms name the fields together.

    Args:
        node: flat, with Scoped at its leaves only.
    """
    match node:
        case Or(operands=operands):
            fields: dict[str, tuple[str, ...]] = {}
            for operand in operands:
                if isinstance(operand, Scoped):
                    key = _key(operand.node)
                    known = fields.get(key, ())
                    fields[key] = known + tuple(name for name in operand.fields if name not in known)
            kept: list[Node] = []
            for operand in operands:
                if not isinstance(operand, Scoped):
                    kept.append(fields_joined(operand))
                elif (joined := fields.pop(_key(operand.node), None)) is not None:
                    kept.append(operand if joined == operand.fields else replace(operand, fields=joined))
            return kept[0] if len(kept) == 1 else replace(node, operands=tuple(kept))
        case And(operands=operands):
            return replace(node, operands=tuple(fields_joined(operand) for operand in operands))
        case Not(left=left, right=right):
            return replace(node, left=fields_joined(left), right=fields_joined(right))
        case _:
            return node


def has_untagged(node: Node) -> bool:
    """Whether a term has no field of its own and none around it."""
    match node:
        case Word() | Phrase() | Near():
            return True
        case And(operands=operands) | Or(operands=operands):
            return any(has_untagged(operand) for operand in operands)
        case Not(left=left, right=right):
            return has_untagged(left) or has_untagged(right)
        case Limited(node=inner):
            return has_untagged(inner)
        case _:
            return False


def at_groups(node: Node) -> Node:
    """The same search with Scoped as far out as it goes, as platforms write it that tag groups.

    A group all of whose terms are looked for in the same fields gets one Scoped around it; of a larger group only
    the operands that share their fields are joined, those beside each other.

    Args:
        node: a tree that has Scoped at its leaves only (`at_leaves`), flat.
    """
    match node:
        case And(operands=operands) | Or(operands=operands):
            parts = [at_groups(operand) for operand in operands]
            shared = {part.fields if isinstance(part, Scoped) else None for part in parts}
            if len(shared) == 1 and None not in shared:
                inner = tuple(part.node for part in parts if isinstance(part, Scoped))
                (fields,) = (f for f in shared if f is not None)
                return Scoped(replace(node, operands=inner), fields, node.place)
            if isinstance(node, Or):
                parts = _neighbours_joined(parts)
            return replace(node, operands=tuple(parts))
        case Not(left=left, right=right):
            left, right = at_groups(left), at_groups(right)
            if isinstance(left, Scoped) and isinstance(right, Scoped) and left.fields == right.fields:
                return Scoped(replace(node, left=left.node, right=right.node), left.fields, node.place)
            return replace(node, left=left, right=right)
        case Limited(node=inner):
            return replace(node, node=at_groups(inner))
        case _:
            return node


def _neighbours_joined(parts: list[Node]) -> list[Node]:
    joined: list[Node] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Scoped) and isinstance(last, Scoped) and part.fields == last.fields:
            before = last.node.operands if isinstance(last.node, Or) else (last.node,)
            after = part.node.operands if isinstance(part.node, Or) else (part.node,)
            joined[-1] = Scoped(Or((*before, *after), last.node.place), last.fields, last.place)
        else:
            joined.append(part)
    return joined


def normal(node: Node) -> Node:
    """The form that two searches share exactly where they mean the same on any platform.

    Fields stand at single terms, one field each; And and Or are flat, without repeats, their operands sorted;
    limits are operands of And. Only for comparing: it is longer than the search, and its places say nothing.

    Args:
        node: a tree without LineRef, or one whose references are compared as such.
    """
    return _sorted(flat(at_leaves(flat(node))))


def _sorted(node: Node) -> Node:
    match node:
        case Scoped(node=inner, fields=fields):
            singles: list[Node] = [Scoped(_near_sorted(inner), (field,)) for field in sorted(set(fields))]
            return singles[0] if len(singles) == 1 else Or(tuple(singles))
        case And(operands=operands) | Or(operands=operands):
            kind = type(node)
            parts: dict[str, Node] = {}
            for operand in operands:
                part = _sorted(operand)
                inner_parts = part.operands if isinstance(part, And | Or) and type(part) is kind else (part,)
                parts.update((_key(inner), inner) for inner in inner_parts)
            kept = tuple(parts[key] for key in sorted(parts))
            return kept[0] if len(kept) == 1 else kind(kept)
        case Not(left=left, right=right):
            return Not(_sorted(left), _sorted(right))
        case Heading(text=text, qualifiers=qualifiers):
            names = sorted({qualifier.casefold() for qualifier in qualifiers}) if qualifiers else []
            each: tuple[Node, ...] = tuple([replace(node, text=text.casefold(), qualifiers=(q,)) for q in names])
            return Or(each) if len(each) > 1 else each[0] if each else replace(node, text=text.casefold())
        case _:
            return _near_sorted(node)


def _near_sorted(node: Node) -> Node:
    """Operands of an unordered Near in a fixed order; letters in lower case."""
    match node:
        case Near(operands=operands, ordered=ordered):
            parts = [_sorted(flat(operand)) for operand in operands]
            return replace(node, operands=tuple(parts if ordered else sorted(parts, key=_key)))
        case Word(parts=parts_of_word):
            return Word(tuple(p.casefold() if isinstance(p, str) else p for p in parts_of_word))
        case Phrase(words=words):
            return Phrase(tuple(Word(tuple(p.casefold() if isinstance(p, str) else p for p in w.parts)) for w in words))
        case _:
            return node


def _key(node: Node) -> str:
    """Text that is the same for equal nodes only; places are left out."""
    match node:
        case Word(parts=parts):
            return "w" + repr(parts)
        case Phrase(words=words):
            return "p" + repr([word.parts for word in words])
        case Scoped(node=inner, fields=fields):
            return f"s{fields}{_key(inner)}"
        case And(operands=operands) | Or(operands=operands):
            return f"{type(node).__name__}({','.join([_key(operand) for operand in operands])})"
        case Near(operands=operands, between=between, ordered=ordered):
            return f"Near{between}{ordered}({','.join([_key(operand) for operand in operands])})"
        case Not(left=left, right=right):
            return f"Not({_key(left)},{_key(right)})"
        case Limited(node=inner, limits=limits):
            return f"Limited({_key(inner)},{','.join([_key(limit) for limit in limits])})"
        case _:
            return repr(replace(node, place=type(node.place)(0, 0)))


def same_search(one: Node, other: Node) -> bool:
    """Whether two trees mean the same: they have the same normal form."""
    return normal(one) == normal(other)


def has_reference(node: Node) -> bool:
    """Whether a tree refers to other lines."""
    return any(isinstance(inner, LineRef) for inner in walk(node))
