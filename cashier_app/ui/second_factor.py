"""Setting up a second factor from a window: at signing in, where one is demanded, or by whoever wants one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from cashier_app.domain.errors import RuleViolation
from cashier_app.ui.views.second_factor import SecondFactorSheet

if TYPE_CHECKING:
    from cashier_app.ui.backend import Backend
    from cashier_app.ui.views.sign_in import SignIn


async def let_in(backend: Backend, page: SignIn, login: str, password: str) -> bool:
    """Sign somebody in, or ask for what is missing: a code, or, where one is demanded, a second factor."""
    try:
        await backend.sign_in(login, password, page.code)
    except RuleViolation as refused:
        code, sentence = refused.codes[0], refused.problems[0].sentence
        if code in {"SEC-050", "SEC-051"}:
            page.ask_code(sentence)
            return False
        if code != "SEC-052" or backend.line is not None:
            raise
        if not await set_up(backend, page, login, password):
            page.start(login)
            return False
    return True


async def set_up(backend: Backend, over: QWidget, login: str, password: str = "") -> bool:
    """Show the secret until a first code proves that the app has it; whoever did it has signed in with both.

    False where it was left. Refuses with BR-001 at a branch, before anything is shown.
    """
    from cashier_app.services.administration.second_factors import new_secret  # noqa: PLC0415
    from cashier_app.services.administration.signing_in import enrol, enrolment_of, has_second_factor  # noqa: PLC0415

    secret = new_secret()
    address = await backend.tasks.in_database(lambda: enrolment_of(backend.door, login, secret))
    has_one = await backend.tasks.in_database(lambda: has_second_factor(backend.door, login))
    sheet = SecondFactorSheet(over, address, secret, has_password=bool(password), has_one=has_one)
    while (typed := await sheet.ask()) is not None:
        shown = (password or typed.password, secret, typed.code, typed.before)
        try:
            backend.user, codes = await backend.tasks.in_database(
                lambda given: enrol(backend.door, login, *given), shown
            )
        except RuleViolation as refused:
            sheet.show_problem(refused.problems[0].sentence, refused.problems[0].field)
        else:
            await sheet.show_codes(codes)
            return True
    return False
