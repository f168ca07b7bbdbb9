"""The checks of requirements files: what they report, where, and where they keep silent."""

import pytest
from pydeploy_checks.packages.requirements import (
    conflicting_pins,
    invalid_requirement,
    partial_hashes,
    unpinned_requirements,
)
from pydeploy_checks.packages.sources import (
    distro_requirement,
    git_protocol_requirement,
    local_path_requirement,
    private_requirement,
    windows_only_requirement,
)

from pydeploy_lint.engine.check import Check
from pydeploy_lint.finding import Edit, Finding, Fix, Severity, Span
from pydeploy_lint.testing import Directory, Files, lint_files

PIP_FAILS = "install-dependencies::pip"
SHA = "--hash=sha256:" + 64 * "0"


def findings(check: Check, requirements: str, others: Files | None = None) -> tuple[Finding, ...]:
    return lint_files({".python-version": "3.13\n", "requirements.txt": requirements, **(others or {})}, [check])


def reported(check: Check, requirements: str, others: Files | None = None) -> list[tuple[str, Severity, str | None]]:
    return [(str(each.at), each.severity, each.failure_reason) for each in findings(check, requirements, others)]


def test_invalid_requirement_stops_the_build() -> None:
    (finding,) = findings(invalid_requirement, "six\nflask=3.1\n")
    assert finding.message == (
        "'flask=3.1' has a single =, which is no operator: pip fails, so Heroku rejects the push"
    )
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, PIP_FAILS)


@pytest.mark.parametrize("line", ["-r base.txt", "./lib", "-e ./lib", "-e lib/core", "./empty"])
@pytest.mark.parametrize(
    ("file", "maker"), [("bin/pre_compile", "bin/pre_compile"), (".gitmodules", "a git submodule")]
)
def test_what_is_missing_may_yet_be_provided(line: str, file: str, maker: str) -> None:
    (finding,) = findings(invalid_requirement, line, {file: "", "empty": Directory()})
    assert (finding.severity, finding.certain, finding.failure_reason) == (Severity.WARNING, False, None)
    assert finding.message.endswith(f"Heroku rejects the push, unless {maker} provides it")


def test_what_is_wrong_in_itself_is_refused_in_any_case() -> None:
    (finding,) = findings(invalid_requirement, "a=1", {"bin/pre_compile": "", ".gitmodules": ""})
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, PIP_FAILS)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("-e https://ci:secret@h.example/x", "'-e https://*********@h.example/x'"),
        ("a=" + "1" * 100, "'a=" + "1" * 55 + "...'"),
        ("a\x1b[31m=1", r"'a\x1b[31m=1'"),
    ],
)
def test_invalid_requirement_is_shown_safely(line: str, shown: str) -> None:
    assert findings(invalid_requirement, line)[0].message.startswith(shown)


def test_requirements_are_not_read_where_another_manager_installs() -> None:
    assert lint_files({".python-version": "3.13\n", "uv.lock": "", "base.txt": "a=1"}, [invalid_requirement]) == ()


@pytest.mark.parametrize(
    ("requirements", "at"),
    [
        (f"six {SHA}\nidna\n", ["requirements.txt:2:1"]),
        (f"six {SHA}\nidna @ git+https://h.example/x\n-e git+https://h.example/y#egg=y\n", ["requirements.txt:2:1"]),
        (f"six; os_name == 'nt' {SHA}\nidna\n", ["requirements.txt:2:1"]),
        (f"six {SHA}\n-c c.txt\n", []),
        (f"six {SHA}\nidna @ https://h.example/x.zip#sha256=0\n", []),
        ("six\nidna\n", []),
    ],
)
def test_partial_hashes(requirements: str, at: list[str]) -> None:
    assert [str(each.at) for each in findings(partial_hashes, requirements, {"c.txt": "idna==3\n"})] == at


def test_hashes_may_be_required_without_any() -> None:
    (finding,) = findings(partial_hashes, "--require-hashes\nidna==3\n")
    assert finding.message.startswith(
        "idna has no --hash, but requirements.txt:1:1 has --require-hashes: pip requires a hash for every package"
    )


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [("six===1.*", True), ("six===", True), ("six====1", True), ("six===1.16.0", False), ("six===2004d", False)],
)
def test_versions_that_no_release_has(requirement: str, expected: bool) -> None:
    assert bool(findings(invalid_requirement, f"{requirement}\n")) is expected


def test_partial_hashes_counts_the_others() -> None:
    (finding,) = findings(partial_hashes, f"six {SHA}\nidna\nyarl\n")
    assert finding.message.startswith("idna has no --hash, like 1 more, but six in requirements.txt:1:1 has one")


@pytest.mark.parametrize(
    ("requirements", "at"),
    [
        ("six==1\nSIX==2\nsix==1\n", ["requirements.txt:2:1"]),
        ("six==1\nsix==2; python_version < '3'\n", []),
        ("six==1\nsix==2; platform_version == 'x'\n", []),
        ("six==1.0\nsix==1.0.0\n", []),
        ("six==1.0\nsix==1.0+local\n", []),
        # Each of these is what pip 26.2.1 says, too.
        ("six==1.*\nsix==2\n", ["requirements.txt:2:1"]),
        ("six==1\nsix>=2\n", ["requirements.txt:2:1"]),
        ("six>=1.17\nsix==1.16.0\n", ["requirements.txt:2:1"]),
        ("six!=2\nsix==2\n", ["requirements.txt:2:1"]),
        ("six~=1.16\nsix==1.17.0\n", []),
        ("six==2.0rc1\nsix>=1\n", []),
        ("six===1\nsix==2\n", ["requirements.txt:2:1"]),
        ("six===1\nsix==1.0\n", []),
    ],
)
def test_conflicting_pins(requirements: str, at: list[str]) -> None:
    assert [str(each.at) for each in findings(conflicting_pins, requirements)] == at


