"""What an app's Procfile starts: process types, what each runs, and how its server binds and what it serves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.command import Followed, Place, Run, Undecided, Word, follow, read_command
from pydeploy_lint.facts.processes.gunicorn_conf import NOTHING, GunicornConf, read_gunicorn_conf
from pydeploy_lint.facts.processes.procfile import Procfile, ProcfileEntry, read_procfile
from pydeploy_lint.facts.processes.servers import (
    Binding,
    Service,
    read_address,
    read_bindings,
    read_service,
    runs_manage_py,
)
from pydeploy_lint.facts.processes.targets import Target, read_target
from pydeploy_lint.files.names import APP_JSON, PROCFILE

if TYPE_CHECKING:
    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

WEB = "web"
RELEASE_PROCESS = "release"
POSTDEPLOY = "postdeploy"
MAKERS = ("bin/pre_compile", "bin/post_compile", ".gitmodules")
"""The build's hooks, and what says that Heroku fetches files from other repositories."""
HARMLESS = ("alembic", "django-admin", "flask", "manage.py", "mkdir", "sleep")
"""Programs that make no file that a program after them would need."""


class Unknown(NamedTuple):
    """Something that could not be told of a process."""

    text: str
    """A part of a sentence, such as ``what web serves``."""
    at: Span


class BoundAt(NamedTuple):
    """Where a server listens, and the place in a file that says so; the whole command for a default."""

    binding: Binding
    at: Span
    is_default: bool


class ProcessType:
    """One process type in force, and what its command runs.

    Attributes:
        name: such as ``web``.
        command: its text.
        at: the place of the command.
        name_at: the place of the name.
        runs: the programs that it starts, in order; empty where they cannot be told.
        undecided: why they cannot be told; None where they can.
    """

    def __init__(self, files: Files, source: Source, entry: ProcfileEntry, place: Place | None = None) -> None:
        self._files = files
        self._source = source
        self._start = entry.start
        self._place = place
        self.name = entry.name
        self.command = entry.command
        self.at = entry.command_at
        self.name_at = entry.name_at
        self.runs: tuple[Run, ...] = ()
        self.undecided: str | None = None
        try:
            self.runs = read_command(entry.command, entry.start, place)
        except Undecided as reason:
            self.undecided = str(reason)

    def span(self, start: int, end: int) -> Span:
        """The place between two offsets in the Procfile."""
        return self._source.span(start, end)

    @cached_property
    def services(self) -> list[Service]:
        """The servers known here among the programs."""
        return [service for service in map(read_service, self.runs) if service]

    @cached_property
    def server(self) -> Service | None:
        """The server that the process type is for; None where another program may be the one that listens."""
        if not self.services or len(self.services) > 1 or any(run.in_background for run in self.runs):
            return None
        last = self.services[0]
        in_front = any("nginx" in wrapper.text or "caddy" in wrapper.text for wrapper in last.run.wrappers)
        return None if in_front or last.run.conditional or last.run is not self.runs[-1] else last

    @cached_property
    def followed(self) -> Followed:
        """What its command runs, with what the scripts of the app run that it starts."""
        return follow(self.command, self._start, self._files.readable_source, self._place)

    def word_span(self, run: Run, word: Word) -> Span:
        """The place of a word of one of the programs in `followed`, in the command or in a script."""
        source = self._files.readable_source(run.script) if run.script else None
        return (source or self._source).span(word.start, word.end)

    @property
    def gaps(self) -> list[Unknown]:
        """What its command runs and cannot be told, in the command or in a script."""
        found = []
        for gap in self.followed.gaps:
            source = self._files.readable_source(gap.script) if gap.script else None
            found.append(Unknown(gap.reason, (source or self._source).span(gap.offset, gap.offset)))
        return found

    def may_prepare(self, run: Run) -> bool:
        """Whether the programs before one may make the files that it needs, as ``git clone`` does."""
        before = self.runs[: self.runs.index(run)]
        return any(each.name not in HARMLESS and not runs_manage_py(each) for each in before)

    @cached_property
    def _conf(self) -> GunicornConf:
        if not self.server or self.server.server.name != "gunicorn":
            return NOTHING
        return read_gunicorn_conf(self.server, self._files.source)

    @cached_property
    def target(self) -> Target | None:
        """What the server serves; None where that cannot be told.

        Raises:
            FileProblem: gunicorn's configuration cannot be read.
        """
        return read_target(self.server, self.span, self._conf) if self.server else None

    @cached_property
    def bindings(self) -> list[BoundAt]:
        """Where the server listens; empty where that cannot be told.

        Raises:
            FileProblem: gunicorn's configuration cannot be read.
        """
        if not self.server:
            return []
        server = self.server.server
        found = read_bindings(self.server)
        if server.name == "gunicorn" and not self.server.values(server.bind):
            if "bind" in self._conf.unknown:
                return []
            if constant := self._conf.constants.get("bind"):
                return [BoundAt(read_address(text, server.default), constant.at, False) for text in constant.values]
        program = self.server.run.program
        default_at = self.span(program.start, program.end)
        return [
            BoundAt(binding, self.span(word.start, word.end) if word else default_at, word is None)
            for binding, word in found
        ]


