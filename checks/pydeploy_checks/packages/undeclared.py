"""What the app imports or names, and nothing installs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.add import add, add_help
from pydeploy_checks.django.drivers import is_postgres, postgres_driver
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.django.running import reason_at
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, Span, check, directory_of

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Lack, Phase, Value


class _Wanted(NamedTuple):
    module: str
    at: Span
    by: str
    """Begins a sentence that the module ends."""
    phase: Phase


@check("module-not-installed", severity=Severity.ERROR, url=DEV_CENTER + "python-dependencies")
def module_not_installed(app: App) -> Iterator[Problem]:
    """The app imports a module, or Django's settings name one, and no package that Heroku installs has it.

    Looked at is what is surely imported when the app starts: by the modules that the `Procfile` names, by `manage.py`,
    Django's settings, applications, middleware and URLs; not what is imported in a function, a condition or a `try`.
    Modules of the app itself are never reported.

    A lock file, or a `requirements.txt` that a tool compiled, proves that nothing installs the module. Where another
    `requirements.txt` does not list its package, and nothing in it is known to require it, this is a warning.

    ## How to fix

    Add the package to what Heroku installs:

        uv add django-cors-headers

    With pip, add a line to `requirements.txt`.
    """
    install_set = app.packages.install_set
    if install_set is None or app.processes.may_be_changed or app.build.generators:
        return
    from pydeploy_lint.plugin import lack_of

    name, reported = _project(app), set[str]()
    for wanted in sorted(_wanted(app), key=lambda each: each.phase):
        top = wanted.module.partition(".")[0]
        lack = lack_of(wanted.module, install_set, app.packages.requirements, name)
        # Looking for a module of the app's own may ask git about many directories.
        if lack and (lack.distribution or top) not in reported and not _is_own(app, top):
            reported.add(lack.distribution or top)
            yield _problem(app, wanted, lack)


def _problem(app: App, wanted: _Wanted, lack: Lack) -> Problem:
    assert app.packages.install_set is not None
    file = app.packages.install_set.file
    if lack.distribution is None:
        what = f"{wanted.by} {wanted.module}, which is not in the repository, nor known from a package in {file}"
        way_out = (
            f"Commit the module if it is the app's own ({_kept_out(app, wanted.module)}), correct its name, or add the "
            f"package that has it to {file}."
        )
    else:
        what = f"{wanted.by} {wanted.module}, but {lack.distribution} is not in {file}"
        way_out = add_help(app, lack.distribution)
    outcome = reason_at(app, wanted.phase)
    is_certain = lack.is_certain and outcome.is_certain
    condition = "" if lack.is_certain else "another package installs it"
    return Problem(
        what + outcome.follows(condition),
        wanted.at,
        help=way_out,
        fix=add(app, lack.distribution) if lack.distribution else None,
        severity=None if is_certain else Severity.WARNING,
        failure_reason=outcome.reason if outcome.is_certain else None,
        certain=is_certain,
    )


def _kept_out(app: App, module: str) -> str:
    """Why a module may be missing: a rule that keeps it out of what is pushed, or a guess at one."""
    top = module.partition(".")[0]
    for name, withheld in app.files.tree.withheld.items():
        if name in (f"{top}.py", top) or name.endswith((f"/{top}.py", f"/{top}")):
            return f"{withheld.rule!r} in {withheld.by} keeps {name} out"
    return "perhaps a rule in .gitignore keeps it out"


def _wanted(app: App) -> Iterator[_Wanted]:
    from pydeploy_lint.plugin import is_known, is_namespace

    for each in app.startup.imports:
        yield _Wanted(each.module, each.at, "the app imports", each.phase)
    for each in app.startup.members:
        if is_namespace(each.module.rpartition(".")[0]) and is_known(each.module):
            yield _Wanted(each.module, each.at, "the app imports", each.phase)
    if app.django:
        yield from _named_in_settings(app.django)


def named_in_settings(app: App) -> set[str]:
    """The distributions of what Django's settings name as applications, middleware, storage and database."""
    from pydeploy_lint.plugin import distributions, is_known

    django = app.django
    if django is None:
        return set()
    tops = {each.module.partition(".")[0] for each in _named_in_settings(django)}
    found = {distributions(top)[0] for top in tops if is_known(top) and not _is_own(app, top)}
    return found | ({postgres_driver(app)} if is_postgres(django.database.item("ENGINE")) else set())


def _named_in_settings(django: Django) -> Iterator[_Wanted]:
    from pydeploy_lint.plugin import Phase

    build = Phase.BUILD if django.build_settings else Phase.BOOT
    yield from _elements(django.setting("INSTALLED_APPS"), "INSTALLED_APPS names", build)
    yield from _elements(django.middleware, "MIDDLEWARE names", Phase.BOOT)
    storage = django.storage("staticfiles", "STATICFILES_STORAGE")
    if storage.is_certain and storage.text and storage.at:
        yield _Wanted(storage.text, storage.at, "the storage for static files is", build)
    if django.other_settings:
        yield from _elements(django.other_setting("INSTALLED_APPS"), "INSTALLED_APPS names", Phase.PERHAPS_BUILD)


def _elements(value: Value, by: str, phase: Phase) -> Iterator[_Wanted]:
    for each in value.elements or () if value.is_certain else ():
        if each.text and each.is_certain and each.at and each.text.isprintable():
            yield _Wanted(each.text, each.at, by, phase)


def _is_own(app: App, module: str) -> bool:
    """Whether the app may have a module itself, perhaps in a directory that it adds to the path."""
    tree = app.files.tree
    return tree.is_file(f"{module}.py") or tree.is_directory(module) or directory_of(tree, module) is not None


def _project(app: App) -> str | None:
    """The name of the app as a distribution."""
    document = app.files.noted_document("pyproject.toml")
    names = (document.get("project", "name"), document.get("tool", "poetry", "name")) if document else ()
    return next((name for name in names if isinstance(name, str)), None)


LOCKED = {
    ".python-version": "3.13\n",
    "pyproject.toml": '[project]\nname = "site"\nversion = "1"\n',
    "uv.lock": """\
version = 1
requires-python = ">=3.13"

[[package]]
name = "site"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "gunicorn" }]

[[package]]
name = "gunicorn"
version = "23.0.0"
""",
    "Procfile": "web: gunicorn app:app\n",
}
CORS = 'INSTALLED_APPS = ["corsheaders"]\n'
module_not_installed.examples(
    bad=[
        Example({**LOCKED, "app.py": "import requests\n"}, at=("app.py:1:8-1:16",)),
        Example(project(CORS), at=(f"{SETTINGS}:1:19-1:32",)),
    ],
    good=[
        Example({**LOCKED, "app.py": "try:\n    import requests\nexcept ImportError:\n    requests = None\n"}),
        Example(project(CORS, "Django==5.2\ndjango-cors-headers==4.7.0\n")),
        Example({**LOCKED, "app.py": "import requests\n", "requests.py": ""}),
    ],
)
