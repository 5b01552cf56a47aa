"""The look keeps its promises: contrast in both schemes, logical properties, nothing that a policy stops."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from openhotline.core import gallery

CORE = Path(gallery.__file__).parent
SHEET = (CORE / "static/core/openhotline.css").read_text()
TEMPLATES = sorted(CORE.parent.glob("*/templates/**/*.html"))

TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "link", "danger", "good") for ground in ("paper", "panel", "field")),
    ("danger", "danger-soft"),
    ("ink", "danger-soft"),
    ("good", "good-soft"),
    ("ink", "good-soft"),
    ("link", "good-soft"),
    ("paper", "good"),
    ("ink", "blank"),
    ("ink", "track"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    ("practice-ink", "practice"),
]
CONTROLS = [
    *((edge, ground) for edge in ("edge", "accent", "focus", "danger") for ground in ("paper", "panel", "field")),
    ("focus", "track"),
    ("focus", "blank"),
    ("focus", "danger-soft"),
    ("focus", "good-soft"),
    ("bar", "track"),
    ("bar", "paper"),
]

PHYSICAL = re.compile(
    r"(?<![-\w(])(?:(?:margin|padding|border|inset|scroll-padding|scroll-margin)-(?:left|right|top|bottom)[-\w]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)"
)
BLOCKED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "a handler attribute": re.compile(r"<[^>]*\s(?:hx-)?on[a-z:-]+\s*=", re.IGNORECASE),
    "code in an address or value": re.compile(r"\b(?:javascript|js):", re.IGNORECASE),
    "a file from elsewhere": re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE),
}


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def tokens(sheet: str, scheme: str) -> dict[str, str]:
    """Return the colour tokens in force under `light` or `dark`, as six hex digits."""
    roots = re.findall(r":root\s*{([^}]*)}", sheet)
    light, dark = (dict(re.findall(r"--([\w-]+):\s*#([0-9a-f]{6});", root)) for root in roots[:2])
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(sheet: str, scheme: str, pairs: list[tuple[str, str]], least: float) -> list[str]:
    """Name the pairs whose contrast is under `least`."""
    colour = tokens(sheet, scheme)
    found = ((a, b, contrast(colour[a], colour[b])) for a, b in pairs)
    return [f"{a} on {b}: {ratio:.2f}" for a, b, ratio in found if ratio < least]


def blocked(page: str) -> list[str]:
    """Name what a strict content security policy would block in the page."""
    return [name for name, pattern in BLOCKED.items() if pattern.search(page)]


def without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


def test_contrast_is_the_published_measure() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    assert too_faint(SHEET, scheme, TEXT, 4.5) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_can_be_seen(scheme: str) -> None:
    assert too_faint(SHEET, scheme, CONTROLS, 3) == []


def test_planted_faint_ink_is_found() -> None:
    faint = re.sub(r"--muted: #\w+", "--muted: #a0a0a0", SHEET, count=1)
    assert "muted on paper: 2.51" in too_faint(faint, "light", TEXT, 4.5)


def test_both_schemes_name_the_same_colours() -> None:
    roots = re.findall(r":root\s*{([^}]*)}", SHEET)
    light, dark = (set(re.findall(r"--([\w-]+):\s*#", root)) for root in roots[:2])
    assert light == dark


def test_rules_take_every_colour_from_a_token() -> None:
    rules = re.sub(r":root\s*{[^}]*}", "", without_comments(SHEET))
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*})|\b(?:rgba?|hsla?|oklch)\(", rules) == []


def test_every_token_used_is_defined() -> None:
    assert set(re.findall(r"var\(--([\w-]+)", SHEET)) <= set(re.findall(r"--([\w-]+):", SHEET))


def test_every_colour_token_is_used() -> None:
    assert set(tokens(SHEET, "light")) <= set(re.findall(r"var\(--([\w-]+)", SHEET))


def test_sheet_works_right_to_left() -> None:
    assert PHYSICAL.findall(without_comments(SHEET)) == []


@pytest.mark.parametrize(
    "planted", ["p { margin-left: 1rem; }", "p{left:0}", "p { text-align: right; }", "p { max-width: 1px; }"]
)
def test_planted_physical_property_is_found(planted: str) -> None:
    assert PHYSICAL.search(planted)


def test_sheet_loads_nothing() -> None:
    assert re.findall(r"url\(|@import|@font-face", SHEET) == []


def test_buttons_are_44_pixels_and_nothing_is_under_24() -> None:
    assert "--target: 2.75rem" in SHEET
    assert "--target-small: 1.5rem" in SHEET
    assert "min-block-size: var(--target);" in SHEET.split(".button {")[1].split("}")[0]


def test_paper_shows_no_picture() -> None:
    hidden = SHEET.split("@media print")[1].split("{ display: none")[0]
    assert ".tile" in hidden


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CORE.parent)))
def test_a_strict_policy_blocks_nothing_in_a_template(path: Path) -> None:
    assert blocked(path.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<b onclick="go()">',
        '<b hx-on:click="go()">',
        "<b hx-vals='js:{a: 1}'>",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_planted_inline_code_is_found(planted: str) -> None:
    assert blocked(planted) != []


def test_public_pages_need_no_script() -> None:
    assert "<script" not in render_to_string("core/gallery.html", gallery.example())


def test_practice_says_so_and_only_in_practice() -> None:
    context = gallery.example()
    assert "NOT FINDINGS" in render_to_string("core/gallery.html", context)
    assert "PRACTICE" not in render_to_string("core/gallery.html", context | {"practice": False})


def test_the_desk_forbids_htmx_eval_and_stored_pages() -> None:
    page = render_to_string("core/gallery_desk.html", gallery.example())
    for switch in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0'):
        assert switch in page


def test_an_error_leads_to_its_field() -> None:
    page = render_to_string("core/_error_summary.html", gallery.example())
    assert '<a href="#id_address">Write the address of the page.</a>' in page
    assert '<a href="#id_place_0">' in page


def test_a_field_ties_hint_and_error_to_its_input() -> None:
    page = render_to_string("core/_field.html", {"field": gallery.ExampleForm({"address": ""})["address"]})
    assert 'aria-describedby="id_address_helptext id_address_error"' in page
    assert 'id="id_address_helptext"' in page
    assert 'id="id_address_error"' in page


def test_an_optional_field_says_so() -> None:
    assert "(optional)" in render_to_string("core/_field.html", {"field": gallery.ExampleForm()["note"]})


def test_steps_mark_the_one_that_is_now() -> None:
    page = render_to_string("core/_steps.html", gallery.example())
    assert page.count("<li") == 11
    assert page.count('aria-current="step"') == 1


@pytest.mark.parametrize("word", ["received", "being worked on", "finished"])
def test_a_receipt_marks_its_word_and_no_other(word: str) -> None:
    page = render_to_string("core/_receipt.html", {"receipt": {"code": "maple", "word": word}})
    assert re.findall(r'aria-current="step">([^<]+)', page) == [word.capitalize()]


def test_a_table_shows_a_nought_as_a_nought() -> None:
    page = render_to_string("core/_table.html", {"caption": "c", "headers": ["a", "b"], "rows": [["Listed", 0]]})
    assert "<td>0</td>" in page


def test_an_empty_table_says_so() -> None:
    page = render_to_string("core/_table.html", {"caption": "c", "headers": ["a"], "rows": []})
    assert "Nothing here now." in page


def test_a_bar_is_as_long_as_its_share() -> None:
    context = {"bars": [{"label": "Decided", "value": 75}], "most": 300}
    assert '<rect width="250"' in render_to_string("core/_bar.html", context)


def test_bars_of_nothing_are_empty() -> None:
    context = {"bars": [{"label": "Decided", "value": 0}], "most": 0}
    assert '<rect width="0"' in render_to_string("core/_bar.html", context)


def test_a_tile_without_an_address_to_reveal_cannot_be_held() -> None:
    page = render_to_string("core/_tile.html", {"src": "/t"})
    assert "data-reveal-url" not in page
    assert 'alt="Blurred picture"' in page


def test_an_error_page_says_what_to_do() -> None:
    page = render_to_string("core/error.html", {"sentence": "There is no such page.", "todo": "Start again."})
    assert "There is no such page." in page
    assert "Start again." in page
