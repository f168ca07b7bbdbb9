"""Where a script of the app listens, or that it only asks others for messages, by the calls that it makes.

The servers are in ``listeners.json``, with the defaults of their parameters.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.facts.code.execution import Execution, Made, run_script
from pydeploy_lint.facts.code.objects import Call, External, Function, Member, Objects, Scope, root_name
from pydeploy_lint.facts.code.python_source import span_of
from pydeploy_lint.facts.code.readings import UNKNOWN, Reading, read_value
from pydeploy_lint.facts.processes.run import Run, resolve_path
from pydeploy_lint.facts.processes.servers import EVERYWHERE, Binding
from pydeploy_lint.files.data.package_data import load_json

if TYPE_CHECKING:
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

SERVES = re.compile(
    r"\bPORT\b|\b(?:flask|fastapi|aiohttp|sanic|quart|bottle|tornado|uvicorn|waitress|gunicorn|hypercorn|starlette"
    r"|litestar|falcon|dash|streamlit|gradio|nicegui|websockets|socketserver|twisted|cherrypy|werkzeug|wsgiref|django"
    r"|keep_alive|webserver)\b|http\.server|start_server|\bsocket\b|run_webhook|start_webhook|\bsubprocess\b|os\.system"
    r"|\bexec[vl]p?e?\("
)
"""What a program has in it that may listen somewhere, in ways that are not followed."""
COMMENT = re.compile(r"#[^\n]*")


class Listener(NamedTuple):
    """A call that makes a server listen."""

    name: str
    """The full name of what is called."""
    host: Reading
    port: Reading
    at: Span
    call: Call
    maybe: bool
    has_host: bool
    has_port: bool
    is_for_development: bool
    is_webhook: bool
    environment: tuple[str, ...]
    """The variables that take part although the code does not mention them."""
    host_parameter: tuple[str, int | None] | None = None
    """Name and number of the parameter that takes the host; None where it is not this call that does."""
    port_parameter: tuple[str, int | None] | None = None
    """The same of the port."""

    @property
    def binding(self) -> Binding:
        """Host and port as far as they are certain."""
        return Binding(_one(self.host), "$PORT" if "PORT" in self.port.variables else _one(self.port))


class Poller(NamedTuple):
    """A call, or a loop, that keeps a process busy without listening."""

    name: str
    """What is called; empty for a loop."""
    at: Span
    maybe: bool


class Program(NamedTuple):
    """A script that a process runs."""

    path: str
    run: Run
    execution: Execution
    listeners: tuple[Listener, ...]
    pollers: tuple[Poller, ...]
    may_serve: bool
    """Whether it has anything in it that may listen in ways that are not followed."""
    objects: Objects

    def literal(self, listener: Listener, node: ast.expr) -> object:
        """What an argument of a server surely is; None where that cannot be told."""
        scope = listener.call.scope
        found = read_value(self.objects, node, scope)
        is_certain = found.is_known and not found.variables and len(found.values) == 1
        return next(iter(found.values)) if is_certain else None

    def is_object(self, listener: Listener, node: ast.expr) -> bool:
        """Whether an argument of a server is surely no text: something made by a call, or a function."""
        found = self.objects.value(node, listener.call.scope)
        if isinstance(found, Call):
            return root_name(found).partition(".")[0] not in ("builtins", "os", "")
        return isinstance(found, Function)


def _one(reading: Reading) -> str | None:
    if not reading.is_known or reading.variables or len(reading.values) != 1:
        return None
    value = next(iter(reading.values))
    if value is None:
        return None
    return EVERYWHERE if value == "" else str(value)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_json(__file__, "listeners.json")
    return data


def script_path(tree: Tree, run: Run) -> tuple[str, tuple[str, ...]] | None:
    """The file that Python runs, and where its imports are looked for; None where that cannot be told."""
    if run.directory is None:
        return None
    if run.as_module:
        base = resolve_path(run.directory, run.program.text.replace(".", "/"))
        paths = (f"{base}.py", f"{base}/__main__.py")
        roots = (run.directory, "")
    elif re.fullmatch(r"python[\d.]*", run.name) and run.arguments:
        path = resolve_path(run.directory, run.arguments[0].text)
        paths = (path or "", f"{path}/__main__.py")
        roots = ((path or "").rpartition("/")[0], "")
    elif run.program.text.endswith(".py") and "/" in run.program.text:
        path = resolve_path(run.directory, run.program.text)
        paths, roots = (path or "", ""), ((path or "").rpartition("/")[0], "")
    else:
        return None
    found = next((path for path in paths if path.endswith(".py") and tree.is_file(path)), None)
    if found is None:
        return None
    if found.endswith("/__main__.py") and not run.as_module:
        roots = (found.rpartition("/")[0], "")
    return found, tuple(dict.fromkeys(roots))


def read_program(objects: Objects, tree: Tree, run: Run) -> Program | None:
    """What a script that a process runs listens on; None for what is no script of the app, or cannot be read."""
    found = script_path(tree, run)
    execution = run_script(objects, *found) if found else None
    if found is None or execution is None:
        return None
    listeners = [each for made in execution.made if made.call and (each := _listener(objects, made, made.call))]
    pollers = [poller for made in execution.made if (poller := _poller(objects, made))]
    may_serve = not execution.complete or any(
        SERVES.search(COMMENT.sub("", scope.source.text)) for scope in execution.modules
    )
    return Program(found[0], run, execution, tuple(listeners), tuple(pollers), may_serve, objects)


def called_names(objects: Objects, call: Call) -> set[str]:
    """The full names under which what is called may be known: ``flask.Flask.run``."""
    match call.of:
        case External(name=name):
            return {name}
        case Member(of=owner, name=method):
            names = objects.names(owner) or {root_name(owner)}
            return {f"{name}.{method}" for name in names if name}
    return set()


def _listener(objects: Objects, made: Made, call: Call) -> Listener | None:
    servers = _data()["servers"]
    name = next((name for name in called_names(objects, call) if name in servers), None)
    if name is None:
        return None
    entry = servers[name]
    node, scope = call.node, made.scope
    given = _Arguments(objects, node, scope, _constructor(call) if entry.get("constructor") else None)
    default_host, default_port = entry["defaults"]
    if "transport" in entry and not given.has(entry["transport"]):
        return None
    host, port = given.read(entry.get("host"), default_host), given.read(entry.get("port"), default_port)
    has_host, has_port = given.has(entry.get("host")), given.has(entry.get("port"))
    if "address" in entry:
        host, port = given.address(entry["address"])
        has_host = has_port = True
    if not given.is_complete or any(given.has([each, None]) for each in entry.get("elsewhere", ())):
        host = port = UNKNOWN
    if "bind" in entry and given.has(entry["bind"]):
        host, port = given.bind(entry["bind"])
        has_host = has_port = True
    if entry.get("constructor") and re.search(r"settings\.(?:host|port)|_(?:HOST|PORT)\b", scope.source.text):
        host = port = UNKNOWN
    takes_both = not entry.get("constructor") and not ("bind" in entry and given.has(entry["bind"]))
    return Listener(
        name,
        host,
        port,
        span_of(scope.source, node),
        call,
        made.maybe,
        has_host,
        has_port,
        bool(entry.get("development")),
        bool(entry.get("webhook")),
        tuple(entry.get("environment", ())),
        _parameter(entry.get("host")) if takes_both else None,
        _parameter(entry.get("port")) if takes_both else None,
    )


def _parameter(names: list[Any] | None) -> tuple[str, int | None] | None:
    return (names[0], names[1]) if names else None


def _constructor(call: Call) -> Call | None:
    owner = call.of.of if isinstance(call.of, Member) else None
    return owner if isinstance(owner, Call) else None


class _Arguments:
    """The arguments of a call, and of the one that made the object."""

    def __init__(self, objects: Objects, node: ast.Call, scope: Scope, made_by: Call | None) -> None:
        self._objects = objects
        self._node = node
        self._scope = scope
        self._made_by = made_by
        parts = [(node, scope), *([(made_by.node, made_by.scope)] if made_by else [])]
        self.is_complete = not any(isinstance(each, ast.Starred) for part, _ in parts for each in part.args) and all(
            each.arg for part, _ in parts for each in part.keywords
        )

    def _find(self, names: list[Any] | None) -> tuple[ast.expr, Scope] | None:
        if names is None:
            return None
        keyword, index = names
        for each in self._node.keywords:
            if each.arg == keyword:
                return each.value, self._scope
        if index is not None and index < len(self._node.args):
            return self._node.args[index], self._scope
        for each in self._made_by.node.keywords if self._made_by else ():
            if each.arg == keyword and self._made_by:
                return each.value, self._made_by.scope
        return None

    def has(self, names: list[Any] | None) -> bool:
        """Whether a parameter is given."""
        return self._find(names) is not None

    def read(self, names: list[Any] | None, default: str | None) -> Reading:
        """What a parameter is given, or else its default; where the default is `None`, the same."""
        standard = Reading(variables=frozenset({"PORT"})) if default == "$PORT" else Reading(frozenset({default}))
        if default is None:
            standard = UNKNOWN
        found = self._find(names)
        if found is None:
            return standard
        given = read_value(self._objects, found[0], found[1])
        if None in given.values:
            given = given._replace(values=given.values - {None}) | standard
        return given

    def address(self, names: list[Any]) -> tuple[Reading, Reading]:
        """Host and port of a pair."""
        found = self._find(names)
        node = found[0] if found else None
        if found and isinstance(node, ast.Name):
            bindings = found[1].block.bindings.get(node.id, [])
            node = bindings[0].node if len(bindings) == 1 else None  # type: ignore[assignment]
        if found and isinstance(node, ast.Tuple) and len(node.elts) >= 2:
            host, port = (read_value(self._objects, each, found[1]) for each in node.elts[:2])
            return host, port
        return UNKNOWN, UNKNOWN

    def bind(self, names: list[Any]) -> tuple[Reading, Reading]:
        """Host and port of ``HOST:PORT``."""
        found = self._find(names)
        given = read_value(self._objects, found[0], found[1]) if found else UNKNOWN
        text = _one(given)
        if text is None:
            return UNKNOWN, UNKNOWN
        host, colon, port = text.split(" ")[0].rpartition(":")
        if not colon or " " in text:
            return UNKNOWN, UNKNOWN
        return Reading(frozenset({EVERYWHERE if host == "*" else host})), Reading(frozenset({port}))


def _poller(objects: Objects, made: Made) -> Poller | None:
    at = span_of(made.scope.source, made.node)
    if made.call is None:
        return Poller("", at, made.maybe)
    polling = _data()["polling"]
    for name in called_names(objects, made.call):
        owner, _, method = name.rpartition(".")
        for package, wanted in polling["methods"]:
            if method == wanted and (owner == package or owner.startswith(f"{package}.")):
                return Poller(name, at, made.maybe)
        if name in polling["functions"]:
            return Poller(name, at, made.maybe)
    return None
