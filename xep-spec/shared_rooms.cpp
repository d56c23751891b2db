#include "xep-spec/shared_rooms.h"

#include <algorithm>

#include "base/limits.h"
#include "xep-spec/shared_rooms_words.h"
#include "xmpp/stanza.h"

namespace hansa::xep_shared_rooms {
namespace {

// "0 3 17": in order, each once.
std::vector<std::uint8_t> read_buckets(Reading& in, std::string_view name) {
  std::vector<std::uint8_t> out;
  const std::string value = in.text(name);
  std::string_view rest(value);
  while (!rest.empty()) {
    unsigned bucket = 256;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), bucket);
    const bool grows = out.empty() || out.back() < bucket;
    if (error != std::errc{} || bucket > 255 || !grows) {
      in.wrong(name);
      return out;
    }
    out.push_back(static_cast<std::uint8_t>(bucket));
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  return out;
}

std::string buckets_text(const std::vector<std::uint8_t>& buckets) {
  std::string out;
  for (const std::uint8_t bucket : buckets) {
    if (!out.empty()) out += ' ';
    out += std::to_string(bucket);
  }
  return out;
}

template <typename T, typename ReadOne>
std::vector<T> read_all(Reading& in, std::string_view name, std::size_t most, ReadOne read) {
  std::vector<T> out;
  for (const xmpp::Element& child : in.element().children()) {
    if (!child.is(name, kNs)) continue;
    if (out.size() == most) {
      in.wrong(name);
      break;
    }
    out.push_back(read(child));
  }
  return out;
}

using Parse = Result<Frame> (*)(Reading&);

// In the order of Frame's alternatives.
struct Kind {
  std::string_view name;
  Parse parse;
};
const Kind kKinds[] = {
    {"hello",
     [](Reading& in) -> Result<Frame> {
       Hello hello{in.some("link"),         in.number("incarnation"),   in.small("from", kFormat),
                   in.small("to", kFormat), in.digits("key", 64, true), {}};
       if (const xmpp::Element* buckets = in.element().child("buckets", kNs)) {
         hello.buckets = buckets->text();
         if (hello.buckets.size() != 4096 || !unhex(hello.buckets)) in.wrong("buckets");
       }
       hello.answers = in.number("answers", 0);
       return in.done<Frame>(std::move(hello));
     }},
    {"differ", [](Reading& in) { return in.done<Frame>(Differ{read_buckets(in, "buckets")}); }},
    {"rooms",
     [](Reading& in) {
       Rooms rooms{in.log("after", true), in.log("upto", true), read_buckets(in, "buckets"), {}};
       rooms.rooms = read_all<Standing>(in, "room", limits::kRoomsPage, [&](const auto& child) {
         Reading one(child);
         Standing standing{one.room(), one.log(), one.point()};
         in.take(one);
         return standing;
       });
       return in.done<Frame>(std::move(rooms));
     }},
    {"next", [](Reading& in) { return in.done<Frame>(Next{in.log("after")}); }},
    {"entry",
     [](Reading& in) {
       return in.done<Frame>(Entry{in.room(), in.log(),
                                   read_item(in, in.element().child("item", kNs)),
                                   in.number("trace", 0)});
     }},
    {"ordered",
     [](Reading& in) {
       return in.done<Frame>(
           Ordered{in.room(), in.log(), in.origin(), in.version(), in.digits("digest", 32, true)});
     }},
    {"have",
     [](Reading& in) {
       Have have{in.room(), in.log(), in.point(), in.flag("again"), in.number("incarnation", 0),
                 {}};
       have.past = read_all<Point>(in, "past", limits::kPastEpochs, [&](const auto& child) {
         Reading one(child);
         Point point = one.point();
         in.take(one);
         return point;
       });
       have.absent = in.flag("absent");
       return in.done<Frame>(std::move(have));
     }},
    {"again",
     [](Reading& in) {
       return in.done<Frame>(Again{in.room(), in.log()});
     }},
    {"offered",
     [](Reading& in) {
       return in.done<Frame>(Offered{in.room(), in.log(), in.number("epoch")});
     }},
    {"welcome",
     [](Reading& in) {
       Welcome welcome{in.room(), in.log(),       in.point(), in.digits("key", 32, false),
                       {},        in.flag("anew")};
       if (in.element().find_attr("from-epoch")) {
         welcome.from = Version{in.number("from-epoch"), in.number("from-seq")};
       }
       if (in.element().find_attr("after-epoch")) {
         welcome.after = Version{in.number("after-epoch"), in.number("after-seq")};
       }
       welcome.enterprises =
           read_all<Enterprise>(in, "enterprise", limits::kEnterprises,
                                [&](const auto& child) { return read_enterprise(in, child); });
       return in.done<Frame>(std::move(welcome));
     }},
    {"fetch",
     [](Reading& in) {
       Fetch fetch{in.room(), in.log(), in.text("after"), in.number("id", 0)};
       if (in.element().find_attr("epoch")) fetch.stands = in.version();
       return in.done<Frame>(std::move(fetch));
     }},
    {"list",
     [](Reading& in) {
       List list{in.room(),
                 in.log(),
                 in.text("after"),
                 in.version(),
                 in.flag("complete"),
                 in.digits("digest", 32, true),
                 {}};
       list.records = read_all<Record>(in, "member", limits::kListPage,
                                       [&](const auto& child) { return read_record(in, child); });
       list.id = in.number("id", 0);
       return in.done<Frame>(std::move(list));
     }},
    {"create",
     [](Reading& in) {
       return in.done<Frame>(Create{in.room(), in.log(), in.text("id"), in.text("user"),
                                    read_item(in, in.element().child("item", kNs)),
                                    in.number("past", 0)});
     }},
    {"created",
     [](Reading& in) {
       return in.done<Frame>(
           Created{in.room(), in.log(), in.text("id"), in.text("user"), in.text("condition", 64)});
     }},
    {"problem",
     [](Reading& in) {
       return in.done<Frame>(Problem{in.text("room"), in.some("condition", 64), in.text("text")});
     }},
    {"directed",
     [](Reading& in) {
       return in.done<Frame>(Directed{in.room(), in.log(), in.some("from"), in.some("to"),
                                      in.number("incarnation"), in.number("number"),
                                      read_content(in, limits::kItemBytes)});
     }},
    {"directed-ack",
     [](Reading& in) {
       return in.done<Frame>(DirectedAck{in.room(), in.log(), in.some("from"), in.some("to"),
                                         in.number("incarnation"), in.number("number")});
     }},
    {"passing",
     [](Reading& in) {
       return in.done<Frame>(
           Passing{in.room(), in.text("link"), read_content(in, limits::kPassingBytes)});
     }},
    {"clear", [](Reading& in) { return in.done<Frame>(Clear{in.some("link")}); }},
};

struct Write {
  xmpp::Writer& w;

