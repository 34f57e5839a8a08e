# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Every route and every operation of IPP, by every role, at one's own, somebody else's, another tenant's, what was deleted and
what never was: exactly as the service's table of rights says.

tests/rights.txt is that table as it was meant; a change of it shows there. IMPRIMATUR_WRITE_RIGHTS=1 writes it anew.
"""

import re
import collections
import json
import os
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from harness import ROOT, demo_world as demo
from harness.agents import INCARNATION, PlayedAgent
from harness.certificates import certificate_thing
from harness.client import basic
from harness.description import ipp_operations, rights, route_words, routes
from harness.documents import pdf
from harness.hard_things import begin_move, claim_badge, register
from harness.ipp_tried import IPP_TURNED_AWAY, IppTried
from harness.mail import MailSink, use_relay
from harness.matrix import LATER, STREAMS, TURNED_AWAY, Matrix, make_tenant, parameters, unused
from harness.process import wait_until
from harness.story import equal, load

FOREIGN = "admin@other.example"
NO_SUCH = "00000000-0000-7000-8000-000000000000"

# What is sent, so that only who asks decides what becomes of it: as in who-may-come, but for these.
BODIES = dict(load(os.path.join(ROOT, "tests", "scenarios", "who-may-come.py")).BODIES)
BODIES.update({
    ("POST", "/v1/tenants"): {"name": "NOT A NAME", "administrator": {"email": "nobody"}},
    ("POST", "/v1/domains"): {"name": "no domain"},
    ("POST", "/v1/devices/moves"): {"email": "nobody@other.example", "company_code": "OTHER7"},
    ("PATCH", "/v1/agents/{agent}"): {},
    ("POST", "/v1/agent/leases"): {"incarnation": "zz"},
    ("POST", "/v1/agent/homes"): {"incarnation": "zz"},
    ("POST", "/v1/agent/homes/take"): {"incarnation": "zz"},
    ("POST", "/v1/agent/homes/back"): {"incarnation": "zz"},
    ("POST", "/v1/agent/homes/released"): {"incarnation": "zz"},
    ("POST", "/v1/agent/alive"): {"incarnation": "zz"},
    ("POST", "/v1/agent/health"): {"version": 1},
    ("POST", "/v1/agent/swipes"): {"reader": NO_SUCH, "badge": "zz", "swipe": "no id", "incarnation": "1234"},
})

# Of what somebody of a role has none, or its tenant has none: no other cell is left out.
OF_PEOPLE = {"schedule", "badge", "code", "delegate", "enrolment", "grant", "job", "move", "page", "passkey", "person", "release", "session", "token", "/v1/releases"}
HAS_NONE = collections.defaultdict(set, {
    # They are nobody's account.
    "nobody": OF_PEOPLE, "new-agent": OF_PEOPLE, "converter": OF_PEOPLE,
    # What stays with an agent of its own: documents-that-stay.
    "agent": OF_PEOPLE | {"deposit"},
    # It submits, and has the grant it came with.
    "machine": OF_PEOPLE - {"job", "grant", "delegate", "page", "person", "/v1/releases"},
    # Whoever owes a factor says yes to no program.
    "half": {"grant"},
    # Nothing is printed in the tenant of operators, and they are its only people.
    "operator": {"badge", "enrolment", "job", "move", "page", "release", "/v1/releases", "method", "person", "registration", "route", "rule", "site", "synchronisation", "schedule"},
})


class Law:
    """The tables, the world with two tenants, and somebody of every role."""

    @staticmethod
    def of(world):
        if not hasattr(world, "law"):
            world.law = Law(world)
        return world.law

    def __init__(self, world):
        self.world, self.routes, self.rights = world, routes(world.build), rights(world.build)
        self.relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
        use_relay(world, self.relay)
        gone = self.add_tenant()
        self.foreign_admin = world.api(FOREIGN)
        for admin in (world.admin, self.foreign_admin):
            admin.patch("/v1/admission", {"registration": True, "approval": True, "badge_enrolment": True})
        self.matrix = Matrix(world, self.rights, route_words(world.build), self.relay, FOREIGN)
        self.matrix.foreign, self.matrix.deleted_tenant = self.foreign_things(), gone

    def add_tenant(self):
        programs = self.world.programs
        programs.wait_agent()
        # What is left of a deleted tenant is cleared away when the service starts.
        gone = make_tenant(self.world.operator)
        self.world.operator.delete("/v1/tenants/%s?confirm=%s" % (gone["id"], gone["name"]))
        programs["service"].stop()
        words = ["--tenant", "other", "--company-code", "OTHER7", "--mail-domain", "other.example", "--administrator", FOREIGN]
        programs.run("imprimaturd", "--config", self.world.path("service.ini"), "--add-tenant", *words, text=demo.PASSWORD + "\n")
        programs.start("service")
        programs.wait_agent()
        wait_until(lambda: all(t["id"] != gone["id"] for t in self.world.operator.all("/v1/tenants")), "the end of a tenant")
        return gone["id"]

    def foreign_things(self):
        """One of everything in the other tenant."""
        admin = self.foreign_admin
        person, passkey, _ = self.matrix.passkey_of_other(admin=admin, domain="other.example")
        printer = admin.post("/v1/printers", {"name": "there", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]})["id"]
        agent = admin.post("/v1/agents", {"name": "there"})["id"]
        machine = admin.post("/v1/clients", {"kind": "machine", "title": "there", "scope": "print"})
        form = "grant_type=client_credentials&client_id=%s&client_secret=%s" % (machine["id"], machine["secret"])
        self.world.connection.request("POST", "/oauth/token", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        released = admin.submit(pdf("there"))["id"]
        release = admin.release("there", [released])
        return {
            "person": person,
            "delegate": person,
            "printer": printer,
            "certificate": certificate_thing(admin, printer),
            "label": unused(),  # a root is no secret, nor that there is one
            "agent": agent,
            "client": machine["id"],
            "grant": admin.all("/v1/grants?person=" + machine["account"])[0]["id"],
            "job": admin.submit(pdf("there"))["id"],
            "release": release["id"],
            "delivery": release["deliveries"][0]["id"],
            "token": admin.post("/v1/tokens", {"label": "there", "kind": "api"})["id"],
            "badge": admin.post("/v1/people/%s/badges" % person, {"number": "0477777777"})["id"],
            "queue": next(q["id"] for q in admin.all("/v1/queues") if q["name"] == "pull"),
            "reader": admin.post("/v1/readers", {"name": "there", "agent": agent, "model": "tcpconv", "printer": printer})["id"],
            "site": admin.post("/v1/sites", {"name": "there"})["id"],
            "group": admin.post("/v1/groups", {"name": "there"})["id"],
            "printer_group": admin.post("/v1/printer-groups", {"name": "there"})["id"],
            "domain": admin.all("/v1/domains")[0]["id"],
            "session": self.matrix_session(),
            "code": admin.post("/v1/people/%s/codes" % person, {})["id"],
            "method": admin.get("/v1/methods")["items"][0]["id"],
            "rule": admin.post("/v1/address-rules", {"kind": "block", "pattern": "*.blocked.example"})["id"],
            "passkey": passkey,
            "registration": register(self.world, self.relay, admin, "other.example"),
            "move": begin_move(self.world, admin, demo.ADMINISTRATOR, "DEMO42")[1],
            "enrolment": claim_badge(PlayedAgent(self.world, admin), admin),
        }

    def matrix_session(self):
        body = json.dumps({"email": FOREIGN, "password": demo.PASSWORD}).encode()
        return json.loads(self.world.connection.request("POST", "/v1/sessions", body, {"Content-Type": "application/json"})[2])["id"]

    # ---- one cell --------------------------------------------------------------------------------------------

    def body(self, method, pattern, kind, who, whose, ids, more):
        matrix = self.matrix
        if pattern == "/v1/jobs" and kind == "document":
            return pdf("tried")
        if kind not in ("json", "document", "form"):
            return None
        if kind == "form":
            return b""
        if (method, pattern) == ("POST", "/v1/releases"):
            return {"printer": "lobby", "jobs": [ids["job"]]}
        if (method, pattern) == ("POST", "/v1/printers"):
            return {"name": unused(), "addresses": ["socket://localhost:9"], "formats": ["application/pdf"], "site": matrix.sites["own"]}
        if (method, pattern) == ("POST", "/v1/agents"):
            return {"name": unused(), "site": matrix.sites["own"]}
        if pattern.startswith("/v1/labels"):
            printer = self.matrix.thing("printer", who, whose, False)
            return {"printers": [printer], "template": "a4-1", **({"at": printer} if pattern.endswith("/jobs") else {})}
        if (method, pattern) == ("POST", "/v1/queues"):
            return {"name": unused(), "kind": "direct", "printer": matrix.thing("printer", matrix.other, "own", False)}
        if (method, pattern) == ("POST", "/v1/readers"):
            return {"name": unused(), "agent": matrix.thing("agent", matrix.other, "own", False), "model": "tcpconv", "address": unused(),
                    "printer": matrix.thing("printer", matrix.other, "own", False)}
        if pattern == "/v1/people/{person}/badges":
            return {"number": uuid.uuid4().hex[:14]}
        said = BODIES.get((method, pattern), {})
        return {**said, **more} if more else said

    def prepare(self, method, pattern, ids, who, whose):
        """What must be there so that there is something to take away."""
        if method != "DELETE" or whose not in ("own", "other"):
            return
        if pattern == "/v1/groups/{group}/members/{person}":
            self.world.admin.call("PUT", "/v1/groups/%s/members/%s" % (ids["group"], ids["person"]))
        if pattern == "/v1/sites/{site}/administrators/{person}":
            self.world.admin.call("PUT", "/v1/sites/%s/administrators/%s" % (ids["site"], ids["person"]))
        if pattern == "/v1/people/{person}/delegates/{delegate}":
            self.matrix.ask(self.matrix.owner_of(who, whose), "PUT", "/v1/people/me/delegates/" + ids["delegate"], {})

    def things(self, method, pattern, who, whose):
        """{name: id} for the address; None where there is no such thing for this one."""
        names, ids = parameters(pattern), {}
        if pattern == "/v1/releases":
            names = ["job"]
        for i, name in enumerate(names):
            fresh = method == "DELETE" or pattern in ("/v1/releases", "/v1/registrations/{registration}/approval")
            if i > 0 and name == "person":
                # A member or administrator-to-be, whoever he is.
                ids[name] = self.matrix.make_person("person").person if whose in ("own", "other") else self.matrix.thing("person", who, whose, False)
                continue
            if name == "person" and method == "DELETE" and len(names) + pattern.count("/") > 4:
                fresh = False  # a part of him
            if name == "person" and whose == "other" and len(names) > 1:
                ids[name] = self.matrix.other.person  # whose badge or delegate it then is
                continue
            ids[name] = self.matrix.thing(name, who, whose, fresh)
            if ids[name] is None:
                return None
        return ids

    def things_of_one_cell(self, method, pattern, who, whose):
        """Who asks, the things in the address, and what the body says of them. Some things are good for one cell only."""
        if pattern == "/v1/people/{person}/passkeys/{passkey}" and whose == "own":
            made = self.matrix.with_passkey(who)
            return (made[0], {"person": made[1], "passkey": made[2]}, {}) if made else (who, None, {})
        if pattern == "/v1/people/{person}/passkeys/{passkey}" and whose == "other":
            person, passkey, _ = self.matrix.passkey_of_other(who.role)
            return who, {"person": person, "passkey": passkey}, {}
        if pattern.startswith("/v1/agent/deliveries/") and whose == "own":
            offer = self.matrix.offer(self.matrix.played, pattern.endswith(("/outcome", "/progress")))
            more = {"epoch": offer["epoch"]}
            if pattern.endswith(("/arm", "/outcome")):
                more["incarnation"] = INCARNATION
            return who, {"delivery": offer["delivery"]}, more
        if pattern.endswith("/{synchronisation}") and whose in ("own", "other"):
            return who, self.matrix.synchronisation() if who.role != "operator" else None, {}
        return who, self.things(method, pattern, who, whose), {}

    def cell(self, method, pattern, right, kind, who, whose):
        """(what was due, what happened, the answer) or None."""
        if pattern == "/v1/people/{person}" and method == "DELETE" and whose == "own" and who.role in ("administrator", "operator"):
            who = self.matrix.make(who.role)
        who, ids, more = self.things_of_one_cell(method, pattern, who, whose)
        if ids is None:
            return None
        self.prepare(method, pattern, ids, who, whose)
        path = pattern
        for name, value in ids.items():
            path = path.replace("{%s}" % name, value)
        if (method, pattern) == ("POST", "/v1/jobs"):
            path += "?queue=" + (self.matrix.machine_queue["name"] if who.role == "machine" else "pull")
        if (method, pattern) == ("DELETE", "/v1/tenants/{tenant}"):
            path += "?confirm=" + self.matrix.names.get(ids["tenant"], "x")
        if pattern.startswith("/v1/converter/works/") and pattern.endswith(("/document", "/frames")):
            path += "?offset=0"
        elif pattern.endswith("/document"):
            path += "?epoch=%d" % more.get("epoch", 1)
        content_type = {"document": "text/csv" if pattern.endswith("import") else "application/pdf", "form": "application/x-www-form-urlencoded"}
        body = self.body(method, pattern, kind, who, whose, ids, more)
        status, value = self.matrix.ask(who, method, path, body, content_type.get(kind, "application/json"))
        for _ in range(30):
            if status != 503 or value.get("code") != "not-ready":
                break
            status, value = self.matrix.ask(who, method, path)
        if who.page and method != "GET" and ("session" in pattern or "sign-" in pattern or pattern.endswith(("/password", "/factors"))):
            self.matrix.renew(who)
        assert status < 500, "%s %s by %s: %d %s" % (method, path, who.role, status, value)
        away = status in (401, 403, 404, 409) and isinstance(value, dict) and value.get("code") in TURNED_AWAY
        if who.role == "new-agent" or (who.role in ("agent", "converter") and right != "enrol"):
            away = away or (status == 401 and isinstance(value, dict) and value["code"] == "wrong-credentials")
        if right == "sign-in" or (right, who.role) == ("enrol", "new-agent"):
            away = False  # whoever he is: what he brought was looked at
        if whose in ("own", "other") and away and LATER.get((method, pattern)) == value["code"]:
            away = False
        return self.matrix.due(who, method, pattern, right, whose), not away, (status, value)


def without_tokens(answer):
    """A page's form has another token each time that it is shown."""
    return tuple(re.sub(rb'name="form" value="[^"]*"', b"", part) if isinstance(part, bytes) else part for part in answer)


