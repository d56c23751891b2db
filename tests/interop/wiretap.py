"""A TCP relay on the component link: keeps every byte, cuts stanzas, can cut and stall.

The node connects to the tap as if it were the host. Each connection knows its component's name from the
stream header, and each stanza keeps its own bytes: a test that looks for a leak reads what was really sent,
not what a parser made of it.
"""
import asyncio
import time
import xml.parsers.expat

import ports
from stanza import WholeTags

TO_HOST, TO_NODE = "to host", "to node"


class Passed:
    """One stanza that passed: its bytes, when, and the attributes of its first tag."""

    def __init__(self, raw, name, attributes):
        self.raw, self.name, self.attributes, self.at = raw, name, attributes, time.time()

    @property
    def to(self):
        return self.attributes.get("to", "")

    @property
    def domain(self):
        return self.to.partition("/")[0].rpartition("@")[2]

    def __str__(self):
        return self.raw.decode("utf-8", "replace")


class _Cutter:
    """Cuts one direction into stanzas by the parser's own byte positions."""

    def __init__(self, on_stanza):
        self.raw, self.head = bytearray(), {}
        self._on_stanza, self._depth, self._begin = on_stanza, 0, None
        self._parser = xml.parsers.expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._broken, self._tags = False, WholeTags()

    def feed(self, data):
        self.raw += data
        if not self._broken:
            try:
                self._parser.Parse(self._tags.take(data))
            except xml.parsers.expat.ExpatError:
                self._broken = True  # bad bytes on purpose; they are kept all the same

    def _start(self, name, attributes):
        if self._depth == 0:
            self.head = attributes
        elif self._depth == 1:
            self._begin = (self._parser.CurrentByteIndex, name, attributes)
        self._depth += 1

    def _end(self, _):
        self._depth -= 1
        if self._depth == 1:
            begin, name, attributes = self._begin
            end = self._parser.CurrentByteIndex
            if self.raw[end:end + 2] == b"</":  # an empty element's end is already behind its tag
                end = self.raw.index(b">", end) + 1
            self._on_stanza(Passed(bytes(self.raw[begin:end]), name, attributes))


class Connection:
    def __init__(self, tap):
        self.tap, self.stanzas, self.writers = tap, {TO_HOST: [], TO_NODE: []}, []
        self.open, self.since = True, time.time()
        self._cutters = {way: _Cutter(lambda each, way=way: self._passed(way, each))
                         for way in (TO_HOST, TO_NODE)}

    @property
    def component(self):
        return self._cutters[TO_HOST].head.get("to", "")

    def raw(self, way):
        return bytes(self._cutters[way].raw)

    def _passed(self, way, stanza):
        self.stanzas[way].append(stanza)
        self.tap._wake()

    async def relay(self, way, reader, writer):
        try:
            while data := await reader.read(65536):
                await self.tap.flowing[way].wait()
                self._cutters[way].feed(data)
                writer.write(data)
                await writer.drain()
        except (ConnectionError, OSError):
            pass
        finally:
            self.close()

    def close(self):
        self.open = False
        for writer in self.writers:
            writer.close()


class Wiretap:
    def __init__(self, host_address, host_port):
        self.target = (host_address, host_port)
        self.connections, self.server = [], None
        self.flowing = {TO_HOST: asyncio.Event(), TO_NODE: asyncio.Event()}
        for each in self.flowing.values():
            each.set()
        self._changed = asyncio.Event()
        self._tasks = set()

    async def start(self):
        address = ports.own_address()
        self.server = await asyncio.start_server(self._accept, address, 0)
        self.address, self.port = self.server.sockets[0].getsockname()[:2]
        return self

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            try:
                far_reader, far_writer = await asyncio.open_connection(*self.target)
            except OSError:
                writer.close()
                return
            connection = Connection(self)
            connection.writers = [writer, far_writer]
            self.connections.append(connection)
            await asyncio.gather(connection.relay(TO_HOST, reader, far_writer),
                                 connection.relay(TO_NODE, far_reader, writer))
        finally:
            self._tasks.discard(task)
            self._wake()

    def _wake(self):
        self._changed.set()
        self._changed = asyncio.Event()

    # --- faults --------------------------------------------------------------------------------------------
    def cut(self, component=None):
        """Cuts the open connections, or those of one component."""
        for each in self.connections:
            if each.open and component in (None, each.component):
                each.close()

    def stall(self, way):
        self.flowing[way].clear()

    def flow(self, way):
        self.flowing[way].set()

    # --- what passed -----------------------------------------------------------------------------------------
    def passed(self, way=TO_HOST, component=None, domains=None):
        """Stanzas in the order of each connection; `domains`: only those addressed there."""
        return [each for connection in self.connections if component in (None, connection.component)
                for each in connection.stanzas[way] if domains is None or each.domain in domains]

    async def until(self, test, timeout, what):
        deadline = time.monotonic() + timeout
        while not test():
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                raise AssertionError(f"the link did not show within {timeout} s: {what}") from None

    async def stop(self):
        if self.server:
            self.server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
