// What our own people ask of a shared room: judged here, once; what they say is delivered here at
// once and sent up.

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::shared_rooms {
namespace {

bool is_member(std::string_view affiliation) {
  return affiliation == "owner" || affiliation == "admin" || affiliation == "member";
}

}  // namespace

xsr::Item SharedRooms::Parts::own_item(RoomTurn& turn, std::string_view kind, std::string payload) {
  return shared_log::own_item(turn, settings.link, incarnation, kind, std::move(payload));
}

// Errors: why that person cannot write here now.
Status SharedRooms::Parts::may_write(RoomTurn& turn, std::string_view jid) const {
  const auto& log = turn.state<SharedLog>();
  if (!ours(jid)) return Error(Condition::not_allowed);  // the hub is the way in for others
  if (!log.exists() || !turn.room().exists()) return Error(Condition::item_not_found);
  if (log.read_only()) {
    return Error(Condition::not_acceptable, "This room needs a newer version of the server.");
  }
  if (log.syncing()) {
    return Error(Condition::resource_constraint, "The room's member list is on its way.");
  }
  if (!is_member(log.affiliation(jid))) return Error(Condition::forbidden);
  return Done{};
}

void SharedRooms::Parts::say(RoomTurn& turn, xsr::Item item) {
  const auto& log = turn.state<SharedLog>();
  const bool first = log.unordered().empty();
  shared_log::append_item(turn, {std::move(item), {}, false});
  if (first) waits(turn);
  sync_cursor(turn, false);
  arm(turn);
}

void SharedRooms::Parts::on_message(RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (stanza.is_error()) return;
  const std::string by(stanza.from.bare_text());
  if (const Status may = may_write(turn, by); !may) return turn.refuse(may.error());
  std::string payload;
  xmpp::Writer writer(payload);
  writer.open("said", xsr::kNs).attr("by", by).leaf("body", stanza.body()).close();
  if (payload.size() > limits::kItemBytes) {
    return turn.refuse(Error(Condition::policy_violation, "That is too long for a shared room."));
  }
  xsr::Item item = own_item(turn, xsr::kKindMessage, std::move(payload));
  // Kinds of a later format, for those who have it (and for tests of those who have not).
  if (const auto* extra = stanza.child("extra", xsr::kNs);
      extra != nullptr && settings.format > xsr::kFormat) {
    item.kind = extra->attr("kind");
    item.format = settings.format;
    item.must_understand = extra->attr("must") == "true";
    if (item.kind.empty() || item.kind.size() > 32)
      return turn.refuse(Error(Condition::bad_request));
  } else if (stanza.body().empty()) {
    return turn.refuse(Error(Condition::bad_request, "There is nothing to say in it."));
  }
  say(turn, std::move(item));
}

// A name that no room here has is the hub's to give.
void SharedRooms::Parts::on_create(RoomTurn& turn, const xmpp::Stanza& stanza) {
  const std::string actor(stanza.from.bare_text());
  if (!ours(actor)) return turn.refuse(Error(Condition::not_allowed));
  if (turn.state<SharedLog>().exists()) return turn.refuse(Error(Condition::conflict));
  if (!up) {
    return turn.refuse(
        Error(Condition::remote_server_timeout, "The hub is out of reach; please try again."));
  }
  xsr::Create create{turn.room().address(),
                     random_token(turn.random(), 26),
                     std::string(stanza.id),
                     stanza.from.text(),
                     {}};
  xsr::Operation operation{actor, "owner", "person", actor, {}, {}};
  xsr::Item& item = create.item;
  item.kind = xsr::kKindOperation;
  // An incarnation of its own: the room's log, which counts, is not there yet.
  item.origin = {settings.link, random_number(turn.random()) >> 1, 1};
  item.stamp = turn.now();
  item.id = random_token(turn.random(), 20);
  item.salt = shared_log::random_digits(turn.random());
  shared_log::sign(operation, create.log, item.origin, settings.signing_key);
  item.payload = xsr::to_payload(operation);
  send(turn, create);
  turn.answer_later();
}

void SharedRooms::Parts::on_created(ServiceTurn& turn, const xsr::Created& created) const {
  if (created.user.empty()) {  // a room that it had lost
    if (created.condition.empty()) return turn.pass(created.room, {"shared:created", {}, {}});
    return turn.log(LogLevel::error, created.room.text() + ": the hub cannot make it once more: " +
                                         created.condition);
  }
  if (created.id.empty()) return;
  if (!ours(created.user.substr(0, created.user.find('/')))) return;
  std::string content;
  xmpp::Writer writer(content);
  if (!created.condition.empty()) {
    xmpp::write_error(writer, Error(condition_named(created.condition)));
  }
  std::string out;
  xmpp::write_stanza(out,
                     {xmpp::StanzaKind::iq,
                      created.condition.empty() ? "result" : "error",
                      created.room.text(),
                      created.user,
                      created.id,
                      {}},
                     content);
  turn.send(std::move(out));
}

void SharedRooms::Parts::on_admin(RoomTurn& turn, const xmpp::Stanza& stanza) {
  const std::string actor(stanza.from.bare_text());
  if (const Status may = may_write(turn, actor); !may) return turn.refuse(may.error());
  const auto items = xep_0045::parse_admin(*stanza.payload());
  if (!items || items->size() != 1) {
    return turn.refuse(Error(Condition::bad_request, "One member at a time, please."));
  }
  const auto jid = xmpp::Jid::parse(items->front().jid);
  if (!jid || !jid->is_bare() || jid->is_domain()) {
    return turn.refuse(Error(Condition::jid_malformed));
  }
  const auto& log = turn.state<SharedLog>();
  xsr::Operation operation{jid->text(), items->front().affiliation, "person",
                           actor,       log.list_version(),         {}};
  if (const Status right = shared_log::check_right(log, operation); !right) {
    return turn.refuse(right.error());
  }
  // Cut off, only our own people can be changed: others' may have been, meanwhile.
  if (!up && !ours(jid->text())) {
    return turn.refuse(Error(Condition::remote_server_timeout,
                             "The hub is out of reach; please try again later."));
  }
  xsr::Item item = own_item(turn, xsr::kKindOperation, {});
  shared_log::sign(operation, log.log(), item.origin, settings.signing_key);
  item.payload = xsr::to_payload(operation);
  say(turn, std::move(item));
  turn.reply();
}

}  // namespace hansa::shared_rooms
