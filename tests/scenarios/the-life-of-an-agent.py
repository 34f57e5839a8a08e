# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of an agent while it is there: what it is told to do and not to do."""

import http.client
import json
import os
import subprocess

from harness.client import Refused
from harness.documents import pdf
from harness.process import accepts, free_ports, wait_until
from harness.story import equal, says

ADA = "ada@demo.example"
STATUS = free_ports(1)[0]
SETTINGS = {"service": {"api.update_manifest": "{world}/manifest"},
            "agent": {"update.key": "{world}/update.public", "update.every": "1s", "update.mode": "off", "agent.health": "1s", "status.port": STATUS}}
FEATURES = ["readers", "directory", "discovery", "ipp", "lpd", "offline"]


def agent_of(world):
    return next(a for a in world.admin.all("/v1/agents") if a["enrolled"])


def switch(world, **features):
    return world.admin.patch("/v1/agents/" + agent_of(world)["id"], {"features": features})


def kept(world):
    with open(world.path("agent", "configuration.json"), encoding="utf-8") as file:
        return json.load(file)


def log(world):
    with open(world.programs.log("agent"), encoding="utf-8") as file:
        return file.read()


def prints(world, name):
    job = world.api(ADA).submit(pdf(name))
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(ADA))
    world.wait_job(world.api(ADA), job["id"], "done")


def story_a_feature_is_switched_off_and_on_without_a_start(world):
    world.programs.wait_agent()
    equal(agent_of(world)["features"], dict.fromkeys(FEATURES, True), "what a new agent does")
    prints(world, "on")
    reader = world.reader("lobby")
    port = reader.port
    reader.connect()
    pid = world.programs["agent"].pid
    equal(switch(world, readers=False)["features"]["readers"], False, "the answer")
    wait_until(lambda: not accepts(port), "nobody listens to readers any more")
    wait_until(reader.is_dead, "a reader that was connected is hung up on")
    job = world.api(ADA).submit(pdf("off"))
    equal(switch(world, directory=False)["features"], dict(dict.fromkeys(FEATURES, True), readers=False, directory=False),
          "what else is switched stays")
    switch(world, readers=True, directory=True)
    wait_until(lambda: accepts(port), "readers are listened to again")
    reader.close()
    world.swipe("lobby", world.badge(ADA))
    world.wait_job(world.api(ADA), job["id"], "done")
    equal(world.programs["agent"].pid, pid, "the process")


def story_what_is_no_feature_is_refused(world):
    path = "/v1/agents/" + agent_of(world)["id"]
    for features in ({"teleport": True}, {"readers": "no"}, []):
        try:
            world.admin.patch(path, {"features": features})
        except Refused as refused:
            equal(refused.status, 400, "the answer to %s" % features)
        else:
            raise AssertionError("taken: %s" % features)


def story_an_agent_without_a_line_knows_what_it_is(world):
    """Its last configuration is on its disk, and nobody else may read it."""
    world.programs.wait_agent()
    port = world.reader("lobby").port
    switch(world, readers=False)
    wait_until(lambda: not kept(world)["features"]["readers"], "it is on the disk")
    equal(os.stat(world.path("agent", "configuration.json")).st_mode & 0o77, 0, "rights of others")
    equal("secrets" in kept(world), False, "what is for memory only")
    world.programs["agent"].stop()
    world.programs["service"].stop()
    world.programs["agent"].start(wait=False)
    wait_until(lambda: "service-not-reached" in log(world).rpartition("agent-started")[2], "it has started, and found nobody")
    equal(accepts(port), False, "whether it listens to readers")
    world.programs.start("service")
    switch(world, readers=True)
    wait_until(lambda: accepts(port), "it hears of the change as soon as there is a line", 60)
    prints(world, "after-the-line-was-down")


def story_a_damaged_configuration_is_fetched_again(world):
    world.programs["agent"].stop()
    with open(world.path("agent", "configuration.json"), "w", encoding="utf-8") as file:
        file.write('{"agent": ')
    world.programs.start("agent")
    world.programs.wait_agent()
    wait_until(lambda: world.path("agent", "configuration.json") and os.path.getsize(world.path("agent", "configuration.json")) > 20,
               "it is fetched again")
    assert "configuration-kept-is-damaged" in log(world)
    prints(world, "after-damage")


