"""Issue 2.5: the host, or only the link to it, goes away under the node and comes back."""
import asyncio

import acting
import see
from acting import IDENTITY, LOBBY, SUPPORT, conversation, open_by_query
from wiretap import TO_NODE


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    node = await world.start_node(tap=True)
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    dan = await world.person("dan")
    bob = await world.person("bob", "b.example")
    with_bob, inside = conversation(bob.jid), conversation(LOBBY)
    rooms = (SUPPORT, with_bob, inside)

    step("a room, a conversation with Bob, a place in the lobby, all in use")
    await acting.found_support(alice, ann, dan)
    await bob.join(LOBBY)
    await bob.configure(LOBBY, persistentroom=1)
    assert await open_by_query(alice, bob.jid) == with_bob
    assert await open_by_query(alice, LOBBY) == inside
    await bob.sees(see.here(LOBBY, "support"))
    await alice.join(with_bob)
    await alice.join(inside)
    for room in rooms:
        await ann.join(room)
    await dan.join(SUPPORT)
    said = [await alice.speak(SUPPORT, "before")]
    await alice.speak(with_bob, "before, to Bob")
    await bob.sees(see.chat(IDENTITY, "before, to Bob"))
    await alice.speak(inside, "before, to the lobby")
    await bob.sees(see.groupchat(LOBBY, "before, to the lobby", "support"))
    pid = node.child.pid

    step("only the link is cut: the node comes back by itself, nobody has to rejoin")
    mark, seen = node.mark(), alice.mark()
    world.tap.cut()
    await node.ready(after=mark)
    said.append(await alice.speak(SUPPORT, "after the cut"))
    await ann.sees(see.groupchat(SUPPORT, "after the cut"))
    assert not alice.all(see.gone(SUPPORT, "alice"), after=seen), alice.report()
    bob.chat(IDENTITY, "are you there?")
    for each in (alice, ann):
        await each.sees(see.groupchat(with_bob, "are you there?", "bob"))
    await alice.speak(inside, "we are back")
    await bob.sees(see.groupchat(LOBBY, "we are back", "support"))

    step("the link is slow: what waits arrives, in order, when it flows again")
    world.tap.stall(TO_NODE)
    ids = [alice.say(SUPPORT, f"slow {number}") for number in range(5)]
    world.tap.flow(TO_NODE)
    for number, id in enumerate(ids):
        said.append(await ann.sees(see.groupchat(SUPPORT, f"slow {number}")))
        assert said[-1].id == id

    for how in ("orderly", "by kill -9"):
        step(f"the host ends {how} under everybody; the node says so, waits, and is back with it")
        mark = node.mark()
        await asyncio.gather(*(each.vanish() for each in (alice, ann, dan, bob)))
        await (world.host.stop() if how == "orderly" else world.host.kill())
        await node.logs(world.tap.address.replace(".", r"\."), "that the host's address is gone", after=mark)
        mark = node.mark()
        await world.host.start()
        await node.ready(after=mark)
        assert node.child.pid == pid and node.child.running

        step("rooms and members are as before")
        await asyncio.gather(*(each.login() for each in (alice, ann, bob)))
        joined = await alice.join(SUPPORT, history=20)
        assert joined.own.item.get("affiliation") == "owner" and 201 not in joined.own.statuses, joined.own
        hers = [each for each in joined.history if each.nick == "alice"]  # not the lines about conversations
        assert [each.body for each in hers] == [each.body for each in said], joined.bodies
        assert [each.stanza_id(SUPPORT) for each in hers] == [each.stanza_id(SUPPORT) for each in said]
        assert await alice.members(SUPPORT) == [ann.jid, dan.jid]
        await ann.join(SUPPORT)
        for each in (alice, ann):
            await each.join(with_bob)
            await each.join(inside)

        step("Dan's client did not come back: the first message that bounces shows him gone")
        said.append(await alice.speak(SUPPORT, f"after the host ended {how}"))
        await ann.sees(see.groupchat(SUPPORT, f"after the host ended {how}"))
        if "dan" in joined.nicks:
            await alice.sees(see.gone(SUPPORT, "dan"))

        step("Bob and the lobby: as before, support is in it again without being asked")
        bob.chat(IDENTITY, f"hello again, {how}")
        for each in (alice, ann):
            await each.sees(see.groupchat(with_bob, f"hello again, {how}", "bob"))
        joined = await bob.join(LOBBY, history=0)
        if "support" not in joined.nicks:
            await bob.sees(see.here(LOBBY, "support"), timeout=60)
        await bob.speak(LOBBY, f"good to see you, {how}")
        await alice.sees(see.groupchat(inside, f"good to see you, {how}", "bob"), timeout=60)
        await alice.speak(inside, f"thank you, {how}")
        await bob.sees(see.groupchat(LOBBY, f"thank you, {how}", "support"), timeout=60)
        await dan.login()
        await dan.join(SUPPORT)
