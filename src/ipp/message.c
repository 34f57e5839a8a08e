// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/message.h"

#include "base/cursor.h"

#define HEADER_OCTETS         8
#define NAME_OCTETS_MAX       255
#define VALUE_OCTETS_MAX      32767

#define TAG_IS_DELIMITER(tag) ((tag) < 0x10)

bool ipp_tag_is_string(uint8_t tag)
{
        return tag >= IPP_TAG_TEXT && tag <= IPP_TAG_MIME;
}

bool ipp_tag_is_out_of_band(uint8_t tag)
{
        return tag >= 0x10 && tag <= 0x1f;
}

/* Big-endian, at a place known to exist. */
static size_t length_at(struct text octets, size_t at)
{
        return (size_t)(uint8_t)octets.at[at] << 8 | (uint8_t)octets.at[at + 1];
}

/*
 * Octets the element at scan->at occupies: a delimiter one, an attribute its tag and its two strings with
 * their lengths. IPP_MORE where that cannot be known yet.
 */
static int element_length(struct text octets, size_t at, size_t *ret)
{
        size_t name_at = at + 1, value_at;

        if (at >= octets.len)
                return IPP_MORE;
        if (TAG_IS_DELIMITER((uint8_t)octets.at[at])) {
                *ret = 1;
                return 0;
        }
        if (octets.len - at < 3)
                return IPP_MORE;
        value_at = name_at + 2 + length_at(octets, name_at);
        if (octets.len < value_at + 2)
                return IPP_MORE;
        *ret = value_at + 2 + length_at(octets, value_at) - at;
        return 0;
}

int ipp_scan(struct ipp_scan *scan, struct text octets, const struct ipp_limits *limits, size_t *ret_length)
{
        size_t length;
        int r;

        if (scan->at == 0)
                scan->at = HEADER_OCTETS;

        for (;;) {
                if (scan->at >= limits->octets)
                        return IPP_TOO_LARGE;
                r = element_length(octets, scan->at, &length);
                if (r == IPP_MORE)
                        return octets.len >= limits->octets ? IPP_TOO_LARGE : IPP_MORE;
                if (length > limits->octets - scan->at)
                        return IPP_TOO_LARGE;
                if (length > octets.len - scan->at)
                        return IPP_MORE;
                if (octets.at[scan->at] == 0)
                        return IPP_MALFORMED;
                if (octets.at[scan->at] == IPP_TAG_END) {
                        *ret_length = scan->at + 1;
                        return 0;
                }
                scan->at += length;
        }
}

/* One parse: where it is, what it may still use, and what it found wrong. */
struct parse {
        struct cursor cursor;
        size_t size;
        const struct ipp_limits *limits;
        struct arena *arena;
        size_t attributes;
        size_t values;
        int refusal;
        const char *why;
};

/* An attribute as the wire has it, before its value is understood. */
struct element {
        uint8_t tag;
        struct text name;
        struct text value;
};

static bool refuse(struct parse *p, int refusal, const char *why)
{
        if (!p->refusal) {
                p->refusal = refusal;
                p->why = why;
        }
        return false;
}

static void *parse_alloc(struct parse *p, size_t octets)
{
        void *memory = arena_alloc(p->arena, octets);

        if (!memory)
                refuse(p, IPP_TOO_LARGE, "the message fills its arena");
        return memory;
}

/* The tag was read already. */
static bool element_read(struct parse *p, uint8_t tag, struct element *ret)
{
        ret->tag = tag;
        ret->name = cursor_text(&p->cursor, cursor_u16(&p->cursor));
        ret->value = cursor_text(&p->cursor, cursor_u16(&p->cursor));
        if (!cursor_is_good(&p->cursor))
                return refuse(p, IPP_MORE, "cut short");
        return ret->value.len <= VALUE_OCTETS_MAX || refuse(p, IPP_MALFORMED, "a value of negative length");
}

