// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The communities and users by which this agent asks printers by SNMP: those of its discovery, which come
 * with the service's questions about printers. They are in memory alone, take the place of those before, and
 * are in no log. Safe from every thread.
 */

#include <jansson.h>

#include "snmp/credential.h"

struct credentials;

int credentials_new(struct credentials **ret);

/* The answer's member "credentials", whose words are wiped. Where they are what we have nothing is made anew,
 * for making keys of passphrases takes some milliseconds each. */
void credentials_take(struct credentials *credentials, json_t *answer);

/* Copies, which the caller wipes with credentials_wipe(). */
struct credentials_copy {
        struct snmp_credential all[SNMP_CREDENTIALS_MAX];
        size_t count;
};
void credentials_get(struct credentials *credentials, struct credentials_copy *ret);
void credentials_wipe(struct credentials_copy *copy);
