"""Wheels: whether the locked packages have any for the Python that Heroku installs, and how large they are."""

from collections.abc import Iterator

from pydeploy_checks.locks import lock_commands
from pydeploy_checks.packages.pins import has_other_index, working_series
from pydeploy_checks.packages.upgrades import upgrade_pin
from pydeploy_checks.suit import ask_for_series, may_ask_for
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    PSYCOPG2,
    App,
    Certainty,
    Declared,
    Document,
    Example,
    Fix,
    Installed,
    LockedPackage,
    Problem,
    Related,
    Severity,
    Span,
    check,
    conflicts,
    has_compatibility_data,
    is_for_python,
    series_key,
)

SLUG_LIMIT = 500 * 1000 * 1000
"""Bytes of the compressed slug; larger ones are refused (Dev Center, "Slug Compiler")."""
MOST_NAMED = 5
UPGRADE = {"uv": "uv lock", "poetry": "poetry update --lock"}
OPTIONAL_EXTENSIONS = frozenset({"markupsafe", "pymongo", "sqlalchemy", "tornado", "wrapt", "zope-interface"})
"""Packages that are installed without their compiled part where it cannot be compiled.

Measured with markupsafe 2.1.3 and 3.0.2, pymongo 3.12.3 and 4.6.0, sqlalchemy 1.4.52, tornado 6.4.2, wrapt 1.17.2 and
zope.interface 7.2, installed from source with a compiler that always fails (2026-11-25).
"""


def _lock(app: App) -> Document | None:
    """The lock that names files; None where there is none, or it is not for the Python that is to run the app."""
    manager = app.managers.chosen or ""
    lock = app.files.document(app.managers.files[manager]) if manager in UPGRADE else None
    return lock if lock and app.python.version and is_for_python(lock, app.python.version) else None


def python_name(app: App, series: str) -> str:
    """The name of the Python; an app that asks for no version keeps that of its first build."""
    request = app.python.request
    return f"Python {series}{request.because if request and not app.python.is_asked else ''}"


def certain_severity(app: App) -> Severity:
    """The severity of what surely breaks with the Python of the app, if that is certain."""
    return Severity.WARNING if app.python.origin == DEFAULT_ORIGIN else Severity.ERROR


@check("no-wheel-for-python", severity=Severity.WARNING, url=DEV_CENTER + "python-dependencies")
def no_wheel_for_python(app: App) -> Iterator[Problem]:
    """A package has no wheel, in its locked or pinned version, for the Python that Heroku installs.

    `uv.lock` and `poetry.lock` name the files of each package. Where there are wheels for other versions of Python
    only, the package is compiled during the build, which takes long, and fails where it needs a compiler or a library
    that is not there, or was not written for a Python so new. Where there is not even a source distribution, the
    build fails for sure. For `requirements.txt` and `Pipfile.lock` it is known of the most used compiled packages
    since which version they have wheels; those that are known to fail are found by `package-incompatible`.

    ## How to fix

    Upgrade the package to a version with a wheel for that Python. If there is none yet, ask for an older Python in
    `.python-version`.
    """
    if app.managers.chosen not in UPGRADE:
        yield from _compiled_pins(app)
    lock = _lock(app)
    if lock is None or app.python.request is None:
        return
    series, manager = app.python.request.series, app.managers.chosen or ""
    packages = app.lock.packages
    lacking = [each for each in packages if not (_suits(each, series) or _is_built_from_source(app, each))]
    suiting = _newest_suiting(app, lock, packages) if lacking else None
    other_python = f"\nor set a Python for which all have wheels in .python-version:\n    {suiting}" if suiting else ""
    ask = ask_for_series(app, suiting)
    compiled = [each for each in lacking if each.has_source and each.name not in OPTIONAL_EXTENSIONS]
    yield from _compiled(
        [(f"{each.name} {each.version}", each.place()) for each in compiled],
        f"has wheels for other versions of Python, but none for {python_name(app, series)}",
        f"Upgrade what has a newer version:\n    {_upgrade(manager, compiled)}{other_python}",
        (_by_lock(manager, compiled), ask),
    )
    for package in lacking:
        if not package.has_source:
            problem = Problem(
                f"{package.name} {package.version} has neither a source distribution nor a wheel for Linux and "
                f"{python_name(app, series)}; it cannot be installed, so Heroku rejects the push",
                package.place(),
                help=f"Upgrade it, if there is a newer version:\n    {_upgrade(manager, [package])}{other_python}",
                severity=certain_severity(app),
                failure_reason=f"install-dependencies::{manager}",
            )
            yield problem.with_fixes(_by_lock(manager, [package]), ask)


