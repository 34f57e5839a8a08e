# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The command line, as administrators, people and their scripts use it."""

import json
import os
import stat
import subprocess

from harness import demo_world as demo
from harness.command_line import REFUSED, UNREACHABLE, USAGE, CommandLine
from harness.documents import pdf
from harness.process import Program, free_ports
from harness.programs import listens_seqpacket
from harness.story import equal

ADA = "ada@demo.example"


def story_who_is_not_signed_in_is_told_how(world):
    nobody = CommandLine(world, "nobody")
    assert "imprimatur login" in nobody.run("job", "list", expect=REFUSED)[1]
    assert "credentials" in nobody.login(ADA, "wrong-password", expect=REFUSED)[1]
    assert not os.path.exists(nobody.home + "/.config/imprimatur/profile"), "a profile after a wrong password"
    url = "https://localhost:%d" % world.ports["service"]
    words = nobody.run("login", "--server", url, "--email", ADA, typed=demo.PASSWORD + "\n", expect=UNREACHABLE)[1]
    assert "not trusted" in words and "--ca" in words, words
    port = free_ports(1)[0]
    words = nobody.run("login", "--server", "https://localhost:%d" % port, "--email", ADA, typed="x\n", expect=UNREACHABLE)[1]
    assert "running" in words, words
    nobody.run("job", "lst", expect=USAGE)
    nobody.run("no-such-command", expect=USAGE)
    nobody.run("job", "list", "--no-such-option", expect=USAGE)
    nobody.run("--help")
    nobody.run("person", "add", "--help")


def story_an_administrator_sets_everything_up(world):
    admin = CommandLine(world, "admin")
    admin.login(demo.ADMINISTRATOR)
    profile = admin.home + "/.config/imprimatur/profile"
    equal(stat.S_IMODE(os.stat(profile).st_mode), 0o600, "mode of the profile")
    with open(profile, encoding="utf-8") as file:
        assert demo.PASSWORD not in file.read(), "the password in the profile"
    admin.run("person", "add", "mary@demo.example", "--name", "Mary Ærø")
    admin.run("person", "password", "mary@demo.example", typed="the-password-of-mary\n")
    admin.run("person", "pin", "mary@demo.example", typed="161803\n")
    admin.run("person", "badge", "mary@demo.example", "--label", "blue", typed="04C0FFEE00\n")
    badges = admin.json("person", "badges", "mary@demo.example")
    equal([b["label"] for b in badges], ["blue"], "badges")
    table = admin.run("person", "list")[0].splitlines()
    starts = {line.index("person") for line in table if "mary@" in line or "ada@" in line}
    equal(len(starts), 1, "columns are aligned: %s" % table)
    equal(admin.json("person", "show", "mary@demo.example")["has_pin"], True, "Mary's PIN")
    admin.run("person", "set", "mary@demo.example", "--role", "administrator")
    admin.run("person", "add", "mary@demo.example", expect=REFUSED)
    admin.run("printer", "add", "cellar", expect=USAGE)
    admin.run("person", "unlock", "mary@demo.example")
    admin.run("person", "unpin", "mary@demo.example")
    equal(admin.json("person", "show", "mary@demo.example")["has_pin"], False, "Mary's PIN, taken away")
    admin.run("delegate", "add", "grace@demo.example", "--titles", "yes", "--expires", "8h")
    equal([(d["person"]["email"], d["titles"]) for d in admin.json("delegate", "list")], [("grace@demo.example", True)], "delegates")
    admin.run("delegate", "remove", "grace@demo.example")
    equal(admin.json("delegate", "owners"), [], "owners")
    admin.run("delegate", "decline", ADA, expect=REFUSED)
    admin.run("site", "add", "west", "--title", "West", "--geo", "geo:48.1,11.5")
    admin.run("site", "set", "west", "--address", "1 West Street")
    equal(admin.json("site", "show", "west")["address"], "1 West Street", "a site's address")
    admin.run("site", "appoint", "west", "grace@demo.example")
    equal([p["email"] for p in admin.json("site", "administrators", "west")], ["grace@demo.example"], "who looks after it")
    admin.run("site", "dismiss", "west", "grace@demo.example")
    admin.run("agent", "add", "west-agent", "--site", "west")
    admin.run("agent", "set", "west-agent", "--site", "")
    admin.run("agent", "delete", "west-agent", "--yes")
    equal([s["name"] for s in admin.json("site", "list")], ["west"], "sites")
    admin.run("site", "delete", "west", "--yes")
    admin.run("printer", "add", "cellar", "--address", "socket://localhost:9", "--format", "application/pdf", "--duplex", "yes")
    admin.run("printer", "set", "cellar", "--location", "Down there", "--agent", demo.AGENT, "--new-identity")
    equal(admin.json("printer", "show", "cellar")["location"], "Down there", "location")
    admin.run("queue", "add", "cellar", "--printer", "cellar")
    code = admin.json("agent", "add", "second")["code"]
    assert len(code) >= 26, code
    admin.run("reader", "add", "cellar-reader", "--agent", "second", "--model", "tcpconv", "--printer", "cellar")
    admin.run("tenant", "set", "--printed-for", "0s")
    # What hurts is asked first, and nobody is there to say yes.
    words = admin.run("printer", "delete", "cellar", expect=REFUSED)[1]
    assert "--yes" in words, words
    for noun in ("reader", "queue", "agent", "printer", "person"):
        name = {"reader": "cellar-reader", "agent": "second", "person": "mary@demo.example"}.get(noun, "cellar")
        admin.run(noun, "delete", name, "--yes")
    events = admin.json("audit", "list")
    assert {"printer-made", "printer-deleted", "agent-made", "person-deleted"} <= {e["event"] for e in events}, events[:3]
    found = admin.json("doctor")
    assert all(f["state"] != "bad" for f in found if f["what"] in ("service", "clocks", "sign-in")), found
    assert "connected" in json.dumps(found), found


