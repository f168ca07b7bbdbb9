"""What keeps the app's own modules from being imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.add import add_help
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.django.running import OTHER, reason_at
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    App,
    Example,
    Fix,
    Problem,
    Severity,
    Span,
    add_imports,
    check,
    whole_number,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Phase, SyntaxProblem, UndefinedName

URL = DEV_CENTER + "python-support"
OF_PACKAGES = {"config": "python-decouple", "dj_database_url": "dj-database-url"}
"""Names that usually come from packages."""


def _series(app: App) -> tuple[int, int] | None:
    """The series of the app's Python; None where no file asks for one, as a later build may keep an older one."""
    request = app.python.request
    if request is None or app.python.origin == DEFAULT_ORIGIN:
        return None
    major, minor = request.series.split(".")[:2]
    return whole_number(major), whole_number(minor)


def _defects(app: App) -> Iterator[tuple[SyntaxProblem | UndefinedName, Phase]]:
    from pydeploy_lint.plugin import defect

    series = _series(app)
    for module in app.startup.modules:
        key = ("defect", module.path, series)
        found = app.files.once(key, lambda each=module: defect(app.files, each.path, each.roots, series))  # type: ignore[misc]
        if found:
            yield found, module.phase


@check("code-syntax-error", severity=Severity.ERROR, url=URL)
def code_syntax_error(app: App) -> Iterator[Problem]:
    """A module that the app imports when it starts is not valid for its Python.

    Python cannot compile it, so the process ends as soon as it starts. If Django's `collectstatic` imports the module,
    the build fails. The usual reasons: a typing error, Python 2 code such as `print "ready"`, tabs mixed with spaces,
    syntax that is newer than the app's Python, or a file that is not saved as UTF-8.

    ## How to fix

    Correct the line. To see the error on your machine, run:

        python -m compileall -q .
    """
    from pydeploy_lint.plugin import SyntaxProblem

    for found, phase in _defects(app):
        if not isinstance(found, SyntaxProblem):
            continue
        # The buildpack looks for the word SyntaxError in the output of collectstatic.
        reason = "collectstatic-syntax-error" if found.kind == "SyntaxError" else OTHER
        outcome = reason_at(app, phase, reason)
        python = f"Python {app.python.request.series}" if app.python.request else "Python"
        message = (
            f"line {found.at.line} is Python 2 code, which {python} cannot compile"
            if found.is_python_2
            else f"{python} cannot compile line {found.at.line} ({found.message})"
        )
        yield Problem(
            message + outcome.follows(),
            found.at,
            help="Correct the line; this shows the error:\n    python -m py_compile " + found.at.path,
            severity=None if outcome.is_certain else Severity.WARNING,
            failure_reason=outcome.reason if outcome.is_certain else None,
            certain=outcome.is_certain,
        )


@check("undefined-name", severity=Severity.ERROR, url=URL)
def undefined_name(app: App) -> Iterator[Problem]:
    """A module uses a name that nothing defines or imports, so importing it fails.

    `BASE_DIR = Path(__file__)` without `from pathlib import Path` raises a `NameError`. The process ends as soon as it
    starts, and if Django's `collectstatic` imports the module, the build fails.

    A name that a module imports from another one of the app, which does not define it, is reported as well, and so is
    a class that the settings name.

    Only names that are surely looked up when the module is imported are reported, and none in a module that calls
    `exec`, `globals` and the like, or that imports everything from a package.

    ## How to fix

    Import or define the name above the line that uses it.
    """
    from pydeploy_lint.plugin import SyntaxProblem

    for found, phase in _defects(app):
        if not isinstance(found, SyntaxProblem):
            what = f"{found.name} is neither imported nor defined, so Python raises a NameError"
            problem = _stopping(app, what, found.at, phase, _definition(found.name))
            if wanted := _lacking(app, found.name):
                yield problem._replace(help=f"{problem.help}\n{add_help(app, wanted)}")
            else:
                yield problem._replace(fix=_import(app, found, is_safe=problem.certain))
    for each in app.startup.undefined:
        module, _, name = each.module.rpartition(".")
        what = f"{each.at.path} imports {name} from {module}, which does not define it"
        yield _stopping(app, what, each.at, each.phase, f"Define {name} in {module}, or correct the name.")
    for named in _named_in_settings(app):
        module, _, name = named.text.rpartition(".")
        if module and _lacks(app, module, name):
            what = f"{named.at.path} names {named.text}, and {module} does not define {name}"
            yield _stopping(app, what, named.at, named.phase, f"Define {name} in {module}, or correct the name.")


