// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/terms.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "conversion/media.h"
#include "ipp/get.h"

#define POINTS_TO_HUNDREDTHS (2540.0 / 72)
#define MEDIA_SLACK          50 /* half a millimetre */

const char *terms_word(int refusal)
{
        return refusal == TERMS_OTHER_FORMAT ? "not-converted-here" : "needs-the-service";
}

static bool has_word(const json_t *list, struct text word)
{
        const json_t *value;
        size_t i;

        json_array_foreach(list, i, value)
        {
                if (text_equal_string(word, json_string_value(value) ? json_string_value(value) : ""))
                        return true;
        }
        return false;
}

static bool has_number(const json_t *list, int64_t number)
{
        const json_t *value;
        size_t i;

        json_array_foreach(list, i, value)
        {
                if (json_is_integer(value) && json_integer_value(value) == number)
                        return true;
        }
        return false;
}

static bool take_copies(const json_t *can, int64_t copies, struct courier_ticket *ticket)
{
        if (copies < 1 || copies > 999 || (copies > 1 && !json_is_true(json_object_get(can, "copies"))))
                return false;
        ticket->copies = (uint32_t)copies;
        return true;
}

/* One wish of a client's, in the ticket or not at all. */
typedef bool take_wish(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket);

static bool take_ipp_copies(const struct ipp_attribute *list, const json_t *can,
                            struct courier_ticket *ticket)
{
        int32_t copies;

        return ipp_get_integer(list, "copies", 1, 999, &copies) == 0 && take_copies(can, copies, ticket);
}

static bool take_word(const struct ipp_attribute *list, const char *name, const json_t *words, char *ret)
{
        struct text word;

        return ipp_get_keyword(list, name, COURIER_KEYWORD - 1, &word) == 0 && has_word(words, word) &&
               text_copy(word, ret, COURIER_KEYWORD);
}

static bool take_sides(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        return take_word(list, "sides", json_object_get(can, "sides"), ticket->sides);
}

static bool take_colour(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        return take_word(list, "print-color-mode", json_object_get(can, "print_color_mode"),
                         ticket->print_color_mode);
}

static bool take_media(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        return take_word(list, "media", json_object_get(can, "media"), ticket->media);
}

static bool take_quality(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        int32_t quality;

        if (ipp_get_integer(list, "print-quality", 3, 5, &quality) ||
            !has_number(json_object_get(can, "print_quality"), quality))
                return false;
        ticket->print_quality = (uint32_t)quality;
        return true;
}

static bool is_size(const char *name, int32_t width, int32_t height)
{
        struct media media;

        return name && media_parse(name, &media) &&
               fabs(media.width * POINTS_TO_HUNDREDTHS - width) <= MEDIA_SLACK &&
               fabs(media.height * POINTS_TO_HUNDREDTHS - height) <= MEDIA_SLACK;
}

static bool take_size(const struct ipp_attribute *members, const json_t *can, struct courier_ticket *ticket)
{
        const struct ipp_attribute *size;
        const json_t *value;
        int32_t width, height;
        size_t i;

        if (!ipp_find(members, "media-size"))
                return !ipp_find(members, "media-size-name") ||
                       take_word(members, "media-size-name", json_object_get(can, "media"), ticket->media);
        if (ipp_get_collection(members, "media-size", &size) ||
            ipp_get_integer(size, "x-dimension", 1, 1000000, &width) ||
            ipp_get_integer(size, "y-dimension", 1, 1000000, &height))
                return false;
        json_array_foreach(json_object_get(can, "media"), i, value)
        {
                if (is_size(json_string_value(value), width, height))
                        return text_copy(text_from(json_string_value(value)), ticket->media, COURIER_KEYWORD);
        }
        return false;
}

/* Margins are the printer's; of source and type only what says nothing is taken here. */
static bool take_media_col(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        const struct ipp_attribute *members;

        if (ipp_get_collection(list, "media-col", &members) || !take_size(members, can, ticket))
                return false;
        for (const struct ipp_attribute *a = members; a; a = a->next)
                if ((text_equal_string(a->name, "media-source") &&
                     !ipp_has_string(members, "media-source", "auto")) ||
                    (text_equal_string(a->name, "media-type") &&
                     !ipp_has_string(members, "media-type", "auto") &&
                     !ipp_has_string(members, "media-type", "stationery")))
                        return false;
        return true;
}

/* What asks for nothing but what is done anyhow. */
static bool take_plain(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        static const struct {
                const char *name;
                const char *word; /* NULL: whatever it says */
                int32_t number;
        } plain[] = {
                { "attributes-charset", NULL, 0 },
                { "attributes-natural-language", NULL, 0 },
                { "compression", "none", 0 },
                { "document-format", NULL, 0 },
                { "document-name", NULL, 0 },
                { "document-natural-language", NULL, 0 },
                { "finishings", "", 3 },
                { "ipp-attribute-fidelity", NULL, 0 },
                { "job-hold-until", "no-hold", 0 },
                { "job-impressions", NULL, 0 },
                { "job-k-octets", NULL, 0 },
                { "job-media-sheets", NULL, 0 },
                { "job-name", NULL, 0 },
                { "job-priority", NULL, 0 },
                { "job-sheets", "none", 0 },
                { "multiple-document-handling", "separate-documents-collated-copies", 0 },
                { "number-up", "", 1 },
                { "orientation-requested", "", 3 },
                { "output-bin", "auto", 0 },
                { "print-content-optimize", "auto", 0 },
                { "printer-resolution", NULL, 0 },
                { "printer-uri", NULL, 0 },
                { "requesting-user-name", NULL, 0 },
                { "requesting-user-uri", NULL, 0 },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(plain); i++)
                if (text_equal_string(list->name, plain[i].name))
                        return !plain[i].word ||
                               (plain[i].number && ipp_value_count(list) == 1 &&
                                ipp_has_integer(list, plain[i].name, plain[i].number)) ||
                               (plain[i].word[0] && ipp_has_string(list, plain[i].name, plain[i].word));
        return false;
}

