"""Packages in locks that need a key or a password, as the installed command reports them."""

from __future__ import annotations

import json

import pytest
from pydeploy_checks.packages.sources import UV_LOCK, UV_PROJECT, private_requirement

from pydeploy_lint.testing import Files, lint_files

VERSION = {".python-version": "3.13\n"}


def found(files: Files) -> list[tuple[str, str, str]]:
    findings = lint_files({**VERSION, **files}, [private_requirement])
    return [(str(each.at), each.severity.label, each.message) for each in findings]


SSH = "lib is installed over SSH, for which the build has no key"


def pipenv(entry: dict[str, object], url: str = "https://index.example/simple") -> Files:
    source = {"name": "main", "url": url, "verify_ssl": True}
    lock = {"_meta": {"hash": {"sha256": "0"}, "sources": [source]}, "default": {"lib": entry}}
    return {"Pipfile": "", "Pipfile.lock": json.dumps(lock, indent=1)}


def poetry(source: str, groups: str = '["main"]') -> Files:
    package = f'[[package]]\nname = "lib"\nversion = "1"\ngroups = {groups}\n[package.source]\n{source}'
    return {"pyproject.toml": "", "poetry.lock": f'{package}[metadata]\nlock-version = "2.1"\ncontent-hash = ""\n'}


@pytest.mark.parametrize(
    ("files", "at"),
    [
        ({"pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK}, "uv.lock:11:8"),
        (poetry('type = "git"\nurl = "git@github.com:example/lib.git"\n'), "poetry.lock:2:8"),
        (poetry('type = "git"\nurl = "ssh://git@github.com/example/lib.git"\n'), "poetry.lock:2:8"),
        (pipenv({"git": "ssh://git@github.com/example/lib.git", "ref": "0"}), "Pipfile.lock:15:3"),
        (pipenv({"git": "git+ssh://git@github.com/example/lib.git", "ref": "0"}), "Pipfile.lock:15:3"),
    ],
)
def test_repository_over_ssh(files: Files, at: str) -> None:
    assert found(files) == [(at, "error", SSH)]


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK.replace("ssh://git@", "https://")},
        # Nothing needs it on Heroku.
        {"pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK.replace("dependencies =", "nothing =")},
        poetry('type = "git"\nurl = "https://github.com/example/lib.git"\n'),
        poetry('type = "git"\nurl = "git@github.com:example/lib.git"\n', groups='["dev"]'),
        poetry('type = "legacy"\nurl = "https://index.example/simple"\nreference = "main"\n'),
        pipenv({"git": "https://github.com/example/lib.git", "ref": "0"}),
        pipenv({"version": "==1"}),
        pipenv({"version": "==1"}, "https://index.example:8080/simple"),
    ],
)
def test_what_needs_no_key(files: Files) -> None:
    assert found(files) == []


@pytest.mark.parametrize("variable", ["$TOKEN", "${TOKEN}"])
def test_source_with_a_variable(variable: str) -> None:
    [(at, severity, message)] = found(pipenv({"version": "==1"}, f"https://ci:{variable}@index.example/simple"))
    assert (at, severity) == ("Pipfile.lock:9:12", "error")
    assert message == (
        "packages are installed from an address with ${TOKEN}, a config var that Heroku does not pass to Pipenv"
    )
    assert found(pipenv({"git": "https://github.com/example/lib.git"}, f"https://{variable}@index.example/")) == []


@pytest.mark.parametrize(("login", "expected"), [("always", "error"), ("never", None)])
def test_index_that_uv_enters_with_a_password_only(login: str, expected: str | None) -> None:
    index = f'[[tool.uv.index]]\nname = "acme"\nurl = "https://index.example/acme/"\nauthenticate = "{login}"\n'
    git = UV_LOCK[UV_LOCK.index("git = ") : UV_LOCK.rindex(" }")]
    lock = UV_LOCK.replace(git, 'registry = "https://index.example/acme"')
    findings = found({"pyproject.toml": UV_PROJECT + index, "uv.lock": lock})
    assert [severity for _, severity, _ in findings] == ([expected] if expected else [])
    assert all(
        "from index.example, which requires a password that Heroku does not pass to uv" in message
        for *_, message in findings
    )
