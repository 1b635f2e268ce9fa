"""What a process prints, as whole lines."""

from typing import Final

#: A longer line comes in pieces.
MAX_LINE_BYTES: Final = 256 * 1024


class Lines:
    """Collects bytes and gives whole lines, in time and memory that grow with what is printed and no faster."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def feed(self, chunk: bytes) -> bytes:
        """The lines that these bytes complete; empty if there is none."""
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
        """What was printed of a line that has no end, as a line; empty if there is none."""
        if not self._partial:
            return b""
        line = bytes(self._partial) + b"\n"
        self._partial.clear()
        return line
