# The libraries that we did not write. Who may use which: docs/dependencies.md.
# Each is looked for in the way that its Debian package supports.

set(Boost_NO_BOOST_CMAKE ON) # headers only; the package's own files want compiled parts
find_package(Boost 1.81 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(mimalloc 2.0 REQUIRED)

# Debian's own target for LevelDB asks for snappy, whose development package it does not bring.
find_library(LEVELDB_LIBRARY leveldb REQUIRED)
add_library(leveldb::leveldb UNKNOWN IMPORTED)
set_target_properties(leveldb::leveldb PROPERTIES IMPORTED_LOCATION ${LEVELDB_LIBRARY})

find_package(PkgConfig REQUIRED)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET GLOBAL libcares)
pkg_check_modules(LIBIDN REQUIRED IMPORTED_TARGET GLOBAL libidn)

# Independent XMPP libraries: peers in tests, measures in bench.
if(HANSA_TESTS OR HANSA_BENCH)
  pkg_check_modules(GLOOX REQUIRED IMPORTED_TARGET GLOBAL gloox)
  pkg_check_modules(STROPHE REQUIRED IMPORTED_TARGET GLOBAL libstrophe)
endif()
if(HANSA_TESTS)
  find_package(doctest REQUIRED)
endif()
if(HANSA_BENCH)
  find_package(benchmark REQUIRED)
endif()
