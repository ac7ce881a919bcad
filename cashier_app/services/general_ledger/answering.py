"""A whole response file of accounts payable: read strictly, each row done or kept as an exception, once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cashier_app.domain.errors import Problem, RuleViolation, raise_all
from cashier_app.interfaces.delimited_file import DelimitedFile
from cashier_app.services.general_ledger.check_responses import (
    EXCEPTION,
    CheckAnswer,
    CheckAnswered,
    NoteCheckException,
    TakeCheckAnswer,
)
from cashier_app.services.kernel.door import Door

COLUMNS = ("request_id", "status", "check_number", "check_date", "amount")
"""The first two are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersTaken:
    """What a file came to; the same however often it is taken."""

    file_name: str
    paid: int
    held: int
    canceled: int
    exceptions: tuple[str, ...]
    """`line 7: CHK-007: …`."""


def take_answers(door: Door, path: Path, *, user_id: int, delimiter: str = ",") -> AnswersTaken:
    """Take a response file in.

    Raises:
        RuleViolation: IMP-002 to IMP-006 where the file cannot be read as a table; nothing has changed then.
    """
    file = DelimitedFile(path, delimiter=delimiter)
    problems: list[Problem] = []
    for needed in COLUMNS[:2]:
        file.place(needed, problems)
    raise_all(problems)
    places = {name: file.heading.index(name) for name in COLUMNS if name in file.heading}
    rows = [
        (row.line, CheckAnswer(**{name: row.fields[place] for name, place in places.items()}))
        for row in file.rows(problems)
    ]
    raise_all(problems)
    exceptions: list[str] = []
    outcomes = [_take(door, file, line, answer, user_id, exceptions).outcome for line, answer in rows]
    return AnswersTaken(
        file_name=path.name,
        paid=outcomes.count("PAID"),
        held=outcomes.count("HELD"),
        canceled=outcomes.count("CANCELED"),
        exceptions=tuple(exceptions),
    )


def _take(  # noqa: PLR0917  # a row, and whose it is
    door: Door, file: DelimitedFile, line: int, answer: CheckAnswer, user_id: int, exceptions: list[str]
) -> CheckAnswered:
    given = {"file_name": file.path.name, "file_digest": file.digest, "row": line, "answer": answer}
    noted = f"{_id(file, line)}-x"
    try:
        taken: CheckAnswered = door.execute(
            TakeCheckAnswer(**given), user_id=user_id, command_id=_id(file, line)
        ).result
    except RuleViolation as refusal:
        problem = "; ".join(map(str, refusal.problems))
        exceptions.append(f"line {line}: {problem}")
        taken = door.execute(NoteCheckException(**given, problem=problem), user_id=user_id, command_id=noted).result
        assert taken.outcome == EXCEPTION
    return taken


def _id(file: DelimitedFile, line: int) -> str:
    """The command id of a row: the same whenever the file is taken."""
    return hashlib.sha256(f"check answers {file.digest} {line}".encode()).hexdigest()[:32]
