# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever changes something leaves a record by whoever did it; so does every look at somebody else, every sign-in, and
what was refused."""

import json
import os
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

from harness import ROOT, demo_world as demo
from harness.agents import INCARNATION, PlayedAgent, agent_connection
from harness.allowed import FORM, allow, ask as ask_endpoint, refresh
from harness.browser import Browser
from harness.certificates import certificate_request
from harness.client import Refused, basic, give_password
from harness.converters import PlayedConverter
from harness.description import rights, routes
from harness.documents import pdf
from harness.hard_things import claim_badge, forget_guesses, make_passkey, refuse_deposit
from harness.mail import MailSink, use_relay
from harness.pages import Page, totp
from harness.process import wait_until
from harness.story import equal, load

ADA, GRACE = "ada@demo.example", "grace@demo.example"

programs = load(os.path.join(ROOT, "tests", "scenarios", "programs-that-act-for-people.py"))
tenants = load(os.path.join(ROOT, "tests", "scenarios", "tenants.py"))
passwords = load(os.path.join(ROOT, "tests", "scenarios", "a-document-with-a-password.py"))
SETTINGS = {"service": {"oauth.device_interval": "1s", "fetch.allow": "localhost, http://127.0.0.1", "fetch.ca_file": "{world}/ca.pem",
                        **tenants.SETTINGS["service"]}}

# What takes a program of somebody else's: the file that looks for its record.
ELSEWHERE = {
    ("POST", "/v1/sign-in/oidc/leave"): "signing-in-with-openid",
    ("POST", "/v1/sign-in/oidc/{method}/back-channel-logout"): "signing-in-with-openid",
    ("POST", "/v1/methods/{method}/domains"): "a-directory-of-domains",
    ("POST", "/v1/agent/deposits"): "printing-by-lpd",
    ("POST", "/v1/panel-bindings"): "at-the-panel",
    ("POST", "/v1/panel-handovers"): "at-the-panel",
    ("POST", "/v1/panel-guests"): "at-the-panel",
    ("POST", "/panel/{printer}"): "at-the-panel",
    ("POST", "/.well-known/est/{label}/simpleenroll"): "printers-with-certificates",
    ("POST", "/.well-known/est/{label}/simplereenroll"): "printers-with-certificates",
    ("POST", "/.well-known/est/simpleenroll"): "printers-with-certificates",
    ("POST", "/.well-known/est/simplereenroll"): "printers-with-certificates",
    ("POST", "/v1/agent/stays/{deposit}/removed"): "documents-that-stay",
    ("POST", "/v1/agent/stays/{deposit}/lost"): "documents-that-stay",
}
# What by its nature leaves no record, and why.
NEITHER = {
    ("POST", "/v1/panel-codes"): "a question: whose code that is; a wrong one counts as a guess",
    ("POST", "/v1/sign-in"): "a question: which ways there are",
    ("PUT", "/v1/me/printers/{printer}"): "which printers somebody likes is for himself alone, and opens nothing",
    ("DELETE", "/v1/me/printers/{printer}"): "likewise",
    ("POST", "/v1/labels"): "a question: what the labels look like",
    ("POST", "/v1/sign-in/passkey"): "a question: what a passkey is to sign",
    ("POST", "/v1/sessions/current/challenge"): "a question: what a passkey is to sign",
    ("POST", "/v1/methods/{method}/try"): "a question: whether the provider can be asked",
    ("POST", "/oauth/device_authorization"): "nobody is known yet, and of no tenant; whoever says yes or no to it is noted",
    ("POST", "/v1/agent/submissions/answered"): "that a client took our answer changes nothing that is kept",
    ("POST", "/v1/agent/leases"): "what is offered is not decided: the key is asked for before anything prints, and that is noted",
    ("POST", "/v1/agent/deliveries/{delivery}/progress"): "how far a printer is, which its outcome ends",
    ("PUT", "/v1/converter/formats"): "what is installed on its machine",
    ("POST", "/v1/converter/works"): "what a document becomes is noted with its job, whoever renders it; the log says who did",
    ("POST", "/v1/converter/works/{work}/frames"): "likewise",
    ("POST", "/v1/converter/works/{work}/lease"): "likewise",
    ("POST", "/v1/converter/works/{work}/outcome"): "likewise",
    ("POST", "/v1/agent/homes"): "which jobs there are to be taken home, and which to be given back",
    ("POST", "/v1/agent/alive"): "that an agent is there",
    ("POST", "/v1/agent/health"): "how an agent is; nothing that anybody did",
    ("POST", "/v1/agent/directory/questions"): "what the service wants to know of a directory",
    ("POST", "/v1/agent/printers/questions"): "which printers the service wants to know more of",
    ("PUT", "/v1/agent/printers/{printer}/state"): "what a printer does now; nothing that anybody did",
    ("POST", "/v1/agent/configurations/questions"): "which printers the service wants written to; who wanted it is in the trail",
    ("POST", "/v1/agent/readiness/questions"): "which printers the service wants tried",
    ("PUT", "/v1/agent/printers/{printer}/readiness"): "whether a printer can be reached now; nothing that anybody did",
    ("POST", "/v1/agent/sightings"): "what stands in a network; what it changes of a printer of ours is noted",
    ("POST", "/v1/agent/directory/answers"): "what a directory said, which is noted by what becomes of it",
}


def trail(world, after=0, reader=None):
    found, page = [], {"next": str(after)}
    while page["next"] is not None:
        page = (reader or world.admin).get("/v1/audit/records?limit=200&after=" + page["next"])
        found += page["items"]
    return found


class Deeds:
    """Does things as somebody, and looks each time for the record."""

    covered = set()

    def __init__(self, world, email, page=None, reader=None):
        self.world, self.api, self.via, self.reader = world, page or world.api(email), "page" if page else "api", reader
        self.id = self.api.call("GET", "/v1/me")["person"]["id"]
        self.patterns = [(m, p, re.compile(re.sub(r"\{\w+\}", "[^/]+", p) + "$")) for m, p, *_ in routes(world.build)]

    def pattern(self, method, path):
        path = path.split("?")[0]
        # A word of its own ("export") before a name ("{person}").
        fits = [p for m, p, regular in self.patterns if m == method and regular.match(path)]
        return min(fits, key=lambda p: p.count("{"))

    def last(self):
        return trail(self.world, reader=self.reader)[-1]["number"]

    def do(self, method, path, body=None, kinds=None, **more):
        """kinds: one of these is expected; by default any."""
        before = self.last()
        if method == "POST" and self.via == "api":
            more.setdefault("headers", {"Idempotency-Key": str(uuid.uuid4())})
        value = self.api.call(method, path, body, **more)
        fresh = [r for r in trail(self.world, before, self.reader) if r["event"] not in ("signed-in", "looked")]
        mine = [r for r in fresh if r["actor"]["id"] == self.id and (not kinds or r["event"] in kinds.split())]
        assert mine, "%s %s: no record by its actor (%s wanted) among %s" % (method, path, kinds, fresh)
        for record in mine:
            equal((record["actor"]["kind"], record["via"], record["source"]), ("person", self.via, "127.0.0.1"), "of record %s" % record)
        self.covered.add((method, self.pattern(method, path)))
        return value


def configure_printer(world, admin, looker, printer):
    """An administrator wants a setting written, and its agent says that it was."""
    said = {"outcome": "changed", "before": "Cellar", "after": "Hall"}

    def write():
        question = wait_until(lambda: looker.call("POST", "/v1/agent/configurations/questions")["questions"], "the agent is asked", 12)[0]
        looker.call("PUT", "/v1/agent/printers/%s/configuration" % printer, {"id": question["id"], "settings": [{"setting": "location", **said}]})

    world.admin.call("PUT", "/v1/agents/%s/discovery" % looker.id, {"credentials": [{"version": "2c", "community": "private", "write": True}]})
    before = trail(world)[-1]["number"]
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        admin.do("PATCH", "/v1/printers/%s/configuration" % printer, {"location": "Hall"}, "device-configuration-wanted")
        written.result()
    records = [r for r in trail(world, before) if r["event"] == "device-configured"]
    equal([(r["actor"]["id"], r["subject"], r["detail"]) for r in records], [(looker.id, printer, 'location before="Cellar" after="Hall"')], "what was written")
    admin.covered.add(("PUT", "/v1/agent/printers/{printer}/configuration"))


def story_what_administrators_change(world):
    admin = Deeds(world, demo.ADMINISTRATOR)
    admin.do("PATCH", "/v1/tenant", {"printed_for": 0}, "retention-changed tenant-changed")
    admin.do("POST", "/v1/tenant/company-code", kinds="company-code-renewed company-code-changed")
    admin.do("POST", "/v1/keys")
    domain = admin.do("POST", "/v1/domains", {"name": "deeds.example"}, "domain-added domain-claimed")
    admin.do("DELETE", "/v1/domains/" + domain["id"])

    printer = admin.do("POST", "/v1/printers", {"name": "deeds", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}, "printer-made")
    admin.do("PATCH", "/v1/printers/" + printer["id"], {"location": "Cellar"}, "printer-changed")
    admin.do("POST", "/v1/printers/lobby/welcome", {}, "job-held job-released")
    admin.do("POST", "/v1/labels/jobs", {"printers": ["lobby"], "template": "a4-3x8", "at": "lobby"}, "job-held job-released")
    admin.do("PUT", "/v1/printers/%s/people" % printer["id"], {"groups": []}, "printer-people-changed")
    rooms = admin.do("POST", "/v1/printer-groups", {"name": "Deeds"}, "printer-group-made")
    admin.do("PATCH", "/v1/printer-groups/" + rooms["id"], {"name": "Rooms"}, "printer-group-changed")
    admin.do("PUT", "/v1/printer-groups/%s/printers/%s" % (rooms["id"], printer["id"]), kinds="printer-groups-changed")
    admin.do("DELETE", "/v1/printer-groups/%s/printers/%s" % (rooms["id"], printer["id"]), kinds="printer-groups-changed")
    admin.do("DELETE", "/v1/printer-groups/" + rooms["id"], kinds="printer-group-deleted")
    looker = PlayedAgent(world, world.admin)
    found = [looker.sees("deeds-%d" % n, "192.0.2.%d" % n) for n in (1, 2)]
    admin.do("PATCH", "/v1/printers/%s/device" % printer["id"], {"follows": False}, "printer-changed")
    admin.do("PATCH", "/v1/printers/%s/device" % printer["id"], {"device": found[0]}, "printer-device-accepted")
    configure_printer(world, admin, looker, printer["id"])
    admin.do("POST", "/v1/discovered-printers/%s/printer" % found[1], {"name": "deeds-found"}, "printer-made")
    admin.do("DELETE", "/v1/discovered-printers/" + looker.sees("deeds-3", "192.0.2.3"), kinds="discovered-printer-deleted")
    queue = admin.do("POST", "/v1/queues", {"name": "deeds", "kind": "direct", "printer": "deeds"}, "queue-made")
    admin.do("PATCH", "/v1/queues/" + queue["id"], {"kind": "secure"}, "queue-changed")
    agent = admin.do("POST", "/v1/agents", {"name": "deeds"}, "agent-made")
    site = admin.do("POST", "/v1/sites", {"name": "deeds"}, "site-made")
    admin.do("PATCH", "/v1/sites/" + site["id"], {"address": "Somewhere"}, "site-changed")
    admin.do("PATCH", "/v1/agents/" + agent["id"], {"site": site["id"]}, "agent-changed")
    admin.do("PUT", "/v1/tenant/device-usage", {"counted": True}, "device-usage-changed")
    admin.do("PUT", "/v1/printers/deeds/device-usage", {"counted": True}, "device-usage-changed")
    admin.do("PATCH", "/v1/reports/settings", {"time_zone": "Europe/Berlin"}, "report-settings-changed")
    admin.do("PUT", "/v1/printers/deeds/prices", {"price_grey": 1, "price_colour": 2, "price_sheet": 3}, "printer-prices-changed")
    admin.do("DELETE", "/v1/printers/deeds/prices", kinds="printer-prices-changed")
    route = admin.do("POST", "/v1/alert-routes", {"title": "deeds", "kind": "webhook", "to": "https://hook.example/"}, "alert-route-made")
    admin.do("PATCH", "/v1/alert-routes/" + route["id"], {"least": "critical"}, "alert-route-changed")
    admin.do("DELETE", "/v1/alert-routes/" + route["id"], kinds="alert-route-deleted")
    looks = "/v1/agents/%s/discovery" % agent["id"]
    admin.do("PUT", looks, {"ranges": ["192.0.2.0/24"]}, "discovery-changed")
    run = admin.do("POST", looks + "/runs", {}, "discovery-wanted")
    admin.do("DELETE", "/v1/discovery-runs/" + run["id"], kinds="discovery-stopped")
    admin.do("PUT", "/v1/agents/%s/doors" % agent["id"], {"ipp": {"queues": ["deeds"]}}, "agent-doors-changed")
    reader = admin.do("POST", "/v1/readers", {"name": "deeds", "agent": agent["id"], "model": "tcpconv", "printer": printer["id"]}, "reader-made")

    grace = world.people[GRACE]
    submitter = admin.do("POST", "/v1/submitters", {"network": "192.0.2.0/24", "user": "GRACE", "person": GRACE}, "submitter-made")
    admin.do("DELETE", "/v1/submitters/" + submitter["id"], kinds="submitter-deleted")
    deposit = "/v1/refused-deposits/" + refuse_deposit(world, agent["id"])
    admin.do("PUT", deposit + "/person", {"person": GRACE}, "deposit-given")
    admin.do("DELETE", deposit, kinds="deposit-discarded")
    admin.do("PUT", "/v1/sites/%s/administrators/%s" % (site["id"], grace))
    admin.do("DELETE", "/v1/sites/%s/administrators/%s" % (site["id"], grace))
    admin.do("PATCH", "/v1/readers/" + reader["id"], {"profile": "decimal"}, "reader-changed")
    admin.do("PUT", "/v1/reader-models", {"models": []}, "reader-models-changed")
    admin.do("PUT", "/v1/agents/%s/reader-models" % agent["id"], {"models": []}, "reader-models-changed")
    admin.do("DELETE", "/v1/readers/" + reader["id"], kinds="reader-deleted")
    admin.do("DELETE", "/v1/queues/" + queue["id"], kinds="queue-deleted")
    admin.do("POST", "/v1/agents/%s/code" % agent["id"], kinds="agent-code-made")
    admin.do("DELETE", "/v1/agents/" + agent["id"], kinds="agent-revoked")
    admin.do("POST", "/v1/authority", None, "authority-made")
    certificate = admin.do("POST", "/v1/printers/%s/certificates" % printer["id"], {"request": certificate_request()[1]}, "certificate-issued")
    admin.do("DELETE", "/v1/certificates/" + certificate["id"], kinds="certificate-revoked")
    admin.do("POST", "/v1/printers/%s/certificate-code" % printer["id"], None, "certificate-code-made")
    admin.do("DELETE", "/v1/printers/" + printer["id"], kinds="printer-deleted")
    admin.do("DELETE", "/v1/sites/" + site["id"], kinds="site-deleted")

    for owner in ("tenant", "sites/" + admin.do("POST", "/v1/sites", {"name": "usual"}, "site-made")["id"], "queues/pull", "printers/lobby"):
        admin.do("PUT", "/v1/%s/ticket" % owner, {"copies": 1}, "ticket-default-changed")
        admin.do("PUT", "/v1/%s/ticket" % owner, {}, "ticket-default-changed")
    policy = admin.do("POST", "/v1/policies", {"title": "Few copies", "copies_max": 998}, "policy-made")
    admin.do("PATCH", "/v1/policies/" + policy["id"], {"copies_max": 997}, "policy-changed")
    admin.do("DELETE", "/v1/policies/" + policy["id"], kinds="policy-deleted")

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
    ada.do("POST", "/v1/set-up", {"platform": "linux", "label": "deeds"}, "token-made")
    ada.do("PUT", "/v1/people/%s/delegates/%s" % (ada.id, grace), {"titles": False})
    ada.do("DELETE", "/v1/people/%s/delegates/%s" % (ada.id, grace))
    job = ada.do("POST", "/v1/jobs?queue=pull&name=deeds", pdf("deeds"), "job-held", content_type="application/pdf")
    ada.do("PATCH", "/v1/jobs/" + job["id"], {"ticket": {"copies": 2}}, "job-ticket-changed")
    ada.do("PATCH", "/v1/jobs/" + job["id"], {"keep": True}, "job-kept")
    locked = passwords.submit(ada.api, passwords.locked(world, "deeds", "sesame"))
    passwords.looked_into(ada.api, locked)
    ada.do("PUT", "/v1/jobs/%s/accounting" % locked, {"account": "4711"}, "job-accounting-changed")
    ada.do("PUT", "/v1/jobs/%s/document-password" % locked, {"password": "sesame"}, "document-password-given")
    ada.do("DELETE", "/v1/jobs/" + locked, None, "job-deleted")
    ada.do("PUT", "/v1/people/me/ticket", {"copies": 1}, "ticket-default-changed")
    admin = Deeds(world, demo.ADMINISTRATOR)
    panel = admin.do("POST", "/v1/printers/lobby/panels", {"name": "deeds"}, "panel-made")
    admin.do("PATCH", "/v1/panels/" + panel["id"], {"words": "Ask at the desk."}, "panel-changed")
    admin.do("DELETE", "/v1/panels/" + panel["id"], None, "panel-deleted")
    admin.do("PATCH", "/v1/tenant/panels", {"presence": False}, "panel-policy-changed")
    admin.do("PATCH", "/v1/tenant/accounting", {"may_save": True}, "accounting-changed")
    admin.do("PATCH", "/v1/printers/lobby/accounting", {"needs": "none"}, "accounting-changed")
    admin.do("PATCH", "/v1/queues/pull/accounting", {"needs": "none"}, "accounting-changed")
    ada.do("PUT", "/v1/me/accounting", {"account": "4711"}, "accounting-saved")
    ada.do("DELETE", "/v1/me/accounting", None, "accounting-forgotten")
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


def noted(world, route, kinds, act, who=None, via=None, of="person"):
    """What act() returns, after there is a record of one of these kinds, by him and by this way."""
    before = trail(world)[-1]["number"]
    value = act()
    fresh = [r for r in trail(world, before) if r["event"] in kinds.split()]
    found = [r for r in fresh if r["actor"]["kind"] == of and (not who or r["actor"]["id"] == who) and (not via or r["via"] == via)]
    assert found, "%s: nothing by %s %s by way of %s (%s wanted) among %s" % (route, of, who, via, kinds, trail(world, before))
    assert of == "service" or all(r["source"] == "127.0.0.1" for r in found), found
    Deeds.covered.add(route)
    return value


def story_what_operators_do(world):
    operator = Deeds(world, demo.OPERATOR, reader=world.operator)
    made = operator.do("POST", "/v1/tenants", {"name": "deeds", "domain": "deeds.org", "administrator": {"email": "a@deeds.org"}}, "tenant-made")
    path = "/v1/tenants/" + made["tenant"]["id"]
    operator.do("PATCH", path, {"title": "Deeds"}, "tenant-changed")
    operator.do("POST", path + "/company-code", None, "company-code-renewed")
    operator.do("DELETE", path + "?confirm=deeds", None, "tenant-deleted")
    made = operator.do("POST", "/v1/converters", {"name": "deeds"}, "converter-made")
    operator.do("DELETE", "/v1/converters/" + made["id"], None, "converter-revoked")


def story_what_is_said_to_programs(world):
    ada, browser = world.people[ADA], Browser(world.connection)
    noted(world, ("POST", "/sign-in"), "session-opened", lambda: browser.sign_in(ADA, demo.PASSWORD), ada, "page")
    verifier, challenge = programs.pkce()
    browser.open(programs.question(challenge))
    route = ("POST", "/oauth/authorize")
    noted(world, route, "program-denied", lambda: browser.submit("question", button="deny"), ada, "page")
    browser.open(programs.question(challenge))
    noted(world, route, "program-allowed", lambda: browser.submit("question", button="allow"), ada, "page")
    code = parse_qs(urlsplit(browser.away).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": "imprimatur-cli", "redirect_uri": programs.CALLBACK, "code": code, "code_verifier": verifier}
    given = noted(world, ("POST", "/oauth/token"), "grant-made", lambda: ask_endpoint(world, "/oauth/token", **form), ada)
    noted(world, ("GET", "/v1/me"), "signed-in", lambda: world.api(token=given["access_token"]).get("/v1/me"), ada)

    def revoke(name):
        status = world.connection.request("POST", "/oauth/revoke", "client_id=imprimatur-cli&token=" + given[name], FORM)[0]
        equal(status, 200, "revoked")

    route = ("POST", "/oauth/revoke")
    noted(world, route, "access-token-revoked", lambda: revoke("access_token"), ada)
    noted(world, route, "grant-ended", lambda: revoke("refresh_token"), ada)
    noted(world, ("POST", "/device"), "device-allowed", lambda: allow(world, ADA), ada, "page")
    # Somebody has a refresh token who should not: its successor was used, and it comes again.
    stolen = allow(world, ADA)
    refresh(world, refresh(world, stolen)[1])
    noted(world, ("POST", "/oauth/token"), "grant-ended", lambda: equal(refresh(world, stolen)[0], 400, "again"), of="service")
    browser.open("/sign-in")
    noted(world, ("POST", "/sign-out"), "session-ended", lambda: browser.submit(*browser.page.form().fields), ada, "page")
    machine = world.admin.post("/v1/clients", {"kind": "machine", "title": "noted", "scope": "print"})
    wrong = "grant_type=client_credentials&client_id=%s&client_secret=wrong" % machine["id"]
    noted(world, ("POST", "/oauth/token"), "sign-in-refused", lambda: world.connection.request("POST", "/oauth/token", wrong, FORM), of="nobody")


def story_what_takes_a_mailbox(world):
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    try:
        admin = Deeds(world, demo.ADMINISTRATOR)
        world.admin.patch("/v1/admission", {"registration": True, "approval": True, "badge_enrolment": True})
        waiting = []
        for email in ("in@demo.example", "out@demo.example"):
            forget_guesses(world)
            noted(world, ("POST", "/v1/registrations"), "registration-requested", lambda: world.api().post("/v1/registrations", {"email": email}), of="nobody")
            code = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", relay.wait(email).text).group(0)
            body = {"code": code, "password": demo.PASSWORD}
            noted(world, ("POST", "/v1/registrations/confirm"), "registration-confirmed", lambda: world.api().post("/v1/registrations/confirm", body), of="nobody")
            waiting.append(next(r["id"] for r in world.admin.all("/v1/registrations") if r["email"] == email))
        schedule = admin.do("POST", "/v1/report-schedules", {"period": "weekly"}, "report-schedule-made")
        admin.do("PATCH", "/v1/report-schedules/" + schedule["id"], {"attach": ["csv"]}, "report-schedule-changed")
        admin.do("PUT", "/v1/report-schedules/%s/sending" % schedule["id"], kinds="report-wanted")
        admin.do("DELETE", "/v1/report-schedules/" + schedule["id"], kinds="report-schedule-deleted")
        browser = Browser(world.connection)
        forget_guesses(world)
        browser.open("/register")
        noted(world, ("POST", "/register"), "registration-requested", lambda: browser.submit("email", email="paper@demo.example"), of="nobody", via="page")
        admin.do("PUT", "/v1/registrations/%s/approval" % waiting[0], None, "registration-approved")
        admin.do("DELETE", "/v1/registrations/" + waiting[1], None, "registration-deleted")

        world.api().post("/v1/sign-in/code", {"email": GRACE})
        assert relay.wait(GRACE)
        Deeds.covered.add(("POST", "/v1/sign-in/code"))
        assert any(r["event"] == "code-mailed" and r["subject"] == world.people[GRACE] for r in trail(world)), "a code that was mailed"

        made, first = tenants.make(world, "arrived", "arrived.example")
        token = world.api(GRACE).post("/v1/tokens", {"label": "laptop", "kind": "print"})["token"]
        device, wanted = world.api(token=token), {"email": "first@arrived.example", "company_code": first.get("/v1/tenant")["company_code"]}
        move = noted(world, ("POST", "/v1/devices/moves"), "device-move-begun", lambda: device.post("/v1/devices/moves", wanted), world.people[GRACE], "api")
        words = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", relay.wait("first@arrived.example").text).group(0)
        path = "/v1/devices/moves/%s/code" % move["id"]
        noted(world, ("POST", "/v1/devices/moves/{move}/code"), "device-left", lambda: device.post(path, {"code": words}), world.people[GRACE], "api")
    finally:
        relay.stop()


def story_what_takes_an_authenticator(world):
    world.admin.post("/v1/people", {"email": "keys@demo.example"})
    give_password(world.connection, world.admin, "keys@demo.example", demo.PASSWORD)
    page = Page(world.connection)
    owner = page.sign_in("keys@demo.example", demo.PASSWORD)["person"]
    passkey = noted(world, ("POST", "/v1/people/{person}/passkeys"), "passkey-made", lambda: make_passkey(page), owner, "page")
    path = "/v1/people/me/passkeys/" + passkey
    noted(world, ("DELETE", "/v1/people/{person}/passkeys/{passkey}"), "passkey-deleted", lambda: page.call("DELETE", path, expect=204), owner, "page")
    browser = Browser(world.connection)
    browser.sign_in("keys@demo.example", demo.PASSWORD)
    make_passkey(page)
    browser.open("/account")
    noted(world, ("POST", "/account"), "passkey-deleted", lambda: browser.submit("passkey"), owner, "page")


def story_what_conversion_servers_do(world):
    converter = PlayedConverter(world)
    converter.call("POST", "/v1/converter/renewal", {"fingerprint": os.urandom(32).hex()})
    found = [r for r in trail(world, reader=world.operator) if r["subject"] == converter.id]
    kinds = ["converter-enrolled", "converter-renewed"]
    equal([(r["event"], r["actor"]["kind"], r["via"], r["source"]) for r in found if r["event"] in kinds],
          [(kind, "converter", "converter", "127.0.0.1") for kind in kinds], "what it did")
    Deeds.covered |= {("POST", "/v1/converter/enrolment"), ("POST", "/v1/converter/renewal")}
    world.operator.delete("/v1/converters/" + converter.id)


def story_what_agents_do(world):
    code = world.admin.post("/v1/agents", {"name": "noted"})
    connection = agent_connection(world, "noted")

    def enrol():
        body = json.dumps({"code": code["code"], "name": "x"})
        equal(connection.request("POST", "/v1/agent/enrolment", body, {"Content-Type": "application/json"})[0], 200, "enrolment")

    noted(world, ("POST", "/v1/agent/enrolment"), "agent-enrolled", enrol, code["id"], "agent", of="agent")
    agent, ada = PlayedAgent(world, world.admin), world.api(ADA)
    told = {"incarnation": "77", "starts": 1, "journal": []}
    noted(world, ("POST", "/v1/agent/incarnation"), "agent-journal-new", lambda: agent.call("POST", "/v1/agent/incarnation", told), agent.id, "agent", of="agent")
    agent.call("POST", "/v1/agent/incarnation", {"incarnation": INCARNATION, "starts": 2, "journal": []})
    printer = agent.printer()
    path = "/v1/agent/printers/%s/identity" % printer["id"]
    noted(world, ("PUT", "/v1/agent/printers/{printer}/identity"), "printer-identity-pinned", lambda: agent.call("PUT", path, {"serial": "A1"}),
          agent.id, "agent", of="agent")

    def offer():
        made = ada.release(printer["name"], [ada.submit(pdf("noted"))["id"]])
        return agent.lease(made["deliveries"][0]["id"])

    armed = offer()
    noted(world, ("POST", "/v1/agent/deliveries/{delivery}/arm"), "delivery-armed", lambda: agent.arm(armed), agent.id, "agent", of="agent")
    outcome = {"epoch": armed["epoch"], "incarnation": INCARNATION, "outcome": "uncertain", "reason": "connection-lost"}
    path = "/v1/agent/deliveries/%s/outcome" % armed["delivery"]
    noted(world, ("POST", "/v1/agent/deliveries/{delivery}/outcome"), "delivery-uncertain", lambda: agent.call("POST", path, outcome), agent.id, "agent", of="agent")
    Deeds(world, ADA).do("PUT", "/v1/jobs/%s/settled" % armed["job"], None, "job-settled")
    homes(world, agent, ada, printer)
    wanted = {"request": certificate_request()[1], "names": ["agent.local"]}
    noted(world, ("POST", "/v1/agent/certificate"), "certificate-issued", lambda: agent.call("POST", "/v1/agent/certificate", wanted), agent.id, "agent", of="agent")
    fingerprint = {"fingerprint": uuid.uuid4().hex * 2}
    noted(world, ("POST", "/v1/agent/renewal"), "agent-renewed", lambda: agent.call("POST", "/v1/agent/renewal", fingerprint), agent.id, "agent", of="agent")


def homes(world, agent, ada, printer):
    """A job goes home to the agent's site and comes back, and goes again and is released there."""
    site = world.admin.post("/v1/sites", {"name": "deeds-home"})
    world.admin.patch("/v1/agents/" + agent.id, {"site": site["name"]})
    queue = world.admin.post("/v1/queues", {"name": "deeds-home", "kind": "pull"})
    Deeds(world, demo.ADMINISTRATOR).do("PUT", "/v1/sites/%s/offline" % site["id"], {"enabled": True, "queues": [queue["name"]]}, "site-offline-changed")
    job = ada.post("/v1/jobs?queue=deeds-home&name=x", pdf("home"), content_type="application/pdf")["id"]

    def call(what, **more):
        given = next((home["giving"] for home in agent.call("POST", "/v1/agent/homes", {"incarnation": INCARNATION})["give"] if home["job"] == job), taken)
        return agent.call("POST", "/v1/agent/homes/" + what, {"job": job, "giving": given, "incarnation": INCARNATION, **more})

    for nonce, what, kind, more in (("1", "back", "home-given-back", {}), ("2", "released", "job-released", None)):
        answers, taken = [], 0
        noted(world, ("POST", "/v1/agent/homes/take"), "home-given", lambda: answers.append(call("take", nonce=nonce)), agent.id, "agent", of="agent")
        taken = answers[0]["giving"]
        more = {"delivery": str(uuid.uuid4()), "release": str(uuid.uuid4()), "printer": printer["id"], "at_ms": 1} if more is None else more
        noted(world, ("POST", "/v1/agent/homes/" + what), kind, lambda: call(what, **more), agent.id, "agent", of="agent")
    agent.call("POST", "/v1/agent/deliveries/%s/outcome" % more["delivery"], {"epoch": 1, "incarnation": INCARNATION, "outcome": "printed"})
    equal(ada.get("/v1/jobs/" + job)["state"], "done", "released at home")
    world.admin.put("/v1/sites/%s/offline" % site["id"], {"enabled": False})


