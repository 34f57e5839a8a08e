# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The IPP door, by ipptool's own suites, by ours, and by real clients (docs/ipp-conformance.md)."""

import os
import re
import socket
import ssl
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor

import ippwire as ipp
from harness.client import basic
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.ipptool import none_failed, samples
from harness.process import wait_until
from harness.story import equal, refused, skip

ADA, GRACE = "ada@demo.example", "grace@demo.example"
BACKEND = "/usr/lib/cups/backend/ipps"

SETTINGS = {"service": {"limits.receiving": "2s"}}


def story_the_suite_of_ipp_1_1_passes_at_a_queue_that_prints(world):
    none_failed(world, "lobby", "ipp-1.1.test", 39, version="1.1")


def story_the_suites_of_ipp_2_0_and_ipp_everywhere_pass_at_a_queue_that_prints(world):
    # The second includes the first. What it asks of document formats and resolutions follows what the queue offers.
    none_failed(world, "lobby", "ipp-2.0.test", 40)
    none_failed(world, "lobby", "ipp-everywhere.test", 90)


def story_the_suites_pass_at_the_follow_me_queue_when_its_owner_swipes_once(world):
    """
    Four tests of the suite wait for a job to be completed or want one that is, and nothing is completed here before
    its owner stood at a printer (docs/ipp-conformance.md). So while the suite runs, its owner goes there, once.
    """
    grace = world.api(GRACE)
    with ThreadPoolExecutor(1) as beside:
        suite = beside.submit(none_failed, world, "pull", "ipp-everywhere.test", 140, email=GRACE)
        wait_until(lambda: suite.done() or grace.jobs(state="held"), "the suite's first job is held", 30, 0.05)
        world.swipe("lobby", world.badge(GRACE))
        suite.result()
    none_failed(world, "pull", "held.test", 18, email=GRACE)  # ends with Cancel-My-Jobs


def story_our_own_tests_pass_at_both_kinds_of_queue(world):
    none_failed(world, "lobby", "common.test", 44)
    none_failed(world, "pull", "common.test", 44)
    none_failed(world, "pull", "held.test", 18)
    none_failed(world, "lobby", "direct.test", 9)


def story_no_credentials_no_jobs_but_the_printer_shows_itself(world):
    code, groups = world.ipp("pull", email=None).ask(0x0B, again=True)
    equal(code, 0, "Get-Printer-Attributes without credentials")
    assert ipp.group(groups, ipp.PRINTER)["printer-name"]
    for operation in (0x02, 0x04, 0x05, 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x14, 0x38, 0x39, 0x3B, 0x3C, 0x66):
        with refused(401):
            world.ipp("pull", email=None).ask(operation)
    with refused(401):
        world.ipp("pull", secret="wrong-password").ask(0x0B)


def tls(world):
    context = ssl.create_default_context(cafile=world.programs.authority())
    return context.wrap_socket(socket.create_connection(("127.0.0.1", world.ports["service"]), 10), server_hostname="localhost")


def head(length, *more):
    lines = ("POST /ipp/print/demo/pull HTTP/1.1", "Host: localhost", "Content-Type: application/ipp", length) + more
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def story_a_client_that_waits_is_told_401_before_it_sends_the_document(world):
    for length in ("Transfer-Encoding: chunked", "Content-Length: 100000000"):
        with tls(world) as connection:
            connection.sendall(head(length, "Expect: 100-continue"))
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 401 ") and b"\r\nWWW-Authenticate: Basic " in answer, answer
    with tls(world) as connection:
        connection.sendall(head("Transfer-Encoding: chunked", "Expect: 100-continue", "Authorization: " + basic(ADA, PASSWORD)))
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 100 "), answer


def story_a_job_shows_to_its_owner_whatever_name_another_gives_himself(world):
    number = world.ipp("pull").print_job(pdf("mine"), "mine")["job-id"][0][1]
    grace = world.ipp("pull", GRACE)
    grace.user = "ada@demo.example"
    for operation in (0x08, 0x09, 0x0C, 0x0D, 0x14, 0x3B):
        code, _ = grace.ask(operation, job_id=(ipp.INTEGER, number), job={"copies": [(ipp.INTEGER, 2)]})
        equal(code, 0x0406, "operation %#x on somebody else's job" % operation)
    code, groups = grace.ask(0x0A, my_jobs=(ipp.BOOLEAN, True), requested_attributes=(ipp.KEYWORD, "all"))
    equal((code, [g for t, g in groups if t == ipp.JOB]), (0, []), "jobs that Grace sees")
    code, _ = grace.ask(0x38, job_ids=(ipp.INTEGER, number))
    equal(code, 0x0406, "Cancel-Jobs of somebody else's job")
    # The administrator sees that there is a job, elsewhere; this door is for owners.
    code, _ = world.ipp("pull", "admin@demo.example").ask(0x09, job_id=(ipp.INTEGER, number))
    equal(code, 0x0406, "the administrator by IPP")
    equal(world.ipp("pull").job(number)["job-state"][0][1], 4, "job-state")


