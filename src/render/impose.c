// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/impose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "render/confine.h"
#include "render/impose-page.h"
#include "render/outcome.h"
#include "render/qpdf.h"
#include "render/sequence.h"
#include "render/sheet.h"

#define CONTENT_MOST (64 << 10) /* what draws one side: at most 16 places */

bool impose_is_needed(const struct order *order)
{
        bool turns_backs = order->back != ORDER_BACK_NORMAL && (order->sides > ORDER_ONE_SIDED);

        return order->pages[0] || order->copies > 1 || order->number_up > 1 || order->orientation ||
               order->booklet || order->reverse || order->media.name[0] || turns_backs;
}

/* A job under way: its document, and which of its pages are printed. */
struct imposition {
        const struct order *order;
        qpdf_data qpdf;
        struct impose_page *pages;
        struct sequence sequence;
        qpdf_oh *sides; /* contents and resources of each, in a dictionary */
        qpdf_oh tree;   /* the new one */
        qpdf_oh kids;
};

static void imposition_done(struct imposition *imposition)
{
        free(imposition->pages);
        free(imposition->sides);
        qpdf_closep(&imposition->qpdf);
}

/* Those that were asked for, and no more than are allowed. */
static int choose_pages(struct imposition *imposition, uint32_t total)
{
        const struct order *order = imposition->order;
        uint32_t count = 0;

        for (uint32_t i = 0; i < total; i++)
                count += pages_have(order->pages, i + 1);
        if (count == 0)
                return RENDER_DAMAGED;
        if (count > order->limits.pages)
                return RENDER_LIMIT;
        imposition->pages = calloc(count, sizeof(*imposition->pages));
        if (!imposition->pages)
                return fault(-ENOMEM);
        sequence_init(&imposition->sequence, order, count);
        for (uint32_t i = 0, at = 0; i < total; i++)
                if (pages_have(order->pages, i + 1))
                        imposition->pages[at++].page = qpdf_get_page_n(imposition->qpdf, i);
        return 0;
}

static int read_pages(struct imposition *imposition)
{
        int r;

        qpdf_push_inherited_attributes_to_page(imposition->qpdf);
        for (uint32_t i = 0; i < imposition->sequence.pages; i++) {
                r = impose_page_read(imposition->qpdf, &imposition->pages[i]);
                if (r)
                        return r;
        }
        return qpdf_failure(imposition->qpdf);
}

static void add_matrix(struct buffer *to, struct matrix m)
{
        buffer_format(to, "%.6f %.6f %.6f %.6f %.4f %.4f cm\n", m.a, m.b, m.c, m.d, m.e, m.f);
}

static void add_rectangle(struct buffer *to, struct rectangle r)
{
        buffer_format(to, "%.4f %.4f %.4f %.4f re W n\n", r.left, r.bottom, r.right - r.left,
                      r.top - r.bottom);
}

/* What a place shows: its page clipped to its cell. */
static void draw_place(struct imposition *imposition, const struct sheet *sheet, uint32_t page,
                       uint32_t place, qpdf_oh objects, struct buffer *content)
{
        const struct impose_page *source = &imposition->pages[page];
        struct rectangle cell = sheet_cell(sheet, imposition->order, place);
        char name[16];

        snprintf(name, sizeof(name), "/P%u", place);
        qpdf_oh_replace_key(imposition->qpdf, objects, name, source->form);
        buffer_format(content, "q\n");
        add_rectangle(content, cell);
        add_matrix(content, sheet_place(imposition->order, &source->shape, cell));
        buffer_format(content, "%s Do\nQ\n", name);
}

static void draw_side(struct imposition *imposition, const struct sheet *sheet, uint32_t side,
                      qpdf_oh objects, struct buffer *content)
{
        const struct sequence *sequence = &imposition->sequence;

        buffer_format(content, "q\n");
        if (sequence->unit == 2 && side % 2)
                add_matrix(content, sheet_back(sheet, imposition->order));
        add_matrix(content, sheet->canvas);
        for (uint32_t place = 0; place < sequence->places; place++) {
                uint32_t page = sequence_page(sequence, side, place);

                if (page != SEQUENCE_NONE)
                        draw_place(imposition, sheet, page, place, objects, content);
        }
        buffer_format(content, "Q\n");
}

