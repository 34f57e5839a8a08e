# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Things that take more than a request to make: an authenticator, a mailbox, a badge that nobody knows, an agent."""

import re
import sqlite3
import time
import uuid

from . import demo_world as demo
from .authenticator import Authenticator, Browser
from .client import Api
from .documents import pdf
from .pages import Page

PEOPLE = ("person", "help-desk", "analyst", "site-administrator", "administrator", "operator")


def make_passkey(page):
    """A new passkey of whoever is signed in on the page."""
    asked = page.call("POST", "/v1/sessions/current/challenge", expect=201)
    made = Browser(page.origin).create(Authenticator(asked["site"]), asked["challenge"])
    return page.call("POST", "/v1/people/me/passkeys", {"label": "matrix", **made}, 201)["id"]


def forget_guesses(world):
    """As if an hour had passed: so much comes from one source here."""
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("DELETE FROM guess")


def refuse_deposit(world, agent, door="lpd"):
    """As if that agent had brought something that the service would not have; the stories of the doors do it in earnest."""
    deposit, now = uuid.uuid4(), int(time.time() * 1000)
    with sqlite3.connect(world.path("service", "imprimatur.db"), timeout=30) as database:
        database.execute("INSERT INTO refused_deposit (tenant_id, id, agent_id, door, reason, queue, client, user_name, octets, is_discarded, made_ms, refused_ms, until_ms)"
                         " SELECT tenant_id, ?, id, ?, 'submitter-unknown', 'pull', '192.0.2.7', 'nobody', 1, 0, ?, ?, ? FROM agent WHERE id = ?",
                         (deposit.bytes, door, now, now, now + 86_400_000, uuid.UUID(agent).bytes))
    return str(deposit)


def register(world, relay, admin, domain):
    """Somebody who showed that he reads a mailbox, and waits for the administrator's word."""
    email = "r%s@%s" % (uuid.uuid4().hex[:16], domain)
    nobody = Api(world.connection)
    forget_guesses(world)
    nobody.post("/v1/registrations", {"email": email})
    code = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", relay.wait(email).text).group(0)
    nobody.post("/v1/registrations/confirm", {"code": code, "password": demo.PASSWORD})
    return next(r["id"] for r in admin.all("/v1/registrations") if r["email"] == email)


def begin_move(world, owner, to, company_code):
    """A device of the owner's that is about to go to another tenant: who it is, and the move."""
    device = Api(world.connection, token=owner.post("/v1/tokens", {"label": "matrix", "kind": "print"})["token"])
    forget_guesses(world)
    return device, device.post("/v1/devices/moves", {"email": to, "company_code": company_code})["id"]


def claim_badge(agent, owner):
    """Nobody's badge, shown at a reader and claimed by the owner."""
    reader, printer = agent.reader()
    shown = agent.swipe(reader, uuid.uuid4().hex[:14].upper())
    assert shown["result"] == "enrol", shown
    return owner.post("/v1/badge-enrolments", {"printer": printer})["id"]