def story_people_read_names_and_programs_ids(world):
    admin = CommandLine(world, "names")
    admin.login(demo.ADMINISTRATOR)
    reader = next(r for r in admin.json("reader", "list") if r["name"] == "lobby-reader")
    table = admin.run("reader", "list")[0]
    line = next(line for line in table.splitlines() if line.startswith("lobby-reader"))
    assert " lobby " in line and " demo-site " in line, table
    assert reader["printer"] not in table and reader["agent"] not in table, table
    site = admin.json("site", "add", "names")["id"]
    equal(admin.json("printer", "set", "lobby", "--site", "names")["site"], site, "the site, for a program")
    shown = admin.run("printer", "show", "lobby")[0]
    assert site not in shown and "names" in shown.split("Site", 1)[1].split("\n", 1)[0], shown
    assert shown.split("Resolution (dpi)", 1)[1].split("\n", 1)[0].strip() == "-", shown
    admin.run("printer", "set", "lobby", "--site", "")
    admin.run("site", "delete", "names", "--yes")


def story_a_person_prints_and_releases(world):
    ada = CommandLine(world, "ada")
    ada.login(ADA)
    path = world.path("letter.pdf")
    with open(path, "wb") as file:
        file.write(pdf("by the command line"))
    job = ada.json("job", "send", path, "--copies", "2", "--sides", "one-sided")
    equal((job["state"], job["title"], job["ticket"]["copies"]), ("held", "letter.pdf", 2), "the job")
    number = str(job["number"])
    ada.run("job", "download", number, "--output", path + ".again")
    with open(path, "rb") as sent, open(path + ".again", "rb") as again:
        equal(sent.read(), again.read(), "the document, downloaded")
    letter = world.path("letter.txt")
    with open(letter, "w", encoding="utf-8") as file:
        file.write("a line that comes again and again\n" * 10000)
    sent = ada.json("job", "send", letter)
    equal((sent["format"], sent["size"]), ("text/plain", os.path.getsize(letter)), "a letter that shrinks on its way")
    ada.run("job", "delete", str(sent["number"]), "--yes")
    ada.run("job", "download", "999999", "--output", path + ".none", expect=REFUSED)
    equal(os.path.exists(path + ".none.part"), False, "a part of nothing")
    ada.run("job", "set", number, "--copies", "1")
    assert "letter.pdf" in ada.run("job", "list")[0]
    before = len(world.paper("lobby"))
    release = ada.json("release", "lobby", number)
    world.wait_release(world.api(ADA), release["id"])
    world.wait_paper("lobby", before + 1)
    assert "printed" in ada.run("release", "show", release["id"])[0]
    shown = ada.run("job", "show", number)[0]
    assert "done" in shown and "job-held" in shown, shown
    assert "no held job" in ada.run("release", "lobby", expect=REFUSED)[1]
    ada.run("release", "no-such-printer", expect=REFUSED)
    ada.run("job", "show", "999999", expect=REFUSED)
    ada.run("job", "send", "/no/such/file", expect=REFUSED)
    ada.run("person", "list", expect=REFUSED)
    second = ada.json("job", "send", path)
    ada.run("job", "delete", str(second["number"]), "--yes")
    token = ada.run("token", "add", "laptop")[0].strip()
    assert token.startswith("imp_"), token
    ada.run("token", "delete", "laptop", "--yes")
    signed_out = CommandLine(world, "device")
    url = "https://localhost:%d" % world.ports["service"]
    device = {"IMPRIMATUR_SERVER": url, "IMPRIMATUR_CA": world.programs.authority()}
    signed_out.run("job", "list", expect=REFUSED, IMPRIMATUR_TOKEN=token, **device)
    ada.run("logout")
    ada.run("me", expect=REFUSED)


