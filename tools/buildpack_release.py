"""Reads the files of one release of the classic Python buildpack; runs nothing of it.

Each extractor is named after the key of the state that it reads. Where a file does not read as expected, it stops.
"""

from __future__ import annotations

import datetime
import pathlib
import re
import shlex
import subprocess
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

READ = ("bin", "lib", "requirements", "CHANGELOG.md")
"""What is read of a release, as git names it."""
PYTHON_VERSION = "lib/python_version.sh"
CHECKS = "lib/checks.sh"
MANAGERS = "lib/package_manager.sh"

EXPECTED = (
    (MANAGERS, 'elif [[ -f "${build_dir}/Pipfile" ]]; then'),
    (PYTHON_VERSION, 'INT_REGEX="(0|[1-9][0-9]*)"'),
    (PYTHON_VERSION, 'PYTHON_VERSION_REGEX="${INT_REGEX}\\.${INT_REGEX}(\\.${INT_REGEX})?"'),
    (PYTHON_VERSION, "=~ ^python-(${PYTHON_VERSION_REGEX})$ ]]"),
    (PYTHON_VERSION, 'python_version::read_trimmed_version_lines "${runtime_txt_path}"'),
    (PYTHON_VERSION, "--expression 's/[[:space:]]+$//'"),
    (PYTHON_VERSION, r"--expression 's/\x0/␀/"),
    (PYTHON_VERSION, 'version="${cached_python_major_version}"'),
)
"""What the rules that no extractor reads are made of: the form of version files, what counts as a Pipfile."""

DATE = r"(?:on (?P<day>\d+)(?:st|nd|rd|th)|in) (?P<month>[A-Z][a-z]+) (?P<year>\d{4})"


class LayoutError(Exception):
    """A file of the buildpack does not read as expected."""


def git(checkout: pathlib.Path, *arguments: str) -> str:
    """The output of a git command.

    Raises:
        LayoutError: git cannot do it.
    """
    return git_bytes(checkout, *arguments).decode()


def git_bytes(checkout: pathlib.Path, *arguments: str, given: bytes = b"") -> bytes:
    """The output of a git command that reads something from its standard input.

    Raises:
        LayoutError: git cannot do it.
    """
    done = subprocess.run(["git", "-C", str(checkout), *arguments], input=given, capture_output=True, check=False)
    if done.returncode:
        raise LayoutError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


