"""What a person can do on the back office's, the supervisor's and the administrator's screens."""

from typing import Final

from cashier_app.ui.actions import QT_TRANSLATE_NOOP, ActionSpec

CUSTOMER: Final = QT_TRANSLATE_NOOP("actions", "Customer")
EVENT: Final = QT_TRANSLATE_NOOP("actions", "Payment event")
BOARD: Final = QT_TRANSLATE_NOOP("actions", "Drawers and deposits")
USERS: Final = QT_TRANSLATE_NOOP("actions", "Users")
BOOKS: Final = QT_TRANSLATE_NOOP("actions", "Books")
TO_DO: Final = QT_TRANSLATE_NOOP("actions", "To do")
BATCH: Final = QT_TRANSLATE_NOOP("actions", "Batch")
LEDGER: Final = QT_TRANSLATE_NOOP("actions", "General ledger")
SETUP: Final = QT_TRANSLATE_NOOP("actions", "Setup")
JOURNAL: Final = QT_TRANSLATE_NOOP("actions", "Journal")

_ROWS: Final = (
    # -- Customer
    (CUSTOMER, "customer.pay", QT_TRANSLATE_NOOP("actions", "Take payment"), "F5", "TakePayment", "cash"),
    (CUSTOMER, "customer.event", QT_TRANSLATE_NOOP("actions", "Payment event"), "Ctrl+O", "", "receipt"),
    (CUSTOMER, "customer.debt", QT_TRANSLATE_NOOP("actions", "Debt to the day"), "F4", "", "calendar"),
    (CUSTOMER, "customer.note", QT_TRANSLATE_NOOP("actions", "Add a note"), "F6", "AddAlert", "info"),
    (CUSTOMER, "customer.person", QT_TRANSLATE_NOOP("actions", "Change person"), "F7", "ChangePerson", "contact"),
    (CUSTOMER, "customer.adjust", QT_TRANSLATE_NOOP("actions", "Add adjustment"), "F8", "AddAdjustment", "plus"),
    (
        CUSTOMER,
        "customer.cancel_adjustment",
        QT_TRANSLATE_NOOP("actions", "Cancel adjustment"),
        "Shift+F8",
        "CancelAdjustment",
        "cancel",
    ),
    (CUSTOMER, "customer.transfer", QT_TRANSLATE_NOOP("actions", "Transfer"), "Shift+F7", "AddAdjustment", "transfer"),
    (
        CUSTOMER,
        "customer.adjustments",
        QT_TRANSLATE_NOOP("actions", "Adjustments"),
        "Ctrl+J",
        "ViewCustomers",
        "history",
    ),
    (CUSTOMER, "customer.dispute", QT_TRANSLATE_NOOP("actions", "Dispute"), "Shift+F6", "MatchTransactions", "warning"),
    (
        CUSTOMER,
        "customer.end_dispute",
        QT_TRANSLATE_NOOP("actions", "End dispute"),
        "Shift+F9",
        "MatchTransactions",
        "ok",
    ),
    (CUSTOMER, "adjustment.generate", QT_TRANSLATE_NOOP("actions", "Generate"), "Ctrl+G", "AddAdjustment", "refresh"),
    (CUSTOMER, "adjustment.freeze", QT_TRANSLATE_NOOP("actions", "Freeze"), "F11", "AddAdjustment", "lock"),
    (CUSTOMER, "adjustment.submit", QT_TRANSLATE_NOOP("actions", "Submit"), "F12", "AddAdjustment", "tick"),
    (CUSTOMER, "adjustment.delete", QT_TRANSLATE_NOOP("actions", "Delete"), "Ctrl+Del", "AddAdjustment", "close"),
    (
        CUSTOMER,
        "customer.office",
        QT_TRANSLATE_NOOP("actions", "Move to another office"),
        "F9",
        "ChangeAccessGroup",
        "transfer",
    ),
    (CUSTOMER, "customer.new", QT_TRANSLATE_NOOP("actions", "Open an account"), "Ctrl+N", "OpenAccount", "agreement"),
    # -- Payment event and work lists
    (EVENT, "event.add_payments", QT_TRANSLATE_NOOP("actions", "Add payments"), "F5", "PreparePayment", "plus"),
    (EVENT, "event.distribute", QT_TRANSLATE_NOOP("actions", "Distribute"), "F6", "PreparePayment", "refresh"),
    (EVENT, "event.place", QT_TRANSLATE_NOOP("actions", "Place by hand"), "Shift+F6", "PreparePayment", "edit"),
    (EVENT, "event.transfer", QT_TRANSLATE_NOOP("actions", "Transfer"), "F7", "TransferPayment", "transfer"),
    (EVENT, "event.cancel_tender", QT_TRANSLATE_NOOP("actions", "Cancel tender"), "F8", "CancelOwnPayment", "cancel"),
    (
        EVENT,
        "event.cancel_payment",
        QT_TRANSLATE_NOOP("actions", "Cancel payment"),
        "Shift+F8",
        "CancelOwnPayment",
        "minus",
    ),
    (EVENT, "event.freeze", QT_TRANSLATE_NOOP("actions", "Freeze"), "F9", "PreparePayment", "lock"),
    (EVENT, "event.reprint", QT_TRANSLATE_NOOP("actions", "Print a copy"), "Ctrl+P", "ReprintReceipt", "print"),
    (
        EVENT,
        "event.not_printed",
        QT_TRANSLATE_NOOP("actions", "It did not come out"),
        "Ctrl+Shift+P",
        "ReprintReceipt",
        "warning",
        QT_TRANSLATE_NOOP("actions", "The last print does not count; after a failed original the next is one again"),
    ),
    (
        EVENT,
        "event.endorse",
        QT_TRANSLATE_NOOP("actions", "Endorse the check"),
        "F11",
        "ReprintReceipt",
        "check",
        QT_TRANSLATE_NOOP(
            "actions", "Put the check into the printer: its back says for deposit only, and where it was taken"
        ),
    ),
    (
        EVENT,
        "event.validate",
        QT_TRANSLATE_NOOP("actions", "Validate the stub"),
        "F12",
        "ReprintReceipt",
        "tick",
        QT_TRANSLATE_NOOP("actions", "Put the bill's stub into the printer: it is stamped as paid"),
    ),
    (EVENT, "event.account", QT_TRANSLATE_NOOP("actions", "Customer"), "Ctrl+O", "ViewCustomers", "customer"),
    (EVENT, "event.delete", QT_TRANSLATE_NOOP("actions", "Delete event"), "Ctrl+Del", "PreparePayment", "close"),
    # -- To do
    (TO_DO, "todo.approve", QT_TRANSLATE_NOOP("actions", "Approve"), "F9", "ApproveAdjustment", "tick"),
    (TO_DO, "todo.reject", QT_TRANSLATE_NOOP("actions", "Reject"), "F8", "RejectAdjustment", "cancel"),
    (TO_DO, "todo.open", QT_TRANSLATE_NOOP("actions", "Go there"), "Ctrl+O", "WorkOnToDo", "arrow_right"),
    (TO_DO, "todo.take", QT_TRANSLATE_NOOP("actions", "Take"), "F5", "WorkOnToDo", "edit"),
    (TO_DO, "todo.comment", QT_TRANSLATE_NOOP("actions", "Comment"), "F6", "WorkOnToDo", "info"),
    (TO_DO, "todo.forward", QT_TRANSLATE_NOOP("actions", "Forward"), "F7", "WorkOnToDo", "transfer"),
    (TO_DO, "todo.complete", QT_TRANSLATE_NOOP("actions", "Complete"), "F11", "WorkOnToDo", "ok"),
    # -- Drawers and deposits
    (BOARD, "board.receive", QT_TRANSLATE_NOOP("actions", "Receive turn-in"), "F6", "ReceiveTurnIn", "tick"),
    (BOARD, "board.reopen", QT_TRANSLATE_NOOP("actions", "Reopen drawer"), "F7", "ReopenTenderControl", "refresh"),
    (BOARD, "board.force_close", QT_TRANSLATE_NOOP("actions", "Force-close"), "F8", "ForceCloseDrawer", "lock"),
    (BOARD, "board.x_report", QT_TRANSLATE_NOOP("actions", "X report"), "F9", "see-expected", "report"),
    (BOARD, "deposit.open", QT_TRANSLATE_NOOP("actions", "Open a deposit"), "Ctrl+N", "DepositControls", "plus"),
    (BOARD, "deposit.start", QT_TRANSLATE_NOOP("actions", "Balance deposit"), "Ctrl+D", "DepositControls", "count"),
    (BOARD, "deposit.slip", QT_TRANSLATE_NOOP("actions", "Add a slip"), "Ctrl+I", "DepositControls", "receipt"),
    (BOARD, "deposit.hand_over", QT_TRANSLATE_NOOP("actions", "Hand over"), "Ctrl+H", "DepositControls", "deposit"),
    (BOARD, "deposit.reopen", QT_TRANSLATE_NOOP("actions", "Reopen deposit"), "Ctrl+R", "DepositControls", "refresh"),
    (BOARD, "deposit.paper", QT_TRANSLATE_NOOP("actions", "Show the slip"), "Ctrl+P", "DepositControls", "print"),
    # -- Batch
    (
        BATCH,
        "batch.start",
        QT_TRANSLATE_NOOP("actions", "Start a job"),
        "F5",
        "RunBatch",
        "plus",
        QT_TRANSLATE_NOOP("actions", "Choose a job and say what it needs"),
    ),
    (BATCH, "batch.go_on", QT_TRANSLATE_NOOP("actions", "Go on"), "F6", "RunBatch", "arrow_right"),
    (BATCH, "batch.stop", QT_TRANSLATE_NOOP("actions", "Stop"), "F8", "RunBatch", "cancel"),
    # -- Users
    (USERS, "user.new", QT_TRANSLATE_NOOP("actions", "Add a user"), "Ctrl+N", "MaintainUsers", "plus"),
    (USERS, "user.change", QT_TRANSLATE_NOOP("actions", "Change"), "F7", "MaintainUsers", "edit"),
    (USERS, "user.password", QT_TRANSLATE_NOOP("actions", "New password"), "F8", "MaintainUsers", "lock"),
    (USERS, "user.factor", QT_TRANSLATE_NOOP("actions", "Reset second factor"), "F9", "MaintainUsers", "refresh"),
    # -- Books
    (BOOKS, "books.csv", QT_TRANSLATE_NOOP("actions", "Save as CSV"), "Ctrl+S", "see-expected", "report"),
    (BOOKS, "books.pdf", QT_TRANSLATE_NOOP("actions", "Save as PDF"), "Ctrl+P", "see-expected", "print"),
    (BOOKS, "books.seal", QT_TRANSLATE_NOOP("actions", "Seal the day"), "F9", "SealDay", "lock"),
    (BOOKS, "books.earlier", QT_TRANSLATE_NOOP("actions", "Day before"), "Alt+Left", "", "arrow_left"),
    (BOOKS, "books.later", QT_TRANSLATE_NOOP("actions", "Day after"), "Alt+Right", "", "arrow_right"),
    # -- General ledger
    (LEDGER, "ledger.run", QT_TRANSLATE_NOOP("actions", "Hand the books over"), "F9", "RunGl", "deposit"),
    (LEDGER, "ledger.file", QT_TRANSLATE_NOOP("actions", "Save the file"), "Ctrl+S", "RunGl", "report"),
    (LEDGER, "ledger.pdf", QT_TRANSLATE_NOOP("actions", "Save as PDF"), "Ctrl+P", "RunGl", "print"),
    (LEDGER, "ledger.xlsx", QT_TRANSLATE_NOOP("actions", "Save as workbook"), "Ctrl+Shift+S", "RunGl", "report"),
    (LEDGER, "ledger.earlier", QT_TRANSLATE_NOOP("actions", "Period before"), "Alt+Left", "", "arrow_left"),
    (LEDGER, "ledger.later", QT_TRANSLATE_NOOP("actions", "Period after"), "Alt+Right", "", "arrow_right"),
    (LEDGER, "ledger.extract", QT_TRANSLATE_NOOP("actions", "Hand checks over"), "F8", "RunAp", "check"),
    (LEDGER, "ledger.respond", QT_TRANSLATE_NOOP("actions", "Take answers in"), "F6", "RunAp", "receipt"),
    (LEDGER, "ledger.period", QT_TRANSLATE_NOOP("actions", "Change the period"), "F7", "LoadConfiguration", "edit"),
    (LEDGER, "ledger.new_period", QT_TRANSLATE_NOOP("actions", "Add a period"), "Ctrl+N", "LoadConfiguration", "plus"),
    (LEDGER, "ledger.year", QT_TRANSLATE_NOOP("actions", "Add a year"), "Ctrl+Y", "LoadConfiguration", "calendar"),
    (LEDGER, "ledger.account", QT_TRANSLATE_NOOP("actions", "Change the account"), "F4", "LoadConfiguration", "edit"),
    # -- Setup
    (
        SETUP,
        "setup.new_profile",
        QT_TRANSLATE_NOOP("actions", "Add a profile"),
        "Ctrl+N",
        "LoadConfiguration",
        "plus",
        QT_TRANSLATE_NOOP("actions", "Say who approves adjustments of which amount"),
    ),
    (SETUP, "setup.profile", QT_TRANSLATE_NOOP("actions", "Change the profile"), "F7", "LoadConfiguration", "edit"),
    # -- Journal
    (JOURNAL, "journal.csv", QT_TRANSLATE_NOOP("actions", "Save as CSV"), "Ctrl+S", "ViewJournal", "report"),
)

