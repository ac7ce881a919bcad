"""The jobs that can be run: what each needs, who may start it, what it does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, get_type_hints

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import require
from cashier_app.services.accounting.company_debt import take_picture
from cashier_app.services.administration.seals import DaySealed, SealDay
from cashier_app.services.approvals.monitoring import MonitorApprovals
from cashier_app.services.batch.chunks import BatchDone
from cashier_app.services.batch.executing import InThisProcess
from cashier_app.services.batch.mass_adjustments import AdjustAgreements
from cashier_app.services.batch.redundant_marking import MarkRedundant
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.conversion.importing import ConversionReport, convert
from cashier_app.services.conversion.mapping import find_mapping, read_mapping
from cashier_app.services.general_ledger.check_runs import ChecksExtracted, ExtractChecks
from cashier_app.services.general_ledger.running import GlRunDone, run_gl
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.to_do.mail_password import NO_PASSWORD, MailPassword
from cashier_app.services.to_do.mailing import MailSent, mail_server, send_waiting_mail
from cashier_app.services.uploads.paying_in import PayInReport, pay_in
from cashier_app.services.verifying import verify
from cashier_app.services.verifying.guard import allow_writing, block_writing
from cashier_app.services.verifying.verdict import Verdict

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What jobs may use of the machine that they run on."""

    files: Path = Path()
    """Where files on their way in lie: `<digest>/<name>`."""
    mail_password: MailPassword = NO_PASSWORD
    processes: bool = True
    """Whether a run may be shared by processes; a window does its runs itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRoom:
    """What a job works with."""

    door: Door
    user_id: int
    run_id: str
    batch_code: str
    machine: Machine
    progress: Callable[[int, int], None]
    """To be told how much of how much is done; raises where the run is to stop."""

    def file(self, digest: str, name: str) -> Path:
        """A file that was sent before; refuses with RUN-002."""
        require(is_file_name(name), "RUN-003", "A file's name has letters, digits, blanks, . _ and -.", "file_name")
        path = self.machine.files / digest / name
        known = bool(_DIGEST.fullmatch(digest)) and path.is_file()
        require(known, "RUN-002", "There is no such file here. Send it first, then start the run.", "file")
        return path


def is_file_name(name: str) -> bool:
    """Whether files may be called so: nothing that leads into another folder."""
    return bool(_FILE_NAME.fullmatch(name))


def keep_file(files: Path, path: Path) -> dict[str, str]:
    """Keep a file for a run, which may be taken up later; what to give the job. Refuses with RUN-003 its name."""
    require(is_file_name(path.name), "RUN-003", "A file's name has letters, digits, blanks, . _ and -.", "file_name")
    require(path.is_file(), "RUN-002", f"There is no file {path}.", "file")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    place = files / digest / path.name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return {"file": digest, "file_name": path.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLedger:
    """Prove that the ledger is whole; a breach makes it read-only."""

    quick: bool = False
    """Only the last commands, and the file without indexes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealTheDay:
    """Seal the chains of all workstations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFileIn:
    """Pay in a file that was sent before, each payment once however often it is started."""

    file: str = field(metadata={"kind": "file"})
    """Digest of the file, as it was answered when it was sent."""
    file_name: str
    tender_source: str = field(metadata={"refers": "tender_source"})
    tender_type: str = field(default="CHEC", metadata={"refers": "tender_type"})
    """Of rows that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryImport:
    """Check a file of receivables, and write nothing."""

    file: str = field(metadata={"kind": "file"})
    file_name: str
    mapping: str
    """Name of a mapping that comes with the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeDebt:
    """Keep what the company is owed, by day, so that its chart need not read every agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtKept:
    """On how many days what is owed began to age."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """Send the mail that waits to the mail server that is set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverBooks:
    """Send everything that was frozen since the last run to the general ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverChecks:
    """Hand every check request over whose cut date has come."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of run."""

    kind: str
    parameters: type
    rights: tuple[str, ...]
    """One of them is needed to start it and to look at it."""
    work: Callable[[JobRoom, Any], Any]

    @property
    def result(self) -> Any:
        """The shape of what comes of a run."""
        return get_type_hints(getattr(self.work, "func", self.work))["return"]


