// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/recognise.h"

static bool copy(const json_t *value, char *ret, size_t size)
{
        ret[0] = 0;
        return !value || json_is_null(value) ||
               (json_is_string(value) &&
                text_copy(text_from_octets(json_string_value(value), json_string_length(value)), ret, size));
}

/* More keys than we know room for would be of a service that is newer; the newest come first. */
static bool copy_issued(const json_t *issued, struct courier_identity *ret)
{
        const json_t *value;
        size_t i;

        if (!issued || json_is_null(issued))
                return true;
        if (!json_is_array(issued))
                return false;
        ret->is_issued = true;
        json_array_foreach(issued, i, value)
        {
                if (ret->issued_count == COURIER_ISSUED)
                        break;
                if (!json_is_string(value) ||
                    !copy(value, ret->issued[ret->issued_count], sizeof(ret->issued[0])))
                        return false;
                ret->issued_count++;
        }
        return true;
}

bool recognise_parse(const json_t *identity, struct courier_identity *ret)
{
        *ret = (struct courier_identity){ .issued_count = 0 };
        return copy(json_object_get(identity, "uuid"), ret->uuid, sizeof(ret->uuid)) &&
               copy(json_object_get(identity, "spki"), ret->fingerprint, sizeof(ret->fingerprint)) &&
               copy_issued(json_object_get(identity, "issued"), ret);
}
