"""Random texts in the formats that pydeploy-lint reads: well formed for the most part, and strange in what they say."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import tomli

Value = Any
"""What TOML and JSON hold: tables, lists and scalars."""
STRINGS = (
    *(
        "",
        " ",
        "x",
        "a.b",
        "*",
        "**/x",
        "*a" * 20,
        "../..",
        "/etc/passwd",
        "~",
        "-",
        "--",
        "é",
        "😀",
        "\u200b",
        "\u202e",
    ),
    *(
        "${X}",
        "$PORT",
        "$(x)",
        "`x`",
        "%(x)s",
        "{0}",
        "a\nb",
        "a\tb",
        "a\rb",
        "\x1b[31m",
        "::error::x",
        "##[error]x",
        "<b>",
    ),
    *(
        ">=3.12",
        "^3.12",
        "~=3.1",
        "==3.*",
        "3.12",
        "3.13.1",
        "3",
        "python-3.12.1",
        "9" * 50,
        "9" * 5000,
        "1e999",
        "v1",
        "*",
    ),
    *("heroku/python", "heroku/nodejs", "https://github.com/heroku/heroku-buildpack-python#v1", "urn:buildpack:a/b@1"),
    *(
        "six==1.0",
        "six>=1;python_version<'3'",
        "a @ https://x.example/a.whl",
        "-r x.txt",
        "Django[argon2]==5.2 ; extra == 'x'",
    ),
    *(
        "sys_platform == 'linux' and (python_version < '3.13' or os_name != 'nt')",
        "(" * 60 + "os_name == 'x'" + ")" * 60,
    ),
    *(
        "https://user:secret@host.example/x",
        "postgres://u:secret@h/db",
        "gunicorn a:app",
        "2025-01-01",
        "2025-01-01T00:00:00Z",
    ),
    *(
        "true",
        "null",
        "None",
        "a" * 300,
        " " * 500,
        "a," * 200,
        "=" * 300,
        "[" * 300,
        "-" * 300,
        "\\" * 301,
        "'" * 301,
        '"' * 31,
    ),
)
NUMBERS = (0, 1, -1, 2**63, 10**400, 0.5, -0.0, 1e308, 65536, 3, 3.12)
OPENERS = (
    "if x:",
    "try:",
    "for x in y:",
    "with x as y:",
    "def f(x=1):",
    "class A:",
    "while 0:",
    "match x:\n case 1:",
    "async def f():",
)
COMMANDS = (
    *(
        "heroku buildpacks:set",
        "heroku buildpacks:add -i 1",
        "heroku config:set A=b",
        "heroku create --stack heroku-22",
        "git push heroku",
    ),
    *(
        "python manage.py migrate",
        "gunicorn a.wsgi:application -b 0.0.0.0:$PORT",
        "uvicorn a:app --port 1",
        "celery -A a worker",
    ),
    *(
        "cd x",
        "export X=1",
        "source .env",
        "exec python a.py",
        "flask run",
        "waitress-serve a:b",
        "daphne a:b",
        "python -m http.server",
    ),
    *(
        "if [ -f x ]",
        "case $x in",
        "set -e",
        "trap 'x' EXIT",
        "wait",
        "newrelic-admin run-program gunicorn a:b",
        "pip install -r x.txt",
    ),
)


class Texts:
    """Makes texts with dice, and with words that are known to mean something."""

    def __init__(self, dice: random.Random, words: Sequence[str]) -> None:
        self.dice = dice
        self.words = words

    def word(self) -> str:
        """A word that means something somewhere, or a strange one."""
        return self.dice.choice(self.words) if self.dice.random() < 0.7 else self.dice.choice(STRINGS)

    def scalar(self) -> Value:
        """A text, a number or a truth value."""
        return self.dice.choice(
            (self.word, self.word, lambda: self.dice.choice(NUMBERS), lambda: self.dice.random() < 0.5)
        )()

    def value(self, depth: int = 3) -> Value:
        """Any value."""
        roll = self.dice.random()
        if depth == 0 or roll < 0.6:
            return self.scalar()
        if roll < 0.8:
            return [self.value(depth - 1) for _ in range(self.dice.randint(0, 4))]
        return {self.word(): self.value(depth - 1) for _ in range(self.dice.randint(0, 4))}

    def changed(self, value: Value) -> Value:
        """A value with one thing in it changed."""
        if not isinstance(value, dict | list) or not value or self.dice.random() < 0.15:
            return self.value()
        return self._changed_table(value) if isinstance(value, dict) else self._changed_list(value)

    def _changed_table(self, value: dict[str, Value]) -> Value:
        key = self.dice.choice(list(value))
        match self.dice.randint(0, 9):
            case 0:
                return {other: each for other, each in value.items() if other != key}
            case 1:
                return {self.word() if other == key else other: each for other, each in value.items()}
            case 2:
                return {**value, self.word(): self.value()}
        return {**value, key: self.changed(value[key])}

    def _changed_list(self, value: list[Value]) -> Value:
        at = self.dice.randrange(len(value))
        match self.dice.randint(0, 6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value[:at] + value[at:] * self.dice.choice((2, 2, 50))
            case 2:
                return [*value[:at], self.value(), *value[at:]]
        return [*value[:at], self.changed(value[at]), *value[at + 1 :]]

    def lines(self, line: Callable[[], str], most: int = 12) -> str:
        """Some lines, seldom very many of one."""
        made = [line() for _ in range(self.dice.randint(0, most))]
        if made and self.dice.random() < 0.02:
            made += [self.dice.choice(made)] * self.dice.choice((100, 2000))
        return self.dice.choice(("\n", "\n", "\n", "\r\n", "\r")).join([*made, ""])


def toml(texts: Texts, old: str) -> str:
    """A TOML file, like the old one where that is well formed."""
    try:
        value = tomli.loads(old)
    except (ValueError, RecursionError):
        value = {texts.word(): texts.value() for _ in range(texts.dice.randint(0, 5))}
    for _ in range(texts.dice.randint(1, 4)):
        value = texts.changed(value)
    return write_toml(value if isinstance(value, dict) else {"x": value})


def write_toml(table: dict[str, Value], path: str = "") -> str:
    """A table as TOML, with a header for each table in it."""
    own = [f"{_key(key)} = {_toml_value(each)}\n" for key, each in table.items() if not _is_table(each)]
    for key, each in table.items():
        name = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(each, dict):
            own.append(f"[{name}]\n{write_toml(each, name)}")
        elif _is_table(each):
            own += [f"[[{name}]]\n{write_toml(one, name)}" for one in each]
    return "".join(own)


def _is_table(value: Value) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
    )


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    return json.dumps(text.encode("utf-8", "replace").decode()).replace("\x7f", "\\u007f")


def _toml_value(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_toml_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def json_text(texts: Texts, old: str) -> str:
    """A JSON file, like the old one where that is well formed."""
    try:
        value = json.loads(old)
    except (ValueError, RecursionError):
        value = texts.value()
    for _ in range(texts.dice.randint(1, 4)):
        value = texts.changed(value)
    return json.dumps(value, indent=texts.dice.choice((None, 2, 4)), ensure_ascii=texts.dice.random() < 0.5)


def yaml(texts: Texts, old: str) -> str:
    """A YAML file: the old one with lines of its kind, or a new one."""
    made = _yaml_value(texts, texts.value(4), 0)
    if not old or texts.dice.random() < 0.4:
        return f"# buildpack python-version\n{made}\n"
    lines = old.splitlines()
    at = texts.dice.randint(0, len(lines))
    indented = [" " * texts.dice.choice((0, 2, 4, 6)) + line for line in made.splitlines()]
    return "\n".join([*lines[:at], *indented, *lines[at:], ""])


def _yaml_value(texts: Texts, value: Value, indent: int) -> str:
    blanks = " " * indent
    style = texts.dice.randint(0, 9)
    if isinstance(value, dict | list) and (style < 2 or not value):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "".join(
            f"\n{blanks}{_yaml_scalar(texts, key)}: {_yaml_value(texts, each, indent + 2)}"
            for key, each in value.items()
        )
    if isinstance(value, list):
        return "".join(f"\n{blanks}- {_yaml_value(texts, each, indent + 2)}" for each in value)
    if isinstance(value, str) and style < 2:
        block = value.replace("\n", f"\n{blanks}  ")
        return f"{texts.dice.choice('|>')}{texts.dice.choice(('', '-', '+', '2'))}\n{blanks}  {block}"
    return _yaml_scalar(texts, value)


def _yaml_scalar(texts: Texts, value: Value) -> str:
    text = str(value).replace("\n", " ").replace("\r", " ")
    mark = texts.dice.choice(("", "", "", "&a ", "*a ", "!!str ", "? ", "!x "))
    return mark + texts.dice.choice((text, json.dumps(text), "'" + text.replace("'", "''") + "'"))


def hcl(texts: Texts, old: str) -> str:
    """A Terraform file."""
    resource = (
        f'resource "heroku_app" "a" {{\n buildpacks = {_hcl_value(texts, 3)}\n stack = {_hcl_value(texts, 1)}\n}}\n'
    )
    return f"# buildpack\n{texts.dice.choice((old, ''))}{resource}{_hcl_body(texts, 3)}"


def _hcl_body(texts: Texts, depth: int) -> str:
    parts = []
    for _ in range(texts.dice.randint(0, 4)):
        name = _identifier(texts)
        if depth and texts.dice.random() < 0.4:
            labels = " ".join(json.dumps(texts.word()) for _ in range(texts.dice.randint(0, 2)))
            parts.append(f"{name} {labels} {{\n{_hcl_body(texts, depth - 1)}}}\n")
        else:
            parts.append(f"{name} = {_hcl_value(texts, 2)}\n")
    return "".join(parts)


def _hcl_value(texts: Texts, depth: int) -> str:
    name, word, dice = _identifier(texts), json.dumps(texts.word()), texts.dice
    if not depth or dice.random() < 0.3:
        document = f"<<{dice.choice(('', '-'))}EOF\n{texts.word()}\n{dice.choice(('EOF', ' EOF', 'E'))}\n"
        return dice.choice((word, f"{name}.{name}[0]", str(dice.choice(NUMBERS)), document))
    one, two = _hcl_value(texts, depth - 1), _hcl_value(texts, depth - 1)
    return dice.choice(
        (
            f'"a${{{one}}}b%{{ if x }}c%{{ endif }}"',
            f"[{one}, {two}]",
            f"{{ {name} = {one}, {word} : {two} }}",
            f"[for x in {one} : {two} if x]",
            f"{name}({one}...)",
            f"x ? {one} : -({two})",
        )
    )


def _identifier(texts: Texts) -> str:
    return re.sub(r"\W", "_", texts.word()[:40]) or "x"


def shell(texts: Texts, old: str) -> str:
    """A shell script."""

    def command(depth: int) -> str:
        words = [texts.dice.choice(COMMANDS), *(argument(depth) for _ in range(texts.dice.randint(0, 3)))]
        return " ".join(words)

    def argument(depth: int) -> str:
        inner = command(depth - 1) if depth else "x"
        return texts.dice.choice(
            (
                texts.word(),
                f'"{texts.word()}"',
                f"'{texts.word()}'",
                f"$({inner})",
                f"`{inner}`",
                "${X:-" + texts.word() + "}",
                f'"$({inner})"',
                f"$'{texts.word()}'",
                f"X={texts.word()}",
                "$((1+2))",
                f"<({inner})",
                "{a,b}",
                f"# {texts.word()}",
                f"<<{texts.dice.choice(('', '-'))}E\n{texts.word()}\nE\n",
                "> x 2>&1",
                "\\\n",
                "!",
                "[[ a =~ b ]]",
            )
        )

    def line(depth: int = 3) -> str:
        if not depth:
            return command(0)
        one, two = line(depth - 1), line(depth - 1)
        return texts.dice.choice(
            (
                command(depth),
                command(depth),
                f"{one} {texts.dice.choice(('&&', '||', ';', '|', '&'))} {two}",
                f"( {one} )",
                f"if {one}; then {two}; fi",
                f"for x in a b; do {one}; done",
                f"while {one}; do {two}; done",
                f"{{ {one}; }}",
                f"f() {{ {one}; }}",
                f"case $x in a) {one};; *) {two};; esac",
                f"if {one}; then",
                "fi",
                "done",
                "esac",
                "}",
                "))",
            )
        )

    return texts.dice.choice(("# buildpack\n", "#!/bin/sh\n")) + texts.dice.choice((old, "")) + texts.lines(line)


def python(texts: Texts, old: str) -> str:
    """A module, like the old one where that is well formed."""
    try:
        tree = ast.parse(old)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.parse("import os\nX = os.environ['A']\n")
    nodes = list(ast.walk(tree))
    for _ in range(texts.dice.randint(1, 5)):
        node = texts.dice.choice(nodes)
        if isinstance(node, ast.Constant):
            node.value = texts.scalar()
        elif isinstance(node, ast.Name):
            node.id = texts.dice.choice(("os", "DEBUG", "x", "environ", "BASE_DIR", "env", "app"))
        elif isinstance(getattr(node, "body", None), list):
            body: list[ast.stmt] = getattr(node, "body")  # noqa: B009 - mypy does not know it
            body.insert(texts.dice.randint(0, len(body)), _statement(texts, body))
        elif isinstance(node, ast.Assign):
            node.value = _statement_value(texts)
    try:
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    except (ValueError, RecursionError, TypeError, AttributeError):
        return old


def _statement_value(texts: Texts) -> ast.expr:
    try:
        return ast.parse(_expression(texts, 3), mode="eval").body
    except SyntaxError:
        return ast.Constant(None)


def _statement(texts: Texts, body: Sequence[ast.stmt]) -> ast.stmt:
    if body and texts.dice.random() < 0.3:
        return texts.dice.choice(body)
    name = texts.dice.choice(
        ("DEBUG", "DATABASES", "ALLOWED_HOSTS", "INSTALLED_APPS", "STORAGES", "CACHES", "bind", "app", "x")
    )
    expression = _expression(texts, 4)
    header = texts.dice.choice(OPENERS)
    indent = "  " if header.startswith("match") else " "
    written = texts.dice.choice(
        (
            f"{name} = {expression}",
            f"{name} += {expression}",
            f"{header}\n{indent}{name} = {expression}",
            f"from {texts.dice.choice(('.', 'os', 'x.y', 'django.conf'))} import *",
            f"import {name}, os.path as p",
            f"{name}['a'] = {expression}",
            f"del {name}",
            f"print({expression})",
            f"exec({expression})",
        )
    )
    try:
        return ast.parse(written).body[0]
    except SyntaxError:  # such as quotes in the braces of an f-string
        return ast.parse("X = 1").body[0]


def _expression(texts: Texts, depth: int) -> str:
    if not depth:
        return repr(texts.scalar())
    one, two = f"({_expression(texts, depth - 1)})", f"({_expression(texts, depth - 2 if depth > 1 else 0)})"
    return texts.dice.choice(
        (
            repr(texts.scalar()),
            f"os.environ.get({one})",
            f"os.environ[{one}]",
            f"[{one}, {two}]",
            f"{{'ENGINE': {one}, {two}: 1}}",
            f"{one} + {two}",
            f"{one} if {two} else None",
            f"env({one}, default={two})",
            f"[x for x in {one} if {two}]",
            f"{one} * 3",
            f"f'{{{two!r}}}a'",
            f"({one}) % ({two},)",
            f"int({one})",
            f"{one} in {two}",
            f"lambda: {one}",
            f"str({one}).split(',')",
            f"Path({one}) / {two}",
            f"dj_database_url.config({one})",
            f"not {one}",
            f"{one} ** 9",
            f"({one}, *{two})",
            f"config({one}, cast=bool)",
        )
    )


def requirements(texts: Texts, old: str) -> str:
    """Requirements for pip."""

    def line() -> str:
        return texts.dice.choice(
            (
                f"{texts.word()}=={texts.word()}",
                texts.word(),
                f"-r {texts.word()}",
                f"-e {texts.word()}",
                f"--index-url {texts.word()}",
                f"{texts.word()}[{texts.word()}]>={texts.word()} ; {texts.word()}",
                f"a @ {texts.word()}",
                f"# {texts.word()}",
                "six \\",
                f"six --hash=sha256:{'a' * 64}",
                f"six {texts.word()} # {texts.word()}",
                f"--{texts.word()}",
                f"-{texts.word()}",
            )
        )

    return texts.dice.choice((old, "")) + texts.lines(line)


def procfile(texts: Texts, old: str) -> str:
    """A Procfile."""

    def line() -> str:
        name = texts.dice.choice(("web", "worker", "release", "web ", "Web", texts.word()))
        return f"{name}{texts.dice.choice((':', ': ', ' : ', ''))}{shell(texts, '').splitlines()[-1]}"

    return texts.dice.choice((old, "")) + texts.lines(line, 5)


def words(texts: Texts, old: str) -> str:
    """Lines of one word, as in .python-version, .slugignore and the like."""
    return texts.dice.choice((old, "")) + texts.lines(
        lambda: texts.dice.choice(("", "!", "/", "#", "[", " ")) + texts.word(), 4
    )


def settings(texts: Texts, old: str) -> str:
    """Lines of a name and a value with sections between them: dotenv, properties, INI."""

    def line() -> str:
        sign = texts.dice.choice(("=", " = ", ":", " "))
        return texts.dice.choice(
            (
                f"{texts.word()}{sign}{texts.word()}",
                f"[{texts.word()}]",
                f"export A{sign}{texts.word()}",
                f"  {texts.word()}",
                f"# {texts.word()}",
                f'A="{texts.word()}',
                f"python.runtime.version{sign}3",
            )
        )

    return texts.dice.choice((old, "")) + texts.lines(line)
