"""Files that name a Python version, and what keeps Heroku from reading them."""

from codecs import BOM_UTF8
from collections.abc import Iterator

from pydeploy_checks.python.fixes import correct_encoding, correct_line, correct_name, fill_in_version, keep_first
from pydeploy_lint.plugin import DEV_CENTER, VERSION, App, Example, Problem, Severity, Span, check

URL = DEV_CENTER + "python-runtimes"
APP = {"requirements.txt": ""}


def _correct(app: App) -> str:
    return f"Write one line with the Python version and nothing else:\n    {app.policy.default_series}"


def _ignored(app: App) -> str:
    """What to add where ``runtime.txt`` hides the file: the build does not stop at it today."""
    return " (runtime.txt hides this file for now)" if app.python.runtime_txt else ""


@check("python-version-misspelled", severity=Severity.ERROR, url=URL)
def python_version_misspelled(app: App) -> Iterator[Problem]:
    """The name of the `.python-version` file is misspelled.

    Heroku looks for some twenty misspellings that it has met, such as `.python_version` or `python-version.txt`, and
    refuses the app if it finds one, even beside a file with the right name. What is in the file plays no part.

    Only a `runtime.txt` keeps it from looking; then this is a warning.

    ## How to fix

    Rename the file to `.python-version`, or delete it where there is one already.
    """
    stops = app.python.origin in app.python.misspelled_files
    for name in app.python.misspelled_files:
        target = "delete it" if app.files.tree.is_file(".python-version") else "rename it"
        yield Problem(
            f"{name!r} is a misspelling of '.python-version'; Heroku refuses the app{_ignored(app)}",
            Span(name),
            help=f"If it is meant to choose the Python version, {target}:\n"
            + (f"    git rm '{name}'" if target == "delete it" else f"    git mv '{name}' .python-version"),
            severity=None if stops else Severity.WARNING,
            failure_reason="python-version-file::misspelled" if stops else None,
            fix=correct_name(app, name),
        )


