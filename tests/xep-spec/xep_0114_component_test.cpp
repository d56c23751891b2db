#include "xep-spec/xep_0114_component.h"

#include <doctest/doctest.h>

using namespace hansa;

TEST_CASE("component: the handshake is the lower-case hex of SHA-1 over id and secret") {
  std::string xml;
  xep_0114::write_handshake(xml, "3BF96D32", "test");
  // printf 3BF96D32test | sha1sum
  CHECK(xml == "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>");
}

TEST_CASE("component: the name in the opening tag is escaped") {
  std::string xml;
  xep_0114::write_open(xml, "a'/><evil b='");
  CHECK(xml.find("<evil") == std::string::npos);
  CHECK(xml.starts_with("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "));
}
