// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/dns-sd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "door/ipp/view.h"
#include "ipp/get.h"

/* At most size - 1 octets, cut at a character of UTF-8. */
static void copy_cut(const char *from, char *to, size_t size)
{
        size_t len = strlen(from);

        if (len >= size)
                len = size - 1;
        while (len && from[len] && ((uint8_t)from[len] & 0xc0) == 0x80)
                len--;
        memcpy(to, from, len);
        to[len] = '\0';
}

static void add(struct dns_sd *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct dns_sd *to, const char *format, ...)
{
        char whole[1024];
        va_list list;

        if (to->count == DNS_SD_STRINGS)
                return;
        va_start(list, format);
        vsnprintf(whole, sizeof(whole), format, list);
        va_end(list);
        copy_cut(whole, to->strings[to->count++], DNS_SD_STRING);
}

/* "key=a,b,c": as many values as fit, whole ones. */
static void add_list(struct dns_sd *to, const char *key, const struct ipp_attribute *attribute,
                     const char *but)
{
        char whole[DNS_SD_STRING];
        size_t len = (size_t)snprintf(whole, sizeof(whole), "%s=", key), start = len;

        for (const struct ipp_value *v = attribute ? attribute->values : NULL; v; v = v->next) {
                size_t comma = len > start;

                if (text_equal_string(v->text, but) || len + comma + v->text.len >= sizeof(whole))
                        continue;
                if (comma)
                        whole[len++] = ',';
                memcpy(whole + len, v->text.at, v->text.len);
                len += v->text.len;
                whole[len] = '\0';
        }
        if (len > start)
                add(to, "%s", whole);
}

static const char *paper_of(const struct printer *printer)
{
        for (size_t i = 0; i < printer->media_count; i++)
                if (strstr(printer->media[i], "a3_") || strstr(printer->media[i], "ledger"))
                        return "tabloid-A3";
        return "legal-A4";
}

static const char *flag(bool flag)
{
        return flag ? "T" : "F";
}

/* The most wanted first: a client that reads no further still finds its way (RFC 6763, section 6.2). */
static void add_strings(const struct ipp_view *view, const struct ipp_attribute *attributes,
                        struct dns_sd *ret)
{
        const struct printer *printer = view->printer;
        const char *model = printer->make_and_model[0] ? printer->make_and_model : "Imprimatur Print Queue";
        char id[ID_STRING];

        id_format(view->queue->id, id);
        add(ret, "txtvers=1");
        add(ret, "qtotal=1");
        add(ret, "rp=ipp/print/%s/%s", view->queue->tenant_name, view->queue->name);
        add(ret, "ty=%s", model);
        add(ret, "note=%s", printer->location);
        add(ret, "product=(%s)", model);
        add(ret, "priority=50");
        add_list(ret, "pdl", ipp_find(attributes, "document-format-supported"), "application/octet-stream");
        add(ret, "UUID=%s", id);
        add(ret, "TLS=1.3");
        /* iOS then asks for name and password before it prints. */
        add(ret, "air=username,password");
        add_list(ret, "URF", ipp_find(attributes, "urf-supported"), "");
        add(ret, "kind=document");
        add(ret, "PaperMax=%s", paper_of(printer));
        add(ret, "Color=%s", flag(printer->colour));
        add(ret, "Duplex=%s", flag(printer->duplex));
        add(ret, "Copies=T");
        add(ret, "Collate=T");
        add(ret, "Bind=F");
        add(ret, "Scan=F");
        add(ret, "Fax=F");
        add(ret, "Transparent=T");
        add(ret, "Binary=T");
}

int dns_sd_describe(const struct ipp_view *view, struct arena *arena, struct dns_sd *ret)
{
        struct ipp_builder b = ipp_answer(arena, IPP_OK, 1);
        const struct ipp_group *group;

        *ret = (struct dns_sd){ .count = 0 };
        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_describe_printer(&b, view);
        if (b.failed || !b.message)
                return fault(-ENOMEM);
        group = ipp_group_find(b.message, IPP_TAG_PRINTER);
        copy_cut(view->queue->title[0] ? view->queue->title : view->queue->name, ret->instance,
                 sizeof(ret->instance));
        ret->universal = ipp_has_string(group->attributes, "document-format-supported", "image/urf");
        add_strings(view, group->attributes, ret);
        return 0;
}

/* One label of a name. */
static void add_label(struct buffer *to, const char *label)
{
        for (const char *at = label; *at; at++) {
                uint8_t c = (uint8_t)*at;
                bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '-' || c == '_';

                if (plain)
                        buffer_format(to, "%c", c);
                else
                        buffer_format(to, "\\%03u", c);
        }
}

/* A character-string between quotes. */
static void add_string(struct buffer *to, const char *string)
{
        buffer_add_text(to, TEXT_OF("\""));
        for (const char *at = string; *at; at++) {
                uint8_t c = (uint8_t)*at;

                if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == ';')
                        buffer_format(to, "\\%03u", c);
                else
                        buffer_format(to, "%c", c);
        }
        buffer_add_text(to, TEXT_OF("\""));
}

static void add_pointers(const struct dns_sd_place *place, const char *service, const struct dns_sd *queue,
                         struct buffer *to)
{
        static const char *const kinds[] = { "", "_print._sub.", "_universal._sub." };

        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
                if (i == 2 && !queue->universal)
                        continue;
                buffer_format(to, "%s%s._tcp.%s. 3600 IN PTR ", kinds[i], service, place->domain);
                add_label(to, queue->instance);
                buffer_format(to, ".%s._tcp.%s.\n", service, place->domain);
        }
}

static void add_service(const struct dns_sd_place *place, const char *service, const struct dns_sd *queue,
                        struct buffer *to)
{
        add_pointers(place, service, queue, to);
        add_label(to, queue->instance);
        buffer_format(to, ".%s._tcp.%s. 3600 IN SRV 0 0 %u %s.\n", service, place->domain, place->port,
                      place->host);
        add_label(to, queue->instance);
        buffer_format(to, ".%s._tcp.%s. 3600 IN TXT (", service, place->domain);
        for (size_t i = 0; i < queue->count; i++) {
                buffer_add_text(to, TEXT_OF("\n        "));
                add_string(to, queue->strings[i]);
        }
        buffer_add_text(to, TEXT_OF(" )\n"));
}

void dns_sd_format_zone(const struct dns_sd_place *place, const struct dns_sd *queues, size_t count,
                        struct buffer *to)
{
        static const char *const services[] = { "_ipps", "_ipp" };

        /* Where to browse, for clients whose search domain this is (RFC 6763, section 11). */
        for (int i = 0; i < 2; i++)
                buffer_format(to, "%s._dns-sd._udp.%s. 3600 IN PTR %s.\n", i ? "lb" : "b", place->domain,
                              place->domain);
        for (size_t s = 0; s < (place->plain ? 2 : 1); s++)
                buffer_format(to, "_services._dns-sd._udp.%s. 3600 IN PTR %s._tcp.%s.\n", place->domain,
                              services[s], place->domain);
        for (size_t i = 0; i < count; i++)
                for (size_t s = 0; s < (place->plain ? 2 : 1); s++)
                        add_service(place, services[s], &queues[i], to);
}