static qpdf_oh stream_of(qpdf_data qpdf, struct text content)
{
        qpdf_oh stream = qpdf_oh_new_stream(qpdf);
        qpdf_oh none = qpdf_oh_new_null(qpdf);

        qpdf_oh_replace_stream_data(qpdf, stream, (const unsigned char *)content.at, content.len, none, none);
        return stream;
}

static qpdf_oh media_box(qpdf_data qpdf, const struct sheet *sheet)
{
        qpdf_oh box = qpdf_oh_new_array(qpdf);

        qpdf_oh_append_item(qpdf, box, qpdf_oh_new_integer(qpdf, 0));
        qpdf_oh_append_item(qpdf, box, qpdf_oh_new_integer(qpdf, 0));
        qpdf_oh_append_item(qpdf, box, qpdf_oh_new_real_from_double(qpdf, sheet->width, 3));
        qpdf_oh_append_item(qpdf, box, qpdf_oh_new_real_from_double(qpdf, sheet->height, 3));
        return box;
}

/* All that a page of this side is made of; what is repeated shares it. SEQUENCE_NONE: a blank one. */
static int make_side(struct imposition *imposition, uint32_t side, qpdf_oh *ret)
{
        SCOPED(buffer_done) struct buffer content = BUFFER(CONTENT_MOST);
        const struct sequence *sequence = &imposition->sequence;
        qpdf_data qpdf = imposition->qpdf;
        qpdf_oh objects = qpdf_oh_new_dictionary(qpdf);
        qpdf_oh resources = qpdf_oh_new_dictionary(qpdf);
        uint32_t leader = sequence->places == 1 && side != SEQUENCE_NONE ? side : 0;
        struct sheet sheet;

        sheet_init(&sheet, imposition->order, &imposition->pages[leader].shape);
        if (side != SEQUENCE_NONE)
                draw_side(imposition, &sheet, side, objects, &content);
        if (content.failure)
                return fault(-ENOMEM);
        qpdf_oh_replace_key(qpdf, resources, "/XObject", objects);
        *ret = qpdf_oh_new_dictionary(qpdf);
        qpdf_oh_replace_key(qpdf, *ret, "/Type", qpdf_oh_new_name(qpdf, "/Page"));
        qpdf_oh_replace_key(qpdf, *ret, "/Parent", imposition->tree);
        qpdf_oh_replace_key(qpdf, *ret, "/MediaBox", media_box(qpdf, &sheet));
        qpdf_oh_replace_key(qpdf, *ret, "/Contents", stream_of(qpdf, buffer_text(&content)));
        qpdf_oh_replace_key(qpdf, *ret, "/Resources", qpdf_make_indirect_object(qpdf, resources));
        return 0;
}

static void add_page(struct imposition *imposition, qpdf_oh side)
{
        static const char *const keys[] = { "/Type", "/Parent", "/MediaBox", "/Contents", "/Resources" };
        qpdf_data qpdf = imposition->qpdf;
        qpdf_oh page = qpdf_oh_new_dictionary(qpdf);

        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
                qpdf_oh_replace_key(qpdf, page, keys[i], qpdf_oh_get_key(qpdf, side, keys[i]));
        qpdf_oh_append_item(qpdf, imposition->kids, qpdf_make_indirect_object(qpdf, page));
}

static int add_sides(struct imposition *imposition)
{
        const struct sequence *sequence = &imposition->sequence;
        uint64_t count = sequence_count(sequence);

        imposition->sides = calloc((size_t)sequence->sides + 1, sizeof(*imposition->sides));
        if (!imposition->sides)
                return fault(-ENOMEM);
        for (uint64_t time = 0; time < count; time++) {
                uint32_t side = sequence_side(sequence, time);
                qpdf_oh *made = &imposition->sides[side == SEQUENCE_NONE ? sequence->sides : side];
                int r = *made ? 0 : make_side(imposition, side, made);

                if (r)
                        return r;
                add_page(imposition, *made);
        }
        return 0;
}

/* Of the document's catalog only what says how pages look; the rest points at pages that are no more, or
 * acts.
 */
