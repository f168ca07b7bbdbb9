"""uv, Poetry and Pipenv themselves, with an index made on the spot, for comparing the linter's verdicts with theirs.

Poetry and Pipenv run in processes that are forked from one in which they are imported already, with a throw-away
virtual environment that takes the place of this machine's Python. Nothing is installed: uv and Poetry are told so, and
Pipenv ends where it would begin.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import venv
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

TIMEOUT = 120
"""Seconds for one command."""
CATALOGUE: dict[str, dict[str, tuple[str, ...]]] = {
    "six": {"1.16.0": (), "1.17.0": ()},
    "attrs": {"23.1.0": (), "24.2.0": ()},
    "colorama": {"0.4.6": ()},
    "idna": {"3.4": (), "3.10": ()},
    "click": {"8.1.0": ("colorama; platform_system == 'Windows'",), "8.2.1": ()},
    "python-dateutil": {"2.8.2": ("six>=1.5",), "2.9.0": ("six>=1.5",)},
    "webby": {
        "1.0": ("click", "idna<4", "attrs>=23; extra == 'fast'"),
        "2.0": ("click>=8.1", "idna>=3", "attrs>=24; extra == 'fast'"),
    },
    "torchy": {"2.4.0": (), "2.5.0": (), "2.6.0rc1": ()},
}
"""Packages of the index, with their versions and what each requires."""
FORK_SERVER = """
import json, os, sys, tempfile

def poetry():
    import poetry.console.commands.lock, poetry.console.commands.sync
    import poetry.installation.installer, poetry.packages.locker
    from poetry.console.application import main
    # What it imports while it works, it imports once.
    with tempfile.TemporaryDirectory() as root:
        os.chdir(root)
        with open("pyproject.toml", "w") as file:
            file.write("[tool.poetry]\\npackage-mode = false\\n[tool.poetry.dependencies]\\npython = '*'\\n")
        for arguments in (["lock"], ["sync", "--only", "main", "--dry-run", "--no-ansi"]):
            sys.argv = ["poetry", *arguments, "--quiet"]
            try:
                main()
            except SystemExit:
                pass
        os.chdir("/")
    return main

def pipenv():
    import pipenv.routines.install as install
    from pipenv.cli import cli
    import pipenv.routines.lock, pipenv.project, pipenv.utils.project
    def end(*_, **__):
        sys.stdout.flush()
        os._exit(0)
    install.batch_install = end
    return cli

main = {"poetry": poetry, "pipenv": pipenv}[sys.argv[1]]()
for line in sys.stdin:
    order = json.loads(line)
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.chdir(order["cwd"])
            os.environ["PWD"] = order["cwd"]
            for stream in (1, 2):
                os.dup2(output.fileno(), stream)
            sys.argv = [sys.argv[1], *order["arguments"]]
            status = 0
            try:
                status = main()
            except SystemExit as error:
                status = error.code if isinstance(error.code, int) else int(error.code is not None)
            except BaseException:
                import traceback
                traceback.print_exc()
                status = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(status or 0) & 255)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        text = output.read().decode(errors="replace")
    sys.__stdout__.write(json.dumps([os.waitstatus_to_exitcode(status), text]) + "\\n")
    sys.__stdout__.flush()
"""


BACKEND = """
import os, pathlib, tomllib

def prepare_metadata_for_build_wheel(directory, settings=None):
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project.get('version', '1')}"]
    if python := project.get("requires-python"):
        lines.append(f"Requires-Python: {python}")
    lines += [f"Requires-Dist: {each}" for each in project.get("dependencies", [])]
    for extra, requirements in project.get("optional-dependencies", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        for each in requirements:
            name, _, marker = each.partition(";")
            marker = f"({marker}) and extra == '{extra}'" if marker else f"extra == '{extra}'"
            lines.append(f"Requires-Dist: {name} ; {marker}")
    info = pathlib.Path(directory, f"{project['name'].replace('-', '_')}-{project.get('version', '1')}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("\\n".join(lines) + "\\n")
    return info.name

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel

def build_wheel(*_):
    raise RuntimeError("nothing is built")

build_editable = build_wheel
"""
"""A build backend in the project itself, for those that uv asks for their metadata; it needs Python 3.11."""
BUILD_SYSTEM: dict[str, Any] = {"requires": [], "build-backend": "backend", "backend-path": ["."]}
"""The ``[build-system]`` for it."""


class Answer(NamedTuple):
    """What a tool said."""

    status: int
    text: str


def wheel(name: str, version: str, requires: tuple[str, ...]) -> tuple[str, bytes, bytes]:
    """The file name, the content and the metadata of a wheel without any code."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    extras = sorted({found for each in requires for found in re.findall("extra == '([^']+)'", each)})
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Requires-Python: >=3.8"]
    lines += [f"Requires-Dist: {each}" for each in requires] + [f"Provides-Extra: {extra}" for extra in extras]
    metadata = ("\n".join(lines) + "\n").encode()
    files = {
        f"{module}.py": b"",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in files.items()
    )
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, data in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), data)
    return f"{module}-{version}-py3-none-any.whl", content.getvalue(), metadata


