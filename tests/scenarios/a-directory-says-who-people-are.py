# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Sign-in by a real directory (slapd), directly and through the agent: right and wrong passwords, filters, certificates,
a directory that is down, badges, and synchronisation."""

import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from harness import demo_world, memory, slapd
from harness.command_line import REFUSED, CommandLine
from harness.client import Api, Connection, Refused
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, skip

SETTINGS = {
    "service": {"directory.allow": "127.0.0.0/8", "sign-in.guess_pause": "1s", "sign-in.password_wrong_max": 100,
                "sign-in.password_cache": "0s"},
    "agent": {"readers.repeat": "0s"},
}
CARD = "04d1d2d3d4"
LATE = "04e1e2e3e4"
PEOPLE = "".join(
    [
        slapd.person("trude", card=CARD, name="Trude Hopper"),
        slapd.person("hanna", department="Forschung", name="Hanna Müller", password="pässword ü"),
        slapd.person("jutta", card=LATE),
        slapd.person("knut"),
        slapd.person("outsider", domain="elsewhere.example"),
        slapd.group("sales", "trude", "hanna"),
        slapd.group("first-floor", "trude"),
    ]
)
STATE = {}


def letters(count):
    return "".join(random.SystemRandom().choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(count))


FILTERS = [
    "*", "*)(uid=*", "*)(uid=*))(|(uid=*", "trude)(&", "trude)(|(uid=*", "trude*", "t*", "*trude*", "(trude)", "trude)",
    "(&(uid=trude)(uid=trude))", "trude)(!(uid=x", "trude)(objectClass=*", "|", "&", "!", "\\2a", "\\00", "trude\\00",
    "trude\\28", "*)(userPassword=*", "admin*)((|userPassword=*)", "*)(|(mail=*", "x' or '1'='1", "trude;", "trude,ou=people",
    "uid=trude", "uid=trude,ou=people,dc=example,dc=org", "trude)(uid=trude", "trude\u2028",
]


def need():
    if not slapd.present():
        skip("slapd is not installed")


def server(world):
    """The directory of this file, started by the first story that needs it."""
    need()
    if "slapd" not in STATE:
        STATE["slapd"] = slapd.Slapd(world, PEOPLE)
    return STATE["slapd"]


def make(world, title, settings, secret=slapd.SERVICE_PASSWORD):
    return world.admin.post("/v1/methods", {"kind": "ldap", "title": title, "settings": settings, "secret": secret,
                                           "enabled": True})


def use(world, settings, secret=slapd.SERVICE_PASSWORD):
    """The one method of this world has these settings from now on; its id."""
    if "method" not in STATE:
        STATE["method"] = make(world, "The directory", settings, secret)["id"]
    else:
        world.admin.patch("/v1/methods/" + STATE["method"], {"settings": settings, "secret": secret})
    return STATE["method"]


def try_it(world, method):
    return world.admin.call("POST", "/v1/methods/%s/try" % method)


class Elsewhere(Connection):
    """Another machine each time: guesses from one are slowed down, which other stories tell of."""

    count = 0

    def __init__(self, world):
        super().__init__(world.ports["service"], world.programs.authority())
        Elsewhere.count += 1
        self.source = "127.%d.%d.%d" % (7 + self.count // 62500, self.count // 250 % 250, 1 + self.count % 250)

    def fresh(self):
        return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=self.context,
                                           source_address=(self.source, 0))


def me(world, name, password):
    return Api(Elsewhere(world), name, password).get("/v1/me")["person"]


def status_of(world, name, password):
    try:
        me(world, name, password)
        return 200
    except Refused as answer:
        return answer.status


def record(world, kind):
    return [e for e in world.admin.all("/v1/audit/records") if e["event"] == kind]


def story_settings_that_cannot_be_used_are_refused_with_a_sentence(world):
    directory = server(world)
    good = slapd.settings(world, directory.ldaps)
    for change, word in (
        ({"servers": ["http://x"]}, "servers"),
        ({"servers": ["ldap://localhost"]}, "localhost"),
        ({"base": None}, "base"),
        ({"people_filter": "(a=b)(c=d)"}, "people_filter"),
        ({"unheard": 1}, "unheard"),
        ({"sync_minutes": 1}, "sync_minutes"),
    ):
        try:
            make(world, "x", dict(good, **change))
            raise AssertionError("taken: %r" % change)
        except Refused as answer:
            equal(answer.status, 422, "the status of %r" % change)
            assert word in str(answer), "%s does not name %s" % (answer, word)


def story_people_sign_in_over_ldaps_and_over_starttls(world):
    directory = server(world)
    for where in (directory.ldaps, directory.ldap):
        method = use(world, slapd.settings(world, where))
        tried = try_it(world, method)
        assert tried["works"] and "search: done" in tried["sentence"], tried
        equal(me(world, "trude@demo.example", "trudepw")["email"], "trude@demo.example", "who it is")
        equal(me(world, "HANNA@demo.example", "pässword ü")["name"], "Hanna Müller", "her name")
        equal(status_of(world, "trude@demo.example", "trudepW"), 401, "a wrong password")
    person = next(p for p in world.admin.all("/v1/people") if p["email"] == "trude@demo.example")
    equal(person["department"], "Sales", "the department")
    groups = {g["name"] for g in world.admin.all("/v1/groups")}
    assert {"sales", "first-floor"} <= groups, groups


def story_what_the_directory_says_is_taken_at_each_sign_in(world):
    directory = server(world)
    directory.replace("hanna", "departmentNumber", "Verwaltung")
    # A password that was verified is believed for a minute: another one is asked about now.
    directory.replace("hanna", "userPassword", "newpw")
    me(world, "hanna@demo.example", "newpw")
    person = next(p for p in world.admin.all("/v1/people") if p["email"] == "hanna@demo.example")
    equal(person["department"], "Verwaltung", "the department")


def groups_of(world, email):
    person = person_of(world, email)["id"]
    return {g["name"] for g in world.admin.all("/v1/groups")
            if any(m["person"] == person for m in world.admin.all("/v1/groups/%s/members" % g["id"]))}


def story_groups_of_groups_count_as_far_as_the_settings_say(world):
    """sales is in floor, floor in house, and house in sales again; and a long chain above first-floor."""
    directory = server(world)
    directory.add(slapd.group("floor", "knut") + slapd.group("house", "knut"))
    directory.add("".join(slapd.group("chain-%d" % i, "knut") for i in range(14)))
    chain = ["first-floor"] + ["chain-%d" % i for i in range(14)]
    for inner, outer in [("sales", "floor"), ("floor", "house"), ("house", "sales")] + list(zip(chain, chain[1:])):
        directory.change("dn: cn=%s,ou=groups,%s\nchangetype: modify\nadd: member\nmember: cn=%s,ou=groups,%s\n"
                         % (outer, slapd.BASE, inner, slapd.BASE))
    circle = {"sales", "floor", "house"}
    for password, settings, wanted in (
        ("nest-1", {"nested_groups": False}, {"sales", "first-floor"}),
        ("nest-2", {}, circle | set(chain[:11])),
        ("nest-3", {"nested_depth": 2}, circle | set(chain[:3])),
        ("nest-4", {"nested_most": 6, "nested_depth": 32}, circle | set(chain[:3])),
        ("nest-5", {"group_base": "cn=floor,ou=groups," + slapd.BASE}, set()),
        ("trudepw", {"nested_depth": 32}, circle | set(chain)),
    ):
        use(world, slapd.settings(world, directory.ldaps, **settings))
        directory.replace("trude", "userPassword", password)
        me(world, "trude@demo.example", password)
        equal(groups_of(world, "trude@demo.example"), wanted, "groups with %r" % settings)


def story_whoever_is_not_of_this_organisation_stays_outside(world):
    server(world)
    for name, password in (("outsider@elsewhere.example", "outsiderpw"), ("nobody@demo.example", "x"),
                           ("svc", slapd.SERVICE_PASSWORD)):
        equal(status_of(world, name, password), 401, name)


def story_empty_blank_nul_and_enormous_passwords_are_nobodys(world):
    server(world)
    for password in ("", " ", "\t", "   ", "\0", "trudepw\0", "\0trudepw", "a" * 500, "a" * 100000, "trudepw\0x"):
        got = status_of(world, "trude@demo.example", password)
        assert got in (400, 401, 413, 431), "a password of %d octets got %d" % (len(password), got)
    equal(status_of(world, "trude@demo.example", "trudepw"), 200, "the right one")


def story_filters_that_are_typed_find_nobody(world):
    server(world)
    for name in FILTERS:
        for typed in (name, name + "@demo.example", "DEMO\\" + name):
            for password in ("trudepw", "x"):
                equal(status_of(world, typed.encode().decode("latin-1"), password), 401, "%r" % typed)


def story_a_server_that_says_yes_to_everything_lets_nobody_in(world):
    need()
    yes = slapd.Yes(world)
    use(world, slapd.settings(world, yes.ldaps))
    for name in FILTERS + ["trude", "x"]:
        for password in ("trudepw", "", " ", "\0"):
            got = status_of(world, (name + "@demo.example").encode().decode("latin-1"), password)
            assert got in (400, 401), "%r with %r got %d" % (name, password, got)
    equal(len([p for p in world.admin.all("/v1/people") if p["email"].startswith("mallory")]), 0, "people made")
    assert yes.binds and not [b for b in yes.binds if b.endswith(b"\x80\x00")], "a bind without a password"
    # It is this server's word that decides about the one person it has.
    equal(status_of(world, "mallory@demo.example", ""), 401, "the one person without a password")
    yes.stop()


def story_a_wrong_certificate_is_refused_alike_and_in_the_audit_trail(world):
    need()
    folder = world.path("certificates")
    os.makedirs(folder, exist_ok=True)
    pairs = {
        "name": slapd.certificate(world, folder, "name", "DNS:another.example,IP:127.0.0.9"),
        "no-name": slapd.certificate(world, folder, "no-name", "email:a@b.example"),
        "expired": slapd.certificate(world, folder, "expired", days=0),
        "unknown": slapd.certificate(world, folder, "unknown", own=True),
    }
    before = len(record(world, "directory-failed"))
    bodies = set()
    for kind, pair in pairs.items():
        directory = slapd.Slapd(world, PEOPLE, "slapd-" + kind, pair)
        if kind == "expired":
            time.sleep(1.1)  # its last second
        for where in (directory.ldaps, directory.ldap):
            method = make(world, kind, slapd.settings(world, where))["id"]
            world.admin.patch("/v1/methods/" + STATE["method"], {"enabled": False})
            tried = try_it(world, method)
            assert not tried["works"] and "tls: no" in tried["sentence"], tried
            try:
                me(world, "trude@demo.example", "trudepw")
                raise AssertionError("let in: " + kind)
            except Refused as answer:
                bodies.add((answer.status, str(answer.body)))
            world.admin.delete("/v1/methods/" + method)
        directory.stop()
    equal(len(bodies), 1, "different answers: %r" % bodies)
    failed = record(world, "directory-failed")[before:]
    equal(len(failed), 8, "events")
    assert all("reason=untrusted" in str(e) for e in failed), failed
    world.admin.patch("/v1/methods/" + STATE["method"], {"enabled": True})


def story_a_directory_that_is_down_or_silent_ends_in_time(world):
    need()
    silent = slapd.Silent()
    dripping = slapd.Silent(b"\x16\x03\x03\x40\x00" + b"\x02" * 400)
    dead = slapd.free_ports(1)[0]
    for where in ("ldaps://127.0.0.1:%d" % silent.port, "ldap://127.0.0.1:%d" % silent.port,
                  "ldaps://127.0.0.1:%d" % dripping.port, "ldap://127.0.0.1:%d" % dripping.port,
                  "ldaps://127.0.0.1:%d" % dead):
        use(world, slapd.settings(world, where, timeout_ms=1000))
        started = time.monotonic()
        equal(status_of(world, "knut@demo.example", "knutpw"), 503, where)
        assert time.monotonic() - started < 5, "%s took %.1f s" % (where, time.monotonic() - started)
    silent.stop()
    dripping.stop()
    # Whoever has a password of ours is not kept out by it.
    equal(me(world, "ada@demo.example", demo_world.PASSWORD)["email"], "ada@demo.example", "who has a password here")


def story_the_next_server_is_asked_where_the_first_is_down(world):
    directory = server(world)
    dead = "ldaps://127.0.0.1:%d" % slapd.free_ports(1)[0]
    use(world, slapd.settings(world, dead, directory.ldaps))
    equal(status_of(world, "knut@demo.example", "knutpw"), 200, "knut")


def story_a_password_of_ours_counts_as_far_as_the_settings_say(world):
    """Knut is the directory's, and has a password of ours; the emergency account is ours alone."""
    directory = server(world)
    ours = "a password of ours"
    use(world, slapd.settings(world, directory.ldaps))
    me(world, "knut@demo.example", "knutpw")
    world.admin.put("/v1/people/%s/password" % person_of(world, "knut@demo.example")["id"], {"password": ours})
    emergency = world.admin.post("/v1/people", {"email": "emergency@demo.example", "name": "Glass", "role": "administrator"})
    world.admin.put("/v1/people/%s/password" % emergency["id"], {"password": ours})
    dead = "ldaps://127.0.0.1:%d" % slapd.free_ports(1)[0]
    for fallback, where, theirs, wanted, wrong in (
        (None, directory.ldaps, 200, 401, 401), (None, dead, 503, 503, 503), ("no", directory.ldaps, 200, 401, 401),
        ("when-down", directory.ldaps, 200, 401, 401), ("when-down", dead, 503, 200, 503),
        ("when-down", directory.ldaps, 200, 401, 401), ("always", dead, 401, 200, 401), ("no", dead, 503, 503, 503),
    ):
        more = {"fallback": fallback} if fallback else {}
        use(world, slapd.settings(world, where, timeout_ms=1000, **more))
        name = "fallback %s, %s" % (fallback, "down" if where == dead else "up")
        equal(status_of(world, "knut@demo.example", ours), wanted, "ours with " + name)
        equal(status_of(world, "knut@demo.example", "wrong"), wrong, "a wrong one with " + name)
        equal(status_of(world, "nobody@demo.example", "wrong"), 503 if where == dead else 401, "nobody with " + name)
        # A password that was verified is believed for a minute.
        if where != dead:
            equal(status_of(world, "knut@demo.example", "knutpw"), theirs, "theirs with " + name)
        equal(status_of(world, "emergency@demo.example", ours), 200, "the emergency account with " + name)
    world.admin.patch("/v1/methods/" + STATE["method"], {"enabled": False})
    equal(status_of(world, "knut@demo.example", ours), 200, "ours where the method is switched off")
    world.admin.patch("/v1/methods/" + STATE["method"], {"enabled": True})


