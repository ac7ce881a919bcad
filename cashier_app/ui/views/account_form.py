"""The compact form for a new account: one column, every problem beside its field, Enter opens the account."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit

from cashier_app.services.customers.accounts import AccountOpened
from cashier_app.ui.view_models.account_form import AccountForm, Codes
from cashier_app.ui.widgets.ticks import Ticks
from cashier_app.ui.widgets.work_place import ActionSheet, Choice, Column


class AccountSheet(Column):
    """Opens an account; what was opened is told with `opened`."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, form: AccountForm) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("account", "Open an account"))
        self._form = form
        self.sheet = ActionSheet(translate("account", "Open an account"), translate("account", "Open the account"))
        self.name, self.phone, self.email = QLineEdit(), QLineEdit(), QLineEdit()
        self.address, self.city, self.postal_code = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind, self.customer_class, self.office = Choice(), Choice(), Choice()
        self.agreements = Ticks(translate("account", "Agreements that start today"))
        fields = self.sheet.form
        for field, words, editor, beside in (
            ("name", translate("account", "Name"), self.name, False),
            ("kind", translate("account", "Person or business"), self.kind, False),
            ("customer_class", translate("account", "Class"), self.customer_class, True),
            ("phone", translate("account", "Phone"), self.phone, False),
            ("email", translate("account", "E-mail"), self.email, True),
            ("address", translate("account", "Street and number"), self.address, False),
            ("city", translate("account", "City"), self.city, False),
            ("postal_code", translate("account", "Postal code"), self.postal_code, True),
            ("sa_type", translate("account", "Agreements that start today"), self.agreements, False),
        ):
            fields.add(field, words, editor, beside=beside)
        self._office_label = fields.add("access_group", translate("account", "Kept by"), self.office)
        self.kind.offer((("PERSON", translate("account", "Person")), ("BUSINESS", translate("account", "Business"))))
        self.body.addWidget(self.sheet)
        self.body.addStretch()
        self.sheet.wanted.connect(self._submit)
        self.sheet.left.connect(self.left)
        form.changed.connect(self._render)
        form.sending.changed.connect(self._follow)

    def start(self) -> None:
        """Open with empty fields."""
        self._form.sending.forget()
        for editor in (self.name, self.phone, self.email, self.address, self.city, self.postal_code):
            editor.clear()
        self.agreements.clear()
        self.office.setCurrentIndex(0)
        self._form.refresh()
        self.sheet.open_sheet(
            QCoreApplication.translate("account", "The account gets its number when it is opened."), focus=self.name
        )

    def _submit(self) -> None:
        self._form.open_account(
            self._opened,
            name=self.name.text(),
            kind=self.kind.code,
            customer_class=self.customer_class.code,
            phone=self.phone.text(),
            email=self.email.text(),
            place=(self.address.text(), self.city.text(), self.postal_code.text()),
            sa_types=self.agreements.codes,
            access_group=self.office.code,
        )

    def _opened(self, opened: AccountOpened) -> None:
        self.sheet.hide()
        self.opened.emit(opened)

    def _render(self) -> None:
        self.customer_class.offer(self._form.choices.customer_classes)
        self.agreements.offer(self._form.choices.sa_types)
        offer_offices(self.office, self._form.choices.offices)
        for part in (self.office, self._office_label):
            part.setVisible(bool(self._form.choices.offices))

    def _follow(self) -> None:
        self.sheet.show_busy(busy=self._form.sending.busy)
        self.sheet.show_problems(self._form.sending.problems)


def offer_offices(choice: Choice, offices: Codes) -> None:
    """Offer the offices that may keep an account, and none."""
    everybody = QCoreApplication.translate("account", "Open to everybody")
    is_fresh = not choice.count()
    choice.offer([(code, words or everybody) for code, words in offices])
    if is_fresh:
        choice.setCurrentIndex(0)
