// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Who sends a request: HTTP Basic (RFC 7617) with a person's password or a print token, or Bearer (RFC 6750)
 * with a token.
 */

struct ipp_exchange;

/* Sets e->actor where there are credentials and they are good; answers where they are not. Faults. */
int ipp_authenticate(struct ipp_exchange *e);

/* Answers 401: what was asked for needs credentials. */
int ipp_authenticate_demand(struct ipp_exchange *e);
