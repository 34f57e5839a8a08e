// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/mib.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define FOR_DISCOVERY (1 << PURPOSE_DISCOVERY)
#define FOR_METERS    (1 << PURPOSE_METERS)
#define FOR_SUPPLIES  (1 << PURPOSE_SUPPLIES)
#define FOR_STATUS    (1 << PURPOSE_STATUS)
#define FOR_ALL       (FOR_DISCOVERY | FOR_METERS | FOR_SUPPLIES | FOR_STATUS)

#define FOR_COUNTERS  (1 << PURPOSES) /* with the meters, where they are wanted */
#define ROWS_MAX      48
#define VALUES_MAX    40 /* in one answer, so that it stays one packet */

#define NAME(...)                                                                                       \
        {                                                                                               \
                { 1, 3, 6, 1, __VA_ARGS__ }, 4 + sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t) \
        }
#define SYSTEM(n)     NAME(2, 1, 1, n)
#define ENTITY(n)     NAME(2, 1, 47, 1, 1, 1, 1, n)
#define SUB(table, n) NAME(2, 1, 43, table, 2, 1, n)
#define SUPPLY(n)     NAME(2, 1, 43, 11, 1, 1, n)
#define ALERT(n)      NAME(2, 1, 43, 18, 1, 1, n)

enum item {
        SYS_DESCRIPTION,
        SYS_UP_TIME,
        SYS_NAME,
        SYS_LOCATION,
        GENERAL_NAME,
        GENERAL_SERIAL,
        HR_DEVICE,
        ENTITY_FIRMWARE,
        ENTITY_SOFTWARE,
        ENTITY_SERIAL,
        ENTITY_MAKE,
        ENTITY_MODEL,
        ENTITY_ASSET,
        PWG_ID,
        PHYSICAL_ADDRESS,
        STATE, /* what the courier reads: state-snmp.h */
        COVER_NAME,
        COVER_STATUS,
        MARKER_UNIT,
        MARKER_LIFE,
        MARKER_COLORANTS,
        SUPPLY_COLORANT,
        SUPPLY_CLASS,
        SUPPLY_TYPE,
        SUPPLY_NAME,
        SUPPLY_UNIT,
        SUPPLY_MAX,
        SUPPLY_LEVEL,
        COLORANT,
        PATH_UNIT,
        PATH_SPEED,
        PATH_TYPE,
        CHANNEL,
        LANGUAGE,
        FINISHER,
        LINE,
        ALERT_SEVERITY,
        ALERT_GROUP,
        ALERT_CODE,
        ALERT_DESCRIPTION,
        ALERT_TIME,
        RICOH_KIND,
        RICOH_COUNT,
        KONICA_GREY,
        KONICA_COLOUR,
        KONICA_SCANS,
        XEROX_COPIES,
        XEROX_SCANS,
};

/* Those of one table stand together, and are asked together; repetitions: as many rows as it mostly has, and
 * one to see its end. 1: the first row is all that is wanted. */
