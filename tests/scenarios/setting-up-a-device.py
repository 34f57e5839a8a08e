# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A device is set up by what the service says about it, to the letter, and prints."""

import plistlib
import subprocess

from harness.client import IppQueue
from harness.documents import pdf
from harness.judged import Judged
from harness.process import wait_until
from harness.story import equal

ADA = "ada@demo.example"
PLATFORMS = ("windows", "macos", "ios", "android", "chromeos", "linux")


def held(world):
    return world.api(ADA).jobs(state="held")


def prints(world, path, title):
    """Whoever has the address prints, without a password, and it comes out on paper once he is there."""
    tenant, queue = path.split("/", 3)[2:]
    IppQueue(world.connection, queue, None, None, tenant).print_job(pdf(title), title)
    job = next(j for j in held(world) if j["title"] == title)
    before = len(world.paper("lobby"))
    world.api(ADA).release("lobby", [job["id"]])
    world.wait_paper("lobby", before + 1)


def story_every_platform_is_told_its_own_way(world):
    ada = Judged(world, ADA)
    for platform in PLATFORMS:
        made = ada.call("POST", "/v1/set-up", {"platform": platform, "label": "my " + platform}, 201)
        equal(made["address"], "ipps://%s:%d/%s" % (made["host"], made["port"], made["path"]), "its address")
        equal((made["host"], made["port"]), ("localhost", world.ports["service"]), "where the service is")
        equal(made["queue"]["name"], "pull", "the queue of everybody")
        equal(bool(made["profile"]), platform in ("ios", "macos"), "a profile")
        for command in made["commands"]:
            assert made["address"] in command["line"], command
        equal(bool(made["commands"]), platform in ("windows", "macos", "linux"), "what is typed")
    labels = {token["label"] for token in ada.call("GET", "/v1/tokens", expect=200)["items"]}
    assert {"my " + platform for platform in PLATFORMS} <= labels, labels
    prints(world, made["path"], "by what was told")
    ada.call("DELETE", "/v1/tokens/" + made["token"], expect=204)
    ada.call("POST", "/v1/set-up", {"platform": "amiga", "label": "x"}, 400)
    ada.call("POST", "/v1/set-up", {"platform": "linux", "label": "x", "queue": "nowhere"}, 404)


def story_a_profile_is_signed_and_says_where_to_print(world):
    ada = Judged(world, ADA)
    made = ada.call("POST", "/v1/set-up", {"platform": "ios", "label": "phone"}, 201)
    address = "/" + made["profile"].split("/", 3)[3]
    status, headers, signed = world.connection.request("GET", address)
    equal((status, headers["Content-Type"]), (200, "application/x-apple-aspen-config"), "the profile")
    out = subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-CAfile", world.programs.authority(), "-purpose", "any"],
                         input=signed, capture_output=True, check=False)
    assert out.returncode == 0, out.stderr
    profile = plistlib.loads(out.stdout)
    printer = profile["PayloadContent"][0]
    equal((profile["PayloadType"], printer["PayloadType"]), ("Configuration", "com.apple.airprint"), "payloads")
    destination = printer["AirPrint"][0]
    equal(destination, {"IPAddress": made["host"], "Port": made["port"], "ResourcePath": made["path"], "ForceTLS": True}, "where")
    prints(world, destination["ResourcePath"], "from a phone")
    # It ends with the device's token, and nobody gets another's by guessing.
    ada.call("DELETE", "/v1/tokens/" + made["token"], expect=204)
    for wrong in (address, "/v1/set-up/profile", "/v1/set-up/profile?key=", "/v1/set-up/profile?key=adr_" + "A" * 43, "/v1/set-up/profile?key=" + "A" * 9999):
        assert world.connection.request("GET", wrong)[0] in (404, 414), wrong
    token = ada.call("POST", "/v1/tokens", {"label": "no address", "kind": "print"}, 201)["token"]
    equal(world.connection.request("GET", "/v1/set-up/profile?key=" + token)[0], 404, "a token of another kind")


def story_what_linux_is_told_is_typed(world):
    """lpadmin's line as the page shows it, in a private CUPS, and then lp."""
    if world.cups is None:
        world.start_cups()
    made = Judged(world, ADA).call("POST", "/v1/set-up", {"platform": "linux", "label": "desk"}, 201)
    line = made["commands"][0]["line"]
    equal(line, "lpadmin -p 'imprimatur-pull' -E -v '%s' -m everywhere" % made["address"], "the line")
    world.cups.add("imprimatur-pull", made["address"])
    path = world.path("desk.pdf")
    with open(path, "wb") as file:
        file.write(pdf("from the desk"))
    world.cups.print("imprimatur-pull", path)
    before = len(world.paper("lobby"))
    wait_until(lambda: held(world), "it is held")
    world.api(ADA).release("lobby")
    world.wait_paper("lobby", before + 1)
