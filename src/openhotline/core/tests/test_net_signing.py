"""Requests to an object store, signed as AWS published it; the key is the one of their examples and opens nothing."""

from datetime import UTC, datetime

import pytest

from openhotline.core.net.signing import StoreKey, canonical_path, canonical_query, signed_headers

EXAMPLE = StoreKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = "examplebucket.s3.amazonaws.com"
AT = datetime(2013, 5, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "query", "headers", "signature"),
    [
        (
            "/test.txt", {}, {"range": "bytes=0-9"},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "/", {"max-keys": "2", "prefix": "J"}, {},
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
        (
            "/", {"lifecycle": ""}, {},
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
    ],
)  # fmt: skip
def test_signatures_are_those_of_the_published_examples(
    path: str, query: dict[str, str], headers: dict[str, str], signature: str
) -> None:
    told = signed_headers(
        method="GET", host=HOST, path=path, query=canonical_query(query), key=EXAMPLE, at=AT, headers=headers
    )
    assert told["authorization"].endswith(f",Signature={signature}")
    assert told["x-amz-date"] == "20130524T000000Z"
    assert "host" not in told


def test_whatever_a_key_holds_is_encoded_as_it_is_signed() -> None:
    assert canonical_path("/b/ä b+c/%.png") == "/b/%C3%A4%20b%2Bc/%25.png"
    assert canonical_query({"b": "1/2", "a": "x y"}) == "a=x%20y&b=1%2F2"


def test_a_key_does_not_show_its_secret() -> None:
    assert EXAMPLE.secret not in repr(EXAMPLE)
