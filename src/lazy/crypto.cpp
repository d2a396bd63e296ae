#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "lazy/library.hpp"

BOOKAFY_LIBRARY("libcrypto.so.3", "libssl3", "crypto", "Signatures and random keys")

extern "C" {
BOOKAFY_PASS_ON(int, CRYPTO_memcmp, (const void* a, const void* b, std::size_t size), (a, b, size))
BOOKAFY_PASS_ON(void, OPENSSL_cleanse, (void* memory, std::size_t size), (memory, size))
BOOKAFY_PASS_ON(int, RAND_bytes, (unsigned char* bytes, int size), (bytes, size))
BOOKAFY_PASS_ON(int, EVP_EncodeBlock, (unsigned char* to, const unsigned char* from, int size), (to, from, size))
BOOKAFY_PASS_ON(int, EVP_Q_digest,
                (OSSL_LIB_CTX * context, const char* name, const char* properties, const void* data, std::size_t size,
                 unsigned char* digest, std::size_t* length),
                (context, name, properties, data, size, digest, length))
BOOKAFY_PASS_ON(EVP_MAC*, EVP_MAC_fetch, (OSSL_LIB_CTX * context, const char* name, const char* properties),
                (context, name, properties))
BOOKAFY_PASS_ON(void, EVP_MAC_free, (EVP_MAC * mac), (mac))
BOOKAFY_PASS_ON(EVP_MAC_CTX*, EVP_MAC_CTX_new, (EVP_MAC * mac), (mac))
BOOKAFY_PASS_ON(EVP_MAC_CTX*, EVP_MAC_CTX_dup, (const EVP_MAC_CTX* context), (context))
BOOKAFY_PASS_ON(void, EVP_MAC_CTX_free, (EVP_MAC_CTX * context), (context))
BOOKAFY_PASS_ON(int, EVP_MAC_init,
                (EVP_MAC_CTX * context, const unsigned char* key, std::size_t size, const OSSL_PARAM* parameters),
                (context, key, size, parameters))
BOOKAFY_PASS_ON(int, EVP_MAC_update, (EVP_MAC_CTX * context, const unsigned char* data, std::size_t size),
                (context, data, size))
BOOKAFY_PASS_ON(int, EVP_MAC_final, (EVP_MAC_CTX * context, unsigned char* out, std::size_t* length, std::size_t size),
                (context, out, length, size))
BOOKAFY_PASS_ON(OSSL_PARAM, OSSL_PARAM_construct_utf8_string, (const char* key, char* text, std::size_t size),
                (key, text, size))
BOOKAFY_PASS_ON(OSSL_PARAM, OSSL_PARAM_construct_end, (), ())
}
