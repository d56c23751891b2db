"""Issue 2.2: the room support writes to Bob, who is a plain user of another domain."""
import base64
import hashlib

import acting
import see
import slixmpp
from acting import IDENTITY, SUPPORT, conversation, identities, open_by_command, open_by_query
from clients.person import Refused
from world import ROOMS, TEAM

METADATA = "urn:xmpp:avatar:metadata"


def _plugin(person, name):
    person.client.register_plugin(name)
    return person.client.plugin[name]


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    await world.start_node()
    alice = await world.person("alice", resource="kitchen")
    ann = await world.person("ann", library="aioxmpp", resource="garden", login=False)
    carol = await world.person("carol", resource="street")
    bob = await world.person("bob", "b.example")
    bea = await world.person("bea", "b.example", library="aioxmpp")
    with_bob, with_bea = conversation(bob.jid), conversation(bea.jid)
    await acting.found_support(alice, ann)

    step("Alice asks what she may speak as: herself and support; Carol only as herself")
    mine = await identities(alice)
    assert mine[IDENTITY].get("room") == SUPPORT, mine
    assert mine[IDENTITY].get("name") == acting.NAME, mine
    assert mine[alice.jid].get("room") is None, mine
    assert list(await identities(carol)) == [carol.jid]

    step("any client with ad-hoc commands finds the same: a list of identities, a peer, a first message")
    assert any(each[1] == acting.OPEN for each in await alice.items(
        TEAM, "http://jabber.org/protocol/commands")), "the command is not listed"
    done = await open_by_command(alice, bob.jid, "Hello Bob, your kettle is ready.")
    assert {"identity", "peer", "body"} <= set(done.offered.fields), done.offered.fields
    assert IDENTITY in done.offered.options["identity"], done.offered.options
    assert done.status == "completed" and done.notes, str(done.answer)
    assert done.fields["conversation"] == with_bob, done.fields

    step("Bob gets it from support, as a chat from an ordinary account")
    first = await bob.sees(see.chat(IDENTITY, "Hello Bob, your kettle is ready."))
    assert first.type == "chat" and first.sender == f"{IDENTITY}/hansa", first
    acting.nobody_named(str(first), alice, ann)

    step("Bob looks at its vCard and its disco information: support, and nobody in it")
    card = await bob.iq("get", IDENTITY, "<vCard xmlns='vcard-temp'/>")
    assert acting.NAME in str(card), card
    kinds, features, info = await bob.info(IDENTITY)
    assert kinds and "http://jabber.org/protocol/disco#info" in features, info
    assert any(each[2] == acting.NAME for each in kinds), info
    full_kinds, _, full = await bob.info(first.sender)
    assert full_kinds, full
    for each in (card, info, full):
        acting.nobody_named(str(each), alice, ann)

    step("Bob subscribes to it; Alice gives support a picture: his client is told, reads it, and knows what support can")
    bob.send_raw(f"<presence type='subscribe' to='{IDENTITY}'/>")
    await bob.sees(see.anything("that he is subscribed", lambda each: each.kind == "presence"
                                and each.type == "subscribed" and each.sender == IDENTITY))
    picture = b"\x89PNG of a kind"
    digest = hashlib.sha1(picture).hexdigest()
    await alice.iq("set", SUPPORT, "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>"
                                   f"{base64.b64encode(picture).decode()}</BINVAL></PHOTO></vCard>")
    shown = await bob.sees(see.anything("its presence with the picture", lambda each: each.kind == "presence"
                                        and each.sender == first.sender and digest in str(each)))
    event = await bob.sees(see.anything("the event of its picture", lambda each: each.kind == "message"
                                        and each.type == "headline" and each.sender == IDENTITY))
    assert event.element.find(f".//{{{METADATA}}}info").get("id") == digest, event
    read = await _plugin(bob, "xep_0084").retrieve_avatar(slixmpp.JID(IDENTITY), digest)
    assert bytes(read["pubsub"]["items"]["item"]["avatar_data"]["value"]) == picture, str(read)
    caps = shown.element.find("{http://jabber.org/protocol/caps}c")
    asked = await _plugin(bob, "xep_0030").get_info(jid=first.sender, node=f"{caps.get('node')}#{caps.get('ver')}")
    assert _plugin(bob, "xep_0115").generate_verstring(asked["disco_info"], "sha-1") == caps.get("ver"), str(asked)
    for each in (shown, event, read, asked):
        acting.nobody_named(str(each), alice, ann)

    step("Alice joins the conversation: her message is there, Bob is there")
    joined = await alice.join(with_bob)
    assert joined.bodies == ["Hello Bob, your kettle is ready."], joined.bodies
    assert joined.own.item.get("role") in ("participant", "moderator"), joined.own
    # The conversation's ids are its own: what crossed has a fresh one.
    assert joined.history[0].id != first.id and joined.history[0].stanza_id(with_bob), joined.history[0]

    step("Bob answers: Alice sees him appear, then his answer; he gets a receipt")
    id = bob.chat(first.sender, "Thank you, I will fetch it.", receipt=True)
    answer = await alice.sees(see.groupchat(with_bob, "Thank you, I will fetch it.", "bob", live=True))
    appeared = [each for each in alice.all(acting.virtual(with_bob, "bob"))]
    assert appeared and appeared[0].index < answer.index, alice.report()
    assert appeared[0].item.get("affiliation") == "none", appeared[0]
    assert appeared[0].item.get("role") == "participant", appeared[0]
    assert appeared[0].item.get("jid") is None, appeared[0]
    assert answer.occupant_id and answer.stanza_id(with_bob), answer
    await bob.sees(see.receipt(IDENTITY, id))

    step("to the bare address as well")
    bob.chat(IDENTITY, "What do I owe you?")
    seen = await alice.sees(see.groupchat(with_bob, "What do I owe you?", "bob", live=True))
    assert seen.occupant_id == answer.occupant_id, seen

    step("Ann was offline: her host kept an invitation for her")
    await ann.login()
    kept = await ann.sees(see.invitation(with_bob))
    assert kept.type == "normal", kept

    step("she joins and has everything, once, stamped, in order")
    joined = await ann.join(with_bob)
    assert joined.bodies == ["Hello Bob, your kettle is ready.", "Thank you, I will fetch it.",
                             "What do I owe you?"], joined.bodies
    assert all(each.delay for each in joined.history), [str(each) for each in joined.history]
    assert [each.delay for each in joined.history] == sorted(each.delay for each in joined.history)
    assert joined.history[1].stanza_id(with_bob) == answer.stanza_id(with_bob), joined.history[1]
    assert "bob" in joined.nicks and "alice" in joined.nicks, joined.nicks

    step("Ann answers as support: Bob sees the same sender, Alice sees that it was Ann")
    await ann.speak(with_bob, "Nothing at all.")
    seen = await bob.sees(see.chat(IDENTITY, "Nothing at all."))
    assert seen.sender == first.sender, seen
    acting.nobody_named(str(seen), alice, ann)
    await alice.sees(see.groupchat(with_bob, "Nothing at all.", "ann", live=True))

    step("what Bob says reaches both while they are there, once")
    bob.chat(IDENTITY, "You are kind.")
    for each in (alice, ann):
        await each.sees(see.groupchat(with_bob, "You are kind.", "bob", live=True))

    step("Bea writes first: Alice is invited, the room gets a line with the address")
    mark = alice.mark()
    bea.chat(IDENTITY, "Do you mend kettles?")
    await alice.sees(see.invitation(with_bea), after=mark)
    await alice.sees(see.groupchat(SUPPORT, lambda body: with_bea in body), after=mark)
    joined = await alice.join(with_bea)
    assert joined.bodies == ["Do you mend kettles?"] and joined.history[0].nick == "bea", joined.bodies

    step("and is answered as by the person that she wrote to")
    await alice.speak(with_bea, "We do.")
    seen = await bea.sees(see.chat(IDENTITY, "We do."))
    assert seen.sender == first.sender and seen.type == "chat", seen

    step("Carol is no member: a clear refusal by the extension")
    for attempt in (open_by_query(carol, bob.jid), open_by_query(carol, with_bob)):
        try:
            await attempt
            raise AssertionError("Carol acted as support")
        except Refused as refused:
            assert refused.kind == "auth" and refused.condition == "forbidden", refused.stanza
            assert "not-allowed-to-act" in refused.conditions and refused.text, refused.stanza

    step("and by the command: support is not offered, and insisting is refused")
    try:
        form = await carol.command_step(TEAM, acting.OPEN)
        assert IDENTITY not in form.options.get("identity", []), form.options
        if form.status == "executing":
            last = await carol.command_step(TEAM, acting.OPEN, {
                "identity": IDENTITY, "peer": bob.jid, "body": "I am not support"}, form)
            raise AssertionError(f"Carol acted as support: {last.answer}")
    except Refused as refused:
        assert refused.text, refused.stanza

    step("the conversation is to her as if it were not there")
    answers = []
    for room in (with_bob, conversation("nobody@b.example")):
        try:
            await carol.join(room)
            raise AssertionError("Carol joined a conversation")
        except Refused as refused:
            answers.append((refused.kind, refused.condition, refused.text.replace(room, "…")))
    assert answers[0] == answers[1] and answers[0][1] == "not-allowed", answers
    carol.say(with_bob, "I am not support")
    await carol.sees(see.error(with_bob))

    step("a room that does not exist: she is told that she can create it")
    try:
        await open_by_query(carol, bob.jid, identity=f"nothere@{TEAM}")
        raise AssertionError("a room that does not exist acted")
    except Refused as refused:
        assert refused.condition == "item-not-found", refused.stanza
        assert "create" in refused.text.lower(), refused.text

    step("the right is asked at every act: Ann, no member any more, is refused in an open conversation")
    await alice.set_member(SUPPORT, ann.jid, "none")
    mark = ann.mark()
    ann.say(with_bob, "I was support")
    await ann.sees(see.anything("a refusal or her removal", lambda each: each.sender.startswith(with_bob) and (
        each.type == "error" or (each.kind == "presence" and each.type == "unavailable"))), after=mark)
    assert IDENTITY not in await identities(ann)

    step("Bob saw exactly what was said as support, each once")
    await alice.speak(with_bob, "Good bye, Bob.")
    await bob.sees(see.chat(IDENTITY, "Good bye, Bob."))
    said = [each.body for each in bob.all(see.chat())]
    assert said == ["Hello Bob, your kettle is ready.", "Nothing at all.", "Good bye, Bob."], said
    assert [each.body for each in alice.all(see.groupchat(with_bob, live=True))] == [
        "Thank you, I will fetch it.", "What do I owe you?", "Nothing at all.", "You are kind.",
        "Good bye, Bob."], alice.report()
    assert not bob.all(see.anything("a room's address", lambda each: ROOMS in str(each))), bob.report()
