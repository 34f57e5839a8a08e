# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A real browser: Debian's Chromium, led by its own chromedriver over WebDriver (W3C), with its virtual authenticator.

Plain HTTP, no library in between. Where it is not installed the story is skipped.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

from .process import Program, accepts, free_ports, wait_until
from .story import skip

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Failed(Exception):
    pass


def key_hash(certificate):
    """SHA-256 of the public key of a PEM file, as Chromium's command line takes it."""
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True, capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


class Chromium:
    def __init__(self, certificate):
        """certificate: of the one service that is trusted, whoever signed it."""
        driver, browser = shutil.which("chromedriver"), shutil.which("chromium")
        if not driver or not browser:
            skip("there is no chromium here, or no chromedriver")
        self.folder = tempfile.TemporaryDirectory(prefix="imprimatur-chromium-")
        port = free_ports(1)[0]
        self.root, self.session = "http://127.0.0.1:%d" % port, None
        log = os.path.join(self.folder.name, "chromedriver.log")
        environment = {**os.environ, "HOME": self.folder.name}
        self.program = Program("chromedriver", [driver, "--port=%d" % port], log, lambda: accepts(port), environment)
        self.program.start()
        words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=800,900"]
        words += ["--ignore-certificate-errors-spki-list=" + key_hash(certificate), "--user-data-dir=" + os.path.join(self.folder.name, "profile")]
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"binary": browser, "args": words}, "webauthn:virtualAuthenticators": True}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = "/session/" + made["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.session:
            self.call("DELETE", self.session)
        self.program.stop()
        self.folder.cleanup()

    def call(self, method, path, body=None):
        octets = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.root + path, octets, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.loads(error.read())["value"]["message"]) from None

    def do(self, method, path, body=None):
        return self.call(method, self.session + path, body)

    # ---- pages -----------------------------------------------------------------------------------------------

    def open(self, url):
        self.do("POST", "/url", {"url": url})

    @property
    def url(self):
        return self.do("GET", "/url")

    def run(self, script, *arguments):
        return self.do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def heading(self):
        return self.run("return document.querySelector('h1')?.textContent ?? ''")

    def words(self):
        return self.run("return document.body.innerText")

    def wait_for(self, heading):
        wait_until(lambda: self.heading() == heading, "the page \"%s\", where \"%s\" was" % (heading, self.words()), 20)

    def find(self, css):
        return self.do("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.do("POST", "/element/%s/click" % self.find(css))

    def type(self, css, text):
        self.do("POST", "/element/%s/value" % self.find(css), {"text": text})

    def is_shown(self, css):
        return self.run("const e = document.querySelector(arguments[0]); return !!e && e.offsetParent !== null", css)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.do("GET", "/screenshot")))

    # ---- its authenticator (Web Authentication, section 11) ----------------------------------------------------

    def plug_in(self, verifies=True):
        wanted = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
        }
        return self.do("POST", "/webauthn/authenticator", wanted)

    def credentials(self, authenticator):
        return self.do("GET", "/webauthn/authenticator/%s/credentials" % authenticator)

    def set_verified(self, authenticator, verified):
        self.do("POST", "/webauthn/authenticator/%s/uv" % authenticator, {"isUserVerified": verified})
