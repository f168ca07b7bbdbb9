"""`app.json`: what Heroku needs to create an app, be it for a Heroku Button, a pull request or Heroku CI."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import APP_JSON, DEV_CENTER, Edit, Example, Fix, Problem, Severity, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.plugin import App, Document, RetiredUse, Span, Violation

URL = DEV_CENTER + "app-json-schema"
APP = {"requirements.txt": "", ".python-version": "3.13\n"}
MOST = 20
"""A check does not report more of one file."""
NEAR = 0.8
"""How alike two names must be for one to be taken for a misspelling of the other."""
EFFECT = f"with this {APP_JSON}, Heroku Buttons and review apps fail"
UNAFFECTED = "An app that exists is not affected: Heroku reads app.json only when it creates one."


@check("app-json-invalid", severity=Severity.WARNING, url=URL)
def app_json_invalid(app: App) -> Iterator[Problem]:
    """`app.json` is not of the form that Heroku asks for.

    Heroku reads the file when it creates an app from the repository: for a Heroku Button, for a review app, for a run
    of Heroku CI. It refuses a file with a value of a wrong type, such as a number for a config var, and no app is
    created. A `git push` to an app that exists does not read the file, and goes on.

    Keys that Heroku does not know are ignored. That is a note, or a warning where the key looks like a misspelling,
    because then something is missing from the new app.

    ## How to fix

    Correct the value. The help has an example of the right form. Editors show mistakes while you type, with the JSON
    schema that comes with pydeploy-lint.
    """
    document = app.files.document(APP_JSON)
    if document is None:
        return
    from pydeploy_lint.plugin import load_schema, violations

    for violation in islice(violations(document.value, load_schema()), MOST):
        if violation.keyword == "additionalProperties":
            yield _unknown_key(document, violation)
        else:
            at = (document.key_span if violation.is_key else document.span)(*violation.keys)
            yield Problem(
                f"{_name(violation)} {violation.message}; {EFFECT}",
                at,
                help="\n".join([*_examples(violation), UNAFFECTED]),
                fix=_quote(document, violation),
            )


def _unknown_key(document: Document, violation: Violation) -> Problem:
    from difflib import get_close_matches

    known = list(violation.schema["properties"])
    near = get_close_matches(str(violation.keys[-1]), known, n=1, cutoff=NEAR)
    end = f"; did you mean `{near[0]}`?" if near else ""
    return Problem(
        f"Heroku does not know {_name(violation)} in {APP_JSON}, and ignores it{end}",
        document.key_span(*violation.keys),
        help=f"Heroku knows these keys there: {', '.join(known)}.",
        severity=Severity.WARNING if near else Severity.NOTE,
    )


def _name(violation: Violation) -> str:
    """The place as one would write it, such as ``env.PORT``."""
    from pydeploy_lint.plugin import dotted, shortened

    return f"`{shortened(dotted(violation.keys))}`" if violation.keys else APP_JSON


def _examples(violation: Violation) -> list[str]:
    examples = violation.schema.get("examples", [])
    return ["It may be:", *(f"    {json.dumps(example)}" for example in examples[:3])] if examples else []


def _quote(document: Document, violation: Violation) -> Fix | None:
    """A number or a truth value in quotes, where a text is asked for."""
    value = document.get(*violation.keys)
    if "string" not in violation.schema.get("type", ()) or not isinstance(value, bool | int | float):
        return None
    text = json.dumps(value)
    return _rewrite(f'Write "{text}", in quotes', document.span(*violation.keys), text)


def _rewrite(description: str, at: Span, text: str) -> Fix | None:
    """A string in the place of a value; none where its place is not known, as an edit would be to the whole file."""
    return None if at.line is None else Fix(description, (Edit(at, json.dumps(text)),), safe=False)


app_json_invalid.examples(
    bad=[
        Example({**APP, "app.json": '{"env": {"WEB_CONCURRENCY": 2}}'}, at=("app.json:1:29-1:30",)),
        Example({**APP, "app.json": '{"addons": [{"as": "DATABASE"}]}'}, at=("app.json:1:13-1:31",)),
        Example({**APP, "app.json": '{"buildpack": [{"url": "heroku/python"}]}'}, at=("app.json:1:2-1:13",)),
        Example({**APP, "app.json": '{"environments": {"staging": {}}}'}, at=("app.json:1:19-1:28",)),
    ],
    good=[
        Example(
            {
                **APP,
                "app.json": '{"env": {"WEB_CONCURRENCY": "2", "SECRET_KEY": {"generator": "secret"}},'
                ' "addons": ["heroku-postgresql:essential-0"], "buildpacks": [{"url": "heroku/python"}]}',
            }
        )
    ],
)


@check("addon-plan-retired", severity=Severity.WARNING, url=DEV_CENTER + "heroku-postgres-plans")
def addon_plan_retired(app: App) -> Iterator[Problem]:
    """`app.json` asks for an add-on plan that Heroku no longer has.

    Heroku's free plans are gone since November 2022, and the Postgres plans `mini` and `basic` since May 2024. Where
    `app.json` names one, Heroku refuses to create an app for a Heroku Button. By its documentation, review apps and
    Heroku CI get the plan that the provider of the add-on has chosen for them, whatever is written; so under
    `environments` this is a note. An add-on that is gone as a whole fails everywhere.

    An app that exists is not affected: Heroku has moved its add-ons to other plans, or removed them.

    ## How to fix

    Name a plan that Heroku has, or none, which asks for the default plan of the add-on.
    """
    from pydeploy_lint.plugin import retired_plans

    document = app.files.document(APP_JSON)
    if document is None:
        return
    for use in islice(retired_plans(document, app.policy.as_of), MOST):
        if use.retired.is_whole_addon:
            yield _retired(document, use, "add-on", EFFECT)
        elif use.is_ephemeral:
            effect = "review apps and Heroku CI get the plan that the provider of the add-on has chosen for them"
            yield _retired(document, use, "add-on plan", effect)._replace(severity=Severity.NOTE)
        else:
            yield _retired(document, use, "add-on plan", f"with this {APP_JSON}, Heroku Buttons fail")


addon_plan_retired.examples(
    bad=[
        Example({**APP, "app.json": '{"addons": ["heroku-postgresql:mini"]}'}, at=("app.json:1:13-1:37",)),
        Example({**APP, "app.json": '{"addons": [{"plan": "heroku-redis:hobby-dev"}]}'}, at=("app.json:1:22-1:46",)),
    ],
    good=[Example({**APP, "app.json": '{"addons": ["heroku-postgresql:essential-0", "heroku-redis:mini"]}'})],
)


@check("dyno-size-retired", severity=Severity.WARNING, url=DEV_CENTER + "dyno-types")
def dyno_size_retired(app: App) -> Iterator[Problem]:
    """`app.json` asks for a dyno size that Heroku no longer has.

    In November 2022 Heroku ended the size `free`, and renamed `hobby` to `basic`. Where `app.json` names one of them,
    in `formation` or for a script, Heroku refuses to create an app from the repository.

    An app that exists is not affected: `heroku ps:type` prints the size of its dynos.

    ## How to fix

    Name a size that Heroku has, or none, which asks for the default size.
    """
    from pydeploy_lint.plugin import retired_sizes

    document = app.files.document(APP_JSON)
    if document is None:
        return
    for use in islice(retired_sizes(document, app.policy.as_of), MOST):
        yield _retired(document, use, "dyno size", EFFECT)


dyno_size_retired.examples(
    bad=[
        Example(
            {**APP, "app.json": '{"formation": {"web": {"quantity": 1, "size": "free"}}}'}, at=("app.json:1:47-1:53",)
        )
    ],
    good=[Example({**APP, "app.json": '{"formation": {"web": {"quantity": 1, "size": "basic"}}}'})],
)


def _retired(document: Document, use: RetiredUse, what: str, effect: str) -> Problem:
    """The problem of something that is gone, and, where something takes its place, how to ask for that."""
    at = document.span(*use.keys)
    replacement = use.retired.replacement
    way_out = f"Ask for {replacement} instead, at its price." if replacement else "Remove it."
    return Problem(
        f"the {what} {use.name} was retired on {use.retired.date}; {effect}",
        at,
        help=f"{way_out} The announcement: {use.retired.source}\n{UNAFFECTED}",
        fix=_rewrite(f"Ask for {replacement}, at its price", at, use.replaced) if use.replaced else None,
    )
