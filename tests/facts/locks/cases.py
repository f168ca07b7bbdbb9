"""Projects for uv, each with an edit after it was locked, and what ``uv sync --locked`` makes of that.

`tools/record_lock_cases.py` locks and judges them with the uv that Heroku installs, and writes what it said to
`tests/data/uv-cases.jsonl.gz`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

BACKEND = "{backend}"
"""Stands for a build backend, whose code nobody needs to look at."""
INDEX = "https://index.example"
"""Stands for the address of an index with the packages of `tools/lock_tools.py`."""
Tree = Mapping[str, str | None]
"""Text by path; None for a file that is taken away."""


class Case(NamedTuple):
    """A project that is locked, and then edited."""

    name: str
    project: Tree
    edit: Tree = MappingProxyType({})
    lock_edit: tuple[str, str] = ("", "")
    """What is replaced in the lock, and by what."""


def project(dependencies: str = '"six"', *, more: str = "", python: str = ">=3.12", name: str = "app") -> str:
    """A pyproject.toml."""
    head = f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = "{python}"\n'
    return f"{head}dependencies = [{dependencies}]\n{more}"


def alone(text: str) -> Tree:
    """A project of one file."""
    return {"pyproject.toml": text}


def _settings(text: str) -> Tree:
    return alone(project(more=f"[tool.uv]\n{text}\n"))


def _added(name: str, settings: str) -> Case:
    return Case(f"{name}, added later", alone(project()), _settings(settings))


def _edited(name: str, before: str, after: str) -> Case:
    return Case(name, alone(before), alone(after))


WHEEL = f"{INDEX}/files/six-1.16.0-py3-none-any.whl"
RANGED = (
    '[dependency-groups]\ndev = ["attrs"]\nlint = ["click", {include-group = "dev"}]\n'
    'all = [{include-group = "lint"}]\n'
    '[tool.uv.dependency-groups]\ndev = {requires-python = ">=3.13"}\n'
)
VIRTUAL = '[tool.uv.workspace]\nmembers = ["a"]\n[tool.uv.sources]\na = {workspace = true}\n'
MEMBER = project(name="a")
ACME = f'[[tool.uv.index]]\nname = "acme"\nurl = "{INDEX}/acme/"\nexplicit = true\n'
LINUX = "sys_platform == 'linux'"
TORCH = ACME + f'[tool.uv.sources]\ntorchy = [{{index = "acme", marker = "{LINUX}"}}]\n'
DYNAMIC = (
    '[project]\nname = "app"\ndynamic = ["version"]\nrequires-python = ">=3.12"\ndependencies = ["six"]\n'
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
)
DATEUTIL = project('"python-dateutil"')
SIX_BLOCK = '[[package]]\nname = "six"\n'


def _workspace(pattern: str, *, root: str = project(), members: tuple[str, ...] = ("a",)) -> Tree:
    tree = {"pyproject.toml": f"{root}[tool.uv.workspace]\nmembers = [{pattern}]\n"}
    return {**tree, **{f"libs/{name}/pyproject.toml": project(name=name) for name in members}}


CASES = (
    # False alarms of before.
    Case("if-necessary is the default", _settings('prerelease = "if-necessary"')),
    _added("if-necessary", 'prerelease = "if-necessary"'),
    *(
        Case(name, _settings(text))
        for name, text in (
            ("unknown key beside a setting", 'python-version = "3.12"\nprerelease = "allow"'),
            ("unknown value beside a setting", 'index-strategy = "first"\nresolution = "lowest"'),
            ("unknown link mode", 'link-mode = "zzz"\nfork-strategy = "fewest"'),
            ("no moment", 'exclude-newer = "tomorrow"\nresolution = "lowest"'),
            ("date without quotes", "exclude-newer = 2025-01-01"),
            ("wrong kind beside metadata", 'offline = 1\ndependency-metadata = [{name = "idna"}]'),
            ("a setting that counts", 'resolution = "lowest"'),
            ("no sources", f'no-sources = true\n[tool.uv.sources]\nsix = {{url = "{WHEEL}"}}'),
            ("no source of a package", f'no-sources-package = ["six"]\n[tool.uv.sources]\nsix = {{url = "{WHEEL}"}}'),
        )
    ),
    Case("virtual root that names a member", {"pyproject.toml": VIRTUAL, "a/pyproject.toml": MEMBER}),
    Case(
        "virtual root that is not managed",
        {"pyproject.toml": f"{VIRTUAL}[tool.uv]\nmanaged = false\n", "a/pyproject.toml": MEMBER},
    ),
    Case("virtual root with any number of directories", _workspace('"libs/**"', root="")),
    Case("virtual root with braces", _workspace('"libs/{a,b}"', root="", members=("a", "b"))),
    Case("group with versions of Python", alone(project(more=RANGED))),
    # What uv does not read.
    *(
        _edited(f"requires-python {text!r}", project(), project(python=text))
        for text in ("3.12", "^3.12", ">=3.12,", "~3.12", "*", ">=3.12 <4", "~=3", ">=3.12.*", "", ">= 3.12", ">=v3.12")
    ),
    *(
        _edited(f"version {text}", project(), project().replace('version = "1"', f"version = {text}"))
        for text in ("1", '"one"', '"1.0"', '" 1 "', '"1.0-x"')
    ),
    *(
        _edited(name, project(), project(more=more))
        for name, more in (
            ("group that includes itself", '[dependency-groups]\na = [{include-group = "a"}]\n'),
            ("group that is a string", '[dependency-groups]\na = "six"\n'),
            ("group with a name that is none", '[dependency-groups]\n"a b" = []\n'),
            ("package that is a string", '[tool.uv]\npackage = "no"\n'),
            ("members that are a string", '[tool.uv.workspace]\nmembers = "libs/*"\n'),
            ("unfinished pattern", '[tool.uv.workspace]\nmembers = ["libs/[a"]\n'),
            ("dev-dependencies that are a string", '[tool.uv]\ndev-dependencies = "six"\n'),
            ("authors that are a number", "authors = 1\n"),
            ("source that is none", "[tool.uv.sources]\nsix = {}\n"),
            ("source of no member", "[tool.uv.sources]\nsix = {workspace = true}\n"),
            ("source of no index", '[tool.uv.sources]\nsix = {index = "nowhere"}\n'),
            ("source of what is not asked for", '[tool.uv.sources]\nidna = {index = "nowhere"}\n'),
            ("conflict of one", '[tool.uv]\nconflicts = [[{extra = "a"}]]\n'),
        )
    ),
    # Locks that a merge left.
    Case("lost package", alone(DATEUTIL), lock_edit=(SIX_BLOCK, '[[package]]\nname = "seven"\n')),
    Case("doubled package", alone(DATEUTIL), lock_edit=(SIX_BLOCK, "{six}" + SIX_BLOCK)),
    Case("second version", alone(DATEUTIL), lock_edit=(SIX_BLOCK, "{other six}" + SIX_BLOCK)),
    Case("package that nothing needs", alone(project("")), lock_edit=("{end}", "{six}")),
    Case("wheel of another version", alone(project()), lock_edit=("six-1.17.0-py3", "six-1.16.0-py3")),
    Case("revision that is a string", alone(project()), lock_edit=("revision = 3", 'revision = "3"')),
    Case("unknown key in the lock", alone(project()), lock_edit=("revision = 3", "revision = 3\nnothing = 1")),
    # Dynamic versions.
    *(
        Case(name, {**alone(DYNAMIC), "backend.py": BACKEND}, alone(text))
        for name, text in (
            ("dynamic version", DYNAMIC),
            ("dynamic version, dependency added", DYNAMIC.replace('"six"', '"six", "idna"')),
            ("dynamic version, group added", f'{DYNAMIC}[dependency-groups]\ndev = ["idna"]\n'),
            ("dynamic version, which is static now", DYNAMIC.replace('dynamic = ["version"]', 'version = "1"')),
        )
    ),
    # Settings of a uv.toml.
    Case("uv.toml takes the place of settings", _settings('resolution = "lowest"'), {"uv.toml": ""}),
    Case("uv.toml with the same", _settings('resolution = "lowest"'), {"uv.toml": 'resolution = "lowest"\n'}),
    Case("uv.toml with settings", alone(project()), {"uv.toml": 'resolution = "lowest"\n'}),
    Case("uv.toml with something else", alone(project()), {"uv.toml": 'link-mode = "copy"\n'}),
    Case("uv.toml with an unknown key", alone(project()), {"uv.toml": "zzz = 1\n"}),
    Case("uv.toml with what is for projects", alone(project()), {"uv.toml": "package = true\n"}),
    Case("uv.toml that is no TOML", alone(project()), {"uv.toml": "x =\n"}),
    # A wrong setting turns off those that are right.
    _edited(
        "typo added",
        project(more='[tool.uv]\nresolution = "lowest"\n'),
        project(more='[tool.uv]\nresolution = "lowest"\nprereleases = "allow"\n'),
    ),
    # Workspaces.
    *(
        Case(f"members {pattern}", _workspace(pattern, members=("a", "b")))
        for pattern in ('"libs/**"', '"libs/[ab]"', '"libs/[!a]"', '"**/a"', '"./libs/a"', '"libs/{a,b}"', '"l?bs/*"')
    ),
    Case("root edited", _workspace('"libs/**"'), _workspace('"libs/**"', root=project('"idna"'))),
    Case("directory without a project", _workspace('"libs/*"'), {"libs/c/README": ""}),
    Case("hidden directory without a project", _workspace('"libs/*"'), {"libs/.c/README": ""}),
    Case("file beside the members", _workspace('"libs/*"'), {"libs/README": ""}),
    Case("member lost", _workspace('"libs/*"'), {"libs/a/pyproject.toml": None}),
    Case(
        "two members of one name",
        _workspace('"libs/*"', members=("a", "b")),
        {"libs/b/pyproject.toml": project(name="a")},
    ),
    Case("member without [project]", _workspace('"libs/*"'), {"libs/a/pyproject.toml": "[tool.x]\n"}),
    # Sources with markers.
    Case("source with a marker", alone(project('"torchy>=2.4"', more=TORCH))),
    _edited("source with a marker, edited", project('"torchy>=2.4"', more=TORCH), project('"torchy>=2.5"', more=TORCH)),
    _edited("source with a marker, added", project('"torchy>=2.4"'), project('"torchy>=2.4"', more=TORCH)),
    # Groups with versions of Python.
    *(
        Case(f"group with versions {text}", alone(project(more=RANGED.replace(">=3.13", text), python=">=3.11")))
        for text in (">=3.12,!=3.13.0", "==3.12.*", "~=3.12", ">3.12,<=3.13.2", "<3.13,!=3.12.*")
    ),
    _edited("group with versions, edited", project(more=RANGED), project(more=RANGED.replace("attrs", "idna"))),
    _edited("group with versions, range edited", project(more=RANGED), project(more=RANGED.replace("3.13", "3.14"))),
)
