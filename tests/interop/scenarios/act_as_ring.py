"""A5–A9, A+: three rooms of one company, on one node, in each other in a ring that nobody saw in time; what they
say to each other never leaves the node, each hears everything once, and a ring that is seen is refused."""
import asyncio

import see
from joining import answers, asks, at
from wiretap import TO_HOST

ROOMS = ("guild@rooms.a.example", "hall@rooms.a.example", "yard@rooms.a.example")


def identity(room):
    return room.replace("@rooms.", "@team.")


async def play(world):
    step = world.step
    await world.start_host()
    await world.start_node(tap=True)
    owners = [await world.person("alice"), await world.person("bob"), await world.person("ann", library="aioxmpp")]
    for owner, room in zip(owners, ROOMS):
        await owner.join(room)
        await owner.configure(room, persistentroom=1)
    edges = [(i, (i + 1) % 3) for i in range(3)]  # guild in hall, hall in yard, yard in guild

    step("A6: all three ask before anybody has answered; then all are taken")
    for member, host in edges:
        await asks(owners[member], identity(ROOMS[member]), ROOMS[host], ROOMS[member].partition("@")[0])
    for member, host in edges:
        await answers(owners[host])
        await owners[host].sees(see.here(ROOMS[host], ROOMS[member].partition("@")[0]))
        await owners[member].join(at(ROOMS[member], ROOMS[host]))

    step("A+: what is said in one goes round, and enters each once")
    marks = [each.mark() for each in owners]
    await owners[1].speak(ROOMS[1], "round and round")
    for member in (0, 2):
        inside = at(ROOMS[member], ROOMS[(member + 1) % 3])
        await owners[member].sees(see.groupchat(inside, "round and round"), after=marks[member])
    await asyncio.sleep(2)
    for each, mark in zip(owners, marks):
        said = see.anything("it", lambda one: one.type == "groupchat" and one.body == "round and round")
        rooms = [one.room for one in each.all(said, after=mark)]
        assert len(rooms) == len(set(rooms)), rooms

    step("A9: what is said as the guild is heard in the hall, and comes back to nobody twice")
    inside = at(ROOMS[0], ROOMS[1])
    await owners[0].speak(inside, "the guild's word")
    await owners[1].sees(see.groupchat(ROOMS[1], "the guild's word", "guild"))

    step("A8: none of it left the node but to people")
    for each in world.tap.passed(TO_HOST):
        assert b"to='guild@" not in each.raw and b"to='hall@" not in each.raw and b"to='yard@" not in each.raw, each

    step("A6: a ring that is seen is refused, and says why")
    fourth = "barn@rooms.a.example"
    await owners[0].join(fourth)
    await asks(owners[0], identity(fourth), ROOMS[0], "barn")
    await answers(owners[0])
    await asks(owners[0], identity(ROOMS[0]), fourth, "guild")
    await owners[0].sees(see.anything("the refusal", lambda each: "would be in each other" in (each.body or "")))
