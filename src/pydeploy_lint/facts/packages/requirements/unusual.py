"""The lines of a requirements file that are not plain: options, URLs, paths, editables, and whatever pip refuses.

pip-requirements-parser reads options and takes URLs apart; packaging, which pip uses too, judges names, versions and
markers. What is accepted is decided here, as pip 26.2 does, because pip-requirements-parser follows pip 22.
"""

import posixpath
import re
import shlex
import urllib.parse
from functools import cache
from optparse import OptionParser

from packaging.markers import Marker
from packaging.requirements import Requirement as NamedRequirement
from packaging.utils import parse_wheel_filename
from pip_requirements_parser import Link, OptionParsingError, build_parser, is_archive_file, vcs_all_schemes

from pydeploy_lint.facts.packages.requirements.lines import Line
from pydeploy_lint.facts.packages.requirements.refusals import WINDOWS_PATH, explain
from pydeploy_lint.facts.packages.requirements.statements import Include, Option, Refusal, Requirement, Statement
from pydeploy_lint.files.tree import Tree
from pydeploy_lint.finding import Span

REMOVED_OPTIONS = (
    "--install-option",
    "--global-option",
    "--allow-all-external",
    "--allow-external",
    "--allow-unverified",
    "--always-unzip",
    "--no-use-wheel",
    "--requirements",
)
"""Options that pip-requirements-parser reads and pip 26.2 does not have."""
VCS_SCHEMES = frozenset(vcs_all_schemes)
URL_SCHEMES = VCS_SCHEMES | {"http", "https", "file", "ftp"}
_STRONG_HASH = re.compile(r"(?:sha256|sha384|sha512):.*", re.DOTALL)
_EGG = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)


