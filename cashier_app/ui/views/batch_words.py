"""What the batch screen calls jobs, their parameters, runs and totals."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.batch_controls import BUILT_IN_CONTROLS
from cashier_app.services.batch.run_records import Run
from cashier_app.services.queries.batch_runs import ControlRow
from cashier_app.ui.view_models.batch import UnderWay


def job_words(code: str, description: str = "") -> str:
    """What a batch control is called: as the utility says, else as its job is."""
    built_in = BUILT_IN_CONTROLS.get(code)
    if description and (built_in is None or description != built_in.description):
        return description
    translate = QCoreApplication.translate
    words = {
        "VERIFY": translate("batch", "Check the ledger"),
        "SEALDAY": translate("batch", "Seal the day"),
        "PAYUP": translate("batch", "Pay a file in"),
        "TRYIMP": translate("batch", "Try an import"),
        "GLDL": translate("batch", "Hand the books over"),
        "APDL": translate("batch", "Hand checks over"),
        "AGEDEBT": translate("batch", "Keep the company's debt"),
        "APRTMOUT": translate("batch", "Watch over approvals"),
        "TODOMAIL": translate("batch", "Send e-mails"),
        "REDSAAMT": translate("batch", "Mark redundant transactions"),
        "ADJMASS": translate("batch", "Adjust in mass"),
    }
    return words.get(code, description or code)


def about_words(control: ControlRow) -> str:
    """What a job does, what its limits are, and which run comes next."""
    translate = QCoreApplication.translate
    words = {
        "verify": translate("batch", "Proves that the ledger is whole; a breach makes it read-only."),
        "seal-day": translate("batch", "Seals the chains of all workstations."),
        "pay-in": translate("batch", "Pays in a file, each payment once however often it is started."),
        "import-dry-run": translate("batch", "Checks a file of receivables and writes nothing."),
        "run-gl": translate("batch", "Sends everything frozen since the last run to the general ledger."),
        "extract-checks": translate("batch", "Hands over every check request whose cut date has come."),
        "age-debt": translate("batch", "Keeps what the company is owed by day, so that its chart is quick."),
        "monitor-approvals": translate("batch", "Reminds approvers, and asks somebody else after so many hours."),
        "send-mail": translate("batch", "Sends the e-mails that wait."),
        "mark-redundant": translate("batch", "Marks old transactions that cancel out; no balance and no age changes."),
        "adjust-in-mass": translate("batch", "Adds the same adjustment to every agreement of a type."),
    }
    next_run = translate("batch", "Run {number} is next.").format(number=control.next_number)
    return f"{words.get(control.job, '')} {next_run}".strip()


def parameter_words(name: str) -> str:
    """What a parameter is called."""
    translate = QCoreApplication.translate
    words = {
        "hours": translate("batch", "Hours until others are asked"),
        "escalation_role": translate("batch", "Who is asked then"),
        "reminders": translate("batch", "Reminders before"),
        "approval_profile": translate("batch", "Approval profile"),
        "adjustment_type": translate("batch", "Adjustment type"),
        "amount": translate("batch", "Amount"),
        "sa_type": translate("batch", "SA type"),
        "comment": translate("batch", "Comment"),
        "quick": translate("batch", "Quick: only the last commands"),
        "file": translate("batch", "File"),
        "tender_source": translate("batch", "Tender source"),
        "tender_type": translate("batch", "Tender type"),
        "mapping": translate("batch", "Mapping"),
    }
    return words.get(name, name)


def progress_words(under_way: UnderWay) -> str:
    """How far, how fast, how long still."""
    translate = QCoreApplication.translate
    if not under_way.total:
        return translate("batch", "{name} is under way").format(name=job_words(under_way.name))
    said = [
        job_words(under_way.name),
        translate("batch", "{done} of {total}").format(done=f"{under_way.done:,}", total=f"{under_way.total:,}"),
    ]
    if under_way.rate:
        said.append(translate("batch", "{rate} a second").format(rate=f"{under_way.rate:.1f}"))
    if under_way.left is not None:
        minutes, seconds = divmod(round(under_way.left.total_seconds()), 60)
        said.append(translate("batch", "{minutes}:{seconds} left").format(minutes=minutes, seconds=f"{seconds:02d}"))
    return " · ".join(said)


def state_words(run: Run) -> str:
    """How a run stands."""
    translate = QCoreApplication.translate
    words = {
        "WAITING": translate("batch", "waiting"),
        "RUNNING": translate("batch", "under way"),
        "FINISHED": translate("batch", "finished"),
        "REFUSED": translate("batch", "refused"),
        "FAILED": translate("batch", "failed"),
        "INTERRUPTED": translate("batch", "stopped: can be resumed"),
    }
    return words[run.status]


def total_words(name: str) -> str:
    """What a job has counted."""
    translate = QCoreApplication.translate
    words = {
        "marked": translate("batch", "Transactions marked"),
        "adjustments": translate("batch", "Adjustments"),
        "minor_units": translate("batch", "In smallest units"),
        "reminded": translate("batch", "Reminders"),
        "escalated": translate("batch", "Given to others"),
    }
    return words.get(name, name)
