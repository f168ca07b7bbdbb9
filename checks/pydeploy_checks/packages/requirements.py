"""Requirements files: what pip rejects in them."""

import re
from collections.abc import Iterator

from pydeploy_checks.packages.lines import delete, replace
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Edit,
    Example,
    Fix,
    Problem,
    Requirement,
    Severity,
    canonical,
    check,
    masked,
)

URL = DEV_CENTER + "python-dependencies"
PIP_FAILS = "install-dependencies::pip"
APP = {".python-version": "3.13\n"}
INPUT = "requirements.in"
GENERATE = "Generate all hashes with a tool"
HASHES = "uv pip compile --generate-hashes requirements.in -o requirements.txt"
HASH = "--hash=sha256:" + 64 * "0"


def shorten(text: str) -> str:
    """The text of a line, short enough for a message, and without passwords."""
    text = masked(text)
    text = text if text.isprintable() else repr(text)[1:-1]
    return text if len(text) <= 60 else f"{text[:57]}..."


@check("invalid-requirement", severity=Severity.ERROR, url=URL)
def invalid_requirement(app: App) -> Iterator[Problem]:
    """The requirements file has a line that pip cannot read.

    pip stops at the first line that it does not understand and installs nothing, so Heroku rejects the push. The same
    happens if a file included with `-r` or `-c` does not exist, or if a file is not in the encoding that its first
    bytes or its coding line declare. UTF-16 works only with a byte order mark.

    ## How to fix

    Correct the line; each finding says how. To test without installing anything:

        pip install --dry-run --no-deps -r requirements.txt
    """
    for refusal in app.packages.requirements.refusals if app.packages.requirements else ():
        makers = _makers(app) if refusal.absent else []
        unless = f", unless {makers[0]} provides it" if makers else ""
        yield Problem(
            f"'{shorten(refusal.subject)}' {refusal.message}: pip fails, so Heroku rejects the push{unless}",
            refusal.at,
            help=refusal.help,
            fix=Fix(f"Write {refusal.instead}", (Edit(refusal.at, refusal.instead),)) if refusal.instead else None,
            severity=Severity.WARNING if makers else None,
            certain=not makers,
            failure_reason=None if makers else PIP_FAILS,
        )
    for each in app.packages.certain_requirements:
        exact = _impossible_version(each.specifier)
        if exact is not None:
            yield Problem(
                f"{each.name}==={exact} asks for a release whose version is exactly {exact or 'empty'}, and no version "
                "is written like that: pip finds none, so Heroku rejects the push",
                each.at,
                help="Use == in place of ===: only == takes .* and versions that mean the same.",
                fix=_with_two_signs(app, each, exact),
                failure_reason=PIP_FAILS,
            )


def _with_two_signs(app: App, requirement: Requirement, exact: str) -> Fix | None:
    """Ask with ``==`` for a version that only that operator takes; a suggestion, as it may take several."""
    if not re.fullmatch(r"\d+(\.\d+)*\.\*", exact, re.ASCII):
        return None
    edits = replace(app, requirement, "===", "==")
    return Fix(f"Write == in place of === for {requirement.name}", edits, safe=False) if edits else None


def _impossible_version(specifier: str) -> str | None:
    """What stands after ``===``, where that is no version of any release; it is compared as a string."""
    found = re.fullmatch(r"===([^,]*)", specifier.strip())
    exact = found[1].strip() if found else None
    return None if exact is None or re.fullmatch(r"v?\d[\w.+!-]*", exact, re.ASCII) else exact


invalid_requirement.examples(
    bad=[
        Example({**APP, "requirements.txt": "flask=3.1\n"}, at=("requirements.txt:1:1-1:10",)),
        Example({**APP, "requirements.txt": "six\n-r base.txt\n"}, at=("requirements.txt:2:4-2:12",)),
        Example({**APP, "requirements.txt": "six\nflask==3.1# web\n"}, at=("requirements.txt:2:1-2:16",)),
        Example({**APP, "requirements.txt": "six===1.*\n"}, at=("requirements.txt:1:1-1:4",)),
    ],
    good=[
        Example({**APP, "requirements.txt": 'flask[async] >= 3.1, < 4 ; python_version > "3.8" # web\n'}),
    ],
)


