// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * How a directory is reached and read: a value, from the JSON of a sign-in method's settings.
 *
 *      {"servers": ["ldaps://dc1.example.org", "ldap://dc2.example.org:3890"], "ca": "-----BEGIN …",
 *       "base": "dc=example,dc=org", "bind_name": "cn=imprimatur,dc=example,dc=org",
 *       "kind": "active-directory", "people_filter": "(objectClass=person)", "group_base": "ou=groups,…",
 *       "attributes": {"email": "mail", "account": "sAMAccountName", …},
 *       "card_format": "decimal", "card_digits": 8, "timeout_ms": 8000, "page": 500,
 *       "nested_groups": true, "nested_depth": 10, "nested_most": 1000}
 *
 * Only servers, base and bind_name have no default. There is no way to ask for a connection without TLS:
 * ldaps:// is TLS from the first octet, ldap:// is StartTLS before anything else is said. Members that are
 * not named here belong to somebody else and are not looked at. Pure; safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define DIRECTORY_SERVERS_MAX 4
#define DIRECTORY_HOST        254
#define DIRECTORY_DN          512
#define DIRECTORY_FILTER      512
#define DIRECTORY_CA          7000
#define DIRECTORY_ATTRIBUTE   64
#define DIRECTORY_COMPLAINT   160

struct json_t;

enum directory_kind {
        DIRECTORY_OPENLDAP, /* RFC 4519 and 2798: uid, cn, departmentNumber, entryUUID */
        DIRECTORY_ACTIVE_DIRECTORY,
};

/* What is read of somebody. */
enum directory_attribute {
        DIRECTORY_EMAIL,
        DIRECTORY_ACCOUNT, /* the name without the domain */
        DIRECTORY_NAME,
        DIRECTORY_DEPARTMENT,
        DIRECTORY_GROUPS,  /* names (DN) of groups */
        DIRECTORY_CARD,    /* "": none */
        DIRECTORY_SUBJECT, /* what never changes, and is given to nobody else */
        DIRECTORY_ATTRIBUTES,
};
const char *directory_attribute_name(enum directory_attribute attribute);

/* How a card's number is written in the directory. Ours are hexadecimal digits. */
enum directory_card_format {
        DIRECTORY_CARD_HEXADECIMAL,
        DIRECTORY_CARD_DECIMAL,
};

struct directory_server {
        char host[DIRECTORY_HOST];
        uint16_t port;
        bool starttls;
};

struct directory_settings {
        struct directory_server servers[DIRECTORY_SERVERS_MAX]; /* asked in this order */
        size_t server_count;
        char ca[DIRECTORY_CA]; /* PEM, one or several; "": the authorities this machine trusts */
        char base[DIRECTORY_DN];
        char bind_name[DIRECTORY_DN];
        enum directory_kind kind;
        char people_filter[DIRECTORY_FILTER];
        char group_base[DIRECTORY_DN]; /* only groups beneath it count; "": all */
        char attributes[DIRECTORY_ATTRIBUTES][DIRECTORY_ATTRIBUTE];
        enum directory_card_format card_format;
        uint32_t card_digits;  /* a decimal number has so many hexadecimal digits, leading zeros included */
        int64_t timeout_ms;    /* of a question as a whole, 500 to 30,000; a page of a list is one */
        uint32_t page;         /* entries, 1 to 1,000 */
        bool nested_groups;    /* groups of groups count, and Active Directory's primary group; default yes */
        uint32_t nested_depth; /* steps upwards, 1 to 32; default 10 */
        uint32_t nested_most;  /* groups that are looked at for one question, 1 to 10,000; default 1,000 */
};

/* False after a sentence that names the member. */
bool directory_settings_parse(const struct json_t *json, struct directory_settings *ret,
                              char ret_complaint[DIRECTORY_COMPLAINT]);

/* "ldaps://HOST[:PORT]" or "ldap://…", nothing behind it. */
bool directory_server_parse(struct text uri, struct directory_server *ret);
/* The other way round; for messages. */
void directory_server_format(const struct directory_server *server, char *ret, size_t size);

/* A card's number as the directory writes it, from ours: lower-case hexadecimal (a directory's comparison
 * ignores case) or decimal. False where it cannot be. */
bool directory_card_format(const struct directory_settings *settings, struct text number, char *ret,
                           size_t size);
/* Ours, from what the directory has; false where it is none. */
bool directory_card_parse(const struct directory_settings *settings, struct text value, char *ret,
                          size_t size);
