# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL and pgbench: the sums that transactions must keep, and rows copied out and in."""

import re
from pathlib import Path

from lib.fault import Fault
from lib.payload import digest
from lib.program import BLOCKING_TOO, DEFAULT, Program, case

PORT = 5432
CLIENTS, TRANSACTIONS = 4, 400
# It refuses to run as root.
USER = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
SETTINGS = {
    "port": PORT, "listen_addresses": "0.0.0.0", "unix_socket_directories": "",
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "ssl": "off",
}  # fmt: skip
SUMS = """
  SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(tbalance) FROM pgbench_tellers),
         (SELECT sum(bbalance) FROM pgbench_branches), (SELECT sum(delta) FROM pgbench_history),
         (SELECT count(*) FROM pgbench_history), (SELECT count(*) FROM pgbench_accounts)
"""
ROWS = "SELECT n, md5(n::text), repeat(md5(n::text), n % 50) FROM generate_series(1, 20000) AS n"


class Postgres(Program):
    needs = ("setpriv",)
    annotations = (DEFAULT, BLOCKING_TOO)

    @classmethod
    def missing(cls):
        return super().missing() or next((n for n in ("initdb", "pgbench") if not tool(n)), None)

    def prepare(self):
        self.scratch.chmod(0o777)
        data = self.scratch / "data"
        initdb = [tool("initdb"), "-D", data, "-N", "-A", "trust", "-U", "postgres"]
        self.run("server", *USER, *initdb, "--no-locale", "-E", "UTF8")
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 0.0.0.0/0 trust\n")
        settings = [f"--{key}={value}" for key, value in SETTINGS.items()]
        self.serve("server", *USER, tool("postgres"), "-D", data, *settings, port=PORT)
        self.sql("SELECT 1")
        self.pgbench("-i", "-q", "-s", "1")

    def client(self, name, *arguments, **options):
        connection = ("-h", self.address("server"), "-p", PORT, "-U", "postgres")
        return self.run("client", tool(name), *connection, *arguments, "postgres", **options)

    def sql(self, statement, **options):
        arguments = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement)
        return self.client("psql", *arguments, **options).stdout

    def pgbench(self, *options):
        return self.client("pgbench", *options).stdout

    def transactions(self, mode):
        """pgbench's own transactions: each adds the same number to three tables and a history."""
        self.sql("TRUNCATE pgbench_history; UPDATE pgbench_accounts SET abalance = 0;"
                 "UPDATE pgbench_tellers SET tbalance = 0; UPDATE pgbench_branches SET bbalance = 0"
                 )  # fmt: skip
        load = ("-c", CLIENTS, "-j", 2, "-t", TRANSACTIONS, "--random-seed", 1, "-M", mode, "-n")
        text = self.pgbench(*load)
        processed = f"{CLIENTS * TRANSACTIONS}/{CLIENTS * TRANSACTIONS}"
        failed = re.search(r"number of failed transactions: (\d+)", text)
        if processed not in text or not failed or failed[1] != "0":
            raise Fault(f"pgbench -M {mode}: {text}")
        sums = self.sql(SUMS).strip().split("|")
        if len(set(sums[:4])) != 1 or sums[4:] != [str(CLIENTS * TRANSACTIONS), "100000"]:
            raise Fault(f"pgbench -M {mode}: the sums do not agree: {sums}")
        return {"sums": sums}

    # Its listener blocks and what it accepts does not: the default may take these or leave them.
    @case(shortened=(BLOCKING_TOO,))
    def simple_transactions(self):
        return self.transactions("simple")

    @case(shortened=(BLOCKING_TOO,))
    def prepared_transactions(self):
        return self.transactions("prepared")

    @case(shortened=(BLOCKING_TOO,))
    def copy_out_and_in(self):
        rows = self.sql(f"COPY ({ROWS}) TO STDOUT")
        self.sql("DROP TABLE IF EXISTS copied; CREATE TABLE copied (n int, a text, b text)")
        self.sql("COPY copied FROM STDIN", data=rows)
        back = self.sql("COPY (SELECT * FROM copied ORDER BY n) TO STDOUT")
        if back != rows or rows.count("\n") != 20000:
            raise Fault(f"COPY: {rows.count(chr(10))} rows out, other ones back")
        return {"rows": digest(rows.encode())}


def tool(name):
    """Debian keeps PostgreSQL's programs outside PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else None
