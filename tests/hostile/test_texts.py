"""What an app says is obeyed by no terminal, no runner of CI and no shell to which a command is copied."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.testing import Files, write_tree

COMMAND = [sys.executable, "-m", "pydeploy_lint", "--as-of", "2026-08-18"]
R: Files = {"requirements.txt": "gunicorn\n", ".python-version": "3.14\n"}
WEB = "web: gunicorn app:app\n"
CALLS = ["a; evil #", "a|evil #", "$(evil)", "`evil`", "a'; evil #", 'a"; evil #', "a' && evil && '", "a b & evil"]
"""Names that, unquoted or badly quoted, make a shell run ``evil``."""
PROGRAMS = ("cd", "chmod", "echo", "git", "heroku", "pip-compile", "printf", "pydeploy-lint", "sed", "touch", "uv")


def django(settings: str, **more: str) -> Files:
    manage = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "s")  # django\n'
    return {**R, "requirements.txt": "Django==5.1\n", "manage.py": manage, "s.py": f"import os\n{settings}", **more}


def crlf(path: str) -> Files:
    return {**R, "Procfile": f"web: {quoted(path)}\n", path: "#!/bin/sh\r\ntrue\r\n"}


def quoted(text: str) -> str:
    return '"{}"'.format(re.sub(r'([\\"$`])', r"\\\1", text))


PLACES: dict[str, Callable[[str], Files]] = {
    "a config var": lambda name: django(f"X = os.environ[{name!r}]\nSECRET_KEY = os.environ[{name + 'B'!r}]\n"),
    "an app": lambda name: {
        **R,
        "bin/x": f"heroku buildpacks:set https://github.com/heroku/heroku-buildpack-python#v267 -a {quoted(name)}\n",
    },
    "a buildpack": lambda name: {
        **R,
        "app.json": json.dumps(
            {"buildpacks": [{"url": f"https://github.com/a/{name}"}, {"url": f"heroku/{name}"}] * 2}
        ),
    },
    "a stack": lambda name: {**R, "app.json": json.dumps({"stack": name})},
    "config vars of app.json": lambda name: {**R, "app.json": json.dumps({"env": {name: {"value": 3}}, name: 1})},
    "a misnamed Procfile": lambda name: {**R, f"{name}/Procfile": WEB, "Procfile'": WEB},
    "a Procfile for another system": lambda _name: {**R, "Procfile`evil`": WEB, "Procfile;evil": WEB},
    "a directory of a Procfile": lambda name: {**R, f"{name}/Procfile": WEB},
    "a script": lambda name: crlf(f"bin/{name}"),
    "a script that a shell reads": lambda name: {
        **R,
        "Procfile": f"web: bash {quoted(name)}\n",
        name: "a\r\nb\r\nexec gunicorn app:app\r\n",
    },
    "a script that is not executable": lambda name: {**R, "Procfile": f"web: ./{quoted(name)}\n", name: "#!/bin/sh\n"},
    "a program elsewhere": lambda name: {**R, "Procfile": "web: python run.py\n", f"{name}/run.py": ""},
    "a module elsewhere": lambda name: {**R, "Procfile": WEB, f"{name}/app.py": "app = 1\n"},
    "a directory of static files": lambda name: django(
        f"STATICFILES_DIRS = [{name!r}]\nSTATIC_ROOT = 'x'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"
    ),
    "requirements in a directory": lambda name: {f"requirements/prod {name}.txt": "six\n"},
    "requirements to compile": lambda name: {f"requirements prod {name}.in": "six\n"},
    "an included file": lambda name: {**R, "requirements.txt": f"-r {quoted(name)}\n", ".gitignore": "*\n", name: ""},
    "an app below": lambda name: {f"{name}/requirements.txt": "six\n", f"{name}/manage.py": ""},
    "a package": lambda name: {**R, "requirements.txt": f"{name}\nsix @ file:///{name}\n-e {name}\n"},
    "a version": lambda name: {"requirements.txt": "", ".python-version": f"{name}\n", "runtime.txt": f"python-{name}"},
    "package managers": lambda name: {
        **R,
        "Pipfile": f'[packages]\n"{name}" = "*"\n',
        "poetry.lock": "",
        "uv.lock": "",
    },
    "modules": lambda name: {**R, "Procfile": WEB, "app.py": f"import boto3, os\nos.environ[{name!r}]\napp = 1\n"},
    "formation": lambda name: {**R, "app.json": json.dumps({"formation": {name: {"size": name, "quantity": 1}}})},
    "an add-on": lambda name: {**R, "app.json": json.dumps({"addons": [f"{name}:x", f"heroku-postgresql:{name}"]})},
}


def commands(report: object) -> Iterator[str]:
    """All commands that a report offers: the lines in its texts that begin with a program, and those of its fixes."""
    if isinstance(report, dict):
        for value in report.values():
            yield from commands(value)
    elif isinstance(report, list):
        for value in report:
            yield from commands(value)
    elif isinstance(report, str):
        lines = [line.strip() for line in report.splitlines()] if "\n" in report else [report]
        lines += re.findall(r"`(cd [^`]*) && `", report)
        yield from (line for line in lines if line.partition(" ")[0] in PROGRAMS)


@pytest.mark.skipif(os.name == "nt", reason="there is no such shell")
@pytest.mark.parametrize("place", PLACES)
def test_commands_can_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    stubs = tmp_path / "stubs"
    marker = tmp_path / "PWNED"
    for name in (*PROGRAMS[1:], "evil"):
        write_tree(stubs, {name: f"#!/bin/sh\ntouch '{marker}'\n" if name == "evil" else "#!/bin/sh\n"})
        (stubs / name).chmod(0o755)
    for number, call in enumerate(CALLS):
        app = tmp_path / f"app{number}"
        write_tree(app, PLACES[place](call))
        main(["--format", "json", str(app)])
        offered = list(commands(json.loads(capsys.readouterr().out)))
        main(["--plan", str(app)])
        plan = capsys.readouterr().out
        offered += [
            line[line.index("heroku config:set") :] for line in plan.splitlines() if "heroku config:set" in line
        ]
        work = tmp_path / f"work{number}"
        work.mkdir()
        for command in offered:
            subprocess.run(
                ["/bin/sh", "-c", command],
                cwd=work,
                env={"PATH": f"{stubs}:/bin:/usr/bin"},
                capture_output=True,
                check=False,
                timeout=20,
            )
            assert not marker.exists(), command


def test_the_shell_of_this_test_would_run_it(tmp_path: Path) -> None:
    stub = tmp_path / "evil"
    stub.write_text("#!/bin/sh\ntouch PWNED\n")
    stub.chmod(0o755)
    for call in CALLS:
        for command in (f"true {call}", f"true '{call}'", f'true "{call}"'):
            subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env={"PATH": f"{tmp_path}:/bin"}, check=False)
        assert (tmp_path / "PWNED").exists(), call
        (tmp_path / "PWNED").unlink()


EVIL = ["::add-mask::a", "##[add-path]evil", "\x1b]0;pwn\x07", "\x1b[2J", "a\r::error::b", "\x9b31m", "\u202e", "\x00"]
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|##\[|^\s*::", re.MULTILINE)
"""What a terminal or a runner would obey; tabs and line ends are harmless."""
SPOKEN: dict[str, Callable[[str], tuple[Files, list[str]]]] = {
    "a key of the configuration": lambda text: ({**R, ".pydeploy-lint.toml": f"{json.dumps(text)} = 1\n"}, []),
    "a value of the configuration": lambda text: ({**R, ".pydeploy-lint.toml": f"ignore = [{json.dumps(text)}]\n"}, []),
    "a value on the command line": lambda text: (R, ["--ignore", text.replace("\0", "")]),
    "a path": lambda text: (R, [text.replace("\0", "")]),
    "a revision": lambda text: (R, ["--rev", text.replace("\0", "")]),
    "an output": lambda text: (R, ["--output", f"json:{text}/x".replace("\0", "")]),
    "a format": lambda text: (R, ["--format", text.replace("\0", "")]),
    "a fixed file": lambda text: ({**R, f"Procfil{text}".replace("\0", "").replace("/", ""): WEB}, ["--fix"]),
    "a patch": lambda text: (
        {**R, "Procfile": f"web:gunicorn app:app\n {text}\n{text}\nx: y\n"},
        ["--diff", "--unsafe-fixes"],
    ),
    "a baseline": lambda text: ({**R, "b.json": json.dumps({"schema_version": text})}, ["--baseline", "b.json"]),
    "a listing": lambda text: ({**R, "l": f"{text}\n1. {text}\n"}, ["--buildpacks", "l"]),
    "a log": lambda text: ({**R, "l": f"remote: {text}\nremote:  !     {text}\n"}, ["--build-log", "l"]),
}


def run_on_terminal(arguments: list[str], directory: Path) -> str:
    """All that a run shows on a terminal, the line ends as they were written."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
    ) as run:
        os.close(follower)
        shown = b""
        while True:
            try:
                data = os.read(leader, 65_536)
            except OSError:
                break
            if not data:
                break
            shown += data
        run.wait(timeout=60)
    os.close(leader)
    return shown.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize("place", SPOKEN)
