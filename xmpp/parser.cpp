#include "xmpp/parser.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
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

// What an answer to a stanza needs of it.
constexpr std::string_view kAnswered[] = {"type", "id", "from", "to"};

bool is_answered(const Name& name) {
  return name.ns.empty() &&
         std::find(std::begin(kAnswered), std::end(kAnswered), name.local) != std::end(kAnswered);
}

std::string over(std::string_view what, std::size_t limit) {
  return "Over the limit of " + std::string(what) + ": " + std::to_string(limit) + ".";
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
  std::optional<std::size_t> oversized(std::string_view token) override;
  void skipped() override;
  void broken(std::string_view condition, std::string text) override;

  // Of one tag.
  struct Declarations {
    std::size_t count = 0;
    bool too_long = false;  // one of their namespaces
  };
  void add_element(const char* raw, const Declarations& declared, const char** attributes);
  void root_started(const Name& name, const Declarations& declared, const char** attributes);
  bool add_attributes(const Declarations& declared, const char** attributes);
  [[nodiscard]] bool begins_stanza(std::string_view token);
  void stop(std::string_view condition, std::string text);
  void too_much(std::string_view what, std::size_t limit);
  void refuse(std::string text);
  void report();
  [[nodiscard]] bool is_refused() const { return !refused_.empty(); }

  const ParserLimits bounds_;
  const Mode mode_;
  ExpatReader reader_;
  TreeBuilder tree_;
  std::vector<StreamEvent>* out_ = nullptr;
  std::string default_ns_;     // as the root declares it
  std::string content_ns_;     // read as kClient; empty: none is
  std::size_t depth_ = 0;      // the root's is 1
  std::size_t elements_ = 0;   // of this stanza
  Declarations declarations_;  // of the tag that comes next
  std::string refused_;        // why this stanza is; tree_ then holds its opening tag. Empty: not
};

void StreamParser::Impl::declared(const char* prefix, const char* uri) {
  const std::string_view ns(uri);
  ++declarations_.count;
  if (ns.size() > bounds_.namespace_bytes) declarations_.too_long = true;
  if (depth_ == 0 && prefix == nullptr) default_ns_ = ns;
}

void StreamParser::Impl::started(const char* raw, const char** attributes) {
  const Declarations declared = std::exchange(declarations_, {});
  ++depth_;
  if (!is_refused()) add_element(raw, declared, attributes);
  // Expat takes its length again for each attribute with its prefix.
  if (is_refused() && declared.too_long) reader_.skip_rest(depth_ - 1);
}

void StreamParser::Impl::add_element(const char* raw, const Declarations& declared,
                                     const char** attributes) {
  const Name name = split(raw);
  if (depth_ == 1) return root_started(name, declared, attributes);
  if (depth_ == 2) elements_ = 0;
  const bool is_content = !content_ns_.empty() && name.ns == content_ns_;
  tree_.open(name.local, is_content ? ns::kClient : name.ns);
  if (!add_attributes(declared, attributes)) return;
  if (depth_ == 2 && reader_.event_bytes() > bounds_.stanza_bytes) {
    return too_much("a stanza's bytes", bounds_.stanza_bytes);
  }
  if (depth_ - 1 > bounds_.depth) return too_much("nested elements", bounds_.depth);
  if (++elements_ > bounds_.elements) too_much("elements in a stanza", bounds_.elements);
}

void StreamParser::Impl::root_started(const Name& name, const Declarations& declared,
                                      const char** attributes) {
  if (mode_ == Mode::element) return reader_.mark_header();
  if (name.ns != ns::kStreams) return stop("invalid-namespace", "The root is not a stream.");
  if (name.local != "stream") return stop("bad-format", "The root is not a stream.");
  tree_.open(name.local, name.ns);
  if (!add_attributes(declared, attributes)) return;
  tree_.close();
  reader_.mark_header();
  // A stream whose default is its own namespace declares that of its content at each stanza.
  if (default_ns_ != ns::kStreams) content_ns_ = default_ns_;
  out_->emplace_back(StreamOpened{tree_.take(), default_ns_});
}

