"""Numbers as people read them aloud."""


def account_number(number: str) -> str:
    """`001 0000 004-2`: in groups, the check digit apart; other numbers stay as they are."""
    if len(number) != 11 or not number.isdigit():  # noqa: PLR2004
        return number
    return f"{number[:3]} {number[3:7]} {number[7:10]}-{number[10]}"


def receipt_number(number: str) -> str:
    """`0001 0000 042-7`."""
    if len(number) != 12 or not number.isdigit():  # noqa: PLR2004
        return number
    return f"{number[:4]} {number[4:8]} {number[8:11]}-{number[11]}"
