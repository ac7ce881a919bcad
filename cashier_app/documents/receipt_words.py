"""The sentences of a receipt, the same on every paper and on the receipt printer."""

from cashier_app.documents.receipt import ReceiptData, ReceiptTender
from cashier_app.documents.text import amount_text, grouped

OFFLINE_NOTE = "Recorded offline. The office books this payment as soon as the line is back."
KEEP_NOTE = "Please keep this receipt as proof of payment."
MARK_SENTENCES = {
    "VOID": "This payment was canceled. It is no proof of payment.",
    "COPY": "Copy. The original was given to the payor.",
}


def receipt_facts(data: ReceiptData) -> tuple[tuple[str, str], ...]:
    """Return labels and values that say where, when and by whom; those without a value are left out."""
    pairs = (
        ("Receipt", grouped(data.receipt_number)),
        ("Document", data.document_number),
        ("Authorization", data.authorization),
        ("Event", data.event_id),
        ("Date", data.taken_at),
        ("Location", data.location),
        ("Drawer", data.drawer),
        ("Cashier", data.cashier),
        ("Received from", data.payor),
        ("Purpose", data.purpose),
    )
    return tuple(pair for pair in pairs if pair[1].strip())


def tender_details(tender: ReceiptTender, locale: str) -> str:
    """Return what is worth knowing of a tender beside its amount: card digits, reference, other currency and rate."""
    parts = []
    if tender.card_last_four:
        parts.append(f"card ending {tender.card_last_four}")
    if tender.reference:
        parts.append(f"no. {tender.reference}")
    if tender.alternate_currency and tender.alternate_amount is not None:
        amount = amount_text(tender.alternate_amount, tender.alternate_currency, locale)
        rate = f" at {tender.exchange_rate.normalize():f}" if tender.exchange_rate is not None else ""
        parts.append(f"{tender.alternate_currency} {amount}{rate}")
    return ", ".join(parts)


def balance_label(data: ReceiptData) -> str:
    """What an account's balance is called: what is owed now, or what was owed when it was last known."""
    return "Last known balance" if data.recorded_offline or data.balances_as_of else "New balance"


def receipt_notes(data: ReceiptData) -> tuple[str, ...]:
    """Return the sentences below the figures, in their order."""
    marks = tuple(MARK_SENTENCES[mark] for mark in data.marks)
    offline = (OFFLINE_NOTE,) if data.recorded_offline else ()
    as_of = (f"Balances are as of {data.balances_as_of}.",) if data.balances_as_of else ()
    keep = () if data.marks else (KEEP_NOTE,)
    reprinted = (f"Printed again {data.reprinted}.",) if data.reprinted else ()
    return (*marks, *reprinted, *offline, *as_of, *data.notes, *keep)
