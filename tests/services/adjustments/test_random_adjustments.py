"""Days full of adjustments at random against a model on paper: only what is frozen counts, halves share one fate."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from tests.builders import Ledger, an_account

STATUS = {
    AdjustmentFinish.ADD: "INCOMPLETE",
    AdjustmentFinish.GENERATE: "FREEZABLE",
    AdjustmentFinish.FREEZE: "FROZEN",
}
ALLOWED = {
    "generate": {"INCOMPLETE", "ERROR", "FREEZABLE"},
    "freeze": {"FREEZABLE"},
    "cancel": {"FROZEN"},
    "delete": {"INCOMPLETE", "ERROR", "FREEZABLE"},
}


@dataclass
class Paper:
    """One adjustment or transfer, as its operator wrote it down."""

    parts: dict[int, int]
    """Cents by agreement."""
    ids: dict[int, int]
    """Agreement by key."""
    status: str


@dataclass
class Model:
    ledger: Ledger
    rng: random.Random
    agreements: list[int]
    papers: list[Paper] = field(default_factory=list)

    def do(self, command: Any) -> Any:
        return self.ledger.do(command, "olga")

    def cents(self) -> int:
        return self.rng.choice((1, 7, 2500, 99_999)) * self.rng.choice((1, -1))

    def add(self) -> None:
        sa_id, finish, cents = self.rng.choice(self.agreements), self.rng.choice(list(AdjustmentFinish)), self.cents()
        add = AddAdjustment(sa_id=sa_id, adjustment_type="FEE", amount=Money(cents, "USD"), finish=finish)
        made = self.do(add)
        assert made.status == STATUS[finish]
        self.papers.append(Paper({sa_id: cents}, {made.adjustment_id: sa_id}, made.status))

    def transfer(self) -> None:
        origin, target = self.rng.sample(self.agreements, 2)
        finish, cents = self.rng.choice(list(AdjustmentFinish)), abs(self.cents())
        move = TransferBalance(
            from_sa_id=origin, to_sa_id=target, adjustment_type="XFER", amount=Money(cents, "USD"), finish=finish
        )
        made = self.do(move)
        ids = {made.debit_adjustment_id: origin, made.credit_adjustment_id: target}
        self.papers.append(Paper({origin: cents, target: -cents}, ids, made.status))

    def change(self) -> None:
        """Something is tried on one of them, which its state allows or not."""
        if not self.papers:
            return
        paper, way = self.rng.choice(self.papers), self.rng.choice(list(ALLOWED))
        key, cents = self.rng.choice(list(paper.ids)), self.cents()
        command = {
            "generate": GenerateAdjustment(adjustment_id=key, amount=Money(cents, "USD")),
            "freeze": FreezeAdjustment(adjustment_id=key),
            "cancel": CancelAdjustment(adjustment_id=key, reason="MISTAKE"),
            "delete": DeleteAdjustment(adjustment_id=key),
        }[way]
        if paper.status not in ALLOWED[way]:
            assert self.ledger.refusal(command, "olga")
            return
        self.do(command)
        if way == "generate":
            paper.parts = {sa_id: cents if paper.ids[key] == sa_id else -cents for sa_id in paper.parts}
        paper.status = {"generate": "FREEZABLE", "freeze": "FROZEN", "cancel": "CANCELED", "delete": "GONE"}[way]

    def balances(self) -> dict[int, int]:
        counted: Counter[int] = Counter(dict.fromkeys(self.agreements, 0))
        for paper in self.papers:
            if paper.status == "FROZEN":
                for sa_id, cents in paper.parts.items():
                    counted[sa_id] += cents
        return dict(counted)

    def statuses(self) -> dict[int, str]:
        return {key: paper.status for paper in self.papers for key in paper.ids if paper.status != "GONE"}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_to_adjustments_only_the_frozen_ones_count(ledger, seed):
    agreements = [an_account(ledger, name).sa["ELEC"] for name in ("Jane Masters", "Bob Brown", "Ann Gray")]
    model = Model(ledger, random.Random(seed), agreements)
    for _ in range(80):
        model.rng.choice((model.add, model.transfer, model.change, model.change, model.change))()
    kept = ledger.rows("SELECT id, current_balance, payoff_balance FROM service_agreement WHERE sa_type = 'ELEC'")
    assert {sa_id: (current, payoff) for sa_id, current, payoff in kept} == {
        sa_id: (cents, cents) for sa_id, cents in model.balances().items()
    }
    assert dict(ledger.rows("SELECT id, status FROM adjustment")) == model.statuses()
    waiting = {key for key, status in model.statuses().items() if status == "FREEZABLE"}
    assert {source for (source,) in ledger.rows("SELECT source_id FROM unfrozen_ft")} == waiting
    assert ledger.value("SELECT coalesce(sum(amount), 0) FROM gl_line WHERE distribution_code = 'XFER-CLEAR'") == 0
