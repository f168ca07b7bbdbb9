"""Talks to a git that keeps running: a question, an answer, and a limit to the waiting."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
import weakref

PATIENCE = 20.0
"""Seconds in which git must answer; a pattern of a .gitignore, or a pipe for an index, can keep it endlessly."""
CHUNK = 1 << 16


class GitError(Exception):
    """Git is not there, or refused, or is damaged; the message says why."""


class NoAnswer(GitError):
    """Git takes too long."""

    def __init__(self) -> None:
        super().__init__(f"git did not answer within {PATIENCE:.0f} seconds")


def whole_answer(process: subprocess.Popen[bytes], given: bytes | None = None) -> tuple[bytes, bytes]:
    """What a program, which is told something, or nothing more, writes to its outputs until its end.

    Raises:
        NoAnswer: it does not end, and is killed.
    """
    try:
        return process.communicate(given, PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise NoAnswer from None


class Talk:
    """A running program that answers questions one after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._unread = bytearray()
        self._deadline = 0.0
        # Not __del__, which comes too late where this is part of a cycle.
        self.end = weakref.finalize(self, _end, process)

    def ask(self, question: bytes) -> None:
        """Put a question, whose answer is then to be read whole.

        Raises:
            OSError: the program has ended.
        """
        assert self._process.stdin
        self._deadline = time.monotonic() + PATIENCE
        self._process.stdin.write(question)
        self._process.stdin.flush()

    def until(self, mark: bytes) -> bytes:
        """What comes before the next mark.

        Raises:
            EOFError: the program has ended.
            NoAnswer: it takes too long.
        """
        while (at := self._unread.find(mark)) < 0:
            self._read_on()
        found = self.take(at)
        del self._unread[: len(mark)]
        return found

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            EOFError: the program has ended.
            NoAnswer: it takes too long.
        """
        while len(self._unread) < size:
            self._read_on()
        with memoryview(self._unread) as unread:
            found = bytes(unread[:size])
        del self._unread[:size]
        return found

    def _read_on(self) -> None:
        assert self._process.stdout
        file = self._process.stdout.fileno()
        # Windows cannot wait for a pipe with a limit.
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(file, select.POLLIN)
            if not poll.poll(max(0, self._deadline - time.monotonic()) * 1000):
                raise NoAnswer
        data = os.read(file, CHUNK)
        if not data:
            raise EOFError
        self._unread += data

    def complaint(self) -> str:
        """What the program, which has ended or is ending, wrote to its standard error.

        Raises:
            NoAnswer: it does not end.
        """
        try:
            _, errors = whole_answer(self._process)
        finally:
            self.end()
        return errors.decode("utf-8", "replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that was talked to, whatever state it and its pipes are in."""
    process.kill()
    for stream in (process.stdin, process.stdout, process.stderr):
        # What was written to a program that has ended cannot be flushed; at the end of the interpreter all is closed.
        with contextlib.suppress(OSError, ValueError):
            if stream:
                stream.close()
    process.wait()
