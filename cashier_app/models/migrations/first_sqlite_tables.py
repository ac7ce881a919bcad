"""The first ledger on SQLite, as released: tables. Never edited again."""

STATEMENTS = """
CREATE TABLE ap_run ( id INTEGER NOT NULL, number INTEGER NOT NULL, batch_code TEXT NOT NULL, business_date TEXT NOT
NULL, started_at INTEGER NOT NULL, started_by INTEGER NOT NULL, request_count INTEGER NOT NULL, layout TEXT NOT NULL,
byte_count INTEGER NOT NULL, digest TEXT NOT NULL, CONSTRAINT pk_ap_run PRIMARY KEY (id), CONSTRAINT uq_ap_run_number
UNIQUE (number) ) STRICT

CREATE TABLE app_user ( id INTEGER NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, password_hash TEXT NOT NULL,
active INTEGER NOT NULL, failed_sign_ins INTEGER DEFAULT '0' NOT NULL, locked_until INTEGER, last_used TEXT, language
TEXT DEFAULT 'en' NOT NULL, e_mail TEXT DEFAULT '' NOT NULL, second_factor TEXT DEFAULT '' NOT NULL, last_step INTEGER
DEFAULT '0' NOT NULL, CONSTRAINT pk_app_user PRIMARY KEY (id), CONSTRAINT uq_app_user_login UNIQUE (login) ) STRICT

CREATE TABLE batch_plan ( run_id TEXT NOT NULL, batch_code TEXT NOT NULL, job TEXT NOT NULL, number INTEGER NOT NULL,
parameters TEXT NOT NULL, business_date TEXT NOT NULL, status TEXT NOT NULL, planned_at INTEGER NOT NULL, planned_by
INTEGER NOT NULL, chunks INTEGER NOT NULL, units_done INTEGER DEFAULT '0' NOT NULL, units_in_error INTEGER DEFAULT '0'
NOT NULL, CONSTRAINT pk_batch_plan PRIMARY KEY (run_id), CONSTRAINT uq_batch_plan_batch_code_number UNIQUE
(batch_code, number) ) STRICT

CREATE TABLE batch_run ( id TEXT NOT NULL, kind TEXT NOT NULL, batch_code TEXT NOT NULL, status TEXT NOT NULL,
parameters TEXT NOT NULL, user_id INTEGER NOT NULL, worker TEXT NOT NULL, attempt INTEGER DEFAULT '0' NOT NULL,
seen_at INTEGER DEFAULT '0' NOT NULL, requested_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, done
INTEGER DEFAULT '0' NOT NULL, total INTEGER DEFAULT '0' NOT NULL, message TEXT DEFAULT '' NOT NULL, result TEXT
DEFAULT '' NOT NULL, CONSTRAINT pk_batch_run PRIMARY KEY (id) ) STRICT

CREATE INDEX ix_batch_run_requested_at ON batch_run (requested_at)

CREATE INDEX ix_batch_run_status ON batch_run (status)

CREATE TABLE configuration_state ( id INTEGER NOT NULL, version INTEGER NOT NULL, ledger TEXT DEFAULT '' NOT NULL,
CONSTRAINT pk_configuration_state PRIMARY KEY (id) ) STRICT

CREATE TABLE control_record ( table_name TEXT NOT NULL, code TEXT NOT NULL, content TEXT NOT NULL, CONSTRAINT
pk_control_record PRIMARY KEY (table_name, code) ) STRICT

CREATE TABLE debt_picture ( taken_at INTEGER NOT NULL, reached TEXT NOT NULL, CONSTRAINT pk_debt_picture PRIMARY KEY
(taken_at) ) STRICT

CREATE TABLE debt_picture_matched ( sa_id INTEGER NOT NULL, arrears_date TEXT NOT NULL, amount INTEGER NOT NULL,
CONSTRAINT pk_debt_picture_matched PRIMARY KEY (sa_id, arrears_date) ) STRICT

CREATE TABLE debt_picture_total ( currency TEXT NOT NULL, arrears_date TEXT NOT NULL, amount INTEGER NOT NULL,
CONSTRAINT pk_debt_picture_total PRIMARY KEY (currency, arrears_date) ) STRICT

CREATE TABLE deposit_control ( id INTEGER NOT NULL, source_type TEXT NOT NULL, currency TEXT NOT NULL, status TEXT NOT
NULL, business_date TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER NOT NULL, closed_at INTEGER,
closed_by INTEGER, CONSTRAINT pk_deposit_control PRIMARY KEY (id) ) STRICT

CREATE INDEX ix_deposit_control_status ON deposit_control (status)

CREATE TABLE gl_run ( id INTEGER NOT NULL, number INTEGER NOT NULL, batch_code TEXT NOT NULL, business_date TEXT NOT
NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL, started_by INTEGER NOT NULL, ft_count INTEGER DEFAULT '0' NOT
NULL, held_count INTEGER DEFAULT '0' NOT NULL, line_count INTEGER DEFAULT '0' NOT NULL, to_do_id INTEGER, CONSTRAINT
pk_gl_run PRIMARY KEY (id), CONSTRAINT uq_gl_run_number UNIQUE (number) ) STRICT

CREATE TABLE import_run ( id INTEGER NOT NULL, file_name TEXT NOT NULL, digest TEXT NOT NULL, mapping TEXT NOT NULL,
row_count INTEGER NOT NULL, account_count INTEGER NOT NULL, total INTEGER NOT NULL, currency TEXT NOT NULL, CONSTRAINT
pk_import_run PRIMARY KEY (id), CONSTRAINT uq_import_run_digest UNIQUE (digest) ) STRICT

CREATE TABLE journal ( id INTEGER NOT NULL, format INTEGER NOT NULL, command_id TEXT NOT NULL, name TEXT NOT NULL,
user_id INTEGER NOT NULL, approver_id INTEGER, business_date TEXT NOT NULL, executed_at INTEGER NOT NULL, content TEXT
NOT NULL, result TEXT NOT NULL, effects TEXT NOT NULL, parts INTEGER DEFAULT '0' NOT NULL, changes TEXT DEFAULT '[]'
NOT NULL, hash BLOB NOT NULL, CONSTRAINT pk_journal PRIMARY KEY (id), CONSTRAINT uq_journal_command_id UNIQUE
(command_id) ) STRICT

CREATE INDEX ix_journal_business_date_name ON journal (business_date, name)

CREATE TABLE journal_part ( journal_id INTEGER NOT NULL, part INTEGER NOT NULL, effects TEXT NOT NULL, CONSTRAINT
pk_journal_part PRIMARY KEY (journal_id, part) ) STRICT

CREATE TABLE journal_shape ( id INTEGER NOT NULL, operation TEXT NOT NULL, table_name TEXT NOT NULL, columns TEXT NOT
NULL, CONSTRAINT pk_journal_shape PRIMARY KEY (id) ) STRICT

CREATE TABLE kept_seal ( node_id INTEGER NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, sealed_at INTEGER
NOT NULL, CONSTRAINT pk_kept_seal PRIMARY KEY (node_id, sequence) ) STRICT

CREATE TABLE node ( id INTEGER NOT NULL, name TEXT NOT NULL, last_key INTEGER NOT NULL, sequence INTEGER NOT NULL,
head BLOB NOT NULL, CONSTRAINT pk_node PRIMARY KEY (id), CONSTRAINT uq_node_name UNIQUE (name) ) STRICT

CREATE TABLE node_total ( node_id INTEGER NOT NULL, currency TEXT NOT NULL, payment_count INTEGER NOT NULL,
amount_total INTEGER NOT NULL, CONSTRAINT pk_node_total PRIMARY KEY (node_id, currency) ) STRICT

CREATE TABLE number_series ( code TEXT NOT NULL, last_number INTEGER NOT NULL, CONSTRAINT pk_number_series PRIMARY KEY
(code) ) STRICT

CREATE TABLE payment_event ( id INTEGER NOT NULL, kind TEXT NOT NULL, pay_date TEXT NOT NULL, currency TEXT NOT NULL,
receipt_number TEXT, unbalanced_by INTEGER DEFAULT '0' NOT NULL, created_at INTEGER NOT NULL, created_by INTEGER NOT
NULL, note TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_payment_event PRIMARY KEY (id), CONSTRAINT
uq_payment_event_receipt_number UNIQUE (receipt_number) ) STRICT

CREATE INDEX ix_payment_event_unbalanced ON payment_event (unbalanced_by) WHERE unbalanced_by <> 0

CREATE TABLE person ( id INTEGER NOT NULL, name TEXT NOT NULL, alternate_name TEXT DEFAULT '' NOT NULL, kind TEXT NOT
NULL, language TEXT DEFAULT 'en' NOT NULL, phone TEXT DEFAULT '' NOT NULL, email TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_person PRIMARY KEY (id) ) STRICT

CREATE TABLE premise ( id INTEGER NOT NULL, address TEXT NOT NULL, city TEXT DEFAULT '' NOT NULL, postal_code TEXT
DEFAULT '' NOT NULL, cis_division TEXT NOT NULL, CONSTRAINT pk_premise PRIMARY KEY (id) ) STRICT

CREATE TABLE seal ( id INTEGER NOT NULL, kind TEXT NOT NULL, node_id INTEGER NOT NULL, sequence INTEGER NOT NULL, head
BLOB NOT NULL, totals TEXT NOT NULL, business_date TEXT NOT NULL, sealed_at INTEGER NOT NULL, CONSTRAINT pk_seal
PRIMARY KEY (id) ) STRICT

CREATE TABLE account ( id INTEGER NOT NULL, number TEXT NOT NULL, external_number TEXT, customer_class TEXT NOT NULL,
cis_division TEXT NOT NULL, currency TEXT NOT NULL, main_person_id INTEGER NOT NULL, opened_on TEXT NOT NULL,
mailing_address TEXT DEFAULT '' NOT NULL, access_group TEXT DEFAULT '' NOT NULL, management_group TEXT DEFAULT '' NOT
NULL, CONSTRAINT pk_account PRIMARY KEY (id), CONSTRAINT uq_account_number UNIQUE (number), CONSTRAINT
fk_account_main_person_id FOREIGN KEY(main_person_id) REFERENCES person (id) ) STRICT

CREATE INDEX ix_account_external_number ON account (external_number)

CREATE INDEX ix_account_main_person_id ON account (main_person_id)

CREATE TABLE batch_chunk ( run_id TEXT NOT NULL, number INTEGER NOT NULL, first_key INTEGER NOT NULL, last_key INTEGER
NOT NULL, status TEXT NOT NULL, units_done INTEGER DEFAULT '0' NOT NULL, units_in_error INTEGER DEFAULT '0' NOT NULL,
totals TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_batch_chunk PRIMARY KEY (run_id, number), CONSTRAINT
fk_batch_chunk_run_id FOREIGN KEY(run_id) REFERENCES batch_plan (run_id) ) STRICT

CREATE TABLE booked_event ( event_id INTEGER NOT NULL, content TEXT NOT NULL, CONSTRAINT pk_booked_event PRIMARY KEY
(event_id), CONSTRAINT fk_booked_event_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id) ) STRICT

CREATE TABLE branch_link ( id INTEGER NOT NULL, server_url TEXT NOT NULL, server_id TEXT NOT NULL, device_id INTEGER
NOT NULL, node_id INTEGER NOT NULL, confirmed INTEGER NOT NULL, cursor TEXT DEFAULT '' NOT NULL, directory_after
INTEGER, contact_at INTEGER, alarm TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_branch_link PRIMARY KEY (id), CONSTRAINT
fk_branch_link_node_id FOREIGN KEY(node_id) REFERENCES node (id) ) STRICT

CREATE TABLE delivery ( id INTEGER NOT NULL, node_id INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_sequence
INTEGER NOT NULL, received_at INTEGER NOT NULL, clock_doubt TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_delivery PRIMARY
KEY (id), CONSTRAINT fk_delivery_node_id FOREIGN KEY(node_id) REFERENCES node (id) ) STRICT

CREATE INDEX ix_delivery_node_id_first_sequence ON delivery (node_id, first_sequence)

CREATE TABLE device ( id INTEGER NOT NULL, name TEXT NOT NULL, node_id INTEGER NOT NULL, status TEXT NOT NULL,
access_groups TEXT NOT NULL, public_key TEXT DEFAULT '' NOT NULL, code_hash TEXT DEFAULT '' NOT NULL, code_expires
INTEGER, created_at INTEGER NOT NULL, created_by INTEGER NOT NULL, CONSTRAINT pk_device PRIMARY KEY (id), CONSTRAINT
uq_device_node_id UNIQUE (node_id), CONSTRAINT uq_device_name UNIQUE (name), CONSTRAINT fk_device_node_id FOREIGN
KEY(node_id) REFERENCES node (id) ) STRICT

CREATE INDEX ix_device_status ON device (status)

CREATE TABLE gl_chunk ( run_id INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, first_ft_id INTEGER NOT
NULL, last_ft_id INTEGER NOT NULL, status TEXT NOT NULL, ft_count INTEGER DEFAULT '0' NOT NULL, held_count INTEGER
DEFAULT '0' NOT NULL, CONSTRAINT pk_gl_chunk PRIMARY KEY (run_id, number), CONSTRAINT fk_gl_chunk_run_id FOREIGN
KEY(run_id) REFERENCES gl_run (id) ) STRICT

CREATE INDEX ix_gl_chunk_first_ft_id ON gl_chunk (first_ft_id)

CREATE TABLE gl_entry ( run_id INTEGER NOT NULL, line INTEGER NOT NULL, gl_division TEXT NOT NULL, fiscal_year INTEGER
NOT NULL, period INTEGER NOT NULL, gl_account TEXT NOT NULL, statistic_code TEXT NOT NULL, fund TEXT NOT NULL,
currency TEXT NOT NULL, debit INTEGER NOT NULL, credit INTEGER NOT NULL, quantity INTEGER NOT NULL, CONSTRAINT
pk_gl_entry PRIMARY KEY (run_id, line), CONSTRAINT ck_gl_entry_debit_bounds CHECK (debit BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT ck_gl_entry_credit_bounds CHECK (credit BETWEEN -1000000000000000 AND 1000000000000000),
CONSTRAINT fk_gl_entry_run_id FOREIGN KEY(run_id) REFERENCES gl_run (id) ) WITHOUT ROWID, STRICT

CREATE INDEX ix_gl_entry_fiscal_year_period ON gl_entry (fiscal_year, period)

CREATE TABLE gl_file ( run_id INTEGER NOT NULL, layout TEXT NOT NULL, content TEXT NOT NULL, byte_count INTEGER NOT
NULL, digest TEXT NOT NULL, CONSTRAINT pk_gl_file PRIMARY KEY (run_id, layout), CONSTRAINT fk_gl_file_run_id FOREIGN
KEY(run_id) REFERENCES gl_run (id) ) STRICT

CREATE TABLE gl_staged ( run_id INTEGER NOT NULL, chunk INTEGER NOT NULL, line INTEGER NOT NULL, gl_division TEXT NOT
NULL, accounting_date TEXT NOT NULL, distribution_code TEXT NOT NULL, currency TEXT NOT NULL, fiscal_year INTEGER NOT
NULL, period INTEGER NOT NULL, gl_account TEXT NOT NULL, statistic_code TEXT NOT NULL, fund TEXT NOT NULL, algorithm
TEXT NOT NULL, debit INTEGER NOT NULL, credit INTEGER NOT NULL, quantity INTEGER NOT NULL, line_count INTEGER NOT
NULL, CONSTRAINT pk_gl_staged PRIMARY KEY (run_id, chunk, line), CONSTRAINT ck_gl_staged_debit_bounds CHECK (debit
BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT ck_gl_staged_credit_bounds CHECK (credit BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_gl_staged_run_id FOREIGN KEY(run_id) REFERENCES gl_run (id) )
WITHOUT ROWID, STRICT

CREATE TABLE person_identifier ( person_id INTEGER NOT NULL, id_type TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT
pk_person_identifier PRIMARY KEY (person_id, id_type), CONSTRAINT fk_person_identifier_person_id FOREIGN
KEY(person_id) REFERENCES person (id) ) STRICT

CREATE INDEX ix_person_identifier_value ON person_identifier (value)

CREATE TABLE receipt_print ( id INTEGER NOT NULL, event_id INTEGER NOT NULL, copy INTEGER NOT NULL, printed_at INTEGER
NOT NULL, printed_by INTEGER NOT NULL, CONSTRAINT pk_receipt_print PRIMARY KEY (id), CONSTRAINT
fk_receipt_print_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id) ) STRICT

CREATE INDEX ix_receipt_print_event_id ON receipt_print (event_id)

CREATE TABLE recovery_code ( user_id INTEGER NOT NULL, code_hash TEXT NOT NULL, CONSTRAINT pk_recovery_code PRIMARY
KEY (user_id, code_hash), CONSTRAINT fk_recovery_code_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) ) STRICT

CREATE TABLE second_factor_secret ( user_id INTEGER NOT NULL, secret TEXT NOT NULL, CONSTRAINT pk_second_factor_secret
PRIMARY KEY (user_id), CONSTRAINT fk_second_factor_secret_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) )
STRICT

CREATE TABLE service_point ( id INTEGER NOT NULL, premise_id INTEGER NOT NULL, service_type TEXT NOT NULL, external_id
TEXT, CONSTRAINT pk_service_point PRIMARY KEY (id), CONSTRAINT fk_service_point_premise_id FOREIGN KEY(premise_id)
REFERENCES premise (id) ) STRICT

CREATE INDEX ix_service_point_external_id ON service_point (external_id)

CREATE INDEX ix_service_point_premise_id ON service_point (premise_id)

CREATE TABLE tender_control ( id INTEGER NOT NULL, tender_source TEXT NOT NULL, deposit_control_id INTEGER NOT NULL,
status TEXT NOT NULL, owner_id INTEGER, currency TEXT NOT NULL, starting_balance INTEGER NOT NULL,
starting_tender_type TEXT NOT NULL, business_date TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER NOT
NULL, balanced_at INTEGER, balanced_by INTEGER, system_created INTEGER DEFAULT '0' NOT NULL, batch_reference TEXT,
notes TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_tender_control PRIMARY KEY (id), CONSTRAINT
fk_tender_control_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES deposit_control (id) ) STRICT

CREATE INDEX ix_tender_control_business_date ON tender_control (business_date)

CREATE INDEX ix_tender_control_deposit_control_id ON tender_control (deposit_control_id)

CREATE INDEX ix_tender_control_owner_id ON tender_control (owner_id)

CREATE UNIQUE INDEX uq_tender_control_live ON tender_control (tender_source) WHERE status <> 'BALANCED'

CREATE TABLE tender_deposit ( id INTEGER NOT NULL, deposit_control_id INTEGER NOT NULL, bank_account TEXT NOT NULL,
amount INTEGER NOT NULL, slip_number TEXT NOT NULL, deposited_at INTEGER NOT NULL, deposited_by INTEGER NOT NULL,
CONSTRAINT pk_tender_deposit PRIMARY KEY (id), CONSTRAINT uq_tender_deposit_slip_number UNIQUE (slip_number),
CONSTRAINT fk_tender_deposit_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES deposit_control (id) )
STRICT

CREATE INDEX ix_tender_deposit_deposit_control_id ON tender_deposit (deposit_control_id)

CREATE TABLE user_data_access_role ( user_id INTEGER NOT NULL, role TEXT NOT NULL, CONSTRAINT pk_user_data_access_role
PRIMARY KEY (user_id, role), CONSTRAINT fk_user_data_access_role_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
) STRICT

CREATE TABLE user_group_member ( user_id INTEGER NOT NULL, group_code TEXT NOT NULL, CONSTRAINT pk_user_group_member
PRIMARY KEY (user_id, group_code), CONSTRAINT fk_user_group_member_user_id FOREIGN KEY(user_id) REFERENCES app_user
(id) ) STRICT

CREATE TABLE user_tender_source ( user_id INTEGER NOT NULL, tender_source TEXT NOT NULL, CONSTRAINT
pk_user_tender_source PRIMARY KEY (user_id, tender_source), CONSTRAINT fk_user_tender_source_user_id FOREIGN
KEY(user_id) REFERENCES app_user (id) ) STRICT

CREATE TABLE user_to_do_role ( user_id INTEGER NOT NULL, role TEXT NOT NULL, CONSTRAINT pk_user_to_do_role PRIMARY KEY
(user_id, role), CONSTRAINT fk_user_to_do_role_user_id FOREIGN KEY(user_id) REFERENCES app_user (id) ) STRICT

CREATE TABLE account_alert ( id INTEGER NOT NULL, account_id INTEGER NOT NULL, text TEXT NOT NULL, starts TEXT NOT
NULL, ends TEXT, CONSTRAINT pk_account_alert PRIMARY KEY (id), CONSTRAINT fk_account_alert_account_id FOREIGN
KEY(account_id) REFERENCES account (id) ) STRICT

CREATE INDEX ix_account_alert_account_id ON account_alert (account_id)

CREATE TABLE account_person ( account_id INTEGER NOT NULL, person_id INTEGER NOT NULL, relationship TEXT NOT NULL,
CONSTRAINT pk_account_person PRIMARY KEY (account_id, person_id), CONSTRAINT fk_account_person_account_id FOREIGN
KEY(account_id) REFERENCES account (id), CONSTRAINT fk_account_person_person_id FOREIGN KEY(person_id) REFERENCES
person (id) ) STRICT

CREATE INDEX ix_account_person_person_id ON account_person (person_id)

CREATE TABLE batch_error ( run_id TEXT NOT NULL, number INTEGER NOT NULL, unit INTEGER NOT NULL, code TEXT NOT NULL,
message TEXT NOT NULL, CONSTRAINT pk_batch_error PRIMARY KEY (run_id, number, unit), CONSTRAINT fk_batch_error_run_id
FOREIGN KEY(run_id, number) REFERENCES batch_chunk (run_id, number) ) STRICT

CREATE TABLE control_note ( id INTEGER NOT NULL, tender_control_id INTEGER, deposit_control_id INTEGER, kind TEXT NOT
NULL, text TEXT NOT NULL, written_at INTEGER NOT NULL, written_by INTEGER NOT NULL, CONSTRAINT pk_control_note PRIMARY
KEY (id), CONSTRAINT fk_control_note_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES tender_control (id),
CONSTRAINT fk_control_note_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES deposit_control (id) ) STRICT

CREATE INDEX ix_control_note_deposit_control_id ON control_note (deposit_control_id)

CREATE INDEX ix_control_note_tender_control_id ON control_note (tender_control_id)

CREATE TABLE drawer_count ( id INTEGER NOT NULL, tender_control_id INTEGER NOT NULL, purpose TEXT NOT NULL, attempt
INTEGER NOT NULL, counted_at INTEGER NOT NULL, counted_by INTEGER NOT NULL, CONSTRAINT pk_drawer_count PRIMARY KEY
(id), CONSTRAINT fk_drawer_count_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES tender_control (id) )
STRICT

CREATE INDEX ix_drawer_count_tender_control_id ON drawer_count (tender_control_id)

CREATE TABLE drawer_opening ( id INTEGER NOT NULL, tender_control_id INTEGER NOT NULL, event_id INTEGER, reason TEXT
NOT NULL, note TEXT DEFAULT '' NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER NOT NULL, CONSTRAINT
pk_drawer_opening PRIMARY KEY (id), CONSTRAINT fk_drawer_opening_tender_control_id FOREIGN KEY(tender_control_id)
REFERENCES tender_control (id), CONSTRAINT fk_drawer_opening_event_id FOREIGN KEY(event_id) REFERENCES payment_event
(id) ) STRICT

CREATE INDEX ix_drawer_opening_tender_control_id ON drawer_opening (tender_control_id)

CREATE TABLE drawer_report ( id INTEGER NOT NULL, node_id INTEGER NOT NULL, number INTEGER NOT NULL, tender_control_id
INTEGER NOT NULL, content TEXT NOT NULL, previous_hash BLOB NOT NULL, hash BLOB NOT NULL, printed_at INTEGER NOT NULL,
CONSTRAINT pk_drawer_report PRIMARY KEY (id), CONSTRAINT uq_drawer_report_node_id_number UNIQUE (node_id, number),
CONSTRAINT fk_drawer_report_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES tender_control (id) ) STRICT

CREATE INDEX ix_drawer_report_tender_control_id ON drawer_report (tender_control_id)

CREATE TABLE match_event ( id INTEGER NOT NULL, account_id INTEGER NOT NULL, status TEXT NOT NULL, disputed INTEGER
DEFAULT '0' NOT NULL, dispute_reason TEXT DEFAULT '' NOT NULL, cancel_reason TEXT DEFAULT '' NOT NULL, created_on TEXT
NOT NULL, created_in INTEGER NOT NULL, CONSTRAINT pk_match_event PRIMARY KEY (id), CONSTRAINT
fk_match_event_account_id FOREIGN KEY(account_id) REFERENCES account (id) ) STRICT

CREATE INDEX ix_match_event_account_id ON match_event (account_id)

CREATE TABLE payment ( id INTEGER NOT NULL, event_id INTEGER NOT NULL, account_id INTEGER NOT NULL, amount INTEGER NOT
NULL, currency TEXT NOT NULL, status TEXT NOT NULL, error_message TEXT DEFAULT '' NOT NULL, distributed_by TEXT
DEFAULT '' NOT NULL, cancel_reason TEXT, transferred_from INTEGER, CONSTRAINT pk_payment PRIMARY KEY (id), CONSTRAINT
ck_payment_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_payment_event_id
FOREIGN KEY(event_id) REFERENCES payment_event (id), CONSTRAINT fk_payment_account_id FOREIGN KEY(account_id)
REFERENCES account (id), CONSTRAINT fk_payment_transferred_from FOREIGN KEY(transferred_from) REFERENCES payment (id)
) STRICT

CREATE INDEX ix_payment_account_id ON payment (account_id)

CREATE INDEX ix_payment_event_id ON payment (event_id)

CREATE INDEX ix_payment_pending ON payment (account_id) WHERE status IN ('INCOMPLETE', 'ERROR', 'FREEZABLE')

CREATE TABLE receipt_print_failure ( print_id INTEGER NOT NULL, problem TEXT NOT NULL, noted_at INTEGER NOT NULL,
noted_by INTEGER NOT NULL, CONSTRAINT pk_receipt_print_failure PRIMARY KEY (print_id), CONSTRAINT
fk_receipt_print_failure_print_id FOREIGN KEY(print_id) REFERENCES receipt_print (id) ) STRICT

CREATE TABLE review_trigger ( id INTEGER NOT NULL, account_id INTEGER NOT NULL, trigger_date TEXT NOT NULL, reason
TEXT NOT NULL, CONSTRAINT pk_review_trigger PRIMARY KEY (id), CONSTRAINT fk_review_trigger_account_id FOREIGN
KEY(account_id) REFERENCES account (id) ) STRICT

CREATE INDEX ix_review_trigger_account_id ON review_trigger (account_id)

CREATE TABLE service_agreement ( id INTEGER NOT NULL, account_id INTEGER NOT NULL, sa_type TEXT NOT NULL, status TEXT
NOT NULL, currency TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT, premise_id INTEGER, current_balance INTEGER DEFAULT
'0' NOT NULL, payoff_balance INTEGER DEFAULT '0' NOT NULL, disputed_balance INTEGER DEFAULT '0' NOT NULL, matched_mark
INTEGER, CONSTRAINT pk_service_agreement PRIMARY KEY (id), CONSTRAINT ck_service_agreement_current_balance_bounds
CHECK (current_balance BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
ck_service_agreement_payoff_balance_bounds CHECK (payoff_balance BETWEEN -1000000000000000 AND 1000000000000000),
CONSTRAINT ck_service_agreement_disputed_balance_bounds CHECK (disputed_balance BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT fk_service_agreement_account_id FOREIGN KEY(account_id) REFERENCES account (id),
CONSTRAINT fk_service_agreement_premise_id FOREIGN KEY(premise_id) REFERENCES premise (id) ) STRICT

CREATE INDEX ix_sa_matched ON service_agreement (matched_mark) WHERE matched_mark IS NOT NULL

CREATE INDEX ix_service_agreement_account_id ON service_agreement (account_id)

CREATE INDEX ix_service_agreement_premise_id ON service_agreement (premise_id)

CREATE TABLE tender ( id INTEGER NOT NULL, event_id INTEGER NOT NULL, payor_account_id INTEGER NOT NULL, tender_type
TEXT NOT NULL, amount INTEGER NOT NULL, tender_control_id INTEGER, status TEXT NOT NULL, applies_to_tender_type TEXT,
cash_back_of INTEGER, amount_tendered INTEGER, amount_change INTEGER, reference TEXT DEFAULT '' NOT NULL, micr TEXT
DEFAULT '' NOT NULL, remitter TEXT DEFAULT '' NOT NULL, cancel_reason TEXT, cancel_bank_account TEXT, canceled_at
INTEGER, canceled_by INTEGER, canceled_after_balance INTEGER DEFAULT '0' NOT NULL, CONSTRAINT pk_tender PRIMARY KEY
(id), CONSTRAINT ck_tender_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_tender_event_id FOREIGN KEY(event_id) REFERENCES payment_event (id), CONSTRAINT fk_tender_payor_account_id FOREIGN
KEY(payor_account_id) REFERENCES account (id), CONSTRAINT fk_tender_tender_control_id FOREIGN KEY(tender_control_id)
REFERENCES tender_control (id), CONSTRAINT fk_tender_cash_back_of FOREIGN KEY(cash_back_of) REFERENCES tender (id) )
STRICT

CREATE INDEX ix_tender_event_id ON tender (event_id)

CREATE INDEX ix_tender_micr ON tender (micr) WHERE micr <> ''

CREATE INDEX ix_tender_payor_account_id ON tender (payor_account_id)

CREATE INDEX ix_tender_tender_control_id_id ON tender (tender_control_id, id)

CREATE TABLE tender_control_count ( tender_control_id INTEGER NOT NULL, balancing INTEGER NOT NULL, tender_type TEXT
NOT NULL, amount_expected INTEGER NOT NULL, amount_counted INTEGER NOT NULL, CONSTRAINT pk_tender_control_count
PRIMARY KEY (tender_control_id, balancing, tender_type), CONSTRAINT fk_tender_control_count_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id) ) WITHOUT ROWID, STRICT

CREATE TABLE tender_control_total ( tender_control_id INTEGER NOT NULL, tender_type TEXT NOT NULL, amount_expected
INTEGER NOT NULL, tender_count INTEGER NOT NULL, CONSTRAINT pk_tender_control_total PRIMARY KEY (tender_control_id,
tender_type), CONSTRAINT ck_tender_control_total_amount_expected_bounds CHECK (amount_expected BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_tender_control_total_tender_control_id FOREIGN
KEY(tender_control_id) REFERENCES tender_control (id) ) WITHOUT ROWID, STRICT

CREATE TABLE to_do ( id INTEGER NOT NULL, to_do_type TEXT NOT NULL, role TEXT DEFAULT '' NOT NULL, status TEXT NOT
NULL, assigned_to INTEGER, text TEXT NOT NULL, account_id INTEGER, event_id INTEGER, adjustment_id INTEGER, request_id
INTEGER, subject TEXT DEFAULT '' NOT NULL, created_on TEXT NOT NULL, created_at INTEGER NOT NULL, completed_by
INTEGER, completed_at INTEGER, completed_in INTEGER, CONSTRAINT pk_to_do PRIMARY KEY (id), CONSTRAINT
fk_to_do_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_to_do_event_id FOREIGN
KEY(event_id) REFERENCES payment_event (id) ) STRICT

CREATE INDEX ix_to_do_event_id ON to_do (event_id)

CREATE INDEX ix_to_do_request_id ON to_do (request_id)

CREATE INDEX ix_to_do_status_to_do_type ON to_do (status, to_do_type)

CREATE INDEX ix_to_do_subject ON to_do (subject)

CREATE TABLE turn_in ( id INTEGER NOT NULL, tender_control_id INTEGER NOT NULL, deposit_control_id INTEGER NOT NULL,
tender_type TEXT NOT NULL, amount INTEGER NOT NULL, status TEXT NOT NULL, receipt_number TEXT NOT NULL, created_at
INTEGER NOT NULL, created_by INTEGER NOT NULL, received_at INTEGER, received_by INTEGER, CONSTRAINT pk_turn_in PRIMARY
KEY (id), CONSTRAINT ck_turn_in_amount_positive CHECK (amount > 0), CONSTRAINT ck_turn_in_other_person CHECK
(received_by <> created_by), CONSTRAINT fk_turn_in_tender_control_id FOREIGN KEY(tender_control_id) REFERENCES
tender_control (id), CONSTRAINT fk_turn_in_deposit_control_id FOREIGN KEY(deposit_control_id) REFERENCES
deposit_control (id) ) STRICT

CREATE INDEX ix_turn_in_deposit_control_id ON turn_in (deposit_control_id)

CREATE INDEX ix_turn_in_tender_control_id ON turn_in (tender_control_id)

CREATE TABLE user_relation ( user_id INTEGER NOT NULL, account_id INTEGER NOT NULL, CONSTRAINT pk_user_relation
PRIMARY KEY (user_id, account_id), CONSTRAINT fk_user_relation_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
CONSTRAINT fk_user_relation_account_id FOREIGN KEY(account_id) REFERENCES account (id) ) STRICT

CREATE TABLE adjustment ( id INTEGER NOT NULL, sa_id INTEGER NOT NULL, adjustment_type TEXT NOT NULL, amount INTEGER
NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL, reference TEXT, comment TEXT DEFAULT '' NOT NULL,
cancel_reason TEXT, adjustment_date TEXT NOT NULL, base_amount INTEGER, arrears_date TEXT, show_on_bill INTEGER
DEFAULT '1' NOT NULL, transfer_id INTEGER, error_message TEXT DEFAULT '' NOT NULL, suspense_status TEXT DEFAULT 'NSUS'
NOT NULL, by_batch INTEGER DEFAULT '0' NOT NULL, approval_request_id INTEGER, approved INTEGER DEFAULT '0' NOT NULL,
CONSTRAINT pk_adjustment PRIMARY KEY (id), CONSTRAINT ck_adjustment_amount_bounds CHECK (amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT ck_adjustment_base_amount_bounds CHECK (base_amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_adjustment_sa_id FOREIGN KEY(sa_id) REFERENCES
service_agreement (id) ) STRICT

CREATE INDEX ix_adjustment_reference ON adjustment (reference)

CREATE INDEX ix_adjustment_sa_id ON adjustment (sa_id)

CREATE TABLE agreement_service_point ( sa_id INTEGER NOT NULL, service_point_id INTEGER NOT NULL, starts TEXT NOT
NULL, CONSTRAINT pk_agreement_service_point PRIMARY KEY (sa_id, service_point_id), CONSTRAINT
fk_agreement_service_point_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id), CONSTRAINT
fk_agreement_service_point_service_point_id FOREIGN KEY(service_point_id) REFERENCES service_point (id) ) STRICT

CREATE INDEX ix_agreement_service_point_service_point_id ON agreement_service_point (service_point_id)

CREATE TABLE approval_request ( id INTEGER NOT NULL, adjustment_id INTEGER NOT NULL, other_half_id INTEGER,
approval_profile TEXT NOT NULL, status TEXT NOT NULL, level INTEGER NOT NULL, adjustment_type TEXT NOT NULL,
account_id INTEGER NOT NULL, sa_id INTEGER NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, comment TEXT
DEFAULT '' NOT NULL, requested_by INTEGER NOT NULL, requested_at INTEGER NOT NULL, reject_reason TEXT DEFAULT '' NOT
NULL, decided_at INTEGER, CONSTRAINT pk_approval_request PRIMARY KEY (id), CONSTRAINT
ck_approval_request_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_approval_request_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_approval_request_sa_id
FOREIGN KEY(sa_id) REFERENCES service_agreement (id) ) STRICT

CREATE INDEX ix_approval_request_account_id ON approval_request (account_id)

CREATE INDEX ix_approval_request_adjustment_id ON approval_request (adjustment_id)

CREATE INDEX ix_approval_request_status ON approval_request (status)

CREATE TABLE credit_rating_entry ( id INTEGER NOT NULL, account_id INTEGER NOT NULL, starts TEXT NOT NULL, ends TEXT
NOT NULL, rating_points INTEGER NOT NULL, cash_only_points INTEGER NOT NULL, tender_id INTEGER, reason TEXT NOT NULL,
CONSTRAINT pk_credit_rating_entry PRIMARY KEY (id), CONSTRAINT fk_credit_rating_entry_account_id FOREIGN
KEY(account_id) REFERENCES account (id), CONSTRAINT fk_credit_rating_entry_tender_id FOREIGN KEY(tender_id) REFERENCES
tender (id) ) STRICT

CREATE INDEX ix_credit_rating_entry_account_id ON credit_rating_entry (account_id)

CREATE TABLE drawer_count_line ( count_id INTEGER NOT NULL, line INTEGER NOT NULL, tender_type TEXT NOT NULL,
denomination TEXT DEFAULT '' NOT NULL, pieces INTEGER DEFAULT '0' NOT NULL, amount INTEGER NOT NULL, CONSTRAINT
pk_drawer_count_line PRIMARY KEY (count_id, line), CONSTRAINT ck_drawer_count_line_amount_bounds CHECK (amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_drawer_count_line_count_id FOREIGN KEY(count_id) REFERENCES
drawer_count (id) ) STRICT

CREATE TABLE financial_transaction ( id INTEGER NOT NULL, kind TEXT NOT NULL, source_id INTEGER NOT NULL,
reverses_ft_id INTEGER, sa_id INTEGER NOT NULL, currency TEXT NOT NULL, cis_division TEXT NOT NULL, gl_division TEXT
NOT NULL, current_amount INTEGER NOT NULL, payoff_amount INTEGER NOT NULL, accounting_date TEXT NOT NULL, frozen_at
INTEGER, frozen_by INTEGER, arrears_date TEXT, new_charge INTEGER DEFAULT '0' NOT NULL, bill_id INTEGER, correction
INTEGER DEFAULT '0' NOT NULL, show_on_bill INTEGER DEFAULT '1' NOT NULL, redundant INTEGER DEFAULT '0' NOT NULL,
not_in_arrears INTEGER DEFAULT '0' NOT NULL, gl_status TEXT NOT NULL, gl_date TEXT, match_event_id INTEGER, journal_id
INTEGER NOT NULL, algorithm TEXT NOT NULL, CONSTRAINT pk_financial_transaction PRIMARY KEY (id), CONSTRAINT
ck_financial_transaction_ages CHECK (current_amount <= 0 OR arrears_date IS NOT NULL OR reverses_ft_id IS NOT NULL),
CONSTRAINT ck_financial_transaction_current_amount_bounds CHECK (current_amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT ck_financial_transaction_payoff_amount_bounds CHECK (payoff_amount BETWEEN
-1000000000000000 AND 1000000000000000), CONSTRAINT fk_financial_transaction_reverses_ft_id FOREIGN
KEY(reverses_ft_id) REFERENCES financial_transaction (id), CONSTRAINT fk_financial_transaction_sa_id FOREIGN
KEY(sa_id) REFERENCES service_agreement (id), CONSTRAINT fk_financial_transaction_match_event_id FOREIGN
KEY(match_event_id) REFERENCES match_event (id) ) STRICT

CREATE INDEX ix_financial_transaction_accounting_date ON financial_transaction (accounting_date)

CREATE INDEX ix_financial_transaction_sa_id_frozen_at_id ON financial_transaction (sa_id, frozen_at, id)

CREATE INDEX ix_financial_transaction_source_id ON financial_transaction (source_id)

CREATE INDEX ix_ft_debt ON financial_transaction (sa_id, arrears_date, id, current_amount, reverses_ft_id, frozen_at,
match_event_id) WHERE current_amount > 0 AND reverses_ft_id IS NULL

CREATE INDEX ix_ft_match_event ON financial_transaction (match_event_id) WHERE match_event_id IS NOT NULL

CREATE UNIQUE INDEX uq_ft_reversal ON financial_transaction (reverses_ft_id) WHERE reverses_ft_id IS NOT NULL

CREATE TABLE house_agreement_link ( code TEXT NOT NULL, sa_id INTEGER NOT NULL, CONSTRAINT pk_house_agreement_link
PRIMARY KEY (code), CONSTRAINT fk_house_agreement_link_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) )
STRICT

CREATE TABLE open_debt ( sa_id INTEGER NOT NULL, pieces TEXT NOT NULL, CONSTRAINT pk_open_debt PRIMARY KEY (sa_id),
CONSTRAINT fk_open_debt_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) ) STRICT

CREATE TABLE outgoing_mail ( id INTEGER NOT NULL, to_do_id INTEGER NOT NULL, user_id INTEGER NOT NULL, address TEXT
NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, written_at INTEGER NOT NULL, sent_at INTEGER, failures INTEGER
DEFAULT '0' NOT NULL, last_error TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_outgoing_mail PRIMARY KEY (id), CONSTRAINT
fk_outgoing_mail_to_do_id FOREIGN KEY(to_do_id) REFERENCES to_do (id) ) STRICT

CREATE INDEX ix_outgoing_mail_sent_at ON outgoing_mail (sent_at)

CREATE INDEX ix_outgoing_mail_to_do_id ON outgoing_mail (to_do_id)

CREATE TABLE payment_segment ( id INTEGER NOT NULL, payment_id INTEGER NOT NULL, sa_id INTEGER NOT NULL, amount
INTEGER NOT NULL, CONSTRAINT pk_payment_segment PRIMARY KEY (id), CONSTRAINT ck_payment_segment_not_empty CHECK
(amount <> 0), CONSTRAINT ck_payment_segment_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND
1000000000000000), CONSTRAINT fk_payment_segment_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
CONSTRAINT fk_payment_segment_sa_id FOREIGN KEY(sa_id) REFERENCES service_agreement (id) ) STRICT

CREATE INDEX ix_payment_segment_payment_id ON payment_segment (payment_id)

CREATE TABLE to_do_note ( id INTEGER NOT NULL, to_do_id INTEGER NOT NULL, user_id INTEGER NOT NULL, noted_at INTEGER
NOT NULL, action TEXT NOT NULL, text TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_to_do_note PRIMARY KEY (id), CONSTRAINT
fk_to_do_note_to_do_id FOREIGN KEY(to_do_id) REFERENCES to_do (id) ) STRICT

CREATE INDEX ix_to_do_note_to_do_id ON to_do_note (to_do_id)

CREATE TABLE unfrozen_ft ( id INTEGER NOT NULL, kind TEXT NOT NULL, source_id INTEGER NOT NULL, sa_id INTEGER NOT
NULL, currency TEXT NOT NULL, current_amount INTEGER NOT NULL, payoff_amount INTEGER NOT NULL, accounting_date TEXT
NOT NULL, algorithm TEXT NOT NULL, CONSTRAINT pk_unfrozen_ft PRIMARY KEY (id), CONSTRAINT
ck_unfrozen_ft_current_amount_bounds CHECK (current_amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
ck_unfrozen_ft_payoff_amount_bounds CHECK (payoff_amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
uq_unfrozen_ft_source_id UNIQUE (source_id), CONSTRAINT fk_unfrozen_ft_sa_id FOREIGN KEY(sa_id) REFERENCES
service_agreement (id) ) STRICT

CREATE INDEX ix_unfrozen_ft_sa_id ON unfrozen_ft (sa_id)

CREATE TABLE adjustment_characteristic ( adjustment_id INTEGER NOT NULL, characteristic_type TEXT NOT NULL, value TEXT
NOT NULL, CONSTRAINT pk_adjustment_characteristic PRIMARY KEY (adjustment_id, characteristic_type), CONSTRAINT
fk_adjustment_characteristic_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES adjustment (id) ) WITHOUT ROWID,
STRICT

CREATE TABLE adjustment_line ( adjustment_id INTEGER NOT NULL, line INTEGER NOT NULL, description TEXT NOT NULL,
amount INTEGER NOT NULL, distribution_code TEXT NOT NULL, characteristic TEXT DEFAULT '' NOT NULL, CONSTRAINT
pk_adjustment_line PRIMARY KEY (adjustment_id, line), CONSTRAINT ck_adjustment_line_amount_bounds CHECK (amount
BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_adjustment_line_adjustment_id FOREIGN
KEY(adjustment_id) REFERENCES adjustment (id) ) WITHOUT ROWID, STRICT

CREATE TABLE approval_level ( request_id INTEGER NOT NULL, level INTEGER NOT NULL, role TEXT NOT NULL, outcome TEXT
DEFAULT '' NOT NULL, to_do_id INTEGER, asked_at INTEGER, reminders INTEGER DEFAULT '0' NOT NULL, escalated INTEGER
DEFAULT '0' NOT NULL, decided_by INTEGER, decided_at INTEGER, CONSTRAINT pk_approval_level PRIMARY KEY (request_id,
level), CONSTRAINT fk_approval_level_request_id FOREIGN KEY(request_id) REFERENCES approval_request (id) ) WITHOUT
ROWID, STRICT

CREATE TABLE approval_note ( id INTEGER NOT NULL, request_id INTEGER NOT NULL, level INTEGER NOT NULL, action TEXT NOT
NULL, user_id INTEGER NOT NULL, noted_at INTEGER NOT NULL, text TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_approval_note
PRIMARY KEY (id), CONSTRAINT fk_approval_note_request_id FOREIGN KEY(request_id) REFERENCES approval_request (id) )
STRICT

CREATE INDEX ix_approval_note_request_id ON approval_note (request_id)

CREATE TABLE check_request ( id INTEGER NOT NULL, adjustment_id INTEGER NOT NULL, account_id INTEGER NOT NULL,
request_type TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, payee TEXT NOT NULL, address TEXT NOT
NULL, payment_method TEXT NOT NULL, tax_category TEXT DEFAULT '' NOT NULL, cut_date TEXT NOT NULL, status TEXT NOT
NULL, ap_run_id INTEGER, document_number TEXT DEFAULT '' NOT NULL, document_date TEXT, CONSTRAINT pk_check_request
PRIMARY KEY (id), CONSTRAINT uq_check_request_adjustment_id UNIQUE (adjustment_id), CONSTRAINT
ck_check_request_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_check_request_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES adjustment (id), CONSTRAINT
fk_check_request_account_id FOREIGN KEY(account_id) REFERENCES account (id), CONSTRAINT fk_check_request_ap_run_id
FOREIGN KEY(ap_run_id) REFERENCES ap_run (id) ) STRICT

CREATE INDEX ix_check_request_account_id ON check_request (account_id)

CREATE INDEX ix_check_request_ap_run_id ON check_request (ap_run_id)

CREATE INDEX ix_check_request_status_cut_date ON check_request (status, cut_date)

CREATE TABLE gl_held ( ft_id INTEGER NOT NULL, run_id INTEGER NOT NULL, chunk INTEGER NOT NULL, reason TEXT NOT NULL,
sent_run_id INTEGER, sent_chunk INTEGER, CONSTRAINT pk_gl_held PRIMARY KEY (ft_id), CONSTRAINT fk_gl_held_ft_id
FOREIGN KEY(ft_id) REFERENCES financial_transaction (id), CONSTRAINT fk_gl_held_run_id FOREIGN KEY(run_id) REFERENCES
gl_run (id), CONSTRAINT fk_gl_held_sent_run_id FOREIGN KEY(sent_run_id) REFERENCES gl_run (id) ) WITHOUT ROWID, STRICT

CREATE INDEX ix_gl_held_sent_run_id_sent_chunk ON gl_held (sent_run_id, sent_chunk)

CREATE INDEX ix_gl_held_waiting ON gl_held (ft_id) WHERE sent_run_id IS NULL

CREATE TABLE gl_line ( ft_id INTEGER NOT NULL, line INTEGER NOT NULL, distribution_code TEXT NOT NULL, amount INTEGER
NOT NULL, gl_account TEXT, statistic_quantity INTEGER, CONSTRAINT pk_gl_line PRIMARY KEY (ft_id, line), CONSTRAINT
ck_gl_line_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT fk_gl_line_ft_id
FOREIGN KEY(ft_id) REFERENCES financial_transaction (id) ) WITHOUT ROWID, STRICT

CREATE TABLE unfrozen_gl_line ( ft_id INTEGER NOT NULL, line INTEGER NOT NULL, distribution_code TEXT NOT NULL, amount
INTEGER NOT NULL, CONSTRAINT pk_unfrozen_gl_line PRIMARY KEY (ft_id, line), CONSTRAINT
ck_unfrozen_gl_line_amount_bounds CHECK (amount BETWEEN -1000000000000000 AND 1000000000000000), CONSTRAINT
fk_unfrozen_gl_line_ft_id FOREIGN KEY(ft_id) REFERENCES unfrozen_ft (id) ) WITHOUT ROWID, STRICT

CREATE TABLE check_response ( id INTEGER NOT NULL, file_name TEXT NOT NULL, file_digest TEXT NOT NULL, line INTEGER
NOT NULL, request_id INTEGER, content TEXT NOT NULL, outcome TEXT NOT NULL, problem TEXT DEFAULT '' NOT NULL,
CONSTRAINT pk_check_response PRIMARY KEY (id), CONSTRAINT uq_check_response_file_digest_line UNIQUE (file_digest,
line), CONSTRAINT fk_check_response_request_id FOREIGN KEY(request_id) REFERENCES check_request (id) ) STRICT

CREATE INDEX ix_check_response_request_id ON check_response (request_id)

CREATE VIRTUAL TABLE search_document USING fts5(words, tokenize = 'ascii', prefix = '1,2,3,4,5,6', detail = 'none',
content = '', contentless_delete = 1)
"""
