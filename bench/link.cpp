// What one change of a shared room's member list costs on the links and on the disks, at lists of
// 100 to 1,000,000: the frames from the actor's node to the hub, and from the hub to each node; the
// batches that each of the three appends. bench/README.md.
//
//   bench_link [--most N]      the longest list; default 100,000

#include <cstdio>
#include <map>
#include <string>

#include "modules/shared-log/disk.h"
#include "storage/rules.h"
#include "tests/support/federation.h"
#include "xmpp/writer.h"

namespace hansa::bench {
namespace {

namespace xsr = xep_shared_rooms;

constexpr const char* kActor = "alice@a.example";
constexpr const char* kRoom = "tea";

// Members whom nobody asked in: a list as it would be, the signatures of no worth.
void lengthen(test::Federation& all, const std::string& name, std::size_t members) {
  storage::Image& image = all.party(name).disk->image;
  const std::string role = name == test::kHub ? "hub" : "node";
  const auto address = std::string(kRoom) + "@" + test::kShared;
  const storage::LogKey log{role, image.lookup(role, address).value().value()};
  storage::BatchNumber last = image.load(log)->last_batch;
  storage::Batch batch;
  for (std::size_t n = 0; n < members; ++n) {
    const std::string digits = std::to_string(n);
    xsr::Record record;
    record.operation.jid = "member" + std::string(8 - digits.size(), '0') + digits + "@a.example";
    record.operation.affiliation = "member";
    record.operation.actor = kActor;
    record.operation.signature = std::string(128, '0');
    record.origin = {all.link('a'), 1, n + 1};
    record.order = {1, n + 1};
    batch.records.push_back({"sh/m/" + record.operation.jid, shared_log::encode(record)});
    if (batch.records.size() < 1'000 && n + 1 < members) continue;
    const auto outcome = image.append(log, last++, std::exchange(batch, {}));
    if (outcome.result != storage::AppendResult::durable) std::abort();
  }
}

// Of frames on a link, or of batches on a disk.
struct Cost {
  std::size_t pieces = 0;
  std::size_t bytes = 0;
};

Cost on_link(const test::Federation& all, const std::string& from, const std::string& to) {
  Cost out;
  for (const test::Frame& frame : all.passed) {
    if (frame.from != from || frame.to != to) continue;
    ++out.pieces;
    out.bytes += xmpp::to_xml(frame.stanza->root()).size();
  }
  return out;
}

void change(std::size_t members) {
  test::Federation all(2);
  const std::string a = all.link('a');
  const std::string b = all.link('b');
  all.create(kActor, kRoom);
  all.set(kActor, kRoom, "bob@b.example", "member");
  for (const std::string& name : {std::string(test::kHub), a, b}) all.crash(name);
  for (const std::string& name : {std::string(test::kHub), a, b}) lengthen(all, name, members);
  for (const std::string& name : {std::string(test::kHub), a, b}) all.start(name);
  all.connect_all();
  all.advance(Millis(2'000));
  all.passed.clear();
  std::map<std::string, Cost> on_disk;
  all.appends = [&on_disk](const std::string& party, const storage::Batch& batch) {
    ++on_disk[party].pieces;
    on_disk[party].bytes += storage::bytes_of(batch);
  };
  all.set(kActor, kRoom, "new@a.example", "member");
  all.advance(Millis(2'000));
  if (!all.same(kRoom)) std::abort();
  const Cost up = on_link(all, a, test::kHub);
  const Cost back = on_link(all, test::kHub, a);
  const Cost down = on_link(all, test::kHub, b);
  const Cost acks = on_link(all, b, test::kHub);
  std::printf(
      "%9zu members: actor's node to hub %zu bytes in %zu frames, back %zu in %zu; "
      "hub to another node %zu in %zu, back %zu in %zu\n",
      members, up.bytes, up.pieces, back.bytes, back.pieces, down.bytes, down.pieces, acks.bytes,
      acks.pieces);
  std::printf(
      "%18s on disk: hub %zu bytes in %zu batches, actor's node %zu in %zu, another node %zu "
      "in %zu\n",
      "", on_disk[test::kHub].bytes, on_disk[test::kHub].pieces, on_disk[a].bytes,
      on_disk[a].pieces, on_disk[b].bytes, on_disk[b].pieces);
  std::fflush(stdout);
}

}  // namespace
}  // namespace hansa::bench

int main(int count, char** arguments) {
  std::size_t most = 100'000;
  if (count == 3 && std::string(arguments[1]) == "--most") most = std::stoul(arguments[2]);
  for (std::size_t members = 100; members <= most; members *= 10) hansa::bench::change(members);
}