def story_an_address_that_is_not_allowed_is_not_connected_to(world):
    server(world)
    method = use(world, slapd.settings(world, "ldaps://169.254.169.254:636", timeout_ms=1000))
    tried = try_it(world, method)
    assert not tried["works"] and "connect: no" in tried["sentence"], tried


def story_the_same_through_the_agent(world):
    directory = server(world)
    world.programs.wait_agent()
    agent = world.admin.all("/v1/agents")[0]["name"]
    method = use(world, slapd.settings(world, directory.ldaps, agent=agent))
    tried = try_it(world, method)
    assert tried["works"], tried
    directory.replace("trude", "userPassword", "trudepw2")
    equal(status_of(world, "trude@demo.example", "trudepw2"), 200, "the right password")
    equal(status_of(world, "trude@demo.example", "trudepw3"), 401, "a wrong one")
    for name in FILTERS[:10]:
        equal(status_of(world, name + "@demo.example", "trudepw2"), 401, name)
    for program in ("service", "agent", "keeper"):
        with open(world.programs.log(program), encoding="utf-8", errors="replace") as file:
            log = file.read()
        for secret in ("trudepw2", "trudepw3", slapd.SERVICE_PASSWORD):
            assert secret not in log, "%s is in the log of the %s" % (secret, program)


