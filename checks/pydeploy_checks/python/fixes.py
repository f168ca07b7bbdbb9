"""The fixes that give an app a `.python-version` with one version; shared by the families that look at versions."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import (
    CACHED_ORIGIN,
    PYTHON_VERSION,
    RUNTIME_TXT,
    App,
    Edit,
    FileProblem,
    Fix,
    Source,
    Span,
    Status,
    VersionFile,
    read_python_version_file,
    series_key,
    series_of,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Policy, VersionLine


CONSTRAINTS = (
    ("uv.lock", ("requires-python",)),
    ("poetry.lock", ("metadata", "python-versions")),
    ("pyproject.toml", ("project", "requires-python")),
    ("pyproject.toml", ("tool", "poetry", "dependencies", "python")),
)
"""Where an app says which Python versions it works with."""


def is_built(app: App, version: str) -> bool:
    """Whether Heroku builds apps that ask for a version; a fix must not unmask that it does not."""
    series = series_of(version)
    latest = app.policy.latest_patches.get(series)
    supported = app.policy.status(series) in (Status.SUPPORTED, Status.DEPRECATED) and app.policy.on_stack(series)
    return supported and latest is not None and series_key(version) <= series_key(latest)


def meant(line: VersionLine) -> str | None:
    """The version that a line names, or clearly intends; None where there is doubt."""
    if line.version is not None:
        return line.version
    from pydeploy_lint.plugin import read_version_text

    return read_version_text(line.text).intended


def version_meant(source: Source, policy: Policy) -> str | None:
    """The one version that a file clearly intends, whatever its encoding; None where there is doubt."""
    if source.byte_order_mark and source.undecodable is not None:
        return None
    versions = {meant(line) for line in _readable(source, policy).lines}
    return versions.pop() if len(versions) == 1 else None


def is_wide(source: Source) -> bool:
    """Whether a file is in UTF-16 or UTF-32, with or without a byte order mark."""
    return not source.byte_order_mark.startswith(BOM_UTF8) and (bool(source.byte_order_mark) or _wide(source) != "")


def _wide(source: Source) -> str:
    """The encoding in which every other byte of a text is zero; empty for any other text."""
    head = source.data[:64]
    for encoding, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(head) > 3 and not any(zeros) and all(others):
            return encoding
    return ""


def _readable(source: Source, policy: Policy) -> VersionFile:
    """The file as it would be in UTF-8 without a byte order mark, as a ``.python-version``."""
    if source.byte_order_mark:
        source = Source(source.path, source.text.lstrip("\ufeff").encode("utf-8", "replace"))
    elif encoding := _wide(source):
        source = Source(source.path, source.data.decode(encoding, "replace").encode())
    return read_python_version_file(source, policy)


def only_version(file: VersionFile, version: str, policy: Policy) -> tuple[Edit, ...]:
    """The edits after which a ``.python-version`` names one version, and is as it was otherwise."""
    if file.source.byte_order_mark or is_wide(file.source):
        return (Edit.write(file.path, text_with(file.source, version, policy)),)
    if not file.lines:
        end = len(file.source.text)
        line_end = file.source.line_end(file.source.line_count or 1)
        text = file.source.text
        separator = line_end if text and not text.endswith("\n") else ""
        return (Edit(file.source.span(end, end), f"{separator}{version}{line_end}"),)
    first, *others = file.lines
    return (Edit(first.at, version), *(Edit(whole_line(file.source, line), "") for line in others))


def text_with(source: Source, version: str, policy: Policy) -> str:
    """The text of a file that names one version, and is as it was otherwise."""
    file = _readable(source, policy)
    edits = only_version(file, version, policy)
    return file.source.edited((edit.span, edit.text or "") for edit in edits).decode("utf-8", "surrogateescape")


def whole_line(source: Source, line: VersionLine) -> Span:
    """A line with its line end."""
    start = source.offset(line.at.line or 1, 1)
    end = source.text.find("\n", start)
    return source.span(start, end + 1 if end >= 0 else len(source.text))


def series_for(app: App) -> str | None:
    """The series that Heroku uses unasked, or else the newest, that the app works with; None where that is unclear.

    Its own files say which Python it accepts, and pinned packages which they work with.
    """
    try:
        values = [document.get(*keys) for file, keys in CONSTRAINTS if (document := app.files.document(file))]
    except FileProblem:
        return None
    constraints = [value for value in values if isinstance(value, str)]
    candidates = [_unasked(app), app.policy.default_series, *reversed(app.policy.latest_patches)]
    return next((series for series in candidates if _works(app, series, constraints)), None)


def _unasked(app: App) -> str:
    """The series that an app gets that asks for none: that of its last build, where it is known."""
    request = app.python.request
    return request.series if request and request.origin == CACHED_ORIGIN else app.policy.default_series


def _works(app: App, series: str, constraints: list[str]) -> bool:
    from pydeploy_lint.plugin import poetry_allows

    latest = app.policy.latest_patches
    return (
        is_built(app, series)
        and all(poetry_allows(constraint, latest[series]) for constraint in constraints)
        and pins_work(app, series)
    )


def pins_work(app: App, series: str) -> bool:
    """Whether no pinned package is known to fail with a series."""
    from pydeploy_lint.plugin import PSYCOPG2, psycopg2_is_too_old

    try:
        installed = app.packages.install_set
    except FileProblem:
        return True
    for each in installed.declared if installed else ():
        pinned = each.specifier.removeprefix("==") if each.specifier.startswith("==") else None
        if pinned and each.name in PSYCOPG2 and psycopg2_is_too_old(pinned.strip("= "), series):
            return False
    return True


def recommended_series(app: App) -> str:
    """The series to advise where nothing else says which; the default where nothing is known."""
    return series_for(app) or app.policy.default_series


def suggested_version(app: App, text: str) -> str:
    """The version to write in place of a text that is none: the one that it means, as long as Heroku builds it."""
    from pydeploy_lint.plugin import poetry_allows, read_version_text

    reading = read_version_text(text)
    for version in (reading.intended, reading.series):
        if version and is_built(app, version):
            return version
    latest = app.policy.latest_patches
    allowed = [series for series in reversed(latest) if is_built(app, series) and poetry_allows(text, latest[series])]
    fitting = [series for series in allowed if pins_work(app, series)]
    return next(iter([*fitting, *allowed]), None) or recommended_series(app)


def suggested_for_file(app: App, file: VersionFile) -> str:
    """The version to write in place of a whole file."""
    version = version_meant(file.source, app.policy)
    if version and is_built(app, version):
        return version
    lines = _readable(file.source, app.policy).lines
    return suggested_version(app, lines[0].text if lines else "")


def writing(version: str) -> str:
    """How to write a version file in every shell: the redirection of Windows PowerShell makes UTF-16 of it."""
    return (
        f"Save .python-version as UTF-8 without a byte order mark, with this line:\n    {version}\n"
        "In Windows PowerShell, where > writes UTF-16:\n"
        f"    Set-Content -Path .python-version -Value {version} -Encoding ascii"
    )


def add_version(app: App) -> Fix | None:
    """Add a ``.python-version``. With the series that Heroku uses anyway nothing changes; another is a suggestion."""
    series = series_for(app)
    if series is None:
        return None
    unchanged = series == _unasked(app)
    why = "Heroku's default" if series == app.policy.default_series else "the newest that works with the app"
    if unchanged and app.python.origin == CACHED_ORIGIN:
        why = "the one of the last build"
    return Fix(f"Set {series} in .python-version, {why}", (Edit.write(PYTHON_VERSION, f"{series}\n"),), unchanged)


def override_lock(app: App, text: str | None) -> Fix | None:
    """Add a ``.python-version``, which overrides Pipfile.lock; a suggestion, as Pipenv itself does not read it."""
    from pydeploy_lint.plugin import read_version_text

    version = read_version_text(text).intended if text else None
    if version is None or not app.policy.reads_python_version_file:
        return None
    return Fix(f"Set {version} in .python-version", (Edit.write(PYTHON_VERSION, f"{version}\n"),), safe=False)


def fill_in_version(app: App, file: VersionFile) -> Fix | None:
    """Add a version to a ``.python-version`` without one; a suggestion, as nobody knows which was meant."""
    series = series_for(app)
    if series is None or file.source.undecodable is not None:
        return None
    return Fix(f"Set {series} in .python-version", only_version(file, series, app.policy), safe=False)


def keep_first(app: App, file: VersionFile, line: VersionLine) -> Fix | None:
    """Delete another version than the first, which is the one that pyenv and uv take; safe where they are the same."""
    first = meant(file.lines[0])
    if first is None or file.source.encoding != "utf-8":
        return None
    safe = meant(line) == first and is_built(app, first)
    return Fix(f"Delete {line.text!r}, and keep {first}", (Edit(whole_line(file.source, line), ""),), safe)


def replace_runtime_txt(app: App) -> Fix | None:
    """Let a ``.python-version`` ask for what ``runtime.txt`` asks for; None where that is in doubt.

    Whatever ``runtime.txt`` hides is fixed too, or the fix is a suggestion: nobody looked at it so far.
    """
    file = app.python.runtime_txt
    version = file and version_meant(file.source, app.policy)
    if file is None or version is None or not app.policy.reads_python_version_file:
        return None
    safe = file.accepted is not None or is_built(app, version)
    hidden = app.python.python_version_file
    edits: list[Edit] = []
    if hidden is None:
        edits.append(Edit.write(PYTHON_VERSION, f"{version}\n"))
    elif not (hidden.accepted and hidden.accepted.version == version):
        edits += only_version(hidden, version, app.policy)
        safe = safe and (not hidden.lines or version_meant(hidden.source, app.policy) == version)
    for name in app.python.misspelled_files:
        source = app.files.source(name)
        edits.append(Edit.delete(name))
        safe = safe and source is not None and version_meant(source, app.policy) == version
    return Fix(f"Set {version} in .python-version, and delete runtime.txt", (*edits, Edit.delete(RUNTIME_TXT)), safe)


def correct_name(app: App, name: str) -> Fix | None:
    """Give a misspelled file the right name, or delete it where there is a file of that name already."""
    source = app.files.source(name)
    assert source is not None
    version = version_meant(source, app.policy)
    if app.files.tree.exists(PYTHON_VERSION):
        return _delete_beside(app, name, version)
    if version is None:
        return None
    safe = is_built(app, version)
    if read_python_version_file(source, app.policy).failure_reason is None:
        return Fix(f"Rename {name} to .python-version", (Edit.rename(name, PYTHON_VERSION),), safe)
    edits = (Edit.write(PYTHON_VERSION, text_with(source, version, app.policy)), Edit.delete(name))
    return Fix(f"Set {version} in .python-version, and delete {name}", edits, safe)


def _delete_beside(app: App, name: str, version: str | None) -> Fix | None:
    kept = app.python.python_version_file
    wanted = kept and version_meant(kept.source, app.policy)
    if kept is None or wanted is None:
        return None
    fixed = () if kept.accepted else only_version(kept, wanted, app.policy)
    safe = version == wanted and is_built(app, wanted)
    return Fix(f"Delete {name}, as there is a .python-version", (*fixed, Edit.delete(name)), safe)


def correct_line(app: App, file: VersionFile, line: VersionLine) -> Fix | None:
    """Write the version that a line of ``.python-version`` clearly intends."""
    version = meant(line)
    if version is None or file.source.byte_order_mark:
        return None
    return Fix(f"Write {version} in place of {line.text!r}", (Edit(line.at, version),), is_built(app, version))


def correct_encoding(app: App, file: VersionFile) -> Fix | None:
    """Save the file again, in UTF-8 without a byte order mark."""
    version = version_meant(file.source, app.policy)
    if version is None:
        return None
    edits = only_version(file, version, app.policy)
    return Fix(f"Write {version} in UTF-8 into .python-version", edits, is_built(app, version))


def name_series(app: App) -> Fix | None:
    """Ask for the series in place of one of its patches; a suggestion, as somebody chose that patch."""
    request, file = app.python.request, app.python.version_file
    line = file and file.accepted
    if request is None or file is None or line is None:
        return None
    if file.path == RUNTIME_TXT and not app.policy.runtime_txt_series:
        return None
    text = f"python-{request.series}" if file.path == RUNTIME_TXT else request.series
    return Fix(f"Set {request.series} in {file.path}", (Edit(line.at, text),), safe=False)
