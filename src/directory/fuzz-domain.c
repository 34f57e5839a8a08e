// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "directory/domain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Name, DNS name and base, one in a line: what is a domain is written and read back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text name, dns, base = { "", 0 };
        struct directory_domain domain, read[DIRECTORY_DOMAINS_MAX];
        struct directory_server server;
        char url[DIRECTORY_URL];
        size_t count;
        json_t *json;

        text_cut(text_from_octets(data, size), '\n', &name, &dns);
        text_cut(dns, '\n', &dns, &base);
        if (!directory_domain_make(name, dns, base, DIRECTORY_FOREST, &domain))
                return 0;
        assert(!strchr(domain.name, '\\') && domain.base[0]);
        (void)snprintf(url, sizeof(url), "ldaps://%s", domain.dns);
        assert(directory_server_parse(text_from(url), &server) && strcmp(server.host, domain.dns) == 0);
        json = directory_domains_format(&domain, 1);
        assert(json && directory_domains_parse(json, read, &count) && count == 1);
        assert(strcmp(read[0].name, domain.name) == 0 && strcmp(read[0].base, domain.base) == 0);
        json_decref(json);
        return 0;
}
