"""What the Procfile starts: whether the program is installed, and finds the module that it serves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_checks.add import add, add_help
from pydeploy_checks.procfile.fixes.suggest import served_by
from pydeploy_checks.procfile.fixes.words import edit_command, remove_words, replace_word, replace_words, start_in
from pydeploy_checks.procfile.installed import has_unnamed_requirements, is_listed, not_listed
from pydeploy_checks.procfile.scripts import VIRTUAL_ENVIRONMENT
from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Example,
    Installed,
    ModuleState,
    Problem,
    ProcessType,
    Resolution,
    Run,
    Service,
    Severity,
    Target,
    Word,
    check,
    directory_of,
    find_module,
    lacks_attribute,
    resolve_path,
    served_object,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Fix

URL = DEV_CENTER + "procfile"
BUILD_TOOLS = ("pdm", "pipenv", "poetry", "uv")
"""Package managers. The build keeps none for the dyno but Pipenv, where it installs with that.

Source: ``lib/pipenv.sh``, ``lib/poetry.sh`` (v264) and ``lib/uv.sh`` (v286) of the classic buildpack.
"""
NEVER_THERE = ("docker", "docker-compose", "heroku", "podman", "powershell", "sudo", "systemctl")
"""Programs of developers' machines. Source: the package lists of heroku/base-images (heroku-22, -24 and -26)."""
WRONG_PATH = (
    "Correct the path, which is relative to the root directory of the app; upper and lower case make a difference."
)
BRINGS_TOOLS = ("poetry", "tox-uv", "hatch", "poetry-plugin-export", "pipenv-setup")
"""Distributions that bring one of these along."""


@check("procfile-program-missing", severity=Severity.ERROR, url=URL)
def procfile_program_missing(app: App) -> Iterator[Problem]:
    """A program in the `Procfile` is not installed, or a script is not there.

    The process ends as soon as it starts, with "gunicorn: command not found", and requests are answered with an error
    page (H10, "App crashed"). The usual reasons: the package is missing from `requirements.txt`, or it is in a group
    for development, which Heroku does not install.

    uv and Poetry are there during the build only, so `uv run` and `poetry run` fail unless the app installs them.
    Pipenv stays on the dyno, but only if the build installs with it. None is needed: everything installed is on the
    `PATH`. Scripts of the app that a command runs are looked at too, and the `postdeploy` script of `app.json`.

    A `requirements.txt` that lists no more than the direct dependencies leaves it open whether another package brings
    the program along. That is a warning, and only where no listed package is known to do so.

    ## How to fix

    Add the package to what is installed in production:

        pip install gunicorn && pip freeze > requirements.txt
    """
    processes = app.processes
    for process in (*processes.types.values(), processes.postdeploy):
        seen = set()
        for run in process.all_runs if process else ():
            if process is None or run.conditional or run.is_tolerated:
                continue
            found = [_missing_program(app, process, run, word) for word in (*run.wrappers, run.program)]
            for problem in (*found, _missing_directory(app, process, run) or _missing_script(app, process, run)):
                if problem and problem.at not in seen:
                    seen.add(problem.at)
                    yield problem


def _missing_program(app: App, process: ProcessType, run: Run, word: Word) -> Problem | None:
    name = word.text
    if name in NEVER_THERE:
        return _never_there(app, process, run, word)
    if name == "pipenv" == app.managers.chosen:
        return None
    answer = app.packages.install_set.provides_program(name) if app.packages.install_set else None
    if answer is None or answer.installed is Installed.YES:
        return None
    certain = answer.installed is Installed.NO
    is_open = answer.declared or app.packages.may_bring(answer.distribution)
    if app.processes.may_be_changed or not (certain or name in BUILD_TOOLS or not is_open):
        return None
    at = process.word_span(run, word)
    ends = "the release fails" if process.name == RELEASE_PROCESS else "the process ends"
    if name in BUILD_TOOLS:
        is_manager = name == app.managers.chosen
        why = "which Heroku installs for the build only" if is_manager else "which Heroku does not install for this app"
        may_come = not is_manager and (is_listed(app, BRINGS_TOOLS) or has_unnamed_requirements(app))
        return Problem(
            f"{process.name} runs {name}, {why}: {ends} with '{name}: command not found'",
            at,
            help=f"Remove '{name} run': what is installed is on the PATH.",
            fix=_without_tool(app, process, run, word),
            severity=Severity.WARNING if may_come and not certain else None,
            certain=certain or not may_come,
        )
    outcome = ends if certain else f"unless another package brings it along, {ends}"
    return Problem(
        f"{process.name} runs {name}, but {answer.distribution} {answer.why if certain else not_listed(app)}: "
        f"{outcome} with '{name}: command not found'",
        at,
        help=add_help(app, answer.distribution),
        fix=add(app, answer.distribution),
        severity=None if certain else Severity.WARNING,
        certain=certain,
    )


