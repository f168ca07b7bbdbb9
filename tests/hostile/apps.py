"""Small apps that once hung pydeploy-lint, took gigabytes, or made it fail."""

from __future__ import annotations

import json

from pydeploy_lint.testing import Files

R: Files = {"requirements.txt": "", ".python-version": "3.13\n"}
DJANGO: Files = {
    **R,
    "requirements.txt": "Django==5.1\n",
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "s")  # django\n',
}
LOCK = 'version = 1\nrequires-python = ">=3.13"\n[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n'
DIGITS = "9" * 5000
BITS = "0x" + "F" * 5000
SUPPRESS = '[[suppress]]\ncheck = "requirements"\nreason = "x"\n'
BUILDPACK = "https://github.com/heroku/heroku-buildpack-python"


def uv(dependencies: str = "", extra: str = "", lock: str = LOCK) -> Files:
    """An app with a uv.lock."""
    project = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.13"\n'
    return {
        ".python-version": "3.13\n",
        "pyproject.toml": f"{project}dependencies = [{dependencies}]\n{extra}",
        "uv.lock": lock,
    }


def poetry(python: str, lock_version: str = '"2.1"') -> Files:
    """An app with a poetry.lock."""
    return {
        ".python-version": "3.13\n",
        "pyproject.toml": f"[tool.poetry.dependencies]\npython = {python}\n",
        "poetry.lock": f'package = []\n[metadata]\nlock-version = {lock_version}\ncontent-hash = "x"\n',
    }


def laughs() -> str:
    """A script whose variables grow tenfold with each line."""
    lines = ['a0="xxxxxxxxxx"', *(f'a{number}="{f"$a{number - 1}" * 12}"' for number in range(1, 11))]
    return "\n".join([*lines, 'heroku buildpacks:set "$a10"', ""])


def wheel(size: str) -> str:
    """A lock with one wheel."""
    return (
        f'{LOCK}dependencies = [{{ name = "n" }}]\n[[package]]\nname = "n"\nversion = "1"\n'
        f'source = {{ registry = "x" }}\nwheels = [{{ url = "https://x/n-1-py3-none-any.whl", size = {size} }}]\n'
    )


