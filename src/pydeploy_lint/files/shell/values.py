"""From what is written to what a program gets: the values of variables, and the words that they make."""

from __future__ import annotations

from pydeploy_lint.files.shell.model import Assignment, Command, Kind, Piece, Redirection, Scope, When, Word
from pydeploy_lint.files.shell.words import LITERAL, VARIABLE, Raw

MAX_VALUE = 10_000
"""Characters; a variable with a longer value, as those that double have, is unknown."""
_BLANKS = {9: " ", 10: " "}
_SUBSTITUTIONS = ("$(", "`")


class DraftAssignment:
    """An assignment as it is written."""

    __slots__ = ("appends", "array", "end", "is_element", "name", "start", "value")

    def __init__(self, name: str, value: Raw | None, start: int, end: int, *, appends: bool = False) -> None:
        self.name = name
        self.value = value
        self.start = start
        self.end = end
        self.appends = appends
        self.array: list[Raw] | None = None
        self.is_element = False


class DraftRedirection:
    """A redirection as it is written."""

    __slots__ = ("body", "operator", "target")

    def __init__(self, operator: str, target: Raw) -> None:
        self.operator = operator
        self.target = target
        self.body: tuple[int, int] | None = None


class Draft:
    """A simple command as it is written; `list` is the one that it is in, joined by ``&&`` and the like."""

    __slots__ = (
        "assignments", "declaration", "end", "in_background", "is_complete", "list", "operator", "piped",
        "redirections", "scope", "start", "when", "words",
    )  # fmt: skip

    def __init__(self, start: int, scope: Scope, when: When, items: list[Draft | Scope], *, piped: bool) -> None:
        self.words: list[Raw] = []
        self.assignments: list[DraftAssignment] = []
        self.redirections: list[DraftRedirection] = []
        self.declaration = ""
        self.start = self.end = start
        self.scope = scope
        self.when = when
        self.list = items
        self.operator = ""
        self.piped = piped
        self.in_background = False
        self.is_complete = False

    @property
    def surely_succeeds(self) -> bool:
        """Whether it only sets variables to what needs no other command."""
        return not (self.words or self.redirections) and not any(
            segment.text.startswith(_SUBSTITUTIONS)
            for assignment in self.assignments
            for segment in (assignment.value.segments if assignment.value else ())
            if segment.kind not in (LITERAL, VARIABLE)
        )

    @property
    def is_lasting(self) -> bool:
        """Whether what it sets holds for the rest of the script."""
        if self.piped or self.in_background or self.when is When.MAYBE:
            return False
        return all(scope.kind in (Kind.SCRIPT, Kind.GROUP) and not scope.subshell for scope in self.scope.chain)


class _Variable:
    """A variable that is set once."""

    __slots__ = ("draft", "is_known", "start", "text")

    def __init__(self, draft: Draft, start: int, text: str, *, is_known: bool) -> None:
        self.draft = draft
        self.start = start
        self.text = text
        self.is_known = is_known


