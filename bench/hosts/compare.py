#!/usr/bin/python3
"""The host's own room service, the least component there can be, and hansa, behind the same host.

    bench/hosts/compare.py [--host prosody|ejabberd]... [--occupants N]... [--seconds S] [--rounds R]
                           [--reduced N]

`ids` is that component with a stanza-id and an occupant-id in each copy.
Each round measures the four one after the other, in rooms of their own; figures are medians of the
rounds. CPU is that of the host and of the component, per 1,000 copies delivered. --reduced: the node's
`reduced_presence`, from which a join costs the same whoever is in. bench/README.md.
"""
import argparse
import asyncio
import contextlib
import os
import pathlib
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "tests" / "interop"))

from hosts.ejabberd import Ejabberd  # noqa: E402
from hosts.prosody import Prosody  # noqa: E402
from node import Node  # noqa: E402
from process import Child  # noqa: E402

BUILD = TOP / "build" / "release"
COMPONENTS = ("rooms.a.example", "team.a.example", "bare.a.example")
SENDERS = 10
TICKS = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The process and all below it."""
    below = {}
    for each in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = each.read_text().rpartition(")")[2].split()
            below.setdefault(int(fields[1]), []).append(int(each.parent.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += below.get(found[-1], [])
    return found


def cpu(pid):
    """Seconds."""
    total = 0
    for each in family(pid):
        with contextlib.suppress(OSError):
            fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory(pid):
    """kB resident."""
    total = 0
    for each in family(pid):
        with contextlib.suppress(OSError, StopIteration):
            lines = pathlib.Path(f"/proc/{each}/status").read_text().splitlines()
            total += int(next(line for line in lines if line.startswith("VmRSS")).split()[1])
    return total


def make_host(kind, folder):
    if kind == "prosody":
        return Prosody(folder, components=COMPONENTS, conferences=("conference.a.example",), domains=("a.example",))
    host = Ejabberd(folder, components=COMPONENTS)
    text = host.config.read_text()
    text = text.replace("host: conference.b.example", "host: conference.a.example\n    max_users: 5000")
    text = text.replace("persistent: true }", "persistent: true, max_users: 5000 }")
    host.config.write_text(text)
    return host


class People:
    """One run of hosts_load."""

    def __init__(self, host, room, occupants, seconds):
        self.argv = [str(BUILD / "hosts_load"), host.address, str(host.c2s_port), "a.example", room,
                     str(occupants), str(SENDERS), str(seconds)]

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        await self.said("ready")
        return self

    async def said(self, word):
        line = (await asyncio.wait_for(self.process.stdout.readline(), 600)).decode().split()
        if not line or line[0] != word:
            raise RuntimeError(f"{' '.join(self.argv)}: «{word}» was waited for, not {line}")
        return [float(each) for each in line[1:]]

    def go_on(self):
        self.process.stdin.write(b"\n")

    async def __aexit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


async def measure(host, room, occupants, seconds, component):
    """What one crowd in one room sees; `component`: the pid behind the host, or None."""
    async with People(host, room, occupants, seconds) as people:
        before = memory(component) if component else 0
        people.go_on()
        entered, = await people.said("in")
        quiet, = await people.said("quiet")
        grown = memory(component) - before if component else 0
        host_cpu, own_cpu = cpu(host.child.pid), cpu(component) if component else 0
        people.go_on()
        copies, took, middle, late = await people.said("talk")
        host_cpu = cpu(host.child.pid) - host_cpu
        own_cpu = cpu(component) - own_cpu if component else 0
    return {"in s": entered, "all seen s": quiet, "copies/s": copies / took,
            "host ms": host_cpu * 1e6 / copies, "own ms": own_cpu * 1e6 / copies,
            "p50 ms": middle, "p99 ms": late, "kB each": grown / occupants}


async def one_host(kind, sizes, seconds, rounds, reduced):
    with tempfile.TemporaryDirectory(prefix="hansa-bench-") as folder:
        folder = pathlib.Path(folder)
        host = make_host(kind, folder / kind)
        await host.start()
        node = bare = None
        try:
            for number in range(max(sizes)):
                await host.register(f"user{number}", "a.example", "load")
            node = Node(BUILD / "hansa", folder / "node", f"{host.address}:{host.component_port}", host.secret)
            if reduced:
                node.write(f"[limits]\nreduced_presence = {reduced}\n")
            await node.start()
            bare = await Child("hosts_bare", folder / "bare.log").start(
                [str(BUILD / "hosts_bare"), host.address, str(host.component_port), "bare.a.example", host.secret])
            await bare.line(lambda line: line == "ready", 30, "the bare component")
            for size in sizes:
                found = {}
                for each in range(rounds):
                    room = f"hall{size}-{each}"
                    await node.room("create", f"{room}@rooms.a.example", "--owner", "user0@a.example")
                    for who, domain, pid in (("own", "conference.a.example", None),
                                             ("bare", "bare.a.example", bare.pid),
                                             ("ids", "bare.a.example", bare.pid),
                                             ("hansa", "rooms.a.example", node.child.pid)):
                        found.setdefault(who, []).append(
                            await measure(host, f"{'ids-' * (who == 'ids')}{room}@{domain}", size, seconds, pid))
                show(kind, size, {who: {key: statistics.median(one[key] for one in runs) for key in runs[0]}
                                  for who, runs in found.items()})
        finally:
            for child in (node, bare):
                if child:
                    await (child.stop() if child is node else child.end())
            await host.stop()


def show(kind, size, rows):
    keys = list(next(iter(rows.values())))
    print(f"\n{kind}, {size} occupants\n{'':8}" + "".join(f"{key:>12}" for key in keys))
    for who, row in rows.items():
        print(f"{who:8}" + "".join(f"{row[key]:12.2f}" for key in keys))
    hansa, own, bare = rows["hansa"], rows["own"], rows["bare"]
    print(f"hansa: {hansa['copies/s'] / bare['copies/s']:.2f} of the bare component's deliveries, "
          f"{hansa['copies/s'] / rows['ids']['copies/s']:.2f} of the same with ids in its copies, "
          f"{hansa['copies/s'] / own['copies/s']:.2f} of the host's own; its CPU is "
          f"{100 * hansa['own ms'] / hansa['host ms']:.1f} % of the host's; all are in "
          f"{own['in s'] / hansa['in s']:.1f} times as fast as with the host's own", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", action="append", choices=("prosody", "ejabberd"))
    parser.add_argument("--occupants", action="append", type=int)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reduced", type=int)
    wanted = parser.parse_args()
    for kind in wanted.host or ("prosody", "ejabberd"):
        asyncio.run(one_host(kind, wanted.occupants or (10, 100, 500, 1000), wanted.seconds, wanted.rounds,
                             wanted.reduced))


if __name__ == "__main__":
    main()
