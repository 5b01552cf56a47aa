"""Fetching over TLS: the certificate must show the name, and the clock runs on encrypted bytes too."""

import datetime as dt
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openhotline.core.net.errors import FetchFailed
from openhotline.core.net.fetch import Fetched, Policy, fetch

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
DRIP = b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"x" * 1000


def certificate(folder: Path, name: str) -> Path:
    """A key and a self-signed certificate for one name, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(tz=dt.UTC)
    day = dt.timedelta(days=1)
    made = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), now - day, now + day
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{name}.pem"
    signed = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file.write_bytes(key.private_bytes(*private) + signed)
    return file


@contextmanager
def site(pem: Path, answer: bytes, pause: float = 0.0) -> Iterator[tuple[int, list[str | None]]]:
    """One TLS listener; gives its port and the server names that were asked for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    listener = create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            plain, _ = listener.accept()
            with plain, context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(65_536)
                for byte in answer if pause else []:
                    connection.sendall(bytes([byte]))
                    time.sleep(pause)
                connection.sendall(b"" if pause else answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], asked
    listener.close()
    thread.join(5)


def get(port: int, seconds: float = 5.0) -> Fetched:
    policy = Policy(100_000, seconds, 0, authority="aut_1", only=frozenset({("board.example.org", port)}))
    address = f"https://board.example.org:{port}/"
    return fetch(address, policy=policy, resolver=lambda _host, _seconds: ("127.0.0.1",))


def test_the_name_stands_in_sni_while_the_checked_address_is_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path, "board.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with site(pem, PAGE) as (port, asked):
        got = get(port)
    assert (got.body, got.peer, asked) == (b"hello", "127.0.0.1", ["board.example.org"])


def test_a_certificate_nobody_trusts_is_a_tls_failure(tmp_path: Path) -> None:
    with site(certificate(tmp_path, "board.example.org"), PAGE) as (port, _), pytest.raises(FetchFailed) as failed:
        get(port)
    assert failed.value.code == "tls"


def test_a_trusted_certificate_for_another_name_is_a_tls_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path, "other.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with site(pem, PAGE) as (port, _), pytest.raises(FetchFailed) as failed:
        get(port)
    assert failed.value.code == "tls"


def test_a_slow_drip_over_tls_ends_with_the_wall_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = certificate(tmp_path, "board.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with site(pem, DRIP, 0.02) as (port, _), pytest.raises(FetchFailed) as failed:
        get(port, 0.5)
    assert failed.value.code == "timeout"


def test_a_server_that_never_shakes_hands_ends_with_the_wall_clock() -> None:
    with create_server(("127.0.0.1", 0)) as listener, pytest.raises(FetchFailed) as failed:
        get(listener.getsockname()[1], 0.4)
    assert failed.value.code == "timeout"
