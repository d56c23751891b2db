#pragma once
// A node with rooms on a store that is given, driven by the thread that made it. What is written to
// its links is counted and forgotten; the host takes everything at once.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/poster.h"
#include "engine/engine.h"
#include "modules/act-as/act_as.h"
#include "modules/disco/disco.h"
#include "modules/rooms/rooms.h"
#include "xmpp/parser.h"

namespace hansa::bench {

inline constexpr std::string_view kDomain = "rooms.a.example";

// Work that the store's threads post, run by the thread that decides: all of it at once.
class Desk final : public Poster {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    if (work_.size() == 1) filled_.notify_one();
  }
  // Waits until there is some.
  void run() {
    {
      std::unique_lock lock(mutex_);
      if (!filled_.wait_for(lock, std::chrono::seconds(60), [this] { return !work_.empty(); })) {
        std::abort();
      }
      std::swap(work_, now_);
    }
    for (const auto& work : now_) work();
    now_.clear();
  }
  [[nodiscard]] bool empty() {
    const std::lock_guard lock(mutex_);
    return work_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> work_;
  std::deque<std::function<void()>> now_;
};

class CountedLinks final : public engine::Links {
 public:
  void write(std::string_view, std::string bytes) override {
    for (std::size_t at = bytes.find("<message"); at != std::string::npos;
         at = bytes.find("<message", at + 1)) {
      ++messages;
    }
    written += bytes.size();
    if (keep) last = std::move(bytes);
  }
  void confirm(std::string_view, engine::Mark mark) override { mark_ = mark; }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  [[nodiscard]] engine::Mark take_mark() { return std::exchange(mark_, 0); }

  std::uint64_t messages = 0;
  std::uint64_t written = 0;
  bool keep = false;
  std::string last;

 private:
  engine::Mark mark_ = 0;
};

// The machine's, and what was passed over.
class SkippingClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return {clock_.wall().ms + skipped_.count()}; }
  [[nodiscard]] MonoTime mono() const override { return clock_.mono() + skipped_; }
  void skip(Millis time) { skipped_ += time; }

 private:
  SystemClock clock_;
  Millis skipped_{0};
};

class NodeOn {
 public:
  NodeOn(storage::Store& store, Desk& desk, std::size_t loaded_rooms = 0)
      : desk_(desk), rooms_(settings(), hooks_) {
    parser_.feed("<stream:stream xmlns='jabber:component:accept' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>",
                 parsed_);
    if (!rooms_.add_to(router_).ok() || !disco::add_to(router_).ok()) std::abort();
    engine::Settings node;
    node.addressing.rooms = kDomain;
    node.loaded_rooms = loaded_rooms;
    std::vector<engine::FacetFactory> facets{&rooms::make_room_facet};
    for (const auto& make : act_as::ActAs::facets()) facets.push_back(make);
    engine_ = std::make_unique<engine::Engine>(node, store, links, clock_, random_, log_, router_,
                                               facets);
  }
  // Returns when the rooms that must be in memory are there.
  void start() {
    bool ready = false;
    engine_->on_link(kDomain, true);
    engine_->start([&ready] { ready = true; });
    while (!ready) step();
  }
  // Decides what is there and waits for the next answer of the store.
  void step() {
    settle();
    desk_.run();
    settle();
  }
  void settle() {
    engine_->settle();
    if (const auto mark = links.take_mark()) engine_->on_confirmed(kDomain, mark);
  }
  void tick() {
    engine_->on_tick();
    settle();
  }
  void skip(Millis time) {
    clock_.skip(time);
    tick();
  }
  // Nothing moves any more.
  void run() {
    do {
      settle();
      if (engine_->idle() && desk_.empty()) return;
      desk_.run();
    } while (true);
  }
  void take(const std::string& xml) {
    parsed_.clear();
    parser_.feed(xml, parsed_);
    auto& read = std::get<xmpp::StanzaRead>(parsed_.back());
    engine_->on_stanza(kDomain, xmpp::Stanza::parse(std::move(read.stanza)).value());
  }
  void join(std::string_view who, const std::string& room) {
    take("<presence from='" + std::string(who) + "' to='" + room +
         "/n'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
  }
  void leave(std::string_view who, const std::string& room) {
    take("<presence type='unavailable' from='" + std::string(who) + "' to='" + room + "/n'/>");
  }
  [[nodiscard]] engine::Engine& engine() { return *engine_; }
  CountedLinks links;

 private:
  static const rooms::Settings& settings() {
    static const rooms::Settings all = [] {
      rooms::Settings s;
      s.rooms = kDomain;
      s.enterprise = {"a.example"};
      s.members = 10'000'000;
      s.secret = "secret";
      return s;
    }();
    return all;
  }
  Desk& desk_;
  xmpp::StreamParser parser_;  // as a component's link: the stanzas of one stream
  std::vector<xmpp::StreamEvent> parsed_;
  SkippingClock clock_;
  SeededRandom random_{1};
  NoLog log_;
  engine::Router router_;
  rooms::Hooks hooks_;
  rooms::Rooms rooms_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace hansa::bench
