"""The ``runtime.txt`` file, which Heroku replaced by ``.python-version``."""

from collections.abc import Iterator

from pydeploy_checks.python.choice import recommended_series
from pydeploy_checks.python.fixes import replace_runtime_txt, suggested_for_file
from pydeploy_lint.plugin import (
    DEV_CENTER,
    PYTHON_VERSION,
    RUNTIME_TXT,
    App,
    Example,
    Mode,
    Problem,
    Severity,
    Step,
    check,
)

URL = DEV_CENTER + "python-runtimes"
APP = {"requirements.txt": ""}


def _switch(app: App) -> str:
    """The commands that replace the file by a ``.python-version`` that Heroku accepts."""
    if app.files.tree.is_file(PYTHON_VERSION):
        return "Delete runtime.txt, and check the .python-version that counts from then on:\n    git rm runtime.txt"
    file = app.python.runtime_txt
    version = suggested_for_file(app, file) if file else recommended_series(app)
    return f"Replace it with a .python-version:\n    echo {version} > .python-version\n    git rm runtime.txt"


@check("runtime-txt-deprecated", severity=Severity.WARNING, url=URL, warned_at=Step.VERSION_FILE)
def runtime_txt_deprecated(app: App) -> Iterator[Problem]:
    """`runtime.txt` is deprecated in favour of `.python-version`.

    Heroku still reads `runtime.txt`, before any other file, and warns in every build. Other tools (uv, pyenv, GitHub's
    setup-python) read `.python-version` and ignore it, so the two easily differ.

    ## How to fix

    Write the version, without `python-`, into `.python-version` and delete `runtime.txt`.
    """
    file = app.python.runtime_txt
    mode = app.policy.rules.about_runtime_txt(app.managers.chosen)
    if file and file.accepted and mode is not Mode.ERROR:
        problem = Problem(
            "runtime.txt is deprecated: use .python-version instead"
            + (
                "; Heroku ignores the existing one as long as there is a runtime.txt"
                if app.python.python_version_file
                else ""
            ),
            file.accepted.at,
            help=_switch(app),
            severity=Severity.NOTE if mode is Mode.SILENT else None,
            fix=replace_runtime_txt(app),
        )
        yield mode.judge(problem)


runtime_txt_deprecated.examples(
    bad=[Example({**APP, "runtime.txt": "python-3.13\n"}, at=("runtime.txt:1:1-1:12",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("runtime-txt-invalid", severity=Severity.ERROR, url=URL)
def runtime_txt_invalid(app: App) -> Iterator[Problem]:
    """The version in `runtime.txt` is not of the form that Heroku accepts.

    The file must hold `python-3.13` or `python-3.13.2`, in plain text. As long as `runtime.txt` exists, Heroku
    looks at no other file, so it rejects the push.

    ## How to fix

    Write the version, without `python-`, into `.python-version` and delete `runtime.txt`.
    """
    file = app.python.runtime_txt
    if file and not file.accepted:
        at = file.lines[0].at if file.lines else file.whole
        if not file.lines:
            what = "runtime.txt names no version"
        elif file.source.byte_order_mark:
            what = f"runtime.txt begins with a byte order mark ({file.source.encoding.upper()})"
        elif len(file.lines) > 1:
            what = "runtime.txt has more than one line"
        else:
            what = f"{file.lines[0].text!r} is not of the form 'python-3.13'"
        yield Problem(
            f"{what}; Heroku rejects the push",
            at,
            help=_switch(app),
            failure_reason="runtime-txt::invalid-version",
            fix=replace_runtime_txt(app),
        )


runtime_txt_invalid.examples(
    bad=[
        Example({**APP, "runtime.txt": "3.13\n"}, at=("runtime.txt:1:1-1:5",)),
        Example({**APP, "runtime.txt": "python-3.13 # LTS\n"}, at=("runtime.txt:1:1-1:18",)),
    ],
    good=[Example({**APP, "runtime.txt": "python-3.13\n"})],
)


@check("runtime-txt-with-uv", severity=Severity.ERROR, url=DEV_CENTER + "python-support")
def runtime_txt_with_uv(app: App) -> Iterator[Problem]:
    """`runtime.txt` is not accepted in an app that uses uv.

    uv itself reads `.python-version` and would ignore `runtime.txt`, so Heroku rejects the combination.

    ## How to fix

    Write the version, without `python-`, into `.python-version` and delete `runtime.txt`.
    """
    if app.python.runtime_txt and app.python.origin == RUNTIME_TXT and app.managers.chosen == "uv":
        file = app.python.runtime_txt
        if app.policy.rules.about_runtime_txt("uv") is Mode.ERROR:
            yield Problem(
                "Heroku rejects a runtime.txt in an app that uses uv: only .python-version is read",
                file.accepted.at if file.accepted else file.whole,
                help=_switch(app),
                failure_reason="runtime-txt::not-supported",
                fix=replace_runtime_txt(app),
            )


runtime_txt_with_uv.examples(
    bad=[Example({"uv.lock": "version = 1\n", "runtime.txt": "python-3.13\n"}, at=("runtime.txt:1:1-1:12",))],
    good=[Example({"uv.lock": "version = 1\n", ".python-version": "3.13\n"})],
)
