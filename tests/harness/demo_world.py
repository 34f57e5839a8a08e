# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The demo world, defined once: `make run`, the stories and the benchmarks meet the same names.

The password and codes exist in this world alone; a real installation starts with `imprimatur init`.
"""

import uuid

TENANT = "demo"
TITLE = "Demo"
COMPANY_CODE = "DEMO42"
MAIL_DOMAIN = "demo.example"
PASSWORD = "let-it-be-printed"
ADMINISTRATOR = "admin@demo.example"
# Who operates the service itself, in a tenant of such people.
OPERATORS = "service"
OPERATORS_DOMAIN = "service.example"
OPERATOR = "operator@service.example"

PEOPLE = (
    {"email": "ada@demo.example", "name": "Ada Lovelace", "badge": "04A1B2C3D4", "pin": "314159"},
    {"email": "grace@demo.example", "name": "Grace Hopper", "badge": "04E5F60718", "pin": "271828"},
    {"email": "alan@demo.example", "name": "Alan Turing", "badge": None, "pin": None},
)

A4_FIRST = ("iso_a4_210x297mm", "na_letter_8.5x11in")


def identity(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name + ".printer.demo.example"))


# "sim" is what the virtual printer is told (tests/printsim), the rest what the service is told about it. A "{port}"
# stands in the address until the port is known.
PRINTERS = (
    {
        "name": "lobby",
        "title": "Lobby",
        "location": "Ground floor",
        "address": "ipps://localhost:{port}/ipp/print",
        "formats": ["application/pdf", "image/jpeg", "image/pwg-raster", "image/urf", "text/plain"],
        "colour": True,
        "duplex": True,
        "media": list(A4_FIRST),
        "trays": 1,
        "identity": {"uuid": "urn:uuid:" + identity("lobby")},
        "sim": {"kind": "ipps", "model": "Virtual Lobby 1000", "uuid": identity("lobby")},
    },
    {
        "name": "lab",
        "title": "Laboratory",
        "location": "First floor",
        "address": "socket://localhost:{port}",
        "formats": ["application/vnd.hp-PCLXL"],
        "colour": False,
        "duplex": True,
        "media": list(A4_FIRST),
        "trays": 1,
        "identity": {},
        "sim": {"kind": "raw", "model": "Virtual Lab 2000", "pjl": True},
    },
    {
        "name": "library",
        "title": "Library",
        "location": "Second floor",
        "address": "lpd://localhost:{port}/print",
        "formats": ["application/postscript"],
        "colour": False,
        "duplex": False,
        "media": list(A4_FIRST),
        "trays": 1,
        "identity": {},
        "sim": {"kind": "lpd", "model": "Virtual Library 3000", "queue": "print"},
    },
    {
        "name": "studio",
        "title": "Studio",
        "location": "Attic",
        "address": "ipps://localhost:{port}/ipp/print",
        "formats": ["image/pwg-raster"],
        "colour": True,
        "duplex": True,
        "media": ["iso_a4_210x297mm", "iso_a3_297x420mm"],
        "trays": 2,
        "identity": {"uuid": "urn:uuid:" + identity("studio")},
        "sim": {"kind": "ipps", "model": "Virtual Studio 4000", "uuid": identity("studio")},
    },
)

# A reader is a network appliance that dials the agent: model, the port it knocks at in the demo, and its printer.
READERS = (
    {"name": "lobby-reader", "model": "tcpconv", "port": 7778, "printer": "lobby"},
    {"name": "lab-reader", "model": "tcpconv2", "port": 7777, "printer": "lab"},
    {"name": "library-reader", "model": "ethernet241", "port": 2001, "printer": "library"},
)

AGENT = "demo-site"
PULL = "pull"

# The ports of the demo; tests take free ones instead.
PORTS = {
    "service": 8443,
    "tcpconv": 7778,
    "tcpconv2": 7777,
    "ethernet241": 2001,
    "lobby": 8631,
    "lab": 9100,
    "library": 8516,
    "studio": 8632,
    "cups": 8639,
}


def printer(name):
    return next(p for p in PRINTERS if p["name"] == name)


def sim_settings(port_of):
    """The printers as printsim's configuration wants them."""
    settings = []
    for p in PRINTERS:
        shared = {k: p[k] for k in ("name", "formats", "colour", "duplex", "media", "trays", "location")}
        settings.append(dict(shared, info=p["title"], port=port_of(p["name"]), **p["sim"]))
    return settings


def api_printer(p, port):
    """A printer as POST /v1/printers wants it."""
    body = {k: p[k] for k in ("name", "title", "location", "formats", "colour", "duplex", "media", "trays")}
    body["addresses"] = [p["address"].format(port=port)]
    body["identity"] = p["identity"]
    body["make_and_model"] = p["sim"]["model"]
    return body
