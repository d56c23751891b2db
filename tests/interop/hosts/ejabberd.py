"""A stock ejabberd in a temporary folder: one Erlang process, no distribution, no epmd, own ports."""
import asyncio
import json
import os
import pathlib
import signal
import urllib.request

import ports
from process import Child

SECRET = "the-component-secret"

# `hosts:` names what each secret gives: at listener level one component would get the routes of all.
_CONFIGURATION = """
loglevel: {level}
hosts: [{domains}]
auth_method: [internal]
auth_password_format: plain
s2s_access: {s2s_access}
{federation}listen:
  - port: {c2s}
    ip: "{address}"
    module: ejabberd_c2s
    max_stanza_size: 1048576
    shaper: none
    access: c2s
  - port: {component}
    ip: "{address}"
    module: ejabberd_service
    access: service
    global_routes: false
    shaper: none
    hosts:
{components}
{s2s_listener}  - port: {http}
    ip: "{address}"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
access_rules:
  c2s: {{ allow: all }}
  service: {{ allow: all }}
  nobody: {{ deny: all }}
  ours: {{ allow: all }}
api_permissions:
  "the test":
    from: [mod_http_api]
    who: {{ access: {{ allow: all }} }}
    what: "register"
modules:
  mod_adhoc: {{}}
  mod_admin_extra: {{}}
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_disco: {{}}
  mod_mam: {{ default: always, assume_mam_usage: true }}
  mod_muc:
    host: {conference}
    access: ours
    access_admin: nobody
    access_create: ours
    access_persistent: ours
    access_mam: ours
    default_room_options: {{ mam: true, persistent: true }}
  mod_offline: {{}}
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_pubsub: {{ plugins: [flat, pep] }}
  mod_roster: {{}}
  mod_stream_mgmt: {{ resume_timeout: 60 }}
  mod_vcard: {{ search: false }}
"""

# Without dialback: only who shows a certificate of the CA may speak for a domain.
_FEDERATION = """
certfiles: ["{pem}"]
ca_file: "{ca}"
s2s_use_starttls: required
"""
_S2S_LISTENER = """  - port: 5269
    ip: "{address}"
    module: ejabberd_s2s_in
    shaper: none
"""


class Ejabberd:
    kind, names = "ejabberd", None

    def __init__(self, folder, domains=("a.example", "b.example"),
                 components=("rooms.a.example", "team.a.example"), conferences=("conference.b.example",),
                 secret=SECRET, address=None, federation=None):
        self.folder = pathlib.Path(folder)
        self.domains, self.components, self.secret = domains, components, secret
        self.conferences, self.federation = conferences, federation
        self.address = address or ports.own_address()
        self.c2s_port, self.component_port, self.http_port = ports.free_ports(self.address, 3)
        self.child, self.runs = None, 0
        for each in ("data", "log"):
            (self.folder / each).mkdir(parents=True, exist_ok=True)
        self.config = self.folder / "ejabberd.yml"
        self.config.write_text(_CONFIGURATION.format(
            level=os.environ.get("HOST_LOG", "info"), domains=", ".join(domains), address=self.address,
            c2s=self.c2s_port, component=self.component_port, http=self.http_port,
            components="\n".join(f'      "{name}": {{ password: "{secret}" }}' for name in components),
            conference=conferences[0], **self._federation()))

    def _federation(self):
        if not self.federation:
            return {"s2s_access": "nobody", "federation": "", "s2s_listener": ""}
        made = self.federation["certificate"]
        pem = self.folder / "server.pem"
        pem.write_bytes(b"".join(pathlib.Path(f"{made}.{end}").read_bytes() for end in ("crt", "key")))
        pem.chmod(0o600)

        def erlang(address):
            return "{" + address.replace(".", ",") + "}"
        address, port = self.federation["names"]
        (self.folder / "inetrc").write_text(
            "{lookup,[dns]}.\n{resolv_conf,\"\"}.\n{hosts_file,\"\"}.\n"
            + f"{{nameserver,{erlang(address)},{port}}}.\n")
        return {"s2s_access": "all",
                "federation": _FEDERATION.format(pem=pem, ca=self.federation["ca"]),
                "s2s_listener": _S2S_LISTENER.format(address=self.address)}

    # --- life --------------------------------------------------------------------------------------
    async def start(self, timeout=120):
        self.runs += 1
        libraries = "/usr/lib/" + os.uname().machine + "-linux-gnu"
        env = dict(os.environ, EJABBERD_CONFIG_PATH=str(self.config), ERL_LIBS=libraries,
                   EJABBERD_LOG_PATH=str(self.folder / "log" / "ejabberd.log"), HOME=str(self.folder))
        if self.federation:
            env["ERL_INETRC"] = str(self.folder / "inetrc")
        # +S 1: a scheduler for each core would spin on the machine that the test shares with the node.
        self.child = await Child("ejabberd", self.folder / "console.log").start(
            ["erl", "+K", "true", "+S", "1", "+sbwt", "none", "-noshell", "-noinput",
             "-mnesia", "dir", f'"{self.folder}/data"', "-s", "ejabberd"], env=env, cwd=self.folder)
        try:
            for port in (self.c2s_port, self.component_port, self.http_port):
                await ports.until_listening(self.address, port, timeout, lambda: self.child.running)
        except ConnectionError as problem:
            raise ConnectionError(f"{problem}\n{self.log_tail()}") from None
        return self

    async def stop(self):
        """SIGTERM is init:stop() to Erlang: orderly, data kept."""
        if self.child:
            await self.child.end(timeout=60, number=signal.SIGTERM)

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
        wanted = json.dumps({"user": user, "host": domain, "password": password}).encode()
        request = urllib.request.Request(f"http://{self.address}:{self.http_port}/api/register", wanted,
                                         {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy

        def ask():
            with opener.open(request, timeout=60) as answer:
                answer.read()
        await asyncio.get_running_loop().run_in_executor(None, ask)

    def serves(self, domain):
        return domain in self.domains

    def log_tail(self, count=25):
        log = self.folder / "log" / "ejabberd.log"
        lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
        return "\n".join("    | " + line for line in lines) or self.child.tail(count)

    def attach_hint(self):
        return f"component listener {self.address}:{self.component_port}"
