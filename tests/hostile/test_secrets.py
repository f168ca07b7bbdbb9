"""A credential that stands anywhere in an app comes out nowhere: in no format, no plan, no log and no error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.cli.main import main
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.report.formats import FORMATS
from pydeploy_lint.testing import Files, write_tree

CANARY = "Zq7CANARYx9"
R: Files = {"requirements.txt": "", ".python-version": "3.13\n"}
DJANGO: Files = {
    "requirements.txt": "Django==5.1\n",
    ".python-version": "3.13\n",
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "s")  # django\n',
}
LOCK = 'version = 1\nrequires-python = ">=3.13"\n[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n'

FORMS = {
    "user and password": "https://user:{}@host.example/b.git",
    "token": "https://{}@github.com/a/heroku-buildpack-python.git",
    "git over https": "git+https://user:{}@github.com/a/heroku-buildpack-python.git",
    "at sign": "https://user:p@{}@host.example/b.git",
    "quote": "https://user:it's{}@github.com/a/heroku-buildpack-python",
    "backtick": "https://user:it`s{}@github.com/a/heroku-buildpack-python",
    "less than": "https://user:i<s{}@github.com/a/heroku-buildpack-python",
    "slash": "https://user:i/s{}@github.com/a/heroku-buildpack-python",
    "query": "https://host.example/pkg-1.0.whl?token={}",
    "fragment": "https://github.com/a/heroku-buildpack-python#access_token={}",
    "query of a fragment": "https://github.com/a/heroku-buildpack-python#main?token={}",
    "file": "file://user:{}@host.example/home/x/lib.zip",
    "query of a file": "file:///x?token={}",
    "query of a path": "./x.tar.gz?token={}",
    "without a scheme": "user:{}@github.com/a/heroku-buildpack-python",
    "two at signs": "git+git@user:{}@github.com/a/b",
    "ssh": "ssh://{}@github.com/a/heroku-buildpack-python",
    "database": "postgres://u:{}@host.example/db",
    "no user": "redis://:{}@host.example:6379/0",
}
"""Forms of credentials; the braces are the secret."""

PLACES: dict[str, Callable[[str], Files]] = {
    "a requirement": lambda text: {**R, "requirements.txt": f"{text}\nlib @ {text}\n-e {text}\n"},
    "options of pip": lambda text: {
        **R,
        "requirements.txt": f"--extra-index-url {text}\n--index-url\u00a0{text}\n-r {text}\n-f{text}\n--{text}\n",
    },
    "dependencies for uv": lambda text: {
        ".python-version": "3.13\n",
        "pyproject.toml": f'[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.13"\n'
        f"dependencies = [{_quoted(text)}, {_quoted('x @ ' + text)}]\n"
        f"[tool.uv]\nconstraint-dependencies = [{_quoted(text)}]\nindex-url = {_quoted(text)}\n",
        "uv.lock": LOCK,
    },
    "dependencies for Poetry": lambda text: {
        ".python-version": "3.13\n",
        "pyproject.toml": f'[tool.poetry]\nname = {_quoted(text)}\n[tool.poetry.dependencies]\npython = "^3.13"\n'
        f"x = {{ url = {_quoted(text)} }}\ny = {{ git = {_quoted(text)} }}\nz = {_quoted(text)}\n"
        f'[[tool.poetry.source]]\nname = "s"\nurl = {_quoted(text)}\n',
        "poetry.lock": 'package = []\n[metadata]\nlock-version = "2.1"\ncontent-hash = "x"\n',
    },
    "a Pipfile": lambda text: {
        "Pipfile": f'[[source]]\nname = "s"\nverify_ssl = true\nurl = {_quoted(text)}\n'
        f"[packages]\nx = {_quoted(text)}\n"
        f"y = {{ git = {_quoted(text)} }}\n",
        "Pipfile.lock": json.dumps({"_meta": {"requires": {"python_version": text}, "sources": [{"url": text}]}}),
    },
    "a Procfile": lambda text: {
        **R,
        "Procfile": f"web: DATABASE_URL={text} gunicorn app:app\n{text}\nworker: {text}\nrelease {text}\n",
        "app.py": f"app = {text!r}\n",
    },
    "a Procfile in UTF-16": lambda text: {
        **R,
        "Procfile": f"web: DATABASE_URL={text} gunicorn app:app\n".encode("utf-16"),
    },
    "app.json": lambda text: {
        **R,
        "app.json": json.dumps(
            {
                "stack": text,
                text: text,
                "addons": [f"heroku-postgresql:mini --fork {text}", text],
                "buildpacks": [{"url": text}, {"url": "heroku/python"}, text],
                "env": {"A": text, text: {"value": text}, "DISABLE_COLLECTSTATIC": text},
                "scripts": {"postdeploy": text},
                "formation": {"web": {"size": text, "quantity": text}},
            }
        ),
    },
    "app.json with escaped slashes": lambda text: {
        **R,
        "app.json": json.dumps({"buildpacks": [{"url": text}]}).replace("/", "\\/"),
    },
    "version files": lambda text: {"requirements.txt": "", ".python-version": f"{text}\n", "runtime.txt": f"{text}\n"},
    "scripts": lambda text: {
        **R,
        "bin/x": f"heroku buildpacks:set {text} -a {text}\nheroku buildpacks:add -i 1 {text}\n",
        ".buildpacks": f"{text}\n",
        "Makefile": f"deploy:\n\theroku create --buildpack {text}\n",
        "main.tf": f'resource "heroku_app" "a" {{\n  buildpacks = [{_quoted(text)}]\n}}\n',
        "Dockerfile": f"FROM {text}\nFROM python:{text}\n",
    },
    "workflows": lambda text: {
        **R,
        ".github/workflows/a.yml": f"a:\n  python-version: {_quoted(text)}\n  run: heroku buildpacks:set {text}\n",
    },
    "Django's settings": lambda text: {
        **DJANGO,
        "s.py": f"import os\nALLOWED_HOSTS = [{text!r}]\nMEDIA_ROOT = {text!r}\nDEBUG = {text!r}\n"
        f"DATABASES = {{'default': {{'HOST': {text!r}, 'ENGINE': {text!r}}}}}\nSTATIC_ROOT = {text!r}\n"
        f"SECRET_KEY = {text!r}\n"
        f"CACHES = {{'default': {{'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': {text!r}}}}}\n"
        f"CELERY_BROKER_URL = {text!r}\n",
    },
    "suppressions": lambda text: {
        **R,
        "requirements.txt": f"# pydeploy-lint: ignore[procfile-missing] {text}\n"
        f"# pydeploy-lint: ignore[{text}] x\nsix  # pydeploy-lint: ignore[invalid-requirement]: {text}\n",
    },
    "the configuration": lambda text: {
        **R,
        ".pydeploy-lint.toml": f"select = [{_quoted(text)}]\n{_quoted(text)} = 1\nas-of = {_quoted(text)}\n"
        f"[severity]\n{_quoted(text)} = {_quoted(text)}\n",
    },
    "reasons in the configuration": lambda text: {
        **R,
        ".pydeploy-lint.toml": f'[[suppress]]\ncheck = "files"\nreason = {_quoted(text)}\nuntil = 2020-01-01\n',
    },
    ".slugignore": lambda text: {**R, ".slugignore": f"{text}\n*.txt\n", "nltk.txt": text},
}
"""Apps in which a text stands wherever it may stand in one kind of file."""

OUTPUTS = [["--show-suppressed"], ["--format", "json"], ["--plan"]]
OTHERS = [["--format", name] for name in FORMATS if name not in ("full", "text", "json")]


def _quoted(text: str) -> str:
    return json.dumps(text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_a_credential_comes_out_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, place: str
) -> None:
    write_tree(tmp_path, PLACES[place](FORMS[form].format(CANARY)))

    for options in [*OUTPUTS, *(OTHERS if form == "user and password" else ())]:
        main([*options, str(tmp_path)])
        out, err = capsys.readouterr()
        shown = [line for line in [*out.splitlines(), *err.splitlines()] if CANARY.lower() in line.lower()]
        assert not shown, (options, shown)


@pytest.mark.parametrize("place", ["a requirement", "the configuration"])
def test_a_credential_is_masked_in_what_is_said_of_several_apps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    names = ["one", f"git+https://user:{CANARY}@host.example"]
    paths = [tmp_path / name.replace("/", "-") for name in names]
    for path in paths:
        path.mkdir()
        write_tree(path, PLACES[place](FORMS["user and password"].format(CANARY)))
    options = ["--state", str(tmp_path / "state"), "--jobs", "2", *map(str, [*paths, tmp_path / f"?token={CANARY}"])]
    main(["--format", "json", "--output", f"json:{tmp_path / 'old'}", *options])
    for name in [each for each in FORMATS if each != "text"]:
        main(["--format", name, "--verbose", *options, "--compare", str(tmp_path / "old")])
    out, err = capsys.readouterr()

    assert "*****" in out + err
    assert CANARY not in out
    assert CANARY not in err
    kept = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]
    assert bool(kept) == (place == "a requirement")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:s3cret@h.example/a", "https://***********@h.example/a"),
        ("https://t0ken@h.example", "https://*****@h.example"),
        ("ssh://git:pass@h.example/a", "ssh://********@h.example/a"),
        ("postgres://u:cut-off-befo...", "postgres://*****************"),
        ("'https://h.example/a.whl?token=abc': no", "'https://h.example/a.whl?*********': no"),
        ("https://h.example/a#egg=b&token=abc", "https://h.example/a#egg=b&token=***"),
        ('{"url": "https:\\/\\/u:p\\"q@h.example"}', '{"url": "https:\\/\\/******@h.example"}'),
        ('SECRET_KEY = "abc" # x', 'SECRET_KEY = "***" # x'),
        ("API_KEY=abc web: x", "API_KEY=*** web: x"),
        ('"aws_access_key": "abc"', '"aws_access_key": "***"'),
        ("--password abc --token=abc", "--password *** --token=***"),
        ("Authorization: Bearer abc", "Authorization: Bearer ***"),
        ("x ghp_0123456789abcdef0 y", "x ********************* y"),
    ],
)
def test_what_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@h.example/a",
        "git@github.com:a/b.git@v1",
        "https://USER:PASSWORD@HOST/simple",
        "heroku config:set SECRET_KEY=...",
        "heroku config:set SECRET_KEY=… DATABASE_PASSWORD=...",
        "https://${USER}:${TOKEN}@h.example",
        "https://{user}:{password}@h.example",
        "http://127.0.0.1:8000/@scope/x",
        "http://[::1]:8000",
        "https://h.example/a.whl#egg=a&subdirectory=b&sha256=0",
        "python:3.12@sha256:0123",
        "heroku/python@1.2 and heroku/python:1.2@v3",
        'SECRET_KEY = os.environ["SECRET_KEY"]',
        "SECRET_KEY=config('SECRET_KEY')",
        "heroku config:set SECRET_KEY=\"$(python -c 'print(secrets.token_urlsafe(50))')\"",
        "a token: write one; the password is empty, and --password is an option",
        "see https://h.example/a, or mail a@h.example",
    ],
)
def test_what_holds_no_secret_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(st.sampled_from("a:/@?#=&.\\\"' $-{}<>[]é\n"), max_size=60))
def test_no_character_moves_and_a_second_mask_changes_nothing(text: str) -> None:
    shown = masked(text)

    assert len(shown) == len(text)
    assert all(mine in (other, "*") for mine, other in zip(shown, text, strict=True))
    assert masked(shown) == shown


PASSWORDS = st.text(st.sampled_from("a1:/?#=&'<>`!$"), max_size=20) | st.text(
    st.sampled_from("a1:@=&'<>`!$"), max_size=20
)


@given(PASSWORDS, st.text(st.sampled_from("b2.-"), min_size=1))
def test_whatever_else_a_password_holds(before: str, after: str) -> None:
    assert CANARY not in masked(f'web: "postgres://user:x{before}{CANARY}@{after}/db"')
