"""Stanzas as the tests see them: the namespaces, a stream cut into stanzas, and what was received."""
import re
import time
import xml.etree.ElementTree as ET

CLIENT = "jabber:client"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
MUC = "http://jabber.org/protocol/muc"
MUC_USER = MUC + "#user"
MUC_ADMIN = MUC + "#admin"
MUC_OWNER = MUC + "#owner"
DATA = "jabber:x:data"
DELAY = "urn:xmpp:delay"
STANZA_ID = "urn:xmpp:sid:0"
OCCUPANT_ID = "urn:xmpp:occupant-id:0"
RECEIPTS = "urn:xmpp:receipts"
INVITE = "jabber:x:conference"
COMMANDS = "http://jabber.org/protocol/commands"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
VCARD = "vcard-temp"
PING = "urn:xmpp:ping"
ACT_AS = "urn:xmpp:act-as:0"

_STREAM_NAMESPACES = ("jabber:client", "jabber:server", "jabber:component:accept")
_STREAM_HEAD = re.compile(rb"<\?xml[^>]*\?>\s*(?=<stream:stream)|(?=<stream:stream[\s>])")

for _prefix, _uri in (("stream", "http://etherx.jabber.org/streams"),):
    ET.register_namespace(_prefix, _uri)


def text_of(element):
    """The element as readable XML, the stream's default namespace left out."""
    # ElementTree names every namespace ns0, ns1 …; a reader wants the usual form.
    def write(node, inherited, depth):
        if depth > 50:  # a test of deep elements must not end in a recursion of its own
            return "…"
        name, space = _local(node.tag), _space(node.tag)
        attributes = "".join(f' {_attribute(key)}="{_escape(value)}"' for key, value in node.items())
        declared = f' xmlns="{space}"' if space != inherited else ""
        inside = _escape(node.text or "") + "".join(
            write(child, space, depth + 1) + _escape(child.tail or "") for child in node)
        return f"<{name}{declared}{attributes}" + (f">{inside}</{name}>" if inside else "/>")
    return write(element, _space(element.tag) if _space(element.tag) in _STREAM_NAMESPACES else "", 0)


def _local(tag):
    return tag.rpartition("}")[2]


def _space(tag):
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _attribute(key):
    return "xml:lang" if key.endswith("namespace}lang") else _local(key)


def _escape(text):
    return (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"))


class WholeTags:
    """Holds back a tag that has not ended: Debian's expat defers an unfinished token until as much again has
    come (CVE-2023-52425), so the last tag of a stanza that came in two packets would wait for the next one."""

    def __init__(self):
        self._held = b""

    def take(self, data):
        data = self._held + data
        end = data.rfind(b">") + 1
        self._held = data[end:]
        return data[:end]


class StreamReader:
    """Cuts the bytes of one direction of an XMPP stream into stanzas, stream restarts included."""

    def __init__(self, on_stanza, on_head=lambda element: None):
        self._on_stanza, self._on_head = on_stanza, on_head
        self._tags = WholeTags()
        self._new()

    def _new(self):
        self._parser = ET.XMLPullParser(("start", "end"))
        self._depth, self._root = 0, None

    def feed(self, data):
        data = self._tags.take(data)
        heads = [match.start() for match in _STREAM_HEAD.finditer(data)]
        if heads:
            if heads[0]:
                self._feed(data[:heads[0]])
            data = data[heads[0]:]
            self._new()
        self._feed(data)

    def _feed(self, data):
        self._parser.feed(data)
        try:
            for event, element in self._parser.read_events():
                if event == "start":
                    self._depth += 1
                    if self._depth == 1:
                        self._root = element
                        self._on_head(element)
                else:
                    self._depth -= 1
                    if self._depth == 1:
                        self._root.remove(element)
                        self._on_stanza(element)
        except ET.ParseError:
            self._new()  # the end of a stream that was cut in the middle


class Stanza:
    """One received stanza: when it came, its place in the order, its element and its text."""

    def __init__(self, element, index=0):
        self.element, self.index, self.at = element, index, time.time()
        self.kind = _local(element.tag)
        self.id = element.get("id")
        self.sender = element.get("from", "")
        self.to = element.get("to", "")
        self.type = element.get("type") or ("normal" if self.kind == "message" else "")
        self.taken = False

    def __str__(self):
        return text_of(self.element)

    # --- addresses ---------------------------------------------------------------------------------
    @property
    def room(self):
        return self.sender.partition("/")[0]

    @property
    def nick(self):
        return self.sender.partition("/")[2]

    # --- payloads ----------------------------------------------------------------------------------
    def child(self, name, space=None):
        return self.element.find(f"{{{space or _space(self.element.tag)}}}{name}")

    def children(self, name, space):
        return self.element.findall(f"{{{space}}}{name}")

    def child_text(self, name):
        found = self.child(name)
        return None if found is None else (found.text or "")

    @property
    def body(self):
        return self.child_text("body")

    @property
    def subject(self):
        """The new subject, if this is a subject change: no body, no thread (XEP-0045 §8.1)."""
        if self.kind != "message" or self.type != "groupchat" or self.child("body") is not None:
            return None
        return self.child_text("subject")

    @property
    def statuses(self):
        return {int(each.get("code")) for each in self.element.findall(
            f"{{{MUC_USER}}}x/{{{MUC_USER}}}status")}

    @property
    def item(self):
        return self.element.find(f"{{{MUC_USER}}}x/{{{MUC_USER}}}item")

    @property
    def delay(self):
        found = self.child("delay", DELAY)
        return None if found is None else found.get("stamp")

    def stanza_id(self, by):
        ids = [each.get("id") for each in self.children("stanza-id", STANZA_ID) if each.get("by") == by]
        return ids[0] if len(ids) == 1 else None

    @property
    def occupant_id(self):
        found = self.children("occupant-id", OCCUPANT_ID)
        return found[0].get("id") if len(found) == 1 else None

    @property
    def invitation(self):
        """The room that a XEP-0249 or a mediated invitation names."""
        direct = self.child("x", INVITE)
        if direct is not None:
            return direct.get("jid")
        mediated = self.element.find(f"{{{MUC_USER}}}x/{{{MUC_USER}}}invite")
        return None if mediated is None else self.room

    @property
    def error(self):
        return Refused(self) if self.type == "error" else None


class Refused(Exception):
    """An error stanza as an exception: condition, kind of error, human text, whole stanza."""

    def __init__(self, stanza):
        self.stanza = stanza
        error = stanza.child("error")
        self.kind = error.get("type") if error is not None else None
        parts = list(error) if error is not None else []
        self.conditions = [_local(each.tag) for each in parts if _local(each.tag) != "text"]
        self.condition = next((_local(each.tag) for each in parts if _space(each.tag) == STANZAS
                               and _local(each.tag) != "text"), None)
        self.text = next((each.text or "" for each in parts if _local(each.tag) == "text"), "")
        super().__init__(f"{self.condition} ({self.kind}): {self.text or '(no text)'}")
