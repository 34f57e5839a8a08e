// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "lpd/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted names no file but dfA001host, and nobody with a character of ours in his name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct lpd_control control;
        struct lpd_receive receive;

        if (lpd_receive_parse(text_from_octets(data, size), &receive) == 0 && receive.verb != LPD_ABORT)
                assert(!memchr(receive.name.at, '/', receive.name.len) && receive.number <= 999);
        if (lpd_control_parse(text_from_octets(data, size), &control) != 0)
                return 0;
        assert(control.user.len > 0 && control.user.len <= LPD_USER_READ_MAX);
        assert(!memchr(control.user.at, '\n', control.user.len) &&
               !memchr(control.user.at, 0, control.user.len));
        assert(control.file_count > 0 && control.file_count <= LPD_FILES_MAX);
        for (size_t i = 0; i < control.file_count; i++) {
                const struct lpd_file_order *file = &control.files[i];

                assert(file->copies > 0 && file->copies <= LPD_READ_COPIES_MAX);
                assert(!memchr(file->name.at, '/', file->name.len));
                assert(lpd_control_find(&control, file->name) == file);
        }
        return 0;
}
