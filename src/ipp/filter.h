// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * requested-attributes (RFC 8011, sections 4.2.5.1 and 4.3.4.1): which attributes an answer carries.
 *
 * A description adds all it knows, and says before each part which category it belongs to; the builder drops
 * what was not asked for. So the description is one list, and no attribute can come twice.
 */

#include "ipp/message.h"

enum ipp_category {
        IPP_CATEGORY_NAMED = 0,       /* only where it is named itself (media-col-database) */
        IPP_CATEGORY_DESCRIPTION = 1, /* "printer-description", "job-description" */
        IPP_CATEGORY_TEMPLATE = 2,    /* "job-template" */
        IPP_CATEGORY_STATUS = 4,      /* "job-status"; also in "job-description" (PWG 5100.7, section 8) */
        IPP_CATEGORY_ALL = 7,
};

#define IPP_FILTER_NAMES_MAX 256 /* what is asked for beyond is not looked at */

struct ipp_filter {
        unsigned categories;                   /* asked for as a whole */
        const struct ipp_attribute *requested; /* the names; NULL: none */
};

/*
 * operation is the request's operation attributes, which must live as long as the filter; without
 * requested-attributes the answer is otherwise.
 */
struct ipp_filter ipp_filter_parse(const struct ipp_attribute *operation, struct ipp_filter otherwise);

bool ipp_filter_wants(const struct ipp_filter *filter, unsigned category, struct text name);
