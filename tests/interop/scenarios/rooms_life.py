"""XEP-0045 beyond talking: new rooms, settings, passwords, requests to join, voice, moderation, the end."""
import see
import stanza as ns
from clients.person import Refused
from world import TEAM

REGISTER = "jabber:iq:register"


def form(kind, **fields):
    """A submitted form; `__` in a name stands for #."""
    inside = "".join(f"<field var='{name.replace('__', '#')}'><value>{value}</value></field>"
                     for name, value in fields.items())
    return (f"<x xmlns='{ns.DATA}' type='submit'><field var='FORM_TYPE'>"
            f"<value>{ns.MUC}#{kind}</value></field>{inside}</x>")


def holds(text, room, words):
    return see.anything(text, lambda each: each.kind == "message" and each.room == room
                        and all(word in str(each) for word in words))


def with_role(room, nick, role):
    return see.anything(f"{nick} as {role}", lambda each: each.kind == "presence" and each.room == room
                        and each.nick == nick and each.item is not None and each.item.get("role") == role)


async def refused(task, condition):
    try:
        await task
    except Refused as refusal:
        assert refusal.condition == condition, refusal
    else:
        raise AssertionError(f"not refused with {condition}")


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    service = await world.start_service()
    room = f"club@{service}"
    alice = await world.person("alice")
    ann = await world.person("ann")
    bob = await world.person("bob", "b.example")
    carol = await world.person("carol", "b.example", library="aioxmpp")

    step("a new room is locked: Ann finds nothing there")
    joined = await alice.join(room, instant=False)
    assert {201, 110} <= joined.own.statuses, joined.own
    await refused(ann.join(room), "item-not-found")

    step("Alice configures it: moderated, with a password; now it is there, for those who know the word")
    await alice.configure(room, roomname="The Club", moderatedroom=1, passwordprotectedroom=1,
                          roomsecret="sesame", persistentroom=1)
    await refused(ann.join(room), "not-authorized")
    _, features, answer = await ann.info(room)
    assert {"muc_moderated", "muc_passwordprotected"} <= set(features), features
    assert "The Club" in str(answer), answer

    step("without the password again Ann comes in, as a visitor")
    await alice.configure(room, passwordprotectedroom=0)
    joined = await ann.join(room)
    assert joined.own.item.get("role") == "visitor", joined.own
    await refused(ann.speak(room, "hello?"), "forbidden")

    step("she asks for voice; Alice's yes gives it")
    ann.send_raw(f"<message to='{room}'>{form('request', muc__role='participant')}</message>")
    asked = await alice.sees(holds("the voice request", room, ["muc#request_allow", "ann"]))
    assert ann.full_jid in str(asked), asked
    alice.send_raw(f"<message to='{room}'>" + form(
        "request", muc__role="participant", muc__jid=ann.full_jid, muc__roomnick="ann",
        muc__request_allow="1") + "</message>")
    seen = await ann.sees(with_role(room, "ann", "participant"))
    assert 110 in seen.statuses, seen
    await ann.speak(room, "hello!")

    step("A4: members only: Ann is out with 322, Bob of another company asks to become a member")
    await alice.configure(room, membersonly=1)
    await ann.sees(see.gone(room, "ann", status=322))
    await refused(bob.join(room), "registration-required")
    offered = await bob.iq("get", room, f"<query xmlns='{REGISTER}'/>")
    assert "muc#register_roomnick" in str(offered), offered
    await bob.iq("set", room, f"<query xmlns='{REGISTER}'>{form('register', muc__register_roomnick='Bobby')}</query>")

    step("A4: Alice is asked by form and in plain chat; her word in the chat makes him a member, and he is told")
    await alice.sees(holds("the form", room, ["muc#register_allow", bob.jid]))
    question = await alice.sees(see.anything("the question", lambda each: each.kind == "message"
                                             and each.sender.startswith("ask-") and bob.jid in (each.body or "")))
    assert question.sender.endswith("@" + TEAM), question
    alice.chat(question.sender, "Yes, with pleasure")
    await alice.sees(see.chat(question.sender, lambda body: "member now" in body))
    await bob.sees(see.invitation(room))
    joined = await bob.join(room, "Bobby")
    assert joined.own.item.get("affiliation") == "member", joined.own
    alice.chat(question.sender, "no")
    await alice.sees(see.chat(question.sender, lambda body: "already answered" in body))

    step("A4: Ann asks as well, and is refused by the form, while she is away")
    await ann.iq("set", room, f"<query xmlns='{REGISTER}'>{form('register', muc__register_roomnick='Annie')}</query>")
    await ann.logout()
    await alice.sees(holds("the form", room, ["muc#register_allow", ann.jid]))
    alice.send_raw(f"<message to='{room}'>" + form(
        "register", muc__jid=ann.jid, muc__register_allow="0") + "</message>")
    await alice.info(room)  # the room has taken it, and written to her
    await ann.login()
    await ann.sees(see.anything("the answer", lambda each: each.kind == "message" and each.room == room
                                and "declined" in (each.body or "")))

    step("a request of Bob's to Alice's client goes through the room, under occupant addresses")
    answer = await bob.iq("get", f"{room}/alice", f"<query xmlns='{ns.DISCO_INFO}'/>")
    assert answer.sender == f"{room}/alice" and alice.full_jid not in str(answer), answer

    step("Alice takes Bob's voice, gives it back, kicks him with 307; he may come again")
    role = "<query xmlns='{}'><item nick='Bobby' role='{}'><reason>why not</reason></item></query>"
    for each in ("visitor", "participant"):
        await alice.iq("set", room, role.format(ns.MUC_ADMIN, each))
        await bob.sees(with_role(room, "Bobby", each))
    await alice.iq("set", room, role.format(ns.MUC_ADMIN, "none"))
    await bob.sees(see.gone(room, "Bobby", status=307))
    bob.rooms.pop(room)
    await bob.join(room, "Bobby")

    step("banned with 301 he may not; nobody bans himself")
    await alice.set_member(room, bob.jid, "outcast")
    await bob.sees(see.gone(room, "Bobby", status=301))
    bob.rooms.pop(room)
    await refused(bob.join(room, "Bobby"), "forbidden")
    await refused(alice.set_member(room, alice.jid, "outcast"), "conflict")
    assert await alice.members(room, "outcast") == [bob.jid]

    step("A3: Alice creates a room with its members in one request: each is told, also who was away, and may enter")
    guild = f"guild@{service}"
    await carol.logout()
    await alice.iq("set", guild, f"<query xmlns='{ns.MUC_OWNER}'><create xmlns='urn:xmpp:group-rooms:0'>"
                                 f"{form('roomconfig', muc__roomconfig_membersonly='1')}"
                                 f"<member jid='{ann.jid}' affiliation='admin'/><member jid='{carol.jid}'/>"
                                 "</create></query>")
    await ann.sees(see.invitation(guild))
    await carol.login()
    await carol.sees(see.invitation(guild))
    assert (await ann.join(guild)).own.item.get("affiliation") == "admin"
    assert (await carol.join(guild)).own.item.get("affiliation") == "member"

    step("the end of the club: those who are in are told where to go")
    await alice.iq("set", room, f"<query xmlns='{ns.MUC_OWNER}'><destroy jid='{guild}'>"
                                "<reason>moved</reason></destroy></query>")
    seen = await alice.sees(see.gone(room, "alice"))
    assert guild in str(seen) and "moved" in str(seen), seen
    await refused(ann.iq("get", room, f"<query xmlns='{ns.DISCO_INFO}'/>"), "item-not-found")
