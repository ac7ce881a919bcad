"""What can stand behind an expectation: an amount, a number, a list … and how it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from cashier_app.domain.money import Money, decimal_text
from cashier_app.scenarios.filling import money_of
from cashier_app.scenarios.findings import Edit
from cashier_app.scenarios.mistakes import WRONG_SHAPE, WRONG_VALUE, Mistake, did_you_mean
from cashier_app.scenarios.tree import Node

_NEEDS_NO_QUOTES = re.compile(r"[\w+./-][\w+./ -]*[\w.+/-]|\w", re.ASCII)


class Compared(NamedTuple):
    """One figure, expected against found."""

    what: str
    """Words behind the expectation's own name; empty for the whole of it."""
    line: int
    expected: str
    found: str
    holds: bool
    edit: Edit | None


class Kind:
    """A kind of value. `check` refuses what is not one; `compare` yields each figure in it."""

    title = ""
    """How the documentation calls it."""

    def check(self, node: Node, currency: str) -> None:
        """Raise a Mistake unless the node holds such a value."""
        self.read(node, currency)

    def read(self, node: Node, currency: str) -> Any:
        """The expected value."""
        raise NotImplementedError

    def written(self, value: Any, currency: str) -> str:
        """A value as a file writes it, in one line."""
        raise NotImplementedError

    def compare(self, node: Node, found: Any, currency: str) -> Iterator[Compared]:
        """The expected value against what was found."""
        wanted, holds = self.read(node, currency), self.read(node, currency) == found
        text = self.written(found, currency)
        edit = None if holds else Edit(node.start, node.end, text)
        yield Compared("", node.line, self.written(wanted, currency), text, holds, edit)


class Amount(Kind):
    """Money."""

    title = "amount"

    def read(self, node: Node, currency: str) -> Money:
        return money_of(node, currency)

    def written(self, value: Money | None, currency: str) -> str:
        if value is None:
            return "none"
        return decimal_text(value.minor, value.currency) if value.currency == currency else str(value)


class Number(Kind):
    """A whole number."""

    title = "number"

    def read(self, node: Node, currency: str) -> int:
        del currency
        try:
            return int(node.text)
        except ValueError:
            raise Mistake(WRONG_VALUE, node.line, f"{node.text!r} is not a whole number.") from None

    def written(self, value: int | None, currency: str) -> str:
        del currency
        return "none" if value is None else str(value)


class Flag(Kind):
    """True or false."""

    title = "true or false"

    def read(self, node: Node, currency: str) -> bool:
        del currency
        if node.text not in {"true", "false"}:
            raise Mistake(WRONG_VALUE, node.line, f"{node.text!r} is not true or false.")
        return node.text == "true"

    def written(self, value: bool | None, currency: str) -> str:
        del currency
        return "none" if value is None else str(value).lower()


class Text(Kind):
    """A code, a state, a name; `none` where there is nothing."""

    title = "text"

    def read(self, node: Node, currency: str) -> str | None:
        del currency
        return None if node.text == "none" else node.text.removeprefix("@")

    def written(self, value: str | date | None, currency: str) -> str:
        del currency
        return "none" if value is None else quoted(str(value))


class Texts(Kind):
    """A list of codes, in order; `none` or `[]` for an empty one."""

    title = "list of texts"

    def read(self, node: Node, currency: str) -> list[str]:
        del currency
        texts = [each.text for each in node.elements()]
        return [] if texts == ["none"] else texts

    def written(self, value: list[str], currency: str) -> str:
        del currency
        if len(value) == 1:
            return quoted(value[0])
        return f"[{', '.join(quoted(each) for each in value)}]" if value else "none"


