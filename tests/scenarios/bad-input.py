# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Bad input: a clear answer, nothing lost, nothing half-stored."""

import gzip
import os
import socket
import ssl
import zlib

import ippwire as ipp
from harness.client import basic
from harness.demo_world import PASSWORD
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, refused

ADA = "ada@demo.example"


def raw(world):
    context = ssl.create_default_context(cafile=world.programs.authority())
    plain = socket.create_connection(("127.0.0.1", world.ports["service"]), 10)
    return context.wrap_socket(plain, server_hostname="localhost")


def everything_stored(world):
    """The files of large documents, held or on their way in."""
    return sorted(n for _, _, names in os.walk(world.path("service", "vault", "files")) for n in names)


def head(world, path, length, kind):
    return (
        "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
        "Idempotency-Key: cut-%s\r\n\r\n" % (path, world.ports["service"], basic(ADA, PASSWORD), kind, length, os.urandom(6).hex())
    ).encode()


def story_an_upload_cut_in_the_middle_leaves_nothing(world):
    before = everything_stored(world)
    document = pdf("cut", size=1_000_000)
    with raw(world) as connection:
        connection.sendall(head(world, "/v1/jobs?queue=pull&name=cut", len(document), "application/pdf"))
        connection.sendall(document[:600_000])
        wait_until(lambda: everything_stored(world) != before, "what arrives lies on the disk")
    wait_until(lambda: everything_stored(world) == before, "what arrived is gone again")
    equal([j for j in world.api(ADA).jobs() if j["state"] in ("held", "receiving")], [], "jobs")


def story_a_print_job_cut_in_the_middle_leaves_nothing(world):
    before = everything_stored(world)
    document = pdf("cut", size=1_000_000)
    given = {
        "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
        "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
        "printer-uri": ipp.values(ipp.URI, world.ipp("pull").uri()),
        "document-format": ipp.values(ipp.MIME, "application/pdf"),
    }
    message = ipp.format(0x0200, 0x02, 1, [(ipp.OPERATION, given)])
    with raw(world) as connection:
        length = len(message) + len(document)
        connection.sendall(head(world, "/ipp/print/demo/pull", length, "application/ipp") + message)
        connection.sendall(document[:600_000])
        wait_until(lambda: everything_stored(world) != before, "what arrives lies on the disk")
    wait_until(lambda: everything_stored(world) == before, "what arrived is gone again")
    equal([j for j in world.api(ADA).jobs() if j["state"] in ("held", "receiving")], [], "jobs")


def story_a_compressed_upload_is_unpacked_or_refused(world):
    ada = world.api(ADA)
    before = everything_stored(world)
    path = "/v1/jobs?queue=pull&name=compressed"

    def send(octets, coding="gzip"):
        return ada.call("POST", path, octets, {"Idempotency-Key": os.urandom(8).hex(), "Content-Encoding": coding}, "application/pdf")

    document = pdf("compressed", size=200_000)
    job = send(gzip.compress(document))
    equal((job["size"], job["format"]), (len(document), "application/pdf"), "what is kept")
    equal(ada.get("/v1/jobs/%s/document" % job["id"]), document, "the document, unpacked")
    ada.delete("/v1/jobs/" + job["id"])
    whole = gzip.compress(document)
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(300)) + bomb.flush()
    rows = (
        (400, whole[:-9], "gzip"), (400, whole + b"more", "gzip"), (400, document, "gzip"), (413, zeros, "gzip"),
        (415, document, "br"), (415, whole, "gzip, gzip"), (415, whole, "deflate"),
    )
    for status, octets, coding in rows:
        with refused(status):
            send(octets, coding)
    equal(everything_stored(world), before, "what is stored")
    equal(ada.jobs(state="held"), [], "held jobs")


def story_a_wrong_password_is_told_so(world):
    with refused(401):
        world.api(ADA, "wrong-password").jobs()
    with refused(401):
        world.ipp("pull", ADA, "wrong-password").print_job(pdf("wrong"))
    with refused(401):
        world.api("nobody@demo.example", "wrong-password").jobs()


def story_an_unknown_queue_is_told_so(world):
    with refused(404):
        world.api(ADA).submit(pdf("unknown"), queue="no-such-queue")
    try:
        code, _ = world.ipp("no-such-queue").ask(0x0B)
        equal(code, 0x0406, "status of Get-Printer-Attributes (client-error-not-found)")
    except Exception as error:  # an HTTP 404 says the same
        equal(getattr(error, "status", None), 404, "status")


def story_broken_ipp_is_answered_and_the_service_goes_on(world):
    queue = world.ipp("pull")
    headers = {"Content-Type": "application/ipp", "Authorization": queue.authorization}
    for body in (b"", b"\2\0", b"\2\0\0\x0b\0\0\0\1", b"\2\0\0\x0b\0\0\0\1\1\x47\xff\xff", os.urandom(500)):
        try:
            status, _, answer = world.connection.request("POST", queue.path, body, headers, again=True)
        except OSError:
            continue  # hung up on
        assert status in (200, 400), "HTTP %d for broken IPP" % status
        if status == 200:
            code = int.from_bytes(answer[2:4], "big")
            assert code >= 0x0400, "status %04x for broken IPP" % code
    equal(queue.ask(0x0B)[0], 0, "Get-Printer-Attributes afterwards")


def story_broken_http_is_answered_and_the_service_goes_on(world):
    for octets in (
        b"\0\1\2\3\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ):
        with raw(world) as connection:
            try:
                connection.sendall(octets)
                answer = connection.recv(4096)
            except OSError:
                answer = b""
            assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), answer[:100]
    assert world.api().get("/healthz") is not None


def story_not_a_document_is_refused_with_a_sentence(world):
    with refused(415):
        world.api(ADA).submit(b"\x7fELF" + bytes(1000), content_type="application/x-executable")
    equal([j for j in world.api(ADA).jobs() if j["state"] == "held"], [], "jobs")


def story_a_problem_says_what_to_do(world):
    try:
        world.api(ADA).get("/v1/jobs/00000000-0000-7000-8000-000000000000")
    except Exception as error:
        equal(error.status, 404, "status")
        assert error.body.get("title") and "detail" in error.body, error.body
    else:
        raise AssertionError("a job that is not there was found")
