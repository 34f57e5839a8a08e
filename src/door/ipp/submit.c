// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/submit.h"

#include "base/scope.h"
#include "core/job/document-password.h"
#include "core/job/intake.h"
#include "door/ipp/refusal.h"
#include "net/http-exchange.h"

int ipp_submit_judge_template(struct ipp_exchange *e)
{
        int r;

        r = ipp_template_parse(e->attributes, e->job_attributes, &e->view, e->arena, &e->template);
        if (r < 0)
                return r;
        return e->template.is_refused ? ipp_exchange_refuse_template(e) : 0;
}

static bool view_takes(void *context, struct text format)
{
        return ipp_view_takes(context, format);
}

/* "text/plain; charset=utf-8" is text/plain, and image/jpg is image/jpeg: printers are asked by one name. */
static struct text canonical(struct text media_type)
{
        enum format format = format_from_media_type(media_type);
        struct text type, parameters;

        text_cut(media_type, ';', &type, &parameters);
        return format ? text_from(format_media_type(format)) : text_trim(type);
}

/* The attribute is told without its value, which nobody should see again. */
static int refuse_password(struct ipp_exchange *e, enum ipp_status status, const char *sentence)
{
        struct ipp_builder b = ipp_exchange_begin(e, status, sentence);

        ipp_begin_group(&b, IPP_TAG_UNSUPPORTED_GROUP);
        ipp_add_out_of_band(&b, IPP_TAG_UNSUPPORTED, "document-password");
        return ipp_exchange_answer(e, &b);
}

/* document-password (PWG 5100.13, section 5.1.2): over TLS alone, where it would be of use. */
static int judge_password(struct ipp_exchange *e)
{
        int r;

        if (!ipp_find(e->attributes, "document-password"))
                return 0;
        if (!e->view.is_secure || !e->view.opens_documents)
                return refuse_password(
                        e, IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
                        "A document's password is taken over TLS (ipps:) alone, where documents "
                        "are looked into. Send the document without one.");
        r = ipp_get_octets(e->attributes, "document-password", DOCUMENT_PASSWORD_OCTETS, &e->password);
        if (r || (e->password.len && !document_password_is_possible(e->password)))
                return refuse_password(e, IPP_CLIENT_ERROR_DOCUMENT_PASSWORD_ERROR,
                                       "No PDF has such a password: 1 to 127 octets, none of them NUL.");
        return 0;
}

int ipp_submit_judge_document(struct ipp_exchange *e, struct text *ret_format)
{
        struct text compression, declared, format = TEXT_OF(MEDIA_TYPE_UNSAID);
        int r;

        r = judge_password(e);
        if (r < 0 || http_is_answered(e->http))
                return r;

        r = ipp_get_keyword(e->attributes, "compression", 255, &compression);
        if (r != IPP_ABSENT && (r || !ipp_compression_parse(compression, &e->document.compression)))
                return ipp_exchange_refuse_value(e, "compression", IPP_CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED,
                                                 "Send the document uncompressed, or as gzip.");

        r = ipp_get_keyword(e->attributes, "document-format", CORE_FORMAT - 1, &format);
        declared = format;
        format = canonical(format);
        if ((r && r != IPP_ABSENT) || !ipp_view_takes(&e->view, format))
                return ipp_exchange_refuse_value(e, "document-format",
                                                 IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
                                                 "This queue cannot print such a document. Print it as PDF.");

        sniffing_init(&e->document.sniffing, declared, ipp_submit_title(e));
        e->document.may_be = view_takes;
        e->document.context = &e->view;
        e->document.inflating.limits = e->door->settings.expansion;
        *ret_format = format;
        return 0;
}

struct text ipp_submit_title(const struct ipp_exchange *e)
{
        static const char *const names[] = { "job-name", "document-name" };
        struct text title = TEXT("");

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (ipp_get_name(e->attributes, names[i], 255, &title) == 0 && title.len)
                        break;
        return title;
}

int ipp_submit_open(struct ipp_exchange *e, const struct intake_order *order)
{
        struct intake_order with_password = *order;
        int r;

        with_password.password = e->password;
        with_password.is_at_site = e->is_relayed;
        if (e->stays)
                with_password.stay = &e->stay;
        r = intake_open(e->core, &with_password, &e->document.intake);
        if (r)
                return r;
        e->wants_document = true;
        return 0;
}

int ipp_submit_close(struct ipp_exchange *e)
{
        struct job job;
        int r;

        r = e->stays ? 0 : ipp_document_finish(&e->document);
        if (r)
                return ipp_submit_refuse(e, r);
        r = intake_commit(take(e->document.intake), &job);
        if (r)
                return r;
        e->submitted = job.id;
        return ipp_exchange_answer_job(e, &job);
}

int ipp_submit_refuse(struct ipp_exchange *e, int r)
{
        struct ipp_refusal_words words;

        switch (r) {
        case IPP_DOCUMENT_BAD_COMPRESSION:
                return ipp_exchange_say(
                        e, IPP_CLIENT_ERROR_COMPRESSION_ERROR,
                        "The compressed document is damaged. Send it again, or uncompressed.");
        case IPP_DOCUMENT_EXPANDS:
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_COMPRESSION_ERROR,
                                        "The document expands too much. Send it uncompressed.");
        case IPP_DOCUMENT_UNKNOWN_FORMAT:
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
                                        "This queue cannot print what was sent. Print it as PDF.");
        case IPP_DOCUMENT_REFUSED:
                words = ipp_refusal_words(e->document.core_refusal);
                return ipp_exchange_say(e, words.status, words.sentence);
        default: return r;
        }
}
