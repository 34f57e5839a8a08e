// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/impose-page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"

#define ANNOTATIONS_MOST 10000
#define CONTENT_MOST     (4 << 20) /* what draws them */

/* Flags of annotations (ISO 32000-1, table 165). */
#define FLAG_HIDDEN  2
#define FLAG_PRINT   4
#define FLAG_NO_VIEW 32

static void set_stream(qpdf_data qpdf, qpdf_oh stream, const unsigned char *octets, size_t len,
                       qpdf_oh filter, qpdf_oh parameters)
{
        qpdf_oh_replace_stream_data(qpdf, stream, octets, len, filter, parameters);
}

/* One stream is taken as it is, without being unpacked. */
static int copy_stream(qpdf_data qpdf, qpdf_oh from, qpdf_oh to)
{
        SCOPED(freep) unsigned char *octets = NULL;
        qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, from);
        size_t len = 0;
        int r;

        qpdf_oh_get_stream_data(qpdf, from, qpdf_dl_none, NULL, &octets, &len);
        r = qpdf_failure(qpdf);
        if (r)
                return r;
        set_stream(qpdf, to, octets ? octets : (const unsigned char *)"", len,
                   qpdf_oh_get_key(qpdf, dictionary, "/Filter"),
                   qpdf_oh_get_key(qpdf, dictionary, "/DecodeParms"));
        return 0;
}

/* Several are parts of one text, which may be cut between any two words; a form has only one. */
static int join_streams(qpdf_data qpdf, qpdf_oh page, qpdf_oh to)
{
        SCOPED(freep) unsigned char *octets = NULL;
        qpdf_oh none = qpdf_oh_new_null(qpdf);
        size_t len = 0;
        int r;

        qpdf_oh_get_page_content_data(qpdf, page, &octets, &len);
        r = qpdf_failure(qpdf);
        if (r)
                return r;
        set_stream(qpdf, to, octets ? octets : (const unsigned char *)"", len, none, none);
        return 0;
}

static int add_content(qpdf_data qpdf, qpdf_oh page, qpdf_oh form)
{
        qpdf_oh contents = qpdf_oh_get_key(qpdf, page, "/Contents");
        qpdf_oh none;

        if (qpdf_oh_is_array(qpdf, contents) && qpdf_oh_get_array_n_items(qpdf, contents) == 1)
                contents = qpdf_oh_get_array_item(qpdf, contents, 0);
        if (qpdf_oh_is_stream(qpdf, contents))
                return copy_stream(qpdf, contents, form);
        if (qpdf_oh_is_array(qpdf, contents))
                return join_streams(qpdf, page, form);
        none = qpdf_oh_new_null(qpdf);
        set_stream(qpdf, form, (const unsigned char *)"", 0, none, none);
        return 0;
}

static qpdf_oh box_array(qpdf_data qpdf, struct rectangle box)
{
        double numbers[] = { box.left, box.bottom, box.right, box.top };
        qpdf_oh array = qpdf_oh_new_array(qpdf);

        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                qpdf_oh_append_item(qpdf, array, qpdf_oh_new_real_from_double(qpdf, numbers[i], 4));
        return array;
}

static void make_form(qpdf_data qpdf, qpdf_oh stream, struct rectangle box, qpdf_oh resources)
{
        qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, stream);

        qpdf_oh_replace_key(qpdf, dictionary, "/Type", qpdf_oh_new_name(qpdf, "/XObject"));
        qpdf_oh_replace_key(qpdf, dictionary, "/Subtype", qpdf_oh_new_name(qpdf, "/Form"));
        qpdf_oh_replace_key(qpdf, dictionary, "/BBox", box_array(qpdf, box));
        qpdf_oh_replace_key(qpdf, dictionary, "/Resources", resources);
}

/* How an annotation looks when nobody touches it; false: it does not on paper. */
static bool find_appearance(qpdf_data qpdf, qpdf_oh annotation, qpdf_oh *ret)
{
        qpdf_oh normal, state;
        int flags = 0;

        if (!qpdf_oh_is_dictionary(qpdf, annotation) ||
            qpdf_oh_is_name_and_equals(qpdf, qpdf_oh_get_key(qpdf, annotation, "/Subtype"), "/Popup"))
                return false;
        qpdf_oh_get_value_as_int(qpdf, qpdf_oh_get_key(qpdf, annotation, "/F"), &flags);
        if (!(flags & FLAG_PRINT) || flags & (FLAG_HIDDEN | FLAG_NO_VIEW))
                return false;
        normal = qpdf_oh_get_key_if_dict(qpdf, qpdf_oh_get_key(qpdf, annotation, "/AP"), "/N");
        state = qpdf_oh_get_key(qpdf, annotation, "/AS");
        if (qpdf_oh_is_dictionary(qpdf, normal) && qpdf_oh_is_name(qpdf, state))
                normal = qpdf_oh_get_key(qpdf, normal, qpdf_oh_get_name(qpdf, state));
        *ret = normal;
        return qpdf_oh_is_stream(qpdf, normal);
}

