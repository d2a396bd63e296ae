/// Which certificate authorities are trusted.
#pragma once

#include <curl/curl.h>

#include <string>

namespace bookafy::net {

struct TrustOptions {
  std::string ca_file;                ///< trust these certificates and no others; empty: the system's
  std::string environment_file;       ///< CURL_CA_BUNDLE or SSL_CERT_FILE, in place of the system's bundle
  std::string environment_directory;  ///< SSL_CERT_DIR, in place of the system's hashed directory
  std::string system_bundle;          ///< a file; empty: the one that libcurl was built with
};

/// Parsing Debian's bundle of 140 roots is most of the cost of one HTTPS request; its hashed directory is read for one
/// root only and verifies as strictly. So the directory comes first, and only a server whose issuer it does not hold
/// is tried again with the bundle added: together the set that curl trusts.
class Trust {
 public:
  explicit Trust(TrustOptions options);

  void apply(CURL* handle) const;
  bool directory_only() const { return directory_only_; }
  void widen() { directory_only_ = false; }
  /// After a failed transfer: whether the bundle could help where the directory did not. Nothing was sent over such a
  /// connection.
  static bool is_unknown_issuer(CURL* handle, CURLcode code);

 private:
  TrustOptions options_;
  std::string system_directory_;
  bool directory_only_ = false;
  bool has_bundle_ = true;  ///< whether the system's bundle exists
};

}  // namespace bookafy::net
