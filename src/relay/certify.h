// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The door's certificate from the organisation's own authority: asked for with the key that the door has, put
 * in the place of the self-signed one, and renewed when two thirds of its time are over. Where there is no
 * authority, or the service is out of reach, the door keeps what it has. In a thread of its own.
 */

#include "net/tls.h"
#include "outpost/service.h"

struct certify;

/* Lives as long as the process. directory: of the state, which has "ipp-certificate.pem" and "ipp-key.pem".
 */
int certify_new(int directory, struct service *service, struct certify **ret);

/* The door is open with this one, by these names (with commas between them); NULL: it is closed, and tls is
 * not touched afterwards. Does not wait for the service. */
void certify_set(struct certify *certify, struct tls_server *tls, const char *names);