/*
 * Attribute names are keywords (RFC 8011, section 5.1.4). They are echoed in answers and looked up in tables,
 * so anything that is not printable ASCII ends here.
 */
static bool name_is_good(struct text name)
{
        for (size_t i = 0; i < name.len; i++)
                if (name.at[i] < 0x21 || name.at[i] > 0x7e)
                        return false;

        return name.len > 0 && name.len <= NAME_OCTETS_MAX;
}

/* The octets a value of this tag must have; 0 where its length is free (RFC 8010, section 3.9). */
static size_t value_octets(uint8_t tag)
{
        switch (tag) {
        case IPP_TAG_INTEGER:
        case IPP_TAG_ENUM: return 4;
        case IPP_TAG_BOOLEAN: return 1;
        case IPP_TAG_DATE_TIME: return 11;
        case IPP_TAG_RESOLUTION: return 9;
        case IPP_TAG_RANGE: return 8;
        default: return 0;
        }
}

/* textWithLanguage, nameWithLanguage: a language and a text, each with its length, and nothing else. */
static bool with_language_read(struct parse *p, struct cursor c, struct ipp_value *value)
{
        value->language = cursor_text(&c, cursor_u16(&c));
        value->text = cursor_text(&c, cursor_u16(&c));
        return (cursor_is_good(&c) && c.left == 0) ||
               refuse(p, IPP_MALFORMED, "a text with language whose lengths do not add up");
}

static bool members_read(struct parse *p, unsigned depth, struct ipp_attribute **ret);

static bool value_read(struct parse *p, const struct element *e, unsigned depth, struct ipp_value *value)
{
        struct cursor c = cursor_from(e->value);
        size_t octets = value_octets(e->tag);

        value->tag = e->tag;
        if (octets && e->value.len != octets)
                return refuse(p, IPP_MALFORMED, "a value of the wrong size for its tag");
        if (e->value.len && ipp_tag_is_out_of_band(e->tag))
                return refuse(p, IPP_MALFORMED, "an out-of-band value with octets");

        switch (e->tag) {
        case IPP_TAG_INTEGER:
        case IPP_TAG_ENUM: value->integer = (int32_t)cursor_u32(&c); return true;
        case IPP_TAG_BOOLEAN:
                if ((uint8_t)e->value.at[0] > 1)
                        return refuse(p, IPP_MALFORMED, "a boolean that is neither 0 nor 1");
                value->boolean = e->value.at[0];
                return true;
        case IPP_TAG_RESOLUTION:
                value->resolution.across = (int32_t)cursor_u32(&c);
                value->resolution.along = (int32_t)cursor_u32(&c);
                value->resolution.units = (int8_t)cursor_u8(&c);
                return true;
        case IPP_TAG_RANGE:
                value->range.least = (int32_t)cursor_u32(&c);
                value->range.most = (int32_t)cursor_u32(&c);
                return true;
        case IPP_TAG_TEXT_WITH_LANGUAGE:
        case IPP_TAG_NAME_WITH_LANGUAGE: return with_language_read(p, c, value);
        case IPP_TAG_COLLECTION:
                if (e->value.len)
                        return refuse(p, IPP_MALFORMED, "a collection that begins with octets");
                return members_read(p, depth + 1, &value->members);
        case IPP_TAG_END_COLLECTION:
        case IPP_TAG_MEMBER_NAME: return refuse(p, IPP_MALFORMED, "part of a collection outside of one");
        default: value->text = e->value; return true;
        }
}

/* Reads the value and appends it to the attribute, whose last value is *last. */
static bool value_add(struct parse *p, const struct element *e, unsigned depth,
                      struct ipp_attribute *attribute, struct ipp_value **last)
{
        struct ipp_value *value;

        if (++p->values > p->limits->values)
                return refuse(p, IPP_TOO_LARGE, "too many values");
        value = parse_alloc(p, sizeof(*value));
        if (!value)
                return false;

