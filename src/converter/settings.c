// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "converter/settings.h"

int converter_settings_read(struct config *config, struct converter_settings *ret)
{
        int64_t input_max;

        program_settings_read(config, "converter", "/var/lib/imprimatur-converter", &ret->program);
        input_max = config_number(config, "render", "input", (int64_t)1 << 30, 1 << 20, ORDER_INPUT_MAX);
        cells_settings_read(config, (uint64_t)input_max, &ret->cells);
        return config_finish(config);
}
