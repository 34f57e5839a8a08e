// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Job template attributes (RFC 8011, section 5.2; PWG 5100.7, 5100.13) to a ticket and back. Pure.
 *
 * What the queue cannot do is collected: for a client that insists (ipp-attribute-fidelity) it refuses the
 * job, for others the job is taken without it, and both are told what it was (RFC 8011, section 4.1.7).
 */

#include <stdbool.h>

#include "core/report/accounting.h"
#include "core/job/ticket.h"
#include "ipp/build.h"

struct ipp_view;

/* One attribute that was not taken over. */
struct ipp_unsupported {
        struct ipp_unsupported *next;
        const struct ipp_attribute *attribute;
        bool is_value; /* we know the attribute, but not this value of it */
};

struct ipp_template {
        struct ticket ticket;
        struct accounting accounting; /* job-account-id, job-accounting-user-id */
        struct ipp_unsupported *unsupported;
        bool is_refused; /* the client insisted on something unsupported */
};

/* What is done to pages, whatever the printer: the words there are, NULL at the end. */
#define IPP_NUMBERS_UP 6
extern const int32_t ipp_numbers_up[IPP_NUMBERS_UP];
extern const char *const ipp_directions[];
extern const char *const ipp_scalings[];
extern const char *const ipp_impositions[];

/* The name of the i-th attribute we understand; NULL at the end. */
const char *ipp_template_name(size_t i);

/*
 * Reads the job attributes of a request, and what of its operation attributes belongs with them
 * (job-hold-until, which old clients send there; job-release-action; ipp-attribute-fidelity and
 * job-mandatory-attributes). ret->ticket keeps what it was for attributes that are absent.
 * Fault: the arena is full.
 */
int ipp_template_parse(const struct ipp_attribute *operation, const struct ipp_attribute *job,
                       const struct ipp_view *view, struct arena *arena, struct ipp_template *ret);

/* Adds the group of unsupported attributes; nothing where all were supported. */
void ipp_template_report(struct ipp_builder *b, const struct ipp_template *template);

/* Adds the ticket's attributes, those that were given; the caller has set the filter. */
void ipp_describe_ticket(struct ipp_builder *b, const struct ticket *ticket);