def _never_there(app: App, process: ProcessType, run: Run, word: Word) -> Problem | None:
    """What is wrong with a program that neither a stack nor a package for Python has."""
    foreign = any(not entry.reference.is_python for found in app.declared.buildpack_lists for entry in found.entries)
    if foreign or app.processes.may_be_changed:
        return None
    ends = "the release fails" if process.name == RELEASE_PROCESS else "the process ends"
    return Problem(
        f"{process.name} runs {word.text}, which is not on a dyno: {ends} with '{word.text}: command not found'",
        process.word_span(run, word),
        help="Start the app itself, such as with gunicorn; there is no container, no shell of yours and no other tool.",
    )


def _without_tool(app: App, process: ProcessType, run: Run, word: Word) -> Fix | None:
    """Run a program without the package manager before it; what that runs is no different then."""
    following = [each for each in (*run.wrappers, run.program) if each.start > word.start]
    edit = remove_words(app, process, run, word, following[0]) if following else None
    return edit_command(f"Remove '{word.text} run'", edit)


def _missing_directory(app: App, process: ProcessType, run: Run) -> Problem | None:
    """What is wrong where a command changes to a directory that is not there."""
    word, path = run.changed_to, run.directory
    if word is None or not path or app.files.tree.kind(path) is not None or app.processes.may_be_changed:
        return None
    if process.may_prepare(run) or any(each.name == "mkdir" for each in process.all_runs):
        return None
    ends = "the release fails" if process.name == RELEASE_PROCESS else "the process ends"
    return Problem(
        f"{process.name} changes to {path}, which is not in the app: {ends} before it runs {run.name}",
        process.word_span(run, word),
        help=WRONG_PATH,
    )


def _missing_script(app: App, process: ProcessType, run: Run) -> Problem | None:
    script = run.program if run.program.text.startswith("./") else None
    if script and VIRTUAL_ENVIRONMENT.fullmatch(script.text):
        return None  # procfile-script-fails says so.
    if re.fullmatch(r"(?:ba|da)?sh|python[0-9.]*", run.name) and not run.as_module:
        script = next(iter(run.arguments), None)
        if script is None or not script.text.endswith((".py", ".sh")):
            return None
    path = resolve_path(run.directory, script.text) if script and run.directory is not None else None
    if script is None or not path or app.files.tree.kind(path) is not None or app.processes.may_be_changed:
        return None
    if process.may_prepare(run):
        return None
    directory, _, name = path.rpartition("/")
    alike = next(
        (each for each in app.files.tree.names(directory) if each.lower() == name.lower() and each != name), None
    )
    elsewhere = directory_of(app.files.tree, name)
    hint = f"There is {alike!r}: upper and lower case make a difference." if alike else ""
    right = script.text.removesuffix(name) + alike if alike else ""
    if elsewhere and not alike:
        hint = (
            f"There is {elsewhere}/{name}; begin the command with `cd {quote(elsewhere)} && `, or write the whole path."
        )
    hint = _why_withheld(app, path) or hint
    return Problem(
        f"{process.name} runs {path}, which is not in the app: the process ends as soon as it starts",
        process.word_span(run, script),
        help=hint or "Correct the path, which is relative to the root directory of the app, or commit the file.",
        fix=edit_command(f"Write {right}", replace_word(app, process, run, script, right)) if right else None,
    )


def _why_withheld(app: App, *paths: str) -> str:
    """Why a file that is there does not get to Heroku; empty for other files."""
    reason = next((app.files.tree.withheld[path] for path in paths if path in app.files.tree.withheld), None)
    return f"It is here, but does not get to Heroku, because of {reason.rule!r} in {reason.by}." if reason else ""


