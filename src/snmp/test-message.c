// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Questions as agents of printers understand them, answers as one gave them, and what is none. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "snmp/message.h"

static struct snmp_name name_of(const char *string)
{
        struct snmp_name name;

        assert(snmp_name_parse(text_from(string), &name));
        return name;
}

static void test_names(void)
{
        static const struct {
                const char *text;
                bool good;
        } rows[] = {
                { "1.3.6.1.2.1.43", true },
                { "0.0", true },
                { "2.39.4294967295", true },
                { "1", false },
                { "3.1", false },
                { "1.40", false },
                { "1.3.", false },
                { ".1.3", false },
                { "1.3.x", false },
                { "1.3.-1", false },
                { "", false },
                { "1..3", false },
                { "1.3.4294967296", false },
                { "1.3 .6", false },
        };
        struct snmp_name a = name_of("1.3.6.1"), b = name_of("1.3.6.1.2.5"), c = name_of("1.3.6.2"), name;
        const uint32_t *rest;
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].text);
                assert(snmp_name_parse(text_from(rows[i].text), &name) == rows[i].good);
        }
        assert(snmp_name_is_below(&b, &a, &rest, &count) && count == 2 && rest[0] == 2 && rest[1] == 5);
        assert(!snmp_name_is_below(&a, &a, &rest, &count) && !snmp_name_is_below(&c, &a, &rest, &count));
        assert(snmp_name_is_before(&a, &b) && snmp_name_is_before(&b, &c) && !snmp_name_is_before(&c, &a) &&
               !snmp_name_is_before(&a, &a));
        assert(snmp_name_equal(&a, &a) && !snmp_name_equal(&a, &b));
}

static void test_questions(void)
{
        const struct snmp_name names[] = { name_of("1.3.6.1.2.1.25.3.5.1.1"),
                                           name_of("1.3.6.1.2.1.43.8.2.1.10"), name_of("2.39.4294967295") };
        const struct {
                struct snmp_question question;
                enum snmp_version version;
                const char *octets;
        } rows[] = {
                { { 77, names, 1, 0, 0 },
                  SNMP_V2C,
                  "302802010104067075626c6963a11b02014d0201000201003010300e060a2b0601020119030501010500" },
                { { 77, names + 1, 2, 1, 200 },
                  SNMP_V2C,
                  "303502010104067075626c6963a52802014d020101020200c8301c300e060a2b060102012b0802010a0500300a0606778fffffff7f0500" },
                { { 77, names, 1, 0, 0 },
                  SNMP_V1,
                  "302802010004067075626c6963a11b02014d0201000201003010300e060a2b0601020119030501010500" },
        };
        char hex[1024];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(buffer_done) struct buffer octets = BUFFER(SNMP_MESSAGE_MAX);

                snmp_question_format(&rows[i].question, rows[i].version, TEXT_OF("public"), &octets);
                assert(!octets.failure);
                hex_format(octets.at, octets.len, hex);
                printf("%s\n", hex);
                assert(strcmp(hex, rows[i].octets) == 0);
        }
}

#define SERIAL \
        "303302010104067075626c6963a22602014d020100020100301b3019060b2b060102012b0501011101040a41434d30303030303031"

