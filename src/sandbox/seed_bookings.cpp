#include "sandbox/seed_bookings.hpp"

#include <array>
#include <random>

#include "sandbox/booking.hpp"
#include "sandbox/document.hpp"
#include "sandbox/seed.hpp"
#include "sandbox/surroundings.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

struct Guest {
  std::string_view name;
  std::string_view email;
  std::string_view timezone;
};

constexpr std::array guests{
    Guest{"Søren Ångström", "soren.angstrom@example.net", "Europe/Copenhagen"},
    Guest{"Nguye\u0302\u0303n Va\u0306n Hu\u031bng", "nguyen.van.hung@example.net", "Asia/Ho_Chi_Minh"},
    Guest{"Дмитро Коваль", "dmytro.koval@example.net", "Europe/Kiev"},
    Guest{"ليلى منصور", "layla.mansour@example.net", "Africa/Cairo"},
    Guest{"王秀英", "wang.xiuying@example.net", "Asia/Shanghai"},
    Guest{"佐藤 さくら", "sato.sakura@example.net", "Asia/Tokyo"},
    Guest{"김민준", "kim.minjun@example.net", "Asia/Seoul"},
    Guest{"Zoe\u0308 D'Amico-Peña", "zoe.damico@example.net", "America/Lima"},
    Guest{"Łukasz Żółć", "lukasz.zolc@example.net", "Europe/Warsaw"},
    Guest{"Priya Raghunathan", "priya.raghunathan@example.net", "Asia/Calcutta"},
    Guest{"O'Neil, Cormac \"Mac\"", "cormac.oneil@example.net", "America/New_York"},
};

/// Builds one booking after the other; ids come from a generator that the standard defines to the last bit.
class Diary {
 public:
  explicit Diary(Changes& world) : world_(world) {
    for (const Record& record : world.put) {
      const std::string path = record.document.text_at("uri");
      if (path.starts_with("/users/") && path != seed::basic_owner && path != seed::owner)
        hosts_.push_back(record.document);
      if (path == seed::owner) owner_ = record.document;
    }
    hosts_.insert(hosts_.begin(), owner_);
  }

  void write() {
    event_types();
    the_example();
    ordinary();
    rescheduled();
    workshop();
    forms();
  }

 private:
  /// What one booking needs before it becomes documents.
  struct Booking {
    Value event;
    Value invitee;
  };

  std::string id() {
    const std::uint64_t high = random_();
    return uuid(high, random_());
  }

  void event_types() {
    world_.add(
        event_type_document({seed::intro_call, "Intro call", "intro-call", owner_, 30, "2025-02-11T08:10:00.000000Z"}));
    world_.add(event_type_document(
        {review_, "Technical review", "technical-review", hosts_[1], 60, "2025-02-14T13:00:00.000000Z"}));
    Value type = event_type_document(
        {workshop_, "Workshop: 予約入門", "workshop", hosts_[3], 120, "2025-03-05T09:00:00.000000Z"});
    type.set("kind", "group");
    world_.add(std::move(type));
  }

  Booking book(const Value& host, const Guest& guest, Timestamp start, Timestamp created) {
    const std::string event = "/scheduled_events/" + id();
    const bool intro = booked_++ % 3 != 1;
    const std::array locations{location_physical("Room 4"), location_call("+43 1 555 0132"),
                               location_google("https://meet.example.org/" + std::to_string(1000 + booked_)),
                               location_zoom(84400000000 + booked_, "https://zoom.example.org/j/84400000000")};
    return {event_document({.path = event,
                            .event_type = std::string(intro ? seed::intro_call : review_),
                            .name = intro ? "Intro call" : "Technical review",
                            .host = host,
                            .start = start,
                            .length = intro ? 30min : 60min,
                            .created = created,
                            .location = locations[static_cast<std::size_t>(booked_) % locations.size()]}),
            invitee_document({.path = event + "/invitees/" + id(),
                              .name = std::string(guest.name),
                              .email = std::string(guest.email),
                              .timezone = std::string(guest.timezone),
                              .created = created + 14'000us,
                              .question = intro ? "What shall we talk about?" : "",
                              .answer = "First steps\nand a question about prices"})};
  }