@check("procfile-module-missing", severity=Severity.ERROR, url=URL)
def procfile_module_missing(app: App) -> Iterator[Problem]:
    """The module or the object that a web server should serve is not in the app.

    `gunicorn shop.wsgi:application` imports the module `shop.wsgi`, and takes the object `application` from it. If
    either is missing the process ends with "ModuleNotFoundError" or "Failed to find attribute", and requests are
    answered with an error page (H10, "App crashed").

    Modules are looked for as Python does on Heroku, where upper and lower case make a difference: from the root
    directory of the app, from the directory of `cd`, `--chdir` or `--app-dir`, and from `PYTHONPATH`. Nothing is
    imported or run. What an installed package may provide, or a build hook may make, is not reported.

    ## How to fix

    Name the module by its path from the root directory, with dots, and the object after a colon:

        web: gunicorn shop.wsgi:application
    """
    for process in app.processes.types.values():
        target = process.target
        if target is None or process.server is None or process.may_prepare(process.server.run):
            continue
        if missing := _missing_chdir(app, process, process.server):
            yield missing
            continue
        found = find_module(app.files.tree, target)
        problem = None
        if found.state in (ModuleState.MISSING, ModuleState.NO_PACKAGE):
            problem = _missing_module(app, process, target, found)
        elif found.state is ModuleState.FOUND and target.attribute:
            problem = _missing_attribute(app, process, target, found.path)
        if problem and not app.processes.may_be_changed:
            yield problem


def _missing_chdir(app: App, process: ProcessType, service: Service) -> Problem | None:
    """What is wrong where gunicorn is to change to a directory that is not there."""
    word = next(reversed(service.values(("--chdir",))), None)
    path = resolve_path(service.run.directory, word.text) if word else None
    if word is None or not path or app.files.tree.kind(path) is not None or app.processes.may_be_changed:
        return None
    return Problem(
        f"{service.server.name} cannot change to {path}, which is not in the app: the process ends when it starts",
        process.word_span(service.run, word),
        help=WRONG_PATH,
    )


def _missing_module(app: App, process: ProcessType, target: Target, found: Resolution) -> Problem | None:
    service = process.server
    assert service is not None
    is_open = not found.in_package and not found.similar and "/" not in target.module
    if is_open and (_may_be_installed(app, target, found) or _sets_pythonpath(app)):
        return None
    if "/" in target.module:
        why = "it is a path, and not the name of a module"
    elif found.state is ModuleState.NO_PACKAGE:
        why = f"{found.path} is a module, and has no {found.part!r} inside"
    elif found.path:
        why = f"{found.path} has no {found.part!r}"
    else:
        why = f"there is no module {found.part!r} {_where(target)}"
    may_be_on_path = is_open and bool(found.elsewhere)
    return Problem(
        f"{service.server.name} cannot import {target.module!r}: {why}, so the process ends as soon as it starts",
        target.at,
        help=_why_withheld(app, *_files(target, found)) or _advice(app, target, found),
        fix=_serve_module(app, process, service, target, found),
        severity=Severity.WARNING if may_be_on_path else None,
        certain=not may_be_on_path,
    )


def _where(target: Target) -> str:
    inner = [path for path in target.paths if path]
    return f"in {' or '.join(inner)}, or in the root directory" if inner else "in the root directory"


def _files(target: Target, found: Resolution) -> Iterator[str]:
    """The files in which the missing part would be."""
    for directory in [found.path] if found.path else target.paths:
        base = posixpath.join(directory, found.part)
        yield from (f"{base}.py", f"{base}/__init__.py")


def _advice(app: App, target: Target, found: Resolution) -> str:
    if found.similar:
        return f"There is {found.similar}: upper and lower case make a difference on Heroku."
    if found.elsewhere:
        return (
            f"It is in {found.elsewhere}, from where nothing is imported unless the config var PYTHONPATH names that "
            f"directory. Begin the command with `cd {quote(found.elsewhere)} && `."
        )
    file = posixpath.normpath(target.module.removesuffix(".py")) + ".py"
    source = app.files.source(file)
    if source:
        return f"Write {file.removesuffix('.py').replace('/', '.')}:{served_object(source)}."
    return "Name the module by its path from the root directory, with dots."


def _may_be_installed(app: App, target: Target, found: Resolution) -> bool:
    """Whether an installed package may provide a module that is not where it is looked for."""
    if app.packages.install_set is None or has_unnamed_requirements(app):
        return True
    if found.elsewhere and any(app.files.tree.is_file(name) for name in ("pyproject.toml", "setup.py", "setup.cfg")):
        return True
    module = re.sub(r"[^a-z0-9]+", "-", target.module.partition(".")[0].lower()).strip("-")
    names = [each.name for each in app.packages.install_set.declared if each.installed is not Installed.NO]
    near = (module, f"python-{module}", f"django-{module}", f"py{module}")
    return any(name in near or name.startswith(f"{module}-") or name.endswith(f"-{module}") for name in names)


def _sets_pythonpath(app: App) -> bool:
    sources = (app.files.source(name) for name in ("app.json", ".env", ".profile"))
    return any(source and "PYTHONPATH" in source.text for source in sources)


