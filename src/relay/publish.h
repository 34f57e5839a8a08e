// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Queues announced by multicast DNS-SD, through the machine's Avahi (docs/decisions/0042-avahi.md): for each
 * _ipps._tcp, and _ipp._tcp where the door is open without TLS, with the subtypes _print and, where a queue
 * takes image/urf, _universal, by which AirPrint looks for printers. Names that others have get a number. An
 * Avahi that is not there, or comes back, is waited for; nobody else waits for it.
 */

#include "relay/queues.h"

struct publisher;

int publisher_new(struct publisher **ret);
void publisher_free(struct publisher *publisher);

/* What is announced from now on; a plan that is not enabled, or without dns_sd, takes everything back. */
int publisher_set(struct publisher *publisher, const struct door_plan *plan);
