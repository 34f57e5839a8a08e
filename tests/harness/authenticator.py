# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A software authenticator and the browser around it: passkeys as Web Authentication (level 2) has them.

Keys and signatures are openssl's; CBOR is written here by hand, so that nothing is shared with the product.
"""

import base64
import hashlib
import json
import os
import subprocess
import tempfile

ES256, EDDSA, RS256 = -7, -8, -257
PRESENT, VERIFIED, CREDENTIAL = 0x01, 0x04, 0x40


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def head(kind, number):
    for octets, low in ((0, 0), (1, 24), (2, 25), (4, 26), (8, 27)):
        if octets == 0 and number < 24:
            return bytes([kind << 5 | number])
        if octets and number < 1 << 8 * octets:
            return bytes([kind << 5 | low]) + number.to_bytes(octets, "big")
    raise ValueError(number)


def cbor(value):
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    raise TypeError(value)


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True, capture_output=True).stdout


class Authenticator:
    """One passkey of one site."""

    def __init__(self, site, algorithm=ES256, counts=True):
        self.site, self.algorithm, self.counts = site, algorithm, counts
        self.id, self.counter, self.user = os.urandom(32), 0, base64url(bytes(32))
        self.folder = tempfile.TemporaryDirectory()
        self.key = os.path.join(self.folder.name, "key.pem")
        kind = {ES256: ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], EDDSA: ["ED25519"], RS256: ["RSA"]}[algorithm]
        openssl("genpkey", "-algorithm", kind[0], *kind[1:], "-out", self.key)

    def public_key(self):
        der = openssl("pkey", "-in", self.key, "-pubout", "-outform", "DER")
        if self.algorithm == ES256:
            return {1: 2, 3: ES256, -1: 1, -2: der[-64:-32], -3: der[-32:]}
        if self.algorithm == EDDSA:
            return {1: 1, 3: EDDSA, -1: 6, -2: der[-32:]}
        modulus = openssl("rsa", "-pubin", "-inform", "DER", "-modulus", "-noout", data=der).decode().strip()
        return {1: 3, 3: RS256, -1: bytes.fromhex(modulus.split("=")[1]), -2: b"\x01\x00\x01"}

    def sign(self, octets):
        if self.algorithm != EDDSA:
            return openssl("dgst", "-sha256", "-sign", self.key, data=octets)
        path = os.path.join(self.folder.name, "octets")
        with open(path, "wb") as file:
            file.write(octets)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", path)

    def data(self, flags, attested=b""):
        self.counter += self.counts
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big") + attested


class Browser:
    """What navigator.credentials would give a page of this origin."""

    def __init__(self, origin):
        self.origin = origin

    def client_data(self, kind, challenge, **more):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **more}).encode()

    def create(self, authenticator, challenge, flags=PRESENT | VERIFIED):
        attested = bytes(16) + len(authenticator.id).to_bytes(2, "big") + authenticator.id + cbor(authenticator.public_key())
        data = authenticator.data(flags | CREDENTIAL, attested)
        return {
            "client_data": base64url(self.client_data("webauthn.create", challenge)),
            "attestation": base64url(cbor({"fmt": "none", "attStmt": {}, "authData": data})),
        }

    def get(self, authenticator, challenge, flags=PRESENT | VERIFIED, **more):
        client_data = self.client_data("webauthn.get", challenge, **more)
        data = authenticator.data(flags)
        return {
            "id": base64url(authenticator.id),
            "client_data": base64url(client_data),
            "authenticator_data": base64url(data),
            "signature": base64url(authenticator.sign(data + hashlib.sha256(client_data).digest())),
        }

    def sign_in(self, authenticator, challenge, **more):
        """What it gives where nobody was named: the authenticator says whose the passkey is."""
        answer = self.get(authenticator, challenge, **more)
        return {**answer, "challenge": challenge, "user": authenticator.user}
