// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * While the line to the service is down: what the IPP door answers by itself.
 *
 *      Get-Printer-Attributes          the last good answer of the queue, with a state of now
 *      Validate-Job                    yes, where a document would be kept
 *      Print-Job                       into a deposit; "pending, job-incoming": the service has not seen it
 * yet Create-Job, Send-Document       likewise, in two steps Get-Jobs, Get-Job-Attributes    the deposits of
 * who asks all others                      server-error-service-unavailable
 *
 * Who somebody is cannot be found out here. Documents are taken of those whom the service knew lately by the
 * very same credentials (offline/callers.h), or of everybody who has some, as the settings say; the
 * credentials go into the deposit with the document, sealed to the tenant's box, and the service looks at
 * them when the line is back. What it refuses then stays here, and administrators decide (relay/drain.h).
 * Until then what he sent shows to whoever comes with the very same credentials. Without any, nothing is
 * taken.
 */

struct absent;
struct relay_request;

#include "base/text.h"

/* All of the request was gathered. Answers. */
int absent_answer(struct relay_request *request);

/* A long one: what was gathered so far goes into a deposit; request->absent is set where nothing was
 * answered. */
int absent_begin(struct relay_request *request);
/* The service is there, but the document stays here (relay/staying.h). Likewise. */
int absent_begin_staying(struct relay_request *request);
int absent_write(struct relay_request *request, struct text octets);
int absent_end(struct relay_request *request);
void absent_free(struct absent *absent);
/* The last call: whether the client took the answer. Frees what there is. */
void absent_gone(struct relay_request *request);
