"""Draws the life cycles from their tables: `python -m tests.support.lifecycles` writes `docs/lifecycles.md`."""

from cashier_app.domain.lifecycles import LIFECYCLES
from tests.support.source_tree import ROOT

DOCUMENT = ROOT / "docs" / "lifecycles.md"
_HEAD = """# Life cycles

Drawn from the tables in `domain/lifecycles.py`; nothing else decides what may follow what.
"""


def document() -> str:
    parts = [_HEAD]
    for lifecycle in LIFECYCLES:
        width = max(len(state) for state in lifecycle.moves)
        lines = [f"## {lifecycle.thing.capitalize()}", "", "```"]
        for state, targets in lifecycle.moves.items():
            lines.append(f"{state.value:{width}} → {', '.join(sorted(targets)) or 'nothing: final'}")
        refusals = sorted({f"`{lifecycle.codes[state]}`" for state in lifecycle.moves if state in lifecycle.codes})
        lines += ["```", "", f"Any other move is refused with {', '.join(refusals)}.", ""]
        parts.append("\n".join(lines))
    return "\n".join(parts)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
