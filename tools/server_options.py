"""Write `options.json`: the command-line options of web servers, as their own parsers define them.

    python tools/server_options.py DIRECTORY [--as-of DATE]

DIRECTORY holds one directory for each version, called ``gunicorn-23.0.0``, into which it was installed with
``pip install --target``. Each is asked in a process of its own; nothing of an app is run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/pydeploy_lint/facts/processes/options.json"
OF_ARGPARSE = """
def of(parser):
    for action in parser._actions:
        for name in action.option_strings:
            found[name] = action.nargs != 0
"""
OF_CLICK = """
def of(command):
    for each in command.params:
        for name in (*each.opts, *each.secondary_opts):
            if name.startswith("-"):
                found[name] = not (getattr(each, "is_flag", False) or getattr(each, "count", False))
    found["--help"] = False
"""
CAPTURE = """
import argparse
def capture(parser, *given, **named):
    of(parser)
    raise SystemExit
argparse.ArgumentParser.parse_args = capture
"""
PROGRAMS = {
    "gunicorn": OF_ARGPARSE + "from gunicorn.config import Config\nof(Config().parser())",
    "uvicorn": OF_CLICK + "from uvicorn.main import main\nof(main)",
    "hypercorn": OF_ARGPARSE + CAPTURE + "from hypercorn.__main__ import main\nmain(['a'])",
    "daphne": OF_ARGPARSE + "from daphne.cli import CommandLineInterface\nof(CommandLineInterface().parser)",
    "waitress-serve": """
import getopt
def capture(words, short, long):
    found.update({"-" + each: False for each in short})
    found.update({"--" + each.rstrip("="): each.endswith("=") for each in long})
    raise SystemExit
getopt.getopt = capture
from waitress.runner import run
run(["waitress-serve", "a:b"])
""",
    "granian": OF_CLICK + "from granian.cli import cli\nof(cli)",
    "fastapi": OF_CLICK
    + "import typer\nfrom fastapi_cli.cli import app\nof(typer.main.get_command(app).commands['run'])",
    "flask": OF_CLICK + "from flask.cli import run_command\nof(run_command)",
}
"""How each server is asked; the distribution is in the name of the directory."""
DISTRIBUTIONS = {"waitress": "waitress-serve", "fastapi-cli": "fastapi"}


def ask(directory: Path, code: str) -> dict[str, bool]:
    """The options of one version, each with whether it takes a value."""
    program = f"found = {{}}\ntry:\n exec({code!r})\nexcept SystemExit: pass\nimport json; print(json.dumps(found))"
    environment = {**os.environ, "PYTHONPATH": str(directory)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    options: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
    return options


def collect(root: Path) -> dict[str, dict[str, object]]:
    """By server: the versions that were asked, and in which of them each option is there."""
    servers: dict[str, dict[str, object]] = {}
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for directory in root.iterdir():
        distribution, _, version = directory.name.rpartition("-")
        name = DISTRIBUTIONS.get(distribution, distribution)
        if name in PROGRAMS:
            found.setdefault(name, {})[version] = ask(directory, PROGRAMS[name])
    for name, versions in sorted(found.items()):
        order = sorted(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])
        every = sorted({option for options in versions.values() for option in options})
        newest = {option: [version for version in order if option in versions[version]][-1] for option in every}
        servers[name] = {
            "versions": order,
            "values": [option for option in every if versions[newest[option]][option]],
            "flags": [option for option in every if not versions[newest[option]][option]],
        }
    return servers


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--as-of", required=True)
    options = parser.parse_args()
    data = {
        "as_of": options.as_of,
        "source": "the parsers of these versions, asked by tools/server_options.py",
        "servers": collect(options.directory),
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n")


if __name__ == "__main__":
    main()
