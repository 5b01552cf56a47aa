"""The way through a SOCKS 5 proxy (RFC 1928) on this machine: Tor's. The proxy is told the name and looks it up.

Our own forty lines and no library: the libraries for it read past the meter that bounds a connection.
"""

import ipaddress
import struct

from openhotline.core.net import sockets

_VERSION, _NO_SIGN_IN, _CONNECT = 5, 0, 1
_BY_IPV4, _BY_NAME, _BY_IPV6 = 1, 3, 4
_REST = {_BY_IPV4: 4, _BY_IPV6: 16}


def connect(proxy: tuple[str, int], host: str, port: int, meter: sockets.Meter) -> sockets.MeteredSocket:
    """A connection to ``host`` through the proxy at an (IP address, port). Raises OSError when there is no way."""
    sock = sockets.connect(*proxy, meter)
    try:
        _ask_the_way(sock, host, port)
    except BaseException:
        sock.close()
        raise
    return sock


def _ask_the_way(sock: sockets.MeteredSocket, host: str, port: int) -> None:
    sock.sendall(bytes([_VERSION, 1, _NO_SIGN_IN]))
    if _read(sock, 2) != bytes([_VERSION, _NO_SIGN_IN]):
        raise OSError("The proxy asks for a sign-in, or speaks no SOCKS 5.")
    sock.sendall(bytes([_VERSION, _CONNECT, 0]) + _destination(host) + struct.pack(">H", port))
    _, answer, _, kind = _read(sock, 4)
    if answer != 0:
        raise OSError(f"The proxy found no way to the site (SOCKS answer {answer}).")
    _read(sock, (_REST[kind] if kind in _REST else _read(sock, 1)[0]) + 2)


def _destination(host: str) -> bytes:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").encode("ascii")
        if len(name) > 255:
            raise OSError("The site's name is longer than 255 characters.") from None
        return bytes([_BY_NAME, len(name)]) + name
    return bytes([_BY_IPV4 if ip.version == 4 else _BY_IPV6]) + ip.packed


def _read(sock: sockets.MeteredSocket, size: int) -> bytes:
    """Exactly so many bytes."""
    found = bytearray(size)
    at = 0
    while at < size:
        count = sock.recv_into(memoryview(found)[at:])
        if count == 0:
            raise OSError("The proxy hung up.")
        at += count
    return bytes(found)
