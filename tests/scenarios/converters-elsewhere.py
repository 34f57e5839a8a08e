# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Conversion servers: the service renders nothing itself, others do, with keys of their own; one that dies, is slow, is
revoked or means ill costs time, and nothing is printed twice or by the wrong one."""

import contextlib
import os
import uuid

from harness import canaries
from harness.agents import PlayedAgent, agent_connection
from harness.converters import PDF_ONLY, Converter, PlayedConverter, Team, frame, renderer
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

LEASE_S = 2
SETTINGS = {"service": {"render.cells": 0, "render.converter_lease": "%ds" % LEASE_S}}
ADA = "ada@demo.example"
TEXT = b"One page.\n\fAnother one.\n"


def inspection(api, job):
    return api.job(job)["inspection"]


def wait_inspection(api, job, seconds=60):
    wait_until(lambda: inspection(api, job)["state"] != "waiting", "the inspection of " + job, seconds, 0.02)
    return inspection(api, job)


def submit_text(api, text=TEXT):
    return api.submit(text, content_type="text/plain")["id"]


def service_log(world):
    with open(world.programs.log("service"), encoding="utf-8") as file:
        return file.read()


def wait_lost(world, api, job, converter):
    """What was leased to it is somebody else's now."""
    wait_until(lambda: '"converter":"%s"' % converter.id in service_log(world).split("lease-over")[-1], "a lease of %s is over" % converter.name, 10)
    equal(inspection(api, job)["state"], "waiting", "the work")


def story_without_any_renderer_pdf_is_taken_and_nothing_else(world):
    ada = world.api(ADA)
    with refused(415):
        submit_text(ada)
    job = ada.submit(pdf("as it is"))["id"]
    equal(ada.job(job)["state"], "held", "a PDF")
    before = len(world.paper("lobby"))
    ada.release("lobby", [job])
    equal(world.wait_paper("lobby", before + 1)[-1], pdf("as it is"), "the paper in the lobby")


def image_of(api, job, page):
    while True:
        status, _, image = api.connection.request("GET", "/v1/jobs/%s/pages/%d?width=800" % (job, page), None, {"Authorization": api.authorization})
        if status != 503:
            return status, image


def story_two_converters_do_all_the_work(world):
    ada = world.api(ADA)
    with Team(world) as team:
        pair = [team.good(**{"render.cells": 2}).start() for _ in range(2)]
        before = len(world.paper("lab"))
        jobs = [submit_text(ada) for _ in range(3)]
        for job in jobs:
            equal(wait_inspection(ada, job)["pages"], 2, "what is known of it")
        status, image = image_of(ada, jobs[0], 2)
        equal((status, image[:2]), (200, b"\xff\xd8"), "an image of a page")
        release = ada.release("lab", jobs)
        world.wait_release(ada, release["id"], 60)
        for job in jobs:
            equal(ada.job(job)["state"], "done", "the job")
        for paper in world.wait_paper("lab", before + 3)[before:]:
            assert paper.startswith(b") HP-PCL XL"), paper[:80]
        equal(len(world.paper("lab")), before + 3, "papers")
        for converter in pair:
            converter.stop()
            assert converter.said("converter-stopped"), converter.program.tail()
            converter.revoke()
        with refused(415):
            submit_text(ada)


def story_a_document_goes_to_who_can_read_it(world):
    ada = world.api(ADA)
    with Team(world) as team:
        program, _ = renderer(world, "pdf-only", PDF_ONLY)
        narrow = team.good(**{"render.program": program}).start()
        equal(narrow.row()["formats"], ["application/pdf"], "what it can read")
        with refused(415):
            submit_text(ada)
        wide = team.good().start()
        job = submit_text(ada)
        equal(wait_inspection(ada, job)["pages"], 2, "what the other one found")
        narrow.stop()
        wide.stop()
        # Gone a moment ago, it may come back: the document is taken, and waits for it.
        job = submit_text(ada)
        narrow.start()
        other = ada.submit(pdf("for the narrow one"))["id"]
        equal(wait_inspection(ada, other)["pages"], 1, "what the narrow one found")
        equal(inspection(ada, job)["state"], "waiting", "what it cannot read")
        wide.start()
        equal(wait_inspection(ada, job)["pages"], 2, "what the wide one found")


def is_at_work(marker):
    wait_until(lambda: os.path.exists(marker), "the document is in its cell", 20)


def story_one_is_killed_while_it_renders(world):
    ada = world.api(ADA)
    with Team(world) as team:
        dying, marker = team.stuck()
        other = team.good()
        job = ada.submit(pdf("rendered by another"))["id"]
        is_at_work(marker)
        dying.kill()
        other.start()
        equal(wait_inspection(ada, job)["pages"], 1, "what the other one found")
        # Likewise before a printer: one paper, though two were at it.
        os.unlink(marker)
        other.stop()
        before = len(world.paper("lab"))
        dying.start()
        release = ada.release("lab", [job])
        is_at_work(marker)
        dying.kill()
        other.start()
        world.wait_release(ada, release["id"], 60)
        equal((ada.job(job)["state"], len(world.wait_paper("lab", before + 1))), ("done", before + 1), "the job, and the papers")


