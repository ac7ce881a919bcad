"""Closing a period early, or opening it again, makes nothing wrong of what was booked before (I16)."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.verifying import verify
from tests.builders import Ledger, an_account, usd
from tests.services.a_day import unprotected
from tests.services.adjustments.office import set_up


def months(code: str, days_open_after: int) -> dict[str, object]:
    return {"code": code, "monthly_years": (2005, 2035), "days_open_after": days_open_after}


@pytest.fixture
def booked_late(ledger: Ledger) -> Ledger:
    """On 4 February January is still open, and is booked on; a minute later it is closed."""
    ledger.clock.advance(days=30)
    fee = AddAdjustment(
        sa_id=an_account(ledger).sa["ELEC"],
        adjustment_type="FEE",
        amount=usd("5.00"),
        accounting_date=date(2026, 1, 31),
    )
    ledger.do(fee, "olga", second="sue")
    ledger.clock.advance(minutes=1)
    set_up(ledger, accounting_calendar=(months("MONTHS", 2),))
    return ledger


def test_a_period_may_be_closed_early(booked_late: Ledger):
    assert verify(booked_late.database).problems == ()


def test_a_division_may_get_another_calendar(booked_late: Ledger):
    set_up(
        booked_late,
        accounting_calendar=(months("OTHER", 2),),
        gl_division=({"code": "CITY", "calendar": "OTHER"},),
    )
    assert verify(booked_late.database).problems == ()


def test_what_was_frozen_after_the_closing_is_found(booked_late: Ledger):
    booked_late.clock.advance(minutes=1)
    today = AddAdjustment(sa_id=an_account(booked_late).sa["ELEC"], adjustment_type="FEE", amount=usd("7.00"))
    ft = booked_late.do(today, "olga").adjustment_id
    cursor = unprotected(booked_late.database)
    cursor.execute(f"UPDATE financial_transaction SET accounting_date = '2026-01-31' WHERE source_id = {ft}")
    booked_late.unchecked = True
    assert "I16" in verify(booked_late.database).codes
