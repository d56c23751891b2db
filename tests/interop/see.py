"""What a person can be asked to see: predicates that can say what they want."""
from clients.person import Refused, _Wanted as Wanted  # noqa: F401 (both are for those who import this)


def _matches(value, wanted):
    return wanted is None or (wanted(value) if callable(wanted) else value == wanted)


def _named(kind, **wanted):
    return kind + "".join(f" {key}={value!r}" for key, value in wanted.items() if value is not None)


def groupchat(room, body=None, nick=None, live=None):
    """A message of a room; live=True: without a delay, False: with one."""
    return Wanted(_named("groupchat", room=room, nick=nick, body=body, live=live), lambda each: (
        each.kind == "message" and each.type == "groupchat" and each.room == room
        and each.body is not None and _matches(each.body, body) and _matches(each.nick, nick)
        and (live is None or (each.delay is None) == live)))


def subject(room, text=None, nick=None):
    return Wanted(_named("subject", room=room, text=text, nick=nick), lambda each: (
        each.room == room and each.subject is not None
        and _matches(each.subject, text) and _matches(each.nick, nick)))


def chat(sender=None, body=None):
    """A chat message; `sender` is a bare JID or a full one."""
    return Wanted(_named("chat", sender=sender, body=body), lambda each: (
        each.kind == "message" and each.type in ("chat", "normal") and each.body is not None
        and (sender is None or sender in (each.sender, each.room)) and _matches(each.body, body)))


def presence(room, nick=None, type=None, status=None):
    return Wanted(_named("presence", room=room, nick=nick, type=type, status=status), lambda each: (
        each.kind == "presence" and each.room == room and _matches(each.nick, nick)
        and (type is None or each.type == type) and (status is None or status in each.statuses)))


def here(room, nick):
    return presence(room, nick, type="")


def gone(room, nick, status=None):
    return presence(room, nick, type="unavailable", status=status)


def invitation(room=None):
    """An invitation into a room, or into one that a predicate accepts."""
    return Wanted(_named("invitation", room=room if isinstance(room, str) else None), lambda each: (
        each.kind == "message" and each.invitation is not None and _matches(each.invitation, room)))


def error(sender=None, condition=None, id=None):
    return Wanted(_named("error", sender=sender, condition=condition, id=id), lambda each: (
        each.type == "error" and (sender is None or sender in (each.sender, each.room))
        and _matches(each.id, id) and _matches(each.error.condition, condition)))


def receipt(sender, id):
    def test(each):
        found = each.child("received", "urn:xmpp:receipts")
        return each.kind == "message" and each.room == sender and found is not None and found.get("id") == id
    return Wanted(_named("receipt", sender=sender, id=id), test)


def anything(text, test):
    return Wanted(text, test)
