"""Users and rights: the list on the left, one user on the right, the form in place (row G5)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.services.queries.administration import UserRow
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.rows import Column as TableColumn
from cashier_app.ui.table_models.rows import RowsModel
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.users import PASSWORD_LENGTHS, UserForm, Users, right_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.ticks import Ticks
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, StatusBadge, Tone, label
from cashier_app.ui.widgets.work_place import MARGIN, ActionSheet, Column, Heading, ListBeside


class UserSheet(ActionSheet):
    """The form of a user, new or known."""

    def __init__(self, users: Users) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("users", "User"), translate("users", "Save the user"))
        self._users = users
        self._is_new = False
        self.login, self.name, self.own_accounts = QLineEdit(), QLineEdit(), QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.groups = Ticks(translate("users", "Groups"))
        self.drawers = Ticks(translate("users", "Usual drawers"))
        self.roles = Ticks(translate("users", "Data access"))
        self.to_do_roles = Ticks(translate("users", "To Do roles"))
        self.e_mail = QLineEdit()
        self.allowed = label(role="muted", wraps=True)
        self.active = QCheckBox(translate("users", "May sign in"))
        self.form.add("login", translate("users", "Login"), self.login)
        self.form.add("name", translate("users", "Name"), self.name)
        self._password_label = self.form.add("password", _password_words(), self.password)
        self.form.add("groups", translate("users", "Groups"), self.groups)
        self.form.add("tender_sources", translate("users", "Usual drawers, one per currency"), self.drawers)
        self._roles_label = self.form.add(
            "data_access_roles", translate("users", "Data access: offices whose customers they see"), self.roles
        )
        self._to_do_label = self.form.add(
            "to_do_roles", translate("users", "To Do roles: what they are told of, and approve"), self.to_do_roles
        )
        self.form.add("e_mail", translate("users", "E-mail, for what waits"), self.e_mail)
        self.form.add(
            "own_accounts", translate("users", "Accounts of their own or of relatives: hands off"), self.own_accounts
        )
        self.form.add("active", "", self.active)
        self.body.addWidget(self.allowed)
        self.groups.changed.connect(self._show_allowed)

    def start(self, user: UserRow | None) -> None:
        """Open for a user, or for a new one."""
        office = self._users.office
        self._is_new = user is None
        self._users.sending.forget()
        self.groups.offer(tuple((group.code, group.description or group.code) for group in office.groups))
        self.drawers.offer(office.drawers)
        self.roles.offer(office.roles)
        self.to_do_roles.offer(office.to_do_roles)
        self.to_do_roles.tick(user.to_do_roles if user else ())
        for to_do in (self.to_do_roles, self._to_do_label):
            to_do.setVisible(bool(office.to_do_roles))
        self.e_mail.setText(user.e_mail if user else "")
        for data_access in (self.roles, self._roles_label):
            data_access.setVisible(bool(office.roles))
        self.login.setText(user.login if user else "")
        self.login.setReadOnly(user is not None)
        self.name.setText(user.name if user else "")
        self.password.clear()
        for part in (self.password, self._password_label):
            part.setVisible(user is None)
        self.own_accounts.setText(self._users.numbers(user) if user else "")
        self.active.setChecked(user is None or user.active)
        self.active.setEnabled(user is not None)
        self.groups.tick(user.groups if user else ())
        self.drawers.tick(user.tender_sources if user else ())
        self.roles.tick(user.data_access_roles if user else ())
        self._show_allowed()
        new = QCoreApplication.translate("users", "Somebody new, who signs in with login and password.")
        self.open_sheet(user.name if user else new, focus=self.login if user is None else self.name)

    def typed(self) -> UserForm:
        """What is in the form."""
        return UserForm(
            self.login.text(),
            self.name.text(),
            self.groups.codes,
            self.drawers.codes,
            self.own_accounts.text(),
            self.roles.codes,
            self.active.isChecked(),
            self.password.text(),
            self.to_do_roles.codes,
            self.e_mail.text(),
        )

    @property
    def is_new(self) -> bool:
        """Whether it is about somebody who is not a user yet."""
        return self._is_new

    def _show_allowed(self) -> None:
        chosen = set(self.groups.codes)
        rights = {right for group in self._users.office.groups if group.code in chosen for right in group.rights}
        self.allowed.setText(_allowed_words(rights))


class PasswordSheet(ActionSheet):
    """A new password for somebody, which also ends a lock."""

    def __init__(self) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("users", "New password"), translate("users", "Set the password"))
        self.login = ""
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add("password", _password_words(), self.password)

    def start(self, user: UserRow) -> None:
        """Open for a user."""
        self.login = user.login
        self.password.clear()
        self.open_sheet(f"{user.name} ({user.login})")


class UsersScreen(QWidget):
    """Everybody who may sign in."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.users = Users(desk)
        self.table = TableView(translate("users", "Users"))
        self._rows = RowsModel(_columns(desk), key=lambda row: row.login)
        self.table.setModel(self._rows)
        self.heading = Heading("")
        self.badge = StatusBadge()
        self.facts = FactList()
        self.allowed = label(role="muted", wraps=True)
        self.sheet = UserSheet(self.users)
        self.password_sheet = PasswordSheet()
        self._bind(actions)
        self._build()
        self.users.changed.connect(self._render)
        self.users.sending.changed.connect(self._follow)
        self.table.current_changed.connect(self._choose)
        self.table.chosen.connect(lambda _row: self._change())
        self.sheet.wanted.connect(self._save)
        self.password_sheet.wanted.connect(self._save_password)
        for sheet in (self.sheet, self.password_sheet):
            sheet.left.connect(self.table.setFocus)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.users.enter()

    def leave(self) -> None:
        """Left; what was typed goes, a password above all."""
        self._close_sheets()
        self.users.leave()

    def clear(self) -> None:
        """Close what is open in place."""
        self._close_sheets()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._new = actions.bind(self, "user.new", self._start_new)
        self._others = [
            actions.bind(self, "user.change", self._change),
            actions.bind(self, "user.password", self._start_password),
            actions.bind(self, "user.factor", self._reset_factor),
        ]

    def _build(self) -> None:
        translate = QCoreApplication.translate
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(look.SPACE * 3)
        top = Heading(translate("users", "Users"))
        button = QPushButton(left)
        wear(button, self._new)
        top.add(button)
        column.addWidget(top)
        column.addWidget(self.table, 1)
        self.heading.add(self.badge)
        for action in self._others:
            button = QPushButton(self)
            wear(button, action)
            self.heading.add(button)
        self.detail = Column(translate("users", "User"))
        self._about = QWidget()
        about = QVBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(look.SPACE * 3)
        about.addWidget(self.heading)
        about.addWidget(self.facts)
        about.addWidget(SectionLabel(translate("users", "What they may do")))
        about.addWidget(self.allowed)
        for part in (self._about, self.password_sheet, self.sheet):
            self.detail.body.addWidget(part)
        self.detail.body.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, self.detail, shares=(2, 3)))

    # -- rendering

    def _render(self) -> None:
        with QSignalBlocker(self.table):  # the list keeps its place; who is chosen is for the view model to say
            self._rows.replace(self.users.office.users)
        place = self._rows.place_of(self.users.chosen_login)
        if place is not None and self.table.currentIndex().row() != place:
            self.table.go_to(place)
        user = self.users.chosen
        if user is not None:
            self._show(user)

    def _show(self, user: UserRow) -> None:
        translate = QCoreApplication.translate
        self.heading.show_words(user.name, user.login)
        self.badge.show_state(*_state(user, self._desk))
        groups = {group.code: group.description or group.code for group in self.users.office.groups}
        to_do = dict(self.users.office.to_do_roles)
        drawers, roles = dict(self.users.office.drawers), dict(self.users.office.roles)
        facts = [
            (translate("users", "Groups"), ", ".join(groups.get(code, code) for code in user.groups)),
            (translate("users", "Usual drawers"), ", ".join(drawers.get(code, code) for code in user.tender_sources)),
            (translate("users", "Data access"), ", ".join(roles.get(code, code) for code in user.data_access_roles)),
            (translate("users", "To Do roles"), ", ".join(to_do.get(code, code) for code in user.to_do_roles)),
            (translate("users", "E-mail"), user.e_mail),
            (translate("users", "Own accounts"), self.users.numbers(user)),
            (translate("users", "Last signed in"), when.day(user.last_used)),
            (translate("users", "Wrong passwords"), str(user.failed_sign_ins) if user.failed_sign_ins else ""),
            (translate("users", "Locked until"), when.moment(user.locked_until)),
            (translate("users", "Second factor"), translate("users", "set up") if user.has_second_factor else ""),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in facts if value])
        self.allowed.setText(_allowed_words(user.rights))

    def _follow(self) -> None:
        problems = self.users.sending.problems
        if problems and not (self.sheet.isVisible() or self.password_sheet.isVisible()):
            self._desk.say(" ".join(problem.sentence for problem in problems), "attention")
        for sheet in (self.sheet, self.password_sheet):
            if sheet.isVisible():
                sheet.show_busy(busy=self.users.sending.busy)
                sheet.show_problems(self.users.sending.problems)

    # -- doing

    def _choose(self, row: object) -> None:
        if isinstance(row, UserRow) and row.login != self.users.chosen_login:
            self._close_sheets()
            self.users.choose(row.login)

    def _start_new(self) -> None:
        self._close_sheets()
        self._about.hide()
        self.sheet.start(None)

    def _change(self) -> None:
        if self.users.chosen is not None:
            self._close_sheets()
            self._about.hide()
            self.users.decide()
            self.sheet.start(self.users.chosen)

    def _start_password(self) -> None:
        if self.users.chosen is not None:
            self._close_sheets()
            self.users.sending.forget()
            self.password_sheet.start(self.users.chosen)

    def _reset_factor(self) -> None:
        if self.users.chosen is not None:
            self._close_sheets()
            self.users.reset_second_factor(self.users.chosen.login, self._factor_reset)

    def _factor_reset(self, _outcome: Any) -> None:
        self._desk.say(QCoreApplication.translate("users", "Second factor reset"), "good")

    def _save(self) -> None:
        form = self.sheet.typed()
        if self.sheet.is_new:
            self.users.create(form, self._saved)
        else:
            self.users.change(form, self._saved)

    def _save_password(self) -> None:
        self.users.set_password(self.password_sheet.login, self.password_sheet.password.text(), self._password_saved)

    def _saved(self, _outcome: Any) -> None:
        self._close_sheets()
        self.table.setFocus()
        self._desk.say(QCoreApplication.translate("users", "User saved"), "good")

    def _password_saved(self, _outcome: Any) -> None:
        self._close_sheets()
        self.table.setFocus()
        self._desk.say(QCoreApplication.translate("users", "Password set"), "good")

    def _close_sheets(self) -> None:
        self.sheet.hide()
        self.sheet.password.clear()
        self.password_sheet.hide()
        self.password_sheet.password.clear()
        self._about.show()


