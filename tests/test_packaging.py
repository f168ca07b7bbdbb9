"""The files for other catalogues are well formed, and true to the version, the options and the settings."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import make_recipes
import pytest
import tomli
import yaml

from pydeploy_lint import __version__, lint
from pydeploy_lint.cli.about.version import version_text
from pydeploy_lint.cli.options.arguments import build_parser
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import Report
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.formats import FORMATS, render
from pydeploy_lint.settings.options import schema

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SITE = PROJECT["project"]["urls"]["Documentation"]
SOURCE = PROJECT["project"]["urls"]["Source"]
TEXTS = sorted(path for path in PACKAGING.rglob("*") if path.is_file())
BROUGHT = make_recipes.Resource("tomli", "https://index.example/tomli-2.4.1.tar.gz", "5" * 64)


def read(path: str) -> Any:
    text = (PACKAGING / path).read_text(encoding="utf-8")
    return json.loads(text) if path.endswith(".json") else yaml.safe_load(text)


def options_in(command: str) -> list[str]:
    return re.findall(r"--[a-z-]+", command)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_the_release_to_use_is_this_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"(?:pydeploy-lint@v|ref: v|pydeploy-lint==|good_version: )([\w.]+)", text)

    assert set(named) <= {__version__}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_address_of_the_project_is_one_that_it_has(path: Path) -> None:
    for host in ("github.com", "pydeploy-lint.readthedocs.io"):
        for address in re.findall(rf"https://{re.escape(host)}/[^\s\"#]*", path.read_text(encoding="utf-8")):
            assert address.startswith((SITE, SOURCE)), address


def test_megalinter_runs_what_there_is() -> None:
    descriptor = read("megalinter/pydeploy-lint.megalinter-descriptor.yml")
    (linter,) = descriptor["linters"]
    known = build_parser()._option_string_actions

    assert {"descriptor_id", "descriptor_type", "linters"} <= descriptor.keys()
    assert {"linter_name", "linter_url", "examples"} <= linter.keys()
    assert linter["name"].startswith(f"{descriptor['descriptor_id']}_")
    commands = [*linter["examples"], *linter["cli_sarif_args"], linter["cli_lint_fix_arg_name"]]
    commands += [linter["cli_help_arg_name"], linter["cli_version_arg_name"]]
    assert [option for command in commands for option in options_in(command) if option not in known] == []
    assert linter["cli_sarif_args"][1].partition(":")[0] in FORMATS
    found = re.search(linter["version_extract_regex"], version_text())
    assert found is not None
    assert found[0] == __version__


def test_megalinter_counts_errors_and_warnings() -> None:
    (linter,) = read("megalinter/pydeploy-lint.megalinter-descriptor.yml")["linters"]
    app = lint(ROOT / "examples" / "problems", as_of="2026-08-18")
    report = render("full", Report(__version__, (app,), load_built_in().checks))

    counted = re.findall(linter["cli_lint_errors_regex"], report)
    assert len(counted) == sum(finding.severity >= Severity.WARNING for finding in app.findings) > 3


def test_trunk_runs_what_there_is() -> None:
    assert read("trunk/plugin.yaml") == {"version": 0.1}
    plugin = read("trunk/linters/pydeploy-lint/plugin.yaml")
    (tool,) = plugin["tools"]["definitions"]
    (linter,) = plugin["lint"]["definitions"]
    (kind,) = plugin["lint"]["files"]
    (command,) = linter["commands"]

    assert (tool["name"], linter["tools"], linter["files"]) == ("pydeploy-lint", [tool["name"]], [kind["name"]])
    known = build_parser()._option_string_actions
    assert [option for option in options_in(command["run"]) if option not in known] == []
    parsed = linter["version_command"]["parse_regex"].replace("${semver}", r"(\d+\.\d+\.\d+)")
    assert re.findall(parsed, version_text())[:1] == [__version__]


def test_schemastore_has_the_schema_of_the_settings() -> None:
    partial = read("schemastore/partial-pydeploy-lint.json")
    entry = read("schemastore/pyproject.json")["pydeploy-lint"]
    own = schema()

    jsonschema.Draft7Validator.check_schema(partial)
    assert partial["$id"].endswith(f"/{entry['$ref']}")
    assert {**partial, "$id": own["$id"]} == own


def test_schemastore_names_schemas_that_the_site_publishes() -> None:
    for entry in read("schemastore/catalog.json")["schemas"]:
        assert entry.keys() == {"name", "description", "fileMatch", "url"}
        # Expo and React Native have an app.json too, so that name alone tells nothing.
        assert "app.json" not in entry["fileMatch"]
        name = entry["url"].removeprefix(f"{SITE}en/latest/schemas/")
        assert list(ROOT.glob(f"src/pydeploy_lint/**/{name}")), name


def test_pre_commit_ci_can_run_the_hook() -> None:
    """It allows no network while hooks run, no Docker, and gives no arguments."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert hook["language"] == "python"
    assert "additional_dependencies" not in hook
    assert not {"--app", "--update-data"} & set(options_in(hook["entry"]))


