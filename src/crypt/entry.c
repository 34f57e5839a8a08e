// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/entry.h"

void entry_code(const struct secret *day, const uint8_t number[HASH_OCTETS], uint8_t ret[HASH_OCTETS])
{
        hash_hkdf(day->octets, SECRET_OCTETS, text_from_octets(number, HASH_OCTETS),
                  TEXT_OF("imprimatur offline code"), ret, HASH_OCTETS);
}

void entry_key(const struct secret *day, const uint8_t number[HASH_OCTETS], struct secret *ret)
{
        hash_hkdf(day->octets, SECRET_OCTETS, text_from_octets(number, HASH_OCTETS),
                  TEXT_OF("imprimatur offline entry"), ret->octets, SECRET_OCTETS);
}