        if (*last)
                (*last)->next = value;
        else
                attribute->values = value;
        *last = value;
        return value_read(p, e, depth, value);
}

static struct ipp_attribute *attribute_add(struct parse *p, struct text name, struct ipp_attribute **first,
                                           struct ipp_attribute *last)
{
        struct ipp_attribute *attribute;

        if (!name_is_good(name)) {
                refuse(p, IPP_MALFORMED, "an attribute's name that is no keyword");
                return NULL;
        }
        if (++p->attributes > p->limits->attributes) {
                refuse(p, IPP_TOO_LARGE, "too many attributes");
                return NULL;
        }
        attribute = parse_alloc(p, sizeof(*attribute));
        if (!attribute)
                return NULL;

        attribute->name = name;
        if (last)
                last->next = attribute;
        else
                *first = attribute;
        return attribute;
}

/*
 * The members of a collection, up to and with its end (RFC 8010, section 3.1.6):
 *      *( member-name value *value ) end-collection        every element without a name of its own
 */
static bool members_read(struct parse *p, unsigned depth, struct ipp_attribute **ret)
{
        struct ipp_attribute *attribute = NULL;
        struct ipp_value *last = NULL;
        struct element e;
        uint8_t tag;

        if (depth > p->limits->nesting)
                return refuse(p, IPP_TOO_LARGE, "collections nested too deep");

        for (;;) {
                tag = cursor_u8(&p->cursor);
                if (!cursor_is_good(&p->cursor))
                        return refuse(p, IPP_MORE, "cut short");
                if (TAG_IS_DELIMITER(tag))
                        return refuse(p, IPP_MALFORMED, "a collection that is not closed");
                if (!element_read(p, tag, &e))
                        return false;
                if (e.name.len)
                        return refuse(p, IPP_MALFORMED, "a name within a collection");

                if (tag == IPP_TAG_MEMBER_NAME || tag == IPP_TAG_END_COLLECTION) {
                        if (attribute && !last)
                                return refuse(p, IPP_MALFORMED, "a member without a value");
                        if (tag == IPP_TAG_END_COLLECTION)
                                return !e.value.len ||
                                       refuse(p, IPP_MALFORMED, "a collection that ends with octets");
                        attribute = attribute_add(p, e.value, ret, attribute);
                        last = NULL;
                        if (!attribute)
                                return false;
                } else if (!attribute) {
                        return refuse(p, IPP_MALFORMED, "a member's value before its name");
                } else if (!value_add(p, &e, depth, attribute, &last)) {
                        return false;
                }
        }
}

/* The attributes of one group; *ret_tag is the delimiter that ends it. */
static bool group_read(struct parse *p, struct ipp_group *group, uint8_t *ret_tag)
{
        struct ipp_attribute *attribute = NULL;
        struct ipp_value *last = NULL;
        struct element e;
        uint8_t tag;

        for (;;) {
                tag = cursor_u8(&p->cursor);
                if (!cursor_is_good(&p->cursor))
                        return refuse(p, IPP_MORE, "cut short");
                if (TAG_IS_DELIMITER(tag)) {
                        *ret_tag = tag;
                        return true;
                }
                if (!element_read(p, tag, &e))
                        return false;

                if (e.name.len) {
                        attribute = attribute_add(p, e.name, &group->attributes, attribute);
                        last = NULL;
                        if (!attribute)
                                return false;
                } else if (!attribute) {
                        return refuse(p, IPP_MALFORMED, "a further value before the first");
                }
                if (!value_add(p, &e, 0, attribute, &last))
                        return false;
        }
}

