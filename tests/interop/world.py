"""Everything that one scenario starts, and its end: hosts, node, tap, people; steps as they are seen."""
import asyncio
import contextlib
import pathlib
import random
import sys
import tempfile
import time

from clients.aioxmpp_person import AioxmppPerson
from clients.slixmpp_person import SlixmppPerson
from hosts.ejabberd import Ejabberd
from hosts.federation import ejabberd_among_prosodies, prosody_and_ejabberd
from hosts.prosody import Prosody
from node import Node
from wiretap import Wiretap

ROOMS, TEAM, LOBBIES = "rooms.a.example", "team.a.example", "conference.b.example"
LIBRARIES = {"slixmpp": SlixmppPerson, "aioxmpp": AioxmppPerson}


class Steps:
    """The dialogue as it happens: a step is printed when it begins and confirmed when the next one does."""

    def __init__(self, out=sys.stdout):
        self.out, self.current, self.began, self.seen, self.skipped = out, None, 0, 0, []

    def __call__(self, text):
        self.done()
        self.current, self.began = text, time.monotonic()

    def done(self):
        if self.current:
            self.seen += 1
            print(f"  seen  {self.current}  ({time.monotonic() - self.began:.2f} s)", file=self.out, flush=True)
            self.current = None

    def skip(self, text, why):
        """What cannot be tried on this machine is said, never passed over."""
        self.done()
        self.skipped.append(text)
        print(f"  SKIP  {text}: {why}", file=self.out, flush=True)

    def failed(self):
        print(f"  FAIL  {self.current or 'before the first step'}", file=self.out, flush=True)


class World:
    def __init__(self, hansa=None, seed=0, service=None, kills=20, folder=None, host="prosody"):
        self.hansa, self.seed, self.kills = hansa, seed, kills
        self.random = random.Random(seed)
        self.service = service  # a stock room service in place of the node's: judges the scenario itself
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="hansa-interop-"))
        self.default_host = host
        self.step = Steps()
        self.hosts, self.nodes, self.taps, self.people = [], [], [], []
        self._extra = contextlib.AsyncExitStack()

    # --- servers -------------------------------------------------------------------------------------------
    async def start_host(self, kind=None, pretenders=()):
        """prosody: both domains in one process; apart: two Prosody servers with s2s; apart_ejabberd: that of
        a.example is ejabberd; ejabberd: both in one; companies: a.example on Prosody and b.example on ejabberd, with
        s2s."""
        kind = kind or self.default_host
        if kind == "ejabberd":
            hosts = [Ejabberd(self.folder / "ejabberd")]
        elif kind == "companies":
            hosts = await prosody_and_ejabberd(self.folder / "companies")
        elif kind == "apart":
            hosts = await Prosody.apart(self.folder / "prosody", pretenders)
        elif kind == "apart_ejabberd":
            hosts = await ejabberd_among_prosodies(self.folder / "apart", pretenders)
        else:
            hosts = [Prosody.both(self.folder / "prosody")]
        self.hosts += hosts
        await asyncio.gather(*(each.start() for each in hosts))
        return hosts[0]

    @property
    def host(self):
        return self.hosts[0]

    def host_of(self, domain):
        return next(each for each in self.hosts if each.serves(domain))

    async def start_node(self, tap=False, start=True, name="node", host=None, **settings):
        host = host or self.host
        address, port = host.address, host.component_port
        if tap:
            self.tap = await Wiretap(address, port).start()
            self.taps.append(self.tap)
            address, port = self.tap.address, self.tap.port
        settings.setdefault("secret", host.secret)
        node = Node(self.hansa, self.folder / name, f"{address}:{port}", settings.pop("secret"), **settings)
        self.nodes.append(node)
        if start:
            await node.start()
        return node

    @property
    def node(self):
        return self.nodes[0]

    async def start_service(self):
        """The room service under test: the node, or the stock one that judges the scenario."""
        if not self.service:
            await self.start_node()
        return self.service or ROOMS

    async def restart_service(self, *online):
        if not self.service:
            return await self.node.restart()
        await asyncio.gather(*(each.logout() for each in online))
        await self.host.restart()
        await asyncio.gather(*(each.login() for each in online))

    # --- people ------------------------------------------------------------------------------------------------
    async def person(self, name, domain="a.example", library="slixmpp", resource="desk", login=True):
        """Registers and logs in. `name` may be known already: then it is another device."""
        host = self.host_of(domain)
        password = f"{name}-secret"
        if not any(each.jid == f"{name}@{domain}" for each in self.people):
            await host.register(name, domain, password)
        person = LIBRARIES[library](f"{name}@{domain}", password, host, resource)
        self.people.append(person)
        return await person.login() if login else person

    def at_end(self, closing):
        """Registers an async function to be called at the end."""
        self._extra.push_async_callback(closing)

    # --- end ---------------------------------------------------------------------------------------------------
    def report(self):
        parts = [f"{each.child.name if each.child else 'node'}, last lines:\n{each.log_tail()}"
                 for each in self.nodes]
        parts += [f"{each.kind} {each.domains[0]}, last lines:\n{each.log_tail()}" for each in self.hosts]
        return "\n".join(parts)

    async def close(self):
        """People first: a host that stops under its clients waits for them."""
        async def quiet(task):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(task, 30)
        await quiet(self._extra.aclose())
        await asyncio.gather(*(quiet(each.vanish()) for each in self.people))
        await asyncio.gather(*(quiet(each.stop()) for each in self.nodes if each.child))
        await asyncio.gather(*(quiet(each.stop()) for each in self.taps))
        await asyncio.gather(*(quiet(each.close()) for each in self.hosts))
        for each in self.nodes + self.hosts:  # whatever was deaf to an order
            if each.child and each.child.running:
                await quiet(each.child.kill())
