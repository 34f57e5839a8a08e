// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-columns.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/order.h"

#define LIST_OCTETS    4096
#define FINISHING_NONE 3

/* Where the words of a list stand; finishings are numbers, and have none. */
static const struct list {
        size_t rows, size, max;
        size_t count;
} lists[] = {
#define LIST(rows, size, max, count)                                                       \
        {                                                                                  \
                offsetof(struct printer, rows), size, max, offsetof(struct printer, count) \
        }
        [PRINTER_LIST_ADDRESSES] = LIST(addresses, PRINTER_ADDRESS, PRINTER_ADDRESSES, address_count),
        [PRINTER_LIST_FORMATS] = LIST(formats, CORE_FORMAT, PRINTER_FORMATS, format_count),
        [PRINTER_LIST_MEDIA] = LIST(media, CORE_NAME, PRINTER_MEDIA, media_count),
        [PRINTER_LIST_BINS] = LIST(output_bins, CORE_NAME, PRINTER_BINS, output_bin_count),
        [PRINTER_LIST_TYPES] = LIST(media_types, CORE_NAME, PRINTER_TYPES, media_type_count),
        [PRINTER_LIST_SOURCES] = LIST(media_sources, CORE_NAME, PRINTER_SOURCES, media_source_count),
#undef LIST
};

static const char *word_at(const struct printer *p, const struct list *list, size_t i)
{
        return (const char *)p + list->rows + i * list->size;
}

static size_t count_of(const struct printer *p, const struct list *list)
{
        size_t count;

        memcpy(&count, (const char *)p + list->count, sizeof(count));
        return count;
}

static void add_word(struct printer *p, const struct list *list, struct text word)
{
        size_t count = count_of(p, list);

        if (count < list->max && text_copy(word, (char *)p + list->rows + count * list->size, list->size)) {
                count++;
                memcpy((char *)p + list->count, &count, sizeof(count));
        }
}

static bool has_word(const struct printer *p, const struct list *list, struct text word)
{
        for (size_t i = 0; i < count_of(p, list); i++)
                if (text_equal_string(word, word_at(p, list, i)))
                        return true;
        return false;
}

static bool has_finishing(const struct printer *p, uint32_t finishing)
{
        for (size_t i = 0; i < p->finishing_count; i++)
                if (p->finishings[i] == finishing)
                        return true;
        return false;
}

static void add_finishing(struct printer *p, uint32_t finishing)
{
        if (p->finishing_count < PRINTER_FINISHINGS)
                p->finishings[p->finishing_count++] = finishing;
}

/* RFC 8011, section 5.1.4, and the capital letters that some makers use in theirs. */
static bool is_keyword(const char *word)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

        return word[0] && strspn(word, letters) == strlen(word);
}

static bool has_keywords(const struct printer *p, enum printer_list list)
{
        for (size_t i = 0; i < count_of(p, &lists[list]); i++)
                if (!is_keyword(word_at(p, &lists[list], i)))
                        return false;
        return true;
}

bool printer_abilities_are_valid(const struct printer *p)
{
        struct order order;

        order_init(&order);
        for (size_t i = 0; i < p->finishing_count; i++)
                if (p->finishings[i] < FINISHING_NONE || p->finishings[i] > UINT16_MAX)
                        return false;
        return has_keywords(p, PRINTER_LIST_BINS) && has_keywords(p, PRINTER_LIST_TYPES) &&
               has_keywords(p, PRINTER_LIST_SOURCES) &&
               (!p->sheet_back[0] || order_set(&order, "--sheet-back", p->sheet_back) == 0);
}

static bool words_format(const struct printer *p, const struct list *list, struct buffer *to)
{
        for (size_t i = 0; i < count_of(p, list); i++) {
                struct text value = text_from(word_at(p, list, i));

                if (value.len == 0 || !text_is_printable(value) || memchr(value.at, ' ', value.len))
                        return false;
                if (i)
                        buffer_add_octet(to, ' ');
                buffer_add_text(to, value);
        }
        return !to->failure;
}