FAILED: dict[str, Files] = {
    "a version": {**R, ".python-version": f"3.{DIGITS}\n"},
    "a version with zeros": {**R, ".python-version": f"3.{'0' * 5000}12\n"},
    "the tag of a buildpack": {**R, "app.json": json.dumps({"buildpacks": [{"url": f"{BUILDPACK}#v{DIGITS}"}]})},
    "an index": {**R, "bin/x": f"heroku buildpacks:add -i {DIGITS} heroku/python\n"},
    "a requirement": {**R, "requirements.txt": f"six=={DIGITS}\nsix==1\nDjango=={DIGITS}\npsycopg2=={DIGITS}\n"},
    "a marker": {**R, "requirements.txt": f"six; python_version < '3.{DIGITS}'\n"},
    "a Pipfile.lock": {
        "Pipfile": "",
        "Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.' + DIGITS + '"}}}',
    },
    "a number in a Pipfile.lock": {"Pipfile": "", "Pipfile.lock": '{"_meta": {"requires": ' + DIGITS + "}}"},
    "a dependency for uv": uv(f'"six=={DIGITS}"'),
    "a dependency for Poetry": poetry(f'"^3.{DIGITS}"'),
    "the version of a lock": poetry('"^3.13"', f'"{DIGITS}"'),
    "the bits of a version": uv(lock=LOCK.replace('version = "1"', f"version = {BITS}")),
    "the bits of a Python": poetry(BITS),
    "the bits of a setting": {**R, ".pydeploy-lint.toml": f"fail-on = {BITS}\n"},
    "the bits of a date": uv(extra=f"[tool.uv]\nexclude-newer = {BITS}\n"),
    "the range of a project": uv(lock=LOCK.replace(">=3.13", f">=3.{DIGITS}")),
    "the size of a wheel": uv(lock=wheel("9" * 400)),
    "an endless size of a wheel": uv(lock=wheel("inf")),
    "a number in app.json": {**R, "app.json": '{"formation": {"web": {"quantity": ' + DIGITS + "}}}"},
    "a number in settings": {**DJANGO, "s.py": f"DATA_UPLOAD_MAX_MEMORY_SIZE = {BITS}\nALLOWED_HOSTS = [{BITS}]\n"},
    "a power in settings": {**DJANGO, "s.py": "X = 9 ** 9 ** 9\nALLOWED_HOSTS = ['a' * X]\nDEBUG = 10 ** 10000\n"},
    "a port": {**R, "Procfile": f"web: gunicorn app:app -b 0.0.0.0:{DIGITS} -w {DIGITS}\n", "app.py": "app = 1\n"},
    "a stack": {**R, "app.json": '{"stack": "heroku-' + DIGITS + '"}'},
    "a backslash in .slugignore": {**R, ".slugignore": "a\\\n"},
    "a range in .slugignore": {**R, ".slugignore": "[z-a]\n"},
    "a range in the configuration": {**R, ".pydeploy-lint.toml": f'{SUPPRESS}path = "[z-a]"\n'},
    "a range in the members of a workspace": {**uv(extra='[tool.uv.workspace]\nmembers = ["[z-a]*"]\n'), "x/y": ""},
    "the last year": {**R, ".pydeploy-lint.toml": "as-of = 9999-12-31\n"},
    "half a surrogate pair": {**R, "app.json": '{"stack": "\\ud800", "buildpacks": [{"url": "\\udfff/a"}]}'},
}
"""Apps of which something made pydeploy-lint fail."""

