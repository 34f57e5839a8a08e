# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A browser with a session: keeps the cookie, sends the token, and says where its pages come from."""

import hmac
import json
import struct
import time
from base64 import b32decode

from .client import Refused
from .description import Description


def totp(secret, at=None):
    """RFC 6238 with a secret in base32."""
    counter = int((time.time() if at is None else at) // 30)
    mac = hmac.new(b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", counter), "sha1").digest()
    offset = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 1000000)


class Page:
    def __init__(self, connection):
        self.connection = connection
        self.origin = "https://%s:%d" % (connection.host, connection.port)
        self.cookie = self.csrf = None

    def send(self, method, path, body=None, headers=None, csrf=True):
        """Status and value, whatever they are."""
        sent = {"Sec-Fetch-Site": "same-origin", "User-Agent": "a story"}
        if method != "GET":
            sent["Origin"] = self.origin
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and csrf:
            sent["X-CSRF-Token"] = self.csrf
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.update(headers or {})
        status, answered, content = self.connection.request(method, path, body, sent)
        for name, value in answered.items():
            if name.lower() == "set-cookie":
                self.take_cookie(value)
        value = json.loads(content) if content else None
        if isinstance(value, dict) and "csrf" in value:
            self.csrf = value["csrf"]
        return status, value

    def take_cookie(self, value):
        words = [word.strip() for word in value.split(";")]
        name, secret = words[0].split("=", 1)
        assert name in ("__Host-imprimatur", "__Host-imprimatur-company"), value
        if name == "__Host-imprimatur-company":
            return  # what a browser remembers beside it; a page of ours does not
        assert set(words[1:]) >= {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} and not any(w.startswith("Domain") for w in words), value
        self.cookie = words[0] if secret else None

    def call(self, method, path, body=None, expect=None):
        status, value = self.send(method, path, body)
        if expect is not None:
            assert status == expect, "%s %s: %d %s, where %d was due" % (method, path, status, value, expect)
        elif not 200 <= status < 300:
            raise Refused(status, value)
        return value

    def sign_in(self, email, password, expect=201, **more):
        return self.call("POST", "/v1/sessions", {"email": email, "password": password, **more}, expect)


class JudgedPage(Page):
    """A page whose every answer is held against the description."""

    description = Description()

    def send(self, method, path, body=None, headers=None, csrf=True):
        status, value = super().send(method, path, body, headers, csrf)
        kind = "application/problem+json" if status >= 400 else "application/json"
        self.description.check_answer(method, path, status, kind, value)
        return status, value