/* The first is what a simulated device answered, the others differ from it. */
static const struct {
        const char *name, *octets;
        int outcome;
        enum snmp_kind kind;
        int64_t integer;
        const char *text;
} answers[] = {
        { "serial number", SERIAL, 0, SNMP_OCTETS, 0, "ACM0000001" },
        { "integer", "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101010201fd",
          0, SNMP_INTEGER, -3, "" },
        { "gauge", "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101014201fd",
          0, SNMP_INTEGER, 253, "" },
        { "wide counter",
          "303102010104067075626c6963a22402014d02010002010030193017060a2b060102012b050101014609008000000000000001",
          0, SNMP_INTEGER, INT64_MAX, "" },
        { "end of what there is",
          "302802010104067075626c6963a21b02014d0201000201003010300e060a2b060102012b050101018200", 0,
          SNMP_NOTHING, 0, "" },
        { "an address",
          "302c02010104067075626c6963a21f02014d02010002010030143012060a2b060102012b05010101400401020304", 0,
          SNMP_OTHER, 0, "" },
        { "empty integer",
          "302802010104067075626c6963a21b02014d0201000201003010300e060a2b060102012b050101010200",
          SNMP_MALFORMED, 0, 0, "" },
        { "nothing that is something",
          "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101010501fd",
          SNMP_MALFORMED, 0, 0, "" },
        { "other community",
          "302902010104067075626c6964a21c02014d0201000201003011300f060a2b060102012b050101010201fd",
          SNMP_NOT_OURS, 0, 0, "" },
        { "version 1",
          "302902010004067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101010201fd",
          SNMP_NOT_OURS, 0, 0, "" },
        { "a question",
          "302902010104067075626c6963a11c02014d0201000201003011300f060a2b060102012b050101010201fd",
          SNMP_NOT_OURS, 0, 0, "" },
        { "cut", "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b0501010102",
          SNMP_MALFORMED, 0, 0, "" },
        { "more behind it",
          "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101010201fd00",
          SNMP_MALFORMED, 0, 0, "" },
        { "length without end",
          "308002010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101010201fd0000",
          SNMP_MALFORMED, 0, 0, "" },
        { "length of five octets", "30850000000029020101", SNMP_MALFORMED, 0, 0, "" },
        { "name that does not end",
          "302902010104067075626c6963a21c02014d0201000201003011300f060a2b060102012b050101810201fd",
          SNMP_MALFORMED, 0, 0, "" },
        { "number that is too large",
          "302902010104067075626c6963a21c02014d0201000201003011300f060a2b0601ffffffffff7f01010201fd",
          SNMP_MALFORMED, 0, 0, "" },
        { "empty", "", SNMP_MALFORMED, 0, 0, "" },
};

static void test_answers(void)
{
        static struct snmp_answer answer;

        for (size_t i = 0; i < ARRAY_LENGTH(answers); i++) {
                char octets[512];
                size_t len;
                int r;

                printf("%s\n", answers[i].name);
                assert(hex_parse(text_from(answers[i].octets), octets, sizeof(octets), &len));
                r = snmp_answer_parse((struct text){ octets, len }, SNMP_V2C, TEXT_OF("public"), &answer);
                assert(r == answers[i].outcome);
                if (r)
                        continue;
                assert(answer.id == 77 && answer.error == 0 && answer.value_count == 1);
                assert(answer.values[0].kind == answers[i].kind &&
                       answer.values[0].integer == answers[i].integer);
                assert(answers[i].kind != SNMP_OCTETS ||
                       text_equal_string(answer.values[0].octets, answers[i].text));
        }
}

/* As many values as there is room for, and one more. */
static void test_many_values(void)
{
        static struct snmp_answer answer;

        for (size_t count = SNMP_VALUES_MAX; count <= SNMP_VALUES_MAX + 1; count++) {
                SCOPED(buffer_done) struct buffer octets = BUFFER(SNMP_MESSAGE_MAX);
                size_t pairs = count * 9, pdu = pairs + 13, message = pdu + 15;

                buffer_add(&octets, "\x30\x82", 2);
                buffer_add_u16(&octets, (uint16_t)message);
                buffer_add(&octets, "\x02\x01\x01\x04\x06public\xa2\x82", 13);
                buffer_add_u16(&octets, (uint16_t)pdu);
                buffer_add(&octets, "\x02\x01\x4d\x02\x01\x00\x02\x01\x00\x30\x82", 11);
                buffer_add_u16(&octets, (uint16_t)pairs);
                for (size_t i = 0; i < count; i++)
                        buffer_add(&octets, "\x30\x07\x06\x02\x2b\x06\x02\x01\x05", 9);
                assert(snmp_answer_parse(buffer_text(&octets), SNMP_V2C, TEXT_OF("public"), &answer) ==
                       (count > SNMP_VALUES_MAX ? SNMP_MALFORMED : 0));
        }
        assert(answer.value_count == SNMP_VALUES_MAX && answer.values[SNMP_VALUES_MAX - 1].integer == 5);
}

