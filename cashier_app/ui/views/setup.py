"""Setup: approval profiles on the left, the chosen one whole on the right, changed in place (S1 p.97-101)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cashier_app.domain.approvals import ApprovalBand, ApprovalProfile, TransferSide
from cashier_app.domain.errors import Problem
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.ui.actions import Actions
from cashier_app.ui.table_models.rows import Align, RowsModel
from cashier_app.ui.table_models.rows import Column as TableColumn
from cashier_app.ui.view_models.approval_rules import ApprovalRules
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.approval_bands import Bands
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.ticks import Ticks
from cashier_app.ui.widgets.words import EmptyState, Fact, FactList, SectionLabel
from cashier_app.ui.widgets.work_place import MARGIN, ActionSheet, Choice, Column, Heading, ListBeside, column


class ProfileSheet(ActionSheet):
    """A profile with its bands, and the adjustment types that it governs; saved as a whole."""

    def __init__(self, rules: ApprovalRules) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("rules", "Approval profile"), translate("rules", "Save the profile"))
        self.follow(rules.sending)
        self.left.connect(rules.told)
        self._rules = rules
        self.code, self.description = QLineEdit(), QLineEdit()
        self.currency, self.to_do_type, self.side = Choice(), Choice(), Choice()
        self.governs = Ticks(translate("rules", "Governs"))
        self.bands = Bands()
        self.form.add("code", translate("rules", "Code"), self.code)
        self.form.add("description", translate("rules", "Description"), self.description, beside=True)
        self.form.add("currency", translate("rules", "Currency"), self.currency)
        self.form.add("to_do_type", translate("rules", "To Do type"), self.to_do_type, beside=True)
        self.form.add("transfer_side", translate("rules", "Of a transfer decides"), self.side)
        self.form.add("governs", translate("rules", "Governs adjustments of these types"), self.governs)
        self.body.addWidget(SectionLabel(translate("rules", "Bands of amounts; a credit is below zero")))
        self.body.addWidget(self.bands)
        self.currency.currentIndexChanged.connect(lambda _place: self.bands.write_in(self.currency.code))

    def start(self, profile: ApprovalProfile | None) -> None:
        """Open for a profile, or for a new one."""
        self._rules.decide()
        self._rules.sending.forget()
        known = self._rules.rules
        self.code.setText(profile.code if profile else "")
        self.code.setReadOnly(profile is not None)
        self.description.setText(profile.description if profile else "")
        self.currency.offer(known.currencies)
        self.to_do_type.offer(known.to_do_types)
        self.side.offer([(side.value, side_words(side)) for side in TransferSide])
        self.governs.offer(tuple((each.code, each.description) for each in known.types))
        if profile is not None:
            self.currency.choose(profile.currency)
        self.to_do_type.choose(profile.to_do_type if profile else "APPROVAL")
        self.side.choose((profile.transfer_side if profile else TransferSide.DEBIT).value)
        self.governs.tick({each.code for each in self._rules.governed(self.code.text())})
        bands = profile.hierarchy if profile else (ApprovalBand(),)
        self.bands.show_bands(bands, known.roles, self.currency.code)
        words = QCoreApplication.translate(
            "rules", "Every amount lies in exactly one band: no gap, no overlap. Saving checks all of them."
        )
        self.open_sheet(words, focus=self.description if profile else self.code)

    def profile(self) -> ApprovalProfile:
        """What is in the form."""
        return ApprovalProfile(
            code=self.code.text().strip(),
            description=self.description.text().strip(),
            currency=self.currency.code,
            to_do_type=self.to_do_type.code,
            transfer_side=TransferSide(self.side.code),
            hierarchy=self.bands.bands(),
        )


class SetupScreen(QWidget):
    """The profiles, and the chosen one."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.rules = ApprovalRules(desk)
        self._title = Heading(translate("rules", "Approval profiles"))
        self.table = TableView(translate("rules", "Approval profiles"))
        self._profiles = RowsModel(_profile_columns(), key=lambda row: row.code)
        self.table.setModel(self._profiles)
        self.heading = Heading("")
        self.facts = FactList()
        self.bands = TableView(translate("rules", "Bands"))
        self._bands = RowsModel(self._band_columns())
        self.bands.setModel(self._bands)
        self.empty = EmptyState(
            "approvals",
            translate("rules", "No approval profile yet"),
            translate("rules", "A profile says who must approve adjustments of which amount before they count."),
        )
        self.sheet = ProfileSheet(self.rules)
        self._shown = ""
        self._title.add_actions(actions.bind(self, "setup.new_profile", lambda: self._start(None)))
        self.heading.add_actions(actions.bind(self, "setup.profile", self._change))
        self._build()
        self.rules.changed.connect(self._render)
        self.table.current_changed.connect(self._show)
        self.sheet.wanted.connect(self._save)
        self.sheet.left.connect(self._leave)
        self._render()

    def enter(self) -> None:
        """Shown."""
        self.rules.enter()

    def leave(self) -> None:
        """Left."""
        self.clear()
        self.rules.leave()

    def clear(self) -> None:
        """Close what is open in place."""
        self.sheet.close_sheet()

    def _build(self) -> None:
        left = QWidget()
        column(left, self._title, self.table, fills=self.table, margin=MARGIN)
        right = Column(QCoreApplication.translate("rules", "Approval profile"))
        title = SectionLabel(QCoreApplication.translate("rules", "Bands"))
        self._whole = QWidget()
        column(self._whole, self.heading, self.facts, title, self.bands)
        for part in (self._whole, self.empty, self.sheet):
            right.body.addWidget(part)
        right.body.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, right, shares=(2, 3)))

    # -- rendering

    def _render(self) -> None:
        self._title.show_words(QCoreApplication.translate("rules", "Approval profiles"), self.rules.problem)
        self._profiles.replace(self.rules.rules.profiles)
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._show(self.table.current_row())

    def _show(self, row: object) -> None:
        known = row if isinstance(row, ApprovalProfile) else None
        if known is not None and known.code != self._shown:
            self._shown = known.code
            self.sheet.close_sheet()
        self._make_room()
        if known is None:
            return
        translate = QCoreApplication.translate
        self.heading.show_words(known.code, known.description)
        governed = ", ".join(each.description or each.code for each in self.rules.governed(known.code))
        facts = [
            (translate("rules", "Currency"), known.currency),
            (translate("rules", "To Do type"), dict(self.rules.rules.to_do_types).get(known.to_do_type, "")),
            (translate("rules", "Of a transfer decides"), side_words(known.transfer_side)),
            (translate("rules", "Governs"), governed or translate("rules", "no adjustment type yet")),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in facts])
        ordered = sorted(known.hierarchy, key=lambda band: band.first)
        self._bands.replace([(band, known.currency) for band in ordered])
        self.bands.fit(len(ordered))

    def _make_room(self) -> None:
        """The form stands instead of what it changes."""
        known = isinstance(self.table.current_row(), ApprovalProfile)
        self._whole.setVisible(known and self.sheet.isHidden())
        self.empty.setVisible(not known and self.sheet.isHidden())

    def _set_up(self, _row: object) -> Figure:
        """What is set up explains itself by who wrote it, and when."""
        row = self.table.current_row()
        known = isinstance(row, ApprovalProfile)
        return figure(FigureKind.CONTROL, "approval_profile", row.code, 0) if known else NO_FIGURE

    def _band_columns(self) -> list[TableColumn[tuple[ApprovalBand, str]]]:
        translate = QCoreApplication.translate
        return [
            TableColumn(
                translate("rules", "From"), _low, align=Align.END, sample="above 1,234,567.00", figure=self._set_up
            ),
            TableColumn(
                translate("rules", "To"), _high, align=Align.END, sample="below 1,234,567.00", figure=self._set_up
            ),
            TableColumn(
                translate("rules", "Approved by, in turn"), self._approvers, stretch=1, tooltip=self._approvers
            ),
        ]

    def _approvers(self, row: tuple[ApprovalBand, str]) -> str:
        nobody = QCoreApplication.translate("rules", "nobody need")
        return " → ".join(map(self.rules.role_words, row[0].roles)) or nobody

    # -- doing

    def _change(self) -> None:
        row = self.table.current_row()
        if isinstance(row, ApprovalProfile):
            self._start(row)

    def _start(self, profile: ApprovalProfile | None) -> None:
        self.sheet.start(profile)
        self._make_room()

    def _leave(self) -> None:
        self._make_room()
        self.table.setFocus()

    def _save(self) -> None:
        if self.sheet.bands.problem:
            self.rules.sending.refuse(Problem("UI-001", self.sheet.bands.problem))
        else:
            self.rules.save(self.sheet.profile(), self.sheet.governs.codes, self._saved)

    def _saved(self, _outcome: object) -> None:
        code = self.sheet.code.text().strip()
        self.sheet.close_sheet()
        place = self._profiles.place_of(code)
        if place is not None:
            self.table.go_to(place)
        self._desk.say(
            QCoreApplication.translate("rules", "Saved; it counts for what is submitted from now on"), "good"
        )


