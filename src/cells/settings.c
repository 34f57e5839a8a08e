// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cells/settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define GIBI      ((int64_t)1 << 30)

/* Programs of ours that we start lie where we lie. */
static void beside_us(const char *name, char *ret)
{
        ssize_t length = readlink("/proc/self/exe", ret, CELLS_PATH - 64);
        char *slash;

        ret[length > 0 ? length : 0] = '\0';
        slash = strrchr(ret, '/');
        snprintf(slash ? slash + 1 : ret, 64, "%s", name);
}

/* Of each document; times apart. */
static void read_limits(struct config *config, uint64_t input_max, struct order_limits *ret)
{
        struct order usual;

        order_init(&usual);
        *ret = usual.limits;
        ret->input_octets = input_max < ORDER_INPUT_MAX ? input_max : ORDER_INPUT_MAX;
        ret->output_octets = (uint64_t)config_number(config, "render", "output", (int64_t)ret->output_octets,
                                                     1 << 20, 64 * GIBI);
        ret->memory_octets = (uint64_t)config_number(config, "render", "memory", (int64_t)ret->memory_octets,
                                                     64 << 20, 64 * GIBI);
        ret->cpu_s = (uint32_t)(config_duration_ms(config, "render", "cpu", MINUTE_MS, 1000, HOUR_MS) / 1000);
        ret->pages = (uint32_t)config_number(config, "render", "pages", ret->pages, 1, 100000);
        ret->colour_pages =
                (uint32_t)config_number(config, "render", "colour_pages", ret->colour_pages, 0, 100000);
}

void cells_settings_read(struct config *config, uint64_t input_max, struct cells_settings *ret)
{
        beside_us("imprimatur-render", ret->own_program);
        ret->program = config_string(config, "render", "program", ret->own_program);
        ret->cells = (unsigned int)config_number(config, "render", "cells", 2, 0, CELLS_CELLS_MAX);
        ret->wall_ms = config_duration_ms(config, "render", "wall", 2 * MINUTE_MS, 1000, HOUR_MS);
        ret->look_ms = config_duration_ms(config, "render", "look", MINUTE_MS / 2, 1000, HOUR_MS);
        read_limits(config, input_max, &ret->limits);
}
