# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Many organisations in one service: made, told apart, limited, suspended and ended."""

import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import time
import uuid

from harness import ROOT, demo_world as demo
from harness.allowed import allow, refresh
from harness.client import Api, Refused, basic, give_password, own_password
from harness.documents import pdf
from harness.mail import MailSink, use_relay
from harness.process import Program, free_ports, wait_until
from harness.story import equal, load, skip

CommandLine = load(os.path.join(ROOT, "tests", "scenarios", "the-command-line-signs-in.py")).CommandLine
DNSMASQ = "/usr/sbin/dnsmasq"
DNS_PORT = free_ports(1)[0]
SETTINGS = {"service": {"names.servers": "127.0.0.1:%d" % DNS_PORT, "names.timeout": "2s"}}
ADA = "ada@demo.example"


def refusal(call, *arguments):
    """The status and code of a refusal."""
    try:
        given = call(*arguments)
    except Refused as refused:
        return refused.status, refused.body["code"]
    raise AssertionError("not refused: %s" % (given,))


def make(world, name, domain, **more):
    """A tenant, and the API as its first administrator."""
    body = {"name": name, "domain": domain, "administrator": {"email": "first@" + domain}, **more}
    made = world.operator.post("/v1/tenants", body)
    return made, own_password(world.connection, "first@" + domain, made["administrator"]["password"], demo.PASSWORD)


class Names:
    """The real dnsmasq with these TXT records."""

    def __init__(self, world, records):
        words = ["--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=", "--group=", "--pid-file="]
        words += ["--listen-address=127.0.0.1", "--bind-interfaces", "--local=/example/", "--port=%d" % DNS_PORT]
        words += ["--txt-record=%s,%s" % record for record in records]
        log = world.path("dnsmasq.log")

        def started():
            with open(log, encoding="utf-8", errors="replace") as file:
                return "started" in file.read()

        if os.path.exists(log):
            os.unlink(log)
        self.program = Program("dnsmasq", [DNSMASQ, *words], log, started)

    def __enter__(self):
        self.program.start()

    def __exit__(self, *_):
        self.program.stop()


def story_an_operator_makes_a_tenant_and_sees_nothing_in_it(world):
    made, first = make(world, "acme", "acme.example", title="Acme", plan="gold", limits={"people": 2})
    equal(first.get("/v1/me")["person"]["role"], "administrator", "the first one")
    equal([q["name"] for q in first.all("/v1/queues")], ["pull"], "queues")
    equal({t["name"] for t in world.operator.all("/v1/tenants")}, {"demo", "acme", "service"}, "tenants")
    equal(refusal(world.admin.get, "/v1/tenants")[0], 403, "the list, by an administrator")
    equal(refusal(first.get, "/v1/tenants/demo")[0], 403, "another one, by an administrator")
    for path in ("/v1/jobs", "/v1/printers", "/v1/queues"):
        equal(refusal(world.operator.get, path)[0], 403, path + " by an operator")
    equal([p["email"] for p in world.operator.all("/v1/people")], [demo.OPERATOR], "his own people are all he sees")
    equal(refusal(world.operator.post, "/v1/tenants", {"name": "acme", "administrator": {"email": "x@y.example"}}), (409, "taken"), "again")
    # A plan is outgrown, and everything goes on.
    for name in ("a", "b", "c"):
        first.post("/v1/people", {"email": name + "@acme.example"})
    use = first.get("/v1/tenant")["use"]
    equal((use["people"], first.get("/v1/tenant")["limits"]["people"]), (4, 2), "people and plan")
    equal(world.operator.patch("/v1/tenants/acme", {"limits": {"people": None}})["limits"]["people"], None, "no limit")


def story_no_plan_keeps_what_is_held_from_paper(world):
    ada = world.api("ada@demo.example")
    before = world.operator.get("/v1/tenants/demo")
    job = ada.submit(pdf("held before the plan"))["id"]
    # The smallest plan there can be, outgrown in everything.
    limits = {"people": 1, "printers": 1, "agents": 1, "held_jobs": 1, "held_octets": 1, "submissions_per_hour": 1}
    changed = world.operator.patch("/v1/tenants/demo", {"plan": "introductory", "limits": limits})
    equal((changed["plan"], changed["limits"]["held_jobs"]), ("introductory", 1), "the plan")
    equal(refusal(ada.submit, pdf("one too many"))[0], 409, "another job")
    release = ada.release("lobby", [job])
    equal([delivery["state"] for delivery in world.wait_release(ada, release["id"])], ["printed"], "what is held")
    world.operator.patch("/v1/tenants/demo", {"plan": before["plan"], "limits": dict.fromkeys(limits)})


