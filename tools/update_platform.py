"""Bring the platform data, and all that is made from it, up to date from a clone of the classic Python buildpack.

    git clone https://github.com/heroku/heroku-buildpack-python
    python tools/update_platform.py heroku-buildpack-python

The history up to `FROZEN_UNTIL` stays as it is; every release after it is read again from its tag. Nothing of the
buildpack is executed. Where a file does not read as expected, or a script has changed in a way that no extractor
reads, the rules themselves may have changed: the tool then says where, writes nothing, and leaves the judgement to a
person, who says with `--accept RELEASE` that they looked.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from buildpack_logic import KnownLogic
from buildpack_release import EXPECTED, EXTRACTORS, LayoutError, Release, git
from data_files import DATA

from pydeploy_lint.heroku.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FROZEN_UNTIL = "v325"
"""Since this release (2025-12-10) every rule has the form that the extractors know."""
TOOLS = pathlib.Path(__file__).resolve().parent
KNOWN_LOGIC = TOOLS / "buildpack_logic.json"

FOLLOWERS: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (("tools/generate.py",), {}),
    (("-m", "pytest", "--quiet", "tests/test_reports_of_examples.py"), {"PYDEPLOY_LINT_UPDATE": "1"}),
)
"""What is made from the data: each a command of Python, run in the root of the repository, and its environment."""


def read_state(release: Release, before: dict[str, Any]) -> dict[str, Any]:
    """The state of a release, given that of the one before it.

    Raises:
        LayoutError: a file does not read as expected.
    """
    for path, expected in EXPECTED:
        if expected not in release.text(path):
            raise LayoutError(f"{release.name}:{path}: expected {expected!r}")
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


def by_hand(known: dict[str, Any] | None) -> dict[str, Any]:
    """What a person wrote into the event of a release: the rules that no extractor reads."""
    extracted = {extractor.__name__ for extractor in EXTRACTORS}
    written = (known or {}).get("set", {})
    return {path: value for path, value in written.items() if path.partition("/")[0] not in extracted}


def dates_of(checkout: pathlib.Path) -> dict[str, str]:
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


def review(logic: KnownLogic, releases: list[Release], accepted: str | None) -> None:
    """Stop at a release whose scripts nobody has looked at; take those up to `accepted` for looked at.

    Raises:
        LayoutError: the logic of a script is not known.
    """
    before = None
    for release in releases:
        changed = logic.changes(release, before)
        if changed and accepted and _number(release.name) <= _number(accepted):
            logic.accept(release)
        elif changed:
            since = f" since {before.name}" if before else ""
            told = "\n".join(
                f"{release.name}:{path}: the logic has changed{since}:\n" + "\n".join(f"    {line}" for line in lines)
                for path, lines in changed
            )
            raise LayoutError(
                f"{told}\nLook whether a rule has changed. Then run this again with: --accept {release.name}"
            )
        before = release


def updated(data: dict[str, Any], logic: KnownLogic, checkout: pathlib.Path, accepted: str | None) -> dict[str, Any]:
    """The data with every release after the frozen ones read again.

    Raises:
        LayoutError: a file does not read as expected, its logic is not known, or the frozen history is not what the
            buildpack says.
    """
    frozen = [event for event in data["events"] if _number(event["release"]) <= _number(FROZEN_UNTIL)]
    known = {event["release"]: event for event in data["events"]}
    state = History(data).state(FROZEN_UNTIL)
    judged = Release(checkout, FROZEN_UNTIL)
    dates = dates_of(checkout)
    releases = [Release(checkout, name) for name in dates]
    review(logic, [judged, *releases], accepted)
    for path, value in changes(state, read_state(judged, state)):
        raise LayoutError(f"{FROZEN_UNTIL}: the history says otherwise of {path!r}, now read as {value!r}")
    events = []
    for release in releases:
        new = read_state(release, state) | by_hand(known.get(release.name))
        events.append(event(release.name, dates[release.name], state, new))
        state = new
    partial = [each for each in data.get("partial", []) if each["release"] not in dates]
    return data | {"events": frozen + events, "partial": partial}


def render(data: dict[str, Any]) -> str:
    """The file's text: a line for each key of the first state, and one for each release, so that a diff reads well."""
    base = data["base"]
    state = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in base["state"].items())
    events, partial = (",\n".join(map(_json, data[key])) for key in ("events", "partial"))
    return (
        f'{{\n"source": {_json(data["source"])},\n'
        f'"base": {{"release": {_json(base["release"])}, "date": {_json(base["date"])}, "state": {{\n{state}\n}}}},\n'
        f'"events": [\n{events}\n],\n"partial": [\n{partial}\n]\n}}\n'
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def follow() -> None:
    """Make again what is made from the data.

    Raises:
        LayoutError: a command failed.
    """
    for command, environment in FOLLOWERS:
        print(f"running {' '.join(command)}", flush=True)
        done = subprocess.run(
            [sys.executable, *command], cwd=TOOLS.parent, env={**os.environ, **environment}, check=False
        )
        if done.returncode:
            raise LayoutError(f"{' '.join(command)}: exit status {done.returncode}")


def main() -> int:
    """Update the files, and print the lines that are new."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkout", type=pathlib.Path, help="a clone of the buildpack's repository, with its tags")
    parser.add_argument("--accept", metavar="RELEASE", help="somebody has looked at the scripts up to this release")
    parser.add_argument("--data", type=pathlib.Path, default=DATA / "releases.json", help="the file to update")
    parser.add_argument("--logic", type=pathlib.Path, default=KNOWN_LOGIC, help="the hashes that are known")
    parser.add_argument("--only-data", action="store_true", help="do not make docs, schemas and snapshots again")
    arguments = parser.parse_args()
    if arguments.accept and not re.fullmatch(r"v\d+", arguments.accept):
        parser.error(f"argument --accept: {arguments.accept!r} is not the name of a release, such as v352")
    old = arguments.data.read_text(encoding="utf-8")
    logic = KnownLogic(json.loads(arguments.logic.read_bytes()))
    try:
        new = render(updated(json.loads(old), logic, arguments.checkout, arguments.accept))
        arguments.data.write_text(new, encoding="utf-8", newline="\n")
        arguments.logic.write_text(logic.render(), encoding="utf-8", newline="\n")
        if not arguments.only_data:
            follow()
    except LayoutError as error:
        print(f"update_platform: {error}", file=sys.stderr)
        return 1
    known = {line.rstrip(",") for line in old.splitlines()}
    print("\n".join(line for line in new.splitlines() if line.rstrip(",") not in known) or "No new release.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
