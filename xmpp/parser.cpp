#include "xmpp/parser.h"

#include <expat.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include "xmpp/ns.h"
#include "xmpp/token_scanner.h"
#include "xmpp/tree_builder.h"
#include "xmpp/writer.h"

namespace hansa::xmpp {
namespace {

// Between namespace and local name in what expat reports. No XML document can contain it.
constexpr char kSeparator = '\x01';
// What expat gets at once: its buffer grows to twice the largest piece, and stays.
constexpr std::size_t kPieceBytes = 64 * 1024;
// What TokenScanner cannot judge is a part of a character, of "]]>" or of "<![CDATA["; more is a
// bare word where the first tag should be.
constexpr std::size_t kLooseBytes = 8;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using ParserPtr = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

struct Name {
  std::string_view ns;
  std::string_view local;
};

Name split(const char* raw) {
  const std::string_view whole(raw);
  const std::size_t at = whole.find(kSeparator);
  if (at == std::string_view::npos) return {{}, whole};
  return {whole.substr(0, at), whole.substr(at + 1)};
}

// Expat ≥ 2.6, and older ones with the mend of CVE-2023-52425, may keep a finished tag back until
// more bytes come. TokenScanner does what that is for.
template <typename Parser>
void never_defer(Parser parser) {
  if constexpr (requires { XML_SetReparseDeferralEnabled(parser, XML_FALSE); }) {
    XML_SetReparseDeferralEnabled(parser, XML_FALSE);
  }
}

bool is_utf8(std::string_view encoding) {
  constexpr std::string_view kUtf8 = "utf-8";
  return std::equal(encoding.begin(), encoding.end(), kUtf8.begin(), kUtf8.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); });
}

}  // namespace

class StreamParser::Impl {
 public:
  // stream: as the header of this file says. element: the root only holds what is parsed, and no
  // namespace is read as another.
  enum class Mode { stream, element };

  Impl(const ParserLimits& bounds, Mode mode) : bounds_(bounds), mode_(mode) { renew(); }

  void feed(std::string_view bytes, std::vector<StreamEvent>& out);
  // Nothing of an element is waiting to be finished.
  [[nodiscard]] bool between_stanzas() const {
    return depth_ == 1 && !token_.is_open() && fed_ == stanza_start_;
  }

 private:
  struct Handlers;
  void renew();
  void take(std::string_view piece);
  void no_room();
  void run(std::string_view bytes);
  std::size_t run_expat(std::string_view bytes);
  void look_at_tail(std::string_view bytes);
  void fail_as_expat_says();
  void refuse_markup();
  void stop(std::string_view condition, std::string text);
  void too_much(std::string_view what, std::size_t limit);
  void stop_expat() { XML_StopParser(parser_.get(), XML_FALSE); }
  [[nodiscard]] std::size_t end_of_event() const;

  void on_start(const char* raw, const char** attributes);
  void on_root(const Name& name);
  void add_attributes(const char** attributes);
  void on_end();
  void on_text(std::string_view run);
  void on_declaration(const char* prefix, const char* uri);
  void on_xml_declaration(const char* encoding);
  void on_other(std::string_view raw);

  const ParserLimits bounds_;
  const Mode mode_;
  ParserPtr parser_;
  TreeBuilder tree_;
  TokenScanner token_;
  std::vector<StreamEvent>* out_ = nullptr;
  std::string held_;    // the end of an unfinished token that expat need not see yet
  std::string header_;  // bytes up to the end of the root's tag, for renew()
  std::string content_ns_;
  std::string default_ns_;        // as the root declares it
  std::size_t fed_ = 0;           // bytes given to parser_
  std::size_t stanza_start_ = 0;  // of these, up to the end of the last stanza
  std::size_t depth_ = 0;         // the root's is 1
  std::size_t elements_ = 0;      // of this stanza
  std::size_t declarations_ = 0;  // of namespaces, in this tag
  bool done_ = false;
  bool replaying_ = false;
  bool renew_due_ = false;
  bool out_of_memory_ = false;
};

