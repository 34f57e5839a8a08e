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

static const char *const collate_words[] = {
        [ORDER_COLLATED] = "yes",
        [ORDER_UNCOLLATED] = "no",
};

static const char *const direction_words[] = {
        [ORDER_TORIGHT_TOBOTTOM] = "toright-tobottom", [ORDER_TOBOTTOM_TORIGHT] = "tobottom-toright",
        [ORDER_TOLEFT_TOBOTTOM] = "toleft-tobottom",   [ORDER_TOBOTTOM_TOLEFT] = "tobottom-toleft",
        [ORDER_TORIGHT_TOTOP] = "toright-totop",       [ORDER_TOTOP_TORIGHT] = "totop-toright",
        [ORDER_TOLEFT_TOTOP] = "toleft-totop",         [ORDER_TOTOP_TOLEFT] = "totop-toleft",
};

static const char *const orientation_words[] = {
        [ORDER_PORTRAIT] = "portrait",
        [ORDER_LANDSCAPE] = "landscape",
        [ORDER_REVERSE_LANDSCAPE] = "reverse-landscape",
        [ORDER_REVERSE_PORTRAIT] = "reverse-portrait",
};

static const char *const scaling_words[] = {
        [ORDER_SCALE_AUTO] = "auto", [ORDER_SCALE_AUTO_FIT] = "auto-fit", [ORDER_SCALE_FILL] = "fill",
        [ORDER_SCALE_FIT] = "fit",   [ORDER_SCALE_NONE] = "none",
};

static const char *const back_words[] = {
        [ORDER_BACK_NORMAL] = "normal",
        [ORDER_BACK_FLIPPED] = "flipped",
        [ORDER_BACK_MANUAL_TUMBLE] = "manual-tumble",
        [ORDER_BACK_ROTATED] = "rotated",
};

void order_init(struct order *ret)
{
        *ret = (struct order){
                .width = 240,
                .resolution = 300,
                .copies = 1,
                .number_up = 1,
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
               "  --media NAME       PWG name: iso_a4_210x297mm; as large as the pages are\n"
               "  --sides WORD       one-sided two-sided-long-edge two-sided-short-edge\n"
               "  --pages RANGES     1-3,5\n"
               "  --copies N         1\n"
               "  --collate no       yes\n"
               "  --number-up N      1 2 4 6 9 16 pages on a side\n"
               "  --direction WORD   of their order: toright-tobottom tobottom-toright toleft-tobottom\n"
               "                     tobottom-toleft toright-totop totop-toright toleft-totop totop-toleft\n"
               "  --orientation WORD portrait landscape reverse-landscape reverse-portrait; as each page is\n"
               "  --scaling WORD     auto auto-fit fill fit none\n"
               "  --booklet yes      no; two pages on a side in the order of a folded quire\n"
               "  --reverse yes      no; the last sheet first\n"
               "  --sheet-back WORD  how the back of a sheet is turned: normal flipped manual-tumble rotated\n"
               "  --secret yes       the document's password comes before it: its length in two octets, itself\n"
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

static bool order_media_parse(const char *word, struct order *order)
{
        return media_parse(word, &order->media);
}

static void media_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->media.name);
}

static bool pages_parse(const char *word, struct order *order)
{
        return pages_are_valid(word) && text_copy(text_from(word), order->pages, sizeof(order->pages));
}

static void pages_format(const struct order *order, char *ret, size_t size)
{
        snprintf(ret, size, "%s", order->pages);
}

static bool number_up_parse(const char *word, struct order *order)
{
        static const uint32_t numbers[] = { 1, 2, 4, 6, 9, 16 };
        uint32_t number;

        if (!narrow_parse(word, (struct range){ 1, 16 }, &number))
                return false;
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                if (numbers[i] == number)
                        order->number_up = number;
        return order->number_up == number;
}

static void number_up_format(const struct order *order, char *ret, size_t size)
{
        ret[0] = 0;
        if (order->number_up > 1)
                snprintf(ret, size, "%u", order->number_up);
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
        { "--copies", NARROW(copies), { 1, 999 } },
        { "--input-octets", WIDE(limits.input_octets), { 1, ORDER_INPUT_MAX } },
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
        { "--from", from_parse, from_format },          { "--to", to_parse, to_format },
        { "--media", order_media_parse, media_format }, { "--pages", pages_parse, pages_format },
        { "--charset", charset_parse, charset_format }, { "--number-up", number_up_parse, number_up_format },
};

