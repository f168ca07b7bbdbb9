"""Nothing of an app is ever run, imported, or taken for a program that pydeploy-lint asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pydeploy_lint.__main__ import installed
from pydeploy_lint.facts.locks.uv.ask import Answer, ask_uv
from pydeploy_lint.files.programs import find_program, search_path
from pydeploy_lint.files.repository.git import Git
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.testing import Files, write_tree

PLUG_IN = {
    "requirements.txt": "",
    "evil-1.dist-info/entry_points.txt": "[pydeploy_lint.checks]\nevil = evil\n",
    "evil.py": 'open("PWNED", "w")\n',
    "tomli.py": 'open("PWNED", "w")\n',
    ".pydeploy-lint.toml": "",
}
"""An app that registers itself as a plug-in, and has a module by the name of one that is asked for."""
LIBRARY = os.path.dirname(os.__file__)
PROGRAM = '#!/bin/sh\ntouch PWNED ../PWNED\nexec python3 "$@"\n'
PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.8"\n'
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.8"

[[package]]
name = "a"
version = "1"
source = { virtual = "." }
"""


@pytest.mark.parametrize("relative", ["", ".", "src", None])
@pytest.mark.parametrize("command", [["-m", "pydeploy_lint"], [str(Path(sys.executable).parent / "pydeploy-lint")]])
def test_nothing_is_imported_from_the_working_directory(
    tmp_path: Path, command: list[str], relative: str | None
) -> None:
    write_tree(tmp_path, {f"src/{path}" if relative == "src" else path: text for path, text in PLUG_IN.items()})
    variables = {} if relative is None else {"PYTHONPATH": f"{relative}{os.pathsep}{tmp_path.parent}"}

    done = subprocess.run(
        [sys.executable, *command, "."],
        check=False,
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )

    assert "Heroku" in done.stdout
    assert done.stderr == ""
    assert not (tmp_path / "PWNED").exists()


@pytest.mark.parametrize("relative", [None, "src"])
def test_processes_import_nothing_from_the_working_directory(tmp_path: Path, relative: str | None) -> None:
    hostile = dict.fromkeys(["multiprocessing.py", "concurrent.py"], 'open("PWNED", "w")\n')
    write_tree(tmp_path, {**PLUG_IN, **hostile, **{f"src/{path}": text for path, text in hostile.items()}})
    write_tree(tmp_path, {f"app{number}/requirements.txt": "" for number in range(3)})
    variables = {} if relative is None else {"PYTHONPATH": f"{relative}{os.pathsep}{tmp_path / relative}"}

    done = subprocess.run(
        [str(Path(sys.executable).parent / "pydeploy-lint"), "--jobs", "2", "--format", "csv", "app0", "app1", "app2"],
        check=False,
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )

    assert done.stdout.count("\napp") == 3
    assert done.stderr == ""
    assert not list(tmp_path.rglob("PWNED"))


def test_what_is_installed_stays_on_the_import_path(tmp_path: Path) -> None:
    here = str(tmp_path)
    elsewhere = str(tmp_path.parent)

    assert installed([here, "", ".", f"{here}/src", elsewhere, LIBRARY, f"{here}/plugin"], here) == [
        elsewhere,
        LIBRARY,
        f"{here}/plugin",
    ]
    assert installed(["/", "/opt/plugins", LIBRARY], "/") == ["/opt/plugins", LIBRARY]


def test_the_environment_of_the_interpreter_may_be_in_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", f"{tmp_path}/.venv")

    path = [f"{tmp_path}/.venv/bin", f"{tmp_path}/lib", LIBRARY]
    assert installed(path, str(tmp_path)) == [f"{tmp_path}/.venv/bin", LIBRARY]


@pytest.mark.skipif(os.name == "nt", reason="shell scripts are no programs there")
@pytest.mark.parametrize("directory", ["", ".", "bin"])
def test_programs_are_not_looked_for_in_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, directory: str
) -> None:
    for name in ("git", "uv"):
        program = tmp_path / directory / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(PROGRAM, encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}/nowhere")
    monkeypatch.chdir(tmp_path)

    assert search_path() == "/nowhere"
    assert find_program("git") is None
    assert ask_uv(".") == Answer(None, "uv is not installed")
    with pytest.raises(GitError, match="git is not installed"):
        Git(".").run("--version")
    assert not (tmp_path / "PWNED").exists()


@pytest.mark.skipif(os.name == "nt", reason="shell scripts are no programs there")
@pytest.mark.skipif(find_program("uv") is None, reason="there is no uv")
@pytest.mark.parametrize(
    "files",
    [
        {".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11\n", ".venv/bin/python": PROGRAM},
        {".python-version": "./evil\n", "evil": PROGRAM},
        {"uv.toml": 'cache-dir = "made"\n'},
        {"pyproject.toml": f'{PROJECT}[tool.uv]\ncache-dir = "made"\npython-preference = "only-system"\n'},
    ],
)
def test_uv_runs_nothing_of_the_app_and_writes_nothing_there(tmp_path: Path, files: Files) -> None:
    app = tmp_path / "app"
    written = {"pyproject.toml": PROJECT, "uv.lock": LOCK, **files}
    write_tree(app, written)
    for name in ("evil", ".venv/bin/python"):
        if name in files:
            (app / name).chmod(0o755)

    answer = ask_uv(str(app))

    assert answer.fresh is True
    assert not (tmp_path / "PWNED").exists()
    assert {path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()} == written.keys()
    assert not (app / "made").exists()
