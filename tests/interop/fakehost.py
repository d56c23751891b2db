"""A host that a test writes byte by byte: the server side of XEP-0114.

A stock host filters what it passes on (bad XML never reaches a component), so what a broken or hostile host
could send is played by this one.
"""
import asyncio
import hashlib
import time
import xml.etree.ElementTree as ET

import ports
from stanza import Stanza, StreamReader

HEAD = ("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
        "xmlns='jabber:component:accept' id='{id}' from='{domain}'>")


class Link:
    """One component connection: `received` is what the node sent on it."""

    def __init__(self, host, reader, writer):
        self.host, self.reader, self.writer = host, reader, writer
        self.domain, self.received, self.errors = "", [], []
        self.open, self.ready = True, False
        self.held = None  # what must not go amid a dribbled stanza

    async def serve(self):
        parser = StreamReader(self._stanza, self._head)
        try:
            while data := await self.reader.read(65536):
                parser.feed(data)
        except (ConnectionError, OSError):
            pass
        finally:
            self.open = False
            self.writer.close()
            self.host._wake()

    def _head(self, element):
        self.domain = element.get("to", "")
        self.id = f"stream-{len(self.host.links)}"
        self.send(HEAD.format(id=self.id, domain=self.domain))

    def _stanza(self, element):
        name = element.tag.rpartition("}")[2]
        if name == "handshake":
            wanted = hashlib.sha1((self.id + self.host.secret).encode()).hexdigest()
            if (element.text or "").strip() == wanted:
                self.ready = True
                self.send("<handshake/>")
            else:
                self.send("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                          "</stream:error></stream:stream>")
        elif name == "error":
            self.errors.append(ET.tostring(element, encoding="unicode"))
        else:
            stanza = Stanza(element, len(self.received))
            # As a host does: the node's ping to itself or to the host comes back in order.
            if stanza.kind == "iq" and stanza.type == "get" and stanza.child("ping", "urn:xmpp:ping") is not None:
                if stanza.to.rpartition("@")[2] == self.domain:
                    self.send(f"<iq type='get' id='{stanza.id}' from='{stanza.sender}' to='{stanza.to}'>"
                              "<ping xmlns='urn:xmpp:ping'/></iq>")
                else:
                    self.send(f"<iq type='result' id='{stanza.id}' from='{stanza.to}' to='{stanza.sender}'/>")
            self.received.append(stanza)
        self.host._wake()

    def send(self, data):
        data = data if isinstance(data, bytes) else data.encode()
        if self.held is not None:
            self.held += data
        elif self.open:
            self.writer.write(data)

    async def dribble(self, data):
        """One byte a packet; answers of the host's own wait for its end."""
        self.held = b""
        for byte in data if isinstance(data, bytes) else data.encode():
            self.writer.write(bytes([byte]))
            await self.writer.drain()
            await asyncio.sleep(0)
        held, self.held = self.held, None
        self.send(held)


class FakeHost:
    kind, domains = "fake host", ("a.example",)

    def __init__(self, secret="the-component-secret"):
        self.secret, self.links, self.server, self.child = secret, [], None, None
        self._changed = asyncio.Event()
        self._tasks = set()

    async def start(self):
        self.address = ports.own_address()
        self.server = await asyncio.start_server(self._accept, self.address, 0)
        self.component_port = self.server.sockets[0].getsockname()[1]
        return self

    async def _accept(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        link = Link(self, reader, writer)
        self.links.append(link)
        try:
            await link.serve()
        finally:
            self._tasks.discard(asyncio.current_task())

    def _wake(self):
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, test, timeout, what):
        deadline = time.monotonic() + timeout
        while True:
            found, changed = test(), self._changed
            if found:
                return found
            try:
                await asyncio.wait_for(changed.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                raise AssertionError(f"the node did not, within {timeout} s: {what}") from None

    async def link(self, domain, timeout=60):
        """The newest usable connection of a component: after a stream error, the one that replaces it."""
        return await self.until(lambda: next((each for each in reversed(self.links) if each.open and each.ready
                                              and each.domain == domain), None), timeout, f"attach as {domain}")

    def serves(self, domain):
        return False  # nobody can log in here

    def log_tail(self, count=10):
        return "\n".join(f"    | {each.domain}: {each.errors} {str(each.received[-1]) if each.received else ''}"
                         for each in self.links[-count:])

    async def close(self):
        if self.server:
            self.server.close()
        for each in self.links:
            each.writer.close()
        for each in list(self._tasks):
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
