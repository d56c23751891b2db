#include "modules/act-as/crossing.h"

#include <algorithm>
#include <array>
#include <set>

#include "xep-spec/xep_0066_oob.h"
#include "xep-spec/xep_0308_correction.h"
#include "xep-spec/xep_0333_markers.h"
#include "xep-spec/xep_0372_references.h"
#include "xep-spec/xep_0373_openpgp.h"
#include "xep-spec/xep_0380_encryption.h"
#include "xep-spec/xep_0384_omemo.h"
#include "xep-spec/xep_0393_styling.h"
#include "xep-spec/xep_0394_markup.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0428_fallback.h"
#include "xep-spec/xep_0444_reactions.h"
#include "xep-spec/xep_0461_replies.h"
#include "xmpp/ns.h"
#include "xmpp/writer.h"

namespace hansa::act_as {
namespace {

namespace ns = xmpp::ns;

constexpr std::size_t kReactions = 32;  // of one message; more is no reaction

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// An element of known names with numbers for attributes: markup and fallback ranges.
struct Shape {
  std::string_view name;
  std::array<std::string_view, 5> children;
};
constexpr std::array<Shape, 5> kMarkup{{
    {"span", {"emphasis", "code", "deleted", "strong"}},
    {"bcode", {}},
    {"bquote", {}},
    {"list", {"li"}},
    {"li", {}},
}};

class Carrier {
 public:
  Carrier(const xmpp::Element& message, const Translate& translate, Carried& out)
      : message_(message), translate_(translate), out_(out), writer_(out.content) {}

  void run() {
    for (const xmpp::Element& child : message_.children()) plain(child);
    for (const xmpp::Element& child : message_.children()) reference(child);
    for (const xmpp::Element& child : message_.children()) fallback(child);
  }

 private:
  void text_of(const xmpp::Element& child, std::string_view name) {
    writer_.open(name, ns::kClient)
        .attr_if("xml:lang", child.attr("xml:lang"))
        .text(child.text())
        .close();
    out_.says = true;
  }

  void plain(const xmpp::Element& child) {
    if (child.is("body", ns::kClient)) return text_of(child, "body");
    if (child.is("subject", ns::kClient)) {
      // Alone, inside a room, it would be the room's (XEP-0045 §8.1).
      const bool alone = message_.child("body", ns::kClient) == nullptr;
      return text_of(child, alone ? "body" : "subject");
    }
    if (const auto oob = xep_0066::parse(child)) {
      xep_0066::write(writer_, *oob);
      out_.says = true;
    } else if (child.is("unstyled", xep_0393::kNs)) {
      writer_.empty("unstyled", xep_0393::kNs);
    } else if (child.is("markable", xep_0333::kNs)) {
      writer_.empty("markable", xep_0333::kNs);
    } else if (child.is("markup", xep_0394::kNs)) {
      writer_.open("markup", xep_0394::kNs);
      markup(child);
      writer_.close();
    }
  }

  void ranges(const xmpp::Element& element) {
    for (const std::string_view name : {"start", "end"}) {
      if (is_number(element.attr(name))) writer_.attr(name, element.attr(name));
    }
  }

  void markup(const xmpp::Element& parent) {
    for (const xmpp::Element& child : parent.children()) {
      const auto shape = std::find_if(kMarkup.begin(), kMarkup.end(), [&](const Shape& one) {
        return child.is(one.name, xep_0394::kNs);
      });
      if (shape == kMarkup.end()) continue;
      writer_.open(shape->name);
      ranges(child);
      for (const xmpp::Element& style : child.children()) {
        const bool known = std::find(shape->children.begin(), shape->children.end(),
                                     style.name()) != shape->children.end();
        if (!known || style.ns() != xep_0394::kNs) continue;
        writer_.open(style.name());
        ranges(style);
        writer_.close();
      }
      writer_.close();
    }
  }

  void reference(const xmpp::Element& child) {
    if (child.is("replace", xep_0308::kNs)) {
      if (const auto to = translate_(Reference::correction, child.attr("id"))) {
        writer_.open("replace", xep_0308::kNs).attr("id", to->id).close();
      }
    } else if (child.is("retract", xep_0424::kNs)) {
      if (const auto to = translate_(Reference::retraction, child.attr("id"))) {
        writer_.open("retract", xep_0424::kNs).attr("id", to->id).close();
        carried_.insert(xep_0424::kNs);
        out_.retracts = to->id;
        out_.says = true;
      }
    } else if (child.is("reply", xep_0461::kNs)) {
      if (const auto to = translate_(Reference::reply, child.attr("id"))) {
        writer_.open("reply", xep_0461::kNs).attr_if("to", to->author).attr("id", to->id).close();
        carried_.insert(xep_0461::kNs);
      }
    } else if (child.is("reactions", xep_0444::kNs)) {
      if (const auto to = translate_(Reference::reaction, child.attr("id"))) reactions(child, *to);
    } else if (child.is("reference", xep_0372::kNs) && child.attr("type") == "mention") {
      mention(child);
    }
  }

  void mention(const xmpp::Element& child) {
    constexpr std::string_view kScheme = "xmpp:";
    const std::string_view uri = child.attr("uri");
    if (!uri.starts_with(kScheme)) return;
    const auto to = translate_(Reference::mention, uri.substr(kScheme.size()));
    if (!to) return;
    writer_.open("reference", xep_0372::kNs).attr("type", "mention");
    for (const std::string_view name : {"begin", "end"}) {
      if (is_number(child.attr(name))) writer_.attr(name, child.attr(name));
    }
    writer_.attr("uri", std::string(kScheme) + to->id).close();
  }

  void reactions(const xmpp::Element& child, const Referred& to) {
    writer_.open("reactions", xep_0444::kNs).attr("id", to.id);
    std::size_t count = 0;
    for (const xmpp::Element& one : child.children()) {
      if (!one.is("reaction", xep_0444::kNs) || ++count > kReactions) continue;
      writer_.leaf("reaction", one.text());
    }
    writer_.close();
    carried_.insert(xep_0444::kNs);
    out_.says = true;
  }

  void fallback(const xmpp::Element& child) {
    if (!child.is("fallback", xep_0428::kNs) || !carried_.contains(child.attr("for"))) return;
    writer_.open("fallback", xep_0428::kNs).attr("for", child.attr("for"));
    for (const xmpp::Element& part : child.children()) {
      if (part.ns() != xep_0428::kNs || (part.name() != "body" && part.name() != "subject")) {
        continue;
      }
      writer_.open(part.name());
      ranges(part);
      writer_.close();
    }
    writer_.close();
  }

  const xmpp::Element& message_;
  const Translate& translate_;
  Carried& out_;
  xmpp::Writer writer_;
  std::set<std::string_view> carried_;  // references that crossed
};

}  // namespace

Carried carry(const xmpp::Element& message, const Translate& translate) {
  Carried out;
  Carrier(message, translate, out).run();
  return out;
}

bool is_encrypted(const xmpp::Element& message) {
  for (const xmpp::Element& child : message.children()) {
    const bool payload = child.is("encrypted", xep_0384::kNs) ||
                         child.is("encrypted", xep_0384::kNsLegacy) ||
                         child.is("openpgp", xep_0373::kNs) || child.is("x", xep_0373::kNsLegacy) ||
                         child.is("encryption", xep_0380::kNs);
    if (payload) return true;
  }
  return false;
}

}  // namespace hansa::act_as
