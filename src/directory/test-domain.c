// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/domain.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        struct text name, dns, base;
        const char *made; /* its base; NULL: it is no domain */
} rows[] = {
        { TEXT("CORP"), TEXT("corp.example"), TEXT("DC=corp,DC=example"), "DC=corp,DC=example" },
        { TEXT("PARTNER"), TEXT("partner.example"), TEXT(""), "DC=partner,DC=example" },
        { TEXT("A-B_C$"), TEXT("a.b.c"), TEXT(""), "DC=a,DC=b,DC=c" },
        { TEXT("ONE"), TEXT("one"), TEXT(""), "DC=one" },
        { TEXT(""), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT(""), TEXT(""), NULL },
        { TEXT("CO\\RP"), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("CORP@x"), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("CO RP"), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("CO\0RP"), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("SIXTEEN-LETTERS-"), TEXT("corp.example"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT("corp.example/x"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT("user@corp.example"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT("corp..example"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT(".corp"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT("corp.example:99"), TEXT(""), NULL },
        { TEXT("CORP"), TEXT("corp.example"), TEXT("DC=\x01"), NULL },
};

int main(void)
{
        struct directory_domain domains[DIRECTORY_DOMAINS_MAX], read[DIRECTORY_DOMAINS_MAX];
        size_t count = 0, read_count;
        json_t *json;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct directory_domain made;
                bool is_one = directory_domain_make(rows[i].name, rows[i].dns, rows[i].base, DIRECTORY_TRUST,
                                                    &made);

                printf("%s %s\n", rows[i].name.at, rows[i].dns.at);
                assert(is_one == (rows[i].made != NULL));
                if (is_one) {
                        assert(strcmp(made.base, rows[i].made) == 0);
                        domains[count++] = made;
                }
        }
        assert(directory_domain_find(domains, count, TEXT_OF("corp")) == &domains[0]);
        assert(directory_domain_find(domains, count, TEXT_OF("Partner.Example")) == &domains[1]);
        assert(!directory_domain_find(domains, count, TEXT_OF("")) &&
               !directory_domain_find(domains, count, TEXT_OF("corp.")));

        json = directory_domains_format(domains, count);
        assert(directory_domains_parse(json, read, &read_count) && read_count == count);
        assert(strcmp(read[2].name, domains[2].name) == 0 && read[2].origin == DIRECTORY_TRUST);
        for (size_t i = count; i <= DIRECTORY_DOMAINS_MAX; i++)
                json_array_append(json, json_array_get(json, 0));
        assert(!directory_domains_parse(json, read, &read_count) && read_count == 0);
        json_decref(json);
        assert(!directory_domains_parse(NULL, read, &read_count));
        return 0;
}
