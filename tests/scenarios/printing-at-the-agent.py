# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The IPP door of an agent: clients on the site print there, and the service holds what they print."""

import http.client
import os
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor

import ippwire as ipp
from harness.client import Connection, IppQueue, Refused, basic
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.ipptool import none_failed
from harness.process import accepts, free_ports, wait_until
from harness.story import equal, refused

ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"

SETTINGS = {"agent": {"ipp.listen": "127.0.0.1", "offline.runtime": "", "ipp.body_idle_timeout": "2s", "ipp.head_timeout": "2s",
                      "ipp.connections_per_peer_max": "128"},
            "service": {"limits.receiving": "2s"}}


def agent_of(world):
    return next(a for a in world.admin.all("/v1/agents") if a["enrolled"])


def doors(world, **ipp_door):
    return world.admin.put("/v1/agents/%s/doors" % agent_of(world)["id"], {"ipp": ipp_door} if ipp_door else {})


def door(world, **more):
    """The agent's IPP door, open; its port."""
    if "door" not in world.ports:
        (world.ports["door"],) = free_ports(1)
        world.programs.wait_agent()
    if world.door != dict(more):
        doors(world, port=world.ports["door"], queues=["pull", "lobby"], dns_sd=False, **more)
        world.door = dict(more)
    wait_until(lambda: accepts(world.ports["door"]), "the agent's IPP door is open")
    return world.ports["door"]


def connection(world):
    port = door(world)
    return Connection(port, world.path("agent", "ipp-certificate.pem"))


def at_agent(world, queue="pull", email=ADA, secret=PASSWORD):
    return IppQueue(connection(world), queue, email, secret)


def answers(queue):
    try:
        return queue.ask(0x0B)[0] == 0
    except (OSError, http.client.HTTPException, Refused):
        return False


class Plain:
    """A connection in clear."""

    host = "localhost"

    def __init__(self, port):
        self.port = port

    def request(self, method, path, body=None, headers=None, again=True):
        plain = http.client.HTTPConnection("localhost", self.port, timeout=20)
        try:
            plain.request(method, path, body=body, headers=headers or {})
            answer = plain.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            plain.close()


def held(world, email=ADA):
    return world.api(email).jobs(state="held")


def delete_all(world, *people):
    for email in people or (ADA, GRACE):
        for job in held(world, email):
            world.api(email).delete("/v1/jobs/" + job["id"])


def story_an_agent_has_no_door_that_nobody_gave_it(world):
    world.door = None
    world.programs.wait_agent()
    path = "/v1/agents/%s/doors" % agent_of(world)["id"]
    equal(world.admin.get(path)["ipp"], {"enabled": False, "port": 631, "queues": [], "plain": False, "dns_sd": True, "host": None}, "its IPP door")
    closed = world.admin.get(path)["lpd"]
    equal((closed["enabled"], closed["port"], closed["queues"], closed["reserved_ports"]), (False, 515, [], False), "its LPD door")
    assert "10.0.0.0/8" in closed["networks"] and "0.0.0.0/0" not in closed["networks"], closed
    port = door(world)
    equal(sorted(world.admin.get(path)["ipp"]["queues"]), ["lobby", "pull"], "the queues of the door")
    world.admin.patch("/v1/agents/" + agent_of(world)["id"], {"features": {"ipp": False}})
    wait_until(lambda: not accepts(port), "the feature is off, and the door closed")
    world.admin.patch("/v1/agents/" + agent_of(world)["id"], {"features": {"ipp": True}})
    wait_until(lambda: accepts(port), "and open again")
    for wrong in ({"queues": ["nowhere"]}, {"port": 0}, {"host": "Print.Example"}, {"speed": 1}):
        with refused(400):
            doors(world, **wrong)
    with refused(422):
        doors(world, queues=["pull", "pull"])
    with refused(403):
        world.api(ADA).put(path, {})