def _password_words() -> str:
    shortest, longest, with_code = PASSWORD_LENGTHS
    words = QCoreApplication.translate(
        "users",
        "Password: {shortest} to {longest} characters ({with_code} with a second factor), a short sentence is best",
    )
    return words.format(shortest=shortest, longest=longest, with_code=with_code)


def _allowed_words(rights: Any) -> str:
    words = sorted(right_words(right) for right in rights)
    return " · ".join(words) if words else QCoreApplication.translate("users", "Nothing: choose a group.")


def _state(user: UserRow, desk: Desk) -> tuple[str, Tone]:
    translate = QCoreApplication.translate
    if not user.active:
        return translate("users", "may not sign in"), "neutral"
    if user.locked_until is not None and user.locked_until > desk.backend.now:
        return translate("users", "locked"), "danger"
    return translate("users", "active"), "good"


def _columns(desk: Desk) -> list[TableColumn[UserRow]]:
    translate = QCoreApplication.translate

    def state(row: UserRow) -> str:
        words, tone = _state(row, desk)
        return "" if tone == "good" else words

    return [
        TableColumn[UserRow](
            translate("users", "Login"), lambda row: row.login, lambda row: row.login, sample="cashier12"
        ),
        TableColumn[UserRow](translate("users", "Name"), lambda row: row.name, lambda row: row.name, stretch=2),
        TableColumn[UserRow](
            translate("users", "Groups"), lambda row: ", ".join(row.groups), lambda row: row.groups, stretch=1
        ),
        TableColumn[UserRow](translate("users", "State"), state, state, sample="locked", role=lambda _row: "attention"),
    ]