@check("partial-hashes", severity=Severity.ERROR, url=URL)
def partial_hashes(app: App) -> Iterator[Problem]:
    """Some requirements have a hash and others have none.

    If one line has `--hash`, or there is `--require-hashes`, pip requires a hash for every package that it installs,
    and rejects the others. Directories and repositories have none, so they cannot be installed.

    ## How to fix

    Generate all hashes with a tool:

        uv pip compile --generate-hashes requirements.in -o requirements.txt

    or remove them all.
    """
    if app.packages.requirements is None or any(
        option.name == "no_require_hashes" for option in app.packages.requirements.options
    ):
        return
    hashed = [
        each
        for each in (*app.packages.requirements.requirements, *app.packages.requirements.constraints)
        if each.hashed
    ]
    by_constraint = {canonical(each.name) for each in hashed if each.constraint and each.name}
    without = [
        each
        for each in app.packages.certain_requirements
        if not each.hashed and "#" not in (each.url or "") and canonical(each.name or "") not in by_constraint
    ]
    required = [option for option in app.packages.requirements.options if option.name == "require_hashes"]
    if (hashed or required) and without:
        others = f", like {len(without) - 1} more" if len(without) > 1 else ""
        because = (
            f"{_called(hashed[0])} in {hashed[0].at} has one" if hashed else f"{required[0].at} has --require-hashes"
        )
        has_input = app.files.tree.is_file(INPUT)
        generate = f"{GENERATE}, or remove them all:\n    {HASHES}"
        yield Problem(
            f"{_called(without[0])} has no --hash{others}, but {because}: "
            "pip requires a hash for every package, so Heroku rejects the push",
            without[0].at,
            help=generate if has_input else f"{GENERATE}, such as pip-compile, or remove them all.",
            failure_reason=PIP_FAILS,
            fix=Fix.by_hand(GENERATE, HASHES) if has_input else None,
        )


partial_hashes.examples(
    bad=[
        Example({**APP, "requirements.txt": f"flask==3.1 {HASH}\nsix==1.17\n"}, at=("requirements.txt:2:1-2:4",)),
        Example({**APP, "requirements.txt": "--require-hashes\nsix==1.17\n"}, at=("requirements.txt:2:1-2:4",)),
    ],
    good=[
        Example({**APP, "requirements.txt": f"flask==3.1 {HASH}\nsix==1.17 {HASH}\n"}),
        Example({**APP, "requirements.txt": f'flask==3.1 {HASH}\nsix==1.17; sys_platform == "win32"\n'}),
        Example({**APP, "requirements.txt": f"--no-require-hashes\nflask==3.1 {HASH}\nsix==1.17\n"}),
    ],
)


@check("conflicting-pins", severity=Severity.ERROR, url=URL)
def conflicting_pins(app: App) -> Iterator[Problem]:
    """Two lines ask for different versions of the same package.

    pip installs one version of a package. If two lines pin it to different versions, or one pins a version that the
    other excludes, in the same file or in an included or constraints file, pip fails and Heroku rejects the push. The
    same pin twice is fine.

    ## How to fix

    Keep one of the lines.
    """
    pins: dict[str, tuple[int, Requirement]] = {}
    mentions = [each for each in (*app.packages.certain_requirements, *app.packages.certain_constraints) if each.name]
    for position, each in enumerate(mentions):
        if _pinned_version(each):
            pins.setdefault(canonical(each.name or ""), (position, each))
    for position, each in enumerate(mentions):
        pinned_at, pin = pins.get(canonical(each.name or ""), (position, each))
        if pinned_at == position or not each.specifier or each.url or _agree(pin, each):
            continue
        # What is reported is the later of the two.
        first, second = (pin, each) if pinned_at < position else (each, pin)
        yield Problem(
            f"{second.name} {second.specifier} conflicts with {first.specifier} in {first.at}: "
            "pip fails, so Heroku rejects the push",
            second.at,
            help="Keep one of the two lines.",
            failure_reason=PIP_FAILS,
            fix=_keep(app, first, second),
            alternatives=tuple(filter(None, [_keep(app, second, first)])),
        )


def _keep(app: App, kept: Requirement, other: Requirement) -> Fix | None:
    """Keep one of two requirements; a suggestion, as nobody knows which is meant."""
    edits = delete(app, other)
    written = f"{kept.name}{kept.specifier}"
    return Fix(f"Keep {written} in {kept.at}, and delete {other.at}", edits, safe=False) if edits else None


