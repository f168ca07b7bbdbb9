"""Locks random projects with uv, Poetry and Pipenv themselves, edits them at random, and compares the verdicts.

    python tools/lock_fuzz.py uv poetry pipenv --projects 20 --copies 10 --seed 1
    python tools/lock_fuzz.py uv --minutes 120 --failures lock-failures

The same seed makes the same projects. Packages come from an index that is made on the spot; the tools are those that
Heroku installs, unless --tools has them in other versions. A copy on which the linter is wrong is written to
--failures. Exits with 1 for any false alarm, and where a smaller part of the refusals is found than is asked for.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from lock_tools import BACKEND, BUILD_SYSTEM, CATALOGUE, Index, Tool, install
from pydeploy_checks.locks import invalid_lockfile, lockfile_of_other_version, poetry_root_install, stale_lockfile
from pydeploy_checks.python.elsewhere import python_mismatch

from pydeploy_lint.engine import run as engine
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.policy import Policy
from pydeploy_lint.testing import open_app

RELEASE = "v351"
"""The release of the buildpack whose tools are compared."""
POLICY = Policy(datetime.date(2026, 11, 23), release=RELEASE)
VERSIONS = {name: POLICY.rules.tools.get(name) or "" for name in ("uv", "poetry", "pipenv")}
FOUND = {"uv": 0.9, "poetry": 0.99, "pipenv": 0.99}
"""The part of the refusals that is to be found."""
LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pipenv": "Pipfile.lock"}
CHECKS = (stale_lockfile, lockfile_of_other_version, invalid_lockfile, poetry_root_install, python_mismatch)
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
Files = dict[str, Any]
"""Files by path: text, or the tables of a TOML file."""
Dice = random.Random


def toml(value: object) -> str:
    """A value as it stands in a TOML file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml(key)} = {toml(inner)}' for key, inner in value.items())}}}"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def document(tables: dict[str, Any]) -> str:
    """A whole TOML file; scalars come first, so that they belong to no table."""
    lines, later = [], []
    for key, value in tables.items():
        if isinstance(value, dict) and value and key in ("project", "tool", "dependency-groups", "build-system"):
            inner = value.items() if key == "tool" else [("", value)]
            for name, table in inner:
                if isinstance(table, dict):
                    later.append(f"[{key}.{name}]" if name else f"[{key}]")
                    later += [f"{toml(each)} = {toml(content)}" for each, content in table.items()]
                else:
                    later += [f"[{key}]", f"{name} = {toml(table)}"]
        else:
            lines.append(f"{toml(key)} = {toml(value)}")
    return "\n".join([*lines, *later]) + "\n"


