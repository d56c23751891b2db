"""A stock Prosody in a temporary folder: own loopback address, own ports, ended by its pid.

`Prosody.both()` serves a.example and b.example in one process (what most tests need);
`Prosody.apart()` makes two servers that reach each other by s2s, over TLS with a CA of their own.
"""
import os
import pathlib
import signal

import ports
from hosts.certificates import Authority
from hosts.names import Names
from process import Child

SECRET = "the-component-secret"
MODULES = ("disco", "roster", "saslauth", "tls", "ping", "presence", "message", "iq", "pep", "mam", "smacks",
           "carbons", "blocklist", "bookmarks", "vcard4", "vcard_legacy", "offline", "posix")

# Limits are off: they measure the test's speed, not the node (a real federation meets them).
_CONFIGURATION = """
run_as_root = true
pidfile = "{base}/prosody.pid"
data_path = "{base}/data"
certificates = "{base}/certs"
log = {{ {{ levels = {{ min = "{level}" }}; to = "console" }} }}
interfaces = {{ "{address}" }}
component_interfaces = {{ "{address}" }}
c2s_ports = {{ {c2s} }}
component_ports = {{ {component} }}
c2s_direct_tls_ports = {{}}
modules_enabled = {{ {modules} }}
modules_disabled = {{ {disabled} }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
-- A client that is gone without a word is gone soon: tests wait for it.
smacks_hibernation_time = 60
{federation}
{hosts}
"""

_FEDERATION = """
s2s_interfaces = {{ "{address}" }}
s2s_ports = {{ 5269 }}
s2s_require_encryption = true
s2s_secure_auth = true
-- Names are found at a name server of our own; certificates are judged by a CA of our own.
unbound = {{ resolvconf = false; hoststxt = false; forward = "{names}" }}
use_ipv6 = false
ssl = {{ cafile = "{ca}"; capath = false }}
"""


def _lua(values):
    return "; ".join(f'"{each}"' for each in values)


class Prosody:
    """One server. `components` are domains that an external component may attach as."""

    kind, names = "Prosody", None

    def __init__(self, folder, domains=("a.example", "b.example"),
                 components=("rooms.a.example", "team.a.example"), conferences=("conference.b.example",),
                 secret=SECRET, address=None, federation=None):
        self.folder = pathlib.Path(folder)
        self.domains, self.components, self.conferences = domains, components, conferences
        self.secret, self.federation = secret, federation
        self.address = address or ports.own_address()
        self.c2s_port, self.component_port = ports.free_ports(self.address, 2)
        self.child, self.runs = None, 0
        self._write_configuration()

    @classmethod
    def both(cls, folder, **more):
        return cls(folder, **more)

    @classmethod
    async def apart(cls, folder, pretenders=()):
        """(a, b, …): processes of their own, s2s between them. The name server ends with a.

        A pretender is (its domain, names that it serves besides and has no certificate for).
        """
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        authority = Authority(folder / "authority")
        a_names = ("a.example", "rooms.a.example", "team.a.example")
        b_names = ("b.example", "conference.b.example")
        known = [a_names, b_names] + [(domain,) for domain, _ in pretenders]
        addresses = [ports.own_address() for _ in known]
        names = await Names({name: address for address, all_names in zip(addresses, known)
                             for name in all_names}).start(addresses[0])
        federation = {"names": f"{names.address}@{names.port}", "ca": authority.certificate}
        folders = [folder / all_names[0].partition(".")[0] for all_names in known]
        for where, all_names in zip(folders, known):
            authority.issue(where / "certs", all_names)
        settings = [{"domains": ("a.example",), "conferences": ()}, {"domains": ("b.example",), "components": ()}]
        settings += [{"domains": (domain,), "components": stolen, "conferences": ()}
                     for domain, stolen in pretenders]
        servers = [cls(where, address=address, federation=federation, **each)
                   for where, address, each in zip(folders, addresses, settings)]
        servers[0].names = names
        return servers

    def _write_configuration(self):
        for each in ("data", "certs"):
            (self.folder / each).mkdir(parents=True, exist_ok=True)
        hosts = [f'VirtualHost "{domain}"' for domain in self.domains]
        hosts += [f'Component "{name}"\n  component_secret = "{self.secret}"' for name in self.components]
        hosts += [f'Component "{name}" "muc"\n  modules_enabled = {{ "muc_mam" }}\n  muc_room_locking = false'
                  for name in self.conferences]
        federation = _FEDERATION.format(address=self.address, **self.federation) if self.federation else ""
        modules = MODULES + (("s2s", "dialback", "s2s_auth_certs") if self.federation else ())
        self.config = self.folder / "prosody.cfg.lua"
        self.config.write_text(_CONFIGURATION.format(
            base=self.folder, address=self.address, c2s=self.c2s_port, component=self.component_port,
            level=os.environ.get("HOST_LOG", "info"), modules=_lua(modules),
            disabled=_lua(() if self.federation else ("s2s",)), federation=federation,
            hosts="\n".join(hosts)))

    # --- life --------------------------------------------------------------------------------------
    async def start(self, timeout=60):
        self.runs += 1
        self.child = await Child(f"prosody {self.domains[0]}", self.folder / "prosody.log").start(
            ["prosody", "-F", "--config", str(self.config)], cwd=self.folder)
        try:
            for port in [self.c2s_port, self.component_port][:1 + bool(self.components)]:
                await ports.until_listening(self.address, port, timeout, lambda: self.child.running)
        except ConnectionError as problem:
            raise ConnectionError(f"{problem}\n{self.child.tail()}") from None
        return self

    async def stop(self):
        """Orderly, and waits for the end: the same ports are needed again."""
        if self.child:
            await self.child.end(timeout=30, number=signal.SIGTERM)

    async def close(self):
        """For good."""
        await self.stop()
        if self.names:
            await self.names.stop()

    async def kill(self):
        await self.child.kill()

    async def restart(self):
        await self.stop()
        await self.start()

    # --- accounts ----------------------------------------------------------------------------------
    async def register(self, user, domain, password):
        # What `prosodyctl register` writes for internal_plain, without half a second for each account.
        accounts = self.folder / "data" / domain.replace(".", "%2e").replace("-", "%2d") / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        (accounts / f"{user}.dat").write_text(f'return {{\n\t["password"] = "{password}";\n}};\n')

    def serves(self, domain):
        return domain in self.domains

    def log_tail(self, count=25):
        return self.child.tail(count) if self.child else "    | (never started)"

    def attach_hint(self):
        return f"component listener {self.address}:{self.component_port}"
