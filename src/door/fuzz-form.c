// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/form.h"

#include <assert.h>
#include <stdlib.h>

#include "base/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Written again, a form that was understood is understood the same. */
static void check_again(const struct form *form)
{
        struct buffer again = BUFFER(1 << 20);
        struct form second;
        char *room;

        for (size_t i = 0; i < form->count; i++) {
                if (i)
                        buffer_add_string(&again, "&");
                percent_format(form->fields[i].name, &again);
                buffer_add_string(&again, "=");
                percent_format(form->fields[i].value, &again);
        }
        room = malloc(again.len + 1);
        assert(room && !again.failure);
        assert(form_parse(buffer_text(&again), room, &second) == 0 && second.count == form->count);
        for (size_t i = 0; i < form->count; i++)
                assert(text_equal(form->fields[i].name, second.fields[i].name) &&
                       text_equal(form->fields[i].value, second.fields[i].value));
        free(room);
        buffer_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char *room = malloc(size ? size : 1);
        struct form form;

        assert(room);
        if (size < 65536 && form_parse(text_from_octets(data, size), room, &form) == 0) {
                for (size_t i = 0; i < form.count; i++) {
                        assert(form.fields[i].name.len && text_is_printable(form.fields[i].name));
                        assert(text_is_printable(form.fields[i].value));
                        for (size_t k = 0; k < i; k++)
                                assert(!text_equal(form.fields[i].name, form.fields[k].name));
                }
                check_again(&form);
        }
        free(room);
        return 0;
}