def _stopping(app: App, what: str, at: Span, phase: Phase, way_out: str) -> Problem:
    outcome = reason_at(app, phase)
    return Problem(
        what + outcome.follows(),
        at,
        help=way_out,
        severity=None if outcome.is_certain else Severity.WARNING,
        failure_reason=outcome.reason if outcome.is_certain else None,
        certain=outcome.is_certain,
    )


def _lacks(app: App, module: str, name: str) -> bool:
    """Whether one of the app's modules, which is no package, surely does not define a name."""
    from pydeploy_lint.plugin import find_own, lacks_name

    assert app.django is not None
    found = find_own(app.files.tree, f"{module}.{name}", (app.django.directory, ""))
    path = f"{found.package}.py"
    return found.lacks == name and path in found.files and lacks_name(app.files, path, name)


def _import(app: App, found: UndefinedName, *, is_safe: bool) -> Fix | None:
    """Import what a name surely means; safe where Python surely fails without it."""
    line, source = _statement(found.name), app.files.source(found.at.path)
    edits = add_imports(source, (line,), found.at.line or 1) if source and line else None
    return Fix(f"Add {line!r} at the top of {found.at.path}", edits, is_safe) if edits else None


def _lacking(app: App, name: str) -> str | None:
    """The distribution that a name usually comes from, unless the app surely asks for it."""
    wanted, install_set = OF_PACKAGES.get(name), app.packages.install_set
    return None if install_set and wanted and install_set.query(wanted).declared else wanted


def _statement(name: str) -> str:
    """The import that a name usually comes from; empty for other names."""
    known = {"Path": "from pathlib import Path", "config": "from decouple import config"}
    modules = ("datetime", "dj_database_url", "json", "logging", "os", "pathlib", "re", "sys")
    return known.get(name) or (f"import {name}" if name in modules else "")


def _definition(name: str) -> str:
    line = _statement(name)
    return f"Add a line at the top:\n    {line}" if line else f"Import or define {name} above this line."


@check("own-module-missing", severity=Severity.ERROR, url=URL)
def own_module_missing(app: App) -> Iterator[Problem]:
    """A module of the app is imported or named in the settings, and is not in the repository.

    The app's own package does not have a module that is surely imported, so Python raises a `ModuleNotFoundError`.
    Often `.gitignore` keeps it out, or its name differs in upper and lower case. Settings that do not exist are
    reported too: those that `manage.py` or `app.json` name, with which the build runs `manage.py collectstatic`, and
    those that `wsgi.py` or the `Procfile` name.

    Nothing is reported where a hook or another buildpack may create files.

    ## How to fix

    Commit the module, or correct the name:

        git add --force shop/settings.py
    """
    if app.processes.may_be_changed or app.build.generators:
        return
    for each in app.startup.missing:
        yield _missing(app, each.module, each.at, "imports", each.phase)
    if app.django:
        yield from _missing_in_settings(app)
        yield from _missing_settings(app)


class _Named(NamedTuple):
    """A module, or a class in one, that the settings name."""

    text: str
    at: Span
    is_class: bool
    phase: Phase


