"""Requirement A13: nobody outside can speak as an identity, a room or a person of another server.

Bob's server and the node's host ask each other for certificates. Two more servers, honest to the name server
and to the authority about their own domain only, claim the names of the others; each attempt has an honest
neighbour that gets through, so that silence is a refusal and not a broken line.
"""
import asyncio

import acting
import see
from acting import IDENTITY, SUPPORT, conversation, open_by_query
from component import Component
from hosts.certificates import Authority
from wiretap import TO_NODE
from world import ROOMS, TEAM

LIE = "FORGED"
AS_TEAM, AS_BOB = ("e.example", (ROOMS, TEAM)), ("f.example", ("b.example", "conference.b.example"))


def _stanzas(sender, to):
    """What a forger would like to be believed."""
    return (f"<message from='{sender}' to='{to}' type='chat' id='{LIE}1'><body>{LIE} chat</body></message>",
            f"<message from='{sender}' to='{to}' id='{LIE}2'><body>{LIE} normal</body></message>",
            f"<message from='{sender}' to='{to}' type='groupchat' id='{LIE}3'><body>{LIE} room</body></message>",
            f"<presence from='{sender}' to='{to}' id='{LIE}4'><status>{LIE}</status></presence>",
            f"<presence from='{sender}' to='{to}' type='subscribe' id='{LIE}5'/>",
            f"<iq from='{sender}' to='{to}' type='get' id='{LIE}6'><ping xmlns='urn:xmpp:ping'/></iq>")


async def _plain_text(host, sender, to):
    """What a server without TLS gets from the host's s2s port."""
    reader, writer = await asyncio.open_connection(host.address, 5269)
    writer.write(("<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' version='1.0' "
                  f"xmlns:stream='http://etherx.jabber.org/streams' from='b.example' to='{to}'>"
                  f"<db:result from='b.example' to='{to}'>{LIE}</db:result>"
                  f"{_stanzas(sender, 'support@' + to)[0]}").encode())
    answer = b""
    try:
        while data := await asyncio.wait_for(reader.read(65536), 5):
            answer += data
    except (asyncio.TimeoutError, ConnectionError):
        pass
    writer.close()
    return answer.decode("utf-8", "replace")


async def _refused(component, timeout=30):
    for _ in range(timeout * 10):
        if any(each.type == "error" for each in component.received):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{component.domain}: nothing came back: {[str(each) for each in component.received]}")