def story_the_state_follows_the_delivery(world):
    number = world.ipp("pull").print_job(pdf("followed"), "followed")["job-id"][0][1]
    equal(world.ipp("pull").job(number)["job-state"][0][1], 4, "before: pending-held")
    world.swipe("lobby", world.badge(ADA))
    wait_until(lambda: world.ipp("pull").job(number)["job-state"][0][1] == 9, "the job is completed", 30, 0.05)
    job = world.ipp("pull").job(number)
    equal(job["job-state-reasons"][0][1], "job-completed-successfully", "job-state-reasons")
    assert job["time-at-completed"][0][0] == ipp.INTEGER and job["time-at-processing"][0][0] == ipp.INTEGER


def story_a_job_without_its_document_ends_by_itself(world):
    code, groups = world.ipp("pull").ask(0x05)
    equal(code, 0, "Create-Job")
    number = ipp.group(groups, ipp.JOB)["job-id"][0][1]
    wait_until(lambda: world.ipp("pull").job(number)["job-state"][0][1] == 8, "the job is aborted", 20, 0.1)


def post(world, body, kind="application/ipp"):
    headers = {"Content-Type": kind, "Authorization": basic(ADA, PASSWORD)}
    status, _, content = world.connection.request("POST", "/ipp/print/demo/pull", body, headers, False)
    return status, content


def story_what_is_no_ipp_request_is_answered_clearly(world):
    start = b"\x02\x00\x00\x0b" + struct.pack(">I", 7)
    charset = b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    broken = {
        "nothing": b"",
        "a header": start,
        "cut": start + charset,
        "no delimiter": start + b"\x44\x00\x01a\x00\x01b\x03",
        "delimiter 0": start + b"\x00\x03",
        "a value of the wrong size": start + b"\x01\x21\x00\x01a\x00\x01b\x03",
        "an open collection": start + charset + b"\x34\x00\x01a\x00\x00\x03",
        "a web page": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4,
    }
    for name, body in broken.items():
        status, content = post(world, body)
        equal(status, 200, name)
        equal(content[2:4], b"\x04\x00", name + " (client-error-bad-request)")
        assert b"status-message" in content, name
    status, content = post(world, start + charset + b"\x44\x00\x01a\x00\x01b" * 200_000 + b"\x03")
    assert content[2:4] in (b"\x04\x08", b"\x04\x00"), content[:8]
    equal(content[4:8], struct.pack(">I", 7), "request-id")
    status, _ = post(world, b"hello", "text/plain")
    equal(status, 415, "another content type")
    status, _, _ = world.connection.request("GET", "/ipp/print/demo/pull")
    equal(status, 405, "GET")


def story_the_icons_are_there(world):
    _, groups = world.ipp("lobby", email=None).ask(0x0B, requested_attributes=(ipp.KEYWORD, "printer-icons"))
    addresses = [v for _, v in ipp.group(groups, ipp.PRINTER)["printer-icons"]]
    equal(len(addresses), 3, "icons")
    for address in addresses:
        path = address[address.index("/ipp/") :]
        status, _, content = world.connection.request("GET", path)
        equal((status, content[:8]), (200, b"\x89PNG\r\n\x1a\n"), path)
        equal(struct.unpack(">I", content[16:20])[0], int(re.search(r"(\d+)\.png", path).group(1)), "width")


def story_the_ipps_backend_of_cups_prints(world):
    if not os.access(BACKEND, os.X_OK):
        skip("the backend ipps of CUPS is not installed (package cups)")
    before = len(world.paper("lobby"))
    document = pdf("backend", size=300_000)
    path = world.path("backend.pdf")
    with open(path, "wb") as file:
        file.write(document)
    environment = dict(
        os.environ,
        HOME=samples(world, world.ports["service"]),
        DEVICE_URI="ipps://localhost:%d/ipp/print/demo/lobby" % world.ports["service"],
        AUTH_INFO_REQUIRED="username,password",
        AUTH_USERNAME=ADA,
        AUTH_PASSWORD=PASSWORD,
        CONTENT_TYPE="application/pdf",
        FINAL_CONTENT_TYPE="application/pdf",
    )
    done = subprocess.run([BACKEND, "1", "ada", "by the backend", "1", "", path], env=environment, capture_output=True,
                          text=True, timeout=60, check=False)
    equal(done.returncode, 0, "the backend: " + done.stderr[-800:])
    assert document in world.wait_paper("lobby", before + 1), "the paper is not the document"


def story_a_workstation_adds_the_queue_and_prints(world):
    from harness.cups import is_there

    if not is_there():
        skip("cupsd is not installed (package cups)")
    cups = world.start_cups()
    address = "ipps://%s:%s@localhost:%d/ipp/print/demo/lobby" % (ADA.replace("@", "%40"), PASSWORD, world.ports["service"])
    cups.add("lobby", address)
    before = len(world.paper("lobby"))
    document = pdf("workstation", size=50_000)
    path = world.path("workstation.pdf")
    with open(path, "wb") as file:
        file.write(document)
    cups.print("lobby", path, "-o", "sides=two-sided-long-edge")
    assert document in world.wait_paper("lobby", before + 1, seconds=60), "the paper is not the document"
