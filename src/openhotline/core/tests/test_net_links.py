"""The pictures of a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.net import links
from openhotline.core.net.addresses import parse

BASE = "https://example.org/board/page.html"


def found(html: str) -> list[str]:
    return links.pictures(html.encode(), BASE)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="a.png">', ["https://example.org/board/a.png"]),
        ("<IMG alt='a>b' SRC=/a.png>", ["https://example.org/a.png"]),
        ("<img src=/a.png title=it's><img src=/b.png title=it's>", ["https://example.org/a.png", "https://example.org/b.png"]),
        ('<img src="/a?x=1&amp;y=2">', ["https://example.org/a?x=1&y=2"]),
        ('<img src="/a\n.png">', ["https://example.org/a.png"]),
        ('<img src="/s" srcset="/m 2x, //cdn.example/l 3x">', ["https://example.org/s", "https://example.org/m", "https://cdn.example/l"]),
        (
            '<picture><source srcset="/w.webp" type="image/webp"><img src="/p.jpg"></picture>',
            ["https://example.org/w.webp", "https://example.org/p.jpg"],
        ),
        ('<video><source src="/v.mp4" type="video/mp4"></video>', []),
        ('<a href="/big.JPG?x">x</a><a href="/page">y</a>', ["https://example.org/big.JPG?x"]),
        ('<base href="https://other.example/x/"><img src="a.png">', ["https://other.example/x/a.png"]),
        ('<img src="data:image/png;base64,AAAA"><img src="javascript:1"><img src="ftp://h/a.png"><img src="">', []),
        ('<!-- <img src="/c.png"> --><script>"<img src=/s.png>"</script><img src="/a.png">', ["https://example.org/a.png"]),
        ('<div data-x="<img src=/no.png>"><img src="/yes.png"></div>', ["https://example.org/yes.png"]),
        ('<img src="/a.png"><img src="/b.png"><img src="/a.png">', ["https://example.org/a.png", "https://example.org/b.png"]),
        ('<img src="/a.png"><img src="/b.png', ["https://example.org/a.png"]),
        ('<img src="/a<b.png">', ["https://example.org/a%3Cb.png"]),
    ],
)  # fmt: skip
def test_pictures_are_found_as_browsers_find_them(html: str, expected: list[str]) -> None:
    assert found(html) == expected


def test_at_most_two_thousand_are_kept_the_first_ones() -> None:
    many = found("".join(f'<img src="/{n}.png">' for n in range(3000)))
    assert (len(many), many[-1]) == (2000, "https://example.org/1999.png")


def test_bytes_that_are_no_text_do_not_matter() -> None:
    assert links.pictures(b'\xff\xfe\x00<img src="/a.png">\x80', BASE) == ["https://example.org/a.png"]


_PIECES = st.sampled_from(
    [
        "<img ",
        "<a ",
        "<base ",
        "<source ",
        "src=",
        "href=",
        "srcset=",
        '"',
        "'",
        ">",
        "<",
        "=",
        "/",
        " ",
        "<!--",
        "-->",
        "<script>",
        "</script",
        "<![",
        "<?",
        "&#",
        "&amp;",
        "a.png",
        "//h",
        "http://",
        "\x00",
        "]]>",
        "<!DOCTYPE",
        "\n",
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(_PIECES, max_size=60).map(lambda parts: "".join(parts).encode())))
def test_hostile_pages_never_raise_and_give_only_canonical_web_addresses(page: bytes) -> None:
    for address in links.pictures(page, BASE):
        assert parse(address).canonical == address


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<img src='", "<a", "<img ", "</", "<?", "<", '="<a ', "<img a='<img b=\"", "<a =", "<script>", "<a>"],
)
def test_a_crafted_page_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """Four times the page, well under sixteen times the work (html.parser alone: 40 s for 200 kB)."""

    def seconds(size: int) -> float:
        page = (piece * (size // len(piece))).encode()
        start = time.process_time()
        links.pictures(page, BASE)
        return time.process_time() - start

    assert seconds(400_000) < 10 * max(seconds(100_000), 0.02)