def _by_lock(manager: str, packages: list[LockedPackage]) -> Fix:
    """Upgrade packages in a lock file, where there are newer versions."""
    return Fix.by_hand("Upgrade what has a newer version", _upgrade(manager, packages), lock_commands(manager)[1])


def _upgrade(manager: str, packages: list[LockedPackage]) -> str:
    """The command that upgrades packages in a lock file."""
    option = " --upgrade-package" if manager == "uv" else ""
    return UPGRADE[manager] + "".join(f"{option} {each.name}" for each in packages)


def _compiled_pins(app: App) -> Iterator[Problem]:
    """Pinned packages without a wheel of which nobody tried whether they can be compiled."""
    install_set, python = app.packages.install_set, app.python.version
    if install_set is None or python is None or app.python.request is None or has_other_index(app):
        return
    series, found = app.python.request.series, []
    for declared in install_set.declared:
        if declared.installed is not Installed.YES or declared.name in {*PSYCOPG2, *OPTIONAL_EXTENSIONS}:
            continue
        of_pin = conflicts(declared.name, declared.specifier, python, app.managers.chosen or "")
        if of_pin and of_pin[0].certainty is Certainty.UNTRIED:
            found.append((declared, of_pin[0].works_from))
    better = working_series(app) if found else None
    better = better if better and may_ask_for(app, better) else None
    ways = [f"    {declared.name} {first}" for declared, first in found]
    other_python = f"\nor set another Python in .python-version:\n    {better}" if better else ""
    yield from _compiled(
        [(f"{declared.name} {declared.specifier}", declared.place()) for declared, _ in found],
        f"has no wheel for {python_name(app, series)}",
        "\n".join(["Upgrade to the first version with a wheel, or later:", *ways]) + other_python,
        (_upgrade_pins(app, found), ask_for_series(app, better)),
    )


def _upgrade_pins(app: App, found: list[tuple[Declared, str | None]]) -> Fix | None:
    """Ask for the first versions with a wheel; None where one of them cannot be written."""
    ways = [upgrade_pin(app, declared, first) if first else None for declared, first in found]
    edits = tuple(edit for way in ways if way for edit in way.edits)
    return Fix("Upgrade to the first version with a wheel", edits, safe=False) if edits and all(ways) else None


def _compiled(
    packages: list[tuple[str, Span]], has_none: str, help_text: str, ways: tuple[Fix | None, ...]
) -> Iterator[Problem]:
    """One problem for all packages that are compiled, at the first of them.

    Args:
        packages: their names with their versions, and where they stand.
        has_none: what is said of one of them.
        help_text: what to do.
        ways: the same as fixes.
    """
    if not packages:
        return
    (first, at), *others = packages
    if others:
        named = ", ".join(name for name, _ in packages[:MOST_NAMED])
        more = f" and {len(packages) - MOST_NAMED} more" if len(packages) > MOST_NAMED else ""
        what = f"{named}{more}: each {has_none}; Heroku compiles them"
    else:
        what = f"{first} {has_none}; Heroku compiles it"
    problem = Problem(
        f"{what} during the build, which may fail",
        at,
        help=help_text,
        related=tuple(Related(place, f"{name} {has_none}") for name, place in others),
    )
    yield problem.with_fixes(*ways)


def _is_built_from_source(app: App, package: LockedPackage) -> bool:
    """Whether the version is known to be built and to work, or to fail, which `package-incompatible` reports."""
    if not package.has_source or app.python.version is None or not has_compatibility_data(package.name):
        return False
    found = conflicts(package.name, package.version, app.python.version, app.managers.chosen or "")
    return not found or found[0].certainty.fails