class _Values:
    def __init__(self, text: str, drafts: list[Draft], spoiled: list[str]) -> None:
        self.text = text
        self.variables: dict[str, _Variable] = {}
        assigned: dict[str, tuple[Draft, DraftAssignment] | None] = dict.fromkeys(spoiled)
        for draft in drafts:
            for assignment in draft.assignments if not draft.words else ():
                if assignment.value or assignment.array is not None:
                    name = assignment.name
                    assigned[name] = None if name in assigned else (draft, assignment)
        # In the order of the text, so that each can use those before it.
        for name, found in assigned.items():
            if found:
                self._set(name, *found)

    def _set(self, name: str, draft: Draft, assignment: DraftAssignment) -> None:
        raw = assignment.value
        if raw is None or assignment.appends or assignment.is_element or not draft.is_lasting:
            return
        word = self.word(raw, draft)
        text = self.text[raw.start : raw.end] if word.value is None and "$" not in word.text else word.text
        if len(text) <= MAX_VALUE and (word.value is not None or "$" in text):
            self.variables[name] = _Variable(draft, assignment.start, text, is_known=word.value is not None)

    def _variable(self, name: str, start: int, user: Draft) -> _Variable | None:
        variable = self.variables.get(name)
        if variable is None or variable.start >= start:
            return None
        return variable if variable.draft.when is When.ALWAYS or variable.draft.list is user.list else None

    def word(self, raw: Raw, user: Draft) -> Word:
        """A word that is not split."""
        return self._words(raw, user, split=False)[0]

    def words(self, raw: Raw, user: Draft) -> list[Word]:
        """The words that one becomes: several or none where a variable that is not quoted holds blanks or nothing."""
        if len(raw.segments) == 1 and raw.segments[0].kind == LITERAL:
            _, text, start, end, quoted = raw.segments[0]
            value = None if "{" in text and not quoted and has_braces(text) else text
            return [Word(value, raw.start, raw.end, text, quoted, False, (Piece(text, start, end),))]
        return self._words(raw, user, split=True)

    def _words(self, raw: Raw, user: Draft, *, split: bool) -> list[Word]:
        words: list[Word] = []
        builder = _Builder(raw)
        unquoted = ""
        for kind, text, start, end, quoted in raw.segments:
            written = self.text[start:end]
            variable = self._variable(text, start, user) if kind == VARIABLE else None
            if kind == LITERAL:
                builder.add(text, start, end, is_quoted=quoted)
                unquoted += "" if quoted else text
            elif variable is None:
                builder.add(written, start, end, is_quoted=quoted, is_known=False)
            elif variable.is_known and split and not quoted:
                first, *others = variable.text.translate(_BLANKS).split(" ")
                builder.add(first, start, end)
                for chunk in others:
                    words += builder.finish()
                    builder = _Builder(raw)
                    builder.add(chunk, start, end)
            else:
                builder.add(variable.text, start, end, is_quoted=quoted, is_known=variable.is_known)
        words += builder.finish(force=not split)
        if split and "{" in unquoted and has_braces(unquoted):
            words = [word._replace(value=None, may_split=True) for word in words]
        return words


class _Builder:
    """A word that is put together."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.pieces: list[Piece] = []
        self.is_known = True
        self.is_quoted = False
        self.may_split = False

    def add(self, text: str, start: int, end: int, *, is_quoted: bool = False, is_known: bool = True) -> None:
        if text:
            self.pieces.append(Piece(text, start, end))
        self.is_quoted |= is_quoted
        self.is_known &= is_known
        self.may_split |= not is_known and not is_quoted

    def finish(self, *, force: bool = False) -> list[Word]:
        """The word; none where it would be empty without quotes, unless it is forced."""
        if not (self.pieces or self.is_quoted or force):
            return []
        text = "".join(piece.text for piece in self.pieces)
        is_known = self.is_known and len(text) <= MAX_VALUE + self.raw.end - self.raw.start
        value = text if is_known else None
        start, end = self.raw.start, self.raw.end
        return [Word(value, start, end, text, self.is_quoted, self.may_split, tuple(self.pieces))]


def has_braces(text: str) -> bool:
    """Whether the shell makes several words of braces in a text, as of ``{a,b}`` and ``{1..3}``."""
    open_braces: list[bool] = []
    before = ""
    for character in text:
        if character == "{":
            open_braces.append(False)
        elif character == "}" and open_braces:
            if open_braces.pop():
                return True
        elif open_braces and (character == "," or (character == before == ".")):
            open_braces[-1] = True
        before = character
    return False


def finish(text: str, drafts: list[Draft], spoiled: list[str]) -> tuple[Command, ...]:
    """The commands, in the order of the text.

    Args:
        text: the script.
        drafts: what was read; what is not complete is left out.
        spoiled: the variables that are set by other means than assignments.
    """
    drafts = sorted(filter(lambda draft: draft.is_complete, drafts), key=lambda draft: draft.start)
    values = _Values(text, drafts, spoiled)
    return tuple(_command(draft, values) for draft in drafts)


def _command(draft: Draft, values: _Values) -> Command:
    return Command(
        tuple(word for raw in draft.words for word in values.words(raw, draft)),
        tuple(_assignment(each, draft, values) for each in draft.assignments),
        tuple(Redirection(each.operator, values.word(each.target, draft), each.body) for each in draft.redirections),
        draft.start,
        draft.end,
        draft.scope,
        draft.when,
        draft.operator,
        draft.declaration,
        draft.piped,
        draft.in_background or any(scope.in_background for scope in draft.scope.chain),
    )


def _assignment(each: DraftAssignment, draft: Draft, values: _Values) -> Assignment:
    array = None if each.array is None else tuple(word for raw in each.array for word in values.words(raw, draft))
    value = values.word(each.value, draft) if each.value else None
    return Assignment(each.name, value, each.start, each.end, each.appends, array)
