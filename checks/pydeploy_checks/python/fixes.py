"""The fixes that give an app a `.python-version` with one version; shared by the families that look at versions."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from pydeploy_checks.python.choice import (
    allowed_series,
    is_built,
    recommended_series,
    series_elsewhere,
    series_for,
    series_of_last_build,
)
from pydeploy_lint.plugin import (
    PIPFILE_LOCK,
    PYTHON_VERSION,
    RUNTIME_TXT,
    App,
    Edit,
    Fix,
    Source,
    Span,
    VersionFile,
    read_python_version_file,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Policy, VersionLine, VersionRequest


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
    """The text of a file that names one version, and is as it was otherwise; bytes that are no text become U+FFFD."""
    file = _readable(source, policy)
    edits = only_version(file, version, policy)
    return file.source.edited((edit.span, edit.text or "") for edit in edits).decode("utf-8", "replace")


def whole_line(source: Source, line: VersionLine) -> Span:
    """A line with its line end."""
    start = source.offset(line.at.line or 1, 1)
    end = source.text.find("\n", start)
    return source.span(start, end + 1 if end >= 0 else len(source.text))


def suggested_version(app: App, text: str) -> str:
    """The version to write in place of a text that is none: the one that it means, as long as Heroku builds it."""
    from pydeploy_lint.plugin import read_version_text

    reading = read_version_text(text)
    for version in (reading.intended, reading.series):
        if version and is_built(app, version):
            return version
    return allowed_series(app, text) or recommended_series(app)


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


def ways_to_ask(app: App) -> list[Fix]:
    """The ways to add a ``.python-version``, the best first.

    The series of the last build, where it is known, changes nothing. All others are suggestions: an app that was
    built before keeps the Python of its first build until then. That with which it is tested or developed elsewhere
    goes first.
    """
    ways: dict[str, str] = {}
    if last := series_of_last_build(app):
        ways[last] = "that of the last build"
    if elsewhere := series_elsewhere(app):
        ways.setdefault(elsewhere[0], f"as {elsewhere[1]}")
    if newest := series_for(app):
        is_default = newest == app.policy.default_series
        ways.setdefault(newest, "Heroku's default" if is_default else "the newest that works with the app")
    return [
        Fix(f"Set {series} in .python-version, {why}", (Edit.write(PYTHON_VERSION, f"{series}\n"),), series == last)
        for series, why in ways.items()
    ]


def override_lock(app: App, text: str | None) -> Fix | None:
    """Add a ``.python-version``, which overrides Pipfile.lock; a suggestion, as Pipenv itself does not read it."""
    from pydeploy_lint.plugin import read_version_text

    version = read_version_text(text).intended if text else None
    if version is None or not app.policy.rules.reads_python_version_file:
        return None
    return _override_lock(version)


def _override_lock(version: str) -> Fix:
    return Fix(f"Set {version} in .python-version", (Edit.write(PYTHON_VERSION, f"{version}\n"),), safe=False)


def upgrade(app: App, request: VersionRequest) -> Fix | None:
    """Ask for a series that Heroku and the app work with; a suggestion, as it has to be tested.

    None where no series suits, or the file that asks is none that can be changed here.
    """
    series = series_for(app)
    if series is None:
        return None
    if request.origin == PIPFILE_LOCK:
        return _upgrade_pipfile(app, series) or _override_lock(series)
    if request.origin == RUNTIME_TXT and app.policy.rules.reads_python_version_file:
        return _without_runtime_txt(app, series, safe=False)
    file = app.python.version_file
    line = file and file.accepted
    if file is None or line is None:
        return None
    version = series if file.path != RUNTIME_TXT else f"python-{app.policy.latest_patches[series]}"
    return Fix(f"Set {version} in {file.path}", (Edit(line.at, version),), safe=False)


def _upgrade_pipfile(app: App, series: str) -> Fix | None:
    """Write the series where Pipenv looks for it; the lock has to be made again after that."""
    document = app.files.document("Pipfile")
    keys = ("requires", "python_version")
    if document is None or not isinstance(document.get(*keys), str) or document.get("requires", "python_full_version"):
        return None
    edit = Edit(document.string_span(*keys, start=0), series)
    return Fix(f"Set python_version to {series} in the Pipfile, and lock again", (edit,), False, ("pipenv lock",))


def fill_in_version(app: App, file: VersionFile) -> Fix | None:
    """Add a version to a ``.python-version`` without one; a suggestion, as nobody knows which was meant."""
    series = series_for(app)
    if series is None or file.source.undecodable is not None:
        return None
    return Fix(f"Set {series} in .python-version", only_version(file, series, app.policy), safe=False)


def kept_version(app: App, file: VersionFile) -> str:
    """Of several versions the first that Heroku builds, as pyenv and uv take the first; else what the first means."""
    versions = [meant(line) for line in file.lines]
    built = (version for version in versions if version and is_built(app, version))
    return next(built, None) or suggested_version(app, file.lines[0].text)


def keep_one(app: App, file: VersionFile) -> Fix | None:
    """Keep one of several versions; safe where all are the same."""
    if file.source.encoding != "utf-8" or file.source.byte_order_mark:
        return None
    version = kept_version(app, file)
    versions = [meant(line) for line in file.lines]
    kept = file.lines[versions.index(version)] if version in versions else file.lines[0]
    edits = [Edit(whole_line(file.source, line), "") for line in file.lines if line is not kept]
    edits += [Edit(kept.at, version)] if kept.text != version else []
    safe = set(versions) == {version} and is_built(app, version)
    return Fix(f"Keep {version}, and delete the other versions", tuple(edits), safe)


def replace_runtime_txt(app: App) -> Fix | None:
    """Let a ``.python-version`` ask for what ``runtime.txt`` asks for, or, as a suggestion, for what suits."""
    file = app.python.runtime_txt
    if file is None or not app.policy.rules.reads_python_version_file:
        return None
    version = version_meant(file.source, app.policy)
    if version is None:
        return _without_runtime_txt(app, suggested_for_file(app, file), safe=False)
    return _without_runtime_txt(app, version, safe=file.accepted is not None or is_built(app, version))


def _without_runtime_txt(app: App, version: str, *, safe: bool) -> Fix:
    """Let a ``.python-version`` ask for a version, and nothing else.

    Whatever ``runtime.txt`` hides is fixed too, or the fix is a suggestion: nobody looked at it so far.
    """
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
    safe = version is not None and is_built(app, version)
    if version is None:
        version = suggested_for_file(app, read_python_version_file(source, app.policy))
    if read_python_version_file(source, app.policy).failure_reason is None:
        return Fix(f"Rename {name} to .python-version", (Edit.rename(name, PYTHON_VERSION),), safe)
    edits = (Edit.write(PYTHON_VERSION, text_with(source, version, app.policy)), Edit.delete(name))
    return Fix(f"Set {version} in .python-version, and delete {name}", edits, safe)


def _delete_beside(app: App, name: str, version: str | None) -> Fix | None:
    kept = app.python.python_version_file
    if kept is None:
        return None
    wanted = version_meant(kept.source, app.policy) or suggested_for_file(app, kept)
    fixed = () if kept.accepted else only_version(kept, wanted, app.policy)
    safe = version == version_meant(kept.source, app.policy) and is_built(app, wanted)
    return Fix(f"Delete {name}, as there is a .python-version", (*fixed, Edit.delete(name)), safe)


def correct_line(app: App, file: VersionFile, line: VersionLine) -> Fix | None:
    """Write the version that a line of ``.python-version`` intends, or, as a suggestion, one that suits."""
    if file.source.byte_order_mark:
        return None
    if len(file.lines) > 1:
        return keep_one(app, file)
    version = suggested_version(app, line.text)
    is_meant = version == meant(line)
    return Fix(f"Write {version} in place of {line.text!r}", (Edit(line.at, version),), safe=is_meant)


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
    if file.path == RUNTIME_TXT and not app.policy.rules.runtime_txt_series:
        return None
    text = f"python-{request.series}" if file.path == RUNTIME_TXT else request.series
    return Fix(f"Set {request.series} in {file.path}", (Edit(line.at, text),), safe=False)
