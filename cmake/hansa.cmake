# How this house builds: flags that hold everywhere, and one function for each kind of target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# All programs of a tree lie side by side, so that a test finds its peers next to hansa.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
# Without NDEBUG: a broken invariant must stop the program before it reaches the disk.
# -g1: lines for stack traces and profiles. Full debug information costs a third of the build, and
# -O1 under the sanitizers three times as much as -Og.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1 -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
# What most files include, read once for a tree: half of a first build. Not beside ccache, which does
# more for all later builds and shows an include that a file forgot.
if(CCACHE)
  option(HANSA_PRECOMPILE "Precompile headers" OFF)
else()
  option(HANSA_PRECOMPILE "Precompile headers" ON)
endif()
set(HANSA_STANDARD <algorithm> <array> <cassert> <charconv> <chrono> <cstddef> <cstdint> <deque>
  <functional> <map> <memory> <optional> <set> <span> <string> <string_view> <utility> <variant>
  <vector>)
# hansa_precompile(<target> <header>... | <target> LIKE <target that has them>)
function(hansa_precompile target)
  if(NOT HANSA_PRECOMPILE)
  elseif(ARGV1 STREQUAL "LIKE")
    target_precompile_headers(${target} REUSE_FROM ${ARGV2})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# What every target of ours gets. Includes start at the root of the repository.
add_library(hansa_options INTERFACE)
target_include_directories(hansa_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(hansa_options INTERFACE
  -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  # GCC 12 reports std::string's own operator+ (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # typeid(*unique_ptr) is meant.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-potentially-evaluated-expression>)
if(HANSA_PRECOMPILE)
  # What GCC 12 falsely reports inside the standard library when it optimises is not held back in
  # precompiled headers; trees without them have these warnings.
  target_compile_options(hansa_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)
endif()
if(HANSA_SANITIZE)
  # GCC documents false "maybe uninitialized" reports under sanitizers; the release tree has that
  # warning. It also cannot follow atomic_thread_fence, which Asio uses.
  target_compile_options(hansa_options INTERFACE -fsanitize=${HANSA_SANITIZE}
    -fno-sanitize-recover=all $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-tsan>)
  target_link_options(hansa_options INTERFACE -fsanitize=${HANSA_SANITIZE})
  if(HANSA_SANITIZE MATCHES "address" AND NOT HANSA_FUZZ)
    # A fifth of the compiler's time: a null pointer that is used ends the process without them, too.
    # The fuzz targets are built with both.
    target_compile_options(hansa_options INTERFACE -fno-sanitize=null,alignment)
  endif()
endif()
if(HANSA_FUZZ)
  # Counters for libFuzzer, in all that the targets link; libFuzzer itself only in the targets.
  target_compile_options(hansa_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# hansa_target_names(<out> <folder>...): modules/act-as -> hansa_act_as
function(hansa_target_names out)
  list(TRANSFORM ARGN REPLACE "^modules/" "")
  list(TRANSFORM ARGN REPLACE "-" "_")
  list(TRANSFORM ARGN PREPEND "hansa_")
  set(${out} ${ARGN} PARENT_SCOPE)
endfunction()

# hansa_library(<folder> [LINKS <our folders>...] [EXTERNAL <third-party targets>...])
# All .cpp files under the folder. A folder without any is an interface library, so that the floors
# above it can be built before it. Sets hansa_<name>_SCOPE and appends to HANSA_FOLDERS.
function(hansa_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS;EXTERNAL")
  hansa_target_names(target ${folder})
  hansa_target_names(links ${arg_LINKS})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/app/main.cpp)
  if(sources)
    set(scope PUBLIC)
    add_library(${target} STATIC ${sources})
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  target_link_libraries(${target} ${scope} hansa_options ${links} ${arg_EXTERNAL})
  if(folder STREQUAL "base")
    hansa_precompile(${target} ${HANSA_STANDARD})
  elseif(folder STREQUAL "engine")
    hansa_precompile(${target} ${HANSA_STANDARD} ${PROJECT_SOURCE_DIR}/engine/turn.h)
  elseif(folder STREQUAL "net")
    hansa_precompile(${target} ${HANSA_STANDARD} <boost/asio/awaitable.hpp>
                     <boost/asio/io_context.hpp> <boost/asio/local/stream_protocol.hpp>
                     <boost/asio/post.hpp> <boost/asio/steady_timer.hpp>
                     <boost/asio/use_awaitable.hpp>)
  elseif(sources AND folder MATCHES "^(modules/|app$)")
    hansa_precompile(${target} LIKE hansa_engine)
  elseif(sources)
    hansa_precompile(${target} LIKE hansa_base)
  endif()
  set(${target}_SCOPE ${scope} PARENT_SCOPE)
  set(HANSA_FOLDERS ${HANSA_FOLDERS} ${folder} PARENT_SCOPE)
endfunction()

# hansa_program(<name> <main file> [LINKS <our folders>...] [EXTERNAL <third-party targets>...])
# Nothing happens as long as the main file is missing.
function(hansa_program name main)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINKS;EXTERNAL")
  file(GLOB source CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${main})
  if(source)
    hansa_target_names(links ${arg_LINKS})
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE hansa_options ${links} ${arg_EXTERNAL})
  endif()
endfunction()

# hansa_allocator(<target>...): mimalloc stands for malloc there. Sanitizers have one of their own.
function(hansa_allocator)
  foreach(target IN LISTS ARGN)
    if(NOT HANSA_SANITIZE)
      target_link_libraries(${target} PRIVATE mimalloc)
    endif()
  endforeach()
endfunction()

# What a test says itself is not looked at for undefined behaviour: what it tests is. A minute of a
# first build.
function(hansa_test_options target)
  if(HANSA_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
endfunction()

# hansa_test(<name> SOURCES <files>... LINKS <our folders>... [EXTERNAL <third-party targets>...])
# One doctest executable; each of its *_test.cpp files is a ctest of its own (label unit), run in
# the root of the repository.
function(hansa_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;EXTERNAL")
  hansa_target_names(links ${arg_LINKS})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE hansa_test_main ${links} ${arg_EXTERNAL})
  hansa_test_options(${name})
  hansa_precompile(${name} LIKE hansa_test_headers)
  add_dependencies(unit_tests ${name})
  foreach(source IN LISTS arg_SOURCES)
    if(NOT source MATCHES "_test\\.cpp$")
      continue()
    endif()
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${source})
    string(REGEX REPLACE "^tests/(.*)_test\\.cpp$" "unit/\\1" test ${path})
    add_test(NAME ${test} COMMAND ${name} --source-file=*${path}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    # A file whose cases do not run would pass; it must not.
    set_tests_properties(${test} PROPERTIES LABELS unit TIMEOUT 120
      FAIL_REGULAR_EXPRESSION "test cases: +0 ")
  endforeach()
endfunction()
