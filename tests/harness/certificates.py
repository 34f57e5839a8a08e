# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Requests for certificates, made and looked at by OpenSSL's own program."""

import subprocess

from .client import Refused


def openssl(*words, octets=None):
    return subprocess.run(["openssl", *words], input=octets, capture_output=True, check=True).stdout


def certificate_request(kind="ec", name="asked-for.example"):
    """A new key and a request for it, both PEM; what the request asks for beside the key is not to be granted."""
    options = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if kind == "ec" else [kind]
    both = openssl("req", "-new", "-newkey", *options, "-nodes", "-keyout", "-", "-subj", "/CN=" + name, "-addext",
                   "subjectAltName=DNS:" + name, "-addext", "basicConstraints=critical,CA:TRUE").decode()
    key, begin, request = both.partition("-----BEGIN CERTIFICATE REQUEST-----")
    return key, begin + request


def require_authority(admin):
    """The tenant has one from now on; its root, PEM."""
    try:
        return admin.post("/v1/authority", None)["certificate"]
    except Refused as answer:
        assert answer.status == 409, answer
        return admin.get("/v1/authority")["certificate"]


def certificate_thing(admin, printer):
    """The id of a certificate that the tenant's authority has issued to this printer."""
    require_authority(admin)
    return admin.post("/v1/printers/%s/certificates" % printer, {"request": certificate_request()[1]})["id"]
