"""The column of facts beside an account's history: agreements with their debt to the day, people, places, standing."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.accounts import AccountGlance, AgreementRow, AlertRow, PersonRow
from cashier_app.ui import look
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.views.ledger_words import age_words, manner, status_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import Column


class Note(QWidget):
    """A note on the account, and the way to take it off."""

    ended = Signal(object)

    def __init__(self, alert: AlertRow, *, may_end: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        words = label(alert.text, wraps=True)
        row.addWidget(words, 1)
        if alert.ends:
            until = QCoreApplication.translate("customer", "until {day}").format(day=when.day(alert.ends))
            row.addWidget(label(until, role="muted"))
        if may_end and alert.alert_id is not None:
            key = alert.alert_id
            end = QPushButton(QCoreApplication.translate("customer", "End"))
            end.setProperty("kind", "quiet")
            end.setAccessibleName(
                QCoreApplication.translate("customer", "End the note: {text}").format(text=alert.text)
            )
            end.clicked.connect(lambda _checked=False: self.ended.emit(key))
            row.addWidget(end)


class CustomerFacts(Column):
    """Everything about an account that is not history."""

    alert_ended = Signal(object)
    person_chosen = Signal(object)
    """A `PersonRow` that somebody wants to change."""

    def __init__(self, *, may_end_alerts: bool) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("customer", "Facts"))
        self._may_end_alerts = may_end_alerts
        self.agreements = TreeView(
            translate("customer", "Agreements and their debt"),
            (
                Heading(translate("customer", "Agreement"), stretch=1),
                amount_heading(translate("customer", "Current"), "12,345.00 CR"),
                amount_heading(translate("customer", "Payoff"), "12,345.00 CR"),
            ),
        )
        self._notes = QVBoxLayout()
        self._notes.setSpacing(look.SPACE)
        self._no_notes = label(translate("customer", "No notes on this account."), role="muted")
        self.people = TreeView(
            translate("customer", "People"),
            (Heading("", stretch=1), Heading("", stretch=1)),
            header=False,
        )
        self._contact = FactList()
        self._standing = FactList()
        self._badge = StatusBadge()
        self.body.setSpacing(look.SPACE * 2)
        for words, parts in (
            (translate("customer", "Agreements"), [self.agreements]),
            (translate("customer", "Notes"), [self._no_notes]),
            (translate("customer", "People"), [self.people]),
            (translate("customer", "Contact"), [self._contact]),
            (translate("customer", "Credit standing"), [self._badge, self._standing]),
        ):
            self.body.addWidget(SectionLabel(words))
            for part in parts:
                self.body.addWidget(part)
            if parts == [self._no_notes]:
                self.body.addLayout(self._notes)
            self.body.addSpacing(look.SPACE * 3)
        self.body.addStretch()
        self.agreements.expanded.connect(lambda _index: self.agreements.fit(40))
        self.agreements.collapsed.connect(lambda _index: self.agreements.fit(40))
        self.people.chosen.connect(self.person_chosen)

    def show_glance(self, glance: AccountGlance) -> None:
        """Show an account's facts."""
        self.agreements.show_branches([_agreement_branch(row, glance.address) for row in glance.agreements])
        self.agreements.fit(40)
        self.people.show_branches([_person_branch(row) for row in glance.persons])
        self.people.fit()
        self._show_notes([alert for alert in glance.alerts if alert.alert_id is not None])
        self._contact.show_facts(_contact(glance))
        self._show_standing(glance)

    def open_debt(self) -> None:
        """Open every agreement's debt to the day, or close them when they are open."""
        if self.agreements.isExpanded(self.agreements.rows.index(0, 0)):
            self.agreements.collapseAll()
        else:
            self.agreements.expandAll()
        self.agreements.fit(40)
        self.agreements.go_to_first()
        self.agreements.setFocus()

    @property
    def current_agreement(self) -> AgreementRow | None:
        """The agreement the keys are on, else the first."""
        row = self.agreements.current_row()
        if isinstance(row, AgreementRow):
            return row
        first = self.agreements.rows.top
        return first[0].row if first and isinstance(first[0].row, AgreementRow) else None

    def _show_notes(self, notes: list[AlertRow]) -> None:
        while (item := self._notes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for note in notes:
            row = Note(note, may_end=self._may_end_alerts)
            row.ended.connect(self.alert_ended)
            self._notes.addWidget(row)
        self._no_notes.setVisible(not notes)

    def _show_standing(self, glance: AccountGlance) -> None:
        translate = QCoreApplication.translate
        credit = glance.credit
        if credit.is_cash_only:
            self._badge.show_state(translate("customer", "cash only"), "attention")
        elif credit.is_risky:
            self._badge.show_state(translate("customer", "low credit rating"), "attention")
        else:
            self._badge.show_state(translate("customer", "in good standing"), "good")
        self._standing.show_facts(
            [
                Fact(
                    translate("customer", "Credit rating"),
                    str(credit.rating),
                    figure=figure(FigureKind.CREDIT, glance.account_id, "rating"),
                ),
                Fact(
                    translate("customer", "Cash-only score"),
                    str(credit.cash_only_score),
                    figure=figure(FigureKind.CREDIT, glance.account_id, "cash_only"),
                ),
            ]
        )


def _agreement_branch(row: AgreementRow, home: str) -> Branch:
    translate = QCoreApplication.translate
    words = manner(row.currency)
    status, _ = status_words(row.status)
    dates = translate("customer", "since {day}").format(day=when.day(row.starts))
    if row.ends:
        dates = translate("customer", "{first} to {last}").format(first=when.day(row.starts), last=when.day(row.ends))
    pieces = tuple(
        Branch(
            (age_words(piece), words.text(piece.amount), ""),
            role="muted",
            figures=(NO_FIGURE, figure(FigureKind.DEBT_PIECE, "agreement", row.sa_id, piece.kind, piece.days)),
        )
        for piece in row.pieces
    )
    lines = [f"{status}, {dates}", *([row.address] if row.address and row.address != home else [])]
    return Branch(
        (
            row.description or row.sa_type,
            words.balance(row.current_balance),
            words.balance(row.payoff_balance),
        ),
        key=row.sa_id,
        row=row,
        below=(*pieces, *(Branch((line,), role="muted", tips=(line,)) for line in lines)),
        tips=(f"{row.description} {row.address}",),
        figures=(
            NO_FIGURE,
            figure(FigureKind.AGREEMENT, row.sa_id, "current"),
            figure(FigureKind.AGREEMENT, row.sa_id, "payoff"),
        ),
    )


def _person_branch(row: PersonRow) -> Branch:
    relationship = (
        QCoreApplication.translate("customer", "main customer")
        if row.relationship == "MAIN"
        else row.relationship.lower()
    )
    return Branch((row.name, relationship), key=row.person_id, row=row, tips=(row.name, relationship))


def _contact(glance: AccountGlance) -> list[Fact]:
    translate = QCoreApplication.translate
    facts = [
        (translate("customer", "Served at"), glance.address),
        (translate("customer", "Mail to"), glance.mailing_address),
        (translate("customer", "Phone"), glance.phone),
        (translate("customer", "E-mail"), glance.email),
        (translate("customer", "Class"), glance.customer_class_description or glance.customer_class),
        (translate("customer", "Kept by"), glance.office),
        (translate("customer", "Customer since"), when.day(glance.opened_on)),
        (translate("customer", "Old number"), glance.external_number),
    ]
    return [Fact(name, value) for name, value in facts if value]
