"""The first line of a script: who runs it."""

from __future__ import annotations

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})


def interpreter(text: str) -> str | None:
    """The name of the program that a ``#!`` line names, without its directory; None where there is no such line.

    Args:
        text: the script.
    """
    if not text.startswith("#!"):
        return None
    words = text[2:500].partition("\n")[0].split()
    names = [word.rpartition("/")[2] for word in words]
    if names[:1] == ["env"]:
        # env takes options (such as -S, which splits what follows) and variables.
        names = [name for name, word in zip(names[1:], words[1:], strict=True) if word[0] != "-" and "=" not in word]
    return names[0] if names else ""


def is_shell(text: str) -> bool:
    """Whether a script is for a shell; one without a ``#!`` line is run by the shell that starts it."""
    name = interpreter(text)
    return name is None or name in SHELLS
