"""Files that cannot be read as what they should be."""

from collections.abc import Iterator

from pydeploy_lint.plugin import MANIFESTS, App, Example, FileKind, Problem, Severity, Span, check

APP = {"requirements.txt": "", ".python-version": "3.13\n"}
CHANGES = {
    FileKind.DIRECTORY: "is a directory",
    FileKind.DANGLING: "is a link to nothing inside the app",
    FileKind.SPECIAL: "is no regular file",
}


@check("not-a-file", severity=Severity.WARNING)
def not_a_file(app: App) -> Iterator[Problem]:
    """A name that means something to Heroku is not a regular file.

    Heroku looks for regular files, and for links to them inside the app. A directory, or a link that leads out of
    the app or to nothing, does not count: the build goes on as if there were nothing of the name.

    ## How to fix

    Put the file itself in its place.
    """
    for name in app.build.file_names:
        what = CHANGES.get(app.files.tree.kind(name) or FileKind.FILE)
        if what:
            yield Problem(f"{name} {what}; for Heroku there is no such file", Span(name))


not_a_file.examples(
    bad=[Example({**APP, "runtime.txt/readme": ""}, at=("runtime.txt",))],
    good=[Example(APP)],
)


@check("unreadable-file", severity=Severity.WARNING, last=True)
def unreadable_file(app: App) -> Iterator[Problem]:
    """A file could not be read, so what depends on it is not known.

    The file is there, but may not be read, or is too large. The checks that need it say nothing.

    ## How to fix

    Correct the permissions of the file, or its size.
    """
    for problem in app.files.problems:
        if not problem.invalid:
            yield Problem(f"{problem.at.path} {problem.message}", problem.at)


unreadable_file.examples(bad=[], good=[Example(APP)])


@check("invalid-file", severity=Severity.WARNING, last=True)
def invalid_file(app: App) -> Iterator[Problem]:
    """A file is not valid TOML or JSON, so what depends on it is not known.

    The checks that need the file say nothing. What the build makes of it depends on the file: a lock that cannot be
    read is reported by a check of its own.

    ## How to fix

    Correct the syntax at the position that is given.
    """
    app.files.noted_document("pyproject.toml")
    reported_elsewhere = {*app.managers.files.values(), MANIFESTS.get(app.managers.chosen or "")}
    for problem in app.files.problems:
        if problem.invalid and problem.at.path not in reported_elsewhere:
            yield Problem(f"{problem.at.path} {problem.message}", problem.at)


invalid_file.examples(
    bad=[Example({**APP, "app.json": '{"stack": }'}, at=("app.json:1:11-1:12",))],
    good=[Example({**APP, "app.json": '{"stack": "heroku-24"}'})],
)
