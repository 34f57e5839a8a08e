// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The readers of this agent, as the administrator bound them: which appliance stands at which printer, how it
 * is spoken to and how it writes numbers; and which models are listened for. An appliance that dials us is
 * known by its model (that is, by the port it dials) and, where the administrator named one, by its address;
 * a reader without an address stands for any appliance of its model. One that we dial is known by its id.
 *
 * Safe from every thread.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "badge/profile.h"
#include "badge/reader.h"
#include "base/id.h"

#define READERS_MAX    256
#define READER_ADDRESS 64

struct readers;

struct reader_binding {
        struct id id;
        struct id printer; /* zero: not said */
        enum reader_model model;
        char address[READER_ADDRESS]; /* empty: any */
        uint16_t dial_port;           /* we dial it; 0: it dials us */
        enum reader_feedback feedback;
        struct card_profile profile;
        bool newest_only; /* what it releases */
        bool opens_panel; /* releases nothing, without the service neither */
        bool wants_pin;   /* beside the badge: never without the service */
};

/* An appliance that is connected, or has sent something. */
struct reader_peer {
        enum reader_model model;
        const char *address; /* numeric */
        struct id dialled;   /* the reader that we dialled; zero: it dialled us */
};

struct reader_model_switch {
        bool is_on;
        uint16_t port; /* 0: as the settings say */
};

enum readers_refusal {
        READERS_MALFORMED = 1, /* the configuration is not understood, and the old one stays */
        READERS_UNKNOWN,       /* no reader is bound to this appliance */
        READERS_NOT_YET,       /* no configuration has come in time */
};

int readers_new(struct readers **ret);

/* The configuration's member "readers" takes the place of what was known. A reader that is not understood is
 * left out, which the log says. */
int readers_load(struct readers *readers, const json_t *member);

/* Waits for the first configuration, at most wait_ms. */
int readers_find(struct readers *readers, const struct reader_peer *peer, int64_t wait_ms,
                 struct reader_binding *ret);

/* All but "line" until something else was said. */
void readers_models(struct readers *readers, struct reader_model_switch ret[READER_MODELS]);

/* Those that we dial; at most READERS_MAX. */
size_t readers_dialled(struct readers *readers, struct reader_binding ret[READERS_MAX]);

/*
 * Whether this appliance has sent this card within the last repeat_ms: readers repeat a card that rests on
 * them. Remembers it, in memory alone: after a start a card that rests there is a new swipe, which releases
 * what is held by then and nothing twice.
 */
bool readers_is_repeated(struct readers *readers, const struct reader_peer *peer, const char *number,
                         int64_t repeat_ms);

/* One more frame of this appliance, over whatever connections. False beyond most in a second. */
bool readers_may_send(struct readers *readers, const struct reader_peer *peer, uint32_t most);
