"""Somebody at a client: what a test lets him do, and everything that he received.

The two implementations drive unmodified client libraries. What a person received is kept as XML, in the
order of the wire, so that a test judges the stanza and not the library's view of it.
"""
import asyncio
import itertools
import time
import xml.etree.ElementTree as ET

import stanza as ns
from stanza import Refused, Stanza, text_of

WAIT = 20  # seconds; an event that is due comes in milliseconds, so only a failing test waits this long
_numbers = itertools.count(1)


class NotSeen(AssertionError):
    """Something that was due did not come; the text says what came instead."""


class Joined:
    """What a join brought, in order: others, own presence, history, subject."""

    def __init__(self, room, own, before, after, subject):
        self.room, self.own, self.subject = room, own, subject
        self.others = [each for each in before if each.kind == "presence"]
        self.history = [each for each in after if each.kind == "message" and each.body is not None]
        self.early = [each for each in before if each.kind == "message"]
        self.late = [each for each in after if each.kind == "presence"]

    @property
    def nicks(self):
        return sorted(each.nick for each in self.others if each.nick)  # '': the room's own (its avatar)

    @property
    def bodies(self):
        return [each.body for each in self.history]


class Form:
    """One answer of an ad-hoc command (XEP-0050): status, notes, fields."""

    def __init__(self, answer, where, node):
        self.where, self.node, self.answer = where, node, answer
        command = answer.child("command", ns.COMMANDS)
        assert command is not None, f"not an answer to a command: {answer}"
        self.session, self.status = command.get("sessionid"), command.get("status")
        self.notes = [each.text or "" for each in command.findall(f"{{{ns.COMMANDS}}}note")]
        self.fields, self.options = {}, {}
        for field in command.iterfind(f"{{{ns.DATA}}}x/{{{ns.DATA}}}field"):
            name = field.get("var")
            self.fields[name] = "\n".join(each.text or "" for each in field.findall(f"{{{ns.DATA}}}value"))
            self.options[name] = [each.text for each in field.findall(
                f"{{{ns.DATA}}}option/{{{ns.DATA}}}value")]


