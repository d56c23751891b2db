#include "xmpp/parser.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/xmpp/reading.h"
#include "xmpp/ns.h"

using namespace hansa::xmpp;
using namespace hansa::xmpp::testing;

TEST_CASE("parser: a stream is opened, read and closed") {
  std::string bytes(kOpening);
  bytes += "<message to='a'><body>b</body></message> \n <presence/></stream:stream>";
  CHECK(read_stream(bytes) ==
        Told{"opened jabber:component:accept <stream xmlns='http://etherx.jabber.org/streams' "
             "from='rooms.a.example' id='s1'/>",
             "<message to='a'><body>b</body></message>", "<presence/>", "closed"});
}

TEST_CASE("parser: a stanza is reported with its last byte, not later") {
  Reading reading;
  CHECK(reading.feed("<message><body>x</body></message").empty());
  CHECK(reading.feed(">") == Told{"<message><body>x</body></message>"});
  CHECK(reading.feed("<presence/") == Told{});
  CHECK(reading.feed("><iq/><ms") == Told{"<presence/>", "<iq/>"});
  CHECK(reading.feed("g/>") == Told{"<msg/>"});
  CHECK(reading.dribble("<message/>") == Told{"<message/>"});
  CHECK(reading.feed("</stream:stream>") == Told{"closed"});
}

TEST_CASE("parser: after the end and after an error nothing is read") {
  Reading closed;
  CHECK(closed.feed("</stream:stream><message/>") == Told{"closed"});
  CHECK(closed.feed("<message/>").empty());
  Reading broken;
  CHECK(broken.feed("<a></b><message/>") == Told{"broken not-well-formed"});
  CHECK(broken.feed("<message/>").empty());
  Reading after;
  CHECK(after.feed("<presence/><a></b>") == Told{"<presence/>", "broken not-well-formed"});
}

TEST_CASE("parser: any stream's content namespace is read as one") {
  for (const std::string_view content :
       {"jabber:client", "jabber:server", "jabber:component:accept"}) {
    StreamParser parser;
    std::vector<StreamEvent> events;
    parser.feed("<stream:stream xmlns='" + std::string(content) +
                    "' xmlns:stream='http://etherx.jabber.org/streams'>"
                    "<message><body/><x xmlns='urn:x'><y/></x></message>"
                    "<stream:features/>",
                events);
    REQUIRE(events.size() == 3);
    CHECK(std::get<StreamOpened>(events[0]).content_ns == content);
    CHECK(told(events[1]) == "<message><body/><x xmlns='urn:x'><y/></x></message>");
    CHECK(std::get<StanzaRead>(events[2]).stanza->root().is("features", ns::kStreams));
  }
}

TEST_CASE("parser: only the stream's own content namespace is changed") {
  Reading reading;
  CHECK(reading.feed("<message><forwarded xmlns='urn:f'><message xmlns='jabber:server'><body/>"
                     "</message><message xmlns='jabber:component:accept'/><message "
                     "xmlns='jabber:client'/></forwarded></message>") ==
        Told{"<message><forwarded xmlns='urn:f'><message xmlns='jabber:server'><body/></message>"
             "<message xmlns='jabber:client'/><message xmlns='jabber:client'/></forwarded>"
             "</message>"});
}

TEST_CASE("parser: a stream may declare its content at each stanza") {
  CHECK(read_stream("<stream xmlns='http://etherx.jabber.org/streams'><features/>"
                    "<message xmlns='jabber:client'/></stream>") ==
        Told{"opened http://etherx.jabber.org/streams "
             "<stream xmlns='http://etherx.jabber.org/streams'/>",
             "<features xmlns='http://etherx.jabber.org/streams'/>", "<message/>", "closed"});
}

TEST_CASE("parser: the prefixes of the header hold in the stanzas") {
  CHECK(read_stream("<s:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' "
                    "xmlns:s='http://etherx.jabber.org/streams'><db:result/>")
            .at(1) == "<result xmlns='jabber:server:dialback'/>");
}

