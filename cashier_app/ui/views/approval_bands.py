"""Bands of amounts with their approvers, as a form changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.approvals import ApprovalBand
from cashier_app.domain.money import Money
from cashier_app.ui import look
from cashier_app.ui.view_models.account_form import Codes
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.words import label
from cashier_app.ui.widgets.work_place import Choice

_LEVELS: Final = 3
"""So many levels at least can be filled in."""


class BandRow(QFrame):
    """One band: from which amount to which, and who approves it, one after the other."""

    removed = Signal()

    def __init__(self, number: int, band: ApprovalBand, roles: Codes, currency: str) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        name = translate("rules", "Band {number}").format(number=number)
        self.setAccessibleName(name)
        self.low = MoneyEdit(translate("rules", "{band}: from").format(band=name), negative=True)
        self.high = MoneyEdit(translate("rules", "{band}: to").format(band=name), negative=True)
        self.low_inclusive = QCheckBox(translate("rules", "itself"))
        self.high_inclusive = QCheckBox(translate("rules", "itself"))
        self.remove = QPushButton(translate("rules", "Remove"))
        self.remove.setProperty("kind", "quiet")
        self.remove.setAccessibleName(translate("rules", "Remove: {band}").format(band=name))
        self.roles = [
            Choice(translate("rules", "{band}: level {level}").format(band=name, level=level))
            for level in range(1, max(_LEVELS, len(band.roles) + 1) + 1)
        ]
        nobody = ("", translate("rules", "nobody"))
        for place, choice in enumerate(self.roles):
            choice.offer([nobody, *roles])
            choice.choose(band.roles[place] if place < len(band.roles) else "")
        ends = (
            (self.low, self.low_inclusive, band.low, band.low_inclusive, translate("rules", "no lower end")),
            (self.high, self.high_inclusive, band.high, band.high_inclusive, translate("rules", "no upper end")),
        )
        for editor, box, amount, inclusive, empty in ends:
            editor.setPlaceholderText(empty)
            editor.currency = manner(currency)
            editor.set_value(amount.minor if amount is not None else None)
            box.setAccessibleName(f"{editor.accessibleName()}, {box.text()}")
            box.setChecked(inclusive)
        self._build()
        self.remove.clicked.connect(lambda _checked=False: self.removed.emit())

    def _build(self) -> None:
        translate = QCoreApplication.translate
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, look.SPACE * 2)
        grid.setHorizontalSpacing(look.SPACE * 2)
        grid.addWidget(label(translate("rules", "From"), role="muted"), 0, 0)
        grid.addWidget(self.low, 0, 1)
        grid.addWidget(self.low_inclusive, 0, 2)
        grid.addWidget(label(translate("rules", "To"), role="muted"), 0, 3)
        grid.addWidget(self.high, 0, 4)
        grid.addWidget(self.high_inclusive, 0, 5)
        grid.addWidget(label(translate("rules", "Approved by"), role="muted"), 1, 0)
        for place, choice in enumerate(self.roles):
            row, column = divmod(place, 3)
            grid.addWidget(choice, 1 + row, (1, 3, 5)[column], 1, (2, 2, 1)[column])
        grid.addWidget(self.remove, 0, 6)
        for column in (1, 4):
            grid.setColumnStretch(column, 1)

    @property
    def problem(self) -> str:
        """Why an end is no amount."""
        return next((each.problem for each in (self.low, self.high) if each.refused), "")

    def band(self, currency: str) -> ApprovalBand:
        """What is in the form."""
        low, high = (None if each.value is None else Money(each.value, currency) for each in (self.low, self.high))
        return ApprovalBand(
            low=low,
            low_inclusive=self.low_inclusive.isChecked(),
            high=high,
            high_inclusive=self.high_inclusive.isChecked(),
            roles=tuple(choice.code for choice in self.roles if choice.code),
        )


class Bands(QWidget):
    """All bands of a profile, and a button for another."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[BandRow] = []
        self._roles: Codes = ()
        self._currency = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.add = QPushButton(QCoreApplication.translate("rules", "Add a band"))
        self._column.addWidget(self.add)
        self.add.clicked.connect(lambda _checked=False: self._add(ApprovalBand(low_inclusive=False)))

    def show_bands(self, bands: Sequence[ApprovalBand], roles: Codes, currency: str) -> None:
        """Begin with these."""
        for row in tuple(self.rows):
            self._remove(row)
        self._roles, self._currency = roles, currency
        for band in bands:
            self._add(band)

    def write_in(self, currency: str) -> None:
        """The amounts are of this currency."""
        self._currency = currency
        for row in self.rows:
            row.low.currency = row.high.currency = manner(currency)

    @property
    def problem(self) -> str:
        """Why something is no amount."""
        return next((row.problem for row in self.rows if row.problem), "")

    def bands(self) -> tuple[ApprovalBand, ...]:
        """What is in the form."""
        return tuple(row.band(self._currency) for row in self.rows)

    def _add(self, band: ApprovalBand) -> None:
        row = BandRow(len(self.rows) + 1, band, self._roles, self._currency)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)

    def _remove(self, row: BandRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