def test_unpinned_requirements_are_counted() -> None:
    (finding,) = findings(unpinned_requirements, "a\nb>=1\nc!=2\nd\ne\nf\ng==1\nh<2\n./lib\n", {"lib/setup.py": ""})
    assert finding.message.startswith("6 requirements have no upper bound (a, b, c, d, e, ...)")
    assert str(finding.at) == "requirements.txt:1:1"


def test_windows_only_requirement_gets_a_condition() -> None:
    (finding,) = findings(windows_only_requirement, "PyWin32 == 312  # COM\n")
    at = Span("requirements.txt", 1, 15, 1, 15)
    assert finding.fix == Fix("Install PyWin32 on Windows only", (Edit(at, '; sys_platform == "win32"'),))
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, PIP_FAILS)


@pytest.mark.parametrize(
    "requirements",
    [
        "pywin32; sys_platform == 'win32'",
        "pywin32; platform_system=='Windows'",
        "pywin32 @ https://h.example/pywin32.zip",
        "--extra-index-url https://h.example/simple\npywin32",
        "-c c.txt",
    ],
)
def test_windows_only_requirement_is_silent(requirements: str) -> None:
    assert findings(windows_only_requirement, requirements, {"c.txt": "pywin32==312\n"}) == ()


@pytest.mark.parametrize("name", ["pkg-resources", "pkg_resources==0.0.0", "json", "ufw==0.36", "Cloud.Init"])
def test_distro_requirement(name: str) -> None:
    assert reported(distro_requirement, f"six\n{name}\n") == [("requirements.txt:2:1", Severity.ERROR, PIP_FAILS)]


@pytest.mark.parametrize("name", ["asyncio", "typing", "setuptools", "dataclasses", "ssh-import-id", "distro-info"])
def test_distro_requirement_knows_namesakes_on_the_index(name: str) -> None:
    assert findings(distro_requirement, name) == ()


@pytest.mark.parametrize(
    ("requirement", "others", "found"),
    [
        ("six @ file:///croot/six_1700/six", {}, True),
        ("six @ file://localhost/C:/six.zip", {}, True),
        ("-e file:///home/me/six#egg=six", {}, True),
        ("-e git+file:///home/me/six#egg=six", {}, True),
        ("./six-1.0.zip", {}, True),
        ("./six-1.0.zip", {"six-1.0.zip": ""}, False),
        ("./six-1.0.zip", {"bin/pre_compile": ""}, False),
        ("six @ file:///app/six", {}, False),
        ("six @ file:///croot/six ; sys_platform == 'win32'", {}, False),
        ("six @ https://h.example/six.zip", {}, False),
    ],
)
def test_local_path_requirement(requirement: str, others: Files, *, found: bool) -> None:
    expected = [(Severity.ERROR, PIP_FAILS)] if found else []
    assert [each[1:] for each in reported(local_path_requirement, requirement, others)] == expected


@pytest.mark.parametrize(
    ("line", "others", "expected"),
    [
        ("six @ git+ssh://git@h.example/six", {}, [(Severity.ERROR, PIP_FAILS)]),
        ("-e git+ssh://git@h.example/six#egg=six", {}, [(Severity.ERROR, PIP_FAILS)]),
        ("six @ git+ssh://git@h.example/six", {"bin/pre_compile": ""}, [(Severity.WARNING, None)]),
        ("six @ git+https://${TOKEN}@h.example/six", {}, [(Severity.ERROR, PIP_FAILS)]),
        ("six @ git+https://${USER}:${PASS}@h.example/six", {}, [(Severity.ERROR, PIP_FAILS)]),
        ("--extra-index-url https://${TOKEN}@h.example/simple", {}, [(Severity.WARNING, None)]),
        ("--extra-index-url ${PIP_EXTRA_INDEX_URL}", {}, []),
        ("six @ git+https://me:secret@h.example/six", {}, [(Severity.WARNING, None)]),
        ("six @ git+https://abcdefghijklmnopqrstuvwxyz@h.example/six", {}, [(Severity.WARNING, None)]),
        ("six @ git+https://git@h.example/six", {}, []),
        ("six @ git+https://h.example/six@v1", {}, []),
        ("six @ git+ssh://git@h.example/six ; sys_platform == 'win32'", {}, []),
    ],
)
def test_private_requirement(line: str, others: Files, expected: list[tuple[Severity, str | None]]) -> None:
    found = findings(private_requirement, line, others)
    assert [(each.severity, each.failure_reason) for each in found] == expected
    assert not any("secret" in each.message + each.help for each in found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-e git://github.com/a/b#egg=b", [(Severity.ERROR, PIP_FAILS)]),
        ("b @ git+git://github.com/a/b", [(Severity.ERROR, PIP_FAILS)]),
        ("b @ git+git://h.example/a/b", [(Severity.WARNING, None)]),
        ("b @ git+https://github.com/a/b", []),
    ],
)
def test_git_protocol_requirement(line: str, expected: list[tuple[Severity, str | None]]) -> None:
    assert [each[1:] for each in reported(git_protocol_requirement, line)] == expected
