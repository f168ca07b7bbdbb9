"""The platform data is rebuilt from a clone of the buildpack, here a tiny one of the same shape."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from buildpack_logic import VERDICTS, KnownLogic
from data_files import DATA

SCRIPT = Path(__file__).parents[2] / "tools" / "update_platform.py"
GIT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x@index.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}

FILES = {
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n\n## [v325] - 2025-12-10\n\n- Something.\n",
    "requirements/pip.txt": "pip==25.2\n",
    "requirements/uv.txt": "uv==0.9.17\n",
    "bin/detect": """\
KNOWN_PYTHON_PROJECT_FILES=(
	requirements.txt
	# A comment about the next one.
	venv/
)
for name in "${KNOWN_PYTHON_PROJECT_FILES[@]}"; do
	if [[ -e "${BUILD_DIR}/${name}" ]]; then
		exit 0
	fi
done
exit 1
""",
    "bin/compile": """\
# What happens in which order.
checks::ensure_supported_stack "${STACK}"
hooks::run_hook "pre_compile"
manager="$(package_manager::determine "${BUILD_DIR}")"
checks::virtual_environment "${BUILD_DIR}"
python_version::read "${BUILD_DIR}"
"${BUILDPACK_DIR}/bin/steps/nltk"
"${BUILDPACK_DIR}/bin/steps/collectstatic"
hooks::run_hook "post_compile"
""",
    "bin/release": """\
if [[ -f "${BUILD_DIR}/manage.py" ]] && has_module django && has_module psycopg2; then
	echo "addons: [heroku-postgresql]"
fi
""",
    "bin/steps/collectstatic": """\
found="$(find . -maxdepth 3 -name manage.py | head -1)"
""",
    "lib/checks.sh": """\
function checks::ensure_supported_stack() {
	case "${stack}" in
		heroku-22 | heroku-24)
			return 0
			;;
		cedar* | heroku-20)
			build_data::set_string "failure_reason" "checks::stack::eol"
			;;
		*)
			build_data::set_string "failure_reason" "checks::stack::unknown"
			;;
	esac
}

function checks::virtual_environment() {
	for name in ".venv" "venv"; do
		if [[ -f "${1}/${name}/pyvenv.cfg" ]]; then
			output::error <<-EOF
				Error: ${name} is there.
				$(find "${name}" -maxdepth 1)
			EOF
			build_data::set_string "failure_reason" "checks::existing-venv-dir"
			exit 1
		fi
	done
}
""",
    "lib/package_manager.sh": """\
	if [[ -f "${build_dir}/requirements.txt" ]]; then
		package_managers_found+=(pip)
	elif [[ -f "${build_dir}/Pipfile" ]]; then
		build_data::set_string "failure_reason" "package-manager::pipenv-missing-lockfile"
	fi

	if [[ -f "${build_dir}/uv.lock" ]]; then
		package_managers_found+=(uv)
	fi
""",
    "lib/pip.sh": """\
	local pip_install_command=(
		pip
		install
		-r requirements.txt
	)
	if [[ -v INSTALL_TEST && -f requirements-test.txt ]]; then
		pip_install_command+=(-r requirements-test.txt)
	fi
	if ! {
		"${pip_install_command[@]}" \\
			--progress-bar off \\
			--src='/app/src' \\
			|& tee "${install_log}"
	}; then
""",
    "lib/pipenv.sh": """\
	local pipenv_install_command=(
		pipenv
		install
		--deploy
	)
""",
    "lib/poetry.sh": """\
	local poetry_install_command=(
		poetry
		sync
	)
""",
    "lib/uv.sh": """\
	local uv_install_command=(
		uv
		sync
	)
	if [[ ! -v INSTALL_TEST ]]; then
		uv_install_command+=(--no-default-groups)
	fi
	if ! {
		"${uv_install_command[@]}" \\
			|& tee "${install_log}"
	}; then
""",
    "lib/python_version.sh": """\
LATEST_PYTHON_3_9="3.9.25"
LATEST_PYTHON_3_10="3.10.19"