conflicting_pins.examples(
    bad=[
        Example({**APP, "requirements.txt": "six==1.16\nflask\nSix==1.17\n"}, at=("requirements.txt:3:1-3:4",)),
        Example({**APP, "requirements.txt": "-c c.txt\nsix==1.16\n", "c.txt": "six==1.17\n"}, at=("c.txt:1:1-1:4",)),
        Example({**APP, "requirements.txt": "six>=1.17\nsix==1.16\n"}, at=("requirements.txt:2:1-2:4",)),
    ],
    good=[
        Example({**APP, "requirements.txt": "six==1.17\nsix==1.17.0\n"}),
        Example({**APP, "requirements.txt": "six>=1.16\nsix==1.17\n"}),
        Example({**APP, "requirements.txt": 'six==1.16; python_version < "3"\nsix==1.17\n'}),
    ],
)


@check("unpinned-requirements", severity=Severity.NOTE, url=URL)
def unpinned_requirements(app: App) -> Iterator[Problem]:
    """Requirements without an upper bound: a later build may install other versions.

    Heroku caches what it has installed, and installs again when the cache is cleared, or when the Python version, the
    stack or the file changes. A requirement without `==`, `~=` or `<` then jumps to the newest release, which may break
    the app although its code has not changed.

    ## How to fix

    Pin the versions, ideally with a tool that also pins indirect dependencies:

        uv pip compile requirements.in -o requirements.txt
    """
    bounded = {canonical(each.name) for each in app.packages.certain_constraints if each.name and _is_bounded(each)}
    names = [
        each
        for each in app.packages.certain_requirements
        if each.name and not each.url and not _is_bounded(each) and canonical(each.name) not in bounded
    ]
    if names:
        listed = ", ".join(each.name or "" for each in names[:5]) + (", ..." if len(names) > 5 else "")
        count = "1 requirement has" if len(names) == 1 else f"{len(names)} requirements have"
        yield Problem(
            f"{count} no upper bound ({listed}): a later build on Heroku may install other versions",
            names[0].at,
            help="Pin the versions:\n" + "\n".join(f"    {command}" for command in _pin(app)),
            fix=Fix.by_hand("Pin the versions", *_pin(app)),
        )


def _pin(app: App) -> list[str]:
    """The commands that pin all versions; what is asked for goes to a file of its own, where there is none yet."""
    keep = [] if app.files.tree.is_file(INPUT) else [f"mv requirements.txt {INPUT}"]
    return [*keep, f"uv pip compile {INPUT} -o requirements.txt"]


unpinned_requirements.examples(
    bad=[
        Example({**APP, "requirements.txt": "flask==3.1\nsix\nidna>=3\n"}, at=("requirements.txt:2:1-2:4",)),
    ],
    good=[
        Example({**APP, "requirements.txt": "flask==3.1\nsix~=1.17\nidna>=3,<4\n"}),
        Example({**APP, "requirements.txt": "-c c.txt\nsix\n", "c.txt": "six==1.17\n"}),
    ],
)


def _makers(app: App) -> list[str]:
    """What may provide a file that is not in the app."""
    return [*app.build.generators, *(["a git submodule"] if app.files.tree.is_file(".gitmodules") else [])]


def _called(requirement: Requirement) -> str:
    """How a message names a requirement: never by its URL, which may hold a password."""
    return requirement.name or "a requirement without a name"


def _is_bounded(requirement: Requirement) -> bool:
    return any(operator in requirement.specifier for operator in ("==", "~=", "<"))


def _pinned_version(requirement: Requirement) -> str | None:
    specifier = requirement.specifier
    if not specifier.startswith("==") or specifier.startswith("===") or "," in specifier or "*" in specifier:
        return None
    return specifier[2:].strip()


def _agree(pin: Requirement, other: Requirement) -> bool:
    """Whether the version of a pin is one that another requirement allows, as far as can be told."""
    pinned, version = _pinned_version(pin) or "", _pinned_version(other)
    if pinned == version:
        return True
    from packaging.specifiers import SpecifierSet

    try:
        # A pin without a local version, such as +cpu, allows every one.
        # What === asks for is a spelling of the version, and the release has one of its own: both may be meant.
        allowed = SpecifierSet(other.specifier.replace("===", "=="))
        return allowed.contains(pinned, prereleases=True) or (
            version is not None and SpecifierSet(pin.specifier).contains(version, prereleases=True)
        )
    except ValueError:
        return True
