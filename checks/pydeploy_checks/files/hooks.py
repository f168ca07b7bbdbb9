"""The hooks that the build runs."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_checks.files.line_ends import with_unix_line_ends
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, Source, check

HOOKS = ("pre_compile", "post_compile")
TO_UNIX = (
    "Save the file with Unix line ends, and keep them in .gitattributes:\n"
    "    sed -i 's/\\r$//' {0}\n    echo '{0} text eol=lf' >> .gitattributes"
)


@check("script-cannot-run", severity=Severity.ERROR, url=DEV_CENTER + "python-support")
def script_cannot_run(app: App) -> Iterator[Problem]:
    r"""A hook of the build has Windows line ends.

    The build runs `bin/pre_compile` and `bin/post_compile`. With Windows line ends their first line ends with a
    carriage return, so Linux looks for an interpreter named `bash\r`, does not find it, and the build fails. Without a
    `#!` line, commands get the carriage return as a part of their last argument; most fail, so this is a warning. What
    git converts when the file is committed is not reported. Heroku makes hooks executable itself.

    ## How to fix

    Save the file with Unix line ends, and add a line to `.gitattributes`:

        bin/* text eol=lf
    """
    for hook in HOOKS:
        path = f"bin/{hook}"
        if app.files.tree.has_windows_line_ends(path):
            yield _hook(app, path, f"hooks::{hook}")


def _hook(app: App, path: str, reason: str) -> Problem:
    source = app.files.source(path)
    assert source is not None
    is_certain = _has_broken_interpreter(source)
    return Problem(
        f"{path} has Windows line ends: "
        + ("Linux does not find its interpreter, and the build fails" if is_certain else "most of its commands fail"),
        source.line_span(1),
        help=TO_UNIX.format(path),
        fix=with_unix_line_ends(app, source),
        severity=None if is_certain else Severity.WARNING,
        failure_reason=reason if is_certain else None,
        certain=is_certain,
    )


def _has_broken_interpreter(source: Source) -> bool:
    """Whether the ``#!`` line ends with a carriage return."""
    first, newline, _ = source.text.partition("\n")
    return bool(newline) and first.startswith("#!") and first.endswith("\r")


APP = {".python-version": "3.13\n", "requirements.txt": "gunicorn\n"}
script_cannot_run.examples(
    bad=[
        Example({**APP, "bin/post_compile": "#!/usr/bin/env bash\r\necho done\r\n"}, at=("bin/post_compile:1:1-1:20",)),
        Example({**APP, "bin/pre_compile": "#!/bin/sh\r\nexit 0\r\n"}, at=("bin/pre_compile:1:1-1:10",)),
    ],
    good=[Example({**APP, "bin/post_compile": "#!/usr/bin/env bash\necho done\n"})],
)