def story_every_cell_is_as_written(world):
    law, cells, wrong, seen, missing = Law.of(world), 0, [], set(), {}
    for method, pattern, right, kind, _ in law.routes:
        for who in law.matrix.roles.values():
            if STREAMS.get((method, pattern)) == who.role:
                continue
            kinds = ["own", "other"] if pattern == "/v1/releases" else law.matrix.kinds_of_things(who, parameters(pattern))
            answers = {}
            for whose in kinds:
                found = law.cell(method, pattern, right, kind, who, whose)
                if found is None:
                    missing.setdefault((whose, parameters(pattern)[-1] if "{" in pattern else pattern), set()).add(who.role)
                    continue
                cells += 1
                seen.add((method, pattern))
                due, got, answers[whose] = found
                answers[whose] = without_tokens(answers[whose])
                if due != got:
                    wrong.append("%s %s by %s, %s: %s was due, not %s %s" % (
                        method, pattern, who.role, whose, "let through" if due else "turned away", *answers[whose]))
            absent = [answers[w] for w in ("foreign", "deleted", "never") if w in answers]
            if any(a != absent[0] for a in absent):
                wrong.append("%s %s by %s: another tenant's, deleted and never been are told apart: %s" % (method, pattern, who.role, absent))
    assert not wrong, "%d of %d cells:\n%s" % (len(wrong), cells, "\n".join(wrong[:40]))
    equal(len(seen), len(law.routes), "routes that were tried")
    assert cells > 20 * len(law.routes), cells
    for (whose, name), roles in missing.items():
        unexplained = sorted(role for role in roles if name not in HAS_NONE[role])
        equal(unexplained, [], "whose %s (%s) was never tried" % (name, whose))
    print("       %d cells of %d routes" % (cells, len(law.routes)))


