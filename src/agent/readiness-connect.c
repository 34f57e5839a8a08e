// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readiness-connect.h"

#include "base/scope.h"
#include "net/address.h"

const char *readiness_connect(const char *host, uint16_t port, int64_t deadline_ms)
{
        SCOPED(closep) int fd = -1;

        switch (address_connect(host, port, deadline_ms, &fd)) {
        case 0: return NULL;
        case ADDRESS_BAD:
        case ADDRESS_UNKNOWN: return "name-unknown";
        case ADDRESS_TIMEOUT: return "connect-timeout";
        default: return "connect-refused";
        }
}
