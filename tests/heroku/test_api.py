"""The client of the Platform API, against a local server that speaks what Heroku documents."""

from __future__ import annotations

import datetime
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.facts.buildpacks.listing import read_listing
from pydeploy_lint.heroku.api import LARGEST_ANSWER, REFUSALS, HerokuApiError, LiveApp, read_app
from pydeploy_lint.testing import write_tree

KEY = "01234567-89ab-cdef-0123-456789abcdef"
OWNER = "5f0e3c1a-0000-4000-8000-000000000001"
APP = {
    "id": "x",
    "name": "example",
    "stack": {"name": "heroku-24"},
    "region": {"name": "eu"},
    "owner": {"id": OWNER, "email": "owner@example.com"},
}
CONFIG_VARS = {"SECRET_KEY": "s3cr3t-value", "DATABASE_URL": "postgres://user:s3cr3t-value@db.example/x"}
ADDONS = [{"name": "db-1", "addon_service": {"name": "heroku-postgresql"}, "plan": {"name": "x:essential-0"}}]
ACCOUNT = {"id": OWNER, "created_at": "2019-03-04T05:06:07Z"}
INSTALLATIONS = [
    {"ordinal": 1, "buildpack": {"url": "https://github.com/heroku/heroku-buildpack-python#v300", "name": "x"}},
    {"ordinal": 0, "buildpack": {"url": "urn:buildpack:heroku/nodejs", "name": "heroku/nodejs"}},
]


class Answer(NamedTuple):
    status: int
    body: bytes
    seconds: float = 0.0


