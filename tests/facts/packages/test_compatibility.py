from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.packages.compatibility import (
    Certainty,
    Companions,
    Conflict,
    ConflictPhase,
    conflicts,
    has_compatibility_data,
    is_installed,
    newest_python_for,
)
from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet

SERIES = ["3.10", "3.11", "3.12", "3.13", "3.14"]


def failing(pins: dict[str, str], python: str, manager: str = "pip", *, complete: bool = False) -> list[Conflict]:
    beside = Companions(pins, complete)
    return [
        conflict
        for name, pin in pins.items()
        for conflict in conflicts(name, pin, python, manager, stack="heroku-24", companions=beside)
        if conflict.certainty.fails
    ]


def names(pins: dict[str, str], python: str, manager: str = "pip", *, complete: bool = False) -> list[str]:
    return [conflict.distribution for conflict in failing(pins, python, manager, complete=complete)]


@pytest.mark.parametrize(
    ("pins", "python", "expected"),
    [
        ({"django": "==3.2.25"}, "3.13", ["django"]),
        ({"django": "==3.2.25"}, "3.12", []),
        ({"django": "==4.0.1"}, "3.13.2", ["django"]),
        ({"django": "==4.1.13"}, "3.13", []),
        ({"django": "==4.2.16"}, "3.13", []),
        ({"django": "~=4.0.6"}, "3.14", ["django"]),
        ({"django": "~=4.0"}, "3.14", []),
        ({"django": ">=3"}, "3.14", []),
        ({"django": ">=3,<4"}, "3.13", ["django"]),
        ({"django": "==3.2.25", "legacy-cgi": "==2.6.3"}, "3.13", []),
        ({"django": "==2.2.28"}, "3.12", []),
        ({"django": "==2.2.28"}, "3.13", ["django", "django"]),
        ({"gunicorn": "==20.1.0"}, "3.13", ["gunicorn"]),
        ({"gunicorn": "==20.1.0"}, "3.12", []),
        ({"gunicorn": "==20.1.0", "setuptools": ""}, "3.12", []),
        ({"gunicorn": "==20.1.0", "setuptools": ">=82"}, "3.12", ["gunicorn"]),
        ({"gunicorn": "==20.1.0", "setuptools": "==75.8.0"}, "3.13", []),
        ({"gunicorn": "==20.1.0", "setuptools": "<81"}, "3.13", []),
        ({"gunicorn": "==20.1.0", "setuptools": ">=65"}, "3.13", ["gunicorn"]),
        ({"gunicorn": "<21"}, "3.14", ["gunicorn"]),
        ({"gunicorn": "<=21"}, "3.14", []),
        ({"flask": "==2.2.2"}, "3.12", ["flask"]),
        ({"flask": "==2.2.2", "werkzeug": ""}, "3.12", ["flask"]),
        ({"flask": "==2.2.2", "werkzeug": "<4"}, "3.12", ["flask"]),
        ({"flask": "==2.2.2", "werkzeug": "==2.2.3"}, "3.12", []),
        ({"flask": "==2.2.2", "werkzeug": "~=2.2"}, "3.12", []),
        ({"flask": "==3.1.0"}, "3.13", []),
        ({"pydantic": "==1.10.12", "fastapi": "==0.95.2"}, "3.13", ["pydantic"]),
        ({"pydantic": "==1.10.12", "fastapi": ""}, "3.12", ["pydantic"]),
        ({"pydantic": "==1.10.12", "fastapi": ""}, "3.11", []),
        ({"pydantic": "==1.10.12"}, "3.13", []),
        ({"pydantic": "==1.10.24", "fastapi": "==0.95.2"}, "3.13", []),
        ({"pydantic": "==1.9.2", "fastapi": "==0.95.2"}, "3.11", ["pydantic"]),
        ({"aiogram": "~=2.25"}, "3.12", ["aiogram"]),
        ({"aiogram": "==3.15.0"}, "3.12", []),
        ({"h5py": "==3.1.0"}, "3.12", ["h5py"]),
        ({"cchardet": "==2.1.7"}, "3.12", ["cchardet"]),
        ({"flask-sqlalchemy": "==2.5.1", "flask": "==2.3.2", "sqlalchemy": "<2"}, "3.12", []),
        ({"flask-sqlalchemy": "==2.5.1", "flask": "==3.0.0", "sqlalchemy": "<2"}, "3.12", ["flask-sqlalchemy"]),
        ({"flask-sqlalchemy": "==2.4.4", "flask": "==2.3.2", "sqlalchemy": "<2"}, "3.12", ["flask-sqlalchemy"]),
        ({"flask-sqlalchemy": "==2.4.4", "flask": "==2.1.3", "sqlalchemy": "<2", "werkzeug": "<3"}, "3.12", []),
        ({"jinja2": "==2.11.3", "markupsafe": "==2.0.1"}, "3.11", []),
        ({"jinja2": "==2.11.3"}, "3.11", ["jinja2"]),
        ({"discord-py": "==2.4.0"}, "3.14", ["discord-py"]),
        ({"discord-py": "==2.4.0", "audioop-lts": "==0.2.1"}, "3.13", []),
        ({"discord-py": "==2.5.2"}, "3.13", []),
        ({"celery": "==5.1.2"}, "3.13", ["celery"]),
        ({"celery": "~=5.1.0"}, "3.11", ["celery"]),
        ({"celery": "==5.2.7"}, "3.11", []),
        ({"torch": "==2.6.0"}, "3.12", ["torch"]),
        ({"torch": "==2.6.0+cpu"}, "3.12", []),
        ({"opencv-python": "==4.10.0.84"}, "3.13", ["opencv-python"]),
        ({"opencv-python-headless": "==4.10.0.84"}, "3.13", []),
        ({"numpy": "==1.21.6"}, "3.12", ["numpy"]),
        ({"numpy": "==1.26.4"}, "3.12", []),
        ({"pyyaml": "==5.4.1"}, "3.12", ["pyyaml"]),
        ({"pyyaml": "==5.3.1"}, "3.13", []),
        ({"pyyaml": "==5.3.1"}, "3.12", []),
        ({"greenlet": "==2.0.1"}, "3.13", ["greenlet"]),
        ({"psycopg2-binary": "~=2.8.3"}, "3.13", ["psycopg2-binary"]),
        ({"psycopg2-binary": "<=2.9.6"}, "3.14", ["psycopg2-binary"]),
        ({"psycopg2-binary": "~=2.9.3"}, "3.13", []),
        ({"psycopg2-binary": "==2.9.3"}, "3.12", []),
        ({"nobody-knows-this": "==1"}, "3.13", []),
        ({"django": "^4.0"}, "3.13", []),
        ({"django": "==3.2"}, "3", []),
    ],
)
def test_pins(pins: dict[str, str], python: str, expected: list[str]) -> None:
    assert names(pins, python) == expected


