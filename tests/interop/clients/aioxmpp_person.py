"""A person with aioxmpp: an independent library, with stream management and its own idea of a room."""
import asyncio
import datetime
import io
import logging
import warnings
import xml.etree.ElementTree as ET

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import aioxmpp
    import aioxmpp.adhoc
    import aioxmpp.connector
    import aioxmpp.forms
    import aioxmpp.muc
    import aioxmpp.protocol
    import aioxmpp.security_layer
    import aioxmpp.ssl_transport
    import aioxmpp.xml
    import aioxmpp.xso

from clients.person import WAIT, Form, NotSeen, Person
from stanza import COMMANDS, Refused, StreamReader, WholeTags

logging.getLogger("aioxmpp").setLevel(logging.CRITICAL + 1)
logging.getLogger("aioopenssl").setLevel(logging.CRITICAL + 1)


class _Recording(aioxmpp.protocol.XMLStream):
    record = tags = None

    def data_received(self, blob):
        blob = self.tags.take(blob)
        super().data_received(blob)  # first the library, so that it knows what the test has seen
        self.record.feed(blob)


class _Plaintext(aioxmpp.connector.BaseConnector):
    """The library's own seam for another transport: here plain TCP, to a throw-away host on loopback."""

    tls_supported = dane_supported = False

    def __init__(self, record):
        self._record = record

    async def connect(self, loop, metadata, domain, host, port, negotiation_timeout, base_logger=None):
        features = asyncio.Future()
        stream = _Recording(to=domain.encode("idna").decode(), features_future=features)
        stream.record, stream.tags = StreamReader(self._record), WholeTags()
        stream.deadtime_hard_limit = datetime.timedelta(seconds=negotiation_timeout)
        transport, _ = await aioxmpp.ssl_transport.create_starttls_connection(
            loop, lambda: stream, host=host, port=port, peer_hostname=host, server_hostname=domain,
            use_starttls=True)
        return transport, stream, await features


def _payload(xml):
    """Any payload as an object of the library; one that it does not know is carried as it is."""
    root = ET.fromstring(xml)
    space, name = root.tag[1:].split("}")
    known = aioxmpp.IQ.CHILD_MAP.get((space, name))
    if known is None:
        attributes = {f"a{number}": aioxmpp.xso.Attr((None, key), default=None)
                      for number, key in enumerate(sorted({*root.keys(), "peer", "conversation", "nick"}))}
        carried = type(f"Carried_{name}", (aioxmpp.xso.XSO,), {
            "TAG": (space, name), "UNKNOWN_ATTR_POLICY": aioxmpp.xso.UnknownAttrPolicy.DROP,
            "inside": aioxmpp.xso.Collector(), **attributes})
        aioxmpp.IQ.as_payload_class(carried)
        return aioxmpp.xml.read_single_xso(io.BytesIO(xml.encode()), carried)
    known = next(each for each in known._classes if each.TAG == (space, name))
    return aioxmpp.xml.read_single_xso(io.BytesIO(xml.encode()), known)


