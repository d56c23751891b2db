"""Each library that we did not write is included in its home only: docs/dependencies.md."""

import re
from fnmatch import fnmatchcase

from source import Finding, is_under

DOCUMENT = "docs/dependencies.md"
FREE = ["tests", "bench"]
# Neither C++ nor a library: what the system itself offers.
SYSTEM = re.compile(
    r"(arpa|linux|net|netinet|sys)/\w+\.h|(assert|ctype|cxxabi|dirent|dlfcn|endian|errno|execinfo"
    r"|fcntl|float|getopt|grp|ifaddrs|inttypes|libgen|limits|malloc|math|netdb|poll|pthread|pwd"
    r"|sched|signal|spawn|stdarg|stddef|stdint|stdio|stdlib|string|strings|syslog|termios|time"
    r"|unistd|wait)\.h"
)
STANDARD = re.compile(r"[a-z_]+")
NAMES = r"\b(?:boost::\w+|(?<!::)(?:asio|beast)::\w+)"


def table(tree):
    """(library, homes, header patterns) of each row."""
    for line in tree.read(DOCUMENT).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and "`" in cells[3]:
            yield cells[0], re.findall(r"`([^`]+)`", cells[2]), re.findall(r"`([^`]+)`", cells[3])


def libraries_stay_at_home(tree):
    rows = list(table(tree))
    if not rows:
        yield Finding(DOCUMENT, 1, "the table of libraries is missing")
    for source in tree.cpp:
        for line, header in source.includes:
            name = header[1:-1]
            row = next((r for r in rows if any(fnmatchcase(name, p) for p in r[2])), None)
            if row is not None:
                if not any(is_under(source.path, home) for home in row[1] + FREE):
                    yield source.finding(line, f"{row[0]} lives in {', '.join(row[1])} only")
            elif header.startswith("<") and not (
                STANDARD.fullmatch(name) or SYSTEM.fullmatch(name)
            ):
                yield source.finding(line, f"{name} belongs to no library of {DOCUMENT}")
        if not any(is_under(source.path, home) for home in ["net"] + FREE):
            for line, name in source.search(NAMES, source.code):
                yield source.finding(line, f"{name}: Asio and Beast are named in net only")
