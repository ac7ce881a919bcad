"""The first ledger on PostgreSQL, as released: triggers. Never edited again."""

STATEMENTS = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'LEDGER-001: %
is history and cannot be changed or deleted', TG_TABLE_NAME USING ERRCODE = '23514'; END $$

CREATE TRIGGER protect_financial_transaction_update BEFORE UPDATE OF id, kind, source_id, reverses_ft_id, sa_id,
currency, cis_division, gl_division, current_amount, payoff_amount, accounting_date, frozen_at, frozen_by, correction,
show_on_bill, not_in_arrears, gl_date, journal_id, algorithm ON financial_transaction FOR EACH ROW WHEN (OLD.frozen_at
IS NOT NULL) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_financial_transaction_delete BEFORE DELETE ON financial_transaction FOR EACH ROW WHEN
(OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_financial_transaction_truncate BEFORE TRUNCATE ON financial_transaction FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()

CREATE OR REPLACE FUNCTION protect_gl_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM
financial_transaction f WHERE f.id = OLD.ft_id AND f.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'LEDGER-001: gl_line
is history and cannot be changed or deleted' USING ERRCODE = '23514'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END
IF; RETURN NEW; END $$

CREATE TRIGGER protect_gl_line_update BEFORE UPDATE OF ft_id, line, distribution_code, amount, statistic_quantity ON
gl_line FOR EACH ROW EXECUTE FUNCTION protect_gl_line()

CREATE TRIGGER protect_gl_line_delete BEFORE DELETE ON gl_line FOR EACH ROW EXECUTE FUNCTION protect_gl_line()

CREATE TRIGGER protect_gl_line_truncate BEFORE TRUNCATE ON gl_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_payment_update BEFORE UPDATE OF id, event_id, account_id, amount, currency ON payment FOR EACH
ROW WHEN (OLD.status IN ('RECORDED', 'FROZEN', 'CANCELED')) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_payment_delete BEFORE DELETE ON payment FOR EACH ROW WHEN (OLD.status IN ('RECORDED', 'FROZEN',
'CANCELED')) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_payment_truncate BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE OR REPLACE FUNCTION protect_payment_segment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1
FROM payment p WHERE p.id = OLD.payment_id AND p.status IN ('FROZEN', 'CANCELED')) THEN RAISE EXCEPTION 'LEDGER-001:
payment_segment is history and cannot be changed or deleted' USING ERRCODE = '23514'; END IF; IF TG_OP = 'DELETE' THEN
RETURN OLD; END IF; RETURN NEW; END $$

CREATE TRIGGER protect_payment_segment_update BEFORE UPDATE ON payment_segment FOR EACH ROW EXECUTE FUNCTION
protect_payment_segment()

CREATE TRIGGER protect_payment_segment_delete BEFORE DELETE ON payment_segment FOR EACH ROW EXECUTE FUNCTION
protect_payment_segment()

CREATE TRIGGER protect_payment_segment_truncate BEFORE TRUNCATE ON payment_segment FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE OR REPLACE FUNCTION protect_tender() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM
payment p WHERE p.event_id = OLD.event_id AND p.status IN ('RECORDED', 'FROZEN', 'CANCELED')) THEN RAISE EXCEPTION
'LEDGER-001: tender is history and cannot be changed or deleted' USING ERRCODE = '23514'; END IF; IF TG_OP = 'DELETE'
THEN RETURN OLD; END IF; RETURN NEW; END $$

CREATE TRIGGER protect_tender_update BEFORE UPDATE OF id, event_id, tender_type, amount, tender_control_id ON tender
FOR EACH ROW EXECUTE FUNCTION protect_tender()

CREATE TRIGGER protect_tender_delete BEFORE DELETE ON tender FOR EACH ROW EXECUTE FUNCTION protect_tender()

CREATE TRIGGER protect_tender_truncate BEFORE TRUNCATE ON tender FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_adjustment_update BEFORE UPDATE OF id, sa_id, adjustment_type, amount, currency ON adjustment
FOR EACH ROW WHEN (OLD.status IN ('FROZEN', 'CANCELED')) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_adjustment_delete BEFORE DELETE ON adjustment FOR EACH ROW WHEN (OLD.status IN ('FROZEN',
'CANCELED')) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_adjustment_truncate BEFORE TRUNCATE ON adjustment FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE OR REPLACE FUNCTION protect_adjustment_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1
FROM adjustment a WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) THEN RAISE EXCEPTION
'LEDGER-001: adjustment_line is history and cannot be changed or deleted' USING ERRCODE = '23514'; END IF; IF TG_OP =
'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$

CREATE TRIGGER protect_adjustment_line_update BEFORE UPDATE ON adjustment_line FOR EACH ROW EXECUTE FUNCTION
protect_adjustment_line()

