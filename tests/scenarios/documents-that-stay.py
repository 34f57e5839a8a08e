# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A queue whose documents stay at their site: what is told of them crosses the line, and their octets never do."""

import os
import select
import shutil
import socket
import subprocess
import threading

import ippwire as ipp
from harness import ippeve
from harness.canaries import Canaries
from harness.client import Connection, IppQueue
from harness.cups import Cups, is_there as cups_is_there
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import accepts, free_ports, wait_until
from harness.story import equal, refused, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"
QUEUE = "papers"
MIB = 1 << 20


class Line:
    """Between the agent and the service: lets through (CONNECT), and counts what goes up."""

    def __init__(self):
        self.up = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        head = b""
        try:
            while b"\r\n\r\n" not in head:
                piece = client.recv(4096)
                if not piece:
                    return client.close()
                head += piece
            host, _, port = head.split()[1].decode().partition(":")
            service = socket.create_connection((host, int(port)), 10)
        except OSError:
            return client.close()
        try:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            while True:
                for ready in select.select([client, service], [], [])[0]:
                    octets = ready.recv(65536)
                    if not octets:
                        return None
                    if ready is client:
                        self.up += len(octets)
                    (service if ready is client else client).sendall(octets)
        except OSError:
            return None
        finally:
            client.close()
            service.close()


LINE = Line()
SETTINGS = {"agent": {"service.proxy": "http://127.0.0.1:%d" % LINE.port, "ipp.listen": "127.0.0.1", "lpd.listen": "127.0.0.1",
                      "stays.one": 8 * MIB, "stays.every": "1s", "deposits.again": "1s", "lpd.patience": "5s"},
            "service": {"delivery.trace": "yes"}}
PRINTERS = {"lobby": {"formats": ["application/pdf"]}, "library": {"formats": ["application/pdf"]}}


def agent_of(world):
    return next(a["id"] for a in world.admin.all("/v1/agents") if a["enrolled"])


def open_doors(world):
    """Once: the site, the queue, and the doors that lead to it."""
    if "door" in world.ports:
        return
    world.ports["door"], world.ports["lpd"] = free_ports(2)
    admin = world.admin
    world.programs.wait_agent()
    admin.post("/v1/sites", {"name": "here"})
    admin.patch("/v1/agents/" + agent_of(world), {"site": "here"})
    for name in ("lobby", "lab", "library"):
        admin.patch("/v1/printers/" + world.printers[name], {"site": "here"})
    made = admin.post("/v1/queues", {"name": QUEUE, "kind": "pull", "documents": "site"})
    equal(made["documents"], "site", "where its documents are kept")
    admin.post("/v1/submitters", {"network": "127.0.0.1", "user": "*", "person": ADA})
    admin.put("/v1/agents/%s/doors" % agent_of(world),
              {"ipp": {"port": world.ports["door"], "queues": [QUEUE], "dns_sd": False},
               "lpd": {"port": world.ports["lpd"], "queues": [QUEUE], "networks": ["127.0.0.0/8"]}})
    wait_until(lambda: accepts(world.ports["door"]) and accepts(world.ports["lpd"]), "the agent's doors are open")


def at_agent(world, email=ADA, secret=PASSWORD):
    return IppQueue(Connection(world.ports["door"], world.path("agent", "ipp-certificate.pem")), QUEUE, email, secret)


def staying(world):
    folder = world.path("agent", "stays")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def wait_gone(world):
    wait_until(lambda: not staying(world), "nothing stays at the agent: %s" % staying(world), 20)


def held(world, email=ADA):
    return world.api(email).jobs(state="held")


def timeline(world, job, email=ADA):
    return [e["event"] for e in world.api(email).job(job)["timeline"]]


def line_down(world):
    """The service is away, and no connection to it is kept any more."""
    world.programs["service"].stop()
    wait_until(lambda: at_agent(world).ask(0x0A)[0] == 0, "the agent answers by itself", 20)


def vault_size(world):
    return sum(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(world.path("service")) for name in names
               if ".db" not in name)