/* One of a few words, kept as its number; 0 is the usual one. */
static const struct choice_option {
        const char *name;
        size_t offset; /* of an enum */
        const char *const *words;
        size_t count;
} choice_options[] = {
#define CHOICE(name, field, words)                                              \
        {                                                                       \
                name, offsetof(struct order, field), words, ARRAY_LENGTH(words) \
        }
        CHOICE("--act", act, act_words),
        CHOICE("--sides", sides, sides_words),
        CHOICE("--collate", collate, collate_words),
        CHOICE("--direction", direction, direction_words),
        CHOICE("--orientation", orientation, orientation_words),
        CHOICE("--scaling", scaling, scaling_words),
        CHOICE("--sheet-back", back, back_words),
#undef CHOICE
};

/* Yes or no; no is the usual. */
static const struct flag_option {
        const char *name;
        size_t offset; /* of a bool */
} flag_options[] = {
        { "--grey", offsetof(struct order, grey) },
        { "--booklet", offsetof(struct order, booklet) },
        { "--reverse", offsetof(struct order, reverse) },
        { "--secret", offsetof(struct order, has_secret) },
};

static int choice_apply(const struct choice_option *option, const char *word, struct order *order)
{
        unsigned int value;

        if (!word_parse(word, option->words, option->count, &value))
                return ORDER_BAD_VALUE;
        memcpy((char *)order + option->offset, &value, sizeof(value));
        return 0;
}

static int flag_apply(const struct flag_option *option, const char *word, struct order *order)
{
        bool *flag = (bool *)((char *)order + option->offset);

        *flag = strcmp(word, "yes") == 0;
        return *flag || strcmp(word, "no") == 0 ? 0 : ORDER_BAD_VALUE;
}

static int number_apply(const struct number_option *option, const char *word, struct order *order)
{
        void *field = (char *)order + option->offset;

        if (option->is_wide)
                return wide_parse(word, option->range, field) ? 0 : ORDER_BAD_VALUE;
        return narrow_parse(word, option->range, field) ? 0 : ORDER_BAD_VALUE;
}

int order_set(struct order *order, const char *name, const char *word)
{
        for (size_t i = 0; i < ARRAY_LENGTH(word_options); i++)
                if (strcmp(word_options[i].name, name) == 0)
                        return word_options[i].parse(word, order) ? 0 : ORDER_BAD_VALUE;
        for (size_t i = 0; i < ARRAY_LENGTH(number_options); i++)
                if (strcmp(number_options[i].name, name) == 0)
                        return number_apply(&number_options[i], word, order);
        for (size_t i = 0; i < ARRAY_LENGTH(choice_options); i++)
                if (strcmp(choice_options[i].name, name) == 0)
                        return choice_apply(&choice_options[i], word, order);
        for (size_t i = 0; i < ARRAY_LENGTH(flag_options); i++)
                if (strcmp(flag_options[i].name, name) == 0)
                        return flag_apply(&flag_options[i], word, order);
        return ORDER_UNKNOWN;
}

int order_parse(char *const *words, size_t count, struct order *ret, const char **ret_word)
{
        order_init(ret);
        *ret_word = "";
        for (size_t i = 0; i < count; i += 2) {
                int r = i + 1 < count ? order_set(ret, words[i], words[i + 1]) : ORDER_UNKNOWN;

                *ret_word = words[i];
                if (r)
                        return r;
        }
        if (!ret->from || (!ret->to && ret->act != ORDER_INSPECT))
                return ORDER_INCOMPLETE;
        if (ret->booklet && ret->number_up > 1)
                return ORDER_BAD_VALUE;
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

static void add_choice(const struct order *order, const struct choice_option *option, struct order_words *ret)
{
        unsigned int value;

        memcpy(&value, (const char *)order + option->offset, sizeof(value));
        if (value > 0 && value < option->count)
                add(ret, option->name, option->words[value]);
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
        for (size_t i = 0; i < ARRAY_LENGTH(choice_options); i++)
                add_choice(order, &choice_options[i], ret);
        for (size_t i = 0; i < ARRAY_LENGTH(flag_options); i++)
                if (*(const bool *)((const char *)order + flag_options[i].offset))
                        add(ret, flag_options[i].name, "yes");
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