class HardThings:
    """The part of the matrix that makes them. It has: world, admin, make_person(), other, roles, owner_of(), relay."""

    def api_of(self, who):
        api = Api(self.world.connection)
        api.authorization = self.maker_of(who).authorization
        return api

    # ---- passkeys --------------------------------------------------------------------------------------------

    def with_passkey(self, who):
        """Somebody of that role with a passkey, who asks on a page, since the password alone opens nothing any more:
        (who asks, whose it is, the passkey); None where there is none of that role."""
        if who.role not in (*PEOPLE, "half", "stale", "delegate", "print-token"):
            return None
        made = self.make(who.role if who.role != "half" else "stale")
        owner = getattr(made, "owner", made)
        page = Page(self.world.connection)
        page.sign_in(owner.email, demo.PASSWORD)
        passkey = make_passkey(page)
        if who.role in (*PEOPLE, "stale"):
            made.page, made.authorization = page, None
        if who.role == "half":
            made.role = "half"
            self.sign_in(made)
        if who.role == "stale":
            self.set_back(made)
        return made, owner.person, passkey

    def passkey_of_other(self, role="person", admin=None, domain="demo.example"):
        """Whose it is, the passkey, and the page he made it on."""
        owner = self.make_person("operator" if role == "operator" else "person", admin, domain)
        page = Page(self.world.connection)
        page.sign_in(owner.email, demo.PASSWORD)
        return owner.person, make_passkey(page), page

    # ---- registrations and moves -----------------------------------------------------------------------------

    def make_registration_thing(self, who, whose):
        if who.role == "operator":
            return None
        if self.may_take_registrations(who):
            return register(self.world, self.relay, self.admin, "demo.example")
        # It takes a mail to make one, and these neither let in nor take away: one is enough for all of them.
        if "a registration" not in self.kept:
            self.kept["a registration"] = register(self.world, self.relay, self.admin, "demo.example")
        return self.kept["a registration"]

    def may_take_registrations(self, who):
        return self.reaches["registrations"].get(who.role, "tenant") == "tenant"

    def make_move_thing(self, who, whose):
        """A device moves itself; to everybody else it is the move of a device of his."""
        owner = self.owner_of(who, whose)
        if who.role == "print-token" and whose == "own":
            forget_guesses(self.world)
            return self.ask(who, "POST", "/v1/devices/moves", {"email": self.foreign_email, "company_code": "OTHER7"})[1]["id"]
        if not owner.email or owner.role == "operator":
            return None
        return begin_move(self.world, self.api_of(owner), self.foreign_email, "OTHER7")[1]

    def gone_move(self):
        device, move = begin_move(self.world, self.api_of(self.other), self.foreign_email, "OTHER7")
        device.post("/v1/devices/moves", {"email": self.foreign_email, "company_code": "OTHER7"})
        return move

    # ---- badges that become somebody's -----------------------------------------------------------------------

    def make_enrolment_thing(self, who, whose):
        owner = self.owner_of(who, whose)
        if not owner.email or owner.role == "operator":
            return None
        return claim_badge(self.played, self.api_of(owner))

    def gone_enrolment(self):
        leaver = self.make_person("person")
        made = claim_badge(self.played, self.api_of(leaver))
        self.admin.delete("/v1/people/" + leaver.person)
        return made

    # ---- a directory's synchronisation, of which no more is there than that it was asked for --------------------

    def synchronisation(self):
        if "synchronisation" not in self.kept:
            settings = {"servers": ["ldaps://127.0.0.1:9"], "base": "dc=example", "bind_name": "cn=x"}
            method = self.admin.post("/v1/methods", {"kind": "ldap", "title": "matrix", "enabled": False, "settings": settings, "secret": "x"})["id"]
            made = self.admin.post("/v1/methods/%s/synchronisations" % method, {"dry_run": True})["id"]
            self.kept["synchronisation"] = {"method": method, "synchronisation": made}
        return self.kept["synchronisation"]

    def make_synchronisation_thing(self, who, whose):
        return None

    def gone_synchronisation(self):
        """They are not deleted but with their method."""
        return str(uuid.uuid4())

    def gone_delivery(self):
        leaver = self.make_person("person")
        made = self.make_release_thing(leaver, "own")
        delivery = self.admin.get("/v1/releases/" + made)["deliveries"][0]["id"]
        self.admin.delete("/v1/people/" + leaver.person)
        return delivery

    # ---- what an agent carries -------------------------------------------------------------------------------

    def offer(self, agent, armed):
        """A delivery that was just offered to this agent; it may have the key already."""
        owner, printer = self.api_of(self.other), agent.printer()["name"]
        made = owner.release(printer, [owner.submit(pdf("matrix"))["id"]])
        offer = agent.lease(made["deliveries"][0]["id"])
        if armed:
            agent.arm(offer)
        return offer