  void add(Booking booking) {
    world_.add(std::move(booking.event));
    world_.add(std::move(booking.invitee));
  }

  static Booking call_off(Booking booking, std::string_view type, std::string_view by, std::string_view reason,
                          Timestamp instant) {
    const Value why = cancellation(by, type, reason, instant);
    booking.event = canceled(std::move(booking.event), why);
    booking.event.find("invitees_counter")->set("active", 0);
    booking.invitee = canceled(std::move(booking.invitee), why);
    return booking;
  }

  /// Ana Petrova's intro call as the API's documentation tells it.
  void the_example() {
    Value event = event_document({.path = std::string(seed::sample_event),
                                  .event_type = std::string(seed::intro_call),
                                  .name = "Intro call",
                                  .host = owner_,
                                  .start = *parse_timestamp("2026-12-01T14:00:00Z"),
                                  .created = *parse_timestamp("2026-11-20T10:02:11.540118Z"),
                                  .location = location_physical("Room 4")});
    Value invitee = invitee_document({.path = std::string(seed::sample_invitee),
                                      .name = "Ana Petrova",
                                      .email = "ana.petrova@example.org",
                                      .timezone = "Europe/Sofia",
                                      .created = *parse_timestamp("2026-11-20T10:02:11.554301Z"),
                                      .question = "What shall we talk about?",
                                      .answer = "Quarterly review"});
    invitee.set("tracking", tracking("newsletter"));
    add({std::move(event), std::move(invitee)});
  }

