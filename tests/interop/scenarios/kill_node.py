"""Issue 2.4: kill -9 at seeded random moments, under traffic in a room, a conversation and a foreign room."""
import asyncio

import acting
import see
import traffic
from acting import IDENTITY, LOBBY, SUPPORT, conversation, open_by_query

BLOCK = 10      # kills between two audits: what was said in between fits a history of 500
HISTORY = 500
LIVE = 3.0      # s of the node's life; `live` is at most 1 s behind, the rest is for a machine under load


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    node = await world.start_node()
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    auditor = await world.person("carol")
    bob = await world.person("bob", "b.example")
    with_bob, inside = conversation(bob.jid), conversation(LOBBY)
    rooms = (SUPPORT, with_bob, inside)

    step("a room, a conversation with Bob, a place in the lobby; Alice and Ann are in all three")
    await acting.found_support(alice, ann, auditor)
    await bob.join(LOBBY)
    assert await open_by_query(alice, bob.jid) == with_bob
    assert await open_by_query(alice, LOBBY) == inside
    await bob.sees(see.here(LOBBY, "support"))
    await alice.join(with_bob)
    await alice.join(inside)
    for room in rooms:
        await ann.join(room)
    start = {each: each.mark() for each in (alice, ann, bob)}

    crash, random = traffic.Crash(), world.random
    crash.is_up()
    talkers = [traffic.in_room(alice, SUPPORT, 0.15, random), traffic.in_room(ann, SUPPORT, 0.15, random),
               traffic.in_room(alice, with_bob, 0.15, random), traffic.to_person(bob, IDENTITY, 0.15, random),
               traffic.in_room(ann, inside, 0.15, random), traffic.in_room(bob, LOBBY, 0.15, random)]
    audited = {room: set() for room in rooms}
    killed = 0
    while killed < world.kills:
        block = min(BLOCK, world.kills - killed)
        step(f"kills {killed + 1} to {killed + block}: each time all go on talking without a rejoin")
        crash.quiet = False
        running = [asyncio.ensure_future(each.run(crash)) for each in talkers]
        try:
            for _ in range(block):
                await _or_failure(crash.heard(len(talkers), 120), running)
                await _or_failure(asyncio.sleep(random.uniform(0, 0.6)), running)  # the random moment
                crash.is_down()
                await node.kill()
                if random.random() < 0.2:  # now and then it dies again while it comes up
                    await node.start(ready=False)
                    await asyncio.sleep(random.uniform(0, 0.3))
                    await node.kill()
                await node.start()
                crash.is_up()
            await _or_failure(crash.heard(len(talkers), 120), running)
            crash.quiet = True
            await asyncio.wait_for(asyncio.gather(*running), 180)
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        killed += block

        step(f"audit after {killed} kills: nothing confirmed is lost, nothing is there twice")
        await _audit(rooms, with_bob, inside, talkers, audited, auditor, alice, ann, bob, start, crash)
    said = sum(len(each.said) for each in talkers)
    repeats = sum(1 for each in (alice, ann, bob) for stanza in each.received[start[each]:]
                  if stanza.kind == "message" and stanza.body is not None and stanza.delay)
    step(f"{killed} kills, {said} messages, {repeats} copies sent again: each shown once by its id")


async def _or_failure(wait, running):
    """Waits, but hears a talker that fails at once."""
    wait = asyncio.ensure_future(wait)
    done, _ = await asyncio.wait([wait, *running], return_when=asyncio.FIRST_COMPLETED)
    for each in done:
        each.result()
    assert wait in done, "a talker ended"


