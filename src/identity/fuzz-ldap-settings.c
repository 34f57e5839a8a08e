// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "identity/ldap-settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Either a sentence, or settings within their limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct ldap_settings settings;
        char complaint[CORE_WORDS];

        if (ldap_settings_parse(text_from_octets(data, size), &settings, complaint)) {
                assert(settings.directory.server_count > 0 && settings.directory.base[0]);
                assert(settings.domain_count <= LDAP_DOMAINS_MAX && settings.sync_brake_percent <= 100);
                assert(settings.directory.timeout_ms >= 500 && settings.directory.timeout_ms <= 30000);
        } else {
                assert(complaint[0]);
        }
        return 0;
}
