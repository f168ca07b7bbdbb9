"""Reading of commands: lists, pipelines, and all that commands are nested in."""

from __future__ import annotations

import re

from pydeploy_lint.files.shell.model import Kind, Scope, Script, Unreadable, When
from pydeploy_lint.files.shell.values import Draft, DraftAssignment, DraftRedirection, finish
from pydeploy_lint.files.shell.words import IN_PARENTHESES, LITERAL, PLAIN, Raw, Stop, WordReader

MAX_SCOPES = 100
"""How deeply parentheses, branches and loops may be nested in each other."""
_BLANK = re.compile(r"(?:[ \t]+|\r(?=\n)|\\\r?\n)+")
_OPERATORS = frozenset({"&&", "||", ";;&", ";;", ";&", "|&"})
"""Those of more than one character."""
_REDIRECTION = r"\d*(?:<<<|<<-|<<|<>|<&|<(?!\()|>>|>&|>\||>(?!\())|&>>|&>"
_REDIRECTED = frozenset("<>&0123456789")
"""What a redirection begins with."""
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\[[^\]\s]*\])?(\+?)=")
_PARENTHESES = r"\([ \t]*\)"
_DECLARATIONS = frozenset({"export", "declare", "local", "readonly", "typeset"})
_SETTERS = frozenset({"getopts", "let", "mapfile", "read", "readarray", "unset"})
"""Commands that change the variables that their arguments name."""
_JOINERS = ("&&", "||", "|", "|&")
_CASE_ENDS = (";;", ";&", ";;&")
_BRANCHES = {"then": "if", "elif": "if", "else": "if", "do": "loop"}
_CLOSERS = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}
_GOES_ON = "'\"\\$`"
"""What makes a word of more than one part, which is no reserved word."""
_OPENERS = frozenset({"if", "while", "until", "for", "select", "case", "{", "function", "[[", "!"})


class _Frame:
    """Something that is open, and the list of commands that is being read in it."""

    __slots__ = (
        "chain", "draft", "function", "is_pattern", "items", "kind", "last", "opened", "operator", "piped", "scope",
        "sure", "whole",
    )  # fmt: skip

    def __init__(self, kind: str, scope: Scope, opened: int) -> None:
        self.kind = kind
        self.whole = self.scope = scope
        self.opened = opened
        self.is_pattern = kind == "case"
        self.draft: Draft | None = None
        self.function = ""
        self.start_list()

    def start_list(self) -> None:
        self.chain = When.ALWAYS
        self.sure = True
        self.piped = False
        self.operator = ""
        self.items: list[Draft | Scope] = []
        self.last: Draft | Scope | None = None

    @property
    def when(self) -> When:
        return max(self.scope.when, self.chain)


