// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/structure.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "render/confine.h"
#include "render/outcome.h"
#include "render/qpdf.h"

#define FORMS_DEEP  8     /* forms within forms */
#define OBJECTS_MAX 65536 /* that are looked at for fonts */
#define TAG_OCTETS  7     /* "ABCDEF+" before the name of a font of which only a part is there */

/* What every reader brings along itself (ISO 32000-1, 9.6.2.2): they look the same without. */
static const char *const standard_fonts[] = {
        "Courier",          "Courier-Bold",          "Courier-BoldOblique", "Courier-Oblique", "Helvetica",
        "Helvetica-Bold",   "Helvetica-BoldOblique", "Helvetica-Oblique",   "Times-Roman",     "Times-Bold",
        "Times-BoldItalic", "Times-Italic",          "ZapfDingbats",        "Symbol",
};

/* One reading. Objects that were looked at are remembered by their number, so that what is shared is looked
 * at once, and circles end. */
struct reading {
        const struct order_limits *limits;
        struct text pdf;
        struct password password;
        int to; /* a file in memory */
        qpdf_data qpdf;
        struct facts facts;
        uint8_t seen[(1 << 20) / 8];
        unsigned int objects;
};

/* As it is drawn and printed. */
static void size_read(struct reading *reading, qpdf_oh page)
{
        struct page_shape shape;
        double width, height;

        qpdf_shape(reading->qpdf, page, &shape);
        width = (shape.box.right - shape.box.left) * shape.unit;
        height = (shape.box.top - shape.box.bottom) * shape.unit;
        if (shape.rotation % 180)
                facts_add_page(&reading->facts, height, width);
        else
                facts_add_page(&reading->facts, width, height);
}

static bool is_new(struct reading *reading, qpdf_oh object)
{
        int id = qpdf_oh_get_object_id(reading->qpdf, object);

        if (reading->objects >= OBJECTS_MAX)
                return false;
        reading->objects++;
        if (id <= 0 || (size_t)id >= 8 * sizeof(reading->seen))
                return true;
        if (reading->seen[id / 8] & 1u << id % 8)
                return false;
        reading->seen[id / 8] |= (uint8_t)(1u << id % 8);
        return true;
}

static bool has_file(qpdf_data qpdf, qpdf_oh font)
{
        static const char *const keys[] = { "/FontFile", "/FontFile2", "/FontFile3" };
        qpdf_oh descriptor = qpdf_oh_get_key_if_dict(qpdf, font, "/FontDescriptor");

        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
                if (qpdf_oh_is_stream(qpdf, qpdf_oh_get_key_if_dict(qpdf, descriptor, keys[i])))
                        return true;
        return false;
}

static bool is_standard(struct text name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(standard_fonts); i++)
                if (text_equal_string(name, standard_fonts[i]))
                        return true;
        return false;
}

static struct text font_name(qpdf_data qpdf, qpdf_oh font)
{
        const char *name = NULL;
        struct text text;
        size_t length = 0;

        if (!qpdf_oh_get_value_as_name(qpdf, qpdf_oh_get_key_if_dict(qpdf, font, "/BaseFont"), &name,
                                       &length) ||
            length < 2)
                return text_from(NULL);
        text = text_from_octets(name + 1, length - 1); /* without its slash */
        if (text.len > TAG_OCTETS && text.at[TAG_OCTETS - 1] == '+')
                text = text_from_octets(text.at + TAG_OCTETS, text.len - TAG_OCTETS);
        return text;
}