def story_a_fresh_machine_is_set_up_in_one_command(world):
    command = CommandLine(world, "fresh")
    folder, port = world.path("fresh"), free_ports(1)[0]
    places = ["--config", folder + "/etc", "--state", folder + "/lib", "--run", folder + "/run"]
    words = [*places, "--tenant", "fresh", "--mail-domain", "fresh.example", "--administrator", "root@fresh.example"]
    command.run("init", *words, "--listen", "127.0.0.1:%d" % port, typed="short\n", expect=REFUSED)
    operator = ["--operator", "root@host.example"]
    said = command.run("init", *words, *operator, "--listen", "127.0.0.1:%d" % port, typed="a-long-enough-password\nthe-operators-password\n")[0]
    code = next(line.split()[-1] for line in said.splitlines()[::-1] if line.startswith("company code"))
    assert "imprimatur login" in said, said
    equal(stat.S_IMODE(os.stat(folder + "/lib/master.key").st_mode), 0o400, "mode of the master key")
    again = command.run("init", *words, typed="another-password\n", expect=REFUSED)
    assert "already" in again[1] and "not changed" in again[0], again
    build = os.path.join(world.build, "src")
    keeper = Program("keeper", [build + "/imprimatur-keeper", "--config", folder + "/etc/keeper.conf"], folder + "/keeper.log",
                     lambda: listens_seqpacket(folder + "/run/keeper.sock"))
    without = subprocess.run([build + "/imprimaturd", "--config", folder + "/etc/imprimaturd.conf"], capture_output=True, text=True, check=False)
    equal(without.returncode, 1, "the service without its keeper")
    assert "Start it first" in without.stderr, without.stderr
    subprocess.run([build + "/imprimaturd", "--check", "--config", folder + "/etc/imprimaturd.conf"], check=True, capture_output=True)
    service = Program("service", [build + "/imprimaturd", "--config", folder + "/etc/imprimaturd.conf", "--set", "server.ready_file=" + folder + "/ready"],
                      folder + "/service.log", lambda: os.path.exists(folder + "/ready"))
    with open(folder + "/etc/keeper.conf", encoding="utf-8") as file:
        assert "password" not in file.read()
    try:
        keeper.start()
        service.start()
        url = "https://localhost:%d" % port
        command.run("login", "--server", url, "--ca", folder + "/lib/service/certificate.pem", "--email", "root@fresh.example", typed="a-long-enough-password\n")
        equal([q["name"] for q in command.json("queue", "list")], ["pull"], "queues")
        # Whose address does not tell his tenant names it.
        operator = CommandLine(world, "fresh-operator")
        trusted = ["--server", url, "--ca", folder + "/lib/service/certificate.pem", "--email", "root@host.example"]
        operator.run("login", *trusted, typed="the-operators-password\n", expect=REFUSED)
        operator.run("login", *trusted, "--company-code", code.lower(), typed="the-operators-password\n")
        equal([t["name"] for t in operator.json("tenant", "list")], ["fresh", "operators"], "tenants")
        found = command.json("doctor", "--config", folder + "/etc", expect=REFUSED)  # no agent, no printer yet
        bad = {f["what"] for f in found if f["state"] == "bad"}
        equal(bad, {"agent", "printer"}, "what doctor misses")
        second = subprocess.run([build + "/imprimaturd", "--config", folder + "/etc/imprimaturd.conf"], capture_output=True, text=True, check=False)
        assert second.returncode == 1 and "another imprimaturd" in second.stderr, second.stderr
    finally:
        service.stop()
        keeper.stop()
    assert not os.path.exists(folder + "/ready"), "the ready file after a stop"


def story_wrong_settings_are_named(world):
    program = os.path.join(world.build, "src", "imprimaturd")
    for words, expected in (
        (("--set", "http.connections_maximum=5"), "connections_maximum"),
        (("--set", "server.threads=many"), "threads"),
        (("--set", "server.threads=0"), "threads"),
        (("--set", "tls.certificate=/no/such"), "set both"),
        (("--set", "nonsense"), "nonsense"),
        (("--config", "/no/such/file"), "/no/such/file"),
    ):
        done = subprocess.run([program, "--check", *words], capture_output=True, text=True, check=False)
        equal(done.returncode, 1, "%s: exit status" % (words,))
        assert expected in done.stderr, (words, done.stderr)
    done = subprocess.run([program, "--no-such-option"], capture_output=True, text=True, check=False)
    equal(done.returncode, 2, "exit status")
