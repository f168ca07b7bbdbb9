"""A plug-in that is at fault costs only itself: all else is reported, and the output stays well-formed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.flaw import flaw_of
from pydeploy_lint.engine.registry import GROUP
from pydeploy_lint.finding import Edit, Fix, Problem, Related, Severity, Span
from pydeploy_lint.testing import write_tree

COMMAND = [sys.executable, "-m", "pydeploy_lint"]
APP = {"requirements.txt": "", ".python-version": "3.14\n"}
MODULE = """\
import os, signal, sys
from pydeploy_lint.plugin import *
from pydeploy_lint.finding import Related
kept = sys.stdout

class Mute(Exception):
    def __str__(self):
        raise KeyboardInterrupt

class Odd(BaseException):
    pass

def deeper():
    return deeper()

{at_import}

@check("shop-odd", severity=Severity.NOTE)
def odd(app):
    '''Is at fault.'''
    {body}

@check("shop-open", severity=Severity.WARNING)
def shop_open(app):
    '''The shop is open.'''
    yield Problem("it is open", Span("shop.txt"))
"""

BODIES = {
    "raise ValueError('x')": "ValueError: x",
    "raise SystemExit(0)": "SystemExit: 0",
    "raise BaseException('x')": "BaseException: x",
    "raise Odd": "Odd: ",
    "raise GeneratorExit": "GeneratorExit: ",
    "raise KeyboardInterrupt": "KeyboardInterrupt: ",
    "raise StopIteration": "RuntimeError: generator raised StopIteration",
    "raise Mute": "Mute",
    "raise MemoryError": "MemoryError: ",
    "deeper()": "RecursionError: ",
    "yield Problem('mine', Span('a')); raise Odd": "Odd: ",
    "return 3": "TypeError: 'int' object is not iterable",
    "return None": "TypeError: 'NoneType' object is not iterable",
    "yield 'x'": "it yielded str, not Problem",
    "yield None": "it yielded NoneType, not Problem",
    "yield Problem('x', Span('a'), severity='error')": "it yielded severity: str, not Severity or None",
    "yield Problem('x', Span('a'), failure_reason='x')": "unknown failure reason 'x'",
    "yield Problem('x', Span('a', 10**9, 1, 10**9, 2))": None,
    "yield Problem('x', Span('../../etc/passwd', 1, 1, 1, 2))": None,
    "print('##[error]x'); yield Problem('x', Span('a'))": None,
    "kept.write('x'); yield Problem('x', Span('a'))": None,
    "os.write(1, b'x'); yield Problem('x', Span('a'))": None,
    "os.system('echo x'); yield Problem('x', Span('a'))": None,
    "os.close(1); yield Problem('x', Span('a'))": None,
    "os.close(2); yield Problem('x', Span('a'))": None,
    "kept.close(); yield Problem('x', Span('a'))": None,
    "sys.stdout.close(); yield Problem('x', Span('a'))": None,
    "sys.stdout = None; yield Problem('x', Span('a'))": None,
    "sys.stderr = None; yield Problem('x', Span('a'))": None,
    "os.chdir('/'); yield Problem('x', Span('a'))": None,
    "sys.stdout.write('x' * 200_000); yield Problem('x', Span('a'))": None,
}
"""What a check does, and what is said of it; None for what is no fault in the end."""
FLAWS = {
    "Problem(None, Span('a'))": "message: NoneType, not str",
    "Problem('x', 'a')": "at: str, not Span",
    "Problem('x', Span(None))": "at.path: NoneType, not str",
    "Problem('x', Span('a', '1'))": "at.line: str, not int or None",
    "Problem('x', Span('a', True))": "at.line: bool, not int or None",
    "Problem('x', Span('a'), severity=3)": "severity: int, not Severity or None",
    "Problem('x', Span('a'), help=3)": "help: int, not str",
    "Problem('x', Span('a'), certain='no')": "certain: str, not bool",
    "Problem('x', Span('a'), fix='x')": "fix: str, not Fix or None",
    "Problem('x', Span('a'), fix=Fix(3))": "fix.description: int, not str",
    "Problem('x', Span('a'), fix=Fix('x', [Edit(Span('a'))]))": "fix.edits: list, not tuple",
    "Problem('x', Span('a'), fix=Fix('x', ('y',)))": "fix.edits: str, not Edit",
    "Problem('x', Span('a'), fix=Fix('x', (Edit('a'),)))": "fix.edits.span: str, not Span",
    "Problem('x', Span('a'), fix=Fix('x', commands=(1,)))": "fix.commands: int, not str",
    "Problem('x', Span('a'), alternatives=(None,))": "alternatives: NoneType, not Fix",
    "Problem('x', Span('a'), related=(Related('a', 'b'),))": "related.at: str, not Span",
}
"""What a check may yield, and what is wrong with its types."""
AT_IMPORT = {
    "raise BaseException('x')": "BaseException: x",
    "raise GeneratorExit": "GeneratorExit: ",
    "raise KeyboardInterrupt": "KeyboardInterrupt: ",
    "raise Mute": "Mute",
    "sys.exit('x')": "SystemExit: x",
    "check('shop-x', severity=Severity.NOTE, url=5)(deeper)": "TypeError: check 'shop-x': url and since must be str",
    "check('shop-x', severity='note')(deeper)": "TypeError: check 'shop-x': unknown severity 'note'",
    "print('x')": None,
    "kept.write('x')": None,
    "os.write(1, b'x')": None,
    "os.close(1)": None,
    "sys.stdout = None": None,
    "os.chdir('/')": None,
}


def install(site: Path, body: str = "return []", at_import: str = "") -> dict[str, str]:
    """Make a distribution with two checks; returns the environment in which it is installed."""
    write_tree(
        site,
        {
            "shop_plug_in.py": MODULE.format(body=body, at_import=at_import),
            "shop-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n",
            "shop-1.0.dist-info/entry_points.txt": f"[{GROUP}]\nshop = shop_plug_in\n",
        },
    )
    return {**os.environ, "PYTHONPATH": str(site)}


def judge(tmp_path: Path, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    write_tree(tmp_path / "app", APP)
    return subprocess.run(
        [*COMMAND, "--as-of", "2026-08-18", *options],
        cwd=tmp_path / "app",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def found(report: Any) -> list[str]:
    return [finding["check"] for each in report["apps"] for finding in each["findings"]]


@pytest.mark.parametrize("body", BODIES)
def test_a_check_at_fault(tmp_path: Path, body: str) -> None:
    complaint = BODIES[body]
    run = judge(tmp_path, install(tmp_path / "site", body), "--format", "json")

    assert run.returncode == (1 if complaint is None else 4), run.stderr
    checks = found(json.loads(run.stdout))
    assert "shop-open" in checks
    assert ("shop-odd" in checks) == (complaint is None or body.startswith("yield Problem('mine'"))
    assert "Traceback" not in run.stderr
    if complaint is not None:
        assert f"pydeploy-lint: error: check shop-odd failed: {complaint}" in run.stderr


@pytest.mark.parametrize("statement", AT_IMPORT)
def test_a_module_at_fault(tmp_path: Path, statement: str) -> None:
    complaint = AT_IMPORT[statement]
    run = judge(tmp_path, install(tmp_path / "site", at_import=statement), "--format", "json")

    assert run.returncode == (1 if complaint is None else 4), run.stderr
    assert ("shop-open" in found(json.loads(run.stdout))) == (complaint is None)
    assert "Traceback" not in run.stderr
    if complaint is not None:
        assert f"shop of shop (shop_plug_in) could not be loaded: {complaint}".replace("shop of", "'shop' of", 1) in (
            run.stderr
        )


@pytest.mark.parametrize("output", ["sarif", "html", "github", "gitlab", "junit", "markdown", "full"])
def test_no_format_has_what_a_plug_in_prints(tmp_path: Path, output: str) -> None:
    body = "print('PRINTED'); os.system('echo PRINTED'); yield Problem('x', Span('a'))"
    run = judge(tmp_path, install(tmp_path / "site", body, "print('PRINTED')"), "--format", output)

    assert run.returncode == 1
    assert "PRINTED" not in run.stdout
    assert run.stderr.count("PRINTED") >= 3


@pytest.mark.parametrize("body", ["raise Odd", "yield 3", "print('x'); return []"])
def test_all_checks_are_listed(tmp_path: Path, body: str) -> None:
    environment = install(tmp_path / "site", body)
    module = tmp_path / "site" / "shop_plug_in.py"
    module.write_text(
        f"{module.read_text('utf-8')}\nodd.examples(bad=[Example({{'requirements.txt': ''}}), 3], good=[])\n", "utf-8"
    )
    run = subprocess.run([*COMMAND, "--list-checks"], env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert {"shop-odd", "shop-open", "missing-python-version"} <= set(run.stdout.split())


def test_the_user_can_still_stop_it(tmp_path: Path) -> None:
    """A signal is no exception of the plug-in in which it happens to arrive."""
    body = "open('begun', 'w').close(); __import__('time').sleep(20); return []"
    write_tree(tmp_path / "app", APP)
    with subprocess.Popen(
        COMMAND, cwd=tmp_path / "app", env=install(tmp_path / "site", body), stderr=subprocess.PIPE
    ) as run:
        while run.poll() is None and not (tmp_path / "app" / "begun").exists():
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=30)

    assert run.returncode == 130
    assert err == b""


def test_a_check_that_does_not_end_costs_only_itself(tmp_path: Path) -> None:
    run = judge(
        tmp_path, install(tmp_path / "site", "while True: pass\n    yield"), "--format", "json", "--time-limit", "2"
    )

    assert run.returncode == 4
    assert "check shop-odd did not end in the time that an app may take" in run.stderr
    assert "missing" not in json.loads(run.stdout)


@pytest.mark.parametrize("problem", FLAWS)
def test_wrong_types_are_named(problem: str) -> None:
    assert flaw_of(eval(problem)) == FLAWS[problem]


def test_what_is_well_typed_has_no_flaw() -> None:
    fix = Fix("x", (Edit(Span("a", 1, 1, 1, 2), "y"), Edit.rename("a", "b")), commands=("true",))
    problem = Problem(
        "x", Span("a", 1, 1, 1, 2), "y", Severity.NOTE, "x", True, fix, False, (fix,), (Related(Span("b"), "z"),)
    )

    assert flaw_of(problem) is None


def test_streams_of_tests_are_left_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    streams = sys.stdout, sys.stderr
    write_tree(tmp_path, APP)

    assert main([str(tmp_path)]) == 0
    assert (sys.stdout, sys.stderr) == streams
    assert "Heroku would build" in capsys.readouterr().out
