"""The editor of shares: find an account, give it an amount, see what is left and where it would go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.services.queries.search import Found
from cashier_app.ui import look
from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.table_models.rows import Align, Column, RowsModel
from cashier_app.ui.view_models.transfer import Target, Targets
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import AmountLabel, MoneyEdit
from cashier_app.ui.widgets.forms import Form
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import label
from cashier_app.ui.widgets.work_place import OWN_ENTER


class _Share(QWidget):
    """One account and its amount."""

    def __init__(self, editor: TargetsEditor, target: Target, currency: str) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self.account_id = target.account_id
        self.amount = MoneyEdit(translate("transfer", "Amount for {name}").format(name=target.name), manner(currency))
        self.amount.set_value(target.amount)
        drop = QPushButton(translate("transfer", "Leave out"))
        drop.setProperty("kind", "quiet")
        drop.setAccessibleName(translate("transfer", "Leave out {name}").format(name=target.name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        row.addWidget(label(f"{target.name}  {target.number}", wraps=True), 1)
        row.addWidget(self.amount)
        row.addWidget(drop)
        self.amount.value_changed.connect(lambda value: editor.targets.give(target.account_id, value or 0))
        drop.clicked.connect(lambda _checked=False: editor.targets.drop(target.account_id))


class TargetsEditor(QWidget):
    """Shares of an amount. What is typed goes to the view model at once."""

    def __init__(self, targets: Targets) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self.targets = targets
        self.search = QLineEdit()
        self.search.setPlaceholderText(translate("transfer", "Number, name or address, then Enter"))
        self.search.setProperty(OWN_ENTER, True)
        self._form = Form()
        self._form.add("search", translate("transfer", "Add an account"), self.search)
        self.found = TableView(translate("transfer", "Accounts found"))
        self._found_rows: RowsModel[Found] = RowsModel(
            [
                Column(translate("transfer", "Name"), lambda row: row.name, stretch=2),
                Column(translate("transfer", "Number"), lambda row: row.number, sample="12345678901"),
                Column(translate("transfer", "Address"), lambda row: row.address, stretch=1),
                Column(
                    translate("transfer", "Owes"),
                    lambda row: manner(row.currency).balance(row.current_balance),
                    align=Align.END,
                    sample="12,345.00 CR",
                ),
            ]
        )
        self.found.setModel(self._found_rows)
        self.found.setFixedHeight(look.ROW_DENSE * 6)
        self.found.hide()
        self._shares = QVBoxLayout()
        self._shares.setSpacing(look.SPACE)
        self._left_words = label(translate("transfer", "Still to be given"), role="muted")
        self._left = AmountLabel()
        left = QGridLayout()
        left.setColumnStretch(0, 1)
        left.addWidget(self._left_words, 0, 0, Qt.AlignmentFlag.AlignRight)
        left.addWidget(self._left, 0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE)
        column.addWidget(self._form)
        column.addWidget(self.found)
        column.addLayout(self._shares)
        column.addLayout(left)
        self._rows: dict[int, _Share] = {}
        self.search.returnPressed.connect(self._look_up)
        self.found.chosen.connect(targets.add)
        targets.changed.connect(self.render_targets)

    def render_targets(self) -> None:
        """Show the shares as the view model knows them."""
        targets = self.targets
        self._found_rows.replace(targets.found)
        self.found.setVisible(bool(targets.found))
        if targets.found and not self.found.currentIndex().isValid():
            self.found.go_to(0)
            self.found.setFocus(Qt.FocusReason.OtherFocusReason)
        self._form.show_problems({p.field: ShownProblem(p.code, p.field, p.sentence) for p in targets.problems})
        wanted = [target.account_id for target in targets.targets]
        if wanted != list(self._rows):
            self._rebuild()
        self._left.set_amount(targets.left, manner(targets.currency) if targets.currency else None)
        self._left_words.setVisible(bool(targets.left))
        self._left.setVisible(bool(targets.left))

    def _rebuild(self) -> None:
        before = set(self._rows)
        while (item := self._shares.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        for target in self.targets.targets:
            share = self._rows[target.account_id] = _Share(self, target, self.targets.currency)
            self._shares.addWidget(share)
        added = [share for key, share in self._rows.items() if key not in before]
        if added:
            self.search.clear()
            added[0].amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_up(self) -> None:
        if self.search.text().strip():
            self.targets.look_up(self.search.text())
