"""Whole apps to judge: those of the tests and of the checks' examples, changed at random, and new files."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import fuzz_texts
from fuzz_texts import Texts

from pydeploy_lint.engine.registry import load_registry

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
Tree = dict[str, bytes]
Maker = Callable[[Texts, str], str]

FILES: dict[Maker, tuple[str, ...]] = {
    fuzz_texts.toml: (
        *("pyproject.toml", "uv.lock", "poetry.lock", "Pipfile", "uv.toml", "project.toml", ".pydeploy-lint.toml"),
        *("poetry.toml", "pylock.toml", "libs/a/pyproject.toml", "runtime.toml", "mise.toml"),
    ),
    fuzz_texts.json_text: (
        "Pipfile.lock",
        "app.json",
        "package.json",
        ".devcontainer/devcontainer.json",
        "vercel.json",
    ),
    fuzz_texts.yaml: (
        *(".github/workflows/a.yml", ".circleci/config.yml", ".gitlab-ci.yml", ".travis.yml", "docker-compose.yml"),
        *("heroku.yml", "environment.yml", ".pre-commit-config.yaml", "bitbucket-pipelines.yml", ".readthedocs.yaml"),
    ),
    fuzz_texts.hcl: ("main.tf", "heroku.tf", "terraform/app.tf"),
    fuzz_texts.shell: (
        *(
            "bin/deploy",
            "bin/pre_compile",
            "bin/post_compile",
            "setup.sh",
            ".profile",
            "Makefile",
            "scripts/release.sh",
        ),
        *(".buildpacks_bin_detect", "start.sh", "Dockerfile"),
    ),
    fuzz_texts.python: (
        *(
            "settings.py",
            "shop/settings.py",
            "manage.py",
            "app.py",
            "wsgi.py",
            "gunicorn.conf.py",
            "setup.py",
            "fabfile.py",
        ),
        *("tests/test_a.py", "noxfile.py", "tasks.py", "shop/urls.py", "conf/__init__.py"),
    ),
    fuzz_texts.requirements: (
        "requirements.txt",
        "requirements/base.txt",
        "constraints.txt",
        "requirements.in",
        "dev.txt",
    ),
    fuzz_texts.procfile: ("Procfile", "Procfile.dev", "procfile"),
    fuzz_texts.words: (
        *(
            ".python-version",
            "runtime.txt",
            ".slugignore",
            ".gitignore",
            ".buildpacks",
            ".tool-versions",
            "Aptfile",
            "Gemfile",
        ),
        *("nltk.txt", ".gitattributes", ".gitmodules", ".dockerignore", "static/a.css", "static/a.js", "MANIFEST.in"),
    ),
    fuzz_texts.settings: (
        *(
            ".env",
            ".env.example",
            "env.sample",
            "pip.conf",
            "setup.cfg",
            "tox.ini",
            "gunicorn.ini",
            "system.properties",
        ),
        *("uwsgi.ini", "alembic.ini", "pytest.ini"),
    ),
}
"""The names of files that something reads, by what makes their content."""
MAKERS = {path: maker for maker, paths in FILES.items() for path in paths}
BY_SUFFIX: dict[str, Maker] = {
    ".toml": fuzz_texts.toml,
    ".lock": fuzz_texts.toml,
    ".json": fuzz_texts.json_text,
    ".yml": fuzz_texts.yaml,
    ".yaml": fuzz_texts.yaml,
    ".tf": fuzz_texts.hcl,
    ".sh": fuzz_texts.shell,
    ".py": fuzz_texts.python,
    ".txt": fuzz_texts.requirements,
}
PIECES = (
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"[", b"{", b"]", b"}", b'"', b"'", b"=", b"\\", b"#"),
    *(b"-r ", b"${X}", b"true", b"[]", b"{}", b"1e999", b"9" * 400, b"9" * 4400, b"null", b"<<<<<<< a\n", b"[" * 2000),
    *(b"* " * 500, b" " * 3000, b"\n" * 3000, b"\\ud800", b"\xed\xa0\x80", b"\x1b]0;x\x07", b"- " * 300, b"(" * 300),
    "\u200b\u00a0\U0001f600\u202e".encode(),
)
"""What is put somewhere into a file."""
WORD = re.compile(r"[\w.@/:+~^<>=!\[\]-]{2,60}")


class Trees:
    """Makes one app after another."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._seeds = list(seeds())
        found = {
            word
            for tree in self._seeds
            for data in tree.values()
            for word in WORD.findall(data.decode("utf-8", "replace")[:20_000])
        }
        self._words = sorted(found)

    def tree(self, number: int) -> Tree:
        """The app of a number: always the same for the same seed."""
        dice = random.Random(f"{self.seed}/{number}")  # noqa: S311 - not for secrets
        texts = Texts(dice, self._words)
        tree = dict(dice.choice(self._seeds))
        for _ in range(dice.randint(1, 3)):
            match dice.randint(0, 9):
                case 0 | 1 | 2:
                    spoil(tree, dice)
                case 3 | 4 | 5:
                    path = dice.choice(list(MAKERS))
                    tree[path] = _written(MAKERS[path], texts, tree.get(path, b""))
                case _ if tree:
                    path = dice.choice(sorted(tree))
                    tree[path] = _written(maker_of(path, dice), texts, tree[path])
        return tree


