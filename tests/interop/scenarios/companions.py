"""Issue 4: what clients expect of a room beside XEP-0045, by the plugins of an unmodified library."""
import base64
import hashlib

import see
import slixmpp
from clients.person import Refused

RETRACT = "urn:xmpp:message-retract:1"
RSM = "http://jabber.org/protocol/rsm"
SEARCH = "urn:xmpp:channel-search:0:search"
HATS = "urn:xmpp:hats:0"


def _plugin(person, name):
    person.client.register_plugin(name)
    return person.client.plugin[name]


def _bodies(results):
    return [each["mam_result"]["forwarded"]["stanza"]["body"] for each in results]


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    service = await world.start_service()
    room = f"support@{service}"
    address = slixmpp.JID(room)
    alice = await world.person("alice")
    ann = await world.person("ann")
    bert = await world.person("bert")
    await alice.join(room)
    await alice.configure(room, persistentroom=1)
    await ann.join(room)

    step("the room says what it offers")
    _, features, _ = await bert.info(room)
    for feature in ("urn:xmpp:mam:2", "urn:xmpp:mam:2#extended", "urn:xmpp:message-moderate:1",
                    f"{RETRACT}#tombstone", "vcard-temp", HATS, "urn:xmpp:muc:affiliations:1"):
        assert feature in features, (feature, features)

    step("the archive: the library pages through it, Bert was never in")
    ids = {}
    for number in range(1, 8):
        said = await (alice if number % 2 else ann).speak(room, f"message {number}")
        ids[number] = said.stanza_id(room)
    everything = [f"message {number}" for number in range(1, 8)]
    archive = _plugin(bert, "xep_0313")
    results = await archive.retrieve(address)
    assert _bodies(results["mam"]["results"]) == everything, str(results)
    assert [each["mam_result"]["id"] for each in results["mam"]["results"]] == list(ids.values())
    paged = [each["mam_result"]["forwarded"]["stanza"]["body"]
             async for each in archive.iterate(address, rsm={"max": 3})]
    assert paged == everything, paged
    back = [each["mam_result"]["forwarded"]["stanza"]["body"]
            async for each in archive.iterate(address, rsm={"max": 3}, reverse=True)]
    assert sorted(back) == everything, back
    first, last = None, None
    metadata = await archive.get_archive_metadata(address)
    first, last = metadata["mam_metadata"]["start"]["id"], metadata["mam_metadata"]["end"]["id"]
    assert (first, last) == (ids[1], ids[7]), str(metadata)

    step("an id that is not in the archive is not found")
    try:
        await bert.iq("set", room, f"<query xmlns='urn:xmpp:mam:2'><set xmlns='{RSM}'><after>x</after></set></query>")
        raise AssertionError("it was found")
    except Refused as refused:
        assert refused.condition == "item-not-found", refused

    step("a moderator takes back what Ann said; a library of version 0.2 asks, all are told")
    mark = ann.mark()
    await _plugin(alice, "xep_0425").moderate(address, ids[2], "spam")
    told = await ann.sees(see.anything("the retraction by the room", lambda each: each.kind == "message"
                                       and each.sender == room and each.child("retract", RETRACT) is not None),
                          after=mark)
    assert told.child("retract", RETRACT).get("id") == ids[2], told

    step("Ann takes back what she said herself; Alice's she cannot")
    mark = alice.mark()
    ann.send_raw(f"<message type='groupchat' to='{room}' id='r1'><retract xmlns='{RETRACT}' id='{ids[4]}'/>"
                 f"<body>/me took it back</body></message>")
    await alice.sees(see.anything("Ann's retraction", lambda each: each.child("retract", RETRACT) is not None),
                     after=mark)
    ann.send_raw(f"<message type='groupchat' to='{room}' id='r2'><retract xmlns='{RETRACT}' id='{ids[3]}'/>"
                 f"<body>/me took it back</body></message>")
    await ann.sees(see.error(room, "forbidden"))

    step("in the archive tombstones stand for both, under their ids")
    results = await archive.retrieve(address)
    kept = {each["mam_result"]["id"]: each["mam_result"]["forwarded"]["stanza"].xml
            for each in results["mam"]["results"]}
    for number in (2, 4):
        assert kept[ids[number]].find(f"{{{RETRACT}}}retracted") is not None, number
        assert "message" not in "".join(kept[ids[number]].itertext()), number
    assert kept[ids[3]].find("{jabber:client}body").text == "message 3"

    step("Alice gives the room an avatar: all see its hash, Bert fetches it")
    picture = b"\x89PNG of a kind"
    cards = _plugin(alice, "xep_0054")
    card = cards.make_vcard()
    card["PHOTO"]["TYPE"] = "image/png"
    card["PHOTO"]["BINVAL"] = picture
    mark = ann.mark()
    await cards.publish_vcard(card, jid=address)
    digest = hashlib.sha1(picture).hexdigest()
    await ann.sees(see.anything("status 104", lambda each: each.kind == "message" and 104 in each.statuses), after=mark)
    await ann.sees(see.anything("the hash of the avatar", lambda each: each.kind == "presence"
                                and each.sender == room and digest in str(each)), after=mark)
    fetched = await _plugin(bert, "xep_0054").get_vcard(address)
    assert bytes(fetched["vcard_temp"]["PHOTO"]["BINVAL"]) == picture, str(fetched)
    _, _, info = await bert.info(room)
    assert digest in str(info), info
    try:
        await ann.iq("set", room, "<vCard xmlns='vcard-temp'/>")
        raise AssertionError("Ann changed the avatar")
    except Refused as refused:
        assert refused.condition == "forbidden", refused
    assert base64.b64encode(picture).decode() in str(await ann.iq("get", room, "<vCard xmlns='vcard-temp'/>"))

    step("Alice makes a hat and puts it on Ann")
    await alice.command(room, "urn:xmpp:hats:commands:create", **{"hats#title": "Teacher", "hats#uri": "urn:h:1"})
    mark = alice.mark()
    await alice.command(room, "urn:xmpp:hats:commands:assign", **{"hats#jid": ann.jid, "hats#uri": "urn:h:1"})
    seen = await alice.sees(see.anything("Ann's hat", lambda each: each.kind == "presence" and each.nick == "ann"
                                         and each.child("hats", HATS) is not None), after=mark)
    assert "Teacher" in str(seen), seen

    step("A4: the room is found by a word of its name")
    await alice.configure(room, roomname="Orders and complaints")
    found = await bert.iq("get", service, f"<search xmlns='{SEARCH}'><x xmlns='jabber:x:data' type='submit'>"
                          "<field var='FORM_TYPE'><value>urn:xmpp:channel-search:0:search-params</value></field>"
                          "<field var='q'><value>COMPLAINTS</value></field></x></search>")
    assert room in str(found), found

    step("the service says what time it is, for how long it runs, and what it is")
    for payload, mark in (("<time xmlns='urn:xmpp:time'/>", "utc"), ("<query xmlns='jabber:iq:last'/>", "seconds"),
                          ("<query xmlns='jabber:iq:version'/>", "Hansa")):
        assert mark in str(await bert.iq("get", service, payload)), payload