class AioxmppPerson(Person):
    library = "aioxmpp"
    client = None

    async def login(self, presence=True):
        # No TLS on loopback to a throw-away host; SCRAM keeps the password off the wire all the same.
        security = aioxmpp.make_security_layer(self.password, no_verify=True)._replace(tls_required=False)
        self.client = aioxmpp.PresenceManagedClient(
            aioxmpp.JID.fromstr(self.full_jid), security,
            override_peer=[(self.host.address, self.host.c2s_port, _Plaintext(self._record))],
            max_initial_attempts=1)
        self.client.summon(aioxmpp.MUCClient)
        self.client.summon(aioxmpp.AdHocClient)
        self._rooms = {}
        done = asyncio.get_running_loop().create_future()
        self.client.on_stream_established.connect(lambda: done.done() or done.set_result(None))
        self.client.on_failure.connect(lambda problem: done.done() or done.set_result(problem))
        if presence:
            self.client.presence = aioxmpp.PresenceState(available=True)
        else:
            self.client.start()
        try:
            problem = await asyncio.wait_for(done, WAIT)
        except asyncio.TimeoutError:
            problem = f"no session within {WAIT} s"
        if problem:
            raise NotSeen(f"{self.jid} could not log in with aioxmpp: {problem!r}\n{self.host.log_tail()}")
        return self

    async def logout(self):
        await self._end(lambda client: client.stop())

    async def vanish(self):
        """The connection is cut without a word, and the library is not given time to come back."""
        def cut(client):
            client.stop()
            if client.stream._xmlstream:
                client.stream._xmlstream.abort()
        await self._end(cut, 0.5)

    async def _end(self, how, patience=5):
        client, self.client = self.client, None
        self.rooms.clear()
        if client is None or not client.running:
            return
        stopped = asyncio.get_running_loop().create_future()
        client.on_stopped.connect(lambda: stopped.done() or stopped.set_result(None))
        client.on_failure.connect(lambda _: stopped.done() or stopped.set_result(None))
        how(client)
        try:
            await asyncio.wait_for(stopped, patience)
        except asyncio.TimeoutError:  # the library waits for a server that is gone
            if client._main_task:
                client._main_task.cancel()

    @property
    def online(self):
        return self.client is not None and self.client.established

    # --- rooms -------------------------------------------------------------------------------------------
    async def _join(self, room, nick, history):
        wanted = aioxmpp.muc.xso.History(maxstanzas=history) if history is not None else None
        self._rooms[room], joined = self.client.summon(aioxmpp.MUCClient).join(
            aioxmpp.JID.fromstr(room), nick, history=wanted, autorejoin=False)
        await joined

    def _leave(self, room, nick):
        asyncio.ensure_future(self._rooms.pop(room).leave())

    def _say(self, room, body, id):
        message = aioxmpp.Message(type_=aioxmpp.MessageType.GROUPCHAT)
        message.body[None] = body
        message.id_ = id
        # The library's room takes it; a repeat (after a crash) must be sent past its tracking of ids.
        self._rooms[room].send_message(message)

    def _message(self, to, body, kind, id, receipt):
        message = aioxmpp.Message(type_=aioxmpp.MessageType(kind), to=aioxmpp.JID.fromstr(to))
        message.body[None] = body
        message.id_ = id
        if receipt:
            message.xep0184_request_receipt = True
        self.client.enqueue(message)

    def _subject(self, room, text):
        asyncio.ensure_future(self._rooms[room].set_topic({None: text}))

    # --- requests ----------------------------------------------------------------------------------------
    def _send_iq(self, kind, to, payload, id):
        iq = aioxmpp.IQ(type_=aioxmpp.IQType(kind), to=aioxmpp.JID.fromstr(to) if to else None,
                        payload=_payload(payload))
        iq.id_ = id
        sent = asyncio.ensure_future(self.client.send(iq))
        sent.add_done_callback(lambda future: future.cancelled() or future.exception())

    async def command_step(self, to, node, fields=None, form=None):
        mark = self.mark()
        adhoc = self.client.summon(aioxmpp.AdHocClient)
        try:
            if form is None:
                self._session = await adhoc.execute(aioxmpp.JID.fromstr(to), node)
            else:
                data = aioxmpp.forms.Data(type_=aioxmpp.forms.DataType.SUBMIT)
                for name, value in fields.items():
                    data.fields.append(aioxmpp.forms.Field(var=name, values=[value]))
                await self._session.proceed(action=aioxmpp.adhoc.xso.ActionType.COMPLETE, payload=[data])
        except aioxmpp.errors.StanzaError:
            pass  # judged below, as XML
        answer = next(each for each in reversed(self.received[mark:])
                      if each.kind == "iq" and each.room == to and each.type in ("result", "error")
                      and (each.error or each.child("command", COMMANDS) is not None))
        if answer.error:
            raise Refused(answer)
        return Form(answer, to, node)


__all__ = ["AioxmppPerson", "WAIT"]