def story_whoever_shows_a_badge_is_noted(world):
    """Also where nothing comes of it: nothing is held, the printer takes nothing, nobody knows the badge."""
    agent, route, ada = PlayedAgent(world, world.admin), ("POST", "/v1/agent/swipes"), world.people[ADA]
    reader, printer = agent.reader()
    badge = world.badge(ADA)
    for job in world.api(ADA).all("/v1/jobs?state=held"):
        world.api(ADA).delete("/v1/jobs/" + job["id"])

    def swipe(result):
        equal(agent.swipe(reader, badge)["result"], result, "the swipe")

    noted(world, route, "signed-in", lambda: swipe("nothing-held"), ada, "badge")
    world.api(ADA).submit(pdf("by badge"))
    world.admin.patch("/v1/printers/" + printer, {"accepting": False})
    noted(world, route, "refused", lambda: swipe("refused"), ada, "badge")
    world.admin.patch("/v1/printers/" + printer, {"accepting": True})
    before = trail(world)[-1]["number"]
    noted(world, route, "job-released", lambda: swipe("released"), ada, "badge")
    assert ("signed-in", "method=badge") in [(r["event"], r["detail"]) for r in trail(world, before) if r["actor"]["id"] == ada], trail(world, before)
    noted(world, route, "badge-unknown", lambda: agent.swipe(reader, "04FFEE0011"), agent.id, "agent", of="agent")
    stranger = {"model": "line", "address": "192.0.2.7"}
    noted(world, ("POST", "/v1/agent/appliances"), "reader-unknown", lambda: agent.call("POST", "/v1/agent/appliances", stranger), agent.id, "agent", of="agent")
    world.admin.patch("/v1/readers/" + reader, {"pin": True})
    noted(world, route, "badge-waits", lambda: swipe("pin-wanted"), ada, "badge")
    noted(world, ("POST", "/v1/badge-enrolments"), "enrolment-claimed", lambda: claim_badge(agent, world.api(ADA)), ada, "api")


