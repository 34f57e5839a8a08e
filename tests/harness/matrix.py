# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Every route and every operation of IPP, by everybody, at everything: what the table of rights says, and what happens.

A cell is (route, role, whose). What is due in it is computed from the service's own tables: the right of the route, how
far the role reaches with it, and how far one must reach for this thing. Somebody either gets through to the matter
itself, whatever then becomes of it, or is turned away.
"""

import json
import re
import sqlite3
import uuid

from . import demo_world as demo
from .agents import PlayedAgent, agent_connection
from .allowed import allow
from .certificates import certificate_thing
from .client import basic, give_password, is_json
from .converters import PlayedConverter
from .documents import pdf
from .hard_things import PEOPLE, HardThings, refuse_deposit
from .pages import Page, totp

NONE, OWN, SITE, TENANT, SERVICE = range(5)
REACHES = {"none": NONE, "own": OWN, "site": SITE, "tenant": TENANT, "service": SERVICE}

# The codes of problems that mean: not you, or there is no such thing for you.
TURNED_AWAY = {"not-signed-in", "for-people", "not-an-agent", "for-administrators", "not-your-right", "print-token",
               "forbidden", "not-found", "stale", "second-factor", "not-fresh"}

# Whose a thing in an address is: a person's, a site's, the tenant's; or it is a tenant.
OF_PERSON = {"job", "release", "token", "badge", "person", "delegate", "grant", "session", "code", "passkey", "move", "enrolment", "schedule"}
OF_SITE = {"printer", "certificate", "agent", "reader", "discovered", "run"}
OF_TENANT = {"route", "queue", "site", "policy", "group", "printer_group", "client", "domain", "rule", "registration", "method", "synchronisation", "submitter", "deposit"}
OF_SERVICE = {"tenant", "converter"}
OF_AGENT = {"delivery", "deposit"}

# Administrators with a session of a browser: who still owes the second factor, and who has shown a secret long ago.
SESSIONS = ("half", "stale")
# What is left to whoever owes a factor, of his own.
OF_HALF = {"me", "sessions", "factors", "factors-read"}

# Whoever owes a factor that he has adds no other one before he has shown it.
SECOND = ("POST", "/v1/people/{person}/totp")

# Lists and additions that take more than any reach at all.
LEAST = {
    ("GET", "/v1/agents"): SITE,
    ("GET", "/v1/groups"): TENANT,
    ("POST", "/v1/printers"): SITE,
    ("POST", "/v1/queues"): SITE,
    ("POST", "/v1/agents"): SITE,
    ("POST", "/v1/readers"): SITE,
    ("POST", "/v1/printer-groups"): TENANT,
    ("GET", "/v1/reader-models"): SITE,
    ("PUT", "/v1/reader-models"): TENANT,
}
# Where such a code is what becomes of the matter: there is no factor that the codes would stand in for, no such badge's
# code, no session at a provider, no directory, nothing that an agent was asked to write.
LATER = {("PUT", "/v1/agent/printers/{printer}/configuration"): "stale",
         ("POST", "/v1/panel-codes"): "not-found", ("POST", "/v1/panel-guests"): "not-found",
         ("POST", "/v1/people/{person}/recovery-codes"): "forbidden", ("POST", "/v1/badge-enrolments"): "not-found",
         ("POST", "/v1/sign-in/oidc/leave"): "not-found", ("POST", "/v1/methods/{method}/synchronisations"): "not-found",
         ("GET", "/v1/methods/{method}/domains"): "not-found", ("POST", "/v1/methods/{method}/domains"): "not-found"}
# Not asked in the matrix: a stream without an end.
STREAMS = {("GET", "/v1/agent/events"): "agent", ("GET", "/v1/converter/events"): "converter"}


def unused(prefix="t"):
    return prefix + uuid.uuid4().hex[:16]


def make_tenant(operator):
    name = unused()
    made = operator.post("/v1/tenants", {"name": name, "domain": name + ".example", "administrator": {"email": "a@%s.example" % name}})
    return made.get("tenant", made)


class Somebody:
    def __init__(self, role, authorization, person=None, connection=None, email=None):
        self.role, self.authorization, self.person, self.connection, self.email = role, authorization, person, connection, email
        self.page = None  # a session in the place of the authorization
        self.maker = None  # what he makes things with, where he cannot with what he shows


class Matrix(HardThings):
    def __init__(self, world, reaches, words, relay, foreign_email):
        self.world, self.reaches, self.words, self.names = world, reaches, words, {}
        self.admin, self.operator = world.admin, world.operator
        self.sites = {name: self.admin.post("/v1/sites", {"name": unused()})["id"] for name in ("own", "other")}
        self.machine_queue = self.admin.post("/v1/queues", {"name": unused(), "kind": "pull"})
        self.roles = {role: self.make(role) for role in (*PEOPLE, "delegate", "print-token", "machine")}
        for role in SESSIONS:
            self.roles[role] = self.make(role)
        self.roles["nobody"] = Somebody("nobody", None)
        self.roles["new-agent"] = Somebody("new-agent", None, connection=agent_connection(world, unused()))
        self.roles["agent"] = self.make_agent()
        self.roles["converter"] = self.make_converter()
        self.other = self.make_person("person")
        self.kept, self.lookers = {}, {}
        self.relay, self.foreign_email = relay, foreign_email
        self.foreign, self.deleted_tenant = {}, None

    # ---- who -------------------------------------------------------------------------------------------------

    def make_person(self, role, admin=None, domain="demo.example"):
        admin = admin or (self.operator if role == "operator" else self.admin)
        email = "%s@%s" % (unused(), demo.OPERATORS_DOMAIN if role == "operator" else domain)
        given = "person" if role == "site-administrator" else role
        made = admin.post("/v1/people", {"email": email, "role": given})
        give_password(self.world.connection, admin, made["id"], demo.PASSWORD)
        if role == "site-administrator":
            admin.call("PUT", "/v1/sites/%s/administrators/%s" % (self.sites["own"], made["id"]))
        return Somebody(role, basic(email, demo.PASSWORD), made["id"], email=email)

    def make(self, role):
        if role in PEOPLE:
            return self.make_person(role)
        if role == "machine":
            return self.make_machine()
        if role in SESSIONS:
            return self.make_session(role)
        who = self.make_person("person")
        if role == "print-token":
            token = self.ask(who, "POST", "/v1/tokens", {"label": "device", "kind": "print"})[1]["token"]
            return Somebody(role, "Bearer " + token, who.person, email=who.email)
        # A delegate's own is the owner's.
        owner = self.make_person("person")
        status, value = self.ask(owner, "PUT", "/v1/people/me/delegates/" + who.person, {"titles": True})
        assert status == 200, value
        who.role, who.owner = "delegate", owner
        return who

    def sign_in(self, who):
        """A browser's session, which is used in the place of what he showed until now."""
        who.page, who.authorization = Page(self.world.connection), None
        who.page.sign_in(who.email, demo.PASSWORD)
        return who

    def make_session(self, role):
        who = self.make_person("administrator")
        who.role = role
        if role == "half":
            token = self.ask(who, "POST", "/v1/tokens", {"label": "before", "kind": "api"})[1]["token"]
            who.maker = "Bearer " + token
            page = self.sign_in(who).page
            secret = page.call("POST", "/v1/people/me/totp", expect=201)["secret"]
            page.call("PUT", "/v1/people/me/totp", {"totp": totp(secret)}, 200)
        self.sign_in(who)
        if role == "stale":
            self.set_back(who)
        return who

    def renew(self, who):
        """After what may have ended it."""
        self.sign_in(who)
        if who.role == "stale":
            self.set_back(who)

    def set_back(self, who):
        """As if he had signed in an hour ago."""
        with sqlite3.connect(self.world.path("service", "imprimatur.db"), timeout=30) as database:
            found = database.execute("UPDATE session SET fresh_ms = fresh_ms - 3600000 WHERE person_id = ?", (uuid.UUID(who.person).bytes,))
            assert found.rowcount, "no session"

    def make_machine(self):
        made = self.admin.post("/v1/clients", {"kind": "machine", "title": "matrix", "scope": "print release read account admin"})
        form = "grant_type=client_credentials&client_id=%s&client_secret=%s" % (made["id"], made["secret"])
        status, _, content = self.world.connection.request("POST", "/oauth/token", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 200, content
        self.admin.call("PATCH", "/v1/clients/%s/machine" % made["id"], {"queues": [self.machine_queue["id"]]})
        return Somebody("machine", "Bearer " + json.loads(content)["access_token"], made["account"])

    def make_tenant(self):
        made = make_tenant(self.operator)
        self.names[made["id"]] = made["name"]
        return made

    def make_agent(self):
        self.played = PlayedAgent(self.world, self.admin, site=self.sites["own"])
        return Somebody("agent", None, self.played.id, self.played.connection)

    def make_converter(self):
        played = PlayedConverter(self.world, formats=())  # it takes nobody's work away
        return Somebody("converter", None, played.id, played.connection)

    # ---- asking ----------------------------------------------------------------------------------------------

    def ask(self, who, method, path, body=None, content_type="application/json"):
        sent = {}
        if who.page:
            sent = {"Cookie": who.page.cookie, "X-CSRF-Token": who.page.csrf, "Origin": who.page.origin, "Sec-Fetch-Site": "same-origin"}
        if who.authorization:
            sent["Authorization"] = who.authorization
        if body is not None:
            sent["Content-Type"] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, answered, content = (who.connection or self.world.connection).request(method, path, body, sent)
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "")
        return status, json.loads(content) if content and is_json(kind) else content

    # ---- things ----------------------------------------------------------------------------------------------

    def maker_of(self, owner):
        """The same person as he makes his own things, whatever he shows when they are tried."""
        if owner.maker or owner.email:
            return Somebody(owner.role, owner.maker or basic(owner.email, demo.PASSWORD), owner.person, email=owner.email)
        return owner

    def owner_of(self, who, whose):
        if whose == "other":
            return self.other
        return getattr(who, "owner", who)

    def thing(self, name, who, whose, fresh):
        """The id of such a thing, None where this role can have none of its own. fresh: it may be gone afterwards."""
        if name == "page":
            return "1"  # whose it is says its job
        of_role = whose == "own" or who.role == "operator" or (name, who.role, whose) == ("printer", "agent", "other")
        key = (name, who.role if of_role else None, whose)
        if whose == "never":
            return str(uuid.uuid4())
        if whose == "foreign":
            return self.foreign.get(name) or str(uuid.uuid4())
        if whose == "deleted":
            if key not in self.kept:
                self.kept[key] = self.gone(name)
            return self.kept[key]
        if fresh or key not in self.kept:
            made = getattr(self, "make_%s_thing" % name)(who, whose)
            if fresh:
                return made
            self.kept[key] = made
        return self.kept[key]

    def gone(self, name):
        """The id of something that was there once."""
        if hasattr(self, "gone_" + name):
            return getattr(self, "gone_" + name)()
        if name in ("delegate", "person"):
            made = self.make_person("person").person
            self.admin.delete("/v1/people/" + made)
        elif name == "tenant":
            made = self.deleted_tenant
        else:
            ways = {"printer": "/v1/printers/", "queue": "/v1/queues/", "agent": "/v1/agents/", "reader": "/v1/readers/", "panel": "/v1/panels/", "submitter": "/v1/submitters/", "deposit": "/v1/refused-deposits/", "site": "/v1/sites/", "printer_group": "/v1/printer-groups/",
                    "group": "/v1/groups/", "policy": "/v1/policies/", "client": "/v1/clients/", "domain": "/v1/domains/", "grant": "/v1/grants/", "session": "/v1/sessions/",
                    "rule": "/v1/address-rules/", "registration": "/v1/registrations/", "discovered": "/v1/discovered-printers/", "route": "/v1/alert-routes/"}
            if name == "token":
                made = self.make_token_thing(self.other, "own")
                self.ask(self.other, "DELETE", "/v1/tokens/" + made)
            elif name == "code":
                made = self.make_code_thing(self.other, "own")
                self.admin.delete("/v1/people/%s/codes/%s" % (self.other.person, made))
            elif name == "badge":
                made = self.make_badge_thing(self.other, "own")
                self.admin.delete("/v1/people/%s/badges/%s" % (self.other.person, made))
            elif name in ("job", "release", "delivery"):
                leaver = self.make_person("person")
                made = getattr(self, "make_%s_thing" % name)(leaver, "own")
                self.admin.delete("/v1/people/" + leaver.person)
            else:
                made = getattr(self, "make_%s_thing" % name)(self.roles["administrator"], "other")
                self.admin.delete(ways[name] + made)
        return made

    def gone_method(self):
        settings = {"issuer": "https://provider.example", "client_id": "x"}
        made = self.admin.post("/v1/methods", {"kind": "oidc", "title": "matrix", "enabled": False, "settings": settings, "secret": "x"})["id"]
        self.admin.delete("/v1/methods/" + made)
        return made

    def gone_passkey(self):
        _, made, page = self.passkey_of_other()
        page.call("DELETE", "/v1/people/me/passkeys/" + made, expect=204)
        return made

    def make_job_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        queue = self.machine_queue["name"] if owner.role == "machine" else "pull"
        status, value = self.ask(self.maker_of(owner), "POST", "/v1/jobs?queue=%s&name=x" % queue, pdf("matrix"), "application/pdf")
        return value["id"] if status == 201 else None

    def make_release_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        job = self.make_job_thing(who, whose)
        status, value = self.ask(self.maker_of(owner), "POST", "/v1/releases", {"printer": "lobby", "jobs": [job]}) if job else (0, None)
        if status != 201:
            return None
        self.world.wait_release(self.admin, value["id"])
        return value["id"]

    def make_delivery_thing(self, who, whose):
        if whose == "own":
            return None  # only agents have such: see offer()
        release = self.make_release_thing(self.other, "other")
        return self.admin.get("/v1/releases/" + release)["deliveries"][0]["id"]

    def make_deposit_thing(self, who, whose):
        """Of what stays with an agent; only agents have such, and the one that plays here has none."""
        return None if whose == "own" else str(uuid.uuid4())

    def gone_deposit(self):
        return str(uuid.uuid4())

    def make_token_thing(self, who, whose):
        status, value = self.ask(self.maker_of(self.owner_of(who, whose)), "POST", "/v1/tokens", {"label": "matrix", "kind": "print"})
        return value["id"] if status == 201 else None

    def make_person_thing(self, who, whose):
        if whose == "other":
            return self.make_person("operator" if who.role == "operator" else "person").person
        return self.owner_of(who, whose).person if who.role not in ("nobody", "agent", "converter", "new-agent") else None

    def make_delegate_thing(self, who, whose):
        return self.make_person("person").person

    def make_badge_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        if not owner.person or owner.role in ("operator", "machine", "agent", "converter"):
            return None
        return self.admin.post("/v1/people/%s/badges" % owner.person, {"number": uuid.uuid4().hex[:14]})["id"]

    def make_grant_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        if whose == "own" and who.role != "machine":
            # A program that he allowed; whoever owes a factor can say no such yes.
            if not owner.email or owner.role == "half":
                return None
            allow(self.world, owner.email)
            return self.ask(self.maker_of(owner), "GET", "/v1/grants")[1]["items"][-1]["id"]
        account = who.person if whose == "own" else self.make_machine().person
        return self.admin.all("/v1/grants?person=" + account)[0]["id"]

    def make_printer_thing(self, who, whose):
        site = self.sites["own" if whose == "own" else "other"]
        made = {"name": unused(), "addresses": ["socket://localhost:9"], "formats": ["application/pdf"], "site": site}
        if who.role == "agent":  # one without an agent is every agent's
            made["agent"] = who.person if whose == "own" else self.make_agent_thing(self.other, "other")
        return self.admin.post("/v1/printers", made)["id"]

    def make_certificate_thing(self, who, whose):
        return certificate_thing(self.admin, self.make_printer_thing(who, whose))

    def gone_certificate(self):
        return str(uuid.uuid4())  # a revoked one is still there

    def make_label_thing(self, who, whose):
        return "demo" if whose == "own" else unused()

    def gone_label(self):
        return unused()

    def make_printer_group_thing(self, who, whose):
        return self.admin.post("/v1/printer-groups", {"name": unused()})["id"]

    def make_agent_thing(self, who, whose):
        if whose == "own" and who.role == "agent":
            return who.person
        return self.admin.post("/v1/agents", {"name": unused(), "site": self.sites["own" if whose == "own" else "other"]})["id"]

    def make_discovered_thing(self, who, whose):
        site = self.sites["own" if whose == "own" else "other"]
        if site not in self.lookers:
            self.lookers[site] = PlayedAgent(self.world, self.admin, site=site)
        return self.lookers[site].sees(unused())

    def make_route_thing(self, who, whose):
        if who and who.role == "operator":
            return None
        return self.admin.post("/v1/alert-routes", {"title": "matrix", "kind": "mail", "to": "matrix@demo.example"})["id"]

    def make_run_thing(self, who, whose):
        agent = self.thing("agent", who, whose, False)
        runs = "/v1/agents/%s/discovery/runs" % agent
        for run in self.admin.get(runs)["items"]:
            if run["state"] in ("wanted", "going"):
                self.admin.delete("/v1/discovery-runs/" + run["id"])
        return self.admin.post(runs, {})["id"]

    def gone_run(self):
        return str(uuid.uuid4())

    def make_panel_thing(self, who, whose):
        return self.admin.post("/v1/printers/%s/panels" % self.thing("printer", self.other, whose, True), {"name": unused()})["id"]

    def make_reader_thing(self, who, whose):
        return self.admin.post("/v1/readers", {"name": unused(), "agent": self.make_agent_thing(self.other, whose), "model": "tcpconv", "address": unused(),
                                               "printer": self.thing("printer", self.other, whose, True)})["id"]

    def make_submitter_thing(self, who, whose):
        return self.admin.post("/v1/submitters", {"network": "192.0.2.0/24", "user": unused(), "person": self.other.person})["id"]

    def make_deposit_thing(self, who, whose):
        return refuse_deposit(self.world, self.admin.all("/v1/agents")[0]["id"])

    def make_queue_thing(self, who, whose):
        if whose == "own":
            return self.admin.post("/v1/queues", {"name": unused(), "kind": "direct", "printer": self.thing("printer", self.other, whose, True)})["id"]
        return self.admin.post("/v1/queues", {"name": unused(), "kind": "pull"})["id"]

    def make_site_thing(self, who, whose):
        return None if who.role == "operator" else self.admin.post("/v1/sites", {"name": unused()})["id"]

    def make_policy_thing(self, who, whose):
        return self.admin.post("/v1/policies", {"title": "Few copies", "copies_max": 998})["id"]

    def make_group_thing(self, who, whose):
        return self.admin.post("/v1/groups", {"name": unused()})["id"]

    def make_client_thing(self, who, whose):
        return self.admin.post("/v1/clients", {"kind": "machine", "title": "matrix", "scope": "print"})["id"]

    def make_domain_thing(self, who, whose):
        return (self.operator if who.role == "operator" else self.admin).post("/v1/domains", {"name": unused() + ".example"})["id"]

    def make_session_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        if who.role == "operator" and whose == "other":
            owner = self.make_person("operator")
        if not owner.email:
            return None
        if owner.page:
            return owner.page.call("GET", "/v1/sessions/current")["id"]  # it sees itself, and half of one nothing else
        return self.ask(Somebody("nobody", None), "POST", "/v1/sessions", {"email": owner.email, "password": demo.PASSWORD})[1]["id"]

    def make_code_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        status, value = self.ask(self.maker_of(owner), "POST", "/v1/people/me/codes", {"expires_in": 600})
        if status == 503:  # as many as one may have
            for code in self.ask(self.maker_of(owner), "GET", "/v1/people/me/codes")[1]["items"]:
                self.admin.delete("/v1/people/%s/codes/%s" % (owner.person, code["id"]))
            return self.make_code_thing(who, whose)
        return value["id"] if status == 201 else None

    def make_rule_thing(self, who, whose):
        return self.admin.post("/v1/address-rules", {"kind": "block", "pattern": unused() + ".example"})["id"] if who.role != "operator" else None

    def make_method_thing(self, who, whose):
        found = (self.operator if who.role == "operator" else self.admin).get("/v1/methods")["items"] if who.role != "operator" else []
        return found[1]["id"] if found else None

    def make_converter_thing(self, who, whose):
        return self.operator.post("/v1/converters", {"name": unused()})["id"]

    def gone_converter(self):
        made = self.make_converter_thing(None, None)
        self.operator.delete("/v1/converters/" + made)
        return made

    def gone_work(self):
        return str(uuid.uuid4())  # a lease leaves nothing behind

    def make_schedule_thing(self, who, whose):
        status, value = self.ask(self.maker_of(self.owner_of(who, whose)), "POST", "/v1/report-schedules", {"period": "weekly"})
        return value["id"] if status == 201 else None

    def gone_schedule(self):
        made = self.make_schedule_thing(self.other, "own")
        self.ask(self.maker_of(self.other), "DELETE", "/v1/report-schedules/" + made)
        return made

    def make_tenant_thing(self, who, whose):
        return self.make_tenant()["id"]

    # ---- the law ---------------------------------------------------------------------------------------------

    def reach(self, role, right):
        if role in SESSIONS:
            reach = REACHES[self.reaches[right]["administrator"]]
            if role == "half":
                return min(reach, OWN if right in OF_HALF else NONE)
            return reach
        reach = REACHES[self.reaches[right][role if role != "delegate" else "person"]]
        if role == "print-token":
            reach = min(reach, REACHES[self.reaches[right]["person"]])
        return reach

    def due(self, who, method, pattern, right, whose):
        """Whether the table lets this one through."""
        reach, names = self.reach(who.role, right), parameters(pattern)
        if REACHES[self.reaches[right]["nobody"]] == SERVICE:
            return True
        if reach == NONE or (right == "devices-move" and who.role != "print-token"):
            return False  # a device moves itself; nobody else can
        if who.role == "half" and ("half" not in self.words[method, pattern] or (method, pattern) == SECOND):
            return False
        if who.role == "stale" and "fresh" in self.words[method, pattern]:
            return False
        if not names:
            return reach >= LEAST.get((method, pattern), OWN) and (pattern != "/v1/releases" or self.due_release(who, right, whose))
        if whose in ("foreign", "deleted", "never"):
            return False
        return reach >= self.least(who, right, names[0], whose)

    def due_release(self, who, right, whose):
        if who.role == "delegate":
            return whose == "own" and REACHES[self.reaches[right]["delegate"]] >= OWN
        return whose == "own"

    def least(self, who, right, name, whose):
        """How far one must reach for this thing."""
        if name in OF_SERVICE:
            return SERVICE
        if whose == "other" or name in OF_TENANT - {"queue"}:
            return TENANT
        if name in OF_SITE | OF_AGENT | {"queue"}:
            return OWN if who.role == "agent" else SITE
        if who.role == "delegate":
            # What is the owner's is his by the relation alone.
            return OWN if REACHES[self.reaches[right]["delegate"]] >= OWN else TENANT
        return OWN

    def kinds_of_things(self, who, names):
        """Whose things there are to be tried in an address with these names."""
        if not names:
            return ["own"]
        if names[0] == "work":
            return ["deleted", "never"]  # whose a lease is, is tried in converters-elsewhere
        if names[0] in OF_SERVICE:
            return ["other", "deleted", "never"]
        if names[0] in OF_AGENT and who.role != "agent":
            return ["other", "foreign", "deleted", "never"]
        return ["own", "other", "foreign", "deleted", "never"]


def parameters(pattern):
    return re.findall(r"{(\w+)}", pattern)
