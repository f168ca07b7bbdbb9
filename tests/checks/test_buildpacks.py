from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest
from pydeploy_checks.buildpacks import references as buildpacks

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.check import Check, checks_in
from pydeploy_lint.facts.app import App
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.policy import Policy
from pydeploy_lint.testing import open_app, write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from pydeploy_lint.finding import Problem

REPOSITORY = "https://github.com/heroku/heroku-buildpack-python"
TODAY = datetime.date(2026, 8, 18)


def make_app(root: Path, files: dict[str, str], listing: str | None = None) -> App:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    source = Source("heroku-buildpacks.txt", listing.encode()) if listing is not None else None
    return App.open(WorkingTree(str(root)), AppOptions(TODAY, buildpacks=source))


def problems(check: Check, root: Path, files: dict[str, str], listing: str | None = None) -> list[Problem]:
    app = make_app(root, files, listing)
    found = list(check(app))
    assert app.files.problems == []
    return found


def app_json(*references: str) -> dict[str, str]:
    return {"app.json": json.dumps({"buildpacks": [{"url": reference} for reference in references]})}


# --- The listings of the support article


def test_the_listing_of_one_buildpack_gives_the_commands_of_the_article(tmp_path: Path) -> None:
    listing = f"=== example Buildpack URL\n{REPOSITORY}#v267\n"
    [problem] = problems(buildpacks.buildpack_pinned, tmp_path, {}, listing)
    assert str(problem.at) == "heroku-buildpacks.txt:2:1"
    assert problem.help.splitlines()[1:] == [
        "    heroku buildpacks:clear --app example",
        "    heroku buildpacks:add heroku/python --app example",
        "    heroku buildpacks --app example",
    ]
    assert problem.fix is not None
    assert problem.fix.edits == ()
    assert list(problem.fix.commands) == [line.strip() for line in problem.help.splitlines()[1:]]


def test_the_listing_of_two_buildpacks_keeps_their_order(tmp_path: Path) -> None:
    listing = f"=== example Buildpack URLs\n1. heroku/nodejs\n2. {REPOSITORY}\n"
    [problem] = problems(buildpacks.buildpack_url, tmp_path, {}, listing)
    assert (problem.at.line, problem.at.column, problem.at.end_column) == (3, 4, 4 + len(REPOSITORY))
    assert problem.message.startswith("app example names Heroku's Python buildpack by a URL")
    assert problem.help.splitlines()[1:] == [
        "    heroku buildpacks:clear --app example",
        "    heroku buildpacks:add heroku/nodejs --app example",
        "    heroku buildpacks:add heroku/python --app example",
        "    heroku buildpacks --app example",
    ]


# --- Which check says what


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("heroku/python", set()),
        ("urn:buildpack:heroku/python", set()),
        ("heroku/nodejs", set()),
        ("https://github.com/heroku/heroku-buildpack-apt", set()),
        (REPOSITORY, {"buildpack-url"}),
        ("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku/python.tgz", {"buildpack-url"}),
        (f"{REPOSITORY}.git#v267", {"buildpack-pinned"}),
        (f"{REPOSITORY}.git#v265", {"buildpack-pinned", "buildpack-missing-tag"}),
        (f"{REPOSITORY}.git#v9999", {"buildpack-pinned", "buildpack-missing-tag"}),
        (f"{REPOSITORY}.git#archive/v265", {"buildpack-pinned"}),
        (f"{REPOSITORY}.git#archive/v266", {"buildpack-pinned", "buildpack-missing-tag"}),
        ("git://github.com/heroku/heroku-buildpack-python", {"buildpack-url", "buildpack-dead-url"}),
        ("http://github.com/a/b", {"buildpack-dead-url"}),
        ("git@github.com:a/b", set()),
        ("https://codon-buildpacks.s3.amazonaws.com/buildpacks/heroku/ruby.tgz", {"buildpack-dead-url"}),
        ("https://github.com/moneymeets/python-poetry-buildpack.git#v1", {"buildpack-obsolete"}),
        ("https://github.com/dropseed/heroku-buildpack-uv", {"buildpack-obsolete"}),
        (f"{REPOSITORY}/archive/v267.tar.gz", {"buildpack-pinned"}),
        (f"{REPOSITORY}#main", {"buildpack-pinned"}),
        ("https://github.com/someone/heroku-buildpack-python#v267", {"buildpack-forked"}),
        ("https://github.com/Scalingo/python-buildpack", {"buildpack-forked"}),
    ],
)
def test_which_check_reports_a_reference(reference: str, expected: set[str], tmp_path: Path) -> None:
    app = make_app(tmp_path, app_json(reference))
    assert {check.name for check in checks_in(buildpacks) if list(check(app))} == expected


