// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/filter.h"

#include "base/scope.h"
#include "ipp/get.h"

static const struct {
        const char *keyword;
        unsigned categories;
} groups[] = {
        { "all", IPP_CATEGORY_ALL },
        { "printer-description", IPP_CATEGORY_DESCRIPTION },
        { "job-description", IPP_CATEGORY_DESCRIPTION | IPP_CATEGORY_STATUS },
        { "job-status", IPP_CATEGORY_STATUS },
        { "job-template", IPP_CATEGORY_TEMPLATE },
};

struct ipp_filter ipp_filter_parse(const struct ipp_attribute *operation, struct ipp_filter otherwise)
{
        struct ipp_filter filter = { .requested = ipp_find(operation, "requested-attributes") };

        if (!filter.requested)
                return otherwise;
        for (size_t i = 0; i < ARRAY_LENGTH(groups); i++)
                if (ipp_has_string(operation, "requested-attributes", groups[i].keyword))
                        filter.categories |= groups[i].categories;
        return filter;
}

bool ipp_filter_wants(const struct ipp_filter *filter, unsigned category, struct text name)
{
        const struct ipp_value *value;
        size_t count = 0;

        if (filter->categories & category)
                return true;
        if (!filter->requested)
                return false;
        for (value = filter->requested->values; value && count < IPP_FILTER_NAMES_MAX; value = value->next) {
                if (ipp_tag_is_string(value->tag) && text_equal(value->text, name))
                        return true;
                count++;
        }
        return false;
}
