# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Who an agent is: a key of its own, told to the service once, renewed in time, and void from the moment it is."""

import base64
import datetime
import json
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import time
import uuid

from harness import demo_world as demo
from harness.agents import agent_connection
from harness.playwright import key_hash
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
DAY = 86400

# An authority of openssl ca, the one tool of Debian 12 that makes a certificate of the past.
AUTHORITY = """
[ca]
default_ca = d
[d]
database = {0}/index.txt
new_certs_dir = {0}
serial = {0}/serial
default_md = sha256
policy = p
[p]
commonName = supplied
[req]
distinguished_name = dn
[dn]
"""


def make_older(world, days):
    """The same key, with a certificate that was made so many days ago."""
    folder, identity = world.path("older"), world.path("agent", "identity.pem")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, content in (("index.txt", ""), ("serial", "01\n"), ("settings", AUTHORITY.format(folder))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)
    path = {n: os.path.join(folder, n) for n in ("settings", "request", "certificate")}
    moments = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + d * DAY)) for d in (-days, 90 - days)]
    common = ["-config", path["settings"]]
    subprocess.run(["openssl", "req", "-new", "-key", identity, "-subj", "/CN=imprimatur-agent", *common,
                    "-out", path["request"]], check=True)
    subprocess.run(["openssl", "ca", "-batch", "-selfsign", *common, "-keyfile", identity, "-in", path["request"],
                    "-startdate", moments[0], "-enddate", moments[1], "-notext", "-out", path["certificate"]],
                   check=True, stderr=subprocess.DEVNULL)
    with open(identity, encoding="ascii") as file:
        key = file.read().split("-----BEGIN CERTIFICATE-----")[0]
    with open(path["certificate"], encoding="ascii") as file:
        certificate = file.read()
    with open(identity, "w", encoding="ascii") as file:
        file.write(key + certificate)


def moment(string):
    return datetime.datetime.fromisoformat(string.replace("Z", "+00:00")).timestamp()


def log(world):
    with open(world.programs.log("agent"), encoding="utf-8") as file:
        return file.read()


def prints(world, name):
    job = world.api(ADA).submit(pdf(name))
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(ADA))
    world.wait_job(world.api(ADA), job["id"], "done")


def ask_as_agent(world, identity, path, method="GET", body=""):
    """The status of a question over the agents' protocol, with this identity (None: no certificate)."""
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: localhost"]
    if body:
        lines += ["Content-Type: application/json", "Content-Length: %d" % len(body)]
    context = ssl.create_default_context(cafile=world.programs.authority())
    context.set_alpn_protocols(["imprimatur-agent"])
    if identity:
        context.load_cert_chain(identity)
    with socket.create_connection(("localhost", world.ports["service"]), 10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            return int(connection.recv(100).split()[1])


def story_only_the_agent_can_read_its_key(world):
    for name in os.listdir(world.path("agent")):
        equal(os.stat(world.path("agent", name)).st_mode & 0o77, 0, "rights of others on " + name)


def story_another_key_is_not_the_agent(world):
    stranger = world.path("stranger.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=imprimatur-agent", "-keyout", stranger, "-out", stranger + ".crt"],
                   check=True, stderr=subprocess.DEVNULL)
    with open(stranger, "a", encoding="ascii") as file, open(stranger + ".crt", encoding="ascii") as certificate:
        file.write(certificate.read())
    equal(ask_as_agent(world, world.path("agent", "identity.pem"), "/v1/agent/configuration"), 200, "the agent")
    equal(ask_as_agent(world, stranger, "/v1/agent/configuration"), 401, "a stranger with the agent's name")
    try:
        status = ask_as_agent(world, None, "/v1/agent/configuration")
    except (OSError, IndexError):
        status = 401
    equal(status, 401, "nobody")


