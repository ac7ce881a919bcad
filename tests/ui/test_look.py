import sys
from itertools import combinations, pairwise

import pytest
from PySide6.QtGui import QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

import resources
from cashier_app.ui import icons, look
from tests.ui.colors import EYES, contrast, distance, gray

THEMES = pytest.mark.parametrize("roles", [look.LIGHT, look.DARK], ids=["light", "dark"])
GROUNDS = ("background", "surface", "raised")
TEXTS = ("text", "muted", "disabled", "accent", "good", "attention", "danger")


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(roles, ground, text):
    assert contrast(getattr(roles, text), getattr(roles, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("tone", ["accent", "good", "attention", "danger"])
def test_text_can_be_read_on_its_tint(roles, tone):
    tint = getattr(roles, f"{tone}_soft")
    assert contrast(getattr(roles, tone), tint) >= 4.5
    assert contrast(roles.text, tint) >= 4.5


@THEMES
def test_text_can_be_read_on_the_accent(roles):
    assert contrast(roles.on_accent, roles.accent) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_lines_that_matter_can_be_seen(roles, ground):
    assert contrast(roles.line_strong, getattr(roles, ground)) >= 3
    assert contrast(roles.accent, getattr(roles, ground)) >= 3


@THEMES
def test_disabled_text_can_be_read_as_qt_will_draw_it(roles):
    palette = look.palette(roles)
    group = QPalette.ColorGroup.Disabled
    for text, ground in (("Text", "Base"), ("ButtonText", "Button"), ("WindowText", "Window")):
        drawn = palette.color(group, QPalette.ColorRole[text]).name()
        assert contrast(drawn, palette.color(group, QPalette.ColorRole[ground]).name()) >= 4.5
        assert drawn != palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole[text]).name()


@THEMES
def test_every_palette_role_is_ours(roles):
    palette = look.palette(roles)
    named = {getattr(roles, name) for name in TEXTS + GROUNDS} | {roles.on_accent, roles.line, roles.line_strong}
    for role in ("Accent", "PlaceholderText", "Link", "Highlight", "HighlightedText", "ToolTipBase", "ToolTipText"):
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
            assert palette.color(group, QPalette.ColorRole[role]).name() in named


@THEMES
def test_ages_of_debt_differ_in_gray(roles):
    steps = [gray(color) for color in roles.aged]
    assert steps in (sorted(steps), sorted(steps, reverse=True)), "age has one direction"
    assert all(abs(one - other) >= 9 for one, other in pairwise(steps))


@THEMES
@pytest.mark.parametrize("eye", EYES)
def test_ages_of_debt_differ_to_every_eye(roles, eye):
    assert all(distance(one, other, eye) >= 10 for one, other in combinations(roles.aged, 2))


@THEMES
@pytest.mark.parametrize("eye", EYES)
def test_good_and_danger_differ_to_every_eye(roles, eye):
    assert distance(roles.good, roles.danger, eye) >= 10


@pytest.mark.parametrize("size", list(look.Size))
@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_amounts_of_the_same_length_are_equally_wide(size, weight):
    metrics = QFontMetricsF(look.font(size, QFont.Weight(weight)))
    widths = {
        round(metrics.horizontalAdvance(f"{a}{b}{c},{a}{c}.{b}{a}"), 2) for a in range(10) for b in "18" for c in "47"
    }
    assert len(widths) == 1


def test_our_type_is_the_one_shown(qapp):
    assert QLabel("x").fontInfo().family() == look.FAMILY


@pytest.mark.parametrize("letters", ["Łódź", "Αθήνα", "Київ", "€ £ ₹", "→ ↑ \u2212 \u2013 …"])
def test_our_type_knows_the_letters_of_our_customers(letters):
    metrics = QFontMetricsF(look.font())
    assert all(metrics.inFontUcs4(ord(letter)) for letter in letters if letter != " ")


def test_all_type_together_is_small_and_licensed():
    files = list(resources.path("fonts").glob("*.ttf"))
    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) < 1_500_000
    assert "SIL Open Font License" in resources.path("fonts/Inter-OFL.txt").read_text(encoding="utf-8")


def test_paper_uses_the_same_type():
    pdfmetrics.registerFont(TTFont("figures", str(resources.path("fonts/InterTabular-Regular.ttf"))))
    assert len({round(pdfmetrics.stringWidth(figure, "figures", 9), 4) for figure in "0123456789"}) == 1


def test_the_theme_switches_while_the_program_runs(qapp, qtbot):
    field = QLineEdit()
    qtbot.addWidget(field)
    light = field.palette().color(QPalette.ColorRole.Text).name()
    look.apply(qapp, look.Theme.DARK)
    assert look.theme() is look.Theme.DARK
    assert field.palette().color(QPalette.ColorRole.Text).name() != light


def test_icons_change_color_with_the_theme(qapp, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    icons.dress(button, "receipt")
    before = button.icon().pixmap(20, 20).toImage()
    look.apply(qapp, look.Theme.DARK)
    assert button.icon().pixmap(20, 20).toImage() != before


def test_a_theme_the_desktop_does_not_tell_is_light(qapp):
    look.apply(qapp, look.Theme.SYSTEM)
    assert look.theme() in (look.Theme.LIGHT, look.Theme.DARK)


@pytest.mark.parametrize("file", sorted(resources.path("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_is_an_outline_that_takes_our_color(file, qapp):
    drawing = file.read_text(encoding="utf-8")
    assert 'viewBox="0 0 20 20"' in drawing
    assert 'stroke="currentColor"' in drawing
    assert 'fill="none"' in drawing
    image = icons.pixmap(file.stem, "accent").toImage()
    assert any(image.pixelColor(x, y).alpha() > 200 for x in range(40) for y in range(40)), "it shows something"


@pytest.mark.parametrize(("theme", "roles"), [("light", look.LIGHT), ("dark", look.DARK)])
def test_the_pictures_of_the_sheet_have_the_colors_of_the_theme(theme, roles):
    assert roles.muted in resources.path(f"style/chevron-{theme}.svg").read_text(encoding="utf-8")
    assert roles.on_accent in resources.path(f"style/tick-{theme}.svg").read_text(encoding="utf-8")


@THEMES
def test_the_style_sheet_names_every_color_by_its_role(roles):
    sheet = resources.path("style/cashier.qss").read_text(encoding="utf-8")
    assert "#" not in sheet.replace("QLineEdit#", ""), "no color by value"
    assert "$" not in look.style_sheet(roles)


def test_no_reference_to_none_is_lost(qapp: QApplication):
    # PySide6 6.12.0 loses one at each void call and aborts Python 3.11 after some thousand.
    before = sys.getrefcount(None)
    for _ in range(500):
        qapp.processEvents()
    assert abs(sys.getrefcount(None) - before) < 100
