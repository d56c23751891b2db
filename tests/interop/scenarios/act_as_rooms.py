"""A5–A9, A12, A+: a guild of one company sits in another company's hall, node to node, Prosody to ejabberd,
s2s over TLS; clients that know nothing of the extension. One ring is refused, one of four rooms is
harmless; what crosses between the nodes is counted."""
import asyncio

import acting
import see
from clients.person import Refused
from joining import answers, asks, at, joins
from wiretap import TO_NODE

GUILD, GUILD_ID = "guild@rooms.a.example", "guild@team.a.example"
HALL, HALL_ID = "hall@rooms.b.example", "hall@team.b.example"


async def play(world):
    step = world.step
    await world.start_host("companies")
    b = world.hosts[1]
    await world.start_node(tap=True)
    await world.start_node(name="node-b", host=b, rooms="rooms.b.example", identities="team.b.example",
                           enterprise=["b.example"], admins=["root@b.example"])
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    bert = await world.person("bert", login=False)
    bob = await world.person("bob", "b.example")
    bea = await world.person("bea", "b.example", library="aioxmpp")
    inside = at(GUILD, HALL)
    await alice.join(GUILD)
    await alice.configure(GUILD, persistentroom=1, roomname="The guild")
    for each in (ann, bert):
        await alice.set_member(GUILD, each.jid)
    await bob.join(HALL)
    await bob.configure(HALL, persistentroom=1, roomname="The hall")
    await bob.set_member(HALL, bea.jid, "admin")
    await bea.join(HALL)

    step("A6: Alice asks for the guild to join the hall; owner and admin are asked, with all three names")
    await asks(alice, GUILD_ID, HALL, "Guild")
    for each in (bob, bea):
        asked = await each.sees(see.anything("the question", lambda one: one.kind == "message"
                                             and one.room.startswith("ask-")), take=False)
        for name in (alice.jid, GUILD_ID, HALL):
            assert name in asked.body, asked

    step("A6: an account cannot ask as a room, nor anybody of theirs in the name of one of ours")
    mark = alice.mark()
    for member in (bob.jid, alice.jid):
        try:
            await bob.iq("set", GUILD, f"<join xmlns='urn:xmpp:act-as:0' id='x' room='{HALL}' "
                                       f"member='{member}' nick='Hall' name='The hall'/>")
            raise AssertionError("Bob asked as a room")
        except Refused as refused:
            assert refused.condition == "not-acceptable", refused.stanza
    assert not alice.all(see.anything("a question", lambda one: one.room.startswith("ask-")), after=mark)

    step("A6: Bob looks at the guild first: its name, and nobody in it")
    identities, _, answer = await bob.info(GUILD_ID)
    assert identities[0][2] == "The guild", answer
    acting.nobody_named(str(answer), alice, ann, bert)

    step("A6: the first answer decides; every member of the guild is told, the absent one as well")
    await answers(bob)
    for each in (bob, bea):
        await each.sees(see.here(HALL, "Guild"))
    bea.chat(asked.room, "no")
    await bea.sees(see.anything("that it is decided", lambda each: "already" in (each.body or "")))
    await ann.sees(see.invitation(inside))
    assert GUILD_ID in await bob.members(HALL), "the member list of the hall"

    step("A7, A8, A9: what Bob says crosses once, and reaches all; what a member says is the guild's")
    await alice.join(inside)
    await ann.join(inside)
    await bob.speak(HALL, "Welcome, guild")
    for each in (alice, ann):
        await each.sees(see.groupchat(inside, "Welcome, guild", "bob", live=True))
    crossed = [each for each in world.tap.passed(TO_NODE) if b"Welcome, guild" in each.raw]
    assert len(crossed) == 1, [str(each) for each in crossed]
    await ann.speak(inside, "Thank you all")
    for each in (bob, bea):
        seen = await each.sees(see.groupchat(HALL, "Thank you all", "Guild", live=True))
    acting.nobody_named(str(seen), alice, ann, bert)

    step("A9: the guild's node is away while the hall talks: all of it comes, in order, once")
    await world.node.stop()
    said = [f"while you were away {i}" for i in range(1, 8)]
    for each in said:
        await bob.speak(HALL, each)
    await world.node.start()
    await alice.join(GUILD)
    await alice.join(inside)
    await alice.sees(see.groupchat(inside, said[-1]), timeout=60)
    heard = [each.body for each in alice.all(see.groupchat(inside)) if each.body in said]
    assert heard == said, heard

    step("A9: Bert was offline all the time, and has it too")
    await bert.login()
    await bert.sees(see.invitation(inside))
    joined = await bert.join(inside)
    wanted = ["Welcome, guild", "Thank you all", *said]
    assert [each for each in joined.bodies if each in wanted] == wanted, joined.bodies

    step("A+: the hall cannot become a member of the guild: the ring is refused, with its reason")
    await asks(bob, HALL_ID, GUILD)
    await bob.sees(see.anything("the refusal", lambda each: "would be in each other" in (each.body or "")))

    step("A6: the guild is removed: a notice inside, and no return")
    await bob.set_member(HALL, GUILD_ID, "none")
    await alice.sees(see.anything("the notice", lambda each: each.room == inside
                                  and "any more" in (each.body or "")))
    await bob.speak(HALL, "Among us")
    await asyncio.sleep(1)
    assert not alice.all(see.groupchat(inside, "Among us"))

    step("A+: a ring of four over both nodes that neither sees whole: joined, and harmless")
    yard, cart = "yard@rooms.a.example", "cart@rooms.b.example"
    await alice.join(yard)
    await bob.join(cart)

    await joins(alice, GUILD, HALL, bob)      # guild in hall, hall in yard, yard in cart, cart in guild
    await joins(bob, HALL, yard, alice)
    await joins(alice, yard, cart, bob)
    await joins(bob, cart, GUILD, alice)
    marks = {each.name: each.mark() for each in (alice, bob)}
    await bob.speak(HALL, "round and round")
    await alice.sees(see.groupchat(inside, "round and round"), after=marks["alice"])
    joined = await bob.join(at(cart, GUILD))
    if "round and round" not in joined.bodies:  # it may be there before he is
        await bob.sees(see.groupchat(at(cart, GUILD), "round and round"))
    await asyncio.sleep(3)
    for each in (alice, bob):
        rooms = [one.room for one in each.all(see.anything("it", lambda one: one.type == "groupchat"
                 and one.body == "round and round"), after=marks[each.name])]
        assert len(rooms) == len(set(rooms)), rooms
