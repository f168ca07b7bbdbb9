"""Lockfiles: whether the install command accepts the lock, and the project that it was made from."""

import re
from collections.abc import Iterator

from pydeploy_checks.add import append
from pydeploy_lint.plugin import (
    DEV_CENTER,
    MANAGER_TITLES,
    MANIFESTS,
    App,
    Breaks,
    Document,
    Edit,
    Example,
    FileProblem,
    Fix,
    LockState,
    Problem,
    Reason,
    Severity,
    Span,
    check,
)

URL = DEV_CENTER + "python-dependencies"
COMMANDS = {"pipenv": "pipenv lock", "poetry": "poetry lock", "uv": "uv lock"}
LOCKS = {"pipenv": "Pipfile.lock", "poetry": "poetry.lock", "uv": "uv.lock"}
NO_BYTE_ORDER_MARK = ("Pipfile", "Pipfile.lock", "poetry.lock")
"""Files that their tools refuse with a byte order mark; so does Poetry a pyproject.toml, and uv does not."""
VERSION = {".python-version": "3.13\n"}


def _at(app: App, reason: Reason) -> Span:
    # A file of which nothing but the whole is the place may be one that cannot be read.
    document = app.files.document(reason.path) if reason.path and reason.keys else None
    return document.span(*reason.keys) if document else Span(reason.path or ".")


def _problems(app: App, state: LockState, outcome: str, help_text: str) -> Iterator[Problem]:
    """A problem for each reason of a verdict, if it is of the state."""
    # The prediction was measured on builds with empty locks that were cut off before the installation: it says nothing
    # of a lock that cannot be read, which is an error all the same.
    predicted = state is not LockState.INVALID
    manager = app.managers.chosen or ""
    verdict = app.lock.verdict
    for reason in verdict.reasons if verdict and verdict.state is state else ():
        yield Problem(
            f"{reason.message}; {outcome.format(tool=MANAGER_TITLES[manager])}, so Heroku rejects the push",
            _at(app, reason),
            help=help_text.format(command=COMMANDS[manager], tool=MANAGER_TITLES[manager]),
            failure_reason=f"install-dependencies::{manager}" if predicted else None,
            fix=lock_again(manager),
        )


def lock_commands(manager: str) -> tuple[str, str]:
    """The commands that make a lock again, and add it to what is committed."""
    return COMMANDS[manager], f"git add {LOCKS[manager]}"


def lock_again(manager: str) -> Fix:
    """Lock again; no edit can."""
    return Fix.by_hand("Lock again, and commit the lock", *lock_commands(manager))


@check("stale-lockfile", severity=Severity.ERROR, url=URL)
def stale_lockfile(app: App) -> Iterator[Problem]:
    """The lock no longer belongs to the project that it was made from.

    Heroku installs with `pipenv install --deploy`, `poetry sync` and `uv sync --locked`. Each compares the lock with
    the `Pipfile` or `pyproject.toml` first, and refuses to install when something has changed since: a requirement,
    an extra, a group, the range of Python versions, with uv even the version of the project itself. On the machine
    of the developer the same tools quietly bring the lock up to date, so this only shows on Heroku.

    What the files do not tell is not reported: requirements that a build backend makes up, settings that come from
    elsewhere than `pyproject.toml`. `--plan` says so. With `--ask-uv`, an installed uv is asked as well, without
    network and without building anything.

    ## How to fix

    Lock again, and commit the lock file:

        uv lock

    or `poetry lock`, or `pipenv lock`.
    """
    yield from _problems(
        app,
        LockState.STALE,
        "{tool} considers the lock file out of date",
        "Bring the lock up to date, and commit it:\n    {command}",
    )
    answer, verdict = app.lock.uv_answer, app.lock.verdict
    if answer and answer.fresh is False and verdict and verdict.state in (LockState.FRESH, LockState.UNDECIDED):
        yield Problem(
            f"uv itself considers the lock file out of date, so the build fails: {answer.text}",
            Span("uv.lock"),
            help="Bring the lock up to date, and commit it:\n    uv lock",
            failure_reason="install-dependencies::uv",
            fix=lock_again("uv"),
        )