/* SNMPv1: nothing behind the second name. */
/* The octets of a Set and a Get, as RFC 3416 has them. */
static void test_set_and_get(void)
{
        static const char
                set[] = "\xa3\x1d\x02\x01\x07\x02\x01\x00\x02\x01\x00\x30\x12\x30\x10\x06\x08\x2b\x06\x01\x02"
                        "\x01\x01\x06\x00\x04\x04hall",
                get[] = "\xa0\x19\x02\x01\x07\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02"
                        "\x01\x01\x06\x00\x05\x00";
        SCOPED(buffer_done) struct buffer first = BUFFER(256), second = BUFFER(256);
        struct snmp_value value = { name_of("1.3.6.1.2.1.1.6.0"), SNMP_OCTETS, 0x04, 0, TEXT_OF("hall") };
        struct snmp_question question = { .id = 7, .values = &value, .name_count = 1 };
        static struct snmp_answer parsed;

        snmp_question_add(&question, &first);
        assert(text_equal(buffer_text(&first), text_from_octets(set, sizeof(set) - 1)));
        assert(snmp_pdu_parse(buffer_text(&first), &parsed) == 0 && parsed.operation == SNMP_SET);
        assert(text_equal_string(parsed.values[0].octets, "hall"));
        question = (struct snmp_question){ .id = 7, .names = &value.name, .name_count = 1, .is_exact = true };
        snmp_question_add(&question, &second);
        assert(text_equal(buffer_text(&second), text_from_octets(get, sizeof(get) - 1)));
}

static void test_version_1(void)
{
        static const char octets[] =
                "\x30\x28\x02\x01\x00\x04\x06public\xa2\x1b\x02\x01\x4d\x02\x01\x02\x02\x01"
                "\x02\x30\x10\x30\x0e\x06\x0a\x2b\x06\x01\x02\x01\x2b\x05\x01\x01\x01\x05\x00";
        static struct snmp_answer answer;
        struct text text = { octets, sizeof(octets) - 1 };
        enum snmp_version version;

        assert(snmp_version_find(text, &version) && version == SNMP_V1);
        assert(snmp_answer_parse(text, SNMP_V2C, TEXT_OF("public"), &answer) == SNMP_NOT_OURS);
        assert(snmp_answer_parse(text, SNMP_V1, TEXT_OF("public"), &answer) == 0);
        assert(answer.error == SNMP_NO_SUCH_NAME && answer.index == 2 && answer.value_count == 1);
}

/* What is formatted parses back equal, and again to the same octets. */
static void test_round_trip(void)
{
        static struct snmp_answer answer, again;

        answer = (struct snmp_answer){ .operation = SNMP_RESPONSE, .id = -5, .error = 3, .index = 7 };
        answer.values[0] = (struct snmp_value){ name_of("1.3.6.1.2.1.1.1.0"), SNMP_OCTETS, 0x04, 0,
                                                TEXT_OF("a printer") };
        answer.values[1] =
                (struct snmp_value){ name_of("1.3.6.1.2.1.43"), SNMP_INTEGER, 0x41, 4294967295, { "", 0 } };
        answer.values[2] =
                (struct snmp_value){ name_of("1.3.6.1.2.1.44"), SNMP_INTEGER, 0x02, -129, { "", 0 } };
        answer.values[3] = (struct snmp_value){ name_of("1.3.6.1.2.1.45"), SNMP_NOTHING, 0x82, 0, { "", 0 } };
        answer.values[4] =
                (struct snmp_value){ name_of("1.3.6.1.2.1.46"), SNMP_OTHER, 0x06, 0, TEXT_OF("\x2b\x06") };
        answer.value_count = 5;
        {
                SCOPED(buffer_done) struct buffer octets = BUFFER(4096), second = BUFFER(4096);

                snmp_answer_add(&answer, &octets);
                assert(!octets.failure && snmp_pdu_parse(buffer_text(&octets), &again) == 0);
                assert(again.id == -5 && again.error == 3 && again.index == 7 && again.value_count == 5);
                assert(again.values[1].integer == 4294967295 && again.values[2].integer == -129);
                snmp_answer_add(&again, &second);
                assert(text_equal(buffer_text(&octets), buffer_text(&second)));
        }
}

int main(void)
{
        test_names();
        test_questions();
        test_answers();
        test_many_values();
        test_version_1();
        test_set_and_get();
        test_round_trip();
        return 0;
}
