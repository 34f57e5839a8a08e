// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "badge/card.h"
#include "badge/profile.h"
#include "badge/reader.h"
#include "base/scope.h"

#define DIGITS_64 "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"

static const struct {
        const char *name;
        struct text frame;
        const char *profile;
        int outcome;
        const char *number;
} rows[] = {
        { "typed", TEXT("04A1B2C3D4"), "", 0, "04A1B2C3D4" },
        { "lower case", TEXT("04a1b2c3d4"), "", 0, "04A1B2C3D4" },
        { "odd number of digits", TEXT("ed5d34c74e59d16bd"), "", 0, "0ED5D34C74E59D16BD" },
        { "lead and trail", TEXT(";04A1B2C3D4?"), "", 0, "04A1B2C3D4" },
        { "other lead and trail", TEXT("*04A1B2C3D4/"), "", 0, "04A1B2C3D4" },
        { "percent", TEXT("%04A1B2C3D4"), "", 0, "04A1B2C3D4" },
        { "check number", TEXT("04A1B2C3D4=17"), "", 0, "04A1B2C3D4" },
        { "lead, check number, trail", TEXT(";04A1B2C3D4=17?"), "", 0, "04A1B2C3D4" },
        { "two leads", TEXT(";;04A1B2C3D4"), "", CARD_MALFORMED, "" },
        { "check number is none", TEXT("04A1B2C3D4=x"), "", CARD_MALFORMED, "" },
        { "spaces around", TEXT(" 04A1B2C3D4 "), "", 0, "04A1B2C3D4" },
        { "space inside", TEXT("04A1 B2C3D4"), "", CARD_MALFORMED, "" },
        { "answer", TEXT("{0x00BB,1,0x0000,80;0x000000801CD1931B2F14}"), "", 0, "000000801CD1931B2F14" },
        { "answer is never decimal", TEXT("{0x00BB,1,0x0000,32;0x12345678}"), "decimal", 0, "12345678" },
        { "no card", TEXT("{0x0000,0,0x00,0;0x00}"), "", CARD_IS_ABSENT, "" },
        { "no card either", TEXT("{0xFFFF,0,0x00,0;0x00}"), "", CARD_IS_ABSENT, "" },
        { "answer cut short", TEXT("{0x00BB,1,0x0000,80;0x0000"), "", CARD_MALFORMED, "" },
        { "answer without an id", TEXT("{0x00BB,1,0x0000,80;0x}"), "", CARD_MALFORMED, "" },
        { "answer with too few fields", TEXT("{0x00BB,1,80;0x001122334455}"), "", CARD_MALFORMED, "" },
        { "one brace", TEXT("{"), "least=2", CARD_IS_TALK, "" },
        { "two braces", TEXT("{}"), "least=2", CARD_IS_TALK, "" },
        { "ok", TEXT("{OK}"), "", CARD_IS_TALK, "" },
        { "echo of a command", TEXT("rfid:qid.id"), "", CARD_IS_TALK, "" },
        { "echo in capitals", TEXT("RFID:QID.ID"), "", CARD_IS_TALK, "" },
        { "prompt", TEXT("RF IDeas>"), "", CARD_IS_TALK, "" },
        { "decimal", TEXT("0123456789"), "decimal", 0, "075BCD15" },
        { "decimal, padded", TEXT("0123456789"), "decimal width=5", 0, "00075BCD15" },
        { "decimal zero", TEXT("000000"), "decimal", 0, "00" },
        { "letters in decimal", TEXT("12345a"), "decimal", CARD_MALFORMED, "" },
        { "last octet first", TEXT("D4C3B2A104"), "reversed", 0, "04A1B2C3D4" },
        { "card number out of 26 bits", TEXT("2025A09"), "drop=1 keep=16", 0, "2D04" },
        { "too short", TEXT("04A1B"), "", CARD_MALFORMED, "" },
        { "short is asked for", TEXT("4A"), "least=2", 0, "4A" },
        { "longest", TEXT(DIGITS_64), "", 0,
          "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF" },
        { "too long", TEXT(DIGITS_64 "0"), "", CARD_MALFORMED, "" },
        { "words", TEXT("hello world"), "", CARD_MALFORMED, "" },
        { "nothing", TEXT(""), "least=2", CARD_IS_TALK, "" },
        { "keyboard codes", TEXT("\\04A1[B2C3D4"), "", 0, "04A1B2C3D4" },
        { "only keyboard codes", TEXT("\\[\\["), "", CARD_MALFORMED, "" },
        { "a prompt before the answer", TEXT("RF Ideas>{0x00BB,1,0x0000,32;0x12345678}"), "", 0, "12345678" },
        { "two prompts and a number", TEXT("RF Ideas> rf ideas>04A1B2C3D4"), "", 0, "04A1B2C3D4" },
        { "zeros beyond the bits", TEXT("{0x00BB,1,0x0000,32;0x00000000000012345678}"), "", 0, "12345678" },
        { "26 bits", TEXT("{0x0002,1,0x0000,26;0x0000000002025A09}"), "", 0, "02025A09" },
        { "more than the bits say", TEXT("{0x0002,1,0x0000,8;0x12345678}"), "", 0, "12345678" },
        { "another answer", TEXT("{ERROR 17}"), "", CARD_IS_TALK, "" },
        { "hexadecimal braces", TEXT("{0x00}"), "", CARD_MALFORMED, "" },
        { "auto, letters", TEXT("0123456A"), "auto", 0, "0123456A" },
        { "auto, four octets", TEXT("01234567"), "auto", 0, "01234567" },
        { "auto, seven octets", TEXT("01234567890123"), "auto", 0, "01234567890123" },
        { "auto, ten digits", TEXT("0123456789"), "auto", 0, "075BCD15" },
        { "facility cut by a mask", TEXT("02025A09"), "drop=1 mask=00ffff", 0, "002D04" },
        { "mask longer than the number", TEXT("123456"), "mask=ff00ff00ff", 0, "120056" },
        { "decimal, last octet first", TEXT("0123456789"), "decimal reversed width=5", 0, "0015CD5B07" },
        { "a part", TEXT("%B12345678^NAME"), "decimal match=B(\\d+)", 0, "BC614E" },
        { "a part with a name", TEXT("99;00A1B2C3"), "match=^(\\d+);(?<id>[0-9A-F]+)$", 0, "00A1B2C3" },
        { "a part that is not there", TEXT("04A1B2C3D4"), "match=^;(.*)$", CARD_MALFORMED, "" },
        { "a part is not stripped", TEXT(";04A1B2C3=17?"), "match=.*", CARD_MALFORMED, "" },
        { "no part of an answer", TEXT("{0x00BB,1,0x0000,32;0x12345678}"), "match=^x(.*)$", 0, "12345678" },
};

