# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever changes something leaves a record by whoever did it; so does every look at somebody else, every sign-in, and
what was refused."""

import re
import time
import uuid

from harness import demo_world as demo
from harness.client import Refused, basic, give_password
from harness.description import rights, routes
from harness.documents import pdf
from harness.pages import Page, totp
from harness.story import equal

ADA, GRACE = "ada@demo.example", "grace@demo.example"

# Changes that are not tried here: agents act of their own accord, and what their deeds change is a job's, whose records
# are looked at below. The others need programs that ask for people, a mailbox, a provider, a passkey, a
# badge that nobody knows, or operators, and have files of their own.
NOT_HERE = (
    "/v1/agent/", "/oauth/", "/account", "/device", "/register", "/sign-in", "/sign-out", "/v1/sign-in/", "/v1/tenants", "/v1/devices/", "/v1/registrations",
    "/v1/badge-enrolments", "/v1/people/{person}/passkeys")
NEITHER = {
    ("POST", "/v1/domains/{domain}/proof"),
    ("PUT", "/v1/jobs/{job}/settled"),
    ("POST", "/v1/methods"),
    ("DELETE", "/v1/methods/{method}"),
    ("POST", "/v1/methods/{method}/synchronisations"),
    ("POST", "/v1/methods/{method}/domains"),
    # These change nothing: a question, and what a passkey is to sign.
    ("POST", "/v1/sign-in"),
    ("POST", "/v1/sign-in/passkey"),
    ("POST", "/v1/methods/{method}/try"),
    ("POST", "/v1/sessions/current/challenge"),
}


def trail(world, after=0):
    found, page = [], {"next": str(after)}
    while page["next"] is not None:
        page = world.admin.get("/v1/audit/records?limit=200&after=" + page["next"])
        found += page["items"]
    return found


class Deeds:
    """Does things as somebody, and looks each time for the record."""

    covered = set()

    def __init__(self, world, email, page=None):
        self.world, self.api, self.via = world, page or world.api(email), "page" if page else "api"
        self.id = self.api.call("GET", "/v1/me")["person"]["id"]
        self.patterns = [(m, p, re.compile(re.sub(r"\{\w+\}", "[^/]+", p) + "$")) for m, p, *_ in routes(world.build)]

    def pattern(self, method, path):
        path = path.split("?")[0]
        # A word of its own ("export") before a name ("{person}").
        fits = [p for m, p, regular in self.patterns if m == method and regular.match(path)]
        return min(fits, key=lambda p: p.count("{"))

    def last(self):
        return trail(self.world)[-1]["number"]

    def do(self, method, path, body=None, kinds=None, **more):
        """kinds: one of these is expected; by default any."""
        before = self.last()
        if method == "POST" and self.via == "api":
            more.setdefault("headers", {"Idempotency-Key": str(uuid.uuid4())})
        value = self.api.call(method, path, body, **more)
        fresh = [r for r in trail(self.world, before) if r["event"] not in ("signed-in", "looked")]
        mine = [r for r in fresh if r["actor"]["id"] == self.id and (not kinds or r["event"] in kinds.split())]
        assert mine, "%s %s: no record by its actor (%s wanted) among %s" % (method, path, kinds, fresh)
        for record in mine:
            equal((record["actor"]["kind"], record["via"], record["source"]), ("person", self.via, "127.0.0.1"), "of record %s" % record)
        self.covered.add((method, self.pattern(method, path)))
        return value


def story_what_administrators_change(world):
    admin = Deeds(world, demo.ADMINISTRATOR)
    admin.do("PATCH", "/v1/tenant", {"printed_for": 0}, "retention-changed tenant-changed")
    admin.do("POST", "/v1/tenant/company-code", kinds="company-code-renewed company-code-changed")
    admin.do("POST", "/v1/keys")
    domain = admin.do("POST", "/v1/domains", {"name": "deeds.example"}, "domain-added domain-claimed")
    admin.do("DELETE", "/v1/domains/" + domain["id"])

    printer = admin.do("POST", "/v1/printers", {"name": "deeds", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}, "printer-made")
    admin.do("PATCH", "/v1/printers/" + printer["id"], {"location": "Cellar"}, "printer-changed")
    queue = admin.do("POST", "/v1/queues", {"name": "deeds", "kind": "direct", "printer": "deeds"}, "queue-made")
    agent = admin.do("POST", "/v1/agents", {"name": "deeds"}, "agent-made")
    site = admin.do("POST", "/v1/sites", {"name": "deeds"}, "site-made")
    admin.do("PATCH", "/v1/sites/" + site["id"], {"address": "Somewhere"}, "site-changed")
    admin.do("PATCH", "/v1/agents/" + agent["id"], {"site": site["id"]}, "agent-changed")
    reader = admin.do("POST", "/v1/readers", {"name": "deeds", "agent": agent["id"], "model": "tcpconv", "printer": printer["id"]}, "reader-made")

    grace = world.people[GRACE]
    admin.do("PUT", "/v1/sites/%s/administrators/%s" % (site["id"], grace))
    admin.do("DELETE", "/v1/sites/%s/administrators/%s" % (site["id"], grace))
    admin.do("DELETE", "/v1/readers/" + reader["id"], kinds="reader-deleted")
    admin.do("DELETE", "/v1/queues/" + queue["id"], kinds="queue-deleted")
    admin.do("DELETE", "/v1/agents/" + agent["id"], kinds="agent-revoked")
    admin.do("DELETE", "/v1/printers/" + printer["id"], kinds="printer-deleted")
    admin.do("DELETE", "/v1/sites/" + site["id"], kinds="site-deleted")

    client = admin.do("POST", "/v1/clients", {"kind": "machine", "title": "ERP", "scope": "print"}, "client-made")
    admin.do("POST", "/v1/clients/%s/secrets" % client["id"], {"overlap": 60}, "client-secret-made")
    admin.do("PATCH", "/v1/clients/%s/machine" % client["id"], {"jobs_max": 5})
    form = "grant_type=client_credentials&client_id=%s&client_secret=%s" % (client["id"], client["secret"])
    world.connection.request("POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
    grants = world.admin.all("/v1/grants?person=" + client["account"])
    if grants:
        admin.do("DELETE", "/v1/grants/" + grants[0]["id"], kinds="grant-ended")
    admin.do("DELETE", "/v1/clients/" + client["id"], kinds="client-deleted")


def story_what_administrators_do_to_people(world):
    admin = Deeds(world, demo.ADMINISTRATOR)
    mary = admin.do("POST", "/v1/people", {"email": "mary@demo.example", "name": "Mary"}, "person-made")
    person = "/v1/people/" + mary["id"]
    admin.do("PATCH", person, {"name": "Mary S."}, "person-changed")
    admin.do("PUT", person + "/password", {"password": demo.PASSWORD}, "password-set")
    admin.do("PUT", person + "/pin", {"pin": "161803"}, "pin-set")
    admin.do("DELETE", person + "/lock")
    admin.do("DELETE", person + "/pin")
    badge = admin.do("POST", person + "/badges", {"number": "04DEED0001"}, "badge-added")
    admin.do("DELETE", person + "/badges/" + badge["id"], kinds="badge-deleted")
    group = admin.do("POST", "/v1/groups", {"name": "Deeds"})
    admin.do("PATCH", "/v1/groups/" + group["id"], {"name": "Good deeds"})
    admin.do("PUT", "/v1/groups/%s/members/%s" % (group["id"], mary["id"]))
    admin.do("DELETE", "/v1/groups/%s/members/%s" % (group["id"], mary["id"]))
    admin.do("DELETE", "/v1/groups/" + group["id"])
    admin.do("POST", "/v1/people/import", b"email,name\r\nimported@demo.example,Imported\r\n", content_type="text/csv")
    admin.do("DELETE", person, kinds="person-deleted person-erased")


def story_what_people_do(world):
    ada, grace = Deeds(world, ADA), world.people[GRACE]
    token = ada.do("POST", "/v1/tokens", {"label": "deeds", "kind": "api"}, "token-made")
    ada.do("DELETE", "/v1/tokens/" + token["id"], kinds="token-deleted")
    ada.do("PUT", "/v1/people/%s/delegates/%s" % (ada.id, grace), {"titles": False})
    ada.do("DELETE", "/v1/people/%s/delegates/%s" % (ada.id, grace))
    job = ada.do("POST", "/v1/jobs?queue=pull&name=deeds", pdf("deeds"), "job-held", content_type="application/pdf")
    ada.do("PATCH", "/v1/jobs/" + job["id"], {"ticket": {"copies": 2}}, "job-ticket-changed")
    ada.do("POST", "/v1/releases", {"printer": "lobby", "jobs": [job["id"]]}, "job-released")
    world.wait_job(ada.api, job["id"], "done")
    unwanted = ada.do("POST", "/v1/jobs?queue=pull", pdf("unwanted"), "job-held", content_type="application/pdf")
    ada.do("DELETE", "/v1/jobs/" + unwanted["id"], kinds="job-deleted")
    # What the agent and the printer did with it.
    of_job = [r for r in world.admin.all("/v1/audit/records?subject=" + job["id"]) if r["actor"]["kind"] == "agent"]
    assert {"delivery-armed", "delivery-printed"} <= {r["event"] for r in of_job}, of_job
    assert all(r["via"] == "agent" for r in of_job), of_job


def story_what_is_done_on_pages(world):
    page = Page(world.connection)
    before = trail(world)[-1]["number"]
    page.sign_in(demo.ADMINISTRATOR, demo.PASSWORD)
    opened = [r for r in trail(world, before) if r["event"] == "session-opened"]
    equal([(r["actor"]["id"], r["via"], r["source"]) for r in opened], [(world.admin.get("/v1/me")["person"]["id"], "page", "127.0.0.1")], "sign-in")
    admin = Deeds(world, demo.ADMINISTRATOR, page)
    admin.covered.add(("POST", "/v1/sessions"))
    admin.do("PATCH", "/v1/me", {"always_company_code": True}, "person-changed")
    admin.do("PATCH", "/v1/me", {"always_company_code": False}, "person-changed")
    admin.do("PATCH", "/v1/tenant/sign-in", {"second_factor": "own"}, "sign-in-policy-changed")
    methods = {m["kind"]: m["id"] for m in world.admin.get("/v1/methods")["items"]}
    admin.do("PATCH", "/v1/methods/" + methods["pin"], {"enabled": True}, "method-changed")
    admin.do("PATCH", "/v1/admission", {"directory_only": True}, "admission-changed")
    admin.do("PATCH", "/v1/admission", {"directory_only": False}, "admission-changed")
    rule = admin.do("POST", "/v1/address-rules", {"kind": "allow", "pattern": "deeds.example", "note": ""}, "address-rule-made")
    admin.do("DELETE", "/v1/address-rules/" + rule["id"], kinds="address-rule-deleted")

    world.admin.post("/v1/people", {"email": "paul@demo.example", "name": "Paul"})
    give_password(world.connection, world.admin, "paul@demo.example", demo.PASSWORD)
    page = Page(world.connection)
    page.sign_in("paul@demo.example", demo.PASSWORD)
    paul = Deeds(world, None, page)
    mine = "/v1/people/" + paul.id
    code = paul.do("POST", mine + "/codes", {}, "code-made")
    paul.do("DELETE", mine + "/codes/" + code["id"], kinds="code-deleted")
    made = paul.api.call("POST", mine + "/totp", expect=201)  # nothing yet: it has to be shown first
    paul.covered.add(("POST", "/v1/people/{person}/totp"))
    paul.do("PUT", mine + "/totp", {"totp": totp(made["secret"])}, "totp-made")
    paul.do("POST", mine + "/recovery-codes", None, "recovery-codes-made")
    paul.do("POST", "/v1/sessions/current/fresh", {"password": demo.PASSWORD}, "session-refreshed")
    again = Page(world.connection)
    again.sign_in("paul@demo.example", demo.PASSWORD)
    before = trail(world)[-1]["number"]
    again.call("POST", "/v1/sessions/current/second-factor", {"totp": totp(made["secret"], time.time() + 30)}, 200)
    assert "second-factor-shown" in {r["event"] for r in trail(world, before) if r["via"] == "page"}, trail(world, before)
    paul.covered.add(("POST", "/v1/sessions/current/second-factor"))
    current = paul.api.call("GET", "/v1/sessions/current")["id"]
    other = next(s["id"] for s in paul.api.call("GET", "/v1/sessions")["items"] if s["id"] != current)
    paul.do("DELETE", "/v1/sessions/" + other, None, "session-ended")
    paul.do("DELETE", mine + "/totp", None, "totp-deleted")
    admin = Deeds(world, demo.ADMINISTRATOR)
    admin.do("DELETE", mine + "/factors", None)
    admin.do("DELETE", mine + "/sessions", None, "sessions-ended")


def story_every_route_that_changes_something_was_tried(world):
    changing = {(m, p) for m, p, *_ in routes(world.build) if m != "GET"}
    missed = {(m, p) for m, p in changing - Deeds.covered if not any(p.startswith(begin) for begin in NOT_HERE)}
    assert not missed - NEITHER, "changes without a deed in this file: %s" % sorted(missed - NEITHER)


def story_every_look_at_somebody_else_is_noted(world):
    reaches = rights(world.build)
    # What is read with these says nothing of people, or is noted with a word of its own.
    public = {"look", "sign-in", "me", "tenant-read", "domains", "authorize", "jobs-read", "printers-read", "printers-inspect",
              "queues-read", "agents-read", "readers-read", "sites-read", "methods", "audit-export"}
    admin, ada = world.admin, world.people[ADA]
    looked = set()
    for method, path, right, *_ in routes(world.build):
        if method != "GET" or right in public or reaches[right]["administrator"] not in ("tenant", "service"):
            continue
        try:
            admin.get(path.replace("{person}", ada).replace("{", "").replace("}", ""))
        except Refused as answer:
            assert answer.status in (400, 404, 409, 422), "%s: %d" % (path, answer.status)
        noted = [r for r in trail(world) if r["event"] == "looked" and r["detail"] == "at=" + path]
        assert noted and noted[0]["via"] == "api", "%s: nobody noted the look" % path
        looked.add(path)
    assert {"/v1/people", "/v1/people/{person}", "/v1/people/{person}/badges", "/v1/audit/checkpoints"} <= looked, looked

    job = world.api(ADA).submit(pdf("looked at"))
    before = trail(world)[-1]["number"]
    admin.get("/v1/jobs/" + job["id"])
    admin.get("/v1/jobs?person=all")
    admin.get("/v1/jobs?person=" + ada)
    noted = [(r["event"], r["subject"]) for r in trail(world, before)]
    assert ("job-viewed", job["id"]) in noted and ("jobs-viewed", None) in noted and ("jobs-viewed", ada) in noted, noted
    # Her own list is nobody else's matter; and the same look again is no news.
    before = trail(world)[-1]["number"]
    world.api(ADA).get("/v1/jobs")
    admin.get("/v1/people")
    equal([r["event"] for r in trail(world, before) if r["event"] != "signed-in"], [], "own things, and the same again")


def story_every_sign_in_says_by_which_way(world):
    token = world.api(ADA).post("/v1/tokens", {"label": "ways", "kind": "print"})
    before = trail(world)[-1]["number"]
    world.api(token=token["token"]).get("/v1/me")
    world.ipp(secret=token["token"]).print_job(pdf("by IPP"), "by IPP")
    world.connection.request("POST", "/v1/releases", b'{"printer":"lobby","jobs":"all","identification":{"method":"pin","email":"ada@demo.example","pin":"314159"}}', {"Content-Type": "application/json"})
    ways = {(r["via"], r["detail"]) for r in trail(world, before) if r["event"] == "signed-in" and r["actor"]["id"] == world.people[ADA] or r["event"] == "signed-in" and r["subject"] == world.people[ADA]}
    assert {("api", "method=print-token"), ("ipp", "method=print-token"), ("api", "method=pin")} <= ways, ways
    assert any(r["event"] == "job-held" and r["via"] == "ipp" for r in trail(world, before)), "no job by IPP"
    agents = [r for r in trail(world) if r["event"] == "signed-in" and r["actor"]["kind"] == "agent"]
    assert agents and agents[0]["via"] == "agent", "no agent's sign-in"


def story_who_is_refused_is_noted_and_who_insists_is_counted(world):
    ada = world.people[ADA]

    def ask(method, path, authorization, body=None):
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        return world.connection.request(method, path, body, headers)[0]

    before = trail(world)[-1]["number"]
    equal(ask("POST", "/v1/people", basic(ADA, demo.PASSWORD), b'{"email":"x@demo.example"}'), 403, "what Ada may not")
    refused = [r for r in trail(world, before) if r["event"] == "refused"]
    equal([(r["actor"]["id"], r["detail"]) for r in refused], [(ada, "right=people-change reason=for-administrators")], "what was refused")
    before = trail(world)[-1]["number"]
    equal(ask("GET", "/v1/me", basic(ADA, "not her password")), 401, "a wrong password")
    equal([(r["event"], r["subject"]) for r in trail(world, before) if r["subject"] == ada], [("sign-in-refused", ada)], "a wrong password")
    before = trail(world)[-1]["number"]
    for _ in range(60):
        equal(ask("POST", "/v1/people", basic(ADA, demo.PASSWORD), b'{"email":"x@demo.example"}'), 403, "once more")
    written = [r for r in trail(world, before) if r["event"] == "refused"]
    assert len(written) < 10, "%d records of one who insists" % len(written)
