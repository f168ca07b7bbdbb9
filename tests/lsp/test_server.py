"""The language server in a process of its own, asked by a client with the capabilities of real editors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from pydeploy_lint.engine.registry import GROUP
from pydeploy_lint.testing import write_tree
from tests.lsp.editor import NEOVIM, VS_CODE, Editor, editing

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEPRECATED = {"requirements.txt": "", "runtime.txt": "python-3.13\n"}
UNSUPPORTED_STACK = '{"name": "😀é", "stack": "heroku-18"}'
TEXT_ONLY = types.ClientCapabilities()
"""The capabilities of an editor that can do nothing but change text."""


def columns(diagnostic: types.Diagnostic) -> tuple[int, int]:
    assert diagnostic.range.start.line == diagnostic.range.end.line == 0
    return diagnostic.range.start.character, diagnostic.range.end.character


def files(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in root.iterdir()}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[VS_CODE, NEOVIM])
async def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """A server for many tests, as its start takes longer than these."""
    async with editing(tmp_path_factory.mktemp("empty"), capabilities=request.param) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def editor(server: Editor, tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor that shows a folder of this test alone."""
    editor = Editor(server.client, tmp_path, server.encoding)
    editor.add_folder()
    yield editor
    editor.leave()


async def test_the_other_places_of_a_finding_are_linked(editor: Editor) -> None:
    editor.write({"requirements.txt": "", "poetry.lock": "", ".python-version": "3.14\n"})
    await editor.until_found("requirements.txt", "conflicting-package-managers")
    [diagnostic] = editor.diagnostics("requirements.txt")
    [related] = diagnostic.related_information or ()
    assert (related.location.uri, related.message) == (editor.uri("poetry.lock"), "stands for Poetry")
    assert editor.checks("poetry.lock") == []


async def test_diagnostics_follow_the_text_while_somebody_types(editor: Editor) -> None:
    editor.write({"requirements.txt": "", ".python-version": "3.14\n"})
    editor.open(".python-version")
    editor.change(".python-version", "3.8\n")
    await editor.until_found(".python-version", "unsupported-runtime")
    editor.change(".python-version", "\n3.x\n")
    await editor.until_found(".python-version", "python-version-invalid")
    editor.change(".python-version", "3.14\n")
    await editor.until_found(".python-version")
    editor.change(".python-version", "3.8\n")
    await editor.until_found(".python-version", "unsupported-runtime")
    editor.close(".python-version")
    await editor.until_found(".python-version")


async def test_a_diagnostic_tells_what_is_wrong_and_the_way_out(editor: Editor) -> None:
    editor.write(DEPRECATED)
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    [diagnostic] = editor.diagnostics("runtime.txt")
    assert columns(diagnostic) == (0, len("python-3.13"))
    assert diagnostic.severity is types.DiagnosticSeverity.Warning
    assert diagnostic.source == "pydeploy-lint"
    assert diagnostic.code_description == types.CodeDescription(
        "https://pydeploy-lint.readthedocs.io/en/latest/checks/runtime-txt-deprecated/"
    )
    assert diagnostic.tags == (types.DiagnosticTag.Deprecated,)
    assert diagnostic.message == (
        "runtime.txt is deprecated: use .python-version instead\n\n"
        "Replace it with a .python-version:\n"
        "    echo 3.13 > .python-version\n    git rm runtime.txt"
    )


async def test_what_is_safe_in_a_file_is_fixed_at_once(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "", "runtime.txt": "python-3.13.2\n"})
    await editor.until_found("runtime.txt", "outdated-patch", "runtime-txt-deprecated")
    for only in ("source.fixAll", "source.fixAll.pydeploy-lint", "source", ""):
        assert "Make all safe fixes in this file" in [each.title for each in await editor.actions("runtime.txt", only)]
    assert await editor.actions("runtime.txt", "source.fixAll.another") == []
    assert await editor.actions("runtime.txt", "source.organizeImports") == []
    [action] = await editor.actions("runtime.txt", "source.fixAll")
    assert action.kind == "source.fixAll.pydeploy-lint"
    editor.apply(action.edit)
    # A newer patch release is only a suggestion.
    assert files(tmp_path) == {"requirements.txt": "", ".python-version": "3.13.2\n"}


