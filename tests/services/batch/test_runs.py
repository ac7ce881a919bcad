"""Runs as operators know them: set up, held by one at a time, told of when they stop (R batch 1, R batch 15)."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.batch_controls import BUILT_IN_CONTROLS
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.batch import chunked, run_records
from cashier_app.services.batch.chunked import ChunkedJob
from cashier_app.services.batch.doing import Watching, ask_for, do_run, run_here
from cashier_app.services.batch.jobs import JOBS, Machine
from cashier_app.services.batch.run_records import RunStatus, claim_run, end_run, note_progress, run_of
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.queries.batch_runs import control_rows
from tests.builders import Ledger, an_account, balances_of
from tests.services.adjustments.office import changed_type, set_up

ALONE = Machine(processes=False)
FIVE = {"adjustment_type": "CONVERSION", "amount": "5.00 USD", "sa_type": "ELEC"}


def run(ledger: Ledger, name: str, run_id: str = "", **given: Any) -> Any:
    return run_here(
        ledger.door, name, given, run_id=run_id or uuid.uuid4().hex, user_id=ledger.people["olga"], machine=ALONE
    )


def status_of(ledger: Ledger, run_id: str) -> str:
    with reading(ledger.database, access=EVERYTHING) as store:
        return run_of(store, run_id).status


class TestWhatIsSetUp:
    def test_there_is_a_control_for_each_job(self) -> None:
        assert sorted(each.job for each in BUILT_IN_CONTROLS.values()) == sorted(JOBS)

    def test_a_run_takes_what_nobody_says_from_its_control(self, ledger: Ledger) -> None:
        account = an_account(ledger, owing="10.00")
        parameters = [{"name": name, "value": value} for name, value in FIVE.items()]
        control = {"code": "SPRING", "job": "adjust-in-mass", "parameters": parameters, "chunk_size": 3}
        set_up(ledger, batch_control=[control])
        first = run(ledger, "SPRING", amount="7.00 USD")
        assert (first.batch_code, first.kind) == ("SPRING", "adjust-in-mass")
        assert balances_of(ledger, account) == {"ELEC": 1700}
        run(ledger, "SPRING")
        assert balances_of(ledger, account) == {"ELEC": 2200}
        plans = ledger.rows("SELECT batch_code, number, job, chunks FROM batch_plan ORDER BY number")
        assert plans == [("SPRING", 1, "ADJMASS", 2), ("SPRING", 2, "ADJMASS", 2)], "five agreements, three at a time"
        references = ledger.rows("SELECT reference FROM adjustment WHERE by_batch AND reference <> '' ORDER BY id")
        assert references == [("SPRING 1",), ("SPRING 2",)], "what it puts out is stamped with code and number"
        with reading(ledger.database, access=EVERYTHING) as store:
            rows = {row.code: row for row in control_rows(store, ledger.door.current_config(store))}
        assert (rows["SPRING"].next_number, rows["ADJMASS"].next_number) == (3, 1)
        assert rows["SPRING"].last_run == ledger.clock.now()

    @pytest.mark.parametrize(
        ("control", "code", "said"),
        [
            ({"job": "no-such"}, "CFG-070", "'no-such' is no job; there are: verify"),
            ({"parameters": [{"name": "days", "value": "3"}]}, "CFG-070", "days is no parameter of monitor-approvals"),
            ({"parameters": [{"name": "hours"}, {"name": "hours"}]}, "CFG-070", "hours is no parameter"),
            ({"parameters": [{"name": "hours", "value": "soon"}]}, "CMD-003", "Expected `int`"),
            ({"chunk_size": 0}, "CFG-071", "chunk_size is 1 to 100,000"),
            ({"workers": 65}, "CFG-071", "workers is 0 to 64"),
            ({"most_errors": -1}, "CFG-071", "most_errors is 0 to"),
        ],
    )
    def test_what_fits_no_job_is_refused_when_it_is_set_up(
        self, ledger: Ledger, control: dict[str, Any], code: str, said: str
    ) -> None:
        plain = {"tables": {"batch_control": [{"code": "X", "job": "monitor-approvals", **control}]}}
        with pytest.raises(RuleViolation) as refused:
            ledger.do(from_plain(plain, LoadConfiguration), "adam")
        assert refused.value.codes == (code,)
        assert said in str(refused.value)

    def test_what_a_run_needs_is_asked_for(self, ledger: Ledger) -> None:
        with pytest.raises(RuleViolation) as refused:
            run(ledger, "monitor-approvals", hours="soon", days="3")
        assert [(each.code, each.field) for each in refused.value.problems] == [
            ("RUN-007", "escalation_role"),
            ("CMD-003", "hours"),
            ("CMD-003", "days"),
        ]
        assert ledger.rows("SELECT id FROM batch_run") == []

    def test_a_run_that_is_taken_up_keeps_what_it_began_with(self, ledger: Ledger) -> None:
        account = an_account(ledger, owing="10.00")
        parameters = [{"name": name, "value": value} for name, value in FIVE.items()]
        set_up(ledger, batch_control=[{"code": "ADJMASS", "job": "adjust-in-mass", "parameters": parameters}])
        run_id = uuid.uuid4().hex
        ask_for(ledger.door, "ADJMASS", {}, run_id=run_id, user_id=SYSTEM.id)
        changed = [{"name": name, "value": value} for name, value in {**FIVE, "amount": "9.00 USD"}.items()]
        changed_type(ledger, "batch_control", "ADJMASS", parameters=changed)
        run(ledger, "ADJMASS", run_id)
        assert balances_of(ledger, account) == {"ELEC": 1500}
        with pytest.raises(RuleViolation, match="CMD-002"):
            run(ledger, "ADJMASS", run_id, amount="9.00 USD")


class TestWhoHoldsARun:
    def test_of_two_who_take_it_up_at_once_one_does_it(self, ledger: Ledger) -> None:
        run_id = uuid.uuid4().hex
        ask_for(ledger.door, "VERIFY", {}, run_id=run_id, user_id=SYSTEM.id)
        together, answers = threading.Barrier(4), []

        def take_up() -> None:
            own = Database(ledger.url)
            try:
                together.wait()
                answers.append(claim_run(own, run_id, "T", ledger.clock.now()).attempt)
            except RuleViolation as refused:
                answers.append(refused.codes[0])
            finally:
                own.close()

        threads = [threading.Thread(target=take_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, answers)) == ["1", "RUN-006", "RUN-006", "RUN-006"]

    def test_whoever_was_silent_too_long_has_lost_it(self, ledger: Ledger) -> None:
        run_id = uuid.uuid4().hex
        ask_for(ledger.door, "VERIFY", {}, run_id=run_id, user_id=SYSTEM.id)
        now = ledger.clock.now()
        first = claim_run(ledger.database, run_id, "FIRST", now)
        assert status_of(ledger, run_id) == "RUNNING"
        with pytest.raises(RuleViolation, match="RUN-006"):
            do_run(ledger.door, run_id, SYSTEM.id)
        ledger.database.connection.cursor().execute("UPDATE batch_run SET seen_at = seen_at - 61")
        ledger.database.connection.commit()
        assert status_of(ledger, run_id) == "INTERRUPTED"
        second = claim_run(ledger.database, run_id, "SECOND", now)
        for note in (note_progress, lambda database, held, *_: end_run(database, held, RunStatus.FINISHED, now)):
            with pytest.raises(RuleViolation, match="RUN-006"):
                note(ledger.database, first, 1, 2)
        note_progress(ledger.database, second, 1, 2)
        assert (status_of(ledger, run_id), second.attempt) == ("RUNNING", 2)

    def test_a_long_step_is_no_silence(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run_records, "BEAT", 0.01)
        run_id = uuid.uuid4().hex
        ask_for(ledger.door, "VERIFY", {}, run_id=run_id, user_id=SYSTEM.id)
        held = claim_run(ledger.database, run_id, "T", ledger.clock.now())
        ledger.database.connection.cursor().execute("UPDATE batch_run SET seen_at = 1")
        ledger.database.connection.commit()
        with run_records.signs_of_life(ledger.database, held):
            for _ in range(1000):
                if status_of(ledger, run_id) == "RUNNING":
                    break
                threading.Event().wait(0.01)
        assert status_of(ledger, run_id) == "RUNNING"


def broken(monkeypatch: pytest.MonkeyPatch, job: str, unit: int) -> None:
    """A job that writes its rows for a unit and then fails."""
    whole = chunked.chunked_jobs()[job]

    def work(*given: Any) -> Any:
        counted = whole.work(*given)
        if unit in given[2]:
            raise ValueError("after its rows were written")
        return counted

    changed = ChunkedJob(**{**{name: getattr(whole, name) for name in whole.__dataclass_fields__}, "work": work})
    monkeypatch.setattr(chunked, "chunked_jobs", lambda: {job: changed})


class TestWhoIsTold:
    def test_of_a_unit_once_until_a_later_run_does_it(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        account = an_account(ledger, owing="10.00")
        booked = FIVE | {"amount": "-10.00 USD"}
        run(ledger, "ADJMASS", **booked)
        ledger.clock.advance(days=400)
        with monkeypatch.context() as at_first:
            broken(at_first, "REDSAAMT", account.sa["ELEC"])
            for _ in range(2):
                assert run(ledger, "REDSAAMT").status == "FINISHED"
        ((status, account_id, text),) = ledger.rows("SELECT status, account_id, text FROM to_do")
        assert (status, account_id) == ("OPEN", account.id)
        assert text.startswith("REDSAAMT 1: BAT-005: A bug: ValueError")
        run(ledger, "REDSAAMT")
        ((status, command),) = ledger.rows(
            "SELECT to_do.status, journal.name FROM to_do JOIN journal ON journal.id = to_do.completed_in"
        )
        assert (status, command) == ("COMPLETE", "DoBatchChunk")

    def test_of_a_run_that_stopped_until_it_has_come_to_its_end(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = an_account(ledger, owing="10.00")
        set_up(ledger, batch_control=[{"code": "ADJMASS", "job": "adjust-in-mass", "chunk_size": 2, "most_errors": 0}])
        run_id = uuid.uuid4().hex
        with monkeypatch.context() as at_first:
            broken(at_first, "ADJMASS", account.sa["ELEC"])
            with pytest.raises(RuleViolation, match="BAT-008"):
                run(ledger, "ADJMASS", run_id, **FIVE)
        assert status_of(ledger, run_id) == "REFUSED"
        told = ledger.rows(f"SELECT text, status FROM to_do WHERE subject = 'run {run_id}'")
        assert told == [
            ("ADJMASS: BAT-008: 1 units could not be done; the run stopped. Look at its errors first.", "OPEN")
        ]
        assert run(ledger, "ADJMASS", run_id, **FIVE).status == "FINISHED"
        ((command,),) = ledger.rows(
            "SELECT journal.name FROM to_do JOIN journal ON journal.id = to_do.completed_in "
            f"WHERE subject = 'run {run_id}'"
        )
        assert command == "ResolveRun"

    def test_nobody_where_the_control_says_so(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        account = an_account(ledger, owing="10.00")
        set_up(ledger, batch_control=[{"code": "ADJMASS", "job": "adjust-in-mass", "to_do": False}])
        broken(monkeypatch, "ADJMASS", account.sa["ELEC"])
        run(ledger, "ADJMASS", **FIVE)
        assert ledger.rows("SELECT unit FROM batch_error") == [(account.sa["ELEC"],)]
        assert ledger.rows("SELECT id FROM to_do") == []

    def test_nobody_when_somebody_stops_it(self, ledger: Ledger) -> None:
        an_account(ledger, owing="10.00")
        watching = Watching(is_wanted=lambda: False)
        stopped = run_here(
            ledger.door, "ADJMASS", FIVE, run_id="d" * 32, user_id=SYSTEM.id, watching=watching, machine=ALONE
        )
        assert stopped.status == "INTERRUPTED"
        assert ledger.rows("SELECT id FROM to_do") == []