def _verify(room: JobRoom, given: VerifyLedger) -> Verdict:
    verdict = verify(room.door.database, quick=given.quick)
    if not verdict.ok:
        block_writing(room.door.database, verdict)
    elif not given.quick:
        allow_writing(room.door.database)
    return verdict


def _seal(room: JobRoom, _given: SealTheDay) -> DaySealed:
    sealed: DaySealed = room.door.execute(SealDay(), user_id=room.user_id, command_id=room.run_id).result
    return sealed


def _pay_in(room: JobRoom, given: PayFileIn) -> PayInReport:
    return pay_in(
        room.door,
        room.file(given.file, given.file_name),
        given.tender_source,
        tender_type=given.tender_type,
        user_id=room.user_id,
        progress=room.progress,
    )


def _run_gl(room: JobRoom, _given: HandOverBooks) -> GlRunDone:
    return run_gl(room.door, user_id=room.user_id, progress=room.progress)


def _extract_checks(room: JobRoom, _given: HandOverChecks) -> ChecksExtracted:
    command = ExtractChecks()
    extracted: ChecksExtracted = room.door.execute(command, user_id=room.user_id, command_id=room.run_id).result
    return extracted


def _in_chunks(code: str, room: JobRoom, given: Any) -> BatchDone:
    return run_in_chunks(
        room.door,
        code,
        given,
        run_id=room.run_id,
        user_id=room.user_id,
        batch_code=room.batch_code,
        executor=None if room.machine.processes else InThisProcess(),
        progress=room.progress,
    )


def _age_debt(room: JobRoom, _given: AgeDebt) -> DebtKept:
    return DebtKept(days=take_picture(room.door.database, room.door.clock.now()))


def _send_mail(room: JobRoom, _given: SendMail) -> MailSent:
    with reading(room.door.database, access=EVERYTHING) as store:
        server = mail_server(room.door.current_config(store), room.machine.mail_password)
    return send_waiting_mail(room.door, server, progress=room.progress)


def _try_import(room: JobRoom, given: TryImport) -> ConversionReport:
    named = bool(_NAME.fullmatch(given.mapping))
    require(named, "RUN-004", "Name a mapping that comes with the program: small letters, digits and -.", "mapping")
    plan = read_mapping(find_mapping(given.mapping))
    return convert(room.door, room.file(given.file, given.file_name), plan, dry_run=True, user_id=room.user_id)


JOBS: Final[Mapping[str, Job]] = {
    job.kind: job
    for job in (
        Job("verify", VerifyLedger, ("SealDay", "ViewJournal"), _verify),
        Job("seal-day", SealTheDay, ("SealDay",), _seal),
        Job("pay-in", PayFileIn, ("PayInBulk",), _pay_in),
        Job("import-dry-run", TryImport, ("ImportReceivables",), _try_import),
        Job("run-gl", HandOverBooks, ("RunGl",), _run_gl),
        Job("extract-checks", HandOverChecks, ("RunAp",), _extract_checks),
        Job("age-debt", AgeDebt, ("RunBatch",), _age_debt),
        Job("send-mail", SendMail, ("RunBatch",), _send_mail),
        Job("monitor-approvals", MonitorApprovals, ("RunBatch",), partial(_in_chunks, "APRTMOUT")),
        Job("mark-redundant", MarkRedundant, ("RunBatch",), partial(_in_chunks, "REDSAAMT")),
        Job("adjust-in-mass", AdjustAgreements, ("RunBatch",), partial(_in_chunks, "ADJMASS")),
    )
}
"""By kind."""