def _missing_attribute(app: App, process: ProcessType, target: Target, path: str) -> Problem | None:
    service = process.server
    assert target.attribute is not None
    assert service is not None
    if not lacks_attribute(app.files.tree, path, target.attribute, app.files.source):
        return None
    source = app.files.source(path)
    name = served_object(source) if source else "app"
    is_there = source is not None and not lacks_attribute(app.files.tree, path, name, app.files.source)
    right = f"{target.module}:{name}"
    return Problem(
        f"{service.server.name} takes {target.attribute!r} from {target.module}, but {path} does not define it, "
        "so the process ends as soon as it starts",
        target.at,
        help=f"Name the object after a colon, as in {right}.",
        fix=_serve(app, process, service, right) if is_there else None,
    )


def _serve_module(app: App, process: ProcessType, service: Service, target: Target, found: Resolution) -> Fix | None:
    """Serve the module that was probably meant; a suggestion, as only its name says so."""
    if found.similar:
        parts = target.module.split(".")
        parts[parts.index(found.part)] = posixpath.basename(found.similar).removesuffix(".py")
        _, colon, expression = service.target.text.partition(":") if service.target else ("", "", "")
        return _serve(app, process, service, ".".join(parts) + colon + expression)
    if found.elsewhere:
        edit = start_in(app, process, found.elsewhere)
        return edit_command(f"Start the command with `cd {quote(found.elsewhere)} && `", edit)
    file = posixpath.normpath(target.module.removesuffix(".py")) + ".py"
    module = file.removesuffix(".py").replace("/", ".")
    name = served_by(app, module)
    return _serve(app, process, service, f"{module}:{name}") if name else None


def _serve(app: App, process: ProcessType, service: Service, right: str) -> Fix | None:
    if service.target is None:
        return None
    edit = replace_words(app, process, service.run, (service.target,), quote(right))
    return edit_command(f"Serve {right}", edit)


FLASK = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n"}
WITH_GUNICORN = {**FLASK, "requirements.txt": "Flask==3.1\ngunicorn==23.0\n"}
WITH_UVICORN = {
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "requirements.txt": "fastapi==0.121\nuvicorn==0.38\n",
}
RIGHT = {**WITH_GUNICORN, "Procfile": "web: gunicorn app:app\n"}
POETRY_LOCK = """\
[[package]]
name = "flask"
version = "3.1.0"
groups = ["main"]

[[package]]
name = "gunicorn"
version = "23.0.0"
groups = ["dev"]

[metadata]
lock-version = "2.1"
"""
procfile_program_missing.examples(
    bad=[
        Example(
            {**FLASK, "Procfile": "web: gunicorn app:app\n", "poetry.lock": POETRY_LOCK}, at=("Procfile:1:6-1:14",)
        ),
        Example(
            {**FLASK, "Procfile": "web: gunicorn app:app\n", "requirements.txt": "Flask==3.1\n"},
            at=("Procfile:1:6-1:14",),
        ),
        Example({**RIGHT, "Procfile": "web: uv run gunicorn app:app\n"}, at=("Procfile:1:6-1:8",)),
        Example({**RIGHT, "Procfile": "web: gunicorn app:app\nworker: python Worker.py\n"}, at=("Procfile:2:16-2:25",)),
    ],
    good=[Example(RIGHT), Example({**WITH_UVICORN, "Procfile": "web: bin/start-stunnel uvicorn main:app\n"})],
)
procfile_module_missing.examples(
    bad=[
        Example({**RIGHT, "Procfile": "web: gunicorn App:app\n"}, at=("Procfile:1:15-1:22",)),
        Example({**RIGHT, "Procfile": "web: gunicorn app\n"}, at=("Procfile:1:15-1:18",)),
        Example({**RIGHT, "Procfile": "web: gunicorn app.py\n"}, at=("Procfile:1:15-1:21",)),
        Example(
            {
                "requirements.txt": "Flask\ngunicorn\n",
                "shop/shop/wsgi.py": "from flask import Flask\n\napplication = Flask(__name__)\n",
                "Procfile": "web: gunicorn shop.wsgi",
            },
            at=("Procfile:1:15-1:24",),
        ),
    ],
    good=[
        Example(RIGHT),
        Example(
            {**WITH_GUNICORN, "Procfile": "web: gunicorn 'app:create_app()'\n", "app.py": "def create_app(): ...\n"}
        ),
        Example({**RIGHT, "Procfile": "web: gunicorn --chdir src app:app\n", "src/app.py": "app = 1\n"}),
    ],
)
