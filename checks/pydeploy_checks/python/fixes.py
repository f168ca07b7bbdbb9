"""The fixes that give an app a `.python-version` with one version; shared by the families that look at versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.plugin import (
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
    """The version that a line names, or was plainly meant to name; None where there is doubt."""
    if line.version is not None:
        return line.version
    from pydeploy_lint.plugin import read_version_text

    return read_version_text(line.text).intended


def version_meant(source: Source, policy: Policy) -> str | None:
    """The one version that a file was plainly meant to name, whatever its encoding; None where there is doubt."""
    if source.byte_order_mark and source.undecodable is not None:
        return None
    versions = {meant(line) for line in _readable(source, policy).lines}
    return versions.pop() if len(versions) == 1 else None


def _readable(source: Source, policy: Policy) -> VersionFile:
    """The file as it would be in UTF-8 without a byte order mark, as a ``.python-version``."""
    if source.byte_order_mark:
        source = Source(source.path, source.text.lstrip("\ufeff").encode("utf-8", "replace"))
    return read_python_version_file(source, policy)


def only_version(file: VersionFile, version: str, policy: Policy) -> tuple[Edit, ...]:
    """The edits after which a ``.python-version`` names one version, and is as it was otherwise."""
    if file.source.byte_order_mark:
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
    """The default series, or else the newest, that the app says to work with; None where it cannot be told."""
    from pydeploy_lint.plugin import poetry_allows

    try:
        values = [document.get(*keys) for file, keys in CONSTRAINTS if (document := app.files.document(file))]
    except FileProblem:
        return None
    constraints = [value for value in values if isinstance(value, str)]
    latest = app.policy.latest_patches
    candidates = [app.policy.default_series, *reversed(latest)]
    return next(
        (
            series
            for series in candidates
            if is_built(app, series) and all(poetry_allows(constraint, latest[series]) for constraint in constraints)
        ),
        None,
    )


def add_version(app: App) -> Fix | None:
    """Add a ``.python-version``. With Heroku's default the app is built as before; another series is a suggestion."""
    series = series_for(app)
    if series is None:
        return None
    default = series == app.policy.default_series
    why = "Heroku's default" if default else "the newest that the app says to work with"
    return Fix(f"Ask for {series} in .python-version, {why}", (Edit.write(PYTHON_VERSION, f"{series}\n"),), default)


def override_lock(app: App, text: str | None) -> Fix | None:
    """Add a ``.python-version``, which goes before Pipfile.lock; a suggestion, as Pipenv itself does not read it."""
    from pydeploy_lint.plugin import read_version_text

    version = read_version_text(text).intended if text else None
    if version is None or not app.policy.reads_python_version_file:
        return None
    return Fix(f"Ask for {version} in .python-version", (Edit.write(PYTHON_VERSION, f"{version}\n"),), safe=False)


def fill_in_version(app: App, file: VersionFile) -> Fix | None:
    """Add a version to a ``.python-version`` without one; a suggestion, as nobody knows which was meant."""
    series = series_for(app)
    if series is None or file.source.undecodable is not None:
        return None
    return Fix(f"Ask for {series} in .python-version", only_version(file, series, app.policy), safe=False)


def keep_first(app: App, file: VersionFile, line: VersionLine) -> Fix | None:
    """Delete another version than the first, which is the one that pyenv and uv take; safe where they are the same."""
    first = meant(file.lines[0])
    if first is None or file.source.encoding != "utf-8":
        return None
    safe = meant(line) == first and is_built(app, first)
    return Fix(f"Delete {line.text!r}, and keep {first}", (Edit(whole_line(file.source, line), ""),), safe)


def replace_runtime_txt(app: App) -> Fix | None:
    """Let a ``.python-version`` ask for what ``runtime.txt`` asks for; None where that is in doubt.

    Whatever ``runtime.txt`` hides is mended too, or the fix is a suggestion: nobody looked at it so far.
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
    return Fix(
        f"Ask for {version} in .python-version, and delete runtime.txt", (*edits, Edit.delete(RUNTIME_TXT)), safe
    )


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
    return Fix(f"Ask for {version} in .python-version, and delete {name}", edits, safe)


def _delete_beside(app: App, name: str, version: str | None) -> Fix | None:
    kept = app.python.python_version_file
    wanted = kept and version_meant(kept.source, app.policy)
    if kept is None or wanted is None:
        return None
    mended = () if kept.accepted else only_version(kept, wanted, app.policy)
    safe = version == wanted and is_built(app, wanted)
    return Fix(f"Delete {name}, as there is a .python-version", (*mended, Edit.delete(name)), safe)


def correct_line(app: App, file: VersionFile, line: VersionLine) -> Fix | None:
    """Write the version that a line of ``.python-version`` was plainly meant to name."""
    version = meant(line)
    if version is None or file.source.byte_order_mark:
        return None
    return Fix(f"Write {version} in place of {line.text!r}", (Edit(line.at, version),), is_built(app, version))


def correct_encoding(app: App, file: VersionFile) -> Fix | None:
    """Write the file anew, in UTF-8 without a byte order mark."""
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
    return Fix(f"Ask for {request.series} in {file.path}", (Edit(line.at, text),), safe=False)
