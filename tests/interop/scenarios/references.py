"""A7, A9, A11: corrections, retractions, reactions, replies, markers and receipts between Alice, behind a
room, and Bob of another server: with him as a person, then with his room. Their clients are plain: they
send what XEP-0308, 0424, 0444, 0461, 0333 and 0184 say, and name messages by the ids that they saw."""
import acting
import see
from joining import at, joins

GUILD, HALL = "guild@rooms.a.example", "hall@rooms.b.example"
CORRECT, RETRACT = "urn:xmpp:message-correct:0", "urn:xmpp:message-retract:1"
REACT, REPLY, MARK = "urn:xmpp:reactions:0", "urn:xmpp:reply:0", "urn:xmpp:chat-markers:0"


def sends(person, to, kind, content):
    """Returns the message's id."""
    id = person.new_id()
    person.send_raw(f"<message xmlns='jabber:client' type='{kind}' to='{to}' id='{id}'>{content}</message>")
    return id


def carries(space, id, **more):
    """A message with an element of that namespace, about that id."""
    def test(each):
        found = [one for one in each.element if one.tag.startswith("{%s}" % space)]
        return each.kind == "message" and found and found[0].get("id") == id and all(
            found[0].get(name) == value for name, value in more.items())
    return see.anything(f"{space} about {id}", test)


async def plays(speaker, out, ours, theirs, peer, there, room):
    """`speaker` says out to `ours` (groupchat), `peer` to `there`; `theirs` is how the peer's side sees
    the speaker. `room`: the peer's side is a room, and names messages by its stanza ids."""
    kind = "groupchat" if room else "chat"

    async def at_peer(body):
        return await peer.sees(see.anything(body, lambda each: each.body == body and each.sender == theirs))

    async def at_ours(body):
        return await speaker.sees(see.groupchat(ours, body, "bob", live=True))

    def named(message, by):
        return message.stanza_id(by)

    # What Alice says: corrected by her, answered and reacted to by Bob.
    first = sends(speaker, ours, "groupchat", "<body>Tea at fve?</body>")
    mine = await speaker.sees(see.groupchat(ours, "Tea at fve?", "alice", live=True))
    seen = await at_peer("Tea at fve?")
    sends(speaker, ours, "groupchat", f"<body>Tea at five?</body><replace xmlns='{CORRECT}' id='{first}'/>")
    await peer.sees(carries(CORRECT, seen.id))
    name = named(seen, there) if room else seen.id
    sends(peer, there, kind, f"<reactions xmlns='{REACT}' id='{name}'><reaction>👍</reaction></reactions>")
    await speaker.sees(carries(REACT, named(mine, ours)))
    sends(peer, there, kind, f"<body>Yes</body><reply xmlns='{REPLY}' to='{theirs}' id='{name}'/>")
    await speaker.sees(carries(REPLY, named(mine, ours), to=f"{ours}/alice"))

    # What Bob says: corrected and taken back by him, answered and reacted to by Alice.
    first = sends(peer, there, kind, "<body>With mlk</body>")
    heard = await at_ours("With mlk")
    sends(peer, there, kind, f"<body>With milk</body><replace xmlns='{CORRECT}' id='{first}'/>")
    await speaker.sees(carries(CORRECT, heard.id))
    secret = sends(peer, there, kind, "<body>The key is under the mat</body>")
    told = await at_ours("The key is under the mat")
    name = secret
    if room:
        own = await peer.sees(see.groupchat(there, "The key is under the mat", "bob", live=True))
        name = named(own, there)
    sends(speaker, ours, "groupchat",
          f"<reactions xmlns='{REACT}' id='{named(told, ours)}'><reaction>👀</reaction></reactions>")
    await peer.sees(carries(REACT, name))
    sends(speaker, ours, "groupchat", f"<body>Safe?</body><reply xmlns='{REPLY}' to='{ours}/bob' "
                                      f"id='{named(told, ours)}'/>")
    await peer.sees(carries(REPLY, name))
    sends(peer, there, kind, f"<retract xmlns='{RETRACT}' id='{name}'/>")
    await speaker.sees(carries(RETRACT, named(told, ours)))

    # And Alice takes back what she said.
    sends(speaker, ours, "groupchat", "<body>Not this</body>")
    mine = await speaker.sees(see.groupchat(ours, "Not this", "alice", live=True))
    seen = await at_peer("Not this")
    sends(speaker, ours, "groupchat", f"<retract xmlns='{RETRACT}' id='{named(mine, ours)}'/>")
    await peer.sees(carries(RETRACT, named(seen, there) if room else seen.id))
    for each in peer.all(see.anything("a message", lambda one: one.kind == "message")):
        if each.sender and each.sender.startswith(theirs):
            acting.nobody_named(str(each), *out)


async def play(world):
    step = world.step
    await world.start_host("companies")
    await world.start_node()
    await world.start_node(name="node-b", host=world.hosts[1], rooms="rooms.b.example",
                           identities="team.b.example", enterprise=["b.example"], admins=["root@b.example"])
    alice = await world.person("alice")
    ann = await world.person("ann", login=False)
    bob = await world.person("bob", "b.example")
    await acting.found_support(alice, ann)

    step("with a person of another server: each change names the right message on each side")
    await acting.open_by_command(alice, bob.jid, "Good morning")
    first = await bob.sees(see.chat(acting.IDENTITY, "Good morning"))
    inside = acting.conversation(bob.jid)
    await alice.join(inside)
    bob.chat(first.sender, "Hello")
    await alice.sees(see.groupchat(inside, "Hello", "bob", live=True))
    await plays(alice, (alice, ann), inside, first.sender, bob, first.sender, False)

    step("markers and receipts: Bob's come back under Alice's own names")
    id = sends(alice, inside, "groupchat", f"<body>Read it?</body><markable xmlns='{MARK}'/>"
                                           "<request xmlns='urn:xmpp:receipts'/>")
    mine = await alice.sees(see.groupchat(inside, "Read it?", "alice", live=True))
    seen = await bob.sees(see.chat(acting.IDENTITY, "Read it?"))
    assert seen.child("request", "urn:xmpp:receipts") is not None, seen
    sends(bob, first.sender, "chat", f"<displayed xmlns='{MARK}' id='{seen.id}'/>")
    await alice.sees(carries(MARK, mine.stanza_id(inside)))
    sends(bob, first.sender, "chat", f"<received xmlns='urn:xmpp:receipts' id='{seen.id}'/>")
    await alice.sees(carries("urn:xmpp:receipts", id))

    step("what was taken back is not in the log for who comes later")
    await ann.login()
    joined = await ann.join(inside)
    assert "The key is under the mat" not in joined.bodies and "Not this" not in joined.bodies, joined.bodies
    assert "Good morning" in joined.bodies, joined.bodies

    step("with a room of another node: the same")
    await alice.join(GUILD)
    await bob.join(HALL)
    await joins(alice, GUILD, HALL, bob)
    within = at(GUILD, HALL)
    await alice.join(within)
    await bob.speak(HALL, "Welcome")
    await alice.sees(see.groupchat(within, "Welcome", "bob", live=True))
    await plays(alice, (alice, ann), within, f"{HALL}/guild", bob, HALL, True)
