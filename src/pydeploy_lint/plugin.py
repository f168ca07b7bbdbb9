"""What checks and other plug-ins may import; nothing else of pydeploy-lint is promised to them.

    from pydeploy_lint.plugin import App, Example, Problem, Severity, check

A name is imported when it is first asked for, so that a check costs no more than the facts it uses. Type checkers read
``plugin.pyi``, which `tools/generate.py` writes from the table below.
"""

from __future__ import annotations

from importlib import import_module

MODULES = {
    "engine.check": ("DEV_CENTER", "Example", "check"),
    "finding": ("Breaks", "Edit", "Finding", "Fix", "Problem", "Related", "Severity", "Span"),
    "engine.suppress.model": ("Origin", "Outcome", "Suppression"),
    "files.deployed": ("SLUGIGNORE",),
    "files.formats.documents": ("Document",),
    "files.names": ("APP_JSON", "MANAGE_PY", "PIPFILE_LOCK", "PROCFILE", "PYTHON_VERSION", "RUNTIME_TXT"),
    "files.source": ("FileProblem", "Source"),
    "files.tree": ("FileKind", "Withheld"),
    "heroku.platform": ("Change", "system_python"),
    "heroku.names": ("DATABASE_URL", "POSTGRES_ADDON"),
    "heroku.steps": ("Step",),
    "heroku.rules": ("Mode", "Rules"),
    "heroku.policy": ("MANAGER_TITLES", "Policy", "Status", "series_key", "series_of"),
    "facts.app": ("App",),
    "facts.build": ("COLLECTSTATIC_DISABLED",),
    "facts.extra": ("app_fact",),
    "facts.app_json.retired": ("RetiredUse", "retired_plans", "retired_sizes"),
    "facts.app_json.validate": ("Violation", "load_schema", "violations"),
    "facts.buildpacks.advice": (
        "OFFICIAL",
        "add_python",
        "builder",
        "buildpack_help",
        "buildpack_subject",
        "by_commands",
        "put_first",
        "remove",
        "replace",
        "replacement",
        "with_official_python",
        "with_replaced",
        "write",
    ),
    "facts.buildpacks.declaration": ("BuildpackEntry", "BuildpackList"),
    "facts.buildpacks.known": ("MOVERS", "OBSOLETE"),
    "facts.buildpacks.reference": ("BuildpackReference", "RefKind"),
    "facts.buildpacks.route": ("BuiltBy", "Route", "Setting", "decisive_list", "lacks_python", "segments"),
    "facts.code.modules.app_modules": ("app_modules",),
    "facts.code.addresses": ("Given", "given_addresses", "is_in_code", "is_rewritten"),
    "facts.code.edits": (
        "Argument",
        "call_on",
        "call_with",
        "expression_at",
        "give_arguments",
        "give_item",
    ),
    "facts.code.python_source": ("span_of",),
    "facts.code.defects.find": ("UndefinedName", "defect"),
    "facts.code.modules.import_lines": ("add_imports", "is_assigned_at_top"),
    "facts.code.modules.own_modules": ("find_own", "is_surely_missing", "lacks_name"),
    "facts.code.defects.syntax": ("SyntaxProblem",),
    "facts.packages.hints": ("Hint",),
    "facts.packages.imports.removed": ("Removal", "removal_of"),
    "facts.packages.imports.undeclared": ("Lack", "lack_of"),
    "facts.startup_imports": ("Import", "Phase", "certain_installed_apps"),
    "facts.django.evaluation.values": ("Value",),
    "facts.django.commands": ("checking_command",),
    "facts.django.hosts": (
        "HEROKU_DOMAIN",
        "USELESS",
        "HostKind",
        "corrected",
        "is_no_list",
        "is_text_of_environment",
        "kind_of",
    ),
    "facts.django.project": ("Django",),
    "facts.django.redis_urls": ("REDIS_VARIABLES", "CheckedUrl", "checked_urls"),
    "facts.django.static_files": (
        "MANIFEST_STORAGES",
        "WHITENOISE_MANIFEST",
        "collected",
        "missing_references",
        "relative_to_app",
        "static_directories",
    ),
    "facts.django.rewrite": ("add_setting", "where_added"),
    "facts.django.scheme": ("Told", "tells_of_https"),
    "facts.locks.freshness": ("MANIFESTS",),
    "facts.locks.poetry.constraint": ("poetry_allows",),
    "facts.locks.poetry.project": ("poetry_refusals",),
    "facts.locks.python_fit": ("POETRY_PYTHON", "lock_misfits", "misfits"),
    "facts.locks.uv.build_backend": ("missing_build_package",),
    "facts.locks.verdict": ("LockState", "Reason"),
    "facts.locks.wheels": ("LockedPackage", "is_for_python", "locked_packages"),
    "facts.packages.compatibility": (
        "Certainty",
        "Companions",
        "Conflict",
        "ConflictPhase",
        "conflicts",
        "has_compatibility_data",
        "is_installed",
        "newest_python_for",
    ),
    "facts.packages.installed.install_set": ("Answer", "InstallSet", "Installed", "Declared"),
    "facts.packages.markers": ("canonical",),
    "facts.packages.least_version": ("latest_allowed", "least_version"),
    "facts.packages.imports.modules": (
        "distributions",
        "is_known",
        "is_namespace",
        "name_removed_in",
        "removed_in",
        "requires_of",
        "substitutes",
    ),
    "facts.packages.names": ("uninstallable",),
    "facts.packages.provisioning": ("DatabaseProvisioning",),
    "facts.packages.psycopg2": ("PSYCOPG2", "psycopg2_is_too_old"),
    "facts.packages.requirements.statements": ("Requirement",),
    "files.credentials": ("masked",),
    "files.numbers": ("whole_number",),
    "facts.processes.application": ("Application", "Interface"),
    "facts.processes.command": ("Run", "Word", "resolve_path"),
    "facts.processes.listen": ("Listener", "Poller", "Program"),
    "facts.processes.options": ("KnownOptions", "known_options"),
    "facts.processes.processes": ("BoundAt", "ProcessType", "RELEASE_PROCESS", "WorkerClass"),
    "facts.processes.procfile": ("Ignored", "Procfile", "ProcfileEntry"),
    "facts.processes.servers": ("EVERYWHERE", "PORT", "Service"),
    "facts.processes.targets": (
        "ModuleState",
        "Resolution",
        "Target",
        "directory_of",
        "find_module",
        "lacks_attribute",
        "served_object",
    ),
    "facts.python.elsewhere": ("Mention", "python_mentions"),
    "facts.python.version": ("CACHED_ORIGIN", "DEFAULT_ORIGIN", "VersionRequest"),
    "facts.python.version_file": ("VERSION", "VersionFile", "VersionLine", "read_python_version_file"),
    "facts.python.version_text": ("read_version_text",),
    "settings.configuration": ("dotted", "shortened", "unknown_name"),
}
"""The modules whose names are public here."""

_HOMES = {name: module for module, names in MODULES.items() for name in names}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - computed from the table


def __getattr__(name: str) -> object:
    """A name of the table, imported now.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"pydeploy_lint.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
