# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The browser of a printer's panel, without a script."""

import os
import re
import subprocess
import tempfile
from urllib.parse import urlencode, urlsplit

from .browser import Browser
from .story import skip

SHOWN = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b")


class Panel(Browser):
    def __init__(self, world, printer="lobby", bound=True, name=None):
        super().__init__(world.connection)
        self.base = "/panel/" + world.printers[printer]
        if bound:
            made = world.admin.post("/v1/printers/%s/panels" % printer, {"name": name or "tablet"})
            self.id = made["id"]
            self.open(made["address"])
            self.press("bind")

    def look(self, query="", **headers):
        return self.open(self.base + query, headers=headers or None)

    def forms(self, what):
        return [form for form in self.page.forms if form.fields.get("do") == what]

    def press(self, what, button=None, at=0, **values):
        """Fills in the form that does this, and presses a button of it by its value. A box is ticked by a value, not otherwise."""
        form = self.forms(what)[at]
        fields = {name: value for name, value in form.fields.items() if not name.startswith("job-") or "release" not in form.fields}
        fields.update(values)
        if button:
            fields["press"] = button
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        return self.open(form.action, "POST", urlencode({k: v for k, v in fields.items() if v is not None}), sent)

    def jobs(self):
        """The boxes of the documents on the page."""
        return [name for form in self.forms("chosen") for name in form.fields if name.startswith("job-")]

    def links_to_code(self):
        """Whether a code stands there."""
        return bool(SHOWN.search(self.page.words))

    def cards(self):
        """The badge's claim that the page shows: of the address that it loads by itself."""
        return re.findall(r"card=([0-9a-f-]{36})", self.content)

    def sign_in(self, email, pin):
        self.look()
        form = next(i for i, form in enumerate(self.forms("sign-in")) if "pin" in form.fields)
        return self.press("sign-in", at=form, email=email, pin=pin)

    @property
    def code(self):
        """The code on the screen."""
        return SHOWN.search(self.page.words).group(0)

    def raw(self, path):
        """(status, headers, octets) of what lies beside a page."""
        connection = self.connection.fresh()
        connection.request("GET", path, headers={"Cookie": "; ".join("%s=%s" % item for item in self.cookies.items())})
        answer = connection.getresponse()
        octets = answer.read()
        connection.close()
        return answer.status, answer.headers, octets

    def scan(self):
        """What a phone reads in the picture: a path of the service."""
        status, headers, octets = self.raw(self.base + "/code")
        assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "image/png", "no-store"), (status, headers.items())
        path = urlsplit(read_qr(octets))
        return path.path + "?" + path.query


def read_qr(png):
    if not os.path.exists("/usr/bin/zbarimg"):
        skip("no zbarimg here")
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png)
        file.flush()
        return subprocess.run(["zbarimg", "--quiet", "--raw", file.name], capture_output=True, text=True, check=True).stdout.strip()
