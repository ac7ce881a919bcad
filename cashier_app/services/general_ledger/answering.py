"""A whole response file of accounts payable: read strictly, each row done or kept as an exception, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import Problem, RuleViolation, raise_all
from cashier_app.domain.lifecycles import CheckStatus
from cashier_app.interfaces.delimited_file import DelimitedFile
from cashier_app.models.check_request import CheckResponse
from cashier_app.services.general_ledger.check_responses import CheckAnswer, NoteCheckException, TakeCheckAnswer
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement

COLUMNS = ("request_id", "status", "check_number", "check_date", "amount")
"""The first two are needed."""

_TAKEN = Statement(
    select(CheckResponse.line, CheckResponse.outcome, CheckResponse.problem)
    .where(CheckResponse.file_digest == bindparam("digest"))
    .order_by(CheckResponse.line)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersTaken:
    """What a file came to; the same however often it is taken."""

    file_name: str
    paid: int
    held: int
    canceled: int
    exceptions: tuple[str, ...]
    """`line 7: CHK-007: …`."""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A response file as it was read."""

    name: str
    digest: str
    answers: dict[int, CheckAnswer]
    """By line."""


Outcome = tuple[str, str]
"""What became of a row, and the problem with it, if there was one."""


def take_answers(door: Door, path: Path, *, user_id: int, delimiter: str = ",") -> AnswersTaken:
    """Take a response file in.

    Raises:
        RuleViolation: IMP-002 to IMP-006 where the file cannot be read as a table; nothing has changed then.
    """
    file = read_answers(path, delimiter)
    known = known_answers(door, file)
    outcomes = {line: known.get(line) or take_answer(door, file, line, user_id) for line in file.answers}
    return answers_taken(file, outcomes)


def read_answers(path: Path, delimiter: str = ",") -> AnswerFile:
    """Read a file; refuses with IMP-002 to IMP-006."""
    file = DelimitedFile(path, delimiter=delimiter)
    problems: list[Problem] = []
    for needed in COLUMNS[:2]:
        file.place(needed, problems)
    raise_all(problems)
    places = {name: file.heading.index(name) for name in COLUMNS if name in file.heading}
    answers = {
        row.line: CheckAnswer(**{name: row.fields[place] for name, place in places.items()})
        for row in file.rows(problems)
    }
    raise_all(problems)
    return AnswerFile(path.name, file.digest, answers)


def known_answers(door: Door, file: AnswerFile) -> dict[int, Outcome]:
    """What became of the rows that were taken before, by line."""
    with reading(door.database, access=EVERYTHING) as store:
        return {row.line: (row.outcome, row.problem) for row in store.all(_TAKEN, digest=file.digest)}


def take_answer(door: Door, file: AnswerFile, line: int, user_id: int) -> Outcome:
    """Do what a row says, or keep it as an exception."""
    take = TakeCheckAnswer(file_name=file.name, file_digest=file.digest, line=line, answer=file.answers[line])
    try:
        outcome: str = door.execute(take, user_id=user_id).result.outcome
    except RuleViolation as refusal:
        problem = "; ".join(map(str, refusal.problems))
        note = NoteCheckException(
            file_name=file.name, file_digest=file.digest, line=line, answer=take.answer, problem=problem
        )
        return door.execute(note, user_id=user_id).result.outcome, problem
    return outcome, ""


def answers_taken(file: AnswerFile, outcomes: Mapping[int, Outcome]) -> AnswersTaken:
    """What a file came to."""
    counts = Counter(outcome for outcome, _ in outcomes.values())
    return AnswersTaken(
        file_name=file.name,
        paid=counts[CheckStatus.PAID],
        held=counts[CheckStatus.HELD],
        canceled=counts[CheckStatus.CANCELED],
        exceptions=tuple(f"line {line}: {problem}" for line, (_, problem) in sorted(outcomes.items()) if problem),
    )
