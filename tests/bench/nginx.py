"""The server that all clients ask: nginx with TLS, once with HTTP/2 and once with HTTP/1.1 only.

Invitees come from a template in its configuration, so that an answer costs the server as little as it can and the client
is what is measured; the pages of the list are files.
"""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import world
from measure import Bench, Failure

CONFIGURATION = """
daemon off;
worker_processes 2;
{user}
pid {work}/nginx.pid;
error_log {work}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {work}/nginx-body;
    proxy_temp_path {work}/nginx-proxy;
    fastcgi_temp_path {work}/nginx-fastcgi;
    uwsgi_temp_path {work}/nginx-uwsgi;
    scgi_temp_path {work}/nginx-scgi;
    ssl_certificate {work}/server.pem;
    ssl_certificate_key {work}/server.key;
    ssl_session_cache shared:sessions:10m;
    keepalive_requests 1000000;
    default_type "application/json; charset=utf-8";
    open_file_cache max=1000 inactive=1h;
    open_file_cache_valid 1h;
    open_file_cache_min_uses 1;
    map_hash_bucket_size 512;
    map $http_authorization $known {{ "Bearer {token}" yes; "token {token}" yes; }}
    map $digit $name {{ {names} }}
    map $digit $email {{ {emails} }}
    map $digit $timezone {{ {timezones} }}
    map $digit $answer {{ {answers} }}
    server {{
        listen 127.0.0.1:{http2} ssl http2;
        {http2_v6}
        listen 127.0.0.1:{http1} ssl;
        {http1_v6}
        server_name localhost;
        root {work}/pages;
        add_header X-RateLimit-Limit 1000000 always;
        add_header X-RateLimit-Remaining 999999 always;
        add_header X-RateLimit-Reset 60 always;
        add_header X-Request-Id $request_id always;
        if ($known = "") {{ return 401 '{refusal}'; }}
        location ~ ^(?:/api/v3)?/scheduled_events/(?<event>[^/]+)/invitees/(?<invitee>[^/]+(?<digit>[0-9a-f]))$ {{
            return 200 '{invitee}';
        }}
        location = /users/me {{ return 200 '{user_resource}'; }}
        location = /webhook_subscriptions {{ try_files /page-$arg_page_token.json =404; }}
    }}
}}
"""


def quoted(text: str) -> str:
    """For a string in single quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def choices(position: int) -> str:
    """Each digit's value, as the inside of a JSON string."""
    lines = []
    for number in range(16):
        inside = world.text(world.PEOPLE[number % len(world.PEOPLE)][position])[1:-1]
        lines.append(f"{number:x} '{quoted(inside)}';")
    return " ".join(lines)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens_v6(port: int, options: str) -> str:
    """Clients try ::1 first."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", port))
        return f"listen [::1]:{port} {options};"
    except OSError:
        return ""


def configuration(bench: Bench, http2: int, http1: int) -> str:
    return CONFIGURATION.format(
        work=bench.work,
        user="user root;" if os.geteuid() == 0 else "",
        http2=http2,
        http2_v6=listens_v6(http2, "ssl http2"),
        http1=http1,
        http1_v6=listens_v6(http1, "ssl"),
        token=world.TOKEN,
        refusal=world.text({"message": "The access token is invalid", "title": "Unauthenticated"}),
        names=choices(0),
        emails=choices(1),
        timezones=choices(2),
        answers=choices(3),
        invitee=quoted(world.text(
            {"resource": world.invitee("$event", "$invitee", "$name", "$email", "$timezone", "$answer")})),
        user_resource=quoted(world.text({"resource": world.user()})),
    )


@contextmanager
def running(bench: Bench, http2: int, http1: int):
    pages = bench.file("pages")
    pages.mkdir(exist_ok=True)
    world.write_pages(pages, f"https://localhost:{http2}", 100)
    file = bench.file("nginx.conf")
    file.write_text(configuration(bench, http2, http1))
    command = ["nginx", "-c", str(file), "-e", str(bench.file("nginx.log"))]
    with serving(bench, command, http2, bench.file("nginx.log")):
        yield


@contextmanager
def serving(bench: Bench, command: list[str], port: int, log: Path):
    """A server from its first answer to its end."""
    with open(log, "ab") as output:
        process = bench.start(command, f"{Path(command[0]).name}.report", stdout=output, stderr=output)
    try:
        await_port(process, port, log)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def await_port(process, port: int, log: Path):
    for _ in range(1000):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise Failure(f"{process.args[2]} does not listen: {log.read_text()[-500:]}")


@contextmanager
def far_away(bench: Bench, port: int, round_trip: int):
    """Another port of the server, that many milliseconds away."""
    command = [bench.tool("delaying_proxy"), str(port), str(round_trip)]
    process = bench.start(command, "proxy.report", stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
