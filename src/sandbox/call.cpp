#include "sandbox/call.hpp"

namespace bookafy::sandbox {

const Record& Call::known(std::string_view wanted) const {
  const Record* record = world.find(wanted);
  if (!record) throw not_found();
  return *record;
}

Answer resource(const Value& document, int status) { return {status, Value::Object{{"resource", document}}}; }

}  // namespace bookafy::sandbox