def story_a_slow_one_keeps_its_work_until_its_own_limit(world):
    """It says that it is still at it; its cell has a limit on time, and then the document is refused with that reason."""
    ada = world.api(ADA)
    with Team(world) as team:
        _, marker = team.stuck(**{"render.look": "%ds" % (3 * LEASE_S)})
        job = ada.submit(pdf("never looked at"))["id"]
        is_at_work(marker)
        found = wait_inspection(ada, job)
        equal((found["state"], found["reason"]), ("failed", "conversion-timed-out"), "what became of it")
        assert "lease-over" not in service_log(world).split(job)[-1]


def story_a_revoked_one_has_nothing_at_once(world):
    ada = world.api(ADA)
    with Team(world) as team:
        ill, marker = team.stuck()
        other = team.good()
        job = ada.submit(pdf("taken from it"))["id"]
        is_at_work(marker)
        ill.revoke()
        wait_lost(world, ada, job, ill)
        assert '"why":"revoked"' in service_log(world).split("lease-over")[-1]
        wait_until(lambda: ill.said("channel-closed"), "its channel ends", 5)
        wait_until(lambda: ill.said("work-lost"), "it hears that its work is lost", 5)
        wait_until(lambda: ill.said("not-known-to-service"), "it hears that it is nobody", 10)
        other.start()
        equal(wait_inspection(ada, job)["pages"], 1, "what the other one found")


def story_a_cut_line_costs_time_and_nothing_else(world):
    """The service is gone while a document is rendered, and comes back: nobody knows of the lease any more."""
    ada = world.api(ADA)
    with Team(world) as team:
        lost, marker = team.stuck()
        job = ada.submit(pdf("across a restart"))["id"]
        is_at_work(marker)
        world.programs.restart("service")
        wait_until(lambda: lost.said("work-lost"), "it hears that its work is lost", 20)
        lost.kill()
        team.good().start()
        equal(wait_inspection(ada, job)["pages"], 1, "what the other one found")


def story_who_means_ill_reaches_its_own_work_and_no_more(world):
    ada = world.api(ADA)
    ill, other = PlayedConverter(world), PlayedConverter(world)
    document = pdf("secret of ada's")
    job = ada.submit(document)["id"]
    work = ill.wait_work()
    equal((work["kind"], work["order"].split()[:4]), ("inspection", ["--from", "application/pdf", "--act", "inspect"]), "what it is to do")
    assert "{" not in work["order"] and world.folder not in work["order"], work["order"]
    # Nobody else's, under any name.
    for verb, path, body in (("GET", "document?offset=0", None), ("POST", "lease", None), ("POST", "frames?offset=0", b"x"),
                             ("POST", "outcome", {"outcome": "made"})):
        with refused(409):
            other.call(verb, other.path(work, path), body)
        with refused(409):
            ill.call(verb, ill.path(str(uuid.uuid4()), path), body)
    for path in ("/v1/jobs/" + job, "/v1/jobs/%s/pages/1" % job, "/v1/converters", "/v1/keys", "/v1/me"):
        with refused(403):
            ill.call("GET", path)
    with refused(401):
        ill.call("POST", "/v1/agent/leases", {"incarnation": "5eed"})
    # What is its own, once and in order.
    with refused(409):
        ill.document(work, 7)
    equal(ill.document(work), document, "the document")
    with refused(409):
        ill.document(work)
    equal(ill.document(work, len(document)), b"", "its end")
    ill.frames(work, frame("F", b"pages=7\n"))
    ill.frames(work, frame("F", b"pages=7\n"))  # the answer got lost
    with refused(409):
        ill.frames(work, frame("F", b"pages=8\n"), 1)
    # Garbage is its own failure, and another may have better luck.
    with refused(422):
        ill.frames(work, b"\0" * 100, len(frame("F", b"pages=7\n")))
    with refused(409):
        ill.frames(work, frame("E"), len(frame("F", b"pages=7\n")))
    ill.outcome(work, "failed", reason="conversion-failed")
    equal(inspection(ada, job)["state"], "waiting", "the work of a converter that fails")
    # Nor does a late answer count.
    late = ill.wait_work()
    equal(late["work"], work["work"], "it gets it again")
    ill.document(late)
    ill.frames(late, frame("F", b"pages=99\n") + frame("I", b"\xff\xd8 no page of it") + frame("E"))
    wait_lost(world, ada, job, ill)
    with refused(409):
        ill.outcome(late, "made")
    # Its third attempt is somebody else's and is good.
    mine = other.wait_work()
    equal(other.document(mine), document, "the document")
    with refused(413):
        other.frames(mine, frame("I", b"x" * 60000) * 5)
    other.frames(mine, frame("F", b"pages=3\n") + frame("I", b"an image") + frame("E"))
    other.outcome(mine, "made")
    equal((inspection(ada, job)["state"], inspection(ada, job)["pages"]), ("done", 3), "what the other one found")
    equal(ill.begin(), None, "further work")
    for converter in (ill, other):
        world.operator.delete("/v1/converters/" + converter.id)
        with refused(401):
            converter.begin()


