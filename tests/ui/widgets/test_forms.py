from PySide6.QtWidgets import QLineEdit

from cashier_app.ui.presenting import ShownProblem
from cashier_app.ui.widgets.forms import Form
from tests.ui.typing import type_text


def test_problems_stand_beside_their_fields_and_the_first_is_gone_to(qtbot):
    form = Form()
    qtbot.addWidget(form)
    for field in ("name", "phone"):
        form.add(field, field.title(), QLineEdit())
    form.show()
    form.activateWindow()
    left = form.show_problems(
        {
            "phone": ShownProblem("P1", "phone", "Too short.", "Ten figures."),
            "": ShownProblem("P2", "", "No drawer is open."),
        }
    )
    assert form.problem("phone") == "Too short. Ten figures."
    assert form.problem("name") == ""
    qtbot.waitUntil(form.editor("phone").hasFocus)
    assert [problem.code for problem in left] == ["P2"]
    type_text(form.editor("phone"), "5")
    assert form.problem("phone") == "", "typing is an answer"
    assert form.editor("name").accessibleName() == "Name"
