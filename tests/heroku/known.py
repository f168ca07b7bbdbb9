"""What was known of Heroku on 2026-11-25, so that an update of the shipped data changes no test."""

from __future__ import annotations

import json

from data_files import DATA

from pydeploy_lint.heroku.history import History

LAST = 351
PAGES = "https://github.com/heroku/heroku-buildpack-python/releases/tag/"
PARTIAL = [
    {"release": "v352", "by": "2026-10-01", "source": f"{PAGES}v353"},
    {
        "release": "v353",
        "date": "2026-10-01",
        "set": {"latest_patch/3.10": "3.10.22", "latest_patch/3.13": "3.13.16", "latest_patch/3.14": "3.14.8"},
        "source": f"{PAGES}v353",
    },
    {"release": "v354", "by": "2026-10-09", "source": f"{PAGES}v355"},
    {"release": "v355", "date": "2026-10-09", "set": {"latest_patch/3.15": "3.15.0"}, "source": f"{PAGES}v355"},
    {"release": "v356", "by": "2026-10-26", "source": f"{PAGES}v357"},
    {
        "release": "v357",
        "date": "2026-10-26",
        "set": {"latest_patch/3.13": "3.13.18", "latest_patch/3.14": "3.14.10", "latest_patch/3.15": "3.15.2"},
        "source": f"{PAGES}v357",
    },
    {"release": "v358", "by": "2026-11-25", "source": f"{PAGES}v358"},
]


def known_history() -> History:
    """The releases up to v351 in full, and some later ones in part."""
    data = json.loads((DATA / "releases.json").read_bytes())
    data["events"] = [event for event in data["events"] if int(event["release"][1:]) <= LAST]
    return History(data | {"partial": PARTIAL})
