"""What pydeploy-lint asks of the operating system, seen with strace: what it opens, starts and sends."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import pydeploy_checks
import pytest

import pydeploy_lint
from pydeploy_lint.files.programs import find_program
from pydeploy_lint.testing import Files, Link, write_tree

PROGRAM = str(Path(sysconfig.get_path("scripts")) / "pydeploy-lint")
CALLS = "open,openat,openat2,creat,execve,execveat,socket,connect,bind"
OPENED = re.compile(
    r'^(?:openat2?\((?P<directory>[^,]*), |(?:open|creat)\()"(?P<path>(?:[^"\\]|\\.)*)".*\) = (?P<result>.*)$'
)
STARTED = re.compile(r'^execve(?:at)?\((?:[^",]*, )?"(?P<path>(?:[^"\\]|\\.)*)".*\) = 0$')
REAL = re.compile(r"^\d+<(?P<path>.*)>$")
"""What strace says of a file that was opened: its number and, without any link, its path."""
SYSTEM = (
    *(
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/localtime",
        "/etc/locale.alias",
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
    ),
    *(
        "/usr/share/locale",
        "/usr/share/zoneinfo",
        "/dev/null",
        "/dev/urandom",
        "/proc/self",
        "/proc/sys/vm/overcommit_memory",
    ),
    *(
        "/sys/kernel/mm/transparent_hugepage",
        "/proc/meminfo",
        "/sys/devices/system/cpu",
        "/etc/ssl/openssl.cnf",
        "/usr/share/git-core",
    ),
)
"""What the loader, the C library and the interpreter read."""
OF_GIT = ("/etc/gitconfig",)

PATIENCE = 120
"""Seconds to wait for a program; strace makes it slow."""
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
HOSTILE: Files = {
    "requirements.txt": "-r ../outside.txt\n-c /etc/hostname\n-e ../elsewhere\nDjango==5.2\n",
    "constraints.txt": Link("../outside.txt"),
    "Procfile": "web: python ../outside.py\nworker: sh /etc/profile\nrelease: cd .. && ./outside.sh\n",
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\nimport django\n',
    "settings.py": Link("../outside.py"),
    ".python-version": "3.13.1\n",
    "runtime.txt": "python-3.13.1\n",
    "pyproject.toml": f'{PROJECT}[tool.uv.workspace]\nmembers = ["x/../../*", "../*", "linked/*"]\n'
    '[tool.uv.sources]\nb = { path = "../elsewhere" }\n',
    "x/y": "",
    "linked": Link("../elsewhere"),
    "bin": Link("/etc"),
    ".slugignore": Link("/etc/hosts"),
    ".gitignore": Link("../outside.txt"),
    ".env": Link("../outside.txt"),
    "app.json": '{"buildpacks": [{"url": "https://example.com/../outside"}]}',
    "Dockerfile": "FROM python:3.12\nCOPY ../outside.txt .\n",
    ".github/workflows/a.yml": "# buildpack heroku\nsteps:\n- run: heroku buildpacks:set ../outside\n",
}
"""An app that points at what is outside of it, in every way that its files can."""


class Seen(NamedTuple):
    """What a run did."""

    opened: list[str]
    """The paths that it opened, without links."""
    started: list[str]
    """The programs."""
    sent: list[str]
    """Calls that make or use a socket."""


def _works() -> str | None:
    """Why strace cannot be used; None where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed, so nobody watches what is opened and started"
    tried = subprocess.run(
        ["strace", "-f", "-o", os.devnull, sys.executable, "-c", ""], check=False, capture_output=True
    )
    return "strace may not trace processes here" if tried.returncode else None


UNAVAILABLE = _works()
pytestmark = pytest.mark.skipif(UNAVAILABLE is not None, reason=str(UNAVAILABLE))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The app in a repository, beside files that are none of its business."""
    outside = {"outside.txt": "six\n", "outside.py": "DEBUG = True\n", "outside.sh": "#!/bin/sh\n"}
    write_tree(tmp_path, {**outside, "elsewhere/pyproject.toml": "", "home/.gitconfig": "", "app/README": ""})
    app = tmp_path / "app"
    write_tree(app, HOSTILE)
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=app, check=True)
    return app


@contextmanager
def watching(app: Path, arguments: Sequence[str], program: str = PROGRAM) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in an app under strace, and kill it if it does not end."""
    traces = app.parent / "traces"
    shutil.rmtree(traces, ignore_errors=True)
    traces.mkdir()
    app.mkdir(exist_ok=True)
    variables = {"PATH": os.environ["PATH"], "HOME": str(app.parent / "home"), "LANG": "C.UTF-8"}
    strace = [
        "strace",
        "-ff",
        "-y",
        "-qq",
        "-s",
        "4096",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(traces / "t"),
    ]
    process = subprocess.Popen(
        [*strace, program, *arguments],
        cwd=app,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        with process:
            yield process
            process.communicate(timeout=PATIENCE)
    finally:
        process.kill()


def what_was_seen(app: Path) -> Seen:
    """What the program did that was watched last."""
    seen = Seen([], [], [])
    for trace in sorted((app.parent / "traces").iterdir()):
        for line in trace.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            if found := OPENED.match(line):
                real = REAL.match(found["result"])
                seen.opened.extend([real["path"]] if real else [])
            elif found := STARTED.match(line):
                seen.started.append(found["path"])
            elif not line.startswith(("open", "exec", "creat")):
                seen.sent.append(line)
    return seen


def watch(app: Path, arguments: Sequence[str]) -> Seen:
    """What pydeploy-lint does in an app."""
    with watching(app, arguments) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, 1), (out, err)
    assert b"Traceback" not in err, err
    return what_was_seen(app)


