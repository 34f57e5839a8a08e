# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The audit trail, taken away and verified: by our own program, and by nothing but docs/audit.md and openssl."""

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import ssl
import struct
import subprocess
import threading
import uuid
from datetime import datetime, timezone

from harness import ROOT
from harness import demo_world as demo
from harness.command_line import REFUSED, CommandLine
from harness.documents import pdf
from harness.process import Program, accepts, free_ports, wait_until
from harness.story import equal, skip

ADA = "ada@demo.example"
SETTINGS = {"service": {"audit.sign_after": "1s", "audit.sign_records": 25}}


def auditor(world, name="auditor"):
    line = CommandLine(world, name)
    line.login(demo.ADMINISTRATOR)
    return line


def take(line, world, name, *words):
    path = world.path(name)
    line.run("audit", "export", "--output", path, *words)
    with open(path, "rb") as file:
        return file.read().splitlines(keepends=True)


def something_happens(world):
    ada = world.api(ADA)
    for number in range(3):
        job = ada.submit(pdf("audited %d" % number))
        ada.release(world.printers["lobby"], [job["id"]])
        world.wait_job(ada, job["id"], "done")


# ---- as docs/audit.md says, by somebody who has never seen our code ------------------------------------------------------


def field(octets):
    return struct.pack(">I", len(octets)) + octets


def milliseconds(text):
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return int(at.timestamp()) * 1000 + at.microsecond // 1000


def octets_of_id(text):
    return uuid.UUID(text).bytes if text else b""


def canonical(record):
    values = (
        octets_of_id(record["tenant"]), struct.pack(">Q", record["number"]), struct.pack(">Q", milliseconds(record["at"])),
        record["event"].encode(), record["actor"]["kind"].encode(), octets_of_id(record["actor"]["id"]), record["via"].encode(),
        record["source"].encode(), octets_of_id(record["subject"]), record["detail"].encode())
    return b"IMA\x01" + b"".join(field(value) for value in values)


def signed_octets(checkpoint):
    return b"".join((
        b"IMPRCHK1", octets_of_id(checkpoint["tenant"]), struct.pack(">Q", checkpoint["sequence"]),
        struct.pack(">Q", checkpoint["record"]), bytes.fromhex(checkpoint["hash"]),
        struct.pack(">Q", milliseconds(checkpoint["at"])), bytes.fromhex(checkpoint["before"]),
        bytes.fromhex(checkpoint["key"]), bytes.fromhex(checkpoint["next_key"])))


def openssl_verifies(world, checkpoint):
    with open(world.path("key.der"), "wb") as file:
        file.write(bytes.fromhex("302a300506032b6570032100" + checkpoint["key"]))
    with open(world.path("signed"), "wb") as file:
        file.write(signed_octets(checkpoint))
    with open(world.path("signature"), "wb") as file:
        file.write(bytes.fromhex(checkpoint["signature"]))
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", world.path("key.der"), "-rawin", "-in",
         world.path("signed"), "-sigfile", world.path("signature")], capture_output=True, check=False)
    return done.returncode == 0


def story_an_export_is_verified_without_our_programs(world):
    line = auditor(world)
    for _ in range(2):  # an export signs what there is until then
        something_happens(world)
        lines = [json.loads(octets) for octets in take(line, world, "export.jsonl")]
    equal(lines[0]["type"], "through", "the first line")
    equal({k: v for k, v in lines[-1].items() if k != "type"}, {k: v for k, v in lines[0].items() if k != "type"}, "the last line")
    before, number, last = bytes(32), 0, None
    for line in lines[1:]:
        if line["type"] == "record":
            number += 1
            equal(line["number"], number, "the number of a record")
            before = hashlib.sha256(before + canonical(line)).digest()
            equal(line["hash"], before.hex(), "hash of record %d" % number)
            continue
        equal((line["record"], line["hash"]), (number, before.hex()), "what the checkpoint signs")
        assert openssl_verifies(world, line), line
        if last:
            equal(line["before"], hashlib.sha256(signed_octets(last)).hexdigest(), "the checkpoint before it")
            equal((line["key"], line["sequence"]), (last["next_key"], last["sequence"] + 1), "the next key")
        last = line
    assert last["sequence"] > 1, "one checkpoint only"
    last["record"] += 1
    assert not openssl_verifies(world, last), "openssl verifies anything"
    kinds = {line["event"] for line in lines if line["type"] == "record"}
    assert {"tenant-made", "person-made", "job-held", "job-released", "delivery-printed", "audit-exported"} <= kinds, kinds


