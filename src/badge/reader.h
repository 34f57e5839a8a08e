// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readers: the three network appliances that bring swipes, and how each is told what came of one.
 *
 *      tcpconv      TCPConv, dials TCP 7778
 *      tcpconv2     TCPConv2, dials TCP 7777
 *      ethernet241  Ethernet 241, dials TCP 2001
 *
 * Feedback has two dialects, neither of which every device understands, so that it is a setting of the
 * reader: letters ("b" beeps, "e" shows the error light; the last character of a line counts) and the ASCII
 * Command Protocol ("rfid:beep.now=1", "rfid:out.led=…").
 */

#include <stdint.h>

#include "base/text.h"

enum reader_model {
        READER_TCPCONV,
        READER_TCPCONV2,
        READER_ETHERNET241,
};
#define READER_MODELS 3

enum reader_feedback {
        READER_SILENT,
        READER_LETTERS,
        READER_COMMANDS,
};

/* "tcpconv" and so on; false where it is none of them. */
bool reader_model_parse(struct text name, enum reader_model *ret);
const char *reader_model_name(enum reader_model model);
uint16_t reader_model_port(enum reader_model model);
enum reader_feedback reader_model_feedback(enum reader_model model);

/* "silent", "letters", "commands". */
bool reader_feedback_parse(struct text name, enum reader_feedback *ret);

/* The octets that tell the person at the reader that the swipe was good, or was not; may be empty. */
struct text reader_feedback_format(enum reader_feedback feedback, bool good);
