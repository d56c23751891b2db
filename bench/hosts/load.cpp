// People in one room, through a real host, as plain clients with as little work of their own as
// possible: what is measured is the host and the room. bench/hosts/compare.py starts it.
//
//   hosts_load ADDRESS PORT DOMAIN ROOM OCCUPANTS SENDERS SECONDS
//
// Accounts user0 … of DOMAIN have the password "load". Prints a line as each phase ends: «in
// SECONDS» when all have entered, «quiet SECONDS» when nothing comes any more, «talk COPIES SECONDS
// P50_MS P99_MS» at the end of the talk; after the first two it waits for a line on standard input.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLoginsAtOnce = 20;
constexpr double kQuiet = 0.5;  // seconds without a byte
const std::string kText(140, 'x');

double seconds(Clock::time_point from, Clock::time_point to = Clock::now()) {
  return std::chrono::duration<double>(to - from).count();
}

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "hosts_load: %s\n", why.c_str());
  std::exit(1);
}

struct Setting {
  sockaddr_in host{};
  std::string domain;
  std::string room;
};

std::string base64(std::string_view text) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > text.size() ? '=' : kAlphabet[bits >> (18 - 6 * j) & 63];
    }
  }
  return out;
}

// One person. Reads by looking for words only, over the edges of what one read gave.
class Client {
 public:
  Client(const Setting& setting, std::size_t number)
      : setting_(setting), name_("user" + std::to_string(number)) {}
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void connect() {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const auto* address = reinterpret_cast<const sockaddr*>(&setting_.host);
    if (::connect(socket_, address, sizeof(setting_.host)) != 0) fail("cannot connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    open_stream();
  }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] bool bound() const { return state_ >= State::bound; }
  [[nodiscard]] bool in() const { return state_ == State::in; }
  [[nodiscard]] std::uint64_t copies() const { return copies_; }

  void join() {
    // Whoever comes first opens the room (XEP-0045 §10.1.2); to the others it is a refusal.
    write("<presence to='" + setting_.room + "/" + name_ +
          "'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
    if (name_ != "user0") return;
    write("<iq type='set' id='open' to='" + setting_.room +
          "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
          "<x xmlns='jabber:x:data' type='submit'/></query></iq>");
  }
  void say() {
    token_ = name_ + "-" + std::to_string(++said_) + "-";
    said_at_ = Clock::now();
    write("<message type='groupchat' id='" + token_ + "' to='" + setting_.room + "'><body>" +
          token_ + kText + "</body></message>");
  }
  // True if his own message came back.
  bool read(std::vector<double>* times) {
    char bytes[65536];
    bool echo = false;
    while (true) {
      const ssize_t count = ::read(socket_, bytes, sizeof(bytes));
      if (count == 0) fail(name_ + " was cut off: " + seen_);
      if (count < 0) return echo;
      seen_.append(bytes, static_cast<std::size_t>(count));
      if (seen_.find("</stream:stream>") != std::string::npos) fail(name_ + ": " + seen_);
      state_ == State::in ? listen() : log_in();
      if (!token_.empty() && seen_.find("<body>" + token_) != std::string::npos) {
        if (times != nullptr) times->push_back(seconds(said_at_) * 1000);
        token_.clear();
        echo = true;
      }
      if (state_ == State::in) forget();
    }
  }

 private:
  enum class State { opening, authenticating, binding, bound, in };

  void open_stream() {
    write("<?xml version='1.0'?><stream:stream to='" + setting_.domain +
          "' version='1.0' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'>");
  }
  bool take(std::string_view word) {
    const std::size_t at = seen_.find(word);
    if (at == std::string::npos) return false;
    seen_.erase(0, at + word.size());
    return true;
  }
  void log_in() {
    if (state_ == State::opening && take("</stream:features>")) {
      state_ = State::authenticating;
      write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
            base64(std::string(1, '\0') + name_ + std::string(1, '\0') + "load") + "</auth>");
    }
    if (state_ == State::authenticating && seen_.find("<failure") != std::string::npos) fail(seen_);
    if (state_ == State::authenticating && take("<success")) {
      state_ = State::binding;
      open_stream();
    }
    if (state_ == State::binding && take("</stream:features>")) {
      write(
          "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
          "<resource>load</resource></bind></iq>");
    }
    if (state_ == State::binding && take("</jid>")) state_ = State::bound;
    if (state_ == State::bound && seen_.find("110") != std::string::npos) {
      state_ = State::in;
      listen();
    }
  }
  // Counts messages; the search goes on where the last one ended.
  void listen() {
    constexpr std::string_view kEnd = "</message>";
    for (std::size_t at; (at = seen_.find(kEnd, counted_)) != std::string::npos; ++copies_) {
      counted_ = at + kEnd.size();
    }
  }
  // What was counted is not needed again, and no word is longer than the rest that is kept.
  void forget() {
    constexpr std::size_t kKept = 64;
    if (seen_.size() <= kKept) return;
    const std::size_t gone = seen_.size() - kKept;
    seen_.erase(0, gone);
    counted_ = counted_ > gone ? counted_ - gone : 0;
  }
  void write(const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t count = ::write(socket_, text.data() + sent, text.size() - sent);
      if (count > 0) {
        sent += static_cast<std::size_t>(count);
      } else {
        pollfd wait{socket_, POLLOUT, 0};
        ::poll(&wait, 1, 1000);
      }
    }
  }

  const Setting& setting_;
  std::string name_;
  int socket_ = -1;
  State state_ = State::opening;
  std::string seen_;
  std::size_t counted_ = 0;
  std::uint64_t copies_ = 0;
  std::uint64_t said_ = 0;
  std::string token_;  // of what he waits for
  Clock::time_point said_at_;
};

