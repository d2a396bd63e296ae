"""The data: an account whose bodies look like the API's (all of it invented)."""

import json
import random
import uuid
from pathlib import Path
from urllib.parse import quote

API = "https://api.bookafy.com"
TOKEN = "eyJraWQiOiIxY2UxZTEzNjE3ZGNmNzY2YjNjZWJjY2Y4ZGM1YmFmYThhNjVlNjg0MDIzZjdjMzJiZTgzNDliMjM4MDEzNWI0IiwidHlwIjoiUEFUIiwi" \
    "YWxnIjoiRVMyNTYifQ.eyJzdWIiOiJtYXJhLmxpbmR0IiwiaWF0IjoxNzk1NDI2MjAwfQ.VGhpcyBpcyBubyBzaWduYXR1cmU"
SIGNING_KEY = "bk_bench_signing_key_0001"
ORGANIZATION = "3f333df6-90a4-4fda-8dd3-9485d27cee36"
USER = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"

# What differs from invitee to invitee; the last digit of the id chooses.
PEOPLE = [
    ("Ana Petrova", "ana.petrova@example.org", "Europe/Sofia", "Quarterly review"),
    ("Zoë Müller", "zoe.mueller@example.org", "Europe/Vienna", "The \"new\" plan,\nand who does what"),
    ("山田 太郎", "taro.yamada@example.org", "Asia/Tokyo", "来週の打ち合わせ"),
    ("Seán Ó Briain", "sean@example.org", "Europe/Dublin", "Nothing special"),
    ("Olena Шевченко", "olena@example.org", "Europe/Kyiv", "Пропозиція"),
    ("Lucía Fernández", "lucia.fernandez@example.org", "America/Bogota", "Precios\tpara 2027"),
    ("Noor Haddad", "noor.haddad@example.org", "Asia/Beirut", "Onboarding of three colleagues"),
    ("Tom O'Neill", "tom.oneill@example.org", "America/New_York", "C:\\drafts\\contract.pdf"),
]
FIELDS = ["uri", "name", "email", "status", "tracking.utm_source", "questions_and_answers.0.answer"]
JQ_FIELDS = "[.uri,.name,.email,.status,.tracking.utm_source,.questions_and_answers[0].answer]|@tsv"
COLUMNS = ["uri", "callback_url", "scope", "state", "created_at"]