class ByCode(Kind):
    """Values by code; a code left out counts as zero where all of them are wanted."""

    def __init__(self, inner: Kind, title: str, *, complete: bool = True) -> None:
        self.inner = inner
        self.title = title
        self.complete = complete

    def read(self, node: Node, currency: str) -> dict[str, Any]:
        if node.is_text and node.text == "none":
            return {}
        entries = node.entries(self.title.capitalize())
        return {key.removeprefix("@"): self.inner.read(each, currency) for key, each in entries.items()}

    def written(self, value: Mapping[str, Any], currency: str) -> str:
        parts = [f"{quoted(key)}: {self.inner.written(each, currency)}" for key, each in value.items()]
        return f"{{{', '.join(parts)}}}" if parts else "none"

    def compare(self, node: Node, found: Mapping[str, Any], currency: str) -> Iterator[Compared]:
        wanted = self.read(node, currency)
        present = {key: each for key, each in found.items() if _counts(each) and (self.complete or key in wanted)}
        nodes = {key.removeprefix("@"): each for key, each in node.entries().items()} if node.is_map else {}
        whole = None if present.keys() <= wanted.keys() else Edit(node.start, node.end, self.written(present, currency))
        for key in [*wanted, *(key for key in present if key not in wanted)]:
            expected, actual = wanted.get(key), present.get(key)
            holds = expected == actual or (not _counts(expected) and not _counts(actual))
            nothing = _nothing_like(expected if actual is None else actual)
            actual = nothing if actual is None else actual
            text = self.inner.written(actual, currency)
            at = nodes.get(key, node)
            edit = None if holds else whole or Edit(at.start, at.end, text)
            shown = self.inner.written(nothing if expected is None else expected, currency)
            yield Compared(key, at.line, shown, text, holds, edit)
        if not wanted and not present:
            yield Compared("", node.line, "none", "none", holds=True, edit=None)


class Rows(Kind):
    """A list of mappings, all rows in order; in each only the fields that are given are compared."""

    def __init__(self, fields: Mapping[str, tuple[Kind, str]]) -> None:
        self.fields = fields
        self.title = f"list of rows: {', '.join(fields)}"

    def read(self, node: Node, currency: str) -> list[dict[str, Any]]:
        rows = []
        for row in () if node.is_text and node.text == "none" else node.elements():
            given = row.entries("A row")
            unknown = [key for key in given if key not in self.fields]
            if unknown:
                hint = did_you_mean(unknown[0], self.fields)
                raise Mistake(WRONG_SHAPE, given[unknown[0]].line, f"A row has no {unknown[0]!r}. {hint}")
            rows.append({key: self.fields[key][0].read(each, currency) for key, each in given.items()})
        return rows

    def written(self, value: list[dict[str, Any]], currency: str) -> str:
        rows = (
            ", ".join(
                f"{key}: {self.fields[key][0].written(each, currency)}"
                for key, each in row.items()
                if each not in (None, "", False)
            )
            for row in value
        )
        return f"[{', '.join(f'{{{row}}}' for row in rows)}]" if value else "none"

    def compare(self, node: Node, found: list[dict[str, Any]], currency: str) -> Iterator[Compared]:
        wanted = self.read(node, currency)
        if len(wanted) != len(found):
            edit = Edit(node.start, node.end, self.written(found, currency))
            yield Compared("", node.line, self.written(wanted, currency), edit.text, holds=False, edit=edit)
            return
        if not wanted:
            yield Compared("", node.line, "none", "none", holds=True, edit=None)
        for place, (row, actual) in enumerate(zip(node.elements() if wanted else (), found, strict=True), start=1):
            for key, each in row.entries().items():
                kind = self.fields[key][0]
                for one in kind.compare(each, actual[key], currency):
                    yield one._replace(what=f"{place} {key} {one.what}".strip())


def _counts(value: Any) -> bool:
    return bool(value.minor if isinstance(value, Money) else value)


def _nothing_like(value: Any) -> Any:
    return Money(0, value.currency) if isinstance(value, Money) else 0 if isinstance(value, int) else None


def quoted(text: str) -> str:
    """A text as YAML takes it within a line: in quotes where it must be."""
    if _NEEDS_NO_QUOTES.fullmatch(text) and text != "-":
        return text
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


AMOUNT = Amount()
NUMBER = Number()
FLAG = Flag()
TEXT = Text()
TEXTS = Texts()
AMOUNTS = ByCode(Amount(), "amounts by code")
NUMBERS = ByCode(Number(), "some numbers by code", complete=False)
TEXTS_BY_CODE = ByCode(Text(), "texts by code")
