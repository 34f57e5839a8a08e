// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printers say of themselves, by IPP and by SNMP, as one state; and what is none. */

#include "courier/state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/scope.h"
#include "courier/state-snmp.h"
#include "ipp/build.h"
#include "ipp/message.h"

static bool tray_is(const struct courier_tray *tray, const char *source, const char *media, const char *type,
                    int32_t level, bool ready)
{
        printf("  %s %s %s %d %d\n", tray->source, tray->media, tray->type, tray->level, tray->ready);
        return strcmp(tray->source, source) == 0 && strcmp(tray->media, media) == 0 &&
               strcmp(tray->type, type) == 0 && tray->level == level && tray->ready == ready;
}

static void test_names(void)
{
        static const struct {
                int64_t width, height;
                const char *name; /* NULL: none */
        } rows[] = {
                { 21000, 29700, "custom_210x297mm_210x297mm" },
                { 29700, 21000, "custom_210x297mm_210x297mm" },
                { 21590, 27940, "custom_215.9x279.4mm_215.9x279.4mm" },
                { 10478, 24130, "custom_104.78x241.3mm_104.78x241.3mm" },
                { 0, 29700, NULL },
                { -2, -2, NULL },
                { 21000, 600000, NULL },
        };
        char name[COURIER_KEYWORD];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                bool good = courier_media_name(rows[i].width, rows[i].height, name);

                assert(good == !!rows[i].name && (!good || strcmp(name, rows[i].name) == 0));
        }
}

static void add_tray(struct ipp_builder *b, const char *source, int32_t width, int32_t height,
                     const char *type)
{
        ipp_begin_collection(b, "media-col-ready");
        ipp_begin_collection(b, "media-size");
        ipp_add_integer(b, "x-dimension", width);
        ipp_add_integer(b, "y-dimension", height);
        ipp_end_collection(b);
        if (source)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-source", source);
        if (type)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-type", type);
        ipp_end_collection(b);
}

static void test_ipp(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder b = ipp_answer(arena, 0, 1);
        struct courier_state state;

        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_add_enum(&b, "printer-state", 5);
        ipp_add_string(&b, IPP_TAG_KEYWORD, "printer-state-reasons", "media-empty-error");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "printer-state-reasons", "none");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "printer-state-reasons", "<script>");
        add_tray(&b, "main", 21000, 29700, "stationery");
        add_tray(&b, "by-pass-tray", 21590, 27940, NULL);
        add_tray(&b, "tray-3", 29700, 42000, "labels");
        ipp_add_string(
                &b, IPP_TAG_OCTET_STRING, "printer-input-tray",
                "dimunit=micrometers;mediafeed=297000;mediaxfeed=210000;maxcapacity=500;level=125;status=0;"
                "name=main;");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-input-tray",
                       "maxcapacity=100;level=0;status=0;name=by-pass-tray;");
        courier_state_read(b.group->attributes, &state);
        assert(state.condition == COURIER_STOPPED && state.reason_count == 1 &&
               strcmp(state.reasons[0], "media-empty-error") == 0);
        assert(state.tray_count == 3);
        assert(tray_is(&state.trays[0], "main", "custom_210x297mm_210x297mm", "stationery", 25, true));
        assert(tray_is(&state.trays[1], "by-pass-tray", "custom_215.9x279.4mm_215.9x279.4mm", "", 0, false));
        assert(tray_is(&state.trays[2], "tray-3", "custom_297x420mm_297x420mm", "labels", -1, true));
}

/* Names only, and trays by their place. */
static void test_plain_ipp(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder b = ipp_answer(arena, 0, 1);
        struct courier_state state;

        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_add_enum(&b, "printer-state", 77);
        ipp_add_string(&b, IPP_TAG_KEYWORD, "media-ready", "iso_a4_210x297mm");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "media-ready", "na_letter_8.5x11in");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-input-tray",
                       "maxcapacity=9;level=9;status=0;name=Tray 1");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-input-tray",
                       "maxcapacity=9;level=0;status=0;name=other");
        courier_state_read(b.group->attributes, &state);
        assert(state.condition == COURIER_UNKNOWN && state.reason_count == 0 && state.tray_count == 2);
        assert(tray_is(&state.trays[0], "tray-1", "iso_a4_210x297mm", "", 100, true));
        assert(tray_is(&state.trays[1], "other", "na_letter_8.5x11in", "", 0, false));
        courier_state_read(NULL, &state);
        assert(state.condition == COURIER_UNKNOWN && state.tray_count == 0);
}

