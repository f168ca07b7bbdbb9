from __future__ import annotations

import datetime
import importlib.util
import json
import sys
import warnings
from pathlib import Path

import pytest

from pydeploy_lint.facts.packages.imports.modules import (
    distributions,
    is_known,
    name_removed_in,
    removed_in,
    requires_date,
    requires_of,
)
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.data.aging_data import SHIPPED

APPS = [
    "rest_framework", "corsheaders", "crispy_forms", "whitenoise", "debug_toolbar", "storages", "django_extensions",
    "allauth", "channels", "ckeditor", "import_export", "django_filters", "django_celery_beat", "drf_yasg",
    "drf_spectacular", "simple_history", "widget_tweaks", "tinymce", "mptt", "taggit", "imagekit", "sorl",
    "compressor", "anymail", "axes", "csp", "constance", "environ", "decouple", "dj_database_url", "django_heroku",
    "flask", "fastapi", "flask_sqlalchemy", "flask_login", "flask_wtf", "starlette", "uvicorn", "sqlmodel",
    "celery", "redis", "jose", "passlib", "multipart",
]  # fmt: skip


@pytest.mark.parametrize("module", APPS)
def test_common_modules_are_known(module: str) -> None:
    assert is_known(module)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("rest_framework.views", ["djangorestframework"]),
        ("corsheaders.middleware", ["django-cors-headers"]),
        ("PIL", ["pillow"]),
        ("yaml", ["pyyaml"]),
        ("google.cloud.storage.blob", ["google-cloud-storage"]),
        ("google.protobuf", ["protobuf"]),
        ("azure.storage.blob", ["azure-storage-blob"]),
        ("requests.adapters", ["requests"]),
        ("flask_login", ["flask-login"]),
        ("surely_nobody_has_this.part", ["surely_nobody_has_this"]),
        ("", [""]),
    ],
)
def test_distributions(module: str, expected: list[str]) -> None:
    assert distributions(module) == expected


def test_several_distributions_have_one_module_the_most_used_first() -> None:
    assert distributions("discord")[:2] == ["discord-py", "py-cord"]
    assert {"psycopg2", "psycopg2-binary"} <= {*distributions("psycopg2")}


def test_a_namespace_alone_belongs_to_nobody() -> None:
    assert not is_known("google")
    assert not is_known("azure")


@pytest.mark.parametrize(
    ("module", "series", "version"),
    [
        ("cgi", "3.12", None),
        ("cgi", "3.13", "3.13"),
        ("distutils.version", "3.14", "3.12"),
        ("sre_parse", "3.14", None),
        ("sre_parse", "3.15", "3.15"),
        ("tkinter", "3.15", None),
        ("tkinter.tix", "3.13", "3.13"),
        ("xml.etree.cElementTree", "3.10", "3.9"),
        ("os", "3.15", None),
    ],
)
def test_removed_in(module: str, series: str, version: str | None) -> None:
    assert removed_in(module, series) == version


def test_requires() -> None:
    flask = requires_of("Flask")
    assert flask is not None
    assert flask >= {"werkzeug", "jinja2", "click", "itsdangerous", "blinker", "markupsafe"}
    assert {"asgiref", "sqlparse"} <= (requires_of("django") or frozenset())
    assert "setuptools" not in (requires_of("Flask") or ())
    assert requires_of("no-such-distribution") is None
    assert "werkzeug" in (requires_of("Flask_Login") or ())
    datetime.date.fromisoformat(requires_date())


def test_data_is_well_formed_and_small() -> None:
    path = Path(SHIPPED) / "modules.json"
    assert path.stat().st_size < 300_000
    data = json.loads(path.read_bytes())
    assert data["format"] == 1
    for part in ("modules", "requires"):
        datetime.date.fromisoformat(data[part]["date"])
        assert data[part]["source"]
    same = data["modules"]["same"].split()
    assert len(same) == len(set(same))
    assert not {*same} & data["modules"]["modules"].keys()
    assert all(names.split() for names in data["modules"]["modules"].values())
    direct = data["requires"]["direct"]
    assert all(name in direct for names in direct.values() for name in names.split())


@pytest.mark.parametrize(
    ("name", "series", "version"),
    [
        ("collections.Mapping", "3.9", None),
        ("collections.Mapping", "3.14", "3.10"),
        ("collections.OrderedDict", "3.14", None),
        ("ast.Num", "3.13", None),
        ("ast.Num", "3.14", "3.14"),
    ],
)
def test_names_that_left_the_standard_library(name: str, series: str, version: str | None) -> None:
    assert name_removed_in(name, series) == version


def test_the_interpreter_that_runs_this_lacks_the_names_that_were_removed_by_then() -> None:
    """Against the interpreter itself: what the data says is gone is gone, and what goes later is there."""
    here = sys.version_info[:2]
    names = aging_data.load("standard_library.json")["removed"]["names"]
    assert {
        name
        for version, gone in names.items()
        for name in gone
        if _has(*name.rpartition(".")[::2]) is (tuple(map(int, version.split("."))) <= here)
    } == set()


def _has(module: str, name: str) -> bool | None:
    """Whether a module of the standard library has a name; None where there is no such module any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return hasattr(importlib.import_module(module), name) or bool(importlib.util.find_spec(f"{module}.{name}"))
        except ImportError:
            return None
