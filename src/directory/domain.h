// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Domains: those of a forest of Active Directory, and those that it trusts, as its domain controller lists
 * them. Every name is an outsider's, and is a name here or no domain at all. Pure; safe from every thread.
 */

#include "directory/settings.h"

#define DIRECTORY_DOMAINS_MAX 32
#define DIRECTORY_DOMAIN      16 /* a short (NetBIOS) name: at most 15 octets */
#define DIRECTORY_URL         (DIRECTORY_HOST + 20)

enum directory_origin {
        DIRECTORY_OWN,    /* the one of the server that was asked */
        DIRECTORY_FOREST, /* another one of its forest */
        DIRECTORY_TRUST,  /* one that it trusts */
};
const char *directory_origin_name(enum directory_origin origin);

struct directory_domain {
        char name[DIRECTORY_DOMAIN]; /* "CORP" */
        char dns[DIRECTORY_HOST];    /* "corp.example" */
        char base[DIRECTORY_DN];     /* "DC=corp,DC=example" */
        enum directory_origin origin;
};

/* base empty: as the parts of the DNS name say. False where one of them is no such name. */
bool directory_domain_make(struct text name, struct text dns, struct text base, enum directory_origin origin,
                           struct directory_domain *ret);
/* By its short name or its DNS name, either case; NULL. */
const struct directory_domain *directory_domain_find(const struct directory_domain *domains, size_t count,
                                                     struct text name);

struct json_t;
/* An array; NULL where memory is out. */
struct json_t *directory_domains_format(const struct directory_domain *domains, size_t count);
/* At most DIRECTORY_DOMAINS_MAX. False where one is malformed, or there are more. */
bool directory_domains_parse(const struct json_t *json, struct directory_domain *ret, size_t *ret_count);
