# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A provider and a directory that say nothing, and passwords that are guessed, all at once: most of those who would wait
are told to come again, and whoever needs nobody else prints as ever."""

import http.client
import threading
import uuid

from harness import demo_world as demo, slapd
from harness.client import Connection, Refused, basic
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal

# None of those who hang comes back by himself while others print.
SETTINGS = {"service": {"fetch.allow": "localhost, 127.0.0.1", "fetch.timeout": "60s", "directory.allow": "127.0.0.0/8",
                        "sign-in.password_wrong_max": 100, "sign-in.source_wrong_max": 10000}}
THREADS = 32  # of [server], as it comes
ROUNDS = 8


class Flood:
    """Many who ask again and again until they hang: what they were told, and how many wait at this moment."""

    def __init__(self, world):
        self.world = world
        self.lock = threading.Lock()
        self.told, self.waiting = {}, {}
        self.over = threading.Event()
        self.threads = []

    def start(self, kind, count, path, name=None, method="GET"):
        for i in range(count):
            thread = threading.Thread(target=self.run, args=(kind, method, path, name and name % i), daemon=True)
            thread.start()
            self.threads.append(thread)

    def run(self, kind, method, path, name):
        connection = Connection(self.world.ports["service"], self.world.programs.authority(), timeout=100)
        while not self.over.is_set():
            self.note(self.waiting, kind, 1)
            headers = {"Content-Type": "application/ipp"} if method == "POST" else {}
            if name:
                headers["Authorization"] = basic("%s-%s" % (uuid.uuid4(), name), "a wrong password")
            try:
                status, answered, _ = connection.request(method, path, None, headers, again=False)
            except (OSError, http.client.HTTPException):
                status, answered = 0, {}
            self.note(self.waiting, kind, -1)
            if status == 503 and "Retry-After" not in answered:
                status = "503 without a time"
            self.note(self.told, (kind, status), 1)
            self.over.wait(0.2)

    def note(self, counts, key, change):
        with self.lock:
            counts[key] = counts.get(key, 0) + change

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(100)


def comes_in(world):
    try:
        return world.api("alan@demo.example").get("/v1/me")["person"]["email"] == "alan@demo.example"
    except Refused as answer:
        equal(answer.status, 503, "what somebody who is right is told")
        return False


def story_a_flood_of_those_who_wait_for_others_leaves_room_to_print(world):
    silent = slapd.Silent()
    methods = [world.admin.post("/v1/methods", {"kind": "oidc", "title": "Slow %s" % host, "enabled": True, "secret": "x",
               "settings": {"issuer": "https://%s:%d" % (host, silent.port), "client_id": "imprimatur"}})["id"]
               for host in ("localhost", "127.0.0.1")]
    world.admin.post("/v1/methods", {"kind": "ldap", "title": "Slow", "enabled": True, "secret": slapd.SERVICE_PASSWORD,
                     "settings": slapd.settings(world, "ldaps://127.0.0.1:%d" % silent.port, timeout_ms=10000)})
    made = world.api("ada@demo.example").post("/v1/tokens", {"label": "script", "kind": "api"})
    print_token = world.api("ada@demo.example").post("/v1/tokens", {"label": "laptop", "kind": "print"})
    ada = world.api(token=made["token"])
    by_ipp = world.ipp("pull", "ada@demo.example", print_token["token"])
    flood = Flood(world)
    for method in methods:
        flood.start("provider", 24, "/v1/sign-in/oidc/" + method)
    flood.start("directory", 16, "/v1/me", "%d@demo.example")
    flood.start("password", 16, "/v1/me", "%d@nowhere.example")
    flood.start("ipp", 8, "/ipp/print/demo/pull", "%d@demo.example", "POST")
    try:
        for kind in ("provider", "directory", "password", "ipp"):
            wait_until(lambda: flood.told.get((kind, 503)), "one of many is sent away: " + kind, 60)
        for i in range(ROUNDS):
            ada.submit(pdf("by the api %d" % i))
            by_ipp.print_job(pdf("by ipp %d" % i))
            equal(len(ada.jobs(state="held")), 2, "jobs held in round %d" % i)
            world.swipe("lobby", world.badge("ada@demo.example"))
            wait_until(lambda: len(world.paper("lobby")) == 2 * (i + 1), "the paper of round %d" % i, 60)
        # Not afterwards: those for whom others are asked hang all the while. Some are on their way in or out at any moment.
        wait_until(lambda: 0 < flood.waiting["provider"] <= THREADS // 4, "a quarter of the threads, and no more, wait for a provider", 10)
        equal({k: n for k, n in flood.told.items() if k[1] not in (401, 403, 429, 503)}, {}, "what they were told")
        # A second kind has room while the first one takes all that it may: a password that is right comes through.
        wait_until(lambda: comes_in(world), "a right password among many wrong ones", 60)
    finally:
        silent.stop()
        flood.end()
    equal(len(ada.jobs(state="held")), 0, "jobs left")
