"""What a refused command leaves behind in memory disturbs nobody who reads after it."""

import gc

from sqlalchemy import select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.models.security import User
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement
from tests.builders import Ledger

_LOGINS = Statement(select(User.login).order_by(User.login))


def test_rows_come_once_though_a_refused_command_s_cursor_is_collected_among_them(ledger: Ledger):
    """Found by fuzzing: its statement was lent anew, and reset with it, so that the query began again."""
    refused = ledger.door._begin(alone=False)
    refused.first(_LOGINS)
    ledger.door._give_up(RuleViolation([]))
    with reading(ledger.database, access=EVERYTHING) as store:
        rows = store.each(_LOGINS)
        logins = [next(rows).login]
        del refused
        gc.collect()
        logins += [row.login for row in rows]
    assert logins == sorted(set(logins))