def story_a_domain_is_proved_by_its_record(world):
    if not os.path.exists(DNSMASQ):
        skip("there is no dnsmasq here")
    _, first = make(world, "named", "named.example")
    claimed = first.post("/v1/domains", {"name": "Mail.Example"})
    equal((claimed["name"], claimed["proved"]), ("mail.example", None), "claimed")
    person = first.post("/v1/people", {"email": "zoe@mail.example"})
    give_password(world.connection, first, person["id"], demo.PASSWORD, r"%s\zoe@mail.example" % first.get("/v1/tenant")["company_code"])
    zoe = world.api("zoe@mail.example")
    path = "/v1/domains/" + claimed["id"]
    equal(refusal(first.post, path + "/proof", None), (503, "busy"), "without a resolver")
    with Names(world, [(claimed["proof"]["host"], "imprimatur-domain=SOMEBODYELSES")]):
        equal(refusal(first.post, path + "/proof", None), (409, "not-proved"), "with another record")
    equal(refusal(zoe.get, "/v1/me")[0], 401, "not routed yet")
    code = first.get("/v1/tenant")["company_code"]
    equal(world.api(code + "\\zoe@mail.example").get("/v1/me")["person"]["id"], person["id"], "by the company code")
    with Names(world, [(claimed["proof"]["host"], claimed["proof"]["txt"])]):
        equal(first.post(path + "/proof", None)["proved_by"], "dns", "with its record")
    equal(zoe.get("/v1/me")["person"]["id"], person["id"], "routed")
    other = world.admin.post("/v1/domains", {"name": "mail.example"})
    equal(refusal(world.operator.post, "/v1/domains/%s/proof?tenant=demo" % other["id"], None), (409, "taken"), "a second owner")
    equal(refusal(world.admin.get, path)[0], 404, "another tenant's domain")
    equal(refusal(world.admin.get, "/v1/domains?tenant=named")[0], 403, "another tenant's domains")
    first.delete(path)
    equal(refusal(zoe.get, "/v1/me")[0], 401, "not routed any more")
    equal(world.operator.post("/v1/domains/%s/proof?tenant=demo" % other["id"], None)["proved_by"], "operator", "by word")


def story_a_company_code_is_renewed(world):
    before = world.admin.get("/v1/tenant")["company_code"]
    code = world.admin.post("/v1/tenant/company-code", None)["company_code"]
    assert code != before and len(code) == 6, code
    equal(world.api("%s-%s\\%s" % (code[:3].lower(), code[3:], ADA)).get("/v1/me")["person"]["email"], ADA, "the new one")
    equal(refusal(world.api(before + "\\" + ADA).get, "/v1/me")[0], 401, "the old one")
    equal(refusal(world.api(ADA).post, "/v1/tenant/company-code", None)[0], 403, "by a person")


def from_address(world, address, path, authorization, method="GET", body=None, kind="application/pdf"):
    """A request from this address of this machine: status and code."""
    context = world.connection.context
    plain = socket.create_connection(("127.0.0.1", world.ports["service"]), 30, (address, 0))
    connection = http.client.HTTPConnection("localhost", world.ports["service"])
    connection.sock = context.wrap_socket(plain, server_hostname="localhost")
    connection.request(method, path, body, {"Authorization": authorization, "Content-Type": kind})
    answer = connection.getresponse()
    value = json.loads(answer.read())
    connection.close()
    return answer.status, value.get("code")


