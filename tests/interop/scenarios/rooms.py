"""Issue 2.1: a room for people with two independent client libraries."""
import see
from clients.person import Refused


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    service = await world.start_service()
    room = f"support@{service}"
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    bert = await world.person("bert")

    step("Alice joins a room that does not exist: it is created, she owns it (201, 110)")
    joined = await alice.join(room)
    assert {201, 110} <= joined.own.statuses, joined.own
    assert joined.own.item.get("affiliation") == "owner", joined.own
    assert joined.own.item.get("role") == "moderator", joined.own
    assert not joined.others and not joined.history, [str(each) for each in joined.others]
    await alice.configure(room, persistentroom=1, changesubject=0)

    step("the room says what it is")
    identities, features, _ = await ann.info(room)
    assert any(each[:2] == ("conference", "text") for each in identities), identities
    assert "http://jabber.org/protocol/muc" in features, features

    step("Ann joins with another library: Alice's presence, her own (110, no 201), then the subject")
    joined = await ann.join(room)
    assert joined.nicks == ["alice"], joined.nicks
    assert not joined.early and not joined.late and not joined.history, ann.report()
    assert 201 not in joined.own.statuses, joined.own
    assert joined.own.item.get("affiliation") == "none", joined.own
    seen = await alice.sees(see.here(room, "ann"))
    assert 110 not in seen.statuses, seen

    step("the owner sees real addresses, an ordinary occupant does not")
    assert seen.item.get("jid") == ann.full_jid, seen
    assert joined.others[0].item.get("jid") is None, joined.others[0]

    step("Alice speaks: both get it, same id, same stanza-id by the room, same occupant-id")
    mine = await alice.speak(room, "Good morning, Ann")
    hers = await ann.sees(see.groupchat(room, "Good morning, Ann", "alice", live=True))
    assert mine.id == hers.id and mine.stanza_id(room), mine
    assert mine.stanza_id(room) == hers.stanza_id(room), (str(mine), str(hers))
    assert mine.occupant_id and mine.occupant_id == hers.occupant_id, (str(mine), str(hers))

    step("Ann answers: both get it, with her own occupant-id")
    answer = await ann.speak(room, "Good morning, Alice")
    seen = await alice.sees(see.groupchat(room, "Good morning, Alice", "ann", live=True))
    assert answer.stanza_id(room) == seen.stanza_id(room) != mine.stanza_id(room), str(seen)
    assert seen.occupant_id != mine.occupant_id, str(seen)

    step("Alice changes her mind about her presence: Ann sees it")
    alice.send_raw(f"<presence to='{room}/alice'><show>away</show><status>tea</status></presence>")
    seen = await ann.sees(see.anything("Alice away", lambda each: each.kind == "presence" and each.nick == "alice"
                                       and each.child_text("show") == "away"))
    assert seen.child_text("status") == "tea", seen

    step("a private message reaches Ann alone, from Alice's occupant address")
    mark = ann.mark()
    id = alice.whisper(room, "ann", "between us")
    seen = await ann.sees(see.chat(f"{room}/alice", "between us"), after=mark)
    assert seen.type == "chat" and seen.id == id, seen
    assert seen.child("x", "http://jabber.org/protocol/muc#user") is not None, seen

    step("only who may sets the subject; all see it")
    ann.set_subject(room, "Ann's subject")
    await ann.sees(see.error(room, "forbidden"))
    alice.set_subject(room, "Orders and complaints")
    for each in (alice, ann):
        await each.sees(see.subject(room, "Orders and complaints", "alice"))

    step("Alice makes Ann and Bert members; Ann's presence says so, Bert is not even there")
    await alice.set_member(room, ann.jid)
    await alice.set_member(room, bert.jid)
    seen = await alice.sees(see.anything("Ann as a member", lambda each: each.kind == "presence"
                                         and each.nick == "ann" and each.item.get("affiliation") == "member"))

    step("Bert joins: others' presence, his own, the history with stamps, the subject, then live")
    joined = await bert.join(room)
    assert joined.nicks == ["alice", "ann"], joined.nicks
    assert not joined.early and not joined.late, bert.report()
    assert joined.own.item.get("affiliation") == "member", joined.own
    assert joined.bodies == ["Good morning, Ann", "Good morning, Alice"], joined.bodies
    assert all(each.delay for each in joined.history), [str(each) for each in joined.history]
    assert [each.nick for each in joined.history] == ["alice", "ann"]
    assert joined.history[0].stanza_id(room) == mine.stanza_id(room), str(joined.history[0])
    assert joined.history[1].id == answer.id, str(joined.history[1])
    assert joined.subject.subject == "Orders and complaints", joined.subject
    assert "between us" not in joined.bodies and not bert.all(see.chat(body="between us"))
    await alice.speak(room, "Welcome, Bert")
    assert (await bert.sees(see.groupchat(room, "Welcome, Bert"))).delay is None

    step("nobody else may have Bert's nick")
    carol = await world.person("carol", library="aioxmpp")
    try:
        await carol.join(room, "bert")
        raise AssertionError("Carol got a nick that is taken")
    except Refused as refused:
        assert refused.condition == "conflict", refused

    step("a history of nothing is obeyed")
    joined = await carol.join(room, history=0)
    assert not joined.history, joined.bodies
    await carol.leave(room)

    step("Bert leaves: he and the others see it; he may not speak any more")
    seen = await bert.leave(room)
    assert 110 in seen.statuses, seen
    for each in (alice, ann):
        await each.sees(see.gone(room, "bert"))
    bert.say(room, "am I still here?")
    await bert.sees(see.error(room, "not-acceptable"))

    step("the member list is what Alice made it")
    assert await alice.members(room, "owner") == [alice.jid]
    assert await alice.members(room) == [ann.jid, bert.jid]

    step("everybody leaves, the service restarts: members, subject and history are as before")
    await ann.leave(room)
    await alice.leave(room)
    await world.restart_service(alice, ann, bert, carol)
    joined = await alice.join(room)
    assert 201 not in joined.own.statuses, joined.own
    assert joined.own.item.get("affiliation") == "owner", joined.own
    assert joined.subject.subject == "Orders and complaints", joined.subject
    assert await alice.members(room, "owner") == [alice.jid]
    assert await alice.members(room) == [ann.jid, bert.jid]
    history = (await ann.join(room, history=10)).history
    assert [each.body for each in history] == ["Good morning, Ann", "Good morning, Alice", "Welcome, Bert"], [
        str(each) for each in history]
    assert history[0].stanza_id(room) == mine.stanza_id(room), str(history[0])

    step("and they go on")
    await ann.speak(room, "Where were we?")
    await alice.sees(see.groupchat(room, "Where were we?", "ann", live=True))
