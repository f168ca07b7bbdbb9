"""Tests of the command line: options in, reports and an exit status out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pydeploy_lint import __version__, api
from pydeploy_lint.cli.main import main
from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import GROUP
from pydeploy_lint.report.formats import FORMATS
from pydeploy_lint.testing import Files, write_tree
from tests.cli.apps import CLEAN, NO_VERSION, REFUSED, Lint, app, checks_in, git

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.filters import Reporting
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App

pytestmark = pytest.mark.usefixtures("plain_environment")


# --- The exit status


@pytest.mark.parametrize(
    ("files", "arguments", "status"),
    [
        (CLEAN, [], 0),
        (NO_VERSION, [], 1),
        (NO_VERSION, ["--fail-on", "warning"], 1),
        (NO_VERSION, ["--fail-on", "error"], 0),
        (REFUSED, ["--fail-on", "error"], 1),
        (REFUSED, ["--ignore", "python"], 0),
        (REFUSED, ["--select", "locks"], 0),
        (REFUSED, ["--select", "locks,unsupported-runtime"], 1),
        (REFUSED, ["--select", "locks", "--select", "unsupported-runtime"], 1),
        (REFUSED, ["--select", "unsupported-runtime", "--ignore", "unsupported-runtime"], 0),
        ({"README.md": ""}, [], 3),
    ],
)
def test_the_status_says_what_was_found(lint: Lint, files: Files, arguments: list[str], status: int) -> None:
    assert lint(app("app", files), *arguments)[0] == status


def test_the_default_path_is_the_working_directory(lint: Lint) -> None:
    write_tree(Path(), REFUSED)
    assert lint()[0] == 1


@pytest.mark.parametrize(
    ("apps", "status"), [([CLEAN, CLEAN], 0), ([CLEAN, {}], 1), ([{}, {}], 3), ([CLEAN, REFUSED], 1)]
)
def test_several_apps_have_one_status(lint: Lint, apps: list[Files], status: int) -> None:
    paths = [app(f"app{number}", files) for number, files in enumerate(apps)]
    assert lint(*paths)[0] == status


def test_several_apps_are_reported_in_the_order_of_their_paths(lint: Lint) -> None:
    _, out, _ = lint("--format", "json", app("b", REFUSED), app("a", NO_VERSION))
    assert checks_in(out) == [["unsupported-runtime"], ["missing-python-version"]]


def test_the_same_app_under_several_names_is_reported_once(lint: Lint) -> None:
    app("b", NO_VERSION)
    app("a", REFUSED)
    _, out, _ = lint("b", "./a", "a/", "b/../a", str(Path("b").resolve()), "--format", "json")
    assert checks_in(out) == [["missing-python-version"], ["unsupported-runtime"]]
    assert [report["path"] for report in json.loads(out)["apps"]] == ["b", "./a"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["a", "--fail-on", "error", "b"],
        ["--fail-on", "error", "a", "--no-suppressions", "b"],
        ["a", "--fail-on", "error", "--", "b"],
        ["--fail-on=error", "--", "a", "b"],
    ],
)
def test_paths_may_stand_anywhere_between_the_options(lint: Lint, arguments: list[str]) -> None:
    app("a", NO_VERSION)
    app("b", NO_VERSION)
    status, out, err = lint("--format", "concise", *arguments)
    assert (status, err) == (0, "")
    assert [line for line in out.splitlines() if line.endswith(":")] == ["a:", "b:"]


def test_after_two_dashes_everything_is_a_path(lint: Lint) -> None:
    app("--plan", NO_VERSION)
    assert "--plan/.python-version: warning[missing-python-version]" in lint("--", "--plan")[1]


# --- Wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing"], "missing does not exist"),
        (["file"], "file is not a directory: give the root directory of an app"),
        (["--nonsense"], "unknown option --nonsense; --help shows them all"),
        (["-V"], "unknown option -V; --help shows them all"),
        (["--form", "json"], "unknown option --form: did you mean --format?"),
        (["--formt=json"], "unknown option --formt: did you mean --format?"),
        (["--Fail_On", "error"], "unknown option --Fail_On: did you mean --fail-on?"),
        (["--list"], "unknown option --list: did you mean --list-checks?"),
        (["file", "--stag"], "unknown option --stag: did you mean --staged?"),
        (["--format"], "argument --format: expected one argument"),
        (["--format", "jsn"], "--format: unknown format 'jsn': did you mean 'json'?"),
        (["--format", "?"], "--format: unknown format '?': use full, text, concise, json"),
        (["--output", "xarif:f"], "--output: unknown format 'xarif': did you mean 'sarif'?"),
        (["--output", "json"], "--output: 'json' names no file: write json:FILE"),
        (["--fail-on", "warn"], "--fail-on: unknown severity 'warn': did you mean 'warning'?"),
        (["--select", "pythons"], "--select: unknown check or family 'pythons': did you mean 'python'?"),
        (
            ["--ignore", "x,Outdated_Patch"],
            "--ignore: unknown check or family 'Outdated_Patch': did you mean 'outdated-patch'?",
        ),
        (["--as-of", "yesterday"], "--as-of: 'yesterday' is not a date, such as 2024-11-06"),
        (
            ["--as-of", "1999-01-01"],
            "--as-of: 1999-01-01 is before 2019-03-13, the first day that the data about Heroku knows",
        ),
        (["--account-created", "2023"], "--account-created: '2023' is not a date, such as 2024-11-06"),
        (["--buildpack", "v1"], "--buildpack: unknown buildpack release 'v1': known are v150 to "),
        (["--buildpack", "351"], "--buildpack: unknown buildpack release '351': did you mean 'v351'?"),
        (["--buildpack", "V3.51"], "--buildpack: unknown buildpack release 'V3.51': did you mean 'v351'?"),
        (["--buildpack", "v9999"], "--buildpack: unknown buildpack release 'v9999': known are v150 to "),
        (["--stack", "24"], "--stack: unknown stack '24': did you mean 'heroku-24'?"),
        (["--stack", "Heroku22"], "--stack: unknown stack 'Heroku22': did you mean 'heroku-22'?"),
        (["--stack", "heroku-25"], "--stack: unknown stack 'heroku-25': known are "),
        (["--buildpacks", "missing"], "--buildpacks: missing cannot be read: No such file or directory"),
        (["--explain", "outdated"], "--explain: unknown check 'outdated': did you mean 'outdated-patch'?"),
        (["--rev", "HEAD", "--staged"], "argument --staged: not allowed with argument --rev"),
    ],
)
def test_wrong_usage_is_explained(lint: Lint, arguments: list[str], message: str) -> None:
    write_tree(Path(), {"file": "", **CLEAN})
    status, out, err = lint(*arguments)
    assert (status, out) == (2, "")
    assert f"pydeploy-lint: error: {message}" in err


def test_all_that_is_wrong_is_said_at_once(lint: Lint) -> None:
    app("configured", {".pydeploy-lint.toml": "stak = 1\n", **CLEAN})
    status, out, err = lint("missing", "configured", "--fail-on", "nevermore")
    assert (status, out) == (2, "")
    assert [line.removeprefix("pydeploy-lint: error: ").split(":")[0] for line in err.splitlines()] == [
        "--fail-on",
        "missing does not exist",
        "configured/.pydeploy-lint.toml",
    ]


BAD_CONFIGURATION = {".pydeploy-lint.toml": "stak = 1\n", **CLEAN}


@pytest.mark.parametrize("others", [["bad", "refused"], ["refused", "bad"]])
@pytest.mark.parametrize(
    ("files", "message"),
    [
        (None, "bad does not exist"),
        (BAD_CONFIGURATION, "bad/.pydeploy-lint.toml:1:1: stak: unknown setting 'stak': did you mean 'stack'?"),
    ],
)
def test_an_app_that_cannot_be_opened_does_not_silence_the_others(
    lint: Lint, others: list[str], files: Files | None, message: str
) -> None:
    if files is not None:
        app("bad", files)
    app("refused", REFUSED)

    status, out, err = lint(*others, "--format", "json")
    assert (status, checks_in(out)) == (2, [["unsupported-runtime"]])
    assert err == f"pydeploy-lint: error: {message}\n"

    status, out, err = lint(*others)
    assert (status, err) == (2, "")
    assert "refused/.python-version:1:1: error[unsupported-runtime]" in out
    assert message.removeprefix("bad/.pydeploy-lint.toml:1:1: ") in out


def test_an_app_that_cannot_be_opened_is_in_the_reports_for_services(lint: Lint) -> None:
    paths = [app("bad", BAD_CONFIGURATION), app("refused", REFUSED), "missing"]
    annotations = lint(*paths, "--format", "github")[1].splitlines()
    assert annotations[2].startswith("::error file=refused/.python-version,line=1,")
    assert annotations[:2] == [
        "::error file=bad/.pydeploy-lint.toml,line=1,endLine=1,col=1,endColumn=5,title=pydeploy-lint::"
        "stak: unknown setting 'stak': did you mean 'stack'?",
        "::error title=pydeploy-lint::missing does not exist",
    ]
    (invocation,) = json.loads(lint(*paths, "--format", "sarif")[1])["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["message"]["text"] for each in invocation["toolConfigurationNotifications"]] == [
        "stak: unknown setting 'stak': did you mean 'stack'?",
        "missing does not exist",
    ]


def test_the_other_apps_are_fixed_and_kept_in_a_baseline(lint: Lint) -> None:
    app("refused", REFUSED)
    assert lint("refused", "missing", "--write-baseline", "known.json")[0] == 2
    assert [each["path"] for each in json.loads(Path("known.json").read_text())["apps"]] == ["refused"]
    app("unset", NO_VERSION)
    assert lint("unset", "missing", "--diff", "--unsafe-fixes")[0] == 2
    status, _, err = lint("unset", "missing", "--fix", "--unsafe-fixes")
    assert (status, Path("unset/.python-version").read_text()) == (2, "3.14\n")
    assert "applied 1 fix" in err


def test_a_wrong_option_is_about_all_apps(lint: Lint) -> None:
    assert lint(app("clean", CLEAN), "--fail-on", "nevermore")[:2] == (2, "")


# --- The configuration


def test_an_error_in_the_configuration_has_its_place(lint: Lint) -> None:
    status, out, err = lint(app("app", {"pyproject.toml": "[tool.pydeploy-lint]\nfail-on = 'warn'\n", **CLEAN}))
    assert (status, out) == (2, "")
    assert err == (
        "pydeploy-lint: error: app/pyproject.toml:2:11: fail-on: unknown severity 'warn': did you mean 'warning'?\n"
    )


def test_each_app_has_its_own_configuration(lint: Lint) -> None:
    quiet = app("quiet", {".pydeploy-lint.toml": "ignore = ['missing-python-version']\n", **NO_VERSION})
    _, out, _ = lint("--format", "json", quiet, app("loud", NO_VERSION))
    assert checks_in(out) == [[], ["missing-python-version"]]


def test_the_command_line_wins_over_the_configuration(lint: Lint) -> None:
    path = app("app", {".pydeploy-lint.toml": "fail-on = 'error'\nas-of = '2024-11-06'\n", **NO_VERSION})
    assert lint(path)[0] == 0
    assert lint(path, "--fail-on", "warning", "--as-of", "2026-08-18")[0] == 1


def test_a_severity_can_be_changed(lint: Lint) -> None:
    settings = "[severity]\nmissing-python-version = 'error'\n"
    _, out, _ = lint("--format", "json", app("app", {".pydeploy-lint.toml": settings, **NO_VERSION}))
    assert [finding["severity"] for finding in json.loads(out)["apps"][0]["findings"]] == ["error"]


# --- Which files


def test_a_commit_or_the_index_can_be_judged_with_its_own_configuration(lint: Lint) -> None:
    git("init", "--quiet")
    app("app", {".pydeploy-lint.toml": "fail-on = 'note'\n", **NO_VERSION})
    git("add", ".")
    git("commit", "--quiet", "--message", "No version")
    write_tree(Path("app"), REFUSED)
    git("add", ".")
    write_tree(Path("app"), {".pydeploy-lint.toml": "ignore = ['nonsense']\n", **CLEAN})

    assert checks_in(lint("app", "--format", "json", "--rev", "HEAD")[1]) == [["missing-python-version"]]
    assert checks_in(lint("app", "--format", "json", "--staged")[1]) == [["unsupported-runtime"]]
    assert lint("app")[0] == 2


@pytest.mark.parametrize("option", [["--rev", "HEAD"], ["--staged"]])
def test_without_a_repository_there_is_no_commit_and_no_index(lint: Lint, option: list[str]) -> None:
    status, out, err = lint(app("app", CLEAN), *option)
    assert (status, out) == (2, "")
    assert err.startswith(f"pydeploy-lint: error: {' '.join(option)}: app: not a git repository")


# --- By which rules


def test_the_date_is_given_or_today(lint: Lint) -> None:
    path = app("app", CLEAN)
    assert json.loads(lint(path, "--format", "json")[1])["policy"]["as_of"] == "2026-08-20"
    policy = json.loads(lint(path, "--format", "json", "--as-of", "2024-11-06", "--stack", "heroku-22")[1])["policy"]
    assert (policy["as_of"], policy["buildpack"], policy["stack"]) == ("2024-11-06", "v265", "heroku-22")


def test_a_release_can_be_asked_for(lint: Lint) -> None:
    _, out, _ = lint(app("app", REFUSED), "--format", "json", "--buildpack", "v266")
    assert json.loads(out)["policy"]["buildpack"] == "v266"
    assert "unsupported-runtime" not in checks_in(out)[0]


LISTING = "=== app Buildpack URLs\n1. https://github.com/heroku/heroku-buildpack-python\n"


def test_a_listing_of_buildpacks_is_read_from_a_file(lint: Lint) -> None:
    write_tree(Path(), {"listing": LISTING})
    assert checks_in(lint(app("app", CLEAN), "--format", "json", "--buildpacks", "listing")[1]) == [["buildpack-url"]]


def test_a_listing_of_buildpacks_is_read_from_standard_input(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LISTING.encode())))
    assert checks_in(lint(app("app", CLEAN), "--format", "json", "--buildpacks", "-")[1]) == [["buildpack-url"]]


# --- The output


def test_standard_output_is_one_document_of_the_format(lint: Lint) -> None:
    path = app("app", REFUSED)
    assert json.loads(lint(path, "--format", "json")[1])["schema_version"] == 1
    assert json.loads(lint(path, "--format", "sarif")[1])["version"] == "2.1.0"
    assert lint(path, "--format", "github")[1].startswith("::error ")
    assert lint(path)[1] == lint(path, "--format", "text")[1]


def test_on_github_the_annotations_come_by_themselves(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    path = app("app", REFUSED)
    text, annotations = lint(path, "--format", "text")[1], lint(path, "--format", "github")[1]
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert lint(path)[1] == text + annotations
    assert lint(path, "--format", "text")[1] == text


def test_other_formats_are_written_to_files(lint: Lint) -> None:
    path = app("app", REFUSED)
    document = lint(path, "--format", "json")[1]
    status, out, _ = lint(path, "--output", "json:a.json", "--output", "text:b:c.txt")
    assert status == 1
    assert Path("a.json").read_text(encoding="utf-8") == document
    assert Path("b:c.txt").read_text(encoding="utf-8") == out


def test_every_format_can_be_written_in_one_run(lint: Lint) -> None:
    path = app("app", REFUSED)
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:report.{name}")]
    status, _, err = lint(path, *outputs)
    assert (status, err) == (1, "")
    for name in FORMATS:
        assert Path(f"report.{name}").read_bytes().decode() == lint(path, "--format", name)[1]


@pytest.mark.parametrize("target", ["app", "missing/report.json"])
def test_a_file_that_cannot_be_written_is_an_error_after_the_report(lint: Lint, target: str) -> None:
    status, out, err = lint(app("app", REFUSED), "--output", f"json:{target}")
    assert status == 2
    assert "unsupported-runtime" in out
    assert err.startswith(f"pydeploy-lint: error: --output: {target} cannot be written: ")
    assert sorted(path.name for path in Path("app").iterdir()) == [".python-version", "requirements.txt"]


# --- Failures


def install_plug_in(site: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Make a distribution with one check, ``shop-open`` of the family ``shop``, importable."""
    (site / "shop_plug_in.py").write_text(
        "from pydeploy_lint.engine.check import check\n"
        "from pydeploy_lint.finding import Problem, Severity, Span\n"
        "@check('shop-open', severity=Severity.NOTE)\n"
        "def shop_open(app):\n"
        "    '''The shop is open.'''\n"
        f"    {body}\n",
        encoding="utf-8",
    )
    information = site / "shop-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[{GROUP}]\nshop = shop_plug_in\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "shop_plug_in", raising=False)


