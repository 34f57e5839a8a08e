// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/absent.h"

#include "relay/state.h"

int absent_answer(struct relay_request *request)
{
        return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE,
                         "The print service cannot be reached.");
}

int absent_begin(struct relay_request *request)
{
        return absent_answer(request);
}

int absent_write(struct relay_request *request, struct text octets)
{
        return 0;
}

int absent_end(struct relay_request *request)
{
        return 0;
}

void absent_free(struct absent *absent)
{
}
