"""Bring upstream's dates in platform.json up to date from python.org's release cycle.

    curl --fail --silent --show-error --output release-cycle.json https://peps.python.org/api/release-cycle.json
    python tools/update_upstream.py release-cycle.json

The file is what the status page of the Python developer's guide is made from. A series counts from the day of its first
release; one that is only planned is left out. Anything that does not read as expected stops the tool.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import re
import sys
from typing import Any

from data_files import DATA

from pydeploy_lint.heroku.versions import series_key

SERIES = re.compile(r"[1-9][0-9]*\.(?:0|[1-9][0-9]*)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY_OR_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")


class CycleError(Exception):
    """The release cycle does not read as expected."""


def released_series(cycle: object, oldest: str, today: datetime.date) -> dict[str, dict[str, str]]:
    """The dates of every series from one on that has been released, oldest first.

    Raises:
        CycleError: a series has no dates of the expected form, or there is none.
    """
    if not isinstance(cycle, dict):
        raise CycleError("expected an object with a key for each series")
    found = {}
    for series in sorted((name for name in cycle if SERIES.fullmatch(name)), key=series_key):
        entry = cycle[series] if isinstance(cycle[series], dict) else {}
        released, end = str(entry.get("first_release")), str(entry.get("end_of_life"))
        if series_key(series) < series_key(oldest) or released > today.isoformat():
            continue
        if not DAY.fullmatch(released) or not DAY_OR_MONTH.fullmatch(end):
            raise CycleError(f"{series}: expected first_release and end_of_life, found {released!r} and {end!r}")
        found[series] = {"released": released, "end": end}
    if not found:
        raise CycleError("expected series of Python, found none")
    return found


def updated(text: str, cycle: object, today: datetime.date) -> str:
    """The text of platform.json with new dates; as it was where none is new.

    Series that Heroku never had are not added, except newer ones.

    Raises:
        CycleError: the cycle does not read as expected, or a series that is known is missing.
    """
    known: dict[str, dict[str, str]] = json.loads(text)["upstream"]["series"]
    oldest, newest = next(iter(known)), list(known)[-1]
    released = released_series(cycle, oldest, today)
    missing = [series for series in known if series not in released]
    if missing:
        raise CycleError(f"expected the series {', '.join(missing)}")
    new = {
        series: dates
        for series, dates in released.items()
        if series in known or series_key(series) > series_key(newest)
    }
    return text if new == known else _with_series(text, new, today)


def _with_series(text: str, series: dict[str, Any], today: datetime.date) -> str:
    """The same text but for the lines of the series, so that a diff shows only what is new."""
    lines = ",\n".join(f'      "{name}": {json.dumps(dates)}' for name, dates in series.items())
    block = re.compile(r'("upstream": \{\n\s*"date": )"[0-9-]+"(.*?"series": \{\n).*?(\n    \})', re.DOTALL)
    made, count = block.subn(lambda found: f'{found[1]}"{today}"{found[2]}{lines}{found[3]}', text, count=1)
    if count != 1 or json.loads(made)["upstream"]["series"] != series:
        raise CycleError("expected platform.json to have the series of upstream, a line each")
    return made


def main() -> int:
    """Update the file; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cycle", type=pathlib.Path, help="the file release-cycle.json")
    parser.add_argument("--data", type=pathlib.Path, default=DATA / "platform.json", help="the file to update")
    arguments = parser.parse_args()
    old = arguments.data.read_text(encoding="utf-8")
    try:
        new = updated(old, json.loads(arguments.cycle.read_bytes()), datetime.date.today())
    except (CycleError, ValueError) as error:
        print(f"update_upstream: {arguments.cycle}: {error}", file=sys.stderr)
        return 1
    arguments.data.write_text(new, encoding="utf-8", newline="\n")
    known = set(old.splitlines())
    print("\n".join(line.strip() for line in new.splitlines() if line not in known) or "No new date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
