"""Decisions do no I/O: no socket, clock, thread, file or dice; the engine brings time and chance."""

from source import is_under

FOLDERS = ["engine", "modules", "stream", "xmpp", "xep-spec"]
HEADERS = {
    "<condition_variable>", "<filesystem>", "<fstream>", "<future>", "<mutex>", "<netdb.h>",
    "<poll.h>", "<pthread.h>", "<shared_mutex>", "<stop_token>", "<sys/epoll.h>", "<sys/socket.h>",
    "<sys/stat.h>", "<sys/time.h>", "<thread>", "<unistd.h>",
}  # fmt: skip
CALLS = (
    r"\bstd::(?:jthread|thread|async|mutex|random_device|this_thread|[io]?fstream|filesystem)\b"
    r"|\b(?:system|steady|high_resolution)_clock::now\b"
    r"|\btime\s*\(\s*(?:nullptr|NULL|0|&)"
    r"|\b(?:std::)?s?rand\s*\("
    r"|(?<![\w.>:])(?:::\s*)?(?:clock_gettime|gettimeofday|getrandom|getentropy|fopen|usleep)\s*\("
    r"|(?<![\w.>:])(?:::\s*)?socket\s*\("
)


def decisions_do_no_io(tree):
    for source in tree.cpp:
        if not any(is_under(source.path, folder) for folder in FOLDERS):
            continue
        for line, header in source.includes:
            if header in HEADERS:
                yield source.finding(line, f"{header} in a folder that only decides")
        for line, call in source.search(CALLS, source.code):
            yield source.finding(line, f"{call.strip()} in a folder that only decides")
