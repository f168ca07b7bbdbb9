"""Write ``data/modules.json``: which distributions have a module, and what distributions require.

    pip install pigar==2.2.0 stdlibs==2026.9.3 uv
    python tools/update_modules.py modules --ranking ranking.txt
    python tools/update_modules.py requires
    python tools/update_modules.py stdlib

``modules`` takes about five seconds. The top-level modules of each distribution are from the database that pigar ships
(read from its files, in ``site-packages``), so the index is not asked for anything. The ranking is a text file with the
names of the most downloaded distributions, one a line, the most downloaded first. What the database does not have
(namespace packages, modules that a newer release renamed) is in ``tools/modules_known.json``, kept by hand.

``requires`` takes about twenty seconds: uv locks a project that requires the distributions listed in
``tools/modules_known.json``, and the lock says what each of them requires.

``stdlib`` writes what ``standard_library.json`` says of removed modules, from the lists of the package stdlibs.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomli

TOOLS = Path(__file__).parent
DATA = TOOLS.parent / "src/pydeploy_lint/data/modules.json"
LIBRARY = DATA.with_name("standard_library.json")
KNOWN = TOOLS / "modules_known.json"
FORMAT = 1
MOST_RANKED = 5000
"""So many of the ranking are taken whatever they are for."""
OF_WEB_APPS = re.compile(
    r"(?:dj|django|drf|wagtail|flask|fastapi|starlette|celery|channels|graphene|crispy|discord)\b.*"
)
"""Those of the whole ranking that are taken."""
MOST_OWNERS = 5
"""Of one module. With more, it is something like ``tests``, put there by mistake, or a namespace."""
MODULE = re.compile(r"[A-Za-z]\w*", re.ASCII)
NOT_OWN = re.compile(
    r"(?:tests?|testing|docs?|examples?|samples?|scripts?|src|lib|build|dist|benchmarks?|tools?|setup|conftest|version|"
    r"demo|tasks|utils?|helpers|config|core|common|plugins?|resources|data|static|templates|node_modules|noxfile|"
    r"test_.*|.*_tests?|testapp|wheelhouse|twisted_plugins)",
    re.IGNORECASE,
)


def canonical(name: str) -> str:
    """The one spelling of a distribution's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def database() -> tuple[Path, str]:
    """The database of pigar, and its version."""
    distribution = importlib.metadata.distribution("pigar")
    return Path(str(distribution.locate_file("pigar/.db.sqlite3"))), distribution.version


