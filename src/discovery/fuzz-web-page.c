// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/web-page.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a page says, what is taken of it is a serial number and a meter, and within its bounds. The first
 * octet says which page it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct device device;
        const struct web_page *page = size ? web_page_at(data[0] % 5) : NULL;

        if (!page)
                return 0;
        device_init(&device);
        web_page_read(page, text_from_octets(data + 1, size - 1), &device);
        assert(strlen(device.serial) < sizeof(device.serial) && device.meter_count <= 1);
        if (device.meter_count)
                assert(device.meters[0].value >= 0 && device.meters[0].value < 1000000000000);
        for (const char *c = device.serial; *c; c++)
                assert(*c > ' ' && *c < 127);
        return 0;
}
