"""Files as the rules see them: text, code without comments, string literals, includes."""

import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

CPP = {".h", ".cpp"}
SCRIPTS = {".py", ".sh", ".cmake"}
SCRIPT_NAMES = {"CMakeLists.txt", "install-deps", "sum-results", "run"}
# Where nothing of ours is: built things, and the clients' own worlds (their languages, their rules).
SKIPPED = {"build", "clients", "__pycache__"}

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"(?P<mark>[^()\s\\]{0,16})\((?P<raw_text>.*?)\)(?P=mark)")
      | "(?P<text>(?:\\.|[^"\\\n])*)"
      | (?P<char>(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+')""",
    re.VERBOSE | re.DOTALL,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")', re.MULTILINE)


class Finding(NamedTuple):
    path: str
    line: int
    text: str


class Source:
    def __init__(self, root, path):
        self.file = root / path
        self.path = path.as_posix()
        self.suffix = path.suffix

    @cached_property
    def text(self):
        return self.file.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def without_comments(self):
        """The text with comments blanked; every line and column stays where it was."""
        return TOKEN.sub(lambda m: blank(m.group()) if m.group("comment") else m.group(), self.text)

    @cached_property
    def code(self):
        """Comments, strings and characters blanked."""
        return TOKEN.sub(lambda m: blank(m.group()), self.text)

    @property
    def literals(self):
        """(line, content) of each string literal that is not the name of an include."""
        includes = [m.span(1) for m in INCLUDE.finditer(self.without_comments)]
        for m in TOKEN.finditer(self.text):
            content = m.group("text") if m.group("text") is not None else m.group("raw_text")
            if content is not None and not any(a <= m.start() < b for a, b in includes):
                yield self.line_of(m.start()), content

    @property
    def includes(self):
        """(line, header with its <> or quotes)."""
        for m in INCLUDE.finditer(self.without_comments):
            yield self.line_of(m.start(1)), m.group(1)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def search(self, pattern, text):
        for m in re.finditer(pattern, text, re.MULTILINE):
            yield self.line_of(m.start()), m.group()

    def finding(self, line, text):
        return Finding(self.path, line, text)


class Tree:
    def __init__(self, root):
        self.root = Path(root)

    @cached_property
    def files(self):
        return [Source(self.root, path) for path in sorted(self.walk(Path(".")))]

    def walk(self, folder):
        for entry in (self.root / folder).iterdir():
            path = folder / entry.name
            if entry.is_dir():
                if entry.name not in SKIPPED and not entry.name.startswith("."):
                    yield from self.walk(path)
            elif entry.suffix in CPP | SCRIPTS or entry.name in SCRIPT_NAMES:
                yield path

    @property
    def cpp(self):
        return [source for source in self.files if source.suffix in CPP]

    def read(self, path):
        """A document that a rule rests on; a tree without it has an empty one."""
        file = self.root / path
        return file.read_text(encoding="utf-8") if file.exists() else ""


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def is_under(path, folder):
    return path == folder or path.startswith(folder + "/")