def story_what_is_printed_there_is_held_under_the_right_person_and_comes_out(world):
    document = pdf("at-the-agent", size=300_000)
    at_agent(world).print_job(document, "at the agent")
    (job,) = held(world)
    equal((job["title"], held(world, GRACE)), ("at the agent", []), "the job, and whose it is")
    world.swipe("lobby", world.badge(ADA))
    (paper,) = world.wait_paper("lobby")
    equal(paper, document, "the paper in the lobby")


def story_addresses_in_answers_are_those_of_the_agents_door(world):
    queue = at_agent(world)
    _, groups = queue.ask(0x0B)
    printer = ipp.group(groups, ipp.PRINTER)
    equal(ipp.first(printer, "printer-uri-supported"), queue.uri(), "printer-uri-supported")
    icon = ipp.first(printer, "printer-icons")
    assert icon.startswith("https://localhost:%d/ipp/icons/" % world.ports["door"]), icon
    status, _, png = queue.connection.request("GET", icon[icon.index("/ipp/icons"):])
    equal((status, png[:4]), (200, b"\x89PNG"), "the icon")
    _, groups = queue.ask(0x02, pdf("whose"), job_name=(ipp.NAME, "whose"))
    equal(ipp.first(ipp.group(groups, ipp.JOB), "job-uri").rpartition("/")[0], queue.uri(), "job-uri")
    delete_all(world)


def story_a_name_that_is_not_the_agents_is_not_answered(world):
    queue = at_agent(world)
    status, _, _ = queue.connection.request("POST", queue.path, b"x", {"Content-Type": "application/ipp", "Host": "evil.example"})
    equal(status, 421, "the answer to a foreign name")
    with refused(404):
        at_agent(world, "nowhere").ask(0x0B)


def story_the_suites_pass_at_the_agents_door(world):
    port = door(world)
    none_failed(world, "lobby", "ipp-1.1.test", 39, version="1.1", port=port)
    none_failed(world, "lobby", "ipp-2.0.test", 40, port=port)
    none_failed(world, "lobby", "ipp-everywhere.test", 90, port=port)
    none_failed(world, "lobby", "common.test", 44, port=port)
    none_failed(world, "lobby", "direct.test", 9, port=port)


def story_the_suites_pass_at_the_follow_me_queue_behind_the_agent(world):
    port = door(world)
    grace = world.api(GRACE)
    with ThreadPoolExecutor(1) as beside:
        suite = beside.submit(none_failed, world, "pull", "ipp-everywhere.test", 140, email=GRACE, port=port)
        wait_until(lambda: suite.done() or grace.jobs(state="held"), "the suite's first job is held", 30, 0.05)
        world.swipe("lobby", world.badge(GRACE))
        suite.result()
    none_failed(world, "pull", "held.test", 18, email=GRACE, port=port)
    none_failed(world, "pull", "common.test", 44, port=port)
    delete_all(world)


def story_in_clear_only_where_the_administrator_allows_it(world):
    port = door(world)
    plain = http.client.HTTPConnection("localhost", port, timeout=10)
    try:
        plain.request("POST", "/ipp/print/demo/pull", b"x", {"Content-Type": "application/ipp"})
        plain.getresponse()
    except (OSError, http.client.HTTPException):
        pass
    else:
        raise AssertionError("the door answers in clear")
    door(world, plain=True)
    queue = IppQueue(Plain(port), "pull", ADA, PASSWORD)
    wait_until(lambda: answers(queue), "the door answers in clear, too")
    _, groups = queue.ask(0x0B)
    equal(ipp.first(ipp.group(groups, ipp.PRINTER), "printer-uri-supported"), "ipp://localhost:%d/ipp/print/demo/pull" % port,
          "its address in clear")
    queue.print_job(pdf("in clear"), "in clear")
    equal([job["title"] for job in held(world)], ["in clear"], "what is held")
    delete_all(world)
    door(world)
    wait_until(lambda: not answers(queue), "and no more")


# ---- an address of one device -----------------------------------------------------------------------------------