class Crowd {
 public:
  Crowd(const Setting& setting, std::size_t count) : epoll_(::epoll_create1(0)) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<Client>(setting, i));
    }
  }
  ~Crowd() { ::close(epoll_); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  void log_in() {
    for (std::size_t next = 0, done = 0; done < clients_.size();) {
      for (; next < clients_.size() && next < done + kLoginsAtOnce; ++next) add(*clients_[next]);
      if (!step(120'000)) fail("the host does not answer at login");
      while (done < clients_.size() && clients_[done]->bound()) ++done;
    }
  }
  double join() {
    const auto begun = Clock::now();
    for (const auto& client : clients_) {
      client->join();
      step(0);
    }
    for (std::size_t in = 0; in < clients_.size();) {
      if (!step(300'000)) fail("not all can enter");  // Prosody's own rooms are silent for minutes
      while (in < clients_.size() && clients_[in]->in()) ++in;
    }
    return seconds(begun);
  }
  // Until nothing came for a while; without that while.
  double settle() {
    const auto begun = Clock::now();
    auto last = begun;
    while (step(static_cast<int>(kQuiet * 1000))) last = Clock::now();
    return seconds(begun, last);
  }
  void talk(std::size_t senders, double duration) {
    const std::uint64_t before = copies();
    std::vector<double> times;
    const auto begun = Clock::now();
    senders_ = std::min(senders, clients_.size());
    for (std::size_t i = 0; i < senders_; ++i) clients_[i]->say();
    talking_ = true;
    while (seconds(begun) < duration) step(100, &times);
    talking_ = false;
    const double took = seconds(begun) + settle();
    std::sort(times.begin(), times.end());
    const auto part = [&times](double share) {
      return times.empty()
                 ? 0.0
                 : times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * share)];
    };
    std::printf("talk %llu %.3f %.3f %.3f\n", static_cast<unsigned long long>(copies() - before),
                took, part(0.5), part(0.99));
  }

 private:
  void add(Client& client) {
    client.connect();
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &client;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket(), &event);
  }
  bool step(int wait_ms, std::vector<double>* times = nullptr) {
    epoll_event events[256];
    const int count = ::epoll_wait(epoll_, events, 256, wait_ms);
    for (int i = 0; i < count; ++i) {
      auto* client = static_cast<Client*>(events[i].data.ptr);
      if (client->read(times) && talking_) client->say();
    }
    return count > 0;
  }
  [[nodiscard]] std::uint64_t copies() const {
    std::uint64_t sum = 0;
    for (const auto& client : clients_) sum += client->copies();
    return sum;
  }

  int epoll_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t senders_ = 0;
  bool talking_ = false;
};

void wait_for_a_line() {
  std::fflush(stdout);
  while (true) {
    const int c = std::getchar();
    if (c == '\n' || c == EOF) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) fail("ADDRESS PORT DOMAIN ROOM OCCUPANTS SENDERS SECONDS");
  Setting setting;
  setting.host.sin_family = AF_INET;
  setting.host.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  if (::inet_pton(AF_INET, argv[1], &setting.host.sin_addr) != 1) fail("ADDRESS is an IPv4 one");
  setting.domain = argv[3];
  setting.room = argv[4];
  Crowd crowd(setting, static_cast<std::size_t>(std::atoi(argv[5])));
  crowd.log_in();
  std::printf("ready\n");
  wait_for_a_line();
  const double in = crowd.join();
  std::printf("in %.3f\n", in);
  const double rest = crowd.settle();
  std::printf("quiet %.3f\n", in + rest);
  wait_for_a_line();
  crowd.talk(static_cast<std::size_t>(std::atoi(argv[6])), std::atof(argv[7]));
  return 0;
}
