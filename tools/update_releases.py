"""Bring src/pydeploy_lint/heroku/data/releases.json up to date from a clone of the classic Python buildpack.

    git clone https://github.com/heroku/heroku-buildpack-python
    python tools/update_releases.py heroku-buildpack-python

The history up to `FROZEN_UNTIL` stays as it is; every release after it is read anew from its tag. Nothing of the
buildpack is executed. Where a file does not read as expected, the rules themselves may have changed: the script then
says where, writes nothing, and leaves the judgement to a person.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import re
import shlex
import subprocess
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydeploy_lint.heroku.history import DATA, History

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FROZEN_UNTIL = "v325"
"""Since this release (2025-12-10) every rule has the form that the extractors know."""

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

VERDICT = r'"failure_reason" "[^"]+"|Warning: .*'
"""A reason to stop, or the first line of a warning."""

DATE = r"(?:on (?P<day>\d+)(?:st|nd|rd|th)|in) (?P<month>[A-Z][a-z]+) (?P<year>\d{4})"


class LayoutError(Exception):
    """A file of the buildpack does not read as expected."""


def git(checkout: pathlib.Path, *arguments: str) -> str:
    """The output of a git command.

    Raises:
        LayoutError: git cannot do it.
    """
    done = subprocess.run(["git", "-C", str(checkout), *arguments], capture_output=True, check=False)
    if done.returncode:
        raise LayoutError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


class Release:
    """The files of one release, read from git's objects."""

    def __init__(self, checkout: pathlib.Path, name: str) -> None:
        self.checkout = checkout
        self.name = name
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """The content of a file.

        Raises:
            LayoutError: the release or the file is not there.
        """
        if path not in self._texts:
            self._texts[path] = git(self.checkout, "cat-file", "blob", f"refs/tags/{self.name}:{path}")
        return self._texts[path]

    @cached_property
    def verdicts(self) -> set[str]:
        """Every reason with which the build can stop, and every warning but those about a Python series."""
        found = git(self.checkout, "grep", "-hoE", VERDICT, f"refs/tags/{self.name}", "--", "bin", "lib")
        return {line for line in found.splitlines() if not line.startswith("Warning: Support for Python ")}

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
    return {
        f"3.{minor}": release.find(PYTHON_VERSION, rf'^LATEST_PYTHON_3_{minor}="(3\.{minor}\.\d+)"$')[1]
        for minor in range(oldest, newest + 1)
    }


def default_python(release: Release) -> str:
    """The series of an app that asks for none."""
    minor = release.find(PYTHON_VERSION, r'^DEFAULT_PYTHON_FULL_VERSION="\$\{LATEST_PYTHON_3_(\d+)\}"$')[1]
    return f"3.{minor}"


def deprecated(release: Release) -> dict[str, dict[str, str]]:
    """The series that the build warns about, with the dates that the warning names."""
    body = release.function(PYTHON_VERSION, "python_version::warn_if_deprecated_major_version")
    notices = re.split(r'if \[\[ "\$\{requested_major_version\}" == "(3\.\d+)" \]\]; then', body)[1:]
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


def read_state(release: Release, before: dict[str, Any], judged: Release) -> dict[str, Any]:
    """The state of a release.

    Args:
        release: the release.
        before: the state of the one before it.
        judged: a release whose rules are those of the data.

    Raises:
        LayoutError: a file does not read as expected.
    """
    for path, expected in EXPECTED:
        if expected not in release.text(path):
            raise LayoutError(f"{release.name}:{path}: expected {expected!r}")
    for verdict in sorted(judged.verdicts ^ release.verdicts):
        fate = "no more" if verdict in judged.verdicts else "new"
        raise LayoutError(f"{release.name}:bin,lib: {fate} since {judged.name}: {verdict}: have the rules changed?")
    state = before | {extractor.__name__: extractor(release) for extractor in EXTRACTORS}
    # No file of the buildpack says which series are missing on a stack.
    missing = before["series_not_on_stack"].items()
    state["series_not_on_stack"] = {series: on for series, on in missing if series in state["latest_patch"]}
    return state


def changes(old: dict[str, Any], new: dict[str, Any], parents: str = "") -> Iterator[tuple[str, Any]]:
    """The paths at which two states differ, and the new values; None as a new value stands for a removed key."""
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from changes(before, after, f"{parents}{key}/")
        elif before != after:
            yield parents + key, after


def event(name: str, date: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What a release changed."""
    changed = dict(changes(old, new))
    kept = {path: value for path, value in changed.items() if value is not None}
    gone = [path for path, value in changed.items() if value is None]
    return {"release": name, "date": date} | ({"set": kept} if kept else {}) | ({"del": gone} if gone else {})


def releases_of(checkout: pathlib.Path) -> dict[str, str]:
    """The date of every release after the frozen ones, oldest first, by the newest one's changelog.

    Raises:
        LayoutError: the changelog does not name a tag.
    """
    tags = [tag for tag in git(checkout, "tag", "--list").split() if re.fullmatch(r"v\d+", tag)]
    newer = sorted((tag for tag in tags if _number(tag) > _number(FROZEN_UNTIL)), key=_number)
    if not newer:
        return {}
    changelog = Release(checkout, newer[-1]).text("CHANGELOG.md")
    dates = dict(re.findall(r"^## \[(v\d+)\] - (\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE))
    for tag in newer:
        if tag not in dates:
            raise LayoutError(f"{newer[-1]}:CHANGELOG.md: expected '## [{tag}] - YYYY-MM-DD'")
    return {tag: dates[tag] for tag in newer}


def _number(release: str) -> int:
    return int(release[1:])


def updated(data: dict[str, Any], checkout: pathlib.Path) -> dict[str, Any]:
    """The data with every release after the frozen ones read anew.

    Raises:
        LayoutError: a file does not read as expected, or the frozen history is not what the buildpack says.
    """
    frozen = [event for event in data["events"] if _number(event["release"]) <= _number(FROZEN_UNTIL)]
    state = History(data).state(FROZEN_UNTIL)
    judged = Release(checkout, FROZEN_UNTIL)
    for path, value in changes(state, read_state(judged, state, judged)):
        raise LayoutError(f"{FROZEN_UNTIL}: the history says otherwise of {path!r}, now read as {value!r}")
    events = []
    for name, date in releases_of(checkout).items():
        new = read_state(Release(checkout, name), state, judged)
        events.append(event(name, date, state, new))
        state = new
    return data | {"events": frozen + events}


def render(data: dict[str, Any]) -> str:
    """The file's text: a line for each key of the first state, and one for each release, so that a diff reads well."""
    base = data["base"]
    state = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in base["state"].items())
    events = ",\n".join(map(_json, data["events"]))
    return (
        f'{{\n"source": {_json(data["source"])},\n'
        f'"base": {{"release": {_json(base["release"])}, "date": {_json(base["date"])}, "state": {{\n{state}\n}}}},\n'
        f'"events": [\n{events}\n]\n}}\n'
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Update the file, and print the lines that are new."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkout", type=pathlib.Path, help="a clone of the buildpack's repository, with its tags")
    parser.add_argument("--data", type=pathlib.Path, default=DATA / "releases.json", help="the file to update")
    arguments = parser.parse_args()
    old = arguments.data.read_text(encoding="utf-8")
    try:
        new = render(updated(json.loads(old), arguments.checkout))
    except LayoutError as error:
        print(f"update_releases: {error}", file=sys.stderr)
        return 1
    arguments.data.write_text(new, encoding="utf-8", newline="\n")
    known = set(old.splitlines())
    print("\n".join(line for line in new.splitlines() if line not in known) or "No new release.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
