"""A5, A12: into a stock XEP-0045 room, and out of it: nick conflict, password, moderation, kick, ban, members
only, destruction, a host that goes down. Each ends in a clear notice inside; and in a return where sensible."""
import acting
import see
import stanza as ns
from acting import IDENTITY, conversation
from world import LOBBIES, TEAM

SECRET = "sesame"


async def told(person, inside, part):
    """A notice of the conversation, live or in the history of the join."""
    return await person.sees(see.anything(f"a notice in {inside} with {part!r}", lambda each: (
        each.kind == "message" and each.room == inside and not each.nick and part in (each.body or ""))),
        take=False)


async def set_role(person, room, nick, role):
    await person.iq("set", room, f"<query xmlns='{ns.MUC_ADMIN}'><item nick='{nick}' role='{role}'/></query>")


async def again(person, peer, **fields):
    return await person.command(TEAM, acting.OPEN, identity=IDENTITY, peer=peer, body="", **fields)


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    await world.start_node()
    alice = await world.person("alice")
    bob = await world.person("bob", "b.example")
    await acting.found_support(alice)

    async def opened(name, nick=None, **settings):
        room = f"{name}@{LOBBIES}"
        await bob.join(room)
        await bob.configure(room, persistentroom=1, **settings)
        await again(alice, room, nick=nick or "")
        await alice.join(conversation(room))
        return room, conversation(room)

    step("its nick is taken there: once more with our domain's name")
    room, inside = await opened("nicks", nick="bob")
    await bob.sees(see.here(room, f"bob ({acting.ROOMS})"))

    step("a password is needed: a notice says so; opened again with it, it is in")
    room, inside = await opened("locked", passwordprotectedroom=1, roomsecret=SECRET)
    await told(alice, inside, "password")
    await again(alice, room, password="wrong")
    await told(alice, inside, "not its password")
    await again(alice, room, password=SECRET)
    await bob.sees(see.here(room, "support"))
    await alice.speak(inside, "Thank you for the key")
    await bob.sees(see.groupchat(room, "Thank you for the key", "support"))

    step("kicked: a notice, no return by itself; opened again, it is back")
    await set_role(bob, room, "support", "none")
    await told(alice, inside, "removed there")
    await bob.sees(see.gone(room, "support"))
    await again(alice, room, password=SECRET)
    await bob.sees(see.here(room, "support"))

    step("a moderated room: without voice what members say is shown as not delivered; voice is asked for")
    room, inside = await opened("moderated", moderatedroom=1, members_by_default=0)
    await bob.sees(see.here(room, "support"))
    await set_role(bob, room, "support", "visitor")
    await alice.speak(inside, "May I?")
    await told(alice, inside, "Not delivered")
    await alice.iq("set", IDENTITY, f"<voice xmlns='{ns.ACT_AS}' peer='{room}'/>")
    await bob.sees(see.anything("the request for voice", lambda each: each.kind == "message"
                                and "muc#role" in str(each)))
    await set_role(bob, room, "support", "participant")
    await alice.speak(inside, "Now I may")
    await bob.sees(see.groupchat(room, "Now I may", "support"))

    step("banned: a notice, and no way in")
    await bob.set_member(room, IDENTITY, "outcast")
    await told(alice, inside, "banned")
    if world.host.kind == "ejabberd":
        step.skip("and no way in", "ejabberd 23.1 lets whoever is on its list of outcasts enter again")
    else:
        await again(alice, room)
        await told(alice, inside, "may not enter")

    step("for members only: it waits, and enters when it is one")
    room, inside = await opened("members", membersonly=1)
    await told(alice, inside, "members only")
    await bob.set_member(room, IDENTITY, "member")
    bob.send_raw(f"<message to='{room}'><x xmlns='{ns.MUC}#user'><invite to='{IDENTITY}'/></x></message>")
    await bob.sees(see.here(room, "support"), timeout=30)

    step("taken off the list of members: put out, with a notice")
    await bob.set_member(room, IDENTITY, "none")
    await told(alice, inside, "members only")

    step("destroyed: a notice that says where its people went")
    room, inside = await opened("old")
    await bob.sees(see.here(room, "support"))
    await bob.iq("set", room, f"<query xmlns='{ns.MUC_OWNER}'><destroy jid='new@{LOBBIES}'>"
                              f"<reason>We moved</reason></destroy></query>")
    last = await told(alice, inside, "destroyed")
    assert f"new@{LOBBIES}" in last.body, last

    step("what is said while its node is away comes when it is back, from the room's archive, once")
    room, inside = await opened("busy")
    await bob.sees(see.here(room, "support"))
    await bob.speak(room, "before")
    await alice.sees(see.groupchat(inside, "before"))
    await world.node.stop()
    said = [f"missed {i}" for i in range(1, 6)]
    for each in said:
        await bob.speak(room, each)
    await world.node.start()
    await bob.sees(see.here(room, "support"), after=bob.mark() - 1)
    mark = alice.mark()
    await alice.join(inside)  # what is back before she is comes as her history
    await alice.sees(see.groupchat(inside, said[-1]), timeout=40, after=mark, take=False)
    heard = [each.body for each in alice.all(see.groupchat(inside)) if each.body in said]
    assert heard == said, heard
    ids = {each.stanza_id(inside) for each in alice.all(see.groupchat(inside, "before"))}
    assert len(ids) == 1, ids  # her own history has it again, the room's archive not
