"""A person with slixmpp."""
import asyncio
import logging

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)

import slixmpp
import slixmpp.plugins.xep_0045.muc as _muc
from slixmpp.exceptions import IqError

import stanza as ns
from clients.person import WAIT, Form, NotSeen, Person, element
from stanza import Refused, Stanza, StreamReader, WholeTags

_muc.print = lambda *_: None  # 1.8.3 left a print() in its join


class _Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password, record):
        super().__init__(jid, password)
        self._reader, self._tags = StreamReader(record), WholeTags()

    def data_received(self, data):
        data = self._tags.take(data)
        super().data_received(data)  # first the library, so that it knows what the test has seen
        self._reader.feed(data)


class SlixmppPerson(Person):
    library = "slixmpp"
    client = None

    async def login(self, presence=True):
        self.client = _Client(self.full_jid, self.password, self._record)
        for plugin in ("xep_0030", "xep_0045", "xep_0050", "xep_0184", "xep_0199", "xep_0249"):
            self.client.register_plugin(plugin)
        self.client.plugin["xep_0184"].auto_ack = True
        self.client.use_message_ids = True
        done = asyncio.get_running_loop().create_future()

        def settle(result):
            if not done.done():
                done.set_result(result)
        self.client.add_event_handler("session_start", lambda _: settle(None))
        self.client.add_event_handler("failed_all_auth", lambda _: settle("the password was refused"))
        self.client.connect((self.host.address, self.host.c2s_port), disable_starttls=True,
                            force_starttls=False)
        try:
            problem = await asyncio.wait_for(done, WAIT)
        except asyncio.TimeoutError:
            problem = f"no session within {WAIT} s"
        if problem:
            raise NotSeen(f"{self.jid} could not log in: {problem}\n{self.host.log_tail()}")
        if presence:
            await self.client.get_roster()  # as every client does; without it subscriptions are not told
            self.client.send_presence()
        return self

    async def logout(self):
        client, self.client = self.client, None
        self.rooms.clear()
        if client:
            client.cancel_connection_attempt()
            await client.disconnect()
            client._run_out_filters.cancel()

    async def vanish(self):
        """The connection is cut without a word."""
        client, self.client = self.client, None
        self.rooms.clear()
        if client:
            client.cancel_connection_attempt()
            client.abort()
            client._run_out_filters.cancel()

    @property
    def online(self):
        return self.client is not None and self.client.is_connected()

    # --- rooms -------------------------------------------------------------------------------------------
    async def _join(self, room, nick, history):
        await self.client.plugin["xep_0045"].join_muc_wait(slixmpp.JID(room), nick, maxstanzas=history)

    def _leave(self, room, nick):
        self.client.plugin["xep_0045"].leave_muc(slixmpp.JID(room), nick)

    def _say(self, room, body, id):
        self._message(room, body, "groupchat", id, False)

    def _message(self, to, body, kind, id, receipt):
        message = self.client.make_message(mto=to, mbody=body, mtype=kind)
        message["id"] = id
        if receipt:
            message["request_receipt"] = True
        message.send()

    def _subject(self, room, text):
        self.client.plugin["xep_0045"].set_subject(slixmpp.JID(room), text)

    # --- requests ----------------------------------------------------------------------------------------
    def _send_iq(self, kind, to, payload, id):
        iq = self.client.make_iq(id=id, ito=to, itype=kind)
        iq.append(element(payload))
        iq.send().add_done_callback(lambda future: future.cancelled() or future.exception())

    def send_raw(self, xml):
        self.client.send_raw(xml)

    async def command_step(self, to, node, fields=None, form=None):
        adhoc, payload = self.client.plugin["xep_0050"], None
        if form is not None:
            payload = self.client.plugin["xep_0004"].make_form(ftype="submit")
            for name, value in fields.items():
                payload.add_field(var=name, value=value)
        try:
            answer = await adhoc.send_command(
                to, node, action="complete" if form else "execute", payload=payload,
                sessionid=form.session if form else None, timeout=WAIT)
        except IqError as problem:
            raise Refused(Stanza(problem.iq.xml)) from None
        return Form(Stanza(answer.xml), to, node)


__all__ = ["SlixmppPerson", "ns"]
