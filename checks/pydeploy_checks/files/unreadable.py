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
    """A path that Heroku looks for is not a regular file.

    Heroku looks for regular files, and for links to them inside the app. A directory, or a link that leads out of the
    app or to nothing, does not count: the build continues as if there were no such file.

    ## How to fix

    Replace it with the file itself.
    """
    for name in app.build.file_names:
        what = CHANGES.get(app.files.tree.kind(name) or FileKind.FILE)
        if what:
            yield Problem(f"{name} {what}, so Heroku does not see such a file", Span(name))


not_a_file.examples(
    bad=[Example({**APP, "runtime.txt/readme": ""}, at=("runtime.txt",))],
    good=[Example(APP)],
)


@check("unreadable-file", severity=Severity.WARNING, last=True)
def unreadable_file(app: App) -> Iterator[Problem]:
    """A file could not be read, so whatever depends on it is unknown.

    The file exists, but cannot be read or is too large. The checks that need it report nothing.

    ## How to fix

    Correct the file's permissions, or make it smaller.
    """
    for problem in app.files.problems:
        if not problem.invalid:
            yield Problem(f"{problem.at.path} {problem.message}", problem.at)


unreadable_file.examples(bad=[], good=[Example(APP)])


@check("invalid-file", severity=Severity.WARNING, last=True)
def invalid_file(app: App) -> Iterator[Problem]:
    """A file is not valid TOML or JSON, so whatever depends on it is unknown.

    The checks that need the file report nothing. What the build does depends on the file: an unreadable lock file has a
    check of its own.

    ## How to fix

    Correct the syntax at the reported position.
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
