// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The readers this agent listens to, as the administrator bound them: which appliance stands at which
 * printer. An appliance is known by its model (that is, by the port it dials) and, where the administrator
 * named one, by its address; a reader without an address stands for any appliance of its model.
 *
 * Safe from every thread.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "badge/reader.h"
#include "base/id.h"
#include "base/text.h"

#define READERS_MAX    256
#define READER_ADDRESS 64

struct readers;

struct reader_binding {
        struct id id;
        struct id printer; /* zero: not said */
        enum reader_model model;
        char address[READER_ADDRESS]; /* empty: any */
        enum reader_feedback feedback;
};

enum readers_refusal {
        READERS_MALFORMED = 1, /* the configuration is not understood, and the old one stays */
        READERS_UNKNOWN,       /* no reader is bound to this appliance */
        READERS_NOT_YET,       /* no configuration has come in time */
};

int readers_new(struct readers **ret);

/* The configuration's member "readers" takes the place of what was known. */
int readers_load(struct readers *readers, const json_t *member);

/* Waits for the first configuration, at most wait_ms. */
int readers_find(struct readers *readers, enum reader_model model, const char *address, int64_t wait_ms,
                 struct reader_binding *ret);

/*
 * Whether this appliance has sent this card within the last repeat_ms: readers repeat a card that rests on
 * them. Remembers it.
 */
bool readers_is_repeated(struct readers *readers, enum reader_model model, const char *address,
                         const char *number, int64_t repeat_ms);
