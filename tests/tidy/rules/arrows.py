"""The floors of the house: who may include, and link, whom. An arrow only goes down.

A folder passes on what it may include itself. A header named alone is open to the folder of that
row only, and nothing else of its folder is.
"""

import re

from source import Finding, is_under

PUBLIC_ROOMS = "modules/rooms/rooms.h"
MODULE = ["engine", "xep-spec", PUBLIC_ROOMS]
ARROWS = {
    "base": [],
    "xmpp": ["base"],
    "xep-spec": ["xmpp"],
    "storage": ["base"],
    "engine": ["xep-spec", "storage/storage.h"],
    "modules/rooms": MODULE,
    "modules/archive": MODULE,
    "modules/act-as": MODULE,
    "modules/commands": MODULE,
    "modules/disco": MODULE,
    "modules/ping": MODULE,
    "modules/times": MODULE,
    "modules/version": MODULE,
    "modules/shared-log": ["engine", "xep-spec"],
    "modules/shared-rooms": ["engine", "xep-spec", "modules/shared-log"],
    "modules/hub": ["engine", "xep-spec", "modules/shared-log"],
    "stream": ["xep-spec"],
    "net": ["base"],
    "component": ["net", "stream"],
}
ARROWS["app"] = list(ARROWS)
FREE = ["tests", "bench"]
LIBRARY = re.compile(r"^hansa_library\((\S+)(?:\s+LINKS\s+(.*?))?(?:\s+EXTERNAL\s.*?)?\)", re.M | re.S)


def folder_of(path):
    return next((folder for folder in ARROWS if is_under(path, folder)), None)


def reach(folder):
    """What may be included from a folder: folders, itself among them, and single headers."""
    allowed, todo = {folder}, [arrow for arrow in ARROWS[folder]]
    while todo:
        arrow = todo.pop()
        if arrow not in allowed:
            allowed.add(arrow)
            todo += [a for a in ARROWS.get(arrow, []) if a in ARROWS]
    return allowed


def includes_follow_the_arrows(tree):
    for source in tree.cpp:
        if any(is_under(source.path, folder) for folder in FREE):
            continue
        folder = folder_of(source.path)
        if folder is None:
            yield source.finding(1, "this folder has no row in tests/tidy/rules/arrows.py")
            continue
        allowed = reach(folder)
        for line, header in source.includes:
            name = header[1:-1]
            if header.startswith("<"):
                continue
            if folder_of(name) is None:
                yield source.finding(line, f"{name} is not a path of ours from the root")
            elif not any(is_under(name, target) for target in allowed):
                yield source.finding(line, f"{folder} may not include {name}")


def links_follow_the_arrows(tree):
    libraries = dict(LIBRARY.findall(tree.read("CMakeLists.txt")))
    for folder, links in libraries.items():
        if folder not in ARROWS:
            yield Finding("CMakeLists.txt", 1, f"{folder} has no row in tests/tidy/rules/arrows.py")
            continue
        arrows = {arrow if arrow in ARROWS else folder_of(arrow) for arrow in ARROWS[folder]}
        for link in links.split():
            if link != "${HANSA_FOLDERS}" and link not in arrows:
                yield Finding("CMakeLists.txt", 1, f"{folder} may not link {link}")
            if link == "${HANSA_FOLDERS}" and folder != "app":
                yield Finding("CMakeLists.txt", 1, f"only app may link all folders, not {folder}")
