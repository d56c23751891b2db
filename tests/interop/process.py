"""A child process with its output: started, watched line by line, ended by its own pid.

Nothing outlives a test: the child is told to die with us (PR_SET_PDEATHSIG), so even a runner that is
killed leaves no server behind.
"""
import asyncio
import ctypes
import signal
import time

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class ProcessError(Exception):
    """The child did not do what was waited for; the text ends with its last lines."""


class Child:
    """One run of a program. `lines` is everything it printed; `log` keeps it for a failure report."""

    def __init__(self, name, log):
        self.name, self.log = name, log
        self.lines = []
        self.process = None
        self._changed = asyncio.Event()
        self._readers = []

    async def start(self, argv, env=None, cwd=None):
        self.process = await asyncio.create_subprocess_exec(
            *argv, env=env, cwd=cwd, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            limit=2 ** 20, preexec_fn=_die_with_parent)
        self._readers = [asyncio.ensure_future(self._read(self.process.stdout))]
        return self

    async def _read(self, stream):
        with open(self.log, "ab") as log:
            while line := await self._line(stream):
                log.write(line)
                log.flush()
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._wake()
        await self.process.wait()
        self._wake()

    @staticmethod
    async def _line(stream):
        try:
            return await stream.readline()
        except ValueError:  # a line over the limit: take it in pieces, lose nothing
            return await stream.read(2 ** 20)

    def _wake(self):
        self._changed.set()
        self._changed = asyncio.Event()

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process is not None and self.process.returncode is None

    def tail(self, count=25):
        return "\n".join("    | " + line for line in self.lines[-count:]) or "    | (silent)"

    async def line(self, matches, timeout, what, after=0):
        """The first line from index `after` on that matches; ends early if the process ends."""
        deadline = time.monotonic() + timeout
        seen = after
        while True:
            changed = self._changed
            while seen < len(self.lines):
                if matches(self.lines[seen]):
                    return self.lines[seen]
                seen += 1
            if not self.running and self._readers[0].done():
                raise ProcessError(f"{self.name} ended with status {self.process.returncode} "
                                   f"before: {what}\n{self.tail()}")
            try:
                await asyncio.wait_for(changed.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                raise ProcessError(f"{self.name}: not within {timeout} s: {what}\n{self.tail()}")

    def send(self, number):
        if self.running:
            self.process.send_signal(number)

    async def end(self, timeout=20, number=signal.SIGTERM):
        """Asks by `number`, insists by SIGKILL. Returns the exit status."""
        if self.process is None:
            return None
        self.send(number)
        try:
            await asyncio.wait_for(self.process.wait(), timeout)
        except asyncio.TimeoutError:
            self.send(signal.SIGKILL)
            await self.process.wait()
        await asyncio.gather(*self._readers, return_exceptions=True)
        return self.process.returncode

    async def kill(self):
        return await self.end(number=signal.SIGKILL)


async def output_of(*argv, env=None, timeout=60):
    """(exit status, stdout, stderr) of a program that ends by itself."""
    process = await asyncio.create_subprocess_exec(
        *argv, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, preexec_fn=_die_with_parent)
    try:
        out, err = await asyncio.wait_for(process.communicate(), timeout)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        raise ProcessError(f"not ended within {timeout} s: {' '.join(map(str, argv))}")
    return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
