"""The output of a process as whole lines."""

from typing import Final

#: A longer line is split.
MAX_LINE_BYTES: Final = 256 * 1024


class Lines:
    """Collects bytes into lines; time and memory are linear in what is printed."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def feed(self, chunk: bytes) -> bytes:
        """Return the lines that these bytes complete; empty if there is none."""
        whole, newline, rest = chunk.rpartition(b"\n")
        lines = b""
        if newline:
            lines = b"".join((self._partial, whole, newline))
            self._partial.clear()
        self._partial += rest
        if len(self._partial) > MAX_LINE_BYTES:
            lines += self.rest()
        return lines

    def rest(self) -> bytes:
        """Return the incomplete last line; empty if there is none."""
        if not self._partial:
            return b""
        line = bytes(self._partial) + b"\n"
        self._partial.clear()
        return line
