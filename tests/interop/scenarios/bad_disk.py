"""A full disk and a damaged store: honest errors, no half entry, no start on what cannot be trusted."""
import asyncio
import contextlib
import os
import pathlib

import acting
import see
from acting import SUPPORT
from process import output_of

MIB = 2 ** 20
RESERVE = 64 * MIB  # design §3: below this much free space nothing is appended

MEASURED = 0.2  # the node looks at the free space at most every 100 ms (storage/free_space.h)


async def play(world):
    await world.start_host()
    await _full(world)
    await _damaged(world)


async def _full(world):
    step = world.step
    place = world.folder / "small"
    place.mkdir()
    status, _, problem = await output_of("mount", "-t", "tmpfs", "-o", "size=96m", "none", str(place))
    if status:
        return step.skip("a full disk", f"a small file system cannot be mounted here ({problem.strip()})")

    async def unmount():
        await output_of("umount", "-l", str(place))
    try:
        node = await world.start_node(data=place / "data", name="small-disk")
        world.at_end(unmount)
        alice = await world.person("alice")
        ann = await world.person("ann", library="aioxmpp")
        step("a room on a small disk")
        await acting.found_support(alice, ann)
        await ann.join(SUPPORT)
        await alice.speak(SUPPORT, "there is room")

        step("the disk is full: the sender gets an honest error (wait), nobody sees half of anything")
        await alice.speak(SUPPORT, "the last word")  # that it was heard cannot be noted any more
        await _leave_free(place, RESERVE - MIB)
        try:
            await alice.speak(SUPPORT, "there is no room")
            raise AssertionError("a message was taken though the disk is full")
        except see.Refused as refused:
            assert refused.kind == "wait" and refused.condition == "resource-constraint", refused.stanza
            assert refused.text, refused.stanza
        await node.logs("space|disk", "that the disk is full")
        assert await alice.members(SUPPORT) == [ann.jid]  # reading goes on

        step("and while it stays full, nobody hears again what he has")
        await asyncio.sleep(4)
        for each in (alice, ann):
            assert len(each.all(see.groupchat(SUPPORT, "the last word"))) == 1, each.report()

        step("there is space again: so is service, and nothing of the refused is in the history")
        (place / "filler").unlink()
        await _speak_until_taken(alice, "there is room again")
        await ann.sees(see.groupchat(SUPPORT, "there is room again"))
        assert not ann.all(see.groupchat(SUPPORT, "there is no room")), ann.report()
        await node.restart()
        other = await world.person("alice", resource="look")
        bodies = (await other.join(SUPPORT, nick="alice", history=50)).bodies
        assert bodies == ["there is room", "the last word", "there is room again"], bodies
        await alice.join(SUPPORT)  # status 332 told her that she is out

        step("not a byte is left, not even the reserve: the same, and no harm to what is stored")
        await _leave_free(place, 0)
        with contextlib.suppress(see.Refused):
            await alice.speak(SUPPORT, "into a wall")
            raise AssertionError("a message was taken though the disk is full to the last byte")
        (place / "filler").unlink()
        await _speak_soon(alice, "out of the wall")
        await node.restart()
        assert await alice.members(SUPPORT) == [ann.jid]
        await node.stop()
        for each in (alice, ann, other):
            await each.logout()
    finally:
        for each in world.nodes:
            await each.stop()
        await unmount()
        world.nodes.clear()


async def _speak_soon(person, body):
    """Free space is measured now and then, not at every write: who is told to wait, waits."""
    for patience in (0.2, 0.5, 1, 2, 0):
        try:
            return await person.speak(SUPPORT, body)
        except see.Refused as refused:
            if refused.kind != "wait" or not patience:
                raise
        await asyncio.sleep(patience)


async def _leave_free(place, wanted):
    state = os.statvfs(place)
    with open(place / "filler", "wb") as filler:
        left = state.f_bavail * state.f_frsize - wanted
        with contextlib.suppress(OSError):
            while left > 0:
                left -= filler.write(b"\0" * min(left, MIB))
    await asyncio.sleep(MEASURED)


async def _damaged(world):
    step = world.step
    step("a node with something in its store")
    node = await world.start_node(name="to-be-damaged")
    dora = await world.person("dora")
    await dora.join(SUPPORT)
    for number in range(30):
        await dora.speak(SUPPORT, f"entry {number}: " + "x" * 5000)
    await node.stop()
    kept = {path: path.read_bytes() for path in pathlib.Path(node.data).rglob("*") if path.is_file()}
    assert kept, f"nothing in {node.data}"

    tried = set()
    for path, good in sorted(kept.items()):
        kind = "MANIFEST" if path.name.startswith("MANIFEST") else path.suffix.lstrip(".") or path.name
        if kind not in ("MANIFEST", "ldb", "sst", "log", "CURRENT") or kind in tried or len(good) < 16:
            continue
        tried.add(kind)
        step(f"damaged: {kind}: the node refuses to start, names the store and says what to do")
        middle = len(good) // 2
        path.write_bytes(good[:middle] + bytes(byte ^ 0x5A for byte in good[middle:middle + 64]) + good[middle + 64:])
        await node.start(ready=False)
        status = await node.ended()
        assert status not in (0, None) and status > 0, f"status {status}\n{node.log_tail()}"
        text = "\n".join(node.child.lines)
        assert str(node.data) in text, text
        assert any(word in text.lower() for word in ("backup", "restore", "repair")), text
        for each, content in kept.items():
            each.write_bytes(content)
        for each in pathlib.Path(node.data).rglob("*"):
            if each.is_file() and each not in kept:
                each.unlink()
    assert tried, [str(path) for path in kept]

    step("put back as it was: everything is there")
    await node.start()
    joined = await dora.join(SUPPORT, history=100)
    assert len(joined.bodies) == 30, len(joined.bodies)


async def _speak_until_taken(person, body):
    """The error was «wait»: he waits, a little, and tries again."""
    for _ in range(50):
        try:
            return await person.speak(SUPPORT, body)
        except see.Refused as refused:
            assert refused.kind == "wait", refused.stanza
            await asyncio.sleep(0.1)
    raise AssertionError("there is space, but nothing is taken")
