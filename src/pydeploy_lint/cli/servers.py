"""The command line's servers: one for editors, one for agents."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pydeploy_lint.cli.apps import given_settings
from pydeploy_lint.cli.options.arguments import UsageError

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.engine.registry import Registry


def serve(arguments: argparse.Namespace, registry: Registry) -> None:
    """Run the server that the options ask for, until its client ends it.

    Raises:
        UsageError: an option is wrong, or what the server needs is not installed.
    """
    given, errors = given_settings(arguments, registry)
    if errors:
        raise UsageError(*errors)
    settings = {"suppressions": not arguments.no_suppressions, **given}
    if arguments.lsp:
        _serve_editor(arguments.paths, settings, registry)
    else:
        _serve_agent(arguments.paths, settings, registry)


def _serve_editor(paths: list[str], settings: dict[str, Any], registry: Registry) -> None:
    try:
        from pydeploy_lint.lsp.server import serve
    except ImportError as error:
        raise UsageError(f"--lsp: needs pygls ({error}): pip install 'pydeploy-lint[lsp]'") from error
    serve(paths, settings, registry)


def _serve_agent(paths: list[str], settings: dict[str, Any], registry: Registry) -> None:
    for path in paths:
        if not os.path.isdir(path):
            raise UsageError(f"--mcp: {path} is not a directory: give one in which the apps are")
    try:
        from pydeploy_lint.agents.server import serve
    except ImportError as error:
        raise UsageError(f"--mcp: needs the MCP SDK ({error}): pip install 'pydeploy-lint[mcp]'") from error
    from pydeploy_lint.agents.tools import Tools

    serve(Tools(paths, settings, registry))
