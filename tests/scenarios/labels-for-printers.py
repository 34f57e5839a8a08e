# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Labels that are stuck onto printers: each code is read, each name is where it belongs, and they come out as paper."""

import json
import os
import re
import shutil
import subprocess

from harness import demo_world as demo
from harness.client import basic
from harness.codes import codes
from harness.command_line import CommandLine
from harness.judged import Judged
from harness.story import equal, skip

ADA = "ada@demo.example"
SIZES = {"a4-3x8": (595, 842), "a4-2x4": (595, 842), "a4-1": (595, 842), "roll-62x100": (176, 283), "welcome": (595, 842)}
HOSTILE = "<script>alert(1)</script>\u202e" + "\u05de\u05d3\u05e4\u05e1\u05ea " * 20 + "W" * 60


def tools():
    if shutil.which("pdftoppm") is None or shutil.which("zbarimg") is None or not os.path.exists("/usr/bin/weasyprint"):
        skip("no pdftoppm, no zbarimg, or no weasyprint")


def draw(world, template, printers, first=0):
    """(the path of the PDF, how many pages it has)."""
    body = json.dumps({"printers": printers, "template": template, "first": first}).encode()
    status, headers, content = world.connection.request("POST", "/v1/labels", body, {"Authorization": basic(demo.ADMINISTRATOR, demo.PASSWORD), "Content-Type": "application/json"})
    equal(status, 200, "%s: %r" % (template, content[:300]))
    equal({k.lower(): v for k, v in headers.items()}["content-type"], "application/pdf", "its type")
    path = world.path("labels.pdf")
    with open(path, "wb") as file:
        file.write(content)
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", told).groups()
    equal(tuple(round(float(n)) for n in size), SIZES[template], template)
    return path, int(re.search(r"Pages:\s+(\d+)", told).group(1))


def words(path):
    return " ".join(subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout.split())


def address(world, name):
    return "https://localhost:%d/printers/%s" % (world.ports["service"], world.printers[name])


def story_every_template_is_read_by_a_camera(world):
    tools()
    world.admin.post("/v1/sites", {"name": "north", "title": "North Building"})
    world.admin.patch("/v1/printers/lobby", {"alias": "gf1", "site": "north"})
    for template in SIZES:
        path, pages = draw(world, template, ["gf1", "lab"])
        equal(pages, 1 if template.startswith("a4-3") or template.startswith("a4-2") else 2, template)
        equal(sorted(codes(path)), sorted([address(world, "lobby"), address(world, "lab")]), template)
        for word in ("Lobby", "gf1", "North Building"):
            assert word in words(path), (template, word, words(path))


def story_many_fill_sheet_after_sheet(world):
    tools()
    path, pages = draw(world, "a4-3x8", ["lobby"] * 25, first=5)
    equal((pages, codes(path)), (2, [address(world, "lobby")] * 25), "five places are used already")
    path, pages = draw(world, "a4-2x4", ["lab"] * 8)
    equal((pages, len(codes(path))), (1, 8), "a full sheet, and no empty one behind it")


def story_names_fit_whatever_they_are(world):
    tools()
    world.admin.patch("/v1/printers/lobby", {"title": HOSTILE.encode()[:250].decode(errors="ignore")})
    for template in SIZES:
        path, pages = draw(world, template, ["lobby"])
        equal((pages, codes(path)), (1, [address(world, "lobby")]), template)
        assert "\u202e" not in words(path) and "<script>" in words(path).replace("\u202c", ""), words(path)
    world.admin.patch("/v1/printers/lobby", {"title": "Lobby"})


def story_who_may_and_what_is_wrong(world):
    admin, ada = Judged(world, demo.ADMINISTRATOR), Judged(world, ADA)
    good = {"printers": ["lobby"], "template": "a4-1"}
    ada.call("POST", "/v1/labels", good, 403)
    ada.call("POST", "/v1/labels/jobs", {**good, "at": "lobby"}, 403)
    admin.call("POST", "/v1/labels", {**good, "printers": ["nowhere"]}, 404)
    for bad in ({}, {**good, "template": "a5"}, {**good, "printers": []}, {**good, "printers": ["lobby"] * 241}, {**good, "printers": [7]}, {**good, "first": -1}, {**good, "at": "lobby"}):
        status = admin.call("POST", "/v1/labels", bad)["status"]
        assert status in (400, 422), (bad, status)
    admin.call("POST", "/v1/labels", {**good, "template": "welcome", "printers": ["lobby"] * 61}, 409)
    admin.call("POST", "/v1/labels/jobs", {**good, "at": "nowhere"}, 404)


def story_they_come_out_as_paper(world):
    tools()
    before = len(world.paper("lobby"))
    job = Judged(world, demo.ADMINISTRATOR).call("POST", "/v1/labels/jobs", {"printers": ["lobby", "lab"], "template": "a4-2x4", "at": "lobby"}, 201)
    equal((job["title"], job["format"], job["owner_email"]), ("a4-2x4", "application/pdf", demo.ADMINISTRATOR), "the job")
    world.wait_job(world.admin, job["id"], "done")
    with open(world.path("labels.pdf"), "wb") as file:
        file.write(world.wait_paper("lobby", before + 1)[-1])
    equal(sorted(codes(world.path("labels.pdf"))), sorted([address(world, "lobby"), address(world, "lab")]), "read off the paper")
    line = CommandLine(world, "admin")
    line.login(demo.ADMINISTRATOR)
    saved = world.path("saved.pdf")
    line.run("printer", "labels", "lobby", "lab", "--template", "roll-62x100", "--output", saved)
    with open(saved, "rb") as file:
        equal(file.read(5), b"%PDF-", "what was saved")
    out, _ = line.run("printer", "labels", "lobby", "--at", "lobby")
    assert out.startswith("The labels are job "), out
    world.wait_paper("lobby", before + 2)
