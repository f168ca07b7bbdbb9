"""A project of a uv workspace, compared with what a uv.lock recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.uv import requirements as uv_requirements
from pydeploy_lint.facts.locks.uv import shapes as uv_shapes
from pydeploy_lint.facts.locks.uv.groups import flatten_groups
from pydeploy_lint.facts.locks.uv.requirements import canonical_version, parse, read_declared, read_recorded, strings
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import member, table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.facts.locks.python_range import PythonRange
    from pydeploy_lint.facts.locks.uv.options import Options
    from pydeploy_lint.facts.locks.uv.workspace import Project, Workspace

EXTRAS_REVISION = 1
"""From this revision of the format on a lock lists extras, and groups that are empty."""
METADATA_FREE_REVISION = 4
"""From this revision on a lock may leave out what it recorded of the projects."""
DEPENDENCY_KEYS = frozenset({"dependencies", "dev-dependencies", "optional-dependencies"})
"""The keys of a package in a lock; one without any of them, and without metadata, was locked without requirements."""
BUILT_KEYS = ("dependencies", "optional-dependencies")
"""What uv asks the build backend for, where ``[project]`` leaves it open; else it needs no build."""
DEPENDENCIES = ("project", "dependencies")
OPTIONAL = ("project", "optional-dependencies")
SOURCES = ("tool", "uv", "sources")


def refusals(project: Project) -> Iterator[Reason]:
    """What in a pyproject.toml ends uv with an error, whatever is in the lock."""
    yield from uv_shapes.refusals(project)
    if "project" in project.value:
        yield from _requirement_refusals(project)
    yield from _name_refusals(project)


def _requirement_refusals(project: Project) -> Iterator[Reason]:
    stated = table(project.value, "project")
    for key in ("name", "version"):
        if key not in stated and not (key == "version" and _is_dynamic(project, "version")):
            yield Reason(f"[project] has no {key}", project.path, ("project",))
    entries = strings(member(project.value, *DEPENDENCIES), DEPENDENCIES)
    for extra, items in table(project.value, *OPTIONAL).items():
        entries += strings(items, (*OPTIONAL, extra))
    for group, items in table(project.value, "dependency-groups").items():
        entries += strings(items, ("dependency-groups", group))
    entries += strings(project.uv.get("dev-dependencies"), ("tool", "uv", "dev-dependencies"))
    for text, keys in entries:
        if parse(text, {}) is None:
            yield Reason(f"{text!r} is not a requirement", project.path, keys)


def source_refusals(project: Project, workspace: Workspace, options: Options) -> Iterator[Reason]:
    """The sources of what a project asks for that lead to a member, or an index, that there is not."""
    if options.values is None or not options.keys:
        return
    members = {each.name for each in workspace.projects}
    indexes = {index.get("name") for each in (project, workspace.root) for index in tables(each.uv.get("index"))}
    sources = uv_requirements.sources_of([project, workspace.root], options.values)
    for name in sorted(_asked(project) & sources.keys()):
        source = sources[name]
        for each in tables(source) if isinstance(source, list) else [table(source)]:
            if each.get("workspace") is True and workspace.is_complete and name not in members:
                message = f"[tool.uv.sources] takes {name} from the workspace, of which it is not a member"
                yield Reason(message, project.path, SOURCES)
            elif isinstance(index := each.get("index"), str) and index not in indexes:
                message = (
                    f"[tool.uv.sources] takes {name} from the index {index}, which [[tool.uv.index]] does not have"
                )
                yield Reason(message, project.path, SOURCES)


def _asked(project: Project) -> set[str]:
    """The names of all that a project asks for, where uv does not leave that to the build backend."""
    if any(_is_dynamic(project, key) for key in BUILT_KEYS):
        return set()
    entries = strings(member(project.value, *DEPENDENCIES), DEPENDENCIES)
    for items in (*table(project.value, *OPTIONAL).values(), *table(project.value, "dependency-groups").values()):
        entries += strings(items, ())
    parsed = (parse(text, {}) for text, _ in entries)
    return {requirement.name for requirement in parsed if requirement is not None}


def _name_refusals(project: Project) -> Iterator[Reason]:
    """Extras and groups that have the same name but for the spelling, and groups that are included but not there."""
    for keys in (OPTIONAL, ("dependency-groups",)):
        seen: dict[str, str] = {}
        for name in table(project.value, *keys):
            if (other := seen.setdefault(canonical(name), name)) != name:
                yield Reason(f"{other} and {name} in [{'.'.join(keys)}] are the same name", project.path, (*keys, name))
    groups = table(project.value, "dependency-groups")
    names = {canonical(name) for name in groups}
    for group, items in groups.items():
        for index, item in enumerate(items if isinstance(items, list) else ()):
            included = member(item, "include-group")
            if isinstance(included, str) and canonical(included) not in names:
                message = f"the dependency group {group} includes {included}, which is not there"
                yield Reason(message, project.path, ("dependency-groups", group, index))


def unknowns(project: Project) -> Iterator[Reason]:
    """What of a project only its build backend can tell."""
    if any(_is_dynamic(project, key) for key in BUILT_KEYS):
        message = "[project] dynamic leaves to the build backend what uv.lock depends on"
        yield Reason(message, project.path, ("project", "dynamic"))


def _is_dynamic(project: Project, key: str) -> bool:
    dynamic = member(project.value, "project", "dynamic")
    return isinstance(dynamic, list) and key in dynamic


def member_differences(workspace: Workspace, lock: dict[str, object]) -> Iterator[Reason]:
    """The members of the workspace that have come or gone since the lock was made."""
    root, projects = workspace.root, workspace.projects
    if not workspace.is_complete:
        return
    recorded = member(lock, "manifest", "members")
    locked = {canonical(name) for name in recorded if isinstance(name, str)} if isinstance(recorded, list) else set()
    alone = projects == [root]
    names = set() if alone else {project.name: project for project in projects if project.name}.keys()
    for project in projects:
        if project.name in names - locked:
            message = f"the workspace has the member {project.name}, which is not in uv.lock"
            yield Reason(message, project.path, ("project", "name"))
    for name in sorted(locked - names):
        message = f"the workspace no longer has the member {name}, as uv.lock has it"
        yield Reason(message, root.path, ("tool", "uv", "workspace", "members"))


def differences(
    project: Project,
    workspace: Workspace,
    lock: dict[str, object],
    pythons: PythonRange,
    options: Options,
) -> Iterator[Reason]:
    """What of a project has changed since the lock was made."""
    package = _locked_package(project, lock)
    if package is None:
        message = f"the project is named {project.name}, and uv.lock has no such project"
        yield Reason(message, project.path, ("project", "name"))
        return
    yield from _kind_difference(project, workspace, package)
    yield from _version_difference(project, package)
    metadata = table(package, "metadata")
    revision = lock.get("revision", 0)
    may_lack_metadata = not isinstance(revision, int) or revision >= METADATA_FREE_REVISION
    if may_lack_metadata and not metadata and not DEPENDENCY_KEYS.isdisjoint(package):
        return
    sources = uv_requirements.sources_of([project, workspace.root], options.values)
    with_extras = not isinstance(revision, int) or revision >= EXTRAS_REVISION
    if not any(_is_dynamic(project, key) for key in BUILT_KEYS):
        if with_extras:
            yield from _extra_differences(project, metadata)
        yield from _requirement_differences(project, metadata, sources, pythons)
    yield from _group_differences(project, table(metadata, "requires-dev"), sources, pythons, empty_ones=with_extras)


def _locked_package(project: Project, lock: dict[str, object]) -> dict[str, object] | None:
    packages = lock.get("package")
    for package in packages if isinstance(packages, list) else ():
        source = table(package, "source")
        if source.keys() & {"virtual", "editable", "directory"} and member(package, "name") == project.name:
            return table(package)
    return None


def _kind_difference(project: Project, workspace: Workspace, package: dict[str, object]) -> Iterator[Reason]:
    stated = project.uv.get("package")
    if not workspace.is_complete and not isinstance(stated, bool):
        return  # another member may require it
    required = project.name in _required_members(workspace.files)
    is_package = stated if isinstance(stated, bool) else "build-system" in project.value or required
    was_package = "virtual" not in table(package, "source")
    if is_package != was_package:
        now = "is a package" if is_package else "is not a package"
        was = "as one" if was_package else "as none"
        keys = ("tool", "uv", "package") if isinstance(stated, bool) else ("build-system",)
        message = f"the project {project.name} {now} ([build-system], [tool.uv] package), but uv.lock has it {was}"
        yield Reason(
            message, project.path, keys if "build-system" in project.value or stated is not None else ("project",)
        )


def _required_members(projects: list[Project]) -> set[str]:
    """The members that others, or the root, name as sources of the workspace."""
    names = set()
    for project in projects:
        for name, source in table(project.uv, "sources").items():
            alternatives = source if isinstance(source, list) else [source]
            if canonical(name) != project.name and any(member(item, "workspace") is True for item in alternatives):
                names.add(canonical(name))
    return names


def _version_difference(project: Project, package: dict[str, object]) -> Iterator[Reason]:
    version, locked = member(project.value, "project", "version"), package.get("version")
    path, keys = project.path, ("project", "version")
    if _is_dynamic(project, "version"):
        if isinstance(locked, str):
            message = f"the version of {project.name} is dynamic, but uv.lock was made for {locked}"
            yield Reason(message, path, ("project", "dynamic"))
    elif isinstance(version, str) and locked is None:
        yield Reason(f"the version of {project.name} is {version}, but uv.lock has it as dynamic", path, keys)
    elif isinstance(version, str) and isinstance(locked, str):
        one, two = canonical_version(version), canonical_version(locked)
        if one is not None and two is not None and one != two:
            yield Reason(f"the version of {project.name} is {version}, but uv.lock was made for {locked}", path, keys)


def _extra_differences(project: Project, metadata: dict[str, object]) -> Iterator[Reason]:
    declared = {canonical(name): name for name in table(project.value, *OPTIONAL)}
    recorded = metadata.get("provides-extras")
    locked = {canonical(name) for name in recorded if isinstance(name, str)} if isinstance(recorded, list) else set()
    for name in declared.keys() - locked:
        message = f"[project.optional-dependencies] has {declared[name]}, which is not in uv.lock"
        yield Reason(message, project.path, (*OPTIONAL, declared[name]))
    for name in sorted(locked - declared.keys()):
        message = f"[project.optional-dependencies] no longer has {name}, as uv.lock has it"
        yield Reason(message, project.path, OPTIONAL)


def _requirement_differences(
    project: Project, metadata: dict[str, object], sources: Mapping[str, object], pythons: PythonRange
) -> Iterator[Reason]:
    declared, unknown = read_declared(strings(member(project.value, *DEPENDENCIES), DEPENDENCIES), sources)
    for extra, items in table(project.value, *OPTIONAL).items():
        more, unknown_more = read_declared(strings(items, (*OPTIONAL, extra)), sources, extra=canonical(extra))
        declared += more
        unknown |= unknown_more
    locked = read_recorded(metadata.get("requires-dist"))
    where = "[project]"
    yield from uv_requirements.compare(
        declared, unknown, locked, path=project.path, keys=DEPENDENCIES, where=where, pythons=pythons
    )


def _group_differences(
    project: Project,
    recorded: dict[str, object],
    sources: Mapping[str, object],
    pythons: PythonRange,
    *,
    empty_ones: bool,
) -> Iterator[Reason]:
    """Where groups differ; what one includes from another is told of the other, if it differs there as well."""
    found = list(_differences_by_group(project, recorded, sources, pythons, empty_ones=empty_ones))
    own = {reason.keys for group, reason in found if reason.keys[: len(group)] == group}
    yield from (reason for group, reason in found if reason.keys[: len(group)] == group or reason.keys not in own)


def _differences_by_group(
    project: Project,
    recorded: dict[str, object],
    sources: Mapping[str, object],
    pythons: PythonRange,
    *,
    empty_ones: bool,
) -> Iterator[tuple[tuple[str, ...], Reason]]:
    written = {canonical(name): name for name in table(project.value, "dependency-groups")}
    groups = flatten_groups(project)
    if not empty_ones:
        groups = {
            name: entries for name, entries in groups.items() if entries or (entries is None and name in recorded)
        }
        recorded = {name: entries for name, entries in recorded.items() if entries != []}
    for name, entries in groups.items():
        keys = ("dependency-groups", written[name]) if name in written else ("tool", "uv", "dev-dependencies")
        where = f"the dependency group {name}"
        if name not in recorded:
            yield keys, Reason(f"{where} is not in uv.lock", project.path, keys)
        elif entries is not None:
            declared, unknown = read_declared(entries, sources)
            locked = read_recorded(recorded[name])
            reasons = uv_requirements.compare(
                declared, unknown, locked, path=project.path, keys=keys, where=where, pythons=pythons
            )
            yield from ((keys, reason) for reason in reasons)
    for name in sorted(recorded.keys() - groups.keys()):
        message = f"the dependency group {name} is gone, and uv.lock still has it"
        yield (), Reason(message, project.path, ("dependency-groups",))


def root_group_differences(
    root: Project, lock: dict[str, object], pythons: PythonRange, options: Options
) -> Iterator[Reason]:
    """What has changed in the groups of a workspace root that is no project itself."""
    recorded = table(lock, "manifest", "dependency-groups")
    sources = uv_requirements.sources_of([root], options.values)
    yield from _group_differences(root, recorded, sources, pythons, empty_ones=False)