async def test_a_finding_is_ignored_in_a_comment_that_wants_a_reason(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "", ".python-version": "3.8\n"})
    await editor.until_found(".python-version", "unsupported-runtime")
    action = (await editor.actions(".python-version"))[-1]
    assert action.title == "Ignore unsupported-runtime here, and write the reason"
    assert not action.is_preferred
    editor.apply(action.edit)
    editor.tell_of_change(".python-version")
    await editor.until_found(".python-version", "unexplained-suppression")
    assert files(tmp_path)[".python-version"] == "# pydeploy-lint: ignore[unsupported-runtime]\n3.8\n"


async def test_diagnostics_say_of_which_version_of_the_text_they_are(editor: Editor) -> None:
    versions: list[int | None] = []
    watched = editor.client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    def watch(params: types.PublishDiagnosticsParams) -> None:
        if params.uri == editor.uri(".python-version"):
            versions.append(params.version)
        watched(params)

    editor.client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = watch
    try:
        editor.write({"requirements.txt": "", ".python-version": "3.8\n"})
        await editor.until_found(".python-version", "unsupported-runtime")
        editor.open(".python-version")
        editor.change(".python-version", "3.x\n")
        await editor.until_found(".python-version", "python-version-invalid")
    finally:
        editor.client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = watched
    assert (versions[0], versions[-1]) == (None, 2)


async def test_a_file_that_is_not_saved_yet_counts(editor: Editor) -> None:
    editor.write({"requirements.txt": ""})
    await editor.until_found("requirements.txt", "missing-python-version")
    editor.open(".python-version", "3.8\n")
    await editor.until_found(".python-version", "unsupported-runtime")
    await editor.until_found("requirements.txt")


async def test_files_that_other_programs_change_are_looked_at(editor: Editor, tmp_path: Path) -> None:
    editor.write(DEPRECATED)
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    (tmp_path / "runtime.txt").rename(tmp_path / ".python-version")
    (tmp_path / ".python-version").write_text("3.8")
    editor.tell_of_change("runtime.txt")
    await editor.until_found("runtime.txt")
    await editor.until_found(".python-version", "unsupported-runtime")


async def test_columns_are_counted_as_the_editor_counts(editor: Editor) -> None:
    editor.write({"requirements.txt": "", ".python-version": "3.14\n", "app.json": UNSUPPORTED_STACK})
    await editor.until_found("app.json", "unsupported-stack")
    [diagnostic] = editor.diagnostics("app.json")
    assert columns(diagnostic) == {"utf-16": (25, 36), "utf-8": (28, 39)}[editor.encoding]


async def test_hover_shows_the_documentation_of_the_check(editor: Editor) -> None:
    editor.write(DEPRECATED)
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    hover = await editor.hover("runtime.txt", 0, 3)
    elsewhere = await editor.hover("runtime.txt", 1, 0)
    assert hover
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.kind is types.MarkupKind.Markdown
    assert hover.contents.value.startswith(
        "**runtime-txt-deprecated**: `runtime.txt` is deprecated in favour of `.python-version`.\n\n"
    )
    assert "\n\n## How to fix\n\n" in hover.contents.value
    assert elsewhere is None


async def test_a_quick_fix_creates_and_deletes_files(editor: Editor, tmp_path: Path) -> None:
    editor.write(DEPRECATED)
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    [action] = await editor.actions("runtime.txt")
    assert action.title == "Set 3.13 in .python-version, and delete runtime.txt"
    assert action.kind == types.CodeActionKind.QuickFix
    assert action.is_preferred
    assert action.diagnostics == editor.diagnostics("runtime.txt")
    editor.apply(action.edit)
    editor.tell_of_change("runtime.txt")
    await editor.until_found("runtime.txt")
    assert files(tmp_path) == {"requirements.txt": "", ".python-version": "3.13\n"}


async def test_every_way_out_is_a_quick_fix(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "", "Pipfile": "", ".python-version": "3.14\n"})
    await editor.until_found("Pipfile", "pipfile-without-lock")
    first, second = await editor.actions("Pipfile")
    assert first.title == "Install from requirements.txt, and delete the Pipfile"
    assert second.title == "Use Pipenv: delete requirements.txt, and lock"
    editor.apply(second.edit)
    assert files(tmp_path) == {"Pipfile": "", ".python-version": "3.14\n"}


