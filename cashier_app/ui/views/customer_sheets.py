"""What can be done to an account, each as a form in place: a note, an office, a person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from cashier_app.domain.errors import Problem
from cashier_app.services.queries.accounts import PersonRow
from cashier_app.ui.view_models.customer import Customer, split_name
from cashier_app.ui.views.account_form import offer_offices
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.work_place import ActionSheet, Choice

Said = Callable[[str], None]
"""Told in one sentence what was done."""


class CustomerSheet(ActionSheet):
    """A form whose command goes out through the account's view model."""

    def __init__(self, customer: Customer, said: Said, title: str, do_it: str, *, dangerous: bool = False) -> None:
        super().__init__(title, do_it, dangerous=dangerous)
        self._customer, self._said = customer, said
        self.wanted.connect(self.submit)
        self.follow(customer.sending)

    def submit(self) -> None:
        """Send what is typed."""
        raise NotImplementedError

    def _done(self, sentence: str) -> Callable[[], None]:
        def done() -> None:
            self.close_sheet()
            self._said(sentence)

        return done


class AlertSheet(CustomerSheet):
    """A note that everybody who opens the account must see."""

    def __init__(self, customer: Customer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(customer, said, translate("customer", "Add a note"), translate("customer", "Add it"))
        self.text = QLineEdit()
        self.ends = DayEdit(translate("customer", "Last day"), customer.desk.backend.business_date)
        self.form.add("text", translate("customer", "What everybody should see"), self.text)
        self.form.add("ends", translate("customer", "Last day, empty until it is ended"), self.ends)

    def start(self) -> None:
        """Open for a new note."""
        self._customer.sending.forget()
        self.text.clear()
        self.ends.clear()
        self.open_sheet()

    def submit(self) -> None:
        """See `CustomerSheet`."""
        if self.ends.problem:
            self._customer.sending.refuse(Problem("UI-002", self.ends.problem, "ends"))
            return
        done = self._done(QCoreApplication.translate("customer", "Note added"))
        self._customer.add_alert(self.text.text(), self.ends.value, done)


class OfficeSheet(CustomerSheet):
    """Which office keeps the account to itself."""

    def __init__(self, customer: Customer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            customer, said, translate("customer", "Move to another office"), translate("customer", "Move the account")
        )
        self.office = Choice()
        self.form.add("access_group", translate("customer", "Kept by"), self.office)

    def start(self) -> None:
        """Open on the office that keeps it now."""
        self._customer.sending.forget()
        if self._customer.glance is None:
            return
        offer_offices(self.office, self._customer.offices)
        self.office.choose(self._customer.glance.access_group)
        self.open_sheet(
            QCoreApplication.translate("customer", "Only its people will find, see and serve the customer.")
        )

    def submit(self) -> None:
        """See `CustomerSheet`."""
        done = self._done(QCoreApplication.translate("customer", "Account moved"))
        self._customer.change_office(self.office.code, done)


class PersonSheet(CustomerSheet):
    """How somebody is called and reached."""

    def __init__(self, customer: Customer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(customer, said, translate("customer", "Change a person"), translate("customer", "Change"))
        self._person: PersonRow | None = None
        self.fields: dict[str, QLineEdit] = {}
        for name, words in (
            ("name", translate("customer", "Name")),
            ("alternate_name", translate("customer", "Also known as")),
            ("phone", translate("customer", "Phone")),
            ("email", translate("customer", "E-mail")),
            ("language", translate("customer", "Language of documents")),
        ):
            self.fields[name] = QLineEdit()
            self.form.add(name, words, self.fields[name])

    def start(self, person: PersonRow) -> None:
        """Open for a person."""
        self._customer.sending.forget()
        self._customer.decide()
        self._person = person
        for name, text in self._before(person).items():
            self.fields[name].setText(text)
        self.open_sheet(person.name)

    def submit(self) -> None:
        """Only what was changed is sent: somebody else may be changing the rest."""
        if self._person is None:
            return
        before = self._before(self._person)
        given = {name: field.text().strip() for name, field in self.fields.items() if field.text() != before[name]}
        done = self._done(QCoreApplication.translate("customer", "Person changed"))
        self._customer.change_person(self._person.person_id, done, **given)

    @staticmethod
    def _before(person: PersonRow) -> dict[str, str]:
        name, alternate = split_name(person.name)
        return {
            "name": name,
            "alternate_name": alternate,
            "phone": person.phone,
            "email": person.email,
            "language": person.language,
        }
