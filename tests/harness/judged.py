# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The API, with every answer held against its description."""

import json

from . import demo_world as demo
from .client import basic, is_json
from .description import Description
from .story import equal


class Judged:
    """An Api whose every answer is held against the description."""

    def __init__(self, world, email, description=None, authorization=None):
        self.world, self.description = world, description or Description()
        self.authorization = authorization or basic(email, demo.PASSWORD)

    def call(self, method, path, body=None, expect=None, kind="application/json", headers=None):
        sent = {"Authorization": self.authorization, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = kind
        octets = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
        status, answered, content = self.world.connection.request(method, path, octets, sent)
        answered = {name.lower(): value for name, value in answered.items()}
        answer_kind = answered.get("content-type", "")
        value = json.loads(content) if is_json(answer_kind) else content
        self.description.check_answer(method, path, status, answer_kind, value)
        if expect is not None:
            equal(status, expect, "%s %s: %s" % (method, path, value))
        return value
