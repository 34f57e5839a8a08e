// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/order.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "conversion/charset.h"

#define MIB (UINT64_C(1) << 20)

static const char *const sides_words[] = {
        [ORDER_ONE_SIDED] = "one-sided",
        [ORDER_TWO_SIDED_LONG_EDGE] = "two-sided-long-edge",
        [ORDER_TWO_SIDED_SHORT_EDGE] = "two-sided-short-edge",
};

static const char *const act_words[] = {
        [ORDER_CONVERT] = "convert",
        [ORDER_INSPECT] = "inspect",
        [ORDER_PREVIEW] = "preview",
};

void order_init(struct order *ret)
{
        *ret = (struct order){
                .width = 240,
                .resolution = 300,
                .limits = { 256 * MIB, 1024 * MIB, 1024 * MIB, 60, 120, 2000, 200 },
        };
}

const char *order_options(void)
{
        return "  --from TYPE        what the document is, by its media type\n"
               "  --to TYPE          what is to be made of it\n"
               "  --charset NAME     encoding of a text, as it was declared\n"
               "  --act WORD         convert; inspect (tells facts, --to is not needed) or preview (an image of\n"
               "                     one page, --to image/jpeg)\n"
               "  --page N           of a preview, from 1\n"
               "  --width PIXELS     of an image of a page: 240\n"
               "  --resolution DPI   300\n"
               "  --grey yes         no\n"
               "  --media NAME       PWG name: iso_a4_210x297mm; pages are scaled to fit\n"
               "  --sides WORD       one-sided two-sided-long-edge two-sided-short-edge\n"
               "  --pages RANGES     1-3,5\n"
               "  --input-octets N --output-octets N --memory-octets N --cpu-s N --wall-s N --pages-max N\n"
               "                     limits: 256 MiB, 1 GiB, 1 GiB, 60, 120, 2000\n"
               "  --colour-pages-max N\n"
               "                     of an inspection: in longer documents colours are not looked for; 200\n";
}

void order_set_source(struct order *order, struct text media_type)
{
        order->from = format_from_media_type(media_type);
        text_copy(charset_of_media_type(media_type), order->charset, sizeof(order->charset));
}

/* A number and where it may lie. */
struct range {
        uint64_t least, most;
};

static bool wide_parse(const char *word, struct range range, uint64_t *ret)
{
        return text_number(text_from(word), range.most, ret) && *ret >= range.least;
}

static bool narrow_parse(const char *word, struct range range, uint32_t *ret)
{
        uint64_t number;

        if (!wide_parse(word, range, &number))
                return false;
        *ret = (uint32_t)number;
        return true;
}

static bool format_parse(const char *word, enum format *ret)
{
        *ret = format_from_media_type(text_from(word));
        return *ret != FORMAT_UNKNOWN;
}

static bool yes_parse(const char *word, bool *ret)
{
        *ret = strcmp(word, "yes") == 0;
        return *ret || strcmp(word, "no") == 0;
}

static bool word_parse(const char *word, const char *const *words, size_t count, unsigned int *ret)
{
        for (size_t i = 0; i < count; i++) {
                if (!words[i] || strcmp(words[i], word) != 0)
                        continue;
                *ret = (unsigned int)i;
                return true;
        }
        return false;
}

static bool act_parse(const char *word, struct order *order)
{
        unsigned int act;

        if (!word_parse(word, act_words, ARRAY_LENGTH(act_words), &act))
                return false;
        order->act = (enum order_act)act;
        return true;
}

static void act_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->act ? act_words[order->act] : "");
}

/* One row for each option: its name, how its word is read, and how it is written (an empty word: left out).
 */
static bool from_parse(const char *word, struct order *order)
{
        return format_parse(word, &order->from);
}

static void from_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->from ? format_media_type(order->from) : "");
}

static bool to_parse(const char *word, struct order *order)
{
        return format_parse(word, &order->to);
}

static void to_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->to ? format_media_type(order->to) : "");
}

static bool charset_parse(const char *word, struct order *order)
{
        return charset_name_is_valid(text_from(word)) &&
               text_copy(text_from(word), order->charset, sizeof(order->charset));
}

static void charset_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->charset);
}

static bool grey_parse(const char *word, struct order *order)
{
        return yes_parse(word, &order->grey);
}

static void grey_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->grey ? "yes" : "");
}

static bool order_media_parse(const char *word, struct order *order)
{
        return media_parse(word, &order->media);
}

static void media_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->media.name);
}

static bool sides_parse(const char *word, struct order *order)
{
        unsigned int sides;

        if (!word_parse(word, sides_words, ARRAY_LENGTH(sides_words), &sides))
                return false;
        order->sides = (enum order_sides)sides;
        return true;
}

static void sides_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->sides ? sides_words[order->sides] : "");
}

static bool pages_parse(const char *word, struct order *order)
{
        return pages_are_valid(word) && text_copy(text_from(word), order->pages, sizeof(order->pages));
}

static void pages_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->pages);
}

/* Numbers: where they lie in the order. */
#define WIDE(field)   offsetof(struct order, field), true
#define NARROW(field) offsetof(struct order, field), false

