from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.app import App
from pydeploy_lint.facts.buildpacks.declaration import Place
from pydeploy_lint.facts.buildpacks.places.env_file import read_env_file
from pydeploy_lint.facts.buildpacks.places.scripts import read_makefile, read_script, read_workflow
from pydeploy_lint.facts.buildpacks.places.terraform import read_terraform
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.source import Source
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList

TODAY = datetime.date(2026, 8, 18)


def app(root: Path, files: dict[str, str]) -> App:
    write_tree(root, files)
    return App.open(WorkingTree(str(root)), AppOptions(TODAY))


def said(lists: list[BuildpackList]) -> list[tuple[Place, str | None, list[str]]]:
    """Place, app, and text and place of each buildpack."""
    return [
        (found.place, found.app, [f"{entry.reference.text} {entry.at}" for entry in found.entries]) for found in lists
    ]


TERRAFORM = """\
variable "pack" { default = "no/no" }
resource "heroku_app" "é" {
  name = "my-app"
  /* é */ buildpacks = ["a/a", # one
    "b/b#${var.ref}", var.pack, "c/c"]
  organization { name = "team" }
  config_vars = { OTHER = "1", BUILDPACK_URL = "d/d" }
}
resource "heroku_build" "x" {
  app_id = heroku_app.default.id
  buildpacks = ["e/e"]
}
resource "other" "x" { buildpacks = ["no/no"] }
"""


def test_terraform() -> None:
    lists = read_terraform(Source("main.tf", TERRAFORM.encode()))
    assert said(lists) == [
        (Place.TERRAFORM, "my-app", ["a/a main.tf:4:26", "c/c main.tf:5:34"]),
        (Place.CONFIG_VAR, "my-app", ["d/d main.tf:7:49"]),
        (Place.TERRAFORM, None, ["e/e main.tf:11:18"]),
    ]
    assert [found.complete for found in lists] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BUILDPACK_URL=x/y\n", ["x/y .env:1:15"]),
        ("A=1\r\nexport BUILDPACK_URL = 'x/y#v1' # why\r\n", ["x/y#v1 .env:2:25"]),
        ('BUILDPACK_URL="x/y"', ["x/y .env:1:16"]),
        ("BUILDPACK_URL=a/b\nBUILDPACK_URL=x/y\n", ["x/y .env:2:15"]),
        ("# BUILDPACK_URL=x/y\n", []),
        ("BUILDPACK_URL=$OTHER\n", []),
        ("BUILDPACK_URL=\n", []),
        ("MY_BUILDPACK_URL=x/y\n", []),
    ],
)
def test_env_files(text: str, expected: list[str]) -> None:
    lists = read_env_file(Source(".env", text.encode()))
    assert [entry for *_, entries in said(lists) for entry in entries] == expected


def test_makefiles() -> None:
    text = (
        "APP = x\n"
        "deploy: x\n"
        "\t@heroku buildpacks:set a/a -a $(APP) && \\\n"
        "\t  heroku buildpacks:add b/b -a app\n"
        "\n"
        "\t-heroku buildpacks:add c/c -a app\n"
        "other:\n"
        "\theroku buildpacks:add d/d -a app\n"
    )
    assert said(read_makefile(Source("Makefile", text.encode()))) == [
        (Place.HEROKU_COMMAND, None, ["a/a Makefile:3:25"]),
        (Place.HEROKU_COMMAND, "app", ["b/b Makefile:4:26", "c/c Makefile:6:25"]),
        (Place.HEROKU_COMMAND, "app", ["d/d Makefile:8:24"]),
    ]


def test_workflows() -> None:
    text = """\
name: heroku buildpacks:set no/no
jobs:
  deploy:
    steps:
      - name: heroku buildpacks:set no/no
        run: heroku buildpacks:set a/a -a app # é
      - run: |
          heroku buildpacks:clear -a ${{ env.X }}
          heroku buildpacks:add b/b \\
            -a ${{ env.X }}
          heroku buildpacks:add c/c -a ${{ env.X }}
      - run: >-
          heroku buildpacks:add
          d/d --app app
      - run: "heroku buildpacks:add e/e"
      - run: "heroku buildpacks:add \\u0065/e"
script: [heroku buildpacks:add f/f]
"""
    assert said(read_workflow(Source("ci.yml", text.encode()))) == [
        (Place.HEROKU_COMMAND, "app", ["a/a ci.yml:6:36"]),
        (Place.HEROKU_COMMAND, None, ["b/b ci.yml:9:33", "c/c ci.yml:11:33"]),
        (Place.HEROKU_COMMAND, "app", ["d/d ci.yml:14:11"]),
        (Place.HEROKU_COMMAND, None, ["e/e ci.yml:15:37"]),
        (Place.HEROKU_COMMAND, None, ["f/f ci.yml:17:32"]),
    ]


