# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Active Directory, by real domain controllers (Samba): nested groups, primary groups, domains that trust each other, and
how each of their people signs in."""

import json

from harness import demo_world, samba
from harness.command_line import CommandLine
from harness.client import Api, Refused
from harness.process import wait_until
from harness.story import equal, skip

SETTINGS = {
    "agent": {"directory.allow": "127.0.0.0/8"},
    "service": {"directory.allow": "127.0.0.0/8", "sign-in.guess_pause": "1s", "sign-in.password_wrong_max": 100,
                "sign-in.password_cache": "0s"},
}
PASSWORD = "Passw0rd.of.%s"
STATE = {}


def corp(world):
    """The domain of this file, with its people; started by the first story that needs it."""
    if not samba.present():
        skip("samba is not installed, or may not be started")
    if "corp" not in STATE:
        STATE["addresses"] = samba.addresses(2)
        domain = samba.Samba(world, "corp.example", "CORP", STATE["addresses"][0])
        partner = samba.Samba(world, "partner.example", "PARTNER", STATE["addresses"][1])
        domain.trust(partner)
        domain.trust(Stranger("LETSUSIN", "lets-us-in.example"), direction=1)
        domain.start()
        STATE["partner"] = partner
        people = "".join(domain.user(name, PASSWORD % name, mail=name + "@demo.example", displayName=name.title(),
                                     department="Forschung", employeeNumber="04c1c2c30%d" % i)
                         for i, name in enumerate(("trude", "hanna", "knut")))
        # hanna is in first-floor, which is in building, which is in site, which is in first-floor again.
        groups = "".join([domain.group("site"), domain.group("building"), domain.group("first-floor", "hanna"),
                          domain.group("payroll", "trude"), domain.group("finance", "payroll"),
                          domain.group("everyone-here", "Domain Users")])
        domain.add(people + groups)
        for outer, inner in (("building", "first-floor"), ("site", "building"), ("first-floor", "site")):
            domain.change("dn: %s\nchangetype: modify\nadd: member\nmember: %s\n" % (domain.dn(outer), domain.dn(inner)))
        STATE["corp"] = domain
    return STATE["corp"]


class Stranger:
    """A domain that only the other one trusts."""

    def __init__(self, name, dns):
        self.name, self.dns = name, dns


def partner_of(world):
    """The domain that CORP trusts, started by the first story that asks it."""
    corp(world)
    domain = STATE["partner"]
    if "partner-runs" not in STATE:
        domain.start()
        # Two domains have a "trude"; each has her own password.
        domain.add("".join(domain.user(name, PASSWORD % ("partner-" + name), mail=name + "@partner.example",
                                       displayName="Partner " + name.title()) for name in ("eve", "trude", "carl")))
        domain.add(domain.group("visitors", "eve") + domain.group("all-visitors", "visitors"))
        STATE["partner-runs"] = True
    return domain


def of_both(world, **more):
    """Settings with which both domains can be asked: no name of theirs is in any DNS here."""
    partner = partner_of(world)
    return corp(world).settings(domain_servers={"PARTNER": partner.ldaps},
                                mail_domains=["demo.example", "partner.example"], **more)


def open_session(world, name, password):
    body = json.dumps({"email": name, "password": password, "company_code": demo_world.COMPANY_CODE}).encode()
    status, _, content = world.connection.request("POST", "/v1/sessions", body, {"Content-Type": "application/json"})
    return status, json.loads(content).get("person")


def person_of(world, email):
    return next((p for p in world.admin.all("/v1/people") if p["email"] == email), None)


def use(world, settings):
    """The one method of this world has these settings from now on; its id."""
    if "method" not in STATE:
        STATE["method"] = world.admin.post("/v1/methods", {"kind": "ldap", "title": "Corp", "settings": settings,
                                                          "secret": samba.SERVICE_PASSWORD, "enabled": True})["id"]
    else:
        world.admin.patch("/v1/methods/" + STATE["method"], {"settings": settings})
    return STATE["method"]


def me(world, name, password):
    return Api(world.connection, name, password).get("/v1/me")["person"]


def status_of(world, name, password):
    try:
        me(world, name, password)
        return 200
    except Refused as answer:
        return answer.status


def groups_of(world, email):
    person = person_of(world, email)
    return {g["name"] for g in world.admin.all("/v1/groups")
            if any(m["person"] == person["id"] for m in world.admin.all("/v1/groups/%s/members" % g["id"]))}


def synchronise(world, method):
    begun = world.admin.post("/v1/methods/%s/synchronisations" % method, {"dry_run": False})
    path = "/v1/methods/%s/synchronisations/%s" % (method, begun["id"])

    def over():
        found = world.admin.get(path)
        return found if found["outcome"] != "under-way" else None

    return wait_until(over, "the synchronisation", 30, 0.05)


def story_people_of_a_real_domain_sign_in(world):
    domain = corp(world)
    method = use(world, domain.settings())
    tried = world.admin.call("POST", "/v1/methods/%s/try" % method)
    assert tried["works"], tried
    person = me(world, "hanna@demo.example", PASSWORD % "hanna")
    equal((person["email"], person["name"]), ("hanna@demo.example", "Hanna"), "who it is")
    equal(status_of(world, "hanna@demo.example", PASSWORD % "trude"), 401, "a wrong password")


def story_groups_of_groups_and_the_primary_group_count(world):
    corp(world)
    me(world, "trude@demo.example", PASSWORD % "trude")
    # In Domain Users is everybody by his primary group, which no memberOf says; Users is the built-in one around it.
    for email, wanted in (("hanna@demo.example", {"first-floor", "building", "site"}),
                          ("trude@demo.example", {"payroll", "finance"})):
        equal(groups_of(world, email), wanted | {"Domain Users", "everyone-here", "Users"}, "groups of " + email)


def story_a_synchronisation_finds_the_same_groups(world):
    domain = corp(world)
    before = {email: groups_of(world, email) for email in ("hanna@demo.example", "trude@demo.example")}
    done = synchronise(world, use(world, domain.settings(page=2)))
    equal((done["outcome"], done["changed"], done["disabled"]), ("done", 0, 0), "what it changed")
    for email, groups in before.items():
        equal(groups_of(world, email), groups, "groups of " + email)
    assert {"everyone-here", "Domain Users"} <= groups_of(world, "knut@demo.example")


def story_nesting_can_be_limited_and_switched_off(world):
    domain = corp(world)
    for settings, wanted in (({"nested_groups": False}, {"first-floor"}),
                             ({"nested_depth": 1}, {"first-floor", "building", "Domain Users", "everyone-here", "Users"})):
        # A list climbs; one person's chain is asked of the domain controller as a whole.
        done = synchronise(world, use(world, domain.settings(**settings)))
        equal(done["outcome"], "done", "the synchronisation")
        equal(groups_of(world, "hanna@demo.example"), wanted, "groups with %r" % settings)


def story_the_domains_are_found_and_listed(world):
    method = use(world, of_both(world, still_exists=True))
    path = "/v1/methods/%s/domains" % method
    equal(world.admin.get(path)["found"], None, "when they were found")
    for listed in (world.admin.call("POST", path), world.admin.get(path)):
        equal(listed["mode"], "automatic", "the mode")
        assert listed["found"], listed
        equal([(d["name"], d["dns"], d["base"], d["url"], d["origin"], d["used"]) for d in listed["items"]],
              [("CORP", "corp.example", corp(world).base, corp(world).ldaps + ":636", "own", True),
               ("PARTNER", "partner.example", STATE["partner"].base, STATE["partner"].ldaps + ":636", "trust", True)],
              "the domains, without the one that only trusts us")
    records = [r for r in world.admin.all("/v1/audit/records") if r["event"] == "method-looked-around"]
    equal(len(records), 1, "records")
    command = CommandLine(world, "domains")
    command.login(demo_world.ADMINISTRATOR)
    shown = command.run("directory", "domains", "Corp", "--refresh")[0]
    assert "PARTNER" in shown and STATE["partner"].ldaps in shown, shown


def story_who_names_a_domain_is_asked_for_there(world):
    world.programs.wait_agent()
    for more in ({}, {"agent": world.admin.all("/v1/agents")[0]["name"]}):
        tag = "agent" if more else "directly"
        # Nobody asked for the list: the first one who signs in does.
        method = use(world, of_both(world, timeout_ms=5001 if more else 5002, **more))
        for name in ("PARTNER\\trude", "partner.example\\TRUDE", "trude@partner.example"):
            status, person = open_session(world, name, PASSWORD % "partner-trude")
            equal((status, person), (201, (person_of(world, "trude@partner.example") or {}).get("id")), name + " " + tag)
        for name in ("CORP\\trude", "corp.example\\trude", "trude@corp.example", "trude@demo.example"):
            status, person = open_session(world, name, PASSWORD % "trude")
            equal((status, person), (201, person_of(world, "trude@demo.example")["id"]), name + " " + tag)
        for name, password in (("PARTNER\\trude", "trude"), ("CORP\\trude", "partner-trude"), ("CORP\\eve", "partner-eve"),
                               ("LETSUSIN\\trude", "trude"), ("NOWHERE\\trude", "trude"), ("PARTNER\\*", "partner-trude"),
                               ("PARTNER\\CORP\\trude", "trude"), ("PARTNER\\", "partner-trude"),
                               ("trude@lets-us-in.example", "trude")):
            equal(open_session(world, name, PASSWORD % password)[0], 401, name + " " + tag)
        assert world.admin.get("/v1/methods/%s/domains" % method)["found"], "the list is kept"


def story_groups_give_roles_to_people_of_the_own_domain_alone(world):
    """hanna's group stands in another one that gives the role; Domain Users are there in both domains."""
    def role(email):
        return person_of(world, email)["role"]

    use(world, of_both(world, roles={"site": "help-desk"}))
    equal(open_session(world, "CORP\\hanna", PASSWORD % "hanna")[0], 201, "hanna")
    equal(role("hanna@demo.example"), "help-desk", "by a group of a group of a group")
    use(world, of_both(world, roles={"Domain Users": "analyst"}))
    for name, password, email, wanted in (("CORP\\trude", "trude", "trude@demo.example", "analyst"),
                                          ("PARTNER\\trude", "partner-trude", "trude@partner.example", "person")):
        equal(open_session(world, name, PASSWORD % password)[0], 201, name)
        equal(role(email), wanted, "the role of " + name)
    synchronise(world, use(world, of_both(world)))
    equal((role("hanna@demo.example"), role("trude@demo.example")), ("person", "person"), "when no group gives one")


