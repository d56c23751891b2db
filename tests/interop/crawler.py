"""Everything that an outsider can ask: a query of each XEP that the node supports, and of those it should refuse.

`ask` sends them all to one address and returns each answer; `unknown` tells what the node announces and this
file does not know, so that it grows with the node.
"""
import asyncio
import re

import stanza as ns

FORM = "<x xmlns='jabber:x:data' type='submit'>{}</x>"
_MAM_FORM = FORM.format("<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>{}")
_SEARCH = FORM.format("<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:channel-search:0:search-params</value>"
                      "</field><field var='q'><value>s</value></field><field var='all'><value>true</value></field>")

# (type, payload), by the namespace that a service announces.
QUERIES = {
    ns.DISCO_INFO: [("get", f"<query xmlns='{ns.DISCO_INFO}'{node}/>") for node in (
        "", " node='http://jabber.org/protocol/commands'", " node='x-roomuser-item'", " node='http://jabber.org/"
        "protocol/muc#traffic'", " node='http://jabber.org/protocol/muc#rooms'", " node='urn:xmpp:act-as:0'",
        " node='hansa#abc'", " node='urn:xmpp:act-as:0#abc'", " node='urn:xmpp:avatar:metadata'",
        " node='urn:xmpp:avatar:data'", " node='members'")],
    ns.DISCO_ITEMS: [("get", f"<query xmlns='{ns.DISCO_ITEMS}'{node}/>") for node in (
        "", " node='http://jabber.org/protocol/commands'", " node='x-roomuser-item'", " node='http://jabber.org/"
        "protocol/muc#traffic'", " node='http://jabber.org/protocol/muc#rooms'", " node='urn:xmpp:avatar:metadata'",
        " node='urn:xmpp:avatar:data'", " node='members'")],
    "http://jabber.org/protocol/rsm": [("get", f"<query xmlns='{ns.DISCO_ITEMS}'><set xmlns='http://jabber.org/"
                                               f"protocol/rsm'>{page}</set></query>") for page in (
        "<max>0</max>", "<max>100</max>", "<max>5</max><before/>")],
    ns.VCARD: [("get", f"<vCard xmlns='{ns.VCARD}'/>")],
    "urn:ietf:params:xml:ns:vcard-4.0": [("get", "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>")],
    "jabber:iq:version": [("get", "<query xmlns='jabber:iq:version'/>")],
    "jabber:iq:last": [("get", "<query xmlns='jabber:iq:last'/>")],
    "urn:xmpp:time": [("get", "<time xmlns='urn:xmpp:time'/>")],
    ns.PING: [("get", f"<ping xmlns='{ns.PING}'/>")],
    "http://jabber.org/protocol/pubsub": [
        ("get", f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{node}'/></pubsub>") for node in (
            "urn:xmpp:avatar:metadata", "urn:xmpp:avatar:data", "http://jabber.org/protocol/nick",
            "eu.siacs.conversations.axolotl.devicelist", "urn:xmpp:omemo:2:devices", "urn:xmpp:bookmarks:1",
            "storage:bookmarks", "urn:xmpp:vcard4", "urn:xmpp:microblog:0", "members")] + [
        ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub>"),
        ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><affiliations/></pubsub>"),
        ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'>"
                "<item id='0123'/></items></pubsub>"),
        ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><subscriptions node='urn:xmpp:avatar:data'/>"
                "</pubsub>"),
        ("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='urn:xmpp:avatar:metadata' "
                "jid='bob@b.example'/></pubsub>"),
        ("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:metadata'><item/>"
                "</publish></pubsub>")],
    "urn:xmpp:mam:2": [("set", f"<query xmlns='urn:xmpp:mam:2' queryid='q'>{inside}</query>") for inside in (
        "", _MAM_FORM.format(""), _MAM_FORM.format("<field var='with'><value>alice@a.example</value></field>"),
        "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set>")] + [
        ("get", "<query xmlns='urn:xmpp:mam:2'/>"), ("get", "<metadata xmlns='urn:xmpp:mam:2'/>"),
        ("get", "<prefs xmlns='urn:xmpp:mam:2'/>")],
    ns.MUC: [("get", f"<query xmlns='{ns.MUC_ADMIN}'><item {kind}/></query>") for kind in (
        "affiliation='owner'", "affiliation='admin'", "affiliation='member'", "affiliation='outcast'",
        "affiliation='none'", "role='moderator'", "role='participant'", "role='visitor'", "role='none'")] + [
        ("get", f"<query xmlns='{ns.MUC_OWNER}'/>"), ("get", "<unique xmlns='http://jabber.org/protocol/muc#unique'/>"),
        ("set", f"<query xmlns='{ns.MUC_ADMIN}'><item affiliation='member' jid='alice@a.example'/></query>"),
        ("set", f"<query xmlns='{ns.MUC_ADMIN}'><item role='none' nick='alice'/></query>")],
    "jabber:iq:register": [("get", "<query xmlns='jabber:iq:register'/>")],
    "urn:xmpp:muc:affiliations:1": [("get", f"<query xmlns='{ns.MUC_ADMIN}'><item affiliation='member' "
                                            "xmlns:a='urn:xmpp:muc:affiliations:1' a:since='0'/></query>")],
    "urn:xmpp:channel-search:0:search": [
        ("get", "<search xmlns='urn:xmpp:channel-search:0:search'/>"),
        ("get", f"<search xmlns='urn:xmpp:channel-search:0:search'>{_SEARCH}</search>")],
    ns.ACT_AS: [("get", f"<{name} xmlns='{ns.ACT_AS}'/>") for name in (
        "identities", "conversations", "rights", "acts", "members", "membership", "heard")] + [
        ("set", f"<right xmlns='{ns.ACT_AS}' member='alice@a.example'/>"),
        ("set", f"<change xmlns='{ns.ACT_AS}' action='assign' member='alice@a.example'/>"),
        ("set", f"<open xmlns='{ns.ACT_AS}' peer='alice@a.example'/>"),
        ("set", f"<open xmlns='{ns.ACT_AS}' peer='support@rooms.a.example'/>")],
    "urn:xmpp:group-rooms:0": [("get", "<members xmlns='urn:xmpp:group-rooms:0'/>")],
    "urn:xmpp:shared-rooms:0": [("get", "<hello xmlns='urn:xmpp:shared-rooms:0'/>")],
    "urn:xmpp:message-moderate:1": [("set", "<moderate xmlns='urn:xmpp:message-moderate:1' id='1'>"
                                            "<retract xmlns='urn:xmpp:message-retract:1'/></moderate>")],
    # What accounts have and an identity has not.
    "": [("get", f"<{name} xmlns='{space}'/>") for name, space in (
        ("query", "jabber:iq:roster"), ("query", "jabber:iq:privacy"), ("blocklist", "urn:xmpp:blocking"),
        ("query", "jabber:iq:search"), ("query", "jabber:iq:gateway"), ("query", "jabber:iq:auth"),
        ("services", "urn:xmpp:extdisco:2"), ("query", "jabber:iq:browse"), ("query", "jabber:iq:agents"),
        ("sharedgroup", "http://www.jivesoftware.org/protocol/sharedgroup"), ("query", "http://example.org/unknown"))] + [
        ("get", "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>"),
        ("set", "<enable xmlns='urn:xmpp:carbons:2'/>"),
        ("set", "<enable xmlns='urn:xmpp:push:0' jid='push.b.example' node='n'/>"),
        ("set", "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='j'/>")],
}
# Announced, and nothing that one can ask: words inside messages, presence or forms.
NO_QUERY = {
    ns.DATA, ns.COMMANDS, ns.DELAY, ns.STANZA_ID, ns.OCCUPANT_ID, ns.RECEIPTS, ns.INVITE, "urn:xmpp:mam:2#extended",
    "http://jabber.org/protocol/chatstates", "http://jabber.org/protocol/caps", "http://jabber.org/protocol/nick",
    "urn:xmpp:message-correct:0", "urn:xmpp:message-retract:0", "urn:xmpp:message-retract:1", "urn:xmpp:reactions:0",
    "urn:xmpp:message-moderate:0", "urn:xmpp:message-retract:1#tombstone", "urn:xmpp:chat-markers:0", "urn:xmpp:reply:0", "urn:xmpp:fallback:0",
    "urn:xmpp:reference:0", "urn:xmpp:hats:0", "urn:xmpp:mmn:0", "jabber:x:oob", "vcard-temp:x:update",
    "http://jabber.org/protocol/pubsub#retrieve-items", "http://jabber.org/protocol/pubsub#auto-subscribe",
    "http://jabber.org/protocol/xdata-validate", "http://jabber.org/network/serverinfo", "urn:xmpp:styling:0"}

