"""From a file to a `Scenario`: every mistake that can be seen without running is refused here, with its line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_type_hints

from cashier_app.domain.errors import CashierError
from cashier_app.scenarios import expectations
from cashier_app.scenarios.filling import filled, money_of
from cashier_app.scenarios.job_steps import job_at
from cashier_app.scenarios.mistakes import (
    BACK_IN_TIME,
    NAME_TAKEN,
    REFUSED_SET_UP,
    UNKNOWN_COMMAND,
    UNKNOWN_NAME,
    WRONG_SHAPE,
    WRONG_VALUE,
    Mistake,
    Mistakes,
    did_you_mean,
    refusal,
)
from cashier_app.scenarios.names import ACCOUNT_PARTS, RESERVED, Foreseen, is_name
from cashier_app.scenarios.scenario import (
    DEFAULT_PASSWORD,
    SYSTEM_USER,
    AgreementSpec,
    CustomerSpec,
    OpeningDebt,
    Scenario,
    Step,
    UserSpec,
)
from cashier_app.scenarios.tree import Node, keys_of, read_file
from cashier_app.services.administration.packages import Tables, checked, read_package, with_overrides
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.kernel.commands import Handler, catalogue

FILE_KEYS = "source about package overrides date workstations users customers opening_adjustment_type"
USER_KEYS = "name groups drawers own_accounts password"
OPENING_KEYS = "since adjustment_type"
STEP_KEYS = (
    "on at workstation as do run with name id approved_by confirm preview restart sign_in password expect comment"
)
DEFAULT_PACKAGE = "demo-utility"
DEFAULT_DATE = date(2026, 1, 5)
OPENS_AT = time(9, 0, tzinfo=UTC)
"""When a day begins where a step gives no time."""
DEFAULT_WORKSTATION = "T1"
OPENING_TYPE = "CONVERSION"
NEW_CHARGE = "new charge"


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file; refuses with every mistake in it."""
    try:
        text, root = read_file(path)
        top = keys_of(root, "scenario steps", FILE_KEYS, "A scenario")
    except Mistake as mistake:
        raise refusal(str(path), [mistake]) from None
    return _Reader(path, text, top).scenario()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the steps are judged by."""

    seen: Foreseen
    currency: str
    workstations: tuple[str, ...]
    controls: list[dict[str, Any]]
    """Batch controls that the file sets up."""


class _Reader:
    """Reads one file, collecting mistakes."""

    def __init__(self, path: Path, text: str, top: dict[str, Node]) -> None:
        self.path = path
        self.text = text
        self.top = top
        self.mistakes = Mistakes(str(path))

    def scenario(self) -> Scenario:
        """Everything, or a refusal that names all mistakes."""
        top = self.top
        tables, tables_line = self._tables()
        starts = datetime.combine(DEFAULT_DATE, OPENS_AT)
        with self.mistakes:
            starts = datetime.combine(_date(top.get("date"), DEFAULT_DATE), OPENS_AT)
        workstations = self._texts("workstations") or (DEFAULT_WORKSTATION,)
        plan = _Plan(_foreseen(tables), _currency(tables), workstations, tables.get("batch_control", []))
        customers = self._customers(plan)
        users = self._users(plan)
        steps = self._steps(plan, users, starts)
        self.mistakes.raise_all()
        return Scenario(
            path=str(self.path),
            text=self.text,
            title=top["scenario"].text,
            source=top["source"].text if "source" in top else "",
            about=top["about"].text if "about" in top else "",
            starts=starts,
            tables=tables,
            tables_line=tables_line,
            currency=plan.currency,
            workstations=plan.workstations,
            users=users,
            customers=customers,
            steps=steps,
        )

    def _texts(self, key: str) -> tuple[str, ...]:
        with self.mistakes:
            return tuple(each.text for each in self.top[key].elements()) if key in self.top else ()
        return ()

    # -- control tables

    def _tables(self) -> tuple[Tables, int]:
        node, overrides = self.top.get("package"), self.top.get("overrides")
        line = overrides.line if overrides else node.line if node else 1
        try:
            if node is not None and not node.is_text:
                tables = checked(node.plain(), "in this file")
            else:
                tables = read_package(node.text if node else DEFAULT_PACKAGE, self.path.parent)
            if overrides:
                tables = with_overrides(tables, checked(overrides.plain(), "of overrides"))
        except CashierError as problem:
            self.mistakes.add(REFUSED_SET_UP, line, str(problem))
            return {}, line
        return tables, line

    # -- customers

    def _customers(self, plan: _Plan) -> dict[str, CustomerSpec]:
        found: dict[str, CustomerSpec] = {}
        with self.mistakes:
            for name, node in self.top["customers"].entries().items() if "customers" in self.top else ():
                with self.mistakes:
                    self._new_name(plan, name, node)
                    found[name] = self._customer(plan, name, node)
                    plan.seen.customers[name] = frozenset(each.name for each in found[name].agreements)
        return found

    def _customer(self, plan: _Plan, name: str, node: Node) -> CustomerSpec:
        own = [each.name for each in fields(OpenAccount) if each.name not in {"agreements", "person_id"}]
        given = keys_of(node, "customer_class", " ".join([*own, "agreements"]), f"Customer {name}")
        agreements = []
        for key, each in given.pop("agreements", node).entries().items() if "agreements" in given else ():
            with self.mistakes:
                agreements.append(self._agreement(plan, key, each))
        hints = get_type_hints(OpenAccount)
        for key, value in given.items():
            filled(value, hints[key], plan.seen, plan.currency, key)
        return CustomerSpec(name=name, node=node, fields=given, agreements=tuple(agreements))

    def _agreement(self, plan: _Plan, name: str, node: Node) -> AgreementSpec:
        if not is_name(name) or name in ACCOUNT_PARTS:
            raise Mistake(WRONG_VALUE, node.line, f"{name!r} cannot name an agreement; `electric` could.")
        own = [each.name for each in fields(AgreementIn) if each.name != "sa_type"]
        given = keys_of(node, "sa_type", " ".join([*own, "owes"]), f"Agreement {name}")
        owes = given.pop("owes", None)
        hints = get_type_hints(AgreementIn)
        for key, value in given.items():
            filled(value, hints[key], plan.seen, plan.currency, key)
        debts = tuple(self._opening(plan, each) for each in owes.elements()) if owes else ()
        return AgreementSpec(name=name, node=node, fields=given, owes=debts)

    def _opening(self, plan: _Plan, node: Node) -> OpeningDebt:
        default_type = (
            self.top["opening_adjustment_type"].text if "opening_adjustment_type" in self.top else OPENING_TYPE
        )
        if node.is_text:
            money_of(node, plan.currency)
            return OpeningDebt(node=node, amount=node, since=None, adjustment_type=default_type)
        given = keys_of(node, "amount", OPENING_KEYS, "An opening receivable")
        since = given.get("since")
        aged = since is not None and since.text != NEW_CHARGE
        money_of(given["amount"], plan.currency)
        return OpeningDebt(
            node=node,
            amount=given["amount"],
            since=_date(since, DEFAULT_DATE) if aged else None,
            adjustment_type=given["adjustment_type"].text if "adjustment_type" in given else default_type,
        )

    # -- users

    def _users(self, plan: _Plan) -> dict[str, UserSpec]:
        found: dict[str, UserSpec] = {}
        with self.mistakes:
            for login, node in self.top["users"].entries().items() if "users" in self.top else ():
                with self.mistakes:
                    self._new_name(plan, login, node)
                    found[login] = _user(login, node)
                    for account in found[login].own_accounts:
                        plan.seen.value(account.text, "account_id", account.line)
                plan.seen.users.add(login)
        return found

    def _new_name(self, plan: _Plan, name: str, node: Node) -> None:
        if name in RESERVED or not is_name(name):
            raise Mistake(WRONG_VALUE, node.line, f"{name!r} cannot be a name: a letter, then letters, digits, - or _.")
        if name in plan.seen:
            raise Mistake(NAME_TAKEN, node.line, f"Something else is called {name!r} already.")

    # -- steps

    def _steps(self, plan: _Plan, users: dict[str, UserSpec], starts: datetime) -> tuple[Step, ...]:
        found: list[Step] = []
        when = starts
        with self.mistakes:
            for place, node in enumerate(self.top["steps"].elements(), start=1):
                with self.mistakes:
                    given = keys_of(node, "", STEP_KEYS, f"Step {place}")
                    with self.mistakes:
                        when = _when(given, when, first=place == 1)
                    found.append(self._step(plan, users, given, node=node, place=place, when=when))
                if node.is_map and "name" in node.entries() and node.entries()["name"].is_text:
                    # Nobody is told that a name is missing because its step has another mistake.
                    plan.seen.steps.setdefault(node.entries()["name"].text, None)
        return tuple(found)

    def _step(
        self,
        plan: _Plan,
        users: dict[str, UserSpec],
        given: dict[str, Node],
        *,
        node: Node,
        place: int,
        when: datetime,
    ) -> Step:
        _one_action(node, given)
        handler = _handler(given["do"]) if "do" in given else None
        job = (
            job_at(given["run"], given.get("with"), plan.controls, plan.seen, plan.currency) if "run" in given else None
        )
        user = given["as"].text if "as" in given else SYSTEM_USER
        if (handler or job) and "as" not in given:
            raise Mistake(WRONG_SHAPE, node.line, "Say who does it: `as:` with a login of `users`, or `system`.")
        approver, approver_password = _approver(given.get("approved_by"), users)
        step = Step(
            place=place,
            node=node,
            when=when,
            name=given["name"].text if "name" in given else "",
            user=user,
            workstation=given["workstation"].text if "workstation" in given else plan.workstations[0],
            handler=handler,
            job=job,
            batch_code=given["run"].text if job else "",
            fields=given.get("with"),
            command_id=given["id"].text if "id" in given else None,
            approver=approver,
            approver_password=approver_password,
            confirmed=tuple(each.text for each in given["confirm"].elements()) if "confirm" in given else (),
            preview=_flag(given.get("preview")),
            restart=_flag(given.get("restart")),
            sign_in=given["sign_in"].text if "sign_in" in given else "",
            password=given["password"].text if "password" in given else "",
            expect=given.get("expect"),
        )
        _known_user(step.sign_in or user, users, given.get("sign_in") or given.get("as") or node)
        if step.workstation not in plan.workstations:
            known = did_you_mean(step.workstation, plan.workstations)
            raise Mistake(UNKNOWN_NAME, node.line, f"There is no workstation {step.workstation!r}. {known}")
        with self.mistakes:
            if handler:
                filled(given.get("with", _nothing(node)), handler.command, plan.seen, plan.currency)
        with self.mistakes:
            if step.name:
                self._new_name(plan, step.name, given["name"])
                plan.seen.steps[step.name] = step.result
        if step.expect is not None:
            expectations.check(step, plan.seen, plan.currency, self.mistakes)
        return step


def _nothing(node: Node) -> Node:
    return Node({}, node.line, node.start, node.start)


def _foreseen(tables: Tables) -> Foreseen:
    def codes(table: str) -> frozenset[str]:
        return frozenset(str(record.get("code")) for record in tables.get(table, []))

    return Foreseen(sa_types=codes("sa_type"), houses=codes("house_agreement"), tender_sources=codes("tender_source"))


def _currency(tables: Tables) -> str:
    return next((str(record["currency"]) for record in tables.get("installation", []) if "currency" in record), "USD")


def _date(node: Node | None, default: date) -> date:
    if node is None:
        return default
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        raise Mistake(WRONG_VALUE, node.line, f"{node.text!r} is not a date such as 2026-01-31.") from None


def _flag(node: Node | None) -> bool:
    if node is None or node.text in {"true", "false"}:
        return node is not None and node.text == "true"
    raise Mistake(WRONG_VALUE, node.line, f"{node.text!r} is not true or false.")


def _when(given: dict[str, Node], before: datetime, *, first: bool) -> datetime:
    """The instant of a step: one minute after the one before, unless it says otherwise."""
    day = _date(given.get("on"), before.date())
    if "at" in given:
        try:
            clock = time.fromisoformat(given["at"].text).replace(tzinfo=UTC)
        except ValueError:
            raise Mistake(WRONG_VALUE, given["at"].line, f"{given['at'].text!r} is not a time such as 14:30.") from None
        when = datetime.combine(day, clock)
    elif day != before.date():
        when = datetime.combine(day, OPENS_AT)
    else:
        when = before if first else before + timedelta(minutes=1)
    if when < before:
        line = (given.get("at") or given["on"]).line
        raise Mistake(BACK_IN_TIME, line, f"{when:%Y-%m-%d %H:%M} is before the step above ({before:%Y-%m-%d %H:%M}).")
    return when


def _one_action(node: Node, given: dict[str, Node]) -> None:
    actions = [key for key in ("do", "run", "restart", "sign_in") if key in given]
    if len(actions) > 1:
        raise Mistake(WRONG_SHAPE, node.line, f"A step does one thing, not {' and '.join(actions)}.")
    if not actions and "expect" not in given:
        raise Mistake(
            WRONG_SHAPE, node.line, "A step does something (`do`, `run`, `restart`, `sign_in`) or expects (`expect`)."
        )
    of_a_command = {"with", "id", "approved_by", "confirm", "preview"} & set(given)
    if "run" in given:
        of_a_command -= {"with", "id"}
    if of_a_command and "do" not in given:
        raise Mistake(WRONG_SHAPE, node.line, f"{', '.join(sorted(of_a_command))} belong to a step that says `do`.")


def _handler(node: Node) -> Handler:
    handler = catalogue().get(node.text)
    if handler is None:
        raise Mistake(
            UNKNOWN_COMMAND, node.line, f"There is no command {node.text!r}. {did_you_mean(node.text, catalogue())}"
        )
    return handler


def _approver(node: Node | None, users: dict[str, UserSpec]) -> tuple[str, str]:
    if node is None:
        return "", ""
    if node.is_text:
        _known_user(node.text, users, node, but="an approver")
        return node.text, users[node.text].password
    given = keys_of(node, "user password", "", "approved_by")
    return given["user"].text, given["password"].text


def _known_user(login: str, users: dict[str, UserSpec], node: Node, but: str = "") -> None:
    if login not in users and (but or login != SYSTEM_USER):
        raise Mistake(UNKNOWN_NAME, node.line, f"There is no user {login!r}. {did_you_mean(login, users)}")


def _user(login: str, node: Node) -> UserSpec:
    given: dict[str, Any] = keys_of(node, "groups", USER_KEYS, f"User {login}")

    def texts(key: str) -> tuple[str, ...]:
        return tuple(each.text for each in given[key].elements()) if key in given else ()

    return UserSpec(
        login=login,
        node=node,
        full_name=given["name"].text if "name" in given else login,
        groups=texts("groups"),
        drawers=texts("drawers"),
        own_accounts=given["own_accounts"].elements() if "own_accounts" in given else (),
        password=given["password"].text if "password" in given else DEFAULT_PASSWORD,
    )
