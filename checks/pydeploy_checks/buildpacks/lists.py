"""The list of an app's buildpacks as a whole: no second one for Python, none too many, the right order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.plugin import (
    DEV_CENTER,
    MOVERS,
    OBSOLETE,
    Breaks,
    BuiltBy,
    Example,
    Mode,
    Problem,
    Severity,
    Span,
    buildpack_help,
    buildpack_subject,
    by_commands,
    check,
    put_first,
    remove,
    segments,
    with_official_python,
    with_replaced,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.plugin import App, BuildpackEntry, BuildpackList

URL = DEV_CENTER + "managing-buildpacks"
DETECT_URL = DEV_CENTER + "buildpacks#buildpack-detect-order"
DETECTED_FIRST = (
    ("Gemfile", "Ruby", "heroku/ruby"),
    ("package.json", "Node.js", "heroku/nodejs"),
    ("project.clj", "Clojure", "heroku/clojure"),
)
"""Files by which Heroku takes an app for one in another language, in its order. Source: the page at `DETECT_URL`, and
the warning that a build prints: "Multiple default buildpacks reported the ability to handle this app"."""
REPOSITORY = "https://github.com/heroku/heroku-buildpack-python"
EFFECTS_OF_TWO = {
    Mode.ERROR: "it refuses to run twice in one build, so Heroku rejects the push",
    Mode.WARNING: "the build warns, and installs one Python over the other",
    Mode.SILENT: "the build installs one Python over the other",
}
APP = {".python-version": "3.13\n", "requirements.txt": ""}


def entries(app: App) -> Iterator[tuple[BuildpackList, BuildpackEntry]]:
    """Every buildpack that is asked for, with the list that it is in."""
    return ((found, entry) for found in app.declared.buildpack_lists for entry in found.entries)


def at_most_note(found: BuildpackList) -> Severity | None:
    """Nothing breaks on Heroku because of what it does not read."""
    return None if found.place.heroku_reads else Severity.NOTE


@check("duplicate-buildpack", severity=Severity.ERROR, breaks=Breaks.SETUP, url=URL)
def duplicate_buildpack(app: App) -> Iterator[Problem]:
    """The Python buildpack is in the list twice.

    Often one entry is `heroku/python` and the other a URL for the same buildpack, left behind when somebody switched
    from one to the other with `heroku buildpacks:add`. The buildpack refuses to run twice in one build.

    A buildpack for monorepos between the two deletes what the first one installed, so then nothing is reported.

    ## How to fix

    Reset the list with one entry for Python. The help of the finding has the commands.
    """
    for found in app.declared.buildpack_lists:
        for segment in segments(found.entries) if found.complete else ():
            python = [entry for entry in segment if entry.reference.is_python]
            for entry in python[1:]:
                mode, wanted = _mode_of_duplicate(app, entry), _only_once(found, entry)
                problem = Problem(
                    f"{buildpack_subject(found, entry)} lists {_twice(python[0], entry)}; {EFFECTS_OF_TWO[mode]}",
                    entry.at,
                    help=buildpack_help(found, wanted, "remove it"),
                    severity=at_most_note(found) or (None if mode is Mode.ERROR else Severity.WARNING),
                    failure_reason="checks::duplicate-python-buildpack"
                    if mode is Mode.ERROR and found.place.is_live
                    else None,
                )
                without = remove(found, entry, app.declared.files.source(entry.at.path), safe=mode is Mode.ERROR)
                yield problem.with_fixes(without, by_commands(found, wanted))


def _only_once(found: BuildpackList, entry: BuildpackEntry) -> list[str]:
    """The list without a second entry for Python; what runs in another directory stays."""
    if any(each.reference.name.lower() in MOVERS for each in found.entries):
        return with_replaced(found.entries, entry, None)
    return with_official_python(found.entries)


def _twice(first: BuildpackEntry, second: BuildpackEntry) -> str:
    if first.reference.text == second.reference.text:
        return f"{second.reference.shown} twice"
    return f"the Python buildpack twice, as {first.reference.shown} and as {second.reference.shown}"


def _mode_of_duplicate(app: App, entry: BuildpackEntry) -> Mode:
    """What the later of two Python buildpacks does, as it is the one that looks whether another ran before it."""
    reference = entry.reference
    if reference.is_official_python and not reference.is_pinned:
        return app.unpinned.policy.rules.duplicate_python_buildpack
    if reference.is_official_python and reference.release and app.policy.knows_release(reference.release):
        return app.policy.with_release(reference.release).rules.duplicate_python_buildpack
    return Mode.SILENT


@check("buildpack-detect-order", severity=Severity.NOTE, breaks=Breaks.SETUP, url=DETECT_URL)
def buildpack_detect_order(app: App) -> Iterator[Problem]:
    """The app looks like one in another language too, and no file lists its buildpacks.

    Where an app has no list of buildpacks, Heroku asks its own ones in a fixed order, and takes the first that knows
    the app: Ruby, Node.js and Clojure come before Python. So a new app with a `package.json` in its root is built as a
    Node.js app, and gets neither Python nor its packages. An app whose buildpacks were set with the command line is
    not affected: those are not in any file.

    ## How to fix

    Set the list once, with the buildpack that builds assets first if there is one:

        heroku buildpacks:set heroku/python

    Or write it into `app.json`, so that review apps get it too.
    """
    if not app.build.detected or app.declared.buildpack_lists or app.declared.route.built_by is not BuiltBy.PYTHON:
        return
    for file, language, buildpack in DETECTED_FIRST:
        if app.files.tree.is_file(file):
            yield Problem(
                f"{file} is there too, and no file lists the buildpacks: Heroku builds a new app with the one for "
                f"{language} alone, and installs no Python",
                Span(file),
                help="Set the list, unless the app has one already:\n    heroku buildpacks:set heroku/python\n"
                f"Where {language} builds something for the app, too:\n    heroku buildpacks:add --index 1 {buildpack}",
                certain=False,
            )
            return


duplicate_buildpack.examples(
    bad=[
        Example(
            {**APP, "app.json": f'{{"buildpacks": [{{"url": "heroku/python"}}, {{"url": "{REPOSITORY}"}}]}}\n'},
            at=("app.json:1:52-1:101",),
        ),
        Example(
            {**APP, "buildpacks.txt": "=== myapp Buildpack URLs\n\n1. heroku/python\n2. heroku/python\n"},
            at=("buildpacks.txt:4:4-4:17",),
            options={"buildpacks": "buildpacks.txt"},
        ),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "heroku/nodejs"}, {"url": "heroku/python"}]}\n'})],
)


@check("buildpack-obsolete", severity=Severity.WARNING, breaks=Breaks.SETUP, url=URL)
def buildpack_obsolete(app: App) -> Iterator[Problem]:
    """A buildpack does what Heroku's Python buildpack does by itself today.

    Before Heroku supported Poetry and uv, third-party buildpacks turned the lock file into a `requirements.txt`. Today
    that breaks the build: Heroku's Python buildpack finds the files of two package managers and rejects the push.

    ## How to fix

    Remove the buildpack from the list. The help of the finding has the commands.
    """
    for found, entry in entries(app):
        obsolete = OBSOLETE.get(entry.reference.name.lower())
        if obsolete is None:
            continue
        breaks = obsolete.writes_requirements and app.policy.rules.multiple_package_managers is Mode.ERROR
        effect = (
            "; heroku/python then finds two package managers and rejects the push"
            if breaks
            else "; that is no longer needed"
        )
        wanted = with_replaced(found.entries, entry, None)
        problem = Problem(
            f"{buildpack_subject(found, entry)} uses {entry.reference.shown}, which {obsolete.purpose}{effect}",
            entry.at,
            help=f"{obsolete.instead}\n{buildpack_help(found, wanted, 'remove it')}",
            severity=at_most_note(found) or (Severity.ERROR if breaks else None),
        )
        without = remove(found, entry, app.declared.files.source(entry.at.path), safe=False)
        yield problem.with_fixes(without, by_commands(found, wanted))


buildpack_obsolete.examples(
    bad=[
        Example(
            {
                "poetry.lock": "",
                "app.json": '{"buildpacks": [{"url": "https://github.com/moneymeets/python-poetry-buildpack"},'
                ' {"url": "heroku/python"}]}\n',
            },
            at=("app.json:1:26-1:79",),
        ),
    ],
    good=[Example({"poetry.lock": "", "app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'})],
)


@check("buildpack-order", severity=Severity.WARNING, breaks=Breaks.SETUP, url=URL)
def buildpack_order(app: App) -> Iterator[Problem]:
    """The Python buildpack runs before a buildpack whose work it needs.

    Buildpacks run in the order of the list, each once. While the Python buildpack runs, nothing of what later ones do
    is there: no system packages from an `Aptfile` to compile Python packages against, no JavaScript and CSS built
    by Node.js for Django's `collectstatic`.

    A buildpack for monorepos after the Python buildpack is an error: it moves a subdirectory to the root and deletes
    everything else, including the Python that was just installed.

    ## How to fix

    Put the other buildpack first. The help of the finding has the commands.
    """
    for found in app.declared.buildpack_lists:
        yield from _wiped(app, found)
        identities = [entry.reference.identity for entry in found.entries]
        python = next((index for index, entry in enumerate(found.entries) if entry.reference.is_python), None)
        for needed, why in _needed_before_python(app):
            if python is None or needed not in identities[python:]:
                continue
            entry = found.entries[python]
            late = found.entries[identities.index(needed, python)]
            message = (
                f"{buildpack_subject(found, entry)} runs the Python buildpack before {late.reference.shown}; {why}"
            )
            yield _too_late(app, found, entry, late, message)


def _too_late(app: App, found: BuildpackList, python: BuildpackEntry, late: BuildpackEntry, message: str) -> Problem:
    """A problem with an entry that should run before the one for Python."""
    wanted = [late.reference.text, *with_replaced(found.entries, late, None)]
    problem = Problem(
        message,
        python.at,
        help=buildpack_help(found, wanted, f"put {late.reference.shown} before it"),
        severity=at_most_note(found),
    )
    source = app.declared.files.source(late.at.path)
    return problem.with_fixes(put_first(found, late, source), by_commands(found, wanted))


def _wiped(app: App, found: BuildpackList) -> Iterator[Problem]:
    """A buildpack for monorepos after the last one for Python."""
    python = [index for index, entry in enumerate(found.entries) if entry.reference.is_python]
    movers = [index for index, entry in enumerate(found.entries) if entry.reference.name.lower() in MOVERS]
    if not python or not movers or movers[-1] < python[-1]:
        return
    mover, entry = found.entries[movers[-1]], found.entries[python[-1]]
    variable = MOVERS[mover.reference.name.lower()]
    problem = _too_late(
        app,
        found,
        entry,
        mover,
        f"{buildpack_subject(found, entry)} runs {entry.reference.shown} before {mover.reference.shown}: Python is "
        f"installed for the whole repository, then everything outside {variable} is deleted, Python included",
    )
    yield problem._replace(severity=problem.severity or Severity.ERROR)


def _needed_before_python(app: App) -> Iterator[tuple[str, str]]:
    """Buildpacks whose work this app's Python build needs, and what is missing without."""
    if app.files.tree.is_file("Aptfile"):
        yield "heroku/apt", "the system packages in Aptfile are not installed yet when pip compiles Python packages"
    package = app.files.document("package.json") if app.files.tree.is_file("manage.py") else None
    if package and any(package.get("scripts", name) for name in ("build", "heroku-postbuild")):
        yield (
            "heroku/nodejs",
            "what the build script in package.json generates does not exist yet when collectstatic runs",
        )


buildpack_order.examples(
    bad=[
        Example(
            {
                **APP,
                "Aptfile": "libgeos-dev\n",
                "app.json": '{"buildpacks": [{"url": "heroku/python"}, {"url": "heroku-community/apt"}]}\n',
            },
            at=("app.json:1:26-1:39",),
        ),
    ],
    good=[
        Example(
            {
                **APP,
                "Aptfile": "libgeos-dev\n",
                "app.json": '{"buildpacks": [{"url": "heroku-community/apt"}, {"url": "heroku/python"}]}\n',
            }
        ),
    ],
)
buildpack_detect_order.examples(
    bad=[Example({**APP, "package.json": "{}\n"}, at=("package.json",))],
    good=[
        Example({**APP, "package.json": "{}\n", "app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'}),
        Example({**APP, "frontend/package.json": "{}\n"}),
    ],
)
