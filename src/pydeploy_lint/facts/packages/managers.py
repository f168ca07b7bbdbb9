"""Which package manager installs the dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.detection import PlatformFacts
from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import PIPFILE_LOCK
from pydeploy_lint.heroku.policy import Mode

if TYPE_CHECKING:
    from pydeploy_lint.facts.packages.hints import Hint


class ManagerFacts(PlatformFacts):
    """Which package manager installs the dependencies, and by which file it is chosen."""

    @property
    def package_manager_hints(self) -> list[Hint]:
        """What was perhaps meant to tell the package manager."""
        from pydeploy_lint.facts.packages.hints import hints

        return hints(self.tree, list(self.policy.manager_files.values()))

    @fact
    def lacks_pipfile_lock(self) -> bool:
        """Whether there is a Pipfile without a Pipfile.lock."""
        return self.tree.is_file("Pipfile") and not self.tree.is_file(PIPFILE_LOCK)

    @fact
    def manager_files(self) -> dict[str, str]:
        """The file of each package manager that the build finds, in the order in which it looks."""
        found = {manager: file for manager, file in self.policy.manager_files.items() if self.tree.is_file(file)}
        if self.lacks_pipfile_lock and self.policy.pipfile_without_lock is not Mode.ERROR:
            return {"pipenv": "Pipfile", **found}
        return found

    @fact
    def setup_py_only(self) -> bool:
        """Whether a ``setup.py`` is all that could tell what to install."""
        return not self.manager_files and not self.lacks_pipfile_lock and self.tree.is_file("setup.py")

    @fact
    def package_manager(self) -> str | None:
        """The package manager that the build uses; None where it cannot tell, and stops."""
        if self.lacks_pipfile_lock and self.policy.pipfile_without_lock is Mode.ERROR:
            return None
        if len(self.manager_files) > 1 and self.policy.multiple_package_managers is Mode.ERROR:
            return None
        if self.setup_py_only and self.policy.setup_py_only is not Mode.ERROR:
            return "pip"
        return next(iter(self.manager_files), None)

    @property
    def install_command(self) -> str | None:
        """The command with which the build installs the dependencies; None where it does not get there."""
        manager = self.package_manager
        if manager is None:
            return None
        fallback = self.setup_py_only if manager == "pip" else manager == "pipenv" and self.lacks_pipfile_lock
        return self.policy.install_command(manager, fallback=fallback)
