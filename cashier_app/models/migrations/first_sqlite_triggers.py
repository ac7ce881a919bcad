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

CREATE TRIGGER protect_payment_event_update BEFORE UPDATE OF id, receipt_number, currency ON payment_event WHEN
OLD.receipt_number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LEDGER-001: payment_event is history and cannot be changed
or deleted'); END

CREATE TRIGGER protect_payment_event_delete BEFORE DELETE ON payment_event WHEN OLD.receipt_number IS NOT NULL BEGIN
SELECT RAISE(ABORT, 'LEDGER-001: payment_event is history and cannot be changed or deleted'); END

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

CREATE TRIGGER protect_credit_rating_entry_update BEFORE UPDATE ON credit_rating_entry BEGIN SELECT RAISE(ABORT,
'LEDGER-001: credit_rating_entry is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_credit_rating_entry_delete BEFORE DELETE ON credit_rating_entry BEGIN SELECT RAISE(ABORT,
'LEDGER-001: credit_rating_entry is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_import_run_update BEFORE UPDATE ON import_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: import_run
is history and cannot be changed or deleted'); END

CREATE TRIGGER protect_import_run_delete BEFORE DELETE ON import_run BEGIN SELECT RAISE(ABORT, 'LEDGER-001: import_run
is history and cannot be changed or deleted'); END
"""
