"""A room joins a room of another node: by what any client has, an ad-hoc command and a chat (act-as.xml)."""
import acting
import see
from acting import conversation


def at(room, peer):
    """The address of a conversation of a room of any node."""
    local, _, domain = room.partition("@")
    return conversation(peer, local).replace("@rooms.a.example", "@" + domain)


async def asks(person, identity, peer, nick=""):
    """Opens the conversation with the other room, and agrees to be named there."""
    return await person.command(identity.partition("@")[2], acting.OPEN, identity=identity, peer=peer,
                                nick=nick, named="1", body="")


async def answers(person, word="yes", after=0):
    """Answers the newest question put by chat; returns it."""
    asked = await person.sees(see.anything("a question", lambda each: each.kind == "message" and
                                           each.room.startswith("ask-") and "asks" in (each.body or "")),
                              after=after)
    person.chat(asked.room, word)
    return asked


async def joins(person, room, host, owner):
    """The room becomes a member of the other, under its local name."""
    local, _, domain = room.partition("@")
    mark = owner.mark()
    await asks(person, f"{local}@{domain.replace('rooms', 'team')}", host, local)
    await answers(owner, after=mark)
    await owner.sees(see.here(host, local), after=mark)