def allowed(app: Path) -> tuple[str, ...]:
    """Directories and files that may be opened."""
    installed = {
        *site.getsitepackages(),
        site.getusersitepackages(),
        sysconfig.get_path("stdlib"),
        sys.prefix,
        sys.base_prefix,
    }
    ours = {str(Path(package.__path__[0]).resolve()) for package in (pydeploy_lint, pydeploy_checks)}
    home = app.parent / "home"
    of_user = (str(home / ".gitconfig"), str(home / ".config" / "git"))
    return (str(app), *(os.path.realpath(path) for path in installed), *ours, *SYSTEM, *OF_GIT, *of_user)


def outside(paths: Sequence[str], roots: Sequence[str]) -> list[str]:
    return sorted({path for path in paths if not any(path == root or path.startswith(f"{root}/") for root in roots)})


def message(method: str, parameters: object, number: int | None = None) -> bytes:
    """What an editor writes to a language server."""
    body = {"jsonrpc": "2.0", "method": method, "params": parameters} | ({} if number is None else {"id": number})
    text = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--plan"],
        ["--format", "html"],
        ["--rev", "HEAD"],
        ["--staged"],
        ["--hook"],
        ["--diff"],
        ["--fix", "--unsafe-fixes"],
    ],
    ids=" ".join,
)
def test_a_run_looks_at_nothing_else(app: Path, options: list[str]) -> None:
    seen = watch(app, [*options, "."])

    assert outside(seen.opened, allowed(app)) == []
    assert {Path(path).name for path in seen.started} <= {"pydeploy-lint", "git"}
    assert seen.sent == []
    assert len(seen.opened) > 20


def test_a_language_server_looks_at_nothing_else(app: Path) -> None:
    pytest.importorskip("pygls", reason="the language server is not installed")
    folder = {"uri": app.as_uri(), "name": "app"}
    opened = {"uri": (app / "Procfile").as_uri(), "languageId": "text", "version": 1, "text": "web: gunicorn a\n"}

    with watching(app, ["--lsp"]) as server:
        assert server.stdin
        assert server.stdout
        parameters: dict[str, object] = {
            "processId": None,
            "capabilities": {},
            "rootUri": app.as_uri(),
            "workspaceFolders": [folder],
        }
        server.stdin.write(message("initialize", parameters, 1) + message("initialized", {}))
        server.stdin.write(message("textDocument/didOpen", {"textDocument": opened}))
        server.stdin.flush()
        while "textDocument/publishDiagnostics" not in _answer(server.stdout):
            pass
        server.stdin.write(message("shutdown", None, 2) + message("exit", None))
        server.stdin.flush()
    seen = what_was_seen(app)

    assert outside(seen.opened, allowed(app)) == []
    assert {Path(path).name for path in seen.started} <= {"pydeploy-lint", "git"}
    assert seen.sent == []


def _answer(stream: IO[bytes]) -> str:
    """What a language server says next."""
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    assert length, "the server has ended"
    return stream.read(length).decode()


@pytest.mark.skipif(find_program("uv") is None, reason="there is no uv")
def test_uv_is_started_only_if_it_is_asked(app: Path) -> None:
    (app / "requirements.txt").unlink()
    write_tree(app, {"uv.lock": LOCK, "pyproject.toml": PROJECT})

    plain = watch(app, ["."])
    asked = watch(app, ["--ask-uv", "."])

    assert "uv" not in {Path(path).name for path in plain.started}
    assert "uv" in {Path(path).name for path in asked.started}
    assert asked.sent == []
    # uv asks this interpreter what it is, and no other.
    programs = {path for path in asked.started if Path(path).name not in ("pydeploy-lint", "git", "uv")}
    own = Path(sys.executable)
    assert {Path(path).parent for path in programs} <= {own.parent, own.resolve().parent}


def test_strace_sees_what_it_must(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("secret")
    code = f"import socket, subprocess; open({str(tmp_path / 'link')!r}); socket.socket(); subprocess.run(['true'])"
    with watching(tmp_path / "app", ["-c", code], program=sys.executable):
        pass
    seen = what_was_seen(tmp_path / "app")

    assert str(tmp_path / "secret") in outside(seen.opened, allowed(tmp_path / "app"))
    assert Path(seen.started[-1]).name == "true"
    assert any(line.startswith("socket(AF_INET") for line in seen.sent)
