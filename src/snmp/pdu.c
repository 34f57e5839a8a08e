// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/pdu.h"

#include "base/scope.h"
#include "snmp/ber.h"

#define PAIR_OCTETS 65536

static void add_head(struct buffer *to, int32_t id, int32_t error, int32_t index)
{
        ber_add_integer(to, BER_INTEGER, id);
        ber_add_integer(to, BER_INTEGER, error);
        ber_add_integer(to, BER_INTEGER, index);
}

static void add_value(struct buffer *to, const struct snmp_value *value)
{
        struct buffer pair = BUFFER(PAIR_OCTETS);

        ber_add_name(&pair, &value->name);
        if (value->kind == SNMP_INTEGER)
                ber_add_integer(&pair, value->tag, value->integer);
        else
                ber_add(&pair, value->tag,
                        value->kind == SNMP_NOTHING ? (struct text){ "", 0 } : value->octets);
        ber_add_buffer(to, BER_SEQUENCE, &pair);
}

static enum snmp_operation operation_of(const struct snmp_question *question)
{
        return question->values        ? SNMP_SET
               : question->repetitions ? SNMP_GET_BULK
               : question->is_exact    ? SNMP_GET
                                       : SNMP_GET_NEXT;
}

void snmp_question_add(const struct snmp_question *question, struct buffer *to)
{
        struct buffer pdu = BUFFER(SNMP_MESSAGE_MAX), list = BUFFER(SNMP_MESSAGE_MAX);
        bool is_bulk = question->repetitions > 0;

        for (size_t i = 0; i < question->name_count; i++) {
                struct snmp_value nothing = { .kind = SNMP_NOTHING, .tag = BER_NULL };

                if (!question->values)
                        nothing.name = question->names[i];
                add_value(&list, question->values ? &question->values[i] : &nothing);
        }
        add_head(&pdu, question->id, is_bulk ? (int32_t)question->single : 0, (int32_t)question->repetitions);
        ber_add_buffer(&pdu, BER_SEQUENCE, &list);
        ber_add_buffer(to, (uint8_t)operation_of(question), &pdu);
}

void snmp_answer_add(const struct snmp_answer *answer, struct buffer *to)
{
        struct buffer pdu = BUFFER(SNMP_MESSAGE_MAX), list = BUFFER(SNMP_MESSAGE_MAX);

        for (size_t i = 0; i < answer->value_count; i++)
                add_value(&list, &answer->values[i]);
        add_head(&pdu, answer->id, answer->error, answer->index);
        ber_add_buffer(&pdu, BER_SEQUENCE, &list);
        ber_add_buffer(to, (uint8_t)answer->operation, &pdu);
}

/* ---- in ---- */

static bool value_parse(uint8_t tag, struct text content, struct snmp_value *ret)
{
        ret->tag = tag;
        switch (tag) {
        case BER_INTEGER: ret->kind = SNMP_INTEGER; return ber_integer_parse(content, false, &ret->integer);
        case BER_COUNTER32:
        case BER_GAUGE32:
        case BER_TIME:
        case BER_COUNTER64: ret->kind = SNMP_INTEGER; return ber_integer_parse(content, true, &ret->integer);
        case BER_NULL:
        case BER_NO_OBJECT:
        case BER_NO_INSTANCE:
        case BER_END: ret->kind = SNMP_NOTHING; return content.len == 0;
        default:
                ret->kind = tag == BER_OCTETS ? SNMP_OCTETS : SNMP_OTHER;
                ret->octets = content;
                return true;
        }
}

static bool pair_parse(struct text octets, struct snmp_value *ret)
{
        struct cursor c = cursor_from(octets);
        struct text name = ber_expect(&c, BER_NAME), content;
        uint8_t tag;

        *ret = (struct snmp_value){ .kind = SNMP_NOTHING };
        content = ber_part(&c, &tag);
        return cursor_is_good(&c) && c.left == 0 && ber_name_parse(name, &ret->name) &&
               value_parse(tag, content, ret);
}

static int pairs_parse(struct text octets, struct snmp_answer *ret)
{
        struct cursor c = cursor_from(octets);

        ret->value_count = 0;
        while (c.left > 0) {
                struct text pair = ber_expect(&c, BER_SEQUENCE);

                if (!cursor_is_good(&c) || ret->value_count == SNMP_VALUES_MAX ||
                    !pair_parse(pair, &ret->values[ret->value_count]))
                        return SNMP_MALFORMED;
                ret->value_count++;
        }
        return 0;
}

int snmp_pdu_parse(struct text octets, struct snmp_answer *ret)
{
        struct cursor outer = cursor_from(octets), c;
        struct text pairs;
        uint8_t tag;

        c = cursor_from(ber_part(&outer, &tag));
        if (!cursor_is_good(&outer) || outer.left)
                return SNMP_MALFORMED;
        ret->operation = (enum snmp_operation)tag;
        ret->id = ber_integer(&c);
        ret->error = ber_integer(&c);
        ret->index = ber_integer(&c);
        pairs = ber_expect(&c, BER_SEQUENCE);
        return cursor_is_good(&c) && c.left == 0 ? pairs_parse(pairs, ret) : SNMP_MALFORMED;
}
