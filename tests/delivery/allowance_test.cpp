#include "delivery/allowance.hpp"

#include "catch.hpp"

using bookafy::delivery::Allowance;
using std::chrono::milliseconds;

TEST_CASE("a hundred lines at once, then ten a second, and the others are counted") {
  Allowance allowance;
  const Allowance::Time start{std::chrono::hours(1)};
  auto told = [&](milliseconds after, int wanted) {
    int count = 0;
    for (int i = 0; i < wanted; ++i) count += allowance.take(start + after) ? 1 : 0;
    return count;
  };
  CHECK(told(milliseconds(0), 150) == 100);
  CHECK(allowance.untold() == 50);
  CHECK(allowance.untold() == 0);
  CHECK(told(milliseconds(99), 1) == 0);
  CHECK(told(milliseconds(100), 2) == 1);
  CHECK(told(milliseconds(1000), 100) == 9);
  CHECK(told(std::chrono::hours(1), 101) == 100);
  CHECK(allowance.untold() == 94);
}
