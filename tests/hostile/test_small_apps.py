"""No app makes pydeploy-lint fail, and no small one takes long."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path
from types import FrameType

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.time_limit import OutOfTime, is_time_up, time_limit
from pydeploy_lint.plugin import App, Problem, Severity, Span, check
from pydeploy_lint.testing import Files, write_tree
from tests.fleet.plugin import lint_with_trouble
from tests.hostile.apps import FAILED, HUNG

LIMIT = 15
"""Seconds of the processor; a shared and slow machine takes a fifth of them."""
OUTPUTS = [["--format", "html"], ["--plan"], ["--diff", "--unsafe-fixes"]]


class TakesLongError(Exception):
    """A run does not end."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TakesLongError


@pytest.mark.parametrize("name", FAILED)
def test_no_app_makes_it_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    write_tree(tmp_path, FAILED[name])

    for options in OUTPUTS:
        status = main([*options, str(tmp_path)])
        out, err = capsys.readouterr()
        assert status in (0, 1, 2), (options, out, err)
        assert "failed" not in err


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
@pytest.mark.parametrize("name", HUNG)
def test_no_small_app_takes_long(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    write_tree(tmp_path, HUNG[name])
    before = signal.signal(signal.SIGPROF, _stop)

    try:
        for options in OUTPUTS:
            signal.setitimer(signal.ITIMER_PROF, LIMIT)
            status = main([*options, "--time-limit", "0", str(tmp_path)])
            assert status in (0, 1, 2), options
            assert len(capsys.readouterr().out) < 2_000_000
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_what_takes_too_long_is_interrupted() -> None:
    start = time.monotonic()

    with pytest.raises(OutOfTime), time_limit(0.2):
        re.fullmatch("(a*)*b", "a" * 40)

    assert time.monotonic() - start < 10
    assert not is_time_up()


def test_without_a_limit() -> None:
    with time_limit(0):
        assert not is_time_up()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_the_report_says_which_checks_did_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pydeploy_lint.engine.registry import registry_of

    @check("endless", severity=Severity.NOTE)
    def endless(_app: App) -> list[Problem]:
        """Never ends."""
        while True:
            pass

    @check("quick", severity=Severity.WARNING)
    def quick(_app: App) -> list[Problem]:
        """Ends at once."""
        return [Problem("it is quick", Span("a"))]

    @check("zealous", severity=Severity.WARNING, last=True)
    def zealous(_app: App) -> list[Problem]:
        """Comes later."""
        return [Problem("it is late", Span("a"))]

    monkeypatch.setattr("pydeploy_lint.cli.main.load_registry", lambda: registry_of([quick, endless, zealous]))
    files: Files = {"requirements.txt": "", ".python-version": "3.14\n"}
    write_tree(tmp_path, files)

    status = main(["--time-limit", "1", "--format", "concise", str(tmp_path)])

    out = capsys.readouterr().out
    assert status == 4
    assert "it is quick" in out
    assert "check endless did not end in the time that an app may take" in out
    assert "check zealous did not end in the time that an app may take" in out
    assert "it is late" not in out


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_each_of_several_apps_has_its_own_time(tmp_path: Path) -> None:
    for name in ("one", "slow", "three"):
        (tmp_path / name).mkdir()
        write_tree(tmp_path / name, {"requirements.txt": "", ".python-version": "3.14\n"})
    (tmp_path / "slow" / "endless").touch()

    for jobs in ("1", "2"):
        apps = [str(tmp_path / name) for name in ("slow", "one", "three")]
        result = lint_with_trouble(tmp_path / "site", "--time-limit", "3", "--jobs", jobs, "--format", "json", *apps)

        unfinished = [
            app["path"] for app in json.loads(result.stdout)["apps"] if "did not end" in str(app["notifications"])
        ]
        assert result.returncode == 4
        assert unfinished == apps[:1]


def test_a_check_that_finds_very_much_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pydeploy_lint.engine.registry import registry_of

    @check("many", severity=Severity.WARNING)
    def many(_app: App) -> list[Problem]:
        """Finds much."""
        return [Problem(f"problem {number} {'x' * 5000}", Span("a")) for number in range(2_000)]

    monkeypatch.setattr("pydeploy_lint.cli.main.load_registry", lambda: registry_of([many]))
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.14\n"})

    assert main(["--format", "concise", str(tmp_path)]) == 1

    out = capsys.readouterr().out
    assert out.count("warning[many]") == 500
    assert "check many finds more than 500 problems; the others are left out" in out
    assert max(map(len, out.splitlines())) < 2_500


def test_an_app_whose_configuration_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".pydeploy-lint.toml": 'ignore = ["missing-python-version"]\n'})

    assert main(["--format", "concise", str(tmp_path)]) == 0
    assert main(["--format", "concise", "--isolated", str(tmp_path)]) == 1
    assert "missing-python-version" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "9999999", "²"])
def test_a_limit_that_is_none(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--time-limit", value]) == 2
    assert "is no number of seconds" in capsys.readouterr().err
