#include "net/trust.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "net/handle.hpp"

namespace bookafy::net {
namespace {

/// Files named by a hash of the subject (`5ed36f99.0`), as c_rehash makes them: OpenSSL finds roots by nothing else.
bool has_hashed_names(const std::string& directory) {
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(directory, problem)) {
    const std::string name = entry.path().filename();
    if (name.size() == 10 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8) return true;
  }
  return false;
}

bool is_openssl(const curl_version_info_data& version) {
  return version.ssl_version && std::string_view(version.ssl_version).starts_with("OpenSSL");
}

}  // namespace

Trust::Trust(TrustOptions options) : options_(std::move(options)) {
  const curl_version_info_data& version = *curl_version_info(CURLVERSION_NOW);
  if (options_.system_bundle.empty() && version.age >= CURLVERSION_SEVENTH && version.cainfo)
    options_.system_bundle = version.cainfo;
  std::error_code problem;
  has_bundle_ = options_.system_bundle.empty() || std::filesystem::exists(options_.system_bundle, problem);
  if (!options_.ca_file.empty() || !options_.environment_file.empty() || !options_.environment_directory.empty())
    return;
  if (version.age < CURLVERSION_SEVENTH || !is_openssl(version) || !version.capath || !version.cainfo) return;
  system_directory_ = version.capath;
  directory_only_ = has_hashed_names(system_directory_);
}

void Trust::apply(CURL* handle) const {
  constexpr const char* none = nullptr;
  if (!options_.ca_file.empty()) {
    for (const CURLoption file : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO}) set(handle, file, options_.ca_file);
    for (const CURLoption directory : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH}) set(handle, directory, none);
    return;
  }
  if (!options_.environment_file.empty())
    for (const CURLoption file : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO}) set(handle, file, options_.environment_file);
  if (!options_.environment_directory.empty())
    for (const CURLoption directory : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH})
      set(handle, directory, options_.environment_directory);
  // libcurl refuses every connection when a bundle does not exist, also where the directory would do.
  if (options_.environment_file.empty() && !has_bundle_)
    for (const CURLoption file : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO}) set(handle, file, none);
  if (directory_only_) set(handle, CURLOPT_CAINFO, none);
}

bool Trust::is_unknown_issuer(CURL* handle, CURLcode code) {
  if (code != CURLE_PEER_FAILED_VERIFICATION) return false;
  // X509_V_ERR_*: unable to get issuer certificate, self-signed certificate (leaf, in chain), the same locally, unable
  // to verify the leaf signature. An expired certificate or a wrong host is no matter of the trust set.
  constexpr std::array unknown_issuer{2L, 18L, 19L, 20L, 21L};
  const long result = info<long>(handle, CURLINFO_SSL_VERIFYRESULT);
  return std::find(unknown_issuer.begin(), unknown_issuer.end(), result) != unknown_issuer.end();
}

}  // namespace bookafy::net