TEST_CASE("parser: a wrong root is refused") {
  struct Row {
    std::string_view bytes;
    std::string_view condition;
  };
  const Row rows[] = {
      {"<stream xmlns='jabber:client'>", "broken invalid-namespace"},
      {"<s:stream xmlns:s='http://etherx.jabber.org/stream'>", "broken invalid-namespace"},
      {"<s:steam xmlns:s='http://etherx.jabber.org/streams'>", "broken bad-format"},
      {"<stream:stream>", "broken not-well-formed"},  // the prefix is not declared
      {"hello, is this a mail server?\r\n", "broken not-well-formed"},
      {"GET / HTTP/1.1\r\n\r\n", "broken not-well-formed"},
      {"</stream>", "broken not-well-formed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(read_stream(row.bytes) == Told{std::string(row.condition)});
  }
}

TEST_CASE("parser: what RFC 6120 §11.1 forbids breaks the stream at once") {
  for (const std::string_view bytes : {"<!-- x -->", "<!--", "<?php", "<?x?>", "<a><!-- x --></a>",
                                       "<a>&nbsp;</a>", "<a b='&x;'/>", "<?xml version='1.0'?>",
                                       "<!DOCTYPE a>", "<!ELEMENT a ANY>", "<a><?x?></a>"}) {
    CAPTURE(bytes);
    CHECK(Reading().feed(bytes) == Told{"broken restricted-xml"});
    CHECK(Reading().dribble(bytes) == Told{"broken restricted-xml"});
  }
  for (const std::string_view bytes :
       {"<!DOCTYPE stream>", "<!DOCTYPE stream [<!ENTITY a 'b'>]><stream/>", "<!-- x --><stream>",
        "<?x?><stream>", "<?xml version='1.0'?><?x?>", "<?xml version='1.0'?><!DOCTYPE a"}) {
    CAPTURE(bytes);
    CHECK(read_stream(bytes) == Told{"broken restricted-xml"});
  }
  // Their allowed neighbours.
  CHECK(Reading().feed("<a>&lt;&gt;&amp;&quot;&apos;&#33;&#x21;<![CDATA[<!-- ]]></a>") ==
        Told{"<a>&lt;&gt;&amp;\"'!!&lt;!-- </a>"});
}

TEST_CASE("parser: a declaration stands at the start, in UTF-8") {
  const std::string stream(kOpening.substr(kOpening.find("<stream")));
  for (const std::string_view good :
       {"", "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n",
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?>", "  ", "\xEF\xBB\xBF",
        "\xEF\xBB\xBF<?xml version='1.0'?>"}) {
    CAPTURE(good);
    CHECK(read_stream(std::string(good) + stream).at(0).starts_with("opened"));
  }
  struct Row {
    std::string_view bytes;
    std::string_view condition;
  };
  const Row rows[] = {
      {"<?xml version='1.0' encoding='iso-8859-1'?>", "broken unsupported-encoding"},
      {"<?xml version='1.0' encoding='UTF-16'?>", "broken unsupported-encoding"},
      {"<?xml version='1.0'?><?xml version='1.0'?>", "broken restricted-xml"},
      {" <?xml version='1.0'?>", "broken restricted-xml"},
      {"<?xml encoding='UTF-8'?>", "broken not-well-formed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(read_stream(std::string(row.bytes) + stream) == Told{std::string(row.condition)});
  }
}

TEST_CASE("parser: what is not well-formed breaks the stream") {
  for (const std::string_view bytes :
       {"<a></b>", "<a b=c/>", "<a b='1' b='2'/>", "<a x:b='1'/>", "<x:a/>", "< a/>", "<a b='<'/>",
        "<a>]]></a>", "<a>&</a>", "<a>&#0;</a>", "<a>&#xFFFF;</a>", "</a>", "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>", "<a xmlns='http://www.w3.org/XML/1998/namespace'/>"}) {
    CAPTURE(bytes);
    CHECK(Reading().feed(bytes) == Told{"broken not-well-formed"});
  }
}

TEST_CASE("parser: bytes that are not UTF-8 break the stream") {
  for (const std::string_view bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                       "\xEF\xBF\xBF", "\x80", "\xC3<", "\x01", "\x0B"}) {
    CAPTURE(bytes);
    const std::string text = "<a>" + std::string(bytes) + "</a>";
    CHECK(Reading().feed(text) == Told{"broken not-well-formed"});
    CHECK(Reading().dribble(text) == Told{"broken not-well-formed"});
    CHECK(Reading().feed("<a b='" + std::string(bytes) + "'/>") == Told{"broken not-well-formed"});
  }
  const std::string zero("<a>\0</a>", 8);
  CHECK(Reading().feed(zero) == Told{"broken not-well-formed"});
  CHECK(Reading().feed("<a>\xC3\xA4\xF0\x9F\x8D\x8B</a>") ==
        Told{"<a>\xC3\xA4\xF0\x9F\x8D\x8B</a>"});
}

TEST_CASE("parser: between stanzas there is white space and nothing else") {
  CHECK(Reading().feed(" \r\n\t<a/>\n") == Told{"<a/>"});
  CHECK(Reading().feed("x<a/>") == Told{"broken bad-format"});
  CHECK(Reading().feed("<a/>&#33;") == Told{"<a/>", "broken bad-format"});
}

TEST_CASE("parser: it can be moved while it reads") {
  StreamParser first;
  std::vector<StreamEvent> events;
  first.feed(kOpening, events);
  first.feed("<mess", events);
  StreamParser second = std::move(first);
  second.feed("age/>", events);
  CHECK(told(events).at(1) == "<message/>");
}

TEST_CASE("element alone: one whole element is read, its neighbours are not") {
  CHECK(parse_element("<a/>").ok());
  CHECK(parse_element(" <a/>\n").ok());
  for (const std::string_view bad :
       {"", " ", "<a>", "<a", "<a/><b/>", "<a/>x", "x<a/>", "</root>", "<a/></root>", "<a/><b",
        "<!-- x --><a/>", "<?xml version='1.0'?><a/>", "<a>&x;</a>", "<a></b>"}) {
    CAPTURE(bad);
    const auto read = parse_element(bad);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().condition == hansa::Condition::bad_request);
    CHECK_FALSE(read.error().text.empty());
  }
}

TEST_CASE("element alone: what has no namespace is in the given one") {
  const auto read = parse_element("<a><b/><c xmlns='urn:c'/></a>", "urn:<'&");
  REQUIRE(read.ok());
  CHECK((*read)->root().is("a", "urn:<'&"));
  CHECK((*read)->root().child("b", "urn:<'&") != nullptr);
  CHECK((*read)->root().child("c", "urn:c") != nullptr);
  CHECK((*parse_element("<a/>"))->root().ns().empty());
  CHECK((*parse_element("<a/>", "jabber:server"))->root().ns() == "jabber:server");
}
