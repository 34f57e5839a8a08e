// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/request.h"

/* The longest value of each syntax (RFC 8011, section 5.1); 0: not limited here. */
static size_t value_octets_max(uint8_t tag)
{
        switch (tag) {
        case IPP_TAG_NAME:
        case IPP_TAG_NAME_WITH_LANGUAGE:
        case IPP_TAG_KEYWORD:
        case IPP_TAG_MIME: return 255;
        case IPP_TAG_TEXT:
        case IPP_TAG_TEXT_WITH_LANGUAGE:
        case IPP_TAG_URI:
        case IPP_TAG_OCTET_STRING: return 1023;
        case IPP_TAG_URI_SCHEME:
        case IPP_TAG_CHARSET:
        case IPP_TAG_LANGUAGE: return 63;
        default: return 0;
        }
}

static bool attributes_are_short(const struct ipp_attribute *attributes)
{
        const struct ipp_value *value;
        size_t max;

        for (; attributes; attributes = attributes->next)
                for (value = attributes->values; value; value = value->next) {
                        if (value->tag == IPP_TAG_COLLECTION) {
                                if (!attributes_are_short(value->members))
                                        return false;
                                continue;
                        }
                        max = value_octets_max(value->tag);
                        if (max && (value->text.len > max || value->language.len > 63))
                                return false;
                }

        return true;
}

/*
 * No attribute twice in a group (RFC 8011, section 4.1.3). Each is compared with all before it: the number of
 * attributes is limited, and a request with more than ATTRIBUTES_MAX in one group is none we would want.
 */
#define ATTRIBUTES_MAX 512

static bool attributes_are_single(const struct ipp_attribute *attributes)
{
        const struct ipp_attribute *a, *b;
        size_t count = 0;

        for (a = attributes; a; a = a->next) {
                if (++count > ATTRIBUTES_MAX)
                        return false;
                for (b = attributes; b != a; b = b->next)
                        if (text_equal(a->name, b->name))
                                return false;
        }
        return true;
}

static bool attribute_is(const struct ipp_attribute *attribute, const char *name, uint8_t tag)
{
        return attribute && text_equal_string(attribute->name, name) && attribute->values->tag == tag &&
               !attribute->values->next;
}

static enum ipp_status complain(enum ipp_status status, const char *why, const char **ret_why)
{
        *ret_why = why;
        return status;
}

enum ipp_status ipp_request_check(const struct ipp_message *request, const char **ret_why)
{
        const struct ipp_group *group = request->groups;
        const struct ipp_attribute *charset;

        if (request->version_major < 1 || request->version_major > 2)
                return complain(IPP_SERVER_ERROR_VERSION_NOT_SUPPORTED, "Use IPP version 1.1 or 2.0.",
                                ret_why);
        if (request->request_id < 1)
                return complain(IPP_CLIENT_ERROR_BAD_REQUEST, "The request-id must be 1 or more.", ret_why);

        charset = group && group->tag == IPP_TAG_OPERATION ? group->attributes : NULL;
        if (!attribute_is(charset, "attributes-charset", IPP_TAG_CHARSET))
                return complain(IPP_CLIENT_ERROR_BAD_REQUEST,
                                "The first operation attribute must be attributes-charset.", ret_why);
        if (!attribute_is(charset->next, "attributes-natural-language", IPP_TAG_LANGUAGE))
                return complain(IPP_CLIENT_ERROR_BAD_REQUEST,
                                "The second operation attribute must be attributes-natural-language.",
                                ret_why);
        if (!text_equal_nocase(charset->values->text, TEXT_OF("utf-8")) &&
            !text_equal_nocase(charset->values->text, TEXT_OF("us-ascii")))
                return complain(IPP_CLIENT_ERROR_CHARSET_NOT_SUPPORTED, "Use attributes-charset utf-8.",
                                ret_why);

        for (; group; group = group->next) {
                if (group != request->groups && group->tag == IPP_TAG_OPERATION)
                        return complain(IPP_CLIENT_ERROR_BAD_REQUEST, "There are two operation groups.",
                                        ret_why);
                if (!attributes_are_single(group->attributes))
                        return complain(IPP_CLIENT_ERROR_BAD_REQUEST,
                                        "An attribute stands twice in its group, or there are too many.",
                                        ret_why);
                if (!attributes_are_short(group->attributes))
                        return complain(IPP_CLIENT_ERROR_REQUEST_VALUE_TOO_LONG,
                                        "A value is longer than its syntax allows.", ret_why);
        }
        return IPP_OK;
}

void ipp_answer_set_version(struct ipp_message *answer, uint8_t request_major)
{
        answer->version_major = request_major == 1 ? 1 : 2;
        answer->version_minor = request_major == 1 ? 1 : 0;
}

bool ipp_uri_parse(struct text uri, struct ipp_uri *ret)
{
        static const char *const schemes[] = { "ipp://", "ipps://", "http://", "https://" };
        struct ipp_uri parsed = { .path = TEXT("/") };
        size_t scheme, slash;

        for (size_t i = 0; i < 4; i++) {
                if (!text_starts_with(uri, schemes[i]))
                        continue;
                scheme = text_from(schemes[i]).len;
                for (slash = scheme; slash < uri.len && uri.at[slash] != '/'; slash++)
                        ;
                parsed.scheme = (struct text){ uri.at, scheme - 3 };
                parsed.host = (struct text){ uri.at + scheme, slash - scheme };
                if (slash < uri.len)
                        parsed.path = (struct text){ uri.at + slash, uri.len - slash };
                *ret = parsed;
                return true;
        }
        return false;
}
