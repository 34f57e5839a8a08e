# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Every route, everybody who could try it, and everything that could be sent there.

The routes come from the service itself, so a new one is tried by these stories without being named here; what it would
take to get through is said once, in TARGETS and BODIES.
"""

import json
import re
import sqlite3
import uuid

from harness import demo_world as demo
from harness.agents import PlayedAgent
from harness.certificates import certificate_thing
from harness.client import basic, is_json
from harness.description import Description, rights, routes
from harness.documents import pdf
from harness.hard_things import refuse_deposit
from harness.story import equal

NO_SUCH = "00000000-0000-7000-8000-000000000000"
ADA, GRACE = "ada@demo.example", "grace@demo.example"
FOREIGN = "admin@other.example"

# They say what is wrong to people.
PAGES = ("/oauth/authorize", "/device", "/sign-in", "/sign-out", "/register")

# What every request of the matrix says, so that only who asks decides.
BODIES = {
    ("POST", "/v1/devices/moves/{move}/code"): {"code": "00000-00000"},
    ("PATCH", "/v1/tenant"): {},
    ("PATCH", "/v1/reports/settings"): {},
    ("POST", "/v1/report-schedules"): {"period": "weekly"},
    ("PATCH", "/v1/report-schedules/{schedule}"): {"period": "daily"},
    ("PATCH", "/v1/me"): {},
    ("POST", "/v1/tokens"): {"label": "tried", "kind": "print"},
    ("POST", "/v1/set-up"): {"platform": "linux", "label": "tried"},
    ("POST", "/v1/methods"): {"kind": "no-such-kind"},
    ("PATCH", "/v1/methods/{method}"): {"title": "Tried"},
    ("PUT", "/v1/people/{person}/totp"): {"totp": "000000"},
    ("POST", "/v1/people/{person}/passkeys"): {"client_data": "AAAA", "attestation": "AAAA"},
    ("POST", "/v1/people/{person}/codes"): {"expires_in": 60},
    ("POST", "/v1/clients"): {"kind": "machine", "title": ""},
    ("POST", "/v1/clients/{client}/secrets"): {"overlap": 60},
    ("PATCH", "/v1/jobs/{job}"): {"ticket": {"copies": 3}},
    ("PUT", "/v1/jobs/{job}/document-password"): {"password": "tried"},
    ("PUT", "/v1/jobs/{job}/accounting"): {"account": "tried"},
    ("PUT", "/v1/me/accounting"): {"account": "tried"},
    ("PATCH", "/v1/tenant/accounting"): {},
    ("PATCH", "/v1/printers/{printer}/accounting"): {"needs": "none"},
    ("PATCH", "/v1/queues/{queue}/accounting"): {"needs": "none"},
    ("PUT", "/v1/printers/{printer}/prices"): {"price_grey": 1, "price_colour": 2, "price_sheet": 3},
    ("POST", "/v1/releases"): {"printer": "no-such-printer", "jobs": "all"},
    ("POST", "/v1/printers"): {"name": "x" * 63, "formats": ["application/pdf"], "addresses": ["tried"], "finishings": [4]},
    ("PATCH", "/v1/printers/{printer}"): {"location": "tried"},
    ("POST", "/v1/printers/{printer}/certificates"): {"request": "tried"},
    ("POST", "/v1/agent/certificate"): {"request": "tried", "names": ["tried"]},
    ("POST", "/v1/printers/{printer}/welcome"): {},
    ("POST", "/v1/labels"): {"printers": ["lobby"], "template": "no-such-template"},
    ("POST", "/v1/labels/jobs"): {"printers": ["lobby"], "template": "no-such-template", "at": "lobby"},
    ("PUT", "/v1/printers/{printer}/people"): {"groups": []},
    ("PUT", "/v1/printers/{printer}/ticket"): {},
    ("POST", "/v1/printer-groups"): {"name": " not a name "},
    ("PATCH", "/v1/printer-groups/{printer_group}"): {"name": "tried"},
    ("POST", "/v1/queues"): {"name": "tried", "kind": "direct", "printer": "no-such-printer"},
    ("PUT", "/v1/people/{person}/ticket"): {"copies": 2},
    ("PATCH", "/v1/queues/{queue}"): {"title": "tried"},
    ("PUT", "/v1/queues/{queue}/ticket"): {},
    ("PUT", "/v1/sites/{site}/ticket"): {},
    ("PUT", "/v1/sites/{site}/offline"): {"enabled": False},
    ("PUT", "/v1/tenant/ticket"): {},
    ("POST", "/v1/policies"): {"title": ""},
    ("PATCH", "/v1/policies/{policy}"): {"title": "Tried"},
    ("POST", "/v1/people"): {"email": "not an address"},
    ("PATCH", "/v1/people/{person}"): {"name": "Tried"},
    ("PUT", "/v1/people/{person}/password"): {"password": demo.PASSWORD},
    ("PUT", "/v1/people/{person}/pin"): {"pin": "314159"},
    ("POST", "/v1/people/{person}/badges"): {"number": "04FFEEDD"},
    ("PATCH", "/v1/clients/{client}/machine"): {"jobs_max": 0},
    ("PUT", "/v1/people/{person}/delegates/{delegate}"): {"titles": False},
    ("PATCH", "/v1/admission"): {},
    ("POST", "/v1/badge-enrolments"): {"printer": "no-such-printer"},
    ("POST", "/v1/address-rules"): {"kind": "allow", "pattern": "no pattern"},
    ("POST", "/v1/sign-in/code"): {"email": "tried@demo.example"},
    ("POST", "/v1/registrations"): {"email": "tried@demo.example"},
    ("POST", "/v1/registrations/confirm"): {"code": "0", "password": "let-it-be-printed"},
    ("POST", "/v1/people/import"): b"no such column\r\n",
    ("POST", "/v1/groups"): {"name": " "},
    ("PATCH", "/v1/groups/{group}"): {"name": "Everybody"},
    ("POST", "/v1/agents"): {"name": "NOT A NAME"},
    ("PATCH", "/v1/agents/{agent}"): {"site": None},
    ("PUT", "/v1/agents/{agent}/doors"): {"ipp": {"enabled": False}},
    ("POST", "/v1/sites"): {"name": "NOT A NAME"},
    ("PATCH", "/v1/sites/{site}"): {"address": "tried"},
    ("POST", "/v1/submitters"): {"network": "192.0.2.9", "user": "nobody", "domain": "x.example"},
    ("PUT", "/v1/refused-deposits/{deposit}/person"): {"person": ADA},
    ("POST", "/v1/readers"): {"name": "NOT A NAME", "agent": NO_SUCH, "model": "tcpconv", "printer": "lobby"},
    ("PATCH", "/v1/readers/{reader}"): {"selection": "all"},
    ("PUT", "/v1/reader-models"): {"models": []},
    ("PUT", "/v1/agents/{agent}/reader-models"): {"models": []},
    ("POST", "/v1/printers/{printer}/panels"): {"name": "NOT A NAME"},
    ("PATCH", "/v1/panels/{panel}"): {},
    ("POST", "/v1/panel-bindings"): {"code": "0" * 28},
    ("POST", "/v1/panel-handovers"): {"secret": "pnl_" + "0" * 43, "badge": "04A1"},
    ("POST", "/v1/panel-codes"): {"code": "BCDF"},
    ("POST", "/v1/panel-guests"): {"code": "BCDF"},
    ("PATCH", "/v1/tenant/panels"): {"presence": "perhaps"},
    ("POST", "/v1/converters"): {"name": "NOT A NAME"},
    ("POST", "/v1/converter/enrolment"): {"code": "0" * 28},
    ("POST", "/v1/converter/renewal"): {"fingerprint": "zz"},
    ("PUT", "/v1/converter/formats"): {"formats": []},
    ("POST", "/v1/converter/works"): {},
    ("POST", "/v1/converter/works/{work}/outcome"): {"outcome": "abandoned"},
    ("POST", "/v1/agent/enrolment"): {"code": "0" * 28},
    ("POST", "/v1/agent/renewal"): {"fingerprint": "zz"},
    ("POST", "/v1/agent/incarnation"): {"incarnation": "not hexadecimal", "starts": 0},
    ("POST", "/v1/agent/leases"): {"incarnation": "1234"},
    ("POST", "/v1/agent/homes"): {"incarnation": "1234"},
    ("POST", "/v1/agent/homes/take"): {"job": NO_SUCH, "giving": 1, "incarnation": "1234", "nonce": "1"},
    ("POST", "/v1/agent/homes/back"): {"job": NO_SUCH, "giving": 1, "incarnation": "1234"},
    ("POST", "/v1/agent/homes/released"): {"job": NO_SUCH, "giving": 1, "incarnation": "1234", "delivery": NO_SUCH, "release": NO_SUCH, "printer": NO_SUCH, "at_ms": 0},
    ("POST", "/v1/agent/alive"): {"incarnation": "1234"},
    ("POST", "/v1/agent/health"): {"version": "1", "uptime": 1, "tasks": {"printed": 0, "sent": 0, "not_printed": 0, "uncertain": 0}, "errors": [], "clock": {"offset_ms": None}, "journal": {"open": 0, "room": 1}, "disk": {"free": 1, "total": 2}, "superseded": False},
    ("POST", "/v1/agent/swipes"): {"reader": NO_SUCH, "badge": "FFFF", "swipe": NO_SUCH, "incarnation": "1234"},
    ("POST", "/v1/agent/appliances"): {"model": "no model", "address": "10.0.0.1"},
    ("POST", "/v1/agent/deliveries/{delivery}/arm"): {"epoch": 1, "incarnation": "1234", "nonce": "n"},
    ("POST", "/v1/agent/deliveries/{delivery}/outcome"): {"epoch": 1, "incarnation": "1234", "outcome": "printed"},
    ("POST", "/v1/agent/deliveries/{delivery}/progress"): {"epoch": 1},
    ("PUT", "/v1/agent/printers/{printer}/identity"): {},
    ("PUT", "/v1/agent/printers/{printer}/state"): {"answered": False},
    ("PUT", "/v1/agent/printers/{printer}/readiness"): {"checks": []},
    ("PATCH", "/v1/printers/{printer}/configuration"): {"location": "Hall"},
    ("PUT", "/v1/agent/printers/{printer}/configuration"): {"id": "01890000-0000-7000-8000-000000000000", "settings": []},
    ("POST", "/v1/agent/sightings"): {"purpose": "status", "sightings": []},
    ("PATCH", "/v1/printers/{printer}/device"): {},
    ("POST", "/v1/alert-routes"): {"title": "x", "kind": "webhook", "to": "no URL"},
    ("PATCH", "/v1/alert-routes/{route}"): {"least": "critical"},
    ("PUT", "/v1/tenant/device-usage"): {"counted": False},
    ("PUT", "/v1/printers/{printer}/device-usage"): {"counted": False},
    ("PUT", "/v1/agents/{agent}/discovery"): {},
    ("POST", "/v1/agents/{agent}/discovery/runs"): {},
    ("POST", "/v1/discovered-printers/{discovered}/printer"): {"name": "NOT A NAME"},
}


class Tried:
    """The world with two tenants, and somebody of every kind."""

    @staticmethod
    def of(world):
        """Made once for all stories of this file."""
        if not hasattr(world, "tried"):
            world.tried = Tried(world)
        return world.tried

    def __init__(self, world):
        self.world = world
        self.routes = routes(world.build)
        self.add_tenant()
        self.targets = self.make_targets()
        print_token = world.api(ADA).post("/v1/tokens", {"label": "device", "kind": "print"})["token"]
        self.people = {
            "nobody": None,
            "a wrong password": basic("alan@demo.example", "wrong"),
            "a wrong token": "Bearer api_" + "A" * 43,
            "an unknown scheme": "Negotiate " + print_token,
            "a print token": "Bearer " + print_token,
            "ada": basic(ADA, demo.PASSWORD),
            "grace": basic(GRACE, demo.PASSWORD),
            "administrator": basic(demo.ADMINISTRATOR, demo.PASSWORD),
            "foreign administrator": basic(FOREIGN, demo.PASSWORD),
        }

    def add_tenant(self):
        programs = self.world.programs
        programs.wait_agent()
        programs["service"].stop()
        words = ["--tenant", "other", "--company-code", "OTHER7", "--mail-domain", "other.example", "--administrator", FOREIGN]
        programs.run("imprimaturd", "--config", self.world.path("service.ini"), "--add-tenant", *words, text=demo.PASSWORD + "\n")
        programs.start("service")
        programs.wait_agent()

    def make_targets(self):
        """Things of the tenant "demo" that are Ada's, or everybody's."""
        world, admin, ada = self.world, self.world.admin, self.world.api(ADA)
        direct = ada.submit(pdf("direct"), queue="lobby")
        world.wait_job(ada, direct["id"], "done")
        made = ada.submit(pdf("released"))
        release = ada.release("lobby", [made["id"]])
        world.wait_release(ada, release["id"])
        badge = admin.post("/v1/people/%s/badges" % world.people[ADA], {"number": "04ADA0ADA0"})
        machine = admin.post("/v1/clients", {"kind": "machine", "title": "ERP", "scope": "print"})
        form = "grant_type=client_credentials&client_id=%s&client_secret=%s" % (machine["id"], machine["secret"])
        world.connection.request("POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return {
            "page": "1",
            "client": machine["id"],
            "grant": admin.all("/v1/grants?person=" + machine["account"])[0]["id"],
            "job": ada.submit(pdf("held"))["id"],
            "release": release["id"],
            "delivery": release["deliveries"][0]["id"],
            "deposit": NO_SUCH,
            "printer": world.printers["studio"],
            "certificate": certificate_thing(admin, "studio"),
            "label": "demo",
            "queue": next(q["id"] for q in admin.all("/v1/queues") if q["name"] == "studio"),
            "person": world.people[ADA],
            "delegate": world.people[GRACE],
            "badge": badge["id"],
            "rule": admin.post("/v1/address-rules", {"kind": "block", "pattern": "*.blocked.example"})["id"],
            "registration": NO_SUCH,
            "enrolment": NO_SUCH,
            "synchronisation": NO_SUCH,
            "discovered": NO_SUCH,
            "run": NO_SUCH,
            "route": NO_SUCH,
            "policy": admin.post("/v1/policies", {"title": "Few copies", "copies_max": 998})["id"],
            "group": admin.post("/v1/groups", {"name": "Everybody's"})["id"],
            "printer_group": admin.post("/v1/printer-groups", {"name": "All floors"})["id"],
            "token": ada.post("/v1/tokens", {"label": "target", "kind": "api"})["id"],
            "agent": admin.all("/v1/agents")[0]["id"],
            "panel": admin.post("/v1/printers/studio/panels", {"name": "tried"})["id"],
            "converter": NO_SUCH,
            "work": NO_SUCH,
            "reader": admin.all("/v1/readers")[0]["id"],
            "submitter": admin.post("/v1/submitters", {"network": "192.0.2.0/24", "user": "tried", "person": ADA})["id"],
            "deposit": refuse_deposit(world, admin.all("/v1/agents")[0]["id"]),
            "site": admin.post("/v1/sites", {"name": "tried"})["id"],
            "session": self.open_session(),
            "method": admin.get("/v1/methods")["items"][0]["id"],
            "code": ada.post("/v1/people/%s/codes" % world.people[ADA], {})["id"],
            "passkey": NO_SUCH,  # whoever has one cannot come with a password alone any more
            "tenant": ada.get("/v1/tenant")["id"],
            "domain": admin.all("/v1/domains")[0]["id"],
            "move": NO_SUCH,  # one takes a mail
            "schedule": NO_SUCH,  # likewise
        }

    def open_session(self):
        body = json.dumps({"email": ADA, "password": demo.PASSWORD}).encode()
        return json.loads(self.world.connection.request("POST", "/v1/sessions", body, {"Content-Type": "application/json"})[2])["id"]

    def path(self, pattern, targets=None):
        for name, value in (targets or self.targets).items():
            pattern = pattern.replace("{%s}" % name, value)
        return pattern

    def ask(self, method, path, authorization, body=None, headers=None, content_type="application/json"):
        sent = dict(headers or {})
        if authorization:
            sent["Authorization"] = authorization
        if body is not None:
            sent["Content-Type"] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, answered, content = self.world.connection.request(method, path, body, sent)
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "")
        value = json.loads(content) if is_json(kind) else content
        if status >= 400:
            is_page = (path.split("?")[0] in PAGES or path.startswith("/panel/")) and kind.startswith("text/html")
            assert is_page or kind == "application/problem+json" and value["detail"], "%s %s: %d %s" % (method, path, status, value)
        return status, value

    def body(self, method, pattern, kind):
        if kind == "document":
            return pdf("tried")
        return BODIES.get((method, pattern), {}) if kind == "json" else None


ROLES = {"nobody": "nobody", "a print token": "print-token", "ada": "person", "grace": "person",
         "administrator": "administrator", "foreign administrator": "administrator"}


def verdict(reaches, right, person):
    """What the table says: 401, 403, or None where this person gets through to the matter itself."""
    if {reaches[right][role] for role in ("agent", "new-agent", "converter")} != {"none"} and reaches[right]["administrator"] == "none":
        return 403
    if reaches[right]["nobody"] == "service":
        return None
    if person in ("a wrong password", "a wrong token", "an unknown scheme"):
        return 401
    if person == "nobody":
        return 401  # also where the body could have said who: this one does not
    if reaches[right][ROLES[person]] == "none":
        return 403
    return None


def story_every_route_asks_who_comes(world):
    tried = Tried.of(world)
    count, reaches = 0, rights(world.build)
    for method, pattern, right, kind, _ in tried.routes:
        for person, authorization in tried.people.items():
            harmless = method in ("GET", "PATCH") or pattern in ("/v1/releases", "/v1/tokens")
            expected = verdict(reaches, right, person)
            if person == "a wrong password" and pattern not in ("/v1/me", "/v1/jobs", "/v1/people"):
                continue  # a third of a second each
            if expected is None and not harmless:
                continue  # the matter itself is tried by other stories
            if expected == 401 and person == "a wrong password":
                expected = (401, 429)  # guesses are counted
            status, value = tried.ask(method, tried.path(pattern), authorization, tried.body(method, pattern, kind))
            where = "%s %s by %s: %d %s" % (method, pattern, person, status, value)
            if expected is not None:
                assert status in (expected if isinstance(expected, tuple) else (expected,)), where
            else:
                assert status < 500 and status != 401, where
            count += 1
    assert count > 150, count


def story_what_is_somebody_elses_is_not_there(world):
    tried = Tried.of(world)
    foreign = tried.people["foreign administrator"]
    nowhere = {name: NO_SUCH for name in tried.targets}
    for method, pattern, right, kind, _ in tried.routes:
        # What comes before anybody is known (sign-in) has no tenant to be foreign to: the method's id tells it.
        if "{" not in pattern or right in ("agent-work", "converter-work", "converters", "enrol", "sign-in", "tenants-read", "tenants-change"):
            continue
        body = tried.body(method, pattern, kind)
        there = tried.ask(method, tried.path(pattern), foreign, body)
        not_there = tried.ask(method, tried.path(pattern, nowhere), foreign, body)
        equal(there[0], 404, "%s %s of another tenant" % (method, pattern))
        equal(there, not_there, "%s %s: the same answer as for what does not exist" % (method, pattern))
    grace = tried.people["grace"]
    for method, pattern in (
        ("GET", "/v1/jobs/{job}"),
        ("PATCH", "/v1/jobs/{job}"),
        ("DELETE", "/v1/jobs/{job}"),
        ("PUT", "/v1/jobs/{job}/settled"),
        ("PUT", "/v1/jobs/{job}/document-password"),
        ("GET", "/v1/jobs/{job}/ticket"),
        ("GET", "/v1/people/{person}/ticket"),
        ("PUT", "/v1/people/{person}/ticket"),
        ("GET", "/v1/jobs/{job}/document"),
        ("PUT", "/v1/jobs/{job}/accounting"),
        ("GET", "/v1/jobs/{job}/pages/{page}"),
        ("GET", "/v1/releases/{release}"),
        ("GET", "/v1/people/{person}"),
        ("DELETE", "/v1/tokens/{token}"),
        ("DELETE", "/v1/grants/{grant}"),
        ("GET", "/v1/clients/{client}"),
        ("GET", "/v1/people/{person}/badges"),
        ("PUT", "/v1/people/{person}/password"),
        ("PUT", "/v1/people/{person}/pin"),
        ("DELETE", "/v1/people/{person}/badges/{badge}"),
        ("GET", "/v1/people/{person}/delegates"),
        ("PUT", "/v1/people/{person}/delegates/{delegate}"),
        ("DELETE", "/v1/people/{person}/delegates/{delegate}"),
        ("GET", "/v1/people/{person}/owners"),
    ):
        status, value = tried.ask(method, tried.path(pattern), grace, BODIES.get((method, pattern)))
        assert status in (403, 404), "%s %s of Ada by Grace: %d %s" % (method, pattern, status, value)
    status, value = tried.ask("POST", "/v1/releases", grace, {"printer": "lobby", "jobs": [tried.targets["job"]]})
    equal(status, 404, "Grace releases Ada's job: %s" % value)
    # An administrator sees that there is a job, not what it is called, and cannot release it.
    admin = tried.people["administrator"]
    status, value = tried.ask("GET", "/v1/jobs/" + tried.targets["job"], admin)
    equal((status, value["title"]), (200, None), "Ada's job for an administrator")
    status, value = tried.ask("POST", "/v1/releases", admin, {"printer": "lobby", "jobs": [tried.targets["job"]]})
    equal(status, 404, "an administrator releases Ada's job: %s" % value)
    equal(world.api(ADA).job(tried.targets["job"])["state"], "held", "Ada's job after all of that")


FORGERIES = (
    {"Host": "localhost"},
    {"Host": "127.0.0.1"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Proto": "http"},
    {"X-Real-IP": "127.0.0.1"},
    {"X-Client-Cert": "agent"},
    {"X-SSL-Client-Verify": "SUCCESS"},
    {"X-Original-URL": "/healthz"},
    {"X-Rewrite-URL": "/healthz"},
    {"X-HTTP-Method-Override": "GET"},
    {"X-Remote-User": demo.ADMINISTRATOR},
    {"Remote-User": demo.ADMINISTRATOR},
    {"Forwarded": "for=127.0.0.1;host=localhost;proto=https"},
    {"Cookie": "session=administrator"},
    {"Via": "1.1 localhost"},
    {"Proxy-Authorization": basic(demo.ADMINISTRATOR, demo.PASSWORD)},
)


def story_no_header_but_one_grants_anything(world):
    there = routes(world.build)
    for method, pattern, right, _, _ in there:
        if right in ("look", "sign-in", "release"):
            continue
        path = re.sub(r"{\w+}", NO_SUCH, pattern)
        plain, _, body = world.connection.request(method, path, None, {})
        for forgery in FORGERIES:
            status, _, content = world.connection.request(method, path, None, dict(forgery))
            equal((status, content), (plain, body), "%s %s with %s" % (method, path, forgery))


def story_a_page_of_another_site_changes_nothing(world):
    port = world.ports["service"]
    signed = {"Authorization": basic(ADA, demo.PASSWORD), "Content-Type": "application/json"}
    body = json.dumps({"label": "forged", "kind": "print"}).encode()
    for headers, expected in (
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:%d" % port}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost:%d" % port}, 201),
    ):
        status, _, content = world.connection.request("POST", "/v1/tokens", body, {**signed, **headers})
        equal(status, expected, "%s: %s" % (headers, content))


NO_JSON = (b"", b"{", b"}", b"[]", b"null", b"7", b'"text"', b"{}{}", b'{"a":1,"a":2}', b"\xff\xfe{}", b'{"a":"\xff"}',
           b"[" * 5000, b'{"a":' * 3000, b'{"a":"\\u0000"}', b'{"a":1e999}')


def wrong_values(schema):
    """For each member, what it surely is not."""
    for name in schema.get("properties", {}):
        for value in ({"a": 1}, [[]], 1.5, -1, 10**30, "\x07", "x" * 5000, True):
            yield {name: value}


def scheduled_report(world):
    """One of the administrator's, as if there were a relay by which it could be sent."""
    schedule = uuid.uuid4()
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("INSERT INTO report_schedule (tenant_id, id, person_id, asked_id, subject, attach, period, language, next_day, due_ms, outcome,"
                         " outcome_ms, created_ms) SELECT tenant_id, ?, id, id, 0, 0, 2, 0, 99999, 9999999999999, '', 0, 0 FROM person WHERE email = ?",
                         (schedule.bytes, demo.ADMINISTRATOR))
    return str(schedule)


