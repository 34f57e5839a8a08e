# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What printers count and complain of: kept by day, told to whom it concerns once, and of people only where that is wanted."""

import datetime
import hashlib
import hmac
import http.server
import itertools
import json
import os
import sqlite3
import threading

from harness import ROOT
from harness.client import Refused
from harness.command_line import CommandLine
from harness.documents import pdf
from harness.mail import MailSink, use_relay
from harness.process import wait_until
from harness.readers import Reader
from harness.story import equal, load, refused, says

found = load(os.path.join(ROOT, "tests", "scenarios", "printers-that-are-found.py"))
SETTINGS = {"service": {"fetch.allow": "http://127.0.0.1", "retention.alert_settle": "2s"}, "agent": {"agent.health": "1s"}}
ADA, ANALYST = "ada@demo.example", "alan@demo.example"
PAPER = {"index": 7, "severity": "critical", "group": "input", "code": "media-empty", "description": "Tray 1 is empty"}
TONER = {"index": 8, "severity": "warning", "group": "markerSupplies", "code": "marker-supply-low", "description": "Black is low"}
HOSTS = itertools.count(1)
HINT = {"index": 9, "severity": "information", "group": "generalPrinter", "code": "power-save"}


class Told:
    """A printer of ours, and the agent that tells of it."""

    def __init__(self, world, name, **more):
        self.world, self.serial, self.name, self.looker = world, "SN-" + name, name, found.Looker(world, world.admin, **more)
        self.address = "10.20.0.%d" % next(HOSTS)
        self.says()
        self.id = world.admin.post("/v1/discovered-printers/%s/printer" % found.one(world, self.serial)["id"], {"name": name})["id"]

    def says(self, purpose="status", **more):
        answer = self.looker.look(found.device(self.address, self.serial, **more), purpose=purpose)
        equal(answer["refused"], [], "what was refused")

    def alerts(self, which="open"):
        return self.world.admin.all("/v1/alerts?which=%s&printer=%s" % (which, self.name))


def set_back(world, days):
    """As if what was read until now had been read days ago."""
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("UPDATE meter SET day = day - ?", (days,))


def pages(value, name="pages"):
    return [{"name": name, "unit": "impressions", "value": value}]


def quiet(world):
    """Everything that was told before has gone its way."""

    def gone():
        with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
            return database.execute("SELECT count(*) FROM alert WHERE told = 0 OR (told = 1 AND closed_ms > 0)").fetchone()[0] == 0

    wait_until(gone, "nobody is to be told of anything", 60, 0.2)


def story_meters_have_a_row_a_day(world):
    told = Told(world, "counting")
    told.says("meters", meters=pages(1000) + pages(90, "pages-colour"))
    told.says("meters", meters=pages(1010))
    set_back(world, 2)
    told.says("meters", meters=pages(1100))
    told.says("meters", meters=pages(1234))
    today = datetime.datetime.now(datetime.timezone.utc).date()
    read = world.admin.get("/v1/printers/counting/meters")
    equal([(m["day"], m["name"], m["value"], m["used"]) for m in read["items"]],
          [(str(today - datetime.timedelta(days=2)), "pages", 1010, None), (str(today - datetime.timedelta(days=2)), "pages-colour", 90, None),
           (str(today), "pages", 1234, 224)], "readings")
    equal(len(world.admin.get("/v1/printers/counting/meters?since=%s" % today)["items"]), 1, "from today on")
    with refused(400):
        world.admin.get("/v1/printers/counting/meters?since=2026-02-30")
    with refused(403):
        world.api(ADA).get("/v1/printers/counting/meters")

    # However many names an agent makes up, a day holds 64.
    for turn in range(4):
        told.says("meters", meters=[{"name": "made-up-%d-%d" % (turn, i), "unit": "x", "value": i} for i in range(32)])
    equal(len(world.admin.get("/v1/printers/counting/meters?since=%s" % today)["items"]), 64, "meters of a day")


