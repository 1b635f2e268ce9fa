"""A TCP proxy that cuts connections, or holds them half open: nothing passes, and neither side notices."""

from __future__ import annotations

import asyncio
import contextlib
import threading


class Proxy:
    """Forwards a port of its own to ``target``. Runs in a thread."""

    def __init__(self, name: str, target: int) -> None:
        self.name = name
        self.port = 0
        #: Connections that were accepted so far.
        self.accepted = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._gates = {"requests": asyncio.Event(), "answers": asyncio.Event()}
        self._thread = threading.Thread(target=self._run, name=f"proxy of {name}", daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the proxy did not start")

    def cut(self) -> int:
        """Reset every connection; how many there were."""
        number = len(self._writers) // 2
        self._loop.call_soon_threadsafe(self._abort)
        return number

    def stall(self, way: str = "both") -> None:
        """From now on no ``requests``, no ``answers``, or nothing at all passes."""
        for name in self._gates if way == "both" else [way]:
            self._loop.call_soon_threadsafe(self._gates[name].clear)

    def flow(self) -> None:
        """Undo ``stall``."""
        for gate in self._gates.values():
            self._loop.call_soon_threadsafe(gate.set)

    def close(self) -> None:
        """Cut everything and end the thread."""
        self._loop.call_soon_threadsafe(self._abort)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _abort(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self.flow()
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, up_writer}
        self._writers |= ends
        with contextlib.suppress(asyncio.CancelledError):  # the end of the proxy
            await asyncio.gather(
                self._pump(reader, up_writer, self._gates["requests"]),
                self._pump(up_reader, writer, self._gates["answers"]),
            )
        self._writers -= ends

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                await gate.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
