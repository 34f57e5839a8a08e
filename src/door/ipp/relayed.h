// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Requests that an agent hands on from its own IPP door (src/relay), over the connection that proves its key.
 * They are answered as if the client had come here, with four differences:
 *
 *   1. Imprimatur-Client-Address, -Host and -Scheme say who came to the agent, and by what name. Anybody
 * else's are not looked at. The address stands in events and counts guesses as ADDRESS@AGENT
 * (core/sign-in/guess.h), so that what an agent says of addresses costs nobody who comes otherwise; host and
 * scheme are those of the URIs in the answer.
 *   2. An agent's clients reach the queues of its own tenant alone.
 *   3. That the answer left us does not mean that the client has it. The answer to an accepted document says
 * in Imprimatur-Job which job it is, and the agent tells when the client took it (POST
 *      /v1/agent/submissions/answered); until then the same document again is the same job.
 *   4. Imprimatur-Person in the answer says who it was: who comes to the agent with the same while its line
 * is down is he, and what he prints then is sealed for him, too (offline/callers.h).
 *   5. A document that stays with the agent (core/job/stay.h) does not come along; Imprimatur-Stays and its
 * kind tell what there is of it (door/stays.h).
 */

#include <stdbool.h>

struct ipp_exchange;

/* Fills e->came, and the view's host and scheme; once the queue is known. Answers where it is no agent of
 * ours (http_is_answered()). Faults. */
int ipp_relayed_read(struct ipp_exchange *e);
