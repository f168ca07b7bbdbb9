from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.utf8 import Utf8


@given(st.text(st.characters(categories=None)) | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_offsets_lead_back_to_the_characters(text: str) -> None:
    encoded = Utf8(text)
    starts = [len(text[:index].encode("utf-8", "replace")) for index in range(len(text) + 1)]
    assert [encoded.character(byte) for byte in starts] == list(range(len(text) + 1))
    assert len(encoded.text(0, starts[-1])) == len(text)