def story_what_is_outside_reaches_what_was_opened(world):
    ada = world.api(ADA)
    password = basic(ADA, demo.PASSWORD)
    token = "Bearer " + ada.post("/v1/tokens", {"label": "laptop", "kind": "print"})["token"]
    job = "/v1/jobs?queue=pull&name=x"
    equal(world.admin.get("/v1/tenant")["outside"], "nothing", "the default")
    equal(from_address(world, "127.0.0.7", "/v1/me", password)[0], 200, "this machine is inside")
    world.admin.patch("/v1/tenant", {"inside": ["127.0.0.1"]})
    equal(from_address(world, "127.0.0.7", "/v1/me", password), (403, "outside"), "sign-in from outside")
    equal(from_address(world, "127.0.0.7", "/v1/me", basic(ADA, "wrong"))[0], 401, "a wrong password from outside")
    equal(from_address(world, "127.0.0.7", job, token, "POST", pdf("x")), (403, "outside"), "a job from outside")
    ipp = bytes.fromhex("02000002000000010347000b617474726962757465732d63686172736574") + b"\x03"
    queue = ("/ipp/print/demo/pull", password, "POST", ipp, "application/ipp")
    equal(from_address(world, "127.0.0.7", *queue)[0], 403, "a print queue from outside")
    world.admin.patch("/v1/tenant", {"outside": "submission"})
    equal(from_address(world, "127.0.0.7", job, token, "POST", pdf("x"))[0], 201, "a job from outside, opened")
    equal(from_address(world, "127.0.0.7", "/v1/me", password), (403, "outside"), "sign-in, still not")
    world.admin.patch("/v1/tenant", {"outside": "everything"})
    equal(from_address(world, "127.0.0.7", "/v1/me", password)[0], 200, "sign-in, opened")
    equal(refusal(world.admin.patch, "/v1/tenant", {"inside": ["10/8"]})[0], 400, "no network")
    equal(world.admin.patch("/v1/tenant", {"inside": [], "outside": "nothing"})["inside"][0], "127.0.0.0/8", "the default again")


def story_a_suspended_tenant_collects_what_is_held(world):
    ada = world.api(ADA)
    token = Api(world.connection, token=ada.post("/v1/tokens", {"label": "script", "kind": "api"})["token"])
    job = token.submit(pdf("before the suspension"))
    before = len(world.paper("lobby"))
    world.operator.patch("/v1/tenants/demo", {"state": "suspended"})
    try:
        equal(refusal(ada.get, "/v1/me"), (403, "suspended"), "sign-in")
        equal(refusal(token.submit, pdf("x")), (403, "suspended"), "a job")
        equal(token.job(job["id"])["state"], "held", "what is held")
        world.swipe("lobby", world.badge(ADA))
        world.wait_paper("lobby", before + 1)
    finally:
        world.operator.patch("/v1/tenants/demo", {"state": "active"})
    equal(ada.get("/v1/me")["person"]["email"], ADA, "resumed")


def story_keys_are_exchanged_while_people_print(world):
    ada, programs = world.api(ADA), world.programs
    before = len(world.paper("lobby"))
    old = ada.submit(pdf("under the first version"))
    keys = world.admin.post("/v1/keys", None)
    equal([v["version"] for v in keys["versions"]], [2, 1], "versions")
    equal((keys["exchange"]["version"], refusal(world.admin.post, "/v1/keys", None)), (2, (409, "taken")), "one at a time")
    new = ada.submit(pdf("under the second"))
    programs.run("imprimatur-keeper", "--config", world.path("keeper.ini"), "--rotate-master")
    ada.release("lobby", [old["id"], new["id"]])
    world.wait_paper("lobby", before + 2)
    world.wait_job(ada, new["id"], "done")
    equal(refusal(ada.get, "/v1/keys")[0], 403, "by a person")
    # The service follows by itself, at the latest within a minute of its sweeper.
    programs.restart("service")
    programs.wait_agent()
    wait_until(lambda: "master-key-followed" in programs["service"].tail(100_000), "the service follows", 90)
    programs.run("imprimatur-keeper", "--config", world.path("keeper.ini"), "--forget-old-master")
    last = ada.submit(pdf("after the old one was forgotten"))
    ada.release("lobby", [last["id"]])
    world.wait_paper("lobby", before + 3)


def story_a_device_moves_by_a_code_sent_by_mail(world):
    made, first = make(world, "moved", "moved.example")
    code = first.get("/v1/tenant")["company_code"]
    made_token = world.api(ADA).post("/v1/tokens", {"label": "laptop", "kind": "print"})["token"]
    device = Api(world.connection, token=made_token)
    wanted = {"email": "first@moved.example", "company_code": code}
    equal(refusal(device.post, "/v1/devices/moves", wanted), (409, "no-mail"), "without a relay")
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    try:
        equal(refusal(world.api(ADA).post, "/v1/devices/moves", wanted)[0], 403, "by a person")
        answers = [device.post("/v1/devices/moves", dict(wanted, email=e)) for e in ("nobody@moved.example", "first@moved.example")]
        equal(set(answers[0]), set(answers[1]), "the answers")
        words = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", relay.wait("first@moved.example", 1).text).group(0)
        equal(relay.to("nobody@moved.example"), [], "mail to nobody")
        equal(refusal(device.post, "/v1/devices/moves/%s/code" % answers[0]["id"], {"code": words})[0], 404, "an earlier move")
        moved = device.post("/v1/devices/moves/%s/code" % answers[1]["id"], {"code": words.lower()})
        equal((moved["tenant"], moved["label"]), ("moved", "laptop"), "where it is now")
        equal(refusal(device.get, "/v1/me")[0], 401, "the old token")
        there = Api(world.connection, token=moved["token"])
        there.submit(pdf("from the other side"))
        equal(len(first.all("/v1/jobs")), 1, "jobs of the other tenant")
    finally:
        relay.stop()