SOURCE = '[[source]]\nname = "index"\nurl = "https://index.example/simple"\nverify_ssl = true\n'
PIPFILE = SOURCE + '[packages]\nflask = "*"\n'
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["six"]\n'
UV_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }

[package.metadata]
requires-dist = [{ name = "six" }]
"""
POETRY_PROJECT = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.12"\n'
POETRY_LOCK = 'package = []\n[metadata]\nlock-version = "2.1"\ncontent-hash = "{}"\n'
POETRY_HASH = "34e39677d8527182346093002688d17a5d2fc204b9eb3e094b2e6ac519028228"
PIPFILE_LOCK = '{{"_meta": {{"hash": {{"sha256": "{}"}}}}, "default": {{"flask": {{"version": "==3.1.0"}}}}}}\n'

stale_lockfile.examples(
    bad=[
        Example(
            {**VERSION, "pyproject.toml": PROJECT.replace("six", "attrs"), "uv.lock": UV_LOCK},
            at=("pyproject.toml:5:16-5:25", "pyproject.toml:5:17-5:24"),
        ),
        Example(
            {
                **VERSION,
                "pyproject.toml": POETRY_PROJECT + 'six = "*"\n',
                "poetry.lock": POETRY_LOCK.format(POETRY_HASH),
            },
            at=("pyproject.toml:5:7-5:10",),
        ),
        Example(
            {**VERSION, "Pipfile": PIPFILE + 'six = "*"\n', "Pipfile.lock": PIPFILE_LOCK.format(64 * "0")},
            at=("Pipfile:1:3-1:9", "Pipfile:7:7-7:10"),
        ),
    ],
    good=[
        Example({**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}),
        Example({**VERSION, "pyproject.toml": POETRY_PROJECT, "poetry.lock": POETRY_LOCK.format(POETRY_HASH)}),
    ],
)


@check("lockfile-of-other-version", severity=Severity.ERROR, url=URL)
def lockfile_of_other_version(app: App) -> Iterator[Problem]:
    """Nothing has changed since the lock was made, but the version of the tool on Heroku hashes otherwise.

    Pipenv and Poetry store a hash of the project in the lock. Some versions compute it in another way: Pipenv before
    2026.4 took the names of packages as they are written (`Django`), later versions in lower case with hyphens;
    Poetry 1 left out `[project]`, and Poetry before 2.3 `[dependency-groups]`. The lock is refused as out of date,
    although nobody has touched the project.

    ## How to fix

    Lock again with a current version of the tool, and commit it.
    """
    yield from _problems(
        app,
        LockState.OTHER_HASH,
        "nothing else has changed, but {tool} on Heroku computes another hash than the one in the lock",
        "Lock again with a current version of {tool}, and commit it:\n    {command}",
    )


lockfile_of_other_version.examples(
    bad=[
        Example(
            {
                **VERSION,
                "Pipfile": PIPFILE.replace("flask", "Flask"),
                "Pipfile.lock": PIPFILE_LOCK.format("16d9ff3dfb06d13945f2c39fc20ff7f90341c8ca5bc8bc25b3bd7d81a1bb0c57"),
            },
            at=("Pipfile:6:9-6:12",),
        )
    ],
    good=[Example({**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK})],
)


@check("invalid-lockfile", severity=Severity.ERROR, breaks=Breaks.BUILD, url=URL)
def invalid_lockfile(app: App) -> Iterator[Problem]:
    """The lock, or the file that it was made from, is not one that the package manager can use.

    A merge conflict that was committed, a byte order mark from an editor on Windows, a lock in a format of the
    future, a `Pipfile` whose source has no name: the package manager stops before it installs anything.

    ## How to fix

    Do not edit a lock file by hand. Take the one from either side of the merge, then let the tool bring it up to date:

        uv lock

    or `poetry lock`, or `pipenv lock`. A `Pipfile` or `pyproject.toml` is corrected at the position that is given.
    """
    manager = app.managers.chosen
    file = app.managers.files.get(manager or "")
    if manager not in COMMANDS or file is None:
        return
    broken = False
    for path in (file, MANIFESTS[manager]):
        for at, what, at_mark in _damage(app, manager, path):
            broken = True
            problem = Problem(
                f"{path} {what}; {MANAGER_TITLES[manager]} cannot read it, so Heroku rejects the push",
                at,
                help=f"Correct it, then lock again, and commit the lock file:\n    {COMMANDS[manager]}",
            )
            yield problem.with_fixes(_without_mark(app, path) if at_mark else None, lock_again(manager))
    if not broken:
        yield from _problems(
            app,
            LockState.INVALID,
            "{tool} stops with an error",
            "When that is corrected, lock again, and commit the lock file:\n    {command}",
        )


def _damage(app: App, manager: str, path: str) -> Iterator[tuple[Span, str, bool]]:
    """What is wrong with a file, where, and whether it is a byte order mark."""
    try:
        document = app.files.document(path)
    except FileProblem as problem:
        if not problem.invalid:
            raise
        yield problem.at, problem.message, False
        return
    if document and document.source.byte_order_mark and (path in NO_BYTE_ORDER_MARK or manager == "poetry"):
        yield document.source.line_span(1), "begins with a byte order mark", True


def _without_mark(app: App, path: str) -> Fix | None:
    source = app.files.source(path)
    if source is None or source.undecodable is not None:
        return None
    return Fix(f"Save {path} without a byte order mark", (Edit.write(path, source.text.lstrip("\ufeff")),))


invalid_lockfile.examples(
    bad=[
        Example(
            {**VERSION, "pyproject.toml": PROJECT, "uv.lock": "<<<<<<< HEAD\n" + UV_LOCK},
            at=("uv.lock:1:1-1:13",),
        ),
        Example(
            {**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK.replace("version = 1", "version = 2", 1)},
            at=("uv.lock:1:11-1:12",),
        ),
        Example(
            {
                **VERSION,
                "pyproject.toml": POETRY_PROJECT,
                "poetry.lock": b"\xef\xbb\xbf" + POETRY_LOCK.format(POETRY_HASH).encode(),
            },
            at=("poetry.lock:1:1-1:13",),
        ),
        Example(
            {
                **VERSION,
                "Pipfile": PIPFILE.replace("verify_ssl = true", 'verify_ssl = "true"'),
                "Pipfile.lock": PIPFILE_LOCK.format(64 * "0"),
            },
            at=("Pipfile:4:14-4:20",),
        ),
    ],
    good=[Example({**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK})],
)


@check("poetry-root-install", severity=Severity.ERROR, url=URL)
def poetry_root_install(app: App) -> Iterator[Problem]:
    """Poetry cannot install the project itself.

    `poetry sync --only main` installs the dependencies, and then the project as a package, unless it says that it is
    none. It fails when there is no package of the project's name to be found, when the readme or licence file that
    `pyproject.toml` names is not there, when the project has no name or version, when `[tool.poetry]` has a key that
    Poetry does not know, or when there is no list of dependencies at all, not even an empty one.

    ## How to fix

    A web app is hardly ever a package. Say so:

        [tool.poetry]
        package-mode = false
    """
    version = app.policy.rules.tools.get("poetry")
    document = app.files.document("pyproject.toml") if app.managers.chosen == "poetry" else None
    verdict = app.lock.verdict
    if document is None or version is None or verdict is None or verdict.state is LockState.INVALID:
        return
    from pydeploy_lint.plugin import poetry_refusals

    for reason in poetry_refusals(document.value, app.files.tree, version):
        yield Problem(
            f"{reason.message}; `{app.managers.install_command}` fails, so Heroku rejects the push",
            _at(app, reason),
            help="If the app is not meant to be installed as a package, add to pyproject.toml:\n"
            "    [tool.poetry]\n    package-mode = false",
            failure_reason="install-dependencies::poetry",
            fix=no_package(document, "poetry", "package-mode") if _is_enough(app, document, version) else None,
        )


def _is_enough(app: App, document: Document, version: str) -> bool:
    """Whether Poetry refuses nothing of a project that says that it is no package."""
    from pydeploy_lint.plugin import poetry_refusals

    whole, tool, poetry = (_table(document.get(*keys)) for keys in ((), ("tool",), ("tool", "poetry")))
    value = {**whole, "tool": {**tool, "poetry": {**poetry, "package-mode": False}}}
    return not any(poetry_refusals(value, app.files.tree, version))


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def no_package(document: Document, tool: str, key: str, *commands: str) -> Fix | None:
    """Say in `pyproject.toml` that the project is no package; a suggestion, as somebody may want one.

    Args:
        document: the file.
        tool: whose table it belongs to.
        key: what is to be false.
        commands: what remains to be run.
    """
    source, header = document.source, f"[tool.{tool}]"
    found = re.search(rf"^[ \t]*{re.escape(header)}[ \t]*(?:#.*)?$", source.text, re.MULTILINE)
    if document.get("tool", tool, key) is not None or (found is None and document.get("tool", tool) is not None):
        return None
    line_end = source.line_end(1)
    if found is None:
        edit = append(source, ("", header, f"{key} = false"))
    else:
        end = len(source.text[: found.end()].removesuffix("\r"))
        edit = Edit(source.span(end, end), f"{line_end}{key} = false")
    return Fix(f"Say in {source.path} that the project is no package", (edit,), safe=False, commands=commands)


PACKAGE = '[tool.poetry]\nname = "web"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\n'

poetry_root_install.examples(
    bad=[
        Example(
            {**VERSION, "pyproject.toml": PACKAGE, "poetry.lock": POETRY_LOCK.format(POETRY_HASH)},
            at=("pyproject.toml:2:8-2:13",),
        )
    ],
    good=[
        Example(
            {
                **VERSION,
                "pyproject.toml": PACKAGE,
                "poetry.lock": POETRY_LOCK.format(POETRY_HASH),
                "web/__init__.py": "",
            }
        ),
        Example({**VERSION, "pyproject.toml": POETRY_PROJECT, "poetry.lock": POETRY_LOCK.format(POETRY_HASH)}),
    ],
)


@check("uv-build-missing", severity=Severity.ERROR, url=URL)
def uv_build_missing(app: App) -> Iterator[Problem]:
    """The app is to be built as a package, and the build backend of uv finds none.

    With a `[build-system]` in `pyproject.toml`, `uv sync` builds and installs the app itself, too. hatchling and
    uv_build look for a package of the project's name; setuptools refuses to choose between several directories, and
    `static` and `templates` count among them.

    ## How to fix

    A web app is hardly ever a package. Delete `[build-system]`, or say so, and lock again:

        [tool.uv]
        package = false
    """
    document = app.files.document("pyproject.toml") if app.managers.chosen == "uv" else None
    verdict = app.lock.verdict
    if document is None or verdict is None or verdict.state is LockState.INVALID:
        return
    from pydeploy_lint.plugin import missing_build_package

    for reason in missing_build_package(document.value, app.files.tree):
        yield Problem(
            f"{reason.message}; uv cannot build the app, and Heroku refuses it",
            _at(app, reason),
            help="If the app is not meant to be installed as a package, add to pyproject.toml:\n"
            "    [tool.uv]\n    package = false\nThen lock again, and commit the lock file:\n    uv lock",
            failure_reason="install-dependencies::uv",
            fix=no_package(document, "uv", "package", *lock_commands("uv")),
        )


UV_PACKAGE = PROJECT + '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
UV_PACKAGE_LOCK = UV_LOCK.replace("virtual", "editable")

uv_build_missing.examples(
    bad=[
        Example({**VERSION, "pyproject.toml": UV_PACKAGE, "uv.lock": UV_PACKAGE_LOCK}, at=("pyproject.toml:2:8-2:13",))
    ],
    good=[
        Example({**VERSION, "pyproject.toml": UV_PACKAGE, "uv.lock": UV_PACKAGE_LOCK, "app/__init__.py": ""}),
        Example({**VERSION, "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}),
    ],
)
