from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.locks.uv import freshness as uv
from pydeploy_lint.facts.locks.uv.workspace import Project, Workspace, find_workspace
from pydeploy_lint.facts.locks.verdict import FRESH, LockState, Reason, Verdict
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree
from tests.facts.locks.strategies import documents, near_documents
from tests.facts.locks.vectors import vectors

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "0.12.5"
PYTHON = "3.12.1"

PROJECT = """\
[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.12"
dependencies = ["flask>=2,<4", "six", "colorama ; sys_platform == 'win32'"]

[project.optional-dependencies]
Fast_Path = ["uvloop"]

[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff>=0.5"]
"""
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }

[package.metadata]
requires-dist = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "flask", specifier = ">=2,<4" },
    { name = "six" },
    { name = "uvloop", marker = "extra == 'fast-path'" },
]
provides-extras = ["fast-path"]

[package.metadata.requires-dev]
dev = [
    { name = "pytest" },
    { name = "ruff", specifier = ">=0.5" },
]
lint = [{ name = "ruff", specifier = ">=0.5" }]
"""


def judge(project: str, lock: str = LOCK, *, python: str | None = PYTHON, uv_toml: str | None = None) -> Verdict:
    root = Project("pyproject.toml", tomli.loads(project))
    settings = tomli.loads(uv_toml) if uv_toml is not None else None
    workspace = Workspace(root, [root])
    return uv.freshness(workspace, tomli.loads(lock), python=python, version=VERSION, uv_toml=settings)


def changed(old: str, new: str) -> str:
    assert old in PROJECT
    return PROJECT.replace(old, new)


def with_settings(text: str) -> str:
    return f"{PROJECT}\n[tool.uv]\n{text}\n"


def test_agrees_with_the_real_tool() -> None:
    cases = vectors("uv-locks")
    found, stale, false_alarms = 0, 0, []
    for case in cases:
        stale += case["fails"]
        try:
            refused = judge(case["pyproject"], case["lock"]).state in (LockState.STALE, LockState.INVALID)
        except tomli.TOMLDecodeError:
            refused = True
        found += refused and case["fails"]
        if refused and not case["fails"]:
            false_alarms.append((case["base"], case["edit"]))
    print(f"uv: {found} of {stale} stale locks found, {len(false_alarms)} false alarms in {len(cases)}")
    assert false_alarms == []
    assert (found, stale) == (97, 97)


@pytest.mark.parametrize(
    "project",
    [
        PROJECT,
        changed("flask>=2,<4", "Flask (<4.0, >=2.0)"),
        changed('"six"', '"SIX", "six ; python_version >= \'3.8\'"'),
        changed("sys_platform == 'win32'", "platform_system == 'Windows' and python_version > '3.11'"),
        changed("flask>=2,<4", "flask>=2.*"),
        changed("flask>=2,<4", "flask>=2,"),
        changed("Fast_Path", "fast-path"),
        changed('"pytest", {include-group = "lint"}', '"pytest", "ruff>=0.5"'),
        changed('version = "0.1.0"', 'version = "0.1"'),
        changed(">=3.12", ">=3.12.0, !=3.13.1"),
        changed('name = "app"', 'name = "App"\nscripts = {x = "y:z"}'),
        changed('requires-python = ">=3.12"', ""),
        with_settings('default-groups = "all"\nresolution = "highest"\npackage = false\nunknown = 1'),
    ],
)
def test_what_makes_no_difference(project: str) -> None:
    assert judge(project) == FRESH


@pytest.mark.parametrize(
    ("project", "message", "keys"),
    [
        (
            changed('"six"', '"six", "attrs[foo]>=1"'),
            "[project] asks for attrs[foo]>=1, which is not in uv.lock",
            ("project", "dependencies", 2),
        ),
        (
            changed('"six", ', ""),
            "[project] no longer asks for six, as uv.lock has it",
            ("project", "dependencies"),
        ),
        (
            changed("flask>=2", "flask>=3"),
            "[project] asks for flask<4,>=3, where uv.lock has flask<4,>=2",
            ("project", "dependencies", 0),
        ),
        (
            changed("win32", "darwin"),
            "[project] asks for colorama ; sys_platform == 'darwin', "
            "where uv.lock has colorama ; sys_platform == 'win32'",
            ("project", "dependencies", 2),
        ),
        (
            changed('"six"', '"six @ git+https://git.example/six"'),
            "[project] asks for six from a Git repository, where uv.lock has six",
            ("project", "dependencies", 1),
        ),
        (
            changed('Fast_Path = ["uvloop"]', 'Fast_Path = ["uvloop"]\nslow = []'),
            "[project.optional-dependencies] has slow, which is not in uv.lock",
            ("project", "optional-dependencies", "slow"),
        ),
        (
            changed('["uvloop"]', "[]"),
            "[project] no longer asks for uvloop ; extra == 'fast-path', as uv.lock has it",
            ("project", "dependencies"),
        ),
        (
            changed("lint = [", "docs = []\nlint = ["),
            "the dependency group docs is not in uv.lock",
            ("dependency-groups", "docs"),
        ),
        (
            changed("ruff>=0.5", "ruff>=0.6"),
            "the dependency group lint asks for ruff>=0.6, where uv.lock has ruff>=0.5",
            ("dependency-groups", "lint", 0),
        ),
        (
            changed(">=3.12", ">=3.13"),
            "requires-python is >=3.13, but uv.lock was made for >=3.12",
            ("project", "requires-python"),
        ),
        (
            changed('version = "0.1.0"', 'version = "0.2.0"'),
            "the version of app is 0.2.0, but uv.lock was made for 0.1.0",
            ("project", "version"),
        ),
        (
            changed('version = "0.1.0"', 'dynamic = ["version"]'),
            "the version of app is dynamic, but uv.lock was made for 0.1.0",
            ("project", "dynamic"),
        ),
        (
            changed('name = "app"', 'name = "web"'),
            "the project is named web, and uv.lock has no such project",
            ("project", "name"),
        ),
        (
            PROJECT + "[build-system]\nrequires = []\n",
            "the project app is a package ([build-system], [tool.uv] package), but uv.lock has it as none",
            ("build-system",),
        ),
        (
            with_settings("package = true"),
            "the project app is a package ([build-system], [tool.uv] package), but uv.lock has it as none",
            ("tool", "uv", "package"),
        ),
        (
            with_settings('resolution = "lowest"'),
            "[tool.uv] resolution is lowest, but uv.lock was made with highest",
            ("tool", "uv", "resolution"),
        ),
        (
            with_settings('exclude-newer = "2026-01-01T00:00:00Z"'),
            "[tool.uv] exclude-newer is 2026-01-01T00:00:00Z, but uv.lock was made without",
            ("tool", "uv", "exclude-newer"),
        ),
        (
            with_settings('constraint-dependencies = ["idna<4"]'),
            "[tool.uv] constraint-dependencies asks for idna<4, which is not in uv.lock",
            ("tool", "uv", "constraint-dependencies", 0),
        ),
        (
            with_settings('exclude-dependencies = ["idna"]'),
            "[tool.uv] exclude-dependencies and uv.lock differ on idna",
            ("tool", "uv", "exclude-dependencies"),
        ),
        (
            with_settings('dependency-metadata = [{name = "idna"}]'),
            "[tool.uv] dependency-metadata and uv.lock differ on idna",
            ("tool", "uv", "dependency-metadata"),
        ),
        (
            with_settings('exclude-newer-package = {idna = "2026-01-01T00:00:00Z"}'),
            "[tool.uv] exclude-newer-package and uv.lock differ on idna",
            ("tool", "uv", "exclude-newer-package"),
        ),
        (
            with_settings("environments = \"sys_platform == 'linux'\""),
            "[tool.uv] environments is not what uv.lock was made with",
            ("tool", "uv", "environments"),
        ),
        (
            with_settings('conflicts = [[{extra = "fast-path"}, {group = "dev"}]]'),
            "[tool.uv] conflicts is not what uv.lock was made with",
            ("tool", "uv", "conflicts"),
        ),
        (
            with_settings('workspace = {members = []}\ndev-dependencies = ["idna"]'),
            "the dependency group dev asks for idna, which is not in uv.lock",
            ("tool", "uv", "dev-dependencies", 0),
        ),
    ],
)
def test_stale_lock_says_what_differs(project: str, message: str, keys: tuple[str | int, ...]) -> None:
    verdict = judge(project)
    assert verdict.state is LockState.STALE
    assert Reason(message, "pyproject.toml", keys) in verdict.reasons


def test_what_a_group_includes_is_told_once() -> None:
    verdict = judge(changed("ruff>=0.5", "ruff==0.6.0"))
    assert [reason.message for reason in verdict.reasons] == [
        "the dependency group lint asks for ruff==0.6.0, where uv.lock has ruff>=0.5"
    ]
    only_dev = LOCK.replace('ruff", specifier = ">=0.5" },\n]', 'ruff", specifier = ">=0.4" },\n]')
    (reason,) = judge(PROJECT, only_dev).reasons
    assert reason.message == "the dependency group dev asks for ruff>=0.5, where uv.lock has ruff>=0.4"


@pytest.mark.parametrize(
    ("project", "message", "keys"),
    [
        (with_settings("managed = false"), "[tool.uv] managed is false, so uv does not install the project", "managed"),
        (
            with_settings('required-version = "<0.12"'),
            "[tool.uv] required-version is <0.12, and Heroku installs uv 0.12.5",
            "required-version",
        ),
    ],
)
def test_settings_that_uv_refuses(project: str, message: str, keys: str) -> None:
    assert judge(project) == (LockState.INVALID, (Reason(message, "pyproject.toml", ("tool", "uv", keys)),))


@pytest.mark.parametrize(
    ("project", "message", "keys"),
    [
        (
            with_settings('default-groups = ["nope"]'),
            "[tool.uv] default-groups names nope, and there is no such dependency group",
            ("tool", "uv", "default-groups", 0),
        ),
        (changed('version = "0.1.0"', ""), "[project] has no version", ("project",)),
        (
            changed('include-group = "lint"', 'include-group = "docs"'),
            "the dependency group dev includes docs, which is not there",
            ("dependency-groups", "dev", 1),
        ),
        (
            changed("lint = [", "Dev = []\nlint = ["),
            "dev and Dev in [dependency-groups] are the same name",
            ("dependency-groups", "Dev"),
        ),
        (changed('"six"', '"six pip"'), "'six pip' is not a requirement", ("project", "dependencies", 1)),
        (changed('"six"', '"six=1"'), "'six=1' is not a requirement", ("project", "dependencies", 1)),
        (changed('"pytest"', '"./here"'), "'./here' is not a requirement", ("dependency-groups", "dev", 0)),
    ],
)
def test_project_that_uv_refuses(project: str, message: str, keys: tuple[str | int, ...]) -> None:
    assert judge(project) == (LockState.INVALID, (Reason(message, "pyproject.toml", keys),))


def test_other_version_of_the_format() -> None:
    message = "uv.lock is not of version 1 of its format, which is all that uv reads"
    assert judge(PROJECT, LOCK.replace("version = 1", "version = 2")) == (
        LockState.INVALID,
        (Reason(message, "uv.lock", ("version",)),),
    )
    without = judge(PROJECT, LOCK.replace('requires-python = ">=3.12"', ""))
    assert without.reasons == (Reason("uv.lock has no requires-python, without which uv does not read it", "uv.lock"),)
    assert judge(PROJECT, "") == (LockState.INVALID, (Reason(message, "uv.lock", ()),))
    assert judge(PROJECT, LOCK.replace("revision = 3", "revision = 9")) == FRESH


def test_without_requires_python_the_interpreter_counts() -> None:
    project = changed('requires-python = ">=3.12"', "")
    message = "requires-python is absent, which means >=3.13 here, but uv.lock was made for >=3.12"
    assert judge(project, python="3.13.2").reasons == (Reason(message, "pyproject.toml", ("project",)),)
    assert judge(project, python=None) == FRESH


def test_what_only_the_backend_tells_is_undecided() -> None:
    dynamic = judge(changed("dependencies = [", 'dynamic = ["dependencies"]\nx = ['))
    assert dynamic.state is LockState.UNDECIDED
    assert dynamic.reasons[0].keys == ("project", "dynamic")


SOURCE = (
    "\n[tool.uv.sources]\nsix = {index = 'x', marker = \"sys_platform == 'linux'\"}\n"
    "[[tool.uv.index]]\nname = 'x'\nurl = 'https://index.example/'\n"
)


def test_sources_that_depend_on_a_marker_are_judged_by_what_all_have() -> None:
    linux = "index = 'https://index.example/', marker = \"sys_platform == 'linux'\""
    entries = f"{{ name = 'six' }},\n    {{ name = 'six', {linux} }},"
    lock = LOCK.replace('{ name = "six" },', entries)
    assert judge(PROJECT + SOURCE, lock) == FRESH
    message = "[project] asks for six from one source or another, where uv.lock has six"
    assert judge(PROJECT + SOURCE).reasons == (Reason(message, "pyproject.toml", ("project", "dependencies", 1)),)
    assert judge(changed('"six"', '"six>1"') + SOURCE, lock).state is LockState.STALE
    nowhere = SOURCE.replace("sys_platform == 'linux'", "python_version < '3.8'")
    assert judge(PROJECT + nowhere) == FRESH
    assert judge(PROJECT + "\n[tool.uv.sources]\nsix = {git = 'https://git.example/six'}\n").state is LockState.STALE


ROOT = '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n[dependency-groups]\ndev = ["six"]\n'
WORKSPACE_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.12"

[manifest]
members = ["one", "two"]

[manifest.dependency-groups]
dev = [{ name = "six" }]

[[package]]
name = "one"
version = "1"
source = { virtual = "libs/one" }

[[package]]
name = "two"
version = "1"
source = { editable = "libs/two" }
"""
ONE = (
    '[project]\nname = "one"\nversion = "1"\nrequires-python = ">=3.12"\n[tool.uv.sources]\ntwo = {workspace = true}\n'
)
TWO = '[project]\nname = "two"\nversion = "1"\nrequires-python = ">=3.11"\n'