def story_it_tells_how_it_is(world):
    world.programs.wait_agent()
    prints(world, "counted")
    path = "/v1/agents/" + agent_of(world)["id"]
    wait_until(lambda: (world.admin.get(path)["health"] or {"tasks": {"printed": 0}})["tasks"]["printed"] >= 1, "it tells what it has done")
    health = world.admin.get(path)["health"]
    equal(health["version"], "0.1.0", "its version")
    assert abs(health["clock"]["offset_ms"]) < 60_000 and health["clock"]["jumped"] is None, health["clock"]
    assert health["journal"]["room"] > 0 and health["disk"]["total"] >= health["disk"]["free"] > 0, health
    equal((health["superseded"], health["errors"]), (False, []), "nothing is wrong")
    assert "readers" in health["features"].split(), health["features"]


def page(host="localhost", method="GET", path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", STATUS, timeout=10)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer, content


def story_its_page_shows_how_it_is_and_nothing_of_anybody(world):
    world.programs.wait_agent()
    prints(world, "a-very-private-title")
    answer, content = page("127.0.0.1:%d" % STATUS)
    equal(answer.status, 200, "the page")
    for words in ("<td>connected</td>", "https://localhost:%d" % world.ports["service"], "readers", "Room in the journal", '<html lang="en">', "<h1>"):
        assert words in content, words
    people = [p for p in world.admin.all("/v1/people")]
    for person in people:
        for secret in (person["email"], person["email"].split("@")[0], person["name"], world.badge(person["email"]) if person["email"] == ADA else None):
            assert not secret or not says(content, secret), secret
    assert "a-very-private-title" not in content and "script" not in content.lower(), content
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], answer.headers
    for host, method, path, status in (("evil.example", "GET", "/", 421), ("localhost.evil.example", "GET", "/", 421), ("localhost", "POST", "/", 405),
                                       ("localhost", "GET", "/other", 404), ("localhost:%d" % STATUS, "HEAD", "/", 200)):
        equal(page(host, method, path)[0].status, status, "the answer to %s %s of %s" % (method, path, host))
    with open("/proc/%d/net/tcp" % world.programs["agent"].pid, encoding="ascii") as file:
        listening = [line.split()[1] for line in file if line.split()[3] == "0A" and line.split()[1].endswith(":%04X" % STATUS)]
    equal(listening, ["0100007F:%04X" % STATUS], "where it listens")


def sign(world, version, sequence):
    """A manifest of that version, by the maker's tool, at the place from which the service hands it out."""
    tool, key, package = world.programs.built("imprimatur"), world.path("update.key"), world.path("imprimatur-agent_%s_amd64.deb" % version)
    if not os.path.exists(key):
        public = subprocess.run([tool, "update", "key", key], check=True, capture_output=True, text=True).stdout
        with open(world.path("update.public"), "w", encoding="ascii") as file:
            file.write(public)
    with open(package, "w", encoding="ascii") as file:
        file.write("a package")
    manifest = subprocess.run([tool, "update", "sign", version, package, "--key", key, "--sequence", str(sequence)], check=True, capture_output=True, text=True).stdout
    give(world, manifest)
    return manifest


def give(world, manifest):
    with open(world.path("manifest.new"), "w", encoding="ascii") as file:
        file.write(manifest)
    os.rename(world.path("manifest.new"), world.path("manifest"))


def story_an_update_is_said_and_a_rollback_is_refused(world):
    def said():
        return log(world).rpartition("agent-started")[2]

    with open(world.path("agent.ini"), encoding="utf-8") as file:
        settings = file.read()
    with open(world.path("agent.ini"), "w", encoding="utf-8") as file:
        file.write(settings.replace("mode = off", "mode = automatic"))
    seven = sign(world, "0.2.0", 7)
    world.programs.restart("agent")
    wait_until(lambda: '"update-available","version":"0.2.0"' in said(), "it says so")
    wanted = world.path("agent", "update-wanted")
    wait_until(lambda: os.path.exists(wanted), "it is written down for whoever installs")
    with open(wanted, encoding="ascii") as file:
        equal(file.read(), "0.2.0\n", "what is wanted")
    os.remove(wanted)
    for name, manifest, reason in (("rollback", sign(world, "0.3.0", 6), "rollback"), ("older", sign(world, "0.0.9", 9), "rollback"),
                                   ("changed", seven.replace("0.2.0", "0.4.0"), "not-signed"), ("nonsense", "hello", "malformed")):
        before = said().count("update-refused")
        give(world, manifest)
        wait_until(lambda: '"reason":"%s"' % reason in said() and said().count("update-refused") > before, name)
    equal("0.3.0" in said() or "0.4.0" in said(), False, "a version that was refused")
    # What was seen survives a start.
    sign(world, "0.5.0", 6)
    world.programs.restart("agent")
    wait_until(lambda: '"reason":"rollback"' in said(), "still refused")
    sign(world, "0.5.0", 10)
    wait_until(lambda: '"version":"0.5.0"' in said(), "the next one is taken")
