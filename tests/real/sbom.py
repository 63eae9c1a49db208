# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold a bill of materials against its published schema.

sbom.py SCHEMA DOCUMENT

Other schemas that it refers to are looked for beside it, as NAME.SNAPSHOT.schema.json. Prints what is
wrong, at most ten lines, or the number of elements. Some things are done otherwise than jsonschema
does them, which would take hours over thousands of elements, with the same answer: that items are
unique is seen by a set; an element of SPDX 3 is held against the class that its type names instead
of all classes in turn, of which each wants its own type; and elements that differ in our identifiers
and in free text alone are checked once.
"""
import glob
import itertools
import json
import re
import sys
import warnings

import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, validators


def unique(validator, unique_items, instance, schema):
    if unique_items and isinstance(instance, list):
        if len({json.dumps(item, sort_keys=True) for item in instance}) < len(instance):
            yield jsonschema.ValidationError("the items are not unique")


OURS = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}#[A-Za-z0-9.-]+")
FREE = {"name", "comment", "key", "hashValue", "software_packageVersion",
        "simplelicensing_licenseText", "simplelicensing_licenseExpression"}


def shape(value, key=None):
    if isinstance(value, dict):
        return {k: shape(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [item for item, _ in itertools.groupby(shape(v) for v in value)]
    if isinstance(value, str) and OURS.fullmatch(value):
        return "urn:uuid:00000000-0000-8000-a000-000000000000#x"
    return "x" if isinstance(value, str) and key in FREE else value


def elements(validator, schema, document):
    """The errors of each element of a graph."""
    made, seen = {}, set()
    for element in document["@graph"]:
        kind, form = element.get("type"), shape(element)
        if json.dumps(form) in seen:
            continue
        seen.add(json.dumps(form))
        if kind not in schema["$defs"]:
            yield f"'{kind}' is no class"
            continue
        if kind not in made:
            made[kind] = validator(
                {"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}", "unevaluatedProperties": False}
            )
        for error in made[kind].iter_errors(form):
            yield f"{element.get('spdxId')}: {error.message[:200]}"


def references(document):
    """Each identifier that an element of a graph names is one of another element."""
    known = {e.get("spdxId") or e.get("@id") for e in document["@graph"]}
    for e in document["@graph"]:
        for key in ("from", "to", "rootElement", "element", "createdBy", "creationInfo"):
            value = e.get(key, [])
            for name in value if isinstance(value, list) else [value]:
                if name not in known:
                    yield f"{key} names {name}, which is no element"
    if len(known) != len(document["@graph"]):
        yield "two elements have one identifier"


warnings.simplefilter("ignore", DeprecationWarning)
path, document = sys.argv[1:]
schema = json.load(open(path))
document = json.load(open(document))
base = Draft202012Validator if "2020-12" in schema["$schema"] else Draft7Validator
validator = validators.extend(base, {"uniqueItems": unique})
if "@graph" in document:
    errors = list(elements(validator, schema, document)) + list(references(document))
    empty = dict(document, **{"@graph": []})
    errors += [e.message for e in validator(schema).iter_errors(empty)]
    count = len(document["@graph"])
else:
    store = {}
    for other in glob.glob(path.rsplit("/", 1)[0] + "/*.schema.json"):
        text = json.load(open(other))
        if "$id" in text:
            store[text["$id"]] = text
    resolver = jsonschema.RefResolver(schema.get("$id", ""), schema, store=store)
    errors = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
        for e in validator(schema, resolver=resolver).iter_errors(document)
    ]
    count = len(document.get("packages", document.get("components", [])))
print("\n".join(errors[:10]) if errors else count)
sys.exit(bool(errors))
