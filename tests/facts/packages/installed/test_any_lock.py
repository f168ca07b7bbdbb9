"""Locks with values of any shape anywhere: what is wrong is passed over, in little time."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.facts.packages.installed.install_set import Installed, InstallSet
from pydeploy_lint.facts.packages.installed.pipenv import from_pipfile_lock
from pydeploy_lint.facts.packages.installed.poetry import from_poetry_lock
from pydeploy_lint.facts.packages.installed.uv import from_uv_lock
from pydeploy_lint.files.formats.documents import Document
from pydeploy_lint.files.source import Source

KEYS = st.sampled_from(
    [
        *("name", "version", "source", "groups", "markers", "marker", "dependencies", "optional", "extras", "extra"),
        *("optional-dependencies", "dev-dependencies", "resolution-markers", "python-versions", "virtual", "default"),
        *("develop", "package", "manifest", "members", "tool", "poetry", "project", "group", "main", "dev", "django"),
        *("python", "platform", "category", ""),
    ]
)
WORDS = st.sampled_from(
    [
        *("django", "psycopg2", "main", "dev", ".", "5.2", "*", ">=3.8", ">=3.*", ">=", "sys_platform == 'linux'"),
        *("extra == 'x'", "python_version < '3'", "((", "django (>=4)", "x", "", "\ud800"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
PACKAGES = st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=4)
SECTIONS = {"default": VALUES, "develop": VALUES, "manifest": VALUES, "tool": VALUES}
LOCKS = st.fixed_dictionaries({}, optional={"package": PACKAGES | VALUES, **SECTIONS})


def document(value: object) -> Document:
    return Document(Source("lock", json.dumps(value).encode()), value, "json")


def install_sets(lock: object, project: object) -> list[InstallSet]:
    return [
        from_pipfile_lock(document(lock), "3.13.2"),
        from_poetry_lock(document(lock), document(project), "3.13.2"),
        from_poetry_lock(document(lock), None, None),
        from_uv_lock(document(lock), "3.13.2"),
    ]


@given(LOCKS | VALUES, LOCKS | VALUES)
@example({"package": [{"name": [], "source": {"virtual": "."}, "dependencies": [{"name": {}}]}]}, None)
@example({"package": [{"name": "x", "dependencies": {"x": [{"extras": ["y"]}]}, "extras": {"y": ["x", 1, ";"]}}]}, {})
def test_every_question_is_answered(lock: object, project: object) -> None:
    for found in install_sets(lock, project):
        assert found.provides_module("django").installed in Installed
        for declared in found.declared:
            assert found.query(declared.name).why
            assert declared.place().path == "lock"


@pytest.mark.parametrize("form", ["uv", "poetry"])
def test_dense_graph_takes_little_time(form: str) -> None:
    names = [f"p{number}" for number in range(100)]
    extras = [f"e{number}" for number in range(10)]
    if form == "uv":
        needs = [{"name": name, "extra": extras} for name in names]
        packages: list[dict[str, object]] = [{"name": name, "dependencies": needs} for name in names]
        packages.append({"name": "app", "source": {"virtual": "."}, "dependencies": needs})
        start = time.process_time()
        found = from_uv_lock(document({"package": packages}), "3.13.2")
    else:
        table = {name: {"extras": extras} for name in names}
        packages = [{"name": name, "dependencies": table, "extras": dict.fromkeys(extras, names)} for name in names]
        start = time.process_time()
        project = document({"tool": {"poetry": {"dependencies": table}}})
        found = from_poetry_lock(document({"package": packages}), project, "3.13.2")
    assert time.process_time() - start < 10
    assert found.query("p99").installed is Installed.YES
