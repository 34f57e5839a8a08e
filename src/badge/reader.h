// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readers: the network appliances that bring swipes, and how each is spoken to.
 *
 *      tcpconv      TCPConv, TCP 7778
 *      tcpconv2     TCPConv2, TCP 7777
 *      ethernet241  Ethernet 241, TCP 2001
 *      line         whatever sends a number as a line of text, TCP 31990: appliances that were set up for a
 * print client, boxes with a keyboard-mode reader, scripts
 *
 * Either the appliance dials the agent, or it listens and the agent dials it. What is said to it is a
 * dialect, which not every device of a model understands, so that it is a setting of the reader:
 *
 *      silent    nothing
 *      letters   "b" beeps, "e" shows the error light, "v" asks for the version; the last character of a line
 *                counts. A dialled reader is greeted by an empty line and a line for the commands' dialect,
 * which those that do not understand it throw away commands  the ASCII Command Protocol: "rfid:beep.now=1",
 * "rfid:out.led=…"; the reader tells of cards by itself polled    the same, and the reader is asked for cards
 * several times a second
 */

#include <stdint.h>

#include "base/text.h"

enum reader_model {
        READER_TCPCONV,
        READER_TCPCONV2,
        READER_ETHERNET241,
        READER_LINE,
};
#define READER_MODELS 4

enum reader_feedback {
        READER_SILENT,
        READER_LETTERS,
        READER_COMMANDS,
        READER_POLLED,
};

/* What came of a swipe, as far as lights and beeps can tell it. */
enum reader_sign {
        READER_ACCEPTED, /* green, one beep */
        READER_UNKNOWN,  /* red, two beeps: nobody's badge, or no badge at all */
        READER_REFUSED,  /* red, three beeps */
        READER_PIN,      /* orange, two beeps: a PIN is wanted, elsewhere */
};
#define READER_SIGNS 4

/* After which the light is put out again. */
#define READER_LIGHT_MS 3000
/* Between two questions for a card, and until a reader that was asked counts as gone. */
#define READER_POLL_MS    250
#define READER_SILENCE_MS 5000

/* "tcpconv" and so on; false where it is none of them. */
bool reader_model_parse(struct text name, enum reader_model *ret);
const char *reader_model_name(enum reader_model model);
uint16_t reader_model_port(enum reader_model model);
/* Of one that dials us, or that we dial. */
enum reader_feedback reader_model_feedback(enum reader_model model, bool is_dialled);

/* "silent", "letters", "commands", "polled". */
bool reader_feedback_parse(struct text name, enum reader_feedback *ret);
const char *reader_feedback_name(enum reader_feedback feedback);

/* Octets for the reader; each may be empty. */
struct text reader_sign_format(enum reader_feedback feedback, enum reader_sign sign);
struct text reader_dark_format(enum reader_feedback feedback); /* the light goes out */
struct text reader_greeting_format(enum reader_feedback feedback, bool is_dialled);
struct text reader_poll_format(enum reader_feedback feedback);
/* Said now and then to one that we dialled, to find out that it is gone; it throws it away. */
struct text reader_probe_format(enum reader_feedback feedback);
/* Whether the greeting asked for its version, which comes as a line like any other. */
bool reader_greeting_asks(enum reader_feedback feedback, bool is_dialled);