def top_levels(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The distributions that are wanted, with each of their top-level modules."""
    query = """select d.name, m.name from distributions d join top_level_module_names m on m.distribution_id = d.id"""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        for distribution, module in connection.execute(query):
            name = canonical(distribution)
            if name in wanted and MODULE.fullmatch(module) and not NOT_OWN.fullmatch(module):
                yield name, module


def owners(pairs: Iterable[tuple[str, str]], rank: dict[str, int], namespaces: frozenset[str]) -> dict[str, list[str]]:
    """The distributions of each module, the most downloaded first."""
    found: dict[str, set[str]] = {}
    for distribution, module in pairs:
        if module not in namespaces:
            found.setdefault(module, set()).add(distribution)
    return {
        module: sorted(names, key=lambda name: (canonical(module) != name, rank.get(name, len(rank))))
        if canonical(module) in names and rank.get(canonical(module), len(rank)) <= MOST_RANKED
        else sorted(names, key=lambda name: rank.get(name, len(rank)))
        for module, names in found.items()
        if len(names) <= MOST_OWNERS
    }


def in_namespaces(names: Iterable[str], roots: dict[str, str]) -> dict[str, list[str]]:
    """The modules of distributions that are named after one in a namespace, such as google-cloud-storage."""
    found: dict[str, list[str]] = {}
    for name in names:
        for root, joint in roots.items():
            prefix = root.replace(".", "-") + "-"
            if name.startswith(prefix):
                found.setdefault(f"{root}.{name.removeprefix(prefix).replace('-', joint)}", []).append(name)
                break
    return found


def modules(ranking: Path) -> dict[str, Any]:
    """The part of the data that is about modules."""
    known = json.loads(KNOWN.read_bytes())
    ranked = [canonical(line.strip()) for line in ranking.read_text("utf-8").splitlines() if line.strip()]
    rank = {name: number for number, name in reversed([*enumerate(ranked)])}
    wanted = frozenset(ranked[:MOST_RANKED]) | {name for name in ranked if OF_WEB_APPS.fullmatch(name)}
    wanted |= {canonical(name) for names in known["modules"].values() for name in names} | {*known["more"]}
    wanted -= {*known["without"]}
    path, version = database()
    found = owners(top_levels(path, wanted), rank, frozenset(known["namespaces"]))
    for module, names in (in_namespaces(sorted(wanted), known["named_after"]) | known["modules"]).items():
        found[module] = [*names, *(each for each in found.get(module, ()) if each not in names)]
    same = sorted(module for module, names in found.items() if names == [canonical(module)])
    return {
        "date": today(),
        "source": f"top-level modules: pigar {version} (its database); order: downloads; names kept by hand",
        "distributions": len({name for names in found.values() for name in names}),
        "same": " ".join(same),
        "modules": {module: " ".join(found[module]) for module in sorted(found.keys() - set(same))},
    }


def requires(python: str) -> dict[str, Any]:
    """The part of the data that is about what distributions require, from a lock of all of them."""
    known = json.loads(KNOWN.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        project = {"name": "roots", "version": "1", "requires-python": known["requires_python"]}
        lines = [f"{key} = {json.dumps(value)}" for key, value in project.items()]
        text = "\n".join(["[project]", *lines, f"dependencies = {json.dumps(known['locked'])}", ""])
        Path(folder, "pyproject.toml").write_text(text, "utf-8")
        command = [sys.executable, "-m", "uv", "lock", "--quiet", "--python", python, "--directory", folder]
        subprocess.run(command, check=True)
        lock = tomli.loads(Path(folder, "uv.lock").read_text("utf-8"))
    packages = {entry["name"]: entry for entry in lock["package"] if entry["name"] != "roots"}
    edges = {
        name: sorted({needed["name"] for needed in entry.get("dependencies", ())}) for name, entry in packages.items()
    }
    return {
        "date": today(),
        "source": f"uv.lock of {len(known['locked'])} distributions, Python {known['requires_python']}",
        "direct": {name: " ".join(edges[name]) for name in sorted(edges)},
        "versions": {name: packages[name]["version"] for name in sorted(edges)},
    }


def stdlib(data: dict[str, Any]) -> None:
    """Bring the removed modules of the standard library up to date, from the first version on that the data has."""
    import stdlibs

    known = json.loads(KNOWN.read_bytes())["removed"]
    removed: dict[str, list[str]] = {"3.0": known["3.0"]}
    for minor in range(8, 100):
        try:
            before, after = (set(stdlibs.stdlib_module_names(f"3.{each}")) for each in (minor - 1, minor))
        except ImportError:
            break
        gone = {name for name in before - after if MODULE.fullmatch(name) and not name.startswith("xx")}
        if names := sorted(gone | set(known.get(f"3.{minor}", ())), key=str.lower):
            removed[f"3.{minor}"] = names
    data["removed"]["modules"], data["date"] = removed, today()


def today() -> str:
    """The date of the data."""
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["modules", "requires", "stdlib"])
    parser.add_argument("--ranking", type=Path, help="a text file with names, the most downloaded first")
    parser.add_argument("--python", default="3.13", help="an interpreter that the lock may be for")
    options = parser.parse_args()
    if options.what == "stdlib":
        library = json.loads(LIBRARY.read_bytes())
        stdlib(library)
        LIBRARY.write_text(json.dumps(library, indent=1) + "\n", encoding="utf-8")
        return 0
    data: dict[str, Any] = json.loads(DATA.read_bytes()) if DATA.is_file() else {}
    data["format"] = FORMAT
    if options.what == "modules":
        data["modules"] = modules(options.ranking)
    else:
        data["requires"] = requires(options.python)
    DATA.write_text(json.dumps(data, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
