#pragma once
// Expat, made fit for a stream that lasts for months and whose bytes come from anybody:
// * linear: an unfinished tag is kept here until it can be whole (TokenScanner);
// * bounded: what is beyond `limit` bytes of a stanza is not kept (StanzaSkipper). Only its own tag
//   is kept up to kValueFactor times as many, since who is to be answered stands in it. The
//   stream's header, what is no stanza, and a text that does not end break it;
// * expat is replaced between two marks after `renew_bytes`, because it keeps every name it ever
//   saw and clients choose names. The new one is given the stream's header again.
// No exception passes expat's C frames. After stop() nothing is read or reported.

#include <expat.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "xmpp/stanza_skipper.h"
#include "xmpp/token_scanner.h"

namespace hansa::xmpp {

class ExpatReader {
 public:
  // Between namespace and local name in a reported name. No XML document can contain it.
  static constexpr char kSeparator = '\x01';
  // A host writes six bytes (&apos;) for one of a client's, so that a value can be so many times
  // the limit, which is no less than the limits of hosts.
  static constexpr std::size_t kValueFactor = 8;

  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  using Expat = std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free>;

  // What was read. Pointers live during the call.
  class Sink {
   public:
    virtual void declared(const char* prefix, const char* uri) = 0;  // before its element's start
    virtual void started(const char* name, const char** attributes) = 0;
    virtual void ended() = 0;
    virtual void text(std::string_view run) = 0;
    virtual void encoding(std::string_view name) = 0;  // of the XML declaration
    // More than `limit` bytes since the mark, of which `token` could not be reported yet. How many
    // elements of the stanza are open, for the rest of it to be skipped; nothing: break.
    virtual std::optional<std::size_t> oversized(std::string_view token) = 0;
    virtual void skipped() = 0;  // the rest of the stanza, up to its end
    // `condition` as in RFC 6120 §4.9.3; the reader has stopped.
    virtual void broken(std::string_view condition, std::string text) = 0;

   protected:
    ~Sink() = default;
  };

  // `sink` outlives this.
  ExpatReader(Sink& sink, std::size_t limit, std::size_t renew_bytes);
  ~ExpatReader();
  ExpatReader(const ExpatReader&) = delete;
  ExpatReader& operator=(const ExpatReader&) = delete;

  void feed(std::string_view bytes);
  void stop();
  // Called by the sink. The header, or a stanza, or what may be forgotten, ends with this event.
  void mark_header();
  void mark_stanza();
  void mark_nothing() { mark_ = end_of_event(); }
  // Called by the sink when an element has started: nothing more of its stanza is reported but
  // skipped(). `open`: how many elements of it are, with this one.
  void skip_rest(std::size_t open);
  // Of the event that the sink is told.
  [[nodiscard]] std::size_t event_bytes() const;
  // No byte since the mark.
  [[nodiscard]] bool at_mark() const { return fed_ == mark_ && held_.empty(); }

 private:
  struct Handlers;
  enum class State : std::uint8_t {
    reading,
    renew_due,
    replaying,
    skip_due,
    skipping,
    out_of_memory,
    stopped,
  };
  void renew();
  void take(std::string_view piece);
  void run(std::string_view bytes);
  std::size_t run_expat(std::string_view bytes);
  void start_skipping(std::size_t open, bool in_cdata);
  void skip(std::string_view& bytes);
  void look_at_tail(std::string_view bytes);
  void over_limit();
  void too_long();
  [[nodiscard]] std::string_view unread() const;
  void refuse_markup();
  [[nodiscard]] bool is_declaration() const;
  void fail_as_expat_says();
  void fail(std::string_view condition, std::string text);
  [[nodiscard]] std::size_t end_of_event() const;

  Sink& sink_;
  const std::size_t limit_;
  std::size_t bound_;  // limit_, or that of a stanza's tag
  const std::size_t renew_bytes_;
  Expat expat_;
  TokenScanner token_;
  StanzaSkipper skipper_;
  std::string held_;      // the end of an unfinished token that expat need not see yet
  std::string header_;    // the bytes up to the end of the root's tag
  std::size_t fed_ = 0;   // bytes given to expat_
  std::size_t mark_ = 0;  // of these
  bool has_header_ = false;
  bool in_cdata_ = false;
  std::size_t skip_open_ = 0;  // with skip_due
  State state_ = State::reading;
};

}  // namespace hansa::xmpp