def judge_workspace(one: str = ONE, two: str = TWO, root: str = ROOT, *more: Project) -> Verdict:
    project = Project("pyproject.toml", tomli.loads(root))
    members = [
        Project("libs/one/pyproject.toml", tomli.loads(one)),
        Project("libs/two/pyproject.toml", tomli.loads(two)),
    ]
    lock = tomli.loads(WORKSPACE_LOCK)
    return uv.freshness(Workspace(project, [*members, *more]), lock, python=PYTHON, version=VERSION)


def test_workspace() -> None:
    assert judge_workspace() == FRESH
    version = judge_workspace(two=TWO.replace('version = "1"', 'version = "2"'))
    assert version.reasons == (
        Reason(
            "the version of two is 2, but uv.lock was made for 1", "libs/two/pyproject.toml", ("project", "version")
        ),
    )
    group = judge_workspace(root=ROOT.replace("six", "idna"))
    assert [reason.message for reason in group.reasons] == [
        "the dependency group dev asks for idna, which is not in uv.lock",
        "the dependency group dev no longer asks for six, as uv.lock has it",
    ]
    third = Project("libs/three/pyproject.toml", tomli.loads('[project]\nname = "three"\nversion = "1"\n'))
    added = judge_workspace(ONE, TWO, ROOT, third)
    assert added.reasons[0].message == "the workspace has the member three, which is not in uv.lock"
    virtual = judge_workspace(one=ONE.replace("two = ", "three = "))
    assert [reason.message for reason in virtual.reasons] == [
        "the project two is not a package ([build-system], [tool.uv] package), but uv.lock has it as one"
    ]