def story_whose_key_is_not_known_is_nobody(world):
    stranger = agent_connection(world, "stranger")
    equal(stranger.request("POST", "/v1/converter/works", b"{}", {"Content-Type": "application/json"})[0], 401, "an unknown key")
    equal(world.connection.request("POST", "/v1/converter/works", b"{}", {"Content-Type": "application/json"})[0], 403, "without a key")
    agent = PlayedAgent(world, world.admin)
    with refused(401):
        agent.call("POST", "/v1/converter/works", {})
    with refused(403):
        world.admin.get("/v1/converters")
    with refused(403):
        world.admin.post("/v1/converters", {"name": "mine"})
    # Nor does a converter talk to a service that it does not trust.
    try:
        Converter(world, ca="/etc/ssl/certs/ca-certificates.crt")
    except RuntimeError as error:
        assert "cannot be reached" in str(error), error
    else:
        raise AssertionError("it told its code to a stranger")
    made = world.operator.post("/v1/converters", {"name": "once"})
    for connection, due in ((agent_connection(world, "first"), 200), (agent_connection(world, "second"), 401)):
        body = ('{"code": "%s", "name": "x"}' % made["code"]).encode()
        equal(connection.request("POST", "/v1/converter/enrolment", body, {"Content-Type": "application/json"})[0], due, "the code, used")
    world.operator.delete("/v1/converters/" + made["id"])


class ConverterCanaries(canaries.Canaries):
    """Also what the converter and its cells hold open."""

    def __init__(self, world, converter):
        super().__init__(world)
        self.converter = converter

    def open_files(self):
        yield from super().open_files()
        if not self.converter.program.running():
            return
        for pid in [self.converter.program.pid] + canaries.children(self.converter.program.pid):
            folder = "/proc/%d/fd" % pid
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                path = os.path.join(folder, name)
                try:
                    target = os.readlink(path)
                except OSError:
                    continue
                if target.startswith("/") and os.path.isfile(path) and not canaries.is_in_memory(path):
                    yield path


def story_nothing_of_a_document_stays_with_a_converter(world):
    ada = world.api(ADA)
    with Team(world) as team:
        holding, marker = team.stuck()
        other = team.good()
        watch = ConverterCanaries(world, holding)
        body = watch.add("the document", "body-" + canaries.letters(32))
        job = ada.submit(pdf("canary", text=body, size=700_000))["id"]
        is_at_work(marker)
        watch.scan("the document is in a cell")
        with open("/proc/%d/limits" % holding.program.pid, encoding="ascii") as file:
            equal(next(line for line in file if "core file" in line).split()[4:6], ["0", "0"], "its limit of core dumps")
        holding.kill()
        watch.scan("it was killed")
        watch.converter = other.start()
        equal(wait_inspection(ada, job)["pages"], 1, "what the other one found")
        release = ada.release("lab", [job])
        world.wait_release(ada, release["id"], 60)
        watch.scan("it was rendered and printed")
        equal(sorted(os.listdir(world.path(other.name))), ["converter.json", "identity.pem"], "what a converter keeps")
        other.stop()
        watch.scan("it was stopped")


def story_who_has_an_operators_account_alone_lets_none_in(world):
    """The settings of the service's own machine say whether there may be any."""
    with Team(world) as team:
        known = PlayedConverter(world)
        for allowed in (False, True):
            world.settings.setdefault("service", {})["render.converters"] = "yes" if allowed else "no"
            world.programs.write_settings()
            world.programs.restart("service")
            job = world.api(ADA).submit(pdf("not for everybody"))["id"] if allowed else None
            with refused(409) if not allowed else contextlib.nullcontext():
                team.good()
            with refused(403) if not allowed else contextlib.nullcontext():
                equal(known.wait_work()["kind"], "inspection", "its work")
            if job:
                world.api(ADA).delete("/v1/jobs/" + job)
        world.operator.delete("/v1/converters/" + known.id)


def story_the_trail_says_who_was_let_in(world):
    records = world.operator.all("/v1/audit/records")
    kinds = [record["event"] for record in records]
    for kind in ("converter-made", "converter-enrolled", "converter-revoked"):
        assert kind in kinds, (kind, sorted(set(kinds)))
    enrolled = next(record for record in records if record["event"] == "converter-enrolled")
    equal((enrolled["actor"]["kind"], enrolled["via"]), ("converter", "converter"), "who enrolled")
