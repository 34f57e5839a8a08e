// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/message.h"

#define STRING_OCTETS_MAX 32767
#define NESTING_MAX       8

/* A length and its octets. */
static bool format_string(struct text text, struct buffer *to)
{
        if (text.len > STRING_OCTETS_MAX)
                return false;

        buffer_add_u16(to, (uint16_t)text.len);
        buffer_add_text(to, text);
        return true;
}

static bool format_with_language(const struct ipp_value *value, struct buffer *to)
{
        if (value->language.len + value->text.len > STRING_OCTETS_MAX - 4)
                return false;

        buffer_add_u16(to, (uint16_t)(value->language.len + value->text.len + 4));
        return format_string(value->language, to) && format_string(value->text, to);
}

static bool format_members(const struct ipp_attribute *members, unsigned depth, struct buffer *to);

/* What follows the name: length and octets of the value. */
static bool format_value(const struct ipp_value *value, unsigned depth, struct buffer *to)
{
        switch (value->tag) {
        case IPP_TAG_INTEGER:
        case IPP_TAG_ENUM:
                buffer_add_u16(to, 4);
                buffer_add_u32(to, (uint32_t)value->integer);
                return true;
        case IPP_TAG_BOOLEAN:
                buffer_add_u16(to, 1);
                buffer_add_octet(to, value->boolean);
                return true;
        case IPP_TAG_RESOLUTION:
                buffer_add_u16(to, 9);
                buffer_add_u32(to, (uint32_t)value->resolution.across);
                buffer_add_u32(to, (uint32_t)value->resolution.along);
                buffer_add_octet(to, (uint8_t)value->resolution.units);
                return true;
        case IPP_TAG_RANGE:
                buffer_add_u16(to, 8);
                buffer_add_u32(to, (uint32_t)value->range.least);
                buffer_add_u32(to, (uint32_t)value->range.most);
                return true;
        case IPP_TAG_TEXT_WITH_LANGUAGE:
        case IPP_TAG_NAME_WITH_LANGUAGE: return format_with_language(value, to);
        case IPP_TAG_COLLECTION: buffer_add_u16(to, 0); return format_members(value->members, depth + 1, to);
        default: return format_string(value->text, to);
        }
}

static bool format_members(const struct ipp_attribute *members, unsigned depth, struct buffer *to)
{
        const struct ipp_value *value;

        if (depth > NESTING_MAX)
                return false;

        for (; members; members = members->next) {
                buffer_add_octet(to, IPP_TAG_MEMBER_NAME);
                buffer_add_u16(to, 0);
                if (!format_string(members->name, to))
                        return false;
                for (value = members->values; value; value = value->next) {
                        buffer_add_octet(to, value->tag);
                        buffer_add_u16(to, 0);
                        if (!format_value(value, depth, to))
                                return false;
                }
        }
        buffer_add_octet(to, IPP_TAG_END_COLLECTION);
        buffer_add_u32(to, 0);
        return true;
}

static bool format_attribute(const struct ipp_attribute *attribute, struct buffer *to)
{
        struct text name = attribute->name;
        const struct ipp_value *value;

        for (value = attribute->values; value; value = value->next) {
                buffer_add_octet(to, value->tag);
                if (!format_string(name, to) || !format_value(value, 0, to))
                        return false;
                name.len = 0;
        }
        return true;
}

int ipp_message_format(const struct ipp_message *message, struct buffer *to)
{
        const struct ipp_attribute *attribute;
        const struct ipp_group *group;

        buffer_add_octet(to, message->version_major);
        buffer_add_octet(to, message->version_minor);
        buffer_add_u16(to, message->code);
        buffer_add_u32(to, (uint32_t)message->request_id);

        for (group = message->groups; group; group = group->next) {
                buffer_add_octet(to, group->tag);
                for (attribute = group->attributes; attribute; attribute = attribute->next)
                        if (!format_attribute(attribute, to))
                                return IPP_OUT_OF_RANGE;
        }
        buffer_add_octet(to, IPP_TAG_END);
        return to->failure;
}