def story_a_program_moves_as_devices_do(world):
    made, first = make(world, "programs", "programs.example")
    code, told = first.get("/v1/tenant")["company_code"], "first@programs.example"
    given = allow(world, ADA, label="workstation")
    program = Api(world.connection, token=given["access_token"])
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    try:
        wanted = {"email": told, "company_code": code}
        narrow = Api(world.connection, token=allow(world, ADA, scope="read account")["access_token"])
        equal(refusal(narrow.post, "/v1/devices/moves", wanted), (403, "not-in-scope"), "what cannot print")
        move = program.post("/v1/devices/moves", wanted)["id"]
        words = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", relay.wait(told, 1).text).group(0)
        equal(refusal(world.api(ADA).post, "/v1/devices/moves/%s/code" % move, {"code": words})[0], 404, "by its owner, without it")
        moved = program.post("/v1/devices/moves/%s/code" % move, {"code": words})
        equal((moved["tenant"], moved["label"], moved["scope"]), ("programs", "workstation", "print release"), "where it is now")
        equal(refusal(program.get, "/v1/me")[0], 401, "the old token")
        equal(refresh(world, given)[0], 400, "the old refresh token")
        there = Api(world.connection, token=moved["access_token"])
        equal(there.get("/v1/me")["person"]["email"], told, "whose it is")
        there.submit(pdf("from the other side"))
        equal(refusal(there.get, "/v1/people"), (403, "not-in-scope"), "what its administrator may")
        status, again = refresh(world, moved)
        equal((status, again["scope"]), (200, "print release"), "the next tokens")
        here = {e["event"]: e["detail"] for e in world.admin.all("/v1/audit/records") if e["event"] in ("grant-ended", "device-left")}
        equal((here["grant-ended"], "device-left" in here), ("reason=moved", True), "the trail here")
        assert {"grant-made", "device-arrived"} <= {e["event"] for e in first.all("/v1/audit/records")}, "the trail over there"

        # The same from the command line, which keeps what it is given.
        ada = CommandLine(world, "moving")
        ada.keep(ADA, allow(world, ADA, "imprimatur-cli"))
        command = ada.start("device", "move", told, "--company-code", code, stdin=subprocess.PIPE)
        out, err = command.communicate(re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", relay.wait(told, 2).text).group(0) + "\n", timeout=60)
        equal((command.returncode, told in out), (0, True), "imprimatur device move: %s%s" % (out, err))
        equal(json.loads(ada.run("me", "--json")[0])["person"]["email"], told, "who it is from now on")
    finally:
        relay.stop()


def known_by_provider(world, tenant, person, asks):
    """As if he had come from a provider, which can be asked about him or cannot."""
    ids, now = [uuid.UUID(tenant).bytes, uuid.uuid4().bytes, uuid.UUID(person).bytes], int(time.time() * 1000)
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("INSERT INTO outside_identity VALUES (?1, ?2, 'https://provider.example', ?4, ?3, ?5, ?5)", (*ids, "one", now))
        if asks:
            database.execute("INSERT INTO outside_session VALUES (?1, ?2, 'a sign-in', ?3, 'https://provider.example', 'one', x'00', NULL, ?4, ?4, ?5)",
                             (*ids, now, now + 3600000))


def story_what_moved_lasts_no_longer_than_a_provider_answers_for_its_owner(world):
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    try:
        for name, asks, hours, stands_on in (("unknown", None, 24 * 7, ""), ("silent", False, 12, ""), ("asked", True, 24 * 7, "a sign-in")):
            made, first = make(world, name, name + ".example")
            told, person = "first@%s.example" % name, first.get("/v1/me")["person"]["id"]
            if asks is not None:
                known_by_provider(world, made["tenant"]["id"], person, asks)
            program = Api(world.connection, token=allow(world, ADA, label="workstation")["access_token"])
            move = program.post("/v1/devices/moves", {"email": told, "company_code": first.get("/v1/tenant")["company_code"]})["id"]
            words = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", relay.wait(told, 1).text).group(0)
            program.post("/v1/devices/moves/%s/code" % move, {"code": words})
            with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
                found = database.execute("SELECT expires_ms - created_ms, outside FROM client_grant WHERE person_id = ?", (uuid.UUID(person).bytes,)).fetchall()
            equal([(lasts // 3600000, outside) for lasts, outside in found], [(hours, stands_on)], "a program of one that is %s" % name)
    finally:
        relay.stop()


def story_a_deleted_tenant_is_gone(world):
    made, first = make(world, "ending", "ending.example")
    job = first.submit(pdf("gone for good"))
    path = "/v1/tenants/ending"
    equal(refusal(world.admin.delete, path + "?confirm=ending")[0], 403, "by an administrator")
    equal(refusal(world.operator.delete, path)[0], 400, "without confirmation")
    equal(refusal(world.operator.delete, path + "?confirm=acme")[0], 422, "with another name")
    equal(refusal(world.operator.delete, "/v1/tenants/service?confirm=service")[0], 422, "the operators' own")
    world.operator.delete(path + "?confirm=ending")
    equal(refusal(first.get, "/v1/jobs/" + job["id"])[0], 401, "its administrator")

    def gone():
        try:
            left = world.operator.get("/v1/tenants/" + made["tenant"]["id"])
        except Refused as refused:
            return equal(refused.status, 404, "when its rows are gone") or True
        equal(left["state"], "deleting", "its state meanwhile")
        rows, deleted = left["deletion"]["rows"], left["deletion"]["deleted"]
        assert deleted == 0 if rows is None else 0 <= deleted <= rows, left["deletion"]
        return False

    wait_until(gone, "the end of the tenant")
    equal(refusal(world.operator.get, path)[0], 404, "by its name")
    with open(world.path("keeper.log"), encoding="utf-8") as file:
        destroyed = [json.loads(line) for line in file if "tenant-keys-destroyed" in line]
    assert any(d["tenant"] == made["tenant"]["id"] for d in destroyed), destroyed
    events = world.operator.all("/v1/audit/records")
    assert any(e["event"] == "tenant-deleted" for e in events), "the operators' trail"


def story_the_command_line_does_all_of_it(world):
    program = os.path.join(world.build, "src", "imprimatur")
    home = world.path("home-operator")
    os.makedirs(home, exist_ok=True)

    def run(*words, typed="", status=0):
        done = subprocess.run([program, *words], input=typed, capture_output=True, text=True, check=False, timeout=60,
                              env={"HOME": home, "PATH": "/usr/bin:/bin", "TZ": "UTC"})
        equal(done.returncode, status, "%s: %s%s" % (words, done.stdout[-300:], done.stderr[-300:]))
        return done.stdout

    url = "https://localhost:%d" % world.ports["service"]
    run("login", "--server", url, "--ca", world.programs.authority(), "--email", demo.OPERATOR, typed=demo.PASSWORD + "\n")
    out = run("tenant", "add", "shell", "--administrator", "first@shell.example", "--domain", "shell.example", "--limit", "agents=3", "--outside", "submission")
    assert "first@shell.example" in out, out
    shown = json.loads(run("tenant", "show", "shell", "--json"))
    equal((shown["limits"]["agents"], shown["outside"], shown["domains"]), (3, "submission", ["shell.example"]), "as asked for")
    run("tenant", "set", "shell", "--plan", "silver", "--limit", "agents=", "--held-for", "2d")
    run("tenant", "suspend", "shell")
    assert "suspended" in run("tenant", "list")
    run("tenant", "resume", "shell")
    run("tenant", "code", "shell", "--yes")
    run("domain", "add", "second.example", "--tenant", "shell")
    assert "operator" in run("domain", "prove", "second.example", "--tenant", "shell")
    assert "second.example" in run("domain", "list", "--tenant", "shell")
    run("domain", "delete", "second.example", "--tenant", "shell", "--yes")
    run("tenant", "delete", "shell", status=1)
    run("tenant", "delete", "shell", "--yes")
    run("login", "--server", url, "--ca", world.programs.authority(), "--email", demo.ADMINISTRATOR, typed=demo.PASSWORD + "\n")
    assert "VERSION" in run("key", "list")
    # One exchange at a time, and it is shown how far it is.
    run("key", "rotate", status=1 if world.admin.get("/v1/keys")["exchange"] else 0)
    assert "Carried over to version" in run("key", "list"), "an exchange under way"
    assert "Company code" in run("tenant", "show")