def test_a_branch_is_not_said_to_lack_releases(tmp_path: Path) -> None:
    [problem] = problems(buildpacks.buildpack_pinned, tmp_path, app_json(f"{REPOSITORY}#main"))
    assert problem.message.endswith("Heroku builds with the last push to it, released or not")


def test_every_list_of_app_json_is_read(tmp_path: Path) -> None:
    files = {
        "app.json": json.dumps(
            {
                "buildpacks": [{"url": "heroku/python"}, {"url": f"{REPOSITORY}#v1"}],
                "environments": {
                    "test": {"buildpacks": [{"url": f"{REPOSITORY}#v2"}]},
                    "review": {"env": {"BUILDPACK_URL": {"value": f"{REPOSITORY}#v3"}}},
                },
                "env": {"BUILDPACK_URL": f"{REPOSITORY}#v4"},
            },
            indent=1,
        )
    }
    found = problems(buildpacks.buildpack_pinned, tmp_path, files)
    lines = files["app.json"].splitlines()
    for problem in found:
        line, column, end = problem.at.line or 0, problem.at.column or 0, problem.at.end_column or 0
        assert lines[line - 1][column - 2 : end] in [f'"{REPOSITORY}#v{number}"' for number in range(5)]
    assert sorted((problem.message.split()[0], problem.message.split("release tag ")[1][:2]) for problem in found) == [
        ("BUILDPACK_URL", "v3"),
        ("BUILDPACK_URL", "v4"),
        ("app.json", "v1"),
        ("app.json", "v2"),
    ]


@pytest.mark.parametrize(
    "text",
    ['[]', '{"buildpacks": 1}', '{"buildpacks": [1, {"url": 2}, {"url": ""}, {}]}', '{"environments": [1]}',
     '{"environments": {"test": 1}}', '{"env": {"BUILDPACK_URL": {"value": 3}}}'],
)  # fmt: skip
def test_an_app_json_of_another_shape_declares_nothing(text: str, tmp_path: Path) -> None:
    assert make_app(tmp_path, {"app.json": text}).declared.buildpack_lists == []


def test_an_invalid_app_json_is_noted_and_the_other_places_are_read(tmp_path: Path) -> None:
    app = make_app(tmp_path, {"app.json": "{", ".buildpacks": f"# ours\n\n  {REPOSITORY}  \n"})
    [problem] = buildpacks.buildpack_url(app)
    assert (problem.at.path, problem.at.line, problem.at.column) == (".buildpacks", 3, 3)
    assert [noted.at.path for noted in app.files.problems] == ["app.json"]


# --- Severities and fixes


def test_a_pin_of_the_official_buildpack_is_a_safe_fix(tmp_path: Path) -> None:
    [problem] = problems(buildpacks.buildpack_pinned, tmp_path, app_json(f"{REPOSITORY}#v267"))
    assert problem.fix is not None
    assert problem.fix.safe
    [edit] = problem.fix.edits
    assert (edit.span, edit.text) == (problem.at, "heroku/python")
    assert "new apps only" in problem.fix.description


def test_a_fork_is_a_suggestion(tmp_path: Path) -> None:
    [problem] = problems(
        buildpacks.buildpack_forked, tmp_path, app_json("https://github.com/a/heroku-buildpack-python")
    )
    assert problem.fix is not None
    assert not problem.fix.safe


def test_a_reference_written_with_escapes_is_left_to_a_human(tmp_path: Path) -> None:
    files = {"app.json": json.dumps({"buildpacks": [{"url": REPOSITORY}]}).replace("/", "\\/")}
    [problem] = problems(buildpacks.buildpack_url, tmp_path, files)
    assert problem.fix is not None
    assert problem.fix.edits == ()
    assert problem.at.line == 1


def test_what_heroku_does_not_read_breaks_nothing(tmp_path: Path) -> None:
    [problem] = problems(buildpacks.buildpack_pinned, tmp_path, {".buildpacks": f"{REPOSITORY}#v267\n"})
    assert problem.severity is not None
    assert problem.severity.label == "note"
    assert problem.fix is not None
    assert problem.fix.edits[0].text == REPOSITORY