class Index:
    """A package index on this machine, at two addresses."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.pages: dict[str, list[dict[str, Any]]] = {}
        for name, versions in CATALOGUE.items():
            for version, requires in versions.items():
                file, content, metadata = wheel(name, version, requires)
                self.files |= {file: content, f"{file}.metadata": metadata}
                self.pages.setdefault(name, []).append(self._entry(file, content, metadata))
        handler = partial(_Handler, self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    @staticmethod
    def _entry(file: str, content: bytes, metadata: bytes) -> dict[str, Any]:
        return {
            "filename": file,
            "url": f"../../files/{file}",
            "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
            "core-metadata": {"sha256": hashlib.sha256(metadata).hexdigest()},
            "size": len(content),
            "upload-time": "2024-06-01T00:00:00Z",
            "requires-python": ">=3.8",
        }

    def __enter__(self) -> Index:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, index: Index, *arguments: Any) -> None:
        self.index = index
        super().__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer without content."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer with a page of the index or with a file."""
        parts = [part for part in self.path.split("?")[0].split("/") if part]
        kind, content = "application/octet-stream", self.index.files.get(parts[-1] if parts else "")
        if content is None and len(parts) == 2:
            kind, content = self._page(parts[1])
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content or b"")

    def _page(self, name: str) -> tuple[str, bytes | None]:
        files = self.index.pages.get(name)
        if files is None:
            return "text/plain", None
        if "json" in self.headers.get("Accept", ""):
            page = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            return "application/vnd.pypi.simple.v1+json", json.dumps(page).encode()
        links = "".join(
            f'<a href="{file["url"]}#sha256={file["hashes"]["sha256"]}">{file["filename"]}</a>\n' for file in files
        )
        return "text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode()


class Tool:
    """A package manager that locks, and that judges a lock as it is judged on Heroku."""

    def __init__(self, name: str, program: Path, scratch: Path, index: Index) -> None:
        """Make it ready.

        Args:
            name: ``uv``, ``poetry`` or ``pipenv``.
            program: its executable, in a virtual environment of its own.
            scratch: a directory for caches and the virtual environment that it is given.
            index: where it finds packages.
        """
        self.name, self._program = name, program
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("UV_", "POETRY_", "PIP", "VIRTUAL_"))
        }
        self._environment = environment | {
            "HOME": str(scratch),
            "PYTHONWARNINGS": "ignore",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
        self._server: subprocess.Popen[str] | None = None
        if name == "uv":
            self._environment |= {
                "UV_CACHE_DIR": str(scratch / "uv"),
                "UV_DEFAULT_INDEX": f"{index.address}/simple/",
                "UV_PYTHON": sys.executable,
                "UV_PYTHON_DOWNLOADS": "never",
            }
            return
        environment_root = scratch / "venv"
        if not environment_root.exists():
            venv.create(environment_root, with_pip=name == "pipenv", symlinks=os.name != "nt")
        self._environment |= {
            "VIRTUAL_ENV": str(environment_root),
            "PATH": f"{environment_root / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "POETRY_CACHE_DIR": str(scratch / "poetry"),
            "POETRY_NO_INTERACTION": "1",
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "PIPENV_CACHE_DIR": str(scratch / "pipenv"),
            "PIPENV_IGNORE_PIPFILE": "",
            "PIPENV_MAX_DEPTH": "1",
            "PIPENV_NOSPIN": "1",
            "PIPENV_VENV_IN_PROJECT": "1",
            "PIPENV_YES": "1",
        }
        self._serve()

    def _serve(self) -> None:
        interpreter = self._program.parent / "python"
        self._server = subprocess.Popen(
            [str(interpreter), "-c", FORK_SERVER, self.name],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, root: Path, *arguments: str) -> Answer:
        """Run one command in a directory."""
        if self._server is None:
            done = subprocess.run(
                [str(self._program), *arguments],
                cwd=root,
                env=self._environment,
                check=False,
                capture_output=True,
                timeout=TIMEOUT,
            )
            return Answer(done.returncode, (done.stdout + done.stderr).decode(errors="replace"))
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps({"cwd": str(root), "arguments": arguments}) + "\n")
        self._server.stdin.flush()
        return Answer(*json.loads(self._server.stdout.readline()))

    def lock(self, root: Path) -> Answer:
        """Lock the project in a directory."""
        return self.run(root, "lock")

    def judge(self, root: Path) -> Answer:
        """Do what Heroku does with a lock, without installing anything."""
        command = {
            "uv": ("sync", "--locked", "--no-default-groups", "--dry-run"),
            "poetry": ("sync", "--only", "main", "--dry-run", "--no-ansi"),
            "pipenv": ("install", "--deploy"),
        }
        return self.run(root, *command[self.name])

    def close(self) -> None:
        """End the process that the others are forked from."""
        if self._server is not None and self._server.stdin:
            self._server.stdin.close()
            self._server.wait()


def install(directory: Path, versions: dict[str, str]) -> dict[str, Path]:
    """Install the tools, each in a virtual environment of its own, unless they are there.

    Args:
        directory: where to; it is kept, so that they are not downloaded again.
        versions: of each tool.

    Returns:
        The programs by tool.
    """
    programs = {}
    for name, version in versions.items():
        root = directory / f"{name}-{version}"
        programs[name] = root / "bin" / name
        if not programs[name].exists():
            venv.create(root, with_pip=True)
            pip = [str(root / "bin" / "python"), "-m", "pip", "install", "--quiet", f"{name}=={version}"]
            subprocess.run(pip, check=True)
    return programs
