"""Issue 5: who may act as a room (A1, A2, A+): settings, chosen members, one peer, a time; and who did (audit)."""
import asyncio
import datetime

import acting
import see
import stanza as ns
from acting import IDENTITY, SUPPORT, conversation, identities, open_by_command, open_by_query
from clients.act_as import Knowing, unread_vectors
from clients.person import Refused
from world import TEAM

RIGHTS, ACTS = f"{ns.ACT_AS}#rights", f"{ns.ACT_AS}#acts"


async def set_fields(owner, **fields):
    """Settings of the room by the standard form, as any client sends it back."""
    inside = "".join(f"<field var='act-as#{name}'><value>{value}</value></field>" for name, value in fields.items())
    await owner.iq("set", SUPPORT, f"<query xmlns='{ns.MUC_OWNER}'><x xmlns='{ns.DATA}' type='submit'>"
                                   f"<field var='FORM_TYPE'><value>{ns.MUC}#roomconfig</value></field>{inside}</x></query>")


async def is_refused(attempt, condition="forbidden"):
    try:
        await attempt
    except Refused as refused:
        assert refused.condition == condition and refused.text, refused.stanza
        return refused
    raise AssertionError("it was not refused")


async def play(world, host=None):
    step = world.step
    assert not unread_vectors(), unread_vectors()
    await world.start_host(host)
    await world.start_node()
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    bob = await world.person("bob", "b.example")
    bea = await world.person("bea", "b.example", library="aioxmpp")
    knowing = Knowing(alice)
    with_bob = conversation(bob.jid)
    await acting.found_support(alice, ann)

    step("A+: the room's settings offer who may act; Alice leaves it to chosen members, rooms to owners")
    form = await alice.iq("get", SUPPORT, f"<query xmlns='{ns.MUC_OWNER}'/>")
    assert "act-as#may_act_rooms" in str(form) and "chosen" in str(form), form
    await set_fields(alice, may_act="chosen", may_act_rooms="owners")
    persons, rooms, given = await knowing.rights(IDENTITY)
    assert (persons, rooms, given) == ("chosen", "owners", []), (persons, rooms, given)

    step("A2: Ann is a member and may not; she is told who may")
    refused = await is_refused(open_by_query(ann, bob.jid))
    assert "whom they chose" in refused.text and "not-allowed-to-act" in refused.conditions, refused.stanza
    assert IDENTITY not in await identities(ann)

    step("A1, A+: Alice gives her the right by a command, towards Bob only")
    done = await alice.command(TEAM, RIGHTS, identity=IDENTITY, do="give", member=ann.jid, peer=bob.jid)
    assert done.status == "completed" and ann.jid in done.notes[0], str(done.answer)
    assert IDENTITY in await identities(ann)
    assert (await open_by_command(ann, bob.jid, "Ann here.")).fields["conversation"] == with_bob
    await bob.sees(see.chat(IDENTITY, "Ann here."))
    await is_refused(open_by_query(ann, bea.jid))

    step("A2: it is taken by the extension: from that answer on nothing of hers passes, in an open conversation either")
    await ann.join(with_bob)
    await ann.speak(with_bob, "Still here.")
    await bob.sees(see.chat(IDENTITY, "Still here."))
    await knowing.take(IDENTITY, ann.jid)
    await is_refused(ann.speak(with_bob, "I was support."))
    await is_refused(open_by_query(ann, bob.jid))

    step("A+: a right until a time ends by itself")
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    await knowing.give(IDENTITY, ann.jid, until=until.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    await ann.speak(with_bob, "For a moment.")
    await bob.sees(see.chat(IDENTITY, "For a moment."))
    await asyncio.sleep(max(0.0, (until - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) + 0.3)
    await is_refused(ann.speak(with_bob, "Too late."))

    step("A+: only owners give, and only to members")
    await is_refused(ann.iq("set", IDENTITY, f"<right xmlns='{ns.ACT_AS}' member='{ann.jid}'/>"))
    await is_refused(knowing.give(IDENTITY, bob.jid), "not-acceptable")

    step("A+: the owner sees who spoke as the room, to whom, when; members and outsiders do not")
    acts, _ = await knowing.acts(IDENTITY)
    said = [(each["did"], each["member"], each["peer"]) for each in acts]
    assert said == [("opened", ann.jid, bob.jid)] + [("said", ann.jid, bob.jid)] * 3, said
    assert [each["stamp"] for each in acts] == sorted(each["stamp"] for each in acts)
    first, answer = await knowing.acts(IDENTITY, max=1)
    rest, _ = await knowing.acts(IDENTITY, after=answer.last)
    assert [each["id"] for each in first + rest] == [each["id"] for each in acts]
    table = await alice.command(TEAM, ACTS, identity=IDENTITY)
    assert table.notes[0].count(f"{ann.jid} said") == 3, table.notes
    for each in (ann, bob):
        refused = await is_refused(each.iq("get", IDENTITY, f"<acts xmlns='{ns.ACT_AS}'/>"))
        acting.nobody_named(str(refused.stanza).replace(each.full_jid, "").replace(each.jid, ""), alice)

    step("A7: Bob saw support, and nobody of it")
    assert [each.body for each in bob.all(see.chat())] == ["Ann here.", "Still here.", "For a moment."]
    for each in bob.all(see.chat()):
        acting.nobody_named(str(each).replace("Ann here.", ""), alice, ann)