class Refused(Exception):
    """pip gives up at a line; `part` is what is to blame, all of the line where it is empty. See `Refusal`."""

    def __init__(
        self, message: str, help_text: str = "", part: str = "", *, absent: bool = False, instead: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_text
        self.part = part
        self.absent = absent
        self.instead = instead


def parse_unusual(line: Line, tree: Tree, *, constraint: bool) -> Statement:
    """What a line says, whatever its form.

    Args:
        line: a logical line.
        tree: the app, in which pip looks for directories and archives.
        constraint: whether it is a line of a constraints file.
    """
    try:
        return _statement(line, tree, constraint=constraint)
    except Refused as refused:
        at = _last(line, refused.part)
        return Refusal(at, line.text, refused.message, refused.help, refused.absent, refused.instead)
    except RecursionError:
        return Refusal(line.span(), line.text, "has a condition that is nested too deeply", "Write a shorter one.")


def _statement(line: Line, tree: Tree, *, constraint: bool) -> Statement:
    # pip takes everything from the first word that begins with a hyphen for options.
    first_option = re.search(r"(?:^| )(?=-)", line.text)
    arguments = line.text[: first_option.start()].rstrip() if first_option else line.text
    options = _read_options(line.text[first_option.end() :]) if first_option else {}
    editables = options.get("editables")
    if arguments or editables:
        if editables:
            requirement = _editable(line, arguments or editables[0], tree, constraint=constraint)
        else:
            requirement = _installable(line, arguments, tree)
        if constraint and (requirement.extras or not requirement.name):
            what = "extras" if requirement.extras else "no name"
            raise Refused(f"has {what}, which pip does not accept in a constraints file", "Write NAME==VERSION.")
        return requirement._replace(line=line.span(), hashed="hashes" in options, constraint=constraint)
    for name in ("requirements", "constraints"):
        if target := options.get(name, [""])[0]:
            return Include(target, _last(line, target), name == "constraints")
    name, values = next(iter(options.items()), ("", []))
    return Option(name, tuple(values), line.span())


def _read_options(text: str) -> dict[str, list[str]]:
    try:
        words = shlex.split(text)
    except ValueError:
        raise Refused("has a quotation mark without its counterpart", part=text) from None
    values = _option_parser().get_default_values()
    try:
        _option_parser().parse_args(words, values)
    except OptionParsingError as error:
        reason = error.msg.rpartition("error: ")[2].strip()
        help_text = "Remove the option: pip reads few options in a requirements file."
        raise Refused(f"has an option that pip refuses: {reason}", help_text, text) from None
    given = {name: value for name, value in vars(values).items() if value}
    options = {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}
    for value in options.get("hashes", ()):
        if not _STRONG_HASH.fullmatch(value):
            help_text = "Let pip-compile --generate-hashes or uv pip compile --generate-hashes write the hashes."
            raise Refused("has a --hash that does not begin with sha256:, sha384: or sha512:", help_text, value)
    for value in options.get("config_settings", ()):
        if "=" not in value:
            raise Refused("has a --config-settings without an =", "Write --config-settings KEY=VALUE.", value)
    return options


@cache
def _option_parser() -> OptionParser:
    parser: OptionParser = build_parser()
    for name in REMOVED_OPTIONS:
        parser.remove_option(name)
    # pip-requirements-parser calls both -r and the removed --requirements one option.
    parser.add_option("-r", "--requirement", action="append", dest="requirements")
    parser.add_option("-C", "--config-settings", action="append")
    parser.add_option("--all-releases", action="append")
    parser.add_option("--only-final", action="append")
    parser.add_option("--no-require-hashes", action="store_true")
    # A list as default would be shared by all lines.
    parser.set_defaults(**dict.fromkeys(parser.defaults))
    return parser


def _editable(line: Line, text: str, tree: Tree, *, constraint: bool) -> Requirement:
    if constraint:
        raise Refused("is editable, which a constraint must not be", "Write the requirement without -e.", text)
    try:
        named = NamedRequirement(text)
    except ValueError:
        named = None
    if named and named.url:
        return _found(line, named.name, text, url=named.url, marker=named.marker, editable=True)
    path, extras = _split_extras(text)
    if _is_directory(tree, path):
        return _found(line, None, text, url=_project(tree, path), extras=extras, editable=True)
    scheme = _scheme(text)
    if scheme == "file":
        return _found(line, None, text, url=path, extras=extras, editable=True)
    url = f"{scheme}+{text}" if scheme in ("git", "hg", "svn", "bzr") else text
    if _scheme(url) not in VCS_SCHEMES:
        message = "is editable, but neither a directory of the app nor the URL of a repository"
        raise Refused(
            message, "Commit the directory, or drop -e to install from the index.", text, absent="://" not in text
        )
    name = _egg(url)
    if not name:
        raise Refused("is an editable URL that does not say its name", "Write NAME @ URL after -e.", text)
    return _found(line, name, text, url=url, editable=True)


def _installable(line: Line, text: str, tree: Tree) -> Requirement:
    is_url = _scheme(text) in URL_SCHEMES
    what, _, condition = text.partition("; " if is_url else ";")
    what, marker = what.strip(), condition.strip()
    if marker:
        try:
            Marker(marker)
        except ValueError:
            help_text = 'A condition looks like ; python_version < "3.12" or ; sys_platform == "win32".'
            raise Refused("has a condition after the semicolon that pip cannot read", help_text, marker) from None
    if is_url:
        return _found(line, _name_in(what), what, url=what, marker=marker)
    if WINDOWS_PATH.match(what):
        raise Refused(*explain(what, "it is a path")[:2], part=what)
    path, extras = _split_extras(what)
    if ("/" in what or what.startswith(".")) and _is_directory(tree, path):
        return _found(line, None, what, url=_project(tree, path), marker=marker, extras=extras)
    if is_archive_file(path) and (_is_file(tree, path) or not _is_direct_reference(what)):
        return _found(line, _wheel_name(posixpath.basename(path)), what, url=path, marker=marker, extras=extras)
    try:
        named = NamedRequirement(what)
    except ValueError as error:
        found = explain(what, str(error).partition("\n")[0])
        raise Refused(found.message, found.help, what, absent="/" in path, instead=found.instead) from None
    if named.url:
        _name_in(named.url)
    written = re.match(r"[\w.-]+", what)
    return _found(
        line,
        named.name,
        written[0] if written else what,
        url=named.url,
        marker=marker,
        specifier=str(named.specifier),
        extras=tuple(sorted(named.extras)),
    )


def _found(
    line: Line,
    name: str | None,
    place: str,
    *,
    url: str | None,
    marker: object = "",
    specifier: str = "",
    extras: tuple[str, ...] = (),
    editable: bool = False,
) -> Requirement:
    return Requirement(
        name=name,
        at=_span(line, line.text.find(place), place),
        line=line.span(),
        extras=extras,
        specifier=specifier,
        marker=str(marker or "") or None,
        url=url,
        editable=editable,
    )


def _last(line: Line, part: str) -> Span:
    """Where the value of an option, or another thing at the end of a line, is written."""
    return _span(line, line.text.rfind(part) if part else -1, part)


def _span(line: Line, start: int, part: str) -> Span:
    # What is quoted or escaped is not written as it is meant: the line stands for it.
    return line.span(start, start + len(part)) if start >= 0 else line.span()


def _scheme(text: str) -> str:
    try:
        return urllib.parse.urlsplit(text).scheme
    except ValueError:
        raise Refused(*explain(text, "it is not a URL either")[:2]) from None


def _link(url: str) -> Link:
    try:
        return Link(url)
    except ValueError:
        raise Refused("has an address that is no URL", "Correct the URL.", url) from None


def _split_extras(text: str) -> tuple[str, tuple[str, ...]]:
    path, bracket, inside = text.rpartition("[")
    if not (path and bracket and len(inside) > 1 and inside.endswith("]")):
        return text, ()
    return path.rstrip(), tuple(extra.strip() for extra in inside[:-1].split(","))


def _is_directory(tree: Tree, path: str) -> bool:
    return not path.startswith("/") and tree.is_directory(posixpath.normpath(path))


def _is_file(tree: Tree, path: str) -> bool:
    return not path.startswith("/") and tree.is_file(posixpath.normpath(path))


def _is_direct_reference(text: str) -> bool:
    """Whether an archive's name is that of a ``NAME @ URL``."""
    name, at, _ = text.partition("@")
    return bool(at) and "/" not in name and not name.startswith(".")


def _project(tree: Tree, path: str) -> str:
    """The path of a directory that pip can install."""
    if not any(_is_file(tree, f"{path}/{name}") for name in ("setup.py", "pyproject.toml")):
        message = "is a directory without a setup.py or pyproject.toml, which pip cannot install"
        raise Refused(message, "Name a directory that holds a Python project, or drop the line.", path, absent=True)
    return path


def _name_in(url: str) -> str | None:
    egg = _egg(url)
    return _wheel_name(_link(url).filename) or egg


def _wheel_name(filename: str) -> str | None:
    if not filename.endswith(".whl"):
        return None
    try:
        return str(parse_wheel_filename(filename)[0])
    except ValueError:
        help_text = "A wheel is called NAME-VERSION-PYTHON-ABI-PLATFORM.whl: give it its own name back."
        raise Refused(f"names a wheel whose file name pip cannot read: {filename}", help_text, filename) from None


def _egg(url: str) -> str | None:
    name: str | None = _link(url).egg_fragment
    if name is not None and not _EGG.fullmatch(name):
        raise Refused(f"has #egg={name}, which is not a plain name", "Write NAME[EXTRA] @ URL.", f"#egg={name}")
    return name
