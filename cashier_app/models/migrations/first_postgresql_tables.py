"""The first ledger on PostgreSQL, as released: tables. Never edited again."""

STATEMENTS = """
CREATE TABLE ap_run ( id BIGINT NOT NULL, number BIGINT NOT NULL, batch_code TEXT NOT NULL, business_date DATE NOT
NULL, started_at TIMESTAMP WITH TIME ZONE NOT NULL, started_by BIGINT NOT NULL, request_count BIGINT NOT NULL, layout
TEXT NOT NULL, byte_count BIGINT NOT NULL, digest TEXT NOT NULL, CONSTRAINT pk_ap_run PRIMARY KEY (id), CONSTRAINT
uq_ap_run_number UNIQUE (number) )

CREATE TABLE app_user ( id BIGINT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, password_hash TEXT NOT NULL,
active BOOLEAN NOT NULL, failed_sign_ins INTEGER DEFAULT '0' NOT NULL, locked_until TIMESTAMP WITH TIME ZONE,
last_used DATE, language TEXT DEFAULT 'en' NOT NULL, e_mail TEXT DEFAULT '' NOT NULL, second_factor TEXT DEFAULT ''
NOT NULL, last_step BIGINT DEFAULT '0' NOT NULL, CONSTRAINT pk_app_user PRIMARY KEY (id), CONSTRAINT uq_app_user_login
UNIQUE (login) )

CREATE TABLE batch_plan ( run_id TEXT NOT NULL, batch_code TEXT NOT NULL, job TEXT NOT NULL, number BIGINT NOT NULL,
parameters TEXT NOT NULL, business_date DATE NOT NULL, status TEXT NOT NULL, planned_at TIMESTAMP WITH TIME ZONE NOT
NULL, planned_by BIGINT NOT NULL, chunks BIGINT NOT NULL, units_done BIGINT DEFAULT '0' NOT NULL, units_in_error
BIGINT DEFAULT '0' NOT NULL, CONSTRAINT pk_batch_plan PRIMARY KEY (run_id), CONSTRAINT uq_batch_plan_batch_code_number
UNIQUE (batch_code, number) )

CREATE TABLE batch_run ( id TEXT NOT NULL, kind TEXT NOT NULL, batch_code TEXT NOT NULL, status TEXT NOT NULL,
parameters TEXT NOT NULL, user_id BIGINT NOT NULL, worker TEXT NOT NULL, attempt BIGINT DEFAULT '0' NOT NULL, seen_at
BIGINT DEFAULT '0' NOT NULL, requested_at TIMESTAMP WITH TIME ZONE NOT NULL, started_at TIMESTAMP WITH TIME ZONE,
ended_at TIMESTAMP WITH TIME ZONE, done BIGINT DEFAULT '0' NOT NULL, total BIGINT DEFAULT '0' NOT NULL, message TEXT
DEFAULT '' NOT NULL, result TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_batch_run PRIMARY KEY (id) )

CREATE INDEX ix_batch_run_requested_at ON batch_run (requested_at)

CREATE INDEX ix_batch_run_status ON batch_run (status)

CREATE TABLE configuration_state ( id INTEGER NOT NULL, version BIGINT NOT NULL, ledger TEXT DEFAULT '' NOT NULL,
CONSTRAINT pk_configuration_state PRIMARY KEY (id) )

CREATE TABLE control_record ( table_name TEXT NOT NULL, code TEXT NOT NULL, content TEXT NOT NULL, CONSTRAINT
pk_control_record PRIMARY KEY (table_name, code) )

CREATE TABLE debt_picture ( taken_at TIMESTAMP WITH TIME ZONE NOT NULL, reached TEXT NOT NULL, CONSTRAINT
pk_debt_picture PRIMARY KEY (taken_at) )

CREATE TABLE debt_picture_matched ( sa_id BIGINT NOT NULL, arrears_date DATE NOT NULL, amount BIGINT NOT NULL,
CONSTRAINT pk_debt_picture_matched PRIMARY KEY (sa_id, arrears_date) )

CREATE TABLE debt_picture_total ( currency TEXT NOT NULL, arrears_date DATE NOT NULL, amount BIGINT NOT NULL,
CONSTRAINT pk_debt_picture_total PRIMARY KEY (currency, arrears_date) )

CREATE TABLE deposit_control ( id BIGINT NOT NULL, source_type TEXT NOT NULL, currency TEXT NOT NULL, status TEXT NOT
NULL, business_date DATE NOT NULL, opened_at TIMESTAMP WITH TIME ZONE NOT NULL, opened_by BIGINT NOT NULL, closed_at
TIMESTAMP WITH TIME ZONE, closed_by BIGINT, CONSTRAINT pk_deposit_control PRIMARY KEY (id) )

CREATE INDEX ix_deposit_control_status ON deposit_control (status)

CREATE TABLE gl_run ( id BIGINT NOT NULL, number BIGINT NOT NULL, batch_code TEXT NOT NULL, business_date DATE NOT
NULL, status TEXT NOT NULL, started_at TIMESTAMP WITH TIME ZONE NOT NULL, started_by BIGINT NOT NULL, ft_count BIGINT
DEFAULT '0' NOT NULL, held_count BIGINT DEFAULT '0' NOT NULL, line_count BIGINT DEFAULT '0' NOT NULL, to_do_id BIGINT,
CONSTRAINT pk_gl_run PRIMARY KEY (id), CONSTRAINT uq_gl_run_number UNIQUE (number) )

CREATE TABLE import_run ( id BIGINT NOT NULL, file_name TEXT NOT NULL, digest TEXT NOT NULL, mapping TEXT NOT NULL,
row_count BIGINT NOT NULL, account_count BIGINT NOT NULL, total BIGINT NOT NULL, currency TEXT NOT NULL, CONSTRAINT
pk_import_run PRIMARY KEY (id), CONSTRAINT uq_import_run_digest UNIQUE (digest) )

CREATE TABLE journal ( id BIGINT NOT NULL, format INTEGER NOT NULL, command_id TEXT NOT NULL, name TEXT NOT NULL,
user_id BIGINT NOT NULL, approver_id BIGINT, business_date DATE NOT NULL, executed_at TIMESTAMP WITH TIME ZONE NOT
NULL, content TEXT NOT NULL, result TEXT NOT NULL, effects TEXT NOT NULL, parts INTEGER DEFAULT '0' NOT NULL, changes
TEXT DEFAULT '[]' NOT NULL, hash BYTEA NOT NULL, CONSTRAINT pk_journal PRIMARY KEY (id), CONSTRAINT
uq_journal_command_id UNIQUE (command_id) )

CREATE INDEX ix_journal_business_date_name ON journal (business_date, name)

CREATE TABLE journal_part ( journal_id BIGINT NOT NULL, part INTEGER NOT NULL, effects TEXT NOT NULL, CONSTRAINT
pk_journal_part PRIMARY KEY (journal_id, part) )

CREATE TABLE journal_shape ( id BIGINT NOT NULL, operation TEXT NOT NULL, table_name TEXT NOT NULL, columns TEXT NOT
NULL, CONSTRAINT pk_journal_shape PRIMARY KEY (id) )

CREATE TABLE kept_seal ( node_id BIGINT NOT NULL, sequence BIGINT NOT NULL, hash TEXT NOT NULL, sealed_at TIMESTAMP
WITH TIME ZONE NOT NULL, CONSTRAINT pk_kept_seal PRIMARY KEY (node_id, sequence) )

CREATE TABLE node ( id BIGINT NOT NULL, name TEXT NOT NULL, last_key BIGINT NOT NULL, sequence BIGINT NOT NULL, head
BYTEA NOT NULL, CONSTRAINT pk_node PRIMARY KEY (id), CONSTRAINT uq_node_name UNIQUE (name) )

CREATE TABLE node_total ( node_id BIGINT NOT NULL, currency TEXT NOT NULL, payment_count BIGINT NOT NULL, amount_total
BIGINT NOT NULL, CONSTRAINT pk_node_total PRIMARY KEY (node_id, currency) )

CREATE TABLE number_series ( code TEXT NOT NULL, last_number BIGINT NOT NULL, CONSTRAINT pk_number_series PRIMARY KEY
(code) )

CREATE TABLE payment_event ( id BIGINT NOT NULL, kind TEXT NOT NULL, pay_date DATE NOT NULL, currency TEXT NOT NULL,
receipt_number TEXT, unbalanced_by BIGINT DEFAULT '0' NOT NULL, created_at TIMESTAMP WITH TIME ZONE NOT NULL,
created_by BIGINT NOT NULL, note TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_payment_event PRIMARY KEY (id), CONSTRAINT
uq_payment_event_receipt_number UNIQUE (receipt_number) )

CREATE INDEX ix_payment_event_unbalanced ON payment_event (unbalanced_by) WHERE unbalanced_by <> 0

CREATE TABLE person ( id BIGINT NOT NULL, name TEXT NOT NULL, alternate_name TEXT DEFAULT '' NOT NULL, kind TEXT NOT
NULL, language TEXT DEFAULT 'en' NOT NULL, phone TEXT DEFAULT '' NOT NULL, email TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_person PRIMARY KEY (id) )

CREATE TABLE premise ( id BIGINT NOT NULL, address TEXT NOT NULL, city TEXT DEFAULT '' NOT NULL, postal_code TEXT
DEFAULT '' NOT NULL, cis_division TEXT NOT NULL, CONSTRAINT pk_premise PRIMARY KEY (id) )

CREATE TABLE seal ( id BIGINT NOT NULL, kind TEXT NOT NULL, node_id BIGINT NOT NULL, sequence BIGINT NOT NULL, head
BYTEA NOT NULL, totals TEXT NOT NULL, business_date DATE NOT NULL, sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
CONSTRAINT pk_seal PRIMARY KEY (id) )

CREATE TABLE account ( id BIGINT NOT NULL, number TEXT NOT NULL, external_number TEXT, customer_class TEXT NOT NULL,
cis_division TEXT NOT NULL, currency TEXT NOT NULL, main_person_id BIGINT NOT NULL, opened_on DATE NOT NULL,
mailing_address TEXT DEFAULT '' NOT NULL, access_group TEXT DEFAULT '' NOT NULL, management_group TEXT DEFAULT '' NOT
NULL, CONSTRAINT pk_account PRIMARY KEY (id), CONSTRAINT uq_account_number UNIQUE (number), CONSTRAINT
fk_account_main_person_id FOREIGN KEY(main_person_id) REFERENCES person (id) )

CREATE INDEX ix_account_external_number ON account (external_number)

CREATE INDEX ix_account_main_person_id ON account (main_person_id)

CREATE TABLE batch_chunk ( run_id TEXT NOT NULL, number INTEGER NOT NULL, first_key BIGINT NOT NULL, last_key BIGINT
NOT NULL, status TEXT NOT NULL, units_done BIGINT DEFAULT '0' NOT NULL, units_in_error BIGINT DEFAULT '0' NOT NULL,
totals TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_batch_chunk PRIMARY KEY (run_id, number), CONSTRAINT
fk_batch_chunk_run_id FOREIGN KEY(run_id) REFERENCES batch_plan (run_id) )

CREATE TABLE booked_event ( event_id BIGINT NOT NULL, content TEXT NOT NULL, CONSTRAINT pk_booked_event PRIMARY KEY
(event_id), CONSTRAINT fk_booked_event_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id) )

CREATE TABLE branch_link ( id BIGINT NOT NULL, server_url TEXT NOT NULL, server_id TEXT NOT NULL, device_id BIGINT NOT
NULL, node_id BIGINT NOT NULL, confirmed BIGINT NOT NULL, cursor TEXT DEFAULT '' NOT NULL, directory_after BIGINT,
contact_at TIMESTAMP WITH TIME ZONE, alarm TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_branch_link PRIMARY KEY (id),
CONSTRAINT fk_branch_link_node_id FOREIGN KEY(node_id) REFERENCES node (id) )

CREATE TABLE delivery ( id BIGINT NOT NULL, node_id BIGINT NOT NULL, first_sequence BIGINT NOT NULL, last_sequence
BIGINT NOT NULL, received_at TIMESTAMP WITH TIME ZONE NOT NULL, clock_doubt TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_delivery PRIMARY KEY (id), CONSTRAINT fk_delivery_node_id FOREIGN KEY(node_id) REFERENCES node (id) )

CREATE INDEX ix_delivery_node_id_first_sequence ON delivery (node_id, first_sequence)

CREATE TABLE device ( id BIGINT NOT NULL, name TEXT NOT NULL, node_id BIGINT NOT NULL, status TEXT NOT NULL,
access_groups TEXT NOT NULL, public_key TEXT DEFAULT '' NOT NULL, code_hash TEXT DEFAULT '' NOT NULL, code_expires
TIMESTAMP WITH TIME ZONE, created_at TIMESTAMP WITH TIME ZONE NOT NULL, created_by BIGINT NOT NULL, CONSTRAINT
pk_device PRIMARY KEY (id), CONSTRAINT uq_device_node_id UNIQUE (node_id), CONSTRAINT uq_device_name UNIQUE (name),
CONSTRAINT fk_device_node_id FOREIGN KEY(node_id) REFERENCES node (id) )

CREATE INDEX ix_device_status ON device (status)

CREATE TABLE gl_chunk ( run_id BIGINT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, first_ft_id BIGINT NOT
NULL, last_ft_id BIGINT NOT NULL, status TEXT NOT NULL, ft_count BIGINT DEFAULT '0' NOT NULL, held_count BIGINT
DEFAULT '0' NOT NULL, CONSTRAINT pk_gl_chunk PRIMARY KEY (run_id, number), CONSTRAINT fk_gl_chunk_run_id FOREIGN
KEY(run_id) REFERENCES gl_run (id) )

CREATE INDEX ix_gl_chunk_first_ft_id ON gl_chunk (first_ft_id)

CREATE TABLE gl_entry ( run_id BIGINT NOT NULL, line INTEGER NOT NULL, gl_division TEXT NOT NULL, fiscal_year BIGINT
NOT NULL, period BIGINT NOT NULL, gl_account TEXT NOT NULL, statistic_code TEXT NOT NULL, fund TEXT NOT NULL, currency
TEXT NOT NULL, debit BIGINT NOT NULL, credit BIGINT NOT NULL, quantity BIGINT NOT NULL, CONSTRAINT pk_gl_entry PRIMARY
KEY (run_id, line), CONSTRAINT ck_gl_entry_debit_bounds CHECK (debit BETWEEN -1000000000000000 AND 1000000000000000),
CONSTRAINT ck_gl_entry_credit_bounds CHECK (credit BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_gl_entry_run_id FOREIGN KEY(run_id) REFERENCES gl_run (id) )

CREATE INDEX ix_gl_entry_fiscal_year_period ON gl_entry (fiscal_year, period)

CREATE TABLE gl_file ( run_id BIGINT NOT NULL, layout TEXT NOT NULL, content TEXT NOT NULL, byte_count BIGINT NOT
NULL, digest TEXT NOT NULL, CONSTRAINT pk_gl_file PRIMARY KEY (run_id, layout), CONSTRAINT fk_gl_file_run_id FOREIGN
KEY(run_id) REFERENCES gl_run (id) )

CREATE TABLE gl_staged ( run_id BIGINT NOT NULL, chunk INTEGER NOT NULL, line INTEGER NOT NULL, gl_division TEXT NOT
NULL, accounting_date DATE NOT NULL, distribution_code TEXT NOT NULL, currency TEXT NOT NULL, fiscal_year BIGINT NOT
NULL, period BIGINT NOT NULL, gl_account TEXT NOT NULL, statistic_code TEXT NOT NULL, fund TEXT NOT NULL, algorithm
TEXT NOT NULL, debit BIGINT NOT NULL, credit BIGINT NOT NULL, quantity BIGINT NOT NULL, line_count BIGINT NOT NULL,
CONSTRAINT pk_gl_staged PRIMARY KEY (run_id, chunk, line), CONSTRAINT ck_gl_staged_debit_bounds CHECK (debit BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT ck_gl_staged_credit_bounds CHECK (credit BETWEEN -1000000000000000
AND 1000000000000000), CONSTRAINT fk_gl_staged_run_id FOREIGN KEY(run_id) REFERENCES gl_run (id) )

CREATE TABLE person_identifier ( person_id BIGINT NOT NULL, id_type TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT
pk_person_identifier PRIMARY KEY (person_id, id_type), CONSTRAINT fk_person_identifier_person_id FOREIGN
KEY(person_id) REFERENCES person (id) )

CREATE INDEX ix_person_identifier_value ON person_identifier (value)

CREATE TABLE receipt_print ( id BIGINT NOT NULL, event_id BIGINT NOT NULL, copy BIGINT NOT NULL, printed_at TIMESTAMP
WITH TIME ZONE NOT NULL, printed_by BIGINT NOT NULL, CONSTRAINT pk_receipt_print PRIMARY KEY (id), CONSTRAINT
fk_receipt_print_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id) )

CREATE INDEX ix_receipt_print_event_id ON receipt_print (event_id)

CREATE TABLE recovery_code ( user_id BIGINT NOT NULL, code_hash TEXT NOT NULL, CONSTRAINT pk_recovery_code PRIMARY KEY
(user_id, code_hash), CONSTRAINT fk_recovery_code_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) )

CREATE TABLE second_factor_secret ( user_id BIGINT NOT NULL, secret TEXT NOT NULL, CONSTRAINT pk_second_factor_secret
PRIMARY KEY (user_id), CONSTRAINT fk_second_factor_secret_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) )

CREATE TABLE service_point ( id BIGINT NOT NULL, premise_id BIGINT NOT NULL, service_type TEXT NOT NULL, external_id
TEXT, CONSTRAINT pk_service_point PRIMARY KEY (id), CONSTRAINT fk_service_point_premise_id FOREIGN KEY(premise_id)
REFERENCES premise (id) )

CREATE INDEX ix_service_point_external_id ON service_point (external_id)

CREATE INDEX ix_service_point_premise_id ON service_point (premise_id)

CREATE TABLE tender_control ( id BIGINT NOT NULL, tender_source TEXT NOT NULL, deposit_control_id BIGINT NOT NULL,
status TEXT NOT NULL, owner_id BIGINT, currency TEXT NOT NULL, starting_balance BIGINT NOT NULL, starting_tender_type
TEXT NOT NULL, business_date DATE NOT NULL, opened_at TIMESTAMP WITH TIME ZONE NOT NULL, opened_by BIGINT NOT NULL,
balanced_at TIMESTAMP WITH TIME ZONE, balanced_by BIGINT, system_created BOOLEAN DEFAULT '0' NOT NULL, batch_reference
TEXT, notes TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_tender_control PRIMARY KEY (id), CONSTRAINT
fk_tender_control_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES deposit_control (id) )

CREATE INDEX ix_tender_control_business_date ON tender_control (business_date)

CREATE INDEX ix_tender_control_deposit_control_id ON tender_control (deposit_control_id)

CREATE INDEX ix_tender_control_owner_id ON tender_control (owner_id)

CREATE UNIQUE INDEX uq_tender_control_live ON tender_control (tender_source) WHERE status <> 'BALANCED'

CREATE TABLE tender_deposit ( id BIGINT NOT NULL, deposit_control_id BIGINT NOT NULL, bank_account TEXT NOT NULL,
amount BIGINT NOT NULL, slip_number TEXT NOT NULL, deposited_at TIMESTAMP WITH TIME ZONE NOT NULL, deposited_by BIGINT
NOT NULL, CONSTRAINT pk_tender_deposit PRIMARY KEY (id), CONSTRAINT uq_tender_deposit_slip_number UNIQUE
(slip_number), CONSTRAINT fk_tender_deposit_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES
deposit_control (id) )

CREATE INDEX ix_tender_deposit_deposit_control_id ON tender_deposit (deposit_control_id)

CREATE TABLE user_data_access_role ( user_id BIGINT NOT NULL, role TEXT NOT NULL, CONSTRAINT pk_user_data_access_role
PRIMARY KEY (user_id, role), CONSTRAINT fk_user_data_access_role_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
)

CREATE TABLE user_group_member ( user_id BIGINT NOT NULL, group_code TEXT NOT NULL, CONSTRAINT pk_user_group_member
PRIMARY KEY (user_id, group_code), CONSTRAINT fk_user_group_member_user_id FOREIGN KEY(user_id) REFERENCES app_user
(id) )

CREATE TABLE user_tender_source ( user_id BIGINT NOT NULL, tender_source TEXT NOT NULL, CONSTRAINT
pk_user_tender_source PRIMARY KEY (user_id, tender_source), CONSTRAINT fk_user_tender_source_user_id FOREIGN
KEY(user_id) REFERENCES app_user (id) )

CREATE TABLE user_to_do_role ( user_id BIGINT NOT NULL, role TEXT NOT NULL, CONSTRAINT pk_user_to_do_role PRIMARY KEY
(user_id, role), CONSTRAINT fk_user_to_do_role_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) )

CREATE TABLE account_alert ( id BIGINT NOT NULL, account_id BIGINT NOT NULL, text TEXT NOT NULL, starts DATE NOT NULL,
ends DATE, CONSTRAINT pk_account_alert PRIMARY KEY (id), CONSTRAINT fk_account_alert_account_id FOREIGN
KEY(account_id) REFERENCES account (id) )

CREATE INDEX ix_account_alert_account_id ON account_alert (account_id)

CREATE TABLE account_person ( account_id BIGINT NOT NULL, person_id BIGINT NOT NULL, relationship TEXT NOT NULL,
CONSTRAINT pk_account_person PRIMARY KEY (account_id, person_id), CONSTRAINT fk_account_person_account_id FOREIGN
KEY(account_id) REFERENCES account (id), CONSTRAINT fk_account_person_person_id FOREIGN KEY(person_id) REFERENCES
person (id) )

CREATE INDEX ix_account_person_person_id ON account_person (person_id)

CREATE TABLE batch_error ( run_id TEXT NOT NULL, number INTEGER NOT NULL, unit BIGINT NOT NULL, code TEXT NOT NULL,
message TEXT NOT NULL, CONSTRAINT pk_batch_error PRIMARY KEY (run_id, number, unit), CONSTRAINT fk_batch_error_run_id
FOREIGN KEY(run_id, number) REFERENCES batch_chunk (run_id, number) )

CREATE TABLE control_note ( id BIGINT NOT NULL, tender_control_id BIGINT, deposit_control_id BIGINT, kind TEXT NOT
NULL, text TEXT NOT NULL, written_at TIMESTAMP WITH TIME ZONE NOT NULL, written_by BIGINT NOT NULL, CONSTRAINT
pk_control_note PRIMARY KEY (id), CONSTRAINT fk_control_note_tender_control_id FOREIGN KEY(tender_control_id)
REFERENCES tender_control (id), CONSTRAINT fk_control_note_deposit_control_id FOREIGN KEY(deposit_control_id)
REFERENCES deposit_control (id) )

CREATE INDEX ix_control_note_deposit_control_id ON control_note (deposit_control_id)

CREATE INDEX ix_control_note_tender_control_id ON control_note (tender_control_id)

CREATE TABLE drawer_count ( id BIGINT NOT NULL, tender_control_id BIGINT NOT NULL, purpose TEXT NOT NULL, attempt
INTEGER NOT NULL, counted_at TIMESTAMP WITH TIME ZONE NOT NULL, counted_by BIGINT NOT NULL, CONSTRAINT pk_drawer_count
PRIMARY KEY (id), CONSTRAINT fk_drawer_count_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES
tender_control (id) )

CREATE INDEX ix_drawer_count_tender_control_id ON drawer_count (tender_control_id)

CREATE TABLE drawer_opening ( id BIGINT NOT NULL, tender_control_id BIGINT NOT NULL, event_id BIGINT, reason TEXT NOT
NULL, note TEXT DEFAULT '' NOT NULL, opened_at TIMESTAMP WITH TIME ZONE NOT NULL, opened_by BIGINT NOT NULL,
CONSTRAINT pk_drawer_opening PRIMARY KEY (id), CONSTRAINT fk_drawer_opening_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id), CONSTRAINT fk_drawer_opening_event_id FOREIGN KEY(event_id)
REFERENCES payment_event (id) )

CREATE INDEX ix_drawer_opening_tender_control_id ON drawer_opening (tender_control_id)

CREATE TABLE drawer_report ( id BIGINT NOT NULL, node_id BIGINT NOT NULL, number BIGINT NOT NULL, tender_control_id
BIGINT NOT NULL, content TEXT NOT NULL, previous_hash BYTEA NOT NULL, hash BYTEA NOT NULL, printed_at TIMESTAMP WITH
TIME ZONE NOT NULL, CONSTRAINT pk_drawer_report PRIMARY KEY (id), CONSTRAINT uq_drawer_report_node_id_number UNIQUE
(node_id, number), CONSTRAINT fk_drawer_report_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES
tender_control (id) )

CREATE INDEX ix_drawer_report_tender_control_id ON drawer_report (tender_control_id)

CREATE TABLE match_event ( id BIGINT NOT NULL, account_id BIGINT NOT NULL, status TEXT NOT NULL, disputed BOOLEAN
DEFAULT '0' NOT NULL, dispute_reason TEXT DEFAULT '' NOT NULL, cancel_reason TEXT DEFAULT '' NOT NULL, created_on DATE
NOT NULL, created_in BIGINT NOT NULL, CONSTRAINT pk_match_event PRIMARY KEY (id), CONSTRAINT fk_match_event_account_id
FOREIGN KEY(account_id) REFERENCES account (id) )

CREATE INDEX ix_match_event_account_id ON match_event (account_id)

CREATE TABLE payment ( id BIGINT NOT NULL, event_id BIGINT NOT NULL, account_id BIGINT NOT NULL, amount BIGINT NOT
NULL, currency TEXT NOT NULL, status TEXT NOT NULL, error_message TEXT DEFAULT '' NOT NULL, distributed_by TEXT
DEFAULT '' NOT NULL, cancel_reason TEXT, transferred_from BIGINT, CONSTRAINT pk_payment PRIMARY KEY (id), CONSTRAINT
ck_payment_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_payment_event_id
FOREIGN KEY(event_id) REFERENCES payment_event (id), CONSTRAINT fk_payment_account_id FOREIGN KEY(account_id)
REFERENCES account (id), CONSTRAINT fk_payment_transferred_from FOREIGN KEY(transferred_from) REFERENCES payment (id)
)

CREATE INDEX ix_payment_account_id ON payment (account_id)

CREATE INDEX ix_payment_event_id ON payment (event_id)

CREATE INDEX ix_payment_pending ON payment (account_id) WHERE status IN ('INCOMPLETE', 'ERROR', 'FREEZABLE')

CREATE TABLE receipt_print_failure ( print_id BIGINT NOT NULL, problem TEXT NOT NULL, noted_at TIMESTAMP WITH TIME
ZONE NOT NULL, noted_by BIGINT NOT NULL, CONSTRAINT pk_receipt_print_failure PRIMARY KEY (print_id), CONSTRAINT
fk_receipt_print_failure_print_id FOREIGN KEY(print_id) REFERENCES receipt_print (id) )

CREATE TABLE review_trigger ( id BIGINT NOT NULL, account_id BIGINT NOT NULL, trigger_date DATE NOT NULL, reason TEXT
NOT NULL, CONSTRAINT pk_review_trigger PRIMARY KEY (id), CONSTRAINT fk_review_trigger_account_id FOREIGN
KEY(account_id) REFERENCES account (id) )

CREATE INDEX ix_review_trigger_account_id ON review_trigger (account_id)

CREATE TABLE service_agreement ( id BIGINT NOT NULL, account_id BIGINT NOT NULL, sa_type TEXT NOT NULL, status TEXT
NOT NULL, currency TEXT NOT NULL, starts DATE NOT NULL, ends DATE, premise_id BIGINT, current_balance BIGINT DEFAULT
'0' NOT NULL, payoff_balance BIGINT DEFAULT '0' NOT NULL, disputed_balance BIGINT DEFAULT '0' NOT NULL, matched_mark
BIGINT, CONSTRAINT pk_service_agreement PRIMARY KEY (id), CONSTRAINT ck_service_agreement_current_balance_bounds CHECK
(current_balance BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
ck_service_agreement_payoff_balance_bounds CHECK (payoff_balance BETWEEN -1000000000000000 AND 1000000000000000),
CONSTRAINT ck_service_agreement_disputed_balance_bounds CHECK (disputed_balance BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT fk_service_agreement_account_id FOREIGN KEY(account_id) REFERENCES account (id),
CONSTRAINT fk_service_agreement_premise_id FOREIGN KEY(premise_id) REFERENCES premise (id) )

CREATE INDEX ix_sa_matched ON service_agreement (matched_mark) WHERE matched_mark IS NOT NULL

CREATE INDEX ix_service_agreement_account_id ON service_agreement (account_id)

CREATE INDEX ix_service_agreement_premise_id ON service_agreement (premise_id)

CREATE TABLE tender ( id BIGINT NOT NULL, event_id BIGINT NOT NULL, payor_account_id BIGINT NOT NULL, tender_type TEXT
NOT NULL, amount BIGINT NOT NULL, tender_control_id BIGINT, status TEXT NOT NULL, applies_to_tender_type TEXT,
cash_back_of BIGINT, amount_tendered BIGINT, amount_change BIGINT, reference TEXT DEFAULT '' NOT NULL, micr TEXT
DEFAULT '' NOT NULL, remitter TEXT DEFAULT '' NOT NULL, cancel_reason TEXT, cancel_bank_account TEXT, canceled_at
TIMESTAMP WITH TIME ZONE, canceled_by BIGINT, canceled_after_balance BOOLEAN DEFAULT '0' NOT NULL, CONSTRAINT
pk_tender PRIMARY KEY (id), CONSTRAINT ck_tender_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT fk_tender_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id), CONSTRAINT
fk_tender_payor_account_id FOREIGN KEY(payor_account_id) REFERENCES account (id), CONSTRAINT
fk_tender_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES tender_control (id), CONSTRAINT
fk_tender_cash_back_of FOREIGN KEY(cash_back_of) REFERENCES tender (id) )

CREATE INDEX ix_tender_event_id ON tender (event_id)

CREATE INDEX ix_tender_micr ON tender (micr) WHERE micr <> ''

CREATE INDEX ix_tender_payor_account_id ON tender (payor_account_id)

CREATE INDEX ix_tender_tender_control_id_id ON tender (tender_control_id, id)

CREATE TABLE tender_control_count ( tender_control_id BIGINT NOT NULL, balancing INTEGER NOT NULL, tender_type TEXT
NOT NULL, amount_expected BIGINT NOT NULL, amount_counted BIGINT NOT NULL, CONSTRAINT pk_tender_control_count PRIMARY
KEY (tender_control_id, balancing, tender_type), CONSTRAINT fk_tender_control_count_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id) )

CREATE TABLE tender_control_total ( tender_control_id BIGINT NOT NULL, tender_type TEXT NOT NULL, amount_expected
BIGINT NOT NULL, tender_count BIGINT NOT NULL, CONSTRAINT pk_tender_control_total PRIMARY KEY (tender_control_id,
tender_type), CONSTRAINT ck_tender_control_total_amount_expected_bounds CHECK (amount_expected BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_tender_control_total_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id) )

CREATE TABLE to_do ( id BIGINT NOT NULL, to_do_type TEXT NOT NULL, role TEXT DEFAULT '' NOT NULL, status TEXT NOT
NULL, assigned_to BIGINT, text TEXT NOT NULL, account_id BIGINT, event_id BIGINT, adjustment_id BIGINT, request_id
BIGINT, subject TEXT DEFAULT '' NOT NULL, created_on DATE NOT NULL, created_at TIMESTAMP WITH TIME ZONE NOT NULL,
completed_by BIGINT, completed_at TIMESTAMP WITH TIME ZONE, completed_in BIGINT, CONSTRAINT pk_to_do PRIMARY KEY (id),
CONSTRAINT fk_to_do_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_to_do_event_id FOREIGN
KEY(event_id) REFERENCES payment_event (id) )

CREATE INDEX ix_to_do_event_id ON to_do (event_id)

CREATE INDEX ix_to_do_request_id ON to_do (request_id)

CREATE INDEX ix_to_do_status_to_do_type ON to_do (status, to_do_type)

CREATE INDEX ix_to_do_subject ON to_do (subject)

CREATE TABLE turn_in ( id BIGINT NOT NULL, tender_control_id BIGINT NOT NULL, deposit_control_id BIGINT NOT NULL,
tender_type TEXT NOT NULL, amount BIGINT NOT NULL, status TEXT NOT NULL, receipt_number TEXT NOT NULL, created_at
TIMESTAMP WITH TIME ZONE NOT NULL, created_by BIGINT NOT NULL, received_at TIMESTAMP WITH TIME ZONE, received_by
BIGINT, CONSTRAINT pk_turn_in PRIMARY KEY (id), CONSTRAINT ck_turn_in_amount_positive CHECK (amount > 0), CONSTRAINT
ck_turn_in_other_person CHECK (received_by <> created_by), CONSTRAINT fk_turn_in_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id), CONSTRAINT fk_turn_in_deposit_control_id FOREIGN
KEY(deposit_control_id) REFERENCES deposit_control (id) )

CREATE INDEX ix_turn_in_deposit_control_id ON turn_in (deposit_control_id)

CREATE INDEX ix_turn_in_tender_control_id ON turn_in (tender_control_id)

CREATE TABLE user_relation ( user_id BIGINT NOT NULL, account_id BIGINT NOT NULL, CONSTRAINT pk_user_relation PRIMARY
KEY (user_id, account_id), CONSTRAINT fk_user_relation_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
CONSTRAINT fk_user_relation_account_id FOREIGN KEY(account_id) REFERENCES account (id) )

CREATE TABLE adjustment ( id BIGINT NOT NULL, sa_id BIGINT NOT NULL, adjustment_type TEXT NOT NULL, amount BIGINT NOT
NULL, currency TEXT NOT NULL, status TEXT NOT NULL, reference TEXT, comment TEXT DEFAULT '' NOT NULL, cancel_reason
TEXT, adjustment_date DATE NOT NULL, base_amount BIGINT, arrears_date DATE, show_on_bill BOOLEAN DEFAULT '1' NOT NULL,
transfer_id BIGINT, error_message TEXT DEFAULT '' NOT NULL, suspense_status TEXT DEFAULT 'NSUS' NOT NULL, by_batch
BOOLEAN DEFAULT '0' NOT NULL, approval_request_id BIGINT, approved BOOLEAN DEFAULT '0' NOT NULL, CONSTRAINT
pk_adjustment PRIMARY KEY (id), CONSTRAINT ck_adjustment_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT ck_adjustment_base_amount_bounds CHECK (base_amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT fk_adjustment_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE INDEX ix_adjustment_reference ON adjustment (reference)

CREATE INDEX ix_adjustment_sa_id ON adjustment (sa_id)

CREATE TABLE agreement_service_point ( sa_id BIGINT NOT NULL, service_point_id BIGINT NOT NULL, starts DATE NOT NULL,
CONSTRAINT pk_agreement_service_point PRIMARY KEY (sa_id, service_point_id), CONSTRAINT
fk_agreement_service_point_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id), CONSTRAINT
fk_agreement_service_point_service_point_id FOREIGN KEY(service_point_id) REFERENCES service_point (id) )

CREATE INDEX ix_agreement_service_point_service_point_id ON agreement_service_point (service_point_id)

CREATE TABLE approval_request ( id BIGINT NOT NULL, adjustment_id BIGINT NOT NULL, other_half_id BIGINT,
approval_profile TEXT NOT NULL, status TEXT NOT NULL, level INTEGER NOT NULL, adjustment_type TEXT NOT NULL,
account_id BIGINT NOT NULL, sa_id BIGINT NOT NULL, amount BIGINT NOT NULL, currency TEXT NOT NULL, comment TEXT
DEFAULT '' NOT NULL, requested_by BIGINT NOT NULL, requested_at TIMESTAMP WITH TIME ZONE NOT NULL, reject_reason TEXT
DEFAULT '' NOT NULL, decided_at TIMESTAMP WITH TIME ZONE, CONSTRAINT pk_approval_request PRIMARY KEY (id), CONSTRAINT
ck_approval_request_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_approval_request_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_approval_request_sa_id
FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE INDEX ix_approval_request_account_id ON approval_request (account_id)

CREATE INDEX ix_approval_request_adjustment_id ON approval_request (adjustment_id)

CREATE INDEX ix_approval_request_status ON approval_request (status)

CREATE TABLE credit_rating_entry ( id BIGINT NOT NULL, account_id BIGINT NOT NULL, starts DATE NOT NULL, ends DATE NOT
NULL, rating_points INTEGER NOT NULL, cash_only_points INTEGER NOT NULL, tender_id BIGINT, reason TEXT NOT NULL,
CONSTRAINT pk_credit_rating_entry PRIMARY KEY (id), CONSTRAINT fk_credit_rating_entry_account_id FOREIGN
KEY(account_id) REFERENCES account (id), CONSTRAINT fk_credit_rating_entry_tender_id FOREIGN KEY(tender_id) REFERENCES
tender (id) )

CREATE INDEX ix_credit_rating_entry_account_id ON credit_rating_entry (account_id)

CREATE TABLE drawer_count_line ( count_id BIGINT NOT NULL, line INTEGER NOT NULL, tender_type TEXT NOT NULL,
denomination TEXT DEFAULT '' NOT NULL, pieces INTEGER DEFAULT '0' NOT NULL, amount BIGINT NOT NULL, CONSTRAINT
pk_drawer_count_line PRIMARY KEY (count_id, line), CONSTRAINT ck_drawer_count_line_amount_bounds CHECK (amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_drawer_count_line_count_id FOREIGN KEY(count_id) REFERENCES
drawer_count (id) )

CREATE TABLE financial_transaction ( id BIGINT NOT NULL, kind TEXT NOT NULL, source_id BIGINT NOT NULL, reverses_ft_id
BIGINT, sa_id BIGINT NOT NULL, currency TEXT NOT NULL, cis_division TEXT NOT NULL, gl_division TEXT NOT NULL,
current_amount BIGINT NOT NULL, payoff_amount BIGINT NOT NULL, accounting_date DATE NOT NULL, frozen_at TIMESTAMP WITH
TIME ZONE, frozen_by BIGINT, arrears_date DATE, new_charge BOOLEAN DEFAULT '0' NOT NULL, bill_id BIGINT, correction
BOOLEAN DEFAULT '0' NOT NULL, show_on_bill BOOLEAN DEFAULT '1' NOT NULL, redundant BOOLEAN DEFAULT '0' NOT NULL,
not_in_arrears BOOLEAN DEFAULT '0' NOT NULL, gl_status TEXT NOT NULL, gl_date DATE, match_event_id BIGINT, journal_id
BIGINT NOT NULL, algorithm TEXT NOT NULL, CONSTRAINT pk_financial_transaction PRIMARY KEY (id), CONSTRAINT
ck_financial_transaction_ages CHECK (current_amount <= 0 OR arrears_date IS NOT NULL OR reverses_ft_id IS NOT NULL),
CONSTRAINT ck_financial_transaction_current_amount_bounds CHECK (current_amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT ck_financial_transaction_payoff_amount_bounds CHECK (payoff_amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_financial_transaction_reverses_ft_id FOREIGN
KEY(reverses_ft_id) REFERENCES financial_transaction (id), CONSTRAINT fk_financial_transaction_sa_id FOREIGN
KEY(sa_id) REFERENCES service_agreement (id), CONSTRAINT fk_financial_transaction_match_event_id FOREIGN
KEY(match_event_id) REFERENCES match_event (id) )

CREATE INDEX ix_financial_transaction_accounting_date ON financial_transaction (accounting_date)

CREATE INDEX ix_financial_transaction_sa_id_frozen_at_id ON financial_transaction (sa_id, frozen_at, id)

CREATE INDEX ix_financial_transaction_source_id ON financial_transaction (source_id)

CREATE INDEX ix_ft_debt ON financial_transaction (sa_id, arrears_date, id, current_amount, reverses_ft_id, frozen_at,
match_event_id) WHERE current_amount > 0 AND reverses_ft_id IS NULL

CREATE INDEX ix_ft_match_event ON financial_transaction (match_event_id) WHERE match_event_id IS NOT NULL

CREATE UNIQUE INDEX uq_ft_reversal ON financial_transaction (reverses_ft_id) WHERE reverses_ft_id IS NOT NULL

CREATE TABLE house_agreement_link ( code TEXT NOT NULL, sa_id BIGINT NOT NULL, CONSTRAINT pk_house_agreement_link
PRIMARY KEY (code), CONSTRAINT fk_house_agreement_link_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE TABLE open_debt ( sa_id BIGINT NOT NULL, pieces TEXT NOT NULL, CONSTRAINT pk_open_debt PRIMARY KEY (sa_id),
CONSTRAINT fk_open_debt_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE TABLE outgoing_mail ( id BIGINT NOT NULL, to_do_id BIGINT NOT NULL, user_id BIGINT NOT NULL, address TEXT NOT
NULL, subject TEXT NOT NULL, body TEXT NOT NULL, written_at TIMESTAMP WITH TIME ZONE NOT NULL, sent_at TIMESTAMP WITH
TIME ZONE, failures INTEGER DEFAULT '0' NOT NULL, last_error TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_outgoing_mail
PRIMARY KEY (id), CONSTRAINT fk_outgoing_mail_to_do_id FOREIGN KEY(to_do_id) REFERENCES to_do (id) )

CREATE INDEX ix_outgoing_mail_sent_at ON outgoing_mail (sent_at)

CREATE INDEX ix_outgoing_mail_to_do_id ON outgoing_mail (to_do_id)

CREATE TABLE payment_segment ( id BIGINT NOT NULL, payment_id BIGINT NOT NULL, sa_id BIGINT NOT NULL, amount BIGINT
NOT NULL, CONSTRAINT pk_payment_segment PRIMARY KEY (id), CONSTRAINT ck_payment_segment_not_empty CHECK (amount <> 0),
CONSTRAINT ck_payment_segment_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_payment_segment_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id), CONSTRAINT fk_payment_segment_sa_id
FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE INDEX ix_payment_segment_payment_id ON payment_segment (payment_id)

CREATE TABLE to_do_note ( id BIGINT NOT NULL, to_do_id BIGINT NOT NULL, user_id BIGINT NOT NULL, noted_at TIMESTAMP
WITH TIME ZONE NOT NULL, action TEXT NOT NULL, text TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_to_do_note PRIMARY KEY
(id), CONSTRAINT fk_to_do_note_to_do_id FOREIGN KEY(to_do_id) REFERENCES to_do (id) )

CREATE INDEX ix_to_do_note_to_do_id ON to_do_note (to_do_id)

CREATE TABLE unfrozen_ft ( id BIGINT NOT NULL, kind TEXT NOT NULL, source_id BIGINT NOT NULL, sa_id BIGINT NOT NULL,
currency TEXT NOT NULL, current_amount BIGINT NOT NULL, payoff_amount BIGINT NOT NULL, accounting_date DATE NOT NULL,
algorithm TEXT NOT NULL, CONSTRAINT pk_unfrozen_ft PRIMARY KEY (id), CONSTRAINT ck_unfrozen_ft_current_amount_bounds
CHECK (current_amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT ck_unfrozen_ft_payoff_amount_bounds
CHECK (payoff_amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT uq_unfrozen_ft_source_id UNIQUE
(source_id), CONSTRAINT fk_unfrozen_ft_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )

CREATE INDEX ix_unfrozen_ft_sa_id ON unfrozen_ft (sa_id)

CREATE TABLE adjustment_characteristic ( adjustment_id BIGINT NOT NULL, characteristic_type TEXT NOT NULL, value TEXT
NOT NULL, CONSTRAINT pk_adjustment_characteristic PRIMARY KEY (adjustment_id, characteristic_type), CONSTRAINT
fk_adjustment_characteristic_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES adjustment (id) )

CREATE TABLE adjustment_line ( adjustment_id BIGINT NOT NULL, line INTEGER NOT NULL, description TEXT NOT NULL, amount
BIGINT NOT NULL, distribution_code TEXT NOT NULL, characteristic TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_adjustment_line PRIMARY KEY (adjustment_id, line), CONSTRAINT ck_adjustment_line_amount_bounds CHECK (amount
BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_adjustment_line_adjustment_id FOREIGN
KEY(adjustment_id) REFERENCES adjustment (id) )

CREATE TABLE approval_level ( request_id BIGINT NOT NULL, level INTEGER NOT NULL, role TEXT NOT NULL, outcome TEXT
DEFAULT '' NOT NULL, to_do_id BIGINT, asked_at TIMESTAMP WITH TIME ZONE, reminders INTEGER DEFAULT '0' NOT NULL,
escalated BOOLEAN DEFAULT '0' NOT NULL, decided_by BIGINT, decided_at TIMESTAMP WITH TIME ZONE, CONSTRAINT
pk_approval_level PRIMARY KEY (request_id, level), CONSTRAINT fk_approval_level_request_id FOREIGN KEY(request_id)
REFERENCES approval_request (id) )

CREATE TABLE approval_note ( id BIGINT NOT NULL, request_id BIGINT NOT NULL, level INTEGER NOT NULL, action TEXT NOT
NULL, user_id BIGINT NOT NULL, noted_at TIMESTAMP WITH TIME ZONE NOT NULL, text TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_approval_note PRIMARY KEY (id), CONSTRAINT fk_approval_note_request_id FOREIGN KEY(request_id) REFERENCES
approval_request (id) )

CREATE INDEX ix_approval_note_request_id ON approval_note (request_id)

CREATE TABLE check_request ( id BIGINT NOT NULL, adjustment_id BIGINT NOT NULL, account_id BIGINT NOT NULL,
request_type TEXT NOT NULL, amount BIGINT NOT NULL, currency TEXT NOT NULL, payee TEXT NOT NULL, address TEXT NOT
NULL, payment_method TEXT NOT NULL, tax_category TEXT DEFAULT '' NOT NULL, cut_date DATE NOT NULL, status TEXT NOT
NULL, ap_run_id BIGINT, document_number TEXT DEFAULT '' NOT NULL, document_date DATE, CONSTRAINT pk_check_request
PRIMARY KEY (id), CONSTRAINT uq_check_request_adjustment_id UNIQUE (adjustment_id), CONSTRAINT
ck_check_request_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_check_request_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES adjustment (id), CONSTRAINT
fk_check_request_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_check_request_ap_run_id
FOREIGN KEY(ap_run_id) REFERENCES ap_run (id) )

CREATE INDEX ix_check_request_account_id ON check_request (account_id)

CREATE INDEX ix_check_request_ap_run_id ON check_request (ap_run_id)

CREATE INDEX ix_check_request_status_cut_date ON check_request (status, cut_date)

CREATE TABLE gl_held ( ft_id BIGINT NOT NULL, run_id BIGINT NOT NULL, chunk BIGINT NOT NULL, reason TEXT NOT NULL,
sent_run_id BIGINT, sent_chunk BIGINT, CONSTRAINT pk_gl_held PRIMARY KEY (ft_id), CONSTRAINT fk_gl_held_ft_id FOREIGN
KEY(ft_id) REFERENCES financial_transaction (id), CONSTRAINT fk_gl_held_run_id FOREIGN KEY(run_id) REFERENCES gl_run
(id), CONSTRAINT fk_gl_held_sent_run_id FOREIGN KEY(sent_run_id) REFERENCES gl_run (id) )

CREATE INDEX ix_gl_held_sent_run_id_sent_chunk ON gl_held (sent_run_id, sent_chunk)

CREATE INDEX ix_gl_held_waiting ON gl_held (ft_id) WHERE sent_run_id IS NULL

CREATE TABLE gl_line ( ft_id BIGINT NOT NULL, line INTEGER NOT NULL, distribution_code TEXT NOT NULL, amount BIGINT
NOT NULL, gl_account TEXT, statistic_quantity BIGINT, CONSTRAINT pk_gl_line PRIMARY KEY (ft_id, line), CONSTRAINT
ck_gl_line_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_gl_line_ft_id
FOREIGN KEY(ft_id) REFERENCES financial_transaction (id) )

CREATE TABLE unfrozen_gl_line ( ft_id BIGINT NOT NULL, line INTEGER NOT NULL, distribution_code TEXT NOT NULL, amount
BIGINT NOT NULL, CONSTRAINT pk_unfrozen_gl_line PRIMARY KEY (ft_id, line), CONSTRAINT
ck_unfrozen_gl_line_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_unfrozen_gl_line_ft_id FOREIGN KEY(ft_id) REFERENCES unfrozen_ft (id) )

CREATE TABLE check_response ( id BIGINT NOT NULL, file_name TEXT NOT NULL, file_digest TEXT NOT NULL, line BIGINT NOT
NULL, request_id BIGINT, content TEXT NOT NULL, outcome TEXT NOT NULL, problem TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_check_response PRIMARY KEY (id), CONSTRAINT uq_check_response_file_digest_line UNIQUE (file_digest, line),
CONSTRAINT fk_check_response_request_id FOREIGN KEY(request_id) REFERENCES check_request (id) )

CREATE INDEX ix_check_response_request_id ON check_response (request_id)

CREATE TABLE search_document (account_id BIGINT PRIMARY KEY REFERENCES account (id), words TSVECTOR NOT NULL)

CREATE INDEX ix_search_document_words ON search_document USING gin (words)
"""
