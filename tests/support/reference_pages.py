"""Writes the lists in `docs/scenarios.md` and `docs/configuration.md` from what they list.

`python -m tests.support.reference_pages` writes them anew; a test fails while a page and the source differ. What stands
between `<!-- begin NAME -->` and `<!-- end NAME -->` is written; everything else is somebody's prose.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from itertools import pairwise
from types import ModuleType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cashier_app.domain.configuration import CONTROL_TABLES
from cashier_app.domain.money import Money
from cashier_app.scenarios import mistakes
from cashier_app.scenarios.blocks import BLOCKS, JOURNAL_FIGURES, Figures, Subject
from cashier_app.scenarios.expectations import OF_THE_STEP
from cashier_app.services.administration.packages import read_package
from cashier_app.services.kernel.commands import MODULES, Handler, catalogue
from tests.support.source_tree import ROOT

SCENARIOS = ROOT / "docs" / "scenarios.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"


def pages() -> dict[Any, str]:
    """Each page as it should read, by its path."""
    return {
        SCENARIOS: _filled(
            SCENARIOS.read_text(encoding="utf-8"),
            {
                "step expectations": _step_expectations(),
                "blocks": _blocks(),
                "commands": _commands(),
                "parts": _parts(),
                "mistakes": _mistakes(),
                "package": _package(),
            },
        ),
        CONFIGURATION: _filled(CONFIGURATION.read_text(encoding="utf-8"), {"tables": _tables()}),
    }


def _filled(page: str, sections: dict[str, str]) -> str:
    for name, text in sections.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        assert begin in page, f"the page has no {begin}"
        assert end in page, f"the page has no {end}"
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n\n{text.strip()}\n\n{end}{rest.partition(end)[2]}"
    return page


def _table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    names = head.split(" | ")
    lines = [f"| {head} |", f"|{'---|' * len(names)}"]
    for row in rows:
        cells = (cell.replace("|", "\\|") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


# -- scenario files


def _step_expectations() -> str:
    return _table("key | what it says", ((f"`{key}`", text) for key, text in OF_THE_STEP.items()))


def _blocks() -> str:
    parts = []
    for name, block in BLOCKS.items():
        parts.append(f"#### `{name}`\n\n{block.about}")
        if block.subject is not Subject.NOTHING:
            parts.append(f"Keys: {block.subject.value}.")
        if block.figures:
            parts.append(_figures(block.figures))
        elif block.value is not None:
            inner = getattr(block.value, "fields", None)
            parts.append("Value: a list of rows.\n\n" + _figures(inner) if inner else f"Value: {block.value.title}.")
    parts.append("#### `journal`\n\nSums of GL lines, see [below](#the-journal).\n\n" + _figures(JOURNAL_FIGURES))
    parts.append("#### `verify`\n\n`clean`: the whole ledger is proven, as `cashier verify` does it.")
    return "\n\n".join(parts)


def _figures(figures: Figures) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for name, (kind, about) in figures.items():
            inner = getattr(kind, "fields", None)
            title = "list of rows: " + ", ".join(f"`{each}`" for each in inner) if inner else kind.title
            yield f"`{name}`", title, about

    return _table("figure | value | meaning", rows())


def _commands() -> str:
    by_module: dict[str, list[Handler]] = {}
    for handler in catalogue().values():
        by_module.setdefault(handler.execute.__module__, []).append(handler)
    parts = []
    for name in MODULES:
        handlers = by_module.get(f"cashier_app.services.{name}", [])
        if not handlers:
            continue
        module = sys.modules[f"cashier_app.services.{name}"]
        parts.append(f"### {_heading(module)}")
        parts += [_command(handler) for handler in handlers]
    return "\n\n".join(parts)


def _heading(module: ModuleType) -> str:
    sentence = (module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    return re.sub(r"\s*\([^)]*\)", "", sentence).split(":")[0].rstrip(".")


def _command(handler: Handler) -> str:
    hints = get_type_hints(handler.result)
    result = ", ".join(f"`{name}`" + _kind_of_result(hint) for name, hint in hints.items()) or "nothing"
    text = f"#### `{handler.name}`\n\n{_doc(handler.command)} Right: `{handler.right}`.\n\n"
    own = _fields_table(handler.command)
    return f"{text}{own}\n\nResult: {result}."


def _kind_of_result(hint: Any) -> str:
    inner = _element(hint)
    listed = " (list)" if get_origin(_without_none(hint)) is tuple else ""
    if is_dataclass(inner) and isinstance(inner, type):
        names = ", ".join(f"`{each.name}`" for each in fields(inner))
        return f"{' (list of' if listed else ' ('} {names})".replace("( ", "(")
    return listed


def _fields_table(shape: type) -> str:
    if not fields(shape):
        return "No fields."
    hints, about = get_type_hints(shape), _field_docs(shape)

    def rows() -> Iterator[tuple[str, ...]]:
        for each in fields(shape):
            meaning = about.get(each.name) or _MEANING.get(each.name, "")
            yield f"`{each.name}`", _in_words(hints[each.name]), _default(each), meaning

    return _table("field | value | if left out | meaning", rows())


_MEANING = {
    "payor_account_id": "Who hands over the money.",
    "account_id": "The account.",
    "sa_id": "The agreement.",
    "event_id": "The payment event.",
    "payment_id": "The payment.",
    "tender_id": "The tender.",
    "tender_control_id": "The drawer.",
    "deposit_control_id": "The deposit.",
    "turn_in_id": "The turn-in.",
    "adjustment_id": "The adjustment.",
    "person_id": "The person.",
    "alert_id": "The note.",
    "tender_source": "Code of the drawer.",
    "tender_type": "Code of the tender type.",
    "adjustment_type": "Code of the adjustment type.",
    "customer_class": "Code of the customer class.",
    "sa_type": "Code of the SA type.",
    "cis_division": "Code of the CIS division.",
    "bank_account": "Code of the bank account.",
    "currency": "Such as USD.",
    "reason": "A code of `pay_cancel_reason` where something is canceled or transferred, else words.",
    "pay_date": "Not after the business date; an earlier one needs a second person.",
    "amount": "How much.",
    "note": "In words.",
    "comment": "In words.",
    "finish": "How far the event goes.",
    "all_users": "Whether every cashier may work in it.",
    "starts": "First day.",
    "ends": "Last day.",
    "groups": "Codes of user groups.",
    "tender_sources": "Usual drawers, at most one per currency.",
    "login": "Login name.",
    "name": "Full name.",
    "alternate_name": "Shown behind the name.",
    "active": "Whether the user may sign in.",
    "own_accounts": "Of the user or of relatives.",
    "password_hash": "The password; it is hashed before it enters the command.",
    "succeeded": "Whether the password was right.",
    "kind": "`PERSON` or `BUSINESS`.",
    "phone": "As it is dialed.",
    "email": "Address.",
    "language": "Such as `en`.",
    "mailing_address": "Where bills go.",
    "agreements": "That start with the account.",
    "agreement": "That starts.",
    "text": "In words.",
    "id_type": "What kind of number.",
    "value": "The number.",
    "relationship": "Such as `OWNER`.",
    "accounting_date": "Default: the business date; in an open period.",
    "reference": "Check number, bill number or the like.",
    "tables": "Records by table, as a package has them.",
    "tenders": "What was handed over.",
    "tender": "What was handed over.",
    "count": "A list of what was counted, or how many payments there are.",
    "file_name": "For the records.",
    "row_count": "Rows in the file.",
    "account_count": "Accounts in the file.",
    "total": "Sum of the file.",
    "mapping": "How its columns are read.",
    "rows": "Payments of the file.",
    "payments": "What each account gets.",
    "segments": "What each agreement gets; they add up to the payment.",
    "address": "Street and house.",
    "city": "City.",
    "postal_code": "Postal code.",
    "service_type": "Of the service point.",
    "micr": "Numbers of the check's line.",
    "remitter": "Whose name is on it.",
    "source_type": "What kind of drawers it takes.",
}
"""What a field is called after says enough in the source; a stranger to it needs a few words."""


def _parts() -> str:
    found: dict[str, type] = {}
    waiting: list[type] = [handler.command for handler in catalogue().values()]
    while waiting:
        for hint in get_type_hints(waiting.pop()).values():
            inner = _element(hint)
            if not isinstance(inner, type) or inner is Money or inner.__name__ in found:
                continue
            if is_dataclass(inner):
                waiting.append(inner)
            if is_dataclass(inner) or (issubclass(inner, Enum) and _field_docs(inner)):
                found[inner.__name__] = inner
    return "\n\n".join(f"#### `{name}`\n\n{_doc(shape)}\n\n{_members(shape)}" for name, shape in sorted(found.items()))


def _members(shape: type) -> str:
    if is_dataclass(shape):
        return _fields_table(shape)
    about = _field_docs(shape)
    said = {each.value: about.get(each.name, "") for each in shape}  # type: ignore[attr-defined]
    return "\n".join(f"- `{value}`: {text}" if text else f"- `{value}`" for value, text in said.items())


def _mistakes() -> str:
    codes = {value: name for name, value in vars(mistakes).items() if str(value).startswith("SCN-")}
    about = _module_docs(mistakes)
    return _table("code | mistake", ((f"`{code}`", about[name]) for code, name in sorted(codes.items())))


def _package() -> str:
    tables = read_package("demo-utility")

    def rows() -> Iterator[tuple[str, ...]]:
        for name, records in tables.items():
            if name not in _NOT_NAMED:
                codes = (f"`{each['code']}` {each.get('description', '')}".strip() for each in records)
                yield f"`{name}`", "; ".join(codes)

    return _table("table | codes", rows())


_NOT_NAMED = {"installation", "currency", "algorithm"}

# -- control tables


def _tables() -> str:
    parts = []
    nested: dict[str, type] = {}
    for name, shape in CONTROL_TABLES.items():
        parts.append(f"## {name.replace('_', ' ').capitalize().replace('Gl ', 'GL ').replace('Cis ', 'CIS ')}")
        parts.append(f"Table `{name}`. {_doc(shape)}")
        parts.append(_control_fields(shape))
        for hint in get_type_hints(shape).values():
            inner = _element(hint)
            if isinstance(inner, type) and is_dataclass(inner) and inner is not Money:
                nested[inner.__name__] = inner
    parts.append("## Lists inside records")
    parts += [f"### {name}\n\n{_doc(shape)}\n\n{_fields_table(shape)}" for name, shape in nested.items()]
    return "\n\n".join(parts)


def _control_fields(shape: type) -> str:
    hints = get_type_hints(shape)

    def rows() -> Iterator[tuple[str, ...]]:
        for each in fields(shape):
            refers = each.metadata.get("refers", "")
            value = _in_words(hints[each.name]) if not refers else f"code of `{refers}`"
            if refers and get_origin(_without_none(hints[each.name])) is tuple:
                value = f"list of codes of `{refers}`"
            help_text = each.metadata.get("help", "")
            yield f"`{each.name}`", each.metadata.get("label", ""), value, _default(each), help_text

    return _table("field | label | value | if left out | help", rows())


# -- what types and defaults look like in a file


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {UnionType, Union}:
        return next(each for each in get_args(hint) if each is not NoneType)
    return hint


def _element(hint: Any) -> Any:
    inner = _without_none(hint)
    return get_args(inner)[0] if get_origin(inner) is tuple else inner


_WORDS = {str: "text", int: "number", bool: "true or false", date: "date", Money: "amount", Any: "anything"}


def _in_words(hint: Any) -> str:
    inner = _without_none(hint)
    origin = get_origin(inner)
    if origin is tuple:
        return f"list of {_in_words(get_args(inner)[0])}"
    if origin is not None:
        return f"mapping to {_in_words(get_args(inner)[1])}"
    if isinstance(inner, type) and issubclass(inner, Enum):
        return " or ".join(f"`{member.value}`" for member in inner)
    if isinstance(inner, type) and is_dataclass(inner) and inner is not Money:
        return f"`{inner.__name__}`"
    return _WORDS.get(inner, getattr(inner, "__name__", str(inner)))


def _default(each: Field[Any]) -> str:
    if each.default is MISSING and each.default_factory is MISSING:
        return "**needed**"
    if each.default is MISSING:
        return "empty"
    value = each.default
    if value is None or value in {"", ()}:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if is_dataclass(value) and not isinstance(value, Money):
        return "all its defaults"
    return f"`{value.value if isinstance(value, Enum) else value}`"


# -- what the source says about itself


def _doc(shape: Any) -> str:
    text = inspect.getdoc(shape) or ""
    return re.sub(r"\s+", " ", text.split("\n\n")[0])


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _field_docs(shape: type) -> dict[str, str]:
    """The text under each field of a class."""
    module = sys.modules[shape.__module__]
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ClassDef) and node.name == shape.__name__:
            return _texts_below(node.body)
    return {}


def _module_docs(module: ModuleType) -> dict[str, str]:
    return _texts_below(_tree(module).body)


def _texts_below(body: list[ast.stmt]) -> dict[str, str]:
    found = {}
    for statement, below in pairwise(body):
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
        if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[target.id] = re.sub(r"\s+", " ", str(below.value.value)).strip()
    return found


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