def write(root: Path, files: Files) -> None:
    """Write the files of a project into an empty directory."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else document(content), encoding="utf-8")


MARKERS = (
    "sys_platform == 'linux'",
    "sys_platform != 'win32'",
    'platform_system == "Windows"',
    "python_version >= '3.9'",
    "python_version < '3.13'",
    "python_full_version >= '3.12.4'",
    "os_name == 'nt' or sys_platform == 'darwin'",
    "(os_name == 'posix' and python_version > '3.8') or implementation_name == 'pypy'",
    "platform_machine in 'x86_64 aarch64'",
)
RANGES = (">=3.12", ">=3.11", ">=3.12,<4", ">=3.10", "~=3.12", "==3.12.*", ">=3.12,!=3.13.0", ">=3.8,<3.14")
NO_RANGES = ("3.12", "^3.12", ">=3.12,", "~3.12", "", ">=3.13", "<3.12", "*")
GROUPS = ("dev", "lint", "docs", "Test_Ing")
EXTRAS = ("fast", "slow", "Extra_One")


def version_of(dice: Dice, name: str) -> str:
    """A specifier that some version of a package meets."""
    versions = list(CATALOGUE[name])
    first, last = versions[0], versions[-1]
    choices = [
        "",
        "",
        f">={first}",
        f"=={dice.choice(versions)}",
        f">={first},<99",
        f"!={first}",
        f"<={last}",
        f"~={first}",
    ]
    return dice.choice(choices)


def requirement(dice: Dice, *, marked: float = 0.3) -> str:
    """A requirement that can be met."""
    name = dice.choice(list(CATALOGUE))
    extras = "[fast]" if name == "webby" and dice.random() < 0.5 else ""
    marker = f" ; {dice.choice(MARKERS)}" if dice.random() < marked else ""
    return f"{name}{extras}{version_of(dice, name)}{marker}"


def requirements(dice: Dice, most: int) -> list[str]:
    """Some requirements, hardly ever two on the same package."""
    found = {each.split("[")[0].split(" ")[0].split("=")[0].rstrip("<>!~"): each for each in _some(dice, most)}
    return list(found.values())


def _some(dice: Dice, most: int) -> list[str]:
    return [requirement(dice) for _ in range(dice.randint(0, most))]


def groups(dice: Dice) -> dict[str, Any]:
    """Dependency groups, some of which include others."""
    names = dice.sample(GROUPS, dice.randint(0, 3))
    result: dict[str, Any] = {}
    for name in names:
        result[name] = requirements(dice, 2)
        if result.keys() - {name} and dice.random() < 0.5:
            result[name].append({"include-group": dice.choice(sorted(result.keys() - {name}))})
    return result


def project_table(dice: Dice, name: str) -> dict[str, Any]:
    """A ``[project]``."""
    project: dict[str, Any] = {"name": name, "version": dice.choice(["1", "1.0", "0.2.0"])}
    if dice.random() < 0.9:
        project["requires-python"] = dice.choice(RANGES)
    if dice.random() < 0.9:
        project["dependencies"] = requirements(dice, 4)
    if dice.random() < 0.3:
        project["optional-dependencies"] = {extra: requirements(dice, 2) for extra in dice.sample(EXTRAS, 2)}
    if dice.random() < 0.2:
        project["description"] = "An app"
    return project


# uv

SETTINGS: dict[str, Callable[[Dice], Any]] = {
    "resolution": lambda dice: dice.choice(["highest", "lowest", "lowest-direct"]),
    "prerelease": lambda dice: dice.choice(
        ["allow", "disallow", "explicit", "if-necessary", "if-necessary-or-explicit"]
    ),
    "fork-strategy": lambda dice: dice.choice(["fewest", "requires-python"]),
    "exclude-newer": lambda dice: dice.choice(["2025-01-01T00:00:00Z", "2025-06-01", "2026-01-01T00:00:00+02:00"]),
    "constraint-dependencies": lambda dice: requirements(dice, 2),
    "override-dependencies": lambda dice: requirements(dice, 1),
    "exclude-dependencies": lambda dice: dice.sample(sorted(CATALOGUE), dice.randint(0, 1)),
    "build-constraint-dependencies": lambda dice: requirements(dice, 1),
    "environments": lambda dice: dice.choice(["sys_platform == 'linux'", ["sys_platform == 'linux'"], []]),
    "required-environments": lambda dice: dice.choice([["sys_platform == 'linux'"], []]),
    "default-groups": lambda dice: dice.choice(["all", [], ["dev"], ["nope"]]),
    "index-strategy": lambda dice: dice.choice(["first-index", "unsafe-best-match", "first"]),
    "link-mode": lambda dice: dice.choice(["copy", "zzz"]),
    "compile-bytecode": lambda dice: dice.choice([True, False, "yes"]),
    "no-sources": lambda dice: dice.choice([True, False]),
    "no-sources-package": lambda dice: [dice.choice(sorted(CATALOGUE))],
    "required-version": lambda dice: dice.choice([">=0.5", "<0.5", ">=0.12,<0.13"]),
    "cache-keys": lambda dice: dice.choice([[{"file": "pyproject.toml"}], ["x"], 1]),
    "pip": lambda dice: dice.choice([{"universal": True}, {"no-such": 1}, {}]),
    "dependency-metadata": lambda _: [{"name": "six", "version": "1.16.0", "requires-dist": []}],
    "python-version": lambda _: "3.12",
    "dev-dependencies": lambda dice: requirements(dice, 2),
    "package": lambda dice: dice.choice([True, False]),
    "native-tls": lambda dice: dice.choice([True, 1]),
}
LIKELY = 0.06
"""How often each setting is in a project."""


def settings(dice: Dice, often: float) -> dict[str, Any]:
    """Some settings for ``[tool.uv]``."""
    return {name: make(dice) for name, make in SETTINGS.items() if dice.random() < often}


def sources(dice: Dice, address: str, members: list[str]) -> dict[str, Any]:
    """Sources for some packages of the index, and for members of the workspace."""
    result: dict[str, Any] = {name: {"workspace": True} for name in members if dice.random() < 0.6}
    for name in dice.sample(sorted(CATALOGUE), dice.choice([0, 0, 1, 2])):
        version = next(reversed(CATALOGUE[name]))
        file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        linux = "sys_platform == 'linux'"
        result[name] = dice.choice(
            [
                {"index": "acme"},
                {"index": "acme", "marker": linux},
                [{"index": "acme", "marker": linux}, {"index": "other", "marker": "sys_platform != 'linux'"}],
                {"url": f"{address}/files/{file}"},
                {"url": f"{address}/files/{file}", "marker": linux},
            ]
        )
    return result


PATTERNS = (["libs/*"], ["libs/**"], ["libs/a", "libs/b"], ["libs/[ab]"], ["**/a", "**/b"], ["li?s/*"], ["./libs/*"])


def uv_project(dice: Dice, address: str) -> Files:
    """A project for uv."""
    members = dice.sample(["a", "b"], dice.randint(1, 2)) if dice.random() < 0.3 else []
    root: dict[str, Any] = {}
    if dice.random() < 0.5:
        root["dependency-groups"] = groups(dice)
    files: Files = {"pyproject.toml": root}
    if not members or dice.random() < 0.7:
        files |= _uv_root(dice, root, members)
    root["tool"] = {"uv": _uv_table(dice, address, members, list(root.get("dependency-groups", {})))}
    for name in members:
        files[f"libs/{name}/pyproject.toml"] = {"project": project_table(dice, name)}
    if dice.random() < 0.08:
        files["uv.toml"] = _uv_toml(dice)
    return files


def _uv_root(dice: Dice, root: dict[str, Any], members: list[str]) -> Files:
    """Make the root a project itself; returns the files that it needs for that."""
    project = root["project"] = project_table(dice, "app")
    project.setdefault("dependencies", []).extend(name for name in members if dice.random() < 0.4)
    if dice.random() < 0.15:
        root["build-system"] = {"requires": ["hatchling"], "build-backend": "hatchling.build"}
    if dice.random() < 0.15:
        project["dynamic"] = dice.choice([["version"], ["readme"], ["version", "description"]])
        if "version" in project["dynamic"]:
            del project["version"]
            root["build-system"] = dict(BUILD_SYSTEM)
            return {"backend.py": BACKEND}
    return {}


def _uv_table(dice: Dice, address: str, members: list[str], group_names: list[str]) -> dict[str, Any]:
    uv = settings(dice, LIKELY)
    if members:
        uv["workspace"] = {"members": dice.choice(PATTERNS)}
        if dice.random() < 0.2:
            uv["workspace"]["exclude"] = [dice.choice(["libs/b", "libs/b*", "**/b"])]
    uv["sources"] = sources(dice, address, members)
    uv["index"] = [{"name": name, "url": f"{address}/{name}/", "explicit": True} for name in ("acme", "other")]
    ranged = [name for name in group_names if dice.random() < 0.15]
    if ranged:
        uv["dependency-groups"] = {name: {"requires-python": dice.choice(RANGES)} for name in ranged}
    return uv


UV_TOML = ("resolution", "prerelease", "exclude-newer", "fork-strategy", "link-mode", "no-sources", "required-version")


def _uv_toml(dice: Dice) -> str:
    values = {name: SETTINGS[name](dice) for name in UV_TOML if dice.random() < 0.2}
    return "".join(f"{key} = {toml(value)}\n" for key, value in values.items())


# Poetry

POETRY_FILES = ("app.py", "app2.py", "x/__init__.py", "a", "b", "build.py", "README.md", "LICENSE")
"""What an edit may name; Poetry looks for it only when it installs the project itself, which it does not do here."""


def poetry_constraint(dice: Dice, name: str) -> Any:
    """A constraint that some version of a package meets."""
    versions = list(CATALOGUE[name])
    text = dice.choice(["*", f">={versions[0]}", f"^{versions[0]}", f"=={versions[-1]}", f"{versions[-1]}"])
    if dice.random() < 0.2:
        return {"version": text, "markers": dice.choice(MARKERS[:3])}
    return {"version": text, "optional": True} if dice.random() < 0.1 else text


def poetry_table(dice: Dice, most: int) -> dict[str, Any]:
    """Dependencies as Poetry writes them."""
    return {name: poetry_constraint(dice, name) for name in dice.sample(sorted(CATALOGUE), dice.randint(0, most))}


def poetry_project(dice: Dice, address: str) -> Files:
    """A project for Poetry, in its own form or in the standard one."""
    poetry: dict[str, Any] = {"package-mode": False}
    root: dict[str, Any] = {}
    if dice.random() < 0.5:
        root["project"] = project_table(dice, "app") | {
            "requires-python": dice.choice([">=3.12,<4", ">=3.11", ">=3.12"])
        }
        root["project"].setdefault("dependencies", [])
    else:
        poetry |= {"name": "app", "version": "1", "description": "", "authors": []} if dice.random() < 0.5 else {}
        poetry["dependencies"] = {"python": dice.choice(["^3.12", ">=3.11,<4", "~3.12"]), **poetry_table(dice, 3)}
    if dice.random() < 0.5:
        poetry["group"] = {
            name: {"dependencies": poetry_table(dice, 2), **({"optional": True} if dice.random() < 0.2 else {})}
            for name in dice.sample(["dev", "docs"], dice.randint(1, 2))
        }
    if dice.random() < 0.2 and "project" in root:
        root["dependency-groups"] = {name: requirements(dice, 2) for name in dice.sample(["test", "lint"], 1)}
    priority = dice.choice(["primary", "primary", "supplemental"]) if dice.random() < 0.8 else "primary"
    poetry["source"] = [{"name": "here", "url": f"{address}/simple/", "priority": priority}]
    if priority == "supplemental":
        poetry["source"].insert(0, {"name": "first", "url": f"{address}/first/", "priority": "primary"})
    root["tool"] = {"poetry": poetry}
    return {"pyproject.toml": root, **dict.fromkeys(POETRY_FILES, "")}


POETRY_EDITS: dict[str, tuple[Any, ...]] = {
    "project.version": (1, "2", "one", None),
    "project.name": ("app2", None, 1, "a b"),
    "project.description": ("x", 1),
    "project.authors": (["x"], [{"name": "x"}], "x", [{"name": "x", "email": "nope"}]),
    "project.requires-python": (">=3.12", "3.12", ">=3.11", "^3.12", None),
    "project.classifiers": ("x", ["x"]),
    "project.keywords": ("x", ["x"]),
    "project.urls": ({"Home": "https://index.example/"}, "x", {"Home": 1}),
    "project.scripts": ({"x": "y:z"}, {"x": 1}, "x"),
    "project.dynamic": (["version"], "version", ["nope"]),
    "project.readme": ("README.md", 1),
    "project.license": ("MIT", {"text": "MIT"}, 1),
    "project.license-files": (["LICEN*"], "x"),
    "project.dependencies": ("six", ["six"], [1], ["six=1"], []),
    "tool.poetry.homepage": ([], "https://index.example/", "x"),
    "tool.poetry.exclude": ("x", ["x"], [1]),
    "tool.poetry.include": ("x", ["x"], [{"path": "x", "format": "sdist"}], [{"format": "sdist"}]),
    "tool.poetry.packages": ("x", [{"include": "x"}], [{}], []),
    "tool.poetry.classifiers": ("x", ["x"]),
    "tool.poetry.keywords": ("x", ["x"], [1]),
    "tool.poetry.authors": (["x"], [1], "x"),
    "tool.poetry.maintainers": (["x <x@index.example>"], "x"),
    "tool.poetry.description": ("x", 1, "a\nb"),
    "tool.poetry.version": ("2", 1),
    "tool.poetry.name": ("app2", 1, "a b"),
    "tool.poetry.readme": ("README.md", ["a", "b"], 1),
    "tool.poetry.repository": ("https://index.example/", 1),
    "tool.poetry.documentation": ("https://index.example/", 1),
    "tool.poetry.urls": ({"x": "y"}, "x"),
    "tool.poetry.scripts": ({"x": "y:z"}, {"x": 1}, {"x": {"reference": "y", "type": "file"}}),
    "tool.poetry.plugins": ({"x": {"a": "b"}}, "x", {"x": 1}),
    "tool.poetry.build": ("build.py", {"script": "build.py"}, 1),
    "tool.poetry.package-mode": (True, "no"),
    "tool.poetry.requires-poetry": (">=2", "<2", 1),
    "tool.poetry.requires-plugins": ({}, "x"),
    "tool.poetry.build-constraints": ({}, {"six": {"setuptools": "*"}}, 1),
    "tool.poetry.license": ("MIT", 1),
    "tool.poetry.zzz": (1, "x"),
    "tool.poetry.extras": ({"e": ["six"]}, {"e": "six"}, {}),
    "tool.poetry.dev-dependencies": ({}, {"six": "*"}),
    "tool.poetry.source": ([], [{"name": "x", "url": "https://index.example/", "priority": "default"}]),
    "tool.poetry.dependencies": ({"python": "^3.12"}, {"python": "^3.12", "six": 1}, {"six": "=>1"}, "x"),
    "tool.poetry.group": ({}, {"dev": {}}, {"dev": {"dependencies": {"six": "*"}}}, "x"),
    "build-system": ({"requires": ["poetry-core"], "build-backend": "poetry.core.masonry.api"}, "x", {}),
    "dependency-groups": ({"a": ["six"]}, {}, {"a": [{"include-group": "b"}]}, {"a": "x"}),
    "tool.other": ({"x": 1},),
}


# Pipenv


def pipfile(dice: Dice, address: str) -> Files:
    """A Pipfile."""
    tables: dict[str, Any] = {
        "source": [{"name": "here", "url": f"{address}/simple", "verify_ssl": True}],
        "packages": pipenv_packages(dice, 3),
        "dev-packages": pipenv_packages(dice, 2),
        "requires": dice.choice([{"python_version": "3.12"}, {}, {"python_version": "3"}, {"python_version": ">=3.8"}]),
    }
    if dice.random() < 0.2:
        tables["docs"] = pipenv_packages(dice, 1)
    if dice.random() < 0.2:
        tables["scripts"] = {"x": "true"}
    return {"Pipfile": tables}


def pipenv_packages(dice: Dice, most: int) -> dict[str, Any]:
    """Packages of one category."""
    result: dict[str, Any] = {}
    for name in dice.sample(sorted(CATALOGUE), dice.randint(0, most)):
        spelled = dice.choice([name, name, name.upper(), name.replace("-", "_")])
        text = version_of(dice, name) or "*"
        result[spelled] = {"version": text, "markers": dice.choice(MARKERS[:3])} if dice.random() < 0.2 else text
    return result


PIPENV_EDITS: dict[str, tuple[Any, ...]] = {
    "requires": ({"python_version": "3.12"}, {"python_version": "3.11"}, {}, {"python_full_version": "3.12.99"}, "x"),
    "requires.python_version": ("3.12", "3.13", "^3.12", ">=3.9", "*", 3.12, "3.12.*", "3"),
    "packages.six": ("*", True, 1, ["*"], {"version": 1}, {"version": "*", "extras": "x"}, {"editable": "x"}),
    "dev-packages.six": ("*", "==1.16.0"),
    "packages": ("x", {}),
    "dev-packages": ([], {}),
    "docs": ({"six": "*"}, {}, 1),
    "default": ({"six": "*"},),
    "source": ([], {}, "x"),
    "scripts": ({"x": "true"}, {"x": ""}, {"x": 1}),
    "pipenv": (
        {"allow_prereleases": True},
        {"allow_prereleases": "yes"},
        {"cool-down-period": "30d"},
        {"cool-down-period": 30},
        {"zzz": 1},
    ),
    "zzz": ("x", {"x": "y"}, 1),
}


class Maker(NamedTuple):
    """How the projects of a tool are made and edited."""

    make: Callable[[Dice, str], Files]
    edit: Callable[[Dice, Files, str], str]


def _paths(value: dict[str, Any], depth: int = 3) -> list[tuple[str, ...]]:
    """The paths to all values in tables, not too deep."""
    found: list[tuple[str, ...]] = []
    for key, inner in value.items():
        found.append((key,))
        if isinstance(inner, dict) and depth:
            found += [(key, *path) for path in _paths(inner, depth - 1)]
    return found


def _put(tables: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value at a path, or delete it for None."""
    *parents, last = path
    for key in parents:
        inner = tables.get(key)
        if not isinstance(inner, dict):
            inner = tables[key] = {}
        tables = inner
    if value is None:
        tables.pop(last, None)
    else:
        tables[last] = value


