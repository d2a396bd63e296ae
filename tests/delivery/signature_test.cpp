#include "bookafy/signature.hpp"

#include <algorithm>
#include <set>

#include "bookafy/error.hpp"
#include "catch.hpp"

using namespace bookafy;
using namespace std::chrono_literals;
using Verdict = SignatureVerdict;

namespace {

const Secret key("bk_demo_signing_key_0001");
constexpr std::chrono::sys_seconds signed_at{1795426200s};

const std::string first_body =
    R"({"created_at":"2026-11-23T09:30:00.000000Z","created_by":"https://api.bookafy.com/users/1b4e28ba-2fa1-41d2-883f-0016d3cca427",)"
    R"("event":"invitee.created","payload":{"email":"ana.petrova@example.org","name":"Ana Petrova","uri":"https://api.bookafy.com/scheduled_events/)"
    R"(6fa459ea-ee8a-4ca4-894e-db77e160355e/invitees/16fd2706-8baf-433b-82eb-8c7fada847da"}})";
const std::string first = "39a2d3a9ccb2cacfdcbe9d538815cf2eac4ea3de543dd741851e2b13f3d7acbb";
const std::string empty = "7acbaf3f66703eaa9cee6dad8232ad0799d3cccffbec888d8b466fa60067aa19";

}  // namespace

TEST_CASE("signatures are those of the API's test vectors") {
  REQUIRE(first_body.size() == 351);
  const SigningKey signer(key);
  CHECK(signer.sign(signed_at, first_body) == "t=1795426200,v1=" + first);
  CHECK(signer.sign(signed_at, "{\"name\":\"Zoë — 日本\"}") ==
        "t=1795426200,v1=45e3472be90f470149c86a0eaab4c278649a809207ab88b6db45251f2a7e7a10");
  CHECK(signer.sign(signed_at, "") == "t=1795426200,v1=" + empty);
  CHECK(signer.sign(signed_at, first_body) == "t=1795426200,v1=" + first);  // the same key again
  CHECK(signature_header(key, signed_at, "") == "t=1795426200,v1=" + empty);
}

TEST_CASE("each reason of refusal is told apart") {
  struct Case {
    std::string header;
    Verdict verdict;
  };
  const std::string other(64, 'a');
  std::string upper = first;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  const std::vector<Case> cases{
      {"t=1795426200,v1=" + first, Verdict::valid},
      {"v1=" + first + ",t=1795426200", Verdict::valid},
      {" t = 1795426200 ,\tv1 = " + first + " ", Verdict::valid},
      {"t=1795426200,v1=" + other + ",v1=" + first + ",v1=" + other, Verdict::valid},
      {"t=1795426200,v0=x,v2=y=z,v1=" + first, Verdict::valid},
      {",t=1795426200,,v1=" + first + ",", Verdict::valid},
      {"t=1795426200,v1=" + other, Verdict::mismatch},
      {"t=1795426200,v1=" + upper, Verdict::mismatch},
      {"t=1795426200,v1=" + first.substr(1), Verdict::mismatch},
      {"t=1795426200,v1=" + first + "00", Verdict::mismatch},
      {"t=1795426200,v1=", Verdict::mismatch},
      {"t=1795426201,v1=" + first, Verdict::mismatch},
      {"t=01795426200,v1=" + first, Verdict::mismatch},  // other bytes than those that were signed
      {"", Verdict::no_time},
      {"v1=" + first, Verdict::no_time},
      {"T=1795426200,v1=" + first, Verdict::no_time},
      {"t=1795426200", Verdict::no_signature},
      {"t=1795426200,v2=" + first, Verdict::no_signature},
      {"t=1795426200,t=1795426200,v1=" + first, Verdict::repeated_time},
      {"t=1795426200,v1=" + first + ",t=1", Verdict::repeated_time},
      {"t=,v1=" + first, Verdict::malformed},
      {"t=-1,v1=" + first, Verdict::malformed},
      {"t=+1795426200,v1=" + first, Verdict::malformed},
      {"t=1795426200.0,v1=" + first, Verdict::malformed},
      {"t=9999999999999999,v1=" + first, Verdict::malformed},
      {"t=18446744073709551616,v1=" + first, Verdict::malformed},
      {"nonsense", Verdict::malformed},
      {first, Verdict::malformed},
      {"t=1795426200;v1=" + first, Verdict::malformed},
      {"t=1795426200,v1", Verdict::malformed},
  };
  const SigningKey verifier(key);
  std::set<std::string_view> reasons;
  for (const auto& [header, verdict] : cases) {
    INFO(header);
    CHECK(to_string(verifier.verify(header, first_body, signed_at)) == to_string(verdict));
    reasons.insert(to_string(verdict));
  }
  CHECK(reasons.size() == 6);
}

