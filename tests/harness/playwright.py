# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Pages in a real browser: Debian's Chromium, led by Playwright.

Its methods have the names of Playwright for Python, and do the same (https://playwright.dev/python/docs/api/class-page);
tests/browser/driver.mjs, which runs the JavaScript one, takes them from here.

    with Browser(world) as browser:
        page = browser.open("/", ADA)
        page.get_by_role("button", name="Print all").click()
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess

from . import demo_world as demo
from .story import skip

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")


def key_hash(certificate):
    """SHA-256 of the public key of a PEM file, as Chromium's command line takes it."""
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True, capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


class Failed(AssertionError):
    pass


def camel(name):
    head, *rest = name.split("_")
    return head + "".join("URL" if word == "url" else word.capitalize() for word in rest)


def said(value):
    if isinstance(value, Remote):
        return {"$object": value.number}
    if isinstance(value, bytes):
        return {"$octets": base64.b64encode(value).decode()}
    if isinstance(value, re.Pattern):
        return {"$pattern": value.pattern, "$flags": "i" if value.flags & re.I else ""}
    if isinstance(value, dict):
        return {key: said(item) for key, item in value.items()}
    return [said(item) for item in value] if isinstance(value, (list, tuple)) else value


class Member:
    """page.click, or page.keyboard on the way to page.keyboard.press."""

    def __init__(self, remote, path):
        self.remote, self.path = remote, path

    def __getattr__(self, name):
        return Member(self.remote, self.path + [camel(name)])

    def order(self, arguments, options):
        named = [{camel(key): said(value) for key, value in options.items()}] if options else []
        return {"on": self.remote.number, "call": self.path, "arguments": [said(a) for a in arguments] + named}

    def __call__(self, *arguments, **options):
        return self.remote.driver.say(self.order(arguments, options))

    def later(self, *arguments, **options):
        """Begins it; the answer's get() waits."""
        return Later(self.remote.driver, self.remote.driver.say({**self.order(arguments, options), "later": True}))


class Later:
    def __init__(self, driver, remote):
        self.driver, self.remote = driver, remote

    def get(self):
        return self.driver.say({"await": self.remote.number})


class Remote:
    def __init__(self, driver, number):
        self.driver, self.number = driver, number

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Member(self, [camel(name)])


class Driver:
    def __init__(self):
        if not shutil.which("chromium"):
            skip("there is no chromium here")
        words = [os.path.join(ROOT, "web", "make"), "node", os.path.join(ROOT, "tests", "browser", "driver.mjs")]
        self.program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, order):
        self.program.stdin.write(json.dumps(order) + "\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        assert line, "the browser's driver has ended"
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        if "object" in answer:
            return Remote(self, answer["object"])
        if "objects" in answer:
            return [Remote(self, number) for number in answer["objects"]]
        return base64.b64decode(answer["octets"]) if "octets" in answer else answer["value"]

    def end(self):
        self.program.stdin.close()
        self.program.wait(30)
        self.program.stdout.close()


class Browser:
    """world: whose service is trusted. camera: a film (MJPEG) that its camera shows. At the end no page may have complained."""

    def __init__(self, world, camera=None):
        self.root = "https://localhost:%d" % world.ports["service"]
        words = ["--no-sandbox", "--disable-dev-shm-usage"]
        words += ["--ignore-certificate-errors-spki-list=" + key_hash(world.path("service.pem"))]
        if camera:
            words += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--use-file-for-fake-video-capture=" + camera]
        self.launch = {"executablePath": shutil.which("chromium"), "args": words}
        self.driver = Driver()
        self.own = Remote(self.driver, 0)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                complained = self.own.faults()
                assert not complained, "pages complained: %s" % complained
        finally:
            self.driver.end()

    def new(self, size=None, language="en-GB", **options):
        """A page of nobody's, with cookies of its own."""
        wanted = {"viewport": size or DESKTOP, "locale": language, "baseURL": self.root, "hasTouch": size == PHONE, "isMobile": size == PHONE, "reducedMotion": "reduce"}
        return self.driver.say({"on": 0, "call": ["open"], "arguments": [said({**wanted, **options}), self.launch]})

    def open(self, path, email=None, password=demo.PASSWORD, size=None, language="en-GB", **options):
        """The page at a path, where its asker signs in on the way."""
        page = self.new(size, language, **options)
        page.goto(path)
        if email:
            sign_in(page, email, password)
        return page

    def devtools(self, page):
        return self.own.devtools(page)

    def axe(self, page):
        """Nothing that keeps somebody from using the page."""
        found = [v for v in self.own.axe(page) if v["impact"] in SERIOUS]
        assert not found, "axe, of %s: %s" % (page.url(), json.dumps(found, indent=1))

    def picture(self, page, name):
        """For the documentation, where a folder for pictures is named."""
        folder = os.environ.get("IMPRIMATUR_PICTURES")
        if folder:
            path = os.path.join(folder, name + ".png")
            page.screenshot(path=path, animations="disabled")
            make_smaller(path)


def make_smaller(path):
    """The colours of a page are few; where a palette would change one to be seen, it keeps them all."""
    from PIL import Image, ImageChops  # wanted by pictures alone

    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    few = whole.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    furthest = max(high for _, high in ImageChops.difference(whole, few.convert("RGB")).getextrema())
    (whole if furthest > 40 else few).save(path, optimize=True)


def sign_in(page, email, password=demo.PASSWORD):
    """From the plain page to where somebody wanted to go."""
    page.locator("input[name=email]").fill(email)
    page.locator("form button").first().click()
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))
