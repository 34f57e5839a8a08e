# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""api/openapi.yaml says what the service does, no more and no less."""

import json
import ssl
import subprocess
import time
import uuid

from harness import demo_world as demo
from harness.client import Refused, basic, is_json
from harness.converters import PlayedConverter
from harness.description import Description, routes
from harness.documents import pdf
from harness.judged import Judged
from harness.story import equal

NO_SUCH = "00000000-0000-7000-8000-000000000000"


def story_every_route_is_described_and_nothing_else(world):
    description = Description()
    described = description.operations()
    there = routes(world.build)
    equal(sorted(described), sorted((method, path) for method, path, *_ in there), "routes")
    for method, path, right, body, creates in there:
        operation = described[method, path]
        where = "%s %s" % (method, path)
        equal(operation.get("x-right"), right, where + ": the right")
        equal("requestBody" in operation, body != "-", where + ": has a body")
        parameters = description.parameters(operation)
        equal(any(p["name"] == "Idempotency-Key" for p in parameters), creates, where + ": Idempotency-Key")
        named = {p["name"] for p in parameters if p["in"] == "path"}
        equal(named, {part[1:-1] for part in path.split("/") if part.startswith("{")}, where + ": path")
        assert operation.get("summary") and operation.get("operationId"), where
    names = [o["operationId"] for o in described.values()]
    equal(len(set(names)), len(names), "operationIds are unique")


def story_people_and_what_they_show(world):
    admin = Judged(world, demo.ADMINISTRATOR, Description())
    made = admin.call("POST", "/v1/people", {"email": "mary@demo.example", "name": "Mary"}, 201)
    person = "/v1/people/" + made["id"]
    admin.call("POST", "/v1/people", {"email": "mary@demo.example"}, 409)
    admin.call("GET", "/v1/people?limit=1", expect=200)
    admin.call("GET", person, expect=200)
    admin.call("PATCH", person, {"name": "Mary S."}, 200)
    admin.call("PUT", person + "/password", {"password": demo.PASSWORD}, 204)
    admin.call("PUT", person + "/pin", {"pin": "161803"}, 204)
    admin.call("PUT", person + "/pin", {"pin": "no digits"}, 422)
    badge = admin.call("POST", person + "/badges", {"number": "04FF00FF00"}, 201)
    admin.call("GET", person + "/badges", expect=200)
    admin.call("DELETE", person + "/badges/" + badge["id"], expect=204)
    first = Judged(world, "mary@demo.example", Description())
    first.call("GET", "/v1/tenant", expect=403)
    first.call("PUT", "/v1/people/me/password", {"password": demo.PASSWORD}, 422)
    first.call("PUT", "/v1/people/me/password", {"password": "marys-own-password"}, 204)
    mary = Judged(world, None, Description(), basic("mary@demo.example", "marys-own-password"))
    mary.call("GET", "/v1/me", expect=200)
    mary.call("GET", "/v1/tenant", expect=200)
    token = mary.call("POST", "/v1/tokens", {"label": "t", "kind": "api", "expires_in": 3600}, 201)
    mary.call("GET", "/v1/tokens", expect=200)
    mary.call("DELETE", "/v1/tokens/" + token["id"], expect=204)
    admin.call("PATCH", "/v1/tenant", {"printed_for": 0}, 200)
    admin.call("DELETE", person, expect=204)
    admin.call("GET", person, expect=404)
    admin.call("GET", "/v1/audit/records?limit=200", expect=200)
    admin.call("GET", "/v1/audit/records?after=x", expect=400)
    assert admin.call("GET", "/v1/audit/export", expect=200).startswith(b'{"type":"through",')
    assert admin.call("GET", "/v1/audit/export?format=syslog", expect=200).startswith(b"<109>1 ")
    admin.call("GET", "/v1/audit/export?format=pdf", expect=400)
    admin.call("GET", "/v1/audit/checkpoints?limit=1", expect=200)


