// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A printer's state by Get-Printer-Attributes (RFC 8011, section 4.2.5). */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "courier/channel.h"
#include "courier/date.h"
#include "courier/input-tray.h"
#include "courier/state.h"
#include "ipp/get.h"

static void read_reasons(const struct ipp_attribute *printer, struct courier_state *ret)
{
        const struct ipp_attribute *reasons = ipp_find(printer, "printer-state-reasons");
        const struct ipp_value *value;

        for (value = reasons ? reasons->values : NULL; value && ret->reason_count < COURIER_REASONS;
             value = value->next)
                if (ipp_tag_is_string(value->tag) && !text_equal_string(value->text, "none") &&
                    courier_keyword_copy(value->text, ret->reasons[ret->reason_count]))
                        ret->reason_count++;
}

/* A member of a collection that is a keyword or a name; empty where it is something else. */
static void copy_member(const struct ipp_attribute *members, const char *name, char ret[COURIER_KEYWORD])
{
        struct text value;

        ret[0] = 0;
        if (ipp_get_keyword(members, name, COURIER_KEYWORD - 1, &value) == 0)
                (void)courier_keyword_copy(value, ret);
}

static void read_size(const struct ipp_attribute *members, char ret[COURIER_KEYWORD])
{
        const struct ipp_attribute *size;
        int32_t width, height;

        copy_member(members, "media-size-name", ret);
        if (!ret[0] && ipp_get_collection(members, "media-size", &size) == 0 &&
            ipp_get_integer(size, "x-dimension", 1, INT32_MAX, &width) == 0 &&
            ipp_get_integer(size, "y-dimension", 1, INT32_MAX, &height) == 0)
                (void)courier_media_name(width, height, ret);
}

static void read_columns(const struct ipp_attribute *ready, struct courier_state *ret)
{
        for (const struct ipp_value *value = ready->values; value && ret->tray_count < COURIER_TRAYS;
             value = value->next) {
                struct courier_tray *tray = &ret->trays[ret->tray_count];

                if (value->tag != IPP_TAG_COLLECTION)
                        continue;
                *tray = (struct courier_tray){ .level = COURIER_LEVEL_UNKNOWN, .ready = true };
                read_size(value->members, tray->media);
                copy_member(value->members, "media-source", tray->source);
                copy_member(value->members, "media-type", tray->type);
                if (tray->media[0] || tray->source[0])
                        ret->tray_count++;
        }
}

static void read_names(const struct ipp_attribute *ready, struct courier_state *ret)
{
        for (const struct ipp_value *value = ready->values; value && ret->tray_count < COURIER_TRAYS;
             value = value->next) {
                struct courier_tray *tray = &ret->trays[ret->tray_count];

                *tray = (struct courier_tray){ .level = COURIER_LEVEL_UNKNOWN, .ready = true };
                if (ipp_tag_is_string(value->tag) && courier_keyword_copy(value->text, tray->media))
                        ret->tray_count++;
        }
}

/* The tray that a row is about: by its name, else by its place where there is a row for each. */
static struct courier_tray *tray_of(struct courier_state *state, const struct input_tray *row, size_t place,
                                    size_t rows)
{
        for (size_t i = 0; i < state->tray_count; i++)
                if (state->trays[i].source[0] &&
                    text_equal_nocase(row->name, text_from(state->trays[i].source)))
                        return &state->trays[i];
        return rows == state->tray_count ? &state->trays[place] : NULL;
}

static void note_level(struct courier_tray *tray, const struct input_tray *row)
{
        tray->level = input_tray_percent(row);
        tray->ready = tray->ready && input_tray_is_ready(row);
        if (!tray->source[0])
                (void)courier_keyword_copy(row->name, tray->source);
        if (!tray->media[0])
                (void)courier_media_name(input_tray_side(row, row->feed),
                                         input_tray_side(row, row->cross_feed), tray->media);
}

static void read_levels(const struct ipp_attribute *printer, struct courier_state *ret)
{
        const struct ipp_attribute *rows = ipp_find(printer, "printer-input-tray");
        const struct ipp_value *value;
        size_t place = 0;

        for (value = rows ? rows->values : NULL; value; value = value->next, place++) {
                struct courier_tray *tray;
                struct input_tray row;

                if (value->tag != IPP_TAG_OCTET_STRING || !input_tray_parse(value->text, &row))
                        continue;
                tray = tray_of(ret, &row, place, ipp_value_count(rows));
                if (tray)
                        note_level(tray, &row);
        }
}

