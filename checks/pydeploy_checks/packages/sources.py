"""Requirements that Heroku cannot install: for another system, from another computer, or behind a password."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydeploy_checks.packages.lines import delete, replace
from pydeploy_checks.packages.requirements import PIP_FAILS
from pydeploy_lint.plugin import (
    DEV_CENTER,
    MANAGER_TITLES,
    App,
    Edit,
    Example,
    Fix,
    Problem,
    Requirement,
    Severity,
    Span,
    canonical,
    check,
    uninstallable,
)

URL = DEV_CENTER + "python-dependencies"
APP = {".python-version": "3.13\n"}
ON_WINDOWS = '; sys_platform == "win32"'
INDEX_OPTIONS = {"index_url", "extra_index_urls", "find_links", "no_index"}
BUILD_VARIABLES = {"PIP_EXTRA_INDEX_URL", "HOME", "PATH", "PWD", "STACK", "LANG", "SOURCE_VERSION", "DYNO"}
"""The variables that pip sees on Heroku: one config var, and those that the platform sets."""
INDEX_COMMAND = "    heroku config:set PIP_EXTRA_INDEX_URL=https://USER:PASSWORD@HOST/simple"
TOKEN_LENGTH = 20
"""Characters from which on a user name without a password is taken for a token."""
SHARED_DIRECTORIES = {"app", "tmp"}
"""Where another buildpack may have left files."""
_LOCAL_FILE = re.compile(r"(?:\w+\+)?file:(?://[^/]*)?/(?P<directory>[^/#?]*)", re.ASCII)
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_CREDENTIALS = re.compile(r"(?:\w+\+)?https?://(?P<user>[^/@:\s]+)(?::(?P<password>[^/@\s]+))?@", re.ASCII)
_SSH = re.compile(r"(?:\w+\+)?ssh://|git\+git@", re.ASCII)
_SCP = re.compile(r"(?:ssh://)?[\w.-]+@[\w.-]+:(?!//)", re.ASCII)
"""How git writes an address over SSH in its own way: ``git@github.com:example/lib.git``."""
_PIPENV_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?", re.ASCII)
"""Pipenv puts in variables as a shell does."""
_GIT_OVER_SSH = "git+ssh://git@"
_PUBLIC_HOSTS = ("bitbucket.org/", "github.com/", "gitlab.com/")
"""Where a public repository has the same path over HTTPS."""
_GIT_PROTOCOL = re.compile(r"(?:git\+)?git://(?P<host>[^/:]+)", re.ASCII)


def _index_requirements(app: App) -> list[Requirement]:
    """The requirements that are certainly installed from the public index."""
    options = app.packages.requirements.options if app.packages.requirements else ()
    if any(option.name in INDEX_OPTIONS for option in options):
        return []
    return [each for each in app.packages.certain_requirements if each.name and not each.url]


@check("windows-only-requirement", severity=Severity.ERROR, url=URL)
def windows_only_requirement(app: App) -> Iterator[Problem]:
    """A package that can only be installed on Windows.

    `pip freeze` on Windows lists packages such as `pywin32` that exist only for Windows. Heroku runs Linux, where pip
    finds nothing to install, so Heroku rejects the push.

    ## How to fix

    Add a condition, so that the line applies on Windows only:

        pywin32==312; sys_platform == "win32"
    """
    for each in _index_requirements(app):
        if canonical(each.name or "") in uninstallable().windows_only:
            yield Problem(
                f"{each.name} can only be installed on Windows; Heroku runs Linux, so it rejects the push",
                each.at,
                help=f"Remove the line, or add a condition to it:\n    {each.name}{each.specifier}{ON_WINDOWS}",
                failure_reason=PIP_FAILS,
                fix=_only_on_windows(app, each),
            )


def _only_on_windows(app: App, requirement: Requirement) -> Fix | None:
    end = requirement.line
    source = app.files.source(end.path)
    # A marker stands before the options of a line.
    if requirement.marker or source is None or " -" in source.line(end.end_line or 1):
        return None
    at = Span(end.path, end.end_line, end.end_column, end.end_line, end.end_column)
    return Fix(f"Install {requirement.name} on Windows only", (Edit(at, ON_WINDOWS),))


windows_only_requirement.examples(
    bad=[Example({**APP, "requirements.txt": "six==1.17.0\npywin32==312\n"}, at=("requirements.txt:2:1-2:8",))],
    good=[
        Example({**APP, "requirements.txt": 'pywin32==312; sys_platform == "win32"\n'}),
        Example({**APP, "requirements.txt": "pywin32-ctypes==0.2.3\n"}),
    ],
)


@check("distro-requirement", severity=Severity.ERROR, url=URL)
def distro_requirement(app: App) -> Iterator[Problem]:
    """A name that is not on the package index: a module of Python itself, or a package of a Linux distribution.

    `pip freeze` with the Python of Ubuntu or Debian lists packages that only the distribution has, such as
    `command-not-found`, and the notorious `pkg-resources==0.0.0`. Modules such as `sqlite3` or `json` come with
    Python. pip finds none of them, so Heroku rejects the push.

    ## How to fix

    Remove the line. Run `pip freeze` in a virtual environment that holds only what the app needs.
    """
    for each in _index_requirements(app):
        name = canonical(each.name or "")
        if name in uninstallable().standard_library:
            what = "comes with Python and is not on the package index"
        elif name in uninstallable().linux_distribution:
            what = "comes with a Linux distribution and is not on the package index"
        else:
            continue
        yield Problem(
            f"{each.name} {what}: pip cannot find it, so Heroku rejects the push",
            each.at,
            help="Remove the line.",
            failure_reason=PIP_FAILS,
            fix=_without(app, each),
        )


def _without(app: App, requirement: Requirement) -> Fix | None:
    """Delete a line with which pip can only fail; safe, as what it names is there all the same, or cannot be."""
    edits = delete(app, requirement)
    return Fix(f"Delete {requirement.name} from {requirement.line.path}", edits) if edits else None


distro_requirement.examples(
    bad=[
        Example(
            {**APP, "requirements.txt": "pkg_resources==0.0.0\nsqlite3\ncloud-init==23.1\n"},
            at=("requirements.txt:1:1-1:14", "requirements.txt:2:1-2:8", "requirements.txt:3:1-3:11"),
        )
    ],
    good=[Example({**APP, "requirements.txt": "setuptools==80.0\nargparse==1.4.0\n"})],
)


@check("local-path-requirement", severity=Severity.ERROR, url=URL)
def local_path_requirement(app: App) -> Iterator[Problem]:
    """A requirement is a file on somebody's computer.

    `pip freeze` writes `NAME @ file:///...` for packages that Conda, or pip itself, installed from a local file. That
    file does not exist on Heroku: pip fails, so Heroku rejects the push. The same goes for archives that are not
    committed.

    ## How to fix

    Ask for a version from the index. This lists them without paths:

        pip list --format=freeze
    """
    for each in app.packages.certain_requirements:
        url = each.url or ""
        if _is_elsewhere(app, url):
            name = each.name or "a requirement"
            yield Problem(
                f"{name} points to {url}, which is not part of the app: pip fails, so Heroku rejects the push",
                each.at,
                help="Ask for a version instead; this lists them:\n    pip list --format=freeze",
                failure_reason=PIP_FAILS,
                fix=_from_index(app, each),
            )


def _from_index(app: App, requirement: Requirement) -> Fix | None:
    """Take a package from the index, in the newest version, as nobody knows which one the file was."""
    if not requirement.name or requirement.hashed:
        return None
    edits = replace(app, requirement, f" @ {requirement.url}", "")
    return Fix(f"Take {requirement.name} from the index, in its newest version", edits, safe=False) if edits else None


def _is_elsewhere(app: App, url: str) -> bool:
    if "://" in url or url.startswith("file:"):
        file = _LOCAL_FILE.match(url)
        return file is not None and file["directory"] not in SHARED_DIRECTORIES
    return url != "" and not app.files.tree.exists(url.partition("#")[0]) and not app.build.generators


local_path_requirement.examples(
    bad=[
        Example(
            {**APP, "requirements.txt": "certifi @ file:///croot/certifi_1700/certifi\n"},
            at=("requirements.txt:1:1-1:8",),
        ),
        Example({**APP, "requirements.txt": "./dist/lib-1.0.tar.gz\n"}, at=("requirements.txt:1:1-1:22",)),
    ],
    good=[
        Example({**APP, "requirements.txt": "./lib\n-e ./lib\n", "lib/pyproject.toml": ""}),
        Example({**APP, "requirements.txt": "certifi @ https://index.example/certifi-2025.1.tar.gz\n"}),
    ],
)


@check("private-requirement", severity=Severity.ERROR, url=URL)
def private_requirement(app: App) -> Iterator[Problem]:
    """A requirement needs a key or a password that pip does not have on Heroku, or holds one in plain text.

    While Heroku installs the dependencies there is no SSH key, and of the app's config vars pip sees only
    `PIP_EXTRA_INDEX_URL`. So `git+ssh://...` fails even for public repositories, and `${TOKEN}` is not replaced. A
    password or token in the file itself works, and is visible to anyone with access to the repository.

    The same goes for what `Pipfile.lock`, `poetry.lock` and `uv.lock` name: repositories over SSH, sources of a
    `Pipfile` with variables in their addresses, and indexes for which uv is told to `authenticate = "always"`.

    ## How to fix

    - A public repository: write `git+https://...`.
    - A private package: put it on a private index, and set the config var `PIP_EXTRA_INDEX_URL` to its address with the
      password.
    - A token in the file: revoke it, because it stays in the history of the repository.
    """
    for each in app.packages.certain_requirements:
        obstacle = _obstacle(each.url or "")
        if obstacle:
            # What runs before the build may write a key, or replace the variable.
            fails = obstacle.fails and not app.build.generators
            yield Problem(
                f"{each.name or 'a requirement'} is installed {obstacle.message}",
                each.at,
                help=obstacle.help,
                severity=None if fails else Severity.WARNING,
                failure_reason=PIP_FAILS if fails else None,
                fix=_over_https(app, each, (_GIT_OVER_SSH,), is_safe=False) if _is_hosted(each) else None,
            )
    for option in app.packages.requirements.options if app.packages.requirements else ():
        for url in option.values if option.name in INDEX_OPTIONS else ():
            # pip passes over an index that it cannot enter: what fails, if anything, depends on what is only there.
            if obstacle := _obstacle(url):
                message = f"packages are installed {obstacle.message}"
                yield Problem(message, option.at, help=obstacle.help, severity=Severity.WARNING)
    yield from _locked_problems(app)


def _locked_problems(app: App) -> Iterator[Problem]:
    """What stands in the way of the packages in a lock file; the package managers stop where pip would skip it."""
    manager = app.managers.chosen or ""
    for origin in app.lock.origins:
        obstacle = _login(origin.url) if origin.needs_login else _obstacle(origin.url, MANAGER_TITLES[manager])
        if obstacle is None:
            continue
        fails = obstacle.fails and not app.build.generators
        verb = "are" if origin.is_index else "is"
        yield Problem(
            f"{origin.subject} {verb} installed {obstacle.message}",
            origin.place(),
            help=f"{obstacle.help}\nThen lock again, and commit the lock file.",
            severity=None if fails else Severity.WARNING,
            failure_reason=f"install-dependencies::{manager}" if fails else None,
        )


class _Obstacle(NamedTuple):
    message: str
    help: str
    fails: bool


def _login(url: str) -> _Obstacle:
    host = re.sub(r"^\w+://", "", url).partition("/")[0]
    return _Obstacle(
        f"from {host}, which requires a password that Heroku does not pass to uv",
        "Use an index without a password, or keep the wheel in the repository. Or export a requirements.txt\n"
        f"for pip, and set the index in a config var:\n{INDEX_COMMAND}",
        fails=True,
    )


def _obstacle(url: str, tool: str = "pip") -> _Obstacle | None:
    """Why pip, or another tool, cannot or should not install from a URL; None where it can."""
    if _SSH.match(url) or (tool != "pip" and _SCP.match(url)):
        return _Obstacle(
            "over SSH, for which the build has no key",
            "Write git+https:// if the repository is public; otherwise put the package on a private index.",
            fails=True,
        )
    variable = _PIPENV_VARIABLE if tool == "Pipenv" else _VARIABLE
    unset = [name for name in variable.findall(url) if name not in BUILD_VARIABLES]
    if unset:
        return _Obstacle(
            f"from an address with ${{{unset[0]}}}, a config var that Heroku does not pass to {tool}",
            f"Set the one config var that pip sees to the whole address:\n{INDEX_COMMAND}",
            fails=True,
        )
    match = _CREDENTIALS.match(url)
    if match and "$" not in match[0] and (match["password"] or len(match["user"]) >= TOKEN_LENGTH):
        return _Obstacle(
            "from an address with a password in it, visible to anyone with access to the repository",
            f"Revoke the password, and set a config var to the address with a new one:\n{INDEX_COMMAND}",
            fails=False,
        )
    return None


UV_LOCK = """\
version = 1
requires-python = ">=3.13"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "lib" }]