def story_what_another_agent_serves_is_nothing_to_this_one(world):
    """Whose printers these are, and whether there is such a printer at all, is nothing an agent learns by asking."""
    other = world.admin.post("/v1/agents", {"name": "elsewhere"})["id"]
    mine = world.admin.post("/v1/printers", {"name": "mine", "addresses": ["socket://192.0.2.1:9100"], "formats": ["application/pdf"]})["id"]
    theirs = world.admin.post("/v1/printers", {"name": "theirs", "addresses": ["socket://192.0.2.2:9100"], "formats": ["application/pdf"], "agent": other})["id"]
    identity = world.path("agent", "identity.pem")
    for printer, status in ((mine, 204), (theirs, 404), (uuid.uuid4(), 404), (theirs, 404), (mine, 204)):
        path = "/v1/agent/printers/%s/identity" % printer
        equal(ask_as_agent(world, identity, path, "PUT", '{"uuid": "urn:uuid:1"}'), status, "the answer for " + str(printer))
    equal(world.admin.get("/v1/printers/" + theirs)["identity"]["uuid"], None, "what another agent's printer is recognised by")


def story_a_code_enrols_once(world):
    made = world.admin.post("/v1/agents", {"name": "second-site"})
    with open(world.path("agent.ini"), encoding="utf-8") as file:
        settings = file.read().replace(world.path("agent") + "\n", world.path("second") + "\n")
    with open(world.path("second.ini"), "w", encoding="utf-8") as file:
        file.write(settings)
    enrol = [world.programs.built("imprimatur-agent"), "--config", world.path("second.ini"), "--enrol"]
    first = subprocess.run(enrol, input=made["code"], capture_output=True, text=True, check=False)
    equal(first.returncode, 0, "the first use: " + first.stderr)
    shutil.rmtree(world.path("second"))
    again = subprocess.run(enrol, input=made["code"], capture_output=True, text=True, check=False)
    equal(again.returncode, 1, "the second use")
    assert "works once" in again.stderr, again.stderr
    equal(os.path.exists(world.path("second", "identity.pem")), False, "an identity without enrolment")


def story_one_file_has_all_that_a_first_start_needs(world):
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    package, settings = world.path("north.enrolment"), world.path("north", "agent.conf")
    os.makedirs(world.path("north"))
    line.run("agent", "add", "north", "--output", package)
    equal(os.stat(package).st_mode & 0o777, 0o600, "who may read it")
    words = [world.programs.built("imprimatur-agent"), "--config", settings, "--set", "agent.state=" + world.path("north-state")]

    def enrol(path=package):
        return subprocess.run([*words, "--enrol", path], capture_output=True, text=True, check=False)

    first = enrol()
    equal(first.returncode, 0, "the first use: " + first.stderr)
    with open(settings, encoding="utf-8") as file:
        written = file.read()
    with open(world.path("north", "service-ca.pem"), encoding="ascii") as file, open(world.programs.authority(), encoding="ascii") as authority:
        equal(file.read(), authority.read(), "whom it trusts")
    assert "url = https://localhost:%d" % world.ports["service"] in written and "ca = " + world.path("north", "service-ca.pem") in written, written
    assert next(a for a in world.admin.all("/v1/agents") if a["name"] == "north")["enrolled"]
    again = enrol()
    equal((again.returncode, "works once" in again.stderr), (1, True), "the second use: " + again.stderr)
    # What stands in the settings stays; what is no such file changes nothing.
    with open(settings, "w", encoding="utf-8") as file:
        file.write("[service]\nurl = https://localhost:1\n")
    line.run("agent", "code", "north", "--output", package)
    assert "reached" in enrol().stderr, "an address of its own"
    with open(settings, "w", encoding="utf-8") as file:
        file.write("[log]\nlevel = notice\n")
    equal(enrol().returncode, 0, "into settings without an address")
    with open(settings, encoding="utf-8") as file:
        equal(file.read(), "[log]\nlevel = notice\n\n" + written, "the settings")
    with open(package, "w", encoding="utf-8") as file:
        file.write('{"imprimatur_enrolment": 2}')
    assert "no enrolment file" in enrol().stderr
    world.admin.delete("/v1/agents/" + next(a["id"] for a in world.admin.all("/v1/agents") if a["name"] == "north"))


