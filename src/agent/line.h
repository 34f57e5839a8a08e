// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Watches the line to the service. A line that is cut somewhere on its way says nothing: what was asked over
 * it is waited for. So the service is asked, again and again, whether it is there; where no answer has come
 * for notice_ms, the line counts as down (service_is_away()), and everybody goes the way he has without it,
 * at once and without waiting himself.
 */

#include "agent/carrier.h"
#include "agent/offline.h"
#include "agent/service.h"
#include "relay/drain.h"

struct line {
        struct service *service;
        struct offline *offline; /* these three hear of a line that is back */
        struct drain *drain;
        struct carrier *carrier;
        int64_t notice_ms;
};

/* In a thread of its own; *line must live on. */
int line_start(struct line *line);
/* What somebody's own question has shown; r as service_ask() says. */
void line_note(struct service *service, int r);
