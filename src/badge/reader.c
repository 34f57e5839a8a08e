// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/reader.h"

#include "base/scope.h"

static const struct {
        const char *name;
        uint16_t port;
        enum reader_feedback feedback, dialled;
} models[READER_MODELS] = {
        [READER_TCPCONV] = { "tcpconv", 7778, READER_LETTERS, READER_LETTERS },
        [READER_TCPCONV2] = { "tcpconv2", 7777, READER_LETTERS, READER_LETTERS },
        [READER_ETHERNET241] = { "ethernet241", 2001, READER_COMMANDS, READER_POLLED },
        [READER_LINE] = { "line", 31990, READER_SILENT, READER_SILENT },
};

#define LIGHT(colour) "rfid:out.led=" colour "\r"
#define BEEP(times)   "rfid:beep.now=" times "\r"

#define COMMANDS_SIGNS                                                                                    \
        {                                                                                                 \
                [READER_ACCEPTED] = TEXT(LIGHT("2") BEEP("1")),                                           \
                [READER_UNKNOWN] = TEXT(LIGHT("1") BEEP("2")),                                            \
                [READER_REFUSED] = TEXT(LIGHT("1") BEEP("3")), [READER_PIN] = TEXT(LIGHT("3") BEEP("2")), \
        }
#define COMMANDS_GREETING TEXT("rfid:cmd.echo=false\rrfid:cmd.prompt=false\r")

static const struct {
        const char *name;
        struct text signs[READER_SIGNS];
        struct text dark, greeting, dialled_greeting, poll, probe;
        bool asks;
} dialects[] = {
        [READER_SILENT] = { .name = "silent" },
        [READER_LETTERS] = { .name = "letters",
                             .signs = { [READER_ACCEPTED] = TEXT("b\r"),
                                        [READER_UNKNOWN] = TEXT("e\r"),
                                        [READER_REFUSED] = TEXT("e\r"),
                                        [READER_PIN] = TEXT("b\rb\r") },
                             .dialled_greeting = TEXT("\rrfid:cmd.prompt=false\rv\r"),
                             .probe = TEXT("\r"),
                             .asks = true },
        [READER_COMMANDS] = { .name = "commands",
                              .signs = COMMANDS_SIGNS,
                              .dark = TEXT(LIGHT("0")),
                              .dialled_greeting = COMMANDS_GREETING,
                              .probe = TEXT("\r") },
        [READER_POLLED] = { .name = "polled",
                            .signs = COMMANDS_SIGNS,
                            .dark = TEXT(LIGHT("0")),
                            .greeting = COMMANDS_GREETING,
                            .dialled_greeting = COMMANDS_GREETING,
                            .poll = TEXT("rfid:qid.id.hold\r") },
};

bool reader_model_parse(struct text name, enum reader_model *ret)
{
        for (size_t i = 0; i < READER_MODELS; i++)
                if (text_equal_string(name, models[i].name)) {
                        *ret = (enum reader_model)i;
                        return true;
                }
        return false;
}

const char *reader_model_name(enum reader_model model)
{
        return models[model].name;
}

uint16_t reader_model_port(enum reader_model model)
{
        return models[model].port;
}

enum reader_feedback reader_model_feedback(enum reader_model model, bool is_dialled)
{
        return is_dialled ? models[model].dialled : models[model].feedback;
}

bool reader_feedback_parse(struct text name, enum reader_feedback *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(dialects); i++)
                if (text_equal_string(name, dialects[i].name)) {
                        *ret = (enum reader_feedback)i;
                        return true;
                }
        return false;
}

const char *reader_feedback_name(enum reader_feedback feedback)
{
        return dialects[feedback].name;
}

struct text reader_sign_format(enum reader_feedback feedback, enum reader_sign sign)
{
        return dialects[feedback].signs[sign];
}

struct text reader_dark_format(enum reader_feedback feedback)
{
        return dialects[feedback].dark;
}

struct text reader_greeting_format(enum reader_feedback feedback, bool is_dialled)
{
        return is_dialled ? dialects[feedback].dialled_greeting : dialects[feedback].greeting;
}

struct text reader_poll_format(enum reader_feedback feedback)
{
        return dialects[feedback].poll;
}

struct text reader_probe_format(enum reader_feedback feedback)
{
        return dialects[feedback].probe;
}

bool reader_greeting_asks(enum reader_feedback feedback, bool is_dialled)
{
        return is_dialled && dialects[feedback].asks;
}
