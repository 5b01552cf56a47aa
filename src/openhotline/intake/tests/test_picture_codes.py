"""How codes are written and read: whatever is sent becomes codes or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.intake.models.device_hash import LEAST_QUALITY, MOST, NotACode, PictureCode, read_codes, write_codes

GOOD = "0123456789abcdef" * 4
CODES = st.builds(PictureCode, st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(LEAST_QUALITY, 100))


@given(st.lists(CODES, min_size=1, max_size=MOST, unique=True))
def test_what_was_written_is_read(sent: list[PictureCode]) -> None:
    assert read_codes(write_codes(sent)) == sent


@given(st.text())
def test_any_text_is_codes_or_a_sentence(text: str) -> None:
    try:
        found = read_codes(text)
    except NotACode as error:
        assert str(error).endswith(".")  # noqa: PT017 - both ways out are looked at
    else:
        assert all(LEAST_QUALITY <= code.quality <= 100 for code in found)


def test_the_same_picture_chosen_twice_is_one_code() -> None:
    assert read_codes(f"{GOOD} 90\n{GOOD} 90\r\n\n  {GOOD.upper()}   90 ") == [PictureCode(GOOD, 90)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no code here"),
        ("\n \n", "There is no code here"),
        ("\n".join([f"{GOOD} 99"] * 11), "There are 11 codes here; 10 can be sent at once"),
        (f"{GOOD} 80\n{GOOD[:-1]} 80", "Line 2 is not a code"),
        (GOOD, "Line 1 is not a code"),
        (f"{GOOD} high", "Line 1 is not a code"),
        (f"{GOOD} -80", "Line 1 is not a code"),
        (f"{GOOD} \uff18\uff10", "Line 1 is not a code"),
        (f"{GOOD} 80 80", "Line 1 is not a code"),
        (f"g{GOOD[1:]} 80", "Line 1 is not a code"),
        (f"{GOOD}\0 80", "Line 1 is not a code"),
        (f"\u202e{GOOD} 80", "Line 1 is not a code"),
        (f"={GOOD} 80", "Line 1 is not a code"),
        ("<script>", "Line 1 is not a code"),
        (f"{GOOD} 49", "The number at the end of line 1 is 49"),
        (f"{GOOD} 101", "The number at the end of line 1 is 101"),
    ],
)
def test_what_is_no_code_is_told(text: str, sentence: str) -> None:
    with pytest.raises(NotACode, match=sentence):
        read_codes(text)