/* ISO 32000-1, 12.5.5, algorithm 8.1: what maps the box of the appearance, turned by its own matrix, to the
 * annotation's rectangle. */
static bool find_place(qpdf_data qpdf, qpdf_oh annotation, qpdf_oh appearance, struct matrix *ret)
{
        qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, appearance);
        struct matrix own = { 1, 0, 0, 1, 0, 0 };
        struct rectangle to, box;
        double x, y;

        if (!qpdf_rectangle(qpdf, qpdf_oh_get_key(qpdf, annotation, "/Rect"), &to) ||
            !qpdf_rectangle(qpdf, qpdf_oh_get_key(qpdf, dictionary, "/BBox"), &box))
                return false;
        (void)qpdf_matrix(qpdf, qpdf_oh_get_key(qpdf, dictionary, "/Matrix"), &own);
        box = rectangle_turn(box, own);
        if (box.right - box.left <= 0 || box.top - box.bottom <= 0)
                return false;
        x = (to.right - to.left) / (box.right - box.left);
        y = (to.top - to.bottom) / (box.top - box.bottom);
        *ret = (struct matrix){ x, 0, 0, y, to.left - box.left * x, to.bottom - box.bottom * y };
        return true;
}

static bool draw_annotation(qpdf_data qpdf, qpdf_oh annotation, qpdf_oh objects, int number,
                            struct buffer *content)
{
        struct matrix m;
        qpdf_oh appearance;
        char name[16];

        if (!find_appearance(qpdf, annotation, &appearance) || !find_place(qpdf, annotation, appearance, &m))
                return false;
        qpdf_oh_replace_key(qpdf, qpdf_oh_get_dict(qpdf, appearance), "/Subtype",
                            qpdf_oh_new_name(qpdf, "/Form"));
        snprintf(name, sizeof(name), "/A%d", number);
        qpdf_oh_replace_key(qpdf, objects, name, appearance);
        buffer_format(content, "q %.6f %.6f %.6f %.6f %.4f %.4f cm %s Do Q\n", m.a, m.b, m.c, m.d, m.e, m.f,
                      name);
        return true;
}

/* A form that draws the page's, and its annotations over it; where there are none, the page's own. */
static int add_annotations(qpdf_data qpdf, struct impose_page *page)
{
        SCOPED(buffer_done) struct buffer content = BUFFER(CONTENT_MOST);
        qpdf_oh annotations = qpdf_oh_get_key(qpdf, page->page, "/Annots");
        qpdf_oh objects = qpdf_oh_new_dictionary(qpdf), resources, form, none;
        bool has_some = false;
        int count;

        if (!qpdf_oh_is_array(qpdf, annotations))
                return 0;
        count = qpdf_oh_get_array_n_items(qpdf, annotations);
        if (count > ANNOTATIONS_MOST)
                return RENDER_LIMIT;
        buffer_format(&content, "/P Do\n");
        for (int i = 0; i < count; i++)
                has_some |= draw_annotation(qpdf, qpdf_oh_get_array_item(qpdf, annotations, i), objects, i,
                                            &content);
        if (content.failure)
                return fault(-ENOMEM);
        if (!has_some)
                return 0;
        qpdf_oh_replace_key(qpdf, objects, "/P", page->form);
        resources = qpdf_oh_new_dictionary(qpdf);
        qpdf_oh_replace_key(qpdf, resources, "/XObject", objects);
        none = qpdf_oh_new_null(qpdf);
        form = qpdf_oh_new_stream(qpdf);
        set_stream(qpdf, form, (const unsigned char *)content.at, content.len, none, none);
        make_form(qpdf, form, page->shape.box, resources);
        page->form = form;
        return 0;
}

int impose_page_read(qpdf_data qpdf, struct impose_page *page)
{
        qpdf_oh resources, group;
        int r;

        qpdf_shape(qpdf, page->page, &page->shape);
        page->form = qpdf_oh_new_stream(qpdf);
        r = add_content(qpdf, page->page, page->form);
        if (r)
                return r;
        resources = qpdf_oh_get_key(qpdf, page->page, "/Resources");
        if (!qpdf_oh_is_dictionary(qpdf, resources))
                resources = qpdf_oh_new_dictionary(qpdf);
        make_form(qpdf, page->form, page->shape.box, resources);
        group = qpdf_oh_get_key(qpdf, page->page, "/Group");
        if (qpdf_oh_is_dictionary(qpdf, group))
                qpdf_oh_replace_key(qpdf, qpdf_oh_get_dict(qpdf, page->form), "/Group", group);
        return add_annotations(qpdf, page);
}