OLDEST_SUPPORTED_PYTHON_3_MINOR_VERSION=9
NEWEST_SUPPORTED_PYTHON_3_MINOR_VERSION=10

DEFAULT_PYTHON_FULL_VERSION="${LATEST_PYTHON_3_10}"

INT_REGEX="(0|[1-9][0-9]*)"
PYTHON_VERSION_REGEX="${INT_REGEX}\\.${INT_REGEX}(\\.${INT_REGEX})?"

MISSPELLED_PYTHON_VERSION_FILE_NAMES=(
	" .python-version"
	"'.python-version'"
)

function python_version::read() {
	for file in runtime.txt .python-version; do
		if [[ -f "${1}/${file}" ]]; then
			break
		fi
	done
	jq '._meta.requires | .python_full_version // .python_version' "${1}/Pipfile.lock"
	trimmed="$(python_version::read_trimmed_version_lines "${runtime_txt_path}")"
	[[ "${trimmed}" =~ ^python-(${PYTHON_VERSION_REGEX})$ ]]
	sed --expression 's/[[:space:]]+$//' --expression 's/\\x0/␀/g'
	version="${cached_python_major_version}"
	if ((minor < OLDEST_SUPPORTED_PYTHON_3_MINOR_VERSION)); then
		output::error <<-EOF
			Error: too old.
		EOF
		build_data::set_string "failure_reason" "python-version::eol"
		exit 1
	fi
	case "${series}" in
		3.9) echo "${LATEST_PYTHON_3_9}" ;;
		3.10) echo "${LATEST_PYTHON_3_10}" ;;
	esac
}

