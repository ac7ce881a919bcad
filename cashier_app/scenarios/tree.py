"""YAML as a tree that knows its lines: scalars stay the texts that were written.

Amounts must not pass through a float on their way in, `NO` must stay a code, and every mistake
needs its line; so the file is composed, not loaded, and each value is read as what is wanted there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cashier_app.scenarios.mistakes import NAME_TAKEN, NOT_READABLE, WRONG_SHAPE, Mistake, did_you_mean

LARGEST_FILE = 2_000_000
"""Characters; a file of a thousand steps has a tenth of it."""
MOST_VALUES = 200_000
"""Values in a tree, aliases written out."""

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and where it stands."""

    content: str | tuple[Node, ...] | dict[str, Node] | None
    """Text, nothing, a list or a mapping."""
    line: int
    start: int
    """Where it begins in the text, in characters."""
    end: int
    """Where its last written character ends."""
    quoted: bool = False

    @property
    def text(self) -> str:
        """The text of a scalar; a Mistake for anything else."""
        if not isinstance(self.content, str):
            raise Mistake(WRONG_SHAPE, self.line, f"A plain value belongs here, not {self.kind}.")
        return self.content

    @property
    def is_text(self) -> bool:
        """Whether it is a plain value."""
        return isinstance(self.content, str)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.content, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.content, tuple)

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if self.content is None:
            return "nothing"
        return "a mapping" if self.is_map else "a list" if self.is_list else f"{self.content!r}"

    def entries(self, what: str = "A mapping (`key: value`)") -> dict[str, Node]:
        """The mapping; a Mistake for anything else. Nothing at all is an empty mapping."""
        if self.content is None:
            return {}
        if not isinstance(self.content, dict):
            raise Mistake(WRONG_SHAPE, self.line, f"{what} belongs here, not {self.kind}.")
        return self.content

    def elements(self) -> tuple[Node, ...]:
        """The list; a single value counts as a list of one, nothing as an empty one."""
        if self.content is None:
            return ()
        return self.content if isinstance(self.content, tuple) else (self,)

    def plain(self) -> Any:
        """Values as YAML understands them, but decimals stay texts: for control tables."""
        if isinstance(self.content, dict):
            return {key: node.plain() for key, node in self.content.items()}
        if isinstance(self.content, tuple):
            return [node.plain() for node in self.content]
        if self.content is None or self.quoted:
            return self.content
        if self.content in {"true", "false"}:
            return self.content == "true"
        if self.content.isdecimal() and self.content.isascii() and (self.content == "0" or self.content[0] != "0"):
            return int(self.content)
        return self.content


def keys_of(node: Node, required: str, optional: str, what: str) -> dict[str, Node]:
    """The entries of a mapping whose keys are known; a Mistake for an unknown or a missing one.

    A key with nothing behind it counts as left out.
    """
    found = node.entries(f"{what}, a mapping,")
    known = [*required.split(), *optional.split()]
    for key, value in found.items():
        if key not in known:
            raise Mistake(WRONG_SHAPE, value.line, f"{what} has no {key!r}. {did_you_mean(key, known)}")
    given = {key: value for key, value in found.items() if value.content is not None}
    missing = [key for key in required.split() if key not in given]
    if missing:
        raise Mistake(WRONG_SHAPE, node.line, f"{what} needs {' and '.join(missing)}.")
    return given


def read_file(path: Path) -> tuple[str, Node]:
    """The text of a file and its tree; a Mistake (SCN-001) where it is missing or no YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8 text"
        raise Mistake(NOT_READABLE, 1, f"The file cannot be read: {reason}.") from None
    return text, parse(text)


def parse(text: str) -> Node:
    """The tree of a YAML text."""
    if len(text) > LARGEST_FILE:
        raise Mistake(NOT_READABLE, 1, f"The file is too large: at most {LARGEST_FILE} characters.")
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        words = " ".join(word for word in (problem.context, problem.problem) if word)
        raise Mistake(NOT_READABLE, mark.line + 1 if mark else 1, f"This is no YAML: {words}.") from None
    except yaml.YAMLError as problem:
        raise Mistake(NOT_READABLE, 1, f"This is no YAML: {problem}.") from None
    if root is None:
        raise Mistake(NOT_READABLE, 1, "The file is empty.")
    try:
        return _Builder().node(root)
    except RecursionError:
        raise Mistake(NOT_READABLE, 1, "The file is nested too deeply, or an alias holds itself.") from None


class _Loader(yaml.SafeLoader):
    """Takes `@name` without quotes, which YAML keeps for a use it never found."""

    def check_plain(self) -> bool:
        return self.peek() == "@" or bool(super().check_plain())


class _Builder:
    """Builds our tree from PyYAML's; refuses one that aliases blow up."""

    def __init__(self) -> None:
        self._values = 0

    def node(self, raw: Any) -> Node:
        self._values += 1
        line = raw.start_mark.line + 1
        if self._values > MOST_VALUES:
            raise Mistake(NOT_READABLE, line, f"The file holds too much: at most {MOST_VALUES} values.")
        if isinstance(raw, yaml.ScalarNode):
            quoted = raw.style in {"'", '"', "|", ">"}
            content = None if raw.tag == _NULL and not quoted else raw.value
            return Node(content, line, raw.start_mark.index, raw.end_mark.index, quoted)
        if isinstance(raw, yaml.SequenceNode):
            elements = tuple(self.node(each) for each in raw.value)
            return self._collection(raw, elements, elements)
        entries: dict[str, Node] = {}
        for key, value in self._own_pairs(raw):
            if key.value in entries:
                raise Mistake(NAME_TAKEN, key.start_mark.line + 1, f"{key.value!r} stands here twice.")
            entries[key.value] = self.node(value)
        own = tuple(entries.values())
        for merged in self._merged(raw):
            for key, node in merged.entries("`<<` takes a mapping, which").items():
                entries.setdefault(key, node)
        return self._collection(raw, entries, own)

    def _own_pairs(self, raw: Any) -> Iterator[tuple[Any, Any]]:
        for key, value in raw.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Mistake(WRONG_SHAPE, key.start_mark.line + 1, "A key is a plain value.")
            if key.tag != _MERGE:
                yield key, value

    def _merged(self, raw: Any) -> Iterator[Node]:
        for key, value in raw.value:
            if key.tag == _MERGE:
                yield from self.node(value).elements()

    def _collection(self, raw: Any, content: Any, children: tuple[Node, ...]) -> Node:
        start, end = raw.start_mark.index, raw.end_mark.index
        if not raw.flow_style:
            # A block ends where the next thing begins; comments between belong to that.
            end = max((child.end for child in children), default=end)
        return Node(content, raw.start_mark.line + 1, start, end)
