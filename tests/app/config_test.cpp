#include "app/config.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include "tests/app/config_files.h"

namespace hansa::app {
namespace {

using test::ConfigFolder;

struct Refused {
  std::string_view old_line;  // of the sample, taken out
  std::string_view new_line;  // put in its place
  std::string_view key;
  int line;
  std::string_view said;  // somewhere in what is described
};

constexpr std::array kRefused{
    // Keys.
    Refused{"", "rume = 1\n", "rume", 1, "remove it"},
    Refused{"rooms = ", "room = ", "node.room", 2, "rooms = \"rooms.a.example\" under [node]"},
    Refused{"rooms = ", "room = ", "node.rooms", 0, "is missing"},
    Refused{"create = ", "port = 5347\ncreate = ", "node.port", 6, "is not known"},
    Refused{"[limits]", "[limit]", "limit", 13, "is not known"},
    Refused{"create = ", "address = \"\"\ncreate = ", "node.address", 6, "under [node.host]"},
    Refused{"create = ", "rooms = \"b.example\"\ncreate = ", "", 6, "written once"},
    Refused{"create = ", "create ", "", 6, "is not TOML"},
    // Capabilities that are not here.
    Refused{"create = ", "shared = \"s.example\"\ncreate = ", "node.shared", 6,
            "no shared rooms yet"},
    Refused{"create = ", "upload = \"f.example\"\ncreate = ", "node.upload", 6, "no files yet"},
    Refused{"create = ", "signing_key = \"k\"\ncreate = ", "node.signing_key", 6, "yet"},
    Refused{"[limits]", "[node.hub]\ndomain = \"h.example\"\n[limits]", "node.hub", 13, "yet"},
    Refused{"[limits]", "[hub]\ndomain = \"h.example\"\n[limits]", "hub", 13, "no hub yet"},
    Refused{"[limits]", "[[hub.enterprise]]\nlink = \"\"\n[limits]", "hub", 13, "no hub yet"},
    Refused{"[limits]", "[http]\nlisten = \"::\"\n[limits]", "http", 13, "no HTTP server yet"},
    Refused{"[limits]", "[limits]\nreduced_presence = 0", "limits.reduced_presence", 14,
            "is 0"},
    // Types.
    Refused{"\"rooms.a.example\"", "5", "node.rooms", 2, "is a whole number, not a text"},
    Refused{"[\"a.example\"]", "\"a.example\"", "node.enterprise", 4, "not a list of texts"},
    Refused{"[\"a.example\"]", "[1, \"a.example\"]", "node.enterprise", 4, "mixed list"},
    Refused{"members = 1000", "members = true", "limits.members", 14, "is a boolean"},
    Refused{"members = 1000", "members = 1.5", "limits.members", 14, "not a whole number"},
    // Domains and addresses.
    Refused{"\"rooms.a.example\"", "\"rooms@a.example\"", "node.rooms", 2, "not a domain"},
    Refused{"\"rooms.a.example\"", "\"\"", "node.rooms", 2, "not a domain"},
    Refused{"\"rooms.a.example\"", "\"a.example\"", "node.rooms", 2, "users' domain"},
    Refused{"\"rooms.a.example\"", "\"A.Example\"", "node.rooms", 2, "users' domain"},
    Refused{"\"rooms.a.example\"", "\"team.a.example\"", "node.identities", 3, "same domain"},
    Refused{"\"team.a.example\"", "\"a.example/x\"", "node.identities", 3, "not a domain"},
    Refused{"[\"a.example\"]", "[]", "node.enterprise", 4, "is empty"},
    Refused{"[\"a.example\"]", "[\"a.example\", \"A.example\"]", "node.enterprise", 4, "twice"},
    Refused{"root@a.example", "a.example", "node.admins", 5, "not a user's address"},
    Refused{"root@a.example", "root@a.example/phone", "node.admins", 5, "not a user's address"},
    Refused{"root@a.example", "ro ot@a.example", "node.admins", 5, "not a user's address"},
    Refused{"\"enterprise\"", "\"everyone\"", "node.create", 6, "\"anyone\""},
    Refused{"admins = [\"root@a.example\"]\ncreate = \"enterprise\"", "create = \"admins\"",
            "node.create", 5, "names nobody"},
    // Folders.
    Refused{"\"data\"", "\"not/there\"", "node.data", 7, "does not exist"},
    Refused{"\"data\"", "\"hansa.toml\"", "node.data", 7, "not a folder"},
    Refused{"\"data\"", "\"\"", "node.data", 7, "is empty"},
    Refused{"[node.host]", "admin_socket = \"no/s\"\n[node.host]", "node.admin_socket", 9,
            "does not exist"},
    // The host.
    Refused{"127.0.0.1:15347", "127.0.0.1", "node.host.address", 10, "with a port"},
    Refused{"127.0.0.1:15347", "127.0.0.1:0", "node.host.address", 10, "with a port"},
    Refused{"127.0.0.1:15347", "127.0.0.1:65536", "node.host.address", 10, "with a port"},
    Refused{"127.0.0.1:15347", "127.0.0.1:5347x", "node.host.address", 10, "with a port"},
    Refused{"127.0.0.1:15347", "::1:5347", "node.host.address", 10, "[::1]:5347"},
    Refused{"127.0.0.1:15347", ":5347", "node.host.address", 10, "with a port"},
    Refused{"127.0.0.1:15347", "10.0.0.1:5347", "node.host.address", 10, "trusted network"},
    Refused{"127.0.0.1:15347", "127.evil.example:5347", "node.host.address", 10, "not encrypted"},
    Refused{"127.0.0.1:15347", "0.0.0.0:5347", "node.host.address", 10, "not encrypted"},
    Refused{"[limits]", "plaintext = \"yes\"\n[limits]", "node.host.plaintext", 13, "\"trusted"},
    Refused{"secret = \"s\"\n", "", "node.host.secret", 0, "is missing"},
    Refused{"secret = \"s\"", "secret = \"\"", "node.host.secret", 11, "is empty"},
    Refused{"[limits]", "secret_file = \"secret\"\n[limits]", "node.host.secret_file", 13, "both"},
    Refused{"secret = \"s\"", "secret_file = \"none\"", "node.host.secret_file", 11, "be read"},
    Refused{"secret = \"s\"", "secret_file = \"empty\"", "node.host.secret_file", 11, "one line"},
    Refused{"secret = \"s\"", "secret_file = \"two\"", "node.host.secret_file", 11, "one line"},
    Refused{"secret = \"s\"", "secret_file = \".\"", "node.host.secret_file", 11, "be read"},
    // Limits and texts.
    Refused{"members = 1000", "members = 0", "limits.members", 14, "from 1 to"},
    Refused{"members = 1000", "members = -1", "limits.members", 14, "from 1 to"},
    Refused{"members = 1000", "members = 100001", "limits.members", 14, "from 1 to 100000"},
    Refused{"members = 1000", "members = 10\ninitial_members = 11", "limits.initial_members", 15,
            "at most 10"},
    Refused{"[limits]", "[texts]\nlanguages = [\"tlh\"]\n[limits]", "texts.languages", 14,
            "\"tlh\""},
    Refused{"[limits]", "[texts]\nlanguages = []\n[limits]", "texts.languages", 14, "is empty"},
    Refused{"[limits]", "[contacts]\nadmin = [\"root@a.example\"]\n[limits]", "contacts.admin", 14,
            "not a URI"},
};

struct Taken {
  std::string_view old_line;
  std::string_view new_line;
};
constexpr std::array kTaken{
    Taken{"identities = \"team.a.example\"\n", ""},
    Taken{"\"rooms.a.example\"", "\"Rooms.A.Example\""},
    Taken{"admins = [\"root@a.example\"]\n", ""},
    Taken{"[\"root@a.example\"]", "[]"},
    Taken{"create = \"enterprise\"\n", ""},
    Taken{"\"enterprise\"", "\"anyone\""},
    Taken{"\"enterprise\"", "\"admins\""},
    Taken{"127.0.0.1:15347", "[::1]:5347"},
    Taken{"127.0.0.1:15347", "localhost:5347"},
    Taken{"127.0.0.1:15347", "127.0.0.2:65535"},
    Taken{"address = \"127.0.0.1:15347\"",
          "address = \"xmpp.a.example:5347\"\nplaintext = \"trusted network\""},
    Taken{"secret = \"s\"", "secret_file = \"secret\""},
    Taken{"members = 1000", "members = 100000"},
    Taken{"members = 1000", "members = 1"},
    Taken{"[limits]\n", "[texts]\nlanguages = [\"en\"]\n[limits]\n"},
    Taken{"[limits]\nmembers = 1000\n", ""},
};

TEST_CASE("config: what is wrong is named with its key, its line and what to do") {
  const ConfigFolder folder;
  for (const Refused& bad : kRefused) {
    CAPTURE(bad.new_line);
    const ConfigRead read = folder.parse(bad.old_line, bad.new_line);
    CHECK_FALSE(read.config.has_value());
    const auto found = std::ranges::find_if(read.problems, [&](const Problem& p) {
      return p.key == bad.key && p.level == Problem::Level::error;
    });
    REQUIRE(found != read.problems.end());
    CHECK(found->line == bad.line);
    CHECK_FALSE(found->fix.empty());
    const std::string line = describe(*found, "hansa.toml");
    CAPTURE(line);
    CHECK(line.find(bad.said) != std::string::npos);
  }
}

TEST_CASE("config: the sample, and what one may write instead, is taken without a word") {
  const ConfigFolder folder;
  for (const Taken& good : kTaken) {
    CAPTURE(good.new_line);
    const ConfigRead read = folder.parse(good.old_line, good.new_line);
    for (const Problem& problem : read.problems) FAIL(describe(problem, "hansa.toml"));
    CHECK(read.config.has_value());
  }
}

TEST_CASE("config: values arrive prepared, with their lines and paths beside the file") {
  const ConfigFolder folder;
  const ConfigRead read = folder.parse("\"rooms.a.example\"", "\"Rooms.A.Example\"");
  REQUIRE(read.config);
  const Config& config = *read.config;
  CHECK(config.node.rooms == "rooms.a.example");
  CHECK(config.domains() == std::vector<std::string>{"rooms.a.example", "team.a.example"});
  CHECK(config.node.data == folder.path("data"));
  CHECK(config.node.admin_socket == folder.path("data/admin.sock"));
  CHECK(config.host.host == "127.0.0.1");
  CHECK(config.host.port == 15347);
  CHECK(config.host.secret == "s");
  CHECK(config.limits.members == 1000);
  CHECK(config.limits.initial_members == limits::kInitialMembers);
  CHECK(config.lines.at("node.host.address") == 10);
}

TEST_CASE("config: all problems are reported, in the order of their lines") {
  const ConfigFolder folder;
  const ConfigRead read = folder.parse("create = \"enterprise\"", "create = 1\nupload = 2\nx = 3");
  REQUIRE(read.problems.size() == 3);
  CHECK(read.problems[0].key == "node.create");
  CHECK(read.problems[1].key == "node.upload");
  CHECK(read.problems[2].key == "node.x");
}

TEST_CASE("config: a secret that others may read is warned of, and the node may start") {
  const ConfigFolder folder;
  std::filesystem::permissions(folder.path("secret"), std::filesystem::perms(0644));
  const ConfigRead read = folder.parse("secret = \"s\"", "secret_file = \"secret\"");
  REQUIRE(read.config);
  CHECK(read.config->host.secret == "from the file");
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].level == Problem::Level::warning);
  CHECK(read.problems[0].fix.find("chmod 600") != std::string::npos);
}

TEST_CASE("config: a secret never appears in a problem") {
  const ConfigFolder folder;
  const ConfigRead read = folder.parse("secret = \"s\"", "secret = [\"hushhush\"]");
  for (const Problem& problem : read.problems) {
    CHECK(describe(problem, "hansa.toml").find("hushhush") == std::string::npos);
  }
}

TEST_CASE("config: a file that is not there, or a folder, is one error that says so") {
  const ConfigFolder folder;
  for (const std::string& file : {folder.path("none.toml"), folder.path("")}) {
    const ConfigRead read = read_config(file);
    CHECK_FALSE(read.config.has_value());
    REQUIRE(read.problems.size() == 1);
    CHECK(read.problems[0].what == "cannot be read");
  }
  CHECK(read_config(folder.path("hansa.toml")).config.has_value());
}

}  // namespace
}  // namespace hansa::app