CREATE TRIGGER protect_adjustment_line_delete BEFORE DELETE ON adjustment_line FOR EACH ROW EXECUTE FUNCTION
protect_adjustment_line()

CREATE TRIGGER protect_adjustment_line_truncate BEFORE TRUNCATE ON adjustment_line FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE OR REPLACE FUNCTION protect_adjustment_characteristic() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS
(SELECT 1 FROM adjustment a WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED')) THEN RAISE
EXCEPTION 'LEDGER-001: adjustment_characteristic is history and cannot be changed or deleted' USING ERRCODE = '23514';
END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$

CREATE TRIGGER protect_adjustment_characteristic_update BEFORE UPDATE ON adjustment_characteristic FOR EACH ROW
EXECUTE FUNCTION protect_adjustment_characteristic()

CREATE TRIGGER protect_adjustment_characteristic_delete BEFORE DELETE ON adjustment_characteristic FOR EACH ROW
EXECUTE FUNCTION protect_adjustment_characteristic()

CREATE TRIGGER protect_adjustment_characteristic_truncate BEFORE TRUNCATE ON adjustment_characteristic FOR EACH
STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_approval_request_update BEFORE UPDATE OF id, adjustment_id, adjustment_type, sa_id, amount,
currency, requested_by, requested_at ON approval_request FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_approval_request_delete BEFORE DELETE ON approval_request FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_approval_request_truncate BEFORE TRUNCATE ON approval_request FOR EACH STATEMENT EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_approval_level_update BEFORE UPDATE ON approval_level FOR EACH ROW WHEN (OLD.outcome <> '')
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_approval_level_delete BEFORE DELETE ON approval_level FOR EACH ROW WHEN (OLD.outcome <> '')
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_approval_level_truncate BEFORE TRUNCATE ON approval_level FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_match_event_update BEFORE UPDATE OF id, account_id, created_on, created_in ON match_event FOR
EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_match_event_delete BEFORE DELETE ON match_event FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_match_event_truncate BEFORE TRUNCATE ON match_event FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_gl_run_update BEFORE UPDATE ON gl_run FOR EACH ROW WHEN (OLD.status = 'CLOSED') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_run_delete BEFORE DELETE ON gl_run FOR EACH ROW WHEN (OLD.status = 'CLOSED') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_run_truncate BEFORE TRUNCATE ON gl_run FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_chunk_update BEFORE UPDATE ON gl_chunk FOR EACH ROW WHEN (OLD.status = 'STAGED') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_chunk_delete BEFORE DELETE ON gl_chunk FOR EACH ROW WHEN (OLD.status = 'STAGED') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_chunk_truncate BEFORE TRUNCATE ON gl_chunk FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_batch_plan_update BEFORE UPDATE ON batch_plan FOR EACH ROW WHEN (OLD.status = 'FINISHED')
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_batch_plan_delete BEFORE DELETE ON batch_plan FOR EACH ROW WHEN (OLD.status = 'FINISHED')
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_batch_plan_truncate BEFORE TRUNCATE ON batch_plan FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_batch_chunk_update BEFORE UPDATE ON batch_chunk FOR EACH ROW WHEN (OLD.status = 'DONE') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_batch_chunk_delete BEFORE DELETE ON batch_chunk FOR EACH ROW WHEN (OLD.status = 'DONE') EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_batch_chunk_truncate BEFORE TRUNCATE ON batch_chunk FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_gl_held_update BEFORE UPDATE ON gl_held FOR EACH ROW WHEN (OLD.sent_run_id IS NOT NULL) EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_held_delete BEFORE DELETE ON gl_held FOR EACH ROW WHEN (OLD.sent_run_id IS NOT NULL) EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_gl_held_truncate BEFORE TRUNCATE ON gl_held FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_check_request_update BEFORE UPDATE OF id, adjustment_id, account_id, amount, currency, payee,
address, cut_date ON check_request FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_check_request_delete BEFORE DELETE ON check_request FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_check_request_truncate BEFORE TRUNCATE ON check_request FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_payment_event_update BEFORE UPDATE OF id, receipt_number, currency ON payment_event FOR EACH
ROW WHEN (OLD.receipt_number IS NOT NULL) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_payment_event_delete BEFORE DELETE ON payment_event FOR EACH ROW WHEN (OLD.receipt_number IS
NOT NULL) EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_payment_event_truncate BEFORE TRUNCATE ON payment_event FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE OR REPLACE FUNCTION protect_credit_rating_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS
(SELECT 1 FROM branch_link) THEN RAISE EXCEPTION 'LEDGER-001: credit_rating_entry is history and cannot be changed or
deleted' USING ERRCODE = '23514'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$

CREATE TRIGGER protect_credit_rating_entry_update BEFORE UPDATE ON credit_rating_entry FOR EACH ROW EXECUTE FUNCTION
protect_credit_rating_entry()

CREATE TRIGGER protect_credit_rating_entry_delete BEFORE DELETE ON credit_rating_entry FOR EACH ROW EXECUTE FUNCTION
protect_credit_rating_entry()

CREATE TRIGGER protect_credit_rating_entry_truncate BEFORE TRUNCATE ON credit_rating_entry FOR EACH STATEMENT EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_journal_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_journal_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_journal_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_journal_part_update BEFORE UPDATE ON journal_part FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_journal_part_delete BEFORE DELETE ON journal_part FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_journal_part_truncate BEFORE TRUNCATE ON journal_part FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_journal_shape_update BEFORE UPDATE ON journal_shape FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_journal_shape_delete BEFORE DELETE ON journal_shape FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_journal_shape_truncate BEFORE TRUNCATE ON journal_shape FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_seal_update BEFORE UPDATE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_seal_delete BEFORE DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_seal_truncate BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_drawer_report_update BEFORE UPDATE ON drawer_report FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_report_delete BEFORE DELETE ON drawer_report FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_report_truncate BEFORE TRUNCATE ON drawer_report FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_count_update BEFORE UPDATE ON drawer_count FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_drawer_count_delete BEFORE DELETE ON drawer_count FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_drawer_count_truncate BEFORE TRUNCATE ON drawer_count FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_count_line_update BEFORE UPDATE ON drawer_count_line FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_count_line_delete BEFORE DELETE ON drawer_count_line FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_count_line_truncate BEFORE TRUNCATE ON drawer_count_line FOR EACH STATEMENT EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_tender_control_count_update BEFORE UPDATE ON tender_control_count FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_tender_control_count_delete BEFORE DELETE ON tender_control_count FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_tender_control_count_truncate BEFORE TRUNCATE ON tender_control_count FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_receipt_print_update BEFORE UPDATE ON receipt_print FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_receipt_print_delete BEFORE DELETE ON receipt_print FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_receipt_print_truncate BEFORE TRUNCATE ON receipt_print FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_receipt_print_failure_update BEFORE UPDATE ON receipt_print_failure FOR EACH ROW EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_receipt_print_failure_delete BEFORE DELETE ON receipt_print_failure FOR EACH ROW EXECUTE
FUNCTION refuse_change()

CREATE TRIGGER protect_receipt_print_failure_truncate BEFORE TRUNCATE ON receipt_print_failure FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_drawer_opening_update BEFORE UPDATE ON drawer_opening FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_opening_delete BEFORE DELETE ON drawer_opening FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_drawer_opening_truncate BEFORE TRUNCATE ON drawer_opening FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_control_note_update BEFORE UPDATE ON control_note FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_control_note_delete BEFORE DELETE ON control_note FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_control_note_truncate BEFORE TRUNCATE ON control_note FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_import_run_update BEFORE UPDATE ON import_run FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_import_run_delete BEFORE DELETE ON import_run FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_import_run_truncate BEFORE TRUNCATE ON import_run FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_approval_note_update BEFORE UPDATE ON approval_note FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_approval_note_delete BEFORE DELETE ON approval_note FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_approval_note_truncate BEFORE TRUNCATE ON approval_note FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_to_do_note_update BEFORE UPDATE ON to_do_note FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_to_do_note_delete BEFORE DELETE ON to_do_note FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_to_do_note_truncate BEFORE TRUNCATE ON to_do_note FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_gl_staged_update BEFORE UPDATE ON gl_staged FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_staged_delete BEFORE DELETE ON gl_staged FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_staged_truncate BEFORE TRUNCATE ON gl_staged FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_gl_entry_update BEFORE UPDATE ON gl_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_entry_delete BEFORE DELETE ON gl_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_entry_truncate BEFORE TRUNCATE ON gl_entry FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_gl_file_update BEFORE UPDATE ON gl_file FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_file_delete BEFORE DELETE ON gl_file FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_gl_file_truncate BEFORE TRUNCATE ON gl_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_ap_run_update BEFORE UPDATE ON ap_run FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_ap_run_delete BEFORE DELETE ON ap_run FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_ap_run_truncate BEFORE TRUNCATE ON ap_run FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_check_response_update BEFORE UPDATE ON check_response FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_check_response_delete BEFORE DELETE ON check_response FOR EACH ROW EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_check_response_truncate BEFORE TRUNCATE ON check_response FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()

CREATE TRIGGER protect_batch_error_update BEFORE UPDATE ON batch_error FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_batch_error_delete BEFORE DELETE ON batch_error FOR EACH ROW EXECUTE FUNCTION refuse_change()

CREATE TRIGGER protect_batch_error_truncate BEFORE TRUNCATE ON batch_error FOR EACH STATEMENT EXECUTE FUNCTION
refuse_change()
"""
