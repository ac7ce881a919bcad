"""Compares what a step expects with what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from cashier_app.domain.errors import CashierError, NeedsConfirmation
from cashier_app.domain.money import Money
from cashier_app.scenarios.blocks import BLOCKS, JOURNAL_FIGURES, Block, Subject
from cashier_app.scenarios.counter_facts import CounterFacts
from cashier_app.scenarios.filling import filled
from cashier_app.scenarios.findings import Edit, Finding
from cashier_app.scenarios.kinds import FLAG, TEXTS, Compared, Texts, quoted
from cashier_app.scenarios.mistakes import UNKNOWN_NAME, WRONG_SHAPE, WRONG_VALUE, Mistake, Mistakes, did_you_mean
from cashier_app.scenarios.names import Foreseen, References, split, without_none
from cashier_app.scenarios.scenario import Step
from cashier_app.scenarios.tree import Node, keys_of
from cashier_app.services.kernel.door import Outcome

OF_THE_STEP = {
    "refused": "Codes with which the command is refused, in order; `none` where it is done.",
    "asks": "Codes the operator would have to confirm (`confirm:`); nothing has changed then.",
    "warnings": "Codes of warnings that stop nothing, those confirmed included; `none` for no warning.",
    "says": "A piece of the sentences of refusal or warnings.",
    "never_says": "What these sentences must not contain.",
    "repeated": "`true` where the command id had been executed before and this is its first result.",
    "result": "Fields of the result; nested as it is, only what is given is compared; lists in full length.",
}
"""What a step may expect of its own command."""
WHOLE = {"journal": "Journal lines, see below.", "verify": "`clean`: the ledger proves whole."}


# -- before the run


def check(step: Step, seen: Foreseen, currency: str, mistakes: Mistakes) -> None:
    """Collect whatever in a step's `expect:` could not be judged."""
    assert step.expect is not None
    with mistakes:
        for key, node in step.expect.entries("`expect`").items():
            with mistakes:
                if key in OF_THE_STEP:
                    _check_own(step, key, node, seen, currency)
                elif key == "journal":
                    for entry in node.elements():
                        _check_journal(entry, seen, currency)
                elif key == "verify":
                    if node.text != "clean":
                        raise Mistake(WRONG_VALUE, node.line, f"`verify` is `clean`, not {node.text!r}.")
                elif key in BLOCKS:
                    _check_block(BLOCKS[key], node, seen, currency, mistakes)
                else:
                    hint = did_you_mean(key, [*OF_THE_STEP, *WHOLE, *BLOCKS])
                    raise Mistake(WRONG_SHAPE, node.line, f"Nothing to expect is called {key!r}. {hint}")


def _check_own(step: Step, key: str, node: Node, seen: Foreseen, currency: str) -> None:
    if not (step.result or step.sign_in):
        raise Mistake(WRONG_SHAPE, node.line, f"`{key}` belongs to a step that does something.")
    if key == "result":
        if not step.result:
            raise Mistake(WRONG_SHAPE, node.line, "Signing in has no result.")
        _check_result(node, step.result, seen, currency, "")
    elif key == "repeated":
        FLAG.check(node, currency)
    else:
        TEXTS.check(node, currency)


def _check_result(node: Node, wanted: Any, seen: Foreseen, currency: str, name: str) -> None:
    inner = without_none(wanted)
    if is_dataclass(inner) and node.is_map:
        hints = get_type_hints(inner)
        for key, each in node.entries().items():
            if key not in hints:
                raise Mistake(WRONG_SHAPE, each.line, f"The result has no {key!r}. {did_you_mean(key, hints)}")
            _check_result(each, hints[key], seen, currency, key)
    elif get_origin(inner) is tuple:
        for each in node.elements():
            _check_result(each, get_args(inner)[0], seen, currency, name)
    elif not is_nothing(node):
        filled(node, inner, seen, currency, name)


def _check_block(block: Block, node: Node, seen: Foreseen, currency: str, mistakes: Mistakes) -> None:
    if block.subject is Subject.NOTHING:
        _checked_values(block, node, currency)
        return
    for key, each in node.entries().items():
        with mistakes:
            check_subject(block.subject, key, each.line, seen)
            _checked_values(block, each, currency)


def _checked_values(block: Block, node: Node, currency: str) -> None:
    if block.value:
        block.value.check(node, currency)
    elif block.figures is not None:
        for name, each in keys_of(node, "", " ".join(block.figures), "This expectation").items():
            block.figures[name][0].check(each, currency)


_FIELD = {
    Subject.CUSTOMER: "account_id",
    Subject.EVENT: "event_id",
    Subject.DRAWER: "tender_control_id",
    Subject.DEPOSIT: "deposit_control_id",
}


