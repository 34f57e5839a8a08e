// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "crypt/field.h"
#include "crypt/random.h"

int main(void)
{
        struct buffer sealed = BUFFER(100000), plain = BUFFER(100000), tiny = BUFFER(10);
        static char long_field[FIELD_MAX + 1];
        struct secret key, other;

        random_secret(&key);
        random_secret(&other);
        assert(field_seal(&key, TEXT_OF("job 1 title"), TEXT_OF("Salaries"), &sealed) == 0);
        assert(sealed.len == 8 + FIELD_OVERHEAD);
        assert(!memmem(sealed.at, sealed.len, "Salaries", 8));
        assert(field_open(&key, TEXT_OF("job 1 title"), buffer_text(&sealed), &plain) == 0);
        assert(text_equal_string(buffer_text(&plain), "Salaries"));

        assert(field_open(&other, TEXT_OF("job 1 title"), buffer_text(&sealed), &plain) == FIELD_WRONG);
        assert(field_open(&key, TEXT_OF("job 2 title"), buffer_text(&sealed), &plain) == FIELD_WRONG);
        for (size_t len = 0; len < sealed.len; len++)
                assert(field_open(&key, TEXT_OF("job 1 title"), text_from_octets(sealed.at, len), &plain) ==
                       FIELD_WRONG);
        for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
                sealed.at[bit / 8] ^= (char)(1 << bit % 8);
                assert(field_open(&key, TEXT_OF("job 1 title"), buffer_text(&sealed), &plain) == FIELD_WRONG);
                sealed.at[bit / 8] ^= (char)(1 << bit % 8);
        }
        assert(text_equal_string(buffer_text(&plain), "Salaries"));

        buffer_clear(&sealed);
        assert(field_seal(&key, TEXT_OF(""), TEXT_OF(""), &sealed) == 0);
        assert(field_open(&key, TEXT_OF(""), buffer_text(&sealed), &plain) == 0 && plain.len == 8);
        assert(field_seal(&key, TEXT_OF(""), text_from_octets(long_field, sizeof(long_field)), &sealed) ==
               FIELD_TOO_LONG);
        assert(field_seal(&key, TEXT_OF(""), TEXT_OF("x"), &tiny) == -EMSGSIZE);

        buffer_done(&sealed);
        buffer_done(&plain);
        return 0;
}
