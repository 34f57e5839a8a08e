# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""api/openapi.yaml as a judge: does an answer look as it is described?"""

import os
import re
import subprocess

import yaml

from . import ROOT
from .client import is_json

METHODS = ("get", "put", "post", "patch", "delete")
TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
}


class NotAsDescribed(AssertionError):
    pass


class Description:
    def __init__(self):
        with open(os.path.join(ROOT, "api", "openapi.yaml"), encoding="utf-8") as file:
            self.document = yaml.safe_load(file)

    def find(self, thing):
        """What a $ref leads to."""
        while "$ref" in thing:
            names = thing["$ref"].split("/")
            assert names[0] == "#", thing
            thing = self.document
            for name in names[1:]:
                thing = thing[name]
        return thing

    def operations(self):
        """{(METHOD, path): operation}"""
        found = {}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    found[method.upper(), path] = item[method]
        return found

    def parameters(self, operation):
        return [self.find(p) for p in operation.get("parameters", [])]

    def operation_of(self, method, path):
        path = path.split("?")[0]
        for (m, pattern), operation in self.operations().items():
            if m == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                return operation
        raise NotAsDescribed("%s %s is not described" % (method, path))

    def check_answer(self, method, path, status, kind, value):
        """kind: the answer's content type; value: its JSON."""
        responses = self.operation_of(method, path)["responses"]
        response = self.find(responses.get(str(status)) or responses.get("default") or {})
        if not response:
            raise NotAsDescribed("%s %s: status %d is not described" % (method, path, status))
        content = response.get("content")
        if not content:
            if value not in (None, b""):
                raise NotAsDescribed("%s %s: a body that is not described" % (method, path))
            return
        media = content.get(kind.split(";")[0])
        if media is None:
            raise NotAsDescribed("%s %s %d: %s is not described" % (method, path, status, kind))
        if is_json(kind):
            self.check(media["schema"], value, "%s %s %d" % (method, path, status))

    def check(self, schema, value, where):
        schema = self.find(schema)
        if "oneOf" in schema:
            return self.check_one_of(schema["oneOf"], value, where)
        if "enum" in schema and value not in schema["enum"]:
            raise NotAsDescribed("%s: %r is none of %s" % (where, value, schema["enum"]))
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if types and not any(TYPES[t](value) for t in types):
            raise NotAsDescribed("%s: %r is no %s" % (where, value, " or ".join(types)))
        if isinstance(value, str) and schema.get("format") in FORMATS and not FORMATS[schema["format"]].fullmatch(value):
            raise NotAsDescribed("%s: %r is no %s" % (where, value, schema["format"]))
        if isinstance(value, dict):
            self.check_object(schema, value, where)
        if isinstance(value, list) and "items" in schema:
            for i, item in enumerate(value):
                self.check(schema["items"], item, "%s[%d]" % (where, i))
        return None

    def check_one_of(self, schemas, value, where):
        for schema in schemas:
            try:
                return self.check(schema, value, where)
            except NotAsDescribed:
                pass
        raise NotAsDescribed("%s: %r is none of the ways it is described" % (where, value))

    def check_object(self, schema, value, where):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                raise NotAsDescribed("%s: %s is missing" % (where, name))
        for name, member in value.items():
            if name in properties:
                self.check(properties[name], member, where + "." + name)
            elif schema.get("additionalProperties") is False:
                raise NotAsDescribed("%s: %s is not described" % (where, name))


def routes(build):
    """[(METHOD, path, right, body, creates)]: the table that the service itself uses."""
    out = subprocess.run([os.path.join(build, "src", "imprimaturd"), "--routes"], check=True, capture_output=True, text=True)
    found = []
    for line in out.stdout.splitlines():
        method, path, right, body, creates = line.split()
        if method != "IPP":
            found.append((method, path, right, body, creates.split(",")[0] == "creates"))
    return found


def route_words(build):
    """{(METHOD, path): {"half", "fresh"}}: what is open to who still owes a factor, and what needs a fresh sign-in."""
    out = subprocess.run([os.path.join(build, "src", "imprimaturd"), "--routes"], check=True, capture_output=True, text=True)
    split = [line.split() for line in out.stdout.splitlines()]
    return {(words[0], words[1]): set(words[4].split(",")[1:]) for words in split if words[0] != "IPP"}


def rights(build):
    """{right: {role: reach}}: likewise the table of rights."""
    out = subprocess.run([os.path.join(build, "src", "imprimaturd"), "--rights"], check=True, capture_output=True, text=True)
    found = {}
    for line in out.stdout.splitlines():
        right, role, reach = line.split()[:3]
        found.setdefault(right, {})[role] = reach
    return found


def ipp_operations(build):
    """{operation-id: right}: likewise the table of IPP's operations."""
    out = subprocess.run([os.path.join(build, "src", "imprimaturd"), "--routes"], check=True, capture_output=True, text=True)
    lines = [line.split() for line in out.stdout.splitlines()]
    return {int(line[1], 16): line[2] for line in lines if line[0] == "IPP"}
