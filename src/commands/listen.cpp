#include "commands/listen.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>

#include "bookafy/signature.hpp"
#include "bookafy/validation.hpp"
#include "commands/bind_address.hpp"
#include "commands/delivery_lines.hpp"
#include "commands/event_names.hpp"
#include "commands/owner.hpp"
#include "commands/signing_key.hpp"
#include "delivery/executor.hpp"
#include "delivery/forwarder.hpp"
#include "delivery/intake.hpp"
#include "delivery/own_subscription.hpp"
#include "delivery/receiver.hpp"
#include "delivery/relay.hpp"
#include "system/signals.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::commands {
namespace {

/// What runs while a listener listens. Each part may call the others as long as it runs: all exist before the first
/// starts and after the last has stopped.
class Listening {
 public:
  Listening(const ListenArgs& args, const std::optional<Secret>& key, Context& context, delivery::Notices& notices)
      : args_(args),
        lines_(context.out, context.layout, context.output_is_terminal),
        receiver_(receiver_options(key, context), notices,
                  [this](delivery::Arrival arrival) { intake_.take(std::move(arrival)); }),
        intake_(intake_options(), notices, failure_) {
    if (!args.exec.empty()) executor_.emplace(executor_options(context), notices, failure_);
    if (!args.forward_to.empty()) add_forwarding(context, notices);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  /// In the reverse order of `start`. What has not started stops at once.
  ~Listening() {
    receiver_.stop();
    if (executor_) executor_->stop();
    if (relay_) relay_->stop();
    if (forwarder_) forwarder_->stop();
    intake_.stop();
  }

  void start() {
    intake_.start();
    if (forwarder_) forwarder_->start();
    if (relay_) relay_->start();
    if (executor_) executor_->start();
    receiver_.start(failure_);
  }

  std::string base_url() const { return receiver_.base_url(); }
  const system::ThreadFailure& failure() const { return failure_; }
  bool reader_has_gone() const { return reader_has_gone_; }

 private:
  delivery::IntakeOptions intake_options() {
    delivery::IntakeOptions options;
    options.store = args_.store;
    if (!args_.store.empty() && !args_.forward_to.empty()) options.tasks.push_back(delivery::Task::forward);
    if (!args_.store.empty() && !args_.exec.empty()) options.tasks.push_back(delivery::Task::exec);
    options.print = [this](const delivery::Delivery& delivery) { lines_.print(delivery); };
    options.flush = [this] {
      lines_.flush();
      if (!lines_.closed()) return;
      reader_has_gone_ = true;
      throw Error(ErrorKind::internal, "the reader of standard output has gone");
    };
    options.stored = [this] {
      if (forwarder_) forwarder_->look();
      if (executor_) executor_->look();
    };
    if (args_.store.empty() && !args_.exec.empty())
      options.admit = [this](const delivery::Delivery& delivery) { return executor_->run(delivery.body); };
    if (args_.store.empty() && !args_.forward_to.empty())
      options.pass_on = [this](delivery::Arrival arrival) { relay_->pass_on(std::move(arrival)); };
    return options;
  }

  delivery::ExecutorOptions executor_options(const Context& context) {
    return {.command = args_.exec,
            .environment = delivery::without_secrets(context.environment),
            .store = args_.store,
            .done = [this](std::int64_t number) { intake_.finish(number, delivery::Task::exec); }};
  }

  void add_forwarding(Context& context, delivery::Notices& notices) {
    const delivery::TransportFactory transport = [&context](const system::Wake& wake) {
      const TransportLimits limits{delivery::forward_limits.connect, delivery::forward_limits.whole,
                                   delivery::most_forwarded_at_once};
      return context.new_delivery_transport(wake, limits);
    };
    if (args_.store.empty())
      relay_.emplace(delivery::RelayOptions{.url = args_.forward_to,
                                            .transport = transport,
                                            .taken = [this](const std::string& identity) { intake_.taken(identity); }},
                     notices, failure_);
    else
      forwarder_.emplace(
          delivery::ForwarderOptions{
              .store = args_.store,
              .url = args_.forward_to,
              .transport = transport,
              .taken = [this](std::int64_t number) { intake_.finish(number, delivery::Task::forward); }},
          notices, failure_);
  }

  delivery::ReceiverOptions receiver_options(const std::optional<Secret>& key, const Context& context) const {
    const BindAddress address = parse_bind_address(args_.bind);
    return {.host = address.host,
            .port = address.port,
            .max_body = args_.max_body,
            .signing_key = key,
            .tolerance = std::chrono::seconds(args_.tolerance),
            .events = {args_.events.begin(), args_.events.end()},
            .now = context.now};
  }

  const ListenArgs& args_;
  DeliveryLines lines_;
  std::atomic<bool> reader_has_gone_{false};
  system::ThreadFailure failure_;
  delivery::Receiver receiver_;  ///< first: when the address is not available, nothing is opened or run
  delivery::Intake intake_;
  std::optional<delivery::Relay> relay_;
  std::optional<delivery::Forwarder> forwarder_;
  std::optional<delivery::Executor> executor_;
};

std::vector<std::string> subscribed_events(const ListenArgs& args) {
  if (!args.events.empty()) return args.events;
  return {"invitee.created", "invitee.canceled"};
}

void check_url(std::string_view option, const std::string& url) {
  if (url.empty()) return;
  if (const auto problem = callback_url_problem(url); !problem.empty())
    throw Error(ErrorKind::usage, fmt::format("{} {} {}", option, url, problem));
}

void check(const ListenArgs& args) {
  check_url("--forward-to", args.forward_to);
  check_url("--subscribe", args.subscribe);
  parse_bind_address(args.bind);
  if (args.subscribe.empty()) return;
  const auto problems = event_problems(subscribed_events(args), args.scope, false);
  if (!problems.empty()) throw Error(ErrorKind::usage, fmt::format("{}", fmt::join(problems, "; ")));
  check_owner(args.owner, args.scope);
}

/// The key that deliveries are checked with; with --subscribe there is always one.
std::optional<Secret> choose_key(const ListenArgs& args, Context& context) {
  if (!args.signing_key_file.empty()) return read_signing_key(args.signing_key_file, context);
  if (args.subscribe.empty()) return std::nullopt;
  Secret key = generate_signing_key();
  context.messages.add_secret(key);
  return key;
}

std::string state_folder(const Context& context) {
  if (const auto folder = context.environment.folder("XDG_STATE_HOME")) return *folder + "/bookafy";
  if (const auto home = context.environment.folder("HOME")) return *home + "/.local/state/bookafy";
  throw Error(ErrorKind::usage,
              "--subscribe requires XDG_STATE_HOME or HOME, as an absolute path, to record its subscription");
}

/// The receiver listens with the key already: no delivery finds a closed door, and none an unlocked one.
void subscribe(const ListenArgs& args, const Secret& key, Context& context,
               std::optional<delivery::OwnSubscription>& subscription) {
  const auto warn = [&context](const std::string& text) { context.messages.warning(text); };
  const auto note = [&context](const std::string& uri) {
    context.messages.note(fmt::format("deleted {}, left behind by an earlier listener", uri));
  };
  const std::string folder = state_folder(context);
  delivery::sweep_left_behind(folder, context.api_url(), context.client(), note, warn);
  const Owner owner = find_owner(args.owner, args.scope, context);
  const auto with_client = [&context](const std::function<void(Client&)>& use) {
    const auto transport = context.new_transport();
    Client client = context.client_over(*transport);
    use(client);
  };
  subscription.emplace(delivery::OwnSubscriptionOptions{.folder = folder,
                                                        .api_url = context.api_url(),
                                                        .wished = {.url = url_with_ascii_host(args.subscribe),
                                                                   .events = subscribed_events(args),
                                                                   .scope = args.scope,
                                                                   .organization = owner.organization,
                                                                   .user = owner.user,
                                                                   .group = owner.group,
                                                                   .signing_key = key},
                                                        .with_client = with_client,
                                                        .warn = warn});
  std::optional<Subscription> made;
  auto failure = error_of([&] { made = subscription->create(context.client()); });
  if (failure && failure->status == 409)
    failure->hint = fmt::format("list the subscription that exists with: bookafy list --url '{}'", args.subscribe);
  if (failure) throw Error(*failure);
  context.messages.note(fmt::format("subscribed {} to {}", args.subscribe, fmt::join(made->events, ", ")));
}

/// Prints what is left at the end, also after a failure.
class PrintedNotices {
 public:
  explicit PrintedNotices(Context& context) : context_(context) {}
  PrintedNotices(const PrintedNotices&) = delete;
  PrintedNotices& operator=(const PrintedNotices&) = delete;
  ~PrintedNotices() { print(); }

