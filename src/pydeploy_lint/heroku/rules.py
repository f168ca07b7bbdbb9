"""What one release of the classic Python buildpack does about the files of an app, whatever the day and the stack.

Source: ``data/releases.json``, which ``tools/update_platform.py`` makes from the buildpack's repository.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.finding import Problem


class Mode(enum.Enum):
    """What a release does about a condition."""

    SILENT = "silent"
    WARNING = "warning"
    ERROR = "error"

    def judge(self, problem: Problem, failure_reason: str = "") -> Problem:
        """The problem as the build takes it: it stops with the reason, it prints a warning, or it says nothing.

        What stops the build is an error, anything else a warning; a severity that the problem has already is kept.
        """
        stops = self is Mode.ERROR
        return problem._replace(
            severity=problem.severity or (Severity.ERROR if stops else Severity.WARNING),
            failure_reason=failure_reason if stops else None,
            build_warning=self is Mode.WARNING,
        )


class Rules(NamedTuple):
    """The rules of a release that neither the day nor the stack changes."""

    detect: tuple[str, ...]
    """The names in the app's root that make it a Python app; a directory's name ends with a slash."""
    package_managers: dict[str, str]
    """The file that chooses each package manager, in the build's order."""
    tools: dict[str, str]
    """The version of each package manager that the build installs, where it says one."""
    install_commands: dict[str, dict[str, str]]
    """By package manager the command that installs an app's dependencies, without the flags that only concern its
    output; a second one, ``fallback``, where there is no usual file: Pipenv with no lockfile, pip with a ``setup.py``.
    """
    steps: tuple[str, ...]
    """The optional steps of a build, in order: hooks of the app, NLTK data, Django's static files."""
    misspelled_version_files: tuple[str, ...]
    """The names that the build refuses as misspellings of ``.python-version``, in the order it looks for them."""

    multiple_package_managers: Mode
    """The files of several package managers; unless it is an error, the first in order is used."""
    pipfile_without_lock: Mode
    """A ``Pipfile`` without ``Pipfile.lock``."""
    pipfile_without_lock_only_without_runtime_txt: bool
    """Whether a ``runtime.txt`` silences the warning about a ``Pipfile`` without ``Pipfile.lock``."""
    setup_py_only: Mode
    """A ``setup.py`` and no package manager's file; unless it is an error, pip installs the app itself."""
    existing_venv: Mode
    """A virtual environment in the source: ``.venv/pyvenv.cfg`` or ``venv/pyvenv.cfg``."""
    existing_python_dir: Mode
    """A ``.heroku/python`` in the source."""
    duplicate_python_buildpack: Mode
    """A Python buildpack that ran before in the same build."""
    collectstatic_disabled_file: Mode
    """A ``.heroku/collectstatic_disabled``, which keeps the build from collecting Django's static files."""
    runtime_txt: Mode
    """A ``runtime.txt``; see `about_runtime_txt`."""
    runtime_txt_with_uv: Mode | None
    """A ``runtime.txt`` in an app that uses uv; None: as in any other."""
    missing_version: Mode
    """No version asked for; see `about_missing_version`."""
    missing_version_with_uv: Mode | None
    """No version asked for in an app that uses uv; None: as in any other."""

    runtime_txt_series: bool
    """Whether ``runtime.txt`` may ask for a series, ``python-N.N``, and not just for a patch."""
    runtime_txt_comments: bool
    """Whether lines of ``runtime.txt`` that begin with ``#`` are dropped."""
    reads_python_version_file: bool
    """Whether ``.python-version`` is read at all."""
    names_encodings: bool
    """Whether ``.python-version`` is judged line by line, and a wrong encoding is an error of its own.

    Releases before v318 counted the lines first, and called the content of a wrongly encoded file a version.
    """
    binary_is_encoding: bool
    """Whether a binary ``.python-version`` counts as one in a wrong encoding, and a NUL byte ends its line.

    So it was in v318 alone (``python_version::parse_python_version_file``, whose ``mapfile`` stops at a NUL).
    """
    trims_unicode_space: bool
    """Whether white space of Unicode around a version does no harm; v316 and v317 only knew that of ASCII."""
    accepts_crlf: bool
    """Whether a carriage return at the end of a line of a version file does no harm."""
    drops_nul: bool
    """Whether NUL bytes in a version file are ignored, as bash's variables cannot hold them."""
    pipfile_lock_ignores_other_series: bool
    """Whether a ``python_version`` in Pipfile.lock that is no accepted series is ignored, for the default.

    So it was up to v258; v259 made it an error.
    """
    keeps_series_of_last_build: bool
    """Whether an app that names no Python keeps the series of its last build, and not its exact patch.

    So it is since v270 (``python_version::read_requested_python_version`` cuts the patch off).
    """

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Rules:
        """The rules of a release, from its state in the data."""
        rules = cls(**{name: _value(state[name]) for name in cls._fields})
        return rules._replace(package_managers=dict(state["package_managers"]))

    def about_runtime_txt(self, manager: str | None) -> Mode:
        """A ``runtime.txt`` in an app that uses a package manager."""
        return (self.runtime_txt_with_uv if manager == "uv" else None) or self.runtime_txt

    def about_missing_version(self, manager: str | None) -> Mode:
        """No version asked for in an app that uses a package manager."""
        return (self.missing_version_with_uv if manager == "uv" else None) or self.missing_version

    def install_command(self, manager: str, *, fallback: bool = False) -> str:
        """The command that installs an app's dependencies.

        Args:
            manager: a package manager of the release.
            fallback: without its usual file.
        """
        return self.install_commands[manager]["fallback" if fallback else "command"]


def _value(value: Any) -> Any:
    """A value of the data as that of a rule: one word is a mode, a list a tuple."""
    if isinstance(value, str):
        return Mode(value)
    return tuple(value) if isinstance(value, list) else value