def test_no_credentials_are_printed(tmp_path: Path) -> None:
    reference = "https://user:s3cret@github.com/a/heroku-buildpack-python"
    [problem] = problems(buildpacks.buildpack_forked, tmp_path, app_json("https://x:s3cret@a.example/b", reference))
    assert "s3cret" not in problem.message + problem.help + (problem.fix.description if problem.fix else "")


# --- Lists as a whole


def help_commands(problem: Problem) -> list[str]:
    return [line.strip() for line in problem.help.splitlines() if line.startswith("    heroku ")]


def test_a_second_python_buildpack_in_the_list_of_an_app_stops_the_build(tmp_path: Path) -> None:
    listing = f"=== example Buildpack URLs\n1. {REPOSITORY}#v300\n2. heroku/nodejs\n3. heroku/python\n"
    [problem] = problems(buildpacks.duplicate_buildpack, tmp_path, {}, listing)
    assert problem.at.line == 4
    assert problem.failure_reason == "checks::duplicate-python-buildpack"
    assert help_commands(problem) == [
        "heroku buildpacks:clear --app example",
        "heroku buildpacks:add heroku/python --app example",
        "heroku buildpacks:add heroku/nodejs --app example",
        "heroku buildpacks --app example",
    ]


def test_an_old_release_may_not_notice_a_second_python_buildpack(tmp_path: Path) -> None:
    listing = f"=== example Buildpack URLs\n1. heroku/python\n2. {REPOSITORY}#v266\n"
    [problem] = problems(buildpacks.duplicate_buildpack, tmp_path, {}, listing)
    assert problem.failure_reason is None


def test_a_script_that_adds_to_an_unknown_list_shows_no_duplicate(tmp_path: Path) -> None:
    code = "heroku buildpacks:add heroku/python\nheroku buildpacks:add heroku/python\n"
    assert problems(buildpacks.duplicate_buildpack, tmp_path, {"deploy.sh": code}) == []
    [problem] = problems(buildpacks.duplicate_buildpack, tmp_path, {"deploy.sh": "heroku buildpacks:clear\n" + code})
    assert (problem.at.line, problem.failure_reason) == (3, None)