BY_HAND = r"""
set -eu
file=$1 work=$2
cd "$work"
records=$(grep '"type":"record"' "$file")
first=$(sed -n 1p <<<"$records") second=$(sed -n 2p <<<"$records")
before=$(printf '%064d' 0)
[ "$(hash_of "$before" "$first")" = "$(jq -r .hash <<<"$first")" ]
[ "$(hash_of "$(jq -r .hash <<<"$first")" "$second")" = "$(jq -r .hash <<<"$second")" ]
verify "$(grep '"type":"checkpoint"' "$file" | tail -n 1)"
"""


def story_the_guide_says_how_with_openssl_alone(world):
    if not shutil.which("jq"):
        skip("jq is not installed")
    take(auditor(world), world, "by-hand.jsonl")
    with open(os.path.join(ROOT, "docs", "audit.md"), encoding="utf-8") as file:
        functions = "\n".join(re.findall(r"```sh\n(.*?)```", file.read(), re.S))
    with open(world.path("by-hand.sh"), "w", encoding="utf-8") as file:
        file.write(functions + BY_HAND)
    done = subprocess.run(["bash", world.path("by-hand.sh"), world.path("by-hand.jsonl"), world.folder], capture_output=True, text=True, check=False)
    equal(done.returncode, 0, "by hand: %s%s" % (done.stdout, done.stderr))
    assert "Verified Successfully" in done.stdout, done.stdout


def verdict(line, path, expect=0):
    return json.loads(line.run("audit", "verify", path, "--json", expect=expect)[0])


