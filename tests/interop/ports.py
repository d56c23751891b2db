"""Addresses and ports for throw-away servers.

A server that stops and starts again needs the same ports, so they must be chosen before it starts; a port
that was free on 127.0.0.1 a moment ago may be taken when it does. Each server therefore gets a loopback
address of its own (there are sixteen million): several tests run at once and never meet.
"""
import asyncio
import random
import socket
import time

_random = random.SystemRandom()  # not the scenario's seed: two runs of one seed may run side by side


def own_address():
    """A loopback address that nothing else listens on."""
    while True:
        address = "127.%d.%d.%d" % tuple(_random.randint(1, 254) for _ in range(3))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, 5269))  # the one port that s2s fixes
                return address
            except OSError:
                continue


def free_ports(address, count):
    """`count` different free ports; all sockets are held until the last is chosen."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((address, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


async def until_listening(address, port, timeout, alive):
    """Waits for a listener. There is no event for this, so it asks every 50 ms."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            _, writer = await asyncio.open_connection(address, port)
            writer.close()
            return
        except OSError:
            if not alive():
                raise ConnectionError(f"the server ended before it listened on {address}:{port}")
            if time.monotonic() > deadline:
                raise ConnectionError(f"nothing listens on {address}:{port} after {timeout} s")
            await asyncio.sleep(0.05)
