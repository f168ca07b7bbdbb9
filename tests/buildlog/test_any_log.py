"""Whatever a log holds, it is read, and what is printed of it is harmless."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.buildlog.comparison import Comparison, State
from pydeploy_lint.buildlog.log import Outcome
from pydeploy_lint.buildlog.texts import STEPS, load
from pydeploy_lint.report.buildlog.text import render
from tests.buildlog import logs
from tests.buildlog.logs import read

PARTS = [
    *(value for name, value in vars(logs).items() if name.isupper()),
    *(f" !     {error.text}\n" for error in load().errors),
    *(f"remote: \x1b[31m{error.text}\x07\u202e::set-output##[x]\n" for error in load().errors),
]
NOTHING = Comparison(".", State.NONE, (), 0, ())


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=80)), max_size=12))
def test_any_mixture_of_lines_is_read_and_printed(parts: list[str]) -> None:
    log = read("".join(parts).encode("utf-8", "surrogatepass"))

    assert log.step is None or log.step in STEPS
    assert (log.outcome is Outcome.FAILED) == (log.stop is not None)
    lines = render(log, NOTHING, None).split("\n")
    assert not {unicodedata.category(character) for line in lines for character in line} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    }
    assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read(data).lines <= data.count(b"\n") + 1 or data[:2] in (b"\xff\xfe", b"\xfe\xff")
