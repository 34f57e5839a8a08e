# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Active Directory, by real domain controllers (Samba): nested groups, primary groups, domains that trust each other, and
how each of their people signs in."""

from harness import samba
from harness.client import Api, Refused
from harness.process import wait_until
from harness.story import equal, skip

SETTINGS = {
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
        domain.start()
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
    person = next(p for p in world.admin.all("/v1/people") if p["email"] == email)
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


def story_the_domain_ends(world):
    for name in ("corp", "partner"):
        if name in STATE:
            STATE[name].stop()
