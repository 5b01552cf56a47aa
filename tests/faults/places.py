"""Addresses that the fetcher is asked for: those it must never connect to, and those it must still reach.

By the 32 categories of the threat model. A case says which addresses may be connected to while it runs; any other
attempt is a fault, whatever the fetcher answers.
"""

import gzip
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from faults.namespace import NAME_SERVER, PROXY_PORT, Answers, records

ZONE = "hotline-corpus.org"
PUBLIC, OTHER, PUBLIC_6 = "93.184.215.14", "198.41.0.4", "2606:4700::1111"
HOP = f"http://{PUBLIC}"

# What must never be reached, by category. Written anew from the registries, not taken from the fetcher's own table.
FORBIDDEN: dict[int, str] = {
    1: "127.0.0.1 127.0.0.2 127.0.0.53 127.1.2.3 127.255.255.254",
    2: "0.0.0.0 0.0.0.1 0.255.255.255",
    3: "10.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255",
    4: "169.254.0.1 169.254.169.254 169.254.170.2 fd00:ec2::254 fd20:ce::254 168.63.129.16",
    5: "100.64.0.0 100.100.100.200 100.127.255.255",
    6: "192.0.0.1 192.0.0.192 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255 192.88.99.1 "
    "192.31.196.1 192.52.193.1 192.175.48.1",
    7: "224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255",
    8: "::1 :: fc00::1 fd12:3456::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 100::1 5f00::1 3fff::1 2001:db8::1 "
    "2001:2::1 2001:20::1 3ffe::1 2620:4f:8000::1 4000::1 8000::1",
    9: "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:93.184.215.14",
    10: "::127.0.0.1 ::10.0.0.1 ::93.184.215.14",
    11: "::ffff:0:127.0.0.1 ::ffff:0:10.0.0.1",
    12: "64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a00:1 64:ff9b::5db8:d70e",
    13: "2002:7f00:1:: 2002:a00:1::1 2002:5db8:d70e::",
    14: "2001::1 2001:0:7f00:1:: 2001:0:a00:1::1",
}
_LEGITIMATE = (
    "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.215.14 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 "
    "168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.1 "
    "192.0.3.1 192.88.98.1 192.88.100.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 203.0.112.1 203.0.114.1 "
    "223.255.255.255 2000::1 2001:200::1 2001:4860:4860::8888 2001:db7::1 2001:db9::1 2003::1 2400:cb00::1 "
    "2606:4700::1111 2620:4f:7fff::1 2620:4f:8001::1 2a00:1450::1 3ffd::1 3fff:1000::1"
)


@dataclass(frozen=True)
class Place:
    """One case. ``connects``: addresses that may be connected to; ``reached``: whether its page must come back."""

    category: int
    address: str
    connects: frozenset[str] = frozenset()
    reached: bool = False
    tor: bool = False
    ours: frozenset[str] = frozenset()
    environment: dict[str, str] = field(default_factory=dict, hash=False)
    silent: bool = False  # no name may be asked for


@dataclass
class Corpus:
    """All cases, with what the name server and the web server must say for them."""

    places: list[Place] = field(default_factory=list)
    zone: dict[str, list[Answers]] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)

    def named(self, *turns: tuple[str, ...], name: str = "") -> str:
        """Return a name that is answered so: one tuple of values each time it is asked for."""
        name = name or f"n{len(self.zone)}.{ZONE}"
        self.zone[name] = [records(*values) for values in turns]
        return name

    def page(self, answer: bytes) -> str:
        """Return a path that is answered so."""
        path = f"/p{len(self.pages)}"
        self.pages[path] = answer
        return path

    def redirect(self, to: str, status: int = 302) -> str:
        """Return the address of a public page that redirects."""
        head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
        return HOP + self.page(head.encode("utf-8"))

    def refuse(self, category: int, address: str, *connects: str, **more: object) -> None:
        """Add a case that may connect to these addresses and no other."""
        self.places.append(Place(category, address, frozenset(connects), **more))  # type: ignore[arg-type]