def story_what_the_other_domain_says_is_taken_from_there(world):
    use(world, of_both(world))
    equal(open_session(world, "PARTNER\\eve", PASSWORD % "partner-eve")[0], 201, "eve")
    equal(person_of(world, "eve@partner.example")["name"], "Partner Eve", "her name")
    equal(groups_of(world, "eve@partner.example"), {"visitors", "all-visitors", "Domain Users", "Users"}, "her groups")
    # The account that looks people up is told to its own domain alone.
    with open(STATE["partner"].log, encoding="utf-8", errors="replace") as file:
        assert "svc" not in file.read(), "the other domain was asked with the account of this one"


def story_a_synchronisation_leaves_people_of_other_domains_alone(world):
    method = use(world, of_both(world, sync_brake_percent=100))
    done = synchronise(world, method)
    equal((done["outcome"], done["disabled"]), ("done", 0), "whom it disabled")
    equal(person_of(world, "eve@partner.example")["disabled"], False, "eve")


def story_the_administrator_picks_domains(world):
    method = use(world, of_both(world, domains=["CORP"]))
    listed = world.admin.call("POST", "/v1/methods/%s/domains" % method)
    equal((listed["mode"], [d["used"] for d in listed["items"]]), ("manual", [True, False]), "the list")
    for name in ("PARTNER\\carl", "carl@partner.example"):
        equal(open_session(world, name, PASSWORD % "partner-carl")[0], 401, name)
    equal(person_of(world, "carl@partner.example"), None, "carl")
    equal(open_session(world, "CORP\\knut", PASSWORD % "knut")[0], 201, "knut")
    use(world, of_both(world, domains=["CORP", "partner.example"]))
    equal(open_session(world, "PARTNER\\carl", PASSWORD % "partner-carl")[0], 201, "carl, when his domain is picked")


def story_a_domain_that_is_not_to_be_connected_to_is_not(world):
    """The list may name any host: where to connect to is for the operator to say."""
    use(world, dict(of_both(world), domain_servers={"PARTNER": "ldaps://169.254.169.254"}))
    equal(open_session(world, "PARTNER\\eve", PASSWORD % "partner-eve!")[0], 503, "eve")
    use(world, dict(of_both(world), domain_servers={}, timeout_ms=1500))
    equal(open_session(world, "PARTNER\\eve", PASSWORD % "partner-eve!")[0], 503, "a name that nothing resolves")


def story_the_domain_ends(world):
    for name in ("corp", "partner"):
        if name in STATE and (name == "corp" or "partner-runs" in STATE):
            STATE[name].stop()
