"""What a broken or hostile client or host sends does no harm: it is refused, and the others are served."""
import acting
import see
import stanza as ns
from acting import SUPPORT, conversation
from fakehost import FakeHost
from wiretap import TO_NODE
from world import ROOMS, TEAM

PROBE = "probe@a.example/desk"
_FORGED = (
    f"<x xmlns='{ns.MUC_USER}'><item affiliation='owner' role='moderator'/><status code='110'/></x>"
    f"<x xmlns='{ns.MUC_USER}'><invite from='{SUPPORT}/alice'/></x>"
    f"<stanza-id xmlns='{ns.STANZA_ID}' by='{SUPPORT}' id='forged-1'/>"
    f"<stanza-id xmlns='{ns.STANZA_ID}' by='{SUPPORT}' id='forged-2'/>"
    f"<occupant-id xmlns='{ns.OCCUPANT_ID}' id='forged-3'/><occupant-id xmlns='{ns.OCCUPANT_ID}' id='forged-4'/>"
    f"<delay xmlns='{ns.DELAY}' from='{SUPPORT}' stamp='2001-01-01T00:00:00Z'/>"
    f"<delay xmlns='{ns.DELAY}' stamp='2001-01-01T00:00:00Z'/>"
    "<addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' jid='forged-5@a.example'/>"
    "</addresses>")


async def play(world):
    await _through_a_stock_host(world)
    await _from_a_hostile_host(world)


