"""A drawer's report in short form, for narrow paper: sections of labels and figures."""

from dataclasses import dataclass

from cashier_app.documents.drawer_report import DrawerReportData
from cashier_app.documents.drawer_report_words import (
    hash_text,
    measure_text,
    measures,
    report_facts,
)
from cashier_app.documents.text import EN_DASH, amount_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortSection:
    """A heading with labels and figures under it; a figure may be empty."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    strong: frozenset[str] = frozenset()
    """Labels that are sums."""


def short_sections(data: DrawerReportData) -> tuple[ShortSection, ...]:
    """Return the report as narrow paper shows it: all figures, counts instead of lists."""
    sections = [ShortSection(title="", pairs=report_facts(data))]
    sections += [_tender_type(data, index) for index in range(len(data.lines))]
    sections.append(ShortSection(title="Events", pairs=_event_counts(data)))
    if data.denominations:
        pairs = tuple(
            (f"{count.pieces} x {_money(data, count.value)}", _money(data, count.amount))
            for count in data.denominations
        )
        sections.append(ShortSection(title="Count", pairs=pairs))
    if data.seal is not None:
        sections.append(_seal_section(data))
    return tuple(sections)


def short_notes(data: DrawerReportData) -> tuple[str, ...]:
    """Return the sentences below the figures."""
    seal = data.seal
    hashes = () if seal is None else (f"Previous {hash_text(seal.previous_hash)}", f"Own {hash_text(seal.own_hash)}")
    return (*hashes, *data.notes)


def _tender_type(data: DrawerReportData, index: int) -> ShortSection:
    line = data.lines[index]
    pairs = [("Tenders", str(line.count))]
    pairs += [(measure.title, measure_text(data, line, measure)) for measure in measures(data)]
    pairs = [pair for pair in pairs if pair[1] != EN_DASH]  # on narrow paper a step that did not happen is left out
    strong = frozenset(measure.title for measure in measures(data) if measure.is_sum)
    return ShortSection(title=f"{line.tender_type}, {data.currency}", pairs=tuple(pairs), strong=strong)


def _event_counts(data: DrawerReportData) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Checks", [check.amount for check in data.checks]),
        ("Turn-ins", [line.amount for line in data.turn_ins]),
        ("Paid in and out", [line.amount for line in data.paid_in_out]),
        ("Cancellations", [line.amount for line in data.cancellations]),
    )
    counted = tuple((f"{title} ({len(amounts)})", _money(data, sum(amounts))) for title, amounts in rows)
    return (*counted, ("Opened without a payment", str(len(data.no_sales))))


def _seal_section(data: DrawerReportData) -> ShortSection:
    seal = data.seal
    assert seal is not None, "only a sealed report has a seal to print"
    pairs = (
        ("Z number", f"{seal.z_number:06d}"),
        ("Branch and sequence", f"{seal.branch} / {seal.sequence}"),
        ("Payments ever", f"{seal.running_count:,d}"),
        ("Grand total", _money(data, seal.running_total)),
    )
    return ShortSection(title="Seal", pairs=pairs, strong=frozenset({"Grand total"}))


def _money(data: DrawerReportData, amount: int) -> str:
    return amount_text(amount, data.currency, data.locale)
