// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the drawing up and the looking at have in common. */

#include <openssl/x509.h>
#include <stdio.h>

#include "crypt/issue.h"

#define ISSUE_URI (9 + ID_STRING)

static inline void issue_uri(struct id subject, char ret[ISSUE_URI])
{
        char string[ID_STRING];

        id_format(subject, string);
        snprintf(ret, ISSUE_URI, "urn:uuid:%s", string);
}