class Release:
    """The files of one release, read from git's objects."""

    def __init__(self, checkout: pathlib.Path, name: str, tag: str | None = None) -> None:
        self.checkout = checkout
        self.name = name
        self.tag = f"refs/tags/{tag or name}"

    def text(self, path: str) -> str:
        """The content of a file.

        Raises:
            LayoutError: the release or the file is not there.
        """
        if path not in self.texts:
            raise LayoutError(f"{self.name}:{path}: expected such a file")
        return self.texts[path]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text files that can matter, by path.

        Raises:
            LayoutError: the release is not there.
        """
        tree = git(self.checkout, "ls-tree", "-r", "-z", "--full-tree", self.tag, *READ)
        entries = [entry.split("\t", 1) for entry in tree.split("\0") if entry.startswith("100")]
        hashes = "".join(f"{kept.split()[2]}\n" for kept, _ in entries)
        rest = git_bytes(self.checkout, "cat-file", "--batch", given=hashes.encode())
        texts = {}
        for _, path in entries:
            head, _, rest = rest.partition(b"\n")
            size = int(head.split()[2])
            texts[path], rest = rest[:size].decode(errors="replace"), rest[size + 1 :]
        return texts

    def find(self, path: str, pattern: str) -> re.Match[str]:
        """The only place of a pattern in a file; ``^`` and ``$`` stand for the ends of a line.

        Raises:
            LayoutError: there is none, or several.
        """
        text = self.text(path)
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if len(found) != 1:
            lines = ", ".join(str(text.count("\n", 0, match.start()) + 1) for match in found)
            where = f"several places, lines {lines}" if found else "nowhere"
            raise LayoutError(f"{self.name}:{path}: expected one {pattern!r}, found it in {where}")
        return found[0]

    def function(self, path: str, name: str) -> str:
        """The body of a shell function."""
        return self.find(path, rf"^function {re.escape(name)}\(\) \{{\n((?:(?!\}}).*\n)*)\}}$")[1]

    def array(self, path: str, name: str) -> list[str]:
        """The words of a shell array."""
        return shlex.split(self.find(path, rf"^\s*(?:local )?{name}=\(\n((?:.*\n)*?)\s*\)$")[1], comments=True)


def latest_patch(release: Release) -> dict[str, str]:
    """The newest patch of every supported series."""
    oldest, newest = (
        int(release.find(PYTHON_VERSION, rf"^{which}_SUPPORTED_PYTHON_3_MINOR_VERSION=(\d+)$")[1])
        for which in ("OLDEST", "NEWEST")
    )
    patches = {}
    for minor in range(oldest, newest + 1):
        patches[f"3.{minor}"] = release.find(PYTHON_VERSION, rf'^LATEST_PYTHON_3_{minor}="(3\.{minor}\.\d+)"$')[1]
        release.find(PYTHON_VERSION, rf'^\s*3\.{minor}\) echo "\$\{{LATEST_PYTHON_3_{minor}\}}" ;;$')
    cases = re.findall(r"^\s*3\.\d+\) echo ", release.text(PYTHON_VERSION), re.MULTILINE)
    constants = re.findall(r"^LATEST_PYTHON_3_", release.text(PYTHON_VERSION), re.MULTILINE)
    if not len(cases) == len(constants) == len(patches):
        raise LayoutError(
            f"{release.name}:{PYTHON_VERSION}: expected a patch and a case for each series from 3.{oldest} to "
            f"3.{newest}, found {len(constants)} and {len(cases)}"
        )
    return patches


def default_python(release: Release) -> str:
    """The series of an app that asks for none."""
    minor = release.find(PYTHON_VERSION, r'^DEFAULT_PYTHON_FULL_VERSION="\$\{LATEST_PYTHON_3_(\d+)\}"$')[1]
    return f"3.{minor}"


def deprecated(release: Release) -> dict[str, dict[str, str]]:
    """The series that the build warns about, with the dates that the warning names."""
    body = release.function(PYTHON_VERSION, "python_version::warn_if_deprecated_major_version")
    notices = re.split(r'if \[\[ "\$\{requested_major_version\}" == "(3\.\d+)" \]\]; then', body)[1:]
    if body.count("output::warning") != len(notices) // 2:
        raise LayoutError(
            f"{release.name}:{PYTHON_VERSION}: expected each deprecation warning under a series of its own"
        )
    return {
        series: {
            "eol": _date_after(release, notice, "upstream end-of-life"),
            "removal": _date_after(release, notice, "will be removed from this buildpack"),
        }
        for series, notice in zip(notices[::2], notices[1::2], strict=True)
    }


def _date_after(release: Release, notice: str, words: str) -> str:
    """The ISO date, or month, that follows some words of a message."""
    found = re.search(rf"{words} {DATE}", " ".join(notice.split()))
    if found is None:
        raise LayoutError(f"{release.name}:{PYTHON_VERSION}: expected {words!r} and a date in a deprecation warning")
    date = datetime.datetime.strptime(f"{found['day'] or 1} {found['month']} {found['year']}", "%d %B %Y")
    return date.strftime("%Y-%m-%d" if found["day"] else "%Y-%m")


def stacks(release: Release) -> list[str]:
    """The stacks on which the release builds."""
    return _stack_patterns(release)[0]


def stacks_end_of_life(release: Release) -> list[str]:
    """The stacks, as patterns of the shell, that it calls ended."""
    return _stack_patterns(release)[1]


def _stack_patterns(release: Release) -> list[list[str]]:
    body = release.function(CHECKS, "checks::ensure_supported_stack")
    patterns = [line.split(" | ") for line in re.findall(r"^\t\t(\S.*)\)$", body, re.MULTILINE)]
    if len(patterns) != 3 or patterns[2] != ["*"]:
        raise LayoutError(f"{release.name}:{CHECKS}: expected supported, ended and other stacks, found {patterns}")
    return patterns


def detect(release: Release) -> list[str]:
    """The names that make an app a Python app."""
    return release.array("bin/detect", "KNOWN_PYTHON_PROJECT_FILES")


def package_managers(release: Release) -> list[list[str]]:
    """The package managers in order, each with the file that chooses it."""
    pattern = r'-f "\$\{build_dir\}/([^"]+)" \]\]; then\n\s*package_managers_found\+=\((\w+)\)$'
    found = [[manager, file] for file, manager in re.findall(pattern, release.text(MANAGERS), re.MULTILINE)]
    expected = len(re.findall(r"^\s*package_managers_found\+=", release.text(MANAGERS), re.MULTILINE))
    if not found or len(found) != expected:
        raise LayoutError(f"{release.name}:{MANAGERS}: expected a file for each package manager, found {found}")
    return found


def misspelled_version_files(release: Release) -> list[str]:
    """The misspellings of .python-version that are refused."""
    return release.array(PYTHON_VERSION, "MISSPELLED_PYTHON_VERSION_FILE_NAMES")


def tools(release: Release) -> dict[str, str]:
    """The version of each package manager."""
    return {
        manager: release.find(f"requirements/{manager}.txt", rf"\A{manager}==(\S+)\s*\Z")[1]
        for manager, _ in package_managers(release)
    }


def install_commands(release: Release) -> dict[str, dict[str, str]]:
    """What each package manager runs, outside Heroku CI."""
    return {manager: _install_command(release, manager) for manager, _ in package_managers(release)}


def _install_command(release: Release, manager: str) -> dict[str, str]:
    path, array = f"lib/{manager}.sh", f"{manager}_install_command"
    words = release.array(path, array)
    additions = re.findall(rf"^(.*)\n\s*{array}\+=\((.*)\)$", release.text(path), re.MULTILINE)
    for condition, added in additions:
        if "[[ ! -v INSTALL_TEST" in condition:
            words += shlex.split(added)
        elif "[[ -v INSTALL_TEST" not in condition:
            raise LayoutError(f"{release.name}:{path}: expected a condition on INSTALL_TEST, found {condition!r}")
    return {"command": shlex.join(words)}


def steps(release: Release) -> list[str]:
    """The optional steps of a build, in order."""
    pattern = r'^\s*(?:hooks::run_hook "|"\$\{BUILDPACK_DIR\}/bin/steps/)(\w+)"$'
    return re.findall(pattern, release.text("bin/compile"), re.MULTILINE)


EXTRACTORS: tuple[Callable[[Release], Any], ...] = (
    default_python,
    latest_patch,
    deprecated,
    stacks,
    stacks_end_of_life,
    detect,
    package_managers,
    misspelled_version_files,
    tools,
    install_commands,
    steps,
)
"""Each is named after the key of the state that it reads."""
