"""Files that name a Python version, and why Heroku cannot read them."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from shlex import quote

from pydeploy_checks.python.choice import recommended_series
from pydeploy_checks.python.fixes import (
    correct_encoding,
    correct_line,
    correct_name,
    fill_in_version,
    is_wide,
    keep_one,
    kept_version,
    suggested_for_file,
    suggested_version,
    writing,
)
from pydeploy_lint.plugin import DEV_CENTER, VERSION, App, Breaks, Example, Problem, Severity, Span, VersionFile, check

URL = DEV_CENTER + "python-runtimes"
APP = {"requirements.txt": ""}


def _correct(version: str) -> str:
    return f"Write one line with the Python version and nothing else:\n    {version}"


def _ignored(app: App) -> str:
    """What to add where ``runtime.txt`` hides the file: the build does not stop at it today."""
    return " (runtime.txt hides this file for now)" if app.python.runtime_txt else ""


@check("python-version-misspelled", severity=Severity.ERROR, url=URL)
def python_version_misspelled(app: App) -> Iterator[Problem]:
    """The name of the `.python-version` file is misspelled.

    Heroku knows some twenty misspellings, such as `.python_version` or `python-version.txt`, and rejects the push if it
    finds one, even next to a file with the right name. The content of the file does not matter.

    With a `runtime.txt` Heroku does not look for them; then this is a warning.

    ## How to fix

    Rename the file to `.python-version`, or delete it where there is one already.
    """
    stops = app.python.origin in app.python.misspelled_files
    for name in app.python.misspelled_files:
        target = "delete it" if app.files.tree.exists(".python-version") else "rename it"
        yield Problem(
            f"{name!r} is a misspelling of '.python-version'; Heroku rejects the push{_ignored(app)}",
            Span(name),
            help=f"If it is meant to set the Python version, {target}:\n"
            + (f"    git rm {quote(name)}" if target == "delete it" else f"    git mv {quote(name)} .python-version"),
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


def _is_foreign(file: VersionFile) -> bool:
    """Whether the encoding is all that can be said of a file: its lines are no text."""
    if file.failure_reason is None:
        return False
    is_utf8 = file.source.byte_order_mark.startswith(BOM_UTF8)
    return is_wide(file.source) or (file.encoding is not None and not is_utf8)


@check("python-version-encoding", severity=Severity.ERROR, url=URL)
def python_version_encoding(app: App) -> Iterator[Problem]:
    """The `.python-version` file is saved in an encoding that Heroku does not read.

    Heroku reads UTF-8 without a byte order mark. Some editors and terminals on Windows write UTF-16, or UTF-8 with a
    byte order mark, which editors do not show: the file looks right, and Heroku rejects the push.

    ## How to fix

    Save the file as UTF-8 without a byte order mark (BOM). In Windows PowerShell `>` writes UTF-16; use `Set-Content`
    with `-Encoding ascii`.
    """
    file = app.python.python_version_file
    if file and (file.encoding or (file.failure_reason and is_wide(file.source))):
        severity, reason = _stops(app, "python-version-file::invalid-encoding")
        if severity is None and reason is None:
            # Without a byte order mark the build does not recognise UTF-16.
            reason = file.failure_reason
        yield Problem(
            f".python-version is encoded as {file.encoding or 'UTF-16'}; Heroku reads only UTF-8 without a byte order "
            "mark and rejects the push",
            file.whole,
            help=writing(suggested_for_file(app, file)),
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


@check("python-version-invalid", severity=Severity.ERROR, breaks=Breaks.BUILD, url=URL)
def python_version_invalid(app: App) -> Iterator[Problem]:
    """A line of `.python-version` is not a Python version.

    Heroku accepts `3.13`, the newest patch of that series, or `3.13.2`, exactly that patch. It rejects quotes, a
    `python-` prefix, ranges, wildcards, other implementations such as PyPy, a comment after the version, and
    invisible characters such as a no-break space.

    ## How to fix

    Write one line with the version and nothing else. A comment needs a line of its own that starts with `#`.
    """
    from pydeploy_lint.plugin import read_version_text

    file = app.python.python_version_file
    if file is None or _is_foreign(file):
        return
    severity, reason = _stops(app, "python-version-file::invalid-version")
    for line in file.lines:
        # Where the encoding is what the build complains of, the byte order mark is a finding of its own.
        text = line.text.removeprefix("\ufeff") if file.encoding else line.text
        if VERSION.fullmatch(text):
            continue
        reading = read_version_text(text)
        wanted = _correct(suggested_version(app, text))
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

    Heroku ignores empty lines and lines that start with `#`. If nothing is left it does not fall back to a default:
    it rejects the push.

    ## How to fix

    Write the version on a line of its own, or delete the file.
    """
    file = app.python.python_version_file
    if file and not file.lines:
        severity, reason = _stops(app, "python-version-file::no-version")
        held = "only comments" if file.source.text.strip() else "no text"
        yield Problem(
            f".python-version has {held} and no version; Heroku rejects the push{_ignored(app)}",
            file.whole,
            help=_correct(recommended_series(app)),
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

    pyenv and uv accept several versions in this file; Heroku accepts one, and otherwise rejects the push.

    ## How to fix

    Keep the line with the version to deploy with, and delete the others.
    """
    file = app.python.python_version_file
    if file is None or len(file.lines) < 2 or _is_foreign(file):
        return
    severity, reason = _stops(app, "python-version-file::multiple-versions")
    help_text = f"Keep one line, such as:\n    {kept_version(app, file)}"
    fix = keep_one(app, file)
    for line in file.lines[1:]:
        yield Problem(
            f"{line.text!r} is one of {len(file.lines)} versions in .python-version; Heroku accepts one{_ignored(app)}",
            line.at,
            help=help_text,
            severity=severity,
            failure_reason=reason,
            fix=fix,
        )


python_version_multiple.examples(
    bad=[Example({**APP, ".python-version": "3.13\n3.12\n"}, at=(".python-version:2:1-2:5",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)