@pytest.fixture
def sdist(tmp_path: Path) -> Path:
    path = tmp_path / f"pydeploy_lint-{__version__}.tar.gz"
    path.write_bytes(b"sources")
    return path


def test_the_recipe_for_conda_has_the_requirements_and_the_hash(sdist: Path) -> None:
    recipe = yaml.safe_load(make_recipes.recipes(sdist, PROJECT, [BROUGHT])["recipe.yaml"])

    assert recipe["context"] == {"version": __version__, "python_min": "3.10"}
    assert recipe["source"]["sha256"] == hashlib.sha256(b"sources").hexdigest()
    assert recipe["requirements"]["run"] == [
        "python >=${{ python_min }}",
        *(re.sub("(?=>=)", " ", requirement) for requirement in PROJECT["project"]["dependencies"]),
    ]
    assert recipe["requirements"]["host"][-1] == "setuptools >=77"
    script = PROJECT["project"]["scripts"]["pydeploy-lint"]
    assert recipe["build"]["python"]["entry_points"] == [f"pydeploy-lint = {script}"]


def test_the_formula_for_homebrew_brings_along_what_is_required(sdist: Path) -> None:
    formula = make_recipes.recipes(sdist, PROJECT, [BROUGHT])["pydeploy-lint.rb"]

    assert "@" not in formula.replace('"python@3.14"', "")
    assert f'url "{SOURCE}/releases/download/v{__version__}/pydeploy_lint-{__version__}.tar.gz"' in formula
    assert (
        '  resource "tomli" do\n'
        '    url "https://index.example/tomli-2.4.1.tar.gz"\n'
        f'    sha256 "{BROUGHT.sha256}"\n'
        "  end\n"
    ) in formula
    # Homebrew's rules: at most 80 characters, no article, no name of the formula, no full stop.
    found = re.search(r'desc "(.+)"', formula)
    assert found is not None
    assert len(found[1]) <= 80
    assert not found[1].endswith(".")
    openings = len(re.findall(r"^ *(?:class|def)\b|\bdo$", formula, re.MULTILINE))
    assert openings == len(re.findall(r"^ *end$", formula, re.MULTILINE))


def test_what_is_brought_along_comes_from_a_lock_file() -> None:
    locked = {
        "package": [
            {
                "name": "tomli",
                "source": {"registry": "https://index.example/simple"},
                "sdist": {"url": BROUGHT.url, "hash": f"sha256:{BROUGHT.sha256}"},
            },
            {"name": "brought", "source": {"virtual": "."}},
        ]
    }

    assert make_recipes.resources(locked) == [BROUGHT]


def test_another_file_makes_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"other-1\.tar\.gz is not a source distribution of pydeploy-lint"):
        make_recipes.recipes(tmp_path / "other-1.tar.gz", PROJECT, [])
