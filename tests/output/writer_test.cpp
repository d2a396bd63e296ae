#include "output/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "bookafy/error.hpp"
#include "catch.hpp"

using namespace bookafy;
using namespace bookafy::output;

namespace {

class Pipe {
 public:
  Pipe() {
    REQUIRE(::pipe(ends_.data()) == 0);
    std::signal(SIGPIPE, SIG_IGN);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reader();
    close_writer();
  }

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

  std::string read_all() const {
    std::string all;
    std::array<char, 4096> piece;
    for (ssize_t got = 0; (got = ::read(reader(), piece.data(), piece.size())) > 0;)
      all.append(piece.data(), static_cast<std::size_t>(got));
    return all;
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }

  std::array<int, 2> ends_{-1, -1};
};

bool readable(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  char c = 0;
  const bool got = ::read(descriptor, &c, 1) == 1;
  ::fcntl(descriptor, F_SETFL, flags);
  return got;
}

}  // namespace

TEST_CASE("output is buffered until it is flushed", "[output][writer]") {
  Pipe pipe;
  FileWriter out(pipe.writer());
  out.write("first ");
  out.write("second");
  CHECK_FALSE(readable(pipe.reader()));
  out.flush();
  out.flush();
  pipe.close_writer();
  CHECK(pipe.read_all() == "first second");
  CHECK_FALSE(out.closed());
}

TEST_CASE("more than a pipe holds arrives whole", "[output][writer]") {
  const bool blocking = GENERATE(true, false);
  CAPTURE(blocking);
  Pipe pipe;
  if (!blocking) REQUIRE(::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK) == 0);
  std::string received;
  std::thread reader([&] { received = pipe.read_all(); });
  FileWriter out(pipe.writer());
  std::string sent;
  for (int i = 0; i < 100'000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    out.write(line);
    sent += line;
  }
  out.write(std::string(300'000, 'x'));
  sent.append(300'000, 'x');
  out.flush();
  pipe.close_writer();
  reader.join();
  CHECK(received.size() == sent.size());
  CHECK((received == sent));
}

TEST_CASE("a reader that has gone ends the output quietly", "[output][writer]") {
  Pipe pipe;
  pipe.close_reader();
  FileWriter out(pipe.writer());
  out.write("x");
  CHECK_FALSE(out.closed());
  CHECK_NOTHROW(out.flush());
  CHECK(out.closed());
  CHECK_NOTHROW(out.write(std::string(200'000, 'x')));
  CHECK_NOTHROW(out.flush());
}

TEST_CASE("a failed write is told once", "[output][writer]") {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  FileWriter out(full);
  const bool big = GENERATE(false, true);
  try {
    out.write(std::string(big ? 100'000 : 10, 'x'));
    out.flush();
    FAIL("the disk was full and nobody said so");
  } catch (const Error& error) {
    CHECK(error.kind == ErrorKind::internal);
    CHECK(error.message == "cannot write to standard output: No space left on device");
  }
  CHECK_NOTHROW(out.flush());
  CHECK_NOTHROW(out.write(std::string(200'000, 'x')));
  CHECK_NOTHROW(out.flush());
  CHECK_FALSE(out.closed());
  ::close(full);
}

TEST_CASE("a descriptor that is not open is an error, too", "[output][writer]") {
  FileWriter out(-1);
  out.write("x");
  CHECK_THROWS_WITH(out.flush(), "cannot write to standard output: Bad file descriptor");
}

TEST_CASE("nothing written, nothing to fail", "[output][writer]") {
  FileWriter out(-1);
  CHECK_NOTHROW(out.flush());
}
