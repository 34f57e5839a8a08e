// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/web-page.h"

#include <string.h>
#include <strings.h>

#include "base/scope.h"

#define MODELS_OF_PAGE 4
#define FIELD_OCTETS   256
#define COLUMNS_MAX    128
#define DIGITS_MAX     12

enum page_form {
        PAGE_CSV,
        PAGE_XML,
        PAGE_HTML,
};

struct web_page {
        const char *models[MODELS_OF_PAGE]; /* one of these begins its make and model, or its description */
        const char *path;
        enum page_form form;
        const char *serial; /* how it is called there; NULL: it is not on this page */
        const char *meter;
};

static const struct web_page pages[] = {
        { { "Brother HL-", "Brother DCP-", "Brother MFC-", "Brother NC-" },
          "/etc/mnt_info.csv",
          PAGE_CSV,
          "Serial No.",
          "Page Counter" },
        { { "HP DeskJet", "HP OfficeJet", "HP ENVY", "HP Smart Tank" },
          "/DevMgmt/ProductConfigDyn.xml",
          PAGE_XML,
          "SerialNumber",
          NULL },
        { { "HP DeskJet", "HP OfficeJet", "HP ENVY", "HP Smart Tank" },
          "/DevMgmt/ProductUsageDyn.xml",
          PAGE_XML,
          NULL,
          "TotalImpressions" },
        { { "EPSON WF-", "EPSON ET-", "EPSON XP-" },
          "/PRESENTATION/ADVANCED/INFO_PRTINFO/TOP",
          PAGE_HTML,
          "Serial Number",
          NULL },
        { { "EPSON WF-", "EPSON ET-", "EPSON XP-" },
          "/PRESENTATION/ADVANCED/INFO_MENTINFO/TOP",
          PAGE_HTML,
          NULL,
          "Total Number of Pages" },
};

const struct web_page *web_page_at(size_t number)
{
        return number < ARRAY_LENGTH(pages) ? &pages[number] : NULL;
}

const char *web_page_path(const struct web_page *page)
{
        return page->path;
}

static bool is_of(const struct web_page *page, const char *model)
{
        for (size_t i = 0; i < MODELS_OF_PAGE && page->models[i]; i++)
                if (strncasecmp(model, page->models[i], strlen(page->models[i])) == 0)
                        return true;
        return false;
}

static bool has_meter(const struct device *device)
{
        for (size_t i = 0; i < device->meter_count; i++)
                if (strcmp(device->meters[i].name, "life") == 0)
                        return true;
        return false;
}

void web_pages_find(const struct device *device, const struct web_page *ret[WEB_PAGES_MAX + 1])
{
        size_t count = 0;

        for (size_t i = 0; i < ARRAY_LENGTH(pages) && count < WEB_PAGES_MAX; i++) {
                bool is_wanted =
                        (pages[i].serial && !device->serial[0]) || (pages[i].meter && !has_meter(device));

                if (is_wanted &&
                    (is_of(&pages[i], device->make_and_model) || is_of(&pages[i], device->description)))
                        ret[count++] = &pages[i];
        }
        ret[count] = NULL;
}

/* ---- what is found ---- */

/* "12345", "12,345", "12 345". */
static bool read_number(struct text words, int64_t *ret)
{
        size_t digits = 0;

        *ret = 0;
        words = text_trim(words);
        for (size_t i = 0; i < words.len; i++) {
                char c = words.at[i];

                if (c >= '0' && c <= '9' && digits < DIGITS_MAX) {
                        *ret = *ret * 10 + (c - '0');
                        digits++;
                } else if ((c != ',' && c != ' ' && c != '.' && c != '\'') || !digits) {
                        return false;
                }
        }
        return digits > 0;
}

/* A value under its name. */
static void take_value(const struct web_page *page, struct text name, struct text value,
                       struct device *device)
{
        int64_t number;

        if (page->serial && text_equal_nocase(name, text_from(page->serial)))
                device_set_serial(device, text_trim(value));
        if (page->meter && text_equal_nocase(name, text_from(page->meter)) && read_number(value, &number) &&
            !has_meter(device))
                (void)device_meter(device, "life", "impressions", number);
}

/* ---- CSV (RFC 4180) ---- */

struct field {
        char at[FIELD_OCTETS];
        size_t len;
};

static void field_add(struct field *field, char c)
{
        if (field->len < sizeof(field->at))
                field->at[field->len++] = c;
}

/* The next field of a line; false at its end. What is longer than there is room for is cut. */
static bool next_field(struct text *line, struct field *ret)
{
        bool is_quoted = false;
        size_t i = 0;

        ret->len = 0;
        if (!line->len)
                return false;
        for (; i < line->len && (is_quoted || line->at[i] != ','); i++) {
                bool is_quote = line->at[i] == '"';

                if (is_quote && is_quoted && i + 1 < line->len && line->at[i + 1] == '"')
                        field_add(ret, line->at[++i]);
                else if (is_quote)
                        is_quoted = !is_quoted;
                else
                        field_add(ret, line->at[i]);
        }
        if (i < line->len)
                i++;
        line->at += i;
        line->len -= i;
        return true;
}