def _newest_suiting(app: App, lock: Document, packages: list[LockedPackage]) -> str | None:
    """The newest older series of Python that all packages have wheels for."""
    assert app.python.request is not None
    for series, python in reversed(app.policy.latest_patches.items()):
        is_older = series_key(series) < series_key(app.python.request.series)
        is_possible = is_older and may_ask_for(app, series) and is_for_python(lock, python)
        if is_possible and all(_suits(package, series) for package in packages):
            return series
    return None


def _suits(package: LockedPackage, series: str) -> bool:
    # Without any wheel for Linux a package is built for every Python: the Python makes no difference.
    return package.fits(series) or (package.has_source and not package.is_compiled_for_linux)


@check("slug-size", severity=Severity.NOTE, url=DEV_CENTER + "slug-compiler#slug-size")
def slug_size(app: App) -> Iterator[Problem]:
    """The locked packages are probably too large for a slug.

    Heroku packs the app, Python and all packages into a slug of at most 500 MB, and refuses a larger one. `uv.lock`
    names the size of every wheel; wheels are compressed as the slug is, so their total is about what the packages add
    to it. Packages without a wheel are not counted.

    ## How to fix

    See whether the largest packages are needed in production. PyTorch is several times smaller without CUDA, which
    Heroku's dynos cannot use: take it from the index with the builds for CPU.
    """
    lock = _lock(app)
    if lock is None or app.python.request is None:
        return
    series = app.python.request.series
    found = [(package.wheel_size(series), package) for package in app.lock.packages]
    sizes = sorted(found, key=lambda each: -each[0])
    total = sum(size for size, _ in sizes)
    if total <= SLUG_LIMIT:
        return
    largest = ", ".join(f"{package.name} ({_megabytes(size)})" for size, package in sizes[:MOST_NAMED])
    yield Problem(
        f"the wheels in {lock.source.path} amount to {_megabytes(total)}, and Heroku "
        f"refuses slugs of more than {_megabytes(SLUG_LIMIT)}; the largest are {largest}",
        sizes[0][1].place(),
        help="Move what production does not need into a group, which Heroku does not install,\n"
        "and take PyTorch from the index with the builds for CPU.",
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"


UV_LOCK = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "quick" }]

[[package]]
name = "quick"
version = "2.0.2"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://index.example/quick-2.0.2.tar.gz", size = 20000000 }
wheels = [
    { url = "https://index.example/quick-2.0.2-cp312-cp312-manylinux_2_17_x86_64.whl", size = 600000000 },
    { url = "https://index.example/quick-2.0.2-cp313-cp313-macosx_14_0_arm64.whl", size = 7000000 },
]
"""
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["quick"]\n'
POETRY_LOCK = """\
[[package]]
name = "quick"
version = "2.0.2"
groups = ["main"]
files = [{file = "quick-2.0.2-cp312-cp312-manylinux_2_17_x86_64.whl", hash = "sha256:0"}]

[metadata]
lock-version = "2.1"
content-hash = "0"
"""

no_wheel_for_python.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}, at=("uv.lock:11:8-11:15",)
        ),
        Example(
            {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK.replace("sdist", "other")},
            at=("uv.lock:11:8-11:15",),
        ),
        Example({".python-version": "3.13\n", "poetry.lock": POETRY_LOCK}, at=("poetry.lock:2:8-2:15",)),
        Example({".python-version": "3.13\n", "requirements.txt": "numpy==1.26.4\n"}, at=("requirements.txt:1:1-1:6",)),
    ],
    good=[
        Example({".python-version": "3.12\n", "requirements.txt": "numpy==1.26.4\n"}),
        Example({".python-version": "3.12\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}),
        Example(
            {
                ".python-version": "3.13\n",
                "pyproject.toml": PROJECT,
                "uv.lock": UV_LOCK.replace("cp312-cp312", "cp39-abi3"),
            }
        ),
    ],
)
slug_size.examples(
    bad=[
        Example(
            {".python-version": "3.12\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}, at=("uv.lock:11:8-11:15",)
        ),
    ],
    good=[Example({".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK})],
)
