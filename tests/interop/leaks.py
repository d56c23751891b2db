"""Does anything of the members cross? Reads the bytes that left, looks for what only insiders know."""
import re

from stanza import OCCUPANT_ID, STANZA_ID


def secrets_of(people, outsiders, conversations=()):
    """Everything that only insiders know: {needle: what it is}. Ids that the other side chose may go back to it."""
    found = {}
    for each in people:
        found[each.jid] = f"address of {each.name}"
        found[each.name] = f"name of {each.name}"
        found[each.resource] = f"resource of {each.name}"
        for nick in set(each.rooms.values()):
            found[nick] = f"nick of {each.name}"
        for id in each.sent_ids:
            found[id] = f"id of a stanza that {each.name} sent"
        for stanza in each.received:
            if stanza.room.endswith("@rooms.a.example"):
                for child in stanza.children("stanza-id", STANZA_ID):
                    found[child.get("id")] = "stanza-id inside"
                for child in stanza.children("occupant-id", OCCUPANT_ID):
                    found[child.get("id")] = "occupant-id inside"
                if stanza.id and stanza.kind == "message":
                    found.setdefault(stanza.id, "id of a message inside")
    for room in conversations:
        found[room] = "address of a conversation"
    found["rooms.a.example"] = "the rooms' domain"
    theirs = {id for each in outsiders for id in each.sent_ids}
    theirs |= {child.get("id") for each in outsiders for stanza in each.received
               for child in stanza.children("stanza-id", STANZA_ID) if child.get("by") == stanza.room}
    return {needle: what for needle, what in found.items() if needle and needle not in theirs}


def search(raw, secrets):
    """[(needle, what it is, where)] in these bytes. A short name counts as a whole word only."""
    text = raw.decode("utf-8", "replace")
    hits = []
    for needle, what in secrets.items():
        pattern = re.escape(needle)
        if len(needle) < 8:
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
        for hit in re.finditer(pattern, text, re.IGNORECASE):
            hits.append((needle, what, text[max(0, hit.start() - 80):hit.end() + 80]))
    return hits


def told(hits):
    return "\n".join(f"    {what} ({needle!r}): …{where}…" for needle, what, where in hits[:20])
