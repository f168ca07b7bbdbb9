"""Try the names in ``data/removed_names.json``: a release before must have each, and one after must not.

    pip install uv
    python tools/measure_removed_names.py [DISTRIBUTION ...] --pythons ~/.pyenv/versions

Each entry names the first release without the names. The newest release before it, and the newest of the same major
version after it, are installed in an environment of their own, with what the old ones need beside them; then every name
is imported. What was tried, and when, is written into the file. The exit status is 1 where a name is not as the file
says. Names are found by hand, in the changelogs.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src/pydeploy_lint/data/removed_names.json"
OLD = ("3.8.", "3.9.")
"""The Pythons with which the releases before are tried."""
PROBE = """\
import importlib, importlib.metadata, json, sys

try:
    import django
    from django.conf import settings

    settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
    django.setup()
except ImportError:
    pass


def is_there(name):
    module, _, member = name.rpartition(".")
    try:
        importlib.import_module(name)
        return True
    except Exception:
        pass
    try:
        getattr(importlib.import_module(module), member)
        return True
    except Exception:
        return False


print(json.dumps({name: is_there(name) for name in sys.argv[2:]}))
print(importlib.metadata.version(sys.argv[1]))
"""


def interpreters(directory: Path) -> list[Path]:
    """The Pythons in a directory such as pyenv's, the newest first."""
    found = [path for path in directory.iterdir() if path.name.startswith("3.") and (path / "bin/python3").exists()]
    found.sort(key=lambda path: tuple(map(int, path.name.split(".")[:2])), reverse=True)
    return [path / "bin/python3" for path in found]


def attempt(python: Path, requirements: list[str], distribution: str, names: list[str]) -> tuple[dict[str, bool], str]:
    """Which names are there with some requirements, and the release that was installed; nothing where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", "--python", python, folder], check=True)
        inside = Path(folder, "bin/python")
        install: list[str | Path] = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            inside,
            *requirements,
        ]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return {}, ""
        probe: list[str | Path] = [
            inside,
            "-W",
            "ignore",
            "-c",
            "import importlib.metadata\n" + PROBE,
            distribution,
            *names,
        ]
        done = subprocess.run(probe, capture_output=True, text=True, cwd=folder, check=False)
        lines = done.stdout.splitlines()
        return (json.loads(lines[-2]), lines[-1]) if done.returncode == 0 else ({}, "")


def first_attempt(
    pythons: list[Path], requirements: list[str], name: str, names: list[str]
) -> tuple[dict[str, bool], str]:
    """The first of some Pythons with which it can be installed."""
    for python in pythons:
        there, version = attempt(python, requirements, name, names)
        if version:
            return there, version
    return {}, ""


def measure(name: str, version: str, entry: dict[str, Any], pythons: Path) -> list[str]:
    """Try the names that one release removed, and note that; what is not as the file says."""
    names = sorted(entry["names"])
    beside: list[str] = entry.get("beside", [])
    major = int(version.split(".", maxsplit=1)[0])
    newest_first = interpreters(pythons)
    of_the_time = [python for python in newest_first if python.parts[-3].startswith(OLD)]
    before, older = first_attempt(of_the_time, [f"{name}<{version}", *beside], name, names)
    after, newer = first_attempt(newest_first, [f"{name}>={version},<{major + 1}"], name, names)
    wrong = [f"{name} {older} lacks {each} already" for each in names if not before.get(each)]
    wrong += [f"{name} {newer} still has {each}" for each in names if after.get(each, True)]
    entry["tried"] = [older, newer]
    entry["date"] = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return wrong


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("distributions", nargs="*", help="those to try; by default all")
    parser.add_argument("--pythons", type=Path, required=True, help="a directory with interpreters, such as pyenv's")
    options = parser.parse_args()
    data = json.loads(DATA.read_bytes())
    wrong: list[str] = []
    for name, package in data["packages"].items():
        if options.distributions and name not in options.distributions:
            continue
        for version, entry in package["removed"].items():
            wrong += measure(name, version, entry, options.pythons)
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(wrong) or "all names are as the file says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