def story_what_is_printed_at_the_site_stays_there_and_comes_out_there(world):
    open_doors(world)
    canaries = Canaries(world)
    canaries.add("contents", "CanaryOfWhatStays4711")
    document = pdf("stays CanaryOfWhatStays4711", size=5 * MIB)
    up, vault = LINE.up, vault_size(world)
    at_agent(world).print_job(document, "stays")
    (job,) = held(world)
    equal((job["title"], job["size"], job["format"], job["stays_at"]), ("stays", len(document), "application/pdf", agent_of(world)), "the job")
    assert "document-stays" in timeline(world, job["id"]), timeline(world, job["id"])
    assert [name for name in staying(world) if name.endswith(".stays")], staying(world)
    canaries.scan("submission")
    with refused(409, "document-as-it-is"):
        world.api(ADA).get("/v1/jobs/%s/pages/1" % job["id"])
    world.swipe("lobby", world.badge(ADA))
    equal(world.wait_paper("lobby"), [document], "the paper")
    world.wait_job(world.api(ADA), job["id"], "done")
    assert LINE.up - up < MIB, "%d octets went over the line" % (LINE.up - up)
    assert vault_size(world) - vault < MIB, "the service's folder has grown by %d" % (vault_size(world) - vault)
    wait_gone(world)
    wait_until(lambda: "document-removed" in timeline(world, job["id"]), "the timeline says that it was removed", 20)
    equal(world.api(ADA).job(job["id"])["stays_at"], None, "where it is by then")


def story_it_is_taken_nowhere_else(world):
    with refused(409, "site-only"):
        world.api(ADA).submit(pdf("elsewhere"), queue=QUEUE)
    there = world.ipp(QUEUE)
    equal([there.ask(code, body)[0] for code, body in ((0x02, pdf("elsewhere")), (0x04, b""), (0x05, b""))], [0x0404] * 3, "Print-Job, Validate-Job, Create-Job")
    equal(at_agent(world).ask(0x04)[0], 0, "Validate-Job at the agent")
    equal(held(world), [], "what is held")


def story_what_nothing_there_takes_as_it_is_is_refused_at_the_door(world):
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0" + bytes(3000)
    equal(at_agent(world).ask(0x02, png)[0], 0x040A, "a picture")
    assert at_agent(world).ask(0x02, pdf("large", size=9 * MIB))[0] >= 0x0500, "more than there is room for"
    assert at_agent(world).ask(0x02, b"")[0] >= 0x0400, "no document"
    with refused(401):
        at_agent(world, secret="wrong").ask(0x02, pdf("wrong"))
    wait_gone(world)
    equal(held(world), [], "what is held")


def story_it_is_released_there_alone_and_as_it_is(world):
    admin, ada = world.admin, world.api(ADA)
    admin.post("/v1/sites", {"name": "far"})
    far = admin.post("/v1/printers", {"name": "far", "addresses": ["socket://localhost:9"], "formats": ["application/pdf"], "site": "far"})
    at_agent(world).print_job(pdf("there alone"), "there alone")
    (job,) = held(world)
    for printer, code in (("far", "document-at-site"), ("lab", "document-as-it-is")):
        with refused(409, code):
            ada.release(printer, [job["id"]])
    equal(ada.job(job["id"])["state"], "held", "the job, after that")
    release = ada.release("library", [job["id"]])
    world.wait_release(ada, release["id"])
    equal(len(world.paper("library")), 1, "paper in the library")
    # It took it, and cannot say more: until somebody has, it may be wanted again.
    equal(len(staying(world)), 1, "documents at the agent")
    ada.put("/v1/jobs/%s/settled" % job["id"], None)
    wait_gone(world)
    admin.delete("/v1/printers/" + far["id"])


def story_cups_prints_there_and_a_real_printer_gets_it(world):
    if not cups_is_there() or not ippeve.is_there():
        skip("CUPS is not installed")
    printer = ippeve.Printer(world.folder, "stays", ["application/pdf"])
    cups = Cups(free_ports(1)[0], world.path("cups-stays.log"))
    try:
        world.admin.post("/v1/printers", {"name": "real", "addresses": [printer.uri], "formats": ["application/pdf"], "colour": True, "duplex": True, "site": "here"})
        token = world.api(ADA).post("/v1/tokens", {"label": "cups", "kind": "print"})["token"]
        cups.program.start()
        cups.add("stays", "ipps://%s:%s@localhost:%d/ipp/print/demo/%s" % ("ada%40demo.example", token, world.ports["door"], QUEUE))
        path = world.path("by-cups.pdf")
        document = pdf("by-cups", size=300_000)
        with open(path, "wb") as file:
            file.write(document)
        before = {j["id"] for j in held(world)}
        up = LINE.up
        cups.print("stays", path, "-t", "by cups", "-n", "2")
        wait_until(lambda: [j for j in held(world) if j["id"] not in before], "CUPS has sent it", 30)
        (job,) = [j for j in held(world) if j["id"] not in before]
        equal((job["title"], job["stays_at"], job["ticket"].get("copies")), ("by cups", agent_of(world), 2), "the job")
        assert LINE.up - up < 150_000, "%d octets went over the line" % (LINE.up - up)
        world.api(ADA).release("real", [job["id"]])
        got, told = printer.next()
        equal((got, told.get("copies")), (document, "2"), "what the printer got")
        world.wait_job(world.api(ADA), job["id"], "done")
    finally:
        cups.stop()
        printer.stop()
    wait_gone(world)