// Also if it returns false, what an answer needs has been added.
bool StreamParser::Impl::add_attributes(const Declarations& declared, const char** attributes) {
  std::size_t count = 0;
  bool too_long = false;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view value(attributes[1]);
    ++count;
    if (value.size() > bounds_.attribute_bytes) {
      too_long = true;
      continue;
    }
    const Name name = split_short(attributes[0]);
    if (count > bounds_.attributes && !is_answered(name)) continue;
    if (name.ns == ns::kXml) {
      tree_.attribute("xml:" + std::string(name.local), {}, value);
    } else {
      tree_.attribute(name.local, name.ns, value);
    }
  }
  if (std::max(count, declared.count) > bounds_.attributes) {
    too_much("attributes", bounds_.attributes);
    return false;
  }
  if (declared.too_long) {
    too_much("a namespace's bytes", bounds_.namespace_bytes);
    return false;
  }
  if (too_long) too_much("an attribute's bytes", bounds_.attribute_bytes);
  return !too_long;
}

void StreamParser::Impl::ended() {
  if (depth_ == 1) {
    reader_.stop();
    out_->emplace_back(StreamClosed{});
    return;
  }
  if (!is_refused()) tree_.close();
  if (--depth_ > 1) return;
  report();
  reader_.mark_stanza();
}

void StreamParser::Impl::report() {
  if (is_refused()) {
    out_->emplace_back(StanzaRefused{tree_.take(), std::exchange(refused_, {})});
  } else {
    out_->emplace_back(StanzaRead{tree_.take()});
  }
}

void StreamParser::Impl::text(std::string_view run) {
  if (is_refused()) return;
  if (depth_ > 1) return tree_.text(run);
  if (run.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return stop("bad-format", "There is text between stanzas.");
  }
  reader_.mark_nothing();
}

void StreamParser::Impl::encoding(std::string_view name) {
  if (!is_utf8(name)) stop("unsupported-encoding", "Streams are encoded in UTF-8.");
}

std::optional<std::size_t> StreamParser::Impl::oversized(std::string_view token) {
  if (mode_ == Mode::element || depth_ == 0) return std::nullopt;
  if (depth_ == 1 && !begins_stanza(token)) return std::nullopt;
  refuse(over("a stanza's bytes", bounds_.stanza_bytes));
  return depth_ - 1;
}

// Opens the stanza whose tag is too long to be read.
bool StreamParser::Impl::begins_stanza(std::string_view token) {
  constexpr std::string_view kNoName = "!?/:>'\"&";
  const std::string_view tag = token.substr(0, token.find_first_of(" \t\r\n"));
  if (tag.size() == token.size() || tag.size() < 2 || tag.front() != '<') return false;
  if (content_ns_.empty() || tag.find_first_of(kNoName) != std::string_view::npos) return false;
  tree_.open(tag.substr(1), ns::kClient);
  return true;
}

void StreamParser::Impl::skipped() {
  depth_ = 1;
  declarations_ = {};
  report();
}

void StreamParser::Impl::broken(std::string_view condition, std::string text) {
  out_->emplace_back(StreamBroken{condition, std::move(text)});
}

void StreamParser::Impl::stop(std::string_view condition, std::string text) {
  reader_.stop();
  broken(condition, std::move(text));
}

void StreamParser::Impl::too_much(std::string_view what, std::size_t limit) {
  if (mode_ == Mode::element || depth_ < 2) return stop("policy-violation", over(what, limit));
  refuse(over(what, limit));
}

void StreamParser::Impl::refuse(std::string text) {
  if (is_refused()) return;
  refused_ = std::move(text);
  const DocumentPtr read = tree_.abandon();
  const Element& root = read->root();
  tree_.open(root.name(), root.ns());
  for (const std::string_view name : kAnswered) {
    const std::optional<std::string_view> value = root.find_attr(name);
    if (value) tree_.attribute(name, {}, *value);
  }
  tree_.close();
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