[[package]]
name = "lib"
version = "1"
source = { git = "ssh://git@github.com/example/lib.git#0123456789abcdef0123456789abcdef01234567" }
"""
UV_PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["lib"]\n'

private_requirement.examples(
    bad=[
        Example(
            {**APP, "requirements.txt": "lib @ git+ssh://git@github.com/example/lib.git\n"},
            at=("requirements.txt:1:1-1:4",),
        ),
        Example(
            {**APP, "requirements.txt": "git+https://${TOKEN}@github.com/example/lib.git#egg=lib\n"},
            at=("requirements.txt:1:1-1:56",),
        ),
        Example(
            {**APP, "requirements.txt": "--extra-index-url https://ci:secret@index.example/simple\nlib==1.0\n"},
            at=("requirements.txt:1:1-1:57",),
        ),
        Example({**APP, "pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK}, at=("uv.lock:11:8-11:13",)),
    ],
    good=[
        Example({**APP, "requirements.txt": "lib @ git+https://github.com/example/lib.git@v1.0\n"}),
        Example({**APP, "requirements.txt": "--extra-index-url ${PIP_EXTRA_INDEX_URL}\nlib==1.0\n"}),
        Example({**APP, "pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK.replace("ssh://git@", "https://")}),
    ],
)


@check("git-protocol-requirement", severity=Severity.ERROR, url=URL)
def git_protocol_requirement(app: App) -> Iterator[Problem]:
    """A repository is fetched over `git://`, which GitHub no longer answers.

    GitHub switched off the unencrypted Git protocol on 2022-03-15, so pip fails and Heroku rejects the push. Other
    hosts may still answer, but anyone on the network path can change what they send.

    ## How to fix

    Write `git+https://` instead.
    """
    for each in app.packages.certain_requirements:
        match = _GIT_PROTOCOL.match(each.url or "")
        if match:
            is_dead = match["host"] in ("github.com", "www.github.com", "gist.github.com")
            consequence = (
                "GitHub no longer answers, so Heroku rejects the push"
                if is_dead
                else "anybody on the way can change it"
            )
            yield Problem(
                f"{each.name or 'a requirement'} is installed over git://: {consequence}",
                each.at,
                help="Write git+https:// instead of git://.",
                severity=None if is_dead else Severity.WARNING,
                failure_reason=PIP_FAILS if is_dead else None,
                fix=_over_https(app, each, ("git+git://", "git://"), is_safe=is_dead),
            )


def _over_https(app: App, requirement: Requirement, starts: tuple[str, ...], *, is_safe: bool) -> Fix | None:
    """Fetch a repository over HTTPS, in place of how its address starts; safe where nothing else works."""
    for start in starts:
        if edits := replace(app, requirement, start, "git+https://"):
            return Fix(f"Write git+https:// instead of {start}", edits, is_safe)
    return None


def _is_hosted(requirement: Requirement) -> bool:
    """Whether a repository over SSH is on a host that has public ones at the same path."""
    url = requirement.url or ""
    return url.startswith(_GIT_OVER_SSH) and url.removeprefix(_GIT_OVER_SSH).startswith(_PUBLIC_HOSTS)


git_protocol_requirement.examples(
    bad=[
        Example(
            {**APP, "requirements.txt": "-e git://github.com/example/lib.git#egg=lib\n"},
            at=("requirements.txt:1:4-1:44",),
        ),
        Example(
            {**APP, "requirements.txt": "lib @ git+git://git.example/lib.git\n"},
            at=("requirements.txt:1:1-1:4",),
        ),
    ],
    good=[Example({**APP, "requirements.txt": "lib @ git+https://github.com/example/lib.git@v1.0\n"})],
)