static bool take_attribute(const struct ipp_attribute *list, const json_t *can, struct courier_ticket *ticket)
{
        static const struct {
                const char *name;
                take_wish *apply;
        } wishes[] = {
                { "copies", take_ipp_copies },       { "sides", take_sides },
                { "print-color-mode", take_colour }, { "media", take_media },
                { "print-quality", take_quality },   { "media-col", take_media_col },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(wishes); i++)
                if (text_equal_string(list->name, wishes[i].name))
                        return wishes[i].apply(list, can, ticket);
        return take_plain(list, can, ticket);
}

static bool take_group(const struct ipp_group *group, const json_t *can, struct courier_ticket *ticket)
{
        for (const struct ipp_attribute *a = group ? group->attributes : NULL; a; a = a->next)
                if (!take_attribute(a, can, ticket))
                        return false;
        return true;
}

static bool take_message(struct text encoded, const json_t *can, struct courier_ticket *ticket)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(freep) char *octets = malloc(encoded.len + 1);
        const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        struct ipp_message message;
        size_t len;

        return arena && octets && base64_parse(encoded, octets, encoded.len, &len) &&
               ipp_message_parse((struct text){ octets, len }, &limits, arena, &message, NULL) == 0 &&
               take_group(ipp_group_find(&message, IPP_TAG_OPERATION), can, ticket) &&
               take_group(ipp_group_find(&message, IPP_TAG_JOB), can, ticket);
}

/* What its sender asked for, over what would become of it without. */
static bool take_wishes(const json_t *metadata, const json_t *can, struct courier_ticket *ticket)
{
        const json_t *ipp = json_object_get(metadata, "ipp"), *sent = json_object_get(metadata, "ticket");
        const json_t *message = json_object_get(ipp, "message");

        if (ipp)
                return json_is_string(message) &&
                       take_message(text_from_octets(json_string_value(message), json_string_length(message)),
                                    can, ticket);
        if (!sent || json_object_size(sent) == 0)
                return true;
        return json_object_size(sent) == 1 && json_is_integer(json_object_get(sent, "copies")) &&
               take_copies(can, json_integer_value(json_object_get(sent, "copies")), ticket);
}

static int take_pair(const json_t *pair, const json_t *metadata, const char *format, struct offer *ret)
{
        const json_t *offer = json_array_get(json_object_get(pair, "deliveries"), 0);
        const json_t *formats = json_object_get(json_object_get(offer, "printer"), "formats");

        if (offer_parse(offer, ret) != 0)
                return TERMS_NEEDS_SERVICE;
        if (!has_word(formats, text_from(format)) ||
            !text_copy(text_from(format), ret->order.format, COURIER_KEYWORD))
                return TERMS_OTHER_FORMAT;
        return take_wishes(metadata, json_object_get(pair, "can"), &ret->order.ticket) ? 0
                                                                                       : TERMS_NEEDS_SERVICE;
}

static bool is_at(const json_t *pair, struct id printer)
{
        const json_t *offer = json_array_get(json_object_get(pair, "deliveries"), 0);
        const char *name = json_string_value(json_object_get(json_object_get(offer, "printer"), "id"));
        struct id id;

        return name && id_parse(text_from(name), &id) && id_equal(id, printer);
}

static int find(const json_t *terms, const json_t *metadata, struct id person, struct id printer,
                const char *format, struct offer *ret)
{
        const char *queue = json_string_value(json_object_get(metadata, "queue")), *name;
        char string[ID_STRING];
        const json_t *pair;
        size_t i;

        id_format(person, string);
        if (!queue || has_word(json_object_get(terms, "people"), text_from(string)))
                return TERMS_NEEDS_SERVICE;
        json_array_foreach(json_object_get(terms, "pairs"), i, pair)
        {
                name = json_string_value(json_object_get(pair, "queue"));
                if (name && strcmp(name, queue) == 0 && is_at(pair, printer))
                        return take_pair(pair, metadata, format, ret);
        }
        return TERMS_NEEDS_SERVICE;
}

int terms_offer(struct text terms, struct text metadata, struct id person, struct id printer,
                const char *format, struct offer *ret)
{
        json_t *told = json_loadb(terms.at, terms.len, JSON_REJECT_DUPLICATES, NULL);
        json_t *asked = json_loadb(metadata.at, metadata.len, JSON_REJECT_DUPLICATES, NULL);
        int r = told && asked ? find(told, asked, person, printer, format, ret) : TERMS_NEEDS_SERVICE;

        json_decref(told);
        json_decref(asked);
        return r;
}
