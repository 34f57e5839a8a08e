// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "conversion/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS 16

/* Lines are words. Whatever is understood can be written, and reads the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct order_words written, again;
        struct order order;
        char *words[WORDS];
        char lines[1024];
        const char *word;
        size_t count = 0;
        char *at = lines;

        if (size >= sizeof(lines))
                return 0;
        memcpy(lines, data, size);
        lines[size] = 0;
        while (count < WORDS && at) {
                words[count++] = at;
                at = strchr(at, '\n');
                if (at)
                        *at++ = 0;
        }
        if (order_parse(words, count, &order, &word))
                return 0;
        order_format(&order, &written);
        assert(order_parse((char *const *)written.at, written.count, &order, &word) == 0);
        order_format(&order, &again);
        assert(written.count == again.count);
        for (size_t i = 0; i < written.count; i++)
                assert(strcmp(written.at[i], again.at[i]) == 0);
        return 0;
}
