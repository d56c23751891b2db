"""Our XEP documents against themselves: well-formed, and every element of a document's own
namespaces that an example shows is valid by the schema that stands in the document.

problems_of(text) gives what is wrong as sentences, nothing if all is well. Payloads of other
namespaces are not ours to judge. Needs xmllint (libxml2-utils)."""

import subprocess
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

XS = "{http://www.w3.org/2001/XMLSchema}"
# Entities that only the XSF's own files define.
ENTITIES = {"LEGALNOTICE": ""}


def parse(text):
    parser = xml.XMLParser()
    parser.entity.update(ENTITIES)
    return xml.fromstring(text, parser)


def schemas_of(document):
    """Target namespace -> (text, names of the elements that may stand alone)."""
    out = {}
    for code in document.iter("code"):
        text = (code.text or "").strip()
        if "<xs:schema" not in text:
            continue
        root = xml.fromstring(text)
        names = [element.get("name") for element in root.findall(XS + "element")]
        out[root.get("targetNamespace")] = (text, names)
    return out


def namespace_of(element):
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def outermost(element, namespaces):
    """The elements of these namespaces, each with all that it holds."""
    if namespace_of(element) in namespaces:
        yield element
        return
    for child in element:
        yield from outermost(child, namespaces)


def validate(schema, elements):
    """`elements`: (where, element). One sentence for each that the schema does not allow."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "schema.xsd").write_text(schema)
        names = []
        for number, (_, element) in enumerate(elements):
            names.append(f"{number}.xml")
            Path(folder, names[-1]).write_bytes(xml.tostring(element))
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", "schema.xsd", *names],
                              cwd=folder, capture_output=True, text=True)
    said = done.stderr.splitlines()
    valid = {line.partition(" ")[0] for line in said if line.endswith(" validates")}
    out = []
    for (where, _), name in zip(elements, names):
        if name not in valid:
            why = [line for line in said if line.startswith(name + ":")] or said[:1]
            out.append(f"{where}: {why[0].partition(': ')[2] or why[0]}")
    return out


def problems_of(text):
    try:
        document = parse(text)
        schemas = schemas_of(document)
    except xml.ParseError as error:
        return [f"not well-formed: {error}"]
    if not schemas:
        return ["no schema"]
    out = []
    shown = {namespace: [] for namespace in schemas}
    for number, example in enumerate(document.iter("example"), 1):
        where = f"example {number} ({example.get('caption')})"
        try:
            stanzas = xml.fromstring(f"<all>{example.text}</all>")
        except xml.ParseError as error:
            out.append(f"{where}: not well-formed: {error}")
            continue
        if not len(stanzas):
            out.append(f"{where}: empty")
        for element in outermost(stanzas, schemas):
            shown[namespace_of(element)].append((where, element))
    for namespace, (schema, names) in schemas.items():
        if not shown[namespace]:
            out.append(f"{namespace}: no example shows it")
            continue
        out += validate(schema, shown[namespace])
        seen = {part.tag for _, element in shown[namespace] for part in element.iter()}
        out += [f"{namespace}: no example shows <{name}/>"
                for name in names if f"{{{namespace}}}{name}" not in seen]
    return out
