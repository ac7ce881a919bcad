"""Faults planted in the back office, as data (R reliability P18)."""

from __future__ import annotations

from cashier_app.simulation import back_office_mistakes as wrong
from cashier_app.simulation import mistakes
from cashier_app.simulation.planting import fault

FAULTS = (
    fault("own-request-approved", "anybody approves anything, also what they submitted themselves",
          mistakes.do_nothing, "approvals.deciding:_require_approver"),
    fault("level-not-compared", "an approval meant for one level counts for the next",
          mistakes.do_nothing, "approvals.deciding:_require_seen"),
    fault("approval-not-needed", "what must be approved freezes by hand",
          mistakes.give(False), "adjustments.freezing:needs_approval"),
    fault("rejected-stays", "a rejected adjustment stays, and can freeze",
          mistakes.give([]), "approvals.deciding:delete"),
    fault("approved-does-not-count", "the last approval freezes nothing",
          wrong.leave_waiting, "approvals.deciding:settle_approved"),
    fault("submitted-can-be-changed", "what waits for an approval is deleted and generated again",
          mistakes.do_nothing, "adjustments.deleting:require_unlocked", "adjustments.facts:require_unlocked"),
    fault("entry-left-on-the-list", "what was decided is still to be done",
          mistakes.do_nothing, "approvals.deciding:complete_entries"),
    fault("half-a-transfer-frozen", "only the named half of a transfer freezes",
          wrong.only_the_half_that_was_named, "adjustments.freezing:with_other_halves"),
    fault("half-a-transfer-canceled", "only the named half of a transfer is taken back",
          wrong.only_the_half_that_was_named, "adjustments.canceling:with_other_halves"),
    fault("half-a-transfer-deleted", "only the named half of a transfer is deleted",
          wrong.only_the_half_that_was_named, "adjustments.deleting:with_other_halves"),
    fault("unfrozen-left-behind", "what freezes leaves its unfrozen FT behind",
          mistakes.do_nothing, "adjustments.freezing:remove_unfrozen"),
    fault("canceled-without-reversal", "a canceled adjustment stays in the balance",
          mistakes.do_nothing, "adjustments.canceling:freeze_fts"),
    fault("sent-to-the-ledger-twice", "each run of the general ledger begins at the beginning",
          wrong.begin_anew, "general_ledger.runs:_new"),
    fault("passed-over-by-the-ledger", "each run of the general ledger leaves out the first that has not gone",
          wrong.skip_the_first, "general_ledger.runs:_new"),
    fault("old-taken-for-redundant", "whatever is old is marked as canceled out",
          wrong.mark_whatever_is_old, "batch.redundant_marking:_canceled_out"),
    fault("every-copy-an-original", "a receipt that came out is printed as the original once more",
          mistakes.give(0), "payments.receipts:_next_copy"),
)  # fmt: skip
