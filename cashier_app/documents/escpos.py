"""Receipts, turn-in slips and short drawer reports as ESC/POS, the language of receipt printers.

The commands are the ones that practically every printer of the kind understands (Epson's ESC/POS reference).
"""

from cashier_app.documents.code_pages import PageEncoder
from cashier_app.documents.drawer_report import DrawerReportData
from cashier_app.documents.drawer_report_words import report_title, verdict
from cashier_app.documents.receipt import ReceiptData, ReceiptPayment
from cashier_app.documents.receipt_words import balance_label, receipt_facts, receipt_notes, tender_details
from cashier_app.documents.short_drawer_report import short_notes, short_sections
from cashier_app.documents.text import MINUS, amount_text, balance_text, clean, grouped
from cashier_app.documents.turn_in_slip import TurnInSlipData, slip_facts, slip_notes, slip_signatures

_INITIALIZE = b"\x1b@"
_CENTER, _LEFT = b"\x1ba\x01", b"\x1ba\x00"
_BOLD, _PLAIN = b"\x1bE\x01", b"\x1bE\x00"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"
_REVERSE, _UPRIGHT = b"\x1dB\x01", b"\x1dB\x00"
_FEED_AND_CUT = b"\x1bd\x04\x1dV\x42\x00"
_KICK_TIME = b"22"
"""How long the drawer's coil is powered, on and off, in units of 2 ms: 100 ms each."""

NARROW, WIDE = 42, 48
"""Columns of the common 80 mm printers: 42 on most Epson models in font A, 48 on most others."""


def drawer_kick(pin: int = 2) -> bytes:
    """Return the pulse that opens the cash drawer on connector pin 2 or 5 (`ESC p`)."""
    assert pin in {2, 5}, "a drawer hangs on pin 2 or on pin 5"
    return b"\x1bp" + (b"\x00" if pin == 2 else b"\x01") + _KICK_TIME  # noqa: PLR2004 - the connector's pin


def escpos_receipt(data: ReceiptData, *, columns: int = WIDE, kick_drawer: bool = False, pin: int = 2) -> bytes:
    """Return the receipt for a receipt printer, cut at the end; the drawer opens first, while the paper still runs."""
    job = _Job(columns)
    if kick_drawer:
        job.raw(drawer_kick(pin))
    _receipt_head(job, data)
    job.heading("PAYMENTS", data.currency)
    for payment in data.payments:
        _payment(job, payment, data)
    job.total("PAID", _money(data.total_paid, data))
    job.heading("TENDERED", data.currency)
    for tender in data.tenders:
        job.pair(tender.tender_type, _money(tender.amount, data))
        job.text(tender_details(tender, data.locale), indent=2)
    if data.cash_tendered is not None:
        job.pair("Cash tendered", _money(data.cash_tendered, data))
        job.total("CHANGE", _money(data.change_given, data))
    job.rule()
    for note in receipt_notes(data):
        job.centered(note)
    job.codes(data.receipt_number)
    return job.cut()


def escpos_drawer_report(data: DrawerReportData, *, columns: int = WIDE) -> bytes:
    """Return the short form of a drawer's report for a receipt printer."""
    job = _Job(columns)
    job.centered(data.letterhead.utility_name, style=_BOLD)
    job.large(report_title(data))
    job.centered(verdict(data), style=_BOLD)
    for part in short_sections(data):
        if part.title:
            job.text(part.title.upper(), style=_BOLD)
        job.rule()
        for label, figure in part.pairs:
            if figure:
                job.pair(label, figure, style=_BOLD if label in part.strong else b"")
        job.line("")
    for note in short_notes(data):
        job.text(note)
    for role, name in (("Cashier", data.owner), ("Supervisor", data.supervisor)):
        job.signature(role, name)
    job.text(f"Printed {data.imprint.printed_at} by {data.imprint.printed_by}")
    return job.cut()


def escpos_turn_in_slip(data: TurnInSlipData, *, columns: int = WIDE, kick_drawer: bool = False) -> bytes:
    """Return the slip of a turn-in for a receipt printer; the drawer opens first, for the money to be taken out."""
    job = _Job(columns)
    if kick_drawer:
        job.raw(drawer_kick())
    job.centered(data.letterhead.utility_name, style=_BOLD)
    job.large("TURN-IN")
    for mark in data.marks:
        job.large(f" {mark} ", reverse=True)
    job.rule()
    for label, value in slip_facts(data):
        job.pair(label, value)
    job.heading("HANDED OVER", data.currency)
    amount = amount_text(data.amount, data.currency, data.locale)
    job.pair(data.tender_type, amount)
    job.total("TURNED IN", amount)
    for role, name in slip_signatures(data):
        job.signature(role, name)
    job.line("")
    for note in slip_notes(data):
        job.centered(note)
    return job.cut()


def escpos_slip(lines: tuple[str, ...]) -> bytes:
    """Return endorsement or validation lines for a printer's slip station, released at the end."""
    job = _Job(WIDE)
    job.raw(b"\x1bc0\x04")  # print on the slip
    for line in lines:
        job.text(line)
    job.raw(b"\x0c")  # print and release it
    return job.finished()


def _receipt_head(job: "_Job", data: ReceiptData) -> None:
    job.centered(data.letterhead.utility_name, style=_BOLD)
    for line in (*data.letterhead.address_lines, data.letterhead.contact):
        job.centered(line)
    for mark in data.marks:
        job.large(f" {mark} ", reverse=True)
    job.rule()
    for label, value in receipt_facts(data):
        job.pair(label, value)


