// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/get.h"

#include <string.h>

const struct ipp_attribute *ipp_find(const struct ipp_attribute *attributes, const char *name)
{
        struct text wanted = text_from(name);

        while (attributes && !text_equal(attributes->name, wanted))
                attributes = attributes->next;
        return attributes;
}

size_t ipp_value_count(const struct ipp_attribute *attribute)
{
        size_t n = 0;

        for (const struct ipp_value *v = attribute->values; v; v = v->next)
                n++;
        return n;
}

/* The attribute's only value. */
static int find_value(const struct ipp_attribute *attributes, const char *name, const struct ipp_value **ret)
{
        const struct ipp_attribute *attribute = ipp_find(attributes, name);

        if (!attribute || !attribute->values || ipp_tag_is_out_of_band(attribute->values->tag))
                return IPP_ABSENT;
        if (attribute->values->next)
                return IPP_WRONG_TYPE;
        *ret = attribute->values;
        return 0;
}

/* The same, of one tag. */
static int find_tagged(const struct ipp_attribute *attributes, const char *name, uint8_t tag,
                       const struct ipp_value **ret)
{
        const struct ipp_value *value;
        int r;

        r = find_value(attributes, name, &value);
        if (r)
                return r;
        if (value->tag != tag)
                return IPP_WRONG_TYPE;
        *ret = value;
        return 0;
}

int ipp_get_integer(const struct ipp_attribute *attributes, const char *name, int32_t least, int32_t most,
                    int32_t *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_value(attributes, name, &value);
        if (r)
                return r;
        if (value->tag != IPP_TAG_INTEGER && value->tag != IPP_TAG_ENUM)
                return IPP_WRONG_TYPE;
        if (value->integer < least || value->integer > most)
                return IPP_OUT_OF_RANGE;
        *ret = value->integer;
        return 0;
}

int ipp_get_boolean(const struct ipp_attribute *attributes, const char *name, bool *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_tagged(attributes, name, IPP_TAG_BOOLEAN, &value);
        if (r)
                return r;
        *ret = value->boolean;
        return 0;
}

static bool tag_is_for_people(uint8_t tag)
{
        return tag == IPP_TAG_TEXT || tag == IPP_TAG_NAME || tag == IPP_TAG_TEXT_WITH_LANGUAGE ||
               tag == IPP_TAG_NAME_WITH_LANGUAGE;
}

int ipp_get_name(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_value(attributes, name, &value);
        if (r)
                return r;
        if (!tag_is_for_people(value->tag))
                return IPP_WRONG_TYPE;
        if (value->text.len > max || !text_is_printable(value->text))
                return IPP_OUT_OF_RANGE;
        *ret = value->text;
        return 0;
}

static bool text_is_ascii(struct text text)
{
        for (size_t i = 0; i < text.len; i++)
                if (text.at[i] < 0x20 || text.at[i] > 0x7e)
                        return false;

        return true;
}

int ipp_get_keyword(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_value(attributes, name, &value);
        if (r)
                return r;
        if (!ipp_tag_is_string(value->tag) || value->tag == IPP_TAG_TEXT)
                return IPP_WRONG_TYPE;
        if (value->text.len > max || !text_is_ascii(value->text))
                return IPP_OUT_OF_RANGE;
        *ret = value->text;
        return 0;
}

int ipp_get_octets(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_tagged(attributes, name, IPP_TAG_OCTET_STRING, &value);
        if (r)
                return r;
        if (value->text.len > max)
                return IPP_OUT_OF_RANGE;
        *ret = value->text;
        return 0;
}

int ipp_get_range(const struct ipp_attribute *attributes, const char *name, struct ipp_range *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_tagged(attributes, name, IPP_TAG_RANGE, &value);
        if (r)
                return r;
        if (value->range.least > value->range.most)
                return IPP_OUT_OF_RANGE;
        *ret = value->range;
        return 0;
}

int ipp_get_resolution(const struct ipp_attribute *attributes, const char *name, struct ipp_resolution *ret)
{
        const struct ipp_value *value;
        int r;

        r = find_tagged(attributes, name, IPP_TAG_RESOLUTION, &value);
        if (r)
                return r;
        if (value->resolution.across < 1 || value->resolution.along < 1 ||
            (value->resolution.units != IPP_RESOLUTION_PER_INCH &&
             value->resolution.units != IPP_RESOLUTION_PER_CENTIMETRE))
                return IPP_OUT_OF_RANGE;
        *ret = value->resolution;
        return 0;
}

int ipp_get_collection(const struct ipp_attribute *attributes, const char *name,
                       const struct ipp_attribute **ret)
{
        const struct ipp_value *value;
        int r;

        r = find_tagged(attributes, name, IPP_TAG_COLLECTION, &value);
        if (r)
                return r;
        *ret = value->members;
        return 0;
}

bool ipp_has_string(const struct ipp_attribute *attributes, const char *name, const char *value)
{
        const struct ipp_attribute *attribute = ipp_find(attributes, name);
        struct text wanted = text_from(value);

        if (!attribute)
                return false;
        for (const struct ipp_value *v = attribute->values; v; v = v->next)
                if (ipp_tag_is_string(v->tag) && text_equal(v->text, wanted))
                        return true;

        return false;
}

bool ipp_has_integer(const struct ipp_attribute *attributes, const char *name, int32_t value)
{
        const struct ipp_attribute *attribute = ipp_find(attributes, name);

        if (!attribute)
                return false;
        for (const struct ipp_value *v = attribute->values; v; v = v->next) {
                if ((v->tag == IPP_TAG_INTEGER || v->tag == IPP_TAG_ENUM) && v->integer == value)
                        return true;
                if (v->tag == IPP_TAG_RANGE && v->range.least <= value && value <= v->range.most)
                        return true;
        }
        return false;
}
