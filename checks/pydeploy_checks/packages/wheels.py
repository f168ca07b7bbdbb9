"""Wheels: whether the locked packages have any for the Python that Heroku installs, and how large they are."""

from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    App,
    Document,
    Example,
    Installed,
    LockedPackage,
    Problem,
    Severity,
    check,
    conflicts,
    has_compatibility_data,
    is_for_python,
    series_key,
)

SLUG_LIMIT = 500 * 1000 * 1000
"""Bytes of the compressed slug; larger ones are refused (Dev Center, "Slug Compiler")."""
MOST_NAMED = 5
UPGRADE = {"uv": "uv lock --upgrade-package {}", "poetry": "poetry update --lock {}"}


def _lock(app: App) -> Document | None:
    """The lock that names files; None where there is none, or it is not for the Python that is to run the app."""
    manager = app.managers.chosen or ""
    lock = app.files.document(app.managers.files[manager]) if manager in UPGRADE else None
    return lock if lock and app.python.version and is_for_python(lock, app.python.version) else None


def _python(app: App, series: str) -> str:
    """The name of the Python; an app that asks for no version keeps that of its first build."""
    request = app.python.request
    return f"Python {series}{request.because if request and not app.python.is_asked else ''}"


def _certain(app: App) -> Severity:
    """The severity of what surely breaks with the Python of the app, if that is certain."""
    return Severity.WARNING if app.python.origin == DEFAULT_ORIGIN else Severity.ERROR


@check("no-wheel-for-python", severity=Severity.WARNING, url=DEV_CENTER + "python-dependencies")
def no_wheel_for_python(app: App) -> Iterator[Problem]:
    """A locked package has no wheel for the Python that Heroku installs.

    `uv.lock` and `poetry.lock` name the files of each package. Where there are wheels for other versions of Python
    only, the package is compiled during the build, which takes long, and fails where it needs a compiler or a library
    that is not there, or was not written for a Python so new. Where there is not even a source distribution, the
    build fails for sure.

    ## How to fix

    Upgrade the package to a version with a wheel for that Python. If there is none yet, ask for an older Python in
    `.python-version`.
    """
    lock = _lock(app)
    if lock is None or app.python.request is None:
        return
    series, manager = app.python.request.series, app.managers.chosen or ""
    packages = app.lock.packages
    suiting = _newest_suiting(app, lock, packages)
    other_python = f"\nor ask for Python {suiting} in .python-version, for which all have wheels" if suiting else ""
    for package in packages:
        if _suits(package, series) or _is_built_from_source(app, package):
            continue
        name = f"{package.name} {package.version}"
        help_text = (
            f"Upgrade it, if there is a newer version:\n    {UPGRADE[manager].format(package.name)}{other_python}"
        )
        if package.has_source:
            message = (
                f"{name} has wheels for other versions of Python, but none for {_python(app, series)}; "
                "Heroku compiles it during the build, which may fail"
            )
            yield Problem(message, package.place(), help=help_text)
        else:
            yield Problem(
                f"{name} has neither a source distribution nor a wheel for Linux and {_python(app, series)}; "
                "it cannot be installed, so Heroku rejects the push",
                package.place(),
                help=help_text,
                severity=_certain(app),
                failure_reason=f"install-dependencies::{manager}",
            )


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
        if is_older and is_for_python(lock, python) and all(_suits(package, series) for package in packages):
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


@check("psycopg2-python-too-new", severity=Severity.WARNING, url=DEV_CENTER + "python-dependencies")
def psycopg2_python_too_new(app: App) -> Iterator[Problem]:
    """The pinned psycopg2 is older than the first release for the Python that Heroku installs.

    `psycopg2-binary` has no wheel for a newer Python then, and is compiled during the build, as `psycopg2` always is.
    Releases before 2.9.10 can be compiled with Python 3.13 and later, and then fail when they are imported:
    `undefined symbol: _PyInterpreterState_Get`.

    ## How to fix

    Upgrade psycopg2, or ask for an older Python in `.python-version`.
    """
    from pydeploy_lint.plugin import PSYCOPG2, psycopg2_is_too_old

    if app.python.version is None or app.python.request is None or app.packages.install_set is None:
        return
    series = app.python.request.series
    for declared in app.packages.install_set.declared:
        version = declared.specifier.removeprefix("==").strip()
        if declared.name not in PSYCOPG2 or declared.installed is not Installed.YES or "==" not in declared.specifier:
            continue
        found = psycopg2_is_too_old(version, series)
        if found is None:
            continue
        consequence = "Heroku compiles it during the build, for a Python that it was not made for"
        if found.is_unusable:
            consequence = "Heroku compiles it, and that fails, or the app does when it imports it (undefined symbol)"
        yield Problem(
            f"{declared.name} {version} is older than {found.first}, the first release for {_python(app, series)}; "
            f"{consequence}",
            declared.place(),
            help=f"Upgrade {declared.name} to {found.first} or later, or ask for an older Python in .python-version.",
            severity=_certain(app) if found.is_unusable else Severity.NOTE,
        )


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
    ],
    good=[
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
psycopg2_python_too_new.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "requirements.txt": "psycopg2-binary==2.9.9\n"},
            at=("requirements.txt:1:1-1:16",),
        ),
    ],
    good=[
        Example({".python-version": "3.12\n", "requirements.txt": "psycopg2-binary==2.9.9\n"}),
        Example({".python-version": "3.13\n", "requirements.txt": "psycopg2-binary>=2.9.9\n"}),
    ],
)