def story_a_key_of_sixty_days_is_renewed(world):
    world.programs["agent"].stop()
    make_older(world, 61)
    with open(world.path("agent", "identity.pem"), encoding="ascii") as file:
        older = file.read()
    shutil.copy(world.path("agent", "identity.pem"), world.path("older.pem"))
    world.programs.start("agent")
    wait_until(lambda: "identity-renewed" in log(world), "the key is renewed")
    with open(world.path("agent", "identity.pem"), encoding="ascii") as file:
        assert file.read() != older, "it is the old key"
    equal(ask_as_agent(world, world.path("older.pem"), "/v1/agent/configuration"), 401, "the old key")
    world.programs.wait_agent()
    prints(world, "renewed")
    world.programs.restart("agent")
    world.programs.wait_agent()
    prints(world, "renewed-and-restarted")


def fingerprint(path):
    return base64.b64decode(key_hash(path)).hex()


def make_next(world):
    """The key that waits, as a renewal makes it that is killed before it has told anybody."""
    path = world.path("agent", "identity-next.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90",
                    "-subj", "/CN=imprimatur-agent", "-keyout", path, "-out", path + ".crt"], check=True, stderr=subprocess.DEVNULL)
    with open(path, "a", encoding="ascii") as file, open(path + ".crt", encoding="ascii") as certificate:
        file.write(certificate.read())
    os.remove(path + ".crt")
    return path


def tell(world, waiting):
    body = '{"fingerprint": "%s"}' % fingerprint(waiting)
    equal(ask_as_agent(world, world.path("agent", "identity.pem"), "/v1/agent/renewal", "POST", body), 200, "the service's answer")


def settled(world, waiting, wanted):
    world.programs.wait_agent()
    wait_until(lambda: not os.path.exists(waiting), "the key that waited has taken the other's place")
    equal(fingerprint(world.path("agent", "identity.pem")), wanted, "the key")
    prints(world, wanted[:8])


def story_a_renewal_killed_before_it_was_told_goes_on(world):
    world.programs["agent"].stop()
    waiting = make_next(world)
    wanted = fingerprint(waiting)
    world.programs.start("agent")
    settled(world, waiting, wanted)


def story_a_renewal_killed_after_it_was_heard_goes_on(world):
    """The answer was lost: the old key is void, and the one that waits counts."""
    world.programs["agent"].stop()
    waiting = make_next(world)
    wanted = fingerprint(waiting)
    tell(world, waiting)
    world.programs.start("agent")
    settled(world, waiting, wanted)


def story_neither_key_is_given_up_while_nobody_answers(world):
    """The same where the service is away when the agent starts: it begins with the void key, and must not lose the other."""
    world.programs["agent"].stop()
    waiting = make_next(world)
    wanted = fingerprint(waiting)
    tell(world, waiting)
    make_older(world, 61)
    world.programs["service"].stop()
    world.programs["agent"].start(wait=False)
    wait_until(lambda: "renewal-failed" in log(world).rpartition("agent-started")[2], "it has tried")
    equal(fingerprint(waiting), wanted, "the key that waits")
    world.programs.start("service")
    settled(world, waiting, wanted)


def story_killed_at_any_moment_of_its_renewal(world):
    """The kills are spread over the whole of it, by what is seen on the disk and by the clock."""
    identity, waiting = world.path("agent", "identity.pem"), world.path("agent", "identity-next.pem")
    for i in range(12):
        world.programs["agent"].stop()
        make_older(world, 61)
        old = fingerprint(identity)
        world.programs["agent"].start(wait=False)
        if i % 3 == 0:
            wait_until(lambda: os.path.exists(waiting) or fingerprint(identity) != old, "it has begun", pause=0.0001)
        elif i % 3 == 1:
            wait_until(lambda: fingerprint(identity) != old, "it is done", pause=0.0001)
        else:
            time.sleep(0.004 * i)  # not to wait for anything: the moment of the kill
        world.programs.kill("agent")
        world.programs.start("agent")
        world.programs.wait_agent()
        wait_until(lambda: fingerprint(identity) != old and not os.path.exists(waiting), "it is renewed in the end, kill %d" % i)
    prints(world, "after-twelve-kills")


