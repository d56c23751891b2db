#!/usr/bin/python3
"""The demo: two domains, a node between them, and a play that shows each side what it sees.

  demo.py [--hansa PATH]     plays, then stays up for clients of your own; Ctrl-C ends everything
  demo.py --once             plays and ends: status 0 only if every step was seen to happen
"""
import argparse
import asyncio
import contextlib
import pathlib
import shutil
import signal
import sys
import tempfile
import traceback
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
warnings.simplefilter("ignore")

import acting  # noqa: E402
import joining  # noqa: E402
import see  # noqa: E402
from acting import IDENTITY, LOBBY, SUPPORT, conversation  # noqa: E402
from hosts.certificates import Authority  # noqa: E402
from hosts.federation import A_COMPONENTS, B_COMPONENTS  # noqa: E402
from hosts.prosody import Prosody  # noqa: E402
from transcript import Transcript  # noqa: E402
from world import ROOMS, TEAM, World  # noqa: E402


async def start(world, page):
    page.line("  Starting two Prosody domains and a Hansa node on loopback …")
    folder = world.folder / "prosody"
    host = Prosody.both(folder, address="127.0.0.1", components=A_COMPONENTS + B_COMPONENTS)
    # Desktop clients want TLS, be it with a certificate that nobody knows.
    authority = Authority(world.folder / "authority")
    authority.issue(folder / "certs", ("a.example", "b.example", "conference.b.example"))
    world.hosts.append(host)
    await host.start()
    await world.start_node()
    await world.start_node(name="node-b", rooms="rooms.b.example", identities="team.b.example",
                           enterprise=["b.example"], admins=["root@b.example"])
    page.line(f"  ready: hansa {world.node.child.pid}, prosody {host.child.pid}, in {world.folder}")


async def writes_to_a_person(world, page):
    """Issue 2.2."""
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp", login=False)
    bob = await world.person("bob", "b.example")
    with_bob = conversation(bob.jid)
    await acting.found_support(alice, ann)

    page.heading("A room writes to a person", "a.example · people of the company",
                 "b.example · the outside world")
    page.scene("Alice and Ann are members of support. Alice, in any client with ad-hoc commands, picks support "
               "as the sender; Ann is away.")
    done = await acting.open_by_command(alice, bob.jid, "Hello Bob, your kettle is ready.")
    page.inside("Alice", f"as {IDENTITY}\nto {bob.jid}\n› “Hello Bob, your kettle is ready.”",
                done.notes[0] if done.notes else "")
    first = await bob.sees(see.chat(IDENTITY, "Hello Bob, your kettle is ready."))
    page.outside("Bob", f"from {first.room}\n“{first.body}”")

    card = await bob.iq("get", IDENTITY, "<vCard xmlns='vcard-temp'/>")
    kinds, _, info = await bob.info(IDENTITY)
    assert acting.NAME in str(card) and kinds, info
    acting.nobody_named(str(card) + str(info), alice, ann)
    page.outside("Bob", "looks who that is", f"vCard: {acting.NAME}; {'/'.join(kinds[0][:2])}; nobody is named")

    joined = await alice.join(with_bob)
    assert joined.bodies == [first.body], joined.bodies
    page.inside("Alice", "opens the conversation, which is a room", with_bob)
    bob.chat(first.sender, "Thank you! What do I owe you?")
    seen = await alice.sees(see.groupchat(with_bob, "Thank you! What do I owe you?", "bob"))
    page.outside("Bob", "› “Thank you! What do I owe you?”")
    page.inside("Alice", f"{seen.nick}: “{seen.body}”")

    page.scene("Ann comes online. Her host kept an invitation for her; she joins and has everything, in order.")
    await ann.login()
    await ann.sees(see.invitation(with_bob))
    page.inside("Ann", "is invited to the conversation with Bob")
    joined = await ann.join(with_bob)
    assert joined.bodies == [first.body, seen.body], joined.bodies
    for each in joined.history:
        page.inside("Ann", f"{each.nick}: “{each.body}”", f"history, {each.delay}")
    await ann.speak(with_bob, "Nothing at all, Bob.")
    page.inside("Ann", "› “Nothing at all, Bob.”")
    await alice.sees(see.groupchat(with_bob, "Nothing at all, Bob.", "ann"))
    page.inside("Alice", "ann: “Nothing at all, Bob.”")
    seen = await bob.sees(see.chat(IDENTITY, "Nothing at all, Bob."))
    assert seen.sender == first.sender, seen
    acting.nobody_named(str(seen), alice, ann)
    page.outside("Bob", f"from {seen.room}\n“{seen.body}”", "the same sender as before")

    page.scene("Carol is not a member of support. She tries all the same.")
    carol = await world.person("carol")
    try:
        await acting.open_by_query(carol, bob.jid)
        raise AssertionError("Carol acted as support")
    except see.Refused as refused:
        assert refused.condition == "forbidden" and refused.text, refused.stanza
        page.inside("Carol", f"refused: {refused.text}")
    return alice, ann, bob