static void replace_catalog(struct imposition *imposition, uint64_t count)
{
        static const char *const keys[] = { "/OCProperties", "/OutputIntents" };
        qpdf_data qpdf = imposition->qpdf;
        qpdf_oh old = qpdf_get_root(qpdf), trailer = qpdf_get_trailer(qpdf);
        qpdf_oh catalog = qpdf_oh_new_dictionary(qpdf);

        qpdf_oh_replace_key(qpdf, imposition->tree, "/Type", qpdf_oh_new_name(qpdf, "/Pages"));
        qpdf_oh_replace_key(qpdf, imposition->tree, "/Kids", imposition->kids);
        qpdf_oh_replace_key(qpdf, imposition->tree, "/Count", qpdf_oh_new_integer(qpdf, (long long)count));
        qpdf_oh_replace_key(qpdf, catalog, "/Type", qpdf_oh_new_name(qpdf, "/Catalog"));
        qpdf_oh_replace_key(qpdf, catalog, "/Pages", imposition->tree);
        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
                if (qpdf_oh_has_key(qpdf, old, keys[i]))
                        qpdf_oh_replace_key(qpdf, catalog, keys[i], qpdf_oh_get_key(qpdf, old, keys[i]));
        qpdf_oh_replace_key(qpdf, trailer, "/Root", qpdf_make_indirect_object(qpdf, catalog));
        qpdf_oh_remove_key(qpdf, trailer, "/Info");
}

/* The same for the same document and order, to the octet: a rendition is kept by them. */
static int write_out(struct imposition *imposition, int output)
{
        qpdf_data qpdf = imposition->qpdf;
        size_t octets;
        int r;

        qpdf_update_all_pages_cache(qpdf);
        qpdf_init_write_memory(qpdf);
        qpdf_set_preserve_encryption(qpdf, QPDF_FALSE);
        qpdf_set_deterministic_ID(qpdf, QPDF_TRUE);
        qpdf_set_object_stream_mode(qpdf, qpdf_o_disable);
        qpdf_set_stream_data_mode(qpdf, qpdf_s_preserve);
        qpdf_write(qpdf);
        r = qpdf_failure(qpdf);
        if (r)
                return r;
        octets = qpdf_get_buffer_length(qpdf);
        if (octets > imposition->order->limits.output_octets)
                return RENDER_LIMIT;
        return file_write(output, (const char *)qpdf_get_buffer(qpdf), octets);
}

static int compose(struct imposition *imposition, int output)
{
        qpdf_data qpdf = imposition->qpdf;
        int r;

        r = read_pages(imposition);
        if (r)
                return r;
        imposition->tree = qpdf_make_indirect_object(qpdf, qpdf_oh_new_dictionary(qpdf));
        imposition->kids = qpdf_oh_new_array(qpdf);
        r = add_sides(imposition);
        if (r)
                return r;
        replace_catalog(imposition, sequence_count(&imposition->sequence));
        r = qpdf_failure(qpdf);
        return r ? r : write_out(imposition, output);
}

struct work {
        const struct order *order;
        struct text pdf;
        int output;
        uint32_t *pages; /* in memory that is shared */
};

static int work(void *context)
{
        const struct work *work = context;
        SCOPED(imposition_done) struct imposition imposition = { .order = work->order };
        int total, r;

        r = qpdf_open(work->pdf, NULL, &imposition.qpdf);
        if (r)
                return r;
        total = qpdf_get_num_pages(imposition.qpdf);
        r = qpdf_failure(imposition.qpdf);
        if (r)
                return r;
        r = choose_pages(&imposition, total > 0 ? (uint32_t)total : 0);
        if (r)
                return r;
        *work->pages = (uint32_t)sequence_count(&imposition.sequence);
        return impose_is_needed(work->order) ? compose(&imposition, work->output) : 0;
}

int impose(const struct order *order, struct text pdf, int output, uint32_t *ret_pages)
{
        uint32_t *pages =
                mmap(NULL, sizeof(*pages), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct work job = { order, pdf, output, pages };
        int r;

        if (pages == MAP_FAILED)
                return fault(-errno);
        r = confine_run(&order->limits, output, work, &job);
        if (r == 0)
                *ret_pages = *pages;
        munmap(pages, sizeof(*pages));
        return r;
}
