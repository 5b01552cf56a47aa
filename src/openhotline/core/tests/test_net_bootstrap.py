"""Which RDAP server answers: IANA's files, as the operator keeps them."""

import json
from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.core.net.bootstrap import servers_for

FILES = {
    "ipv4.json": [
        [["192.0.0.0/8"], ["http://wide.example/", "https://wide.example/"]],
        [["192.0.2.0/24"], ["https://narrow.example/"]],
    ],
    "ipv6.json": [[["2001:db8::/32"], ["https://six.example/"]], [["nonsense"], ["ftp://x.example/"]]],
    "dns.json": [[["uk", "co.uk"], ["https://uk.example/"]], [["example"], ["https://example.example/"]]],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, services in FILES.items():
        (tmp_path / name).write_text(json.dumps({"services": services}))
    return tmp_path


@pytest.mark.parametrize(
    ("what", "bases"),
    [
        ("192.0.2.7", ("https://narrow.example/",)),
        ("192.9.0.1", ("https://wide.example/", "http://wide.example/")),
        ("8.8.8.8", ()),
        ("2001:db8::1", ("https://six.example/",)),
        ("www.site.co.uk", ("https://uk.example/",)),
        ("site.Example.", ("https://example.example/",)),
        ("site.org", ()),
    ],
)
def test_the_longest_match_wins_and_https_comes_first(folder: Path, what: str, bases: tuple[str, ...]) -> None:
    assert servers_for(what, folder) == bases


@pytest.mark.parametrize("content", ["", "[]", '{"services": [["x"]]}'])
def test_a_file_that_cannot_be_read_is_a_sentence_for_the_operator(folder: Path, content: str) -> None:
    (folder / "dns.json").write_text(content)
    with pytest.raises(Misconfigured, match=r"dns\.json"):
        servers_for("site.example", folder)