static void add_value(struct snmp_answer *answer, enum snmp_column column, uint32_t device, uint32_t index,
                      int64_t integer, const char *octets)
{
        struct snmp_value *value = &answer->values[answer->value_count++];

        *value = (struct snmp_value){ .name = state_snmp_column(column),
                                      .kind = octets ? SNMP_OCTETS : SNMP_INTEGER,
                                      .integer = integer,
                                      .octets = text_from(octets ? octets : "") };
        value->name.at[value->name.count++] = device;
        if (index)
                value->name.at[value->name.count++] = index;
}

static void add_row(struct snmp_answer *answer, uint32_t index, int64_t capacity, int64_t level,
                    int64_t status, const char *media, const char *name)
{
        add_value(answer, SNMP_INPUT_CAPACITY, 1, index, capacity, NULL);
        add_value(answer, SNMP_INPUT_LEVEL, 1, index, level, NULL);
        add_value(answer, SNMP_INPUT_STATUS, 1, index, status, NULL);
        add_value(answer, SNMP_INPUT_MEDIA, 1, index, 0, media);
        add_value(answer, SNMP_INPUT_NAME, 1, index, 0, name);
}

static void test_snmp(void)
{
        static struct snmp_answer answer;
        static struct snmp_walk walk;
        struct courier_state state;

        state_snmp_begin(&walk);
        add_value(&answer, SNMP_STATUS, 1, 0, 1, NULL);
        add_value(&answer, SNMP_ERRORS, 1, 0, 0, "\x48"); /* noPaper, doorOpen */
        add_row(&answer, 1, 550, 220, 0, "iso_a4_210x297mm", "Tray 1");
        add_row(&answer, 2, 550, 0, 9, "na-letter-white", "Tray 2");
        assert(state_snmp_take(&answer, &walk));

        answer.value_count = 0;
        add_row(&answer, 3, 100, -3, 0, "A4 plain", "");
        add_row(&answer, 4, -2, -2, 0, "Custom stock", "Bypass (left)");
        add_value(&answer, SNMP_INPUT_UNIT, 1, 4, 4, NULL);
        add_value(&answer, SNMP_INPUT_FEED, 1, 4, 210000, NULL);
        add_value(&answer, SNMP_INPUT_CROSS, 1, 4, 297000, NULL);
        add_value(&answer, SNMP_INPUT_TYPE, 1, 4, 0, "stationery");
        add_row(&answer, 5, 100, 100, 0, "\x1b[2J", "\n");
        add_value(&answer, SNMP_INPUT_LEVEL, 2, 1, 7, NULL); /* another printer of the same device */
        assert(state_snmp_take(&answer, &walk));
        assert(!state_snmp_take(&answer, &walk));

        state_snmp_end(&walk, &state);
        assert(state.by_snmp && state.condition == COURIER_STOPPED && state.reason_count == 2);
        assert(strcmp(state.reasons[0], "media-empty") == 0 && strcmp(state.reasons[1], "door-open") == 0);
        assert(state.tray_count == 5);
        assert(tray_is(&state.trays[0], "tray-1", "iso_a4_210x297mm", "", 40, true));
        assert(tray_is(&state.trays[1], "tray-2", "na_letter_8.5x11in", "", 0, false));
        assert(tray_is(&state.trays[2], "tray-3", "iso_a4_210x297mm", "", -1, true));
        assert(tray_is(&state.trays[3], "bypass-left", "custom_210x297mm_210x297mm", "stationery", -1, true));
        assert(tray_is(&state.trays[4], "tray-5", "", "", 100, true));
}

/* More trays than there is room for. */
static void test_many_trays(void)
{
        static struct snmp_answer answer;
        static struct snmp_walk walk;
        struct courier_state state;

        state_snmp_begin(&walk);
        for (uint32_t i = 1; i <= 2 * COURIER_TRAYS; i++)
                add_value(&answer, SNMP_INPUT_LEVEL, 1, i, 1, NULL);
        (void)state_snmp_take(&answer, &walk);
        state_snmp_end(&walk, &state);
        assert(state.tray_count == COURIER_TRAYS);
}

int main(void)
{
        test_names();
        test_ipp();
        test_plain_ipp();
        test_snmp();
        test_many_trays();
        return 0;
}
