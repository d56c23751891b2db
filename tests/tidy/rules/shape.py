"""The shape of a file: width, length, guard, nothing left to do."""

from source import Finding

WIDTH = 100
LENGTH = 400
EXCEPTIONS = "tests/tidy/exceptions.txt"
# In two parts, or this file would be its own breach.
UNFINISHED = r"\b(?:TO" + r"DO|FIX" + r"ME)\b"


def lines_fit(tree):
    for source in tree.cpp:
        for number, line in enumerate(source.lines, 1):
            if len(line) > WIDTH:
                yield source.finding(number, f"{len(line)} columns, {WIDTH} are allowed")


def exceptions(tree):
    """path -> (line, reason) of each "path: reason"."""
    listed = {}
    for number, line in enumerate(tree.read(EXCEPTIONS).splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            path, _, reason = line.partition(":")
            listed[path.strip()] = (number, reason.strip())
    return listed


def files_are_short(tree):
    listed = exceptions(tree)
    long = {source.path: source for source in tree.files if len(source.lines) > LENGTH}
    for path, source in long.items():
        if path not in listed:
            yield source.finding(LENGTH, f"{len(source.lines)} lines: split it, or give a reason "
                                         f"in {EXCEPTIONS}")
    for path, (number, reason) in listed.items():
        if path not in long:
            yield Finding(EXCEPTIONS, number, f"{path} needs no exception")
        elif not reason:
            yield Finding(EXCEPTIONS, number, f"{path}: a reason is missing")


def nothing_is_left_to_do(tree):
    for source in tree.files:
        for line, word in source.search(UNFINISHED, source.text):
            yield source.finding(line, f"{word}: finish it, or open an issue")


def headers_are_guarded(tree):
    for source in tree.cpp:
        if source.suffix == ".h" and "#pragma once" not in source.lines:
            yield source.finding(1, "#pragma once is missing")
