"""Which packages the build installs, as far as the files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import PYPROJECT_TOML

if TYPE_CHECKING:
    from pydeploy_lint.facts.packages.installed.install_set import InstallSet
    from pydeploy_lint.facts.packages.managers import Managers
    from pydeploy_lint.facts.packages.provisioning import DatabaseProvisioning
    from pydeploy_lint.facts.packages.requirements.read import Requirements
    from pydeploy_lint.facts.packages.requirements.statements import Requirement
    from pydeploy_lint.facts.python.version import Python
    from pydeploy_lint.files.files import Files

READABLE = ("pip", "pipenv", "poetry", "uv")
"""The package managers whose files can be read here; the data may know more."""


class Packages:
    """Which packages the build installs."""

    def __init__(self, files: Files, managers: Managers, python: Python) -> None:
        """Wrap what the packages depend on.

        Args:
            files: the app's files.
            managers: which package manager is used.
            python: which Python the build installs.
        """
        self._files = files
        self._managers = managers
        self._python = python

    @fact
    def requirements(self) -> Requirements | None:
        """The requirements file with all that it includes; None where the build does not install from one."""
        file = self._managers.files.get("pip")
        if self._managers.chosen != "pip" or file is None:
            return None
        from pydeploy_lint.facts.packages.requirements.read import read_requirements

        return self._files.once(("requirements", file), lambda: read_requirements(self._files.tree, file))

    @fact
    def certain_requirements(self) -> list[Requirement]:
        """The requirements that apply on Heroku for certain; none where the build does not install from a file."""
        return self._certain(self.requirements.requirements) if self.requirements else []

    @fact
    def certain_constraints(self) -> list[Requirement]:
        """The constraints that apply on Heroku for certain."""
        return self._certain(self.requirements.constraints) if self.requirements else []

    def _certain(self, requirements: tuple[Requirement, ...]) -> list[Requirement]:
        from pydeploy_lint.facts.packages.installed.pip import certain

        return certain(requirements, self._python.version)

    @fact
    def install_set(self) -> InstallSet | None:
        """What the build installs; None where it does not get there, or no file says."""
        file = self._managers.chosen_file
        if file is None or self._managers.chosen not in READABLE:
            return None
        return self._files.once(
            ("install set", self._managers.chosen, file, self._python.version), lambda: self._install_set(file)
        )

    def may_bring(self, distribution: str) -> bool:
        """Whether what is installed may bring along a distribution that no file mentions.

        A complete lock mentions everything. Of a requirements file the map of what distributions require tells.

        Args:
            distribution: its canonical name.
        """
        if self.install_set is None or self.requirements is None:
            return self.install_set is None or not self.install_set.complete
        from pydeploy_lint.facts.packages.imports.undeclared import is_probably_brought

        return is_probably_brought([distribution], self.install_set, self.requirements)

    def _install_set(self, file: str) -> InstallSet:
        if self.requirements:
            from pydeploy_lint.facts.packages.installed.pip import from_requirements

            return from_requirements(self.requirements, file, self._python.version)
        lock = self._files.document(file)
        assert lock is not None
        if self._managers.chosen == "pipenv":
            from pydeploy_lint.facts.packages.installed.pipenv import from_pipfile_lock

            return from_pipfile_lock(lock, self._python.version)
        if self._managers.chosen == "poetry":
            from pydeploy_lint.facts.packages.installed.poetry import from_poetry_lock

            return from_poetry_lock(lock, self._files.document(PYPROJECT_TOML), self._python.version)
        from pydeploy_lint.facts.packages.installed.uv import from_uv_lock

        return from_uv_lock(lock, self._python.version)

    @fact
    def database_provisioning(self) -> DatabaseProvisioning | None:
        """Under which conditions Heroku provisions a database; None where the build does not get there."""
        if self.install_set is None:
            return None
        from pydeploy_lint.facts.packages.provisioning import database_provisioning

        return database_provisioning(self._files.tree, self.install_set)