async def sits_in_a_room(world, page, alice, ann, bob):
    """Issue 2.3."""
    inside = conversation(LOBBY)
    page.heading("A room sits in another room", "a.example · the conversation with the lobby",
                 "conference.b.example · Bob's lobby, a stock Prosody room")
    page.scene("Bob has a room of his own, on a server that never heard of Hansa. Alice lets support join it.")
    await bob.join(LOBBY)
    await bob.configure(LOBBY, persistentroom=1)
    bob.set_subject(LOBBY, "Kettles and weather")
    await bob.sees(see.subject(LOBBY, "Kettles and weather"))
    assert await acting.open_by_query(alice, LOBBY) == inside
    page.inside("Alice", f"lets support join {LOBBY}")
    await bob.sees(see.here(LOBBY, "support"))
    page.outside("Bob", "sees support enter the lobby", "one participant, whoever stands behind it")
    joined = await alice.join(inside)
    if joined.subject.subject != "Kettles and weather":
        await alice.sees(see.subject(inside, "Kettles and weather"))
    await ann.join(inside)
    page.inside("Alice", "and Ann are in the conversation", "the lobby's subject: Kettles and weather")

    await bob.speak(LOBBY, "Good morning, support!")
    page.outside("Bob", "› “Good morning, support!”")
    for each, name in ((alice, "Alice"), (ann, "Ann")):
        seen = await each.sees(see.groupchat(inside, "Good morning, support!", "bob"))
        page.inside(name, f"{seen.nick}: “{seen.body}”")
    for each, name, text in ((alice, "Alice", "Good morning, Bob."), (ann, "Ann", "It rains here.")):
        await each.speak(inside, text)
        page.inside(name, f"› “{text}”")
        seen = await bob.sees(see.groupchat(LOBBY, text, "support"))
        acting.nobody_named(str(seen), alice, ann)
        page.outside("Bob", f"{seen.nick}: “{seen.body}”")
    page.scene("Bob sees one participant and never who is speaking; inside, everybody sees who did.")


