# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Canaries: no document, title, password, PIN, badge or token lies anywhere in plain text - not in a file, the
database, its log, a journal, or what the programs write to their logs - after every step, and after SIGKILLs then."""

import os
import threading

from harness.canaries import PROGRAMS, Canaries, digits, letters
from harness.client import give_password
from harness.documents import pdf
from harness.process import wait_until
from harness.readers import Reader
from harness.story import equal, refused

PRINTERS = {"library": {"formats": ["application/pdf"]}}
SETTINGS = {"service": {"vault.segment": "1M"}}  # less to look through


def step(world, canaries, name):
    """Nothing lies about now, nor after everything was killed, nor after it is up again."""
    canaries.scan(name)
    for program in PROGRAMS:
        world.programs.kill(program)
    canaries.scan(name + " and a SIGKILL of all programs")
    for program in reversed(PROGRAMS):
        world.programs.start(program)
    world.programs.wait_agent()
    canaries.scan(name + ", a SIGKILL and a new start")


def story_what_lies_in_plain_text_is_found(world):
    """The story below must be able to fail: in each coding, in a file that is there and in one that is deleted."""
    canaries = Canaries(world)
    canaries.add("a word", "W-" + letters(32))
    canaries.add("a number", digits(20))
    for what, needle in list(canaries.needles()):
        path = world.path("service", "left-behind")
        with open(path, "wb") as file:
            file.write(os.urandom(100) + needle + os.urandom(100))
        try:
            canaries.scan("nothing")
        except AssertionError:
            os.unlink(path)
            continue
        raise AssertionError("%s was not found" % what)
    canaries.scan("the end")


def story_no_step_leaves_anything_in_plain_text(world):
    canaries = Canaries(world)
    email = "canary@demo.example"
    password = canaries.add("the password", "pw-" + letters(32))
    pin = canaries.add("the PIN", digits(12))
    badge = canaries.add("the badge", digits(20))
    title = canaries.add("the title", "title-" + letters(32))
    body = canaries.add("the document", "body-" + letters(32))
    wrong_pin = canaries.add("a wrong PIN", digits(12))
    wrong_password = canaries.add("a wrong password", "pw-" + letters(32))
    unknown_badge = canaries.add("an unknown badge", digits(20))
    admin = world.admin

    person = admin.post("/v1/people", {"email": email, "name": "Canary"})["id"]
    give_password(world.connection, admin, person, password)
    admin.put("/v1/people/%s/pin" % person, {"pin": pin})
    admin.post("/v1/people/%s/badges" % person, {"number": badge})
    step(world, canaries, "the person was made")

    canary = world.api(email, password)
    canaries.add("the API token", canary.post("/v1/tokens", {"label": "c", "kind": "api"})["token"])
    canaries.add("the print token", canary.post("/v1/tokens", {"label": "c", "kind": "print"})["token"])
    with refused(401):
        world.api(email, wrong_password).jobs()
    step(world, canaries, "tokens were made and a password was guessed")

    document = pdf("canary", text=body)
    large = pdf("canary-large", text=body, size=900_000)
    jobs = [canary.submit(document, title)["id"], canary.submit(large, title)["id"]]
    world.ipp("pull", email, password).print_job(pdf("canary-ipp", text=body, size=5000), title)
    step(world, canaries, "documents were held")

    upload = threading.Thread(target=cut_upload, args=(world, email, password, title, large), daemon=True)
    upload.start()
    upload.join(30)
    step(world, canaries, "an upload was cut")

    order = {"printer": world.printers["lobby"], "jobs": [jobs[0]]}
    with refused(401):
        world.api().post("/v1/releases", dict(order, identification={"method": "pin", "email": email, "pin": wrong_pin}))
    Reader(world.ports["tcpconv"]).swipe(unknown_badge)
    world.wait_event("badge-unknown")
    step(world, canaries, "a PIN was guessed and an unknown badge was shown")

    # In the middle of a delivery: the printer has read a little and stalls. The agent is killed there.
    before = len(world.truth("lobby", "first-byte"))
    world.sim.temper("lobby", "stall", after=100)
    canary.release(world.printers["lobby"], [jobs[1]])
    wait_until(lambda: len(world.truth("lobby", "first-byte")) > before, "the delivery has begun")
    step(world, canaries, "a delivery was under way")
    world.sim.normal("lobby")

    world.api().post("/v1/releases", dict(order, identification={"method": "pin", "email": email, "pin": pin}))
    world.wait_job(canary, jobs[0], "done")
    step(world, canaries, "a PIN released a job")

    before = len(world.paper("library"))
    Reader(world.ports["ethernet241"]).swipe(badge)
    world.wait_paper("library", before + 1)
    step(world, canaries, "a badge released a job")

    # Conversion: watched while it goes on, and killed in the middle.
    many = canary.submit(pdf("canary-many", text=body, pages=60), title)["id"]
    release = canary.release(world.printers["studio"], [many])
    for _ in range(3):
        canaries.scan("a conversion began")
    step(world, canaries, "a conversion was under way")
    states = [d["state"] for d in world.wait_release(canary, release["id"], 180)]
    equal(states, ["printed"], "the converted delivery")
    step(world, canaries, "a converted document was printed")

    canary.delete("/v1/jobs/" + canary.submit(document, title)["id"])
    admin.delete("/v1/people/" + person)
    step(world, canaries, "the person was deleted")


def cut_upload(world, email, password, title, document):
    import socket
    import ssl
    from urllib.parse import quote

    from harness.client import basic, give_password

    context = ssl.create_default_context(cafile=world.programs.authority())
    plain = socket.create_connection(("127.0.0.1", world.ports["service"]), 10)
    with context.wrap_socket(plain, server_hostname="localhost") as connection:
        connection.sendall(
            (
                "POST /v1/jobs?queue=pull&name=%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n"
                "Content-Type: application/pdf\r\nContent-Length: %d\r\n\r\n"
                % (quote(title), basic(email, password), len(document))
            ).encode()
        )
        connection.sendall(document[:-1000])
        world.programs.kill("service")
    world.programs.start("service")
