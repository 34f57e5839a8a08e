// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sites: the places where printers stand, and who looks after each.
 *
 * A printer or an agent belongs to one site or to none; a reader and a direct queue to that of their printer.
 * A site administrator reaches (REACH_SITE) what belongs to the sites he was given; what belongs to none is
 * the tenant's administrators'.
 */

#include "core/actor.h"

#define SITE_GEO 48

struct site {
        struct id id;
        char name[CORE_NAME];
        char title[CORE_TITLE];
        char address[CORE_TITLE]; /* one line; empty: not told */
        char geo[SITE_GEO];       /* "geo:52.520008,13.404954" (RFC 5870); empty: not told */
        bool encrypted_only;      /* its printers are reached by IPPS alone (core/printer/printer-wire.h) */
        uint32_t printers;
        uint32_t administrators;
        int64_t created_ms;
};

/* All refuse CORE_FORBIDDEN, CORE_BAD_VALUE, CORE_TAKEN (name), CORE_NOT_FOUND. */
int site_make(struct core *core, const struct actor *actor, struct site *site); /* fills id, created_ms */
int site_find(struct core *core, struct id tenant, struct id id, struct site *ret);
int site_find_by_name(struct core *core, struct id tenant, struct text name, struct site *ret);
/* mine: those alone that the actor looks after; who looks after all of them sees all. */
int site_list(struct core *core, const struct actor *actor, bool mine, struct id after, struct site *ret,
              size_t max, size_t *ret_count);
/* Replaces name, title, address, geo and encrypted_only. */
int site_change(struct core *core, const struct actor *actor, const struct site *site);
/* Its printers and agents then belong to none. */
int site_delete(struct core *core, const struct actor *actor, struct id id);

struct person;
/* Whoever is a person becomes a site administrator with his first site, and a person again without his last.
 * CORE_BAD_VALUE: he has another role. Appointing twice is appointing once. */
int site_appoint(struct core *core, const struct actor *actor, struct id site, struct id person);
int site_dismiss(struct core *core, const struct actor *actor, struct id site, struct id person);
int site_list_administrators(struct core *core, const struct actor *actor, struct id site, struct id after,
                             struct person *ret, size_t max, size_t *ret_count);

/* Whether the actor may do this to what belongs to the site; zero: to none. */
int site_actor_may(struct core *core, const struct actor *actor, enum right right, struct id site, bool *ret);