def story_an_agent_pins_what_it_delivers_to_and_nothing_else(world):
    law = Law.of(world)
    agent = law.matrix.roles["agent"]
    own = law.matrix.make_printer_thing(agent, "own")
    elsewhere = world.admin.post("/v1/agents", {"name": unused()})["id"]
    other = law.matrix.make_printer_thing(agent, "other")
    world.admin.call("PATCH", "/v1/printers/" + other, {"agent": elsewhere})
    foreign, absent = law.matrix.foreign["printer"], []
    for printer in (own, other, foreign, str(uuid.uuid4())):
        status, value = law.matrix.ask(agent, "PUT", "/v1/agent/printers/%s/identity" % printer, {"serial": "A1"})
        equal(status, 204 if printer == own else 404, "printer %s" % printer)
        if printer != own:
            absent.append(value)
    equal(absent, absent[:1] * 3, "the same answer for every printer that is not its own")
    equal(world.admin.get("/v1/printers/" + own)["identity"]["serial"], "A1", "its own")
    equal(world.admin.get("/v1/printers/" + other)["identity"]["serial"], None, "another agent's")
    equal(law.foreign_admin.get("/v1/printers/" + foreign)["identity"]["serial"], None, "another tenant's")


def story_every_operation_of_ipp_is_as_written(world):
    law, cells, wrong = Law.of(world), 0, []
    operations = ipp_operations(world.build)
    assert len(operations) >= 16, operations
    for operation, right in operations.items():
        for who in law.matrix.roles.values():
            tried = IppTried(law.matrix, who)
            answers = {}
            for whose in tried.kinds(operation):
                code = tried.ask(operation, whose)
                if code is None:
                    continue
                cells += 1
                away = code == 401 or code in IPP_TURNED_AWAY
                due = tried.due(right, whose)
                answers[whose] = code
                if due == away:
                    wrong.append("0x%04x by %s, %s: %s was due, not %#06x" % (operation, who.role, whose, "let through" if due else "turned away", code))
            if len({answers[w] for w in ("foreign", "deleted", "never") if w in answers}) > 1:
                wrong.append("0x%04x by %s: %s" % (operation, who.role, answers))
    assert not wrong, "%d of %d cells:\n%s" % (len(wrong), cells, "\n".join(wrong))
    print("       %d cells of %d operations" % (cells, len(operations)))


