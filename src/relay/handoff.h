// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A client's request on its way to the service, octet by octet, in a thread of its own.
 *
 *      handoff_start -> handoff_write … -> handoff_finish -> the answer        handoff_free at any moment
 *
 *   1. What the client has not ended, the service never takes for whole: freed before handoff_finish(), the
 *      connection to the service is cut inside of the body.
 *   2. Memory does not grow with the request. Who writes waits for the service, who sends for the client.
 *   3. The service may answer early; then handoff_write() says so, and the rest goes nowhere.
 */

#include "base/text.h"
#include "net/http-client.h"
#include "outpost/service.h"

struct handoff;

struct handoff_order {
        const char *path;
        const char *const *headers; /* "Name: value", ended by NULL */
        const char *content_type;
        int64_t size;       /* of the body; < 0: not known */
        uint32_t answer_ms; /* without an octet either way */
        size_t answer_octets_max;
};

enum handoff_refusal {
        HANDOFF_UNREACHABLE = 1, /* nothing of the request left us */
        HANDOFF_SILENT,          /* no whole answer: it may have acted */
        HANDOFF_ANSWERED,        /* handoff_write(): it has answered, or gone; finish */
};

/* The order's strings are borrowed until the end. HANDOFF_UNREACHABLE where the service cannot be reached
 * now. */
int handoff_start(struct service *service, const struct handoff_order *order, struct handoff **ret);
int handoff_write(struct handoff *handoff, struct text octets);
/* The body is complete, or no more of it is wanted: the answer. HANDOFF_UNREACHABLE, HANDOFF_SILENT. *ret is
 * borrowed from the handoff. is_whole: whether the client sent all. */
int handoff_finish(struct handoff *handoff, bool is_whole, const struct http_client_response **ret);
void handoff_free(struct handoff *handoff);
void handoff_freep(struct handoff **handoff);

/* Whether a whole answer stands there, also where the call ended badly afterwards. */
bool handoff_is_answer(const struct http_client_response *response);