def open_session(world, **body):
    """Signs in to a page; the status, and who it is."""
    headers = {"Content-Type": "application/json"}
    status, _, content = Elsewhere(world).request("POST", "/v1/sessions", json.dumps(body).encode(), headers)
    return status, json.loads(content)


def story_domain_and_user_name_open_a_session(world):
    directory = server(world)
    use(world, slapd.settings(world, directory.ldaps, domains=["EXAMPLE"]))
    trude = person_of(world, "trude@demo.example")["id"]
    for name in ("EXAMPLE\\trude", "example\\TRUDE", "trude@demo.example"):
        status, opened = open_session(world, email=name, company_code=demo_world.COMPANY_CODE, password="trudepw2")
        equal((status, opened.get("person")), (201, trude), name)
    for name, password in (("OTHER\\trude", "trudepw2"), ("EXAMPLE\\trude", "trudepw"), ("EXAMPLE\\*", "trudepw2"),
                           ("EXAMPLE\\", "trudepw2"), ("EXAMPLE\\trude", "")):
        status, _ = open_session(world, email=name, company_code=demo_world.COMPANY_CODE, password=password)
        assert status in (400, 401), "%s with %s got %d" % (name, password, status)


def curl(world, user):
    """The status and the answer, by a real client that writes Basic credentials in its own way."""
    url = "https://localhost:%d/v1/me" % world.ports["service"]
    done = subprocess.run(["curl", "-sS", "--cacert", world.programs.authority(), "-u", user, "-w", "\n%{http_code}", url],
                          capture_output=True, text=True, check=True, timeout=30)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