def check_subject(subject: Subject, key: str, line: int, seen: Foreseen) -> None:
    """Raise a Mistake unless the key can name such a thing."""
    name, path = split(key)
    if subject is Subject.STEP:
        if name not in seen.steps or path:
            raise Mistake(UNKNOWN_NAME, line, f"{key!r} is no named step. {did_you_mean(name, seen.steps)}")
        return
    if subject in {Subject.DRAWER, Subject.THING} and key in seen.tender_sources and name not in seen.steps:
        return
    if subject is Subject.THING and path and path[0] in {"payments", "tenders"} and name in seen.steps:
        seen.value(name, "event_id", line)
        if len(path) > 2 or (len(path) == 2 and not path[1].isdecimal()):  # noqa: PLR2004  # which, and its place
            raise Mistake(UNKNOWN_NAME, line, f"{key} leads nowhere: write {name}.{path[0]} or {name}.{path[0]}.1.")
        return
    if name in seen.users:
        raise Mistake(UNKNOWN_NAME, line, f"{key!r} is a user; {subject.value} is meant here.")
    seen.value(key, _FIELD.get(subject, ""), line)


def _check_journal(node: Node, seen: Foreseen, currency: str) -> None:
    given = keys_of(node, "", f"of day {' '.join(JOURNAL_FIGURES)}", "A journal expectation")
    for name in given["of"].elements() if "of" in given else ():
        if name.text not in {"opening", "ledger"}:
            check_subject(Subject.STEP, name.text, name.line, seen)
    if "day" in given:
        _day(given["day"])
    for figure, (kind, _) in JOURNAL_FIGURES.items():
        if figure in given:
            kind.check(given[figure], currency)


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        raise Mistake(WRONG_VALUE, node.line, f"{node.text!r} is not a date such as 2026-01-31.") from None


def is_nothing(node: Node) -> bool:
    """Whether a value says that there is none."""
    return node.content is None or (node.is_text and node.text == "none")


# -- during the run


