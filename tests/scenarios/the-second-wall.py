# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Row-level security, as prepared for PostgreSQL: the service's own schema and src/db/row-level-security.sql on a real one."""

import glob
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import tempfile

from harness import ROOT
from harness.process import Program
from harness.story import equal, skip


def programs():
    """The folder with PostgreSQL's programs; the newest one."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    return os.path.dirname(found[-1]) if found else skip("there is no PostgreSQL here")


class Postgres:
    """A server of its own in a folder of its own, reached by a socket there. It does not run as root."""

    def __init__(self):
        self.programs = programs()
        self.folder = tempfile.mkdtemp(prefix="imprimatur-postgres-")
        self.as_whom = []
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("nobody").pw_uid, -1)
            self.as_whom = ["/usr/bin/setpriv", "--reuid", "nobody", "--clear-groups"]
        self.data = os.path.join(self.folder, "data")

    def __enter__(self):
        made = [*self.as_whom, self.programs + "/initdb", "-D", self.data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        command = [*self.as_whom, self.programs + "/postgres", "-D", self.data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        self.program = Program("postgres", command, os.path.join(self.folder, "log"), lambda: self.run("SELECT 1").returncode == 0)
        self.program.start()
        return self

    def __exit__(self, *_):
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, sql):
        command = [self.programs + "/psql", "-h", self.folder, "-U", "owner", "-qAtX", "-v", "ON_ERROR_STOP=1", "postgres"]
        return subprocess.run(command, input=sql, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})

    def ask(self, sql):
        done = self.run(sql)
        equal(done.returncode, 0, "%s: %s" % (sql[-200:], done.stderr[-500:]))
        return done.stdout.split()

    def refuses(self, sql, why):
        done = self.run(sql)
        assert done.returncode != 0 and why in done.stderr, (sql, done.stdout, done.stderr)


def schema(path):
    """The service's schema in PostgreSQL's words."""
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as database:
        rows = database.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid").fetchall()
    names = [name for name, kind, _ in rows if kind == "table"]
    out = []
    for _, _, sql in rows:
        sql = re.sub(r"\bBLOB\b", "bytea", re.sub(r"\bINTEGER\b", "bigint", sql))
        out.append(re.sub(r"\)\s*WITHOUT ROWID\s*$", ")", sql))
    return names, ";\n".join(out) + ";\n"


AS_A = "SET ROLE imprimatur_tenant; BEGIN; SET LOCAL app.tenant = '%s'; " % ("aa" * 16)
OF_B = "decode('%s', 'hex')" % ("bb" * 16)


def story_a_query_that_forgot_its_tenant_sees_nothing_of_others(world):
    names, made = schema(world.path("service", "imprimatur.db"))
    with open(os.path.join(ROOT, "src", "db", "row-level-security.sql"), encoding="utf-8") as file:
        policies = file.read()
    with Postgres() as postgres:
        postgres.ask(made + policies + "GRANT ALL ON ALL TABLES IN SCHEMA public TO imprimatur_tenant, imprimatur_service;")
        protected = postgres.ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity")
        equal(set(names) - set(protected), {"schema_version"}, "tables without the wall")
        postgres.ask(
            "SET ROLE imprimatur_service;"
            " INSERT INTO tenant (id, name, title, company_code, company_code_folded, state, is_operators, plan, is_over_plan, inside,"
            " outside, held_ms, printed_ms, next_job, jobs_held, octets_kept, hour, hour_jobs, created_ms)"
            " SELECT decode(repeat(x, 16), 'hex'), x, x, x, x, 'active', 0, '', 0, '', 'nothing', 1, 1, 1, 0, 0, 0, 0, 1"
            " FROM unnest(ARRAY['aa', 'bb']) x;"
            " INSERT INTO tenant_limit SELECT id, 'people', 1 FROM tenant;"
        )
        equal(postgres.ask("SET ROLE imprimatur_service; SELECT count(*) FROM tenant_limit"), ["2"], "seen by the service")
        equal(postgres.ask("SET ROLE imprimatur_tenant; SELECT count(*) FROM tenant_limit"), ["0"], "seen by nobody's")
        equal(postgres.ask(AS_A + "SELECT count(*) FROM tenant_limit"), ["1"], "seen by one's own")
        equal(postgres.ask(AS_A + "SELECT count(*) FROM tenant"), ["1"], "tenants seen")
        equal(postgres.ask(AS_A + "UPDATE tenant_limit SET value = 2 RETURNING name"), ["people"], "changed")
        equal(postgres.ask(AS_A + "DELETE FROM tenant_limit WHERE tenant_id = %s RETURNING name" % OF_B), [], "deleted of the other")
        postgres.refuses(AS_A + "INSERT INTO tenant_limit VALUES (%s, 'agents', 1)" % OF_B, "row-level security")
        postgres.refuses(AS_A + "UPDATE tenant_limit SET tenant_id = %s" % OF_B, "row-level security")
        equal(postgres.ask(AS_A + "SELECT count(*) FROM guess"), ["0"], "what belongs to no tenant")
        for name in names:
            if name != "schema_version":
                quoted = '"%s"' % name
                equal(postgres.ask(AS_A + "SELECT count(*) FROM %s" % quoted), ["1" if name in ("tenant", "tenant_limit") else "0"], name)
