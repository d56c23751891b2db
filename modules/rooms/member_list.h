#pragma once
// The members of a room by bare JID, in order, in few bytes: a list may have a million, nearly all
// of them absent. Each is one block of 24 bytes with its texts behind; blocks are kept in sorted
// chunks, so that a change costs the same at any size but for a logarithm. Values are made when
// they are asked for: an iterator gives pairs by value, their texts live as long as the list is not
// changed.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/entry.h"

namespace hansa::rooms {

enum class MemberKind : std::uint8_t { person = 1, room = 2, enterprise = 3 };
// In rising order of right, so that they can be compared (XEP-0045 §5.2).
enum class Affiliation : std::uint8_t { outcast = 0, none = 1, member = 2, admin = 3, owner = 4 };

struct Member {
  MemberKind kind = MemberKind::person;
  Affiliation affiliation = Affiliation::none;
  std::string nick;              // reserved nick; may be empty
  engine::Position changed = 0;  // entry of the last change
  engine::Position since = 0;    // entry that made it member or more; 0: is not
};

class MemberList {
 public:
  using Value = std::pair<std::string_view, Member>;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using pointer = const Value*;
    using reference = Value;
    using difference_type = std::ptrdiff_t;
    class Arrow {
     public:
      explicit Arrow(Value value) : value_(std::move(value)) {}
      const Value* operator->() const { return &value_; }

     private:
      Value value_;
    };
    Value operator*() const;
    Arrow operator->() const { return Arrow(**this); }
    Iterator& operator++();
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.chunk_ == b.chunk_ && a.at_ == b.at_;
    }

   private:
    friend class MemberList;
    Iterator(const MemberList& list, std::size_t chunk, std::size_t at)
        : list_(&list), chunk_(chunk), at_(at) {}
    const MemberList* list_;
    std::size_t chunk_;
    std::size_t at_;
  };

  MemberList() = default;
  ~MemberList() = default;
  MemberList(const MemberList&) = delete;
  MemberList& operator=(const MemberList&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool contains(std::string_view bare) const;
  [[nodiscard]] Iterator find(std::string_view bare) const;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

  void set(std::string_view bare, const Member& member);
  void erase(std::string_view bare);
  void clear();

 private:
  using Block = std::unique_ptr<char[]>;
  using Chunk = std::vector<Block>;
  struct Place {
    std::size_t chunk;
    std::size_t at;
    bool found;
  };
  // Where `bare` is, or would be put.
  [[nodiscard]] Place place_of(std::string_view bare) const;
  std::vector<Chunk> chunks_;  // none of them empty
  std::size_t size_ = 0;
};

}  // namespace hansa::rooms