def story_an_address_of_one_device_prints_without_a_password(world):
    """For who cannot be asked for one: the token in the address says whose it is, at that queue alone."""
    port, ada = door(world), world.api(ADA)
    made = ada.post("/v1/tokens", {"label": "tablet", "kind": "address", "queue": "pull"})
    equal(made["path"], "/ipp/print/demo/pull/" + made["token"], "its path")
    for where in (connection(world), world.connection):
        queue = IppQueue(where, "pull", None, None)
        queue.path = made["path"]
        _, groups = queue.ask(0x0B)
        printer = ipp.group(groups, ipp.PRINTER)
        equal((ipp.first(printer, "uri-authentication-supported"), ipp.first(printer, "printer-uri-supported")), ("none", queue.uri()),
              "what it says of itself")
        number = queue.print_job(pdf("from-the-tablet"), "from the tablet")["job-id"][0][1]
        equal([job["title"] for job in held(world)], ["from the tablet"], "what is held")
        code, groups = queue.ask(0x09, job_id=(ipp.INTEGER, number))
        equal((code, ipp.first(ipp.group(groups, ipp.JOB), "job-uri")), (0, "%s/%d" % (queue.uri(), number)), "its job")
        delete_all(world)
    # It opens nothing else: no other queue, no API, no password of a queue.
    elsewhere = IppQueue(connection(world), "lobby", None, None)
    elsewhere.path = made["path"].replace("/pull/", "/lobby/")
    equal(elsewhere.ask(0x0A)[0], 0x0406, "at another queue")
    with refused(401):
        at_agent(world, email=ADA, secret=made["token"]).ask(0x0A)
    with refused(401):
        world.api(token=made["token"]).get("/v1/jobs")
    print_token = ada.post("/v1/tokens", {"label": "laptop", "kind": "print"})["token"]
    wrong = IppQueue(connection(world), "pull", None, None)
    wrong.path = "/ipp/print/demo/pull/" + print_token
    equal(wrong.ask(0x0B)[0], 0x0406, "a print token in an address")
    # And it ends when its owner says so.
    ada.delete("/v1/tokens/" + made["id"])
    queue = IppQueue(connection(world), "pull", None, None)
    queue.path = made["path"]
    equal(queue.ask(0x02, pdf("late"))[0], 0x0406, "an address that was taken back")
    equal(held(world), [], "what is held")
    logs = b"".join(open(world.programs.log(name), "rb").read() for name in ("agent", "service"))
    equal(made["token"].encode() in logs or PASSWORD.encode() in logs, False, "whether a log has a secret")


# ---- who it was ---------------------------------------------------------------------------------------------------


def story_the_trail_knows_the_client_and_the_agent(world):
    at_agent(world).print_job(pdf("traced"), "traced")
    event = world.admin.get("/v1/audit/records?subject=%s&limit=5" % held(world)[0]["id"])["items"][0]
    equal(event["source"], "127.0.0.1@" + agent_of(world)["id"][-12:], "from where")
    delete_all(world)


def story_what_somebody_guesses_at_the_agent_is_counted_there(world):
    wrong = at_agent(world, email=GRACE, secret="no")
    for _ in range(10):
        with refused(401):
            wrong.ask(0x0A)
    with refused(403):
        wrong.ask(0x0A)
    # Who comes by another way from the same address is not kept out by it.
    with refused(401):
        world.ipp("pull", GRACE, "no").ask(0x0A)
    equal(world.ipp("pull", GRACE).ask(0x0A)[0], 0, "at the service itself")
    world.admin.delete("/v1/people/%s/lock" % next(p["id"] for p in world.admin.all("/v1/people") if p["email"] == GRACE))


# ---- clients that go, linger, and come in crowds -----------------------------------------------------------------


def raw(world, *lines):
    context = ssl.create_default_context(cafile=world.path("agent", "ipp-certificate.pem"))
    made = context.wrap_socket(socket.create_connection(("127.0.0.1", door(world)), 20), server_hostname="localhost")
    head = ("POST /ipp/print/demo/pull HTTP/1.1", "Host: localhost:%d" % door(world), "Content-Type: application/ipp",
            "Authorization: " + basic(ADA, PASSWORD)) + lines
    made.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
    return made


