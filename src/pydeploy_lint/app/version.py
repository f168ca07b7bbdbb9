"""Which Python version is asked for, by which file, and what it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.app.files import PIPFILE_LOCK, PYTHON_VERSION, RUNTIME_TXT, fact
from pydeploy_lint.app.managers import ManagerFacts
from pydeploy_lint.app.version_file import VersionFile, read_python_version_file, read_runtime_txt
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import Status, series_of
from pydeploy_lint.text import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.app.pipfile_lock import LockRequest

DEFAULT = "default"
"""The origin of a version that no file asks for."""


class VersionRequest(NamedTuple):
    """The Python version that the build is asked for."""

    version: str
    """``3.13`` or ``3.13.2``."""
    origin: str
    """The file that asks for it, or `DEFAULT`."""

    @property
    def series(self) -> str:
        """Such as ``3.13``."""
        return series_of(self.version)

    @property
    def pinned(self) -> bool:
        """Whether an exact patch is asked for."""
        return self.version.count(".") == 2


class VersionFacts(ManagerFacts):
    """Which Python version is asked for, and what it stands for."""

    @fact
    def runtime_txt(self) -> VersionFile | None:
        """The ``runtime.txt``, which goes before every other version file."""
        source = self.source(RUNTIME_TXT)
        return read_runtime_txt(source, self.policy) if source else None

    @fact
    def misspelled_version_files(self) -> tuple[str, ...]:
        """Files that were meant to be ``.python-version``, in the order in which the build looks for them."""
        return tuple(name for name in self.policy.misspelled_version_files if self.tree.is_file(name))

    @fact
    def python_version_file(self) -> VersionFile | None:
        """The ``.python-version``, whether or not the build gets to look at it; None where the release knows none."""
        source = self.source(PYTHON_VERSION) if self.policy.reads_python_version_file else None
        return read_python_version_file(source, self.policy) if source else None

    @fact
    def lock_request(self) -> LockRequest | None:
        """What the Pipfile.lock says of Python, where the build uses Pipenv."""
        source = self.source(PIPFILE_LOCK) if self.package_manager == "pipenv" else None
        if source is None:
            return None
        from pydeploy_lint.app.pipfile_lock import LockRequest, read_lock_request

        request = read_lock_request(source)
        # The build passes over it before it looks at its form.
        other = request.field == "python_version" and request.version not in self.policy.latest_patches
        return LockRequest() if other and self.policy.pipfile_lock_ignores_other_series else request

    @fact
    def version_source(self) -> str:
        """The file that decides the Python version, or `DEFAULT`; the first that is there, whatever is in it."""
        if self.runtime_txt:
            return RUNTIME_TXT
        if self.misspelled_version_files:
            return self.misspelled_version_files[0]
        if self.python_version_file:
            return PYTHON_VERSION
        if self.lock_request and self.lock_request != (None, None, None, None):
            return PIPFILE_LOCK
        return DEFAULT

    @fact
    def request(self) -> VersionRequest | None:
        """The Python version that the build is asked for; None where it cannot tell, and stops."""
        origin = self.version_source
        if origin == DEFAULT:
            return VersionRequest(self.policy.default_series, DEFAULT)
        if origin == PIPFILE_LOCK:
            version = self.lock_request and self.lock_request.version
        else:
            line = self.version_file and self.version_file.accepted
            version = line and line.version
        return VersionRequest(version, origin) if version else None

    @property
    def version_file(self) -> VersionFile | None:
        """The file that decides the Python version, if it is one for just that."""
        return {RUNTIME_TXT: self.runtime_txt, PYTHON_VERSION: self.python_version_file}.get(self.version_source)

    @fact
    def request_at(self) -> Span:
        """Where the Python version is asked for; the file that is missing, where nothing asks for one."""
        if self.version_source == PIPFILE_LOCK:
            return self._lock_request_at
        line = self.version_file and self.version_file.accepted
        return line.at if line else Span(PYTHON_VERSION)

    @property
    def _lock_request_at(self) -> Span:
        try:
            document = self.document(PIPFILE_LOCK)
        except FileProblem as problem:
            return problem.at
        field = self.lock_request and self.lock_request.field
        return document.span("_meta", "requires", field) if document and field else Span(PIPFILE_LOCK)

    @fact
    def python_version(self) -> str | None:
        """The exact version that the build downloads; None where it stops before it knows."""
        if self.request is None or self.policy.status(self.request.series) in (Status.END_OF_LIFE, Status.UNKNOWN):
            return None
        return self.request.version if self.request.pinned else self.policy.latest_patches.get(self.request.series)