def test_unknown_members_are_undecided() -> None:
    root = Project("pyproject.toml", tomli.loads(PROJECT))
    workspace = Workspace(root, [root], is_complete=False)
    assert uv.freshness(workspace, tomli.loads(LOCK), python=PYTHON, version=VERSION).state is LockState.UNDECIDED


@pytest.mark.parametrize(
    ("requires", "python", "expected"),
    [
        (">=3.12,!=3.12.1", "3.12.1", False),
        (">3.12rc1", "3.12.0", True),
        ("~=3.12", "3.13.1", True),
        (">=3.12", "3.12.1", True),
        ("==3.12", "3.12.1", False),
        ("==3.12.*", "3.12.1", True),
        ("x", "3.12.1", None),
    ],
)
def test_accepts_python(requires: str, python: str, expected: bool | None) -> None:
    assert uv.accepts_python(requires, python) is expected


def test_groups_that_include_each_other_end() -> None:
    groups = "".join(f'g{n} = [{{include-group = "g{n + 1}"}}, {{include-group = "g{n + 1}"}}]\n' for n in range(60))
    groups += 'g60 = ["six"]\n'
    project = f'[project]\nname = "app"\nversion = "1"\n[dependency-groups]\n{groups}'
    assert judge(project).state is LockState.STALE
    circle = judge(project + 'x = [{include-group = "y"}]\ny = [{include-group = "x"}]\n')
    assert circle.state is LockState.INVALID
    assert [reason.message for reason in circle.reasons] == [
        "the dependency group x includes itself",
        "the dependency group y includes itself",
    ]