def _payment(job: "_Job", payment: ReceiptPayment, data: ReceiptData) -> None:
    job.pair(payment.customer_name, _money(payment.amount, data), style=_BOLD)
    if payment.account_number:
        job.text(f"Account {payment.account_number}", indent=2)
    for segment in payment.segments:
        job.pair(segment.description, _money(segment.amount, data), indent=2, inset=12)
    if payment.new_balance is not None:
        balance = balance_text(payment.new_balance, data.currency, data.locale)
        job.text(f"{balance_label(data)} {balance}", indent=2)


def _money(amount: int, data: ReceiptData) -> str:
    return amount_text(amount, data.currency, data.locale)


class _Job:
    """Bytes for a printer, line by line."""

    def __init__(self, columns: int) -> None:
        assert columns in {NARROW, WIDE}, "a receipt is 42 or 48 columns wide"
        self.columns = columns
        self._encoder = PageEncoder()
        self._bytes = bytearray(_INITIALIZE)

    def raw(self, command: bytes) -> None:
        """Add a command as it is."""
        self._bytes += command

    def finished(self) -> bytes:
        """Return everything so far."""
        return bytes(self._bytes)

    def cut(self) -> bytes:
        """Feed past the knife, cut, and return the job."""
        self.raw(_FEED_AND_CUT)
        return self.finished()

    def line(self, text: str) -> None:
        """Add one line that is known to fit; the minus sign of print becomes a hyphen, which every printer has."""
        self._bytes += self._encoder.encode(_printable(text)) + b"\n"

    def text(self, text: str, *, indent: int = 0, style: bytes = b"") -> None:
        """Add a text that wraps; nothing for an empty one."""
        for part in _wrapped(text, self.columns - indent):
            if part:
                self._styled(" " * indent + part, style)

    def centered(self, text: str, *, style: bytes = b"") -> None:
        """Add a text that wraps, centered by the printer."""
        self.raw(_CENTER)
        self.text(text, style=style)
        self.raw(_LEFT)

    def large(self, text: str, *, reverse: bool = False) -> None:
        """Add one centered line in double size."""
        self.raw(_CENTER + _LARGE + (_REVERSE if reverse else b""))
        self.line(text[: self.columns // 2])
        self.raw((_UPRIGHT if reverse else b"") + _NORMAL + _LEFT)

    def pair(self, label: str, figure: str, *, indent: int = 0, inset: int = 0, style: bytes = b"") -> None:
        """Add a label on the left, wrapping, and a figure at the right on its first line, wrapping if it must."""
        shown = _printable(clean(figure))
        room = self.columns - indent - inset
        if len(shown) > room - 15:  # the figure is a text of its own: give it two thirds
            parts = _wrapped(shown, room - 15)
            self._styled(f"{' ' * indent}{clean(label)[:14]:<15}{parts[0]:>{room - 15}}", style)
            for part in parts[1:]:
                self._styled(f"{' ' * (indent + 15)}{part:>{room - 15}}", style)
            return
        lines = _wrapped(label, room - len(shown) - 1)
        self._styled(" " * indent + lines[0].ljust(room - len(shown)) + shown, style)
        for part in lines[1:]:
            self._styled(" " * indent + part, style)

    def heading(self, title: str, right: str) -> None:
        """Add a small heading with a line under it."""
        self.line("")
        self.pair(title, right)
        self.rule()

    def total(self, label: str, figure: str) -> None:
        """Add a sum in double width, or in bold where double width has no room for it."""
        self.rule()
        wide = self.columns // 2
        shown = _printable(figure)
        if len(label) + len(shown) < wide:
            self.raw(_LARGE)
            self.line(label + shown.rjust(wide - len(label)))
            self.raw(_NORMAL)
        else:
            self.pair(label, figure, style=_BOLD)

    def rule(self) -> None:
        """Add a line across the paper."""
        self.line("-" * self.columns)

    def signature(self, role: str, name: str) -> None:
        """Add room to sign, and who is to."""
        self.line("")
        self.line("")
        self.rule()
        self.text(f"{role}: {name}")

    def codes(self, number: str) -> None:
        """Add the receipt number as Code 128 with its digits below, and as QR code."""
        assert number.isascii(), "a bar code of ours is ASCII"
        content = b"{B" + number.encode("ascii")
        self.raw(_CENTER + b"\x1dh\x50\x1dw\x02\x1dH\x00\x1dkI" + bytes([len(content)]) + content + b"\n")
        self.line(grouped(number))
        stored = b"1P0" + number.encode("ascii")
        size = len(stored).to_bytes(2, "little")
        self.raw(b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1")
        self.raw(b"\x1d(k" + size + stored + b"\x1d(k\x03\x001Q0" + _LEFT)

    def _styled(self, text: str, style: bytes) -> None:
        if style:
            self.raw(style)
        self.line(text)
        if style:
            self.raw(_PLAIN)


def _printable(text: str) -> str:
    """Replace what code pages of printers lack by its plain twin."""
    return text.translate(_PLAIN_TWINS)


_PLAIN_TWINS = str.maketrans(
    {
        MINUS: "-",
        "\N{EN DASH}": "-",
        "\N{BULLET}": "*",
        "\N{MIDDLE DOT}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a clean text into lines of at most `width` characters; at least one line."""
    lines = [""]
    for word in _printable(clean(text)).split(" "):
        rest = word
        if lines[-1] and len(lines[-1]) + 1 + len(rest) > width:
            lines.append("")
        while len(rest) > width:
            lines[-1:] = [rest[:width], ""]
            rest = rest[width:]
        lines[-1] = f"{lines[-1]} {rest}".strip()
    return lines