async def test_a_quick_fix_renames_a_file(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "", ".python_version": "3.13\n"})
    await editor.until(lambda: editor.checks(".python_version"))
    [action] = await editor.actions(".python_version")
    editor.apply(action.edit)
    assert files(tmp_path) == {"requirements.txt": "", ".python-version": "3.13\n"}


async def test_a_quick_fix_edits_the_text_that_is_open(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "", ".python-version": "3.14\n", "app.json": "{}"})
    editor.open("app.json")
    editor.change("app.json", UNSUPPORTED_STACK)
    # At once: the server looks at what was typed before it answers.
    [action] = await editor.actions("app.json", character=30)
    assert action.edit
    if action.edit.document_changes:
        [change] = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 2
    assert not action.is_preferred
    (tmp_path / "app.json").write_text(UNSUPPORTED_STACK, encoding="utf-8")
    editor.apply(action.edit)
    assert files(tmp_path)["app.json"] == '{"name": "😀é", "stack": "heroku-24"}'


async def test_an_editor_is_offered_only_what_it_can_do(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", "runtime.txt": "python-3.13.2\n"})
    async with editing(tmp_path, capabilities=TEXT_ONLY) as editor:
        await editor.until_found("runtime.txt", "outdated-patch", "runtime-txt-deprecated")
        [action] = await editor.actions("runtime.txt")
        assert await editor.actions("runtime.txt", only="refactor") == []
        editor.apply(action.edit)
    assert files(tmp_path)["runtime.txt"] == "python-3.13\n"


async def test_a_wrong_configuration_is_shown_where_it_is_wrong(editor: Editor) -> None:
    editor.write({**DEPRECATED, "pyproject.toml": ""})
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    editor.open("pyproject.toml", '[tool.pydeploy-lint]\nignore = ["runtime-txt-deprecatd"]\n')
    await editor.until_found("pyproject.toml", "configuration")
    [diagnostic] = editor.diagnostics("pyproject.toml")
    await editor.until_found("runtime.txt")
    editor.change("pyproject.toml", '[tool.pydeploy-lint]\nignore = ["runtime-txt-deprecated"]\n')
    await editor.until_found("pyproject.toml")
    assert diagnostic.range == types.Range(types.Position(1, 10), types.Position(1, 33))
    assert diagnostic.severity is types.DiagnosticSeverity.Error
    assert diagnostic.message == (
        "ignore[0]: unknown check or family 'runtime-txt-deprecatd': did you mean 'runtime-txt-deprecated'?; until this"
        " is corrected, pydeploy-lint cannot judge the app"
    )


async def test_what_is_said_of_a_missing_file_is_shown_in_another(editor: Editor, tmp_path: Path) -> None:
    editor.write({"requirements.txt": "# Nothing yet\n"})
    await editor.until_found("requirements.txt", "missing-python-version")
    [diagnostic] = editor.diagnostics("requirements.txt")
    [action] = await editor.actions("requirements.txt")
    editor.apply(action.edit)
    assert columns(diagnostic) == (0, len("# Nothing yet"))
    assert files(tmp_path) == {"requirements.txt": "# Nothing yet\n", ".python-version": "3.14\n"}


async def test_what_is_no_python_app_is_left_alone(editor: Editor, tmp_path: Path) -> None:
    editor.write({"README.md": "", "app.json": UNSUPPORTED_STACK})
    await editor.until(editor.logged)
    assert editor.diagnostics("app.json") == ()
    assert editor.logged() == [
        f"{tmp_path}: Heroku does not recognise a Python app: none of the files it looks for is in the root directory"
    ]


async def test_apps_further_down_are_judged_and_named_in_the_log(editor: Editor, tmp_path: Path) -> None:
    editor.write({"README.md": "", **{f"services/api/{path}": text for path, text in DEPRECATED.items()}})
    editor.write({"services/api/Procfile": "web: gunicorn shop:app\n"})
    await editor.until(editor.logged)
    [message] = editor.logged()
    assert message.startswith(f"{tmp_path}: Heroku does not recognise a Python app: ")
    assert message.endswith(", but there is an app in services/api")
    await editor.until_found("services/api/runtime.txt", "runtime-txt-deprecated")


async def test_each_folder_of_the_workspace_is_an_app(editor: Editor) -> None:
    for folder in ("one", "two words"):
        editor.write({f"{folder}/{path}": text for path, text in DEPRECATED.items()})
        editor.add_folder(folder)
    await editor.until_found("one/runtime.txt", "runtime-txt-deprecated")
    await editor.until_found("two words/runtime.txt", "runtime-txt-deprecated")
    editor.remove_folder("one")
    await editor.until_found("one/runtime.txt")
    assert editor.checks("two words/runtime.txt") == ["runtime-txt-deprecated"]
    editor.remove_folder("two words")


async def test_paths_name_the_apps_in_a_folder(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"backend/{path}": text for path, text in DEPRECATED.items()})
    write_tree(tmp_path, DEPRECATED)
    async with editing(tmp_path, "backend", "gone", "--ignore", "packages") as editor:
        await editor.until_found("backend/runtime.txt", "runtime-txt-deprecated")
        assert editor.checks("runtime.txt") == []
        assert editor.logged() == []