def story_jobs_and_releases(world):
    ada = Judged(world, "ada@demo.example", Description())
    job = ada.call("POST", "/v1/jobs?queue=pull&name=one", pdf("described"), 201, "application/pdf")
    ada.call("GET", "/v1/jobs?state=held&person=me", expect=200)
    ada.call("GET", "/v1/jobs/%d" % job["number"], expect=200)
    ada.call("PATCH", "/v1/jobs/" + job["id"], {"ticket": {"copies": 2, "sides": "two-sided-long-edge"}}, 200)
    made = ada.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job["id"]]}, 201)
    ada.call("GET", "/v1/releases/" + made["id"], expect=200)
    world.wait_release(world.api("ada@demo.example"), made["id"])
    ada.call("GET", "/v1/jobs/" + job["id"], expect=200)
    ada.call("POST", "/v1/releases", {"printer": "lobby", "jobs": [job["id"]]}, 409)
    second = ada.call("POST", "/v1/jobs?queue=pull", pdf("second"), 201, "application/octet-stream")
    ada.call("DELETE", "/v1/jobs/" + second["id"], expect=204)
    ada.call("DELETE", "/v1/jobs/" + second["id"], expect=409)
    ada.call("PUT", "/v1/jobs/%s/settled" % second["id"])
    ada.call("PUT", "/v1/jobs/%s/document-password" % second["id"], {"password": "x"}, 409)
    ada.call("PUT", "/v1/jobs/%s/accounting" % second["id"], {"account": "4711"}, 409)
    ada.call("GET", "/v1/me/accounting", expect=200)
    ada.call("PUT", "/v1/me/accounting", {"account": "4711"}, 403)
    ada.call("DELETE", "/v1/me/accounting", expect=204)
    ada.call("GET", "/v1/jobs/" + NO_SUCH, expect=404)
    ada.call("POST", "/v1/jobs?queue=pull", b"", 400, "application/pdf")