def test_the_checks_of_a_plug_in_run(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_plug_in(tmp_path, monkeypatch, "yield Problem('Open.', Span('shop.txt'))")
    status, out, _ = lint(app("app", REFUSED), "--select", "shop", "--fail-on", "note", "--format", "json")
    assert (status, checks_in(out)) == (1, [["shop-open"]])


def test_a_plug_in_that_raises_is_reported_after_all_else(
    lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_plug_in(tmp_path, monkeypatch, "raise KeyError('till')")
    status, out, _ = lint(app("app", REFUSED))
    assert status == 4
    assert "unsupported-runtime" in out
    assert "shop-open failed: KeyError: 'till'" in out
    status, out, err = lint("app", "--format", "json")
    assert (status, checks_in(out)) == (4, [["unsupported-runtime"]])
    assert err == "pydeploy-lint: error: check shop-open failed: KeyError: 'till'\n"


def test_a_plug_in_cannot_end_the_run(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_plug_in(tmp_path, monkeypatch, "raise SystemExit(0)")
    status, out, err = lint(app("app", REFUSED), "--format", "json")
    assert (status, checks_in(out)) == (4, [["unsupported-runtime"]])
    assert err == "pydeploy-lint: error: check shop-open failed: SystemExit: 0\n"


def test_a_plug_in_that_cannot_be_loaded_is_reported_after_all_else(
    lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_plug_in(tmp_path, monkeypatch, "yield\n1/0")
    status, out, _ = lint(app("app", REFUSED), "--output", "json:missing/report")
    assert status == 4
    assert "unsupported-runtime" in out
    assert "plug-in 'shop' of shop (shop_plug_in) could not be loaded: ZeroDivisionError: division by zero" in out
    status, _, err = lint("--list-checks")
    assert status == 4
    assert "plug-in 'shop' of shop" in err


@pytest.fixture
def _broken_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    run = engine.run

    def break_on_request(
        app: App, checks: Iterable[Check], reporting: Reporting, *, path: str, rev: str | None
    ) -> AppReport:
        if path == "bad":
            raise RuntimeError("on purpose")
        return run(app, checks, reporting, path=path, rev=rev)

    monkeypatch.setattr(api, "run", break_on_request)


@pytest.mark.usefixtures("_broken_engine")
def test_an_app_on_which_the_linter_fails_does_not_hide_the_others(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = lint(app("bad", CLEAN), app("good", REFUSED))
    assert status == 4
    assert "bad: pydeploy-lint itself failed: RuntimeError: on purpose" in out
    assert "unsupported-runtime" in out
    assert err == ""
    monkeypatch.setenv("PYDEPLOY_LINT_DEBUG", "1")
    status, _, err = lint("bad")
    assert (status, err.splitlines()[0]) == (4, "Traceback (most recent call last):")


def test_any_other_failure_is_a_sentence_and_a_status(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("pydeploy_lint.cli.main.load_registry", fail)
    status, out, err = lint()
    assert (status, out) == (4, "")
    assert err.startswith("pydeploy-lint: error: pydeploy-lint itself failed: RuntimeError: on purpose")
    assert err.count("\n") == 1
    monkeypatch.setenv("PYDEPLOY_LINT_DEBUG", "1")
    assert lint()[2].startswith("Traceback")


def test_an_interruption_is_silent(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pydeploy_lint.cli.main.load_registry", interrupt)
    assert lint() == (130, "", "")


# --- About the checks


def test_the_checks_are_listed(lint: Lint) -> None:
    status, out, err = lint("--list-checks")
    assert (status, err) == (0, "")
    assert "\npython\n" in out
    assert any(line.split()[:2] == ["unsupported-runtime", "error"] for line in out.splitlines())


def test_a_check_is_explained(lint: Lint) -> None:
    status, out, _ = lint("--explain", "unsupported-runtime")
    assert status == 0
    assert out.startswith("unsupported-runtime: ")
    assert "family python" in out


def test_a_check_is_explained_to_programs_too(lint: Lint) -> None:
    status, out, err = lint("--explain", "unsupported-runtime", "--format", "json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert (document["schema_version"], document["check"]["name"]) == (1, "unsupported-runtime")
    assert "## How to fix" in document["check"]["documentation"]


def test_the_help_names_every_option_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    out = capsys.readouterr().out
    assert stop.value.code == 0
    for option in ("--select", "--fail-on", "--output", "--as-of", "--buildpacks", "--explain"):
        assert f"  {option} " in out
    assert "  4  pydeploy-lint or a plug-in failed" in out


# --- The process


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pydeploy_lint", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_installed_command_and_the_module_are_the_same() -> None:
    app("app", REFUSED)
    command = Path(sys.executable).with_name("pydeploy-lint.exe" if sys.platform == "win32" else "pydeploy-lint")
    arguments = ["app", "--as-of", "2026-08-20", "--format", "json"]
    installed = subprocess.run([str(command), *arguments], capture_output=True, check=False)
    module = process(*arguments)
    assert (installed.returncode, installed.stdout, installed.stderr) == (1, module.stdout, b"")
    assert b"\r" not in module.stdout


def test_the_version_names_the_data_and_imports_little() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--version']\n"
        "from pydeploy_lint.__main__ import main\n"
        "status = main()\n"
        "slow = {'argparse', 'importlib.metadata', 'pydeploy_lint.cli.main', 'pydeploy_lint.engine'}\n"
        "slow &= sys.modules.keys()\n"
        "sys.exit(f'imported {slow}' if slow else status)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"pydeploy-lint {__version__}, data of 20")
    assert result.stdout == process("--version", "--format", "json").stdout.decode()


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    app("app", REFUSED)
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "pydeploy_lint", "app"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (result.returncode, result.stderr) == (1, b"")


def test_no_encoding_is_too_poor_for_the_messages() -> None:
    app("app", {".pydeploy-lint.toml": "'é' = 1\n", **CLEAN})
    result = process("app", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 2
    assert rb"unknown setting '\xe9'" in result.stderr