def as_text(world):
    """The tables, to be read by people and by diff."""
    reaches = rights(world.build)
    roles = list(next(iter(reaches.values())))
    lines = ["# Who may do what: how far each role reaches with each right, and which right each route and operation takes.",
             "# Written by the service's own tables; see tests/scenarios/the-matrix-of-rights.py.", "",
             "%-18s" % "right" + " ".join("%-18s" % role for role in roles).rstrip()]
    for right, row in reaches.items():
        lines.append(("%-18s" % right + " ".join("%-18s" % (row[role] if row[role] != "none" else ".") for role in roles)).rstrip())
    lines += [""] + ["%-7s %-58s %s" % (method, path, right) for method, path, right, _, _ in routes(world.build)]
    lines += ["%-7s %-58s %s" % ("IPP", "0x%04x" % code, right) for code, right in ipp_operations(world.build).items()]
    return "\n".join(lines) + "\n"


def story_the_table_is_the_one_that_was_meant(world):
    path, now = os.path.join(ROOT, "tests", "rights.txt"), as_text(world)
    if os.environ.get("IMPRIMATUR_WRITE_RIGHTS"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(now)
    with open(path, encoding="utf-8") as file:
        meant = file.read()
    missing = set(meant.splitlines()) ^ set(now.splitlines())
    assert now == meant, "IMPRIMATUR_WRITE_RIGHTS=1 tests/run the-matrix, and look at the difference:\n" + "\n".join(sorted(missing))


def story_a_thousand_of_each_tenant_and_no_hit(world):
    """Each tenant asks for everything of the other: as if it had never been, in the same words and the same time."""
    law = Law.of(world)
    makers = {
        "people": (300, lambda admin, domain: admin.post("/v1/people", {"email": "%s@%s" % (unused(), domain)})["id"]),
        "printers": (150, lambda admin, _: admin.post("/v1/printers", {"name": unused(), "addresses": ["socket://localhost:9"],
                                                                      "formats": ["application/pdf"]})["id"]),
        "queues": (100, lambda admin, _: admin.post("/v1/queues", {"name": unused(), "kind": "pull"})["id"]),
        "groups": (100, lambda admin, _: admin.post("/v1/groups", {"name": unused()})["id"]),
        "sites": (100, lambda admin, _: admin.post("/v1/sites", {"name": unused()})["id"]),
        "agents": (100, lambda admin, _: admin.post("/v1/agents", {"name": unused()})["id"]),
        "jobs": (150, lambda admin, _: admin.submit(pdf("x"))["id"]),
    }
    tenants = {"demo": (world.admin, "demo.example"), "other": (law.foreign_admin, "other.example")}
    with ThreadPoolExecutor(max_workers=8) as pool:
        made = {name: {kind: list(pool.map(lambda _, m=make, a=admin, d=domain: m(a, d), range(count)))
                       for kind, (count, make) in makers.items()}
                for name, (admin, domain) in tenants.items()}
    hits, theirs, nobodys = [], [], []
    for asker, asked in (("demo", "other"), ("other", "demo")):
        signed = {"Authorization": tenants[asker][0].authorization}

        def ask(method, kind, id_):
            """Status, headers and octets: all that an answer is, but when it was and whether the connection goes on."""
            status, headers, content = world.connection.request(method, "/v1/%s/%s" % (kind, id_), None, signed)
            return status, sorted((k, v) for k, v in headers.items() if k.lower() not in ("date", "connection")), content

        for kind, ids in made[asked].items():
            plain = ask("GET", kind, uuid.uuid4())
            equal(plain[0], 404, "an id that never was")
            for found in ids:
                for id_, times in ((found, theirs), (str(uuid.uuid4()), nobodys)):
                    started = time.perf_counter()
                    answer = ask("GET", kind, id_)
                    times.append(time.perf_counter() - started)
                    if answer != plain:
                        hits.append((kind, id_, answer))
            for found in ids[:20]:
                if ask("DELETE", kind, found) != ask("DELETE", kind, uuid.uuid4()):
                    hits.append(("DELETE", kind, found))
            listed = {item["id"] for item in tenants[asker][0].all("/v1/" + kind + ("?person=all" if kind == "jobs" else ""))}
            hits += listed & set(ids)
            assert set(made[asker][kind]) <= listed, "one's own are there"
    equal(hits, [], "hits")
    apart = abs(statistics.median(theirs) - statistics.median(nobodys)) * 1000
    print("       %d swapped ids; medians %.3f ms apart" % (len(theirs), apart))
    assert apart < 20, "%.3f ms" % apart


# What takes the service's own name from Host, and refuses it where the certificate has no such name.
OF_OUR_NAME = ("/.well-known/oauth-authorization-server", "/v1/sign-in/passkey")


def forgeries():
    """Headers that mean something to somebody else's proxy."""
    for name in ("Host", "X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server"):
        for value in ("localhost", "127.0.0.1", "other.example", "service.example"):
            yield {name: value}
    for name in ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Cluster-Client-IP", "X-Originating-IP"):
        yield {name: "127.0.0.1"}
    yield {"Forwarded": "for=127.0.0.1;host=localhost;proto=https"}
    yield {"Forwarded": 'for="[::1]";by=localhost'}
    for name, value in (("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", "443"), ("X-Forwarded-Prefix", "/v1/agent"), ("X-Original-URL", "/healthz"),
                        ("X-Rewrite-URL", "/healthz"), ("X-HTTP-Method-Override", "GET"), ("X-Remote-User", demo.ADMINISTRATOR),
                        ("X-Forwarded-User", demo.ADMINISTRATOR), ("X-Tenant", "other"), ("X-Client-Cert", "agent"),
                        ("X-SSL-Client-Verify", "SUCCESS"), ("Via", "1.1 localhost"), ("Proxy-Authorization", basic(demo.ADMINISTRATOR, demo.PASSWORD))):
        yield {name: value}


def story_no_header_of_a_proxy_changes_a_verdict(world):
    law, count = Law.of(world), 0
    all_of_them = list(forgeries())
    assert len(all_of_them) >= 40, len(all_of_them)
    person = law.matrix.roles["person"]
    for method, pattern, _, _, _ in law.routes:
        path = pattern
        for name in parameters(pattern):
            path = path.replace("{%s}" % name, NO_SUCH)
        for credentials in ({}, {"Authorization": person.authorization}):
            if credentials and method not in ("GET", "DELETE"):
                continue

            def ask(more):
                status, _, content = world.connection.request(method, path, None, {**credentials, **more})
                value = json.loads(content) if content[:1] == b"{" else {}
                return status, value.get("code")

            plain = ask({})
            for forgery in all_of_them:
                if pattern in OF_OUR_NAME and forgery.get("Host", "localhost") not in ("localhost", "127.0.0.1"):
                    equal(ask(forgery), (421, "other-name"), "%s %s with %s" % (method, path, forgery))
                    continue
                equal(ask(forgery), plain, "%s %s with %s" % (method, path, forgery))
                count += 1
    print("       %d forged requests" % count)