HUNG: dict[str, Files] = {
    "nested YAML": {**R, ".github/workflows/a.yml": "# buildpack\n" + "- " * 254},
    "the expansion of a Dockerfile": {**R, "Dockerfile": f"ARG A={'x' * 200_000}\nFROM python:{'$A' * 20_000}\n"},
    "lists of lists": {**DJANGO, "s.py": "A = ['x']\n" + "A = [A, A]\n" * 30 + "ALLOWED_HOSTS = A\n"},
    "growing variables": {**R, "bin/x": laughs()},
    "a list of commands": {**R, "bin/x": "# buildpack\n" + " && ".join(["x=1"] * 2000) + "\n"},
    "stars in .slugignore": {
        **R,
        "requirements.txt": f"-r {'a' * 200}.txt\n",
        f"{'a' * 200}.txt": "",
        ".slugignore": "*a" * 30 + "b\n",
    },
    "stars in the configuration": {
        **R,
        "requirements.txt": f"-r {'a' * 200}.txt\n",
        f"{'a' * 200}.txt": "six\n",
        ".pydeploy-lint.toml": f'{SUPPRESS}path = "{"*a" * 30}b"\n',
    },
    "stars in a workspace": {
        **uv(extra=f'[tool.uv.workspace]\nmembers = ["{"*a" * 30}b"]\n'),
        f"{'a' * 200}/x": "",
    },
    "stars in what a workspace excludes": {
        **uv(extra=f'[tool.uv.workspace]\nmembers = ["*"]\nexclude = ["{"*a" * 30}b"]\n'),
        f"{'a' * 200}/x": "",
    },
    "blanks in a dependency": uv(f'"b{" " * 2000}x"'),
    "blanks in an address": uv(f'"b @ x{" " * 100_000}y"'),
    "blanks in Python": {
        **R,
        "requirements.txt": "gunicorn==1\n",
        "Procfile": "web: gunicorn app:app\n",
        "app.py": f"# pydeploy-lint: ignore[a] x\nx = [{' ' * 20_000}$\n]\n",
    },
    "blanks in Terraform": {**R, "main.tf": "# buildpack\na = <<EOF\n" + "\t " * 50_000},
    "here-documents": {
        **R,
        "bin/x": f"# buildpack\ncat {' '.join(f'<<E{number}' for number in range(20_000))}\n" + "x\n" * 1000,
    },
    "many fixes": {**R, "requirements.txt": "pywin32==1\n" * 5000},
    "the same buildpack": {**R, "app.json": json.dumps({"buildpacks": [{"url": "heroku/python"}] * 5000})},
    "pinned buildpacks": {
        **R,
        "app.json": json.dumps(
            {
                "buildpacks": [
                    *({"url": f"{BUILDPACK}#main{number}"} for number in range(2000)),
                    *({"url": f"https://github.com/a{number}/b.git"} for number in range(2000)),
                ]
            }
        ),
    },
    "an open string": {"Pipfile": "", "Pipfile.lock": "[" * 300 + '"' + '\\"' * 100_000},
    "many documents": {"Pipfile": "", "Pipfile.lock": "1 " * 200_000},
    "blanks in a range": poetry(f'"^3{" " * 200_000}x"'),
    "empty lines": {**R, "requirements.txt": "\n" * 100_000},
    "blanks in a requirement": {**R, "requirements.txt": f"a{' ' * 90_000}!\n" * 5},
    "a long line with an address": {**R, "requirements.txt": f"{'a' * 90_000} x://y\n"},
    "open expressions": {**R, "bin/x": "# buildpack\n" + "${{" * 200_000 + "\n"},
    "an invisible line": {**R, ".python-version": "\u200b" * 300_000 + "\n"},
    "lines of versions": {**R, ".python-version": "x\n" * 100_000},
    "lines of backslashes": {".python-version": f"/{chr(92) * 301}\n" * 100, "Pipfile": ""},
    "long lines of versions": {**R, ".python-version": f"{chr(92) * 300}\n" * 2000},
    "unknown names": {
        **R,
        "requirements.txt": "".join(f"# pydeploy-lint: ignore[abc{number}] x\n" for number in range(20_000)),
    },
    "an array of tables": {
        **R,
        "project.toml": f"[[io.buildpacks.group]]\nuri='{BUILDPACK}#v1'\n" * 10_000,
    },
    "missing dependencies": uv(
        ",".join(f'"p{number}"' for number in range(10_000)), lock=f"{LOCK}[package.metadata]\nrequires-dist = []\n"
    ),
    "packages of one name": uv(
        '"p"',
        lock=LOCK
        + 'dependencies = [{ name = "p" }]\n'
        + "".join(
            f'[[package]]\nname = "p"\nversion = "{number}"\ndependencies = [{{ name = "p" }}]\n'
            for number in range(5000)
        ),
    ),
    "branches of long settings": {
        **DJANGO,
        "s.py": "from m0 import *\n",
        **{
            f"m{module}.py": f"from m{module + 1} import *\n"
            + "".join(f"A{module}_{number} = {number}\n" for number in range(1000))
            + "if X: Y = 1\n" * 600
            for module in range(8)
        },
    },
    "modules of many imports": {
        **R,
        "requirements.txt": "gunicorn==1\n",
        "Procfile": "web: gunicorn m0:app\n",
        **{
            f"m{module}.py": f"import m{module + 1}\n"
            + "".join(f"import a{module}_{number}\n" for number in range(1500))
            for module in range(100)
        },
    },
    "markers": uv(
        '"six ; '
        + " or ".join(
            f"{variable} == 'a{number}'"
            for variable in ("platform_machine", "platform_python_implementation", "implementation_name", "extra")
            for number in range(60)
        )
        + '"',
        lock=f'{LOCK}[package.metadata]\nrequires-dist = [{{ name = "six" }}]\n[[package]]\nname = "six"\n'
        'version = "1"\n',
    ),
}
"""Apps that took minutes, or gigabytes."""
