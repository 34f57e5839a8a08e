# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""imprimatur login: with a code typed elsewhere, with a browser, and what it keeps."""

import http.client
import json
import os
import re
import stat
import subprocess
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import demo_world as demo
from harness.browser import Browser
from harness.documents import pdf
from harness.process import free_ports
from harness.story import equal

ADA = "ada@demo.example"
SETTINGS = {"service": {"oauth.device_interval": "1s"}}
DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3


class CommandLine:
    """imprimatur with a home of its own."""

    def __init__(self, world, name):
        self.program = os.path.join(world.build, "src", "imprimatur")
        self.home = world.path("home-" + name)
        os.makedirs(self.home, exist_ok=True)
        self.profile = self.home + "/.config/imprimatur/profile"
        self.world = world
        self.url = "https://localhost:%d" % world.ports["service"]
        self.where = ["--server", self.url, "--ca", world.programs.authority()]

    def start(self, *words, stdin=subprocess.DEVNULL, **environment):
        given = {"HOME": self.home, "PATH": "/usr/bin:/bin", "TZ": "UTC", **environment}
        return subprocess.Popen([self.program, *words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given)

    def run(self, *words, expect=DONE, **environment):
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=60)
        equal(process.returncode, expect, "%s: exit status (%s%s)" % (" ".join(words), out[-500:], err[-500:]))
        return out, err

    def read(self):
        with open(self.profile, encoding="utf-8") as file:
            return {line.partition(" = ")[0]: line.partition(" = ")[2].strip() for line in file if " = " in line}

    def keep(self, email, given):
        """A profile as login writes it, with these tokens."""
        os.makedirs(os.path.dirname(self.profile), mode=0o700, exist_ok=True)
        with open(self.profile, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("[profile]\nserver = %s\nca = %s\ntoken = %s\ntoken_id =\nemail = %s\n" % (self.url, self.where[3], given["access_token"], email))
            file.write("refresh_token = %s\nexpires = %d\n" % (given["refresh_token"], time.time() + given["expires_in"]))

    def change(self, **values):
        with open(self.profile, encoding="utf-8") as file:
            text = file.read()
        for name, value in values.items():
            text = re.sub(r"(?m)^%s = .*$" % name, "%s = %s" % (name, value), text)
        with open(self.profile, "w", encoding="utf-8") as file:
            file.write(text)


def until(process, pattern):
    """What the program says, up to a line that matches."""
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(pattern, line)
        if found:
            return found.group(0)
    raise AssertionError("it never said %s: %s" % (pattern, said))


def login(command, button="allow", *words):
    process = command.start("login", *command.where, *words)
    code = until(process, "[B-Z]{4}-[B-Z]{4}")
    browser = Browser(command.world.connection)
    browser.sign_in(ADA, demo.PASSWORD, "/sign-in?" + urlencode({"next": "/device?user_code=" + code}))
    assert "imprimatur on " in browser.page.words, browser.page.words
    browser.submit("user_code", button=button)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def story_with_a_code_typed_on_another_device(world):
    ada = CommandLine(world, "ada")
    status, said = login(ada)
    equal(status, DONE, said)
    assert "signed in" in said and ADA in said, said
    equal(stat.S_IMODE(os.stat(ada.profile).st_mode), 0o600, "mode of the profile")
    kept = ada.read()
    assert kept["token"].startswith("at_") and kept["refresh_token"].startswith("rt_"), sorted(kept)
    equal(json.loads(ada.run("me", "--json")[0])["person"]["email"], ADA, "who it is")
    grants = json.loads(ada.run("grant", "list", "--json")[0])
    assert [g["client"] for g in grants] == ["imprimatur-cli"] and grants[0]["label"].startswith("imprimatur on "), grants
    assert "command line" in ada.run("grant", "list")[0]
    # Signed out, the token is worth nothing, wherever it was copied to.
    ada.run("logout")
    assert not os.path.exists(ada.profile)
    assert "login" in ada.run("me", *ada.where, expect=REFUSED, IMPRIMATUR_TOKEN=kept["token"])[1]
    assert "login" in ada.run("me", expect=REFUSED)[1]


def story_the_trail_says_what_was_shown_not_what_claims_to_show_it(world):
    """The command line's own sign-in is of the command line, wherever its token goes; an API token is of the API, whoever
    sends it, and by whatever name."""
    ada = CommandLine(world, "shown")
    paper = os.path.join(ada.home, "shown.pdf")
    with open(paper, "wb") as file:
        file.write(pdf("shown"))
    token = world.api(ADA).post("/v1/tokens", {"label": "script", "kind": "api"})["token"]
    equal(login(ada)[0], DONE, "login")
    jobs = [json.loads(ada.run("job", "send", paper, "--json")[0])["id"],
            json.loads(ada.run("job", "send", paper, "--json", IMPRIMATUR_TOKEN=token)[0])["id"],
            world.api(token=token).call("POST", "/v1/jobs?queue=pull&name=x", pdf("x"), content_type="application/pdf",
                                        headers={"User-Agent": "imprimatur/0.1.0"})["id"]]
    held = {r["subject"]: r["via"] for r in world.admin.all("/v1/audit/records") if r["event"] == "job-held"}
    equal([held[job] for job in jobs], ["command-line", "api", "api"], "by which way they came")
    world.api(ADA).delete("/v1/jobs/" + jobs[0])
    ada.run("logout")


def story_somebody_says_no(world):
    nobody = CommandLine(world, "nobody")
    status, said = login(nobody, "deny")
    equal(status, REFUSED, said)
    assert "said no" in said and not os.path.exists(nobody.profile), said
    assert "--scope" in nobody.run("login", *nobody.where, "--scope", "everything", expect=REFUSED)[1]
    nobody.run("login", *nobody.where, "--scope", "print", "--email", ADA, expect=USAGE)
    port = free_ports(1)[0]
    nobody.run("login", "--server", "https://localhost:%d" % port, expect=UNREACHABLE)
    nobody.run("login", "--server", "https://localhost:%d" % port, "--browser", expect=UNREACHABLE)
    assert "not trusted" in nobody.run("login", "--server", nobody.url, expect=UNREACHABLE)[1]


def story_no_more_than_was_asked_for(world):
    narrow = CommandLine(world, "narrow")
    equal(login(narrow, "allow", "--scope", "print read")[0], DONE, "login")
    narrow.run("job", "list")
    narrow.run("release", "lobby", expect=REFUSED)
    narrow.run("token", "add", "longer", expect=REFUSED)
    narrow.run("logout")


def story_many_commands_share_one_sign_in(world):
    ada = CommandLine(world, "many")
    equal(login(ada)[0], DONE, "login")
    before = ada.read()
    # The access token is over: each of these would have it refreshed.
    ada.change(expires=1)
    running = [ada.start("me", "--json") for _ in range(8)]
    for process in running:
        out, err = process.communicate(timeout=60)
        equal(process.returncode, DONE, "one of many: " + out + err)
    after = ada.read()
    assert after["refresh_token"] != before["refresh_token"], "it was refreshed"
    equal(len(json.loads(ada.run("grant", "list", "--json")[0])), 1, "and taken for nobody's theft")
    # The service says that the token is over, though the clock does not.
    ada.change(token="at_" + "A" * 43)
    ada.run("me")
    assert ada.read()["refresh_token"] != after["refresh_token"], "refreshed because it was refused"
    # Taken back on a page of somebody's: said in words.
    ada_api = world.api(ADA)
    for grant in ada_api.all("/v1/grants"):
        ada_api.delete("/v1/grants/" + grant["id"])
    assert "imprimatur login" in ada.run("me", expect=REFUSED)[1]
    ada.change(expires=1)
    assert "imprimatur login" in ada.run("me", expect=REFUSED)[1]


def story_with_a_browser_on_this_machine(world):
    ada = CommandLine(world, "browser")
    process = ada.start("login", *ada.where, "--browser")
    url = until(process, r"https://\S+")
    asked = parse_qs(urlsplit(url).query)
    back = urlsplit(asked["redirect_uri"][0])
    equal((back.hostname, back.path, asked["code_challenge_method"]), ("127.0.0.1", "/callback", ["S256"]), "the question")

    def knock(path):
        connection = http.client.HTTPConnection("127.0.0.1", back.port, timeout=20)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    # What is no answer to this question is not taken for one.
    origin = "https://localhost:%d" % world.ports["service"]
    for path in ("/", "/favicon.ico", "/callback?code=x&state=y&iss=" + origin,
                 "/callback?" + urlencode({"code": "x", "state": asked["state"][0], "iss": "https://evil.example"}),
                 "/callback?" + urlencode({"code": "x", "state": asked["state"][0]})):
        equal(knock(path), 404, path)
    browser = Browser(world.connection)
    browser.sign_in(ADA, demo.PASSWORD)
    browser.open(url[len(origin):])
    browser.submit("question", button="allow")
    away = urlsplit(browser.away)
    equal(knock(away.path + "?" + away.query), 200, "the answer")
    out, err = process.communicate(timeout=60)
    equal(process.returncode, DONE, out + err)
    equal(json.loads(ada.run("me", "--json")[0])["person"]["email"], ADA, "who it is")
    ada.run("logout")


def story_a_token_is_shown_to_its_own_service_alone(world):
    ada = CommandLine(world, "own")
    equal(login(ada)[0], DONE, "login")
    kept = ada.read()
    words = ada.run("me", "--server", "https://127.0.0.1:%d" % world.ports["service"], "--ca", world.programs.authority(), expect=REFUSED)[1]
    assert "not signed in" in words, words
    equal(ada.read(), kept, "the profile")
    ada.run("logout")


def story_machines_are_made_and_put_to_work(world):
    admin = CommandLine(world, "admin")
    done = subprocess.run([admin.program, "login", *admin.where, "--email", demo.ADMINISTRATOR], input=demo.PASSWORD + "\n", capture_output=True,
                          text=True, env={"HOME": admin.home, "PATH": "/usr/bin:/bin"}, check=False, timeout=60)
    equal(done.returncode, DONE, done.stderr)
    said = dict(line.split(" ", 1) for line in admin.run("client", "add", "ERP")[0].splitlines())
    assert said["client_secret"].startswith("cs_"), said
    admin.run("client", "machine", "ERP", "--queue", "pull", "--jobs-max", "5")
    assert "5" in admin.run("client", "machine", "ERP")[0]
    assert "ERP" in admin.run("client", "list")[0]
    assert "machine" in admin.run("client", "show", said["client_id"])[0]
    new = admin.run("client", "secret", "ERP", "--overlap", "0s")[0]
    assert "client_secret cs_" in new and said["client_secret"] not in new, new
    admin.run("client", "add", "Reports", "--kind", "public", "--scope", "read", "--redirect", "https://reports.example/back")
    for title in ("ERP", "Reports"):
        admin.run("client", "delete", title, "--yes")
    equal(json.loads(admin.run("client", "list", "--json")[0]), [], "clients")
