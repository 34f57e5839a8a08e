// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/order.h"

#define WORDS 10

static const struct {
        const char *name;
        const char *words[WORDS];
        int outcome;
        const char *word; /* that is refused */
} rows[] = {
        { "least", { "--from", "application/pdf", "--to", "image/pwg-raster" }, 0, NULL },
        { "any case", { "--from", "Application/PDF", "--to", "application/vnd.hp-pclxl" }, 0, NULL },
        { "no target", { "--from", "application/pdf" }, ORDER_INCOMPLETE, NULL },
        { "nothing", { NULL }, ORDER_INCOMPLETE, NULL },
        { "unknown type", { "--from", "application/pdf", "--to", "image/x" }, ORDER_BAD_VALUE, "--to" },
        { "a word more",
          { "--from", "application/pdf", "--to", "application/pdf", "x" },
          ORDER_UNKNOWN,
          "x" },
        { "resolution of a fool", { "--resolution", "100000" }, ORDER_BAD_VALUE, "--resolution" },
        { "option of Ghostscript's", { "-dNOSAFER", "" }, ORDER_UNKNOWN, "-dNOSAFER" },
        { "inspect", { "--act", "inspect", "--from", "application/pdf" }, 0, NULL },
        { "preview of no page",
          { "--act", "preview", "--from", "application/pdf", "--to", "image/jpeg" },
          ORDER_INCOMPLETE,
          NULL },
        { "preview",
          { "--act", "preview", "--from", "application/pdf", "--to", "image/jpeg", "--page", "2" },
          0,
          NULL },
        { "all sides", { "--sides", "all" }, ORDER_BAD_VALUE, "--sides" },
        { "no sides", { "--sides", "" }, ORDER_BAD_VALUE, "--sides" },
        { "three up", { "--number-up", "3" }, ORDER_BAD_VALUE, "--number-up" },
        { "four up",
          { "--from", "application/pdf", "--to", "application/pdf", "--number-up", "4" },
          0,
          NULL },
        { "booklet of many",
          { "--from", "application/pdf", "--to", "application/pdf", "--number-up", "4", "--booklet", "yes" },
          ORDER_BAD_VALUE,
          NULL },
        { "no copies", { "--copies", "0" }, ORDER_BAD_VALUE, "--copies" },
        { "grey as the sky", { "--grey", "sky" }, ORDER_BAD_VALUE, "--grey" },
};

static void words_mean_what_they_say(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct order order;
                const char *word;
                size_t count = 0;

                printf("%s\n", rows[i].name);
                while (count < WORDS && rows[i].words[count])
                        count++;
                assert(order_parse((char *const *)rows[i].words, count, &order, &word) == rows[i].outcome);
                assert(!rows[i].word || strcmp(word, rows[i].word) == 0);
        }
}

static void what_is_written_is_read(void)
{
        struct order order, again;
        struct order_words words;
        char line[ORDER_LINE];
        const char *word;

        order_init(&order);
        order.from = FORMAT_XLSX;
        order.to = FORMAT_PPTX; /* the longest names */
        order.act = ORDER_PREVIEW;
        order.page = 1000000;
        order.width = 4096;
        order.resolution = 1200;
        order.grey = true;
        order.has_secret = true;
        order.sides = ORDER_TWO_SIDED_SHORT_EDGE;
        assert(media_parse("custom_abcdefghijklmnopqrstuvwxyzabcdefghijklm_215.9x279.4mm", &order.media));
        memcpy(order.pages, "1-3,5,7-", 9);
        memcpy(order.charset, "ISO-8859-15", 12);
        order.copies = 999;
        order.collate = ORDER_UNCOLLATED;
        order.number_up = 16;
        order.direction = ORDER_TOBOTTOM_TORIGHT;
        order.orientation = ORDER_REVERSE_LANDSCAPE;
        order.scaling = ORDER_SCALE_AUTO_FIT;
        order.reverse = true;
        order.back = ORDER_BACK_MANUAL_TUMBLE;
        order.limits =
                (struct order_limits){ 1, UINT64_C(1) << 36, UINT64_C(1) << 36, 3600, 7200, 100000, 100000 };
        order_format(&order, &words);
        assert(words.count == 2 * 27 && !words.at[words.count]);
        assert(order_parse((char *const *)words.at, words.count, &again, &word) == 0);
        assert(memcmp(&again.limits, &order.limits, sizeof(order.limits)) == 0);
        assert(again.from == order.from && again.to == order.to && again.grey && again.resolution == 1200);
        assert(again.sides == order.sides && strcmp(again.media.name, order.media.name) == 0);
        assert(strcmp(again.pages, order.pages) == 0);
        assert(again.copies == 999 && again.collate == ORDER_UNCOLLATED && again.number_up == 16);
        assert(again.direction == order.direction && again.orientation == order.orientation);
        assert(again.scaling == order.scaling && again.reverse && again.back == order.back && !again.booklet);
        assert(again.has_secret);
        assert(strcmp(again.charset, order.charset) == 0);
        order_line_format(&order, line);
        assert(order_line_parse(text_from(line), &again) == 0);
        assert(again.from == order.from && again.page == order.page && again.limits.pages == 2000);
}

static void a_line_is_read_as_strictly(void)
{
        struct order order;

        assert(order_line_parse(TEXT_OF("--from application/pdf --to image/urf"), &order) == 0);
        assert(order_line_parse(TEXT_OF("--from application/pdf --to  image/urf"), &order) != 0);
        assert(order_line_parse(TEXT_OF("--from application/pdf --to"), &order) != 0);
        assert(order_line_parse(TEXT_OF(""), &order) != 0);
}

static void the_usual_is_not_said(void)
{
        struct order_words words;
        struct order order;

        order_init(&order);
        order_format(&order, &words);
        assert(words.count == 0);
}

int main(void)
{
        words_mean_what_they_say();
        what_is_written_is_read();
        a_line_is_read_as_strictly();
        the_usual_is_not_said();
        return 0;
}