# --- what a stock host lets through ----------------------------------------------------------------------------
async def _through_a_stock_host(world):
    step = world.step
    await world.start_host()
    node = await world.start_node(tap=True)
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    mallory = await world.person("mallory")
    bob = await world.person("bob", "b.example")
    with_bob = conversation(bob.jid)
    await acting.found_support(alice, ann)
    for each in (ann, mallory):
        await each.join(SUPPORT)
    assert await acting.open_by_query(alice, bob.jid) == with_bob
    await alice.join(with_bob)
    said = 0

    async def still_served():
        nonlocal said
        said += 1
        await mallory.info(ROOMS)  # the same way as the bad stanza: so that has been through the node
        await alice.speak(SUPPORT, f"still served {said}")
        await ann.sees(see.groupchat(SUPPORT, f"still served {said}", "alice"))
        assert node.child.running and len(world.tap.connections) == attached, "the link broke"
    attached = len(world.tap.connections)

    step("forged muc#user, stanza-id, occupant-id, delay, addresses: every copy is taken out")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m1'><body>forged</body>{_FORGED}</message>")
    seen = await ann.sees(see.groupchat(SUPPORT, "forged", "mallory"))
    assert "forged-" not in str(seen) and not seen.delay and not seen.statuses and seen.item is None, seen
    assert seen.stanza_id(SUPPORT) and seen.occupant_id, seen
    history = (await alice_again(world)).history
    kept = next(each for each in history if each.body == "forged")
    assert "forged-" not in str(kept) and "2001-01-01" not in str(kept), kept
    mallory.send_raw(f"<message type='chat' to='{SUPPORT}/ann' id='m2'><body>forged, too</body>{_FORGED}</message>")
    seen = await ann.sees(see.chat(f"{SUPPORT}/mallory", "forged, too"))
    assert "forged-" not in str(seen) and not seen.delay and seen.item is None, seen
    mallory.send_raw(f"<presence to='{SUPPORT}/mallory'><status>forged presence</status>{_FORGED}</presence>")
    seen = await ann.sees(see.anything("Mallory's presence", lambda each: each.kind == "presence"
                                       and each.child_text("status") == "forged presence"))
    assert "forged-" not in str(seen) and seen.item.get("affiliation") == "none", seen
    bob.send_raw(f"<message type='chat' to='{acting.IDENTITY}' id='b1'><body>forged by Bob</body>{_FORGED}</message>")
    seen = await alice.sees(see.groupchat(with_bob, "forged by Bob", "bob"))
    assert "forged-" not in str(seen) and not seen.delay and seen.item is None, seen
    await still_served()

    step("unknown namespaces: messages are passed on or refused, requests are answered")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m3'><body>odd</body>"
                     "<a:b xmlns:a='urn:example:unknown' c='d'><e xmlns='urn:example:other'/></a:b></message>")
    await ann.sees(see.groupchat(SUPPORT, "odd"))
    for to in (ROOMS, TEAM, SUPPORT, acting.IDENTITY, f"{SUPPORT}/mallory", f"nothere@{ROOMS}", f"nothere@{TEAM}",
               with_bob, conversation("x@y.example")):
        try:
            await mallory.iq("get", to, "<b xmlns='urn:example:unknown'/>")
            raise AssertionError(f"{to} knew the unknown")
        except see.Refused:
            pass
    await still_served()

    step("elements 10,000 deep: the node refuses the stanza, not the host")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m4'><body>deep</body>"
                     + "<a xmlns='urn:example:deep'>" + "<a>" * 9999 + "</a>" * 10000 + "</message>")
    await still_served()
    assert not ann.all(see.groupchat(SUPPORT, "deep")), "the depth was passed on"

    step("an attribute of 200 kB, 5,000 attributes, 20,000 children: refused or passed, never harmful")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m5'><body>wide</body>"
                     f"<a xmlns='urn:example:wide' b='{'x' * 200_000}'/></message>")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m6'><body>many</body><a xmlns='urn:example:many' "
                     + " ".join(f"a{number}='1'" for number in range(5000)) + "/></message>")
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m7'><body>children</body>"
                     + "<a xmlns='urn:example:children'>" + "<b/>" * 20_000 + "</a></message>")
    await still_served()

    step("25 kB that the host makes 20 MB of, a namespace at each use: refused, told so, and the link stays")
    space = "urn:example:" + "x" * 4000
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m8'><body>long</body>"
                     f"<a xmlns:p='{space}'>" + "<p:b/>" * 5000 + "</a></message>")
    await mallory.sees(see.error(SUPPORT, "policy-violation", "m8"))
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m9'><body>{chr(39) * 200_000}</body></message>")
    await mallory.sees(see.error(SUPPORT, "policy-violation", "m9"))
    # In its own tag: so much that its sender is not looked for. Prosody's expat wants more bytes behind it.
    mallory.send_raw(f"<message type='groupchat' to='{SUPPORT}' id='m10' xmlns:p='{space}' "
                     + " ".join(f"p:a{number}=''" for number in range(2000)) + "/>" + " " * 100_000)
    await still_served()
    passed = sum(len(each.raw(TO_NODE)) for each in world.tap.connections)
    assert passed > 20_000_000, f"the host passed on {passed} bytes: this step shows nothing"

    step("addresses that do not prepare, in payloads: bad requests, told so")
    for jid in ("@@", "a@b@c/", "\u2028@a.example", "a b@a.example", f"{'x' * 2000}@a.example", ""):
        for person, to, payload in (
                (alice, SUPPORT, f"<query xmlns='{ns.MUC_ADMIN}'><item affiliation='member' jid='{jid}'/></query>"),
                (alice, acting.IDENTITY, f"<open xmlns='{ns.ACT_AS}' peer='{jid}'/>")):
            try:
                await person.iq("set", to, payload)
                raise AssertionError(f"{jid[:40]!r} was taken for an address by {to}")
            except see.Refused as refused:
                assert refused.kind in ("modify", "cancel") and refused.condition in (
                    "bad-request", "jid-malformed", "not-acceptable"), refused.stanza
    await still_served()
    assert await alice.members(SUPPORT) == [ann.jid]

    step("requests that are none: no payload, two payloads, a result that nobody asked for")
    for inside in ("", "<a xmlns='x'/><b xmlns='y'/>"):
        mallory.send_raw(f"<iq type='get' to='{SUPPORT}' id='q{len(inside)}'>{inside}</iq>")
        seen = await mallory.sees(see.anything("an error", lambda each: each.kind == "iq" and each.type == "error"
                                               and each.id == f"q{len(inside)}"))  # noqa: B023
    mallory.send_raw(f"<iq type='result' to='{SUPPORT}' id='nobody-asked'/>")
    mallory.send_raw(f"<message type='error' to='{acting.IDENTITY}' id='nothing-sent'><body>x</body></message>")
    await still_served()

    step("the room is clean: a stranger's view of the history")
    bodies = (await alice_again(world)).bodies
    assert f"still served {said}" in bodies and "deep" not in bodies, bodies


