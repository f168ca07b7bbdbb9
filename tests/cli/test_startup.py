"""The benchmark itself: that it runs, and that it says what is over its budget. No test depends on seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import startup

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no CPU time of a child (os.wait4)")


def test_every_case_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert startup.main(["--runs", "1", "--files", "10"]) == 0

    names = [case.name for case in startup.cases("program", Path("apps"))]
    assert [line[:23].rstrip() for line in capsys.readouterr().out.splitlines()[1 : 1 + len(names)]] == names


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        startup.measure([sys.executable, "-c", "raise SystemExit(3)"])


def test_what_is_over_budget_is_named() -> None:
    case = startup.Case("slow", [], budget=5, over="fast", memory=45)
    costs = {
        "bare interpreter": startup.Cost(0.01, 10),
        "fast": startup.Cost(0.05, 20),
        "slow": startup.Cost(0.11, 46),
    }

    assert startup.over_budget(case, costs) == [
        "slow: 6.0 bare interpreters, 5 at most",
        "slow: 46 MB, 45 MB at most",
    ]
    assert startup.over_budget(case, costs | {"slow": startup.Cost(0.10, 45)}) == []