def test_nothing_is_obeyed_on_a_terminal(tmp_path: Path, place: str) -> None:
    for number, text in enumerate((" ".join(EVIL), EVIL[0], EVIL[1])):
        app = tmp_path / str(number)
        files, arguments = SPOKEN[place](text)
        write_tree(app, files)
        assert not RAW.findall(run_on_terminal(arguments, app))


@pytest.mark.parametrize("place", SPOKEN)
@pytest.mark.parametrize("github", [False, True])
def test_nothing_is_obeyed_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str, github: bool
) -> None:
    monkeypatch.setenv("CI", "true")
    if github:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
    own = re.compile(r"^::(error|warning|notice) (file=[^:\x00-\x1f]*,)?[^:\x00-\x1f]*::", re.MULTILINE)
    for number, text in enumerate(EVIL):
        app = tmp_path / str(number)
        files, arguments = SPOKEN[place](text)
        write_tree(app, files)
        monkeypatch.chdir(app)
        main(arguments)
        out, err = capsys.readouterr()
        shown = f"{out}\n{err}"
        assert not RAW.findall(own.sub("", shown) if github else shown)


def test_a_patch_in_a_file_or_a_pipe_is_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, arguments = SPOKEN["a patch"]("\x1b[2J##[x]")
    write_tree(tmp_path, files)
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, check=False)
    assert b"\n \x1b[2J##[x]\n" in done.stdout.replace(b"\n  ", b"\n ")
    monkeypatch.setenv("CI", "true")
    with (tmp_path / "patch").open("wb") as file:
        subprocess.run([*COMMAND, *arguments], cwd=tmp_path, stdout=file, check=False)
    assert (tmp_path / "patch").read_bytes() == done.stdout
    assert subprocess.run([*COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, check=False).stdout != (
        done.stdout
    )


def test_a_patch_that_is_seen_holds_no_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tree(tmp_path, {**R, "Procfile": "web:gunicorn app:app\nx: A=postgres://u:s3cret@host.example/db y\n"})
    monkeypatch.setenv("CI", "true")

    assert main(["--diff", "--unsafe-fixes", str(tmp_path)]) == 1

    out = capsys.readouterr().out
    assert "postgres://" in out
    assert "s3cret" not in out
