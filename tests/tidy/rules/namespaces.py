"""A protocol namespace is written once: RFC 6120/6121's in xmpp/ns.h, a XEP's in its xep-spec pair."""

import re

from source import is_under

FREE = ["tests", "bench"]
RFC_HOME = "xmpp/ns.h"
XEP_HOME = "xep-spec"
RFC = {
    "jabber:client",
    "jabber:server",
    "jabber:iq:roster",
    "http://etherx.jabber.org/streams",
    "urn:xmpp:features:rosterver",
    "urn:xmpp:features:pre-approval",
}
RFC_PREFIX = "urn:ietf:params:xml:ns:xmpp-"
# A namespace stands alone in its literal or is quoted inside of one (xmlns='...').
VALUE = re.compile(
    r"""(?:^|(?<=['"]))(
        jabber:[a-z][^\s'"<>\\]*
      | urn:xmpp:[^\s'"<>\\]*
      | urn:ietf:params:xml:ns:xmpp-[^\s'"<>\\]*
      | https?://jabber\.org/[^\s'"<>\\]*
      | http://etherx\.jabber\.org/streams
      | vcard-temp[a-z:]*
      | storage:[a-z]+(?=$|['"])
    )""",
    re.VERBOSE,
)


def namespaces_have_one_home(tree):
    seen = {}
    for source in tree.cpp:
        if any(is_under(source.path, folder) for folder in FREE):
            continue
        for line, literal in source.literals:
            for value in VALUE.findall(literal):
                if value in RFC or value.startswith(RFC_PREFIX):
                    home = RFC_HOME
                else:
                    home = XEP_HOME
                if not is_under(source.path, home):
                    yield source.finding(line, f"namespace {value} belongs in {home}")
                elif value in seen:
                    yield source.finding(line, f"namespace {value} is defined in {seen[value]}")
                else:
                    seen[value] = f"{source.path}:{line}"
