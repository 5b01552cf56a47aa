"""Whose network an IP address lies in, read from a file in MaxMind's format."""

import struct
from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.core.net.netblocks import Netblock, netblock_of

MARK = b"\xab\xcd\xefMaxMind.com"


def encoded(value: object) -> bytes:
    """Encode a text, a number, a list or a map as the format does; long enough for these tests."""
    if isinstance(value, str):
        content = value.encode()
        long = len(content) >= 29
        return bytes([0x40 | 29, len(content) - 29] if long else [0x40 | len(content)]) + content
    if isinstance(value, int):
        content = value.to_bytes(4, "big").lstrip(b"\0")
        return bytes([0xC0 | len(content)]) + content
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(encoded, value))
    assert isinstance(value, dict)
    return bytes([0xE0 | len(value)]) + b"".join(encoded(key) + encoded(one) for key, one in value.items())


def write_table(path: Path, record: dict[str, object]) -> Path:
    """Write a table in which all of 128.0.0.0/1 has this record, and nothing else has one."""
    nodes = 1
    tree = struct.pack(">I", nodes)[1:] + struct.pack(">I", nodes + 16)[1:]
    meta = {"node_count": nodes, "record_size": 24, "ip_version": 4, "database_type": "Test"}
    meta |= {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1,
        "description": {},
        "languages": [],
    }
    path.write_bytes(tree + b"\0" * 16 + encoded(record) + MARK + encoded(meta))
    return path


def test_number_name_and_country_come_from_several_files(tmp_path: Path) -> None:
    asn = {"autonomous_system_number": 64500, "autonomous_system_organization": "Example  Net"}
    one = write_table(tmp_path / "asn.mmdb", asn)
    two = write_table(tmp_path / "country.mmdb", {"country": {"iso_code": "nl"}})
    assert netblock_of("192.0.2.1", one, two) == Netblock(64500, "Example Net", "NL")
    assert netblock_of("10.0.0.1", one, two) == netblock_of("2001:db8::1", one, two) == Netblock()


def test_a_table_of_the_flat_form_is_read_too(tmp_path: Path) -> None:
    table = write_table(tmp_path / "flat.mmdb", {"asn": "AS64501", "as_name": "Flat", "country_code": "IE"})
    assert netblock_of("192.0.2.1", table) == Netblock(64501, "Flat", "IE")


def test_what_is_no_table_is_a_sentence_for_the_operator(tmp_path: Path) -> None:
    (tmp_path / "x.mmdb").write_bytes(b"x")
    for name in ("x.mmdb", "missing.mmdb"):
        with pytest.raises(Misconfigured, match="OPENHOTLINE_NETWORKS"):
            netblock_of("192.0.2.1", tmp_path / name)
