"""Faults planted between branches and their server, as data (R reliability P18)."""

from __future__ import annotations

from cashier_app.simulation import branch_mistakes as wrong
from cashier_app.simulation import mistakes
from cashier_app.simulation.planting import Make, PlantedFault, fault


def _fault(name: str, what: str, make: Make, *spots: str) -> PlantedFault:
    return fault(name, what, make, *(f"branches.{spot}" for spot in spots), at_branches=True)


FAULTS = (
    _fault("outbox-marked-before-the-reply", "commands count as sent as soon as they leave the branch",
           wrong.mark_before_the_reply, "exchange:Exchange._next"),
    _fault("answer-taken-for-a-receipt", "any answer confirms everything that the branch has",
           wrong.believe_all_has_arrived, "exchange:Exchange._take_stand"),
    _fault("restore-not-noticed", "a branch does not believe that the server has less than it had",
           wrong.never_go_back, "exchange:Exchange._take_stand"),
    _fault("gap-accepted", "the server takes entries whose forerunners are missing",
           wrong.take_with_a_gap, "receiving:_fresh_entries"),
    _fault("hash-not-compared", "the server does not prove that entries follow from those before",
           wrong.compare_no_hash, "receiving:_fresh_entries"),
    _fault("known-entries-applied-again", "entries that have arrived before are written once more",
           wrong.apply_known_entries, "receiving:_fresh_entries"),
    _fault("takings-counted-twice", "what a branch took is added twice to its grand total",
           wrong.count_takings_twice, "arrived:add_takings"),
    _fault("totals-not-rebuilt", "drawers' totals stay as they were when rows of a branch arrive",
           wrong.write_rows_only, "receiving:write_rows"),
    _fault("booking-skipped", "what arrives is not booked",
           mistakes.give((0, 0)), "receiving:book"),
    _fault("booking-skipped-on-resend", "a delivery that begins like an earlier one is not booked",
           wrong.book_only_once, "receiving:book"),
    _fault("booked-in-its-own-transaction", "what arrived is committed before it is booked",
           wrong.book_later, "receiving:book"),
    _fault("booked-twice", "a payment that was booked is booked once more when it is taken back",
           wrong.book_what_is_canceled, "booking:_Booking._waits"),
    _fault("canceled-stays-booked", "a visit that was taken back at the branch stays in the books",
           mistakes.do_nothing, "booking:_Booking.reverse"),
    _fault("cursor-is-a-number", "a cursor from before a restore is taken for one of after it",
           wrong.same_sequence_is_enough, "feed:is_forgotten"),
    _fault("cursor-before-content", "the branch notes that it knows something before it has written it",
           wrong.note_the_cursor_first, "exchange:Exchange._look"),
    _fault("directory-misses-one", "the last of the accounts that changed is not told",
           wrong.leave_the_last_out, "service:directory_of"),
    _fault("booking-not-told", "the branch does not keep what the server made of its events",
           mistakes.do_nothing, "exchange:keep_booked"),
    _fault("ordered-by-time", "commands are sent in the order of their times",
           wrong.order_by_time, "exchange:gather"),
    _fault("doubtful-times-refused", "the server refuses what a wrong clock has dated",
           wrong.refuse_doubtful_times, "receiving:_doubt"),
    _fault("forgotten-account-refused", "what was paid for an account that a restored server has forgotten is refused",
           wrong.change_nothing, "forgotten:Forgotten.replaced"),
    fault("one-receipt-series", "receipts of two branches are numbered in one series",
          wrong.one_series_for_all, "payments.events:next_receipt_numbers", at_branches=True),
    fault("branch-books-itself", "a branch freezes what only the server may book",
          mistakes.give("FROZEN"), "payments.distribution:final_status", "cashiering.house_events:final_status",
          at_branches=True),
    fault("drawers-of-others-open", "a branch opens drawers of the office and of other branches",
          mistakes.do_nothing, "cashiering.tender_controls:_require_here", at_branches=True),
    fault("deposit-before-sync", "a deposit is handed over before the server has heard of it",
          mistakes.do_nothing, "cashiering.deposit_controls:require_all_arrived", at_branches=True),
)  # fmt: skip
"""Each is found within 1,000 cashier-days of three branches."""
