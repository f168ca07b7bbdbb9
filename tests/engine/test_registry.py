"""Tests of the registry: what plug-ins may do, and what happens to those that are at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.engine.registry import GROUP, Registry, load_registry
from pydeploy_lint.entry_points import entry_points

HEAD = """
from pydeploy_lint.plugin import Severity, check
"""


def source(*names: str, severity: str = "Severity.NOTE") -> str:
    """The source of a module with checks that find nothing."""
    checks = [
        f'@check("{name}", severity={severity})\ndef check_{index}(app):\n    """About {name}."""\n    return []\n'
        for index, name in enumerate(names)
    ]
    return HEAD + "\n".join(checks)


def install(root: Path, distribution: str, modules: dict[str, str], entries: dict[str, str]) -> None:
    for module, text in modules.items():
        (root / f"{module}.py").write_text(text, encoding="utf-8")
    information = root / f"{distribution.replace('-', '_')}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    lines = [f"[{GROUP}]", *(f"{name} = {value}" for name, value in entries.items())]
    (information / "entry_points.txt").write_text("\n".join(lines) + "\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def load(site: Path) -> Registry:
    return load_registry(entry_points(GROUP, [str(site)]))


def test_the_checks_of_a_plug_in_are_taken(site: Path) -> None:
    install(site, "plug-one", {"plug_one": source("shop-b", "shop-a")}, {"shop": "plug_one"})
    registry = load(site)
    assert list(registry.checks) == ["shop-a", "shop-b"]
    assert registry.families == {"shop": {"shop-a", "shop-b"}}
    assert registry.failures == ()


def test_the_entry_point_names_the_family(site: Path) -> None:
    install(site, "plug-two", {"plug_two": source("two")}, {"our-rules": "plug_two"})
    assert load(site).checks["two"].family == "our-rules"


def test_plug_ins_can_share_a_family(site: Path) -> None:
    install(site, "plug-three", {"plug_three": source("three")}, {"shop": "plug_three"})
    install(site, "plug-four", {"plug_four": source("four")}, {"shop": "plug_four"})
    assert load(site).families == {"shop": {"three", "four"}}


def test_a_check_that_a_module_only_imports_is_no_conflict(site: Path) -> None:
    modules = {"plug_five": source("five"), "plug_six": "from plug_five import check_0\n" + source("six")}
    install(site, "plug-five", modules, {"five": "plug_five", "six": "plug_six"})
    registry = load(site)
    assert registry.families == {"five": {"five"}, "six": {"six"}}
    assert registry.failures == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("1 +", "SyntaxError: invalid syntax"),
        ("raise SystemError('on purpose')", "SystemError: on purpose"),
        (
            source("shop", severity="'fatal'"),
            "TypeError: check 'shop': unknown severity 'fatal': use Severity.ERROR, WARNING or NOTE",
        ),
        ("import sys\n\nsys.exit(3)\n", "SystemExit: 3"),
        (source("Shop"), "ValueError: check name 'Shop' is not of the form some-words-like-this"),
    ],
)
def test_a_plug_in_at_fault_costs_only_its_own_checks(site: Path, text: str, reason: str) -> None:
    name = f"faulty_{abs(hash(text))}"
    install(site, "faulty", {name: text}, {"faulty": name})
    install(site, "good", {f"good_{name}": source("good")}, {"good": f"good_{name}"})
    registry = load(site)
    assert list(registry.checks) == ["good"]
    (failure,) = registry.failures
    assert failure.startswith(f"plug-in 'faulty' of faulty ({name}) could not be loaded: {reason}")


def test_a_plug_in_that_is_missing_is_a_failure(site: Path) -> None:
    install(site, "gone", {}, {"gone": "module_that_is_gone"})
    assert load(site).failures == (
        "plug-in 'gone' of gone (module_that_is_gone) could not be loaded:"
        " ModuleNotFoundError: No module named 'module_that_is_gone'",
    )


def test_an_entry_point_must_be_a_module(site: Path) -> None:
    install(site, "attribute", {"plug_attribute": source("attribute")}, {"attribute": "plug_attribute:check_0"})
    registry = load(site)
    assert registry.checks == {}
    assert registry.failures == (
        "plug-in 'attribute' of attribute (plug_attribute:check_0) could not be loaded:"
        " TypeError: plug_attribute:check_0 is not a module",
    )


def test_a_taken_name_is_refused_with_both_owners(site: Path) -> None:
    install(site, "plug-seven", {"plug_seven": source("same", "seven")}, {"seven": "plug_seven"})
    install(site, "plug-eight", {"plug_eight": source("same", "eight")}, {"eight": "plug_eight"})
    registry = load(site)
    assert registry.families == {"eight": {"same", "eight"}, "seven": {"seven"}}
    assert registry.failures == (
        "plug-in 'seven' of plug-seven (plug_seven): check 'same' is refused, as plug-in 'eight' of plug-eight"
        " (plug_eight) has a check of that name: rename one of them",
    )


def test_the_name_of_a_built_in_check_cannot_be_taken(site: Path) -> None:
    install(site, "aaa", {"aaa": source("unsupported-runtime")}, {"aaa": "aaa"})
    registry = load_registry(entry_points(GROUP))
    assert registry.checks["unsupported-runtime"].family == "python"
    (failure,) = registry.failures
    assert failure.startswith("plug-in 'aaa' of aaa (aaa): check 'unsupported-runtime' is refused, as plug-in 'python'")
    assert "of pydeploy-lint (pydeploy_checks.python)" in failure


def test_families_and_names_stand_for_checks(site: Path) -> None:
    install(site, "plug-nine", {"plug_nine": source("nine", "ten", "eleven")}, {"nine": "plug_nine"})
    install(site, "plug-ten", {"plug_ten": source("twelve")}, {"more": "plug_ten"})
    registry = load(site)
    assert registry.expand(["nine"]) == {"nine", "ten", "eleven"}
    assert registry.expand(["ten", "more"]) == {"ten", "twelve"}
    assert registry.expand([]) == frozenset()


def test_what_is_installed_is_found_without_faults() -> None:
    registry = load_registry()
    assert registry.failures == ()
    assert {entry.name for entry in entry_points(GROUP)} >= registry.families.keys()
    assert "unsupported-runtime" in registry.families["python"]