@pytest.mark.parametrize("manager", ["uv", "poetry", "pipenv"])
def test_only_pip_gets_setuptools_from_the_buildpack(manager: str) -> None:
    assert names({"gunicorn": "==20.1.0"}, "3.12", manager, complete=True) == ["gunicorn"]
    assert names({"django": "==2.2.28"}, "3.12", manager, complete=True) == ["django"]
    assert names({"gunicorn": "==20.1.0", "setuptools": "==75.8.0"}, "3.12", manager, complete=True) == []


def test_uv_does_not_read_the_metadata_that_pip_rejects() -> None:
    assert names({"celery": "==5.1.2"}, "3.13", "uv") == []
    (of_pipenv,) = failing({"celery": "==5.1.2"}, "3.13", "pipenv", complete=True)
    assert of_pipenv.certainty is Certainty.INFERRED


def test_conflict() -> None:
    (found,) = failing({"Django": "==3.2.25", "whitenoise": "==6.2.0"}, "3.13")
    assert found.distribution == "django"
    assert found.phase is ConflictPhase.IMPORT
    assert found.consequence == "imports cgi, which Python no longer has since 3.13"
    assert (found.works_from, found.instead) == ("4.1", "legacy-cgi")
    assert found.is_certain
    assert found.date >= "2026-11-25"


def test_what_is_not_listed_may_bring_the_companion() -> None:
    (found,) = failing({"django": "==3.2.25", "nobody-knows-this": "==1"}, "3.13")
    assert found.depends_on_others
    assert not found.is_certain
    (in_lock,) = failing({"django": "==3.2.25", "nobody-knows-this": "==1"}, "3.13", "uv", complete=True)
    assert in_lock.is_certain


def test_a_bound_on_the_companion_decides_whatever_else_is_there() -> None:
    (found,) = failing({"flask": "==2.2.2", "werkzeug": "==3.0.1", "nobody-knows-this": "==1"}, "3.12")
    assert found.is_certain


def test_django_that_is_not_documented_for_a_python_but_works() -> None:
    found = conflicts("Django", "==4.2.16", "3.13", "pip")
    assert [each.certainty for each in found] == [Certainty.UNSUPPORTED]
    assert found[0].works_from == "5.1.3"


