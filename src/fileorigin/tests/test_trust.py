"""Trust lists are files of the operator's; a mistake in them is said, never silently no trust."""

from pathlib import Path
from typing import Any

import pytest

from fileorigin import AiInvolvement, TrustLists, describe, examine


def folder(path: Path, **files: str) -> Path:
    for name, content in files.items():
        path.joinpath(name.replace("_", ".")).write_text(content)
    return path


def test_a_folder_holds_roots_interim_roots_and_withdrawn_serials(signer: Any, signer_of: Any, tmp_path: Path) -> None:
    """Serial numbers may be decimal or hexadecimal, with remarks."""
    lists = folder(
        tmp_path,
        anchors_pem=signer.trust.anchors,
        interim_pem=signer_of().trust.anchors,
        revoked_txt="# withdrawn\n12\n0x0f  # a camera\n01:00\n\n",
    )
    found = TrustLists.from_path(lists)
    assert found.anchors == signer.trust.anchors
    assert found.revoked == {"12", "15", "256"}
    assert found.interim


def test_each_list_changes_the_digest(signer: Any) -> None:
    """The evidence names exactly the lists that were in force."""
    one = signer.trust
    two = TrustLists(anchors=one.anchors, interim=one.anchors)
    three = TrustLists(anchors=one.anchors, revoked=frozenset({"1"}))
    assert len({one.sha256, two.sha256, three.sha256}) == 3


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "anchors.pem cannot be read"),
        ({"anchors_pem": ""}, "anchors.pem is empty"),
        ({"anchors_pem": "words"}, "anchors.pem: The trust list is not a list of certificates"),
        ({"anchors_pem": "é"}, "more than plain letters"),
    ],
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, files: dict[str, str], words: str) -> None:
    """Which file, what is wrong, and what to give."""
    with pytest.raises(ValueError, match=words):
        TrustLists.from_path(folder(tmp_path, **files))


def test_a_serial_that_is_none_is_named_with_its_line(signer: Any, tmp_path: Path) -> None:
    """A slip in the list of withdrawn signers must not let one through."""
    lists = folder(tmp_path, anchors_pem=signer.trust.anchors, revoked_txt="12\nnikon\n")
    with pytest.raises(ValueError, match=r"revoked.txt, line 2: 'nikon' is no serial number"):
        TrustLists.from_path(lists)


def test_an_interim_root_is_a_lower_class(marked: Any, signer: Any, signer_of: Any) -> None:
    """The frozen list vouches for less: on the axes such a signer is unknown."""
    lists = TrustLists(anchors=signer_of().trust.anchors, interim=signer.trust.anchors)
    evidence = examine(signer.sign(marked.picture()), trust=lists)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted_interim"
    assert evidence.ai_involvement is AiInvolvement.ASSERTED_SIGNED_UNTRUSTED
    assert any("interim list" in sentence for sentence in describe(evidence))


def test_a_root_of_both_lists_is_trusted(marked: Any, signer: Any) -> None:
    """The current list goes first."""
    lists = TrustLists(anchors=signer.trust.anchors, interim=signer.trust.anchors)
    assert examine(signer.sign(marked.picture()), trust=lists).of("c2pa")[0].values["outcome"] == "trusted"
