#include "modules/rooms/member_list.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>

namespace hansa::rooms {
namespace {

// Split in two when full. Of pointers: what an insertion moves.
constexpr std::size_t kChunk = 256;

// What a block begins with; the address and the nick follow.
struct Head {
  engine::Position changed;
  engine::Position since;
  std::uint16_t bare_size;
  std::uint16_t nick_size;
  MemberKind kind;
  Affiliation affiliation;
};

Head head_of(const char* block) {
  Head head;
  std::memcpy(&head, block, sizeof head);
  return head;
}

std::string_view bare_of(const char* block) {
  return {block + sizeof(Head), head_of(block).bare_size};
}

std::unique_ptr<char[]> block_of(std::string_view bare, const Member& member) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  // Both are far below: addresses are prepared, nicks bounded.
  bare = bare.substr(0, kMost);
  const std::string_view nick = std::string_view(member.nick).substr(0, kMost);
  const Head head{member.changed,
                  member.since,
                  static_cast<std::uint16_t>(bare.size()),
                  static_cast<std::uint16_t>(nick.size()),
                  member.kind,
                  member.affiliation};
  std::unique_ptr<char[]> block(new char[sizeof head + bare.size() + nick.size()]);
  std::memcpy(block.get(), &head, sizeof head);
  bare.copy(block.get() + sizeof head, bare.size());
  nick.copy(block.get() + sizeof head + bare.size(), nick.size());
  return block;
}

}  // namespace

MemberList::Value MemberList::Iterator::operator*() const {
  const char* block = list_->chunks_[chunk_][at_].get();
  const Head head = head_of(block);
  const std::string_view bare = bare_of(block);
  Member member;
  member.kind = head.kind;
  member.affiliation = head.affiliation;
  member.changed = head.changed;
  member.since = head.since;
  member.nick.assign(bare.data() + bare.size(), head.nick_size);
  return {bare, std::move(member)};
}

MemberList::Iterator& MemberList::Iterator::operator++() {
  if (++at_ == list_->chunks_[chunk_].size()) {
    at_ = 0;
    ++chunk_;
  }
  return *this;
}

MemberList::Place MemberList::place_of(std::string_view bare) const {
  const auto next = std::ranges::upper_bound(
      chunks_, bare, {}, [](const Chunk& chunk) { return bare_of(chunk.front().get()); });
  if (next == chunks_.begin()) return {0, 0, false};
  const auto chunk = next - 1;
  const auto at = std::ranges::lower_bound(*chunk, bare, {},
                                           [](const Block& block) { return bare_of(block.get()); });
  return {static_cast<std::size_t>(chunk - chunks_.begin()),
          static_cast<std::size_t>(at - chunk->begin()),
          at != chunk->end() && bare_of(at->get()) == bare};
}

bool MemberList::contains(std::string_view bare) const { return place_of(bare).found; }

MemberList::Iterator MemberList::find(std::string_view bare) const {
  const Place place = place_of(bare);
  return place.found ? Iterator(*this, place.chunk, place.at) : end();
}

MemberList::Iterator MemberList::begin() const { return {*this, 0, 0}; }
MemberList::Iterator MemberList::end() const { return {*this, chunks_.size(), 0}; }

void MemberList::set(std::string_view bare, const Member& member) {
  Place place = place_of(bare);
  Block block = block_of(bare, member);
  if (place.found) {
    chunks_[place.chunk][place.at] = std::move(block);
    return;
  }
  if (chunks_.empty()) chunks_.emplace_back();
  Chunk& chunk = chunks_[place.chunk];
  chunk.insert(chunk.begin() + static_cast<std::ptrdiff_t>(place.at), std::move(block));
  ++size_;
  if (chunk.size() <= kChunk) return;
  // A list that is read in order fills its chunks; one that grows anywhere halves them.
  const bool at_end = place.at + 1 == chunk.size();
  const auto half =
      chunk.begin() + static_cast<std::ptrdiff_t>(at_end ? chunk.size() - 1 : chunk.size() / 2);
  Chunk upper(std::make_move_iterator(half), std::make_move_iterator(chunk.end()));
  chunk.erase(half, chunk.end());
  chunk.shrink_to_fit();
  chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(place.chunk) + 1, std::move(upper));
}

void MemberList::erase(std::string_view bare) {
  const Place place = place_of(bare);
  if (!place.found) return;
  Chunk& chunk = chunks_[place.chunk];
  chunk.erase(chunk.begin() + static_cast<std::ptrdiff_t>(place.at));
  if (chunk.empty()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(place.chunk));
  --size_;
}

void MemberList::clear() {
  std::vector<Chunk>().swap(chunks_);
  size_ = 0;
}

}  // namespace hansa::rooms