def corpus() -> Corpus:
    """Return all of it."""
    made = Corpus()
    for add in (_ranges, _spellings, _names, _redirects, _schemes_and_parsers, _ports_and_selves, _answers, _onions):
        add(made)
    _legitimate(made)
    return made


def forbidden() -> Iterator[tuple[int, str]]:
    """Yield every address that must not be reached, with its category."""
    return ((category, ip) for category, ips in FORBIDDEN.items() for ip in ips.split())


def written(ip: str) -> str:
    """Return an address as a host in a URL."""
    return f"[{ip}]" if ":" in ip else ip


def _ranges(made: Corpus) -> None:
    for category, ip in forbidden():
        made.refuse(category, f"http://{written(ip)}/")
        made.refuse(category, f"http://{made.named((ip,))}/")
        made.refuse(category, made.redirect(f"http://{written(ip)}/"), PUBLIC)
    for zone in ("%1", "%25lo", "%lo"):
        made.refuse(8, f"http://[fe80::1{zone}]/")


def _spellings(made: Corpus) -> None:
    loopback = "2130706433 0x7f000001 017700000001 0177.0.0.1 0x7f.1 127.1 127.0.1 0x7F.0x0.0x0.0x1 127.0x1 0177.1"
    metadata = "2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 169.16689662 0251.0376.0251.0376 025177524776"
    private = "167772161 0x0a000001 012.0.0.1 10.1 0xa.0.1 3232235521 0300.0250.0.1"
    for host in f"{loopback} {metadata} {private}".split():
        made.refuse(15, f"http://{host}/")
    wide = str.maketrans("0123456789.", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e")
    circled = "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460"
    for host in ("127.0.0.1".translate(wide), "169.254.169.254".translate(wide), "10.0.0.1".translate(wide), circled):
        made.refuse(16, f"http://{host}/")
    for dot in "\u3002\uff61\uff0e":
        made.refuse(16, f"http://{'127.0.0.1'.replace('.', dot)}/")
    for ip in ("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"):
        made.refuse(17, f"http://{ip.replace('.', '-')}.wild.{ZONE}/")


def _names(made: Corpus) -> None:
    inner = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254")
    for ip in inner:
        # Public when it is checked, inner ever after: the checked address is the one that is used.
        made.refuse(18, f"http://{made.named((PUBLIC,), (ip,))}/", PUBLIC)
        again = made.named((PUBLIC,), (ip,))
        made.refuse(18, f"http://{again}" + made.page(_moved(f"http://{again}/")), PUBLIC)
        made.refuse(18, f"http://{made.named((ip,), (PUBLIC,))}/")
        made.refuse(19, f"http://{made.named((PUBLIC, ip))}/")
        made.refuse(19, f"http://{made.named((ip, PUBLIC))}/")
        made.refuse(19, f"http://{made.named((PUBLIC, PUBLIC_6, OTHER, ip))}/")
    made.refuse(19, f"http://{made.named((PUBLIC, '::ffff:127.0.0.1'))}/")
    for length, ip in itertools.product((1, 2, 5, 9), ("127.0.0.1", "10.0.0.1")):
        name = made.named((ip,))
        for _ in range(length):
            name = made.named((name,))
        made.refuse(20, f"http://{name}/")
    made.named(("127.0.0.1",), name="localhost")
    made.refuse(20, f"http://{made.named(('localhost',))}/")
    loop = made.named((f"loop.{ZONE}",))
    made.named((loop,), name=f"loop.{ZONE}")
    made.refuse(20, f"http://{loop}/")


def _moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def _redirects(made: Corpus) -> None:
    for status, ip in itertools.product((301, 302, 303, 307, 308), ("127.0.0.1", "10.0.0.1", "[::1]")):
        made.refuse(21, made.redirect(f"http://{ip}/", status), PUBLIC)
    for to in ("//127.0.0.1/", "///127.0.0.1/", "\\\\127.0.0.1\\", "http:127.0.0.1", "http:/\\127.0.0.1/"):
        made.refuse(21, made.redirect(to), PUBLIC)
    chain = "http://127.0.0.1/"
    for _ in range(4):
        chain = made.redirect(chain)
        made.refuse(21, chain, PUBLIC)
    made.refuse(21, made.redirect(f"http://{made.named(('10.0.0.1',))}/"), PUBLIC)
    loop = made.page(b"")
    made.pages[loop] = _moved(HOP + loop)
    made.refuse(21, HOP + loop, PUBLIC)
    refresh = b"HTTP/1.1 200 OK\r\nRefresh: 0; url=http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    made.refuse(21, HOP + made.page(refresh), PUBLIC)
    location = b"HTTP/1.1 200 OK\r\nContent-Location: http://10.0.0.1/\r\nLocation: http://10.0.0.1/\r\n\r\n"
    made.refuse(21, HOP + made.page(location), PUBLIC)


def _schemes_and_parsers(made: Corpus) -> None:
    for scheme in (
        "file:///etc/hosts",
        "gopher://127.0.0.1:6379/_x",
        "ftp://127.0.0.1/",
        "data:text/html,x",
        "dict://127.0.0.1:11211/",
        "unix:///run/x",
        "jar:http://127.0.0.1!/",
        "javascript:x",
        "ldap://127.0.0.1/",
        "sftp://127.0.0.1/",
        "netdoc:///etc/hosts",
        "view-source:http://127.0.0.1/",
    ):
        made.refuse(22, scheme)
        made.refuse(22, made.redirect(scheme), PUBLIC)
    for address in (
        "http://user@127.0.0.1/",
        "http://example.org@127.0.0.1/",
        "http://example.org:80@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://127.0.0.1#@example.org/",
        "http://127.0.0.1?@example.org/",
        "http://127.0.0.1\t/",
        "http://127.0.\n0.1/",
        "http://127.0.0.1\0.example.org/",
        "http://127.0.0.1./",
        "http://%31%32%37.0.0.1/",
        "http://%2531%2532%2537.0.0.1/",
        "http://127.0.0.1%00/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://localhost%2e/",
        "http://localhost.localdomain/",
        "http://" + "a" * 300 + ".org/",
        "http://" + "a." * 130 + "org/",
    ):
        made.refuse(23, address)
    # Read one way by browsers and another by older parsers: whatever is connected to is the public one.
    for address in (
        "http://127.0.0.1@{}/",
        "http://127.0.0.1:80@{}/",
        "http://a:b@127.0.0.1@{}/",
        "http://{}\\@127.0.0.1/",
        "http://{}#@127.0.0.1/",
        "http://{}?@127.0.0.1/",
        "http://{}/@127.0.0.1",
        "http:\\\\{}\\127.0.0.1",
        "http:///{}/",
        "http:{}/",
    ):
        made.refuse(24, address.format(PUBLIC), PUBLIC)
        made.refuse(24, made.redirect(address.format(OTHER)), PUBLIC, OTHER)


def _ports_and_selves(made: Corpus) -> None:
    for port in (22, 25, 110, 143, 445, 2375, 3306, 5432, 5900, 6379, 9200, 10250, 11211, 27017):
        made.refuse(25, f"http://{PUBLIC}:{port}/")
        made.refuse(25, made.redirect(f"http://{PUBLIC}:{port}/"), PUBLIC)
    own = frozenset({f"report.{ZONE}"})
    made.named((OTHER,), name=f"report.{ZONE}")
    for address in (f"http://report.{ZONE}/", f"http://REPORT.{ZONE}./desk/", f"https://report.{ZONE}/"):
        made.refuse(26, address, ours=own)
    made.refuse(26, made.redirect(f"http://report.{ZONE}/"), PUBLIC, ours=own)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        made.refuse(27, f"{HOP}/", PUBLIC, reached=True, environment={name: "http://10.0.0.1:8080"})
    made.refuse(27, "http://127.0.0.1/", environment={"no_proxy": "*", "http_proxy": HOP})
    for host in (f"one.{ZONE}", f"two.{ZONE}"):
        made.named((PUBLIC,), ("127.0.0.1",), name=host)
        # The same server for both: each name is asked for and checked by itself, and no connection is kept.
        made.refuse(28, f"http://{host}/", PUBLIC, reached=True)


def _answers(made: Corpus) -> None:
    start = b"HTTP/1.1 200 OK\r\n"
    for answer in (
        start + b"\r\n" + b"x" * 500_000,
        start + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(32 << 20), mtime=0),
        start + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        start + b"Set-Cookie: a=b\r\n" * 10_000 + b"\r\n",
        start + b"Content-Length: 1000000\r\n\r\nshort",
        start + b"Content-Length: -1\r\n\r\nx",
        start + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\nx",
        b"HTTP/0.9 what\r\n",
        b"",
    ):
        made.refuse(29, HOP + made.page(answer), PUBLIC)
    made.refuse(30, f"https://{PUBLIC}/", PUBLIC)
    made.refuse(30, f"https://{made.named((PUBLIC,))}/", PUBLIC)
    made.refuse(30, made.redirect(f"https://{PUBLIC}/"), PUBLIC)
    elsewhere = start + b'Alt-Svc: h2="127.0.0.1:443"; ma=9999\r\nContent-Length: 0\r\n\r\n'
    made.refuse(30, HOP + made.page(elsewhere), PUBLIC)


