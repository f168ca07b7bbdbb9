"""Writes which settings in ``[tool.uv]`` some releases of uv know, and which kinds of values they accept.

    python tools/update_uv_settings.py 0.7.22=path/to/uv 0.12.5=path/to/another/uv

Each uv is asked itself: for every setting, a project is locked with values of all kinds, and the answers are sorted by
what uv says of them. A setting that no uv knows ends in a message that lists all it does know.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "pydeploy_lint" / "facts" / "locks" / "uv" / "settings.json"
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = []\n'
PROBES = {
    "string": ('"zz-9"', '"https://index.example/x"', '"2025-01-01"'),
    "integer": ("1",),
    "float": ("1.5",),
    "boolean": ("true",),
    "date": ("2025-01-01",),
    "array": ("[]",),
    "table": ("{}",),
}
ITEMS = {"string": ('["zz-9"]',), "integer": ("[1]",), "table": ('[{zz = "zz"}]', "[{}]"), "array": ("[[]]",)}
OTHER_KIND = re.compile(
    r"invalid type: |wanted string or table|untagged enum Helper|invalid length 0|toml_private_datetime"
)
WARNING = "during settings discovery"
SETTINGS = "[tool.uv]\n"
PIP = "[tool.uv.pip]\n"


class Uv:
    """One release of uv, with a project to try settings in."""

    def __init__(self, program: str, root: Path) -> None:
        self.program, self.root = program, root
        (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
        self._run("lock")

    def _run(self, *arguments: str) -> tuple[int, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
        environment |= {"UV_OFFLINE": "1", "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.root,
            env=environment | {"UV_NO_CACHE": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stderr

    def say(self, header: str, key: str, value: str) -> tuple[int, str]:
        """The exit status and the messages with one setting."""
        (self.root / "pyproject.toml").write_text(f"{PROJECT}{header}{key} = {value}\n", encoding="utf-8")
        return self._run("lock", "--check")

    def settings(self, header: str) -> dict[str, Any]:
        """Every setting in a table."""
        _, text = self.say(header, "zz-zz", "1")
        names = re.findall("`([^`]+)`", text.split("expected one of ")[1].split("\n")[0])
        return {name: self._setting(header, name) for name in sorted(names)}

    def _setting(self, header: str, name: str) -> dict[str, Any]:
        answers = {kind: [self.say(header, name, value) for value in values] for kind, values in PROBES.items()}
        kinds = [kind for kind, found in answers.items() if not all(_is_other_kind(text) for _, text in found)]
        result: dict[str, Any] = {"kinds": kinds}
        if found := re.search(r"unknown variant .*, expected (.*)", answers["string"][0][1]):
            return {"kinds": ["string"], "values": re.findall("`([^`]+)`", found[1])}
        if "string" in kinds and not any(WARNING in text or status for status, text in answers["string"]):
            result["any-string"] = True
        if "array" in kinds:
            items = {kind: [self.say(header, name, value) for value in values] for kind, values in ITEMS.items()}
            result["items"] = [k for k, found in items.items() if not all(_is_other_kind(text) for _, text in found)]
            if not any(status or WARNING in text for status, text in items["string"]):
                result["any-item"] = True
        wrong = [found for kind, found in answers.items() if kind not in kinds]
        if wrong and all(status == 2 for found in wrong for status, _ in found):
            result["fatal"] = True
        return result


def _is_other_kind(text: str) -> bool:
    """Whether uv says that a value is of the wrong kind, and not that it is a wrong value of the right one."""
    return bool(OTHER_KIND.search(text)) and "cannot parse" not in text


def _release(argument: str) -> tuple[str, dict[str, Any]]:
    """What one release of uv knows; it is given as version and path."""
    version, _, program = argument.partition("=")
    with tempfile.TemporaryDirectory() as directory:
        uv = Uv(str(Path(program).absolute()), Path(directory))
        return version, {"settings": uv.settings(SETTINGS), "pip": uv.settings(PIP)}


def main() -> int:
    """Ask every uv that is named; returns the exit status."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        releases = dict(pool.map(_release, sys.argv[1:]))
    data = {
        "source": "the messages of uv itself, asked by tools/update_uv_settings.py",
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "releases": releases,
    }
    text = json.dumps(data, indent=1)
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    DATA.write_text(re.sub(r"\{\s+([^{}]*?)\s+\}", lambda found: f"{{{' '.join(found[1].split())}}}", text) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
