// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/reader.h"

#include "base/scope.h"

static const struct {
        const char *name;
        uint16_t port;
        enum reader_feedback feedback;
} models[READER_MODELS] = {
        [READER_TCPCONV] = { "tcpconv", 7778, READER_LETTERS },
        [READER_TCPCONV2] = { "tcpconv2", 7777, READER_LETTERS },
        [READER_ETHERNET241] = { "ethernet241", 2001, READER_COMMANDS },
};

static const struct {
        const char *name;
        struct text good;
        struct text bad;
} feedbacks[] = {
        [READER_SILENT] = { "silent", TEXT(""), TEXT("") },
        [READER_LETTERS] = { "letters", TEXT("b\r"), TEXT("e\r") },
        [READER_COMMANDS] = { "commands", TEXT("rfid:out.led=2\rrfid:beep.now=1\r"),
                              TEXT("rfid:out.led=1\rrfid:beep.now=2\r") },
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

enum reader_feedback reader_model_feedback(enum reader_model model)
{
        return models[model].feedback;
}

bool reader_feedback_parse(struct text name, enum reader_feedback *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(feedbacks); i++)
                if (text_equal_string(name, feedbacks[i].name)) {
                        *ret = (enum reader_feedback)i;
                        return true;
                }
        return false;
}

struct text reader_feedback_format(enum reader_feedback feedback, bool good)
{
        return good ? feedbacks[feedback].good : feedbacks[feedback].bad;
}