def ipptool(world, user, password):
    """Whether a real print client is let in."""
    if shutil.which("ipptool") is None:
        skip("ipptool is not installed (package cups-ipp-utils)")
    test = world.path("validate.test")
    with open(test, "w", encoding="utf-8") as file:
        file.write("{\nNAME \"validate\"\nOPERATION Validate-Job\nGROUP operation-attributes-tag\n"
                   "ATTR charset attributes-charset utf-8\nATTR language attributes-natural-language en\n"
                   "ATTR uri printer-uri $uri\nSTATUS successful-ok\n}\n")
    address = "ipps://%s:%s@localhost:%d/ipp/print/%s/pull" % (quote(user, safe=""), quote(password, safe=""),
                                                              world.ports["service"], demo_world.TENANT)
    # libcups remembers certificates by the name of a host: a home of its own, so that no other world's counts.
    done = subprocess.run(["ipptool", "-t", address, test], env=dict(os.environ, HOME=world.folder), capture_output=True,
                          text=True, check=False, timeout=60)
    return done.returncode == 0


def story_curl_and_ipptool_bring_domain_and_user_name(world):
    """Over the API the company code stands before it, for a domain's short name is nobody's alone."""
    directory = server(world)
    use(world, slapd.settings(world, directory.ldaps, domains=["EXAMPLE"]))
    code = demo_world.COMPANY_CODE
    for name in (code + "\\EXAMPLE\\trude", code + "\\example\\TRUDE", code + "\\trude"):
        status, answer = curl(world, name + ":trudepw2")
        equal((status, answer.get("person", {}).get("email")), (200, "trude@demo.example"), name)
    for user in (code + "\\OTHER\\trude:trudepw2", code + "\\EXAMPLE\\trude:wrong", code + "\\EXAMPLE\\*:trudepw2",
                 "EXAMPLE\\trude:trudepw2", code + "\\EXAMPLE\\trude:"):
        equal(curl(world, user)[0], 401, user)
    for name, password, wanted in (("EXAMPLE\\trude", "trudepw2", True), ("example\\TRUDE", "trudepw2", True),
                                   ("EXAMPLE\\trude", "wrong", False), ("OTHER\\trude", "trudepw2", False)):
        equal(ipptool(world, name, password), wanted, "%s with %s" % (name, password))


