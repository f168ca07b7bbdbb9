"""Tests of baselines: what makes a finding known, which files are refused, what the command line does with them."""

from __future__ import annotations

import datetime
import errno
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pydeploy_lint.engine.baseline.known
from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.baseline.file import BaselineFile, write_baseline
from pydeploy_lint.engine.baseline.known import Baseline, count_by_identity
from pydeploy_lint.engine.suppress.model import Identity
from pydeploy_lint.finding import Finding, Severity, Span
from pydeploy_lint.testing import Files, write_tree

SCHEMA = json.loads(Path(pydeploy_lint.engine.baseline.known.__file__).with_name("baseline.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
Lint = Callable[..., tuple[int, str, str]]


def finding(
    check: str = "some-check", at: Span | None = None, line: str | None = "Django==3.2", message: str = "Old."
) -> Finding:
    at = at or Span("requirements.txt", 3, 1, 3, 7)
    return Finding(check, Severity.NOTE, message, at, "", None, build_warning=False, fix=None, url="", source_line=line)


def left(known: list[Finding], now: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What is new, and what is known, against a baseline of other findings."""
    new, suppressed, stale = Baseline(count_by_identity(known), "main").subtract(now, ())
    assert stale == ()
    return new, [each.finding for each in suppressed]


# --- What makes a finding known

ANOTHER_LINE = finding(at=Span("requirements.txt", 7, 3, 7, 9), line="  Django==3.2")
ANOTHER_MESSAGE = finding(message="Older still.")


@pytest.mark.parametrize("now", [finding(), ANOTHER_LINE, ANOTHER_MESSAGE])
def test_a_finding_is_known_by_check_path_and_text(now: Finding) -> None:
    assert left([finding()], [now]) == ([], [now])


@pytest.mark.parametrize(
    "now",
    [
        finding("other-check"),
        finding(at=Span("dev.txt", 3, 1, 3, 7)),
        finding(line="Django==3.3"),
        finding(at=Span("requirements.txt"), line=None),
    ],
)
def test_another_check_path_or_text_is_new(now: Finding) -> None:
    assert left([finding()], [now]) == ([now], [])


def test_a_whole_file_is_known_by_its_path_whatever_the_message_says_today() -> None:
    before = finding(at=Span(".python-version"), line=None, message="The default is 3.14.1.")
    now = before._replace(message="The default is 3.14.2.")
    assert left([before], [now]) == ([], [now])


def test_equal_findings_are_counted() -> None:
    assert left([finding()] * 2, [finding()] * 3) == ([finding()], [finding()] * 2)


def test_of_a_long_line_only_the_stretch_counts() -> None:
    def minified(version: str, column: int) -> Finding:
        text = '{"a": 1, ' * 40
        line = f"{text[: column - 1]}{version}{text}"
        return finding(at=Span("app.json", 1, column, 1, column + len(version)), line=line)

    assert left([minified("3.8", 50)], [minified("3.8", 90)])[0] == []
    assert left([minified("3.8", 50)], [minified("3.9", 50)])[1] == []


def test_bytes_that_are_no_text_do_not_make_a_finding_new(tmp_path: Path) -> None:
    odd = finding(at=Span("a\udce9.txt", 1, 1, 1, 3), line="caf\udce9 = 1")
    write_baseline(str(tmp_path / "known.json"), {"app": [odd]})
    reported, known, stale = BaselineFile.read(str(tmp_path / "known.json")).of_app("app").subtract([odd], ())
    assert (reported, [each.finding for each in known], stale) == ([], [odd], ())


texts = st.none() | st.text(st.characters(exclude_categories=()), max_size=5) | st.just("x" * 300)
findings = st.lists(
    st.builds(
        lambda check, path, line, column: finding(
            check, Span(path) if line is None else Span(path, 1, column, 1, column + 2), line
        ),
        st.sampled_from(["a", "b"]),
        st.text(st.characters(exclude_categories=()), min_size=1, max_size=3),
        texts,
        st.integers(1, 9),
    ),
    max_size=6,
)


@given(findings, findings)
def test_what_is_written_is_known_and_only_that(
    tmp_path_factory: pytest.TempPathFactory, old: list[Finding], new: list[Finding]
) -> None:
    path = str(tmp_path_factory.mktemp("baseline") / "known.json")
    write_baseline(path, {"app": old})
    VALIDATOR.validate(json.loads(Path(path).read_bytes()))
    reported, known, stale = BaselineFile.read(path).of_app("app").subtract([*old, *new], ())
    assert sorted(map(repr, [*reported, *(each.finding for each in known)])) == sorted(map(repr, [*old, *new]))
    assert (len(known), stale) == (len(old), ())
    reported, known, stale = BaselineFile.read(path).of_app("app").subtract([], ())
    assert (reported, known, sum(each.missing for each in stale)) == ([], [], len(old))


# --- Files


def test_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    missing = finding("a-check", Span(".python-version"), None)
    write_baseline(str(path), {str(tmp_path / "web"): [finding(), missing, finding()], str(tmp_path): []})
    assert path.read_text() == (
        """\
{
  "schema_version": 1,
  "apps": [
    {
      "path": ".",
      "findings": []
    },
    {
      "path": "web",
      "findings": [
        {
          "check": "a-check",
          "path": ".python-version",
          "content": null,
          "count": 1
        },
        {
          "check": "some-check",
          "path": "requirements.txt",
          "content": "Django==3.2",
          "count": 2
        }
      ]
    }
  ]
}
"""
    )


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web").mkdir()
    monkeypatch.chdir(tmp_path)
    write_baseline("known.json", {"web": [finding()]})
    monkeypatch.chdir(tmp_path / "web")
    new, (known,), _ = BaselineFile.read("../known.json").of_app(".").subtract([finding()], ())
    assert (new, known.by.at, known.by.reason) == ([], Span("../known.json"), "known in ../known.json")


def test_other_apps_stay_in_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "known.json")
    api, web = str(tmp_path / "api"), str(tmp_path / "web")
    write_baseline(path, {api: [finding()], web: [finding()]})
    write_baseline(path, {web: []})
    assert len(BaselineFile.read(path).of_app(api).subtract([finding()], ())[1]) == 1
    assert len(BaselineFile.read(path).of_app(web).subtract([finding()], ())[1]) == 0


def test_entries_that_a_merge_doubled_count_together(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    write_baseline(str(path), {str(tmp_path): [finding()]})
    document = json.loads(path.read_bytes())
    document["apps"][0]["findings"] *= 2
    path.write_text(json.dumps(document))
    (stale,) = BaselineFile.read(str(path)).of_app(str(tmp_path)).subtract([], ())[2]
    assert stale[:2] == (Identity("some-check", "requirements.txt", "Django==3.2"), 2)


ENTRY = '{"check": "a", "path": "b", "content": null, "count": 1}'
BROKEN = [
    ("", "1:1: is not valid JSON in line 1: expecting value"),
    ('{"schema_version": 1,\n', "2:1: is not valid JSON in line 2: expecting property name enclosed in double quotes"),
    ("{\n<<<<<<< HEAD\n", "2:1: holds an unresolved merge conflict: line 2 begins with <<<<<<<"),
    ("[]", " is no baseline of pydeploy-lint: schema_version must be a number"),
    ('{"apps": []}', " is no baseline of pydeploy-lint: schema_version must be a number"),
    ('{"schema_version": "1"}', "1:20: is no baseline of pydeploy-lint: schema_version must be a number"),
    (
        '{"schema_version": 2, "apps": {}}',
        "1:20: is a baseline of version 2, and this pydeploy-lint knows version 1 only",
    ),
    ('{"schema_version": 1, "apps": {}}', "1:31: is no baseline of pydeploy-lint: apps must be an array"),
    ('{"schema_version": 1, "apps": [3]}', "1:32: is no baseline of pydeploy-lint: path must be a string"),
    (
        '{"schema_version": 1, "apps": [{"path": "."}]}',
        "1:32: is no baseline of pydeploy-lint: findings must be an array",
    ),
    (
        '{"schema_version": 1, "apps": [{"path": ".", "findings": [\n' + ENTRY.replace("1}", "true}") + "]}]}",
        "2:55: is no baseline of pydeploy-lint: count must be a number",
    ),
    (
        '{"schema_version": 1, "apps": [{"path": ".", "findings": [\n' + ENTRY.replace("null", "7") + "]}]}",
        "2:40: is no baseline of pydeploy-lint: content must be a string",
    ),
    (
        '{"schema_version": 1, "apps": [{"path": ".", "findings": [\n' + ENTRY.replace('"a"', "null") + "]}]}",
        "2:11: is no baseline of pydeploy-lint: check must be a string",
    ),
    (
        '{"schema_version": 1, "apps": [{"path": ".", "findings": [\n' + ENTRY.replace("1}", "-1}") + "]}]}",
        "2:55: is no baseline of pydeploy-lint: count must be 1 or more",
    ),
]


# --- The command line

TODAY = datetime.date(2026, 8, 18)
APP = {"requirements.txt": "", "runtime.txt": "python-3.8.1\n"}
"""Two problems in one line: runtime-txt-deprecated and unsupported-runtime."""


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Run the command line in an empty directory; returns status, standard output and standard error."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments), TODAY)
        return (status, *capsys.readouterr())

    return run


def test_what_is_written_is_not_reported_again(lint: Lint) -> None:
    write_tree(Path(), APP)
    report = "Heroku would reject this push while choosing the Python release: 2 suppressed (python-version::eol)\n"
    assert lint("--write-baseline", "known.json") == (0, report, "pydeploy-lint: wrote 2 findings to known.json\n")
    assert lint("--baseline", "known.json") == (0, report, "")


@pytest.mark.parametrize(
    ("apps", "wrote"),
    [
        (["one"], "wrote 1 finding to kept/known.json"),
        (["none"], "wrote 0 findings to kept/known.json"),
        (["one", "none", "two"], "wrote 3 findings of 3 apps to kept/known.json"),
    ],
)
def test_it_is_said_what_was_written(lint: Lint, apps: list[str], wrote: str) -> None:
    one = {"requirements.txt": "", ".python-version": "3.13.1\n"}
    files = {"one": one, "two": APP, "none": {"requirements.txt": "", ".python-version": "3.13\n"}}
    write_tree(Path(), {f"{app}/{name}": text for app, tree in files.items() for name, text in tree.items()})
    Path("kept").mkdir()
    assert lint(*apps, "--write-baseline", "kept/known.json")[2] == f"pydeploy-lint: {wrote}\n"


def test_lines_may_move_and_only_what_is_new_is_reported(lint: Lint) -> None:
    write_tree(Path(), {"requirements.txt": "", ".python-version": "3.13.1\n"})
    lint("--write-baseline", "known.json")
    Path(".python-version").write_text("# Tested.\n3.13.1\n")
    assert lint("--baseline", "known.json")[0] == 0
    Path(".python-version").write_text("3.13.2\n")
    status, out, _ = lint("--baseline", "known.json", "--format", "concise")
    assert (status, [line.split(" ")[:2] for line in out.splitlines()[:2]]) == (
        1,
        [
            [".python-version:1:1:", "warning[outdated-patch]"],
            ["known.json:7:9:", "note[stale-baseline-entry]"],
        ],
    )


def test_a_stale_entry_is_seen_from_the_app(lint: Lint) -> None:
    write_tree(Path(), {f"web/{name}": text for name, text in APP.items()})
    lint("--write-baseline", "known.json", "web")
    Path("web/runtime.txt").write_text("python-3.8.20\n")
    _, out, _ = lint("--baseline", "known.json", "--select", "suppressions", "--format", "json", "web")
    (app,) = json.loads(out)["apps"]
    assert [(each["message"], each["path"], each["line"]) for each in app["findings"]] == [
        (f"the baseline lists 1 {check} in runtime.txt that is not there any more", "../known.json", line)
        for check, line in [("runtime-txt-deprecated", 7), ("unsupported-runtime", 13)]
    ]


def test_the_entries_of_apps_that_are_not_judged_are_not_stale(lint: Lint) -> None:
    write_tree(Path(), {f"{app}/{name}": text for app in ("api", "web") for name, text in APP.items()})
    lint("--write-baseline", "known.json", "api", "web")
    assert lint("--baseline", "known.json", "--fail-on", "note", "web")[0] == 0


def test_a_suppressed_finding_makes_no_entry_stale(lint: Lint) -> None:
    write_tree(Path(), APP)
    lint("--write-baseline", "known.json")
    table = '[[suppress]]\ncheck = "runtime-txt-deprecated"\nreason = "soon"\n'
    Path(".pydeploy-lint.toml").write_text(table)
    assert (
        lint("--baseline", "known.json")[1]
        == "Heroku would reject this push while choosing the Python release: 2 suppressed (python-version::eol)\n"
    )


def test_only_what_is_selected_is_written(lint: Lint) -> None:
    write_tree(Path(), APP)
    lint("--write-baseline", "known.json", "--select", "unsupported-runtime")
    _, out, _ = lint("--baseline", "known.json", "--format", "json")
    assert [each["check"] for each in json.loads(out)["apps"][0]["findings"]] == ["runtime-txt-deprecated"]


def test_what_is_said_of_suppressions_is_not_written(lint: Lint) -> None:
    write_tree(Path(), {"requirements.txt": "", ".python-version": "# pydeploy-lint: ignore[runtime] x\n3.13\n"})
    status, out, _ = lint("--write-baseline", "known.json", "--fail-on", "note")
    assert (status, "unused-suppression" in out) == (1, True)
    assert json.loads(Path("known.json").read_bytes())["apps"] == [{"path": ".", "findings": []}]


@pytest.mark.parametrize(("text", "message"), BROKEN)
@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_a_broken_baseline_is_refused_and_stays(lint: Lint, option: str, text: str, message: str) -> None:
    write_tree(Path(), {**APP, "known.json": text})
    status, out, err = lint(option, "known.json")
    assert (status, out) == (2, "")
    assert err.startswith(f"pydeploy-lint: error: {option}: known.json:{message}")
    assert Path("known.json").read_text() == text


def test_a_file_of_the_app_is_not_taken_for_a_baseline(lint: Lint) -> None:
    write_tree(Path(), APP)
    assert lint("--write-baseline", "runtime.txt") == (
        2,
        "",
        "pydeploy-lint: error: --write-baseline: runtime.txt:1:1: is not valid JSON in line 1: expecting value,"
        " so it is not replaced\n",
    )


def test_a_missing_baseline(lint: Lint) -> None:
    write_tree(Path(), APP)
    assert lint("--baseline", "known.json") == (
        2,
        "",
        "pydeploy-lint: error: --baseline: known.json cannot be read: No such file or directory\n",
    )


def test_a_full_disk_leaves_the_old_baseline(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(Path(), APP)
    lint("--write-baseline", "known.json")
    before = Path("known.json").read_bytes()
    Path("runtime.txt").write_text("python-3.7\n")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert lint("--write-baseline", "known.json") == (
        2,
        "",
        "pydeploy-lint: error: --write-baseline: known.json cannot be written: No space left on device\n",
    )
    assert Path("known.json").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["known.json", "requirements.txt", "runtime.txt"]


@pytest.mark.parametrize(("other", "what"), [("--plan", "prints the plan"), ("--diff", "prints a patch")])
def test_a_baseline_is_not_written_by_what_only_prints(lint: Lint, other: str, what: str) -> None:
    write_tree(Path(), APP)
    message = f"pydeploy-lint: error: {other}: {what}, not a report; leave out --write-baseline\n"
    assert lint("--write-baseline", "known.json", other) == (2, "", message)


def test_no_app_has_no_baseline(lint: Lint) -> None:
    status, _, err = lint("--write-baseline", "known.json")
    assert (status, err) == (
        3,
        "pydeploy-lint: warning: --write-baseline: known.json is not written, because there is no Python app\n",
    )
    assert not Path("known.json").exists()


def test_a_run_that_failed_has_no_baseline(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("on purpose")

    write_tree(Path(), APP)
    monkeypatch.setattr("pydeploy_lint.fleet.job.judge", fail)
    status, _, err = lint("--write-baseline", "known.json")
    why = "known.json is not written, because not everything could be checked"
    assert (status, err) == (4, f"pydeploy-lint: warning: --write-baseline: {why}\n")
    assert not Path("known.json").exists()


# --- Another revision


def commit(files: Files) -> None:
    write_tree(Path(), files)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q", "-b", "main"], ["add", "--all"], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], check=True)


def test_only_what_a_branch_adds_is_reported(lint: Lint) -> None:
    commit({"requirements.txt": ""})
    commit({".python-version": "3.8\n"})
    status, out, _ = lint("--baseline-rev", "HEAD~1", "--format", "json")
    (app,) = json.loads(out)["apps"]
    assert (status, app["build"]["failure_reason"]) == (1, "python-version::eol")
    assert [each["check"] for each in app["findings"]] == ["unsupported-runtime"]
    assert lint("--baseline-rev", "HEAD")[0] == 0


def test_what_a_branch_mends_is_no_stale_entry(lint: Lint) -> None:
    commit(APP)
    Path("runtime.txt").write_text("python-3.13\n")
    _, out, _ = lint("--baseline-rev", "HEAD", "--format", "json")
    assert [each["check"] for each in json.loads(out)["apps"][0]["findings"]] == ["runtime-txt-deprecated"]


def test_a_comment_that_is_taken_away_brings_the_finding_back(lint: Lint) -> None:
    comment = "# pydeploy-lint: ignore[outdated-patch] tested\n"
    commit({"requirements.txt": "", ".python-version": f"{comment}3.13.1\n"})
    Path(".python-version").write_text("3.13.1\n")
    _, out, _ = lint("--baseline-rev", "HEAD", "--format", "json")
    assert [each["check"] for each in json.loads(out)["apps"][0]["findings"]] == ["outdated-patch"]


def test_of_an_app_that_is_new_in_the_branch_everything_is(lint: Lint) -> None:
    commit({"README.md": ""})
    write_tree(Path(), {f"web/{name}": text for name, text in APP.items()})
    _, out, _ = lint("--baseline-rev", "HEAD", "--select", "unsupported-runtime", "--format", "json", "web")
    assert [each["check"] for each in json.loads(out)["apps"][0]["findings"]] == ["unsupported-runtime"]


def test_a_revision_that_is_not_there(lint: Lint) -> None:
    commit(APP)
    assert lint("--baseline-rev", "nowhere") == (
        2,
        "",
        "pydeploy-lint: error: --baseline-rev nowhere: .: there is no commit 'nowhere' in this repository\n",
    )