async def test_the_answers_are_told_to_editors_that_ask_for_them(tmp_path: Path) -> None:
    told: list[list[tuple[str, str, str]]] = []

    def note(params: Any) -> None:
        told.append([(each.root, each.verdict, each.sentence) for each in params.apps])

    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.8\n"})
    async with editing(tmp_path, options={"answers": True}, notified=note) as editor:
        await editor.until_found(".python-version", "unsupported-runtime")
        await editor.until(lambda: told)
        (tmp_path / ".python-version").write_text("3.14\n", encoding="utf-8")
        await editor.client.workspace_execute_command_async(types.ExecuteCommandParams("pydeploy-lint.lint"))
        await editor.until(lambda: len(told) > 1)
    root = str(tmp_path)
    assert told[0] == [
        (
            root,
            "rejected",
            "Heroku would reject this push while choosing the Python release: 1 error (python-version::eol)",
        )
    ]
    [(_, verdict, sentence)] = told[-1]
    assert verdict == "builds"
    assert sentence.startswith("Heroku would build this app with Python 3.14")


PLUG_IN = """
from pydeploy_lint.plugin import Problem, Severity, Span, check

@check("noisy", severity=Severity.NOTE)
def noisy(app):
    '''Prints, and fails.'''
    print("Content-Length: 5")
    if app.files.source("spoil"):
        yield Problem(None, Span("spoil"))
    raise RuntimeError("no")
"""


async def test_a_faulty_plug_in_does_not_end_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, app = tmp_path / "site", tmp_path / "app"
    write_tree(
        tmp_path,
        {
            "site/noisy.py": PLUG_IN,
            "site/noisy-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: noisy\nVersion: 1.0\n",
            "site/noisy-1.0.dist-info/entry_points.txt": f"[{GROUP}]\nnoisy = noisy\nabsent = absent\n",
            **{f"app/{path}": text for path, text in DEPRECATED.items()},
        },
    )
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=":")
    async with editing(app) as editor:
        await editor.until_found("runtime.txt", "runtime-txt-deprecated")
        editor.open("spoil", "")
        await editor.until(lambda: len(editor.logged()) == 3)
        await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    unloaded, failed, spoilt = editor.logged()
    assert unloaded == (
        "plug-in 'absent' of noisy (absent) could not be loaded: ModuleNotFoundError: No module named 'absent'"
    )
    assert failed == f"{app}: check noisy failed: RuntimeError: no"
    assert spoilt == f"{app}: check noisy failed: it yielded message: NoneType, not str"


async def test_the_server_goes_on_after_an_impossible_message(editor: Editor) -> None:
    editor.write(DEPRECATED)
    await editor.until_found("runtime.txt", "runtime-txt-deprecated")
    never_opened(editor)
    editor.open("runtime.txt", "python-3.8\n")
    await editor.until_found("runtime.txt", "runtime-txt-deprecated", "unsupported-runtime")
    assert any("KeyError" in message for message in editor.logged())
    assert editor.client.messages == []


def never_opened(editor: Editor) -> None:
    """Change a document that is not open, which a client must not do."""
    identifier = types.VersionedTextDocumentIdentifier(2, editor.uri("x"))
    changes = [types.TextDocumentContentChangeWholeDocument("x")]
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))