def story_many_who_try_at_once_do_not_keep_others_from_signing_in(world):
    server(world)
    silent = slapd.Silent()
    use(world, slapd.settings(world, "ldaps://127.0.0.1:%d" % silent.port, timeout_ms=3000))
    with ThreadPoolExecutor(24) as pool:
        tries = [pool.submit(status_of, world, "many-%d@demo.example" % i, "x") for i in range(24)]
        started = time.monotonic()
        equal(me(world, "ada@demo.example", demo_world.PASSWORD)["email"], "ada@demo.example", "meanwhile")
        assert time.monotonic() - started < 2, "who has a password here waited for %.1f s" % (time.monotonic() - started)
        got = {t.result() for t in tries}
    equal(got, {503}, "what they are told")
    silent.stop()


def story_a_print_client_brings_the_password_of_the_directory(world):
    use(world, slapd.settings(world, server(world).ldaps))
    queue = world.ipp("pull", "trude@demo.example", "trudepw2")
    queue.print_job(pdf("by ipp"))
    jobs = world.api("trude@demo.example", "trudepw2").jobs(state="held")
    equal(len(jobs), 1, "jobs held")


def story_an_unknown_badge_is_looked_up_and_releases(world):
    directory = server(world)
    agent = world.admin.all("/v1/agents")[0]["name"]
    use(world, slapd.settings(world, directory.ldaps, agent=agent, onboard_cards=True))
    before = len(record(world, "badge-unknown"))
    world.swipe("lobby", LATE.upper())
    wait_until(lambda: any(p["email"] == "jutta@demo.example" for p in world.admin.all("/v1/people")),
               "jutta is imported", 20, 0.05)
    equal(len(record(world, "badge-unknown")), before, "it is no unknown badge")
    world.api("jutta@demo.example", "juttapw").submit(pdf("jutta's"))
    world.swipe("lobby", LATE.upper())
    world.wait_paper("lobby")
    world.swipe("lobby", "04ffffff01")
    world.wait_event("badge-unknown")