void courier_state_read(const struct ipp_attribute *printer, struct courier_state *ret)
{
        const struct ipp_attribute *columns = ipp_find(printer, "media-col-ready"),
                                   *names = ipp_find(printer, "media-ready");
        int32_t state;

        *ret = (struct courier_state){ .condition = COURIER_UNKNOWN };
        if (ipp_get_integer(printer, "printer-state", COURIER_IDLE, COURIER_STOPPED, &state) == 0)
                ret->condition = (enum courier_condition)state;
        read_reasons(printer, ret);
        if (columns)
                read_columns(columns, ret);
        if (ret->tray_count == 0 && names)
                read_names(names, ret);
        read_levels(printer, ret);
        /* So that each can be spoken of. */
        for (size_t i = 0; i < ret->tray_count; i++)
                if (!ret->trays[i].source[0])
                        snprintf(ret->trays[i].source, COURIER_KEYWORD, "tray-%zu", i + 1);
}

/* As before a delivery: the key is the stronger proof. */
static bool is_the_one(const struct courier_question *question, const struct channel *channel,
                       const struct ipp_attribute *printer)
{
        const struct courier_identity *wanted = &question->identity;
        struct text uuid;

        if (!wanted->uuid[0] || (courier_identity_has_key(wanted) && channel->seen.fingerprint[0]))
                return true;
        return ipp_get_keyword(printer, "printer-uuid", sizeof(wanted->uuid) - 1, &uuid) == 0 &&
               text_equal_nocase(uuid, text_from(wanted->uuid));
}

static void read_formats(const struct ipp_attribute *printer, struct courier_facts *ret)
{
        const struct ipp_attribute *formats = ipp_find(printer, "document-format-supported");
        const struct ipp_value *value;

        for (value = formats ? formats->values : NULL; value && ret->format_count < COURIER_FORMATS;
             value = value->next)
                if (value->tag == IPP_TAG_MIME && value->text.len > 0 && text_is_printable(value->text) &&
                    text_copy(value->text, ret->formats[ret->format_count], COURIER_KEYWORD))
                        ret->format_count++;
}

static void read_facts(const struct ipp_attribute *printer, struct courier_facts *ret)
{
        const struct ipp_attribute *time = ipp_find(printer, "printer-current-time");

        *ret = (struct courier_facts){ .reason = NULL };
        read_formats(printer, ret);
        if (time && time->values->tag == IPP_TAG_DATE_TIME)
                ret->has_clock = courier_date_parse(time->values->text, &ret->clock_ms);
}

static int ask(const struct courier_question *question, struct channel *channel, struct courier_state *ret,
               struct courier_facts *ret_facts)
{
        static const char *const names[] = {
                "printer-uuid",
                "printer-state",
                "printer-state-reasons",
                "media-ready",
                "media-col-ready",
                "printer-input-tray",
                /* for the facts */
                "document-format-supported",
                "printer-current-time",
        };
        size_t count = ARRAY_LENGTH(names) - (ret_facts ? 0 : 2);
        struct ipp_builder b = channel_begin(channel, IPP_GET_PRINTER_ATTRIBUTES);
        const struct ipp_group *group;
        struct ipp_message answer;
        int r;

        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        for (size_t i = 0; i < count; i++)
                ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", names[i]);
        r = channel_ask(channel, &b, &answer);
        if (r)
                return r < 0 ? r : COURIER_SILENT;
        group = ipp_group_find(&answer, IPP_TAG_PRINTER);
        if (!ipp_status_is_ok(answer.code) || !group || !is_the_one(question, channel, group->attributes))
                return COURIER_SILENT;
        courier_state_read(group->attributes, ret);
        if (ret_facts)
                read_facts(group->attributes, ret_facts);
        return 0;
}

int courier_look_by_ipp(const struct courier_question *question, const struct courier_address *address,
                        int64_t limit_ms, struct courier_state *ret, struct courier_facts *ret_facts)
{
        struct courier_order order = {
                .identity = question->identity,
                .limits = { .connect_ms = limit_ms, .answer_ms = limit_ms, .stall_ms = limit_ms }
        };
        struct attempt attempt = { .order = &order, .address = address };
        struct channel channel;
        int r;

        channel_init(&channel, &attempt);
        channel.until_ms = clock_monotonic_ms() + limit_ms;
        r = ask(question, &channel, ret, ret_facts);
        channel_done(&channel);
        return r;
}