def rlpr(world, name, document):
    path = world.path(name + ".pdf")
    with open(path, "wb") as file:
        file.write(document)
    return subprocess.run(["rlpr", "--port=%d" % world.ports["lpd"], "-H", "127.0.0.1", "-P", QUEUE, "-J", name, path], capture_output=True, check=False, timeout=60)


def story_lpd_prints_there_too(world):
    if not shutil.which("rlpr"):
        skip("rlpr is not installed")
    document, up = pdf("by-rlpr", size=300_000), LINE.up
    done = rlpr(world, "by-rlpr", document)
    equal(done.returncode, 0, "rlpr: %s" % done.stderr)
    (job,) = held(world)
    equal((job["title"], job["stays_at"], job["size"]), ("by-rlpr", agent_of(world), len(document)), "the job")
    assert LINE.up - up < 150_000, "%d octets went over the line" % (LINE.up - up)
    before = len(world.paper("lobby"))
    world.swipe("lobby", world.badge(ADA))
    equal(world.wait_paper("lobby", before + 1)[-1], document, "the paper")
    wait_gone(world)


def story_while_the_line_is_down_it_is_taken_and_told_of_afterwards(world):
    line_down(world)
    at_agent(world).print_job(pdf("down", size=100_000), "down by ipp")
    code, groups = at_agent(world).ask(0x05, job_name=(ipp.NAME, "down in two steps"))
    equal(code, 0, "Create-Job")
    number = ipp.first(ipp.group(groups, ipp.JOB), "job-id")
    equal(at_agent(world).ask(0x06, pdf("steps"), job_id=(ipp.INTEGER, number), last_document=(ipp.BOOLEAN, True))[0], 0, "Send-Document")
    titles = ["down by ipp", "down in two steps"]
    if shutil.which("rlpr"):
        equal(rlpr(world, "down-by-lpd", pdf("down-lpd")).returncode, 0, "rlpr")
        titles.append("down-by-lpd")
    equal(len(staying(world)), len(titles), "documents at the agent")
    world.programs["agent"].kill()
    world.programs["agent"].start(wait=False)
    world.programs.start("service")
    world.programs.wait_agent()
    wait_until(lambda: sorted(j["title"] for j in held(world)) == sorted(titles), "the service was told", 40)
    equal({j["stays_at"] for j in held(world)}, {agent_of(world)}, "where they stay")
    before = len(world.paper("lobby"))
    world.swipe("lobby", world.badge(ADA))
    world.wait_paper("lobby", before + len(titles))
    wait_until(lambda: not held(world), "all of it is out", 30)
    wait_gone(world)
    equal(len(world.paper("lobby")), before + len(titles), "papers")