def _named_in_settings(app: App) -> Iterator[_Named]:
    from pydeploy_lint.plugin import Phase

    django = app.django
    if django is None:
        return
    build = Phase.BUILD if django.build_settings else Phase.BOOT
    urls, apps, middleware = django.setting("ROOT_URLCONF"), django.setting("INSTALLED_APPS"), django.middleware
    named = [(urls, False, Phase.REQUEST)] if urls.is_certain else []
    named += [(each, False, build) for each in apps.elements or () if apps.is_certain]
    named += [(each, True, Phase.BOOT) for each in middleware.elements or () if middleware.is_certain]
    for value, is_class, phase in named:
        if value.text and value.at and value.is_certain:
            yield _Named(value.text, value.at, is_class, phase)


def _missing_in_settings(app: App) -> Iterator[Problem]:
    from pydeploy_lint.plugin import find_own, is_surely_missing

    for named in _named_in_settings(app):
        module = named.text.partition(".apps.")[0]
        module = module.rpartition(".")[0] if named.is_class else module
        found = find_own(app.files.tree, module, (app.django.directory if app.django else "", ""))
        if module and not found.is_foreign and is_surely_missing(app.files, found):
            yield _missing(app, module, named.at, "names", named.phase)


def _missing_settings(app: App) -> Iterator[Problem]:
    from pydeploy_lint.plugin import Phase

    django = app.django
    assert django is not None
    for named, is_of_build in django.missing_settings:
        problem = _missing(
            app, named.module, named.at, "names the settings module", Phase.BUILD if is_of_build else Phase.BOOT
        )
        is_sure = django.is_surely_own(named.module) and not django.may_be_replaced(named)
        yield problem if is_sure else problem._replace(severity=Severity.WARNING, failure_reason=None, certain=False)


def _missing(app: App, module: str, at: Span, verb: str, phase: Phase) -> Problem:
    outcome = reason_at(app, phase)
    path = module.replace(".", "/")
    withheld = [
        each for name, each in app.files.tree.withheld.items() if name.endswith((f"{path}.py", f"{path}/__init__.py"))
    ]
    why = f" because of {withheld[0].rule!r} in {withheld[0].by}" if withheld else ""
    return Problem(
        f"{at.path} {verb} {module}, which is not in the repository{why}{outcome.follows()}",
        at,
        help="Commit the module, or correct the name; upper and lower case make a difference.",
        severity=None if outcome.is_certain else Severity.WARNING,
        failure_reason=outcome.reason if outcome.is_certain else None,
        certain=outcome.is_certain,
    )


FLASK = {
    ".python-version": "3.13\n",
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
    "Procfile": "web: gunicorn app:app\n",
}
code_syntax_error.examples(
    bad=[
        Example(project("ALLOWED_HOSTS = [*]\n"), at=(f"{SETTINGS}:1:1-1:20",)),
        Example({**FLASK, "app.py": 'app = 1\nprint "ready"\n'}, at=("app.py:2:1-2:14",)),
    ],
    good=[Example(project("ALLOWED_HOSTS = ['*']\n")), Example({**FLASK, "app.py": 'app = 1\nprint("ready")\n'})],
)
undefined_name.examples(
    bad=[
        Example(project('SECRET_KEY = os.environ["SECRET_KEY"]\n'), at=(f"{SETTINGS}:1:14-1:16",)),
        Example({**FLASK, "app.py": "app = Flask(__name__)\n"}, at=("app.py:1:7-1:12",)),
    ],
    good=[
        Example(project('import os\nSECRET_KEY = os.environ["SECRET_KEY"]\n')),
        Example({**FLASK, "app.py": "app = 1\nif app:\n    a\n"}),
    ],
)
own_module_missing.examples(
    bad=[
        Example(
            project("from shop.local import *\n") | {"shop/__init__.py": ""},
            at=(f"{SETTINGS}:1:1-1:25",),
        )
    ],
    good=[
        Example(
            project("try:\n    from shop.local import *\nexcept ImportError:\n    pass\n") | {"shop/__init__.py": ""}
        )
    ],
)
