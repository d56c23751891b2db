#!/usr/bin/python3
"""Canaries: a tree of planted breaches shows that each rule can fail, and that its accepted
neighbour passes. A rule without a canary fails this test too."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import tidy  # noqa: E402

TABLE = """| library | package | home | headers | why |
| --- | --- | --- | --- | --- |
| expat | `libexpat1-dev` | `xmpp` | `expat.h` | XML |
| Asio | `libboost-dev` | `net` | `boost/*` | I/O |
"""
INCLUDES = "includes_follow_the_arrows"
LINKS = "links_follow_the_arrows"
HOMES = "libraries_stay_at_home"
NAMESPACES = "namespaces_have_one_home"
DECISIONS = "decisions_do_no_io"
WIDTH = "lines_fit"
LENGTH = "files_are_short"
UNFINISHED = "nothing_is_left_to_do"
GUARDS = "headers_are_guarded"
DISCO = "http://jabber.org/protocol/disco#info"
LONG = "int a;\n" * 401

# (rule, what is planted: path -> text). Every one must be found, and nothing beside it.
BAD = [
    (INCLUDES, {"base/a.cpp": '#include "xmpp/jid.h"\n'}),
    (INCLUDES, {"xmpp/a.cpp": '#include "storage/storage.h"\n'}),
    (INCLUDES, {"engine/a.cpp": '#include "storage/leveldb_storage.h"\n'}),
    (INCLUDES, {"modules/disco/a.cpp": '#include "storage/storage.h"\n'}),
    (INCLUDES, {"modules/disco/a.cpp": '#include "modules/ping/ping.h"\n'}),
    (INCLUDES, {"modules/disco/a.cpp": '#include "modules/rooms/state.h"\n'}),
    (INCLUDES, {"stream/a.cpp": '#include "engine/turn.h"\n'}),
    (INCLUDES, {"component/a.cpp": '#include "engine/turn.h"\n'}),
    (INCLUDES, {"net/a.cpp": '#include "xmpp/jid.h"\n'}),
    (INCLUDES, {"xmpp/a.cpp": '#include "jid.h"\n'}),
    (INCLUDES, {"base/a.cpp": '#include "tests/helper.h"\n'}),
    (INCLUDES, {"attic/a.cpp": "int a;\n"}),
    (LINKS, {"CMakeLists.txt": "hansa_library(base LINKS xmpp EXTERNAL fmt::fmt)\n"}),
    (LINKS, {"CMakeLists.txt": "hansa_library(net LINKS base xmpp)\n"}),
    (LINKS, {"CMakeLists.txt": "hansa_library(net LINKS ${HANSA_FOLDERS})\n"}),
    (LINKS, {"CMakeLists.txt": "hansa_library(attic)\n"}),
    (HOMES, {"engine/a.cpp": "#include <expat.h>\n"}),
    (HOMES, {"component/a.cpp": "#include <boost/asio.hpp>\n"}),
    (HOMES, {"component/a.cpp": "boost::asio::io_context* io;\n"}),
    (HOMES, {"component/a.cpp": "asio::io_context* io;\n"}),
    (HOMES, {"base/a.cpp": "#include <zlib.h>\n"}),
    (HOMES, {"tests/a.cpp": "#include <zlib.h>\n"}),
    (HOMES, {"docs/dependencies.md": "nothing\n"}),
    (NAMESPACES, {"modules/disco/a.cpp": f'auto a = "{DISCO}";\n'}),
    (NAMESPACES, {"xmpp/a.cpp": 'auto a = "jabber:client";\n'}),
    (NAMESPACES, {"xmpp/ns.h": '#pragma once\nauto a = "urn:xmpp:ping";\n'}),
    (NAMESPACES, {"xep-spec/a.h": '#pragma once\nauto a = "urn:ietf:params:xml:ns:xmpp-sasl";\n'}),
    (NAMESPACES, {"xep-spec/a.cpp": f'auto a = "{DISCO}";\nauto b = "{DISCO}";\n'}),
    (NAMESPACES, {"stream/a.cpp": 'auto a = "http://etherx.jabber.org/streams";\n'}),
    (NAMESPACES, {"app/a.cpp": 'auto a = "vcard-temp:x:update";\n'}),
    (NAMESPACES, {"app/a.cpp": 'auto a = "storage:bookmarks";\n'}),
    (NAMESPACES, {"app/a.cpp": "auto a = \"<x xmlns='jabber:x:data'/>\";\n"}),
    (NAMESPACES, {"app/a.cpp": 'auto a = R"(<x xmlns="jabber:x:data"/>)";\n'}),
    (DECISIONS, {"engine/a.cpp": "#include <thread>\n"}),
    (DECISIONS, {"engine/a.cpp": "std::thread* a;\n"}),
    (DECISIONS, {"modules/rooms/a.cpp": "auto a = std::chrono::system_clock::now();\n"}),
    (DECISIONS, {"stream/a.cpp": "auto a = std::chrono::steady_clock::now();\n"}),
    (DECISIONS, {"xmpp/a.cpp": "auto a = std::time(nullptr);\n"}),
    (DECISIONS, {"xmpp/a.cpp": "auto a = time(0);\n"}),
    (DECISIONS, {"xmpp/a.cpp": "auto a = rand();\n"}),
    (DECISIONS, {"xep-spec/a.cpp": "std::random_device a;\n"}),
    (DECISIONS, {"stream/a.cpp": "#include <sys/socket.h>\n"}),
    (DECISIONS, {"stream/a.cpp": "int a = ::socket(1, 2, 3);\n"}),
    (DECISIONS, {"modules/rooms/a.cpp": "#include <fstream>\n"}),
    (WIDTH, {"base/a.cpp": "//" + "é" * 99 + "\n"}),
    (WIDTH, {"tests/a.cpp": "//" + "x" * 99 + "\n"}),
    (LENGTH, {"base/a.cpp": LONG}),
    (LENGTH, {"base/a.cpp": LONG, "tests/tidy/exceptions.txt": "base/a.cpp:\n"}),
    (LENGTH, {"tests/tidy/exceptions.txt": "base/a.cpp: it is gone\n"}),
    (UNFINISHED, {"base/a.cpp": "// TO" + "DO: more\n"}),
    (UNFINISHED, {"tests/interop/a.py": "# FIX" + "ME\n"}),
    (GUARDS, {"base/a.h": "int a();\n"}),
]

# The neighbours that must pass.
GOOD = [
    {"xep-spec/a.cpp": '#include "base/result.h"\n#include "xmpp/jid.h"\n'},
    {"engine/a.cpp": '#include "storage/storage.h"\n#include "base/clock.h"\n#include <span>\n'},
    {"modules/disco/a.cpp": '#include "modules/rooms/rooms.h"\n#include "engine/turn.h"\n'},
    {"app/a.cpp": '#include "modules/rooms/state.h"\n#include "net/tcp.h"\n'},
    {"tests/a.cpp": '#include "tests/helper.h"\n#include "app/app.h"\n#include <expat.h>\n'},
    {"CMakeLists.txt": "hansa_library(engine LINKS xep-spec storage)\n"},
    {"CMakeLists.txt": "hansa_library(app LINKS ${HANSA_FOLDERS} EXTERNAL CLI11::CLI11)\n"},
    {"xmpp/a.cpp": "#include <expat.h>\n", "net/a.cpp": "#include <boost/asio.hpp>\n"},
    {"component/a.cpp": "// boost::asio stays in net\n#include <sys/socket.h>\n"},
    {"xmpp/ns.h": '#pragma once\nauto a = "jabber:client";\n'},
    {"xep-spec/a.h": f'#pragma once\nauto a = "{DISCO}";\n', "tests/a.cpp": f'auto a = "{DISCO}";\n'},
    {"app/a.cpp": 'auto a = "storage: the disk is full"; // "jabber:client"\n'},
    {"engine/a.cpp": "// std::thread\nauto a = clock.time(); auto b = 1'000; auto c = operand();\n"},
    {"net/a.cpp": "auto a = std::chrono::steady_clock::now();\n"},
    {"base/a.cpp": "//" + "x" * 98 + "\n"},
    {"base/a.cpp": LONG, "tests/tidy/exceptions.txt": "base/a.cpp: one table\n"},
    {"build/a.cpp": LONG, "clients/web/a.h": "int a();\n"},
]


def findings(planted):
    with tempfile.TemporaryDirectory() as root:
        for path, text in {"docs/dependencies.md": TABLE, **planted}.items():
            file = Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return [rule for rule, _ in tidy.check(root)]


class Canary(unittest.TestCase):
    def test_each_planted_breach_is_found_once(self):
        for rule, planted in BAD:
            with self.subTest(planted=planted):
                self.assertEqual(findings(planted), [rule])

    def test_each_neighbour_passes(self):
        for planted in GOOD:
            with self.subTest(planted=planted):
                self.assertEqual(findings(planted), [])

    def test_each_rule_has_a_canary(self):
        self.assertEqual({rule for rule, _ in BAD}, {rule.__name__ for rule in tidy.RULES})


if __name__ == "__main__":
    unittest.main()