def story_nothing_that_is_sent_is_too_much_for_it(world):
    description, admin = Description(), basic(demo.ADMINISTRATOR, demo.PASSWORD)
    admin_api = world.admin
    printer = admin_api.post("/v1/printers", {"name": "target", "formats": ["application/pdf"], "addresses": ["socket://localhost:9"]})
    person = admin_api.post("/v1/people", {"email": "target@demo.example"})
    machine = admin_api.post("/v1/clients", {"kind": "machine", "title": "target", "scope": "print"})
    targets = {"job": admin_api.submit(pdf("target"))["id"], "printer": printer["id"], "person": person["id"], "client": machine["id"], "delegate": person["id"],
               "group": admin_api.post("/v1/groups", {"name": "target"})["id"],
               "printer_group": admin_api.post("/v1/printer-groups", {"name": "target"})["id"],
               "policy": admin_api.post("/v1/policies", {"title": "Few copies", "copies_max": 998, "printer": "library"})["id"],
               "queue": admin_api.post("/v1/queues", {"name": "target", "kind": "pull"})["id"],
               "agent": admin_api.post("/v1/agents", {"name": "target"})["id"], "site": admin_api.post("/v1/sites", {"name": "target"})["id"]}
    targets["certificate"], targets["label"] = certificate_thing(admin_api, printer["id"]), "demo"
    targets["discovered"] = PlayedAgent(world, admin_api).sees("target")
    targets["tenant"], targets["move"], targets["schedule"] = admin_api.get("/v1/tenant")["id"], NO_SUCH, scheduled_report(world)
    targets["method"] = admin_api.get("/v1/methods")["items"][1]["id"]
    reader = {"name": "target", "agent": targets["agent"], "model": "line", "printer": printer["id"]}
    targets["reader"] = admin_api.post("/v1/readers", reader)["id"]
    targets["route"] = admin_api.post("/v1/alert-routes", {"title": "target", "kind": "webhook", "to": "https://hook.example/"})["id"]
    targets["deposit"] = refuse_deposit(world, targets["agent"])
    targets["panel"] = admin_api.post("/v1/printers/target/panels", {"name": "target"})["id"]
    operator = basic(demo.OPERATOR, demo.PASSWORD)
    operations = description.operations()
    for method, pattern, right, kind, _ in routes(world.build):
        if kind != "json" or right in ("agent-work", "converter-work", "enrol"):
            continue
        path = Tried.path(None, pattern, targets)
        schema = description.find(operations[method, pattern]["requestBody"])["content"]["application/json"]["schema"]
        bodies = list(NO_JSON) + [b'{"no_such_member":1}', b'{"a":"' + b"x" * 100_000 + b'"}']
        bodies += [json.dumps(b).encode() for b in wrong_values(description.find(schema))]
        for body in bodies:
            given = {"Authorization": operator if right.startswith(("tenants-", "converters")) else admin, "Content-Type": "application/json"}
            try:
                status, _, content = world.connection.request(method, path, body, given, again=False)
            except OSError:
                continue  # hung up on while it was still sending
            where = "%s %s with %s: %d %s" % (method, pattern, body[:80], status, content[:200])
            assert 400 <= status < 500 or status in (200, 201, 204), where
            if body in NO_JSON or b"no_such_member" in body:
                equal(status, 400, where)
        status, _, content = world.connection.request(method, path, b"{}", dict(given, **{"Content-Type": "text/plain"}))
        equal(status, 415, "%s %s as text" % (method, path))
    equal(world.api().get("/healthz")["status"], "ok", "afterwards")


