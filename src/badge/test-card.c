// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "badge/card.h"
#include "badge/reader.h"
#include "base/scope.h"

static const struct card_profile plain = { 0 };
static const struct card_profile decimal = { .base = CARD_DECIMAL };
static const struct card_profile wide = { .base = CARD_DECIMAL, .width_octets = 5 };
static const struct card_profile reversed = { .reversed = true };
static const struct card_profile wiegand = { .drop_bits = 1, .keep_bits = 16 };
static const struct card_profile shorter = { .least_digits = 2 };

#define DIGITS_64 "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"

static const struct {
        const char *name;
        struct text frame;
        const struct card_profile *profile;
        int outcome;
        const char *number;
} rows[] = {
        { "typed", TEXT("04A1B2C3D4"), &plain, 0, "04A1B2C3D4" },
        { "lower case", TEXT("04a1b2c3d4"), &plain, 0, "04A1B2C3D4" },
        { "odd number of digits", TEXT("ed5d34c74e59d16bd"), &plain, 0, "0ED5D34C74E59D16BD" },
        { "lead and trail", TEXT(";04A1B2C3D4?"), &plain, 0, "04A1B2C3D4" },
        { "other lead and trail", TEXT("*04A1B2C3D4/"), &plain, 0, "04A1B2C3D4" },
        { "percent", TEXT("%04A1B2C3D4"), &plain, 0, "04A1B2C3D4" },
        { "check number", TEXT("04A1B2C3D4=17"), &plain, 0, "04A1B2C3D4" },
        { "lead, check number, trail", TEXT(";04A1B2C3D4=17?"), &plain, 0, "04A1B2C3D4" },
        { "two leads", TEXT(";;04A1B2C3D4"), &plain, CARD_MALFORMED, "" },
        { "check number is none", TEXT("04A1B2C3D4=x"), &plain, CARD_MALFORMED, "" },
        { "spaces around", TEXT(" 04A1B2C3D4 "), &plain, 0, "04A1B2C3D4" },
        { "space inside", TEXT("04A1 B2C3D4"), &plain, CARD_MALFORMED, "" },
        { "answer", TEXT("{0x00BB,1,0x0000,80;0x000000801CD1931B2F14}"), &plain, 0, "000000801CD1931B2F14" },
        { "answer is never decimal", TEXT("{0x00BB,1,0x0000,32;0x12345678}"), &decimal, 0, "12345678" },
        { "no card", TEXT("{0x0000,0,0x00,0;0x00}"), &plain, CARD_IS_ABSENT, "" },
        { "no card either", TEXT("{0xFFFF,0,0x00,0;0x00}"), &plain, CARD_IS_ABSENT, "" },
        { "answer cut short", TEXT("{0x00BB,1,0x0000,80;0x0000"), &plain, CARD_MALFORMED, "" },
        { "answer without an id", TEXT("{0x00BB,1,0x0000,80;0x}"), &plain, CARD_MALFORMED, "" },
        { "answer with too few fields", TEXT("{0x00BB,1,80;0x001122334455}"), &plain, CARD_MALFORMED, "" },
        { "one brace", TEXT("{"), &shorter, CARD_MALFORMED, "" },
        { "two braces", TEXT("{}"), &shorter, CARD_MALFORMED, "" },
        { "ok", TEXT("{OK}"), &plain, CARD_IS_TALK, "" },
        { "echo of a command", TEXT("rfid:qid.id"), &plain, CARD_IS_TALK, "" },
        { "echo in capitals", TEXT("RFID:QID.ID"), &plain, CARD_IS_TALK, "" },
        { "prompt", TEXT("RF IDeas>"), &plain, CARD_IS_TALK, "" },
        { "decimal", TEXT("0123456789"), &decimal, 0, "075BCD15" },
        { "decimal, padded", TEXT("0123456789"), &wide, 0, "00075BCD15" },
        { "decimal zero", TEXT("000000"), &decimal, 0, "00" },
        { "letters in decimal", TEXT("12345a"), &decimal, CARD_MALFORMED, "" },
        { "last octet first", TEXT("D4C3B2A104"), &reversed, 0, "04A1B2C3D4" },
        { "card number out of 26 bits", TEXT("2025A09"), &wiegand, 0, "2D04" },
        { "too short", TEXT("04A1B"), &plain, CARD_MALFORMED, "" },
        { "short is asked for", TEXT("4A"), &shorter, 0, "4A" },
        { "longest", TEXT(DIGITS_64), &plain, 0,
          "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF" },
        { "too long", TEXT(DIGITS_64 "0"), &plain, CARD_MALFORMED, "" },
        { "words", TEXT("hello world"), &plain, CARD_MALFORMED, "" },
        { "nothing", TEXT(""), &shorter, CARD_MALFORMED, "" },
};

static void test_readers(void)
{
        enum reader_model model;
        enum reader_feedback feedback;

        for (int i = 0; i < READER_MODELS; i++) {
                assert(reader_model_parse(text_from(reader_model_name((enum reader_model)i)), &model));
                assert((int)model == i && reader_model_port(model) > 0);
                assert(reader_feedback_format(reader_model_feedback(model), true).len > 0);
        }
        assert(!reader_model_parse(TEXT_OF("tcpconv3"), &model));
        assert(reader_feedback_parse(TEXT_OF("silent"), &feedback));
        assert(reader_feedback_format(feedback, true).len == 0);
        assert(!reader_feedback_parse(TEXT_OF(""), &feedback));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct card card;

                printf("%s\n", rows[i].name);
                assert(card_parse(rows[i].frame, rows[i].profile, &card) == rows[i].outcome);
                assert(rows[i].outcome || strcmp(card.number, rows[i].number) == 0);
        }
        test_readers();
        return 0;
}