static const struct number_option {
        const char *name;
        size_t offset;
        bool is_wide;
        struct range range;
} number_options[] = {
        { "--page", NARROW(page), { 1, 1000000 } },
        { "--width", NARROW(width), { 16, 4096 } },
        { "--resolution", NARROW(resolution), { 72, 1200 } },
        { "--input-octets", WIDE(limits.input_octets), { 1, UINT64_C(1) << 32 } },
        { "--output-octets", WIDE(limits.output_octets), { 1, UINT64_C(1) << 36 } },
        { "--memory-octets", WIDE(limits.memory_octets), { 64 * MIB, UINT64_C(1) << 36 } },
        { "--cpu-s", NARROW(limits.cpu_s), { 1, 3600 } },
        { "--wall-s", NARROW(limits.wall_s), { 1, 7200 } },
        { "--pages-max", NARROW(limits.pages), { 1, 100000 } },
        { "--colour-pages-max", NARROW(limits.colour_pages), { 0, 100000 } },
};

static const struct word_option {
        const char *name;
        bool (*parse)(const char *word, struct order *order);
        void (*format)(const struct order *order, char *ret, size_t size);
} word_options[] = {
        { "--act", act_parse, act_format },       { "--from", from_parse, from_format },
        { "--to", to_parse, to_format },          { "--charset", charset_parse, charset_format },
        { "--grey", grey_parse, grey_format },    { "--media", order_media_parse, media_format },
        { "--sides", sides_parse, sides_format }, { "--pages", pages_parse, pages_format },
};

static int number_apply(const struct number_option *option, const char *word, struct order *order)
{
        void *field = (char *)order + option->offset;

        if (option->is_wide)
                return wide_parse(word, option->range, field) ? 0 : ORDER_BAD_VALUE;
        return narrow_parse(word, option->range, field) ? 0 : ORDER_BAD_VALUE;
}

static int apply(const char *name, const char *word, struct order *order)
{
        for (size_t i = 0; i < ARRAY_LENGTH(word_options); i++)
                if (strcmp(word_options[i].name, name) == 0)
                        return word_options[i].parse(word, order) ? 0 : ORDER_BAD_VALUE;
        for (size_t i = 0; i < ARRAY_LENGTH(number_options); i++)
                if (strcmp(number_options[i].name, name) == 0)
                        return number_apply(&number_options[i], word, order);
        return ORDER_UNKNOWN;
}

int order_parse(char *const *words, size_t count, struct order *ret, const char **ret_word)
{
        order_init(ret);
        *ret_word = "";
        for (size_t i = 0; i < count; i += 2) {
                int r = i + 1 < count ? apply(words[i], words[i + 1], ret) : ORDER_UNKNOWN;

                *ret_word = words[i];
                if (r)
                        return r;
        }
        if (!ret->from || (!ret->to && ret->act != ORDER_INSPECT))
                return ORDER_INCOMPLETE;
        return ret->act == ORDER_PREVIEW && !ret->page ? ORDER_INCOMPLETE : 0;
}

static void add(struct order_words *words, const char *name, const char *word)
{
        char *at = words->texts + words->texts_len;
        size_t room = sizeof(words->texts) - words->texts_len;

        /* All options at their longest fit; test-order.c has such an order. */
        if (!word[0] || words->count + 2 >= ORDER_WORDS_MAX || !text_copy(text_from(word), at, room))
                return;
        words->texts_len += strlen(word) + 1;
        words->at[words->count++] = name;
        words->at[words->count++] = at;
        words->at[words->count] = NULL;
}

static uint64_t number_of(const struct order *order, const struct number_option *option)
{
        const char *field = (const char *)order + option->offset;
        uint32_t narrow;
        uint64_t wide;

        memcpy(&narrow, field, sizeof(narrow));
        if (!option->is_wide)
                return narrow;
        memcpy(&wide, field, sizeof(wide));
        return wide;
}

void order_format(const struct order *order, struct order_words *ret)
{
        struct order usual;
        char word[ORDER_PAGES];

        order_init(&usual);
        *ret = (struct order_words){ .count = 0 };
        for (size_t i = 0; i < ARRAY_LENGTH(word_options); i++) {
                word_options[i].format(order, word, sizeof(word));
                add(ret, word_options[i].name, word);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(number_options); i++) {
                uint64_t number = number_of(order, &number_options[i]);

                snprintf(word, sizeof(word), "%" PRIu64, number);
                if (number != number_of(&usual, &number_options[i]))
                        add(ret, number_options[i].name, word);
        }
}

void order_line_format(const struct order *order, char ret[ORDER_LINE])
{
        struct order without_limits = *order, usual;
        struct order_words words;
        size_t at = 0;

        order_init(&usual);
        without_limits.limits = usual.limits;
        order_format(&without_limits, &words);
        ret[0] = 0;
        for (size_t i = 0; i < words.count; i++) {
                int len = snprintf(ret + at, ORDER_LINE - at, "%s%s", i ? " " : "", words.at[i]);

                assert(len > 0 && (size_t)len < ORDER_LINE - at);
                at += (size_t)len;
        }
}

int order_line_parse(struct text line, struct order *ret)
{
        char *words[ORDER_WORDS_MAX];
        char copy[ORDER_LINE];
        const char *refused;
        size_t count = 0;
        char *rest = copy;

        if (!text_copy(line, copy, sizeof(copy)))
                return ORDER_UNKNOWN;
        while (rest && count < ORDER_WORDS_MAX)
                words[count++] = strsep(&rest, " ");
        return rest ? ORDER_UNKNOWN : order_parse(words, count, ret, &refused);
}