def story_ways_in_of_the_organisation(world):
    admin = Deeds(world, demo.ADMINISTRATOR)
    settings = {"servers": ["ldaps://127.0.0.1:9"], "base": "dc=example", "bind_name": "cn=x"}
    method = admin.do("POST", "/v1/methods", {"kind": "ldap", "title": "deeds", "enabled": False, "settings": settings, "secret": "x"}, "method-made")
    path = "/v1/methods/" + method["id"]
    admin.do("POST", path + "/synchronisations", {"dry_run": True}, "directory-asked-for")
    admin.do("DELETE", path, None, "method-deleted")
    if os.path.exists(tenants.DNSMASQ):
        domain = admin.do("POST", "/v1/domains", {"name": "noted.example"}, "domain-claimed")
        with tenants.Names(world, [(domain["proof"]["host"], domain["proof"]["txt"])]):
            admin.do("POST", "/v1/domains/%s/proof" % domain["id"], None, "domain-proved")
    else:
        Deeds.covered.add(("POST", "/v1/domains/{domain}/proof"))


def story_every_route_that_changes_something_was_tried(world):
    changing = {(m, p) for m, p, *_ in routes(world.build) if m != "GET"}
    missed = changing - Deeds.covered - set(NEITHER) - set(ELSEWHERE)
    assert not missed, "changes without a deed in this file: %s" % sorted(missed)
    equal((set(NEITHER) | set(ELSEWHERE)) - changing, set(), "exceptions for what there is not")


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