def story_copies_and_scans_are_counted_only_where_that_is_wanted(world):
    told, other = Told(world, "copier"), Told(world, "copier2")
    counters = lambda n: pages(n, "copy") + pages(2 * n, "scan")
    report = lambda: [(r["printer"], [(c["name"], c["value"], c["used"]) for c in r["counters"]]) for r in world.admin.get("/v1/reports/device-usage")["items"] if r["counters"]]
    wanted = lambda: {p["printer"]: p["counters"] for p in told.looker.call("GET", "/v1/agent/discovery")["printers"]}[told.id]
    switches = "/v1/tenant/device-usage", "/v1/printers/copier/device-usage"
    equal([world.admin.get(s)["counted"] for s in switches], [False, False], "at first")

    told.says("meters", counters=counters(1))
    equal((report(), wanted()), ([], False), "off")
    world.admin.call("PUT", switches[1], {"counted": True})
    told.says("meters", counters=counters(2))
    equal((report(), wanted()), ([], False), "on for the printer alone")
    world.admin.call("PUT", switches[0], {"counted": True})
    equal(wanted(), True, "what the agent is to ask for")
    told.says("meters", counters=counters(10))
    other.says("meters", counters=counters(10))
    set_back(world, 1)
    told.says("meters", counters=counters(15))
    equal(report(), [(told.id, [("copy", 10, None), ("scan", 20, None)]), (told.id, [("copy", 15, 5), ("scan", 30, 10)])], "what was counted")
    equal(world.admin.get("/v1/printers/copier/meters")["items"], [], "not among the meters")

    # Beside what was printed by us.
    ada = world.api(ADA)
    world.wait_release(ada, ada.release("lobby", [ada.submit(pdf("ours"))["id"]])["id"])
    ours = [r for r in world.admin.get("/v1/reports/device-usage")["items"] if r["printer"] == world.printers["lobby"]]
    assert ours and ours[-1]["ours"]["deliveries"] >= 1 and ours[-1]["ours"]["pages"] >= 1, ours
    for path in (*switches, "/v1/reports/device-usage"):
        with refused(403):
            ada.get(path)
    world.admin.call("PUT", switches[0], {"counted": False})
    equal(report(), [], "switched off it is forgotten")


def story_an_alert_opens_and_closes(world):
    told = Told(world, "complaining")
    told.says(alerts=[PAPER, TONER])
    equal([(a["code"], a["severity"], a["concerns"], a["description"], a["closed"]) for a in sorted(told.alerts(), key=lambda a: a["code"], reverse=True)],
          [("media-empty", "critical", "input", "Tray 1 is empty", None), ("marker-supply-low", "warning", "markerSupplies", "Black is low", None)], "open")
    told.says(alerts=[{**PAPER, "index": 12}, TONER])
    told.says(supplies=[])
    equal(len(told.alerts("all")), 2, "numbered anew, or not told of, they are the same")
    told.says(alerts=[TONER])
    equal(([a["code"] for a in told.alerts()], len(told.alerts("all"))), (["marker-supply-low"], 2), "one is over")
    told.says(alerts=[])
    equal(told.alerts(), [], "both are over")
    for turn in range(70):
        told.says(alerts=[{**PAPER, "index": i, "code": "code-%d-%d" % (turn, i)} for i in range(32)])
    equal(len(told.alerts("all")), 2000, "alerts that are kept of one printer")


