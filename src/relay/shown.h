// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What was last shown of each queue: the service's last good answer to Get-Printer-Attributes, kept in the
 * state folder, for clients that ask while the line is down. Nothing of it is secret: the service tells it to
 * whoever asks.
 *
 * Safe from every thread.
 */

#include "base/arena.h"
#include "base/buffer.h"
#include "ipp/message.h"
#include "outpost/service.h"
#include "relay/queues.h"

struct shown;

/* Lives as long as the process. */
int shown_new(int directory, struct service *service, struct shown **ret);

/* These are the queues: the service is asked for each of them, in a thread of its own, now and from time to
 * time. Does not block. */
void shown_set(struct shown *shown, const struct door_plan *plan);

/* Adds the last answer to *to: false where there is none. Its URIs have the host SHOWN_HOST. */
#define SHOWN_HOST "shown.invalid"
bool shown_find(struct shown *shown, const struct door_queue *queue, struct buffer *to);