def story_paths_and_queries_that_are_none(world):
    admin = basic(demo.ADMINISTRATOR, demo.PASSWORD)
    for path in ("/v1", "/v1/", "/setup", "/v1/setup", "/wp-admin", "/v1/jobs/../people", "/v1//jobs", "/v1/jobs/%2e%2e",
                 "/v1/jobs/x/y/z", "/V1/jobs", "/v1/jobs;x=1", "/v1/no-such", "/v1/people/%2f", "/v1/printers/" + "x" * 3000,
                 "/v1/jobs/99999999999999999999", "/v1/jobs/-1", "/v1/people/%e0%80%af", "/v1/people/a%0d%0ab@x"):
        status, _, content = world.connection.request("GET", path, None, {"Authorization": admin})
        assert 400 <= status < 500, "%s: %d %s" % (path, status, content[:200])
    for query in ("limit=0", "limit=-1", "limit=201", "limit=x", "limit=1e2", "limit=99999999999999999999", "after=x", "after=%00",
                  "limit=%zz"):
        for path in ("/v1/jobs", "/v1/people", "/v1/printers", "/v1/audit/records", "/v1/tokens", "/v1/agents"):
            status, _, content = world.connection.request("GET", path + "?" + query, None, {"Authorization": admin})
            equal(status, 400, "%s?%s: %s" % (path, query, content))
    for query in ("queue=", "queue=..", "queue=pull&copies=0", "queue=pull&copies=1000", "queue=pull&sides=all", "queue=pull&name=%07",
                  "queue=pull&media=a;b=c", "queue=pull&copies=x"):
        given = {"Authorization": admin, "Content-Type": "application/pdf"}
        status, _, content = world.connection.request("POST", "/v1/jobs?" + query, pdf("bad"), given)
        assert 400 <= status < 500, "%s: %d %s" % (query, status, content)
    for method in ("OPTIONS", "TRACE", "PUT", "get", "PROPFIND"):
        status, answered, _ = world.connection.request(method, "/v1/jobs", None, {"Authorization": admin})
        assert status in (400, 405, 501), "%s: %d" % (method, status)
    equal(world.api().get("/healthz")["status"], "ok", "afterwards")