def side_words(side: TransferSide) -> str:
    """Which half of a transfer decides."""
    translate = QCoreApplication.translate
    words = {
        TransferSide.DEBIT: translate("rules", "the half that charges"),
        TransferSide.CREDIT: translate("rules", "the half that credits"),
    }
    return words[side]


def _profile_columns() -> list[TableColumn[ApprovalProfile]]:
    translate = QCoreApplication.translate
    return [
        TableColumn(translate("rules", "Code"), lambda row: row.code, lambda row: row.code, sample="CORRECTIONS"),
        TableColumn(
            translate("rules", "Description"), lambda row: row.description, lambda row: row.description, stretch=1
        ),
        TableColumn(translate("rules", "Currency"), lambda row: row.currency, lambda row: row.currency, sample="USD"),
    ]


def _low(row: tuple[ApprovalBand, str]) -> str:
    band, currency = row
    translate = QCoreApplication.translate
    if band.low is None:
        return translate("rules", "no lower end")
    words = translate("rules", "{amount}") if band.low_inclusive else translate("rules", "above {amount}")
    return words.format(amount=manner(currency).text(band.low.minor))


def _high(row: tuple[ApprovalBand, str]) -> str:
    band, currency = row
    translate = QCoreApplication.translate
    if band.high is None:
        return translate("rules", "no upper end")
    words = translate("rules", "{amount}") if band.high_inclusive else translate("rules", "below {amount}")
    return words.format(amount=manner(currency).text(band.high.minor))
