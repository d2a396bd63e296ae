"""`bookafy listen` and Debian's `webhook` under the same senders, each checking the signature of its own kind."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nginx
import world
from measure import Bench, Failure


def post(bench: Bench, port: int, path: str, header: str, how_many: str, first: int = 0, key: str = world.SIGNING_KEY) -> dict:
    """What the sender says of the deliveries it posted."""
    body = bench.file("delivery.json")
    body.write_text(world.text(world.delivery()))
    command = [bench.tool("sender"), str(port), path, str(body), key, header, how_many, str(first)]
    done = subprocess.run(command, env=bench.environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    return json.loads(done.stdout)


def sample(sent: dict, report: dict[str, float], status: str) -> dict[str, float]:
    if set(sent["statuses"]) != {status}:
        raise Failure(f"the receiver answered {sent['statuses']}, not {status}")
    return {
        "rate": sent["answered"] / sent["seconds"],
        "cpu": report["cpu"] / sent["answered"],
        "p99": sent["p99"] / 1e6,
        "memory": report["memory"],
    }


@contextmanager
def listening(bench: Bench, store: Path | None):
    """`bookafy listen`; gives its port."""
    key = bench.file("signing-key")
    key.write_text(world.SIGNING_KEY)
    key.chmod(0o600)
    log = bench.file("listen.log")
    command = ["bookafy", "listen", "--bind", "127.0.0.1:0", "--signing-key-file", str(key)]
    command += ["--store", str(store)] if store else []
    with open(log, "wb") as errors:
        process = bench.start(command, "listen.report", stdout=subprocess.DEVNULL, stderr=errors)
    try:
        yield announced_port(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def announced_port(process: subprocess.Popen, log: Path) -> int:
    for _ in range(1000):
        said = log.read_text()
        if said.endswith("\n") and "listening on" in said:
            return int(said.strip().rpartition(":")[2])
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise Failure(f"listen did not start: {log.read_text()}")


def remove_store(store: Path):
    for end in ("", "-wal", "-shm"):
        Path(f"{store}{end}").unlink(missing_ok=True)


@dataclass(frozen=True)
class Listen:
    bench: Bench
    seconds: float
    forged: bool = False

    def __call__(self) -> dict[str, float]:
        store = self.bench.file("listen.db")
        remove_store(store)
        key = "another key" if self.forged else world.SIGNING_KEY
        with listening(self.bench, None if self.forged else store) as port:
            sent = post(self.bench, port, "/", "Bookafy-Webhook-Signature", f"{self.seconds}s", key=key)
        if not self.forged:
            with sqlite3.connect(store) as rows:
                kept = rows.execute("SELECT count(*) FROM deliveries").fetchone()[0]
            if kept != sent["answered"]:
                raise Failure(f"listen answered {sent['answered']} deliveries and kept {kept}")
            remove_store(store)
        return sample(sent, self.bench.report("listen.report", "listen", 128 + signal.SIGTERM), "401" if self.forged else "200")


@dataclass(frozen=True)
class Webhook:
    bench: Bench
    seconds: float
    forged: bool = False

    def __call__(self) -> dict[str, float]:
        store = self.bench.file("webhook.jsonl")
        store.unlink(missing_ok=True)
        hooks = self.bench.file("hooks.json")
        hooks.write_text(json.dumps([self.hook(store)]))
        port = nginx.free_port()
        command = ["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(port), "-http-methods", "POST"]
        key = "another key" if self.forged else world.SIGNING_KEY
        with nginx.serving(self.bench, command, port, Path(os.devnull)):
            sent = post(self.bench, port, "/hooks/bookings", "X-Hub-Signature-256", f"{self.seconds}s", key=key)
        if not self.forged:
            with open(store, "rb") as lines:
                kept = sum(1 for _ in lines)
            if kept != sent["answered"]:
                raise Failure(f"webhook answered {sent['answered']} deliveries and kept {kept}")
            store.unlink()
        # It ends with 0 on SIGTERM, and takes a wrong signature for an error of its own.
        return sample(sent, self.bench.report("webhook.report", "webhook", 0), "500" if self.forged else "200")

    def hook(self, store: Path) -> dict:
        return {
            "id": "bookings",
            "execute-command": self.bench.tool("append"),
            "pass-arguments-to-command": [{"source": "string", "name": str(store)}, {"source": "entire-payload"}],
            "include-command-output-in-response": True,  # so that it answers when the helper is done, and not before
            "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": world.SIGNING_KEY,
                                       "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}},
        }