def story_the_same_key_is_the_same_request(world):
    admin, ada = world.admin, world.api(ADA)
    for held in ada.jobs(state="held"):
        ada.delete("/v1/jobs/" + held["id"])
    key, paper = str(uuid.uuid4()), len(world.paper("lobby"))
    first = admin.post("/v1/people", {"email": "once@demo.example"}, key=key)
    equal(admin.post("/v1/people", {"email": "once@demo.example"}, key=key), first, "the same answer")
    headers = {"Authorization": admin.authorization, "Content-Type": "application/json", "Idempotency-Key": key}
    status, _, _ = world.connection.request("POST", "/v1/people", b'{"email":"twice@demo.example"}', headers)
    equal(status, 422, "the same key for something else")
    for bad in ("", " ", "x" * 129, "a b", "\u00e4".encode("latin-1").decode("latin-1")):
        status, _, _ = world.connection.request("POST", "/v1/people", b'{"email":"x"}', dict(headers, **{"Idempotency-Key": bad}))
        assert 400 <= status < 500, "key %r: %d" % (bad, status)
    document = pdf("once")
    job = ada.submit(document, key=key)
    equal(ada.submit(document, key=key)["id"], job["id"], "the same job")
    headers = {"Authorization": ada.authorization, "Content-Type": "application/pdf", "Idempotency-Key": key}
    status, _, _ = world.connection.request("POST", "/v1/jobs?queue=pull&name=once", pdf("other"), headers)
    equal(status, 422, "the same key for another document")
    made = ada.release("lobby", [job["id"]], key=key)
    equal(ada.release("lobby", [job["id"]], key=key)["id"], made["id"], "the same release")
    world.wait_release(ada, made["id"])
    equal(ada.release("lobby", [job["id"]], key=key)["id"], made["id"], "the same release, later")
    equal(len(world.paper("lobby")), paper + 1, "papers")
    key = str(uuid.uuid4())
    token = ada.post("/v1/tokens", {"label": "once", "kind": "api"}, key=key)
    equal(ada.post("/v1/tokens", {"label": "once", "kind": "api"}, key=key)["token"], token["token"], "the same token")


def story_wrong_pins_come_to_an_end(world):
    given = {"Content-Type": "application/json"}

    def release(pin, email=GRACE):
        body = {"printer": "lobby", "jobs": "all", "identification": {"method": "pin", "email": email, "pin": pin}}
        status, _, content = world.connection.request("POST", "/v1/releases", json.dumps(body).encode(), given)
        return status, json.loads(content)

    equal(release("271828")[0], 409, "the right PIN, nothing held")
    unknown = [release("000000", "nobody@demo.example")[1]["code"] for _ in range(2)]
    known = [release("000000")[1]["code"] for _ in range(2)]
    equal(unknown, known, "nobody is told apart from somebody")
    answers = [release("%06d" % guess)[0] for guess in range(12)]
    assert 429 in answers, answers
    equal(release("271828")[0], 429, "the right PIN while it is locked")