def _onions(made: Corpus) -> None:
    onion = "a" * 56 + ".onion"
    for name in (
        onion,
        f"www.{onion}",
        "short.onion",
        "ONION.onion",
        "printer.local",
        "db.internal",
        "router.lan",
        "metadata.google.internal",
        "a.home.arpa",
        "intranet",
        "x.corp",
        "a.test",
        "b.invalid",
        "c.alt",
    ):
        made.refuse(31, f"http://{name}/", silent=True)
        made.refuse(31, made.redirect(f"http://{name}/"), PUBLIC, silent=True)
    for address in (f"http://{onion}/", f"http://www.{onion}/a", f"http://{onion}:8080/"):
        made.refuse(32, address, f"{NAME_SERVER}:{PROXY_PORT}", reached=True, tor=True, silent=True)
    made.refuse(32, f"http://{onion}:22/", tor=True, silent=True)
    out = made.page(_moved(f"{HOP}/"))
    made.refuse(32, f"http://{onion}{out}", f"{NAME_SERVER}:{PROXY_PORT}", tor=True, silent=True)
    made.refuse(32, "http://127.0.0.1/", tor=True, silent=True)


def _legitimate(made: Corpus) -> None:
    """Category 0: what must still be reached."""
    for ip in _LEGITIMATE.split():
        made.refuse(0, f"http://{written(ip)}/", ip, reached=True)
    for values in ((PUBLIC,), (PUBLIC_6,), (PUBLIC, OTHER), (PUBLIC, PUBLIC_6), (OTHER, PUBLIC, PUBLIC_6)):
        made.refuse(0, f"http://{made.named(values)}/", *values, reached=True)
    made.refuse(0, f"http://{made.named((made.named((PUBLIC,)),))}/", PUBLIC, reached=True)
    made.refuse(0, f"http://{PUBLIC}:8080/", PUBLIC, reached=True)
    for to in (f"http://{OTHER}/", f"//{OTHER}/", f"http://{made.named((OTHER,))}/"):
        made.refuse(0, made.redirect(to), PUBLIC, OTHER, reached=True)
    made.refuse(0, made.redirect("/relative"), PUBLIC, reached=True)
    for name in (f"localhost.{ZONE}", f"mytest.{ZONE}", f"xn--bcher-kva.{ZONE}", f"a-b--c.{ZONE}"):
        made.refuse(0, f"http://{made.named((PUBLIC,), name=name)}/", PUBLIC, reached=True)
