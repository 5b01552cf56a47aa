"""The order of bits inside an index changes no distance, and shares rows and columns out evenly."""

import numpy as np

from hashmatch.balance import balanced


def test_every_chunk_has_one_bit_of_each_row_and_column() -> None:
    """Of the 16 x 16 frequencies."""
    single = np.packbits(np.eye(256, dtype=np.uint8), axis=1, bitorder="little")
    moved = np.unpackbits(balanced(single.view("<u8")).view(np.uint8), axis=1, bitorder="little").argmax(axis=1)
    source = np.argsort(moved).reshape(16, 16)

    assert sorted(moved) == list(range(256))
    for chunk in source:
        assert sorted(chunk // 16) == sorted(chunk % 16) == list(range(16))


def test_distances_stay() -> None:
    """It is a permutation of all rows alike, taken in the order asked for."""
    words = np.random.default_rng(1).integers(0, 2**63, (50, 4)).astype(np.uint64)
    order = np.random.default_rng(2).permutation(50)
    moved = balanced(words, order)

    before = np.bitwise_count(words[order][:, None] ^ words[order][None]).sum(axis=2)
    assert np.array_equal(np.bitwise_count(moved[:, None] ^ moved[None]).sum(axis=2), before)
