"""A name server for a handful of names: throw-away servers find each other, and nothing asks the real DNS.

Prosody asks for SRV records first; without a server that says "none" it would wait for the root servers.
"""
import asyncio
import struct

_A, _SRV, _IN = 1, 33, 1
_S2S, _S2S_PORT = "_xmpp-server._tcp.", 5269


class Names(asyncio.DatagramProtocol):
    def __init__(self, addresses, srv=False):
        """`srv`: names have SRV records, whose targets are addresses: ejabberd asks the system for all others."""
        self.addresses, self.srv, self._transport = addresses, srv, None

    async def start(self, address):
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=(address, 0))
        self.address, self.port = self._transport.get_extra_info("sockname")[:2]
        return self

    def datagram_received(self, data, sender):
        """Answers one question (RFC 1035 §4): A of a known name, else that there is none."""
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += 1 + data[at]
        question = data[12:at + 5]
        kind = struct.unpack("!H", data[at + 1:at + 3])[0]
        name, answers = ".".join(labels).lower(), b""
        found = self.addresses.get(name)
        if self.srv and kind == _SRV and name.startswith(_S2S):
            found = self.addresses.get(name[len(_S2S):])
            if found:
                target = b"".join(bytes([len(each)]) + each.encode() for each in found.split(".")) + b"\0"
                record = struct.pack("!HHH", 0, 0, _S2S_PORT) + target
                answers = b"\xc0\x0c" + struct.pack("!HHIH", _SRV, _IN, 1, len(record)) + record
        if found and kind == _A:
            answers = b"\xc0\x0c" + struct.pack("!HHIH4B", _A, _IN, 1, 4, *map(int, found.split(".")))
        status = 0 if found else 3  # no such name
        self._transport.sendto(data[:2] + struct.pack("!HHHHH", 0x8580 | status, 1, 1 if answers else 0, 0, 0)
                               + question + answers, sender)

    async def stop(self):
        if self._transport:
            self._transport.close()