static void test_readers(void)
{
        enum reader_model model;
        enum reader_feedback feedback;

        for (int i = 0; i < READER_MODELS; i++) {
                assert(reader_model_parse(text_from(reader_model_name((enum reader_model)i)), &model));
                assert((int)model == i && reader_model_port(model) > 0);
        }
        assert(!reader_model_parse(TEXT_OF("tcpconv3"), &model));
        assert(reader_model_feedback(READER_ETHERNET241, true) == READER_POLLED);
        assert(reader_model_feedback(READER_ETHERNET241, false) == READER_COMMANDS);
        for (int i = READER_SILENT; i <= READER_POLLED; i++) {
                assert(reader_feedback_parse(text_from(reader_feedback_name((enum reader_feedback)i)),
                                             &feedback));
                assert((int)feedback == i);
        }
        assert(!reader_feedback_parse(TEXT_OF(""), &feedback));
}

/* Octet for octet what each dialect says. */
static void test_signs(void)
{
        static const struct {
                enum reader_feedback feedback;
                const char *signs[READER_SIGNS];
        } said[] = {
                { READER_SILENT, { "", "", "", "" } },
                { READER_LETTERS, { "b\r", "e\r", "e\r", "b\rb\r" } },
                { READER_COMMANDS,
                  { "rfid:out.led=2\rrfid:beep.now=1\r", "rfid:out.led=1\rrfid:beep.now=2\r",
                    "rfid:out.led=1\rrfid:beep.now=3\r", "rfid:out.led=3\rrfid:beep.now=2\r" } },
                { READER_POLLED,
                  { "rfid:out.led=2\rrfid:beep.now=1\r", "rfid:out.led=1\rrfid:beep.now=2\r",
                    "rfid:out.led=1\rrfid:beep.now=3\r", "rfid:out.led=3\rrfid:beep.now=2\r" } },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(said); i++)
                for (int sign = 0; sign < READER_SIGNS; sign++)
                        assert(text_equal_string(reader_sign_format(said[i].feedback, (enum reader_sign)sign),
                                                 said[i].signs[sign]));
        assert(text_equal_string(reader_greeting_format(READER_LETTERS, true),
                                 "\rrfid:cmd.prompt=false\rv\r"));
        assert(reader_greeting_format(READER_LETTERS, false).len == 0);
        assert(text_equal_string(reader_greeting_format(READER_POLLED, false),
                                 "rfid:cmd.echo=false\rrfid:cmd.prompt=false\r"));
        assert(text_equal_string(reader_poll_format(READER_POLLED), "rfid:qid.id.hold\r"));
        assert(text_equal_string(reader_dark_format(READER_COMMANDS), "rfid:out.led=0\r"));
        assert(reader_greeting_asks(READER_LETTERS, true) && !reader_greeting_asks(READER_LETTERS, false));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct card_profile profile;
                struct card card;

                printf("%s\n", rows[i].name);
                assert(profile_parse(text_from(rows[i].profile), &profile) == 0);
                assert(card_parse(rows[i].frame, &profile, &card) == rows[i].outcome);
                assert(rows[i].outcome || strcmp(card.number, rows[i].number) == 0);
        }
        test_readers();
        test_signs();
        return 0;
}