  void room(const xmpp::Jid& address, std::string_view log) const {
    w.attr("room", address.text()).attr("log", log);
  }
  void payload(std::string_view content) const {
    if (!content.empty()) w.open("payload", kNs).raw(content).close();
  }
  void operator()(const Hello& f) const {
    w.attr("link", f.link);
    write_number(w, "incarnation", f.incarnation);
    write_number(w, "from", f.format_from);
    write_number(w, "to", f.format_to);
    w.attr_if("key", f.key);
    if (f.answers != 0) write_number(w, "answers", f.answers);
    if (!f.buckets.empty()) w.leaf("buckets", kNs, f.buckets);
  }
  void operator()(const Differ& f) const { w.attr("buckets", buckets_text(f.buckets)); }
  void operator()(const Rooms& f) const {
    w.attr_if("after", f.after).attr_if("upto", f.upto).attr("buckets", buckets_text(f.buckets));
    for (const Standing& one : f.rooms) {
      w.open("room", kNs);
      room(one.room, one.log);
      write_point(w, one.point);
      w.close();
    }
  }
  void operator()(const Next& f) const { w.attr("after", f.after); }
  void operator()(const Entry& f) const {
    room(f.room, f.log);
    if (f.trace != 0) write_number(w, "trace", f.trace);
    write_item(w, f.item);
  }
  void operator()(const Ordered& f) const {
    room(f.room, f.log);
    write_origin(w, f.origin);
    write_version(w, f.order);
    w.attr_if("digest", f.digest);
  }
  void operator()(const Have& f) const {
    room(f.room, f.log);
    write_point(w, f.point);
    if (f.again) w.attr("again", "true");
    if (f.incarnation != 0) write_number(w, "incarnation", f.incarnation);
    if (f.absent) w.attr("absent", "true");
    for (const Point& point : f.past) {
      w.open("past", kNs);
      write_point(w, point);
      w.close();
    }
  }
  void operator()(const Again& f) const { room(f.room, f.log); }
  void operator()(const Offered& f) const {
    room(f.room, f.log);
    write_number(w, "epoch", f.epoch);
  }
  void operator()(const Welcome& f) const {
    room(f.room, f.log);
    write_point(w, f.point);
    w.attr("key", f.key);
    if (f.anew) w.attr("anew", "true");
    if (f.from) {
      write_number(w, "from-epoch", f.from->epoch);
      write_number(w, "from-seq", f.from->sequence);
    }
    if (f.after) {
      write_number(w, "after-epoch", f.after->epoch);
      write_number(w, "after-seq", f.after->sequence);
    }
    for (const Enterprise& enterprise : f.enterprises) write_enterprise(w, enterprise);
  }
  void operator()(const Fetch& f) const {
    room(f.room, f.log);
    w.attr_if("after", f.after);
    if (f.id != 0) write_number(w, "id", f.id);
    if (f.stands) write_version(w, *f.stands);
  }
  void operator()(const List& f) const {
    room(f.room, f.log);
    w.attr_if("after", f.after);
    if (f.id != 0) write_number(w, "id", f.id);
    write_version(w, f.version);
    if (f.complete) w.attr("complete", "true");
    w.attr_if("digest", f.digest);
    for (const Record& record : f.records) write_record(w, record);
  }
  void operator()(const Create& f) const {
    room(f.room, f.log);
    w.attr_if("id", f.id).attr_if("user", f.user);
    if (f.past != 0) write_number(w, "past", f.past);
    write_item(w, f.item);
  }
  void operator()(const Created& f) const {
    room(f.room, f.log);
    w.attr_if("id", f.id).attr_if("user", f.user).attr_if("condition", f.condition);
  }
  void operator()(const Problem& f) const {
    w.attr_if("room", f.room).attr("condition", f.condition).attr_if("text", f.text);
  }
  void operator()(const Directed& f) const {
    lane(f.room, f.log, f.from, f.to, f.incarnation, f.number);
    payload(f.payload);
  }
  void operator()(const DirectedAck& f) const {
    lane(f.room, f.log, f.from, f.to, f.incarnation, f.number);
  }
  void lane(const xmpp::Jid& address, std::string_view log, std::string_view from,
            std::string_view to, std::uint64_t incarnation, std::uint64_t number) const {
    room(address, log);
    w.attr("from", from).attr("to", to);
    write_number(w, "incarnation", incarnation);
    write_number(w, "number", number);
  }
  void operator()(const Passing& f) const {
    w.attr("room", f.room.text()).attr_if("link", f.link);
    payload(f.payload);
  }
  void operator()(const Clear& f) const { w.attr("link", f.link); }
  void operator()(const Unknown&) const {}
};

}  // namespace