# A command's form is sent back with these, so that its answer is seen too.
FIELDS = {"identity": "support@team.a.example", "room": "support@rooms.a.example", "peer": "alice@a.example",
          "jid": "alice@a.example", "nick": "alice", "body": "?", "conversation": "support%bob\\40b.example@rooms.a.example"}


def all_queries():
    return [each for queries in QUERIES.values() for each in queries]


def unknown(features):
    """Announced features that this file has nothing for."""
    return sorted(each for each in features if each not in QUERIES and each not in NO_QUERY
                  and not re.match(r"muc_|http://jabber.org/protocol/muc#|urn:xmpp:hats:commands|urn:xmpp:.*#", each))


def plain(text):
    """An answer without what differs between any two: ids, times, what was counted in seconds."""
    text = re.sub(r" (id|sessionid|seconds|stamp|queryid)=\"[^\"]*\"", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", "", text)
    return re.sub(r"\b[a-z2-7]{20,}\b|\b[0-9a-f]{16,}\b", "", text)


async def ask(person, to, queries, at_once=20):
    """{(type, payload): answer as text}, each of them answered."""
    answers = {}
    for start in range(0, len(queries), at_once):
        sent = {}
        mark = person.mark()
        for kind, payload in queries[start:start + at_once]:
            id = person.new_id()
            person.sent_ids.append(id)
            sent[id] = (kind, payload)
            person.send_raw(f"<iq type='{kind}' id='{id}' to='{_attribute(to)}'>{payload}</iq>")
        for id, query in sent.items():
            answer = await person.sees(_Answer(id, to, query), after=mark)
            answers[query] = str(answer)
    return answers


async def run_commands(person, to):
    """The last answer of each ad-hoc command that this address lists, its form filled in with FIELDS."""
    answers = {}
    listed = await ask(person, to, [("get", f"<query xmlns='{ns.DISCO_ITEMS}' node='{ns.COMMANDS}'/>")])
    for node in re.findall(r" node=\"([^\"]+)\"", next(iter(listed.values())))[1:]:
        step = f"<command xmlns='{ns.COMMANDS}' node='{node}'{{}}/>"
        first = (await ask(person, to, [("set", step.format(" action='execute'"))])).popitem()[1]
        answers[node] = first
        session = re.search(r"sessionid=\"([^\"]+)\"", first)
        if not session or "status=\"executing\"" not in first:
            continue
        fields = "".join(f"<field var='{each}'><value>{_attribute(FIELDS.get(each, '1'))}</value></field>"
                         for each in dict.fromkeys(re.findall(r"<field[^>]* var=\"([^\"]+)\"", first)))
        filled = f"<command xmlns='{ns.COMMANDS}' node='{node}' sessionid='{session[1]}'>{FORM.format(fields)}</command>"
        answers[node + " filled in"] = (await ask(person, to, [("set", filled)])).popitem()[1]
    return answers


def _attribute(text):
    return text.replace("&", "&amp;").replace("'", "&apos;").replace("<", "&lt;")


class _Answer:
    def __init__(self, id, to, query):
        self.id, self.text = id, f"an answer of {to} to {query}"

    def __call__(self, each):
        return each.kind == "iq" and each.id == self.id and each.type in ("result", "error")

    def __str__(self):
        return self.text


async def settle(person, seconds=1.0):
    """Until nothing more comes for a while: messages and presence have no answer to wait for."""
    count = -1
    while count != person.mark():
        count = person.mark()
        await asyncio.sleep(seconds)
