// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/company-code.h"

#include <string.h>

#include "base/encoding.h"
#include "crypt/random.h"

#define CHARACTERS 6
#define TYPED_MOST 32

void company_code_make(char ret[COMPANY_CODE])
{
        char characters[8];
        uint8_t octets[4];

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), characters);
        memcpy(ret, characters, CHARACTERS);
        ret[CHARACTERS] = '\0';
}

bool company_code_fold(struct text typed, char ret[COMPANY_CODE])
{
        char string[TYPED_MOST];

        ret[0] = '\0';
        if (!text_copy(typed, string, sizeof(string)) || !crockford_fold(string) ||
            strlen(string) != CHARACTERS)
                return false;
        memcpy(ret, string, CHARACTERS + 1);
        return true;
}