// What expat calls. An exception must not pass its C frames: it becomes a flag.
struct StreamParser::Impl::Handlers {
  template <typename Work>
  static void guarded(void* self, Work work) noexcept {
    Impl& impl = *static_cast<Impl*>(self);
    if (impl.done_ || impl.renew_due_ || impl.out_of_memory_) return;
    try {
      work(impl);
    } catch (const std::bad_alloc&) {
      impl.out_of_memory_ = true;
      impl.stop_expat();
    }
  }
  static void start(void* self, const char* name, const char** attributes) {
    guarded(self, [&](Impl& impl) { impl.on_start(name, attributes); });
  }
  static void end(void* self, const char*) {
    guarded(self, [](Impl& impl) { impl.on_end(); });
  }
  static void text(void* self, const char* run, int length) {
    guarded(self, [&](Impl& impl) { impl.on_text({run, static_cast<std::size_t>(length)}); });
  }
  static void declaration(void* self, const char* prefix, const char* uri) {
    guarded(self, [&](Impl& impl) { impl.on_declaration(prefix, uri); });
  }
  static void xml_declaration(void* self, const char*, const char* encoding, int) {
    guarded(self, [&](Impl& impl) { impl.on_xml_declaration(encoding); });
  }
  static void other(void* self, const char* raw, int length) {
    guarded(self, [&](Impl& impl) { impl.on_other({raw, static_cast<std::size_t>(length)}); });
  }
};

// Expat remembers every name it has seen for as long as it lives, and clients choose names. So it
// is replaced now and then between two stanzas, and the new one is given the stream's header.
void StreamParser::Impl::renew() {
  parser_.reset(XML_ParserCreateNS("UTF-8", kSeparator));
  if (parser_ == nullptr) throw std::bad_alloc();
  XML_Parser const parser = parser_.get();
  never_defer(parser);
  XML_SetUserData(parser, this);
  XML_SetElementHandler(parser, Handlers::start, Handlers::end);
  XML_SetCharacterDataHandler(parser, Handlers::text);
  XML_SetStartNamespaceDeclHandler(parser, Handlers::declaration);
  XML_SetXmlDeclHandler(parser, Handlers::xml_declaration);
  // Gets what no other handler takes: all that RFC 6120 §11.1 forbids.
  XML_SetDefaultHandler(parser, Handlers::other);
  renew_due_ = false;
  if (header_.empty()) return;
  replaying_ = true;
  depth_ = 0;
  fed_ = stanza_start_ = header_.size();
  if (XML_Parse(parser, header_.data(), static_cast<int>(header_.size()), XML_FALSE) !=
      XML_STATUS_OK) {
    throw std::bad_alloc();  // the same bytes were good before
  }
  replaying_ = false;
}

void StreamParser::Impl::feed(std::string_view bytes, std::vector<StreamEvent>& out) {
  out_ = &out;
  try {
    while (!bytes.empty() && !done_) {
      const std::size_t room = bounds_.stanza_bytes - (fed_ + held_.size() - stanza_start_);
      const std::string_view piece = bytes.substr(0, std::min(room, kPieceBytes));
      if (piece.empty()) return no_room();
      bytes.remove_prefix(piece.size());
      take(piece);
    }
  } catch (const std::bad_alloc&) {
    stop("resource-constraint", "There is no memory for that.");
  }
}

void StreamParser::Impl::no_room() {
  run(std::exchange(held_, {}));  // what is wrong in it is the better reason
  if (!done_) too_much("a stanza's bytes", bounds_.stanza_bytes);
}

void StreamParser::Impl::take(std::string_view piece) {
  if (token_.is_open()) {
    const TokenScanner::Verdict verdict = token_.more(piece);
    if (verdict == TokenScanner::Verdict::refuse) return refuse_markup();
    if (verdict == TokenScanner::Verdict::wait) {
      held_ += piece;
      return;
    }
  }
  if (held_.empty()) return run(piece);
  held_ += piece;
  run(std::exchange(held_, {}));
}