class Processes:
    """The processes of an app.

    Attributes:
        procfile: the Procfile as it is; None where there is none.
        types: the process types in force, by name; also where Heroku cannot see them because of the file's encoding.
    """

    def __init__(self, files: Files, declared: Declared) -> None:
        """Read the Procfile.

        Args:
            files: the app's files.
            declared: the buildpacks that may change them.

        Raises:
            FileProblem: the Procfile cannot be read.
        """
        self._files = files
        self._declared = declared
        source = files.source(PROCFILE)
        self.procfile: Procfile | None = read_procfile(source) if source else None
        self.types: dict[str, ProcessType] = {}
        if source and self.procfile:
            entries = self.procfile.process_types
            self.types = {name: ProcessType(files, source, entry) for name, entry in entries.items()}

    @property
    def web(self) -> ProcessType | None:
        """The process type that gets the requests."""
        return self.types.get(WEB)

    @cached_property
    def postdeploy(self) -> ProcessType | None:
        """What ``app.json`` has run once when a review app or an app of the Heroku Button is made; no process type.

        Raises:
            FileProblem: ``app.json`` cannot be read.
        """
        document = self._files.document(APP_JSON)
        scripts = document.get("scripts") if document else None
        command = scripts.get("postdeploy") if isinstance(scripts, dict) else None
        if document is None or not isinstance(command, str) or not command.strip():
            return None
        at, source = document.string_span("scripts", "postdeploy", start=0), document.source
        start = source.offset(at.line or 1, at.column or 1)
        end = source.offset(at.end_line or 1, at.end_column or 1)
        # With escapes in it the offsets in the string are not those in the file.
        place = None if source.text.startswith(command, start) else lambda _first, _last: (start, end)
        name_at = document.key_span("scripts", "postdeploy")
        entry = ProcfileEntry(POSTDEPLOY, command, at.line or 1, name_at, at, start, colon=True)
        return ProcessType(self._files, source, entry, place)

    @property
    def undecided(self) -> list[Unknown]:
        """What could not be told of the process types.

        Raises:
            FileProblem: gunicorn's configuration cannot be read.
        """
        found = [
            Unknown(f"what {each.name} runs: {each.undecided}", each.at)
            for each in self.types.values()
            if each.undecided
        ]
        web = self.web
        if web is None or web.undecided:
            return found
        if web.server is None:
            found.append(
                Unknown("whether web listens on the port that Heroku gives: its command does not tell", web.at)
            )
        elif any(None in bound.binding for bound in web.bindings) or not web.bindings:
            found.append(Unknown(f"where {web.server.server.name} listens", web.at))
        if web.server and web.server.server.serves_module and web.target is None:
            found.append(Unknown(f"what {web.server.server.name} serves", web.at))
        return found

    @cached_property
    def may_be_changed(self) -> bool:
        """Whether a hook, a submodule or a buildpack that is not Heroku's may make the Procfile or what it starts."""
        return any(map(self._files.tree.is_file, MAKERS)) or any(
            entry.reference.owner.lower() not in ("heroku", "heroku-community")
            for found in self._declared.buildpack_lists
            for entry in found.entries
        )
