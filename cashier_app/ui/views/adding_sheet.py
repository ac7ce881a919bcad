"""The form that adds an adjustment: what its type proposes and asks, and what it allows to be said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.domain.adjustment_types import Characteristic
from cashier_app.services.adjustments.adding import AdjustmentFinish
from cashier_app.services.queries.accounts import AccountGlance, AgreementRow
from cashier_app.services.queries.adjustment_offers import CharacteristicOffer, TypeOffer
from cashier_app.ui.view_models.adjustments import Adjustments
from cashier_app.ui.views.adjustment_sheets import AdjustmentForm, Said, or_today
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.forms import Form
from cashier_app.ui.widgets.work_place import Choice


class AdjustmentSheet(AdjustmentForm):
    """Charges or credits an agreement, as far as its type allows."""

    def __init__(self, adjustments: Adjustments, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            adjustments, said, translate("adjustment", "Add an adjustment"), translate("adjustment", "Add it")
        )
        self._glance: AccountGlance | None = None
        self._asked: dict[str, QWidget] = {}
        self.agreement = Choice()
        self.kind = Choice()
        self.amount = MoneyEdit(translate("adjustment", "Amount"), negative=True)
        today = adjustments.desk.backend.business_date
        self.reference = QLineEdit()
        self.arrears = DayEdit(translate("adjustment", "Ages from"), today)
        self.day = DayEdit(translate("adjustment", "Accounting date"), today)
        self.comment = QLineEdit()
        self.finish = Choice()
        self.characteristics = Form()
        self.form.add("sa_id", translate("adjustment", "Agreement"), self.agreement)
        self.form.add("adjustment_type", translate("adjustment", "Adjustment type"), self.kind)
        self._amount_label = self.form.add("amount", "", self.amount, beside=True)
        self.form.add("comment", translate("adjustment", "Why"), self.comment)
        self.form.add("reference", _may_be_empty(translate("adjustment", "Reference")), self.reference, beside=True)
        ages = translate("adjustment", "Ages from; empty for its first bill")
        self._arrears = (self.form.add("arrears_date", ages, self.arrears), self.arrears)
        self._day = (self.form.add("accounting_date", or_today(), self.day, beside=True), self.day)
        self.form.add("characteristics", "", self.characteristics)
        self.form.add("finish", translate("adjustment", "How far"), self.finish)
        self.agreement.currentIndexChanged.connect(self._offer_types)
        self.kind.currentIndexChanged.connect(self._propose)
        self.finish.currentIndexChanged.connect(self._show_days)

    def start(self, glance: AccountGlance, agreement: AgreementRow | None) -> None:
        """Open for an account, on an agreement where one is meant."""
        self._adjustments.sending.forget()
        self._glance = glance
        self.agreement.offer([(str(row.sa_id), f"{row.description} {row.address}") for row in glance.agreements])
        if agreement is not None:
            self.agreement.choose(str(agreement.sa_id))
        self.amount.currency = manner(glance.currency)
        for editor in (self.comment, self.reference, self.arrears, self.day):
            editor.clear()
        self._offer_types()
        self.open_sheet()

    def submit(self) -> None:
        """See `AdjustmentForm`."""
        if self.amount.refused:
            self.refuse("UI-001", self.amount.problem, "amount")
            return
        for field, (_label, editor) in (("arrears_date", self._arrears), ("accounting_date", self._day)):
            if editor.problem and not editor.isHidden():
                self.refuse("UI-002", editor.problem, field)
                return
        self._adjustments.add(
            self._agreement,
            self.amount.value,
            self.went,
            adjustment_type=self.kind.code,
            arrears_date=None if self.arrears.isHidden() else self.arrears.value,
            accounting_date=None if self.day.isHidden() else self.day.value,
            reference=self.reference.text().strip() or None,
            comment=self.comment.text().strip(),
            characteristics=self._said_of_it(),
            finish=self._finish,
        )

    @property
    def _finish(self) -> AdjustmentFinish:
        return AdjustmentFinish(self.finish.code or "FREEZE")

    @property
    def _agreement(self) -> AgreementRow | None:
        rows = self._glance.agreements if self._glance else ()
        return next((row for row in rows if str(row.sa_id) == self.agreement.code), None)

    @property
    def _offer(self) -> TypeOffer | None:
        offered = self._adjustments.offered(int(self.agreement.code or 0), transfers=False)
        return next((offer for offer in offered if offer.code == self.kind.code), None)

    def _offer_types(self) -> None:
        offered = self._adjustments.offered(int(self.agreement.code or 0), transfers=False)
        self.kind.offer([(offer.code, offer.words) for offer in offered])
        self._propose()

    def _propose(self) -> None:
        translate = QCoreApplication.translate
        offer = self._offer
        calculated = offer is not None and offer.calculated
        self._amount_label.setText(
            translate("adjustment", "From what it is calculated")
            if calculated
            else translate("adjustment", "Amount; a minus credits the customer")
        )
        self._amount_label.show()
        self.amount.set_value(offer.proposed if offer else None)
        last = (
            translate("adjustment", "Freeze it: it counts at once and is final")
            if offer is None or offer.freezes
            else translate("adjustment", "Generate it: it counts once it is approved, or with the next bill")
        )
        self.finish.offer(
            [
                ("FREEZE", last),
                *(
                    [("GENERATE", translate("adjustment", "Generate it, freeze it later"))]
                    if not offer or offer.freezes
                    else []
                ),
                ("ADD", translate("adjustment", "Only begin it")),
            ]
        )
        self.finish.choose("FREEZE")
        self._show_days()
        self._ask_characteristics(offer.characteristics if offer else ())

    def _show_days(self) -> None:
        """Ask only for days that the type takes; what is only begun has no accounting date yet."""
        offer = self._offer
        shown = (
            (self._arrears, offer is not None and offer.ages),
            (self._day, offer is not None and offer.dated and self._finish is not AdjustmentFinish.ADD),
        )
        for parts, wanted in shown:
            for part in parts:
                part.setVisible(wanted)

    def _ask_characteristics(self, offered: Sequence[CharacteristicOffer]) -> None:
        self.characteristics.clear()
        self._asked = {}
        for offer in offered:
            words = offer.words if offer.required else _may_be_empty(offer.words)
            self._asked[offer.code] = editor = _editor(offer)
            self.characteristics.add(offer.code, words, editor)
        self.characteristics.setVisible(bool(offered))

    def _said_of_it(self) -> tuple[Characteristic, ...]:
        said = {
            code: editor.code if isinstance(editor, Choice) else editor.text().strip()
            for code, editor in self._asked.items()
            if isinstance(editor, Choice | QLineEdit)
        }
        return tuple(Characteristic(characteristic_type=code, value=value) for code, value in said.items() if value)


def _may_be_empty(words: str) -> str:
    return QCoreApplication.translate("adjustment", "{what}, may be empty").format(what=words)


def _editor(offer: CharacteristicOffer) -> QWidget:
    if not offer.values:
        line = QLineEdit(offer.default)
        line.setAccessibleName(offer.words)
        return line
    choice = Choice(offer.words)
    empty = [] if offer.required else [("", QCoreApplication.translate("adjustment", "nothing said"))]
    choice.offer([*empty, *((value, value.capitalize()) for value in offer.values)])
    choice.choose(offer.default)
    return choice