/* Fonts of type 3 are drawings of the document's own. A composite font has its file in its descendant. */
static void font_read(struct reading *reading, qpdf_oh font)
{
        qpdf_data qpdf = reading->qpdf;
        qpdf_oh bearer = font;
        struct text name;

        if (!qpdf_oh_is_dictionary(qpdf, font) || !is_new(reading, font))
                return;
        if (qpdf_oh_is_name_and_equals(qpdf, qpdf_oh_get_key(qpdf, font, "/Subtype"), "/Type3"))
                return;
        if (qpdf_oh_is_name_and_equals(qpdf, qpdf_oh_get_key(qpdf, font, "/Subtype"), "/Type0")) {
                qpdf_oh descendants = qpdf_oh_get_key(qpdf, font, "/DescendantFonts");

                if (qpdf_oh_is_array(qpdf, descendants) && qpdf_oh_get_array_n_items(qpdf, descendants) > 0)
                        bearer = qpdf_oh_get_array_item(qpdf, descendants, 0);
        }
        name = font_name(qpdf, font);
        if (!has_file(qpdf, bearer) && !is_standard(name))
                facts_add_font(&reading->facts, name);
}

static void resources_read(struct reading *reading, qpdf_oh resources, int depth);

static void form_read(struct reading *reading, qpdf_oh object, int depth)
{
        qpdf_data qpdf = reading->qpdf;
        qpdf_oh dictionary;

        if (!qpdf_oh_is_stream(qpdf, object) || !is_new(reading, object))
                return;
        dictionary = qpdf_oh_get_dict(qpdf, object);
        if (qpdf_oh_is_name_and_equals(qpdf, qpdf_oh_get_key(qpdf, dictionary, "/Subtype"), "/Form"))
                resources_read(reading, qpdf_oh_get_key(qpdf, dictionary, "/Resources"), depth + 1);
}

/* Only one dictionary at a time can be gone through, so the objects are gathered before they are read. */
#define MEMBERS_MAX 256

static size_t members(qpdf_data qpdf, qpdf_oh dictionary, qpdf_oh ret[MEMBERS_MAX])
{
        size_t count = 0;

        if (!qpdf_oh_is_dictionary(qpdf, dictionary))
                return 0;
        qpdf_oh_begin_dict_key_iter(qpdf, dictionary);
        while (count < MEMBERS_MAX && qpdf_oh_dict_more_keys(qpdf))
                ret[count++] = qpdf_oh_get_key(qpdf, dictionary, qpdf_oh_dict_next_key(qpdf));
        return count;
}

static void resources_read(struct reading *reading, qpdf_oh resources, int depth)
{
        qpdf_data qpdf = reading->qpdf;
        qpdf_oh objects[MEMBERS_MAX];
        size_t count;

        if (depth > FORMS_DEEP || !qpdf_oh_is_dictionary(qpdf, resources) || !is_new(reading, resources))
                return;
        count = members(qpdf, qpdf_oh_get_key(qpdf, resources, "/Font"), objects);
        for (size_t i = 0; i < count; i++)
                font_read(reading, objects[i]);
        count = members(qpdf, qpdf_oh_get_key(qpdf, resources, "/XObject"), objects);
        for (size_t i = 0; i < count; i++)
                form_read(reading, objects[i], depth);
}

static int pages_read(struct reading *reading)
{
        int pages = qpdf_get_num_pages(reading->qpdf);

        if (pages < 0)
                return qpdf_judge(reading->qpdf);
        if (pages == 0)
                return RENDER_DAMAGED;
        if (pages > FACTS_PAGES_MAX)
                return RENDER_LIMIT;
        if (qpdf_push_inherited_attributes_to_page(reading->qpdf) & QPDF_ERRORS)
                return qpdf_judge(reading->qpdf);
        reading->facts.pages = (uint32_t)pages;
        for (int i = 0; i < pages; i++) {
                qpdf_oh page = qpdf_get_page_n(reading->qpdf, (size_t)i);

                size_read(reading, page);
                if ((uint32_t)i < reading->limits->pages)
                        resources_read(reading, qpdf_oh_get_key(reading->qpdf, page, "/Resources"), 0);
                qpdf_oh_release_all(reading->qpdf);
        }
        return 0;
}

static void words_read(qpdf_data qpdf, const char *key, char to[FACTS_WORDS])
{
        qpdf_oh info = qpdf_oh_get_key_if_dict(qpdf, qpdf_get_trailer(qpdf), "/Info");
        const char *words = NULL;
        size_t length = 0;

        if (qpdf_oh_get_value_as_utf8(qpdf, qpdf_oh_get_key_if_dict(qpdf, info, key), &words, &length))
                facts_set_words(to, text_from_octets(words, length));
}