  delivery::Notices& queue() { return queue_; }
  void print() {
    for (const std::string& line : queue_.take()) context_.messages.warning(line);
  }

 private:
  Context& context_;
  delivery::Notices queue_;
};

/// Until a signal asks to stop, or one of the threads has failed. False when the reader of standard output has gone.
bool listen(const ListenArgs& args, const std::optional<Secret>& key, Context& context, PrintedNotices& notices) {
  Listening listening(args, key, context, notices.queue());
  std::optional<delivery::OwnSubscription> subscription;
  listening.start();
  context.messages.essential_note(fmt::format("listening on {}", listening.base_url()));
  if (!args.subscribe.empty()) subscribe(args, *key, context, subscription);
  while (system::pending_signal() == 0) {
    system::wait_for_any({system::signal_descriptor(), notices.queue().descriptor(), listening.failure().descriptor()});
    notices.print();
    if (listening.reader_has_gone()) return false;
    listening.failure().rethrow();
  }
  return true;
}

}  // namespace

ExitStatus run(const ListenArgs& args, Context& context) {
  check(args);
  warn_of_unknown_events(args.events, context);
  const std::optional<Secret> key = choose_key(args, context);
  if (!key) context.messages.warning("without --signing-key-file anybody who reaches this address can post to it");
  PrintedNotices notices(context);
  if (!listen(args, key, context, notices)) return 0;
  throw http::Interrupted{system::pending_signal(), {}};
}

}  // namespace bookafy::commands