function python_version::warn_if_deprecated_major_version() {
	if [[ "${requested_major_version}" == "3.9" ]]; then
		output::warning <<-EOF
			Warning: Support for Python 3.9 goes.

			3.9 reached its upstream end-of-life on 31st October 2025, and
			3.9 will be removed from this
			buildpack on 7th January 2026.
		EOF
	fi
}
""",
}

STATE: dict[str, Any] = {
    "default_python": "3.10",
    "latest_patch": {"3.9": "3.9.25", "3.10": "3.10.19"},
    "deprecated": {"3.9": {"eol": "2025-10-31", "removal": "2026-01-07"}},
    "stacks": ["heroku-22", "heroku-24"],
    "stacks_end_of_life": ["cedar*", "heroku-20"],
    "series_not_on_stack": {"3.9": ["heroku-24"]},
    "detect": ["requirements.txt", "venv/"],
    "package_managers": [["pip", "requirements.txt"], ["uv", "uv.lock"]],
    "setup_py_only": "error",
    "misspelled_version_files": [" .python-version", "'.python-version'"],
    "tools": {"pip": "25.2", "uv": "0.9.17"},
    "install_commands": {
        "pip": {"command": "pip install -r requirements.txt"},
        "uv": {"command": "uv sync --no-default-groups"},
    },
    "steps": ["pre_compile", "nltk", "collectstatic", "post_compile"],
}


class Buildpack:
    """A clone to which releases are added."""

    def __init__(self, root: Path) -> None:
        self.root = root / "buildpack"
        self.data = root / "releases.json"
        self.logic = root / "logic.json"

    def make(self) -> None:
        base = {"release": "v325", "date": "2025-12-10", "state": STATE}
        self.data.write_text(json.dumps({"source": "x", "base": base, "events": []}), encoding="utf-8")
        self.logic.write_text('{"source": "x", "files": {}}', encoding="utf-8")
        self.root.mkdir()
        self._git("init", "--quiet")
        for path, text in FILES.items():
            (self.root / path).parent.mkdir(exist_ok=True)
            (self.root / path).write_bytes(text.encode())
        self._tag("v325")
        assert self.update("--accept", "v325").returncode == 0

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, env=GIT, check=True)

    def _tag(self, name: str) -> None:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", name)
        self._git("tag", name)

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_bytes().decode()
        assert text.count(old) == 1
        (self.root / path).write_bytes(text.replace(old, new).encode())

    def release(self, name: str, date: str) -> None:
        self.replace(
            "CHANGELOG.md", "## [Unreleased]\n\n\n", f"## [Unreleased]\n\n\n## [{name}] - {date}\n\n- Change.\n\n"
        )
        self._tag(name)

    def add(self, path: str, text: str) -> None:
        (self.root / path).write_bytes(text.encode())

    def update(self, *options: str) -> subprocess.CompletedProcess[str]:
        files = ["--data", str(self.data), "--logic", str(self.logic)]
        command = [sys.executable, str(SCRIPT), str(self.root), *files, "--only-data", *options]
        return subprocess.run(command, env=GIT, capture_output=True, text=True, check=False)

    @property
    def events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = json.loads(self.data.read_bytes())["events"]
        return events


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first")
    Buildpack(root).make()
    return root


@pytest.fixture
def buildpack(tmp_path: Path, first_release: Path) -> Buildpack:
    shutil.copytree(first_release, tmp_path / "copy")
    return Buildpack(tmp_path / "copy")


def test_no_release(buildpack: Buildpack) -> None:
    done = buildpack.update()
    assert (done.stderr, done.returncode, buildpack.events) == ("", 0, [])


def test_releases_become_events(buildpack: Buildpack) -> None:
    version = "lib/python_version.sh"
    buildpack.replace(version, "3.10.19", "3.10.20")
    buildpack.replace("requirements/uv.txt", "0.9.17", "0.9.21")
    buildpack.release("v326", "2026-01-05")

    buildpack.replace(version, 'LATEST_PYTHON_3_9="3.9.25"\n', "")
    buildpack.replace(version, '3.9) echo "${LATEST_PYTHON_3_9}" ;;', '3.11) echo "${LATEST_PYTHON_3_11}" ;;')
    buildpack.replace(version, '"3.10.20"\n', '"3.10.20"\nLATEST_PYTHON_3_11="3.11.1"\n')
    buildpack.replace(
        version,
        "VERSION=9\nNEWEST_SUPPORTED_PYTHON_3_MINOR_VERSION=10",
        "VERSION=10\nNEWEST_SUPPORTED_PYTHON_3_MINOR_VERSION=11",
    )
    buildpack.replace(version, '== "3.9" ]]', '== "3.10" ]]')
    buildpack.replace(version, "Python 3.9 goes", "Python 3.10 goes")
    buildpack.replace(
        version, "3.9 reached its upstream end-of-life on 31st", "3.10 will reach its upstream end-of-life in"
    )
    buildpack.replace(version, "3.9 will be removed", "3.10 will be removed")
    buildpack.replace(version, "\t\"'.python-version'\"\n", '\t"python-version "\n')
    buildpack.replace("lib/checks.sh", "heroku-22 | heroku-24)", "heroku-24 | heroku-26)")
    buildpack.replace("lib/checks.sh", "cedar* | heroku-20)", "cedar* | heroku-20 | heroku-22)")
    buildpack.release("v327", "2026-01-07")

    buildpack.release("v328", "2026-01-07")

    buildpack.replace("lib/uv.sh", "sync\n", "sync\n\t\t--locked\n")
    buildpack.replace("bin/detect", "requirements.txt\n", "requirements.txt\n\tuv.lock\n")
    buildpack.release("v329", "2026-01-08")

    # Only what the extractors do not read needs somebody to look: the new flag of uv.
    done = buildpack.update()
    assert done.returncode == 1
    assert done.stderr == (
        "update_platform: v329:lib/uv.sh: the logic has changed since v328:\n"
        "    +--locked\n"
        "Look whether a rule has changed. Then run this again with: --accept v329\n"
    )
    assert buildpack.events == []

    done = buildpack.update("--accept", "v329")
    assert (done.stderr, done.returncode) == ("", 0)
    assert buildpack.events == [
        {
            "release": "v326",
            "date": "2026-01-05",
            "set": {"latest_patch/3.10": "3.10.20", "tools/uv": "0.9.21"},
        },
        {
            "release": "v327",
            "date": "2026-01-07",
            "set": {
                "latest_patch/3.11": "3.11.1",
                "deprecated/3.10": {"eol": "2025-10", "removal": "2026-01-07"},
                "stacks": ["heroku-24", "heroku-26"],
                "stacks_end_of_life": ["cedar*", "heroku-20", "heroku-22"],
                "misspelled_version_files": [" .python-version", "python-version "],
            },
            "del": ["latest_patch/3.9", "deprecated/3.9", "series_not_on_stack/3.9"],
        },
        {"release": "v328", "date": "2026-01-07"},
        {
            "release": "v329",
            "date": "2026-01-08",
            "set": {
                "detect": ["requirements.txt", "uv.lock", "venv/"],
                "install_commands/uv/command": "uv sync --locked --no-default-groups",
            },
        },
    ]
    printed = [line.rstrip(",") for line in done.stdout.splitlines() if line.startswith('{"release"')]
    assert [json.loads(line) for line in printed] == buildpack.events

    before = buildpack.data.read_bytes()
    assert buildpack.update().stdout == "No new release.\n"
    assert buildpack.data.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "old", "new", "complaint"),
    [
        (
            "lib/python_version.sh",
            'LATEST_PYTHON_3_9="3.9.25"\n',
            "",
            "v326:lib/python_version.sh: expected one '^LATEST_PYTHON_3_9=",
        ),
        (
            "lib/python_version.sh",
            'LATEST_PYTHON_3_9="3.9.25"\n',
            'LATEST_PYTHON_3_9="3.9.25"\nLATEST_PYTHON_3_9="3.9.26"\n',
            "several places, lines 1, 2",
        ),
        (
            "lib/python_version.sh",
            "on 7th January 2026",
            "one day",
            "v326:lib/python_version.sh: expected 'will be removed from this buildpack' and a date",
        ),
        (
            "lib/python_version.sh",
            "[1-9][0-9]*",
            "[0-9]+",
            """v326:lib/python_version.sh: expected 'INT_REGEX="(0|[1-9][0-9]*)"'""",
        ),
        (
            "lib/checks.sh",
            "heroku-22 | heroku-24)\n\t\t\treturn 0\n\t\t\t;;\n\t\t",
            "",
            "v326:lib/checks.sh: expected supported, ended and other stacks, found [['cedar*', 'heroku-20'], ['*']]",
        ),
        (
            "lib/package_manager.sh",
            '"${build_dir}/uv.lock" ]]',
            '"${build_dir}/uv.lock" && -v UV ]]',
            "v326:lib/package_manager.sh: expected a file for each package manager, found [['pip',",
        ),
        (
            "lib/uv.sh",
            "[[ ! -v INSTALL_TEST ]]",
            "[[ -v QUICK ]]",
            "v326:lib/uv.sh: expected a condition on INSTALL_TEST, found '\\tif [[ -v QUICK ]]; then'",
        ),
        ("requirements/uv.txt", "uv==0.9.17", "uv>=0.9", "v326:requirements/uv.txt: expected one"),
    ],
)
def test_another_layout_stops_the_update_even_if_somebody_looked(
    buildpack: Buildpack, path: str, old: str, new: str, complaint: str
) -> None:
    before = buildpack.data.read_bytes()
    buildpack.replace(path, old, new)
    buildpack.release("v326", "2026-01-05")
    done = buildpack.update("--accept", "v326")
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert buildpack.data.read_bytes() == before


def test_a_release_that_the_changelog_does_not_date(buildpack: Buildpack) -> None:
    buildpack.release("v326", "soon")
    done = buildpack.update()
    assert (done.returncode, done.stderr) == (
        1,
        "update_platform: v326:CHANGELOG.md: expected '## [v326] - YYYY-MM-DD'\n",
    )


def test_a_history_that_is_not_the_buildpacks(buildpack: Buildpack) -> None:
    data = json.loads(buildpack.data.read_bytes())
    data["base"]["state"]["tools"]["uv"] = "0.1"
    buildpack.data.write_text(json.dumps(data), encoding="utf-8")
    done = buildpack.update()
    assert (done.returncode, done.stderr) == (
        1,
        "update_platform: v325: the history says otherwise of 'tools/uv', now read as '0.9.17'\n",
    )


def test_no_repository(buildpack: Buildpack, tmp_path: Path) -> None:
    buildpack.root = tmp_path / "nowhere"
    done = buildpack.update()
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "cannot change to" in done.stderr


def test_the_shipped_file_is_as_the_script_writes_it() -> None:
    shipped = (DATA / "releases.json").read_bytes().decode()
    assert runpy.run_path(str(SCRIPT))["render"](json.loads(shipped)) == shipped


VERSION = "lib/python_version.sh"
NOTICE = 'if [[ "${requested_major_version}" == "3.9" ]]; then'
Mutation = tuple[str, str, str]
MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    "a deprecation as a case": (
        (VERSION, f"\t{NOTICE}\n", '\tcase "${requested_major_version}" in\n\t\t3.9)\n'),
        (VERSION, "7th January 2026.\n\t\tEOF\n\tfi", "7th January 2026.\n\t\tEOF\n\tesac"),
    ),
    "a deprecation of two series": (
        (VERSION, NOTICE, f'{NOTICE[:-9]} || "${{requested_major_version}}" == "3.10" ]]; then'),
    ),
    "a deprecation by comparison": ((VERSION, NOTICE, "if ((minor <= 9)); then"),),
    "a fifth package manager": (
        (
            "lib/package_manager.sh",
            '\tif [[ -f "${build_dir}/uv.lock" ]]',
            '\tif [[ -f "${build_dir}/pdm.lock" ]]; then\n\t\tpackage_managers_found+=(pdm)\n\tfi\n\n'
            '\tif [[ -f "${build_dir}/uv.lock" ]]',
        ),
    ),
    "package managers in another order": (
        ("lib/package_manager.sh", "requirements.txt", "new"),
        ("lib/package_manager.sh", "uv.lock", "requirements.txt"),
        ("lib/package_manager.sh", "/new", "/uv.lock"),
        ("lib/package_manager.sh", "+=(pip)", "+=(new)"),
        ("lib/package_manager.sh", "+=(uv)", "+=(pip)"),
        ("lib/package_manager.sh", "+=(new)", "+=(uv)"),
    ),
    "no more check of virtual environments": (("bin/compile", 'checks::virtual_environment "${BUILD_DIR}"\n', ""),),
    "virtual environments checked earlier": (
        ("bin/compile", 'checks::virtual_environment "${BUILD_DIR}"\n', ""),
        ("bin/compile", 'hooks::run_hook "pre', 'checks::virtual_environment "${BUILD_DIR}"\nhooks::run_hook "pre'),
    ),
    "other names of virtual environments": (("lib/checks.sh", '".venv" "venv"', '".venv" "venv" "env"'),),
    ".python-version before runtime.txt": ((VERSION, "runtime.txt .python-version", ".python-version runtime.txt"),),
    "another precedence in Pipfile.lock": (
        (VERSION, ".python_full_version // .python_version", ".python_version // .python_full_version"),
    ),
    "an error that does not stop the build": (
        (VERSION, '"python-version::eol"\n\t\texit 1\n', '"python-version::eol"\n'),
    ),
    "a warning that stops the build": (
        (VERSION, "7th January 2026.\n\t\tEOF\n", "7th January 2026.\n\t\tEOF\n\t\texit 1\n"),
    ),
    "a new check with an old reason": (
        (
            VERSION,
            "\tcase",
            '\tif [[ -f setup.cfg ]]; then\n\t\tbuild_data::set_string "failure_reason" "python-version::eol"\n'
            "\t\texit 1\n\tfi\n\tcase",
        ),
    ),
    "a new reason": (("lib/checks.sh", '"checks::existing-venv-dir"', '"checks::other"'),),
    "a new warning": ((VERSION, "Warning: Support for Python 3.9 goes.", "Warning: The moon is full."),),
    "collectstatic to another depth": (("bin/steps/collectstatic", "-maxdepth 3", "-maxdepth 4"),),
    "a database with psycopg 3": (
        ("bin/release", "&& has_module psycopg2", "&& { has_module psycopg2 || has_module psycopg; }"),
    ),
    "pipenv sync": (("lib/pipenv.sh", "install\n\t\t--deploy", "sync"),),
    "poetry sync --no-root": (("lib/poetry.sh", "sync\n", "sync\n\t\t--no-root\n"),),
    "only files make a Python app": (("bin/detect", "-e ", "-f "),),
    "another form of a version": ((VERSION, "[1-9][0-9]*", "[0-9]+"),),
    "no Python on a stack": (
        ("lib/checks.sh", "heroku-22 | heroku-24)", "heroku-22)\n\t\t\texit 1\n\t\t\t;;\n\t\theroku-24)"),
    ),
}
"""Changes of the rules that no extractor reads; the first of several that edit one place make room for the next."""


def mutate(buildpack: Buildpack, mutations: tuple[Mutation, ...]) -> None:
    for path, old, new in mutations:
        buildpack.replace(path, old, new)
    buildpack.release("v326", "2026-01-05")


def test_there_are_as_many_mutations_as_were_tried_on_the_real_one() -> None:
    assert len(MUTATIONS) == 22


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_rule_cannot_change_unnoticed(buildpack: Buildpack, name: str) -> None:
    before = buildpack.data.read_bytes(), buildpack.logic.read_bytes()
    mutate(buildpack, MUTATIONS[name])

    done = buildpack.update()

    assert done.returncode == 1
    path = MUTATIONS[name][0][0]
    new_verdict = name in ("a new reason", "a new warning")
    assert f"v326:{'reasons and warnings' if new_verdict else path}: the logic has changed since v325:\n" in done.stderr
    changed = [line for line in done.stderr.splitlines() if line.startswith(("    +", "    -"))]
    assert changed
    assert done.stderr.endswith("Then run this again with: --accept v326\n")
    assert (buildpack.data.read_bytes(), buildpack.logic.read_bytes()) == before


@pytest.mark.parametrize("name", ["a deprecation as a case", "a deprecation by comparison", "a fifth package manager"])
def test_what_an_extractor_would_lose_stops_it_even_if_somebody_looked(buildpack: Buildpack, name: str) -> None:
    mutate(buildpack, MUTATIONS[name])
    done = buildpack.update("--accept", "v326")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.startswith("update_platform: v326:")
    assert "expected" in done.stderr


@pytest.mark.parametrize(
    "mutations",
    [
        (("bin/compile", "# What happens in which order.", "# Another comment\n\n\t# and one more."),),
        ((VERSION, "Error: too old.", "Error: much too old!"),),
        ((VERSION, "Warning: Support for Python 3.9 goes.", "Warning: Support for Python 3.9 is going."),),
        ((VERSION, "7th January", "8th January"),),
        ((VERSION, "3.10.19", "3.10.20"), ("requirements/uv.txt", "0.9.17", "0.9.21")),
        ((VERSION, 'VERSION="${LATEST_PYTHON_3_10}"', 'VERSION="${LATEST_PYTHON_3_9}"'),),
        (("lib/checks.sh", "heroku-22 | heroku-24)", "heroku-22 | heroku-24 | heroku-26)"),),
        (("bin/detect", "requirements.txt\n", "requirements.txt\n\tmain.py\n"),),
        (
            (VERSION, '"3.10.19"\n', '"3.10.19"\nLATEST_PYTHON_3_11="3.11.0"\n'),
            (VERSION, "NEWEST_SUPPORTED_PYTHON_3_MINOR_VERSION=10", "NEWEST_SUPPORTED_PYTHON_3_MINOR_VERSION=11"),
            (VERSION, "\tesac", '\t\t3.11) echo "${LATEST_PYTHON_3_11}" ;;\n\tesac'),
        ),
        (),
    ],
    ids=["comment", "error", "warning", "date", "patch", "default", "stack", "name", "series", "nothing"],
)
def test_nobody_is_asked_about_what_is_no_logic(buildpack: Buildpack, mutations: tuple[Mutation, ...]) -> None:
    mutate(buildpack, mutations)
    done = buildpack.update()
    assert (done.stderr, done.returncode) == ("", 0)
    assert [event["release"] for event in buildpack.events] == ["v326"]


def test_a_message_that_runs_something_is_logic(buildpack: Buildpack) -> None:
    mutate(buildpack, (("lib/checks.sh", "-maxdepth 1)", "-maxdepth 2; touch x)"),))
    assert "touch x" in buildpack.update().stderr


def test_a_new_script_is_logic(buildpack: Buildpack) -> None:
    buildpack.add("lib/pdm.sh", "pdm sync\n")
    buildpack.release("v326", "2026-01-05")
    assert "v326:lib/pdm.sh: the logic has changed since v325:\n    +pdm sync\n" in buildpack.update().stderr


def test_a_lost_script_is_logic(buildpack: Buildpack) -> None:
    (buildpack.root / "bin" / "release").unlink()
    buildpack.release("v326", "2026-01-05")
    assert "v326:bin/release: the logic has changed since v325:\n    -if [[" in buildpack.update().stderr


def test_logic_that_comes_back_was_not_looked_at(buildpack: Buildpack) -> None:
    mutate(buildpack, MUTATIONS["pipenv sync"])
    assert buildpack.update("--accept", "v326").returncode == 0
    assert buildpack.update().returncode == 0
    buildpack.replace("lib/pipenv.sh", "sync", "install\n\t\t--deploy")
    buildpack.release("v327", "2026-01-06")
    assert "v327:lib/pipenv.sh: the logic has changed since v326:" in buildpack.update().stderr


def test_what_somebody_wrote_by_hand_stays(buildpack: Buildpack) -> None:
    mutate(buildpack, MUTATIONS["no more check of virtual environments"])
    assert buildpack.update("--accept", "v326").returncode == 0
    data = json.loads(buildpack.data.read_bytes())
    data["events"][0]["set"] = {"setup_py_only": "warning"}
    buildpack.data.write_text(json.dumps(data), encoding="utf-8")
    buildpack.release("v327", "2026-01-06")
    assert buildpack.update().returncode == 0
    assert buildpack.events == [
        {"release": "v326", "date": "2026-01-05", "set": {"setup_py_only": "warning"}},
        {"release": "v327", "date": "2026-01-06"},
    ]


def test_what_was_partly_known_gives_way(buildpack: Buildpack) -> None:
    data = json.loads(buildpack.data.read_bytes())
    data["partial"] = [
        {"release": "v326", "by": "2026-01-08", "source": "a page"},
        {"release": "v327", "date": "2026-01-09", "set": {"latest_patch/3.10": "3.10.30"}, "source": "a page"},
    ]
    buildpack.data.write_text(json.dumps(data), encoding="utf-8")
    buildpack.release("v326", "2026-01-05")
    assert buildpack.update().returncode == 0
    assert [event["release"] for event in buildpack.events] == ["v326"]
    assert [each["release"] for each in json.loads(buildpack.data.read_bytes())["partial"]] == ["v327"]


@pytest.mark.parametrize("release", ["main", "351", "v"])
def test_only_a_release_can_be_accepted(buildpack: Buildpack, release: str) -> None:
    done = buildpack.update("--accept", release)
    assert done.returncode == 2
    assert f"argument --accept: {release!r} is not the name of a release, such as v352" in done.stderr


def test_the_known_logic_is_as_the_script_writes_it_and_covers_the_history() -> None:
    text = (SCRIPT.parent / "buildpack_logic.json").read_text(encoding="utf-8")
    known = KnownLogic(json.loads(text))
    assert known.render() == text
    assert {"bin/compile", "bin/detect", "bin/release", "lib/checks.sh", VERSION, VERDICTS} <= set(
        json.loads(text)["files"]
    )