def print_request(world, name):
    return ipp.format(0x0200, 0x02, 1, [(ipp.OPERATION, {
        "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"), "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
        "printer-uri": ipp.values(ipp.URI, "ipps://localhost:%d/ipp/print/demo/pull" % door(world)),
        "job-name": ipp.values(ipp.NAME, name)})])


def story_what_a_client_does_not_end_is_no_job(world):
    """Cut in the attributes, in a short document, in a long one that is already on its way, and just before its end."""
    whole = print_request(world, "cut") + pdf("cut", size=1_500_000)
    for cut in (7, 150, 20_000, 200_000, 1_000_000, len(whole) - 1):
        for framing in ("Content-Length: %d" % len(whole), "Transfer-Encoding: chunked"):
            client = raw(world, framing)
            client.sendall((b"%x\r\n" % len(whole) if "chunked" in framing else b"") + whole[:cut])
            client.close()
    equal(at_agent(world).ask(0x0A)[0], 0, "the door, afterwards")
    equal(held(world), [], "what is held")


def story_what_is_sent_again_because_no_answer_came_is_one_job(world):
    """The client goes when all is sent, and sends it again, as CUPS does; asked for twice, it is two jobs."""
    document = pdf("again", size=400_000)
    whole = print_request(world, "again") + document
    client = raw(world, "Content-Length: %d" % len(whole))
    client.sendall(whole)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    at_agent(world).print_job(document, "again")
    equal(len(held(world)), 1, "jobs, after an answer that nobody took")
    at_agent(world).print_job(document, "again")
    wait_until(lambda: len(held(world)) == 2, "the second one, that was meant")
    delete_all(world)


