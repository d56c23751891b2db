#include "xmpp/parser.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "xmpp/expat_reader.h"
#include "xmpp/ns.h"
#include "xmpp/tree_builder.h"
#include "xmpp/writer.h"

namespace hansa::xmpp {
namespace {

struct Name {
  std::string_view ns;
  std::string_view local;
};

// Of an element: it usually has a long namespace.
Name split(const char* reported) {
  const char* const at = std::strchr(reported, ExpatReader::kSeparator);
  if (at == nullptr) return {{}, reported};
  return {std::string_view(reported, at), at + 1};
}

// Of an attribute: so short that the library's functions would cost more than one look.
Name split_short(const char* reported) {
  const char* end = reported;
  while (*end != '\0' && *end != ExpatReader::kSeparator) ++end;
  if (*end == '\0') return {{}, std::string_view(reported, end)};
  return {std::string_view(reported, end), end + 1};
}

bool is_utf8(std::string_view encoding) {
  constexpr std::string_view kUtf8 = "utf-8";
  return std::equal(encoding.begin(), encoding.end(), kUtf8.begin(), kUtf8.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); });
}

}  // namespace

class StreamParser::Impl final : private ExpatReader::Sink {
 public:
  // stream: as the header of this file says. element: the root only holds what is parsed, and no
  // namespace is read as another.
  enum class Mode : std::uint8_t { stream, element };

  Impl(const ParserLimits& bounds, Mode mode)
      : bounds_(bounds), mode_(mode), reader_(*this, bounds.stanza_bytes, bounds.renew_bytes) {}

  void feed(std::string_view bytes, std::vector<StreamEvent>& out) {
    out_ = &out;
    reader_.feed(bytes);
    out_ = nullptr;
  }
  // Nothing of an element is waiting to be finished.
  [[nodiscard]] bool between_stanzas() const { return depth_ == 1 && reader_.at_mark(); }

 private:
  void declared(const char* prefix, const char* uri) override;
  void started(const char* name, const char** attributes) override;
  void ended() override;
  void text(std::string_view run) override;
  void encoding(std::string_view name) override;
  void broken(std::string_view condition, std::string text) override;
  bool too_long(std::size_t limit) override;

  void root_started(const Name& name, const char** attributes);
  void add_attributes(const char** attributes);
  void stop(std::string_view condition, std::string text);
  void too_much(std::string_view what, std::size_t limit);
  void refuse(std::string text);
  [[nodiscard]] bool refusing() const { return !refused_.empty(); }

  const ParserLimits bounds_;
  const Mode mode_;
  ExpatReader reader_;
  TreeBuilder tree_;
  std::vector<StreamEvent>* out_ = nullptr;
  std::string default_ns_;         // as the root declares it
  std::string content_ns_;         // read as kClient; empty: none is
  std::size_t depth_ = 0;          // the root's is 1
  std::size_t elements_ = 0;       // of this stanza
  std::size_t declarations_ = 0;   // of namespaces, in this tag
  bool long_declaration_ = false;  // one of them is
  bool long_tag_ = false;          // this tag is as long as a stanza may be
  bool stopped_ = false;
  std::string refused_;  // why the rest of this stanza is passed over; empty: it is not
};

void StreamParser::Impl::declared(const char* prefix, const char* uri) {
  const std::string_view ns(uri);
  ++declarations_;
  long_declaration_ = long_declaration_ || ns.size() > bounds_.attribute_bytes;
  if (depth_ == 0 && prefix == nullptr) default_ns_ = ns;
}

void StreamParser::Impl::started(const char* raw, const char** attributes) {
  const Name name = split(raw);
  if (++depth_ == 1) return root_started(name, attributes);
  if (refusing()) {
    declarations_ = 0;
    return;
  }
  if (depth_ == 2) elements_ = 0;
  if (depth_ - 1 > bounds_.depth) return too_much("nested elements", bounds_.depth);
  if (++elements_ > bounds_.elements) return too_much("elements in a stanza", bounds_.elements);
  const bool is_content = !content_ns_.empty() && name.ns == content_ns_;
  tree_.open(name.local, is_content ? ns::kClient : name.ns);
  add_attributes(attributes);
}

