// What one stanza costs to read: expat alone, our parser with its tree, and the parsers of gloox
// and libstrophe. The last lines are the ratios of this run; only they can be compared.
// libstrophe's push parser is not in its public header: xmpp_stanza_new_from_string stands for it,
// which makes a new parser for each stanza.

#include <benchmark/benchmark.h>
#include <expat.h>
#include <gloox/parser.h>
#include <gloox/tag.h>
#include <gloox/taghandler.h>
#include <strophe.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "bench/best.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace {

const std::string kHeader =
    "<stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' from='rooms.a.example' id='s1'>";
// 348 bytes, as a host passes a message of a client on.
const std::string kStanza =
    "<message type='groupchat' id='9d4c1f0e-77aa5' from='anna@a.example/desk' "
    "to='team@rooms.a.example'><body>The figures for the third quarter "
    "are on the shared drive; please look at them before the meeting &amp; tell me what is "
    "missing.</body><origin-id xmlns='urn:xmpp:sid:0' id='9d4c1f0e-77aa5'/>"
    "<markable xmlns='urn:xmpp:chat-markers:0'/></message>";

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench_parse: %s\n", what);
  std::exit(1);
}

// Expat with handlers that only count, on one stream.
void expat_alone(benchmark::State& state) {
  XML_Parser const parser = XML_ParserCreateNS("UTF-8", '\x01');
  std::size_t seen = 0;
  XML_SetUserData(parser, &seen);
  XML_SetElementHandler(
      parser,
      [](void* count, const char* name, const char** attributes) {
        *static_cast<std::size_t*>(count) += static_cast<std::size_t>(*name);
        benchmark::DoNotOptimize(attributes);
      },
      [](void* count, const char*) { ++*static_cast<std::size_t*>(count); });
  XML_SetCharacterDataHandler(parser, [](void* count, const char*, int length) {
    *static_cast<std::size_t*>(count) += static_cast<std::size_t>(length);
  });
  XML_Parse(parser, kHeader.data(), static_cast<int>(kHeader.size()), XML_FALSE);
  for (auto _ : state) {
    const XML_Status status =
        XML_Parse(parser, kStanza.data(), static_cast<int>(kStanza.size()), XML_FALSE);
    require(status == XML_STATUS_OK, "expat refuses the stanza");
  }
  benchmark::DoNotOptimize(seen);
  XML_ParserFree(parser);
}

class Ours {
 public:
  Ours() { parser_.feed(kHeader, events_); }
  // The one stanza of `bytes`.
  hansa::xmpp::DocumentPtr read(std::string_view bytes) {
    events_.clear();
    parser_.feed(bytes, events_);
    require(events_.size() == 1, "ours does not read the stanza");
    return std::move(std::get<hansa::xmpp::StanzaRead>(events_.front()).stanza);
  }

 private:
  hansa::xmpp::StreamParser parser_;
  std::vector<hansa::xmpp::StreamEvent> events_;
};

// The tree in its arena, made and freed.
void hansa_tree(benchmark::State& state) {
  Ours ours;
  for (auto _ : state) benchmark::DoNotOptimize(ours.read(kStanza));
}

// With addresses prepared as well: what a handler is given.
void hansa_stanza(benchmark::State& state) {
  Ours ours;
  for (auto _ : state) {
    auto stanza = hansa::xmpp::Stanza::parse(ours.read(kStanza));
    require(stanza.ok(), "ours refuses the stanza");
    benchmark::DoNotOptimize(stanza);
  }
}

class GlooxSink final : public gloox::TagHandler {
 public:
  void handleTag(gloox::Tag* tag) override {
    benchmark::DoNotOptimize(tag);
    ++tags;
  }
  std::size_t tags = 0;
};

void gloox_tree(benchmark::State& state) {
  GlooxSink sink;
  gloox::Parser parser(&sink);
  std::string header = kHeader;
  parser.feed(header);
  for (auto _ : state) {
    std::string data = kStanza;  // it changes what it is given
    require(parser.feed(data) < 0, "gloox refuses the stanza");
  }
  require(sink.tags >= static_cast<std::size_t>(state.iterations()),
          "gloox does not read the stanza");
}

void libstrophe_tree(benchmark::State& state) {
  xmpp_initialize();
  xmpp_ctx_t* const context = xmpp_ctx_new(nullptr, nullptr);
  for (auto _ : state) {
    xmpp_stanza_t* const stanza = xmpp_stanza_new_from_string(context, kStanza.c_str());
    require(stanza != nullptr, "libstrophe refuses the stanza");
    xmpp_stanza_release(stanza);
  }
  xmpp_ctx_free(context);
  xmpp_shutdown();
}

BENCHMARK(expat_alone);
BENCHMARK(hansa_tree);
BENCHMARK(hansa_stanza);
BENCHMARK(gloox_tree);
BENCHMARK(libstrophe_tree);

}  // namespace

int main(int argc, char** argv) {
  return hansa::bench::run(argc, argv, [](const hansa::bench::Best& best) {
    const double expat = best.cpu("expat_alone");
    if (expat == 0) return;
    std::printf("\n%zu bytes, ratios to expat alone (best of each):\n", kStanza.size());
    for (const char* name : {"gloox_tree", "hansa_stanza", "hansa_tree", "libstrophe_tree"}) {
      std::printf("%-16s %5.2f\n", name, best.cpu(name) / expat);
    }
  });
}