TEST_CASE("raw bytes are verified: one changed bit anywhere is a mismatch") {
  const SigningKey verifier(key);
  const std::string header = "t=1795426200,v1=" + first;
  for (std::size_t at = 0; at < first_body.size(); ++at) {
    std::string changed = first_body;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    if (verifier.verify(header, changed, signed_at) != Verdict::mismatch) FAIL("byte " << at);
  }
  CHECK(verifier.verify(header, first_body + "\n", signed_at) == Verdict::mismatch);
  CHECK(SigningKey(Secret("bk_demo_signing_key_0002")).verify(header, first_body, signed_at) == Verdict::mismatch);
}

TEST_CASE("the window is open in both directions, its ends included") {
  const SigningKey verifier(key);
  const std::string header = "t=1795426200,v1=" + first;
  auto at = [&](std::chrono::seconds later, std::chrono::seconds tolerance = default_signature_tolerance) {
    return verifier.verify(header, first_body, signed_at + later, tolerance);
  };
  CHECK(at(180s) == Verdict::valid);
  CHECK(at(181s) == Verdict::too_old);
  CHECK(at(-180s) == Verdict::valid);
  CHECK(at(-181s) == Verdict::from_future);
  CHECK(at(0s, 0s) == Verdict::valid);
  CHECK(at(1s, 0s) == Verdict::too_old);
  CHECK(at(-1s, 0s) == Verdict::from_future);
  // A time means nothing until it is known who wrote it.
  CHECK(verifier.verify(header, "changed", signed_at + 24h) == Verdict::mismatch);
  const auto far = std::chrono::sys_seconds(999999999999999s);
  CHECK(verifier.verify(verifier.sign(far, ""), "", signed_at) == Verdict::from_future);
  CHECK(verifier.verify(verifier.sign(std::chrono::sys_seconds(0s), ""), "", signed_at) == Verdict::too_old);
}

TEST_CASE("either header name is found, the own one first") {
  using Headers = std::vector<http::Header>;
  CHECK(!find_signature({{"Content-Type", "application/json"}}));
  CHECK(find_signature({{"bookafy-webhook-SIGNATURE", "a"}}) == "a");
  CHECK(find_signature({{"Calendly-Webhook-Signature", "b"}}) == "b");
  CHECK(find_signature({{"Calendly-Webhook-Signature", "b"}, {"Bookafy-Webhook-Signature", "a"}}) == "a");
  CHECK(find_signature(Headers{{"Calendly-Webhook-Signature", "b"}, {"Bookafy-Webhook-Signature", ""}}) == "");
  // A second field cannot slip in another time: both become one list.
  CHECK(find_signature({{"Bookafy-Webhook-Signature", "t=1"}, {"Bookafy-Webhook-Signature", "t=2"}}) == "t=1,t=2");
}

TEST_CASE("a generated key is 43 characters of base64url, another each time") {
  std::set<std::string> keys;
  for (int i = 0; i < 200; ++i) {
    const Secret generated = generate_signing_key();
    const std::string text(generated.reveal());
    CHECK(text.size() == 43);
    CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    keys.insert(text);
  }
  CHECK(keys.size() == 200);
}

TEST_CASE("a signing key has at least one byte") { CHECK_THROWS_AS(SigningKey(Secret("")), Error); }
