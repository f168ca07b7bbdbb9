"""The file that lists data of NLTK for the build to download."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_checks.add import add, add_help
from pydeploy_checks.files.line_ends import with_unix_line_ends
from pydeploy_lint.plugin import DEV_CENTER, App, Edit, Example, Fix, Installed, Problem, Severity, Source, Span, check

WINDOWS = "(Windows line ends)"
NLTK_TXT = "nltk.txt"
URL = DEV_CENTER + "python-nltk"


@check("nltk-txt-invalid", severity=Severity.ERROR, url=URL)
def nltk_txt_invalid(app: App) -> Iterator[Problem]:
    r"""A line of `nltk.txt` is not the name of an NLTK package, so the build fails.

    Where NLTK is installed, the build downloads what `nltk.txt` names: each line, as it stands, is one name. Windows
    line ends become a part of it (`punkt\r`), and so do blanks and comments; NLTK's index has no such package.
    Source: `bin/steps/nltk` of the classic Python buildpack, v351.

    ## How to fix

    Write one name in each line, and save the file with Unix line ends:

        sed -i 's/\r$//' nltk.txt
    """
    source = app.files.source(NLTK_TXT)
    installed = app.packages.install_set.query("nltk") if app.packages.install_set else None
    if source is None or installed is None:
        return
    is_certain = installed.installed is Installed.YES
    found = _wrong_line(app, source)
    if found is None or not (is_certain or installed.declared) or installed.installed is Installed.NO:
        return
    at, why = found
    yield Problem(
        f"{why}, so NLTK does not find the package, and the build fails",
        at,
        help="Write one name in each line, with Unix line ends:\n    sed -i 's/\\r$//' nltk.txt",
        fix=with_unix_line_ends(app, source) if why.endswith(WINDOWS) else _one_a_line(source),
        severity=None if is_certain else Severity.WARNING,
        failure_reason="nltk-downloader" if is_certain else None,
        certain=is_certain,
    )


def _one_a_line(source: Source) -> Fix:
    """Write each name on a line of its own, without blanks and comments; safe, as no other line can be a name."""
    lines = source.text.splitlines()
    names = [name for line in lines if not line.strip().startswith("#") for name in line.split()]
    text = "".join(f"{name}\n" for name in names)
    return Fix(f"Write one name in each line of {source.path}", (Edit.write(source.path, text),))


def _wrong_line(app: App, source: Source) -> tuple[Span, str] | None:
    windows = app.files.tree.has_windows_line_ends(source.path)
    for number in range(1, source.line_count + 1):
        start = source.offset(number, 1)
        line = source.text[start:].partition("\n")[0]
        if line.endswith("\r") and windows:
            return source.line_span(number), f"line {number} of nltk.txt ends with a carriage return {WINDOWS}"
        name = line.removesuffix("\r")
        if name.strip().startswith("#"):
            return source.line_span(number), f"line {number} of nltk.txt is a comment, and read as a name"
        if name.strip() and (name != name.strip() or len(name.split()) > 1):
            return source.span(start, start + len(name)), f"line {number} of nltk.txt has blanks in or around the name"
    return None


@check("nltk-missing", severity=Severity.WARNING, url=URL)
def nltk_missing(app: App) -> Iterator[Problem]:
    """There is an `nltk.txt`, and NLTK is not installed, so Heroku downloads nothing.

    ## How to fix

    Add `nltk` to what is installed, or delete the file.
    """
    install_set = app.packages.install_set
    if install_set is None or not app.files.tree.is_file(NLTK_TXT) or app.build.generators:
        return
    from pydeploy_lint.plugin import lack_of

    lack = lack_of("nltk", install_set, app.packages.requirements)
    if lack:
        yield Problem(
            f"nltk.txt lists data for NLTK, but nltk is not in {install_set.file}: Heroku downloads nothing"
            + ("" if lack.is_certain else ", unless another package installs it"),
            Span(NLTK_TXT),
            help=f"{add_help(app, 'nltk')}\nOr delete the file:\n    git rm {NLTK_TXT}",
            fix=add(app, "nltk"),
            alternatives=(Fix(f"Delete {NLTK_TXT}", (Edit.delete(NLTK_TXT),), safe=False),),
            severity=None if lack.is_certain else Severity.NOTE,
            certain=lack.is_certain,
        )


APP = {".python-version": "3.13\n", "requirements.txt": "nltk==3.9.1\n"}
nltk_txt_invalid.examples(
    bad=[
        Example({**APP, "nltk.txt": "punkt\r\nstopwords\r\n"}, at=("nltk.txt:1:1-1:6",)),
        Example({**APP, "nltk.txt": "punkt stopwords\n"}, at=("nltk.txt:1:1-1:16",)),
    ],
    good=[Example({**APP, "nltk.txt": "punkt\nstopwords"})],
)
nltk_missing.examples(
    bad=[Example({**APP, "requirements.txt": "flask\n", "nltk.txt": "punkt\n"}, at=("nltk.txt",))],
    good=[Example({**APP, "nltk.txt": "punkt\n"})],
)