/* What it was written with says more than what made a PDF of it. */
static void info_read(struct reading *reading)
{
        words_read(reading->qpdf, "/Title", reading->facts.title);
        words_read(reading->qpdf, "/Creator", reading->facts.application);
        if (!reading->facts.application[0])
                words_read(reading->qpdf, "/Producer", reading->facts.application);
}

static int read_in_child(void *context)
{
        SCOPED(qpdf_closep) qpdf_data qpdf = NULL;
        struct reading *reading = context;
        char lines[FACTS_OCTETS_MAX];
        int r;

        r = qpdf_open(reading->pdf, NULL, &qpdf);
        if (r)
                return r;
        reading->qpdf = qpdf;
        reading->facts.is_encrypted = qpdf_is_encrypted(qpdf);
        r = pages_read(reading);
        if (r)
                return r;
        info_read(reading);
        facts_format(&reading->facts, lines, sizeof(lines));
        return file_write(reading->to, lines, strlen(lines));
}

/* It has met the document, and is believed no more than that. */
static int facts_take(int from, struct facts *ret)
{
        off_t len = lseek(from, 0, SEEK_END);
        char lines[FACTS_OCTETS_MAX];
        int r;

        if (len < 0)
                return fault(-errno);
        if (len >= FACTS_OCTETS_MAX)
                return RENDER_DAMAGED;
        r = file_read_exactly_at(from, lines, (size_t)len, 0);
        if (r < 0)
                return r;
        r = facts_parse(text_from_octets(lines, (size_t)len), ret);
        return r == 0 && ret->pages ? 0 : RENDER_DAMAGED;
}

int structure_read(const struct order_limits *limits, struct text pdf, struct facts *ret)
{
        SCOPED(freep) struct reading *reading = calloc(1, sizeof(*reading));
        SCOPED(closep) int to = memfd_create("facts", MFD_CLOEXEC);
        int r;

        if (!reading)
                return fault(-ENOMEM);
        if (to < 0)
                return fault(-errno);
        reading->limits = limits;
        reading->pdf = pdf;
        reading->to = to;
        r = confine_run(limits, to, read_in_child, reading);
        return r ? r : facts_take(to, ret);
}

/* By the password as it was typed, and as older documents spell it. */
static int document_open(struct reading *reading, qpdf_data *ret)
{
        SCOPED(password_done) struct password latin;
        int r;

        r = qpdf_open(reading->pdf, reading->password.octets, ret);
        if (r != RENDER_PASSWORD || password_to_latin(&reading->password, &latin))
                return r;
        return qpdf_open(reading->pdf, latin.octets, ret);
}

static int unlock_in_child(void *context)
{
        SCOPED(qpdf_closep) qpdf_data qpdf = NULL;
        struct reading *reading = context;
        int r;

        r = document_open(reading, &qpdf);
        if (r || !qpdf_is_encrypted(qpdf))
                return r;
        qpdf_init_write_memory(qpdf);
        qpdf_set_preserve_encryption(qpdf, QPDF_FALSE);
        qpdf_set_stream_data_mode(qpdf, qpdf_s_preserve);
        if (qpdf_write(qpdf) & QPDF_ERRORS)
                return qpdf_judge(qpdf);
        if (qpdf_get_buffer_length(qpdf) > reading->limits->output_octets)
                return RENDER_LIMIT;
        return file_write(reading->to, qpdf_get_buffer(qpdf), qpdf_get_buffer_length(qpdf));
}

int structure_unlock(const struct order_limits *limits, struct text pdf, const struct password *password,
                     int to)
{
        SCOPED(freep) struct reading *reading = calloc(1, sizeof(*reading));
        int r;

        if (!reading)
                return fault(-ENOMEM);
        reading->limits = limits;
        reading->pdf = pdf;
        reading->password = *password;
        reading->to = to;
        r = confine_run(limits, to, unlock_in_child, reading);
        password_done(&reading->password);
        return r;
}
