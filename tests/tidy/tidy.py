#!/usr/bin/python3
"""Checks the rules of the house: arrows, homes, shape. Prints every breach; exit status 1 if any.

    tests/tidy/tidy.py [ROOT]

Each rule is a function of a Tree that yields Findings; canary_test.py shows that each can fail.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rules import arrows, decisions, namespaces, shape, third_party  # noqa: E402
from source import Tree  # noqa: E402

RULES = [
    arrows.includes_follow_the_arrows,
    arrows.links_follow_the_arrows,
    third_party.libraries_stay_at_home,
    namespaces.namespaces_have_one_home,
    decisions.decisions_do_no_io,
    shape.lines_fit,
    shape.files_are_short,
    shape.nothing_is_left_to_do,
    shape.headers_are_guarded,
]


def check(root):
    tree = Tree(root)
    return [(rule.__name__, finding) for rule in RULES for finding in rule(tree)]


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    findings = check(root)
    for rule, finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.text} [{rule}]")
    print(f"tidy: {len(RULES)} rules, {len(findings)} breaches")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
