"""The steps of a build, and the reasons with which it stops at them.

Source: ``bin/compile`` of the classic Python buildpack, v351 (2026-08-18).
"""

from __future__ import annotations

import enum


class Step(enum.IntEnum):
    """The steps of a build, in order."""

    DETECTION = enum.auto()
    STACK = enum.auto()
    PRE_COMPILE = enum.auto()
    PYTHON_DIRECTORY = enum.auto()
    PACKAGE_MANAGER = enum.auto()
    VIRTUAL_ENVIRONMENT = enum.auto()
    VERSION_REQUEST = enum.auto()
    RESOLUTION = enum.auto()
    VERSION_FILE = enum.auto()
    VERSION_WARNINGS = enum.auto()
    DOWNLOAD = enum.auto()
    INSTALLATION = enum.auto()
    NLTK = enum.auto()
    COLLECTSTATIC = enum.auto()
    POST_COMPILE = enum.auto()

    @property
    def doing(self) -> str:
        """What happens in the step."""
        return DOING[self]


DOING = {
    Step.DETECTION: "detecting the app's language",
    Step.STACK: "checking the stack",
    Step.PRE_COMPILE: "running bin/pre_compile",
    Step.PYTHON_DIRECTORY: "checking for .heroku/python",
    Step.PACKAGE_MANAGER: "choosing the package manager",
    Step.VIRTUAL_ENVIRONMENT: "checking for a virtual environment",
    Step.VERSION_REQUEST: "reading the Python version",
    Step.RESOLUTION: "choosing the Python release",
    Step.VERSION_FILE: "checking the version file",
    Step.VERSION_WARNINGS: "warning about the Python version",
    Step.DOWNLOAD: "installing Python and the package manager",
    Step.INSTALLATION: "installing the dependencies",
    Step.NLTK: "downloading NLTK data",
    Step.COLLECTSTATIC: "collecting Django's static files",
    Step.POST_COMPILE: "running bin/post_compile",
}
"""What happens in the steps."""
NO_APP = "detect"
"""The reason with which the build refuses what is no Python app."""
STOPS: dict[str, Step] = {
    NO_APP: Step.DETECTION,
    "checks::stack::eol": Step.STACK,
    "checks::stack::unknown": Step.STACK,
    "checks::duplicate-python-buildpack": Step.STACK,
    "hooks::pre_compile": Step.PRE_COMPILE,
    "checks::existing-python-dir": Step.PYTHON_DIRECTORY,
    "package-manager::pipenv-missing-lockfile": Step.PACKAGE_MANAGER,
    "package-manager::multiple-found": Step.PACKAGE_MANAGER,
    "package-manager::setup-py-only": Step.PACKAGE_MANAGER,
    "package-manager::none-found": Step.PACKAGE_MANAGER,
    "checks::existing-venv-dir": Step.VIRTUAL_ENVIRONMENT,
    "runtime-txt::invalid-version": Step.VERSION_REQUEST,
    "python-version-file::misspelled": Step.VERSION_REQUEST,
    "python-version-file::invalid-encoding": Step.VERSION_REQUEST,
    "python-version-file::invalid-version": Step.VERSION_REQUEST,
    "python-version-file::no-version": Step.VERSION_REQUEST,
    "python-version-file::multiple-versions": Step.VERSION_REQUEST,
    "pipfile-lock::invalid-json": Step.VERSION_REQUEST,
    "pipfile-lock::invalid-version": Step.VERSION_REQUEST,
    "python-version::eol": Step.RESOLUTION,
    "python-version::unknown-major": Step.RESOLUTION,
    "python-version-file::not-found": Step.VERSION_FILE,
    "runtime-txt::not-supported": Step.VERSION_FILE,
    "python-version::unknown-patch": Step.DOWNLOAD,
    "install-dependencies::pip": Step.INSTALLATION,
    "install-dependencies::pipenv": Step.INSTALLATION,
    "install-dependencies::poetry": Step.INSTALLATION,
    "install-dependencies::uv": Step.INSTALLATION,
    "nltk-downloader": Step.NLTK,
    "collectstatic-syntax-error": Step.COLLECTSTATIC,
    "collectstatic-improper-configuration": Step.COLLECTSTATIC,
    "collectstatic-fancy-references": Step.COLLECTSTATIC,
    "collectstatic-missing-file": Step.COLLECTSTATIC,
    "collectstatic-other": Step.COLLECTSTATIC,
    "hooks::post_compile": Step.POST_COMPILE,
}
"""Every reason with which the build stops that can be told from the files, in order, and the step it stops at."""

OUT_OF_REACH = (
    "install-python",
    "install-package-manager::pip",
    "install-package-manager::pipenv",
    "install-package-manager::poetry",
    "install-package-manager::uv",
    "build-data::data-file-deleted",
    "internal-error::abort",
    "internal-error::bundled-pip-not-found",
    "internal-error::unhandled",
)
"""The other reasons of v351, which depend on the network, on the platform or on a program of the app."""

LIFTED = ("checks::stack::unknown", "python-version::unknown-major", "python-version::eol")
"""The stops that newer releases bring or lift, when Heroku adds or removes a stack or a series."""
