"""Which IP addresses are never connected to."""

import ipaddress

import pytest

from openhotline.core.net import ranges

_REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.1 127.0.0.53
127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.0 172.31.255.255 192.0.0.1
192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.6 198.18.0.1
198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1 100::1 100:0:0:1::1 200::1 400::1 800::1
1000::1 1fff:ffff::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1
2002:7f00:1:: 2002:808:808:: 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff::1 4000::1 5f00::1 6000::1 8000::1
c000::1 e000::1 f000::1 f800::1 fc00::1 fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%1 fe80::1%eth0 febf::1
fec0::1 feff::1 ff00::1 ff02::1 ff0e::1
"""
REFUSED = _REFUSED.split()
_ALLOWED = """
1.0.0.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 168.63.129.15
168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.1 192.0.3.1
192.88.98.1 192.88.100.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.1 198.51.101.1
203.0.112.1 203.0.114.1 223.255.255.255 2000::1 2001:200::1 2001:4860:4860::8888 2001:db7::1 2001:db9::1
2003::1 2400:cb00::1 2606:4700::1111 2620:4f:7fff::1 2620:4f:8001::1 2a00:1450::1 3ffd::1 3fff:1000::1
"""
ALLOWED = _ALLOWED.split()


@pytest.mark.parametrize("ip", REFUSED)
def test_inner_and_reserved_addresses_are_refused_with_a_sentence(ip: str) -> None:
    sentence = ranges.refusal(ip)
    assert sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("ip", ALLOWED)
def test_the_public_internet_is_not_refused_up_to_the_edge_of_each_range(ip: str) -> None:
    assert ranges.refusal(ip) is None


@pytest.mark.parametrize(
    "text", ["", "example.org", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "\uff11\uff12\uff17.0.0.1"]
)
def test_what_is_not_plainly_an_ip_address_is_refused(text: str) -> None:
    assert ranges.refusal(text)


def test_every_row_of_the_table_refuses_its_first_and_last_address() -> None:
    for network, _ in ranges._REFUSED:
        assert ranges.refusal(str(network[0]))
        assert ranges.refusal(str(network[-1]))


def test_the_library_alone_would_let_some_of_them_through() -> None:
    """Planted bug: with ``ipaddress.is_global`` in place of the table, these tests go red."""
    missed = [ip for ip in REFUSED if ipaddress.ip_address(ip).is_global]
    assert {"224.0.0.1", "64:ff9b::7f00:1", "168.63.129.16"} <= set(missed)


@pytest.mark.parametrize(
    ("ip", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", False),
        ("8.8.8.8", False),
        ("", False),
    ],
)
def test_loopback_is_only_the_plain_forms(ip: str, loopback: bool) -> None:  # noqa: FBT001 - a table's column
    assert ranges.is_loopback(ip) is loopback
