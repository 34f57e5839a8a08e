// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/message.h"

#include <string.h>

#include "base/cursor.h"
#include "base/scope.h"

/* X.690, section 8.1.2; of SNMP RFC 3416, section 3. */
enum tag {
        TAG_INTEGER = 0x02,
        TAG_OCTETS = 0x04,
        TAG_NULL = 0x05,
        TAG_NAME = 0x06,
        TAG_SEQUENCE = 0x30,
        TAG_COUNTER32 = 0x41,
        TAG_GAUGE32 = 0x42,
        TAG_TIME = 0x43,
        TAG_COUNTER64 = 0x46,
        TAG_NO_OBJECT = 0x80,
        TAG_NO_INSTANCE = 0x81,
        TAG_END = 0x82,
        TAG_GET_NEXT = 0xa1,
        TAG_RESPONSE = 0xa2,
        TAG_GET_BULK = 0xa5,
};

#define VERSION_2C    1
#define NAME_OCTETS   (SNMP_NAME_MAX * 5)
#define LENGTH_OCTETS 4

/* ---- out: each part into a buffer of its own, since its length comes first ---- */

static void add_part(struct buffer *to, uint8_t tag, struct text content)
{
        buffer_add_octet(to, tag);
        if (content.len < 0x80) {
                buffer_add_octet(to, (uint8_t)content.len);
        } else {
                buffer_add_octet(to, 0x82);
                buffer_add_u16(to, (uint16_t)content.len);
        }
        buffer_add_text(to, content);
}

/* As few octets as tell it and its sign (X.690, section 8.3.2). */
static void add_integer(struct buffer *to, int32_t value)
{
        uint8_t octets[4] = { (uint8_t)((uint32_t)value >> 24), (uint8_t)((uint32_t)value >> 16),
                              (uint8_t)((uint32_t)value >> 8), (uint8_t)value };
        size_t skip = 0;

        while (skip < 3 && ((octets[skip] == 0 && !(octets[skip + 1] & 0x80)) ||
                            (octets[skip] == 0xff && (octets[skip + 1] & 0x80))))
                skip++;
        add_part(to, TAG_INTEGER, (struct text){ (const char *)octets + skip, sizeof(octets) - skip });
}

/* Seven bits an octet, the highest first (X.690, section 8.19). */
static size_t number_format(uint32_t number, char *ret)
{
        size_t len = 0;

        for (int shift = 28; shift >= 0; shift -= 7)
                if (len || shift == 0 || number >> shift)
                        ret[len++] = (char)((number >> shift & 0x7f) | (shift ? 0x80 : 0));
        return len;
}

static void add_name(struct buffer *to, const struct snmp_name *name)
{
        char octets[NAME_OCTETS];
        size_t len = number_format(name->at[0] * 40 + name->at[1], octets);

        for (size_t i = 2; i < name->count; i++)
                len += number_format(name->at[i], octets + len);
        add_part(to, TAG_NAME, (struct text){ octets, len });
}

static void add_names(struct buffer *to, const struct snmp_question *question)
{
        SCOPED(buffer_done) struct buffer list = BUFFER(SNMP_MESSAGE_MAX);

        for (size_t i = 0; i < question->name_count; i++) {
                SCOPED(buffer_done) struct buffer pair = BUFFER(2 * NAME_OCTETS);

                add_name(&pair, &question->names[i]);
                add_part(&pair, TAG_NULL, (struct text){ "", 0 });
                add_part(&list, TAG_SEQUENCE, buffer_text(&pair));
                if (pair.failure)
                        list.failure = pair.failure;
        }
        add_part(to, TAG_SEQUENCE, buffer_text(&list));
        if (list.failure)
                to->failure = list.failure;
}

void snmp_question_format(const struct snmp_question *question, struct buffer *to)
{
        SCOPED(buffer_done) struct buffer pdu = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer message = BUFFER(SNMP_MESSAGE_MAX);
        bool is_bulk = question->repetitions > 0;

        add_integer(&pdu, question->id);
        add_integer(&pdu, is_bulk ? (int32_t)question->single : 0);
        add_integer(&pdu, (int32_t)question->repetitions);
        add_names(&pdu, question);

        add_integer(&message, VERSION_2C);
        add_part(&message, TAG_OCTETS, question->community);
        add_part(&message, is_bulk ? TAG_GET_BULK : TAG_GET_NEXT, buffer_text(&pdu));
        add_part(to, TAG_SEQUENCE, buffer_text(&message));
        if (pdu.failure || message.failure)
                to->failure = pdu.failure ? pdu.failure : message.failure;
}

/* ---- in ---- */

/* The next part: its tag, and what is in it. Of a part that is not whole the cursor fails. */
static struct text part(struct cursor *c, uint8_t *ret_tag)
{
        uint8_t first;
        size_t len;

        *ret_tag = cursor_u8(c);
        first = cursor_u8(c);
        len = first;
        /* One octet of tag is what SNMP has; indefinite lengths are not allowed (RFC 3417, section 8). */
        if ((*ret_tag & 0x1f) == 0x1f || first == 0x80 || first > 0x80 + LENGTH_OCTETS) {
                c->failed = true;
                return (struct text){ "", 0 };
        }
        if (first > 0x80) {
                len = 0;
                for (uint8_t i = 0; i < first - 0x80; i++)
                        len = len << 8 | cursor_u8(c);
        }
        return cursor_text(c, len);
}

