// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/stays.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "crypt/random.h"

void stays_init(struct stays *stays)
{
        pthread_mutex_init(&stays->lock, NULL);
        random_octets(stays->secret, sizeof(stays->secret));
}

bool stays_set_queues(struct stays *stays, const json_t *names)
{
        size_t count = json_array_size(names);
        SCOPED(freep) char(*copy)[64] = calloc(count ? count : 1, sizeof(*copy));
        void *old;

        if (!copy || !json_is_array(names))
                return false;
        for (size_t i = 0; i < count; i++) {
                const json_t *name = json_array_get(names, i);

                if (!json_is_string(name) ||
                    !text_copy(text_from(json_string_value(name)), copy[i], sizeof(copy[i])))
                        return false;
        }
        pthread_mutex_lock(&stays->lock);
        old = stays->names;
        stays->names = take(copy);
        stays->count = count;
        pthread_mutex_unlock(&stays->lock);
        free(old);
        return true;
}

bool stays_has(struct stays *stays, const char *queue)
{
        bool has = false;

        pthread_mutex_lock(&stays->lock);
        for (size_t i = 0; i < stays->count && !has; i++)
                has = strcmp(stays->names[i], queue) == 0;
        pthread_mutex_unlock(&stays->lock);
        return has;
}

bool stays_describe(struct stays *stays, struct sniffing *sniffing, struct text declared, uint64_t size,
                    const uint8_t contents[HASH_OCTETS], struct stays_document *ret)
{
        const char *format;

        sniffing_finish(sniffing);
        format = sniffing_media_type(sniffing);
        ret->size = size;
        hash_hmac(stays->secret, sizeof(stays->secret), text_from_octets(contents, HASH_OCTETS),
                  ret->contents);
        if (format && format[0])
                return text_copy(text_from(format), ret->format, sizeof(ret->format));
        if (format && text_is_printable(declared) && text_copy(declared, ret->format, sizeof(ret->format)))
                return true;
        (void)text_copy(TEXT_OF(MEDIA_TYPE_UNSAID), ret->format, sizeof(ret->format));
        return false;
}

json_t *stays_document_json(const struct stays_document *document)
{
        char contents[2 * HASH_OCTETS + 1];

        hex_format(document->contents, HASH_OCTETS, contents);
        return json_pack("{s:I, s:s, s:s}", "size", (json_int_t)document->size, "format", document->format,
                         "contents", contents);
}
