#include "xmpp/expat_reader.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/random.h"

namespace hansa::xmpp {
namespace {

// What expat gets at once: its buffer grows to twice the largest piece, and stays.
constexpr std::size_t kPieceBytes = 64 * 1024;
// What TokenScanner cannot judge is a part of a character, of "]]>" or of "<![CDATA["; more is a
// bare word where the first tag should be.
constexpr std::size_t kLooseBytes = 8;

// Expat ≥ 2.6, and older ones with the mend of CVE-2023-52425, may keep a finished tag back until
// more bytes come. TokenScanner does what that is for.
template <typename Parser>
void never_defer(Parser parser) {
  if constexpr (requires { XML_SetReparseDeferralEnabled(parser, XML_FALSE); }) {
    XML_SetReparseDeferralEnabled(parser, XML_FALSE);
  }
}

// Expat's tables are salted so that nobody makes their names collide; it asks the system for a new
// salt with every document, which costs as much as a short one. One for all that a process reads
// is as secret.
unsigned long salt() {
  static const unsigned long drawn = [] {
    SystemRandom random;
    return static_cast<unsigned long>(random_number(random)) | 1U;  // 0: draw one
  }();
  return drawn;
}

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

// What expat calls. An exception becomes a flag.
struct ExpatReader::Handlers {
  template <typename Work>
  static void guarded(void* self, Work work) noexcept {
    ExpatReader& reader = *static_cast<ExpatReader*>(self);
    if (reader.state_ != State::reading) return;
    try {
      work(reader);
    } catch (const std::bad_alloc&) {
      reader.state_ = State::out_of_memory;
      XML_StopParser(reader.expat_.get(), XML_FALSE);
    }
  }
  static void declared(void* self, const char* prefix, const char* uri) {
    guarded(self, [&](ExpatReader& r) { r.sink_.declared(prefix, uri == nullptr ? "" : uri); });
  }
  static void started(void* self, const char* name, const char** attributes) {
    guarded(self, [&](ExpatReader& r) { r.sink_.started(name, attributes); });
  }
  static void ended(void* self, const char*) {
    guarded(self, [](ExpatReader& r) { r.sink_.ended(); });
  }
  static void text(void* self, const char* run, int length) {
    guarded(self, [&](ExpatReader& r) { r.sink_.text({run, static_cast<std::size_t>(length)}); });
  }
  static void declaration(void* self, const char*, const char* encoding, int) {
    guarded(self, [&](ExpatReader& r) {
      if (encoding != nullptr) r.sink_.encoding(encoding);
    });
  }
  static void other(void* self, const char* raw, int length) {
    guarded(self, [&](ExpatReader& r) {
      const std::string_view text(raw, static_cast<std::size_t>(length));
      if (is_white(text)) return;
      r.in_cdata_ = text == "<![CDATA[";
      if (!r.in_cdata_ && text != "]]>") r.refuse_markup();
    });
  }
};

namespace {

// A payload is a document of its own, shorter than what it costs to make a parser: the last one of
// a short document is kept for the next.
thread_local ExpatReader::Expat spare;
constexpr std::size_t kSpareBytes = 4 * 1024;

}  // namespace

ExpatReader::ExpatReader(Sink& sink, std::size_t limit, std::size_t renew_bytes)
    : sink_(sink),
      limit_(limit),
      bound_(limit),
      renew_bytes_(renew_bytes),
      skipper_(limit * kValueFactor) {
  renew();
}

ExpatReader::~ExpatReader() {
  if (fed_ <= kSpareBytes && XML_ParserReset(expat_.get(), "UTF-8") == XML_TRUE) {
    spare = std::move(expat_);
  }
}

void ExpatReader::renew() {
  expat_ = spare != nullptr ? std::move(spare) : Expat(XML_ParserCreateNS("UTF-8", kSeparator));
  if (expat_ == nullptr) throw std::bad_alloc();
  XML_Parser const expat = expat_.get();
  never_defer(expat);
  XML_SetHashSalt(expat, salt());
  XML_SetUserData(expat, this);
  XML_SetElementHandler(expat, Handlers::started, Handlers::ended);
  XML_SetCharacterDataHandler(expat, Handlers::text);
  XML_SetStartNamespaceDeclHandler(expat, Handlers::declared);
  XML_SetXmlDeclHandler(expat, Handlers::declaration);
  // Gets what no other handler takes: all that RFC 6120 §11.1 forbids.
  XML_SetDefaultHandler(expat, Handlers::other);
  state_ = State::reading;
  token_.reset();
  in_cdata_ = false;
  bound_ = limit_;
  if (!has_header_) return;
  fed_ = mark_ = header_.size();
  state_ = State::replaying;
  const XML_Status status =
      XML_Parse(expat, header_.data(), static_cast<int>(header_.size()), XML_FALSE);
  state_ = State::reading;
  if (status != XML_STATUS_OK) throw std::bad_alloc();  // the same bytes were good before
}

void ExpatReader::feed(std::string_view bytes) {
  try {
    while (!bytes.empty() && state_ != State::stopped) {
      const std::size_t room = bound_ - (fed_ + held_.size() - mark_);
      const std::string_view piece = bytes.substr(0, std::min({room, kPieceBytes, limit_}));
      if (piece.empty()) {
        over_limit();
        continue;
      }
      bytes.remove_prefix(piece.size());
      take(piece);
    }
  } catch (const std::bad_alloc&) {
    fail("resource-constraint", "There is no memory for that.");
  }
}

void ExpatReader::stop() {
  state_ = State::stopped;
  XML_StopParser(expat_.get(), XML_FALSE);
}

void ExpatReader::mark_header() {
  mark_ = end_of_event();
  header_.resize(mark_);
  has_header_ = true;
}

void ExpatReader::mark_stanza() {
  mark_ = end_of_event();
  bound_ = limit_;
  if (mark_ - header_.size() < renew_bytes_) return;
  state_ = State::renew_due;
  XML_StopParser(expat_.get(), XML_FALSE);
}

void ExpatReader::skip_rest(std::size_t open) {
  const std::string_view tag = unread().substr(0, event_bytes());
  skip_open_ = tag.ends_with("/>") ? open - 1 : open;
  mark_ = end_of_event();
  state_ = State::skip_due;
  XML_StopParser(expat_.get(), XML_FALSE);
}

void ExpatReader::take(std::string_view piece) {
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

void ExpatReader::run(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::stopped) {
    if (state_ == State::skipping) {
      skip(bytes);
    } else {
      bytes.remove_prefix(run_expat(bytes));
    }
  }
}

// Returns how much of `bytes` was used: all, unless expat was replaced amid them.
std::size_t ExpatReader::run_expat(std::string_view bytes) {
  const std::size_t before = fed_;
  fed_ += bytes.size();
  if (!has_header_) header_ += bytes;
  if (XML_Parse(expat_.get(), bytes.data(), static_cast<int>(bytes.size()), XML_FALSE) ==
      XML_STATUS_OK) {
    look_at_tail(bytes);
  } else if (state_ == State::out_of_memory) {
    throw std::bad_alloc();
  } else if (state_ == State::renew_due) {
    const std::size_t used = mark_ - before;
    renew();
    return used;
  } else if (state_ == State::skip_due) {
    const std::size_t used = mark_ - before;
    if (skip_open_ > 0) {
      start_skipping(skip_open_, false);
    } else {
      renew();
      sink_.skipped();
    }
    return used;
  } else if (state_ != State::stopped) {
    fail_as_expat_says();
  }
  return bytes.size();
}

// What expat left of the bytes that it has is an unfinished token.
void ExpatReader::look_at_tail(std::string_view bytes) {
  constexpr XML_Index kByteOrderMark = 3;
  const XML_Index index = std::max<XML_Index>(XML_GetCurrentByteIndex(expat_.get()), 0);
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
  if (tail > kLooseBytes) fail("not-well-formed", "There is text where a tag should be.");
}

void ExpatReader::start_skipping(std::size_t open, bool in_cdata) {
  renew();
  skipper_.start(open, in_cdata);
  state_ = State::skipping;
}

void ExpatReader::skip(std::string_view& bytes) {
  switch (skipper_.skip(bytes)) {
    case StanzaSkipper::Verdict::more: return;
    case StanzaSkipper::Verdict::ended: state_ = State::reading; return sink_.skipped();
    case StanzaSkipper::Verdict::restricted: return refuse_markup();
    case StanzaSkipper::Verdict::malformed: return fail("not-well-formed", "The XML is wrong.");
    case StanzaSkipper::Verdict::endless: return too_long();
  }
}

void ExpatReader::over_limit() {
  const bool at_tag = has_header_ && fed_ - unread().size() == mark_;
  if (at_tag && bound_ == limit_) {
    bound_ = limit_ * kValueFactor;
    return;
  }
  const std::string rest = std::string(unread()) + held_;
  if (const std::optional<std::size_t> open = sink_.oversized(rest)) {
    held_.clear();
    start_skipping(*open, in_cdata_);
    return run(rest);
  }
  // What was kept back ends nothing; but if something is wrong in it, that is the better reason.
  const int length = static_cast<int>(held_.size());
  if (XML_Parse(expat_.get(), held_.data(), length, XML_FALSE) != XML_STATUS_OK) {
    return fail_as_expat_says();
  }
  too_long();
}

void ExpatReader::too_long() {
  fail("policy-violation", "Over the limit of a stanza's bytes: " + std::to_string(limit_) + ".");
}

void ExpatReader::refuse_markup() {
  fail("restricted-xml", "Comments, document types and instructions are forbidden.");
}

// What expat has from the event on that it reports; or else what it could not report yet.
std::string_view ExpatReader::unread() const {
  int at = 0;
  int size = 0;
  const char* const input = XML_GetInputContext(expat_.get(), &at, &size);
  if (input == nullptr) return {};
  return {input + at, static_cast<std::size_t>(size - at)};
}

// "<!" and neither a comment nor CDATA: expat stands behind it and calls it an invalid token.
bool ExpatReader::is_declaration() const {
  int at = 0;
  int size = 0;
  const char* const input = XML_GetInputContext(expat_.get(), &at, &size);
  return input != nullptr && at >= 2 && std::string_view(input + at - 2, 2) == "<!";
}

void ExpatReader::fail_as_expat_says() {
  const XML_Error error = XML_GetErrorCode(expat_.get());
  if (error == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
  if (error == XML_ERROR_MISPLACED_XML_PI || is_declaration()) return refuse_markup();
  if (error == XML_ERROR_UNDEFINED_ENTITY) {
    return fail("restricted-xml", "Only the five predefined entities are allowed.");
  }
  fail("not-well-formed", std::string("The XML is wrong: ") + XML_ErrorString(error) + ".");
}

void ExpatReader::fail(std::string_view condition, std::string text) {
  stop();
  sink_.broken(condition, std::move(text));
}

std::size_t ExpatReader::event_bytes() const {
  return static_cast<std::size_t>(XML_GetCurrentByteCount(expat_.get()));
}

std::size_t ExpatReader::end_of_event() const {
  return static_cast<std::size_t>(XML_GetCurrentByteIndex(expat_.get()) +
                                  XML_GetCurrentByteCount(expat_.get()));
}

}  // namespace hansa::xmpp
