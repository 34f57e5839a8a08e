// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any octets, as lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text rest = text_from_octets(data, size), line;
        struct audit_verify verify;
        bool more = true;

        audit_verify_init(&verify, NULL);
        while (more) {
                more = text_cut(rest, '\n', &line, &rest);
                audit_verify_line(&verify, line);
        }
        audit_verify_end(&verify);
        return 0;
}