class _Reader(WordReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.drafts: list[Draft] = []
        self.frames: list[_Frame] = []
        self.heredocs: list[tuple[DraftRedirection, str, bool]] = []

    def script(self) -> Unreadable | None:
        try:
            self.commands("", Scope(Kind.SCRIPT, None, When.ALWAYS))
        except Stop as stop:
            return Unreadable(stop.reason, stop.offset)
        return None

    def substitution(self, closer: str) -> None:
        frame = self.frames[-1]
        self.commands(closer, Scope(Kind.SUBSTITUTION, frame.scope, frame.when, subshell=True))

    # Lists.

    def commands(self, closer: str, scope: Scope) -> None:
        """Read commands up to the closer, or to the end."""
        base = len(self.frames)
        self._push(_Frame("(" if closer else "", scope, self.position))
        while True:
            self._skip_blanks()
            frame = self.frames[-1]
            is_base = len(self.frames) - base == 1
            if self.position >= self.end:
                self._end(frame)
                if is_base and closer:
                    opening = frame.opened - 2
                    raise Stop(f"{self.text[opening : frame.opened]!r} is not closed", opening)
                if not is_base:
                    raise Stop(f"{self._shown(frame.opened)!r} is not closed", frame.opened)
                break
            if closer and is_base and self.text[self.position] == closer:
                self._end(frame)
                self.position += 1
                break
            self._next(frame)
        self.frames.pop()

    def _next(self, frame: _Frame) -> None:
        """Read what stands at the position."""
        if frame.is_pattern:
            self._pattern(frame)
        elif self.text[self.position] in _REDIRECTED and (match := self._redirection_operator()):
            self._redirection(frame, match)
        elif self.text[self.position] in "\n;&|":
            self._operator(frame, self._operator_here())
        elif self.text[self.position] == "(":
            self._open_parenthesis(frame)
        elif self.text[self.position] == ")":
            self._end(frame)
            self._pop(frame, "(")
            self.position += 1
        else:
            self._word(frame)

    def _redirection_operator(self) -> re.Match[str] | None:
        # Compiled when it is needed: most commands have none.
        return re.compile(_REDIRECTION).match(self.text, self.position, self.end)

    def _operator_here(self) -> str:
        for size in (3, 2):
            operator = self.text[self.position : min(self.position + size, self.end)]
            if operator in _OPERATORS:
                return operator
        return self.text[self.position]

    def _shown(self, offset: int) -> str:
        """The word or the character at an offset, for a message."""
        match = PLAIN.match(self.text, offset, min(self.end, offset + 20))
        return match[0] if match else self.text[offset : offset + 1]

    def _push(self, frame: _Frame) -> None:
        if len(self.frames) >= MAX_SCOPES:
            raise Stop("commands are nested too deeply", self.position)
        self.frames.append(frame)

    def _skip_blanks(self) -> None:
        if match := _BLANK.match(self.text, self.position, self.end):
            self.position = match.end()
        if self.position < self.end and self.text[self.position] == "#":
            end = self.text.find("\n", self.position, self.end)
            self.position = self.end if end < 0 else end

    def _skip_lines(self) -> None:
        """Skip blanks, comments and line ends."""
        self._skip_blanks()
        while self.position < self.end and self.text[self.position] == "\n":
            self._line_end()
            self._skip_blanks()

    def _line_end(self) -> None:
        self.position += 1
        if self.heredocs:
            waiting, self.heredocs = self.heredocs, []
            for redirection, delimiter, indented in waiting:
                self._heredoc(redirection, delimiter, indented=indented)

    def _heredoc(self, redirection: DraftRedirection, delimiter: str, *, indented: bool) -> None:
        start = self.position
        while self.position < self.end:
            at = self.position
            end = self.text.find("\n", at, self.end)
            end = self.end if end < 0 else end
            line = self.text[at:end].removesuffix("\r")
            self.position = min(end + 1, self.end)
            if (line.lstrip("\t") if indented else line) == delimiter:
                redirection.body = (start, at)
                return
        redirection.body = (start, self.end)

    def _operator(self, frame: _Frame, operator: str) -> None:
        if operator == "\n":
            waits = frame.draft is None and frame.last is None and (frame.operator in _JOINERS or frame.function)
            if not waits:
                self._end_list(frame, operator)
            self._line_end()
            return
        if operator in _CASE_ENDS and frame.kind == "case":
            self._end_list(frame, operator)
            frame.is_pattern = True
        elif operator in _CASE_ENDS or (frame.draft is None and frame.last is None) or frame.function:
            raise Stop(f"{operator!r} is not expected here", self.position)
        elif operator in _JOINERS:
            self._join(frame, operator)
        else:
            self._end_list(frame, operator)
        self.position += len(operator)

    def _join(self, frame: _Frame, operator: str) -> None:
        last = self._end_command(frame, operator)
        frame.operator = operator
        frame.last = None
        is_pipe = operator in ("|", "|&")
        if operator == "&&":
            frame.chain = When.ALWAYS if frame.sure else When.SUCCESS
        elif operator == "||":
            frame.chain = When.MAYBE
        elif isinstance(last, Scope):
            last.subshell = True
        elif last:
            last.piped = True
        if is_pipe:
            frame.sure = False
        frame.piped = is_pipe

    def _end_command(self, frame: _Frame, operator: str = "") -> Draft | Scope | None:
        """Finish the command that is being read; it, or the parentheses or the like that stand there."""
        draft = frame.draft
        if draft is None:
            return frame.last
        frame.draft = None
        draft.is_complete = True
        draft.operator = operator
        frame.last = draft
        frame.items.append(draft)
        frame.sure = frame.sure and draft.surely_succeeds
        self._note_setters(draft)
        return draft

    def _note_setters(self, draft: Draft) -> None:
        name = draft.words[0].plain if draft.words else None
        if name in _SETTERS:
            self.spoiled += [(word.plain or "").partition("=")[0] for word in draft.words[1:]]

    def _end_list(self, frame: _Frame, operator: str) -> None:
        self._end_command(frame, operator)
        if operator == "&":
            for item in frame.items:
                item.in_background = True
                if isinstance(item, Scope):
                    item.subshell = True
        frame.start_list()

    def _end(self, frame: _Frame) -> None:
        """Finish the last list of a frame."""
        if frame.function or (frame.draft is None and frame.last is None and frame.operator in _JOINERS):
            raise Stop("a command is missing", self.position)
        self._end_list(frame, "")

    # Simple commands.

    def _draft(self, frame: _Frame) -> Draft:
        if frame.draft is None:
            if isinstance(frame.last, Scope):
                raise Stop("a word is not expected here", self.position)
            frame.draft = Draft(self.position, frame.scope, frame.when, frame.items, piped=frame.piped)
            self.drafts.append(frame.draft)
        return frame.draft

    def _word(self, frame: _Frame) -> None:
        draft = frame.draft
        if draft is None and self._reserved(frame):
            return
        draft = self._draft(frame)
        if not draft.words and (match := _ASSIGNMENT.match(self.text, self.position, self.end)):
            draft.assignments.append(self._assignment(match))
        else:
            word = self.word()
            if word.start == word.end:
                raise Stop(f"{self._shown(self.position)!r} is not expected here", self.position)
            if draft.declaration:
                self._declare(draft, word)
            elif not draft.words and word.plain in _DECLARATIONS:
                draft.declaration = word.plain or ""
            else:
                draft.words.append(word)
        draft.end = self.position

    def _declare(self, draft: Draft, word: Raw) -> None:
        name = word.plain
        if name and name.isidentifier():
            draft.assignments.append(DraftAssignment(name, None, word.start, word.end))

    def _assignment(self, match: re.Match[str]) -> DraftAssignment:
        self.position = match.end()
        assignment = DraftAssignment(match[1], None, match.start(), match.end(), appends=bool(match[3]))
        assignment.is_element = match[2] is not None
        if self.position < self.end and self.text[self.position] == "(":
            self.position += 1
            assignment.array = self._words_until(")")
            if self.position >= self.end:
                raise Stop("'(' is not closed", match.start())
            self.position += 1
        else:
            assignment.value = self.word()
        assignment.end = self.position
        return assignment

    def _words_until(self, closers: str) -> list[Raw]:
        """Words up to one of some characters, or to the end, over several lines unless a line end is one of them."""
        words: list[Raw] = []
        while True:
            if "\n" in closers:
                self._skip_blanks()
            else:
                self._skip_lines()
            if self.position >= self.end or self.text[self.position] in closers:
                return words
            word = self.word()
            if word.start == word.end:
                raise Stop(f"{self._shown(self.position)!r} is not expected here", self.position)
            words.append(word)

    def _redirection(self, frame: _Frame, match: re.Match[str]) -> None:
        is_heredoc = match[0].lstrip("0123456789") in ("<<", "<<-")
        draft = None if isinstance(frame.last, Scope) and frame.draft is None else self._draft(frame)
        self.position = match.end()
        if blank := _BLANK.match(self.text, self.position, self.end):
            self.position = blank.end()
        target = self.word()
        if target.start == target.end:
            raise Stop(f"{match[0]!r} has no target", match.start())
        redirection = DraftRedirection(match[0], target)
        if is_heredoc:
            delimiter = "".join(
                segment.text if segment.kind == LITERAL else self.text[segment.start : segment.end]
                for segment in target.segments
            )
            self.heredocs.append((redirection, delimiter, match[0].endswith("-")))
        if draft:
            draft.redirections.append(redirection)
            draft.end = self.position

    # What commands are nested in.

    def _open(self, frame: _Frame, kind: str, scope: Kind, start: int, *, subshell: bool = False) -> None:
        if isinstance(frame.last, Scope):
            raise Stop(f"{kind!r} is not expected here", start)
        name, frame.function = frame.function, ""
        inner = Scope(
            Kind.FUNCTION if name else scope,
            frame.scope,
            When.ALWAYS if name else frame.when,
            subshell=subshell or frame.piped,
            name=name,
        )
        self._push(_Frame(kind, inner, start))

    def _pop(self, frame: _Frame, kind: str) -> None:
        if frame.kind != kind or frame.whole.kind is Kind.SUBSTITUTION:
            raise Stop(f"{self._shown(self.position)!r} is not expected here", self.position)
        self.frames.pop()
        outer = self.frames[-1]
        outer.last = frame.whole
        outer.items.append(frame.whole)
        outer.sure = False

    def _open_parenthesis(self, frame: _Frame) -> None:
        start = self.position
        draft = frame.draft
        if draft:
            match = re.compile(_PARENTHESES).match(self.text, start, self.end)
            name = draft.words[0] if len(draft.words) == 1 and not draft.assignments else None
            if name and name.plain == "time" and not match:
                frame.draft = None
                self.drafts.pop()
            elif match and name and name.plain and not draft.redirections:
                self.drafts.pop()
                frame.draft, frame.function = None, name.plain
                self.position = match.end()
                return
            else:
                raise Stop("'(' is not expected here", start)
        if self.text.startswith("((", start) and (end := self.arithmetic_end(start + 2)) is not None:
            self._open(frame, "((", Kind.GROUP, start)
            self._pop(self.frames[-1], "((")
            self.position = end
            return
        self._open(frame, "(", Kind.SUBSHELL, start, subshell=True)
        self.position += 1

    def _reserved(self, frame: _Frame) -> bool:
        """Read a reserved word if there is one, and what belongs to it."""
        start = self.position
        match = PLAIN.match(self.text, start, self.end)
        word = match[0] if match and (match.end() >= self.end or self.text[match.end()] not in _GOES_ON) else ""
        if word in _OPENERS:
            self.position += len(word)
            self._opener(frame, word, start)
        elif word in _BRANCHES:
            self._branch(frame, word)
            self.position += len(word)
        elif word in _CLOSERS:
            self._end(frame)
            self._pop(frame, _CLOSERS[word])
            self.position += len(word)
        else:
            return False
        return True

    def _opener(self, frame: _Frame, word: str, start: int) -> None:
        match word:
            case "!":
                frame.sure = False
            case "[[":
                self._condition(frame, start)
            case "function":
                self._skip_blanks()
                frame.function = self._text_of_word()
                self._skip_blanks()
                if match := re.compile(_PARENTHESES).match(self.text, self.position, self.end):
                    self.position = match.end()
            case "if":
                self._open(frame, "if", Kind.IF, start)
            case "while" | "until":
                self._open(frame, "loop", Kind.LOOP, start)
            case "for" | "select":
                self._open(frame, "loop", Kind.LOOP, start)
                self._loop_header()
            case "case":
                self._open(frame, "case", Kind.CASE, start)
                self._case_header(self.frames[-1])
            case _:
                self._open(frame, "{", Kind.GROUP, start)

    def _text_of_word(self) -> str:
        word = self.word()
        if word.start == word.end:
            raise Stop("a name is missing", self.position)
        return self.text[word.start : word.end]

    def _branch(self, frame: _Frame, word: str) -> None:
        self._end(frame)
        if frame.kind != _BRANCHES[word]:
            raise Stop(f"{word!r} is not expected here", self.position)
        frame.scope = Scope.branch(frame.whole)

    def _loop_header(self) -> None:
        self._skip_blanks()
        if self.text.startswith("((", self.position):
            end = self.arithmetic_end(self.position + 2)
            if end is None:
                raise Stop("'((' is not closed", self.position)
            self.position = end
        else:
            self.spoiled.append(self._text_of_word())
            self._skip_lines()
            at = self.position
            if self.word().plain == "in":
                self._words_until(";\n")
            else:
                self.position = at
        self._skip_blanks()
        if self.position < self.end and self.text[self.position] == ";":
            self.position += 1

    def _case_header(self, frame: _Frame) -> None:
        self._skip_blanks()
        self._text_of_word()
        self._skip_lines()
        if self._text_of_word() != "in":
            raise Stop("'case' has no 'in'", frame.opened)

    def _pattern(self, frame: _Frame) -> None:
        """Read the patterns of a branch of ``case``, or its end."""
        self._skip_lines()
        start = self.position
        if self.text.startswith("(", start):
            self.position += 1
        elif (word := self.word()).plain == "esac":
            self.position = start
            frame.is_pattern = False
            self._end(frame)
            self._pop(frame, "case")
            self.position = word.end
            return
        else:
            self.position = start
        patterns = self._words_until_bars()
        if not patterns or self.position >= self.end or self.text[self.position] != ")":
            raise Stop("a pattern of 'case' cannot be read", start)
        self.position += 1
        frame.is_pattern = False
        frame.scope = Scope.branch(frame.whole)

    def _words_until_bars(self) -> list[Raw]:
        patterns: list[Raw] = []
        while True:
            self._skip_blanks()
            word = self.word()
            if word.start == word.end:
                return patterns
            patterns.append(word)
            while self.text.startswith("(", self.position) and self.text[self.position - 1] in "?*+@!":
                self._skip_parentheses()
                self.word()
            self._skip_blanks()
            if not self.text.startswith("|", self.position):
                return patterns
            self.position += 1

    def _skip_parentheses(self) -> None:
        """Skip the parentheses of a pattern such as ``+([0-9])``."""
        depth = 0
        for match in re.compile(IN_PARENTHESES).finditer(self.text, self.position, self.end):
            depth += (match[0] == "(") - (match[0] == ")")
            if depth == 0:
                self.position = match.end()
                return
        raise Stop("'(' is not closed", self.position)

    def _condition(self, frame: _Frame, start: int) -> None:
        """Read ``[[ … ]]``, in which operators and parentheses are words."""
        self.position = start
        draft = self._draft(frame)
        while True:
            self._skip_lines()
            if self.position >= self.end:
                raise Stop("'[[' is not closed", start)
            word = self.word()
            if word.start == word.end:
                self.position += 1
                continue
            draft.words.append(word)
            if word.plain == "]]":
                draft.end = self.position
                return


def read_shell(text: str) -> Script:
    """Read a script.

    A variable has a value if the script sets it once, outside of any branch, loop, function and subshell, before it is
    used; after ``a && V=1``, up to the end of that list only. Lines may end with CR LF.

    Args:
        text: any text; what cannot be read leaves the rest of it undecided.
    """
    reader = _Reader(text)
    undecided = reader.script()
    return Script(finish(text, reader.drafts, reader.spoiled), undecided)
