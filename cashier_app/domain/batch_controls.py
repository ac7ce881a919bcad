"""What a utility decides about its batch jobs: parameters, chunks, workers, limits (R batch 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cashier_app.domain.control_fields import described


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchParameter:
    """What a job is given where whoever starts it does not say."""

    name: str
    value: str = ""
    """As it would be typed; empty for none."""
    required: bool = False
    """A run is refused without it, also where the job could do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchControl:
    """A job as operators know it; its runs are numbered, and what they put out is stamped with code and number."""

    code: str = described("Code", "Short and stable, such as REDSAAMT.")
    description: str = described("Description", "What the job is called.", default="")
    job: str = described("Job", "What is done; `cashier batch list` names all jobs.")
    parameters: tuple[BatchParameter, ...] = described(
        "Parameters", "Defaults, and what a run needs; a run keeps what it began with.", default=()
    )
    chunk_size: int = described(
        "Chunk size",
        "Units done together, in one transaction; books and files of payments have their own.",
        default=1_000,
    )
    workers: int = described("Workers", "Processes that share a run; 0 for one a processor.", default=0)
    most_errors: int = described("Most errors", "A run in which more units fail stops.", default=1_000)
    to_do: bool = described("To Do", "Somebody is told of what could not be done.", default=True)


BUILT_IN_CONTROLS: Final = {
    each.code: each
    for each in (
        BatchControl(code="VERIFY", description="Check the ledger", job="verify"),
        BatchControl(code="SEALDAY", description="Seal the day", job="seal-day"),
        BatchControl(code="PAYUP", description="Pay a file in", job="pay-in"),
        BatchControl(code="TRYIMP", description="Try an import", job="import-dry-run"),
        BatchControl(code="GLDL", description="Hand the books over", job="run-gl"),
        BatchControl(code="APDL", description="Hand checks over", job="extract-checks"),
        BatchControl(code="AGEDEBT", description="Keep the company's debt", job="age-debt"),
        BatchControl(code="APRTMOUT", description="Watch over approvals", job="monitor-approvals"),
        BatchControl(code="TODOMAIL", description="Send e-mails", job="send-mail"),
        BatchControl(code="REDSAAMT", description="Mark redundant transactions", job="mark-redundant"),
        BatchControl(code="ADJMASS", description="Adjust in mass", job="adjust-in-mass"),
    )
}
"""Controls that there are without being set up, one for each job; a record of the same code takes the place of one."""