static bool groups_read(struct parse *p, struct ipp_message *message)
{
        struct ipp_group **next = &message->groups;
        uint8_t tag = cursor_u8(&p->cursor);

        if (!cursor_is_good(&p->cursor))
                return refuse(p, IPP_MORE, "cut short");

        while (tag != IPP_TAG_END) {
                if (!TAG_IS_DELIMITER(tag) || tag == 0)
                        return refuse(p, IPP_MALFORMED, "no delimiter where a group begins");
                /* A group is charged like an attribute: it costs memory, and one octet of the message. */
                if (++p->attributes > p->limits->attributes)
                        return refuse(p, IPP_TOO_LARGE, "too many groups");
                *next = parse_alloc(p, sizeof(**next));
                if (!*next)
                        return false;
                (*next)->tag = tag;
                if (!group_read(p, *next, &tag))
                        return false;
                next = &(*next)->next;
        }
        return p->cursor.left == 0 || refuse(p, IPP_MALFORMED, "octets behind the end");
}

int ipp_message_parse(struct text octets, const struct ipp_limits *limits, struct arena *arena,
                      struct ipp_message *ret, struct ipp_complaint *complaint)
{
        struct parse p = { .cursor = cursor_from(octets), .limits = limits, .arena = arena };
        struct ipp_message message = { 0 };

        if (octets.len > limits->octets)
                refuse(&p, IPP_TOO_LARGE, "more octets than a message may have");

        message.version_major = cursor_u8(&p.cursor);
        message.version_minor = cursor_u8(&p.cursor);
        message.code = cursor_u16(&p.cursor);
        message.request_id = (int32_t)cursor_u32(&p.cursor);

        if (!p.refusal && groups_read(&p, &message)) {
                *ret = message;
                return 0;
        }
        if (complaint)
                *complaint = (struct ipp_complaint){ octets.len - p.cursor.left, p.why };
        return p.refusal;
}

const struct ipp_group *ipp_group_find(const struct ipp_message *message, uint8_t tag)
{
        const struct ipp_group *group = message->groups;

        while (group && group->tag != tag)
                group = group->next;
        return group;
}

const struct ipp_group *ipp_group_next(const struct ipp_group *group)
{
        uint8_t tag = group->tag;

        do
                group = group->next;
        while (group && group->tag != tag);
        return group;
}

static bool attributes_equal(const struct ipp_attribute *a, const struct ipp_attribute *b);

bool ipp_value_equal(const struct ipp_value *a, const struct ipp_value *b)
{
        if (a->tag != b->tag)
                return false;

        switch (a->tag) {
        case IPP_TAG_INTEGER:
        case IPP_TAG_ENUM: return a->integer == b->integer;
        case IPP_TAG_BOOLEAN: return a->boolean == b->boolean;
        case IPP_TAG_RESOLUTION:
                return a->resolution.across == b->resolution.across &&
                       a->resolution.along == b->resolution.along &&
                       a->resolution.units == b->resolution.units;
        case IPP_TAG_RANGE: return a->range.least == b->range.least && a->range.most == b->range.most;
        case IPP_TAG_COLLECTION: return attributes_equal(a->members, b->members);
        default: return text_equal(a->text, b->text) && text_equal(a->language, b->language);
        }
}

static bool values_equal(const struct ipp_value *a, const struct ipp_value *b)
{
        for (; a && b; a = a->next, b = b->next)
                if (!ipp_value_equal(a, b))
                        return false;

        return !a && !b;
}

static bool attributes_equal(const struct ipp_attribute *a, const struct ipp_attribute *b)
{
        for (; a && b; a = a->next, b = b->next)
                if (!text_equal(a->name, b->name) || !values_equal(a->values, b->values))
                        return false;

        return !a && !b;
}

bool ipp_message_equal(const struct ipp_message *a, const struct ipp_message *b)
{
        const struct ipp_group *ga = a->groups, *gb = b->groups;

        if (a->version_major != b->version_major || a->version_minor != b->version_minor ||
            a->code != b->code || a->request_id != b->request_id)
                return false;
        for (; ga && gb; ga = ga->next, gb = gb->next)
                if (ga->tag != gb->tag || !attributes_equal(ga->attributes, gb->attributes))
                        return false;

        return !ga && !gb;
}
