"""Lockfiles, end to end: every cause at its place, and nothing where nothing can be told."""

from pathlib import Path

import pytest
import tomli
from pydeploy_checks.locks import (
    PIPFILE,
    PIPFILE_LOCK,
    POETRY_HASH,
    POETRY_LOCK,
    POETRY_PROJECT,
    PROJECT,
    SOURCE,
    UV_LOCK,
    VERSION,
    invalid_lockfile,
    lockfile_of_other_version,
    poetry_root_install,
    stale_lockfile,
    uv_build_missing,
)

from pydeploy_lint.facts.locks.poetry.freshness import content_hash
from pydeploy_lint.facts.locks.uv.ask import Answer
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, open_app, place, write_tree

CHECKS = [stale_lockfile, lockfile_of_other_version, invalid_lockfile, poetry_root_install, uv_build_missing]
POETRY = {**VERSION, "pyproject.toml": POETRY_PROJECT, "poetry.lock": POETRY_LOCK.format(POETRY_HASH)}
UV = {**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}


def found(files: Files, **settings: str) -> list[tuple[str, str, str]]:
    findings = lint_files(files, CHECKS, settings)
    assert all(finding.severity is Severity.ERROR for finding in findings)
    return [(finding.check, place(finding.at), finding.message) for finding in findings]


def test_stale_lock_names_requirement_consequence_and_command() -> None:
    [finding] = lint_files({**UV, "pyproject.toml": PROJECT.replace('"six"', '"six>=1"')}, CHECKS)
    assert finding.message == (
        "[project] asks for six>=1, where uv.lock has six; uv considers the lock file out of date, "
        "so Heroku rejects the push"
    )
    assert place(finding.at) == "pyproject.toml:5:17-5:25"
    assert finding.help == "Bring the lock up to date, and commit it:\n    uv lock"
    assert finding.failure_reason == "install-dependencies::uv"


@pytest.mark.parametrize(
    ("files", "check", "at", "message"),
    [
        (
            {**POETRY, "poetry.lock": POETRY_LOCK.format(64 * "0")},
            "stale-lockfile",
            "pyproject.toml",
            "pyproject.toml has changed since poetry.lock was made from it",
        ),
        (
            {**POETRY, "poetry.lock": POETRY_LOCK.format(POETRY_HASH).replace("2.1", "3.0")},
            "invalid-lockfile",
            "poetry.lock:3:16-3:21",
            "poetry.lock is of lock-version 3.0",
        ),
        (
            {**POETRY, "poetry.lock": ""},
            "invalid-lockfile",
            "poetry.lock",
            "poetry.lock has no metadata.lock-version",
        ),
        (
            {**POETRY, "pyproject.toml": b"\xef\xbb\xbf" + POETRY_PROJECT.encode()},
            "invalid-lockfile",
            "pyproject.toml:1:1-1:14",
            "pyproject.toml begins with a byte order mark",
        ),
        (
            {**UV, "pyproject.toml": PROJECT + "[project]\n"},
            "invalid-lockfile",
            "pyproject.toml:6:9-6:10",
            "pyproject.toml is not valid TOML",
        ),
        (
            {**VERSION, "Pipfile": PIPFILE, "Pipfile.lock": '{"_meta": {}}'},
            "invalid-lockfile",
            "Pipfile.lock:1:11-1:13",
            "Pipfile.lock holds no hash of the Pipfile",
        ),
        (
            {**VERSION, "Pipfile": PIPFILE, "Pipfile.lock": "<<<<<<< ours\n{}\n"},
            "invalid-lockfile",
            "Pipfile.lock:1:1-1:13",
            "Pipfile.lock holds an unresolved merge conflict",
        ),
    ],
)
def test_causes(files: Files, check: str, at: str, message: str) -> None:
    [(name, where, text)] = found(files)
    assert (name, where) == (check, at)
    assert text.startswith(message)


@pytest.mark.parametrize(
    "files",
    [
        UV,
        POETRY,
        {**UV, "uv.lock": "\ufeff" + UV_LOCK},
        {**UV, "uv.toml": 'resolution = "highest"\n'},
        {**VERSION, "Pipfile": PIPFILE.removeprefix(SOURCE), "Pipfile.lock": PIPFILE_LOCK.format(64 * "0")},
        {**VERSION, "Pipfile.lock": PIPFILE_LOCK.format(64 * "0")},
        {**VERSION, "uv.lock": UV_LOCK},
        {**VERSION, "requirements.txt": "", "pyproject.toml": PROJECT.replace("six", "attrs"), "uv.lock": UV_LOCK},
        {**VERSION, "requirements.txt": ""},
    ],
)
def test_nothing_to_report(files: Files) -> None:
    assert found(files) == []


def test_member_of_a_workspace_is_reported_in_its_own_file() -> None:
    root = PROJECT + '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
    lock = UV_LOCK.replace("[[package]]", '[manifest]\nmembers = ["app", "lib"]\n\n[[package]]')
    lock += '\n[[package]]\nname = "lib"\nversion = "1"\nsource = { virtual = "libs/lib" }\n'
    member = '[project]\nname = "lib"\nversion = "2"\nrequires-python = ">=3.12"\n'
    files = {**UV, "pyproject.toml": root, "uv.lock": lock, "libs/lib/pyproject.toml": member}
    [(check, at, message)] = found(files)
    assert (check, at) == ("stale-lockfile", "libs/lib/pyproject.toml:3:11-3:14")
    assert message.startswith("the version of lib is 2, but uv.lock was made for 1")


def test_the_release_decides_which_hash_counts() -> None:
    project = PROJECT + "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\n"
    by_poetry_2 = content_hash(tomli.loads(project), version=(2,))
    files = {**POETRY, "pyproject.toml": project, "poetry.lock": POETRY_LOCK.format(by_poetry_2)}
    assert found(files) == []
    [(check, at, message)] = found(files, buildpack="v270")
    assert (check, at) == ("lockfile-of-other-version", "poetry.lock:4:16-4:82")
    assert message.startswith("poetry.lock was made by Poetry 2.0 to 2.2, which hashes otherwise than Poetry 1.8.5")


@pytest.mark.parametrize(
    ("answer", "messages"),
    [
        (Answer(fresh=True, text=""), []),
        (Answer(fresh=None, text="uv is not installed"), []),
        (
            Answer(fresh=False, text="The lockfile needs to be updated"),
            ["uv itself considers the lock file out of date, so the build fails: The lockfile needs to be updated"],
        ),
    ],
)
def test_uv_is_asked_where_the_user_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, messages: list[str]
) -> None:
    asked: list[str] = []

    def ask(root: str) -> Answer:
        asked.append(root)
        return answer

    monkeypatch.setattr("pydeploy_lint.facts.locks.uv.ask.ask_uv", ask)
    write_tree(tmp_path, {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK})
    app = open_app(tmp_path)
    app.options = app.options._replace(ask_uv=True)

    assert [problem.message for problem in stale_lockfile(app)] == messages
    assert asked == [str(tmp_path)]


def test_uv_is_not_asked_unless_the_user_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pydeploy_lint.facts.locks.uv.ask.ask_uv", lambda _: pytest.fail("asked"))
    write_tree(tmp_path, {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK})

    assert list(stale_lockfile(open_app(tmp_path))) == []
