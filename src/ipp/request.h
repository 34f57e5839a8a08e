// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What every request must be, whatever its operation (RFC 8011, sections 4.1.1 to 4.1.8): the version, the
 * request-id, charset and natural language first and in order, no attribute twice in a group, no value longer
 * than its syntax allows. Pure functions over a parsed message.
 */

#include "ipp/message.h"

/*
 * Returns IPP_OK, or the status to answer with. *ret_why is then a sentence for the client (static).
 * An unsupported natural language is no error (section 4.1.4.2): we answer in ours.
 */
enum ipp_status ipp_request_check(const struct ipp_message *request, const char **ret_why);

/* The version an answer to this request carries: 1.1 to any 1.x, 2.0 to everything else. */
void ipp_answer_set_version(struct ipp_message *answer, uint8_t request_major);

/*
 * Cuts "ipps://host:port/path" into its parts; any of the schemes ipp, ipps, http and https. The host is not
 * judged, and may be empty. False for another scheme or no URI at all.
 */
struct ipp_uri {
        struct text scheme;
        struct text host; /* with its port, as written */
        struct text path; /* from the slash on, "/" where there is none */
};
bool ipp_uri_parse(struct text uri, struct ipp_uri *ret);