def test_an_obsolete_buildpack_is_removed_from_the_list(tmp_path: Path) -> None:
    listing = "=== a Buildpack URLs\n1. https://github.com/x/python-poetry-buildpack\n2. heroku/python\n"
    [problem] = problems(buildpacks.buildpack_obsolete, tmp_path, {}, listing)
    assert problem.severity is Severity.ERROR
    assert help_commands(problem) == [
        "heroku buildpacks:clear --app a",
        "heroku buildpacks:add heroku/python --app a",
        "heroku buildpacks --app a",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({"manage.py": "", "package.json": "{}"}, []),
        ({"package.json": '{"scripts": {"build": "x"}}'}, []),
        ({"manage.py": "", "package.json": '{"scripts": {"build": "x"}}'}, ["heroku/nodejs"]),
        ({"Aptfile": ""}, ["heroku-community/apt"]),
    ],
)
def test_order_matters_where_the_python_build_needs_the_other(
    files: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    listing = "=== a Buildpack URLs\n1. heroku/python\n2. heroku/nodejs\n3. heroku-community/apt\n"
    found = problems(buildpacks.buildpack_order, tmp_path, files, listing)
    assert [help_commands(problem)[1].split()[2] for problem in found] == expected


# --- Addresses


def test_a_dead_url_is_replaced_by_a_live_one(tmp_path: Path) -> None:
    references = [
        "git://github.com/a/b.git",
        "http://user:pw@github.com/a/b",
        "https://codon-buildpacks.s3.amazonaws.com/buildpacks/heroku/ruby.tgz",
        "git://github.com/heroku/heroku-buildpack-python",
    ]
    found = problems(buildpacks.buildpack_dead_url, tmp_path, app_json(*references))
    assert [(problem.severity or Severity.ERROR).label for problem in found] == ["error", "warning", "warning", "error"]
    assert [problem.fix.edits[0].text for problem in found if problem.fix] == [
        "https://github.com/a/b.git",
        "https://user:pw@github.com/a/b",
        "heroku/ruby",
        "heroku/python",
    ]
    assert "pw" not in found[1].message + found[1].help + (found[1].fix.description if found[1].fix else "")


def test_a_tag_newer_than_the_data_is_only_doubted_when_the_data_may_be_old(tmp_path: Path) -> None:
    app = make_app(tmp_path, app_json(f"{REPOSITORY}#v9999"))
    severities = []
    for day in (TODAY, History.load().until + datetime.timedelta(1)):
        later = app.under(Policy(day))
        [problem] = buildpacks.buildpack_missing_tag(later)
        severities.append(problem.severity)
    assert severities == [Severity.ERROR, Severity.WARNING]


def test_a_tag_that_may_have_come_since_is_only_noted(tmp_path: Path) -> None:
    history = History.load()
    number = int([*(name for name, _ in history.releases), *(each.name for each in history.partial)][-1][1:])
    day = max([history.until, *(each.date for each in history.partial)]) + datetime.timedelta(30)
    severities = {}
    for ahead in (0, 1, 5, 100):
        app = make_app(tmp_path, app_json(f"{REPOSITORY}#v{number + ahead}"))
        found = list(buildpacks.buildpack_missing_tag(app.under(Policy(day))))
        severities[ahead] = [problem.severity for problem in found]
    assert severities == {0: [], 1: [Severity.NOTE], 5: [Severity.NOTE], 100: [Severity.WARNING]}


def test_a_plain_url_in_buildpacks_needs_no_edit(tmp_path: Path) -> None:
    [problem] = problems(buildpacks.buildpack_url, tmp_path, {".buildpacks": REPOSITORY})
    assert problem.fix is None
    assert problem.help.splitlines()[0] == "Heroku does not read .buildpacks; on Heroku, set these buildpacks with:"


@pytest.mark.parametrize(
    ("second", "severity", "reason"),
    [
        ("heroku/python", "error", "checks::duplicate-python-buildpack"),
        (f"{REPOSITORY}#v291", "error", "checks::duplicate-python-buildpack"),
        (f"{REPOSITORY}#v290", "warning", None),
        (f"{REPOSITORY}#main", "warning", None),
        ("https://github.com/a/heroku-buildpack-python", "warning", None),
    ],
)
def test_the_later_buildpack_decides_whether_there_may_be_two(
    second: str, severity: str, reason: str | None, tmp_path: Path
) -> None:
    listing = f"=== a Buildpack URLs\n1. {REPOSITORY}\n2. {second}\n"
    [problem] = problems(buildpacks.duplicate_buildpack, tmp_path, {}, listing)
    assert ((problem.severity or Severity.ERROR).label, problem.failure_reason) == (severity, reason)


def test_dokku_needs_no_name_of_heroku(tmp_path: Path) -> None:
    code = f"dokku buildpacks:set app {REPOSITORY}\n"
    assert problems(buildpacks.buildpack_url, tmp_path, {"deploy.sh": code}) == []
    [problem] = problems(buildpacks.buildpack_missing_tag, tmp_path, {"deploy.sh": code.replace("python", "python#v2")})
    assert "Dokku cannot fetch it" in problem.message
    assert problem.severity is Severity.NOTE


def test_the_release_of_the_first_buildpack_does_not_speak_for_the_second(tmp_path: Path) -> None:
    write_tree(tmp_path, app_json(f"{REPOSITORY}#v280", "heroku/python"))
    app = open_app(tmp_path)
    assert app.policy.release == "v280"
    [problem] = buildpacks.duplicate_buildpack(app)
    assert problem.severity is None


def test_the_newest_release_is_a_pin_all_the_same(tmp_path: Path) -> None:
    [problem] = problems(buildpacks.buildpack_pinned, tmp_path, app_json(f"{REPOSITORY}#v351"))
    assert problem.message.endswith("v351 (2026-08-18), today the same as heroku/python")


def test_an_unreadable_version_file_hides_no_pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(tmp_path, {**app_json(f"{REPOSITORY}#v300"), ".python-version": "3.14"})
    read = app.files.tree.source

    def unreadable(path: str) -> Source | None:
        if path == ".python-version":
            raise FileProblem(Span(path), "cannot be read")
        return read(path)

    monkeypatch.setattr(app.files.tree, "source", unreadable)
    [problem] = buildpacks.buildpack_pinned(app)
    assert problem.message.endswith("51 releases behind heroku/python")


def test_the_line_of_a_listing_is_shown_without_credentials(tmp_path: Path) -> None:
    listing = "=== a Buildpack URL\nhttps://user:s3cret@github.com/a/heroku-buildpack-python\n"
    report = engine.run(make_app(tmp_path, {"requirements.txt": ""}, listing), [buildpacks.buildpack_forked])
    [finding] = report.findings
    assert finding.source_line == "https://***********@github.com/a/heroku-buildpack-python"