static bool finishings_format(const struct printer *p, struct buffer *to)
{
        for (size_t i = 0; i < p->finishing_count; i++) {
                char number[16];

                snprintf(number, sizeof(number), "%s%" PRIu32, i ? " " : "", p->finishings[i]);
                buffer_add_text(to, text_from(number));
        }
        return !to->failure;
}

bool printer_columns_format(const struct printer *p, struct printer_columns *ret)
{
        for (size_t i = 0; i < PRINTER_LIST_COUNT; i++)
                buffer_init(&ret->at[i], LIST_OCTETS);
        for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
                if (!words_format(p, &lists[i], &ret->at[i]))
                        return false;
        return finishings_format(p, &ret->at[PRINTER_LIST_FINISHINGS]);
}

void printer_columns_done(struct printer_columns *columns)
{
        for (size_t i = 0; i < PRINTER_LIST_COUNT; i++)
                buffer_done(&columns->at[i]);
}

void printer_column_read(enum printer_list list, struct text column, struct printer *ret)
{
        uint64_t finishing;

        while (column.len > 0) {
                struct text value;

                text_cut(column, ' ', &value, &column);
                if (list != PRINTER_LIST_FINISHINGS)
                        add_word(ret, &lists[list], value);
                else if (text_number(value, UINT16_MAX, &finishing))
                        add_finishing(ret, (uint32_t)finishing);
        }
}

static void unite_words(enum printer_list list, const struct printer *from, struct printer *to)
{
        for (size_t i = 0; i < count_of(from, &lists[list]); i++) {
                struct text word = text_from(word_at(from, &lists[list], i));

                if (!has_word(to, &lists[list], word))
                        add_word(to, &lists[list], word);
        }
}

void printer_columns_unite(const struct printer *from, struct printer *to)
{
        unite_words(PRINTER_LIST_BINS, from, to);
        unite_words(PRINTER_LIST_TYPES, from, to);
        unite_words(PRINTER_LIST_SOURCES, from, to);
        for (size_t i = 0; i < from->finishing_count; i++)
                if (!has_finishing(to, from->finishings[i]))
                        add_finishing(to, from->finishings[i]);
}

bool printer_takes(const struct printer *printer, struct text format)
{
        return has_word(printer, &lists[PRINTER_LIST_FORMATS], format);
}

bool printer_finishes(const struct printer *printer, uint32_t finishing)
{
        return finishing == FINISHING_NONE || has_finishing(printer, finishing);
}

/* "auto" is what every printer can, whether it says so or not, and comes first. */
static const char *said_or_auto(const struct printer *p, enum printer_list list, size_t i)
{
        if (!has_word(p, &lists[list], TEXT_OF("auto")) && i-- == 0)
                return "auto";
        return i < count_of(p, &lists[list]) ? word_at(p, &lists[list], i) : NULL;
}

const char *printer_output_bin(const struct printer *printer, size_t i)
{
        static const char *const usual[] = { "auto", "face-down", "face-up" };

        if (printer->output_bin_count)
                return said_or_auto(printer, PRINTER_LIST_BINS, i);
        return i < ARRAY_LENGTH(usual) ? usual[i] : NULL;
}

const char *printer_media_type(const struct printer *printer, size_t i)
{
        static const char *const usual[] = { "auto",         "stationery", "stationery-letterhead",
                                             "transparency", "labels",     "envelope" };

        if (printer->media_type_count)
                return said_or_auto(printer, PRINTER_LIST_TYPES, i);
        return i < ARRAY_LENGTH(usual) ? usual[i] : NULL;
}

const char *printer_media_source(const struct printer *printer, size_t i)
{
        static const char *const usual[] = { "auto",   "tray-1", "tray-2", "tray-3",
                                             "tray-4", "tray-5", "tray-6" };
        size_t trays = printer->trays ? printer->trays : 1;

        if (printer->media_source_count)
                return said_or_auto(printer, PRINTER_LIST_SOURCES, i);
        return i < ARRAY_LENGTH(usual) && i <= trays ? usual[i] : NULL;
}
