"""`cashier explain`: why a figure is what it is, as the screens tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli.shared import DatabaseOption, DateOption, JsonOption, NodeOption, open_ledger, refusals, report

if TYPE_CHECKING:
    from cashier_app.domain.figures import Figure
    from cashier_app.services.explaining.explanation import Explanation
    from cashier_app.services.kernel.store import Store


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(  # noqa: PLR0917  # as the command line has them
    database: DatabaseOption,
    node: NodeOption,
    figure: Annotated[
        str,
        typer.Argument(
            help="Number of an account or a receipt, or an address such as agreement:1099511627790:current."
        ),
    ],
    after: Annotated[str, typer.Option(help="Where the parts go on, as the last page said.")] = "",
    most: Annotated[int, typer.Option(min=1, max=1_000, help="So many parts.")] = 50,
    date: DateOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Explain a figure: its parts, which add up to it, and why, each with the address that explains it further."""
    from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415  # help must answer at once
    from cashier_app.services.explaining import explanation  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

    with refusals(), open_ledger(database, node, date) as door, reading(door.database, access=EVERYTHING) as store:
        viewer = explanation.Viewer(lambda _right: True, door.clock.business_date(), door.clock.now())
        config = door.current_config(store)
        told = explanation.explain(store, config, _address(store, figure), viewer, after, most)
    report(told, as_json=as_json, text=_text(told))


def _address(store: Store, text: str) -> Figure:
    """What people read off paper is a number; everything else is an address."""
    from cashier_app.domain.figures import Figure, FigureKind, figure  # noqa: PLC0415
    from cashier_app.domain.identifiers import RECEIPT_DIGITS  # noqa: PLC0415
    from cashier_app.services.queries.papers import account_of, event_of  # noqa: PLC0415

    if ":" in text:
        return Figure(text)
    if sum(each.isdigit() for each in text) == RECEIPT_DIGITS:
        return figure(FigureKind.EVENT, event_of(store, text), "amount")
    return figure(FigureKind.ACCOUNT, account_of(store, text), "current")


def _text(told: Explanation) -> str:
    from cashier_app.domain.money import decimal_text  # noqa: PLC0415

    def written(amount: int) -> str:
        return decimal_text(amount, told.currency) if told.currency else str(amount)

    head = told.title if told.amount is None else f"{told.title}: {written(told.amount)} {told.currency}".rstrip()
    lines = [head]
    wide = max((len(written(part.amount)) for part in told.parts), default=0)
    for part in told.parts:
        day = f"{part.day}  " if part.day else ""
        lines.append(f"  {written(part.amount):>{wide}}  {day}{part.words}{_leads(part.figure)}")
    if told.rest:
        lines.append(f"  {written(told.rest):>{wide}}  further parts")
    if told.next:
        lines.append(f"  more with --after {told.next}")
    lines += [f"- {reason.words}{_leads(reason.figure)}" for reason in told.reasons]
    return "\n".join(lines)


def _leads(figure: str) -> str:
    return f"  [{figure}]" if figure else ""