void StreamParser::Impl::run(std::string_view bytes) {
  while (!bytes.empty() && !done_) bytes.remove_prefix(run_expat(bytes));
}

// Returns how much of `bytes` was used: all, unless the parser was renewed amid them.
std::size_t StreamParser::Impl::run_expat(std::string_view bytes) {
  const std::size_t before = fed_;
  fed_ += bytes.size();
  if (depth_ == 0) header_ += bytes;
  if (XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), XML_FALSE) ==
      XML_STATUS_OK) {
    look_at_tail(bytes);
  } else if (out_of_memory_) {
    throw std::bad_alloc();
  } else if (renew_due_) {
    const std::size_t used = stanza_start_ - before;
    token_.reset();
    renew();
    return used;
  } else if (!done_) {
    fail_as_expat_says();
  }
  return bytes.size();
}

// What expat left of the bytes that it has is an unfinished token.
void StreamParser::Impl::look_at_tail(std::string_view bytes) {
  constexpr XML_Index kByteOrderMark = 3;
  const XML_Index index = std::max<XML_Index>(XML_GetCurrentByteIndex(parser_.get()), 0);
  const std::size_t tail = fed_ - static_cast<std::size_t>(index);
  if (tail == 0) return token_.reset();
  if (tail > bytes.size()) {
    token_.give_up();
  } else {
    const std::string_view token = bytes.substr(bytes.size() - tail);
    switch (token_.start(token, index <= kByteOrderMark)) {
      case TokenScanner::Verdict::refuse: return refuse_markup();
      case TokenScanner::Verdict::parse: token_.give_up(); break;
      case TokenScanner::Verdict::wait: return;
    }
  }
  if (tail > kLooseBytes) stop("not-well-formed", "There is text where a tag should be.");
}

void StreamParser::Impl::fail_as_expat_says() {
  const XML_Error error = XML_GetErrorCode(parser_.get());
  if (error == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
  if (error == XML_ERROR_UNDEFINED_ENTITY) {
    return stop("restricted-xml", "Only the five predefined entities are allowed.");
  }
  stop("not-well-formed", std::string("The XML is wrong: ") + XML_ErrorString(error) + ".");
}

void StreamParser::Impl::stop(std::string_view condition, std::string text) {
  done_ = true;
  stop_expat();
  out_->emplace_back(StreamBroken{condition, std::move(text)});
}

void StreamParser::Impl::refuse_markup() {
  stop("restricted-xml", "Comments, document types and instructions are forbidden.");
}

void StreamParser::Impl::too_much(std::string_view what, std::size_t limit) {
  stop("policy-violation",
       "Over the limit of " + std::string(what) + ": " + std::to_string(limit) + ".");
}

std::size_t StreamParser::Impl::end_of_event() const {
  return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_.get()) +
                                  XML_GetCurrentByteCount(parser_.get()));
}

void StreamParser::Impl::on_start(const char* raw, const char** attributes) {
  const std::size_t declarations = std::exchange(declarations_, 0);
  ++depth_;
  if (replaying_) return;
  if (declarations > bounds_.attributes) return too_much("attributes", bounds_.attributes);
  if (depth_ - 1 > bounds_.depth) return too_much("nested elements", bounds_.depth);
  const Name name = split(raw);
  if (depth_ == 1) {
    if (mode_ == Mode::stream) {
      if (name.ns != ns::kStreams) return stop("invalid-namespace", "The root is not a stream.");
      if (name.local != "stream") return stop("bad-format", "The root is not a stream.");
    }
    tree_.open(name.local, name.ns);
    add_attributes(attributes);
    if (!done_) on_root(name);
    return;
  }
  if (depth_ == 2) elements_ = 0;
  if (++elements_ > bounds_.elements) return too_much("elements in a stanza", bounds_.elements);
  const bool is_content = !content_ns_.empty() && name.ns == content_ns_;
  tree_.open(name.local, is_content ? ns::kClient : name.ns);
  add_attributes(attributes);
}