Result<Frame> parse_frame(const xmpp::Element& element) {
  if (element.ns() != kNs) return Error(Condition::bad_request, "That is no frame.");
  Reading in(element);
  const std::uint32_t format = in.small("format", kFormat);
  const bool must = in.flag("must");
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& one) { return one.name == element.name(); });
  const bool known = kind != std::end(kKinds);
  if (must && (!known || format > kFormat)) {
    return Error(Condition::feature_not_implemented, "<" + std::string(element.name()) +
                                                         "/> of format " + std::to_string(format) +
                                                         " has to be understood, and is not.");
  }
  if (!known) return Frame(Unknown{std::string(element.name())});
  return kind->parse(in);
}

void write(xmpp::Writer& writer, const Frame& frame) {
  const auto* unknown = std::get_if<Unknown>(&frame);
  writer.open(unknown != nullptr ? unknown->name : kKinds[frame.index()].name, kNs);
  write_number(writer, "format", kFormat);
  std::visit(Write{writer}, frame);
  writer.close();
}

std::string to_message(std::string_view from, std::string_view to, const Frame& frame) {
  std::string content;
  xmpp::Writer writer(content);
  write(writer, frame);
  std::string out;
  xmpp::write_stanza(out, {xmpp::StanzaKind::message, {}, from, to, {}, {}}, content);
  return out;
}

}  // namespace hansa::xep_shared_rooms
