// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/build.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/outcome.h"

static void *build_alloc(struct ipp_builder *b, size_t octets)
{
        void *memory = b->failed ? NULL : arena_alloc(b->arena, octets);

        if (!memory)
                b->failed = true;
        return memory;
}

static struct ipp_builder builder_new(struct arena *arena, uint16_t code, int32_t request_id)
{
        struct ipp_builder b = { .arena = arena };

        b.message = build_alloc(&b, sizeof(*b.message));
        if (!b.message)
                return b;
        b.message->version_major = 2;
        b.message->code = code;
        b.message->request_id = request_id;

        ipp_begin_group(&b, IPP_TAG_OPERATION);
        ipp_add_string(&b, IPP_TAG_CHARSET, "attributes-charset", "utf-8");
        ipp_add_string(&b, IPP_TAG_LANGUAGE, "attributes-natural-language", "en");
        return b;
}

struct ipp_builder ipp_request(struct arena *arena, uint16_t operation, int32_t request_id)
{
        return builder_new(arena, operation, request_id);
}

struct ipp_builder ipp_answer(struct arena *arena, uint16_t status, int32_t request_id)
{
        return builder_new(arena, status, request_id);
}

static void level_begin(struct ipp_builder *b, unsigned depth, struct ipp_attribute **first)
{
        b->depth = depth;
        b->level[depth].first = first;
        b->level[depth].last = NULL;
        b->level[depth].last_value = NULL;
}

void ipp_begin_group(struct ipp_builder *b, uint8_t tag)
{
        struct ipp_group *group = build_alloc(b, sizeof(*group));

        if (!group || b->depth > 0) {
                b->failed = true;
                return;
        }
        group->tag = tag;
        if (b->group)
                b->group->next = group;
        else
                b->message->groups = group;
        b->group = group;
        level_begin(b, 0, &group->attributes);
}

void ipp_set_filter(struct ipp_builder *b, const struct ipp_filter *filter)
{
        b->filter = filter;
        b->category = IPP_CATEGORY_NAMED;
}

void ipp_set_category(struct ipp_builder *b, enum ipp_category category)
{
        b->category = category;
}

static bool name_is_wanted(const struct ipp_builder *b, struct text name)
{
        if (b->dropped)
                return false;
        return !b->filter || b->depth > 0 || ipp_filter_wants(b->filter, b->category, name);
}

/*
 * Makes the attribute where it is not the last one, then a value of it. NULL after a failure, and for what
 * nobody asked for.
 */
static struct ipp_value *value_new(struct ipp_builder *b, struct text name, uint8_t tag)
{
        struct ipp_attribute *attribute;
        struct ipp_value *value;

        if (!name_is_wanted(b, name))
                return NULL;
        value = build_alloc(b, sizeof(*value));
        if (!value)
                return NULL;
        value->tag = tag;

        attribute = b->level[b->depth].last;
        if (attribute && text_equal(attribute->name, name)) {
                b->level[b->depth].last_value->next = value;
        } else {
                attribute = build_alloc(b, sizeof(*attribute));
                if (!attribute)
                        return NULL;
                attribute->name = name;
                attribute->values = value;
                if (b->level[b->depth].last)
                        b->level[b->depth].last->next = attribute;
                else
                        *b->level[b->depth].first = attribute;
                b->level[b->depth].last = attribute;
        }
        b->level[b->depth].last_value = value;
        return value;
}

void ipp_add_integer(struct ipp_builder *b, const char *name, int32_t integer)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_INTEGER);

        if (value)
                value->integer = integer;
}

void ipp_add_enum(struct ipp_builder *b, const char *name, int32_t integer)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_ENUM);

        if (value)
                value->integer = integer;
}

void ipp_add_boolean(struct ipp_builder *b, const char *name, bool boolean)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_BOOLEAN);

        if (value)
                value->boolean = boolean;
}

void ipp_add_range(struct ipp_builder *b, const char *name, int32_t least, int32_t most)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_RANGE);

        if (value)
                value->range = (struct ipp_range){ least, most };
}

void ipp_add_resolution(struct ipp_builder *b, const char *name, int32_t across, int32_t along)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_RESOLUTION);

        if (value)
                value->resolution = (struct ipp_resolution){ across, along, IPP_RESOLUTION_PER_INCH };
}

void ipp_add_date(struct ipp_builder *b, const char *name, int64_t unix_ms)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_DATE_TIME);
        char *octets = value ? build_alloc(b, 11) : NULL;
        time_t seconds = (time_t)(unix_ms / 1000);
        struct tm tm;

        if (!octets)
                return;
        if (!gmtime_r(&seconds, &tm)) {
                b->failed = true;
                return;
        }
        octets[0] = (char)((tm.tm_year + 1900) >> 8);
        octets[1] = (char)(tm.tm_year + 1900);
        octets[2] = (char)(tm.tm_mon + 1);
        octets[3] = (char)tm.tm_mday;
        octets[4] = (char)tm.tm_hour;
        octets[5] = (char)tm.tm_min;
        octets[6] = (char)tm.tm_sec;
        octets[7] = (char)(unix_ms % 1000 / 100);
        octets[8] = '+';
        value->text = text_from_octets(octets, 11);
}

void ipp_add_text(struct ipp_builder *b, uint8_t tag, const char *name, struct text text)
{
        struct ipp_value *value = value_new(b, text_from(name), tag);

        if (value)
                value->text = text;
}

void ipp_add_string(struct ipp_builder *b, uint8_t tag, const char *name, const char *string)
{
        ipp_add_text(b, tag, name, text_from(string));
}

void ipp_add_format(struct ipp_builder *b, uint8_t tag, const char *name, const char *format, ...)
{
        char string[1024];
        char *copy;
        va_list args;
        int len;

        if (!name_is_wanted(b, text_from(name)))
                return;
        va_start(args, format);
        len = vsnprintf(string, sizeof(string), format, args);
        va_end(args);

        if (len < 0 || (size_t)len >= sizeof(string)) {
                b->failed = true;
                return;
        }
        copy = arena_text(b->arena, text_from(string));
        if (!copy)
                b->failed = true;
        else
                ipp_add_string(b, tag, name, copy);
}

void ipp_add_out_of_band(struct ipp_builder *b, uint8_t tag, const char *name)
{
        value_new(b, text_from(name), tag);
}

void ipp_add_value(struct ipp_builder *b, struct text name, const struct ipp_value *other)
{
        struct ipp_value *value = value_new(b, name, other->tag);

        if (!value)
                return;
        *value = *other;
        value->next = NULL;
}

void ipp_add_attribute(struct ipp_builder *b, const struct ipp_attribute *attribute)
{
        for (const struct ipp_value *v = attribute->values; v; v = v->next)
                ipp_add_value(b, attribute->name, v);
}

void ipp_begin_collection(struct ipp_builder *b, const char *name)
{
        struct ipp_value *value = value_new(b, text_from(name), IPP_TAG_COLLECTION);

        if (!value && !b->failed) {
                b->dropped++;
                return;
        }
        if (!value || b->depth == IPP_BUILD_NESTING) {
                b->failed = true;
                return;
        }
        level_begin(b, b->depth + 1, &value->members);
}

void ipp_end_collection(struct ipp_builder *b)
{
        if (b->dropped) {
                b->dropped--;
                return;
        }
        if (b->failed || b->depth == 0) {
                b->failed = true;
                return;
        }
        b->depth--;
}

int ipp_builder_format(struct ipp_builder *b, struct buffer *to)
{
        if (b->failed || b->depth > 0 || b->dropped)
                return fault(-ENOMEM);

        return ipp_message_format(b->message, to);
}
