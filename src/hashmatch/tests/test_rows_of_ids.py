"""Where an id stands among others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import id_kernels

IDS = st.lists(st.integers(-200, 200) | st.integers(-(2**63), 2**63 - 1), unique=True).map(sorted)


@given(held=IDS, wanted=IDS)
def test_each_id_has_its_row_and_the_others_none(held: list[int], wanted: list[int]) -> None:
    rows = id_kernels.rows_of(np.array(held, np.int64), np.array(wanted, np.int64))
    assert rows.tolist() == [held.index(one) if one in held else -1 for one in wanted]