def _get(tables: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def edit_lock(dice: Dice, files: Files, lock: str) -> str:
    """What a bad merge, or a hand, does to a lock."""
    text = files[lock]
    if lock == "Pipfile.lock" or "[[package]]" not in text:
        lines = text.splitlines(keepends=True)
        del lines[dice.randrange(len(lines))]
        files[lock] = "".join(lines)
        return "lock: a line less"
    blocks = text.split("[[package]]")
    place = dice.randrange(1, len(blocks))
    deed = dice.choice(["drop", "double", "line", "version", "comment"])
    if deed == "drop":
        del blocks[place]
    elif deed == "double":
        blocks.insert(place, blocks[place])
    elif deed == "comment":
        blocks[place] += "\n# nothing\n"
    else:
        lines = blocks[place].splitlines(keepends=True)
        at = 2 if deed == "version" and len(lines) > 2 else dice.randrange(len(lines))
        lines[at : at + 1] = [] if deed == "line" else [lines[at].replace("1.", "9.").replace("2.", "8.")]
        blocks[place] = "".join(lines)
    files[lock] = "[[package]]".join(blocks)
    return f"lock: {deed} of a package"


def respell(dice: Dice, text: str) -> str:
    """A requirement that means the same."""
    spellings: list[Callable[[], str]] = [
        lambda: text.replace("six", "SIX").replace("-", "_") if ";" not in text else text,
        lambda: f" {text} ",
        lambda: text.replace(">=", " >= ").replace(" ; ", ";"),
        lambda: text.replace("'", '"') if '"' not in text else text,
        lambda: text.replace("sys_platform == 'linux'", "'linux' == sys_platform"),
        lambda: text.replace("python_version >= '3.9'", "python_full_version >= '3.9.0'"),
        lambda: text.replace(",<99", ", <99.0"),
    ]
    return dice.choice(spellings)()


WRONG: tuple[Any, ...] = (1, "x", [], {}, True, ["x"], {"x": "y"}, [1], datetime.date(2025, 1, 1))


def edit_uv(dice: Dice, files: Files, address: str) -> str:
    """One random edit of a project for uv."""
    edits = [*[_transplant] * 3, *[_edit_setting] * 2, _respell_all, _spoil, _remove, _edit_tree, _edit_group]
    return dice.choice([*edits, lambda *_: edit_lock(dice, files, "uv.lock")])(dice, files, address)


def _edit_setting(dice: Dice, files: Files, _: str) -> str:
    name = dice.choice(list(SETTINGS))
    root = files["pyproject.toml"]
    present = name in _get(root, ("tool", "uv"))
    _put(root, ("tool", "uv", name), None if present and dice.random() < 0.4 else SETTINGS[name](dice))
    return f"setting {name}"


def _edit_group(dice: Dice, files: Files, _: str) -> str:
    found = files["pyproject.toml"]["dependency-groups"]
    name = dice.choice(list(found))
    found[name] = dice.choice([requirements(dice, 2), [{"include-group": name}], [], "x"])
    return f"group {name}"


def _any_path(dice: Dice, root: dict[str, Any]) -> tuple[str, ...]:
    paths = _paths({key: value for key, value in root.items() if key != "tool"}, 1)
    return dice.choice(paths + [("tool", "uv", *path) for path in _paths(_get(root, ("tool", "uv")) or {}, 1)])


def _spoil(dice: Dice, files: Files, _: str) -> str:
    path = _any_path(dice, files["pyproject.toml"])
    _put(files["pyproject.toml"], path, dice.choice(WRONG))
    return f"wrong {'.'.join(path)}"


def _remove(dice: Dice, files: Files, _: str) -> str:
    path = _any_path(dice, files["pyproject.toml"])
    _put(files["pyproject.toml"], path, None)
    return f"remove {'.'.join(path)}"


PARTS: tuple[tuple[str, ...], ...] = (
    *(("project", key) for key in ("version", "dependencies", "optional-dependencies", "dynamic", "description")),
    *(("dependency-groups",), ("build-system",), ("tool", "uv", "sources"), ("tool", "uv", "workspace")),
    ("tool", "uv", "dependency-groups"),
)


def _transplant(dice: Dice, files: Files, address: str) -> str:
    """Take a part from another project."""
    other, root = uv_project(dice, address)["pyproject.toml"], files["pyproject.toml"]
    member = files[dice.choice([path for path in files if path.endswith("pyproject.toml")])]
    part = dice.choice(PARTS)
    if part[0] == "project" and dice.random() < 0.2:
        _put(member, ("project", "requires-python"), dice.choice((*RANGES, *NO_RANGES)))
        return "requires-python"
    given = other if "project" in other else {"project": project_table(dice, "app")}
    _put(member if part[0] == "project" else root, part, copy.deepcopy(_get(given, part)))
    return f"other {'.'.join(part)}"


def _respell_all(dice: Dice, files: Files, _: str) -> str:
    root = files["pyproject.toml"]
    groups = root.get("dependency-groups")
    lists = [_get(root, ("project", "dependencies")), *(groups.values() if isinstance(groups, dict) else ())]
    for items in lists:
        if isinstance(items, list):
            dice.shuffle(items)
            items[:] = [respell(dice, item) if isinstance(item, str) else item for item in items]
    return "spelled otherwise"


def _edit_tree(dice: Dice, files: Files, _: str) -> str:
    deed = dice.choice(["uv.toml", "uv.toml", "member", "directory", "gone", "file"])
    if deed == "uv.toml":
        files["uv.toml"] = _uv_toml(dice)
        if dice.random() < 0.2:
            files["uv.toml"] += dice.choice(["zzz = 1\n", "package = true\n", "resolution = 1\n", "x =\n"])
    elif deed == "member":
        files["libs/c/pyproject.toml"] = {"project": project_table(dice, "c")}
    elif deed == "directory":
        files["libs/d/README"] = ""
    elif deed == "file":
        files["libs/README"] = ""
    else:
        gone = [path for path in files if path.startswith("libs/")]
        if gone:
            del files[dice.choice(gone)]
    return f"tree: {deed}"


def edit_poetry(dice: Dice, files: Files, address: str) -> str:
    """One random edit of a project for Poetry."""
    root = files["pyproject.toml"]
    deed = dice.choice(["part", "key", "key", "key", "remove", "lock", "reorder"])
    if deed == "lock":
        return edit_lock(dice, files, "poetry.lock")
    if deed == "part":
        other = poetry_project(dice, address)["pyproject.toml"]
        paths = [path for path in _paths(other, 2) if path != ("tool",)]
        path = dice.choice(paths)
        _put(root, path, copy.deepcopy(_get(other, path)))
        return f"other {'.'.join(path)}"
    if deed == "remove":
        path = dice.choice(_paths(root, 2))
        _put(root, path, None)
        return f"remove {'.'.join(path)}"
    if deed == "reorder":
        root["tool"]["poetry"] = dict(reversed(list((_get(root, ("tool", "poetry")) or {}).items())))
        return "other order"
    key = dice.choice(list(POETRY_EDITS))
    _put(root, tuple(key.split(".")), copy.deepcopy(dice.choice(POETRY_EDITS[key])))
    return key


def edit_pipenv(dice: Dice, files: Files, address: str) -> str:
    """One random edit of a project for Pipenv."""
    root = files["Pipfile"]
    deed = dice.choice(["part", "key", "key", "remove", "lock", "reorder"])
    if deed == "lock":
        return edit_lock(dice, files, "Pipfile.lock")
    if deed == "part":
        other = pipfile(dice, address)["Pipfile"]
        path = dice.choice(_paths(other, 1))
        _put(root, path, copy.deepcopy(_get(other, path)))
        return f"other {'.'.join(path)}"
    if deed == "remove":
        # Without a source, the hash depends on the configuration of the machine: the files do not decide.
        path = dice.choice([path for path in _paths(root, 1) if path != ("source",)])
        _put(root, path, None)
        return f"remove {'.'.join(path)}"
    if deed == "reorder":
        files["Pipfile"] = dict(reversed(list(root.items())))
        return "other order"
    key = dice.choice(list(PIPENV_EDITS))
    _put(root, tuple(key.split(".")), copy.deepcopy(dice.choice(PIPENV_EDITS[key])))
    return key


MAKERS = {
    "uv": Maker(uv_project, edit_uv),
    "poetry": Maker(poetry_project, edit_poetry),
    "pipenv": Maker(pipfile, edit_pipenv),
}


class Tally:
    """How the verdicts of the linter and of a tool compare."""

    def __init__(self) -> None:
        self.projects = self.copies = self.refused = self.found = self.false_alarms = 0
        self.missed: Counter[str] = Counter()

    def line(self, tool: str) -> str:
        """The result in one line."""
        part = self.found / self.refused if self.refused else 1
        return (
            f"{tool}: {self.projects} projects, {self.copies} copies, {self.false_alarms} false alarms of "
            f"{self.copies - self.refused} accepted, {self.found} of {self.refused} refusals found ({part:.1%})"
        )

    def is_good(self, tool: str) -> bool:
        """Whether there is no false alarm, and enough is found."""
        return not self.false_alarms and self.found >= FOUND[tool] * self.refused


def verdict(root: Path) -> list[str]:
    """What the linter says against a lock."""
    report = engine.run(open_app(root, {"buildpack": RELEASE}), CHECKS)
    if failed := [each for each in report.notifications if each.severity is Severity.ERROR]:
        raise RuntimeError(failed)
    return [f"{each.check}: {each.message}" for each in report.findings if each.severity is Severity.ERROR]


def compare(tool: Tool, dice: Dice, arguments: argparse.Namespace, address: str, tally: Tally) -> None:
    """Make one project, lock it, and judge copies of it."""
    maker, lock = MAKERS[tool.name], LOCKS[tool.name]
    project = maker.make(dice, address)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        write(root, project)
        if tool.lock(root).status or not (root / lock).exists():
            return
        project[lock] = (root / lock).read_text(encoding="utf-8")
    tally.projects += 1
    for number in range(arguments.copies):
        files = copy.deepcopy(project)
        edits = [] if number == 0 else [_edit(maker, dice, files, address) for _ in range(dice.choice([1, 1, 1, 2]))]
        files[".python-version"] = f"{PYTHON}\n"
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            write(root, files)
            said, findings = tool.judge(root), verdict(root)
            refused = said.status != 0
            tally.copies += 1
            tally.refused += refused
            tally.found += refused and bool(findings)
            tally.false_alarms += bool(findings) and not refused
            if refused != bool(findings):
                title = " + ".join(edits) or "nothing"
                tally.missed[title] += refused
                kind = "missed" if refused else "FALSE"
                last = next((line for line in said.text.splitlines()[::-1] if line.strip()), "")
                print(f"{tool.name}: {kind}: {title}: {findings[:1] or said.text[-300:].strip() or last}", flush=True)
                _keep(root, arguments.failures, f"{tool.name}-{kind.lower()}-{tally.copies}", said.text, findings)


def _edit(maker: Maker, dice: Dice, files: Files, address: str) -> str:
    try:
        return maker.edit(dice, files, address)
    except (AttributeError, IndexError, KeyError, TypeError):
        return "nothing left to edit"


def _keep(root: Path, failures: Path | None, name: str, said: str, findings: list[str]) -> None:
    if failures:
        shutil.rmtree(failures / name, ignore_errors=True)
        shutil.copytree(root, failures / name)
        (failures / name / "SAID.txt").write_text(said + "\n---\n" + "\n".join(findings), encoding="utf-8")


def main() -> int:
    """Compare until the projects are done, or the time is up; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", choices=list(VERSIONS), metavar="TOOL")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--projects", type=int, default=20)
    parser.add_argument("--copies", type=int, default=10, help="of each project")
    parser.add_argument("--minutes", type=float, help="instead of a number of projects")
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "lock-tools")
    parser.add_argument("--failures", type=Path, help="where to put the copies on which the linter is wrong")
    arguments = parser.parse_args()
    programs = install(arguments.tools, {name: VERSIONS[name] for name in arguments.names})
    tallies = {}
    with Index() as index, tempfile.TemporaryDirectory() as scratch:
        for name in arguments.names:
            tool = Tool(name, programs[name], Path(scratch), index)
            tally = tallies[name] = Tally()
            end = time.monotonic() + arguments.minutes * 60 if arguments.minutes else None
            number = 0
            while time.monotonic() < end if end else number < arguments.projects:
                dice = random.Random(f"{arguments.seed} {name} {number}")  # noqa: S311 - not for secrets
                compare(tool, dice, arguments, index.address, tally)
                number += 1
            tool.close()
            print(tally.line(name), flush=True)
    for name, tally in tallies.items():
        for title, count in tally.missed.most_common(10):
            print(f"{name}: missed {count} times: {title}")
    return 0 if all(tally.is_good(name) for name, tally in tallies.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