python_version_misspelled.examples(
    bad=[Example({**APP, ".python_version": "3.13\n"}, at=(".python_version",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


def _stops(app: App, reason: str) -> tuple[Severity | None, str | None]:
    """Severity and failure reason of a fault in ``.python-version``, which a ``runtime.txt`` may hide."""
    if app.python.origin != ".python-version":
        return Severity.WARNING, None
    file = app.python.python_version_file
    return None, reason if file and file.failure_reason == reason else None


@check("python-version-encoding", severity=Severity.ERROR, url=URL)
def python_version_encoding(app: App) -> Iterator[Problem]:
    """The `.python-version` file is saved in an encoding that Heroku does not read.

    Heroku reads UTF-8 without a byte order mark. Some editors and terminals on Windows write UTF-16, or UTF-8 with a
    byte order mark, which no editor shows: the file looks right and is refused.

    ## How to fix

    Save the file as UTF-8 without a byte order mark (BOM), or delete it and write it anew.
    """
    file = app.python.python_version_file
    if file and file.encoding:
        severity, reason = _stops(app, "python-version-file::invalid-encoding")
        yield Problem(
            f".python-version is encoded as {file.encoding}; Heroku reads only UTF-8 without a byte order mark",
            file.whole,
            help=f"Write the file anew:\n    echo {app.policy.default_series} > .python-version",
            severity=severity,
            failure_reason=reason,
            fix=correct_encoding(app, file),
        )


python_version_encoding.examples(
    bad=[
        Example({**APP, ".python-version": b"\xef\xbb\xbf3.13\n"}, at=(".python-version:1:1-1:5",)),
        Example({**APP, ".python-version": "3.13\n".encode("utf-16")}, at=(".python-version:1:1-1:5",)),
    ],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("python-version-invalid", severity=Severity.ERROR, url=URL)
def python_version_invalid(app: App) -> Iterator[Problem]:
    """A line of `.python-version` is not a Python version.

    Heroku accepts `3.13`, the newest patch of that series, or `3.13.2`, exactly that patch. It refuses quotes, a
    `python-` prefix, ranges, wildcards, other implementations such as PyPy, a comment behind the version, and
    characters that cannot be seen, such as a no-break space.

    ## How to fix

    Write one line with the version and nothing else. A comment stands on a line of its own and begins with `#`.
    """
    from pydeploy_lint.plugin import read_version_text

    file = app.python.python_version_file
    if file is None or (file.encoding and not file.source.byte_order_mark.startswith(BOM_UTF8)):
        return
    severity, reason = _stops(app, "python-version-file::invalid-version")
    for line in file.lines:
        # Where the encoding is what the build complains of, the byte order mark is a finding of its own.
        text = line.text.removeprefix("\ufeff") if file.encoding else line.text
        if VERSION.fullmatch(text):
            continue
        reading = read_version_text(text)
        wanted = f"Write\n    {reading.intended}" if reading.intended else _correct(app)
        for fault in reading.faults:
            yield Problem(
                f"{text!r} is not a version that Heroku accepts: {fault.what}{_ignored(app)}",
                file.part(line, fault.start, fault.end),
                help=wanted,
                severity=severity,
                failure_reason=reason,
                fix=correct_line(app, file, line),
            )


python_version_invalid.examples(
    bad=[
        Example({**APP, ".python-version": "python-3.13\n"}, at=(".python-version:1:1-1:8",)),
        Example({**APP, ".python-version": '# ours\n"3.13"\n'}, at=(".python-version:2:1-2:7",)),
        Example({**APP, ".python-version": "3.13\u200b\n"}, at=(".python-version:1:5-1:6",)),
        Example({**APP, ".python-version": b"\xef\xbb\xbf'3.13'\n"}, at=(".python-version:1:1-1:7",)),
    ],
    good=[Example({**APP, ".python-version": "# ours\n3.13\n"})],
)


@check("python-version-empty", severity=Severity.ERROR, url=URL)
def python_version_empty(app: App) -> Iterator[Problem]:
    """The `.python-version` file holds no version.

    Heroku drops empty lines and lines that begin with `#`. When nothing is left it does not fall back to a default:
    it refuses the app.

    ## How to fix

    Write the version on a line of its own, or delete the file.
    """
    file = app.python.python_version_file
    if file and not file.lines:
        severity, reason = _stops(app, "python-version-file::no-version")
        held = "only comments" if file.source.text.strip() else "no text"
        yield Problem(
            f".python-version holds {held}; Heroku refuses an app whose version file names no version{_ignored(app)}",
            file.whole,
            help=_correct(app),
            severity=severity,
            failure_reason=reason,
            fix=fill_in_version(app, file),
        )


python_version_empty.examples(
    bad=[
        Example({**APP, ".python-version": "\n"}, at=(".python-version:1:1-1:1",)),
        Example({**APP, ".python-version": "# 3.13\n"}, at=(".python-version:1:1-1:7",)),
    ],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("python-version-multiple", severity=Severity.ERROR, url=URL)
def python_version_multiple(app: App) -> Iterator[Problem]:
    """The `.python-version` file holds several versions.

    pyenv and uv accept several versions in this file; Heroku accepts one, and refuses the app otherwise.

    ## How to fix

    Keep the line with the version to deploy with, and delete the others.
    """
    file = app.python.python_version_file
    if file is None or len(file.lines) < 2:
        return
    severity, reason = _stops(app, "python-version-file::multiple-versions")
    for line in file.lines[1:]:
        yield Problem(
            f"{line.text!r} is one of {len(file.lines)} versions in .python-version; Heroku accepts one{_ignored(app)}",
            line.at,
            help=f"Keep one line, such as\n    {file.lines[0].text}",
            severity=severity,
            failure_reason=reason,
            fix=keep_first(app, file, line),
        )


python_version_multiple.examples(
    bad=[Example({**APP, ".python-version": "3.13\n3.12\n"}, at=(".python-version:2:1-2:5",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)
