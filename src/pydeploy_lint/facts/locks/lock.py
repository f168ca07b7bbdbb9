"""The lock file that the build installs from: whether the install command accepts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import PYPROJECT_TOML

if TYPE_CHECKING:
    from pydeploy_lint.facts.locks.origins import Origin
    from pydeploy_lint.facts.locks.uv.ask import Answer
    from pydeploy_lint.facts.locks.verdict import Verdict
    from pydeploy_lint.facts.locks.wheels import LockedPackage
    from pydeploy_lint.facts.packages.managers import Managers
    from pydeploy_lint.facts.packages.packages import Packages
    from pydeploy_lint.facts.python.version import Python
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.heroku.policy import Policy


class Lock:
    """The lock file that the build installs from."""

    def __init__(
        self, files: Files, managers: Managers, python: Python, packages: Packages, policy: Policy, *, ask_uv: bool
    ) -> None:
        """Wrap what the verdict depends on.

        Args:
            files: the app's files.
            managers: which package manager is used.
            python: which Python the build installs.
            packages: which packages the build installs.
            policy: which version of the package manager the build installs.
            ask_uv: whether an installed uv may check the lock file.
        """
        self._files = files
        self._managers = managers
        self._python = python
        self._packages = packages
        self._policy = policy
        self._ask_uv = ask_uv

    @fact
    def verdict(self) -> Verdict | None:
        """Whether the install command accepts the lock file; None where the build does not install from one."""
        manager, file = self._managers.chosen or "", self._managers.chosen_file
        version = self._policy.rules.tools.get(manager)
        if manager == "pip" or file is None or version is None or self._managers.lacks_pipfile_lock:
            return None
        from pydeploy_lint.facts.locks.freshness import MANIFESTS, judge

        if manager not in MANIFESTS:
            return None  # Heroku has learned a package manager whose locks nobody can read here yet.

        files, python = self._files, self._python.version
        return files.once(
            ("lock verdict", manager, file, python, version),
            lambda: judge(manager, file, tree=files.tree, document=files.document, python=python, version=version),
        )

    @fact
    def packages(self) -> list[LockedPackage]:
        """The packages that are surely installed from an index, with the files that the lock file names for them."""
        file, install_set = self._managers.chosen_file, self._packages.install_set
        lock = self._files.document(file) if file and self._managers.chosen in ("poetry", "uv") else None
        if lock is None or install_set is None:
            return []
        from pydeploy_lint.facts.locks.wheels import locked_packages

        return list(locked_packages(lock, install_set))

    @fact
    def origins(self) -> list[Origin]:
        """The addresses, other than the usual index, that the installation from the lock file surely needs."""
        manager, file, install_set = self._managers.chosen, self._managers.chosen_file, self._packages.install_set
        lock = self._files.document(file) if file and manager in ("pipenv", "poetry", "uv") else None
        if lock is None or install_set is None or self._managers.lacks_pipfile_lock:
            return []
        from pydeploy_lint.facts.locks.origins import origins

        pyproject = self._files.document(PYPROJECT_TOML) if manager == "uv" else None
        return list(origins(manager or "", lock, install_set, pyproject))

    @fact
    def uv_answer(self) -> Answer | None:
        """What an installed uv says of the lock file; None where it may not be asked, or the files are not on disk."""
        directory = self._files.tree.directory
        if not self._ask_uv or self._managers.chosen != "uv" or directory is None:
            return None
        from pydeploy_lint.facts.locks.uv.ask import ask_uv

        return self._files.once("uv answer", lambda: ask_uv(directory))