class Api:
    """What the server answers, and what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[tuple[str, str | None, str | None]] = []
        self.answers = {
            "/apps/example": Answer(200, json.dumps(APP).encode()),
            "/apps/example/buildpack-installations": Answer(200, json.dumps(INSTALLATIONS).encode()),
            "/apps/example/config-vars": Answer(200, json.dumps(CONFIG_VARS).encode()),
            "/apps/example/addons": Answer(200, json.dumps(ADDONS).encode()),
            "/account": Answer(200, json.dumps(ACCOUNT).encode()),
        }


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    served = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append((self.path, self.headers["Accept"], self.headers["Authorization"]))
            answer = served.answers.get(self.path, Answer(404, b'{"id": "not_found"}'))
            time.sleep(answer.seconds)
            self.send_response(answer.status)
            if answer.status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            with suppress(OSError):  # The client may have gone.
                self.wfile.write(answer.body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def read(api: Api, home: Path, name: str = "example", key: str | None = KEY, timeout: float = 5) -> LiveApp:
    environment = {} if key is None else {"HEROKU_API_KEY": key}
    return read_app(name, environment=environment, home=home, url=api.url, timeout=timeout)


def error_of(api: Api, home: Path, name: str = "example", key: str | None = KEY, timeout: float = 5) -> str:
    with pytest.raises(HerokuApiError) as raised:
        read(api, home, name, key, timeout)
    assert KEY not in str(raised.value)
    return str(raised.value)


def test_an_app_is_read_with_its_buildpacks_in_order(api: Api, tmp_path: Path) -> None:
    app = read(api, tmp_path)
    buildpacks = ("heroku/nodejs", "https://github.com/heroku/heroku-buildpack-python#v300")
    created = datetime.date(2019, 3, 4)
    names = frozenset({"DATABASE_URL", "SECRET_KEY"})
    assert app == LiveApp("example", "heroku-24", "eu", buildpacks, names, ("heroku-postgresql",), created)
    assert "s3cr3t" not in repr(app)
    assert api.requests == [
        (path, "application/vnd.heroku+json; version=3", f"Bearer {KEY}")
        for path in (
            "/apps/example",
            "/apps/example/buildpack-installations",
            "/apps/example/config-vars",
            "/apps/example/addons",
            "/account",
        )
    ]


@pytest.mark.parametrize("status", [402, 403, 404])
def test_what_a_key_may_not_see_stays_unknown(status: int, api: Api, tmp_path: Path) -> None:
    for path in ("/apps/example/config-vars", "/apps/example/addons", "/account"):
        api.answers[path] = Answer(status, b"{}")

    app = read(api, tmp_path)

    assert (app.name, app.config_vars, app.addons, app.account_created) == ("example", None, None, None)


def test_the_account_of_somebody_else_says_nothing_about_the_app(api: Api, tmp_path: Path) -> None:
    api.answers["/account"] = Answer(200, json.dumps(ACCOUNT | {"id": "another"}).encode())

    assert read(api, tmp_path).account_created is None


@pytest.mark.parametrize("body", [b'{"SECRET_KEY": "s3cr3t-value"', b'["s3cr3t-value"'])
def test_an_error_quotes_no_value(body: bytes, api: Api, tmp_path: Path) -> None:
    api.answers["/apps/example/config-vars"] = Answer(200, body)

    with pytest.raises(HerokuApiError) as raised:
        read(api, tmp_path)

    assert "is not JSON" in str(raised.value)
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


@pytest.mark.parametrize("path", ["/apps/example/config-vars", "/apps/example/addons"])
@pytest.mark.parametrize("body", [b'"text"', b'["text"]', b"1"])
def test_other_forms_of_an_answer_are_refused(path: str, body: bytes, api: Api, tmp_path: Path) -> None:
    api.answers[path] = Answer(200, body)

    assert error_of(api, tmp_path) == "Heroku's answer is not of the documented form"


def test_the_listing_is_read_like_a_printed_one(api: Api, tmp_path: Path) -> None:
    app = read(api, tmp_path)
    [found] = read_listing(app.listing)
    assert (found.app, tuple(entry.reference.text for entry in found.entries)) == ("example", app.buildpacks)


def test_the_key_of_the_command_line_is_used(api: Api, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine other login a password b\nmachine api.heroku.com login me password k3y\n")
    (tmp_path / ".netrc").chmod(0o600)
    read(api, tmp_path, key=None)
    assert api.requests[0][2] == "Bearer k3y"


@pytest.mark.parametrize("netrc", [None, "machine other login a password b\n"])
def test_without_a_key_nothing_is_asked(netrc: str | None, api: Api, tmp_path: Path) -> None:
    if netrc is not None:
        (tmp_path / ".netrc").write_text(netrc)
        (tmp_path / ".netrc").chmod(0o600)
    assert error_of(api, tmp_path, key=None).startswith("needs an API key")
    assert api.requests == []


def test_a_broken_netrc_is_named_without_its_content(api: Api, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine api.heroku.com login x password {KEY} {KEY}\n")
    (tmp_path / ".netrc").chmod(0o600)
    assert "is not a valid netrc file" in error_of(api, tmp_path, key=None)


@pytest.mark.parametrize("key", ["a b", "k\u00e9y", "a\nX-Header: b"])
def test_what_is_no_key_is_not_sent(key: str, api: Api, tmp_path: Path) -> None:
    assert "holds characters that no key has" in error_of(api, tmp_path, key=key)
    assert api.requests == []


@pytest.mark.parametrize("name", ["", "Example", "../x", "a/b", "a?b", "a b", "-a"])
def test_what_is_no_name_is_not_asked_for(name: str, api: Api, tmp_path: Path) -> None:
    assert "is not an app's name" in error_of(api, tmp_path, name)
    assert api.requests == []


@pytest.mark.parametrize("status", [401, 402, 403, 404, 429])
def test_refusals_are_explained(status: int, api: Api, tmp_path: Path) -> None:
    api.answers["/apps/example"] = Answer(status, b'{"id": "x", "message": "no"}')
    assert error_of(api, tmp_path) == REFUSALS[status]
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(503, b""), "Heroku answered with HTTP status 503; see https://status.heroku.com"),
        (Answer(302, b""), "Heroku answered with HTTP status 302; see https://status.heroku.com"),
        (Answer(200, b"<html>"), "Heroku's answer is not JSON; is there a proxy in between?"),
        (Answer(200, b"[" * 100_000), "Heroku's answer is not JSON; is there a proxy in between?"),
        (Answer(200, b"[]"), "Heroku's answer is not of the documented form"),
        (Answer(200, b'{"name": "example"}'), "Heroku's answer is not of the documented form"),
        (Answer(200, b" " * (LARGEST_ANSWER + 1)), "Heroku's answer is too long to be about an app"),
    ],
)
def test_other_answers_are_errors(answer: Answer, message: str, api: Api, tmp_path: Path) -> None:
    api.answers["/apps/example"] = answer
    assert error_of(api, tmp_path) == message


def test_a_slow_answer_is_given_up(api: Api, tmp_path: Path) -> None:
    api.answers["/apps/example"] = api.answers["/apps/example"]._replace(seconds=0.6)
    assert error_of(api, tmp_path, timeout=0.1) == "Heroku did not answer within 0.1 seconds"


def test_no_network_is_an_error(api: Api, tmp_path: Path) -> None:
    api.url = "http://127.0.0.1:9"
    assert error_of(api, tmp_path) == "Heroku cannot be reached: ConnectionRefusedError; is there a network?"


@pytest.mark.parametrize("answer", [b"", b"no HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]"])
def test_what_is_no_http_is_an_error(answer: bytes, api: Api, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        api.url = f"http://127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        message = error_of(api, tmp_path)
        thread.join()
    assert re.fullmatch(r"Heroku cannot be reached: \w+; is there a network\?", message)


def test_a_certificate_that_cannot_be_verified_is_an_error(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_keywords: object) -> None:
        raise URLError(ssl.SSLCertVerificationError(1, "certificate verify failed"))

    monkeypatch.setattr("urllib.request.HTTPHandler.http_open", refuse)
    assert error_of(api, tmp_path) == (
        "the certificate of Heroku cannot be verified; set SSL_CERT_FILE to a file of root certificates"
    )


def test_a_redirect_is_not_followed(api: Api, tmp_path: Path) -> None:
    api.answers["/apps/example"] = Answer(302, b"")
    error_of(api, tmp_path)
    assert [path for path, *_ in api.requests] == ["/apps/example"]


def test_the_proxy_of_the_environment_is_used(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("http_proxy", api.url)
    api.answers = {f"http://api.example{path}": answer for path, answer in api.answers.items()}
    api.url = "http://api.example"
    assert read(api, tmp_path).name == "example"


def test_only_http_is_spoken(api: Api, tmp_path: Path) -> None:
    api.url = "file:///etc"
    assert error_of(api, tmp_path) == "Heroku can be asked by HTTP and HTTPS only"


@pytest.fixture
def live_app(monkeypatch: pytest.MonkeyPatch) -> LiveApp:
    app = LiveApp("example", "heroku-22", "eu", ("https://github.com/heroku/heroku-buildpack-python",))
    monkeypatch.setattr("pydeploy_lint.heroku.api.read_app", lambda name: app._replace(name=name))
    return app


def lint_live(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    write_tree(root, {".python-version": "3.13\n", "requirements.txt": "", "app.json": '{"stack": "heroku-24"}'})
    status = main([str(root), "--select", "buildpacks", "--format", "json", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.usefixtures("live_app")
def test_a_live_app_is_judged_by_its_buildpacks_and_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = lint_live(tmp_path, capsys, "--app", "shop")
    report = json.loads(out)
    [finding] = report["apps"][0]["findings"]
    assert (status, report["policy"]["stack"]) == (0, "heroku-22")
    assert (finding["check"], finding["path"], finding["line"]) == ("buildpack-url", "<app shop>", 3)


@pytest.mark.usefixtures("live_app")
def test_the_plan_names_the_region_of_a_live_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.13\n"})

    main(["--app", "shop", "--plan", str(tmp_path)])

    assert "  stack      heroku-22, in the region eu\n" in capsys.readouterr().out


@pytest.mark.usefixtures("live_app")
def test_the_option_goes_before_the_stack_of_the_live_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = lint_live(tmp_path, capsys, "--app", "shop", "--stack", "heroku-26")
    assert json.loads(out)["policy"]["stack"] == "heroku-26"


def test_an_app_that_cannot_be_read_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEROKU_API_KEY", raising=False)
    status, out, err = lint_live(tmp_path, capsys, "--app", "../x")
    message = "--app ../x: is not an app's name: lower-case letters, digits and hyphens"
    assert (status, out, err) == (2, "", f"pydeploy-lint: error: {message}\n")


def test_an_app_in_a_container_is_not_judged(
    live_app: LiveApp, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pydeploy_lint.heroku.api.read_app", lambda _name: live_app._replace(stack="container"))
    status, _, err = lint_live(tmp_path, capsys, "--app", "shop")
    assert status == 2
    assert "--app shop: it is on the stack container, which builds without heroku/python" in err