def story_whoever_is_gone_from_the_directory_cannot_use_his_badge(world):
    directory = server(world)
    agent = world.admin.all("/v1/agents")[0]["name"]
    strict = slapd.settings(world, directory.ldaps, agent=agent, still_exists=True, still_exists_minutes=0)
    use(world, strict)
    job = world.api("jutta@demo.example", "juttapw").submit(pdf("jutta's second"))
    papers = len(world.paper("lobby"))
    world.swipe("lobby", LATE.upper())
    world.wait_paper("lobby", papers + 1)
    papers += 1
    job = world.api("jutta@demo.example", "juttapw").submit(pdf("jutta's third"))
    directory.remove("jutta")
    world.swipe("lobby", LATE.upper())
    event = world.wait_event("badge-refused")
    assert "not-in-directory" in str(event), event
    # Down: refused where nothing is said, allowed within the hours that the administrator gives.
    directory.add(slapd.person("jutta", card=LATE))
    use(world, dict(strict, servers=["ldaps://127.0.0.1:%d" % slapd.free_ports(1)[0]], timeout_ms=1000))
    world.swipe("lobby", LATE.upper())
    event = world.wait_event("badge-refused")
    assert "directory-down" in str(event), event
    use(world, dict(strict, servers=["ldaps://127.0.0.1:%d" % slapd.free_ports(1)[0]], timeout_ms=1000,
                    when_down_hours=1))
    world.swipe("lobby", LATE.upper())
    world.wait_paper("lobby", papers + 1)
    assert job["id"]


def synchronise(world, method, dry):
    begun = world.admin.post("/v1/methods/%s/synchronisations" % method, {"dry_run": dry})
    path = "/v1/methods/%s/synchronisations/%s" % (method, begun["id"])

    def over():
        found = world.admin.get(path)
        return found if found["outcome"] != "under-way" else None

    return wait_until(over, "the synchronisation", 30, 0.05)


def story_everybody_is_synchronised(world):
    directory = server(world)
    agent = world.admin.all("/v1/agents")[0]["name"]
    for where in (None, agent):
        more = {"agent": where} if where else {}
        method = use(world, slapd.settings(world, directory.ldaps, page=2, **more))
        tag = "a" if where else "d"
        directory.add("".join(slapd.person("sync-%s%d" % (tag, i)) for i in range(7)))
        before = {p["email"] for p in world.admin.all("/v1/people")}
        tried = synchronise(world, method, True)
        equal(tried["outcome"], "done", "the trial")
        assert "made sync-%s0@demo.example" % tag in tried["lines"], tried
        equal({p["email"] for p in world.admin.all("/v1/people")}, before, "people after a trial")
        done = synchronise(world, method, False)
        equal((done["outcome"], done["made"]), ("done", tried["made"]), "the real one")
        after = {p["email"] for p in world.admin.all("/v1/people")}
        assert {"sync-%s%d@demo.example" % (tag, i) for i in range(7)} <= after, after
        again = synchronise(world, method, False)
        equal((again["made"], again["changed"], again["disabled"]), (0, 0, 0), "nothing changes twice")