static const struct column {
        struct snmp_name name;
        enum item item;
        uint8_t purposes;
        uint8_t repetitions;
} columns[] = {
        { SYSTEM(1), SYS_DESCRIPTION, FOR_DISCOVERY, 1 },
        { SYSTEM(3), SYS_UP_TIME, FOR_DISCOVERY | FOR_STATUS, 1 },
        { SYSTEM(5), SYS_NAME, FOR_DISCOVERY, 1 },
        { SYSTEM(6), SYS_LOCATION, FOR_DISCOVERY, 1 },
        { NAME(2, 1, 43, 5, 1, 1, 16), GENERAL_NAME, FOR_DISCOVERY, 1 },
        { NAME(2, 1, 43, 5, 1, 1, 17), GENERAL_SERIAL, FOR_ALL, 1 },
        { NAME(2, 1, 25, 3, 5, 1, 1), STATE, FOR_DISCOVERY | FOR_STATUS, 1 },
        { NAME(2, 1, 25, 3, 5, 1, 2), STATE, FOR_DISCOVERY | FOR_STATUS, 1 },
        { NAME(4, 1, 2699, 1, 2, 1, 2, 1, 1, 3), PWG_ID, FOR_DISCOVERY, 1 },
        { ENTITY(9), ENTITY_FIRMWARE, FOR_DISCOVERY, 1 },
        { ENTITY(10), ENTITY_SOFTWARE, FOR_DISCOVERY, 1 },
        { ENTITY(11), ENTITY_SERIAL, FOR_DISCOVERY, 1 },
        { ENTITY(12), ENTITY_MAKE, FOR_DISCOVERY, 1 },
        { ENTITY(13), ENTITY_MODEL, FOR_DISCOVERY, 1 },
        { ENTITY(15), ENTITY_ASSET, FOR_DISCOVERY, 1 },
        { NAME(2, 1, 2, 2, 1, 6), PHYSICAL_ADDRESS, FOR_ALL, 3 },
        { NAME(2, 1, 25, 3, 2, 1, 3), HR_DEVICE, FOR_DISCOVERY, 3 },
        { NAME(2, 1, 43, 6, 1, 1, 2), COVER_NAME, FOR_DISCOVERY | FOR_STATUS, 3 },
        { NAME(2, 1, 43, 6, 1, 1, 3), COVER_STATUS, FOR_DISCOVERY | FOR_STATUS, 3 },
        { SUB(10, 4), MARKER_LIFE, FOR_DISCOVERY | FOR_METERS, 2 },
        { SUB(10, 3), MARKER_UNIT, FOR_DISCOVERY | FOR_METERS, 2 },
        { SUB(10, 6), MARKER_COLORANTS, FOR_DISCOVERY | FOR_METERS, 2 },
        { NAME(2, 1, 43, 13, 4, 1, 2), PATH_UNIT, FOR_DISCOVERY, 2 },
        { NAME(2, 1, 43, 13, 4, 1, 4), PATH_SPEED, FOR_DISCOVERY, 2 },
        { NAME(2, 1, 43, 13, 4, 1, 9), PATH_TYPE, FOR_DISCOVERY, 2 },
        { NAME(2, 1, 43, 30, 1, 1, 2), FINISHER, FOR_DISCOVERY, 2 },
        { SUB(8, 3), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 4), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 5), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 9), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 10), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 11), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 12), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUB(8, 13), STATE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { SUPPLY(3), SUPPLY_COLORANT, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(4), SUPPLY_CLASS, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(5), SUPPLY_TYPE, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(6), SUPPLY_NAME, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(7), SUPPLY_UNIT, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(8), SUPPLY_MAX, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { SUPPLY(9), SUPPLY_LEVEL, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { NAME(2, 1, 43, 12, 1, 1, 4), COLORANT, FOR_DISCOVERY | FOR_SUPPLIES, 5 },
        { NAME(2, 1, 43, 14, 1, 1, 2), CHANNEL, FOR_DISCOVERY, 5 },
        { NAME(2, 1, 43, 15, 1, 1, 2), LANGUAGE, FOR_DISCOVERY, 5 },
        { NAME(2, 1, 43, 16, 5, 1, 2), LINE, FOR_DISCOVERY | FOR_STATUS, 5 },
        { ALERT(2), ALERT_SEVERITY, FOR_DISCOVERY | FOR_STATUS | FOR_SUPPLIES, 4 },
        { ALERT(4), ALERT_GROUP, FOR_DISCOVERY | FOR_STATUS | FOR_SUPPLIES, 4 },
        { ALERT(7), ALERT_CODE, FOR_DISCOVERY | FOR_STATUS | FOR_SUPPLIES, 4 },
        { ALERT(8), ALERT_DESCRIPTION, FOR_DISCOVERY | FOR_STATUS | FOR_SUPPLIES, 4 },
        { ALERT(9), ALERT_TIME, FOR_DISCOVERY | FOR_STATUS | FOR_SUPPLIES, 4 },
        { NAME(4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 2), RICOH_KIND, FOR_COUNTERS, 8 },
        { NAME(4, 1, 367, 3, 2, 1, 2, 19, 5, 1, 9), RICOH_COUNT, FOR_COUNTERS, 8 },
        { NAME(4, 1, 18334, 1, 1, 1, 5, 7, 2, 2, 1, 5, 1), KONICA_GREY, FOR_COUNTERS, 2 },
        { NAME(4, 1, 18334, 1, 1, 1, 5, 7, 2, 2, 1, 5, 2), KONICA_COLOUR, FOR_COUNTERS, 2 },
        { NAME(4, 1, 18334, 1, 1, 1, 5, 7, 2, 3, 1, 5), KONICA_SCANS, FOR_COUNTERS, 1 },
        { NAME(4, 1, 253, 8, 53, 13, 2, 1, 6, 11, 20), XEROX_COPIES, FOR_COUNTERS, 12 },
        { NAME(4, 1, 253, 8, 53, 13, 2, 1, 6, 10, 20), XEROX_SCANS, FOR_COUNTERS, 12 },
};

void mib_probe(struct snmp_name ret[MIB_PROBE_COLUMNS])
{
        static const struct snmp_name names[MIB_PROBE_COLUMNS] = {
                NAME(2, 1, 25, 3, 5, 1, 1),            /* hrPrinterStatus */
                NAME(2, 1, 43, 5, 1, 1, 1),            /* prtGeneralConfigChanges */
                NAME(4, 1, 2699, 1, 2, 1, 2, 1, 1, 1), /* ppmPrinterIndex or what comes after it */
        };

        memcpy(ret, names, sizeof(names));
}

bool mib_is_printer(const struct snmp_answer *answer)
{
        static const struct snmp_name roots[] = { NAME(2, 1, 25, 3, 5), NAME(2, 1, 43),
                                                  NAME(4, 1, 2699, 1, 2) };
        const uint32_t *rest;
        size_t count;

        for (size_t i = 0; i < answer->value_count; i++)
                for (size_t k = 0; k < ARRAY_LENGTH(roots); k++)
                        if (answer->values[i].kind != SNMP_NOTHING &&
                            snmp_name_is_below(&answer->values[i].name, &roots[k], &rest, &count))
                                return true;
        return false;
}

void mib_begin(struct mib_walk *walk, enum purpose purpose, bool one_by_one, bool counters)
{
        static_assert(ARRAY_LENGTH(columns) <= MIB_COLUMNS_MAX, "room for every column");
        int wanted;

        wanted = 1 << purpose | (counters && purpose == PURPOSE_METERS ? FOR_COUNTERS : 0);
        *walk = (struct mib_walk){ .purpose = purpose, .one_by_one = one_by_one, .counters = counters };
        for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
                walk->places[i].is_done = !(columns[i].purposes & wanted);
        state_snmp_begin(&walk->state);
}

/* ---- what is asked ---- */

static struct snmp_name name_of(const struct mib_walk *walk, size_t column)
{
        const struct mib_place *place = &walk->places[column];
        struct snmp_name name = columns[column].name;

        memcpy(name.at + name.count, place->at, place->count * sizeof(place->at[0]));
        name.count += place->count;
        return name;
}

static uint32_t repetitions_of(const struct mib_walk *walk, size_t column)
{
        uint32_t repetitions = (uint32_t)columns[column].repetitions >> walk->fewer;

        return repetitions ? repetitions : 1;
}

bool mib_next(struct mib_walk *walk, struct snmp_name ret_names[MIB_ASKED_MAX], size_t *ret_count,
              uint32_t *ret_repetitions)
{
        uint32_t repetitions = 0;
        size_t count = 0, most = walk->fewer > 2 ? 1 : MIB_ASKED_MAX;

        if (walk->questions >= MIB_QUESTIONS_MAX)
                return false;
        for (size_t i = 0; i < ARRAY_LENGTH(columns) && count < most; i++) {
                if (walk->places[i].is_done)
                        continue;
                if (count == 0)
                        repetitions = repetitions_of(walk, i);
                if (repetitions_of(walk, i) != repetitions ||
                    (count && (count + 1) * repetitions > VALUES_MAX))
                        continue;
                ret_names[count] = name_of(walk, i);
                walk->asked[count++] = (uint8_t)i;
        }
        if (count == 0)
                return false;
        walk->questions++;
        walk->asked_count = count;
        walk->repetitions = repetitions;
        *ret_count = count;
        *ret_repetitions = walk->one_by_one ? 0 : repetitions;
        return true;
}

/* ---- what is answered ---- */

static int32_t number(const struct snmp_value *value, int32_t otherwise)
{
        return value->kind == SNMP_INTEGER && value->integer >= INT32_MIN && value->integer <= INT32_MAX
                       ? (int32_t)value->integer
                       : otherwise;
}

/* Of levels: below the special ones there is nothing. */
static int32_t level(const struct snmp_value *value)
{
        int32_t found = number(value, DEVICE_UNKNOWN);

        return found < DEVICE_SOME ? DEVICE_UNKNOWN : found;
}

static struct text words(const struct snmp_value *value)
{
        return value->kind == SNMP_OCTETS ? value->octets : (struct text){ "", 0 };
}

static void take_supply(struct device_supply *supply, enum item item, const struct snmp_value *value)
{
        switch (item) {
        case SUPPLY_COLORANT: supply->colorant = number(value, 0); break;
        case SUPPLY_CLASS: supply->class = number(value, 0); break;
        case SUPPLY_TYPE: supply->type = number(value, 0); break;
        case SUPPLY_NAME: device_set(supply->name, sizeof(supply->name), words(value)); break;
        case SUPPLY_UNIT: supply->unit = number(value, 0); break;
        case SUPPLY_MAX: supply->max = level(value); break;
        default: supply->level = level(value); break;
        }
}

static void take_alert(struct device_alert *alert, enum item item, const struct snmp_value *value)
{
        switch (item) {
        case ALERT_SEVERITY: alert->severity = number(value, 0); break;
        case ALERT_GROUP:
                device_set(alert->group, sizeof(alert->group), text_from(mib_alert_group(number(value, 0))));
                break;
        case ALERT_CODE:
                if (!alert->code[0])
                        snprintf(alert->code, sizeof(alert->code), "%" PRId32, number(value, 0));
                break;
        case ALERT_DESCRIPTION:
                device_set(alert->description, sizeof(alert->description), words(value));
                break;
        default: alert->since = value->kind == SNMP_INTEGER ? value->integer : -1; break;
        }
}

/* prtInterpreterLangFamily (IANA-PRINTER-MIB): its word, and the format, where there is one of that name. */
static void take_language(struct device *device, int32_t family)
{
        static const struct {
                int32_t family;
                const char *word, *format;
        } rows[] = {
                { 3, "langPCL", "application/vnd.hp-pcl" },
                { 4, "langHPGL", NULL },
                { 5, "langPJL", NULL },
                { 6, "langPS", "application/postscript" },
                { 15, "langLIPS", NULL },
                { 37, "langSimpleText", "text/plain" },
                { 39, "langCaPSL", NULL },
                { 40, "langEscP", NULL },
                { 47, "langPCLXL", "application/vnd.hp-pclxl" },
                { 54, "langPDF", "application/pdf" },
                { 68, "langPWGRaster", "image/pwg-raster" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (rows[i].family == family) {
                        device_add(&device->languages, text_from(rows[i].word));
                        device_add_format(device, text_from(rows[i].format));
                }
}

/* FinDeviceTypeTC (RFC 3806), as an enum of IPP's finishings. */
static void take_finisher(struct device *device, int32_t type)
{
        static const int32_t finishings[] = { [3] = 4 /* staple */,
                                              [4] = 10 /* fold */,
                                              [5] = 7 /* bind */,
                                              [6] = 11 /* trim */,
                                              [8] = 5 /* punch */ };

        if (type >= 0 && (size_t)type < ARRAY_LENGTH(finishings) && finishings[type])
                device_add_finishing(device, finishings[type]);
}

static void take_line(struct device *device, const struct snmp_value *value)
{
        for (size_t i = 0; i < DEVICE_LINES; i++)
                if (!device->display[i][0]) {
                        device_set(device->display[i], sizeof(device->display[i]), words(value));
                        return;
                }
}

/* Its life is asked before the unit of it, and waits as a meter without one. */
static void take_marker(struct device *device, enum item item, uint32_t marker,
                        const struct snmp_value *value)
{
        char name[DEVICE_KEYWORD];

        if (item == MARKER_COLORANTS) {
                int32_t colorants = number(value, 0);

                if (colorants > 0 && device->colour != DEVICE_YES)
                        device->colour = colorants > 1 ? DEVICE_YES : DEVICE_NO;
                return;
        }
        if (marker == 1)
                snprintf(name, sizeof(name), "life");
        else
                snprintf(name, sizeof(name), "life-%" PRIu32, marker);
        if (item == MARKER_LIFE) {
                (void)device_meter(device, name, "", value->kind == SNMP_INTEGER ? value->integer : -1);
                return;
        }
        for (size_t i = 0; i < device->meter_count; i++)
                if (strcmp(device->meters[i].name, name) == 0 && !device->meters[i].unit[0])
                        snprintf(device->meters[i].unit, sizeof(device->meters[i].unit), "%s",
                                 mib_counter_unit(number(value, 0)));
}

static void take_path(struct device *device, enum item item, const struct snmp_value *value)
{
        int32_t found = number(value, 0);

        if (item == PATH_TYPE && device->duplex != DEVICE_YES)
                device->duplex = found == 3 || found == 4 ? DEVICE_YES : DEVICE_NO;
        /* sheets an hour(8) is how most say it; a hundred a second nobody does */
        if (item == PATH_SPEED && device->pages_per_minute == 0 && found > 0 && found < 600000)
                device->pages_per_minute = -found;
        if (item == PATH_UNIT && device->pages_per_minute < 0 && found == 8)
                device->pages_per_minute = -device->pages_per_minute / 60;
}

static void take_system(struct device *device, enum item item, const struct snmp_value *value)
{
        struct text said = words(value);

        switch (item) {
        case SYS_DESCRIPTION: device_set(device->description, sizeof(device->description), said); break;
        case SYS_UP_TIME:
                if (value->kind == SNMP_INTEGER && device->up_seconds < 0)
                        device->up_seconds = value->integer / 100;
                break;
        case GENERAL_NAME:
        case SYS_NAME: device_set(device->name, sizeof(device->name), said); break;
        case SYS_LOCATION: device_set(device->location, sizeof(device->location), said); break;
        case GENERAL_SERIAL:
        case ENTITY_SERIAL: device_set_serial(device, said); break;
        case ENTITY_FIRMWARE:
        case ENTITY_SOFTWARE: device_set(device->firmware, sizeof(device->firmware), said); break;
        case ENTITY_MAKE: device_set(device->make, sizeof(device->make), said); break;
        case ENTITY_MODEL: device_set(device->model, sizeof(device->model), said); break;
        case ENTITY_ASSET: device_set(device->asset_number, sizeof(device->asset_number), said); break;
        case PWG_ID: device_read_id(device, said); break;
        default: device_set_mac(device, said); break;
        }
}

/* Most devices are a printer and say so twice: the processor's name is no model. */
static void take_host(struct device *device, const struct snmp_value *value, const struct snmp_walk *state)
{
        uint32_t index = value->name.at[value->name.count - 1];

        if (state->device == 0 || index == state->device)
                device_set(device->make_and_model, sizeof(device->make_and_model), words(value));
}

/* Ricoh's table says in one column what it counts in another; what it gives in several rows is added up. */
static void take_ricoh(struct mib_walk *walk, enum item item, uint32_t row, const struct snmp_value *value,
                       struct device *device)
{
        static const struct {
                uint16_t kind;
                const char *name;
        } rows[] = {
                { 200, "copies" },
                { 201, "copies-monochrome" },
                { 202, "copies-colour" },
                { 203, "copies-colour" },
                { 300, "faxes" },
                { 400, "prints" },
                { 401, "prints-monochrome" },
                { 402, "prints-colour" },
                { 403, "prints-colour" },
                { 870, "scans" },
                { 871, "scans" },
        };
        int32_t found = number(value, -1);

        if (item == RICOH_KIND) {
                if (row < MIB_KINDS && found > 0 && found <= UINT16_MAX)
                        walk->kinds[row] = (uint16_t)found;
                return;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (row < MIB_KINDS && rows[i].kind == walk->kinds[row])
                        device_count(device, rows[i].name, found);
}

static void take_counter(struct mib_walk *walk, enum item item, uint32_t row, const struct snmp_value *value,
                         struct device *device)
{
        bool is_copy = row == 1;
        int32_t found = number(value, -1);

        switch (item) {
        case RICOH_KIND:
        case RICOH_COUNT: take_ricoh(walk, item, row, value, device); break;
        case KONICA_GREY:
                if (row <= 2)
                        device_count(device, is_copy ? "copies-monochrome" : "prints-monochrome", found);
                break;
        case KONICA_COLOUR:
                if (row <= 2)
                        device_count(device, is_copy ? "copies-colour" : "prints-colour", found);
                break;
        case XEROX_COPIES:
                if (row == 3 || row == 25)
                        device_count(device, row == 25 ? "copies-colour" : "copies-monochrome", found);
                break;
        case XEROX_SCANS:
                if (row == 11 || row == 12) /* sent by mail, kept on the network */
                        device_count(device, "scans", found);
                break;
        default: device_count(device, "scans", found); break;
        }
}

static void take_item(struct mib_walk *walk, enum item item, const struct mib_place *place,
                      const struct snmp_value *value, struct device *device)
{
        uint32_t row = place->at[place->count - 1];
        struct device_supply *supply;
        struct device_cover *cover;
        struct device_alert *alert;

        switch (item) {
        case STATE: break;
        case HR_DEVICE: take_host(device, value, &walk->state); break;
        case COVER_NAME:
        case COVER_STATUS:
                cover = device_cover(device, row);
                if (cover && item == COVER_NAME)
                        device_set(cover->name, sizeof(cover->name), words(value));
                else if (cover)
                        cover->status = number(value, 0);
                break;
        case MARKER_UNIT:
        case MARKER_LIFE:
        case MARKER_COLORANTS: take_marker(device, item, row, value); break;
        case SUPPLY_COLORANT:
        case SUPPLY_CLASS:
        case SUPPLY_TYPE:
        case SUPPLY_NAME:
        case SUPPLY_UNIT:
        case SUPPLY_MAX:
        case SUPPLY_LEVEL:
                supply = device_supply(device, row);
                if (supply)
                        take_supply(supply, item, value);
                break;
        case COLORANT:
                for (size_t i = 0; i < device->supply_count; i++)
                        if (device->supplies[i].colorant == (int32_t)row)
                                device_set(device->supplies[i].colour, DEVICE_KEYWORD, words(value));
                break;
        case PATH_UNIT:
        case PATH_SPEED:
        case PATH_TYPE: take_path(device, item, value); break;
        case CHANNEL:
                /* PrtChannelTypeTC: chLPDServer, chPort9100, chAppSocket */
                device->has_lpd = device->has_lpd || number(value, 0) == 8;
                device->has_raw = device->has_raw || number(value, 0) == 11 || number(value, 0) == 12;
                break;
        case LANGUAGE: take_language(device, number(value, 0)); break;
        case FINISHER: take_finisher(device, number(value, 0)); break;
        case LINE: take_line(device, value); break;
        case ALERT_SEVERITY:
        case ALERT_GROUP:
        case ALERT_CODE:
        case ALERT_DESCRIPTION:
        case ALERT_TIME:
                alert = device_alert(device, row);
                if (alert)
                        take_alert(alert, item, value);
                break;
        case RICOH_KIND:
        case RICOH_COUNT:
        case KONICA_GREY:
        case KONICA_COLOUR:
        case KONICA_SCANS:
        case XEROX_COPIES:
        case XEROX_SCANS: take_counter(walk, item, row, value, device); break;
        default: take_system(device, item, value); break;
        }
}

/* One value into its column. The column is done where this is not the next thing in it. */
static void take_value(struct mib_walk *walk, size_t column, const struct snmp_value *value,
                       struct device *device)
{
        struct mib_place *place = &walk->places[column];
        struct snmp_name last = name_of(walk, column);
        const uint32_t *rest;
        size_t count;

        if (place->is_done)
                return;
        place->is_done = true;
        if (value->kind == SNMP_NOTHING || !snmp_name_is_before(&last, &value->name) ||
            !snmp_name_is_below(&value->name, &columns[column].name, &rest, &count) || count > MIB_SUFFIX_MAX)
                return;
        memcpy(place->at, rest, count * sizeof(rest[0]));
        place->count = (uint8_t)count;
        place->rows++;
        place->is_done = place->rows >= ROWS_MAX || columns[column].repetitions == 1;
        take_item(walk, columns[column].item, place, value, device);
}

/* What a device says instead of values (RFC 3416, section 4.2). Of SNMPv1 there is nothing behind a name;
 * where it does not say which, all of them are done. */
static void take_error(struct mib_walk *walk, const struct snmp_answer *answer)
{
        if (answer->error == SNMP_TOO_BIG && walk->fewer < 4) {
                walk->fewer++;
                return;
        }
        for (size_t i = 0; i < walk->asked_count; i++)
                if (answer->index < 1 || (size_t)answer->index > walk->asked_count ||
                    (size_t)answer->index == i + 1)
                        walk->places[walk->asked[i]].is_done = true;
}

void mib_take(struct mib_walk *walk, const struct snmp_answer *answer, struct device *device)
{
        if (walk->asked_count == 0)
                return;
        if (answer->error) {
                take_error(walk, answer);
                return;
        }
        (void)state_snmp_take(answer, &walk->state);
        /* Row by row, in each the columns in their order (RFC 3416, section 4.2.3). */
        for (size_t i = 0; i < answer->value_count; i++)
                take_value(walk, walk->asked[i % walk->asked_count], &answer->values[i], device);
        /* What nothing was said of will not be said again. */
        for (size_t i = answer->value_count; i < walk->asked_count; i++)
                if (answer->value_count == 0)
                        walk->places[walk->asked[i]].is_done = true;
}

/* The courier knows which paper it is, and the row how much. */
static void end_tray(const struct snmp_tray *row, const struct courier_tray *tray, struct device *device)
{
        struct device_tray *to = device_tray(device, row->index);

        if (!to)
                return;
        device_set(to->name, sizeof(to->name), text_from(row->name));
        device_set(to->source, sizeof(to->source), text_from(tray->source));
        device_set(to->media, sizeof(to->media), text_from(tray->media));
        device_set(to->type, sizeof(to->type), text_from(tray->type));
        to->max = row->row.capacity;
        to->level = row->row.level;
}

void mib_end(const struct mib_walk *walk, struct device *device)
{
        bool has_trays = device->tray_count > 0;
        struct courier_state state;

        state_snmp_end(&walk->state, &state);
        if (device->condition == COURIER_UNKNOWN)
                device->condition = state.condition;
        for (size_t i = 0; i < state.reason_count; i++)
                device_add(&device->errors, text_from(state.reasons[i]));
        for (size_t i = 0; !has_trays && i < state.tray_count; i++)
                end_tray(&walk->state.trays.at[i], &state.trays[i], device);
        if (device->pages_per_minute < 0)
                device->pages_per_minute = 0;
        if (!device->make_and_model[0] && device->make[0] && device->model[0])
                snprintf(device->make_and_model, sizeof(device->make_and_model), "%.*s %.*s",
                         (int)(DEVICE_KEYWORD - 1), device->make,
                         (int)(sizeof(device->make_and_model) - DEVICE_KEYWORD - 2), device->model);
        for (size_t i = 0; i < state.tray_count; i++)
                if (state.trays[i].media[0])
                        device_add(&device->media, text_from(state.trays[i].media));
}
