"""Whether the Python that Heroku installs is one that the project asks for."""

from collections.abc import Iterator

from pydeploy_lint.app import DEFAULT, App
from pydeploy_lint.check import DEV_CENTER, Example, check
from pydeploy_lint.finding import Problem, Severity
from pydeploy_lint.lock.judge import MANIFESTS
from pydeploy_lint.lock.verdict import State

CONSEQUENCES = {
    "pipenv": "`pipenv install --deploy` refuses it, and Heroku refuses the app",
    "poetry": "Poetry does not install into it: the build fails, or the packages end up in another Python than the "
    "one that runs the app",
    "uv": "uv refuses it, and Heroku refuses the app",
}


@check("python-mismatch", severity=Severity.ERROR, url=DEV_CENTER + "python-support#specifying-a-python-version")
def python_mismatch(app: App) -> Iterator[Problem]:
    """The Python that Heroku installs is not one that the project asks for.

    Heroku takes the version of Python from `.python-version` (or `runtime.txt`, or else a version of its own), not
    from `requires-python`. The package manager then compares: uv with `requires-python`, Poetry with that and with
    `python` among its dependencies, Pipenv with `[requires]` in the `Pipfile`. Each has its own way to read it:

    - For Poetry, `python = "3.12"` means 3.12.0 and nothing else; write `~3.12` or `^3.12`.
    - For Pipenv, `python_version = "3.12.*"` or `"^3.12"` matches no Python at all; write `"3.12"`.

    ## How to fix

    Put a version that the project asks for into `.python-version`, such as `3.13`; or change what the project asks
    for, and make the lock anew.
    """
    manager, python = app.package_manager or "", app.python_version
    version = app.policy.tool_version(manager)
    verdict = app.lock_verdict
    if python is None or version is None or verdict is None or verdict.state is State.INVALID:
        return
    document = app.document(MANIFESTS[manager])
    if document is None:
        return
    from pydeploy_lint.lock.python_fit import misfits

    origin = "by default" if app.version_source == DEFAULT else f"because of {app.version_source}"
    for reason in misfits(manager, document.value, python, version):
        yield Problem(
            f"{reason.message}, but Heroku installs Python {python} {origin}; {CONSEQUENCES[manager]}",
            document.span(*reason.keys),
            help="Put a version that the project asks for into .python-version,\n"
            f"or change {reason.path} and make the lock anew.",
            failure_reason=None if manager == "poetry" else f"install-dependencies::{manager}",
        )


UV_LOCK = (
    'version = 1\nrequires-python = "==3.12.*"\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
)
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = "==3.12.*"\n'
POETRY = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "3.13"\n'
POETRY_LOCK = 'package = []\n[metadata]\nlock-version = "2.1"\ncontent-hash = "x"\n'
PIPFILE = '[requires]\npython_version = "3.12"\n'
PIPFILE_LOCK = '{"_meta": {"hash": {"sha256": "x"}}}'

python_mismatch.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK},
            at=("pyproject.toml:4:19-4:29",),
        ),
        Example(
            {".python-version": "3.13\n", "pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            at=("pyproject.toml:4:10-4:16",),
        ),
        Example(
            {".python-version": "3.13\n", "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK},
            at=("Pipfile:2:18-2:24",),
        ),
    ],
    good=[
        Example({".python-version": "3.12\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}),
        Example({".python-version": "3.12\n", "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK}),
        Example({".python-version": "3.13\n", "requirements.txt": "", "pyproject.toml": PROJECT}),
    ],
)