async def joins_a_company(page, alice, ann, bob):
    """Issue 5: A6, A7, A9, A+."""
    guild, guild_id = "guild@rooms.a.example", "guild@team.a.example"
    hall, hall_id = "hall@rooms.b.example", "hall@team.b.example"
    inside = joining.at(guild, hall)
    page.heading("A company's guild joins another company's hall", "a.example · the guild",
                 "b.example · Bob's hall, at a node of its own")
    await alice.join(guild)
    await alice.configure(guild, persistentroom=1, roomname="The guild")
    await alice.set_member(guild, ann.jid)
    await bob.join(hall)
    await bob.configure(hall, persistentroom=1, roomname="The hall")
    page.scene("Alice lets the guild ask. She agrees to be named: her address is the one thing that crosses, "
               "to the hall's owner and admins alone.")
    mark = bob.mark()
    await joining.asks(alice, guild_id, hall, "Guild")
    page.inside("Alice", f"{guild_id} asks to join {hall}")
    asked = await joining.answers(bob, after=mark)
    page.outside("Bob", f"is asked: “{asked.body}”", "› “yes”")
    seen = await bob.sees(see.here(hall, "Guild"))
    page.outside("Bob", "sees the guild enter", f"one member of the hall: {guild_id}")
    acting.nobody_named(str(seen), alice, ann)
    await ann.sees(see.invitation(inside))
    page.inside("Ann", "is told, as every member of the guild is")
    for each in (alice, ann):
        await each.join(inside)
    await bob.speak(hall, "Welcome, guild!")
    page.outside("Bob", "› “Welcome, guild!”")
    for each, name in ((alice, "Alice"), (ann, "Ann")):
        await each.sees(see.groupchat(inside, "Welcome, guild!", "bob"))
        page.inside(name, "bob: “Welcome, guild!”")
    await ann.speak(inside, "We are glad to be here.")
    page.inside("Ann", "› “We are glad to be here.”")
    seen = await bob.sees(see.groupchat(hall, "We are glad to be here.", "Guild"))
    acting.nobody_named(str(seen), alice, ann)
    page.outside("Bob", f"{seen.nick}: “{seen.body}”", "as one")
    page.scene("Now Bob would like the hall to join the guild. The two would be in each other.")
    await joining.asks(bob, hall_id, guild)
    refused = await bob.sees(see.anything("the refusal", lambda each: "in each other" in (each.body or "")))
    page.outside("Bob", f"“{refused.body}”")


def invite(world, page):
    """Everything that a client of one's own needs."""
    host = world.host
    page.heading("It stays up: point any client at it")
    page.table([("account", "password", "server"), *(
        (each.jid, each.password, f"{host.address}:{host.c2s_port}")
        for each in {each.jid: each for each in world.people}.values())])
    page.line()
    page.table([("room", SUPPORT, "Alice's, Ann is a member"),
                ("conversation", conversation("bob@b.example"), "with Bob"),
                ("conversation", conversation(LOBBY), "with the lobby"),
                ("identity", IDENTITY, "what Bob sees"),
                ("foreign room", LOBBY, "Bob's"),
                ("commands", TEAM, "ad-hoc: speak as a room")])
    page.line()
    page.table([("TLS", "STARTTLS", f"certificates by {world.folder}/authority/ca.crt"),
                ("component", f"{host.address}:{host.component_port}", f"{ROOMS}, {TEAM}")])
    page.line()
    page.line(f"  {world.hansa} room list --config {world.node.config}")
    page.line()
    page.line("  Ctrl-C ends everything.")


async def play(arguments):
    page = Transcript()
    folder = tempfile.mkdtemp(prefix="hansa-demo-")
    world = World(str(arguments.hansa), folder=folder)
    stop = asyncio.Event()
    task = asyncio.current_task()

    def interrupted():
        stop.set()
        if not world_is_up:
            task.cancel()
    world_is_up = False
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, interrupted)
    try:
        await start(world, page)
        people = await writes_to_a_person(world, page)
        await sits_in_a_room(world, page, *people)
        await joins_a_company(page, *people)
        page.line(f"\n  Every step was seen: {page.seen} of them.")
        if not arguments.once:
            for each in world.people:  # the accounts are yours now
                await each.logout()
            world_is_up = True
            invite(world, page)
            await stop.wait()
        return 0
    except asyncio.CancelledError:
        return 130
    except Exception as problem:
        page.line()
        print("".join(traceback.format_exception(problem)), world.report(), sep="\n", file=sys.stderr)
        page.line("  A step was not seen; what happened is told above.")
        return 1
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await world.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="play and end")
    parser.add_argument("--hansa", type=pathlib.Path, default=HERE.parents[1] / "build" / "release" / "hansa")
    arguments = parser.parse_args()
    arguments.hansa = arguments.hansa.resolve()
    if not arguments.hansa.exists():
        sys.exit(f"demo.py: no program at {arguments.hansa}: build it first, or name it with --hansa")
    return asyncio.run(play(arguments))


if __name__ == "__main__":
    sys.exit(main())