def story_printers_queues_agents_readers(world):
    admin = Judged(world, demo.ADMINISTRATOR, Description())
    wanted = {"name": "described", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"]}
    printer = admin.call("POST", "/v1/printers", wanted, 201)
    admin.call("GET", "/v1/printers", expect=200)
    admin.call("GET", "/v1/printers/described", expect=200)
    admin.call("PATCH", "/v1/printers/described", {"location": "Cellar", "identity": None}, 200)
    able = {"finishings": [4, 5], "output_bins": ["face-down", "stacker-1"], "media_types": ["stationery", "photographic"],
            "media_sources": ["main", "by-pass-tray"], "sheet_back": "rotated", "password_digits": 8}
    shown = admin.call("PATCH", "/v1/printers/described", able, 200)
    equal({name: shown[name] for name in able}, able, "what it can do")
    equal(admin.call("PATCH", "/v1/printers/described", {"trays": 2}, 200)["finishings"], [4, 5], "what nobody named")
    for wrong, answer in (({"finishings": [0]}, 400), ({"finishings": ["staple"]}, 400), ({"output_bins": ["a b"]}, 422), ({"media_types": ["<x>"]}, 422),
                          ({"sheet_back": "upside-down"}, 422)):
        admin.call("PATCH", "/v1/printers/described", wrong, answer)
    queue = admin.call("POST", "/v1/queues", {"name": "described", "kind": "direct", "printer": "described"}, 201)
    admin.call("GET", "/v1/queues", expect=200)
    admin.call("GET", "/v1/queues/described", expect=200)
    for path in ("/v1/queues/described", "/v1/printers/described"):
        admin.call("GET", path + "/accounting", expect=200)
        admin.call("PATCH", path + "/accounting", {"needs": "account"}, 200)
    admin.call("GET", "/v1/tenant/accounting", expect=200)
    admin.call("PATCH", "/v1/tenant/accounting", {"account": "4711"}, 200)
    admin.call("DELETE", "/v1/printers/described", expect=409)
    agent = admin.call("POST", "/v1/agents", {"name": "described"}, 201)
    admin.call("GET", "/v1/agents", expect=200)
    admin.call("GET", "/v1/agents/" + agent["id"], expect=200)
    wanted = {"name": "described", "agent": agent["id"], "model": "tcpconv", "printer": printer["id"]}
    reader = admin.call("POST", "/v1/readers", wanted, 201)
    admin.call("GET", "/v1/readers", expect=200)
    change = {"address": "192.0.2.9", "dial": 2001, "feedback": "polled", "profile": "decimal reversed match=^;(\\d+)", "pin": True,
              "selection": "newest"}
    changed = admin.call("PATCH", "/v1/readers/" + reader["id"], change, 200)
    equal({name: changed[name] for name in change}, change, "the changed reader")
    changed = admin.call("PATCH", "/v1/readers/" + reader["id"], {"address": None, "dial": None, "feedback": None, "profile": None}, 200)
    equal([changed["address"], changed["dial"], changed["feedback"], changed["profile"], changed["pin"]], [None, None, None, "", True], "taken back")
    for bad in ({"dial": 1}, {"dial": 65536}, {"feedback": "loud"}, {"profile": "octal"}, {"profile": "match=("}, {"model": "tcpconv3"}):
        admin.call("PATCH", "/v1/readers/" + reader["id"], bad, 400)
    models = admin.call("GET", "/v1/reader-models", expect=200)["models"]
    equal([(m["model"], m["enabled"]) for m in models], [("tcpconv", True), ("tcpconv2", True), ("ethernet241", True), ("line", False)], "models")
    own = "/v1/agents/%s/reader-models" % agent["id"]
    said = [{"model": "line", "enabled": True, "port": 4000}]
    equal(admin.call("PUT", own, {"models": said}, 200)["models"][3], dict(said[0], set_here=True), "an agent's own")
    equal(admin.call("PUT", "/v1/reader-models", {"models": [{"model": "tcpconv", "enabled": False}]}, 200)["models"][0]["enabled"], False, "the tenant's")
    equal([m["enabled"] for m in admin.call("GET", own, expect=200)["models"]], [False, True, True, True], "what is in force at the agent")
    admin.call("PUT", "/v1/reader-models", {"models": said * 2}, 400)
    admin.call("PUT", "/v1/reader-models", {"models": []}, 200)
    admin.call("DELETE", "/v1/readers/" + reader["id"], expect=204)
    admin.call("DELETE", "/v1/agents/" + agent["id"], expect=204)
    admin.call("DELETE", "/v1/queues/" + queue["id"], expect=204)
    admin.call("DELETE", "/v1/printers/described", expect=204)


def story_conversion_servers(world):
    operator = Judged(world, demo.OPERATOR, Description())
    made = operator.call("POST", "/v1/converters", {"name": "described"}, 201)
    operator.call("POST", "/v1/converters", {"name": "described"}, 409)
    operator.call("GET", "/v1/converters", expect=200)
    operator.call("GET", "/v1/converters/" + made["id"], expect=200)
    converter = PlayedConverter(world, formats=("application/pdf", "no/such", "text/plain"))
    equal(converter.call("GET", "/v1/converter/configuration")["converter"], converter.id, "who it is")
    equal(operator.call("GET", "/v1/converters/" + converter.id, expect=200)["formats"], ["application/pdf", "text/plain"], "what it can read")
    for found in (made["id"], converter.id):
        operator.call("DELETE", "/v1/converters/" + found, expect=204)


def agent_connection(world, folder):
    """A connection as agents make it: own key, own certificate, their protocol."""
    from harness.client import Connection

    key, certificate = folder + "/agent-key.pem", folder + "/agent.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(command + ["-subj", "/CN=agent", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    connection = Connection(world.ports["service"], world.programs.authority())
    connection.context = ssl.create_default_context(cafile=world.programs.authority())
    connection.context.load_cert_chain(certificate, key)
    connection.context.set_alpn_protocols(["imprimatur-agent"])
    return connection


class JudgedAgent(Judged):
    def __init__(self, world, connection):
        super().__init__(world, None, Description(), "none")
        self.connection = connection

    def call(self, method, path, body=None, expect=None, kind="application/json", headers=None):
        octets = json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": kind} if body is not None else {}
        sent.update(headers or {})
        status, answered, content = self.connection.request(method, path, octets, sent)
        answered = {name.lower(): value for name, value in answered.items()}
        answer_kind = answered.get("content-type", "")
        value = json.loads(content) if is_json(answer_kind) else content
        self.description.check_answer(method, path, status, answer_kind, value)
        if expect is not None:
            equal(status, expect, "%s %s: %s" % (method, path, value))
        return value


def story_the_agents_side(world):
    admin = world.admin
    made = admin.post("/v1/agents", {"name": "by-hand"})
    agent = JudgedAgent(world, agent_connection(world, world.folder))
    agent.call("GET", "/v1/agent/configuration", expect=401)
    agent.call("POST", "/v1/agent/enrolment", {"code": "0" * 28, "name": "x"}, 401)
    agent.call("POST", "/v1/agent/enrolment", {"code": made["code"], "name": "x"}, 200)
    agent.call("POST", "/v1/agent/enrolment", {"code": made["code"], "name": "x"}, 401)
    agent.call("GET", "/v1/agent/configuration", expect=200)
    agent.call("POST", "/v1/agent/incarnation", {"incarnation": "00000000000000ff", "starts": 1}, 409)
    agent.call("POST", "/v1/agent/incarnation", {"incarnation": "00000000000000ff", "starts": 0}, 200)
    agent.call("POST", "/v1/agent/leases", {"incarnation": "00000000000000fe", "max": 4}, 409)
    equal(agent.call("POST", "/v1/agent/leases", {"incarnation": "ff", "max": 4}, 200), {"deliveries": []}, "leases")

    # A printer that only this agent serves, so that the world's own does not take the work.
    wanted = {"name": "by-hand", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"], "agent": made["id"]}
    printer = admin.post("/v1/printers", wanted)
    reader = {"name": "by-hand", "agent": made["id"], "model": "tcpconv", "printer": printer["id"]}
    reader = admin.post("/v1/readers", reader)
    ada = world.api("ada@demo.example")
    document = pdf("by hand")
    job = ada.submit(document)
    swipe = {"reader": reader["id"], "badge": world.badge("ada@demo.example"), "swipe": str(uuid.uuid4()), "incarnation": "ff"}
    equal(agent.call("POST", "/v1/agent/swipes", dict(swipe, badge="FFFFFFFF", swipe=str(uuid.uuid4())))["result"], "unknown-badge", "swipe")
    offer = agent.call("POST", "/v1/agent/swipes", dict(swipe, max=4), 200)["deliveries"][0]
    equal(offer["job"], job["id"], "offered")
    path = "/v1/agent/deliveries/%s/" % offer["delivery"]
    sealed = agent.call("GET", path + "document?epoch=%d" % offer["epoch"], expect=200)
    equal(len(sealed), offer["document"]["sealed_size"], "sealed octets")
    rest = agent.call("GET", path + "document?epoch=%d" % offer["epoch"], expect=206, headers={"Range": "bytes=100-"})
    equal(rest, sealed[100:], "the rest")
    agent.call("GET", path + "document?epoch=%d" % offer["epoch"], expect=416, headers={"Range": "bytes=99999999-"})
    agent.call("GET", path + "document?epoch=%d" % (offer["epoch"] + 1), expect=409)
    arm = {"epoch": offer["epoch"], "incarnation": "ff", "nonce": "abc"}
    agent.call("POST", path + "arm", dict(arm, epoch=offer["epoch"] + 1), 409)
    agent.call("POST", path + "arm", dict(arm, incarnation="fe"), 409)
    key = agent.call("POST", path + "arm", arm, 200)
    equal(key["nonce"], "abc", "nonce")
    equal(agent.call("POST", path + "arm", arm, 200)["key"], key["key"], "the key, asked for again")
    agent.call("POST", path + "progress", {"epoch": offer["epoch"], "state": "printing", "reasons": ["media-empty"]}, 204)
    outcome = {"epoch": offer["epoch"], "incarnation": "ff", "outcome": "printed", "reason": "completed", "pages": 1}
    agent.call("POST", path + "outcome", outcome, 200)
    agent.call("POST", path + "outcome", outcome, 200)
    agent.call("PUT", "/v1/agent/printers/%s/identity" % printer["id"], {"serial": "S1"}, 204)
    admin_described = Judged(world, demo.ADMINISTRATOR, Description())
    admin_described.call("GET", "/v1/printers/lobby/state", expect=200)
    agent.call("POST", "/v1/agent/printers/questions", None, 200)
    told = {"answered": True, "condition": "stopped", "reasons": ["media-jam-error"],
            "trays": [{"source": "tray-1", "media": "custom_210x297mm_210x297mm", "type": "stationery", "level": 7, "ready": True}]}
    agent.call("PUT", "/v1/agent/printers/%s/state" % printer["id"], told, 204)
    known = admin_described.call("GET", "/v1/printers/%s/state" % printer["id"], expect=200)
    equal((known["condition"], known["trays"][0]["media"]), ("stopped", "iso_a4_210x297mm"), "what it told")
    agent.call("PUT", "/v1/agent/printers/%s/state" % printer["id"], {"answered": False}, 204)
    for wrong, answer in ((dict(told, reasons=["a b"]), 422), (dict(told, trays=[{"source": "x"}]), 400), (dict(told, condition="sad"), 400)):
        agent.call("PUT", "/v1/agent/printers/%s/state" % printer["id"], wrong, answer)
    agent.call("PUT", "/v1/agent/printers/%s/state" % NO_SUCH, told, 404)
    agent.call("POST", "/v1/agent/renewal", {"fingerprint": "00"}, 400)
    world.wait_job(ada, job["id"], "done")

    admin.delete("/v1/agents/" + made["id"])
    started = time.monotonic()
    agent.call("GET", "/v1/agent/configuration", expect=401)
    assert time.monotonic() - started < 5, "a revoked agent is heard no more"
    try:
        admin.delete("/v1/agents/" + made["id"])
    except Refused as refused:
        equal(refused.status, 404, "a second time")