SHAPE: dict[str, Any] = {
    "project": {
        "name": "app",
        "version": "0.1.0",
        "requires-python": ">=3.12",
        "dependencies": ["six"],
        "optional-dependencies": {"x": ["six"]},
        "dynamic": ["version"],
    },
    "dependency-groups": {"dev": ["six", {"include-group": "dev"}]},
    "tool": {
        "uv": {
            "sources": {"six": {"git": "x"}},
            "default-groups": ["dev"],
            "dev-dependencies": ["six"],
            "conflicts": [[{"extra": "x"}]],
            "constraint-dependencies": ["six"],
            "environments": ["os_name == 'nt'"],
            "exclude-newer": "2026-01-01T00:00:00Z",
            "required-version": ">=1",
        }
    },
}
LOCK_SHAPE = {
    "version": 1,
    "revision": 3,
    "requires-python": ">=3.12",
    "manifest": {"members": ["app"], "constraints": [{"name": "six"}], "dependency-groups": {"dev": [{"name": "six"}]}},
    "options": {"exclude-newer": "2026-02-01T00:00:00Z"},
    "conflicts": [[{"extra": "x"}]],
    "supported-markers": ["os_name == 'posix'"],
    "package": [
        {
            "name": "app",
            "version": "0.1.0",
            "source": {"virtual": "."},
            "metadata": {
                "requires-dist": [{"name": "six", "marker": "os_name == 'nt'", "extras": ["x"], "specifier": ">=1"}],
                "requires-dev": {"dev": [{"name": "six"}]},
                "provides-extras": ["x"],
            },
        }
    ],
}


