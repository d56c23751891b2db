#!/usr/bin/python3
"""Every document in xep-spec/ agrees with its own schema; broken neighbours of one do not."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import documents  # noqa: E402

FOLDER = Path(__file__).parents[2] / "xep-spec"

GOOD = """<?xml version='1.0'?>
<!DOCTYPE xep SYSTEM 'xep.dtd' [ <!ENTITY % ents SYSTEM 'xep.ent'> %ents; ]>
<xep><header>&LEGALNOTICE;</header>
<example caption='a'><![CDATA[
<iq to='b' type='set'><door xmlns='urn:x' width='3'><key/></door></iq>]]></example>
<code><![CDATA[<?xml version='1.0'?>
<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:x' xmlns='urn:x'
    elementFormDefault='qualified'>
  <xs:element name='door'><xs:complexType>
    <xs:sequence><xs:element ref='key' minOccurs='0'/></xs:sequence>
    <xs:attribute name='width' type='xs:integer' use='required'/>
  </xs:complexType></xs:element>
  <xs:element name='key'/>
</xs:schema>]]></code></xep>"""

# (what of GOOD, becomes what, and is found with these words)
BROKEN = [
    ("</door>", "</dor>", "example 1 (a): not well-formed"),
    ("</header>", "", "not well-formed"),
    ("</xs:schema>", "", "not well-formed"),
    (" width='3'", "", "example 1 (a): "),
    ("width='3'", "width='wide'", "example 1 (a): "),
    ("width='3'", "width='3' height='2'", "example 1 (a): "),
    ("<key/>", "<key/><key/>", "example 1 (a): "),
    ("<key/>", "<lock/>", "example 1 (a): "),
    ("<key/>", "<key xmlns='urn:y'/>", "example 1 (a): "),
    ("<key/>", "", "no example shows <key/>"),
    ("<door xmlns='urn:x'", "<door xmlns='urn:y'", "no example shows it"),
    ("name='key'/>", "name='key' type='none'/>", "example 1 (a): "),
    ("targetNamespace='urn:x'", "targetNamespace='urn:z'", "no example shows it"),
    ("<iq to='b' type='set'><door xmlns='urn:x' width='3'><key/></door></iq>", "", "empty"),
    ("<xs:schema", "<xs:scheme", "no schema"),
]


class Documents(unittest.TestCase):
    def test_ours_are_valid(self):
        paths = sorted(FOLDER.glob("*.xml"))
        self.assertTrue(paths)
        for path in paths:
            with self.subTest(path.name):
                self.assertEqual(documents.problems_of(path.read_text()), [])

    def test_every_example_of_ours_counts(self):
        # The canary in the real documents: no example may lose what its schema requires.
        for path in sorted(FOLDER.glob("*.xml")):
            text = path.read_text()
            for namespace in documents.schemas_of(documents.parse(text)):
                mark = f"xmlns='{namespace}'"
                example = text.index("<example")
                at = text.index(mark, example) + len(mark)
                with self.subTest(path.name, namespace=namespace):
                    broken = text[:at] + " no-such-attribute='1'" + text[at:]
                    self.assertEqual(len(documents.problems_of(broken)), 1)


class Canaries(unittest.TestCase):
    def test_the_good_one_is_good(self):
        self.assertEqual(documents.problems_of(GOOD), [])

    def test_each_broken_one_is_found(self):
        for old, new, words in BROKEN:
            with self.subTest(old=old, new=new):
                self.assertEqual(GOOD.count(old), 1)
                found = documents.problems_of(GOOD.replace(old, new))
                self.assertTrue(any(words in one for one in found), found)


if __name__ == "__main__":
    unittest.main()
