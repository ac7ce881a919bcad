"""The page that shows a demo day to somebody who has never seen the program: its story, screens and papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import resources

STYLE = resources.path("demo/page.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened in the day."""

    time: str
    who: str
    title: str
    text: str
    screen: str = ""
    """Name of the pair of screenshots: `screens/light/NAME.png` and `screens/dark/NAME.png`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of the day."""

    title: str
    file: str
    preview: str
    """Picture of its first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalTotal:
    """What a distribution code got in the day, as printed."""

    code: str
    account: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Names, and amounts beside them; the last row is their sum."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str


@dataclass(slots=True, kw_only=True)
class Act:
    """A story of its own beside the day."""

    anchor: str
    title: str
    lead: str
    moments: list[Moment] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    table: Table | None = None
    checks: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Story:
    """All that the page shows."""

    utility: str
    day: str
    figures: list[tuple[str, str]] = field(default_factory=list)
    """What to see at a glance: value and what it is."""
    moments: list[Moment] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    """What happened besides."""
    journal: list[JournalTotal] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)
    screens: list[tuple[str, str]] = field(default_factory=list)
    """Name and title of every screen."""


def write_page(folder: Path, story: Story) -> Path:
    """Write `index.html` into a folder that holds the pictures and papers; returns its path."""
    path = folder / "index.html"
    path.write_text(_page(story), encoding="utf-8")
    return path


def _page(story: Story) -> str:
    title = f"{escape(story.utility)}: {escape(story.day)}"
    sections = (
        _section("day", "The day", _timeline(story.moments)),
        _section("papers", "What was printed", _papers(story.papers)),
        _section("books", "What the books say", _journal(story.journal)),
        *(_section(act.anchor, escape(act.title), _act(act)) for act in story.acts),
        _section("proof", "How we know", _checks(story.checks)),
        _section("screens", "Every screen, light and dark", _screens(story.screens)),
    )
    acts = "".join(f"<a href='#{act.anchor}'>{escape(act.title)}</a>" for act in story.acts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f"<header><p class=over>Cashier</p><h1>A day at {escape(story.utility)}</h1>"
        f"<p class=lead>{escape(story.day)}. Played through the real windows and the real commands, "
        "on a database made a moment ago. Everything below is what came out.</p>"
        f"{_figures(story.figures)}"
        "<nav><a href='#day'>The day</a><a href='#papers'>Papers</a><a href='#books'>Books</a>"
        f"{acts}"
        "<a href='#proof'>Proof</a><a href='#screens'>Screens</a></nav></header>"
        f"<main>{''.join(sections)}</main></body></html>"
    )


def _section(anchor: str, title: str, content: str) -> str:
    return f"<section id={anchor}><h2>{title}</h2>{content}</section>"


def _figures(figures: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(value)}</dd></div>" for value, what in figures)
    return f"<dl class=figures>{items}</dl>"


def _timeline(moments: Sequence[Moment]) -> str:
    return "<ol class=timeline>" + "".join(_moment(moment) for moment in moments) + "</ol>"


def _moment(moment: Moment) -> str:
    picture = _picture(moment.screen, moment.title) if moment.screen else ""
    return (
        f"<li><p class=when><time>{escape(moment.time)}</time> {escape(moment.who)}</p>"
        f"<div><h3>{escape(moment.title)}</h3><p>{escape(moment.text)}</p>{picture}</div></li>"
    )


def _act(act: Act) -> str:
    return (
        f"<p class=lead>{escape(act.lead)}</p>{_timeline(act.moments)}{_papers(act.papers)}"
        f"{_table(act.table) if act.table else ''}{_checks(act.checks)}"
    )


def _table(table: Table) -> str:
    head = "".join(f"<th{_side(column)}>{escape(words)}" for column, words in enumerate(table.head))
    rows = "".join(
        "<tr>" + "".join(f"<td{_side(column)}>{escape(words)}</td>" for column, words in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    return (
        f"<h3 class=apart>{escape(table.title)}</h3><table class=summed><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table><p>{escape(table.note)}</p>"
    )


def _side(column: int) -> str:
    return " class=amount" if column else ""


def _picture(name: str, title: str) -> str:
    light, dark = f"screens/light/{escape(name)}.png", f"screens/dark/{escape(name)}.png"
    return (
        f'<a href="{light}"><picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
        f'<img loading="lazy" src="{light}" alt="{escape(title)}"></picture></a>'
    )


def _papers(papers: Iterable[Paper]) -> str:
    items = "".join(
        f'<figure><a href="{escape(paper.file)}"><img loading="lazy" src="{escape(paper.preview)}" '
        f'alt="{escape(paper.title)}"></a><figcaption>{escape(paper.title)}</figcaption></figure>'
        for paper in papers
    )
    return f"<div class=papers>{items}</div>"


def _journal(lines: Iterable[JournalTotal]) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.code)}</td><td>{escape(line.account)}</td>"
        f"<td class=amount>{escape(line.debit)}</td><td class=amount>{escape(line.credit)}</td></tr>"
        for line in lines
    )
    return (
        "<table><thead><tr><th>Distribution code<th>GL account<th class=amount>Debit<th class=amount>Credit"
        f"</tr></thead><tbody>{rows}</tbody></table>"
        '<p>Line by line: <a href="gl-lines.csv">gl-lines.csv</a></p>'
    )


def _checks(checks: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(found)}</dd></div>" for what, found in checks)
    return f"<dl class=checks>{items}</dl>"


def _screens(screens: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f"<figure>{''.join(_shot(theme, name, title) for theme in ('light', 'dark'))}"
        f"<figcaption>{escape(title)}</figcaption></figure>"
        for name, title in screens
    )
    return f"<div class=screens>{items}</div>"


def _shot(theme: str, name: str, title: str) -> str:
    source = f"screens/{theme}/{escape(name)}.png"
    return f'<a href="{source}"><img loading="lazy" src="{source}" alt="{escape(title)}, {theme}"></a>'