class Hook:
    """Something elsewhere that takes what it is told; at first not."""

    def __init__(self):
        hook, self.got, self.status = self, [], 200

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((hook.status, self.headers, body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/alerts" % self.server.server_port

    def told(self, printer):
        """What it took of that printer."""
        return [(a["event"], a["code"]) for status, _, body in self.got if status == 200 for a in json.loads(body)["alerts"] if a["printer"]["name"] == printer]


def route_of(world, route):
    return next(r for r in world.admin.all("/v1/alert-routes") if r["id"] == route["id"])


def story_a_hook_is_told_once_and_signed(world):
    quiet(world)
    hook, told = Hook(), Told(world, "hooked")
    route = world.admin.post("/v1/alert-routes", {"title": "Service firm", "kind": "webhook", "to": hook.url, "least": "warning"})
    told.says(alerts=[PAPER, TONER, HINT])
    wait_until(lambda: len(hook.told("hooked")) >= 2, "the hook is told", 20, 0.1)
    equal(sorted(hook.told("hooked")), [("opened", "marker-supply-low"), ("opened", "media-empty")], "what it is told")
    _, headers, body = next(got for got in hook.got if b"hooked" in got[2])
    parts = dict(part.split("=") for part in headers["Imprimatur-Signature"].split(","))
    due = hmac.new(bytes.fromhex(route["secret"]), b"%s.%s" % (parts["t"].encode(), body), hashlib.sha256).hexdigest()
    equal(parts["v1"], due, "the signature")
    first = json.loads(body)
    assert first["route"] == route["id"] and {"id": told.id, "name": "hooked"} in [a["printer"] for a in first["alerts"]], first
    assert "secret" not in route_of(world, route), "the secret is shown once"

    # It comes and goes within the two seconds of the settings above: nothing is told of that.
    for _ in range(5):
        told.says(alerts=[TONER])
        told.says(alerts=[PAPER, TONER])
    told.says(alerts=[TONER])
    wait_until(lambda: ("closed", "media-empty") in hook.told("hooked"), "it is told that it is over", 20, 0.1)
    equal(sorted(hook.told("hooked")), [("closed", "media-empty"), ("opened", "marker-supply-low"), ("opened", "media-empty")], "all it was told")
    wait_until(lambda: route_of(world, route)["outcome"] == "told" and route_of(world, route)["waiting"] == 0, "nothing waits", 10, 0.1)

    # What it does not take waits, and is not lost.
    hook.status = 503
    told.says(alerts=[TONER, {**PAPER, "code": "jam"}])
    wait_until(lambda: route_of(world, route)["outcome"] == "refused", "it does not take it", 20, 0.1)
    equal(route_of(world, route)["waiting"], 1, "what waits")
    hook.status = 200
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("UPDATE alert_message SET due_ms = 0")
    wait_until(lambda: ("opened", "jam") in hook.told("hooked"), "it is told in the end", 20, 0.1)
    world.admin.delete("/v1/alert-routes/" + route["id"])


def story_whom_it_does_not_concern_hears_nothing(world):
    quiet(world)
    site = world.admin.post("/v1/sites", {"name": "told-elsewhere"})["id"]
    here, there, supplies, all_of_it = Hook(), Hook(), Hook(), Hook()
    told = Told(world, "concerning")
    for hook, more in ((there, {"site": site}), (supplies, {"concerns": ["markerSupplies"]}), (here, {"least": "critical", "closings": False}), (all_of_it, {"least": "information"})):
        world.admin.post("/v1/alert-routes", {"title": "x", "kind": "webhook", "to": hook.url, **more})
    told.says(alerts=[PAPER, TONER, HINT])
    told.says(alerts=[])
    wait_until(lambda: len(all_of_it.told("concerning")) == 6, "whom all concerns", 20, 0.1)
    wait_until(lambda: len(supplies.told("concerning")) == 2 and len(here.told("concerning")) == 1, "the others", 20, 0.1)
    equal((sorted(supplies.told("concerning")), here.told("concerning"), there.told("concerning")),
          ([("closed", "marker-supply-low"), ("opened", "marker-supply-low")], [("opened", "media-empty")], []), "whom it concerns")
    for route in world.admin.all("/v1/alert-routes"):
        world.admin.delete("/v1/alert-routes/" + route["id"])


def story_a_route_that_is_changed_tells_whom_it_leads_to(world):
    quiet(world)
    first, other = Hook(), Hook()
    told = Told(world, "rerouted")
    route = world.admin.post("/v1/alert-routes", {"title": "x", "kind": "webhook", "to": first.url, "least": "critical"})
    path = "/v1/alert-routes/" + route["id"]
    told.says(alerts=[PAPER, TONER])
    wait_until(lambda: len(first.told("rerouted")) == 1, "what is critical is told", 20, 0.1)

    changed = world.admin.patch(path, {"to": other.url, "least": "warning", "concerns": ["markerSupplies"]})
    equal((changed["to"], changed["least"], changed["concerns"], changed["title"], changed["kind"]), (other.url, "warning", ["markerSupplies"], "x", "webhook"), "the route")
    assert "secret" not in changed, "the secret is shown once"
    told.says(alerts=[PAPER, TONER, {**TONER, "code": "marker-supply-empty"}])
    wait_until(lambda: ("opened", "marker-supply-empty") in other.told("rerouted"), "it leads elsewhere", 20, 0.1)
    equal(len(first.told("rerouted")), 1, "what the first one hears")
    _, headers, body = other.got[-1]
    parts = dict(part.split("=") for part in headers["Imprimatur-Signature"].split(","))
    equal(parts["v1"], hmac.new(bytes.fromhex(route["secret"]), b"%s.%s" % (parts["t"].encode(), body), hashlib.sha256).hexdigest(), "the key stays")

    for wrong in ({"kind": "mail"}, {"to": "https://10.0.0.1/"}, {"to": ""}, {"least": "some"}, {"concerns": ["two words"]}, {"secret": "00"}):
        with refused(400):
            world.admin.patch(path, wrong)
    with refused(404):
        world.admin.patch(path, {"site": "nowhere"})
    with refused(403):
        world.api(ADA).patch(path, {"least": "critical"})
    equal((route_of(world, route)["to"], route_of(world, route)["least"]), (other.url, "warning"), "after all that was refused")
    world.admin.delete(path)
    with refused(404):
        world.admin.patch(path, {"least": "critical"})


def story_where_the_service_does_not_go_no_hook_is(world):
    for url in ("https://169.254.169.254/latest", "https://10.0.0.1/", "https://[::1]/", "ftp://hook.example/", "https://a@hook.example/", "https://127.0.0.2/"):
        try:
            world.admin.post("/v1/alert-routes", {"title": "x", "kind": "webhook", "to": url})
        except Refused as refusal:
            equal(refusal.status, 400, url)
            continue
        raise AssertionError("a hook at " + url)
    with refused(403):
        world.api(ADA).post("/v1/alert-routes", {"title": "x", "kind": "webhook", "to": "https://hook.example/"})
    with refused(403):
        world.api(ADA).get("/v1/alerts")
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        assert b"127.0.0.1" not in b"".join(repr(r).encode() for r in database.execute("SELECT * FROM alert_route")), "where a hook is"


def alarms(world, which="open"):
    return [(a["code"], a["printer_name"], a["agent_name"], a["severity"]) for a in world.admin.all("/v1/alerts?which=" + which) if a["agent"]]


def story_strangers_at_badge_readers_are_told(world):
    """An appliance that nobody has bound, a badge that is nobody's, one that is at two sites: each told once, and without anybody's name."""
    world.programs.wait_agent()
    quiet(world)
    admin, hook, grave = world.admin, Hook(), Hook()
    agent = next(a for a in admin.all("/v1/agents") if a["connected"])
    for to, least in ((hook, "information"), (grave, "critical")):
        admin.post("/v1/alert-routes", {"title": "guards", "kind": "webhook", "to": to.url, "least": least, "concerns": ["badge", "badgeReader"]})
    for printer in ("lobby", "lab"):
        site = admin.post("/v1/sites", {"name": "guarded-" + printer})
        admin.patch("/v1/printers/" + world.printers[printer], {"site": site["id"]})
    badge = world.badge(ADA)
    for model, number in [("tcpconv", "04FFEEDDCC0%d" % i) for i in range(3)] + [("tcpconv", badge), ("tcpconv2", badge)]:
        reader = Reader(world.ports[model])
        reader.swipe(number)
        reader.answer()
        reader.close()
    world.wait_event("badge-at-two-sites")
    equal(sorted(alarms(world)), [("two-sites", "lab", agent["name"], "critical"), ("unknown-badge", "lobby", agent["name"], "information")], "alerts")

    reader = next(r for r in admin.all("/v1/readers") if r["name"] == "library-reader")
    admin.patch("/v1/readers/" + reader["id"], {"address": "192.0.2.77"})

    def calls():
        appliance = Reader(world.ports["ethernet241"])
        appliance.connect()
        appliance.close()
        return any(a[0] == "unknown-appliance" for a in alarms(world))

    wait_until(calls, "an appliance that nobody has bound", 20, 0.2)
    admin.patch("/v1/readers/" + reader["id"], {"address": None})
    wait_until(lambda: len(hook.got) and len([a for _, _, b in hook.got for a in json.loads(b)["alerts"]]) == 3, "all of it is told", 20, 0.1)
    told = sorted((a["code"], (a["printer"] or {"name": None})["name"], a["agent"]["name"]) for _, _, b in hook.got for a in json.loads(b)["alerts"])
    equal(told, [("two-sites", "lab", agent["name"]), ("unknown-appliance", None, agent["name"]), ("unknown-badge", "lobby", agent["name"])], "what is told, once each")
    wait_until(lambda: grave.got, "who wants to hear of the worst alone", 20, 0.1)
    equal([a["code"] for _, _, b in grave.got for a in json.loads(b)["alerts"]], ["two-sites"], "what is critical")
    everything = b"".join(b for _, _, b in hook.got + grave.got)
    for secret in (badge, "ada", "04FFEEDDCC"):
        assert not says(everything.decode(), secret), "%s in %s" % (secret, everything)
    equal([a["description"] for a in admin.all("/v1/alerts") if a["code"] == "unknown-appliance"], ["A badge reader calls that nobody has bound: ethernet241 at 127.0.0.1"], "which it is")

    # Its report has the same, and its own count.
    path = "/v1/agents/" + agent["id"]
    equal(admin.get(path)["alarms"], 3, "open alarms")
    wait_until(lambda: admin.get(path)["health"]["strangers"], "the report lists it", 90, 0.3)
    health = admin.get(path)["health"]
    equal([(s["model"], s["address"]) for s in health["strangers"]], [("ethernet241", "127.0.0.1")], "strangers of the report")
    equal(health["readers"]["unknown_badges"], 3, "badges of nobody's")

    # An hour later, as it were, it is over, and whoever was told hears that too.
    world.programs["service"].stop()
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("UPDATE alert SET seen_ms = seen_ms - 3700000 WHERE place < 0")
    world.programs.start("service")
    world.programs.wait_agent()
    wait_until(lambda: alarms(world) == [], "it is over", 30, 0.2)
    equal(len(alarms(world, "all")), 3, "and listed")
    wait_until(lambda: sorted(a["event"] for _, _, b in hook.got for a in json.loads(b)["alerts"]).count("closed") == 3, "that is told", 20, 0.1)
    equal(admin.get(path)["alarms"], 0, "none is open")
    for route in admin.all("/v1/alert-routes"):
        admin.delete("/v1/alert-routes/" + route["id"])


def story_mail_tells_of_alerts(world):
    with refused(409, "no-mail"):
        world.admin.post("/v1/alert-routes", {"title": "Service firm", "kind": "mail", "to": "service@firm.example"})
    relay = MailSink(world.path("service.pem"), world.path("service-key.pem")).start()
    use_relay(world, relay)
    told = Told(world, "mailed")
    quiet(world)
    route = world.admin.post("/v1/alert-routes", {"title": "Service firm", "kind": "mail", "to": "service@firm.example", "concerns": ["input"]})
    equal(route["secret"], None, "mail is not signed")
    told.says(alerts=[PAPER, TONER])
    mail = relay.wait("service@firm.example", 1)
    assert "mailed" in mail.text and "media-empty" in mail.text and "Tray 1 is empty" in mail.text and "marker-supply-low" not in mail.text, mail.text
    told.says(alerts=[])
    assert "over" in relay.wait("service@firm.example", 2).text
    equal(world.admin.all("/v1/alert-routes")[-1]["outcome"], "told", "how it went")


def story_it_is_said_whether_a_printer_is_ready(world):
    """The agent of the world tries a printer that works, and one where nothing is."""
    world.programs.wait_agent()
    ready = world.admin.get("/v1/printers/lobby/readiness")
    outcomes = {c["name"]: (c["outcome"], c["reason"], c["mend"]) for c in ready["checks"]}
    equal((ready["is_new"], ready["ready"], outcomes["ipps"]), (True, True, ("good", None, None)), "a printer that works: %s" % ready)
    world.admin.post("/v1/printers", {"name": "nowhere", "addresses": ["socket://127.0.0.1:9", "ipp://no-such-host.invalid/ipp/print"], "formats": ["application/pdf"]})
    report = world.admin.get("/v1/printers/nowhere/readiness")
    found = {c["name"]: c for c in report["checks"]}
    equal((report["ready"], found["raw"]["outcome"], found["raw"]["reason"], found["ipp"]["reason"]), (False, "failed", "connect-refused", "name-unknown"), "one where nothing is")
    assert "refuses" in found["raw"]["mend"] and "no address" in found["ipp"]["mend"], report
    with refused(403):
        world.api(ADA).get("/v1/printers/lobby/readiness")

    # What an agent does not answer is answered with what is known.
    told = Told(world, "untried")
    world.admin.patch("/v1/printers/untried", {"agent": told.looker.id})
    check = {"name": "ipps", "address": "ipps://10.0.0.1/", "outcome": "failed", "reason": "identity-mismatch", "ms": 5}
    told.looker.call("PUT", "/v1/agent/printers/%s/readiness" % told.id, {"checks": [check, {"name": "raw", "outcome": "good"}, {"name": "identity", "outcome": "failed"}]})
    known = world.admin.get("/v1/printers/untried/readiness")
    equal((known["is_new"], known["ready"]), (False, False), "another printer answers: %s" % known)
    assert "accept" in known["checks"][0]["mend"], known


def story_the_command_line_says_all_of_it(world):
    told, mine = Told(world, "spoken-of"), CommandLine(world, "the-administrator-looks")
    mine.login("admin@demo.example")
    told.says(alerts=[PAPER], supplies=[{"index": 1, "name": "Black toner", "type": "toner", "colour": "black", "unit": "percent", "max": 100, "level": 7, "state": "level"}])
    told.says("meters", meters=pages(4711))
    words = mine.run("printer", "device", "spoken-of", "--follow", "no")[0]
    assert told.serial in words and "Black toner" in words and "no" in words, words
    equal(mine.json("printer", "device", "spoken-of")["watch"]["follows"], False, "whether it is followed")
    assert "4711" in mine.run("printer", "meters", "spoken-of")[0]
    assert "media-empty" in mine.run("alert", "list", "--printer", "spoken-of")[0]
    told.says(alerts=[])
    assert "Nothing" in mine.run("alert", "list", "--printer", "spoken-of")[0]
    assert "media-empty" in mine.run("alert", "list", "--all", "--printer", "spoken-of")[0]

    route = mine.json("alert-route", "add", "Help desk", "mail", "desk@demo.example", "--least", "critical")
    assert "desk@demo.example" in mine.run("alert-route", "list")[0]
    mine.run("alert-route", "set", route["id"], "--to", "night@demo.example", "--concerns", "input", "--closings", "no")
    changed = route_of(world, route)
    equal((changed["to"], changed["concerns"], changed["closings"], changed["least"], changed["title"]), ("night@demo.example", ["input"], False, "critical", "Help desk"), "what was changed")
    mine.run("alert-route", "set", route["id"], "--concerns", "")
    equal(route_of(world, route)["concerns"], [], "it concerns everything again")
    mine.run("alert-route", "delete", route["id"], "--yes")
    assert "night@demo.example" not in mine.run("alert-route", "list")[0]
    assert "desk@demo.example" not in mine.run("alert-route", "list")[0]

    # Another one stands in its place, and an administrator says that it is it.
    told.looker.look(found.device(told.address, "SN-newer"), purpose="status")
    newer = found.one(world, "SN-newer")["id"]
    assert newer in mine.run("printer", "device", "spoken-of")[0]
    assert "SN-newer" in mine.run("printer", "accept", "spoken-of", newer)[0]

    assert "Ready." in mine.run("printer", "ready", "lobby")[0]
    world.admin.post("/v1/sites", {"name": "annex"})
    equal(mine.json("site", "offline", "annex", "--enabled", "yes", "--hours", "8")["hours"], 8, "for how long")
    assert "yes" in mine.run("site", "offline", "annex")[0]
