"""List the facts that are kept by hand and that nobody has looked at for a while.

    python tools/stale_facts.py [--days 90]

Stacks, the status of a series in Heroku's documentation, and retired add-on plans have no source that a program could
read. `looked_at` in platform.json says when somebody compared each with its page: write the new day there, whether or
not something has changed. The list is in Markdown, for an issue; it is empty, and the exit status 0, if nothing is due.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Iterable, Mapping

from data_files import DATA


def due(looked_at: Iterable[Mapping[str, str]], today: datetime.date, days: int) -> list[str]:
    """The lines about the facts at which nobody has looked for longer."""
    return [
        f"- [ ] {fact['what']}: last compared on {fact['date']} with {fact['source']}"
        for fact in looked_at
        if (today - datetime.date.fromisoformat(fact["date"])).days > days
    ]


def main() -> int:
    """Print what is due; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=90, help="how long a fact is taken for true (default: 90)")
    arguments = parser.parse_args()
    platform = json.loads((DATA / "platform.json").read_bytes())
    lines = due(platform["looked_at"], datetime.date.today(), arguments.days)
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
