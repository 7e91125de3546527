# SPDX-License-Identifier: MIT
"""Checks a value against a JSON Schema: the few keywords that tools/leakgc-report.schema.json uses. Another
keyword is an error, so that none is passed over."""
import re

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
WORDS = {"$schema", "title", "description", "$defs", "$ref", "type", "const", "enum", "required", "properties",
         "additionalProperties", "items", "pattern", "minimum"}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def faults(value, schema, root=None, place="$"):
    """What is wrong, as texts."""
    root = root or schema
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, place)
    unknown = set(schema) - WORDS
    if unknown:
        yield f"{place}: the schema says {unknown}, which is not known here"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        yield f"{place}: {value!r} is not {types}"
        return
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is not allowed"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{place}: {value!r} does not match"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{place}: {value!r} is too small"
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from faults(item, schema["items"], root, f"{place}[{i}]")
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                yield f"{place}: {key} is missing"
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if inner:
                yield from faults(item, inner, root, f"{place}.{key}")


def strangers(value, schema, root=None, place="$"):
    """Members of which the schema does not tell."""
    root = root or schema
    if "$ref" in schema:
        schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[1]], **schema}
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from strangers(item, schema["items"], root, place + "[]")
    if isinstance(value, dict):
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if inner is None:
                yield f"{place}.{key}"
            else:
                yield from strangers(item, inner, root, f"{place}.{key}")