static struct text expect(struct cursor *c, uint8_t tag)
{
        uint8_t found;
        struct text content = part(c, &found);

        if (found == tag)
                return content;
        c->failed = true;
        return (struct text){ "", 0 };
}

/* Two's complement, of at most 8 octets; a Counter64 may have a zero before them. */
static bool integer_parse(struct text octets, bool is_unsigned, int64_t *ret)
{
        uint64_t value;

        if (octets.len == 9 && is_unsigned && octets.at[0] == 0)
                octets = (struct text){ octets.at + 1, 8 };
        if (octets.len == 0 || octets.len > 8)
                return false;
        value = !is_unsigned && (octets.at[0] & 0x80) ? UINT64_MAX : 0;
        for (size_t i = 0; i < octets.len; i++)
                value = value << 8 | (uint8_t)octets.at[i];
        *ret = is_unsigned && value > INT64_MAX ? INT64_MAX : (int64_t)value;
        return true;
}

static int32_t integer(struct cursor *c)
{
        int64_t value;

        if (!integer_parse(expect(c, TAG_INTEGER), false, &value) || value < INT32_MIN || value > INT32_MAX) {
                c->failed = true;
                return 0;
        }
        return (int32_t)value;
}

static bool name_parse(struct text octets, struct snmp_name *ret)
{
        uint64_t number = 0;
        bool is_open = false;

        ret->count = 0;
        for (size_t i = 0; i < octets.len; i++) {
                uint8_t octet = (uint8_t)octets.at[i];

                number = number << 7 | (octet & 0x7f);
                is_open = octet & 0x80;
                if (number > UINT32_MAX || ret->count == SNMP_NAME_MAX)
                        return false;
                if (is_open)
                        continue;
                if (ret->count == 0) {
                        ret->at[ret->count++] = number < 80 ? (uint32_t)number / 40 : 2;
                        number -= ret->at[0] * 40;
                        if (number > 39)
                                return false;
                }
                ret->at[ret->count++] = (uint32_t)number;
                number = 0;
        }
        return ret->count >= 2 && !is_open;
}

static bool value_parse(uint8_t tag, struct text content, struct snmp_value *ret)
{
        switch (tag) {
        case TAG_INTEGER: ret->kind = SNMP_INTEGER; return integer_parse(content, false, &ret->integer);
        case TAG_COUNTER32:
        case TAG_GAUGE32:
        case TAG_TIME:
        case TAG_COUNTER64: ret->kind = SNMP_INTEGER; return integer_parse(content, true, &ret->integer);
        case TAG_OCTETS:
                ret->kind = SNMP_OCTETS;
                ret->octets = content;
                return true;
        case TAG_NULL:
        case TAG_NO_OBJECT:
        case TAG_NO_INSTANCE:
        case TAG_END: ret->kind = SNMP_NOTHING; return content.len == 0;
        default: ret->kind = SNMP_OTHER; return true;
        }
}

static bool pair_parse(struct text octets, struct snmp_value *ret)
{
        struct cursor c = cursor_from(octets);
        struct text name = expect(&c, TAG_NAME), content;
        uint8_t tag;

        *ret = (struct snmp_value){ .kind = SNMP_NOTHING };
        content = part(&c, &tag);
        return cursor_is_good(&c) && c.left == 0 && name_parse(name, &ret->name) &&
               value_parse(tag, content, ret);
}

static int pairs_parse(struct text octets, struct snmp_answer *ret)
{
        struct cursor c = cursor_from(octets);

        while (c.left > 0) {
                struct text pair = expect(&c, TAG_SEQUENCE);

                if (!cursor_is_good(&c) || ret->value_count == SNMP_VALUES_MAX ||
                    !pair_parse(pair, &ret->values[ret->value_count]))
                        return SNMP_MALFORMED;
                ret->value_count++;
        }
        return 0;
}

static int pdu_parse(struct text octets, struct snmp_answer *ret)
{
        struct cursor c = cursor_from(octets);
        struct text pairs;

        ret->id = integer(&c);
        ret->error = integer(&c);
        (void)integer(&c);
        pairs = expect(&c, TAG_SEQUENCE);
        ret->value_count = 0;
        return cursor_is_good(&c) && c.left == 0 ? pairs_parse(pairs, ret) : SNMP_MALFORMED;
}

int snmp_answer_parse(struct text octets, struct text community, struct snmp_answer *ret)
{
        struct cursor outer = cursor_from(octets), c;
        struct text said, pdu;
        int32_t version;
        uint8_t tag;

        c = cursor_from(expect(&outer, TAG_SEQUENCE));
        if (!cursor_is_good(&outer) || outer.left)
                return SNMP_MALFORMED;
        version = integer(&c);
        said = expect(&c, TAG_OCTETS);
        pdu = part(&c, &tag);
        if (!cursor_is_good(&c) || c.left)
                return SNMP_MALFORMED;
        if (version != VERSION_2C || !text_equal(said, community) || tag != TAG_RESPONSE)
                return SNMP_NOT_OURS;
        return pdu_parse(pdu, ret);
}
