"""A client that knows «Acting as a Room»: stanza classes for slixmpp, written after the numbered examples of
xep-spec/act-as.xml and nothing else, and what such a client does with them.
"""
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from slixmpp.exceptions import IqError
from slixmpp.xmlstream import ElementBase

from clients.person import WAIT
from stanza import Refused, Stanza

NS = "urn:xmpp:act-as:0"
RSM = "http://jabber.org/protocol/rsm"
SPEC = Path(__file__).parents[3] / "xep-spec" / "act-as.xml"


class _Payload(ElementBase):
    namespace = NS
    sub_interfaces = set()

    @property
    def attributes(self):
        return {name: value for name, value in self.xml.items()}

    def items_of(self, kind):
        return [kind(each) for each in self.xml.findall(f"{{{NS}}}{kind.name}")]

    @property
    def count(self):
        found = self.xml.find(f"{{{RSM}}}set/{{{RSM}}}count")
        return None if found is None else int(found.text)

    @property
    def last(self):
        found = self.xml.find(f"{{{RSM}}}set/{{{RSM}}}last")
        return None if found is None else found.text


def _kind(element, *attributes, texts=()):
    return type(element.title(), (_Payload,), {
        "name": element, "plugin_attrib": element, "interfaces": {*attributes, *texts},
        "sub_interfaces": set(texts)})


Identities = _kind("identities")
Identity = _kind("identity", "jid", "self", "room", "name")
Open = _kind("open", "peer", "nick", "conversation", "password", "named", texts=("body", "reason"))
Rights = _kind("rights", "persons", "rooms")
Right = _kind("right", "member", "peer", "until", "allow")
Conversations = _kind("conversations", "closed")
Conversation = _kind("conversation", "jid", "peer", "kind", "last", "unanswered", "assigned", "closed", "blocked",
                     "muted")
Change = _kind("change", "action", "member")
Acts = _kind("acts", "start", "end")
Act = _kind("act", "id", "stamp", "did", "member", "nick", "peer", "conversation", "message")
Note = _kind("note")
KINDS = {each.name: each for each in (Identities, Identity, Open, Rights, Right, Conversations, Conversation, Change,
                                      Acts, Act, Note)}


def vectors():
    """Every payload of ours in the examples of the specification: (caption, element)."""
    text = SPEC.read_text(encoding="utf-8")
    for caption, body in re.findall(r'<example caption="([^"]*)"><!\[CDATA\[(.*?)\]\]></example>', text, re.S):
        for element in ET.fromstring(f"<all xmlns='jabber:client'>{body}</all>").iter():
            if element.tag.startswith(f"{{{NS}}}"):
                yield caption, element


def unread_vectors():
    """What the classes do not read in them, as sentences; elements of other chapters have no class here."""
    wrong = []
    for caption, element in vectors():
        kind = KINDS.get(element.tag.partition("}")[2])
        if kind is None:
            continue
        unknown = set(element.keys()) - set(kind.interfaces)
        if unknown:
            wrong.append(f"{caption}: <{kind.name}/> has {sorted(unknown)}")
        read = kind(element)
        if any(read[name] != value for name, value in element.items()):
            wrong.append(f"{caption}: <{kind.name}/> is read otherwise")
    return wrong


class Knowing:
    """What a client with these classes does for its user."""

    def __init__(self, person):
        self.person = person

    async def _ask(self, kind, to, payload, page=None):
        iq = self.person.client.make_iq(ito=to, itype=kind)
        if page is not None:
            asked = ET.SubElement(payload.xml, f"{{{RSM}}}set")
            for name, value in page.items():
                ET.SubElement(asked, f"{{{RSM}}}{name}").text = str(value)
        iq.append(payload)
        try:
            answer = await iq.send(timeout=WAIT)
        except IqError as problem:
            raise Refused(Stanza(problem.iq.xml)) from None
        found = answer.xml.find(f"{{{NS}}}{payload.name}")
        return None if found is None else type(payload)(found)

    @staticmethod
    def _filled(kind, **values):
        payload = kind()
        for name, value in values.items():
            if value is not None:
                payload[name] = value
        return payload

    async def identities(self, domain):
        return {each["jid"]: each for each in (await self._ask("get", domain, Identities())).items_of(Identity)}

    async def open(self, identity, peer, body=None):
        return (await self._ask("set", identity, self._filled(Open, peer=peer, body=body)))["conversation"]

    async def rights(self, identity):
        answer = await self._ask("get", identity, Rights())
        return answer["persons"], answer["rooms"], answer.items_of(Right)

    async def give(self, identity, member, peer=None, until=None):
        await self._ask("set", identity, self._filled(Right, member=member, peer=peer, until=until))

    async def take(self, identity, member):
        await self._ask("set", identity, self._filled(Right, member=member, allow="false"))

    async def conversations(self, identity, closed=None, **page):
        answer = await self._ask("get", identity, self._filled(Conversations, closed=closed), page or None)
        return answer.items_of(Conversation), answer

    async def change(self, conversation, action, member=None):
        await self._ask("set", conversation, self._filled(Change, action=action, member=member))

    async def acts(self, identity, start=None, end=None, **page):
        answer = await self._ask("get", identity, self._filled(Acts, start=start, end=end), page or None)
        return answer.items_of(Act), answer

    def note(self, conversation, body):
        message = self.person.client.make_message(mto=conversation, mbody=body, mtype="groupchat")
        message.append(Note())
        message.send()