async def alice_again(world):
    """A look at the history by Alice's second device."""
    other = await world.person("alice", resource=f"look-{len(world.people)}")
    joined = await other.join(SUPPORT, nick="alice", history=200)
    await other.logout()
    return joined


# --- what only a broken or hostile host sends --------------------------------------------------------------------
def _stream_level(domain):
    ping = f"<iq type='get' from='{PROBE}' to='{domain}' id='{{}}'><ping xmlns='urn:xmpp:ping'/></iq>"
    body = f"<message type='chat' from='{PROBE}' to='{SUPPORT}/x' id='b'><body>{{}}</body></message>"
    return (
        ("tags that do not match", "<message><body></message>"),
        ("a bare ampersand", body.format("a & b")),
        ("an attribute twice", f"<message from='{PROBE}' from='{PROBE}' to='{domain}'/>"),
        ("an unbound prefix", f"<x:message from='{PROBE}' to='{domain}'/>"),
        ("a DTD", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + ping.format("dtd")),
        ("a declared entity", body.format("&lol;")),
        ("a processing instruction", "<?php evil() ?>" + ping.format("pi")),
        ("a comment", "<!-- hello -->" + ping.format("comment")),
        ("5 MB of CDATA that never ends", f"<message from='{PROBE}' to='{domain}'><body><![CDATA["
         + "x" * 5 * 2 ** 20),
        ("depth 10,000", f"<message from='{PROBE}' to='{SUPPORT}'>" + "<a>" * 10_000 + "</a>" * 10_000 + "</message>"),
        ("an attribute of 1 MB", f"<message from='{PROBE}' to='{SUPPORT}' id='{'x' * 2 ** 20}'><body>a</body></message>"),
        ("10,000 attributes", f"<message from='{PROBE}' to='{SUPPORT}' "
         + " ".join(f"a{number}=''" for number in range(10_000)) + "/>"),
        ("a stanza of 20 MB", body.format("x" * 20 * 2 ** 20)),
        ("a tag name of 1 MB", f"<{'m' * 2 ** 20}/>"),
        ("text between stanzas of 1 MB", "x" * 2 ** 20),
        ("invalid UTF-8", body.format("{}").encode().replace(b"{}", b"\xc3\x28 \xff\xfe \xed\xa0\x80")),
        ("a zero byte", body.format("a\0b")),
        ("a forbidden character", body.format("&#1;")),
        ("UTF-16", ping.format("utf16").encode("utf-16")),
        # RFC 6120 §4.9.3.24: what is no stanza ends the stream.
        ("an unknown stanza", f"<letter from='{PROBE}' to='{domain}'/>"),
        ("a stanza in a wrong namespace", f"<message xmlns='jabber:server' from='{PROBE}' to='{SUPPORT}'/>"),
        ("a stream error", "<stream:error><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                           "</stream:error></stream:stream>"),
        ("the end of the stream", "</stream:stream>"),
        ("a second stream head", "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                                 "xmlns='jabber:component:accept' id='x' from='x'/>"),
    )


def _addressed(domain):
    """Stanzas with wrong addresses: dropped or refused; the link stays."""
    other = TEAM if domain == ROOMS else ROOMS
    payload = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    shapes = [("no `from`", f"<iq type='get' to='{domain}' id='a1'>{payload}</iq>"),
              ("no `to`", f"<iq type='get' from='{PROBE}' id='a2'>{payload}</iq>"),
              ("`to` another domain of ours", f"<iq type='get' from='{PROBE}' to='x@{other}' id='a3'>{payload}</iq>"),
              ("`to` a domain that is not ours", f"<iq type='get' from='{PROBE}' to='x@else.example' id='a4'>{payload}</iq>"),
              ("an unknown type", f"<iq type='shout' from='{PROBE}' to='{domain}' id='a5'>{payload}</iq>"),
              ("a request without an id", f"<iq type='get' from='{PROBE}' to='{domain}'>{payload}</iq>")]
    shapes += [(f"`from` our own {sender}", f"<message type='groupchat' from='{sender}' to='{SUPPORT}' id='own'>"
                                           "<body>from ourselves</body></message>")
               for sender in (domain, f"x@{ROOMS}", f"{SUPPORT}/probe", f"support@{TEAM}/hansa")]
    shapes += [(f"an address that does not prepare: {bad[:20]!r}",
                f"<iq type='get' from='{sender}' to='{to}' id='a6'>{payload}</iq>")
               for bad in ("@", "a@@b", "a@b@c.example", "/", "a b@a.example", "\u2028@a.example", "a@a.example/\ue000\U000e0001",
                           f"{'x' * 1024}@a.example", "xn--\u00df@..", "")
               for sender, to in ((bad, domain), (PROBE, bad if "@" not in bad else bad.rpartition("@")[0] + "@" + domain))]
    return shapes


async def _from_a_hostile_host(world):
    step = world.step
    host = await FakeHost().start()
    world.hosts.insert(0, host)
    node = await world.start_node(name="behind-a-fake-host", start=False)
    await node.start(ready=False)
    number = 0

    async def answers(domain):
        """The node serves others: on this connection, or on the one by which it came back."""
        nonlocal number
        number += 1
        id = f"probe-{number}"

        async def ask():
            link = await host.link(domain)
            link.send(f"<iq type='get' from='{PROBE}' to='{domain}' id='{id}'>"
                      "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
            await host.until(lambda: not link.open or any(each.id == id for each in link.received), 30,
                             f"answer on {domain}")
            return any(each.id == id for each in link.received)
        while not await ask():
            assert node.child.running, node.log_tail()
        assert node.child.running, node.log_tail()

    step("the node attaches to a host that the test plays")
    for domain in (ROOMS, TEAM):
        await answers(domain)
    await node.ready()

    step("a room on it, with an occupant")
    link = await host.link(ROOMS)
    link.send(f"<presence from='{PROBE}' to='{SUPPORT}/probe'><x xmlns='{ns.MUC}'/></presence>")
    await host.until(lambda: [each for each in link.received if each.statuses >= {110, 201}], 30, "create a room")

    step("a good stanza, byte by byte: understood")
    link = await host.link(ROOMS)
    await link.dribble(f"<iq type='get' from='{PROBE}' to='{ROOMS}' id='dribbled'>"
                       "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
    await host.until(lambda: any(each.id == "dribbled" and each.type == "result" for each in link.received), 30,
                     "answer what came byte by byte")

    for domain in (ROOMS, TEAM):
        for number, (what, data) in enumerate(_stream_level(domain)):
            step(f"{domain}: {what}")
            if number % 4 == 0:
                # It waits longer from fault to fault, up to 30 s; a new one begins anew, and knows its occupant.
                await node.kill()
                await node.start()
            link = await host.link(domain)
            link.send(data)
            await answers(domain)
            if not link.open and what not in ("a stream error", "the end of the stream"):
                assert link.errors, f"{what}: the stream was ended without a stream error"

    for domain in (ROOMS, TEAM):
        step(f"{domain}: stanzas with wrong addresses, kinds, types: dropped or refused; the link stays")
        for what, data in _addressed(domain):
            link = await host.link(domain)
            link.send(data)
            await answers(domain)
            assert link.open, f"{what}: one bad stanza cost the link\n{link.errors}"
            assert not any(each.body == "from ourselves" and each.type == "groupchat"
                           for every in host.links for each in every.received), what

    step("half a stanza, then nothing: the other link goes on")
    link = await host.link(ROOMS)
    link.send(f"<message from='{PROBE}' to='{SUPPORT}'><body>never ended")
    await answers(TEAM)
    link.writer.close()
    await answers(ROOMS)

    step("the host drops all its connections at once: the node is back on all of them")
    for each in host.links:
        each.writer.close()
    for domain in (ROOMS, TEAM):
        await answers(domain)

    step("the occupant is still in the room and speaks")
    link = await host.link(ROOMS)
    link.send(f"<message type='groupchat' from='{PROBE}' to='{SUPPORT}' id='alive'><body>alive</body></message>")
    await host.until(lambda: any(each.id == "alive" and each.body == "alive" for every in host.links
                                 for each in every.received), 30, "reflect")
    status = await node.stop()
    assert status == 0, node.log_tail()
