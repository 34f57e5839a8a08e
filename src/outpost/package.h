// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * An enrolment file: all that a program on another machine needs for its first start, written by the command
 * line ("imprimatur agent add north --output north.enrolment") and good once, for a quarter of an hour:
 *
 *      {"imprimatur_enrolment": 1, "url": "https://…", "authority": PEM or null, "code": "…", …}
 *
 * authority is what the service's certificate is verified by; null: the system's authorities. Other members
 * are for people.
 */

#include "base/buffer.h"

#define PACKAGE_OCTETS_MAX 65536
#define PACKAGE_URL        512
#define PACKAGE_CODE       64

enum package_refusal {
        PACKAGE_NONE = 1, /* no such file, or it begins otherwise: a code alone */
        PACKAGE_DAMAGED,  /* it begins like one, and is none that we understand */
};

struct package {
        char url[PACKAGE_URL];
        char code[PACKAGE_CODE];
        struct buffer authority; /* PEM; empty: none */
};

int package_parse(struct text octets, struct package *ret);
int package_read(const char *path, struct package *ret);
/* Wipes the code. */
void package_done(struct package *package);

/*
 * Writes [service] url and ca where the settings have no url yet, also where there is no such file, and the
 * authority beside it as "service-ca.pem". What stands there stays. Faults as of writing a file.
 */
int package_settle(const struct package *package, const char *settings_path);
