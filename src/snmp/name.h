// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Object identifiers: "1.3.6.1.2.1.43.8.2.1.10.1.2". Values. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define SNMP_NAME_MAX 32 /* of the 128 that SMIv2 knows; those of printers have 13 */

struct snmp_name {
        uint32_t at[SNMP_NAME_MAX];
        size_t count; /* at least 2 */
};

/* Numbers with points between them; false for anything else. */
bool snmp_name_parse(struct text text, struct snmp_name *ret);
bool snmp_name_equal(const struct snmp_name *a, const struct snmp_name *b);
/* Whether name lies below root: the rest of it, rest_count numbers, is *ret_rest (borrowed). */
bool snmp_name_is_below(const struct snmp_name *name, const struct snmp_name *root, const uint32_t **ret_rest,
                        size_t *ret_rest_count);
/* In the order in which GetNext goes. */
bool snmp_name_is_before(const struct snmp_name *a, const struct snmp_name *b);