def test_what_has_a_wheel_for_an_older_python_does_not_fail_on_a_newer_one_because_older_versions_do() -> None:
    assert names({"numpy": "==1.25.2"}, "3.12") == ["numpy"]
    (found,) = conflicts("numpy", "==1.26.4", "3.13", "pip")
    assert found.certainty is Certainty.UNTRIED
    assert found.works_from == "2.1.0"


def test_what_cannot_be_installed_is_never_imported() -> None:
    (with_wheel,) = failing({"pandas": "==1.5.3"}, "3.11")
    assert (with_wheel.phase, with_wheel.is_certain) == (ConflictPhase.IMPORT, True)
    (without,) = failing({"pandas": "==1.5.3"}, "3.12")
    assert (without.phase, without.is_certain) == (ConflictPhase.INSTALL, False)


def test_what_has_nothing_but_wheels() -> None:
    (old,) = failing({"tensorflow": "==2.18.0"}, "3.13")
    assert (old.phase, old.is_certain, old.works_from) == (ConflictPhase.INSTALL, True, "2.20.0")
    assert old.consequence == "has no wheel for Python 3.13, and there is no source distribution to build it from"
    (none_yet,) = failing({"tensorflow-cpu": ""}, "3.14")
    assert (none_yet.certainty, none_yet.works_from) == (Certainty.INFERRED, None)
    assert failing({"tensorflow-cpu": "==2.20.0"}, "3.13") == []
    assert failing({"mediapipe": "==0.10.30"}, "3.14") == []


def test_a_trial_with_a_newer_python_is_good_for_an_older_one() -> None:
    assert conflicts("pyyaml", "==5.2", "3.12", "pip") == []


def test_the_surest_comes_first() -> None:
    found = conflicts("django", "==2.2.28", "3.13", "uv", companions=Companions({}, complete=True))
    assert [each.certainty for each in found] == [Certainty.MEASURED, Certainty.MEASURED, Certainty.UNSUPPORTED]


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        ({"django": "==4.1.13", "psycopg2-binary": "==2.9.9", "gunicorn": "==21.2.0"}, "3.12"),
        ({"django": "==3.2.25"}, "3.12"),
        ({"flask": "==3.1.0"}, "3.14"),
        ({}, "3.14"),
        ({"flask": "==2.2.2"}, None),
    ],
)
def test_newest_python_for(pins: dict[str, str], expected: str | None) -> None:
    assert newest_python_for(pins, "pip", SERIES) == expected


def test_companions_of_an_install_set() -> None:
    declared = [
        Declared("flask", Installed.YES, "", lambda: pytest.fail("not asked for"), specifier="==2.2.2"),
        Declared("werkzeug", Installed.UNKNOWN, "", lambda: pytest.fail("not asked for"), specifier="<3"),
        Declared("setuptools", Installed.NO, "", lambda: pytest.fail("not asked for"), specifier="==70"),
    ]
    install_set = InstallSet("requirements.txt", declared, complete=False, python="3.13.2")
    assert Companions.of(install_set) == Companions({"flask": "==2.2.2", "werkzeug": "<3"}, complete=False)


@pytest.mark.parametrize(
    ("wanted", "python", "manager", "pins", "expected"),
    [
        ("<82", "3.12", "pip", {}, True),
        ("<82", "3.13", "pip", {}, False),
        ("<82", "3.12", "uv", {}, False),
        ("<82", "3.13", "uv", {"setuptools": "==75.8.0"}, True),
        ("<82", "3.13", "uv", {"setuptools": "==82.0.1"}, False),
        ("", "3.13", "pip", {"setuptools": ""}, True),
        ("", "3.13", "pip", {"setuptools": "^9"}, False),
        ("", "nonsense", "pip", {"setuptools": ""}, False),
    ],
)
def test_is_installed(wanted: str, python: str, manager: str, pins: dict[str, str], expected: bool) -> None:
    assert is_installed("setuptools", wanted, python, manager, Companions(pins, complete=False)) is expected


def test_knows() -> None:
    assert has_compatibility_data("django")
    assert has_compatibility_data("numpy")
    assert not has_compatibility_data("nobody-knows-this")


@given(
    st.sampled_from(["django", "gunicorn", "flask", "numpy", "psycopg2-binary", "pyyaml"]),
    st.text(alphabet="0123456789.*=<>!~, abrc+-", max_size=20),
    st.text(alphabet="0123456789.x", max_size=8),
    st.text(alphabet="0123456789.*=<>!~, abrc+-", max_size=20),
)
def test_bad_input_is_no_error(name: str, specifier: str, python: str, other: str) -> None:
    beside = Companions({name: specifier, "setuptools": other, "werkzeug": other}, complete=False)
    for found in conflicts(name, specifier, python, "pip", companions=beside):
        assert found.distribution == name
