"""The test CA, and a place for it among the system's.

Clients shall find it where they look without being told, in a store as large as Debian's, and pay for its size. So the
bench runs in a mount namespace of its own, in which a copy of the store with the test CA in it, as a hashed file and in the
bundle, lies over the real one. Outside nothing changes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

STORE = Path("/etc/ssl/certs")
BUNDLE = "ca-certificates.crt"
INSIDE = "BOOKAFY_BENCH_INSIDE"


def enter() -> str | None:
    """Goes on in a namespace of its own; or says why not."""
    if INSIDE in os.environ:
        return None
    if not (STORE / BUNDLE).exists():
        return f"no {STORE / BUNDLE}: the CA store is not laid out as Debian's"
    command = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    try:
        able = subprocess.run(command + ["mount", "--bind", str(STORE), str(STORE)], capture_output=True, text=True)
    except OSError as error:
        return f"no mount namespace: {error}"
    if able.returncode != 0:
        return f"no mount namespace: {able.stderr.strip()}"
    os.environ[INSIDE] = "1"
    os.execvp(command[0], command + [sys.executable, "-B", *sys.argv])


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def install(work: Path):
    """Makes the CA and the server's certificate, and lays the store over the system's."""
    ca, ca_key = str(work / "ca.pem"), str(work / "ca.key")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-days", "30", "-subj", "/CN=Test CA of the bench")
    extensions = work / "server.ext"
    extensions.write_text("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
    openssl("req", *new_key, "-keyout", str(work / "server.key"), "-out", str(work / "server.csr"), "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", str(work / "server.csr"), "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "30",
            "-extfile", str(extensions), "-out", str(work / "server.pem"))

    store = work / "certs"
    shutil.rmtree(store, ignore_errors=True)
    shutil.copytree(STORE, store, symlinks=True)
    shutil.copy(ca, store / "bench-ca.pem")
    (store / f"{openssl('x509', '-noout', '-subject_hash', '-in', ca)}.0").symlink_to("bench-ca.pem")
    bundle = store / BUNDLE
    if bundle.is_symlink():
        content = bundle.read_bytes()
        bundle.unlink()
        bundle.write_bytes(content)
    with open(bundle, "a") as roots:
        roots.write(Path(ca).read_text())
    subprocess.run(["mount", "--bind", str(store), str(STORE)], check=True)
