"""What the exact PDQ does in another way than the reference rounds to the same numbers, on every processor."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import pdqhash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import hashmatch
from hashmatch.pdq_vectors import LANES, WIDE, quotient, rgb_tile, rgbx_tile

Floats = NDArray[np.float32]


@numba.njit
def _quotients(totals: Floats, divisor: np.float32) -> Floats:
    reciprocal = np.float32(1.0) / divisor
    result = np.empty_like(totals)
    for k in range(totals.size):
        result[k] = quotient(totals[k], divisor, reciprocal)
    return result


@numba.njit
def _different_greys(red: int, rgb: NDArray[np.uint8], rgbx: NDArray[np.uint8]) -> int:
    """Count those of 65,536 colours of one red, 16 a row, whose grey is not the reference's, in either layout."""
    three, four = np.zeros((WIDE, LANES), np.float32), np.zeros((WIDE, LANES), np.float32)
    different = 0
    for row in range(0, rgb.shape[0], WIDE):
        rgb_tile(rgb, row * 3 * WIDE, 3 * WIDE, WIDE, three, 0)
        rgbx_tile(rgbx, row * 4 * WIDE, 4 * WIDE, WIDE, four, 0)
        for lane in range(WIDE):
            for x in range(WIDE):
                _, green, blue = rgb[row + lane, 3 * x : 3 * x + 3]
                wanted = np.float32(red * 0.299 + green * 0.587 + blue * 0.114)
                different += three[x, lane] != wanted or four[x, lane] != wanted
    return different


@given(seed=st.integers(0, 2**32), divisor=st.integers(1, 1000))
def test_quotients_are_rounded_as_divisions(seed: int, divisor: int) -> None:
    """Random sums, and those whose quotient lies as near as can be to the middle between two numbers."""
    rng = np.random.default_rng(seed)
    totals = rng.uniform(0, 255 * divisor, 2000).astype(np.float32)
    middles = (totals.astype(np.float64) / divisor).astype(np.float32).astype(np.float64) * (1 + 2.0**-24) * divisor
    near = np.nextafter(middles.astype(np.float32), np.float32(rng.choice([0, 1e9])))
    totals = np.concatenate((totals, middles.astype(np.float32), near, [np.float32(0), np.float32(-1e-4)]))

    assert np.array_equal(_quotients(totals, np.float32(divisor)), totals / np.float32(divisor))


@pytest.mark.slow
def test_the_grey_of_all_colours_is_the_references() -> None:
    """All 16,777,216 of them, in both layouts."""
    colours = np.empty((256, 256, 4), np.uint8)
    colours[..., 1], colours[..., 2], colours[..., 3] = np.arange(256)[:, None], np.arange(256)[None, :], 200
    for red in range(256):
        colours[..., 0] = red
        rgb = np.ascontiguousarray(colours[..., :3]).reshape(-1, 3 * WIDE)

        assert _different_greys(red, rgb, colours.reshape(-1, 4 * WIDE)) == 0


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="names an x86 processor")
@pytest.mark.parametrize("processor", ["x86-64-v2", "haswell"])
def test_bits_are_the_same_on_older_processors(
    tmp_path: Path, make_picture: Callable[[int, int, int], NDArray[np.uint8]], processor: str
) -> None:
    """Without wide registers and without fused multiply-add; compiled for that processor, run here."""
    pictures = [make_picture(seed, 200 + seed, 301 - seed) for seed in range(9)]
    np.savez(tmp_path / "pictures.npz", *pictures)
    program = (
        "import json, sys, numpy as np\n"
        "from hashmatch import pdq\n"
        "print(json.dumps([pdq.from_pixels(one).hash.hex() for one in np.load(sys.argv[1]).values()]))"
    )
    machine = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    path = {"PYTHONPATH": str(Path(hashmatch.__file__).parents[1])}

    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "pictures.npz"],
        env={**os.environ, **machine, **path},
        capture_output=True,
        check=True,
    )

    wanted = [np.packbits(pdqhash.compute(one)[0].astype(bool)).tobytes().hex() for one in pictures]
    assert json.loads(done.stdout) == wanted
