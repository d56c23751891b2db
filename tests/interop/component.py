"""A component by hand (XEP-0114), attached to a host that a test calls dishonest."""
import asyncio
import hashlib
import xml.etree.ElementTree as ET

from stanza import Stanza, StreamReader


class Component:
    """`received` is what its host routed to it, errors included."""

    def __init__(self, host, domain):
        self.host, self.domain, self.received = host, domain, []
        self._id, self._ready = "", asyncio.Event()

    async def start(self):
        self.reader, self.writer = await asyncio.open_connection(self.host.address, self.host.component_port)
        self.send("<stream:stream xmlns='jabber:component:accept' "
                  f"xmlns:stream='http://etherx.jabber.org/streams' to='{self.domain}'>")
        self._task = asyncio.create_task(self._read())
        await asyncio.wait_for(self._ready.wait(), 20)
        return self

    async def _read(self):
        parser = StreamReader(self._stanza, self._head)
        while data := await self.reader.read(65536):
            parser.feed(data)

    def _head(self, element):
        digest = hashlib.sha1((element.get("id") + self.host.secret).encode()).hexdigest()
        self.send(f"<handshake>{digest}</handshake>")

    def _stanza(self, element):
        if element.tag.endswith("handshake"):
            self._ready.set()
        else:
            self.received.append(Stanza(element, len(self.received)))

    def send(self, xml):
        self.writer.write(xml.encode())

    async def stop(self):
        self._task.cancel()
        self.writer.close()