class Person:
    library = "?"

    def __init__(self, jid, password, host, resource="desk", quiet=False):
        self.jid, self.password, self.host, self.resource = jid, password, host, resource
        self.name = jid.partition("@")[0]
        self.received = []   # every stanza, ever, also of earlier logins
        self.sent_ids = []   # ids of what this person sent: must not cross to outsiders
        self.rooms = {}      # room -> nick
        self._changed = asyncio.Event()
        self._library_log = []

    @property
    def full_jid(self):
        return f"{self.jid}/{self.resource}"

    # --- the library's part --------------------------------------------------------------------------
    async def login(self, presence=True): raise NotImplementedError
    async def logout(self): raise NotImplementedError
    async def vanish(self): raise NotImplementedError
    async def _join(self, room, nick, history): raise NotImplementedError
    def _leave(self, room, nick): raise NotImplementedError
    def _say(self, room, body, id): raise NotImplementedError
    def _message(self, to, body, kind, id, receipt): raise NotImplementedError
    def _subject(self, room, text): raise NotImplementedError
    def _send_iq(self, kind, to, payload, id): raise NotImplementedError
    def send_raw(self, xml): raise NotImplementedError
    async def command_step(self, to, node, fields=None, form=None): raise NotImplementedError

    # --- what was received -----------------------------------------------------------------------------
    def _record(self, element):
        self.received.append(Stanza(element, len(self.received)))
        self._changed.set()
        self._changed = asyncio.Event()

    def mark(self):
        """A place in what was received: pass it as `after`."""
        return len(self.received)

    async def sees(self, wanted, timeout=WAIT, after=0, take=True):
        """The first stanza that is wanted and was not taken yet. `wanted` is a predicate with a text."""
        deadline = time.monotonic() + timeout
        at = after
        while True:
            changed = self._changed
            while at < len(self.received):
                each = self.received[at]
                if not (take and each.taken) and wanted(each):
                    each.taken = each.taken or take
                    return each
                at += 1
            try:
                await asyncio.wait_for(changed.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                raise NotSeen(f"{self.name} ({self.library}) did not see within {timeout:g} s: {wanted}\n"
                              + self.report(after)) from None

    def all(self, wanted, after=0):
        return [each for each in self.received[after:] if wanted(each)]

    def report(self, after=0, count=15):
        came = self.received[max(after, len(self.received) - count):]
        lines = "\n".join(f"    | {'(taken) ' if each.taken else ''}{str(each)[:600]}" for each in came)
        return f"  what {self.name} received last:\n{lines or '    | nothing'}"

    # --- rooms -------------------------------------------------------------------------------------------
    async def join(self, room, nick=None, history=None, timeout=WAIT, instant=True):
        """Joins and waits for the subject, which ends a join (XEP-0045 §7.2). Raises Refused.

        A new room is opened with the settings that it has (`instant`)."""
        nick, mark = nick or self.name, self.mark()
        library = asyncio.ensure_future(self._join(room, nick, history))
        try:
            own = await self.sees(_Wanted(
                f"the end of joining {room} as {nick}",
                lambda each: each.kind == "presence" and each.room == room
                and (each.type == "error" or (110 in each.statuses and each.type != "unavailable"))),
                timeout, after=mark, take=False)
            if own.type == "error":
                raise Refused(own)
            subject = await self.sees(_Wanted(
                f"the subject of {room}", lambda each: each.room == room and each.subject is not None),
                timeout, after=own.index + 1, take=False)
            await asyncio.wait_for(library, timeout)
        except asyncio.TimeoutError:
            raise NotSeen(f"{self.library} itself did not notice that {self.name} joined {room}\n"
                          + self.report(mark)) from None
        finally:
            if not library.done():
                library.cancel()
            await asyncio.gather(library, return_exceptions=True)
        self.rooms[room] = own.nick

        def of_room(low, high):
            return [each for each in self.received[low:high] if each.room == room]
        if 201 in own.statuses and instant:  # a room is locked until it is configured (XEP-0045 §10.1.2)
            await self.iq("set", room, f"<query xmlns='{ns.MUC_OWNER}'><x xmlns='{ns.DATA}' type='submit'/></query>")
        joined = Joined(room, own, of_room(mark, own.index), of_room(own.index + 1, subject.index), subject)
        for each in (*joined.others, own, *joined.history, subject):
            each.taken = True
        return joined

    async def leave(self, room):
        nick = self.rooms.pop(room)
        mark = self.mark()
        self._leave(room, nick)
        return await self.sees(_Wanted(
            f"own unavailable presence from {room}", lambda each: each.kind == "presence"
            and each.sender == f"{room}/{nick}" and each.type == "unavailable"), after=mark)

    def new_id(self):
        return f"{self.name}-{next(_numbers)}-{self.resource}"

    def _own(self, id):
        id = id or self.new_id()
        self.sent_ids.append(id)
        return id

    def say(self, room, body, id=None):
        """Speaks in a room; returns the id. The reflection is awaited by `sees`."""
        id = self._own(id)
        self._say(room, body, id)
        return id

    async def speak(self, room, body, timeout=WAIT):
        """Speaks and waits for the reflection; raises Refused if the room says no."""
        mark, id = self.mark(), self.say(room, body)
        answer = await self.sees(_Wanted(
            f"the reflection of {body!r} in {room}", lambda each: each.kind == "message"
            and each.room == room and each.id == id), timeout, after=mark)
        if answer.error:
            raise answer.error
        return answer

    def whisper(self, room, nick, body, id=None):
        """A private message to an occupant."""
        id = self._own(id)
        self._message(f"{room}/{nick}", body, "chat", id, False)
        return id

    def chat(self, to, body, id=None, receipt=False):
        id = self._own(id)
        self._message(to, body, "chat", id, receipt)
        return id

    def set_subject(self, room, text):
        self._subject(room, text)

    # --- requests ----------------------------------------------------------------------------------------
    async def iq(self, kind, to, payload, timeout=WAIT):
        """The answer's stanza; raises Refused for an error."""
        id = self._own(None)
        mark = self.mark()
        self._send_iq(kind, to, payload, id)
        answer = await self.sees(_Wanted(
            f"the answer of {to or 'the account'} to <iq type='{kind}'>{payload}</iq>",
            lambda each: each.kind == "iq" and each.id == id and each.type in ("result", "error")),
            timeout, after=mark)
        if answer.error:
            raise answer.error
        return answer

    async def info(self, to, node=None):
        """disco#info: ([(category, type, name)], [features], answer)."""
        where = f" node='{node}'" if node else ""
        answer = await self.iq("get", to, f"<query xmlns='{ns.DISCO_INFO}'{where}/>")
        query = answer.child("query", ns.DISCO_INFO)
        return ([(each.get("category"), each.get("type"), each.get("name"))
                 for each in query.findall(f"{{{ns.DISCO_INFO}}}identity")],
                [each.get("var") for each in query.findall(f"{{{ns.DISCO_INFO}}}feature")], answer)

    async def items(self, to, node=None):
        where = f" node='{node}'" if node else ""
        answer = await self.iq("get", to, f"<query xmlns='{ns.DISCO_ITEMS}'{where}/>")
        return [(each.get("jid"), each.get("node"), each.get("name")) for each in answer.child(
            "query", ns.DISCO_ITEMS).findall(f"{{{ns.DISCO_ITEMS}}}item")]

    async def members(self, room, affiliation="member"):
        answer = await self.iq("get", room, f"<query xmlns='{ns.MUC_ADMIN}'>"
                                            f"<item affiliation='{affiliation}'/></query>")
        return sorted(each.get("jid") for each in answer.child(
            "query", ns.MUC_ADMIN).findall(f"{{{ns.MUC_ADMIN}}}item"))

    async def set_member(self, room, jid, affiliation="member"):
        await self.iq("set", room, f"<query xmlns='{ns.MUC_ADMIN}'>"
                                   f"<item affiliation='{affiliation}' jid='{jid}'/></query>")

    async def configure(self, room, **settings):
        """Submits the owner's form with these settings (those that it offers), else as it is."""
        offered = await self.iq("get", room, f"<query xmlns='{ns.MUC_OWNER}'/>")
        names = {each.get("var") for each in offered.element.iter(f"{{{ns.DATA}}}field")}
        fields = "".join(f"<field var='muc#roomconfig_{name}'><value>{value}</value></field>"
                         for name, value in settings.items() if f"muc#roomconfig_{name}" in names)
        await self.iq("set", room, f"<query xmlns='{ns.MUC_OWNER}'><x xmlns='{ns.DATA}' type='submit'>"
                                   f"<field var='FORM_TYPE'><value>{ns.MUC}#roomconfig</value></field>"
                                   f"{fields}</x></query>")

    async def command(self, to, node, **fields):
        """Runs an ad-hoc command: its form is filled with the fields, its last answer comes back."""
        first = await self.command_step(to, node)
        if first.status == "completed":
            return first
        last = await self.command_step(to, node, fields, first)
        last.offered = first
        return last


class _Wanted:
    """A predicate that can say what it wants."""

    def __init__(self, text, test):
        self.text, self.test = text, test

    def __call__(self, each):
        return self.test(each)

    def __str__(self):
        return self.text

    def __and__(self, other):
        return _Wanted(f"{self} and {other}", lambda each: self(each) and other(each))


def element(xml):
    return ET.fromstring(xml)


__all__ = ["Form", "Joined", "NotSeen", "Person", "Refused", "WAIT", "element", "text_of"]