def story_a_long_document_needs_no_memory_and_comes_out_whole(world):
    def resident():
        with open("/proc/%d/status" % world.programs["agent"].pid, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    at_agent(world).print_job(pdf("warm", size=3_000_000), "warm")
    before, document = resident(), pdf("long", size=60_000_000)
    for framing in (None, "chunked"):
        queue = at_agent(world)
        body = iter([document[i:i + 100_000] for i in range(0, len(document), 100_000)]) if framing else document
        name = "long %s" % framing
        if framing:
            sender = queue.connection.fresh()
            sender.request("POST", queue.path, (c for c in [print_request(world, name)] + list(body)),
                           {"Content-Type": "application/ipp", "Authorization": queue.authorization}, encode_chunked=True)
            equal(sender.getresponse().read()[2:4], b"\0\0", "the answer")
        else:
            queue.print_job(document, name)
    assert resident() - before < 20_000, "grown by %d KB" % (resident() - before)
    equal(sorted(job["title"] for job in held(world)), ["long None", "long chunked", "warm"], "what is held")
    equal({job["size"] for job in held(world) if job["title"] != "warm"}, {len(document)}, "their sizes")
    delete_all(world)


def story_rubbish_slow_ones_and_a_crowd_cost_only_themselves(world):
    port = door(world)
    for rubbish in (b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n", b"\0" * 4096, os.urandom(2000)):
        with socket.create_connection(("127.0.0.1", port), 10) as client:
            client.sendall(rubbish)
    queue = at_agent(world)
    for body in (b"", b"x", b"\2\0\0\2\0\0\0\1", os.urandom(3000), b"\2\0\0\2\0\0\0\1" + b"\1" * 400_000):
        status, _, answer = queue.connection.request("POST", queue.path, body, {"Content-Type": "application/ipp"})
        assert status == 200 and answer[2:4] >= b"\4\0", (status, answer[:20])
    slow = [raw(world, "Content-Length: 100000") for _ in range(30)]
    for client in slow:
        client.sendall(print_request(world, "slow"))
    idle = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(lambda i: at_agent(world).print_job(pdf("crowd-%d" % i), "crowd %d" % i), range(20)))
    equal(len(held(world)), 20, "jobs of the crowd")
    for client in slow:
        client.settimeout(20)
        try:
            while client.recv(4096):
                pass
        except (OSError, ssl.SSLError):
            pass
        client.close()
    for client in idle:
        client.close()
    equal(len(held(world)), 20, "jobs, when the slow ones are gone")
    delete_all(world)


# ---- while the line is down ----------------------------------------------------------------------------------------


def line_down(world):
    door(world)
    # It has been seen what the queue can do, and to whose box deposits go.
    folder = world.path("agent")
    wait_until(lambda: any(name.startswith("shown-") for name in os.listdir(folder)), "the queues were looked at")
    world.programs["service"].stop()


def line_up(world):
    world.programs.start("service")
    world.programs.wait_agent()


def kept(world):
    return [n for n in os.listdir(world.path("agent", "deposits")) if not n.startswith(".")]


def files_below(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(place, name), "rb") as file:
                    yield name, file.read()
            except FileNotFoundError:
                pass  # of a client that went, and removed meanwhile


def story_while_the_line_is_down_documents_are_kept_and_handed_on_once(world):
    delete_all(world)
    # Whom the service knows, the agent knows for a while; what a password has become since, it does not.
    for email in (ADA, ALAN):
        equal(at_agent(world, email=email).ask(0x0A)[0], 0, "what %s shows is right" % email)
    alan = next(p["id"] for p in world.admin.all("/v1/people") if p["email"] == ALAN)
    world.api(ALAN).put("/v1/people/%s/password" % alan, {"password": "Another-one-4711", "current": PASSWORD})
    line_down(world)
    queue, canary = at_agent(world), "canary-of-the-line-that-is-down"
    _, groups = queue.ask(0x0B)
    printer = ipp.group(groups, ipp.PRINTER)
    equal((ipp.first(printer, "printer-state"), ipp.first(printer, "printer-state-reasons"), ipp.first(printer, "printer-is-accepting-jobs")),
          (3, "offline-report", True), "its state")
    equal(ipp.first(printer, "printer-uri-supported"), queue.uri(), "its address")
    assert "application/pdf" in [v[1] for v in printer["document-format-supported"]], "what it takes"
    with refused(401):
        at_agent(world, email=None).ask(0x02, pdf("nobody"))
    equal(queue.ask(0x04)[0], 0, "Validate-Job")
    equal(queue.ask(0x10)[0], 0x0502, "an operation that only the service knows")

    short, long = pdf(canary, size=30_000), pdf(canary, size=2_000_000)
    job = queue.print_job(short, "short")
    number = job["job-id"][0][1]
    equal((ipp.first(job, "job-state"), ipp.first(job, "job-uri")), (4, "%s/%d" % (queue.uri(), number)), "the first job")
    queue.print_job(long, "long")
    code, groups = queue.ask(0x05, job_name=(ipp.NAME, "two steps"), job={"copies": ipp.values(ipp.INTEGER, 2)})
    created = ipp.first(ipp.group(groups, ipp.JOB), "job-id")
    equal(code, 0, "Create-Job")
    code, _ = queue.ask(0x06, pdf(canary, size=50_000), job_id=(ipp.INTEGER, created), last_document=(ipp.BOOLEAN, True))
    equal(code, 0, "Send-Document")
    equal(queue.ask(0x06, pdf("x"), job_id=(ipp.INTEGER, created), last_document=(ipp.BOOLEAN, True))[0], 0x0406, "a second document")

    _, groups = queue.ask(0x0A, requested_attributes=(ipp.KEYWORD, "job-name"))
    equal([ipp.first(g, "job-name") for tag, g in groups if tag == ipp.JOB], ["two steps", "long", "short"], "Get-Jobs")
    equal([g for tag, g in at_agent(world, email=GRACE).ask(0x0A)[1] if tag == ipp.JOB], [], "what somebody else sees")
    equal(at_agent(world, email=GRACE).ask(0x09, job_id=(ipp.INTEGER, number))[0], 0x0502, "of another's job")
    equal(queue.ask(0x09, job_id=(ipp.INTEGER, number))[0], 0, "Get-Job-Attributes")
    for secret in ("wrong", "Another-one-4711"):
        for operation in (0x02, 0x04, 0x05):
            equal(at_agent(world, email=ALAN, secret=secret).ask(operation, pdf("x") if operation == 2 else b"")[0], 0x0502, "who is not known")
    at_agent(world, email=ALAN).print_job(pdf(canary + "-old"), "with an old password")

    # A document that its client did not end, and an agent that dies.
    whole = print_request(world, "cut") + long
    for cut in (100, 100_000, 1_000_000):
        client = raw(world, "Content-Length: %d" % len(whole))
        client.sendall(whole[:cut])
        client.close()
    for name, octets in files_below(world.path("agent")):
        assert canary.encode() not in octets and PASSWORD.encode() not in octets and basic(ADA, PASSWORD)[6:].encode() not in octets, name
    world.programs["agent"].kill()
    world.programs["agent"].start(wait=False)
    wait_until(lambda: accepts(world.ports["door"]), "the agent knows its door without a line")
    equal(at_agent(world).ask(0x02, pdf(canary, size=40_000))[0], 0x0502, "after the kill nobody is known")

    line_up(world)
    titles = ["long", "short", "two steps"]
    wait_until(lambda: sorted(j["title"] for j in held(world)) == titles, "all of it is held under the right person", 60)
    equal({j["title"]: j["ticket"].get("copies") for j in held(world)}["two steps"], 2, "copies of the one in two steps")
    wait_until(lambda: len(kept(world)) == 1, "one is left at the agent", 15)
    equal(world.api(ALAN, secret="Another-one-4711").jobs(state="held"), [], "what is held for who gave an old password")
    records = world.admin.all("/v1/audit/records")
    assert [r for r in records if r["event"] == "deposit-refused" and "credentials-wrong" in r["detail"]], records[-5:]
    (seen,) = world.admin.all("/v1/refused-deposits")
    equal((seen["door"], seen["reason"], seen["queue"], seen["claimed"], seen["person"], seen["client"]),
          ("ipp", "credentials-wrong", "pull", alan, None, "127.0.0.1"), "what an administrator sees")
    admins = next(p["id"] for p in world.admin.all("/v1/people") if p["role"] == "administrator")
    with refused(403):
        world.admin.put("/v1/refused-deposits/%s/person" % seen["id"], {"person": admins})
    with refused(403):
        world.api(GRACE).put("/v1/refused-deposits/%s/person" % seen["id"], {"person": GRACE})
    # Not once more, whatever happens to the line.
    world.programs["agent"].kill()
    world.programs["agent"].start()
    world.programs.wait_agent()
    equal(sorted(j["title"] for j in held(world)), titles, "what is held, after another start")
    guesses = [r for r in world.admin.all("/v1/audit/records") if r["event"] == "sign-in-refused" and r["subject"] == alan]
    equal(len(guesses), 1, "guesses that were counted, of all the tries")
    world.admin.put("/v1/refused-deposits/%s/person" % seen["id"], {"person": ALAN})
    wait_until(lambda: [j["title"] for j in world.api(ALAN, secret="Another-one-4711").jobs(state="held")] == ["with an old password"], "it is held for whom it was given to", 15)
    wait_until(lambda: not kept(world), "nothing lies at the agent any more", 15)
    equal(world.admin.all("/v1/refused-deposits"), [], "what is refused")
    for job in world.api(ALAN, secret="Another-one-4711").jobs(state="held"):
        world.api(ALAN, secret="Another-one-4711").delete("/v1/jobs/" + job["id"])
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: not held(world), "and all of it comes out", 60)


def story_what_is_repeated_while_the_line_is_down_is_one_job(world):
    equal(at_agent(world).ask(0x0A)[0], 0, "what she shows is right")
    line_down(world)
    document = pdf("repeated", size=20_000)
    whole = print_request(world, "repeated") + document
    client = raw(world, "Content-Length: %d" % len(whole))
    client.sendall(whole)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    at_agent(world).print_job(document, "repeated")
    line_up(world)
    wait_until(lambda: held(world), "it is held", 60)
    wait_until(lambda: not kept(world), "nothing lies at the agent any more", 15)
    equal([j["title"] for j in held(world)], ["repeated"], "what is held")
    delete_all(world)