void StreamParser::Impl::on_root(const Name& name) {
  tree_.close();
  stanza_start_ = end_of_event();
  header_.resize(stanza_start_);
  DocumentPtr header = tree_.take();
  if (mode_ == Mode::element) return;
  // A stream without a content namespace of its own declares it at each stanza.
  if (default_ns_ != name.ns) content_ns_ = default_ns_;
  out_->emplace_back(StreamOpened{std::move(header), default_ns_});
}

void StreamParser::Impl::add_attributes(const char** attributes) {
  std::size_t count = 0;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view value(attributes[1]);
    if (++count > bounds_.attributes) return too_much("attributes", bounds_.attributes);
    if (value.size() > bounds_.attribute_bytes) {
      return too_much("an attribute's bytes", bounds_.attribute_bytes);
    }
    const Name name = split(attributes[0]);
    if (name.ns != ns::kXml) {
      tree_.attribute(name.local, name.ns, value);
    } else {
      tree_.attribute("xml:" + std::string(name.local), {}, value);
    }
  }
}

void StreamParser::Impl::on_end() {
  if (depth_ == 1) {
    done_ = true;
    stop_expat();
    out_->emplace_back(StreamClosed{});
    return;
  }
  tree_.close();
  if (--depth_ > 1) return;
  out_->emplace_back(StanzaRead{tree_.take()});
  stanza_start_ = end_of_event();
  if (stanza_start_ - header_.size() > bounds_.renew_bytes) {
    renew_due_ = true;
    stop_expat();
  }
}

void StreamParser::Impl::on_text(std::string_view run) {
  if (depth_ > 1) return tree_.text(run);
  if (run.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return stop("bad-format", "There is text between stanzas.");
  }
  stanza_start_ = end_of_event();  // a keep-alive: forgotten
}

void StreamParser::Impl::on_declaration(const char* prefix, const char* uri) {
  const std::string_view ns(uri == nullptr ? "" : uri);
  ++declarations_;
  if (ns.size() > bounds_.attribute_bytes) {
    return too_much("an attribute's bytes", bounds_.attribute_bytes);
  }
  if (depth_ == 0 && prefix == nullptr) default_ns_ = ns;
}

void StreamParser::Impl::on_xml_declaration(const char* encoding) {
  if (encoding != nullptr && !is_utf8(encoding)) {
    stop("unsupported-encoding", "Streams are encoded in UTF-8.");
  }
}

void StreamParser::Impl::on_other(std::string_view raw) {
  const bool whitespace = raw.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (whitespace || raw == "<![CDATA[" || raw == "]]>") return;
  refuse_markup();
}

StreamParser::StreamParser(ParserLimits bounds)
    : impl_(std::make_unique<Impl>(bounds, Impl::Mode::stream)) {}
StreamParser::~StreamParser() = default;
StreamParser::StreamParser(StreamParser&&) noexcept = default;
StreamParser& StreamParser::operator=(StreamParser&&) noexcept = default;

void StreamParser::feed(std::string_view bytes, std::vector<StreamEvent>& out) {
  impl_->feed(bytes, out);
}

Result<DocumentPtr> parse_element(std::string_view text, std::string_view default_ns,
                                  ParserLimits bounds) {
  std::string root = "<root xmlns='";
  append_escaped(root, default_ns);
  root += "'>";
  StreamParser::Impl parser(bounds, StreamParser::Impl::Mode::element);
  std::vector<StreamEvent> events;
  parser.feed(root, events);
  parser.feed(text, events);
  for (const StreamEvent& event : events) {
    const auto* broken = std::get_if<StreamBroken>(&event);
    if (broken != nullptr) return Error(Condition::bad_request, broken->text);
  }
  const auto* read = events.size() == 1 ? std::get_if<StanzaRead>(&events.front()) : nullptr;
  if (read == nullptr || !parser.between_stanzas()) {
    return Error(Condition::bad_request, "That is not one whole XML element.");
  }
  return read->stanza;
}

}  // namespace hansa::xmpp