def text(document) -> str:
    """As it goes over the wire: compact, UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def invitee(event: str, own: str, name: str, email: str, timezone: str, answer: str) -> dict:
    return {
        "cancel_url": f"https://bookafy.com/cancellations/{own}",
        "created_at": "2026-11-20T10:02:11.554301Z",
        "email": email,
        "event": f"{API}/scheduled_events/{event}",
        "first_name": None,
        "invitee_scheduled_by": None,
        "last_name": None,
        "name": name,
        "new_invitee": None,
        "no_show": None,
        "old_invitee": None,
        "payment": None,
        "questions_and_answers": [{"answer": answer, "position": 0, "question": "What shall we talk about?"}],
        "reconfirmation": None,
        "reschedule_url": f"https://bookafy.com/reschedulings/{own}",
        "rescheduled": False,
        "routing_form_submission": None,
        "scheduling_method": None,
        "status": "active",
        "text_reminder_number": None,
        "timezone": timezone,
        "tracking": {"utm_campaign": None, "utm_source": "newsletter", "utm_medium": None, "utm_content": None,
                     "utm_term": None, "salesforce_uuid": None},
        "updated_at": "2026-11-20T10:02:11.554301Z",
        "uri": f"{API}/scheduled_events/{event}/invitees/{own}",
    }


def user() -> dict:
    return {
        "avatar_url": None,
        "created_at": "2025-02-11T08:04:10.402117Z",
        "current_organization": f"{API}/organizations/{ORGANIZATION}",
        "email": "mara.lindt@example.org",
        "locale": "en",
        "name": "Mara Lindt",
        "resource_type": "User",
        "scheduling_url": "https://bookafy.com/mara-lindt",
        "slug": "mara-lindt",
        "time_notation": "24h",
        "timezone": "Europe/Vienna",
        "updated_at": "2026-10-30T16:20:01.000412Z",
        "uri": f"{API}/users/{USER}",
    }


def delivery() -> dict:
    """An `invitee.created`; the sender puts other ids in the place of these two, and the time of day into `created_at`."""
    own, event = "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"
    payload = invitee(event, own, *PEOPLE[1])
    payload["scheduled_event"] = {
        "created_at": "2026-11-20T10:02:11.540118Z",
        "end_time": "2026-12-01T14:30:00.000000Z",
        "event_guests": [],
        "event_memberships": [{"user": f"{API}/users/{USER}", "user_email": "mara.lindt@example.org",
                               "user_name": "Mara Lindt"}],
        "event_type": f"{API}/event_types/886313e1-3b8a-4372-9b90-0c9aee199e5d",
        "invitees_counter": {"total": 1, "active": 1, "limit": 1},
        "location": {"location": "Room 4", "type": "physical"},
        "meeting_notes_html": None,
        "meeting_notes_plain": None,
        "name": "Intro call",
        "start_time": "2026-12-01T14:00:00.000000Z",
        "status": "active",
        "updated_at": "2026-11-20T10:02:11.540118Z",
        "uri": f"{API}/scheduled_events/{event}",
    }
    return {"created_at": "2026-11-20T00:00:00.000000Z", "created_by": f"{API}/users/{USER}", "event": "invitee.created",
            "payload": payload}


def paths(count: int) -> list[str]:
    """Of so many invitees: the same ones in every run."""
    chance = random.Random(7)

    def new_id() -> uuid.UUID:
        return uuid.UUID(int=chance.getrandbits(128), version=4)

    return [f"/scheduled_events/{new_id()}/invitees/{new_id()}" for _ in range(count)]


def write_lookups(folder: Path, base: str, name: str, counts: list[int]):
    """NAME-COUNT.txt for bookafy and xargs, and the same as NAME-COUNT.curl for `curl --config`."""
    urls = [base + path for path in paths(max(counts))]
    for count in counts:
        (folder / f"{name}-{count}.txt").write_text("".join(f"{url}\n" for url in urls[:count]))
        (folder / f"{name}-{count}.curl").write_text("".join(f'url = "{url}"\n' for url in urls[:count]))


def list_query(token: str | None = None) -> str:
    parts = [("organization", f"{API}/organizations/{ORGANIZATION}"), ("scope", "organization"), ("count", "100")]
    if token:
        parts.append(("page_token", token))
    return "/webhook_subscriptions?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in parts)


def write_pages(folder: Path, base: str, pages: int):
    """Pages of 100 subscriptions, each named by the token that leads to it; the first by none."""
    chance = random.Random(11)
    tokens = [""] + [f"{chance.getrandbits(192):048x}"[:32] for _ in range(pages - 1)]
    following = tokens[1:] + [""]
    for number, (token, after) in enumerate(zip(tokens, following)):
        before = tokens[number - 1] if number > 1 else None
        document = {
            "collection": [subscription(chance, 100 * number + row) for row in range(100)],
            "pagination": {
                "count": 100,
                "next_page": base + list_query(after) if after else None,
                "next_page_token": after or None,
                "previous_page": base + list_query(before) if before else None,
                "previous_page_token": before,
            },
        }
        (folder / f"page-{token}.json").write_text(text(document))


def subscription(chance: random.Random, number: int) -> dict:
    created = f"2026-11-{1 + number % 23:02}T09:{number % 60:02}:42.118204Z"
    return {
        "callback_url": f"https://hooks.example.org/bookafy/{number}",
        "created_at": created,
        "creator": f"{API}/users/{USER}",
        "events": ["invitee.created", "invitee.canceled"],
        "group": None,
        "organization": f"{API}/organizations/{ORGANIZATION}",
        "retry_started_at": None,
        "scope": "organization",
        "state": "disabled" if number % 50 == 0 else "active",
        "updated_at": created,
        "uri": f"{API}/webhook_subscriptions/{uuid.UUID(int=chance.getrandbits(128), version=4)}",
        "user": None,
    }
