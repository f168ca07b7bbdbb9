"""What the build installs, as far as the files tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.app.files import fact
from pydeploy_lint.app.version import VersionFacts

if TYPE_CHECKING:
    from pydeploy_lint.fit.wheels import LockedPackage
    from pydeploy_lint.install.install_set import InstallSet
    from pydeploy_lint.install.provisioning import DatabaseProvisioning
    from pydeploy_lint.install.requirements import Requirements
    from pydeploy_lint.install.requirements.statements import Requirement
    from pydeploy_lint.lock.ask_uv import Answer
    from pydeploy_lint.lock.verdict import Verdict


class InstallationFacts(VersionFacts):
    """What the build installs."""

    @fact
    def requirements(self) -> Requirements | None:
        """The requirements file with all that it includes; None where the build does not install from one."""
        file = self.manager_files.get("pip")
        if self.package_manager != "pip" or file is None:
            return None
        from pydeploy_lint.install.requirements import read_requirements

        return read_requirements(self.tree, file)

    @fact
    def certain_requirements(self) -> list[Requirement]:
        """What the requirements file asks for on Heroku for sure; none where the build does not install from one."""
        from pydeploy_lint.install.pip import certain

        return certain(self.requirements.requirements, self.python_version) if self.requirements else []

    @fact
    def certain_constraints(self) -> list[Requirement]:
        """The constraints that count on Heroku for sure."""
        from pydeploy_lint.install.pip import certain

        return certain(self.requirements.constraints, self.python_version) if self.requirements else []

    @fact
    def install_set(self) -> InstallSet | None:
        """What the build installs; None where it does not get there, or no file tells."""
        file = self.manager_files.get(self.package_manager or "")
        if file is None:
            return None
        if self.requirements:
            from pydeploy_lint.install.pip import from_requirements

            return from_requirements(self.requirements, file, self.python_version)
        lock = self.document(file)
        assert lock is not None
        if self.package_manager == "pipenv":
            from pydeploy_lint.install.pipenv import from_pipfile_lock

            return from_pipfile_lock(lock, self.python_version)
        if self.package_manager == "poetry":
            from pydeploy_lint.install.poetry import from_poetry_lock

            return from_poetry_lock(lock, self.document("pyproject.toml"), self.python_version)
        from pydeploy_lint.install.uv import from_uv_lock

        return from_uv_lock(lock, self.python_version)

    @fact
    def locked_packages(self) -> list[LockedPackage]:
        """The packages that are surely installed from an index, with the files that the lock names for them."""
        manager = self.package_manager or ""
        lock = self.document(self.manager_files[manager]) if manager in ("poetry", "uv") else None
        if lock is None or self.install_set is None:
            return []
        from pydeploy_lint.fit.wheels import locked_packages

        return list(locked_packages(lock, self.install_set))

    @fact
    def lock_verdict(self) -> Verdict | None:
        """Whether the install command accepts the lock; None where the build does not install from one."""
        manager = self.package_manager or ""
        file, version = self.manager_files.get(manager), self.policy.tool_version(manager)
        if manager == "pip" or file is None or version is None or self.lacks_pipfile_lock:
            return None
        from pydeploy_lint.lock.judge import judge

        python = self.python_version
        return judge(manager, file, tree=self.tree, document=self.document, python=python, version=version)

    @fact
    def uv_answer(self) -> Answer | None:
        """What an installed uv says of the lock; None where it is not to be asked, or the files are not on disk."""
        if not self.options.ask_uv or self.package_manager != "uv" or self.tree.directory is None:
            return None
        from pydeploy_lint.lock.ask_uv import ask_uv

        return ask_uv(self.tree.directory)

    @fact
    def database_provisioning(self) -> DatabaseProvisioning | None:
        """Under which conditions Heroku provisions a database; None where the build does not get there."""
        if self.install_set is None:
            return None
        from pydeploy_lint.install.provisioning import database_provisioning

        return database_provisioning(self.tree, self.install_set)
