"""The compiled engines are exact on processors other than this one, whose vector instructions are others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hashmatch

_EXACT = """
import numpy as np
from hashmatch import Index, segments, stack
rng = np.random.default_rng(0)
hashes = rng.integers(0, 256, (1000, 32), np.uint8)
near = np.unpackbits(hashes, axis=1)
for row in near:
    row[rng.choice(256, rng.integers(25, 38), replace=False)] ^= 1
near = np.packbits(near, axis=1)
bits = np.bitwise_count(near[:, None] ^ hashes[None]).sum(axis=2)
query, row = np.nonzero(bits <= 31)
for tables, join in ((10**6, 10**6), (0, 10**6), (0, 0)):
    segments.TABLES_FROM, segments.JOIN_FROM = tables, {segments.SIXTEEN: join}
    found = Index.build(hashes, np.arange(1000)).search(near)
    assert found.query.tolist() == query.tolist() and found.id.tolist() == row.tolist()
    assert found.distance.tolist() == bits[query, row].tolist()
print(len(found), len(np.unique(stack(np.concatenate((hashes, near))))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("processor", ["x86-64-v2", "x86-64-v3", "generic"])
def test_search_is_exact_on(processor: str, tmp_path: Path) -> None:
    """SSE4, AVX2, and what every 64-bit Intel or AMD has; code generated for them runs here as well."""
    source = str(Path(hashmatch.__file__).parents[1])
    answers = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", _EXACT],
            env={**os.environ, "PYTHONPATH": source, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        for settings in (
            {},
            {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)},
        )
    ]

    assert answers[1].stdout == answers[0].stdout, answers[1].stderr
    assert answers[0].stdout, answers[0].stderr