def story_whatever_is_killed_it_is_once_and_never_lost(world):
    """The agent and the service die while documents come in and go out; who heard yes gets his paper, once."""
    before, sure, stop = len(world.paper("lobby")), [], threading.Event()

    def submit(name):
        for number in range(1000):
            if stop.is_set():
                return
            title = "%s-%d" % (name, number)
            try:
                at_agent(world).print_job(pdf(title, size=40_000), title)
            except Exception:  # noqa: BLE001 - it heard no yes
                continue
            sure.append(title)

    threads = [threading.Thread(target=submit, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for victim in ("agent", "service", "agent"):
        count = len(sure)
        wait_until(lambda c=count: len(sure) > c + 2, "some are taken", 40)
        world.programs[victim].kill()
        world.programs[victim].start(wait=victim == "service")
    count = len(sure)
    wait_until(lambda: len(sure) > count + 1, "some are taken afterwards", 40)
    stop.set()
    for thread in threads:
        thread.join()
    world.programs.wait_agent()

    def told():
        titles = [j["title"] for j in held(world)]
        return set(sure) <= set(titles) and not [n for n in staying(world) if not n.endswith(".stays")]

    wait_until(told, "all that was taken is held", 60)
    # What the service has without a document (its client heard no yes) ends by itself; the rest comes out.
    wait_until(lambda: len(staying(world)) == len(held(world)), "each has its document", 30)
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: len(world.paper("lobby")) > before + 1, "the first ones come out", 30)
    world.programs["agent"].kill()
    world.programs["agent"].start()
    world.programs.wait_agent()
    wait_until(lambda: not [j for j in world.api(ADA).jobs(state="releasing") if world.delivery_state(j) not in ("uncertain", "sent")], "nothing is under way", 60)
    jobs = {j["title"]: j for j in world.api(ADA).jobs()}
    papers = b"\n".join(world.wait_paper("lobby", before))
    for title in sure:
        times = papers.count(b"imprimatur-test-document:%s " % title.encode())
        state = jobs[title]["state"]
        assert times <= 1 and (times == 1 or state == "held" or world.delivery_state(jobs[title]) == "uncertain"), (title, times, jobs[title])
    for job in world.api(ADA).jobs():
        if job["state"] == "held":
            world.api(ADA).delete("/v1/jobs/" + job["id"])
        elif job["state"] == "releasing":
            world.api(ADA).put("/v1/jobs/%s/settled" % job["id"], None)
    wait_gone(world)


def story_what_is_over_while_the_agent_is_away_is_removed_when_it_is_back(world):
    at_agent(world).print_job(pdf("deleted"), "deleted")
    (job,) = held(world)
    world.programs["agent"].stop()
    world.api(ADA).delete("/v1/jobs/" + job["id"])
    equal(len(staying(world)), 1, "documents at the agent that is away")
    world.programs["agent"].start()
    wait_gone(world)
    wait_until(lambda: "document-removed" in timeline(world, job["id"]), "its timeline says so", 20)


def story_what_the_agent_has_lost_ends_its_job_and_says_so(world):
    for name in ("lost", "kept"):
        at_agent(world).print_job(pdf(name), name)
    jobs = {j["title"]: j["id"] for j in held(world)}
    world.programs["agent"].stop()
    first = min(staying(world))
    os.unlink(world.path("agent", "stays", first))
    world.programs["agent"].start()
    job = world.wait_job(world.api(ADA), jobs["lost"], "deleted")
    equal((job["reason"], job["stays_at"]), ("document-lost", None), "why")
    assert "document-lost" in timeline(world, jobs["lost"]), timeline(world, jobs["lost"])
    equal([j["title"] for j in held(world)], ["kept"], "what is held")
    number = job["number"]
    _, groups = at_agent(world).ask(0x09, job_id=(ipp.INTEGER, number))
    assert "lost" in ipp.first(ipp.group(groups, ipp.JOB), "job-state-message"), groups
    world.api(ADA).delete("/v1/jobs/" + jobs["kept"])
    wait_gone(world)


def story_a_queue_may_come_to_keep_its_documents(world):
    """What was submitted while nobody could tell the agent stays, too: it is not sent, and not lost."""
    world.admin.post("/v1/queues", {"name": "later", "kind": "pull"})
    world.admin.put("/v1/agents/%s/doors" % agent_of(world), {"ipp": {"port": world.ports["door"], "queues": [QUEUE, "later"], "dns_sd": False}})
    later = at_agent(world)
    later.path = later.path.replace(QUEUE, "later")
    wait_until(lambda: ask_ok(later), "the agent leads to the other queue", 20)
    folder = world.path("agent")
    wait_until(lambda: sum(name.startswith("shown-") for name in os.listdir(folder)) >= 2, "its queues were looked at", 20)
    line_down(world)
    later.print_job(pdf("changed"), "changed meanwhile")
    equal(len(os.listdir(world.path("agent", "deposits"))), 1, "deposits")
    world.programs["agent"].stop()
    world.programs.start("service")
    equal(world.admin.get("/v1/queues/later")["documents"], "service", "where its documents were kept")
    world.admin.patch("/v1/queues/later", {"documents": "site"})
    world.programs["agent"].start()
    wait_until(lambda: [j["title"] for j in held(world)] == ["changed meanwhile"], "it is held", 40)
    equal(held(world)[0]["stays_at"], agent_of(world), "where it is")
    # The agent is no more: neither is what stayed there.
    job = held(world)[0]["id"]
    world.admin.delete("/v1/agents/" + agent_of(world))
    equal(world.api(ADA).job(job)["reason"], "document-lost", "why it is over")


def ask_ok(queue):
    try:
        return queue.ask(0x0B)[0] == 0
    except Exception:  # noqa: BLE001 - not yet
        return False
