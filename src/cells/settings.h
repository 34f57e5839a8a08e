// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What cells are made of, and what a document may cost them: the section [render] of whoever runs them. */

#include <stdint.h>

#include "base/config.h"
#include "conversion/order.h"

#define CELLS_PATH      512
#define CELLS_CELLS_MAX 64

struct cells_settings {
        const char *program;          /* absolute */
        unsigned int cells;           /* conversions at once; 0: none */
        int64_t wall_ms;              /* of one conversion */
        int64_t look_ms;              /* of one inspection or preview */
        struct order_limits limits;   /* those of time are to be filled in */
        char own_program[CELLS_PATH]; /* what program may point to */
};

/* Texts are borrowed from config and from *ret itself, which stays where it is. input_max: octets of a
 * document. */
void cells_settings_read(struct config *config, uint64_t input_max, struct cells_settings *ret);