void StreamParser::Impl::root_started(const Name& name, const char** attributes) {
  if (mode_ == Mode::element) {
    declarations_ = 0;
    long_declaration_ = false;
    return reader_.mark_header();
  }
  if (name.ns != ns::kStreams) return stop("invalid-namespace", "The root is not a stream.");
  if (name.local != "stream") return stop("bad-format", "The root is not a stream.");
  tree_.open(name.local, name.ns);
  add_attributes(attributes);
  if (stopped_) return;
  tree_.close();
  reader_.mark_header();
  // A stream whose default is its own namespace declares that of its content at each stanza.
  if (default_ns_ != ns::kStreams) content_ns_ = default_ns_;
  out_->emplace_back(StreamOpened{tree_.take(), default_ns_});
}

// What is within the limits is kept even if something else of the tag is not: an answer needs the
// addresses.
void StreamParser::Impl::add_attributes(const char** attributes) {
  std::size_t count = std::exchange(declarations_, 0);
  bool fits = !std::exchange(long_declaration_, false);
  if (count > bounds_.attributes) return too_much("attributes", bounds_.attributes);
  count = 0;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view value(attributes[1]);
    if (++count > bounds_.attributes) return too_much("attributes", bounds_.attributes);
    if (value.size() > bounds_.attribute_bytes) {
      fits = false;
      continue;
    }
    const Name name = split_short(attributes[0]);
    if (name.ns == ns::kXml) {
      tree_.attribute("xml:" + std::string(name.local), {}, value);
    } else {
      tree_.attribute(name.local, name.ns, value);
    }
  }
  if (!fits) return too_much("an attribute's bytes", bounds_.attribute_bytes);
  if (std::exchange(long_tag_, false)) too_much("a stanza's bytes", bounds_.stanza_bytes);
}

void StreamParser::Impl::ended() {
  if (depth_ == 1) {
    reader_.stop();
    out_->emplace_back(StreamClosed{});
    return;
  }
  if (!refusing()) tree_.close();
  if (--depth_ > 1) return;
  if (refusing()) {
    out_->emplace_back(StanzaRefused{tree_.take(), std::exchange(refused_, {})});
  } else {
    out_->emplace_back(StanzaRead{tree_.take()});
  }
  reader_.mark_stanza();
}

void StreamParser::Impl::text(std::string_view run) {
  if (refusing()) return;
  if (depth_ > 1) return tree_.text(run);
  if (run.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return stop("bad-format", "There is text between stanzas.");
  }
  reader_.mark_nothing();
}

void StreamParser::Impl::encoding(std::string_view name) {
  if (!is_utf8(name)) stop("unsupported-encoding", "Streams are encoded in UTF-8.");
}

void StreamParser::Impl::broken(std::string_view condition, std::string text) {
  out_->emplace_back(StreamBroken{condition, std::move(text)});
}

// More than `limit` bytes since the last stanza: of one that is being read, or of its first tag.
bool StreamParser::Impl::too_long(std::size_t limit) {
  if (mode_ == Mode::element || depth_ == 0) return false;
  if (depth_ == 1) {
    long_tag_ = true;
  } else {
    too_much("a stanza's bytes", limit);
  }
  return true;
}

void StreamParser::Impl::stop(std::string_view condition, std::string text) {
  stopped_ = true;
  reader_.stop();
  broken(condition, std::move(text));
}

void StreamParser::Impl::too_much(std::string_view what, std::size_t limit) {
  std::string text = "Over the limit of " + std::string(what) + ": " + std::to_string(limit) + ".";
  if (mode_ == Mode::element || depth_ < 2) return stop("policy-violation", std::move(text));
  refuse(std::move(text));
}

void StreamParser::Impl::refuse(std::string text) {
  if (refusing()) return;
  refused_ = std::move(text);
  long_tag_ = long_declaration_ = false;
  while (!tree_.idle()) tree_.close();
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
