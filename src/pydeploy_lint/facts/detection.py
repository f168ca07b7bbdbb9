"""What the platform looks at beside the dependencies: names in the root, ``app.json``, hooks, Django's commands."""

from __future__ import annotations

from pydeploy_lint.facts.fact import AppFiles, fact
from pydeploy_lint.files.names import APP_JSON, MANAGE_PY, PROCFILE, PYTHON_VERSION, RUNTIME_TXT
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Span


class PlatformFacts(AppFiles):
    """What the platform looks at beside the dependencies."""

    @fact
    def detected(self) -> bool:
        """Whether the build takes this for a Python app."""
        return any(
            self.tree.is_directory(name) if name.endswith("/") else self.tree.exists(name)
            for name in self.policy.detect_names
        )

    @fact
    def declared_stack(self) -> str | None:
        """The stack that ``app.json`` names; None where it names none, or cannot be read."""
        try:
            document = self.document(APP_JSON)
        except FileProblem as problem:
            self.note(problem)
            return None
        stack = document and document.get("stack")
        return stack if isinstance(stack, str) else None

    @property
    def stack_at(self) -> Span:
        """Where the stack is named; the app as a whole, where an option names it."""
        document = self.document(APP_JSON) if not self.options.stack and self.declared_stack else None
        return document.span("stack") if document else Span(".")

    def declared_config_var(self, name: str) -> str | None:
        """The value that ``app.json`` gives a config var; None where it gives none, or cannot be read."""
        try:
            document = self.document(APP_JSON)
        except FileProblem as problem:
            self.note(problem)
            return None
        value = document and (document.get("env", name, "value") or document.get("env", name))
        return value if isinstance(value, str) else None

    @fact
    def declared_addons(self) -> tuple[str, ...]:
        """The add-ons that ``app.json`` names, without their plans, and what they are attached as."""
        try:
            document = self.document(APP_JSON)
        except FileProblem as problem:
            self.note(problem)
            return ()
        addons = document and document.get("addons")
        found = []
        for each in addons if isinstance(addons, list) else ():
            plan = each.get("plan") if isinstance(each, dict) else each
            if isinstance(plan, str):
                found.append(plan.partition(":")[0])
            if isinstance(each, dict) and isinstance(each.get("as"), str):
                found.append(each["as"])
        return tuple(found)

    @property
    def file_names(self) -> tuple[str, ...]:
        """The files that the build, or the platform, looks for in the root."""
        return (
            *self.policy.manager_files.values(),
            "Pipfile",
            PYTHON_VERSION,
            RUNTIME_TXT,
            MANAGE_PY,
            PROCFILE,
            APP_JSON,
            "nltk.txt",
        )

    @fact
    def virtual_environments(self) -> tuple[str, ...]:
        """The directories that the build takes for a virtual environment."""
        return tuple(name for name in (".venv", "venv") if self.tree.is_file(f"{name}/pyvenv.cfg"))

    @fact
    def nearest_manage_py(self) -> str | None:
        """The ``manage.py`` with which the build runs Django's commands."""
        from pydeploy_lint.facts.build_environment import nearest_manage_py

        return nearest_manage_py(self.tree)

    @fact
    def skips_collectstatic(self) -> str | None:
        """Why the build will not collect Django's static files; None where nothing in the files keeps it from it."""
        from pydeploy_lint.facts.build_environment import skips_collectstatic

        return skips_collectstatic(self)
