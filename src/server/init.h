// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The first tenant and its administrator. There is no setup page and no default secret: who may run this
 * program on the service's machine is the one who says so, once.
 */

#include "server/service.h"

struct init_order {
        const char *tenant;
        const char *title;
        const char *mail_domain;
        const char *company_code;
        const char *email; /* of the administrator, or of the operator */
        const char *name;
        bool is_another;  /* a further tenant, beside those that exist */
        bool is_operator; /* somebody who operates the service, in the tenant of such people */
};

/* The administrator's password is the first line of standard input. HOUSE_CLOSED, also where a tenant exists
 * already and the order is not for another one. */
int init_run(struct house *house, const struct init_order *order);