@given(
    near_documents(SHAPE),
    st.one_of(documents, near_documents(LOCK_SHAPE)),
    st.none() | near_documents(SHAPE["tool"]["uv"]),
    st.booleans(),
)
def test_never_raises(pyproject: object, lock: object, uv_toml: object, is_complete: bool) -> None:
    root = Project("pyproject.toml", pyproject if isinstance(pyproject, dict) else {})
    workspace = Workspace(root, [root] if "project" in root.value else [], is_complete)
    settings = uv_toml if isinstance(uv_toml, dict) else None
    verdict = uv.freshness(workspace, lock, python=PYTHON, version=VERSION, uv_toml=settings)
    assert (verdict.state is LockState.FRESH) != bool(verdict.reasons)


def test_members_are_found(tmp_path: Path) -> None:
    files = {"libs/two/pyproject.toml": TWO, "libs/one/pyproject.toml": ONE, "libs/old/x": "", "libs/.hidden/x": ""}
    write_tree(tmp_path, files)
    tree = WorkingTree(str(tmp_path))

    def read(name: str) -> object:
        return tomli.loads(files[name])

    root = Project("pyproject.toml", tomli.loads(ROOT))
    assert [project.path for project in find_workspace(root, tree, read).projects] == [
        "libs/one/pyproject.toml",
        "libs/two/pyproject.toml",
    ]
