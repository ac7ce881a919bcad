"""The page of the demo tells its acts one after the other."""

from cashier_app.demo.page import Act, Moment, Paper, Story, Table, write_page


def test_an_act_has_its_heading_its_pictures_its_papers_and_its_proof(tmp_path):
    act = Act(anchor="branch", title="A branch & its line", lead="Monday.")
    act.moments.append(Moment(time="10:30", who="Monday, Bea", title="Cut", text="Nobody minds.", screen="branch-05"))
    act.papers.append(Paper(title="A receipt", file="papers/receipt.pdf", preview="papers/receipt.png"))
    act.table = Table(
        title="Balances", head=("", "Before", "After"), rows=[("Jane", "5.00", "0.00")], note="To the cent."
    )
    act.checks.append(("cashier verify", "Clean."))
    page = write_page(tmp_path, Story(utility="Oakfield", day="Friday", acts=[act])).read_text(encoding="utf-8")
    assert "<a href='#branch'>A branch &amp; its line</a>" in page
    for part in (
        "<section id=branch><h2>A branch &amp; its line</h2>",
        "screens/light/branch-05.png",
        "papers/receipt.pdf",
        "<td>Jane</td><td class=amount>5.00</td>",
        "To the cent.",
        "<dd>Clean.</dd>",
    ):
        assert part in page
