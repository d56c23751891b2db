"""The program under test: its configuration file, its life, its commands."""
import pathlib
import re
import signal

from process import Child, ProcessError, output_of

READY = 60  # seconds until all component connections are up


def _toml(value):
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if isinstance(value, (int, bool)):
        return str(value).lower()
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Node:
    def __init__(self, hansa, folder, address, secret, **node):
        """`address` is the host's component listener; `node` changes keys of [node] (None: left out)."""
        self.hansa, self.folder = str(hansa), pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = self.folder / "hansa.toml"
        self.data = self.folder / "data"
        self.settings = {"rooms": "rooms.a.example", "identities": "team.a.example",
                         "enterprise": ["a.example"], "data": self.data, "admins": ["root@a.example"],
                         "create": "enterprise", "admin_socket": self.folder / "admin.sock", **node}
        self.host = {"address": address, "secret": secret}
        self.child, self.runs = None, 0
        self.write()

    def write(self, extra=""):
        """The configuration as it is now; `extra` is appended as it is."""
        self.config.write_text("\n".join(
            ["[node]"] + [f"{key} = {_toml(value)}" for key, value in self.settings.items()
                          if value is not None]
            + ["", "[node.host]"] + [f"{key} = {_toml(value)}" for key, value in self.host.items()]
            + ["", extra]))
        self.config.chmod(0o600)  # it holds a secret

    # --- life --------------------------------------------------------------------------------------------
    async def start(self, ready=True):
        self.runs += 1
        self.child = await Child(f"hansa (run {self.runs})", self.folder / "hansa.log").start(
            [self.hansa, "run", "--config", str(self.config)], cwd=self.folder)
        if ready:
            await self.ready()
        return self

    async def ready(self, after=0, timeout=READY):
        await self.logs(r"\bready\b", "the line that says `ready`", timeout, after)

    async def logs(self, pattern, what, timeout=READY, after=0):
        """The first line of this run's log that matches, from line `after` on."""
        found = re.compile(pattern, re.IGNORECASE)
        return await self.child.line(lambda line: bool(found.search(line)), timeout, what, after)

    def mark(self):
        return len(self.child.lines)

    async def stop(self, timeout=30):
        """Orderly. Returns the exit status."""
        return await self.child.end(timeout, signal.SIGTERM) if self.child else None

    async def kill(self):
        await self.child.kill()

    async def restart(self):
        await self.stop()
        await self.start()

    async def ended(self, timeout=30):
        """Waits for a run that is to end by itself; returns its status."""
        import asyncio
        try:
            await asyncio.wait_for(self.child.process.wait(), timeout)
        except asyncio.TimeoutError:
            raise ProcessError(f"hansa still runs after {timeout} s\n{self.child.tail()}") from None
        return await self.child.end()

    def reload(self):
        self.child.send(signal.SIGHUP)

    # --- commands ----------------------------------------------------------------------------------------
    async def run(self, *arguments, timeout=60):
        """(status, stdout, stderr) of `hansa …` with this configuration."""
        return await output_of(self.hansa, *arguments, "--config", str(self.config), timeout=timeout)

    async def room(self, *arguments):
        status, out, err = await self.run("room", *arguments)
        if status:
            raise ProcessError(f"hansa room {' '.join(arguments)}: status {status}\n{out}{err}")
        return out

    async def check(self):
        return await self.run("check")

    def log_tail(self, count=40):
        return self.child.tail(count) if self.child else "    | (never started)"