FIND: Final = ActionSpec(
    "customer.find",
    QT_TRANSLATE_NOOP("actions", "Find a customer"),
    "Ctrl+F",
    right="ViewCustomers",
    group=QT_TRANSLATE_NOOP("actions", "Everywhere"),
    icon="search",
    everywhere=True,
)

EXPLAIN: Final = ActionSpec(
    "figure.explain",
    QT_TRANSLATE_NOOP("actions", "Explain a figure"),
    "Ctrl+E",
    group=QT_TRANSLATE_NOOP("actions", "Everywhere"),
    icon="explain",
    tip=QT_TRANSLATE_NOOP("actions", "The one the keys are on, or one of those in view"),
    everywhere=True,
)

LINE: Final = ActionSpec(
    "line.show",
    QT_TRANSLATE_NOOP("actions", "Show the line to the server"),
    "Ctrl+U",
    group=QT_TRANSLATE_NOOP("actions", "Everywhere"),
    icon="unsent",
    tip=QT_TRANSLATE_NOOP("actions", "How it stands, and what has not been sent yet"),
    everywhere=True,
)
TRY_LINE: Final = ActionSpec(
    "line.try_now",
    QT_TRANSLATE_NOOP("actions", "Try the line to the server now"),
    "Ctrl+Shift+U",
    group=QT_TRANSLATE_NOOP("actions", "Everywhere"),
    icon="refresh",
    everywhere=True,
)
"""Both are offered at a branch only."""

OFFICE_ACTIONS: Final = (
    FIND,
    EXPLAIN,
    LINE,
    TRY_LINE,
    *(
        ActionSpec(action_id, text, shortcut, right=right, group=group, icon=icon, tip=tip[0] if tip else "")
        for group, action_id, text, shortcut, right, icon, *tip in _ROWS
    ),
)
