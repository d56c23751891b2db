"""Acting as a room (issue 2.2, 2.3): the extension's wire and the addresses, in one place."""
import re

import see
import stanza as ns
from world import LOBBIES, ROOMS, TEAM

SUPPORT, IDENTITY = f"support@{ROOMS}", f"support@{TEAM}"
LOBBY = f"lobby@{LOBBIES}"
OPEN = f"{ns.ACT_AS}#open"  # node of the ad-hoc command
NAME = "Support desk"

_ESCAPES = {"\\": "\\5c", " ": "\\20", '"': "\\22", "&": "\\26", "'": "\\27", "/": "\\2f", ":": "\\3a",
            "<": "\\3c", ">": "\\3e", "@": "\\40"}


def conversation(peer, room="support"):
    """The address of the room's conversation with a peer (protocol §4, XEP-0106)."""
    return f"{room}%" + "".join(_ESCAPES.get(each, each) for each in peer) + f"@{ROOMS}"


async def found_support(alice, *members):
    """Alice creates the room that everybody acts as, and makes the others members."""
    await alice.join(SUPPORT)
    await alice.configure(SUPPORT, persistentroom=1, roomname=NAME)
    for each in members:
        await alice.set_member(SUPPORT, each.jid)


async def identities(person):
    """What the person may speak as: {address: {jid, room, name}}."""
    answer = await person.iq("get", TEAM, f"<identities xmlns='{ns.ACT_AS}'/>")
    listed = answer.child("identities", ns.ACT_AS)
    assert listed is not None, answer
    return {each.get("jid"): dict(each.items()) for each in listed.findall(f"{{{ns.ACT_AS}}}identity")}


async def open_by_query(person, peer, identity=IDENTITY, nick=None):
    """Opens by the extension; returns the conversation's address. Raises Refused."""
    called = f" nick='{nick}'" if nick else ""
    answer = await person.iq("set", identity, f"<open xmlns='{ns.ACT_AS}' peer='{peer}'{called}/>")
    opened = answer.child("open", ns.ACT_AS)
    assert opened is not None and opened.get("conversation"), answer
    return opened.get("conversation")


async def open_by_command(person, peer, body=None, identity=IDENTITY):
    """Opens as any client with ad-hoc commands can; returns the completed form."""
    return await person.command(TEAM, OPEN, identity=identity, peer=peer, body=body or "")


def virtual(conversation, nick):
    """The presence of the peer inside the conversation."""
    return see.here(conversation, nick)


def nobody_named(text, *people):
    """Fails if a text for outsiders names somebody."""
    for each in people:
        for secret in (each.jid, each.name):
            assert not re.search(rf"\b{re.escape(secret)}\b", text, re.IGNORECASE), f"{secret!r} crossed: {text}"
