"""Conversion: open receivables of the system before this one, all or nothing, once (docs/conversion.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import CisDivision, CustomerClass, SaType
from cashier_app.domain.errors import Problem, RuleViolation, raise_all, refuse, require
from cashier_app.domain.money import LARGEST_AMOUNT, Money
from cashier_app.interfaces.delimited_file import DelimitedFile
from cashier_app.models.customer import Account, ImportRun
from cashier_app.services.accounting.adjustments import AdjustmentDraft, write_adjustments
from cashier_app.services.conversion.mapping import ReceivablesMapping
from cashier_app.services.conversion.receivables import ConvertedAccount, Receivables, notes, read_receivables
from cashier_app.services.customers.account_rows import WrittenAccount, write_accounts
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement, among, insertion
from cashier_app.services.kernel.store import Store, batches
from cashier_app.services.kernel.work import SYSTEM, Work

ACCOUNTS_AT_ONCE = 500

_INSERT_RUN = insertion(ImportRun, "id file_name digest mapping row_count account_count total currency")
_RUN = Statement(
    select(
        ImportRun.id,
        ImportRun.file_name,
        ImportRun.mapping,
        ImportRun.row_count,
        ImportRun.account_count,
        ImportRun.total,
        ImportRun.currency,
    ).where(ImportRun.digest == bindparam("digest"))
)
_KNOWN_ACCOUNTS = Statement(
    select(Account.external_number, Account.number)
    .where(among(Account.external_number, "numbers"))
    .order_by(Account.external_number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReceivables:
    """Take over a file of open receivables. Its rows travel beside the command; the digest says which they are.

    The control totals are those of the file as it was read; the command is refused where the rows differ.
    """

    file_name: str
    digest: str
    """SHA-256 of the file."""
    mapping: ReceivablesMapping
    row_count: int
    account_count: int
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivablesImported:
    """What the ledger holds of a file; the same for the first and for every further time."""

    import_id: int
    file_name: str
    mapping: str
    row_count: int
    account_count: int
    total: Money


@handles(ImportReceivables)
def import_receivables(command: ImportReceivables, work: Work) -> ReceivablesImported:
    """Accounts, agreements and frozen opening receivables in one transaction; a known file changes nothing."""
    known = import_of(work.store, command.digest)
    if known:
        work.warn("IMP-001", f"This file was taken over already, as {known.file_name}; nothing was changed.")
        return known
    receivables = work.attachment
    if not isinstance(receivables, Receivables):
        refuse("IMP-040", "The rows are missing. Use `cashier import receivables`, which sends them along.")
    raise_all(ledger_problems(work.store, work.config, receivables))
    written = _write(work, receivables)
    _require_totals(command, receivables, written)
    import_id = work.new_id()
    name = command.mapping.name
    work.store.write(
        _INSERT_RUN,
        [
            (
                import_id,
                command.file_name,
                command.digest,
                name,
                receivables.rows,
                len(receivables.accounts),
                written,
                receivables.currency,
            )
        ],
    )
    return ReceivablesImported(
        import_id=import_id,
        file_name=command.file_name,
        mapping=name,
        row_count=receivables.rows,
        account_count=len(receivables.accounts),
        total=Money(written, receivables.currency),
    )


def import_of(store: Store, digest: str) -> ReceivablesImported | None:
    """What was taken over from a file, if it was."""
    row = store.first(_RUN, digest=digest)
    return row and ReceivablesImported(
        import_id=row.id,
        file_name=row.file_name,
        mapping=row.mapping,
        row_count=row.row_count,
        account_count=row.account_count,
        total=Money(row.total, row.currency),
    )


def _write(work: Work, receivables: Receivables) -> int:
    """Write everything in batches; returns the sum of what was written."""
    persons: dict[str, int] = {}
    first_of_person: dict[str, ConvertedAccount] = {}
    for account in receivables.accounts.values():
        first_of_person.setdefault(account.person_key, account)
    total = 0
    # Persons must have their keys before the other accounts can share them.
    firsts = list(first_of_person.values())
    others = (a for a in receivables.accounts.values() if first_of_person[a.person_key] is not a)
    for batch in chain(batches(firsts, ACCOUNTS_AT_ONCE), batches(others, ACCOUNTS_AT_ONCE)):
        drafts = [
            account.new._replace(
                person_id=persons.get(account.person_key),
                agreements=tuple(agreement.new for agreement in account.agreements.values()),
            )
            for account in batch
        ]
        written = write_accounts(work, drafts)
        persons.update({a.person_key: w.person_id for a, w in zip(batch, written, strict=True)})
        openings = list(_openings(batch, written, receivables.adjustment_type))
        write_adjustments(work, openings)
        total += sum(opening.amount for opening in openings)
    return total


def _openings(
    accounts: Sequence[ConvertedAccount], written: Sequence[WrittenAccount], adjustment_type: str
) -> Iterator[AdjustmentDraft]:
    for account, rows in zip(accounts, written, strict=True):
        for agreement, facts in zip(account.agreements.values(), rows.agreements, strict=True):
            for owed in agreement.receivables:
                yield AdjustmentDraft(
                    facts, adjustment_type, owed.amount, owed.arrears_date, owed.reference or None, owed.comment
                )


def _require_totals(command: ImportReceivables, receivables: Receivables, written: int) -> None:
    announced = (command.row_count, command.account_count, command.total)
    arrived = (receivables.rows, len(receivables.accounts), Money(written, receivables.currency))
    require(
        announced == arrived,
        "IMP-041",
        f"Announced were {announced[0]} rows, {announced[1]} accounts, {announced[2]}; "
        f"there are {arrived[0]}, {arrived[1]}, {arrived[2]}.",
    )


def ledger_problems(store: Store, config: Configuration, receivables: Receivables) -> list[Problem]:
    """What stands against taking these receivables into this ledger, each with its line."""
    problems = list(_code_problems(config, receivables))
    external = {account.new.external_number: account for account in receivables.accounts.values()}
    for numbers in batches(external, 5000):
        for row in store.all(_KNOWN_ACCOUNTS, numbers=numbers):
            line = external[row.external_number].line
            sentence = f"Account {row.external_number} is in the ledger already, as {row.number}."
            problems.append(Problem("IMP-030", sentence, f"line {line}"))
    return problems


def _code_problems(config: Configuration, receivables: Receivables) -> Iterator[Problem]:
    used: dict[tuple[type, str], int] = {(AdjustmentType, receivables.adjustment_type): 0}
    divisions: dict[tuple[str, str], int] = {}
    for account in receivables.accounts.values():
        used.setdefault((CustomerClass, account.new.customer_class), account.line)
        used.setdefault((CisDivision, account.new.cis_division), account.line)
        if account.new.access_group:
            used.setdefault((AccessGroup, account.new.access_group), account.line)
        for code in account.agreements:
            used.setdefault((SaType, code), account.line)
            divisions.setdefault((code, account.new.cis_division), account.line)
    for (table, code), line in used.items():
        try:
            config.get(table, code)
        except RuleViolation as unknown:
            yield Problem("IMP-031", unknown.problems[0].sentence, f"line {line}" if line else "receivable")
    for (code, division), line in divisions.items():
        sa_type = config.all(SaType).get(code)
        if sa_type and (sa_type.currency, sa_type.cis_division) != (receivables.currency, division):
            yield Problem(
                "IMP-032",
                f"SA type {code} is of {sa_type.cis_division} in {sa_type.currency}; "
                f"the account of {division} in {receivables.currency}.",
                f"line {line}",
            )
    if abs(receivables.total) > LARGEST_AMOUNT:
        yield Problem("IMP-033", "The amounts add up to more than a ledger holds.", "receivable.amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionReport:
    """What a conversion did, or would do."""

    file_name: str
    mapping: str
    row_count: int
    account_count: int
    person_count: int
    receivable_count: int
    total: Money
    dry_run: bool
    repeated: bool
    """True when the file had been taken over before; nothing was changed then."""
    notes: tuple[str, ...]


def convert(
    door: Door, path: Path, mapping: ReceivablesMapping, *, dry_run: bool = False, user_id: int = SYSTEM.id
) -> ConversionReport:
    """Read a file, check all of it, and take it over unless it is a dry run or was taken over before.

    Raises:
        RuleViolation: with every problem and its line; nothing has changed then.
    """
    file = DelimitedFile(path, mapping.file.encoding, mapping.file.delimiter)
    receivables, problems = read_receivables(file, mapping)
    with reading(door.database, access=EVERYTHING) as store:
        config = door.current_config(store)
        known = import_of(store, file.digest)
        if not known:
            problems += ledger_problems(store, config, receivables)
    if not known:
        raise_all(sorted(problems, key=_line_of))
    repeated = known is not None
    if known is None and not dry_run:
        outcome = door.execute(_command(file, mapping, receivables), user_id=user_id, attachment=receivables)
        known, repeated = outcome.result, bool(outcome.warnings)
    return ConversionReport(
        file_name=path.name,
        mapping=mapping.name,
        row_count=known.row_count if known else receivables.rows,
        account_count=known.account_count if known else len(receivables.accounts),
        person_count=receivables.persons,
        receivable_count=receivables.receivables,
        total=known.total if known else Money(receivables.total, receivables.currency),
        dry_run=dry_run,
        repeated=repeated,
        notes=tuple(notes(receivables)),
    )


def _command(file: DelimitedFile, mapping: ReceivablesMapping, receivables: Receivables) -> ImportReceivables:
    return ImportReceivables(
        file_name=file.path.name,
        digest=file.digest,
        mapping=mapping,
        row_count=receivables.rows,
        account_count=len(receivables.accounts),
        total=Money(receivables.total, receivables.currency),
    )


def _line_of(problem: Problem) -> int:
    line = problem.field.removeprefix("line ").partition(",")[0]
    return int(line) if line.isdigit() else 0