  /// Past ones from autumn 2026, and ones so far ahead that they can be canceled for years to come.
  void ordinary() {
    constexpr int past = 18;
    for (int i = 0; i < 42; ++i) {
      const Guest& guest = guests[static_cast<std::size_t>(i) % guests.size()];
      const Value& host = hosts_[static_cast<std::size_t>(i) % hosts_.size()];
      const bool over = i < past;
      const Timestamp start = over ? autumn_ + days(2 * i) + std::chrono::hours(8 + i % 8)
                                   : far_ahead_ + days(3 * (i - past)) + std::chrono::hours(8 + i % 8);
      const Timestamp created = autumn_ - days(20) + days(i) + std::chrono::microseconds(730'511LL * (i + 1));
      Booking booking = book(host, guest, start, created);
      if (i == 4) no_show(booking, start + 20min);
      if (i == 6) paid(booking, created);
      if (i % 10 == 7) booking = call_off(std::move(booking), "invitee", guest.name, "", created + 26h);
      if (i % 10 == 9)
        booking = call_off(std::move(booking), "host", host.text_at("name"), "Krank, leider – sorry!", created + 30h);
      add(std::move(booking));
    }
  }

  void no_show(Booking& booking, Timestamp instant) {
    Changes marked = mark_no_show(booking.invitee, "/invitee_no_shows/" + id(), instant);
    booking.invitee = std::move(marked.put.back().document);
    world_.add(std::move(marked.put.front().document));
  }

  static void paid(Booking& booking, Timestamp instant) {
    booking.invitee.set("payment", Value::Object{{"external_id", "ch_3QExample"},
                                                 {"provider", "stripe"},
                                                 {"amount", Value::Decimal{"120.00"}},
                                                 {"currency", "EUR"},
                                                 {"terms", "Payable at booking"},
                                                 {"successful", true}});
    booking.invitee.set("reconfirmation", Value::Object{{"created_at", format_timestamp(instant + 24h)},
                                                        {"confirmed_at", format_timestamp(instant + 25h)}});
  }

  /// One moved once by the invitee, one moved twice: a chain of three.
  void rescheduled() {
    for (const auto& [guest, times] : {std::pair{&guests[4], 1}, std::pair{&guests[2], 2}}) {
      Timestamp created = autumn_ + days(10 * times);
      Booking booking = book(hosts_[static_cast<std::size_t>(times)], *guest, far_ahead_ + days(5), created);
      for (int i = 0; i < times; ++i) {
        created += 49h;
        Booking next = book(hosts_[static_cast<std::size_t>(times)], *guest, far_ahead_ + days(12 + i), created);
        next.invitee.set("old_invitee", booking.invitee.text_at("uri"));
        booking = call_off(std::move(booking), "invitee", guest->name, "", created);
        booking.invitee.set("rescheduled", true);
        booking.invitee.set("new_invitee", next.invitee.text_at("uri"));
        add(std::move(booking));
        booking = std::move(next);
      }
      add(std::move(booking));
    }
  }

  /// A group event: one of its invitees has canceled, the event goes on.
  void workshop() {
    constexpr int seats = 6;
    const std::string path = "/scheduled_events/" + id();
    const Timestamp created = autumn_ + days(3);
    Value event = event_document({.path = path,
                                  .event_type = std::string(workshop_),
                                  .name = "Workshop: 予約入門",
                                  .host = hosts_[3],
                                  .start = far_ahead_ + days(20) + 9h,
                                  .length = 120min,
                                  .created = created,
                                  .location = location_google("https://meet.example.org/workshop"),
                                  .invitees = seats,
                                  .limit = 8});
    event.find("invitees_counter")->set("active", seats - 1);
    Value guest_of_honour = Value::Object{{"email", "observer@example.net"},
                                          {"created_at", format_timestamp(created)},
                                          {"updated_at", format_timestamp(created)}};
    event.find("event_guests")->array()->push_back(std::move(guest_of_honour));
    world_.add(std::move(event));
    for (int i = 0; i < seats; ++i) {
      const Guest& guest = guests[static_cast<std::size_t>(i) + 3];
      const Timestamp booked = created + days(i) + 3'141us;
      Value invitee = invitee_document({.path = path + "/invitees/" + id(),
                                        .name = std::string(guest.name),
                                        .email = std::string(guest.email),
                                        .timezone = std::string(guest.timezone),
                                        .created = booked});
      if (i == 2)
        invitee = canceled(std::move(invitee), cancellation(guest.name, "invitee", "Zug verpasst", booked + 5h));
      world_.add(std::move(invitee));
    }
  }

  void forms() {
    world_.add(form_document(seed::published_form, seed::organization, "Wer kann helfen?", "published", autumn_));
    world_.add(
        form_document("/routing_forms/" + id(), seed::organization, "Draft for spring", "draft", autumn_ + days(30)));
    const std::array<Value, 3> results{
        Value::Object{{"type", "event_type"}, {"value", seed::intro_call}},
        Value::Object{{"type", "external_url"}, {"value", "https://support.example.org/new"}},
        Value::Object{{"type", "custom_message"},
                      {"value", Value::Object{{"headline", "Danke!"}, {"body", "Wir melden uns."}}}}};
    const std::array topics{"Consulting", "Support", "Sales"};
    for (std::size_t i = 0; i < 23; ++i) {
      const Guest& guest = guests[i % guests.size()];
      const bool first = i == 0;
      world_.add(submission_document(
          {.path = first ? std::string(seed::sample_submission) : "/routing_form_submissions/" + id(),
           .form = std::string(seed::published_form),
           .name = first ? "Ana Petrova" : std::string(guest.name),
           .email = first ? "ana.petrova@example.org" : std::string(guest.email),
           .topic = topics[i % 3],
           .result = results[i % 3],
           .submitter = first ? Value(seed::sample_invitee) : Value(),
           .created = autumn_ + days(static_cast<int>(i)) + 11h + 271'828us}));
    }
  }

  static constexpr std::string_view review_ = "/event_types/f2a91c4d-6b0e-4e37-8c5a-d07b3e9f1a26";
  static constexpr std::string_view workshop_ = "/event_types/3d7e5b18-c94f-4a02-b6d1-82f0a5c7e964";
  static constexpr Timestamp autumn_ = std::chrono::sys_days(std::chrono::year(2026) / 9 / 14);
  static constexpr Timestamp far_ahead_ = std::chrono::sys_days(std::chrono::year(2035) / 3 / 5);

  Changes& world_;
  Value owner_;
  std::vector<Value> hosts_;
  std::mt19937_64 random_{20261123};
  int booked_ = 0;
};

}  // namespace

void add_bookings(Changes& world) { Diary(world).write(); }

}  // namespace bookafy::sandbox
