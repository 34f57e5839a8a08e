// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "courier/input-tray.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct input_tray tray;

        if (!input_tray_parse(text_from_octets(data, size), &tray))
                return 0;
        assert(tray.name.len < size);
        assert(input_tray_percent(&tray) >= -1 && input_tray_percent(&tray) <= 100);
        assert(input_tray_side(&tray, tray.feed) >= 0 && input_tray_side(&tray, tray.cross_feed) >= 0);
        assert(tray.level != 0 || !input_tray_is_ready(&tray));
        return 0;
}
