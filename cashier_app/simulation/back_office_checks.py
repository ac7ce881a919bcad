"""After each step: does the database say of adjustments, approvals and the general ledger what is on paper?"""

from __future__ import annotations

from typing import Any

from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.simulation.accountant import Accountant, Paper
from cashier_app.simulation.violations import require
from cashier_app.simulation.workstation import Workstation

_STATUS = "SELECT status FROM adjustment WHERE id = ?"
_FTS = "SELECT kind, current_amount FROM financial_transaction WHERE source_id = ? AND kind IN ('AD', 'AX') ORDER BY id"
_REQUEST = "SELECT status, level FROM approval_request WHERE id = ?"
_ENTRIES = "SELECT request_id, role, id FROM to_do WHERE status <> 'COMPLETE' AND request_id IS NOT NULL"
_SENT = (
    "SELECT f.id FROM gl_chunk c JOIN financial_transaction f ON f.id BETWEEN c.first_ft_id AND c.last_ft_id "
    "LEFT JOIN gl_held h ON h.ft_id = f.id AND h.run_id = c.run_id WHERE c.run_id = ? AND c.kind = 'NEW' "
    "AND h.ft_id IS NULL UNION ALL SELECT ft_id FROM gl_held WHERE sent_run_id = ?"
)
_PASSED_OVER = (
    "SELECT f.id FROM financial_transaction f WHERE f.id <= (SELECT max(last_ft_id) FROM gl_chunk WHERE run_id = ?) "
    "AND NOT EXISTS (SELECT 1 FROM gl_held h WHERE h.ft_id = f.id AND h.sent_run_id IS NULL)"
)


def check_papers(office: Workstation, accountant: Accountant) -> None:
    """Adjustments of the last step are as on paper, with their FTs and requests; what waits is on the work list."""
    if accountant.touched:
        for paper in accountant.touched.values():
            _check_paper(office, paper)
        _check_entries(office, accountant)
        accountant.touched.clear()
    while accountant.closed:
        _check_sent(office, accountant, accountant.closed.pop())


def _check_paper(office: Workstation, paper: Paper) -> None:
    wanted = [] if paper.is_gone else [(paper.status.value,)]
    for adjustment_id, cents in zip(paper.ids, paper.amounts, strict=True):
        found = office.rows(_STATUS, (adjustment_id,))
        require(found == wanted, "I4", f"adjustment {adjustment_id} is {found}; on paper it is {wanted}")
        fts = office.rows(_FTS, (adjustment_id,))
        right = _fts(paper, cents)
        require(fts == right, "I4", f"adjustment {adjustment_id} is booked as {fts}; it should be {right}")
    request = paper.request
    if request is not None:
        told: list[Any] = [(request.status.value, request.level)]
        found = office.rows(_REQUEST, (request.id,))
        require(found == told, "I15", f"request {request.id} is {found}; on paper it is {told}")


def _fts(paper: Paper, cents: int) -> list[tuple[str, int]]:
    if paper.is_gone or paper.status not in {AdjustmentStatus.FROZEN, AdjustmentStatus.CANCELED}:
        return []
    return [("AD", cents), ("AX", -cents)][: 1 + (paper.status is AdjustmentStatus.CANCELED)]


def _check_entries(office: Workstation, accountant: Accountant) -> None:
    """Whoever must approve is told, once, and nobody else is."""
    found = office.rows(_ENTRIES)
    accountant.entries = [(to_do_id, role) for _, role, to_do_id in found]
    told, wanted = sorted(row[:2] for row in found), accountant.wanted_entries()
    require(told == wanted, "to-do", f"the work list asks for {told}; on paper {wanted} wait")


def _check_sent(office: Workstation, accountant: Accountant, run_id: int) -> None:
    """A closed run tells the general ledger of what it has not heard of, and passes nothing over."""
    twice = accountant.hand_over(row[0] for row in office.rows(_SENT, (run_id, run_id)))
    require(not twice, "I17", f"{len(twice)} transactions went to the general ledger twice, the first {twice[:1]}")
    missed = [row[0] for row in office.rows(_PASSED_OVER, (run_id,)) if row[0] not in accountant.sent]
    require(not missed, "I17", f"{len(missed)} transactions were passed over, the first {missed[:1]}")