def story_groups_of_the_directory_give_roles_and_take_them_back(world):
    """At a sign-in and with a synchronisation."""
    directory = server(world)
    directory.add(slapd.group("print-admins", "knut") + slapd.group("desk", "hanna"))
    roles = {"print-admins": "administrator", "desk": "help-desk"}
    method = use(world, slapd.settings(world, directory.ldaps, roles=roles))

    def member(group, who, verb):
        directory.change("dn: cn=%s,ou=groups,%s\nchangetype: modify\n%s: member\nmember: uid=%s,ou=people,%s\n"
                         % (group, slapd.BASE, verb, who, slapd.BASE))

    def role(email):
        person = person_of(world, email)
        equal(person["role_from_groups"], person["role"] != "person", "where it is from")
        return person["role"]

    synchronise(world, method, True)
    equal(role("knut@demo.example"), "person", "the role after a trial")
    synchronise(world, method, False)
    equal((role("knut@demo.example"), role("hanna@demo.example")), ("administrator", "help-desk"), "after a synchronisation")
    directory.replace("knut", "userPassword", "admin-pw")
    knut = Api(Elsewhere(world), "knut@demo.example", "admin-pw")
    knut.all("/v1/agents")
    # Out of the group, in by another sign-in, and out by a synchronisation.
    directory.add(slapd.person("guard"))
    member("print-admins", "guard", "add")
    member("print-admins", "knut", "delete")
    directory.replace("knut", "userPassword", "no-admin-pw")
    me(world, "knut@demo.example", "no-admin-pw")
    equal(role("knut@demo.example"), "person", "after a sign-in without the group")
    try:
        knut.all("/v1/agents")
        raise AssertionError("somebody who is in no group any more does as an administrator")
    except Refused as answer:
        assert answer.status in (401, 403), answer
    member("desk", "hanna", "replace")
    member("desk", "knut", "add")
    member("desk", "hanna", "delete")
    synchronise(world, method, False)
    equal((role("hanna@demo.example"), role("knut@demo.example")), ("person", "help-desk"), "after another synchronisation")
    words = [e["detail"] for e in record(world, "person-changed") if "by=groups" in (e["detail"] or "")]
    assert len([w for w in words if "role=administrator" in w]) >= 1 and all(method in w for w in words), words
    # Without the setting, nobody has a role of the method's.
    use(world, slapd.settings(world, directory.ldaps))
    synchronise(world, method, False)
    equal(role("knut@demo.example"), "person", "when no group gives a role")


def person_of(world, email):
    return next(p for p in world.admin.all("/v1/people") if p["email"] == email)


def story_who_is_removed_or_switched_off_is_disabled_and_comes_back(world):
    directory = server(world)
    method = use(world, slapd.settings(world, directory.ldaps, sync_brake_percent=50))
    directory.remove("sync-d0")
    directory.replace("sync-d1", "userAccountControl", "514")
    done = synchronise(world, method, False)
    equal(done["disabled"], 2, "disabled")
    equal([person_of(world, "sync-d%d@demo.example" % i)["disabled"] for i in (0, 1, 2)], [True, True, False], "who")
    equal(status_of(world, "sync-d1@demo.example", "sync-d1pw"), 401, "who is switched off")
    directory.replace("sync-d1", "userAccountControl", "512")
    done = synchronise(world, method, False)
    equal(done["enabled"], 1, "enabled")
    equal(status_of(world, "sync-d1@demo.example", "sync-d1pw"), 200, "who is back")


def story_a_synchronisation_that_would_disable_many_is_braked(world):
    directory = server(world)
    method = use(world, slapd.settings(world, directory.ldaps, base="ou=groups," + slapd.BASE))
    done = synchronise(world, method, False)
    equal((done["outcome"], done["disabled"]), ("braked", 0), "an empty directory")
    method = use(world, slapd.settings(world, "ldaps://127.0.0.1:%d" % slapd.free_ports(1)[0], timeout_ms=1000))
    done = synchronise(world, method, False)
    equal((done["outcome"], done["disabled"]), ("failed", 0), "a directory that is down")
    assert "outcome=braked" in str(record(world, "directory-synchronised")), "the event"


