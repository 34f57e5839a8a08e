// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/deposit.h"

#include <assert.h>
#include <string.h>

#include "ipp/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an agent has kept, what is taken for a request of a client is one, and knows from where it came.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct ipp_deposit_words words;
        struct ipp_deposit deposit;
        const char *why;

        if (ipp_deposit_parse(value, &words, &deposit) == 0) {
                assert(strncmp(words.path, "/ipp/print/", 11) == 0 && strlen(words.client) <= 45);
                assert(deposit.message.groups && ipp_request_check(&deposit.message, &why) == IPP_OK);
        }
        ipp_deposit_done(&deposit);
        json_decref(value);
        return 0;
}
