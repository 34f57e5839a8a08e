# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""From the command line, by a code typed on a page, whoever answers for who somebody is: refreshed, taken back, and over
when the provider no longer knows him."""

import json
import os
import re
import subprocess
from urllib.parse import urlencode, urljoin

from harness import browser as plain
from harness import demo_world as demo, slapd
from harness.openid import CALLBACK, Browser, Glewlwyd, NodeProvider
from harness.process import wait_until
from harness.story import equal, skip

SETTINGS = {
    "service": {
        "fetch.allow": "localhost, http://127.0.0.1",
        "fetch.ca_file": "{world}/ca.pem",
        "oidc.check_least": "1s",
        "oauth.device_interval": "1s",
        "directory.allow": "127.0.0.0/8",
    }
}
PROFILE = "/.config/imprimatur/profile"


class Terminal:
    """imprimatur with a home of its own."""

    def __init__(self, world, name):
        self.program = os.path.join(world.build, "src", "imprimatur")
        self.environment = {"HOME": world.path("home-" + name), "PATH": "/usr/bin:/bin", "TZ": "UTC"}
        os.makedirs(self.environment["HOME"], exist_ok=True)
        self.where = ["--server", "https://localhost:%d" % world.ports["service"], "--ca", world.programs.authority()]

    def start(self, *words):
        return subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)

    def run(self, *words):
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def expire(self):
        """The access token is over, as far as the program knows."""
        path = self.environment["HOME"] + PROFILE
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"(?m)^expires = .*$", "expires = 1", text))


def add_method(world, provider, **settings):
    own = {"issuer": provider.issuer, "client_id": provider.client, "client_authentication": provider.kind}
    made = world.api(demo.ADMINISTRATOR).post("/v1/methods", {"kind": "oidc", "title": "The provider", "enabled": True,
                                                              "settings": dict(own, **settings), "secret": provider.secret})
    return made["id"]


def sign_in_by_page(world, provider, who, email, path):
    """From our page to the provider and back, as the links and redirects lead; a browser that is where it wanted to go."""
    origin = "https://localhost:%d" % world.ports["service"]
    page = plain.Browser(world.connection)
    page.open(path)
    equal(page.page.heading, "Sign in", "who is not signed in")
    page.submit(email=email)
    link = next(link for link in page.page.links if link.startswith("/v1/sign-in/oidc/"))
    link = re.sub(r"login_hint=[^&]*&?", "", link)  # the providers of these stories take it for the name to sign in as
    elsewhere = Browser(world.programs.authority())
    back = provider.sign_in(elsewhere, urljoin(origin, link), who, origin + CALLBACK)
    assert back.url.startswith(origin + CALLBACK), (back.status, back.url, back.body)
    answer = elsewhere.once(back.url, headers={"Accept": "text/html"})
    equal((answer.status, answer.header("Location")), (302, path), "sent back to where he wanted to go: %s" % answer.body)
    page.cookies["__Host-imprimatur"] = elsewhere.of(origin)["__Host-imprimatur"]
    return page.open(path)


def login(world, provider, terminal, who, email):
    process = terminal.start("login", *terminal.where)
    code = next(found.group(0) for found in (re.search("[B-Z]{4}-[B-Z]{4}", line) for line in process.stderr) if found)
    page = sign_in_by_page(world, provider, who, email, "/device?" + urlencode({"user_code": code}))
    page.submit("user_code", button="allow")
    equal(page.page.heading, "The device is let in", page.page.words)
    out, err = process.communicate(timeout=60)
    equal(process.returncode, 0, out + err)
    return page


def live_and_leave(world, provider, name, who, email, remove):
    """All of a sign-in's life: refreshed, shared, signed out and in again, and over at the provider's word."""
    terminal = Terminal(world, name)
    login(world, provider, terminal, who, email)
    status, out, err = terminal.run("me", "--json")
    equal((status, json.loads(out)["person"]["email"]), (0, email), err)
    terminal.expire()
    equal(terminal.run("me")[0], 0, "with a refreshed token")
    equal(terminal.run("logout")[0], 0, "signed out")
    equal(terminal.run("me")[0], 1, "afterwards")
    login(world, provider, terminal, who, email)
    equal(terminal.run("me")[0], 0, "signed in again")
    remove()
    wait_until(lambda: terminal.run("me")[0] == 1, "it is over when the provider says so", 30, pause=0.3)
    assert "imprimatur login" in terminal.run("me")[2]
    terminal.expire()
    assert "imprimatur login" in terminal.run("me")[2], "the refresh token is worth nothing either"


def story_by_oidc_provider_until_it_knows_her_no_more(world):
    provider = NodeProvider(world)
    provider.people(wanda={"email": "wanda@demo.example", "email_verified": True, "name": "Wanda"})
    method = add_method(world, provider, parameters={"prompt": "consent"}, check_every=1)
    provider.start(method)
    live_and_leave(world, provider, "wanda", "wanda", "wanda@demo.example", provider.people)
    world.api(demo.ADMINISTRATOR).delete("/v1/methods/" + method)


def story_by_glewlwyd_until_it_knows_her_no_more(world):
    provider = Glewlwyd(world)
    provider.start()
    provider.add_person("greta", "Greta", "greta@demo.example")
    method = add_method(world, provider, trust_email=True, check_every=1)
    live_and_leave(world, provider, "greta", "greta", "greta@demo.example", lambda: provider.remove_person("greta"))
    world.api(demo.ADMINISTRATOR).delete("/v1/methods/" + method)


def story_by_a_directory_until_it_knows_her_no_more(world):
    """slapd: the password is typed on our page, and asked of the directory."""
    if not slapd.present():
        skip("slapd is not installed")
    directory = slapd.Slapd(world, slapd.person("trude", name="Trude", password="a-word-of-the-directory"))
    method = world.admin.post("/v1/methods", {"kind": "ldap", "title": "The directory", "enabled": True, "secret": slapd.SERVICE_PASSWORD,
                                              "settings": slapd.settings(world, directory.ldaps)})["id"]
    terminal, page = Terminal(world, "trude"), plain.Browser(world.connection)
    process = terminal.start("login", *terminal.where)
    code = next(found.group(0) for found in (re.search("[B-Z]{4}-[B-Z]{4}", line) for line in process.stderr) if found)
    page.open("/device?" + urlencode({"user_code": code}))
    page.submit(email="trude@demo.example")
    page.submit("email", password="not-the-word")
    equal(page.status, 403, "a wrong password")
    page.submit("email", password="a-word-of-the-directory")
    equal(page.page.heading, "Let this device in?", page.page.words)
    page.submit("user_code", button="allow")
    out, err = process.communicate(timeout=60)
    equal(process.returncode, 0, out + err)
    equal(json.loads(terminal.run("me", "--json")[1])["person"]["email"], "trude@demo.example", "who it is")
    terminal.expire()
    equal(terminal.run("me")[0], 0, "with a refreshed token")
    # Gone there, out here: at the latest with the next synchronisation.
    directory.remove("trude")
    world.admin.post("/v1/methods/%s/synchronisations" % method, {})
    wait_until(lambda: terminal.run("me")[0] == 1, "it is over when the directory knows her no more", 30, pause=0.3)
    directory.stop()
