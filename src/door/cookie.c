// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/cookie.h"

bool cookie_find(struct text header, const char *name, struct text *ret)
{
        struct text pair, key, value, found = { 0 };
        bool more = header.len > 0;

        while (more) {
                more = text_cut(header, ';', &pair, &header);
                if (!text_cut(text_trim(pair), '=', &key, &value) || !text_equal_string(key, name))
                        continue;
                if (found.at)
                        return false;
                found = value;
        }
        if (!found.at)
                return false;
        *ret = found;
        return true;
}
