from __future__ import annotations

import pytest

from pydeploy_lint.facts.buildpacks.commands import read_lists
from pydeploy_lint.facts.buildpacks.declaration import Place
from pydeploy_lint.files.shell import read_shell
from pydeploy_lint.files.source import Source

HEROKU = Place.HEROKU_COMMAND
DOKKU = Place.DOKKU_COMMAND


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("heroku buildpacks:set x/y", [(HEROKU, None, ["x/y"], False)]),
        ("heroku buildpacks set x/y -a app", [(HEROKU, "app", ["x/y"], False)]),
        ("heroku buildpacks:set x/y --app=app", [(HEROKU, "app", ["x/y"], False)]),
        ("heroku buildpacks:set -aapp x/y", [(HEROKU, "app", ["x/y"], False)]),
        ("APP=app; heroku buildpacks:set x/y --app $APP", [(HEROKU, "app", ["x/y"], False)]),
        ("heroku buildpacks:set x/y --app $APP", [(HEROKU, None, ["x/y"], False)]),
        ("sudo -u me /usr/bin/heroku buildpacks:set x/y", [(HEROKU, None, ["x/y"], False)]),
        ("if a; then heroku buildpacks:add x/y; fi", [(HEROKU, None, ["x/y"], False)]),
        ("heroku buildpacks:clear; heroku buildpacks:add a/a; heroku buildpacks:add b/b",
         [(HEROKU, None, ["a/a", "b/b"], True)]),
        ("heroku buildpacks:add a/a; heroku buildpacks:add -i 1 b/b", [(HEROKU, None, ["b/b", "a/a"], False)]),
        ("heroku buildpacks:add a/a; heroku buildpacks:set b/b", [(HEROKU, None, ["b/b"], False)]),
        ("heroku buildpacks:add a/a; heroku buildpacks:set --index 2 b/b", [(HEROKU, None, ["a/a", "b/b"], False)]),
        ("heroku buildpacks:add a/a; heroku buildpacks:remove a/a", [(HEROKU, None, [], False)]),
        ("heroku buildpacks:add a/a; heroku buildpacks:add b/b; heroku buildpacks:remove -i 1",
         [(HEROKU, None, ["b/b"], False)]),
        ("heroku buildpacks:add a/a -a 1; heroku buildpacks:add b/b -r 2",
         [(HEROKU, "1", ["a/a"], False), (HEROKU, None, ["b/b"], False)]),
        ("heroku create app --stack heroku-24 --buildpack x/y", [(HEROKU, "app", ["x/y"], True)]),
        ("heroku apps:create -b x/y --region eu", [(HEROKU, None, ["x/y"], True)]),
        ("heroku create -b x/y; heroku create -b x/y", [(HEROKU, None, ["x/y"], True), (HEROKU, None, ["x/y"], True)]),
        ("heroku config:set A=b BUILDPACK_URL=x/y -a app", [(Place.CONFIG_VAR, "app", ["x/y"], True)]),
        ("dokku buildpacks:add --index 1 app x/y", [(DOKKU, "app", ["x/y"], False)]),
        ("ssh -t dokku@host buildpacks:set app x/y", [(DOKKU, "app", ["x/y"], False)]),
        ("ssh host dokku buildpacks:set app x/y", [(DOKKU, "app", ["x/y"], False)]),
        ("dokku config:set app BUILDPACK_URL=x/y", [(DOKKU, "app", ["x/y"], True)]),
        ("heroku buildpacks:set $UNKNOWN", [(HEROKU, None, [], False)]),
        ("heroku buildpacks:set \"$(cat url)\"", [(HEROKU, None, [], False)]),
        ("echo heroku buildpacks:set x/y", []),
        ("heroku", []),
        ("heroku logs", []),
        ("cat <<E\nheroku buildpacks:set x/y\nE\n", []),
    ],
)  # fmt: skip
def test_what_commands_leave_behind(code: str, expected: list[object]) -> None:
    source = Source("a.sh", code.encode())
    lists = read_lists(source, 0, read_shell(code).commands)
    assert [
        (found.place, found.app, [entry.reference.text for entry in found.entries], found.complete) for found in lists
    ] == expected


def test_positions() -> None:
    code = (
        "URL='x/y#v1'\nheroku buildpacks:set 'x/y#v1' \\\n  -a b\n"
        "heroku create --buildpack=x/y\nheroku buildpacks:add $URL"
    )
    source = Source("a.sh", ("#" * 7 + code).encode())
    entries = [entry for found in read_lists(source, 7, read_shell(code).commands) for entry in found.entries]
    assert [(entry.reference.text, entry.at[1:]) for entry in entries] == [
        ("x/y#v1", (2, 24, 2, 30)),
        ("x/y", (4, 27, 4, 30)),
        ("x/y#v1", (5, 23, 5, 27)),
    ]
