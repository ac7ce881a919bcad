"""Faults planted in the product on purpose: what the simulator and `verify` must find (R reliability P18).

Each is one small mistake that a programmer could make, put in place of one name of one module while a
simulation runs. A fault that is not found means that the tests are blind there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from cashier_app.simulation import mistakes, planted_back_office, planted_branches
from cashier_app.simulation.planting import PlantedFault, fault

PLANTED: dict[str, PlantedFault] = {
    each.name: each
    for each in (
        fault("no-command-id-check", "a command sent again is executed again under a new id",
               mistakes.forget_the_id, "kernel.door:Door.execute"),
        fault("command-id-without-content", "the same id with other content gives the first result",
               mistakes.take_any_content, "kernel.door:_first_outcome"),
        fault("journal-in-its-own-transaction", "effects are committed before the journal entry is written",
               mistakes.commit_before, "kernel.door:write_entry"),
        fault("commit-dropped", "success is told without a commit now and then",
               mistakes.roll_back_now_and_then, "kernel.door:Door._end"),
        fault("no-transaction", "statements run one by one",
               mistakes.begin_nothing, "kernel.door:Door._begin"),
        fault("synchronous-normal", "the file is not synced with each commit",
               mistakes.synchronous("NORMAL"), "kernel.database:prepare_sqlite"),
        fault("synchronous-off", "the file is never synced",
               mistakes.synchronous("OFF"), "kernel.database:prepare_sqlite"),
        fault("balance-forgotten", "an FT does not change its agreement's balance",
               mistakes.instead(mistakes.NO_CHANGE_OF_BALANCE), "accounting.ledger:_ADD_TO_BALANCE"),
        fault("balance-twice", "an FT changes its agreement's balance twice",
               mistakes.instead(mistakes.TWICE_THE_BALANCE), "accounting.ledger:_ADD_TO_BALANCE"),
        fault("drawer-total-not-kept", "tenders do not change what the drawer should hold",
               mistakes.do_nothing, "payments.events:add_to_totals"),
        fault("canceled-tender-stays", "a canceled tender still counts in the drawer",
               mistakes.do_nothing, "payments.cancellation:add_to_totals"),
        fault("turn-in-not-subtracted", "what was turned in still counts in the drawer",
               mistakes.count_only(taken_out=False), "cashiering.turn_ins:add_to_totals"),
        fault("float-forgotten", "a drawer's float does not count in what it should hold",
               mistakes.count_only(taken_out=True), "cashiering.tender_controls:add_to_totals"),
        fault("change-not-counted", "cash back is not taken from the drawer's total",
               mistakes.skip_change, "payments.events:_count"),
        fault("receipt-number-from-memory", "numbers are counted in memory, not in the transaction",
               mistakes.count_in_memory, "kernel.work:Work.next_numbers"),
        fault("reversal-with-wrong-sign", "a cancellation repeats the FT instead of undoing it",
               mistakes.keep_the_sign, "payments.cancellation:reversals"),
        fault("reversal-half", "only the first FT of a canceled payment is undone",
               mistakes.first_only, "payments.cancellation:reversals"),
        fault("gl-line-dropped", "the last GL line of a command is not written",
               mistakes.drop_a_line, "kernel.store:Store.write"),
        fault("gl-lines-of-nothing", "GL lines balance because all are zero",
               mistakes.book_nothing, "payments.events:segment_posts", "payments.event_editing:segment_posts"),
        fault("over-under-not-booked", "a difference is accepted without an event",
               mistakes.give(0), "cashiering.drawer_balancing:_book"),
        fault("payments-stay-frozen", "canceling a tender leaves its payments frozen",
               mistakes.do_nothing, "payments.cancellation:reverse_payments"),
        fault("unbalanced-event-freezes", "an event freezes though its tenders do not reach",
               mistakes.do_nothing, "payments.taking:_require_freezable"),
        fault("settle-skipped", "an event forgets to note by how much it is unbalanced",
               mistakes.do_nothing, "payments.cancellation:settle", "payments.event_editing:settle",
               "payments.transfer:settle"),
        fault("hash-without-content", "a journal entry's hash leaves its content out",
               mistakes.hash_without_content, "kernel.journaling:entry_hash"),
        fault("update-not-journaled", "changes of rows are made but not recorded",
               mistakes.record_insertions_only, "kernel.store:Store.write"),
        fault("expected-shown-while-blind", "the owner of a blind drawer sees what it should hold",
               mistakes.show_everything, "cashiering.drawer_statements:drawer_statement"),
        fault("grand-total-reset", "a drawer's balancing starts the grand total anew",
               mistakes.reset_the_grand_total, "cashiering.drawer_balancing:seal_drawer"),
        fault("z-report-without-chain", "a Z report's hash does not cover the one before",
               mistakes.hash_of_its_own, "cashiering.z_reports:z_hash"),
        fault("seal-of-another-entry", "a seal names the wrong entry",
               mistakes.seal_one_too_far, "administration.seals:_seal"),
        fault("others-drawers-open-to-all", "anybody may close anybody's drawer",
               mistakes.give_the_drawer, "cashiering.drawer_balancing:require_own", "payments.drawers:require_own"),
        fault("cancel-without-second-person", "a cashier cancels cash alone",
               mistakes.do_nothing, "payments.cancellation:require_may_cancel"),
        fault("rights-not-checked", "every command is everybody's",
               mistakes.do_nothing, "kernel.door:_check_right"),
        fault("closed-period-open", "accounting dates are not held against the calendar",
               mistakes.do_nothing, "kernel.configuration:Configuration.require_open"),
        fault("transfer-without-reversal", "a transferred payment stays with its first account too",
               mistakes.do_nothing, "payments.transfer:reverse_payments"),
        fault("preview-keeps-numbers", "a preview commits what it tried",
               mistakes.commit_always, "kernel.door:Door._end"),
        *planted_back_office.FAULTS,
        *planted_branches.FAULTS,
    )
}  # fmt: skip


@contextlib.contextmanager
def planted(name: str) -> Iterator[PlantedFault]:
    """The product with a mistake in it, for the time of the block."""
    found = PLANTED[name]
    with contextlib.ExitStack() as stack:
        for module, target in found.spots:
            owner: Any = import_module(f"cashier_app.services.{module}")
            *path, last = target.split(".")
            for part in path:
                owner = getattr(owner, part)
            before = getattr(owner, last)
            setattr(owner, last, found.make(before))
            stack.callback(setattr, owner, last, before)
        yield found