static void read_csv(const struct web_page *page, struct text octets, struct device *device)
{
        struct text names, values, rest;
        struct field name, value;

        text_cut(octets, '\n', &names, &rest);
        text_cut(rest, '\n', &values, &rest);
        for (size_t i = 0; i < COLUMNS_MAX && next_field(&names, &name) && next_field(&values, &value); i++)
                take_value(page, text_trim((struct text){ name.at, name.len }),
                           (struct text){ value.at, value.len }, device);
}

/* ---- XML and HTML ---- */

static const char *find(struct text text, char c)
{
        return text.len ? memchr(text.at, c, text.len) : NULL;
}

static struct text after(struct text text, const char *at)
{
        return (struct text){ at, text.len - (size_t)(at - text.at) };
}

static struct text before(struct text text, const char *at)
{
        return (struct text){ text.at, (size_t)(at - text.at) };
}

/* What stands before the next tag, and that tag's name with its slash; false at the end. */
static bool next_tag(struct text *rest, struct text *ret_words, struct text *ret_tag)
{
        const char *open = find(*rest, '<'), *close;
        size_t len = 0;

        if (!open)
                return false;
        *ret_words = before(*rest, open);
        *rest = after(*rest, open + 1);
        /* A comment may hold what looks like tags. */
        if (rest->len >= 3 && memcmp(rest->at, "!--", 3) == 0) {
                const char *end = memmem(rest->at + 3, rest->len - 3, "-->", 3);

                *ret_tag = (struct text){ "!", 1 };
                *rest = end ? after(*rest, end + 3) : (struct text){ "", 0 };
                return true;
        }
        close = find(*rest, '>');
        *ret_tag = close ? before(*rest, close) : *rest;
        *rest = close ? after(*rest, close + 1) : (struct text){ "", 0 };
        while (len < ret_tag->len && !strchr(" \t\r\n", ret_tag->at[len]))
                len++;
        ret_tag->len = len;
        return true;
}

static void read_xml(const struct web_page *page, struct text octets, struct device *device)
{
        struct text words, tag, name = { "", 0 };

        while (next_tag(&octets, &words, &tag)) {
                const char *colon = find(tag, ':');

                /* The end of the element that was opened last: the words are its own. */
                if (tag.len && tag.at[0] == '/')
                        take_value(page, name, words, device);
                name = colon ? after(tag, colon + 1) : tag;
                if (tag.len && tag.at[0] == '/')
                        name.len = 0;
        }
}

/* Words of a page, with the few references that stand in tables, and one space for several. */
static void read_words(struct text text, struct field *ret)
{
        static const struct {
                const char *name;
                char c;
        } references[] = { { "&nbsp;", ' ' }, { "&#32;", ' ' }, { "&#160;", ' ' }, { "&amp;", '&' } };

        ret->len = 0;
        for (size_t i = 0; i < text.len; i++) {
                char c = text.at[i];

                for (size_t k = 0; c == '&' && k < ARRAY_LENGTH(references); k++) {
                        size_t len = strlen(references[k].name);

                        if (text.len - i >= len && memcmp(text.at + i, references[k].name, len) == 0) {
                                c = references[k].c;
                                i += len - 1;
                                break;
                        }
                }
                c = c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
                if (c != ' ' || (ret->len && ret->at[ret->len - 1] != ' '))
                        field_add(ret, c);
        }
        while (ret->len && (ret->at[ret->len - 1] == ' ' || ret->at[ret->len - 1] == ':'))
                ret->len--;
}

static void read_html(const struct web_page *page, struct text octets, struct device *device)
{
        struct field name = { .len = 0 }, words;
        struct text between, tag;
        bool is_hidden = false; /* scripts and styles */

        while (next_tag(&octets, &between, &tag)) {
                bool is_end = tag.len && tag.at[0] == '/';
                struct text element = is_end ? after(tag, tag.at + 1) : tag;

                read_words(between, &words);
                if (!is_hidden && words.len) {
                        take_value(page, (struct text){ name.at, name.len },
                                   (struct text){ words.at, words.len }, device);
                        name = words;
                }
                if (text_equal_nocase(element, TEXT_OF("script")) ||
                    text_equal_nocase(element, TEXT_OF("style")))
                        is_hidden = !is_end;
        }
}

void web_page_read(const struct web_page *page, struct text octets, struct device *device)
{
        if (octets.len > WEB_PAGE_OCTETS)
                return;
        switch (page->form) {
        case PAGE_CSV: read_csv(page, octets, device); break;
        case PAGE_XML: read_xml(page, octets, device); break;
        case PAGE_HTML: read_html(page, octets, device); break;
        }
}
