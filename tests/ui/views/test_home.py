from tests.ui.till import HeldTasks, account, words_on


def shown(till):
    return words_on(till.session.hits)


def test_accounts_are_found_while_a_name_is_typed(till):
    till.window.shell.scan.go_home()
    till.type("jane")
    assert till.session.hits.isVisible()
    assert "Jane Masters" in shown(till)


def test_the_arrows_mark_and_enter_takes(till):
    till.window.shell.scan.go_home()
    till.type("lane")
    hits = till.session.home.hits
    assert len(hits) > 1
    till.press("Down")
    till.press("Return")
    counter = till.go("counter")
    assert counter.model.payee.glance.account_id == hits[1].account_id


def test_nothing_found_says_what_would_help(till):
    till.window.shell.scan.go_home()
    till.type("zzyzx")
    assert "No account answers \u201czzyzx\u201d" in shown(till)


def test_escape_closes_the_list_first(till):
    counter = till.go("counter")
    till.find("Jane Masters")
    till.window.shell.scan.go_home()
    till.type("lane")
    till.press("Escape")
    assert not till.session.hits.isVisible()
    assert counter.model.visit is not None
    till.press("Escape")
    assert counter.model.visit is None


def test_answers_to_what_is_no_longer_typed_are_dropped(till):
    home, held = till.session.home, HeldTasks()
    till.backend.tasks = held
    home.type("jane")
    home.type("jane x")
    home.type("wolfeschlegel")
    held.let_all_go()
    assert [hit.name.split()[0] for hit in home.hits] == ["Concepci\u00f3n"]


def test_a_wrong_check_digit_is_seen_while_it_is_typed(till):
    number = account(till, "Jane Masters").number
    scan = till.window.shell.scan
    scan.setText(number)
    assert scan.verdict == "account"
    scan.setText(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert scan.verdict == "check digit?"


def test_a_number_typed_whole_goes_straight_to_the_counter(till):
    counter = till.go("counter")
    number = account(till, "Jane Masters").number
    till.find(number)
    assert counter.model.payee.glance.number == number
