"""Markers, decided for Heroku's platform; packaging is the judge where it can evaluate one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.markers import Marker

from pydeploy_lint.facts.packages.markers import Environment, holds

HEROKU = Environment("3.13.2")
VARIABLES = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "implementation_version": "3.13.2",
    "python_version": "3.13",
    "python_full_version": "3.13.2",
    "platform_release": "",
    "platform_version": "",
    "extra": "",
}


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_version >= '3.8'", True),
        ("python_version < '3.9'", False),
        ("python_version == '3.13.0'", True),
        ("python_version in '3.12 3.13'", True),
        ("python_full_version > '3.13'", True),
        ("python_full_version <= '3.13.2'", True),
        ("python_full_version < '3.13.10'", True),
        ("'3.9' <= python_version", True),
        ("sys_platform == 'win32'", False),
        ("sys_platform != 'darwin' and platform_machine == 'x86_64'", True),
        ("os_name == 'nt' or implementation_name == 'cpython' and sys_platform == 'linux'", True),
        ("(os_name == 'nt' or implementation_name == 'cpython') and sys_platform == 'win32'", False),
        ("extra == 'postgres'", False),
        ("extra == ''", True),
        ("platform_release >= '5'", None),
        ("'Ubuntu' in platform_version", None),
        ("nonsense", None),
        ("python_version <", None),
        ("(" * 5000, None),
    ],
)
def test_value(marker: str, *, expected: bool | None) -> None:
    assert holds(marker, HEROKU) is expected


def test_unknown_python_leaves_only_its_version_open() -> None:
    nowhere = Environment(None)
    assert holds("python_version > '3'", nowhere) is None
    assert holds("sys_platform == 'linux'", nowhere) is True


@pytest.mark.parametrize("marker", ["extra == 'My_Extra'", "extra == 'my-extra' and (python_version > '3')"])
def test_extra_that_is_asked_for(marker: str) -> None:
    assert holds(marker, HEROKU, ["my-extra"]) is True
    assert holds(marker, HEROKU, ["other"]) is False


TERMS = st.builds(
    lambda variable, operator, value: f"{variable} {operator} '{value}'",
    st.sampled_from([name for name in VARIABLES if name not in ("platform_release", "platform_version")]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "~="]),
    st.sampled_from(["3", "3.9", "3.13", "3.13.0", "3.14", "3.13.*", "linux", "win32", "posix", "CPython", ""]),
)


@given(st.lists(TERMS, min_size=1, max_size=4), st.lists(st.sampled_from([" and ", " or "]), min_size=3, max_size=3))
@example(["python_version > '3.13'"], [" or "] * 3)
@example(["os_name == 'nt'", "os_name == 'posix'", "os_name == 'nt'"], [" or ", " and ", " or "])
def test_agrees_with_packaging(terms: list[str], joints: list[str]) -> None:
    marker = terms[0] + "".join(joint + term for joint, term in zip(joints, terms[1:], strict=False))
    try:
        expected: bool | None = Marker(marker).evaluate(VARIABLES)
    except ValueError:
        expected = None
    assert holds(marker, HEROKU) is expected
