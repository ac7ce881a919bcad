"""The form that moves a credit from one agreement to another (R adjustments 5.2)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from cashier_app.services.queries.accounts import AccountGlance, AgreementRow
from cashier_app.ui.view_models.adjustments import Adjustments
from cashier_app.ui.views.adjustment_sheets import AdjustmentForm, Said
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.work_place import OWN_ENTER, Choice


class TransferSheet(AdjustmentForm):
    """Moves a credit from an agreement of this account to another, here or on another account."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments, said, translate("adjustment", "Transfer a credit"), translate("adjustment", "Transfer it")
        )
        self._glance: AccountGlance | None = None
        self.origin = Choice()
        self.search = QLineEdit()
        self.candidates = Choice(translate("adjustment", "Accounts found"))
        self.target = Choice()
        self.kind = Choice()
        self.amount = MoneyEdit(translate("adjustment", "Amount"))
        self.comment = QLineEdit()
        self.search.setPlaceholderText(translate("adjustment", "number or name, then Enter"))
        self.search.setProperty(OWN_ENTER, True)
        self.form.add("from_sa_id", translate("adjustment", "From agreement, which has the credit"), self.origin)
        self.form.add("search", translate("adjustment", "To account; else this one"), self.search)
        self.form.add("account_id", "", self.candidates, beside=True)
        self.form.add("to_sa_id", translate("adjustment", "To agreement"), self.target)
        self.form.add("adjustment_type", translate("adjustment", "Adjustment type"), self.kind)
        self.form.add("amount", translate("adjustment", "Amount"), self.amount, beside=True)
        self.form.add("comment", translate("adjustment", "Why"), self.comment)
        self.search.returnPressed.connect(lambda: adjustments.look_up(self.search.text()))
        self.candidates.activated.connect(lambda _place: adjustments.aim(int(self.candidates.code)))
        self.origin.currentIndexChanged.connect(self._propose)
        adjustments.changed.connect(self._render)

    def start(self, glance: AccountGlance, agreement: AgreementRow | None) -> None:
        """Open for an account, from an agreement where one is meant."""
        adjustments = self._adjustments
        adjustments.sending.forget()
        self._glance = glance
        adjustments.target, adjustments.found = glance, ()
        self.origin.offer([(str(row.sa_id), _with_balance(row)) for row in glance.agreements])
        if agreement is not None:
            self.origin.choose(str(agreement.sa_id))
        self.amount.currency = manner(glance.currency)
        self.search.clear()
        self.comment.clear()
        self._propose()
        self.open_sheet()
        self._render()

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self.amount.refused:
            self.refuse("UI-001", self.amount.problem, "amount")
            return
        self._adjustments.transfer(
            self._origin,
            int(self.target.code or 0),
            self.kind.code,
            self.amount.value,
            self.comment.text(),
            self.went,
        )

    @property
    def _origin(self) -> AgreementRow | None:
        rows = self._glance.agreements if self._glance else ()
        return next((row for row in rows if str(row.sa_id) == self.origin.code), None)

    def _propose(self) -> None:
        origin = self._origin
        self.amount.set_value(-origin.payoff_balance if origin and origin.payoff_balance < 0 else None)
        self._render()

    def _render(self) -> None:
        if not self.isVisible() or self._glance is None:
            return
        adjustments = self._adjustments
        target = adjustments.target or self._glance
        several = len(adjustments.found) > 1
        self.candidates.setVisible(several)
        if several:
            self.candidates.offer([(str(hit.account_id), f"{hit.number}  {hit.name}") for hit in adjustments.found])
        own = target.account_id == self._glance.account_id
        whose = "" if own else f"{target.number} {target.name}: "
        self.target.offer(
            [
                (str(row.sa_id), whose + _with_balance(row))
                for row in target.agreements
                if str(row.sa_id) != self.origin.code
            ]
        )
        takes = {offer.code for offer in adjustments.offered(int(self.target.code or 0), transfers=True)}
        offered = adjustments.offered(int(self.origin.code or 0), transfers=True)
        self.kind.offer([(offer.code, offer.words) for offer in offered if offer.code in takes])


def _with_balance(row: AgreementRow) -> str:
    return f"{row.description} {row.address}  {manner(row.currency).balance(row.payoff_balance)}"