def story_an_expired_agent_says_what_to_do(world):
    """And a new code brings it back, with what was bound to it."""
    agent = next(a for a in world.admin.all("/v1/agents") if a["connected"])
    world.programs["agent"].stop()
    world.programs["service"].stop()
    with sqlite3.connect(world.path("service", "imprimatur.db")) as db:
        db.execute("UPDATE agent SET expires_ms = 1 WHERE fingerprint IS NOT NULL")
    db.close()
    world.programs.start("service")
    world.programs["agent"].start(wait=False)
    wait_until(lambda: "imprimatur agent code" in log(world).rpartition("agent-started")[2], "it says what to do")
    world.programs["agent"].stop()
    code = world.admin.post("/v1/agents/%s/code" % agent["id"], None)["code"]
    enrol = [world.programs.built("imprimatur-agent"), "--config", world.path("agent.ini"), "--enrol"]
    done = subprocess.run(enrol, input=code, capture_output=True, text=True, check=False)
    equal(done.returncode, 0, "enrolment: " + done.stderr)
    world.programs.start("agent")
    world.programs.wait_agent()
    equal([a["id"] for a in world.admin.all("/v1/agents") if a["connected"]], [agent["id"]], "who is connected")
    prints(world, "enrolled-again")


def story_a_code_ends(world):
    """After its time nobody enrols with it, whoever made it."""
    made = world.admin.post("/v1/agents", {"name": "too-late"})
    assert 14 * 60 < moment(made["expires"]) - time.time() <= 15 * 60, made["expires"]
    world.programs["service"].stop()
    with sqlite3.connect(world.path("service", "imprimatur.db")) as db:
        db.execute("UPDATE agent SET code_expires_ms = ? WHERE name = 'too-late'", (int(time.time() * 1000) - 1,))
    db.close()
    world.programs.start("service")
    stranger = agent_connection(world, "too-late")
    sent = json.dumps({"code": made["code"], "name": "x"}).encode()
    equal(stranger.request("POST", "/v1/agent/enrolment", sent, {"Content-Type": "application/json"})[0], 401, "enrolment")


def story_a_code_makes_an_agent_of_its_tenant_and_of_no_other(world):
    """Whose the agent is comes from the code alone, whatever it says."""
    made = world.admin.post("/v1/agents", {"name": "whose"})
    stranger = agent_connection(world, "whose")
    sent = json.dumps({"code": made["code"], "name": "x", "tenant": str(uuid.uuid4())}).encode()
    equal(stranger.request("POST", "/v1/agent/enrolment", sent, {"Content-Type": "application/json"})[0], 400, "with a tenant named")
    sent = json.dumps({"code": made["code"], "name": "x"}).encode()
    status, _, content = stranger.request("POST", "/v1/agent/enrolment", sent, {"Content-Type": "application/json"})
    equal((status, json.loads(content)["agent"]), (200, made["id"]), "enrolment")
    equal(json.loads(content)["tenant"], world.admin.get("/v1/tenant")["id"], "its tenant")


def story_a_revoked_agent_is_nobody_at_once(world):
    world.programs.wait_agent()
    agent = next(a for a in world.admin.all("/v1/agents") if a["connected"])
    world.admin.delete("/v1/agents/" + agent["id"])
    equal(ask_as_agent(world, world.path("agent", "identity.pem"), "/v1/agent/configuration"), 401, "its key")
    wait_until(lambda: "not-known-to-service" in log(world), "the agent hears of it", 5)