def story_the_command_line_adds_tries_and_synchronises(world):
    directory = server(world)
    path = world.path("directory.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(slapd.settings(world, directory.ldaps), file)
    command = CommandLine(world, "directory")
    command.login(demo_world.ADMINISTRATOR)
    command.run("directory", "add", path, "--title", "By-hand", typed=slapd.SERVICE_PASSWORD + "\n")
    assert "By-hand" in command.run("directory", "list")[0], "the list"
    assert "It works." in command.run("directory", "try", "By-hand")[0], "the trial"
    assert "done" in command.run("directory", "sync", "By-hand", "--dry-run")[0], "the synchronisation"
    command.run("directory", "delete", "By-hand", "--yes")
    command.run("directory", "try", "By-hand", expect=REFUSED)


def story_who_guesses_learns_from_no_clock_whether_there_is_an_account(world):
    directory = server(world)
    use(world, slapd.settings(world, directory.ldaps))
    times = {"trude@demo.example": [], "nobody@demo.example": []}
    for _ in range(15):
        for name, spent in times.items():
            started = time.monotonic()
            equal(status_of(world, name, "wrong"), 401, name)
            spent.append(time.monotonic() - started)
    medians = [statistics.median(spent) for spent in times.values()]
    # On a machine that does other things, too, a part of what it takes.
    assert abs(medians[0] - medians[1]) < max(0.02, medians[0] / 2), medians


def still_there(world, secrets):
    return ["%s of %s: %s (%r)" % (coding, what, where, around) for what, value in secrets.items() for program in ("service", "agent", "keeper")
            for coding, where, around in memory.find(world.programs[program].pid, value)]


def story_no_password_stays_in_memory(world):
    """By HTTP Basic, JSON and IPP, right and wrong, our own and the directory's, asked by the service and by the agent."""
    directory = server(world)
    world.programs.wait_agent()
    if not memory.readable(world.programs["service"].pid):
        skip("only root sees the memory of these programs")
    secrets = {what: letters(48) for what in ("ours", "the directory's", "the agent's", "a wrong one")}
    # The search finds what is there.
    assert memory.find(os.getpid(), secrets["ours"]), "nothing is found"
    remnant = world.admin.post("/v1/people", {"email": "remnant@demo.example", "name": "Remnant", "role": "person"})["id"]
    first = letters(20)
    world.admin.put("/v1/people/%s/password" % remnant, {"password": first})
    # A print queue takes a password only from whoever set it himself.
    Api(Elsewhere(world), "remnant@demo.example", first).put("/v1/people/me/password", {"password": secrets["ours"]})

    def sign_in(email, password, expect):
        equal(status_of(world, email, password), expect, "Basic")
        status, _ = open_session(world, email=email, password=password)
        equal(status, 201 if expect == 200 else 401, "JSON")

    sign_in("remnant@demo.example", secrets["ours"], 200)
    world.ipp("pull", "remnant@demo.example", secrets["ours"]).print_job(pdf("remnant"), "remnant")
    for where, what in ((None, "the directory's"), (world.admin.all("/v1/agents")[0]["name"], "the agent's")):
        use(world, slapd.settings(world, directory.ldaps, **({"agent": where} if where else {})))
        directory.replace("trude", "userPassword", secrets[what])
        sign_in("trude@demo.example", secrets[what], 200)
        sign_in("trude@demo.example", secrets["a wrong one"], 401)
    wait_until(lambda: not still_there(world, secrets), "no password in memory: %s" % still_there(world, secrets), 10, 0.5)


def story_no_password_of_a_directory_lies_on_a_disk(world):
    server(world)
    secrets = [s.encode() for s in (slapd.SERVICE_PASSWORD + '"', "trudepw2", "trudepw3", "juttapw")]
    files = [world.programs.log(p) for p in ("service", "agent", "keeper")]
    for folder in ("service", "agent", "keeper"):
        for root, _, names in os.walk(world.path(folder)):
            files += [os.path.join(root, name) for name in names]
    assert len(files) > 6, files
    for path in files:
        with open(path, "rb") as file:
            octets = file.read()
        for secret in secrets:
            assert secret not in octets, "%s in %s" % (secret, path)


def story_the_directory_ends(world):
    if "slapd" in STATE:
        STATE["slapd"].stop()
