"""Every mistake in a file is a refusal with its line, found together with the others."""

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.scenarios.running import run_scenario
from tests.scenarios.writing import small_day, written

USERS = "users: {sue: {groups: SUPERVISOR}}"


def mistakes(path):
    with pytest.raises(RuleViolation) as refused:
        run_scenario(path)
    return [(each.code, int(each.field.rpartition(":")[2])) for each in refused.value.problems], str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected", "says"),
    [
        ("scenario: {", [("SCN-001", 2)], "no YAML"),
        ("", [("SCN-001", 1)], "empty"),
        ("- a\n- b", [("SCN-002", 1)], "mapping"),
        ("scenario: A", [("SCN-002", 1)], "needs steps"),
        ("scenario: A\nstep: []\nsteps: []", [("SCN-002", 2)], "Did you mean"),
        ("scenario: A\nscenario: B\nsteps: []", [("SCN-004", 2)], "twice"),
        ("scenario: A\ndate: 5 January\nsteps: []", [("SCN-003", 2)], "2026-01-31"),
        ("scenario: A\npackage: nowhere\nsteps: []", [("SCN-007", 2)], "demo-utility"),
        ("scenario: A\npackage: {tender_tipe: []}\nsteps: []", [("SCN-007", 2)], "tender_type"),
        (
            "scenario: A\noverrides: {tender_type: [{code: CASH, like_csh: true}]}\nsteps: []",
            [("SCN-007", 2)],
            "like_csh",
        ),
        ("scenario: A\nusers:\n  ann: {group: CASHIER}\nsteps: []", [("SCN-002", 3)], "groups"),
        ("scenario: A\nusers:\n  ann: {groups: NOBODY}\nsteps: []", [("SCN-007", 3)], "NOBODY"),
        ("scenario: A\nusers:\n  4ann: {groups: CASHIER}\nsteps: []", [("SCN-003", 3)], "cannot be a name"),
        ("scenario: A\ncustomers:\n  jo: {customer_class: RICH}\nsteps: []", [("SCN-007", 3)], "RICH"),
        (
            "scenario: A\nsteps: []\ncustomers:\n  jo: {customer_class: R, agreements: {e: {sa_type: A, owes: 1.005}}}",
            [("SCN-003", 4)],
            "decimals",
        ),
        ("scenario: A\nsteps:\n  - {do: SealDay}", [("SCN-002", 3)], "as:"),
        ("scenario: A\nsteps:\n  - {as: bob, do: SealDay}", [("SCN-005", 3)], "bob"),
        ("scenario: A\nsteps:\n  - {as: system, do: SealDays}", [("SCN-006", 3)], "SealDay"),
        ("scenario: A\nsteps:\n  - {run: VERIFY}", [("SCN-002", 3)], "as:"),
        ("scenario: A\nsteps:\n  - {as: system, run: VERIFI}", [("SCN-005", 3)], "VERIFY"),
        ("scenario: A\nsteps:\n  - {as: system, run: VERIFY, with: {quik: true}}", [("SCN-002", 3)], "quick"),
        ("scenario: A\nsteps:\n  - {as: system, do: SealDay, on: 2025-12-31}", [("SCN-008", 3)], "before"),
        ("scenario: A\nsteps:\n  - {as: system, do: SealDay, at: noon}", [("SCN-003", 3)], "14:30"),
        ("scenario: A\nsteps:\n  - {as: system, do: SealDay, restart: true}", [("SCN-002", 3)], "one thing"),
        ("scenario: A\nsteps:\n  - {comment: nothing}", [("SCN-002", 3)], "does something"),
        ("scenario: A\nsteps:\n  - {as: system, do: OpenTenderControl, with: {}}", [("SCN-002", 3)], "tender_source"),
        ("scenario: A\nsteps:\n  - {as: system, do: FreezeEvent, with: {event_id: pay}}", [("SCN-005", 3)], "pay"),
        ("scenario: A\nsteps:\n  - {as: system, do: SealDay, workstation: T9}", [("SCN-005", 3)], "T1"),
        ("scenario: A\nsteps:\n  - expect: {verify: fine}", [("SCN-003", 3)], "clean"),
        ("scenario: A\nsteps:\n  - expect: {balance: {}}", [("SCN-002", 3)], "balances"),
        ("scenario: A\nsteps:\n  - expect: {refused: PAY-001}", [("SCN-002", 3)], "step that does something"),
        ("scenario: A\nsteps:\n  - expect: {journal: {debits: {}}}", [("SCN-002", 3)], "debit"),
    ],
)
def test_mistake_is_refused_with_its_line(tmp_path, text, expected, says):
    found, sentences = mistakes(written(tmp_path, text + "\n"))
    assert found == expected
    assert says in sentences


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    more = """
        - {as: ann, do: CancelTender, with: {tender_id: pai, reason: ERROR}}
        - {as: ann, do: CancelTender, with: {tender_id: pay.tendrs.1, reason: ERROR}}
        - {as: ann, do: TakePayment, with: {payor_account_id: jane, tenders: [{amount: 1.5.0}]}, name: pay}
        - expect: {balances: {jane: {currant: 1.00}, joan: {current: 1.00}}}
        - expect: {drawers: {pay: {}}, status: {pay.tenders.x: VALID}}
    """
    found, sentences = mistakes(small_day(tmp_path, more))
    assert found == [
        ("SCN-005", 17),
        ("SCN-005", 18),
        ("SCN-003", 19),
        ("SCN-004", 19),
        ("SCN-002", 20),
        ("SCN-005", 20),
        ("SCN-005", 21),
        ("SCN-005", 21),
    ], sentences


def test_a_place_that_is_not_there_is_told_when_it_is_reached(tmp_path):
    more = "- {as: ann, do: CancelTender, with: {tender_id: pay.tenders.2, reason: ERROR}}"
    found, sentences = mistakes(small_day(tmp_path, more))
    assert found == [("SCN-005", 17)]
    assert "only 1" in sentences


def test_aliases_cannot_blow_a_file_up(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    found, _ = mistakes(written(tmp_path, "\n".join(lines)))
    assert found[0][0] == "SCN-001"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    found, sentences = mistakes(tmp_path / "nowhere.yaml")
    assert found == [("SCN-001", 1)]
    assert "cannot be read" in sentences
