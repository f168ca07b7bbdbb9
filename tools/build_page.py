"""Builds the page that runs pydeploy-lint in a browser: static files, for any web server or a folder of one.

    python tools/build_page.py [DIRECTORY] [--address ADDRESS]

It needs npm. Pyodide comes from npm, in the version and with the hash of `web/package-lock.json`; the wheels that
pydeploy-lint needs are named with their hashes in `web/wheels.txt`; that of pydeploy-lint itself is made from the
source. What the page loads lies beside it, so that it needs no other host.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path

from pydeploy_lint.engine.check import SITE

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
DEFAULT = WEB / "dist"
PYODIDE = WEB / "node_modules" / "pyodide"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
SOURCES = ("src", "checks", "pyproject.toml", "README.md", "LICENSE")
"""What a wheel of pydeploy-lint is made from."""
MODULE = "pydeploy_lint_page.py"
SERVICE = "service.js"
"""Beside the page, whose files it may serve then."""
EXAMPLES = ("rejected", "problems", "django", "clean")
"""The folders of examples that the page offers."""
EXAMPLE_DAY = "2026-11-23"
"""The day by which the documentation judges them."""


def main() -> int:
    """Build the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", nargs="?", type=Path, default=DEFAULT, help="where to put it; default: web/dist")
    parser.add_argument("--address", help="where it will be served, to keep out scripts that the host adds")
    arguments = parser.parse_args()
    build(arguments.directory, arguments.address)
    return 0


def build(directory: Path, address: str | None) -> None:
    """Build the page.

    Args:
        directory: where to put it; what is there is replaced.
        address: where it will be served; None where that does not matter, and it may load all that its host has.
    """
    install()
    npm("run", "--silent", "build")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        assets = Path(name)
        for folder in ("page", "worker", "shared"):
            shutil.copytree(WEB / "build" / folder, assets / folder)
        shutil.copy(WEB / "page.css", assets / "page.css")
        shutil.copy(ROOT / "src/pydeploy_lint/report/html/style.css", assets / "report.css")
        shutil.copy(WEB / "python" / MODULE, assets / MODULE)
        (assets / "examples.json").write_text(json.dumps(examples()), encoding="utf-8")
        wheel(assets)
        place = f"assets/{digest_of(assets)}"
        shutil.copytree(assets, directory / place)
    wheels = directory / "wheels"
    download(wheels)
    runtime = directory / f"pyodide-{pyodide_version()}"
    runtime.mkdir()
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, runtime / name)
    information = information_for(directory, place)
    write_service(directory)
    template = string.Template((WEB / "index.html").read_text(encoding="utf-8"))
    own = f"{address.rstrip('/')}/" if address else "'self'"
    page = template.substitute(assets=place, site=SITE, own=own, build=json.dumps(information))
    (directory / "index.html").write_text(page, encoding="utf-8", newline="\n")


def install() -> None:
    """Install the npm packages, unless that was done since the list of them changed."""
    installed = WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
        npm("ci", "--silent", "--no-audit", "--no-fund")


def npm(*arguments: str) -> None:
    """Run npm in the folder of the page."""
    program = shutil.which("npm")
    if program is None:
        raise SystemExit("npm is not installed, and the page is built with it")
    subprocess.run([program, *arguments], cwd=WEB, check=True)


def wheel(directory: Path) -> None:
    """Make a wheel of pydeploy-lint, from a copy: setuptools would add what an earlier build left behind."""
    with tempfile.TemporaryDirectory() as copy:
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, Path(copy) / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
            else:
                shutil.copy(source, copy)
        pip("wheel", "--no-deps", "--wheel-dir", str(directory), copy)


def download(directory: Path) -> None:
    """Download the wheels that pydeploy-lint needs."""
    pip(
        *("download", "--no-deps", "--require-hashes", "--dest", str(directory)),
        *("--only-binary", ":all:", "--platform", "any", "--python-version", "3.14", "-r", str(WEB / "wheels.txt")),
    )


def examples() -> dict[str, dict[str, str]]:
    """The texts of the examples, by name and path."""
    return {
        name: {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        for name in EXAMPLES
        for folder in [ROOT / "examples" / name]
    }


def pip(*arguments: str) -> None:
    """Run pip, quietly."""
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    # Equal sources make an equal wheel, and so an equal address.
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"})


def pyodide_version() -> str:
    """The version of Pyodide that is installed."""
    version: str = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))["version"]
    return version


def digest_of(directory: Path) -> str:
    """A short name for the contents of a directory."""
    digest = hashlib.sha256()
    for path in files_of(directory):
        digest.update(f"{path.relative_to(directory).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def information_for(directory: Path, place: str) -> dict[str, object]:
    """What the page has to know of its files: where they are, and how large."""
    paths = {path.relative_to(directory).as_posix(): path.stat().st_size for path in files_of(directory)}
    runtime = f"pyodide-{pyodide_version()}/"
    loaded = [path for path in paths if path.startswith(runtime) or path.endswith((".whl", MODULE))]
    return {
        "worker": f"{place}/worker/main.js",
        "service": SERVICE,
        "pyodide": runtime,
        "platform": json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"],
        "wheels": [path for path in loaded if path.endswith(".whl")],
        "modules": [f"{place}/{MODULE}"],
        "examples": f"{place}/examples.json",
        "example_names": EXAMPLES,
        "example_day": EXAMPLE_DAY,
        "sizes": {path: paths[path] for path in loaded},
    }


def write_service(directory: Path) -> None:
    """Write the service worker, which names all files that it keeps: so it changes when one of them does."""
    names = [path.relative_to(directory).as_posix() for path in files_of(directory)]
    code = (WEB / "build" / "service" / "main.js").read_text(encoding="utf-8")
    (directory / SERVICE).write_text(f"const FILES = {json.dumps(names)};\n{code}", encoding="utf-8", newline="\n")


def files_of(directory: Path) -> list[Path]:
    """The files below a directory."""
    return [path for path in sorted(directory.rglob("*")) if path.is_file()]


if __name__ == "__main__":
    raise SystemExit(main())
