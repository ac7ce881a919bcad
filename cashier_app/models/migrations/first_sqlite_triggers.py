"""The first ledger on SQLite, as released: triggers. Never edited again."""

STATEMENTS = """
CREATE TRIGGER protect_financial_transaction_update BEFORE UPDATE OF id, kind, source_id, reverses_ft_id, sa_id,
currency, cis_division, gl_division, current_amount, payoff_amount, accounting_date, frozen_at, frozen_by, correction,
show_on_bill, not_in_arrears, gl_date, journal_id, algorithm ON financial_transaction WHEN OLD.frozen_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'LEDGER-001: financial_transaction is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_financial_transaction_delete BEFORE DELETE ON financial_transaction WHEN OLD.frozen_at IS NOT
NULL BEGIN SELECT RAISE(ABORT, 'LEDGER-001: financial_transaction is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_line_update BEFORE UPDATE OF ft_id, line, distribution_code, amount, statistic_quantity ON
gl_line WHEN EXISTS (SELECT 1 FROM financial_transaction f WHERE f.id = OLD.ft_id AND f.frozen_at IS NOT NULL) BEGIN
SELECT RAISE(ABORT, 'LEDGER-001: gl_line is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_line_delete BEFORE DELETE ON gl_line WHEN EXISTS (SELECT 1 FROM financial_transaction f
WHERE f.id = OLD.ft_id AND f.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_line is history and
cannot be changed or deleted'); END

CREATE TRIGGER protect_payment_update BEFORE UPDATE OF id, event_id, account_id, amount, currency ON payment WHEN
OLD.status IN ('RECORDED', 'FROZEN', 'CANCELED') BEGIN SELECT RAISE(ABORT, 'LEDGER-001: payment is history and cannot
be changed or deleted'); END

CREATE TRIGGER protect_payment_delete BEFORE DELETE ON payment WHEN OLD.status IN ('RECORDED', 'FROZEN', 'CANCELED')
BEGIN SELECT RAISE(ABORT, 'LEDGER-001: payment is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_payment_segment_update BEFORE UPDATE ON payment_segment WHEN EXISTS (SELECT 1 FROM payment p
WHERE p.id = OLD.payment_id AND p.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
payment_segment is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_payment_segment_delete BEFORE DELETE ON payment_segment WHEN EXISTS (SELECT 1 FROM payment p
WHERE p.id = OLD.payment_id AND p.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
payment_segment is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_tender_update BEFORE UPDATE OF id, event_id, tender_type, amount, tender_control_id ON tender
WHEN EXISTS (SELECT 1 FROM payment p WHERE p.event_id = OLD.event_id AND p.status IN ('RECORDED', 'FROZEN',
'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001: tender is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_tender_delete BEFORE DELETE ON tender WHEN EXISTS (SELECT 1 FROM payment p WHERE p.event_id =
OLD.event_id AND p.status IN ('RECORDED', 'FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001: tender is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_adjustment_update BEFORE UPDATE OF id, sa_id, adjustment_type, amount, currency ON adjustment
WHEN OLD.status IN ('FROZEN', 'CANCELED') BEGIN SELECT RAISE(ABORT, 'LEDGER-001: adjustment is history and cannot be
changed or deleted'); END

CREATE TRIGGER protect_adjustment_delete BEFORE DELETE ON adjustment WHEN OLD.status IN ('FROZEN', 'CANCELED') BEGIN
SELECT RAISE(ABORT, 'LEDGER-001: adjustment is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_adjustment_line_update BEFORE UPDATE ON adjustment_line WHEN EXISTS (SELECT 1 FROM adjustment a
WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
adjustment_line is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_adjustment_line_delete BEFORE DELETE ON adjustment_line WHEN EXISTS (SELECT 1 FROM adjustment a
WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
adjustment_line is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_adjustment_characteristic_update BEFORE UPDATE ON adjustment_characteristic WHEN EXISTS (SELECT
1 FROM adjustment a WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT,
'LEDGER-001: adjustment_characteristic is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_adjustment_characteristic_delete BEFORE DELETE ON adjustment_characteristic WHEN EXISTS (SELECT
1 FROM adjustment a WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) BEGIN SELECT RAISE(ABORT,
'LEDGER-001: adjustment_characteristic is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_request_update BEFORE UPDATE OF id, adjustment_id, adjustment_type, sa_id, amount,
currency, requested_by, requested_at ON approval_request BEGIN SELECT RAISE(ABORT, 'LEDGER-001: approval_request is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_request_delete BEFORE DELETE ON approval_request BEGIN SELECT RAISE(ABORT,
'LEDGER-001: approval_request is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_level_update BEFORE UPDATE ON approval_level WHEN OLD.outcome <> '' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: approval_level is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_level_delete BEFORE DELETE ON approval_level WHEN OLD.outcome <> '' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: approval_level is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_match_event_update BEFORE UPDATE OF id, account_id, created_on, created_in ON match_event BEGIN
SELECT RAISE(ABORT, 'LEDGER-001: match_event is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_match_event_delete BEFORE DELETE ON match_event BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
match_event is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_run_update BEFORE UPDATE ON gl_run WHEN OLD.status = 'CLOSED' BEGIN SELECT RAISE(ABORT,
'LEDGER-001: gl_run is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_run_delete BEFORE DELETE ON gl_run WHEN OLD.status = 'CLOSED' BEGIN SELECT RAISE(ABORT,
'LEDGER-001: gl_run is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_chunk_update BEFORE UPDATE ON gl_chunk WHEN OLD.status = 'STAGED' BEGIN SELECT RAISE(ABORT,
'LEDGER-001: gl_chunk is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_chunk_delete BEFORE DELETE ON gl_chunk WHEN OLD.status = 'STAGED' BEGIN SELECT RAISE(ABORT,
'LEDGER-001: gl_chunk is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_plan_update BEFORE UPDATE ON batch_plan WHEN OLD.status = 'FINISHED' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: batch_plan is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_plan_delete BEFORE DELETE ON batch_plan WHEN OLD.status = 'FINISHED' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: batch_plan is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_chunk_update BEFORE UPDATE ON batch_chunk WHEN OLD.status = 'DONE' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: batch_chunk is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_chunk_delete BEFORE DELETE ON batch_chunk WHEN OLD.status = 'DONE' BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: batch_chunk is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_held_update BEFORE UPDATE ON gl_held WHEN OLD.sent_run_id IS NOT NULL BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: gl_held is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_held_delete BEFORE DELETE ON gl_held WHEN OLD.sent_run_id IS NOT NULL BEGIN SELECT
RAISE(ABORT, 'LEDGER-001: gl_held is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_check_request_update BEFORE UPDATE OF id, adjustment_id, account_id, amount, currency, payee,
address, cut_date ON check_request BEGIN SELECT RAISE(ABORT, 'LEDGER-001: check_request is history and cannot be
changed or deleted'); END

CREATE TRIGGER protect_check_request_delete BEFORE DELETE ON check_request BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
check_request is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_payment_event_update BEFORE UPDATE OF id, receipt_number, currency ON payment_event WHEN
OLD.receipt_number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LEDGER-001: payment_event is history and cannot be changed
or deleted'); END

CREATE TRIGGER protect_payment_event_delete BEFORE DELETE ON payment_event WHEN OLD.receipt_number IS NOT NULL BEGIN
SELECT RAISE(ABORT, 'LEDGER-001: payment_event is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_credit_rating_entry_update BEFORE UPDATE ON credit_rating_entry WHEN NOT EXISTS (SELECT 1 FROM
branch_link) BEGIN SELECT RAISE(ABORT, 'LEDGER-001: credit_rating_entry is history and cannot be changed or deleted');
END

CREATE TRIGGER protect_credit_rating_entry_delete BEFORE DELETE ON credit_rating_entry WHEN NOT EXISTS (SELECT 1 FROM
branch_link) BEGIN SELECT RAISE(ABORT, 'LEDGER-001: credit_rating_entry is history and cannot be changed or deleted');
END

CREATE TRIGGER protect_journal_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'LEDGER-001: journal is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_journal_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'LEDGER-001: journal is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_journal_part_update BEFORE UPDATE ON journal_part BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
journal_part is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_journal_part_delete BEFORE DELETE ON journal_part BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
journal_part is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_journal_shape_update BEFORE UPDATE ON journal_shape BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
journal_shape is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_journal_shape_delete BEFORE DELETE ON journal_shape BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
journal_shape is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_seal_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'LEDGER-001: seal is history and
cannot be changed or deleted'); END

CREATE TRIGGER protect_seal_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'LEDGER-001: seal is history and
cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_report_update BEFORE UPDATE ON drawer_report BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_report is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_report_delete BEFORE DELETE ON drawer_report BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_report is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_count_update BEFORE UPDATE ON drawer_count BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_count is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_count_delete BEFORE DELETE ON drawer_count BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_count is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_count_line_update BEFORE UPDATE ON drawer_count_line BEGIN SELECT RAISE(ABORT,
'LEDGER-001: drawer_count_line is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_count_line_delete BEFORE DELETE ON drawer_count_line BEGIN SELECT RAISE(ABORT,
'LEDGER-001: drawer_count_line is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_tender_control_count_update BEFORE UPDATE ON tender_control_count BEGIN SELECT RAISE(ABORT,
'LEDGER-001: tender_control_count is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_tender_control_count_delete BEFORE DELETE ON tender_control_count BEGIN SELECT RAISE(ABORT,
'LEDGER-001: tender_control_count is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_receipt_print_update BEFORE UPDATE ON receipt_print BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
receipt_print is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_receipt_print_delete BEFORE DELETE ON receipt_print BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
receipt_print is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_receipt_print_failure_update BEFORE UPDATE ON receipt_print_failure BEGIN SELECT RAISE(ABORT,
'LEDGER-001: receipt_print_failure is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_receipt_print_failure_delete BEFORE DELETE ON receipt_print_failure BEGIN SELECT RAISE(ABORT,
'LEDGER-001: receipt_print_failure is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_opening_update BEFORE UPDATE ON drawer_opening BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_opening is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_drawer_opening_delete BEFORE DELETE ON drawer_opening BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
drawer_opening is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_control_note_update BEFORE UPDATE ON control_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
control_note is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_control_note_delete BEFORE DELETE ON control_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
control_note is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_import_run_update BEFORE UPDATE ON import_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: import_run
is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_import_run_delete BEFORE DELETE ON import_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: import_run
is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_note_update BEFORE UPDATE ON approval_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
approval_note is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_approval_note_delete BEFORE DELETE ON approval_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
approval_note is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_to_do_note_update BEFORE UPDATE ON to_do_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001: to_do_note
is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_to_do_note_delete BEFORE DELETE ON to_do_note BEGIN SELECT RAISE(ABORT, 'LEDGER-001: to_do_note
is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_staged_update BEFORE UPDATE ON gl_staged BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_staged is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_staged_delete BEFORE DELETE ON gl_staged BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_staged is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_entry_update BEFORE UPDATE ON gl_entry BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_entry is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_entry_delete BEFORE DELETE ON gl_entry BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_entry is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_file_update BEFORE UPDATE ON gl_file BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_file is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_gl_file_delete BEFORE DELETE ON gl_file BEGIN SELECT RAISE(ABORT, 'LEDGER-001: gl_file is
history and cannot be changed or deleted'); END

CREATE TRIGGER protect_ap_run_update BEFORE UPDATE ON ap_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: ap_run is history
and cannot be changed or deleted'); END

CREATE TRIGGER protect_ap_run_delete BEFORE DELETE ON ap_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: ap_run is history
and cannot be changed or deleted'); END

CREATE TRIGGER protect_check_response_update BEFORE UPDATE ON check_response BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
check_response is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_check_response_delete BEFORE DELETE ON check_response BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
check_response is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_error_update BEFORE UPDATE ON batch_error BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
batch_error is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_batch_error_delete BEFORE DELETE ON batch_error BEGIN SELECT RAISE(ABORT, 'LEDGER-001:
batch_error is history and cannot be changed or deleted'); END
"""
