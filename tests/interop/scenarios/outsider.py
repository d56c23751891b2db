"""Requirement A7: what outsiders can find out about the members of a room that acts, by every query there is.

Bob, a person that support talks to, and Olaf, who owns a room that support sits in, ask everything of everybody
of support's: its identity, its place in the room, its conversations, the two services. All that they receive is
searched for names, nicks, resources, addresses and ids of the members; and the whole is asked again while not
one member is there: what the node answers for an identity must not tell the difference.
"""
import acting
import crawler
import leaks
import see
from acting import IDENTITY, LOBBY, SUPPORT, conversation, open_by_query
from world import ROOMS, TEAM


async def play(world, host=None):
    step = world.step
    await world.start_host(host)
    await world.start_node(tap=True)
    alice = await world.person("alicia", resource="kitchen-7QX")
    ann = await world.person("annette", library="aioxmpp", resource="garden-4ZK")
    bob = await world.person("bob", "b.example")
    olaf = await world.person("olaf", "b.example")
    members, outsiders = (alice, ann), (bob, olaf)
    with_bob, with_lobby = conversation(bob.jid), conversation(LOBBY)
    await acting.found_support(alice, ann)
    await alice.configure(SUPPORT, membersonly=0)  # found by all, and nobody in it
    await alice.iq("set", SUPPORT, "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO>"
                                   "</vCard>")
    await ann.join(SUPPORT)
    await olaf.join(LOBBY)
    await bob.join(LOBBY)
    for peer, address in ((bob.jid, with_bob), (LOBBY, with_lobby)):
        assert await open_by_query(alice, peer) == address
        for each in members:
            await each.join(address)
    await olaf.sees(see.here(LOBBY, "support"))
    await alice.speak(with_bob, "Hello Bob.")
    await bob.sees(see.chat(IDENTITY, "Hello Bob."))
    await ann.speak(with_lobby, "Hello all.")
    await olaf.sees(see.groupchat(LOBBY, "Hello all.", "support", live=True))

    identity = (IDENTITY, f"{IDENTITY}/hansa", f"{IDENTITY}/kitchen-7QX", f"{LOBBY}/support")
    inside = (with_bob, with_lobby, f"{with_bob}/alicia", f"{with_lobby}/annette", f"{SUPPORT}/alicia",
              f"{SUPPORT}/annette")
    services = (SUPPORT, ROOMS, TEAM)
    nobody = (f"nobody@{TEAM}", conversation("nobody@b.example"))

    async def crawl():
        """{(who, to, query): answer} of everything that an outsider can ask."""
        found = {}
        for who in outsiders:
            for to in identity + inside + services + nobody:
                for query, answer in (await crawler.ask(who, to, crawler.all_queries())).items():
                    found[who.name, to, query] = answer
                if "/" not in to:
                    for node, answer in (await crawler.run_commands(who, to)).items():
                        found[who.name, to, node] = answer
        return found

    async def talk():
        """Messages and presence: what they bring comes when it comes."""
        for who in outsiders:
            for to in identity[:3] + inside + services[:1]:
                for kind in ("", "probe", "subscribe", "unsubscribe", "unavailable"):
                    typed = f" type='{kind}'" if kind else ""
                    who.send_raw(f"<presence to='{to}'{typed}/>")
                for kind in ("chat", "normal", "groupchat", "headline"):
                    who.send_raw(f"<message to='{to}' type='{kind}' id='{who.new_id()}'><body>Who is there?</body>"
                                 "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
                                 "<active xmlns='http://jabber.org/protocol/chatstates'/></message>")
                who.send_raw(f"<message to='{to}' type='error' id='{who.new_id()}'><error type='cancel'>"
                             "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
            for to in (f"{SUPPORT}/{who.name}", f"{with_bob}/{who.name}", f"{with_lobby}/{who.name}"):
                who.send_raw(f"<presence to='{to}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
            await crawler.settle(who)
            for to in (f"{SUPPORT}/{who.name}", f"{with_bob}/{who.name}", f"{with_lobby}/{who.name}"):
                who.send_raw(f"<presence to='{to}' type='unavailable'/>")
            await crawler.settle(who)

    step("the crawler knows a query for everything that the node announces")
    for to in (IDENTITY, SUPPORT, ROOMS, TEAM, with_bob):
        _, features, _ = await alice.info(to)
        assert not crawler.unknown(features), (to, crawler.unknown(features))

    step("A7: Bob and Olaf ask everything while Alicia and Annette are there")
    marks = {each: each.mark() for each in outsiders}
    there = await crawl()
    world.step(f"{len(there)} answers")
    assert len(there) > 1000, len(there)

    step("and not a name, nick, resource, address or id of theirs is in the answers")
    await _nothing_of(world, members, outsiders, marks)

    step("A7: once more with nobody there: for the identity and its conversations the same answers")
    for each in members:
        for room in list(each.rooms):
            await each.leave(room)
        await each.logout()
    gone = await crawl()
    differ = {key: (there[key], gone[key]) for key in there
              if key[1] in identity + inside + nobody and crawler.plain(there[key]) != crawler.plain(gone[key])}
    assert not differ, "\n".join(f"{key}\n    {one}\n    {two}" for key, (one, two) in list(differ.items())[:5])

    step("nor does what exists answer otherwise than what does not, where an outsider has no business")
    for who in outsiders:
        for query in crawler.all_queries():
            one, other = there[who.name, with_lobby, query], there[who.name, nobody[1], query]
            assert crawler.plain(one.replace(with_lobby, "")) == crawler.plain(other.replace(nobody[1], "")), (one, other)

    step("A7: messages and presence of every kind bring nothing of them either")
    for each in members:
        await each.login()
        await each.join(SUPPORT)
    await alice.configure(SUPPORT, membersonly=1)  # who is let in sees who is in
    marks = {each: each.mark() for each in outsiders}
    await talk()
    await _nothing_of(world, members, outsiders, marks)


async def _nothing_of(world, members, outsiders, marks):
    secrets = leaks.secrets_of(members, outsiders)
    del secrets[ROOMS]  # the outsiders asked it by name
    for each in outsiders:
        # What the crawler itself named in a question may come back in the answer's address.
        for stanza in each.received[marks[each]:]:
            text = "".join(_inside(stanza.element))
            found = leaks.search(text.encode(), secrets)
            assert not found, f"{each.name} got {stanza}\n{leaks.told(found)}"


def _inside(element, top=True):
    """All names and values but the addresses of the stanza itself."""
    for key, value in element.items():
        if not (top and key in ("from", "to", "id")):
            yield f" {key}={value} "
    yield element.text or ""
    for child in element:
        yield from _inside(child, False)
        yield child.tail or ""