@dataclass(frozen=True)
class Judge:
    """Judges one step."""

    step: Step
    currency: str

    def of_command(self, outcome: Outcome | None, refusal: CashierError | None, names: References) -> Iterator[Finding]:
        """What the step expects of its own command; an unexpected refusal is a difference too."""
        expect = self.step.expect.entries() if self.step.expect else {}
        codes = [problem.code for problem in refusal.problems] if refusal else []
        sentences = refusal.problems if refusal else outcome.warnings if outcome else ()
        said = " ".join(problem.sentence for problem in sentences)
        asked = codes if isinstance(refusal, NeedsConfirmation) else []
        if refusal and not {"refused", "asks"} & set(expect):
            yield self._finding(self.step.node.line, "outcome", "done", f"{' '.join(codes)}: {said}", holds=False)
        if "refused" in expect:
            yield from self._texts("refused", expect["refused"], codes)
        if "asks" in expect:
            yield from self._texts("asks", expect["asks"], asked)
        if "warnings" in expect:
            warned = [problem.code for problem in outcome.warnings] if outcome else []
            yield from self._texts("warnings", expect["warnings"], warned)
        for piece in expect["says"].elements() if "says" in expect else ():
            yield self._finding(piece.line, "says", piece.text, said, holds=piece.text in said)
        for piece in expect["never_says"].elements() if "never_says" in expect else ():
            yield self._finding(piece.line, "never says", piece.text, said, holds=piece.text not in said)
        if "repeated" in expect:
            found = outcome.repeated if outcome else False
            for one in FLAG.compare(expect["repeated"], found, self.currency):
                yield self._compared("repeated", one)
        if "result" in expect:
            result = outcome.result if outcome else None
            yield from self._result(expect["result"], result, names, "result", "")

    def of_ledger(self, facts: CounterFacts) -> Iterator[Finding]:
        """What the step expects of the ledger after it."""
        for key, node in self.step.expect.entries().items() if self.step.expect else ():
            if key == "journal":
                for entry in node.elements():
                    yield from self._journal(entry, facts)
            elif key in BLOCKS:
                yield from self._block(key, BLOCKS[key], node, facts)

    @property
    def wants_proof(self) -> Node | None:
        """The node of `verify: clean`."""
        return self.step.expect.entries().get("verify") if self.step.expect else None

    def _texts(self, what: str, node: Node, found: list[str]) -> Iterator[Finding]:
        for one in Texts().compare(node, found, self.currency):
            yield self._compared(what, one)

    def _result(self, node: Node, found: Any, names: References, what: str, name: str) -> Iterator[Finding]:
        if is_dataclass(found) and node.is_map:
            for key, each in node.entries().items():
                yield from self._result(each, getattr(found, key), names, f"{what} {key}", key)
        elif isinstance(found, tuple) and len(found) == len(node.elements()) and not is_nothing(node):
            for place, (each, actual) in enumerate(zip(node.elements(), found, strict=True), start=1):
                yield from self._result(each, actual, names, f"{what} {place}", name)
        else:
            yield self._leaf(node, found, names, what, name)

    def _leaf(self, node: Node, found: Any, names: References, what: str, name: str) -> Finding:
        text = self._in_text(found)
        if is_nothing(node):
            wanted: Any = None
        elif node.is_text and found is not None:
            wanted = filled(node, type(found), names, self.currency, name)
        else:
            wanted = node.plain()
        holds = wanted == found or (wanted is None and found in (None, "", ()))
        edit = Edit(node.start, node.end, quoted(text)) if node.is_text and not holds else None
        return self._finding(node.line, what, self._in_text(wanted), text, holds=holds, edit=edit)

    def _in_text(self, value: Any) -> str:
        if isinstance(value, Money):
            return str(value).removesuffix(f" {self.currency}")
        if isinstance(value, Enum):
            return str(value.value)
        if isinstance(value, bool):
            return str(value).lower()
        if is_dataclass(value) and not isinstance(value, type):
            inner = (f"{each.name}: {self._in_text(getattr(value, each.name))}" for each in fields(value))
            return f"{{{', '.join(inner)}}}"
        if isinstance(value, tuple):
            return f"[{', '.join(self._in_text(each) for each in value)}]"
        return "none" if value is None else str(value)

    def _block(self, key: str, block: Block, node: Node, facts: CounterFacts) -> Iterator[Finding]:
        if block.subject is Subject.NOTHING:
            yield from self._values(block, node, block.find(facts, None), key)
            return
        for name, each in node.entries().items():
            what = f"{key} {name}"
            try:
                found = _found(block, name, each.line, facts)
            except CashierError as nothing:
                yield self._finding(each.line, what, "something to look at", str(nothing), holds=False)
            else:
                yield from self._values(block, each, found, what)

    def _values(self, block: Block, node: Node, found: Any, what: str) -> Iterator[Finding]:
        if block.value:
            for one in block.value.compare(node, found, self.currency):
                yield self._compared(what, one)
        else:
            yield from self._figures(block.figures or {}, node.entries(), found, what)

    def _figures(self, figures: Mapping[str, Any], given: dict[str, Node], found: Any, what: str) -> Iterator[Finding]:
        for name, (kind, _) in figures.items():
            if name in given:
                for one in kind.compare(given[name], found[name], self.currency):
                    yield self._compared(f"{what} {name}", one)

    def _journal(self, node: Node, facts: CounterFacts) -> Iterator[Finding]:
        given = node.entries()
        of = [name.text for name in given["of"].elements()] if "of" in given else []
        day = _day(given["day"]) if "day" in given else None
        entries = facts.entries(of) if of else facts.entries(["ledger"]) if day else facts.default_entries()
        what = " ".join(["journal", *of, *([day.isoformat()] if day else [])])
        yield from self._figures(JOURNAL_FIGURES, given, facts.journal(entries, day), what)

    def _compared(self, what: str, one: Compared) -> Finding:
        words = f"{what} {one.what}".strip()
        return self._finding(one.line, words, one.expected, one.found, holds=one.holds, edit=one.edit)

    def _finding(
        self, line: int, what: str, expected: str, found: str, *, holds: bool, edit: Edit | None = None
    ) -> Finding:
        return Finding(
            step=self.step.label, line=line, what=what, expected=expected, found=found, holds=holds, edit=edit
        )


def _found(block: Block, key: str, line: int, facts: CounterFacts) -> Any:
    name, _ = split(key)
    if block.subject is Subject.STEP:
        return block.find(facts, name)
    if block.subject is Subject.THING:
        return _status(key, line, facts)
    if block.subject is Subject.DRAWER and name not in facts.names.steps and facts.source_of(key):
        control_id = facts.latest_control(key)
        if control_id is None:
            raise Mistake(UNKNOWN_NAME, line, f"Drawer {key} was never opened.")
        return block.find(facts, control_id)
    found = facts.names.value(key, _FIELD.get(block.subject, "account_id"), line)
    return block.find(facts, found)


def _status(key: str, line: int, facts: CounterFacts) -> str | None:
    name, path = split(key)
    names = facts.names
    if name in names.steps:
        if path and path[0] in {"payments", "tenders"}:
            event_id = names.value(name, "event_id", line)
            return facts.statuses(event_id, path[0], int(path[1]) if len(path) > 1 else None)
        found = names.value(key, "", line)
        return facts.status_of(found) if is_dataclass(found) else facts.agreement_status(found)
    if facts.source_of(key):
        control_id = facts.latest_control(key)
        return None if control_id is None else str(facts.drawer(control_id)["status"])
    return facts.agreement_status(names.value(key, "sa_id", line))
