"""Issue 5: the life of conversations with persons (A10, A11): the list, closing, blocking, assigning, notes."""
import acting
import see
import stanza as ns
from acting import IDENTITY, conversation, open_by_command
from clients.act_as import Knowing
from clients.person import Refused
from world import TEAM

LIST, ONE = f"{ns.ACT_AS}#conversations", f"{ns.ACT_AS}#conversation"
STATES = "http://jabber.org/protocol/chatstates"


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    await world.start_node()
    alice = await world.person("alice")
    ann = await world.person("ann")
    bob = await world.person("bob", "b.example", library="aioxmpp")
    bea = await world.person("bea", "b.example", library="aioxmpp")
    knowing = Knowing(alice)
    with_bob, with_bea = conversation(bob.jid), conversation(bea.jid)
    await acting.found_support(alice, ann)

    step("A10: two conversations; the list says which of them waits for an answer, page by page")
    await open_by_command(alice, bea.jid, "Hello Bea.")
    await bea.sees(see.chat(IDENTITY, "Hello Bea."))
    bob.chat(IDENTITY, "My kettle is broken.")
    await alice.sees(see.invitation(with_bob))
    listed, _ = await knowing.conversations(IDENTITY)
    assert [(each["jid"], each["unanswered"]) for each in listed] == [(with_bea, ""), (with_bob, "true")], [
        each.attributes for each in listed]
    page, answer = await knowing.conversations(IDENTITY, max=1)
    assert [each["jid"] for each in page] == [with_bea] and answer.count == 2
    page, _ = await knowing.conversations(IDENTITY, after=answer.last)
    assert [each["jid"] for each in page] == [with_bob]

    step("A1: any client gets the same list by a command")
    table = await ann.command(TEAM, LIST, identity=IDENTITY)
    assert table.status == "completed" and f"{bob.jid}: {with_bob}, waits" in table.notes[0], table.notes

    step("A10: Ann takes it: the assignment is shown inside and in the list")
    for each in (alice, ann):
        await each.join(with_bob)
    await ann.command(TEAM, ONE, conversation=with_bob, action="assign", member=ann.jid)
    await alice.sees(see.groupchat(with_bob, lambda body: "assigned" in body and ann.jid in body))
    assert (await knowing.conversations(IDENTITY))[0][1]["assigned"] == ann.jid

    step("A7: colleagues see that she is typing, Bob does not")
    mark = bob.mark()
    ann.send_raw(f"<message to='{with_bob}' type='groupchat' id='typing'><composing xmlns='{STATES}'/></message>")
    await alice.sees(see.anything("Ann's chat state", lambda each: each.sender == f"{with_bob}/ann"
                                  and each.child("composing", STATES) is not None))

    step("A7: notes stay inside: by a word that any client can type, by our element, and what answers one")
    note = await ann.speak(with_bob, "note: his third one this year")
    assert note.child("note", ns.ACT_AS) is not None, note
    knowing.note(with_bob, "shall we ask him why?")
    await ann.sees(see.groupchat(with_bob, "shall we ask him why?", "alice"))
    reply = note.stanza_id(with_bob)
    ann.send_raw(f"<message to='{with_bob}' type='groupchat' id='quoting'><body>&gt; his third one\nYes.</body>"
                 f"<reply xmlns='urn:xmpp:reply:0' id='{reply}'/></message>")
    await alice.sees(see.groupchat(with_bob, lambda body: body.endswith("Yes.")))
    await ann.speak(with_bob, "We send you another one.")
    await bob.sees(see.chat(IDENTITY, "We send you another one."), after=mark)
    crossed = "".join(str(each) for each in bob.received[mark:])
    for secret in ("third", "why", "composing", "note"):
        assert secret not in crossed, crossed
    assert [each.body for each in bob.all(see.chat(), mark)] == ["We send you another one."]

    step("A10: Ann takes back what she said: it is taken back at Bob's client")
    said = await ann.speak(with_bob, "And a bill.")
    crossed = await bob.sees(see.chat(IDENTITY, "And a bill."))
    ann.send_raw(f"<message to='{with_bob}' type='groupchat' id='retracting'>"
                 f"<retract xmlns='urn:xmpp:message-retract:1' id='{said.stanza_id(with_bob)}'/></message>")
    await bob.sees(see.anything("a retraction of it", lambda each: each.room == IDENTITY and each.child(
        "retract", "urn:xmpp:message-retract:1") is not None and each.child(
        "retract", "urn:xmpp:message-retract:1").get("id") == crossed.id))

    step("A10: closed, it leaves the list; with Bob's next word it is back")
    await knowing.change(with_bob, "close")
    assert [each["jid"] for each in (await knowing.conversations(IDENTITY))[0]] == [with_bea]
    assert len((await knowing.conversations(IDENTITY, closed="true"))[0]) == 2
    bob.chat(IDENTITY, "Thank you.")
    await ann.sees(see.groupchat(with_bob, "Thank you.", "bob", live=True))
    assert with_bob in [each["jid"] for each in (await knowing.conversations(IDENTITY))[0]]

    step("A10: blocked, Bob is answered as by an account that does not exist")
    await ann.command(TEAM, ONE, conversation=with_bob, action="block")
    id = bob.chat(IDENTITY, "Hello?", receipt=True)
    await bob.sees(see.error(IDENTITY, "service-unavailable", id))
    nobody = bob.chat(f"nobody@{TEAM}", "Hello?")
    await bob.sees(see.error(f"nobody@{TEAM}", "service-unavailable", nobody))
    try:
        await alice.speak(with_bob, "You cannot hear me.")
        raise AssertionError("something was said to a blocked peer")
    except Refused as refused:
        assert refused.condition == "not-acceptable" and "blocked" in refused.conditions, refused.stanza
    assert not ann.all(see.groupchat(with_bob, "Hello?"))
    await knowing.change(with_bob, "unblock")
    bob.chat(IDENTITY, "Am I forgiven?")
    await ann.sees(see.groupchat(with_bob, "Am I forgiven?", "bob", live=True))

    step("A11: Bea's conversation went on all the while")
    joined = await alice.join(with_bea)
    assert joined.bodies == ["Hello Bea."], joined.bodies
    bea.chat(IDENTITY, "Hello support.")
    await alice.sees(see.groupchat(with_bea, "Hello support.", "bea", live=True))