def story_whatever_is_done_to_an_export_is_found(world):
    something_happens(world)
    line = auditor(world)
    lines = take(line, world, "good.jsonl")
    good = verdict(line, world.path("good.jsonl"))
    equal((good["good"], good["records"]), (True, sum(b'"type":"record"' in x for x in lines)), "a good export")
    words = line.run("audit", "verify", world.path("good.jsonl"))[0]
    assert "seen before" in words, words
    path, fresh = world.path("forged.jsonl"), auditor(world, "fresh")

    def found(changed, what):
        with open(path, "wb") as file:
            file.write(b"".join(changed))
        answer = verdict(fresh, path, REFUSED)
        assert answer["findings"], what

    every = max(1, len(lines) // 40)
    for i in range(0, len(lines), every):
        found(lines[:i] + lines[i + 1:], "line %d is gone" % i)
        found(lines[:i] + [lines[i], lines[i]] + lines[i + 1:], "line %d twice" % i)
        found(lines[:i], "cut before line %d" % i)
        other = (i * 7 + 1) % len(lines)
        if other != i:
            swapped = list(lines)
            swapped[i], swapped[other] = lines[other], lines[i]
            found(swapped, "lines %d and %d swapped" % (i, other))
        at = (i * 31) % (len(lines[i]) - 1)
        flipped = lines[i][:at] + bytes([lines[i][at] ^ 1]) + lines[i][at + 1:]
        found(lines[:i] + [flipped] + lines[i + 1:], "octet %d of line %d" % (at, i))
    found([b"".join(lines)[:-1]], "without its last octet")
    found(lines + [b"\n"], "with an empty line")
    # Nothing that was found bad became an anchor.
    assert not [n for n in os.listdir(fresh.home + "/.config/imprimatur") if n.startswith("anchor")], "an anchor of a forgery"
    # Yesterday's export in place of today's is honest in itself; only an anchor tells.
    take(line, world, "later.jsonl")
    assert verdict(line, world.path("later.jsonl"))["anchored"]
    answer = verdict(line, world.path("good.jsonl"), REFUSED)
    assert "older" in answer["findings"][0]["finding"], answer
    verdict(fresh, world.path("good.jsonl"))
    # The first line of an export is an anchor, made by hand.
    with open(world.path("anchor"), "wb") as file:
        file.write(lines[0])
    words = line.run("audit", "verify", world.path("later.jsonl"), "--anchor", world.path("anchor"))[0]
    assert world.path("anchor") in words, words


def story_syslog_has_every_record(world):
    line = auditor(world)
    records = [json.loads(x) for x in take(line, world, "for-syslog.jsonl") if b'"type":"record"' in x]
    messages = line.run("audit", "export", "--format", "syslog")[0].splitlines()
    assert all(m.startswith("<109>1 20") for m in messages), messages[0]
    told = [m for m in messages if "[record@32473 " in m]
    for record, message in zip(records, told):
        assert 'number="%d" ' % record["number"] in message and 'hash="%s"]' % record["hash"] in message, message
    assert len(told) > len(records), "this export and what came before it"
    assert any("[checkpoint@32473 " in m for m in messages), "no checkpoint"


class Collector:
    """A syslog collector that speaks TLS (RFC 5425)."""

    def __init__(self, world, port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(world.path("service.pem"), world.path("service-key.pem"))
        self.taken, self.listener = b"", context.wrap_socket(socket.create_server(("127.0.0.1", port)), server_side=True)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
                while octets := connection.recv(65536):
                    self.taken += octets
            except ssl.SSLError:
                continue
            except OSError:
                return

    def messages(self):
        found, rest = [], self.taken
        while rest:
            length, _, rest = rest.partition(b" ")
            found.append(rest[: int(length)].decode())
            rest = rest[int(length):]
        return found


def with_audit(world, **settings):
    """Starts the service again with other settings of [audit]."""
    world.programs["service"].stop()
    kept = {name: value for name, value in world.settings["service"].items() if not name.startswith("audit.") or name in SETTINGS["service"]}
    world.settings["service"] = {**kept, **{"audit." + name: value for name, value in settings.items()}}
    world.programs.write_settings()
    world.programs["service"].start()


RSYSLOGD = "/usr/sbin/rsyslogd"
RSYSLOG = """\
global(workDirectory="{folder}" defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="{ca}"
       defaultNetstreamDriverCertFile="{certificate}" defaultNetstreamDriverKeyFile="{key}" maxMessageSize="8k")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" address="127.0.0.1" port="{port}")
template(name="whole" type="string" string="%timestamp:::date-rfc3339% %hostname% %syslogtag% %structured-data% %msg%\\n")
action(type="omfile" file="{file}" template="whole")
"""


def story_checkpoints_are_kept_elsewhere_too(world):
    port = free_ports(1)[0]
    with_audit(world, syslog="tls://localhost:%d" % port, syslog_ca=world.programs.authority(), checkpoints=world.path("kept"))
    # Nobody is there yet; what was signed meanwhile is not forgotten.
    line = auditor(world, "elsewhere")
    take(line, world, "elsewhere.jsonl")
    collector = Collector(world, port)
    wanted = [c for c in world.admin.all("/v1/audit/checkpoints")]
    wait_until(lambda: len(collector.messages()) >= len(wanted), "the collector has every checkpoint", 30)
    for checkpoint, message in zip(wanted, collector.messages()):
        assert 'signature="%s"]' % checkpoint["signature"] in message and " checkpoint [" in message, message
    assert not any("[record@" in m for m in collector.messages()), "records, though nobody asked for them"
    with open(world.path("kept"), encoding="utf-8") as file:
        kept = {json.loads(x)["signature"] for x in file}
    assert {c["signature"] for c in wanted} <= kept, "checkpoints in the file"
    collector.listener.close()


class Rsyslog:
    """Debian's rsyslogd, taking messages over TLS (RFC 5425) into a file."""

    def __init__(self, world, port):
        path, self.file = world.path, world.path("collected.log")
        settings = RSYSLOG.format(port=port, file=self.file, ca=path("ca.pem"), certificate=path("service.pem"), key=path("service-key.pem"), folder=world.folder)
        with open(path("rsyslog.conf"), "w", encoding="utf-8") as file:
            file.write(settings)
        command = [RSYSLOGD, "-n", "-f", path("rsyslog.conf"), "-i", path("rsyslog.pid")]
        self.program = Program("rsyslogd", command, path("rsyslog.log"), lambda: accepts(port))

    def lines(self):
        try:
            with open(self.file, encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def numbers(self, tenant):
        """The record numbers that were collected, as often as they came."""
        word = 'record@32473 tenant="%s" number="' % tenant
        return [int(line.partition(word)[2].partition('"')[0]) for line in self.lines() if word in line]


def figure(world, name):
    for line in world.admin.get("/metrics").decode().splitlines():
        if line.startswith("imprimatur_%s " % name):
            return int(line.split()[1])
    raise AssertionError("no %s in /metrics" % name)


def ask_database(world, sql, *values):
    database = sqlite3.connect("file:%s?mode=ro" % world.path("service", "imprimatur.db"), uri=True)
    try:
        return database.execute(sql, values).fetchone()[0]
    finally:
        database.close()


def last_record(world, tenant):
    return ask_database(world, "SELECT max(number) FROM event WHERE tenant_id = ?", uuid.UUID(tenant).bytes)


def operators_are_told(world, event):
    return ask_database(
        world, "SELECT count(*) FROM event e JOIN tenant t ON t.id = e.tenant_id WHERE t.is_operators = 1 AND e.kind = ?", event)


def story_records_go_to_a_collector_that_is_killed_and_comes_back(world):
    if not os.path.exists(RSYSLOGD):
        skip("rsyslogd is not installed")
    port = free_ports(1)[0]
    collector = Rsyslog(world, port)
    line = auditor(world, "collector")
    tenant = json.loads(take(line, world, "whose.jsonl")[0])["tenant"]
    with_audit(world, syslog="tls://localhost:%d" % port, syslog_ca=world.programs.authority(), syslog_records="yes", syslog_again="5s",
               syslog_alarm="1s")
    # Nobody is there: printing goes on, and an event says so.
    something_happens(world)
    wait_until(lambda: operators_are_told(world, "audit-collector-lost"), "the event that it is away", 30)
    assert figure(world, "audit_records_waiting") > 0, "nothing waits"
    collector.program.start()
    try:
        wait_until(lambda: len(set(collector.numbers(tenant))) >= last_record(world, tenant), "everything from the first record on", 60)
        for number in range(4):
            something_happens(world)
            # Killed while records are under way, with whatever it had in its memory.
            before = last_record(world, tenant)
            wait_until(lambda: max(collector.numbers(tenant)) >= before - 20, "some of them", 30)
            collector.program.kill()
            something_happens(world)
            collector.program.start()
        wait_until(lambda: operators_are_told(world, "audit-collector-back"), "the event that it is back", 60)
        wait_until(lambda: set(collector.numbers(tenant)) >= set(range(1, last_record(world, tenant) + 1)), "every record was collected", 60)
        repeats = len(collector.numbers(tenant)) - len(set(collector.numbers(tenant)))
        assert repeats > 0, "after a kill the last ones come again"
        # An export makes a checkpoint of all there is; it comes to the collector too.
        last = json.loads(take(line, world, "compared.jsonl")[0])
        wait_until(lambda: any('sequence="%d"' % last["sequence"] in x for x in collector.lines()), "the last checkpoint", 30)
        wait_until(lambda: max(collector.numbers(tenant)) >= last["record"], "the last record", 30)
    finally:
        collector.program.stop()
    good = json.loads(auditor(world, "verifier").run("audit", "verify", "--collected", collector.file, "--json")[0])
    equal((good["good"], len(good["trails"])), (True, 2), "what was collected")
    assert all(t["records"] >= (last["record"] if t["tenant"] == tenant else 1) for t in good["trails"]), good
    assert "Good: " in line.run("audit", "verify", "--collected", collector.file)[0]
    forged_collection_is_found(world, collector)


def forged_collection_is_found(world, collector):
    lines = collector.lines()
    one = next(x for x in lines if '"type":"record"' in x and '"number":9,' in x)
    path = world.path("forged.log")
    fresh = auditor(world, "collected-forger")
    for what, changed in (
            ("a record is gone", [x for x in lines if '"number":9,' not in x]),
            ("a record was changed", [x.replace('"detail":"', '"detail":"x', 1) if '"number":9,' in x else x for x in lines]),
            ("one of its repeats was changed", lines + [one.replace('"source":"', '"source":"1', 1)]),
            ("a checkpoint is gone", [x for x in lines if '"sequence":2,' not in x])):
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(x + "\n" for x in changed))
        fresh.run("audit", "verify", "--collected", path, expect=REFUSED)
        fresh.run("audit", "verify", "--collected", path, "--json", expect=REFUSED)
        assert what
    with open(path, "w", encoding="utf-8") as file:
        file.write("Jan  1 00:00:00 host sshd: nothing of ours\n")
    assert "none of our messages" in fresh.run("audit", "verify", "--collected", path, expect=REFUSED)[1]


def database(world):
    return sqlite3.connect(world.path("service", "imprimatur.db"))


def story_whoever_changes_the_database_is_found_out(world):
    something_happens(world)
    line = auditor(world)
    line.run("audit", "verify")
    assert "seen before" in line.run("audit", "verify")[0]

    def tampered(*statements):
        world.programs["service"].stop()
        with database(world) as db:
            for statement in statements:
                db.execute(statement)
        db.close()
        world.programs["service"].start()
        return json.loads(line.run("audit", "verify", "--json", expect=REFUSED)[0])

    world.programs["service"].stop()
    with database(world) as db:
        detail = db.execute("SELECT detail FROM event WHERE number = 7").fetchone()[0]
    db.close()
    world.programs["service"].start()
    answer = tampered("UPDATE event SET detail = 'x=y' WHERE number = 7")
    equal(answer["findings"][0]["record"], 7, "the record that was changed")
    world.programs["service"].stop()
    with database(world) as db:
        db.execute("UPDATE event SET detail = ? WHERE number = 7", (detail,))
    db.close()
    world.programs["service"].start()
    line.run("audit", "verify")
    # The end cut off, as if nothing had happened since: the keeper knows better, and so does the anchor.
    answer = tampered("DELETE FROM event WHERE number > 20", "DELETE FROM audit_checkpoint WHERE record > 20")
    assert answer["findings"], answer


def story_without_a_keeper_the_trail_goes_on_and_is_signed_later(world):
    fresh = auditor(world, "keeperless")
    before = world.admin.get("/v1/audit/checkpoints?limit=200")["items"][-1]["sequence"]
    world.programs["keeper"].stop()
    world.admin.post("/v1/queues", {"name": "made-without-keeper", "kind": "pull"})
    assert any(r["event"] == "queue-made" for r in world.admin.all("/v1/audit/records"))
    world.programs["keeper"].start()
    exported = fresh.run("audit", "export")[0].splitlines()
    last = json.loads(exported[-1])
    assert last["type"] == "checkpoint" and last["sequence"] > before, last
    assert any('"queue-made"' in x for x in exported), "what happened meanwhile"