async def play(world, hosts="apart"):
    step = world.step
    await world.start_host(hosts, (AS_TEAM, AS_BOB))
    # The second one also has certificates for its stolen names, by an authority that nobody trusts.
    rogue = Authority(world.folder / "rogue")
    rogue.issue(world.hosts[3].folder / "certs", AS_BOB[1])
    await world.hosts[3].restart()
    await world.start_node(tap=True)
    alice = await world.person("alice")
    bob = await world.person("bob", "b.example", library="aioxmpp")
    eve, frank = await world.person("eve", "e.example"), await world.person("frank", "f.example")
    await acting.found_support(alice)
    with_bob = await open_by_query(alice, bob.jid)
    await alice.join(with_bob)
    await alice.speak(with_bob, "Hello Bob.")
    await bob.sees(see.chat(IDENTITY, "Hello Bob."))
    claimed = {}
    for host, (_, names) in zip(world.hosts[2:], (AS_TEAM, AS_BOB)):
        for name in names:
            claimed[name] = await Component(host, name).start()
            world.at_end(claimed[name].stop)

    step("A13: a server that claims team.a.example cannot write to Bob as support")
    for sender in (IDENTITY, f"{IDENTITY}/hansa"):
        for each in _stanzas(sender, bob.jid) + _stanzas(sender, bob.full_jid):
            claimed[TEAM].send(each)
    step("A13: nor as a room, with an invitation")
    claimed[ROOMS].send(f"<message from='{SUPPORT}' to='{bob.jid}' id='{LIE}7'><body>{LIE}</body>"
                        f"<x xmlns='jabber:x:conference' jid='{LIE}@{ROOMS}'/></message>")
    step("while the same server's own user gets through to Bob")
    eve.chat(bob.jid, "I am Eve.")
    await bob.sees(see.chat(eve.jid, "I am Eve."))

    step("A13: a server that claims b.example, with certificates of its own making, cannot answer as Bob")
    for to in (IDENTITY, f"{IDENTITY}/hansa", with_bob, SUPPORT, f"{SUPPORT}/bob", TEAM, ROOMS):
        for each in _stanzas("bob@b.example/desk", to):
            claimed["b.example"].send(each)
    step("A13: nor as a room of b.example or somebody in it")
    for sender in ("lobby@conference.b.example", "lobby@conference.b.example/bob"):
        for each in _stanzas(sender, f"{IDENTITY}/hansa"):
            claimed["conference.b.example"].send(each)
    step("while the same server's own user gets through, into a conversation of his own")
    frank.chat(IDENTITY, "I am Frank.")
    await alice.sees(see.invitation(conversation(frank.jid)))

    step("each of the four was told by the servers that nobody believed it")
    for name in (TEAM, ROOMS, "b.example", "conference.b.example"):
        await _refused(claimed[name])

    step("A13: without TLS the host takes nothing, by dialback neither")
    for to in (TEAM, ROOMS):
        answer = await _plain_text(world.host, "bob@b.example/desk", to)
        assert "db:result" not in answer or "type='valid'" not in answer, answer
        assert "<starttls" in answer or "stream:error" in answer, answer

    step("Bob's true words still arrive, and they alone: not a byte of the forged ones reached the node")
    bob.chat(f"{IDENTITY}/hansa", "Hello Alice.")
    await alice.sees(see.groupchat(with_bob, "Hello Alice.", "bob", live=True))
    for connection in world.tap.connections:
        assert LIE.encode() not in connection.raw(TO_NODE), f"{connection.component} was sent a forged stanza"
    for each in (alice, bob):
        assert not each.all(lambda stanza: LIE in str(stanza)), each.report()

    step("A13: Mallory of Bob's server, as himself, is not believed to be in a room, nor to be another")
    mallory = await world.person("mallory", "b.example")
    mark = alice.mark()
    claims = (f"<nick xmlns='http://jabber.org/protocol/nick'>alice</nick>"
              f"<stanza-id xmlns='urn:xmpp:sid:0' id='{LIE}' by='{conversation(mallory.jid)}'/>"
              f"<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{LIE}'/>"
              f"<delay xmlns='urn:xmpp:delay' from='{SUPPORT}' stamp='2001-01-01T00:00:00Z'/>"
              f"<addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' jid='{bob.jid}'/>"
              "</addresses>")
    for to in (SUPPORT, with_bob):
        mallory.send_raw(f"<message to='{to}' type='groupchat' id='{LIE}8'><body>{LIE}</body>{claims}</message>")
        await mallory.sees(see.error(to, id=f"{LIE}8"))
    mallory.send_raw(f"<message to='{IDENTITY}' type='chat' id='m0'><body>{LIE}</body>"
                     "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></message>")
    await mallory.sees(see.error(IDENTITY, id="m0"))
    mallory.send_raw(f"<message to='{IDENTITY}' type='chat' id='m1'><body>May I come in?</body>{claims}</message>")
    await alice.sees(see.invitation(conversation(mallory.jid)), after=mark)
    joined = await alice.join(conversation(mallory.jid))
    assert joined.bodies == ["May I come in?"], joined.bodies
    assert LIE not in str(joined.history[0]) and "2001" not in str(joined.history[0]), joined.history[0]
    assert joined.nicks == ["alice (peer)"], joined.nicks  # her nick is hers
    assert not alice.all(lambda each: LIE in str(each), after=mark), alice.report()

