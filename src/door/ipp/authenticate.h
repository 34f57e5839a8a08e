// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Who sends a request: HTTP Basic (RFC 7617) with a person's password or a print token, or Bearer (RFC 6750)
 * with a token; or the token in the queue's address, which goes before both.
 */

struct ipp_exchange;

/* Sets e->actor where there are credentials and they are good; answers where they are not. Faults. */
int ipp_authenticate(struct ipp_exchange *e);

/* Answers in IPP's words that the credentials were wrong, and where to register (e->is_invited). */
int ipp_authenticate_invite(struct ipp_exchange *e);

/* Answers 401: what was asked for needs credentials. */
int ipp_authenticate_demand(struct ipp_exchange *e);
