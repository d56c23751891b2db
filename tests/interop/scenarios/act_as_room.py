"""Issue 2.3: support sits in a room of Prosody's own MUC as one participant; nothing of its members crosses."""
import acting
import leaks
import see
from acting import IDENTITY, LOBBY, SUPPORT, conversation, open_by_query
from wiretap import TO_HOST
from world import LOBBIES, TEAM

OUTSIDE = ("b.example", LOBBIES)


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    await world.start_node(tap=True)
    # Names and resources that occur nowhere else: what is looked for must not be found by chance.
    alice = await world.person("alice", resource="kitchen-7QX")
    ann = await world.person("annette", library="aioxmpp", resource="garden-4ZK")
    bert = await world.person("bertram", resource="attic-9VW", login=False)
    bob = await world.person("bob", "b.example")
    bea = await world.person("bea", "b.example", library="aioxmpp")
    members, inside = (alice, ann, bert), conversation(LOBBY)
    await acting.found_support(alice, ann, bert)
    await bob.join(LOBBY)
    bob.set_subject(LOBBY, "Weather and kettles")
    await bob.sees(see.subject(LOBBY, "Weather and kettles"))
    await bea.join(LOBBY)
    await bob.speak(LOBBY, "Before anybody came")

    step("support joins the lobby: one occupant, no more, with no rights of its own")
    assert await open_by_query(alice, LOBBY) == inside
    for each in (bob, bea):
        seen = await each.sees(see.here(LOBBY, "support"))
    assert seen.item.get("affiliation") == "none", seen

    step("Alice and Ann open the conversation: the lobby's subject, its people")
    joined = await alice.join(inside)
    if joined.subject.subject != "Weather and kettles":  # it follows the join into the lobby
        await alice.sees(see.subject(inside, "Weather and kettles"))
    await ann.join(inside)

    step("what Bob says in the lobby reaches both")
    await bob.speak(LOBBY, "Good morning, support")
    for each in (alice, ann):
        seen = await each.sees(see.groupchat(inside, "Good morning, support", "bob", live=True))
        assert seen.stanza_id(inside) and seen.occupant_id, seen
        before = each.all(acting.virtual(inside, "bob"))
        assert before and before[0].index < seen.index, each.report()

    step("what Alice says appears there as support")
    mine = await alice.speak(inside, "Good morning, Bob")
    for each in (bob, bea):
        seen = await each.sees(see.groupchat(LOBBY, "Good morning, Bob", "support", live=True))
    await ann.sees(see.groupchat(inside, "Good morning, Bob", "alice", live=True))

    step("what Ann says, too, and to Bob it is the same participant")
    await ann.speak(inside, "It rains here")
    other = await bob.sees(see.groupchat(LOBBY, "It rains here", "support", live=True))
    assert other.occupant_id == seen.occupant_id, (str(other), str(seen))
    await alice.sees(see.groupchat(inside, "It rains here", "annette", live=True))

    step("Bea changes the subject: it becomes the conversation's, if she may")
    bob.set_subject(LOBBY, "Kettles only")
    for each in (alice, ann):
        await each.sees(see.subject(inside, "Kettles only"))

    step("Bert was offline all the time: an invitation was kept, and he has all of it")
    await bert.login()
    await bert.sees(see.invitation(inside))
    joined = await bert.join(inside)
    wanted = ["Good morning, support", "Good morning, Bob", "It rains here"]
    assert [each for each in joined.bodies if each in wanted] == wanted, joined.bodies
    assert len(joined.bodies) == len(set(joined.bodies)), joined.bodies
    assert joined.subject.subject == "Kettles only", joined.subject

    step("Bob looks closer at the participant: information, card, version, ping, a private message")
    for each in (f"{LOBBY}/support", IDENTITY, f"{IDENTITY}/hansa", TEAM):
        for payload in ("<query xmlns='http://jabber.org/protocol/disco#info'/>",
                        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
                        "<vCard xmlns='vcard-temp'/>", "<query xmlns='jabber:iq:version'/>",
                        "<query xmlns='jabber:iq:last'/>", "<ping xmlns='urn:xmpp:ping'/>",
                        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'/>"
                        "</pubsub>"):
            try:
                await bob.iq("get", each, payload)
            except see.Refused:
                pass  # a refusal is an answer, too, and its bytes are read below
    bob.whisper(LOBBY, "support", "between us?")
    bob.send_raw(f"<presence type='subscribe' to='{IDENTITY}'/>")
    await bob.sees(see.anything("an answer to his subscription", lambda each: each.kind == "presence"
                                and each.room == IDENTITY))

    step("to both sides each message was shown once, in one order")
    await alice.speak(inside, "Good night")
    await bob.sees(see.groupchat(LOBBY, "Good night", "support"))
    for each in (ann, bert):
        await each.sees(see.groupchat(inside, "Good night"))
    live = [each.body for each in bob.all(see.groupchat(LOBBY, nick="support"))]
    assert live == ["Good morning, Bob", "It rains here", "Good night"], live
    for each in (alice, ann):
        bodies = [each.body for each in each.all(see.groupchat(inside, live=True))]
        assert bodies[:3] == ["Good morning, support", "Good morning, Bob", "It rains here"], bodies
        assert bodies.count("Good night") == 1 and len(set(bodies)) == len(bodies), bodies
    assert alice.all(see.groupchat(inside, "Good morning, Bob"))[0].id == mine.id

    step("every byte for the other side: no member's name, nick, address, resource or id in it")
    out = world.tap.passed(TO_HOST, domains=OUTSIDE)
    assert out and all(each.attributes.get("from", "").partition("/")[0] == IDENTITY or
                       each.attributes.get("from") == TEAM for each in out), [
        str(each) for each in out if not each.attributes.get("from", "").startswith(IDENTITY)]
    for each in (bob, bea):  # what they said themselves, under ids that their libraries made
        each.sent_ids += [one.id for one in each.received if one.room == LOBBY and one.nick == each.name and one.id]
    secrets = leaks.secrets_of(members, (bob, bea), (inside, SUPPORT))
    hits = leaks.search(b"\n".join(each.raw for each in out), secrets)
    assert not hits, "members' traces crossed:\n" + leaks.told(hits)

    step("and the search does find them in what goes to their own people")
    own = b"\n".join(each.raw for each in world.tap.passed(TO_HOST, domains=("a.example",)))
    kinds = {what.split(" of ")[0] for _, what, _ in leaks.search(own, secrets)}
    assert {"address", "nick", "resource", "id", "stanza-id inside"} <= kinds, kinds

    step("everything that Bob and Bea received: the same")
    seen = "\n".join(str(each) for person in (bob, bea) for each in person.received).encode()
    hits = leaks.search(seen, secrets)
    assert not hits, "members' traces arrived:\n" + leaks.told(hits)