def maker_of(path: str, dice: random.Random) -> Maker:
    """What makes the content of a file."""
    if path in MAKERS:
        return MAKERS[path]
    return BY_SUFFIX.get(PurePosixPath(path).suffix) or dice.choice(
        (fuzz_texts.words, fuzz_texts.settings, fuzz_texts.shell)
    )


def _written(maker: Maker, texts: Texts, old: bytes) -> bytes:
    return maker(texts, old.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")


def seeds() -> Iterator[Tree]:
    """Apps to begin with."""
    for name in ("cases", "odd", "releases"):
        for case in _lines(name):
            tree = case["tree"]
            yield {path: _content(node) for path, node in tree.items() if "text" in node or "base64" in node}
    for case in _lines("uv-locks"):
        yield {
            ".python-version": b"3.13\n",
            "pyproject.toml": case["pyproject"].encode(),
            "uv.lock": case["lock"].encode(),
        }
    for check in load_registry().checks.values():
        for example in (*check.bad, *check.good):
            yield {
                path: content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
                for path, content in example.files.items()
                if isinstance(content, (str, bytes))
            }


def _content(node: dict[str, str]) -> bytes:
    return node["text"].encode("utf-8", "surrogateescape") if "text" in node else base64.b64decode(node["base64"])


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def spoil(files: Tree, dice: random.Random) -> None:
    """Spoil the bytes of one file."""
    if not files:
        return
    path = dice.choice(sorted(files))
    data = files[path]
    at = dice.randint(0, len(data))
    match dice.randint(0, 5):
        case 0:
            files[path] = data[:at] + dice.choice(PIECES) + data[at:]
        case 1:
            files[path] = data[:at] + data[at + dice.randint(1, 20) :]
        case 2:
            lines = data.splitlines(keepends=True)
            dice.shuffle(lines)
            files[path] = b"".join(lines)
        case 3:
            lines = data.splitlines(keepends=True) or [b""]
            files[path] = data + dice.choice(lines) * dice.randint(1, 3)
        case 4:
            values = [b'"x"', b"1", b"[1]", b"{a = 1}", b"true", b'{"a": 1}', b"null"]
            head, sign, tail = data.partition(dice.choice([b"=", b":", b","]))
            files[path] = head + sign + dice.choice(values) + tail[dice.randint(0, 30) :]
        case _:
            other = dice.choice(sorted(files))
            files[path], files[other] = files[other], data