async def _audit(rooms, with_bob, inside, talkers, audited, auditor, alice, ann, bob, start, crash):
    expected = {room: [message for talker in talkers for message in talker.said
                       if {IDENTITY: with_bob, LOBBY: inside}.get(talker.place, talker.place) == room]
                for room in rooms}
    for room in rooms:
        # What the other side said last may still be on its way in from a foreign room.
        for message in expected[room]:
            for each in (alice, ann):
                await each.sees(see.groupchat(room, message.body), after=start[each], take=False, timeout=60)
        log = (await auditor.join(room, history=HISTORY)).history
        await auditor.leave(room)
        stanza_ids = [each.stanza_id(room) for each in log]
        assert all(stanza_ids) and len(set(stanza_ids)) == len(log), f"stanza-ids of {room}: {stanza_ids}"
        told_all = len(log) < HISTORY
        said = {message.body for message in expected[room]}
        log = [each for each in log if each.body in said]  # the room's own lines about conversations are its own
        bodies, stanza_ids = [each.body for each in log], [each.stanza_id(room) for each in log]
        assert len(set(bodies)) == len(bodies), f"twice in {room}: {_twice(bodies)}"
        recent = [each for each in expected[room] if told_all or each.body not in audited[room]]
        lost = [each.body for each in recent if each.confirmed and each.body not in bodies]
        assert not lost, f"confirmed and lost in {room}: {lost}"
        audited[room] = said
        for each in (alice, ann):
            _judge_copies(each, room, start[each], dict(zip(bodies, stanza_ids)), bodies, crash)
            left = each.all(see.gone(room, each.rooms[room]), after=start[each])
            assert not left, f"{each.name} was put out of {room}: {left[0]}"

    # The peers: by id once, in the order of the conversation; the foreign room showed each exactly once.
    chats = bob.all(see.chat(IDENTITY), after=start[bob])
    _judge_ids(bob, chats, crash)
    shown = _firsts(chats)
    missing = [each.body for talker in talkers if talker.place == with_bob for each in talker.said
               if each.confirmed and each.body not in shown]
    assert not missing, f"Bob never got: {missing}"
    spoken = [each.body for each in bob.all(see.groupchat(LOBBY, nick=lambda nick: nick != "bob"),
                                            after=start[bob])]
    assert len(set(spoken)) == len(spoken), f"twice in the lobby: {_twice(spoken)}"
    missing = [each.body for talker in talkers if talker.place == inside for each in talker.said
               if each.confirmed and each.body not in spoken]
    assert not missing, f"the lobby never got: {missing}"


def _judge_copies(person, room, start, stanza_id_of, order, crash):
    copies = person.all(see.groupchat(room, body=lambda body: body in stanza_id_of), after=start)
    for each in copies:
        assert each.stanza_id(room) == stanza_id_of[each.body], f"another stanza-id in a copy: {each}"
    _judge_ids(person, copies, crash)
    firsts = _firsts(copies)
    assert firsts == [each for each in order if each in set(firsts)], (
        f"{person.name} saw another order in {room}: {firsts}\nthan the log has: {order}")


def _judge_ids(person, copies, crash):
    """A repeat has the id of the first copy and a delay, and is not older than the tail it belongs to."""
    first = {}
    for each in copies:
        if each.body not in first:
            first[each.body] = each
            continue
        assert each.id == first[each.body].id, f"another id in a copy for {person.name}: {each}"
        if each.id in person.sent_ids and person.sent_ids.count(each.id) > 1:
            continue  # he said it again himself, and is answered by the first one
        assert each.delay, f"a repeat without a delay for {person.name}: {each}"
        kills = [when for when in crash.kills if when < each.at]
        assert kills, f"a repeat before any kill for {person.name}: {each}"
        # A node that is killed every half second has not lived long enough to write that it was confirmed.
        awake = crash.awake(first[each.body].at, kills[-1])
        assert awake < LIVE, f"{person.name} got a message again that the node had {awake:.1f} s to note: {each}"


def _firsts(copies):
    seen = []
    for each in copies:
        if each.body not in seen:
            seen.append(each.body)
    return seen


def _twice(bodies):
    return sorted({each for each in bodies if bodies.count(each) > 1})
