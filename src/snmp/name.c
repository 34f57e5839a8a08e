// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/name.h"

#include <string.h>

bool snmp_name_parse(struct text text, struct snmp_name *ret)
{
        struct snmp_name name = { .count = 0 };
        struct text part;
        bool more = true;
        uint64_t number;

        while (more) {
                more = text_cut(text, '.', &part, &text);
                if (name.count == SNMP_NAME_MAX || !text_number(part, UINT32_MAX, &number))
                        return false;
                name.at[name.count++] = (uint32_t)number;
        }
        if (name.count < 2 || name.at[0] > 2 || name.at[1] > 39)
                return false;
        *ret = name;
        return true;
}

bool snmp_name_equal(const struct snmp_name *a, const struct snmp_name *b)
{
        return a->count == b->count && memcmp(a->at, b->at, a->count * sizeof(a->at[0])) == 0;
}

bool snmp_name_is_below(const struct snmp_name *name, const struct snmp_name *root, const uint32_t **ret_rest,
                        size_t *ret_rest_count)
{
        if (name->count <= root->count || memcmp(name->at, root->at, root->count * sizeof(root->at[0])) != 0)
                return false;
        *ret_rest = name->at + root->count;
        *ret_rest_count = name->count - root->count;
        return true;
}

bool snmp_name_is_before(const struct snmp_name *a, const struct snmp_name *b)
{
        for (size_t i = 0; i < a->count && i < b->count; i++)
                if (a->at[i] != b->at[i])
                        return a->at[i] < b->at[i];
        return a->count < b->count;
}