def test_scripts_for_other_interpreters_are_not_read() -> None:
    code = "heroku buildpacks:set x/y\n"
    read = {
        first: len(read_script(Source("a", (first + "\n" + code).encode())))
        for first in ("#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/bash -e", "#!/usr/bin/env python", "#!/usr/bin/ruby")
    }
    assert list(read.values()) == [1, 1, 1, 0, 0]


def test_package_json(tmp_path: Path) -> None:
    text = '{"scripts": {"a": "heroku buildpacks:set x/y -a app", "b": "x", "c": ["buildpacks"]}}'
    assert said(app(tmp_path, {"package.json": text}).declared.buildpack_lists) == [
        (Place.HEROKU_COMMAND, "app", ["x/y package.json:1:42"]),
    ]


def test_project_toml(tmp_path: Path) -> None:
    text = (
        '[[io.buildpacks.group]]\nid = "heroku/python"\nversion = "0.9"\n'
        '[[io.buildpacks.group]]\nuri = "https://a.example/x"\n[[build.buildpacks]]\nid = "heroku/nodejs"\n'
    )
    assert said(app(tmp_path, {"project.toml": text}).declared.buildpack_lists) == [
        (Place.PROJECT_TOML, None, ["heroku/python@0.9 project.toml:2:7", "https://a.example/x project.toml:5:8"]),
        (Place.PROJECT_TOML, None, ["heroku/nodejs project.toml:7:7"]),
    ]


COMMAND = "heroku buildpacks:set x/y\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.json", '{"buildpacks": [{"url": "x/y"}]}'),
        (".buildpacks", "x/y"),
        (".env", "BUILDPACK_URL=x/y"),
        (".env.production", "BUILDPACK_URL=x/y"),
        ("main.tf", 'resource "heroku_app" "a" {\nbuildpacks = ["x/y"]\n}'),
        ("infra/heroku.tf", 'resource "heroku_app" "a" {\nbuildpacks = ["x/y"]\n}'),
        ("deploy.sh", COMMAND),
        ("bin/setup", COMMAND),
        ("scripts/deploy.sh", COMMAND),
        ("Makefile", f"deploy:\n\t{COMMAND}"),
        (".github/workflows/deploy.yml", f"run: {COMMAND}"),
        (".gitlab-ci.yml", f"deploy:\n  script:\n    - {COMMAND}"),
        (".circleci/config.yml", f"command: {COMMAND}"),
        ("package.json", '{"scripts": {"a": "heroku buildpacks:set x/y"}}'),
    ],
)
def test_every_place_is_looked_at(path: str, text: str, tmp_path: Path) -> None:
    [found] = app(tmp_path, {path: text}).declared.buildpack_lists
    assert [(entry.reference.text, entry.at.path) for entry in found.entries] == [("x/y", path)]


@pytest.mark.parametrize("path", ["scripts/deep/down/deploy.sh", "README.md", "bin/deploy.py", "src/main.tf"])
def test_no_other_place_is_looked_at(path: str, tmp_path: Path) -> None:
    assert app(tmp_path, {path: COMMAND}).declared.buildpack_lists == []


def test_unreadable_places_are_noted_where_they_must_be_readable(tmp_path: Path) -> None:
    judged = app(tmp_path, {"app.json": "{", "project.toml": "[", "bin/a": "\xff" * 10, ".buildpacks": "x/y"})
    assert len(judged.declared.buildpack_lists) == 1
    assert [problem.at.path for problem in judged.files.problems] == ["app.json", "project.toml"]


@pytest.mark.parametrize("read", [read_env_file, read_makefile, read_script, read_terraform, read_workflow])
@given(data=st.binary() | st.text(alphabet="a/\"'[]{}:=|>-$#\\\n\t buildpacks").map(str.encode))
def test_any_bytes_are_read(read: Callable[[Source], list[BuildpackList]], data: bytes) -> None:
    source = Source("file", data)
    for found in read(source):
        for entry in found.entries:
            assert 1 <= (entry.at.line or 0) <= source.line_count
