// Query strings, written and read.
#include "net/query.hpp"

#include "catch.hpp"

using namespace bookafy;

TEST_CASE("everything but unreserved characters is encoded") {
  CHECK(percent_encoded("https://api.bookafy.com/users/x") == "https%3A%2F%2Fapi.bookafy.com%2Fusers%2Fx");
  CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encoded("a b+c&d=e%f#g?h\r\n") == "a%20b%2Bc%26d%3De%25f%23g%3Fh%0D%0A");
  CHECK(percent_encoded("ë") == "%C3%AB");
  CHECK(percent_encoded(std::string_view("\0\xff", 2)) == "%00%FF");
}

TEST_CASE("queries leave out what is empty") {
  CHECK(Query().after("/x") == "/x");
  CHECK(Query().add("a", "").after("/x") == "/x");
  CHECK(Query().add("a", "1").add("b", "").add("c", "&").after("/x") == "/x?a=1&c=%26");
}

TEST_CASE("a parameter is found and decoded") {
  struct Row {
    std::string url, value;
  };
  for (const auto& [url, value] : std::vector<Row>{
           {"https://h/x?page_token=abc", "abc"},
           {"https://h/x?count=20&page_token=abc&sort=a", "abc"},
           {"https://h/x?page_token=a%2Bb%3d%3D", "a+b=="},
           {"https://h/x?page_token=a+b", "a b"},
           {"https://h/x?page_token=abc#page_token=def", "abc"},
           {"https://h/x?my_page_token=abc", ""},
           {"https://h/x?page_token2=abc", ""},
           {"https://h/x?page_token", ""},
           {"https://h/x?page_token=", ""},
           {"https://h/x?page_token=%", "%"},
           {"https://h/x?page_token=%4", "%4"},
           {"https://h/x?page_token=%zz", "%zz"},
           {"https://h/x?page_token=%+4", "% 4"},
           {"https://h/x?page_token=%-1", "%-1"},
           {"https://h/page_token=abc", ""},
           {"page_token=abc", ""},
           {"?page_token=abc", "abc"},
           {"", ""},
           {"?", ""},
           {"?&&&", ""},
           {"?page_token=a&page_token=b", "a"},
       }) {
    INFO(url);
    CHECK(query_value(url, "page_token") == value);
  }
  const std::string all = [] {
    std::string bytes;
    for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
    return bytes;
  }();
  CHECK(query_value(Query().add("a", all).after("/x"), "a") == all);
}
