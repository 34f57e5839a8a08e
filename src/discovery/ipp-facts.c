// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/ipp-facts.h"

#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "courier/channel.h"
#include "ipp/get.h"

#define QUESTION_OCTETS 1200 /* about, with HTTP's head */

static void read_words(const struct ipp_attribute *printer, const char *name, char *to, size_t size)
{
        struct text value;

        if (ipp_get_name(printer, name, 1023, &value) == 0)
                device_set(to, size, value);
}

static void read_keywords(const struct ipp_attribute *printer, const char *name, struct device_list *list)
{
        const struct ipp_attribute *attribute = ipp_find(printer, name);

        for (const struct ipp_value *value = attribute ? attribute->values : NULL; value; value = value->next)
                if (ipp_tag_is_string(value->tag) && !text_equal_string(value->text, "none"))
                        device_add(list, value->text);
}

static void read_identity(const struct ipp_attribute *printer, struct device *device)
{
        struct text value;

        if (!device->uuid[0] &&
            ipp_get_keyword(printer, "printer-uuid", sizeof(device->uuid) - 1, &value) == 0 &&
            text_starts_with(value, "urn:uuid:"))
                (void)text_copy(value, device->uuid, sizeof(device->uuid));
        if (ipp_get_name(printer, "printer-device-id", DEVICE_ID - 1, &value) == 0)
                device_read_id(device, value);
        if (ipp_get_name(printer, "printer-serial-number", DEVICE_KEYWORD - 1, &value) == 0)
                device_set_serial(device, value);
        read_words(printer, "printer-info", device->description, sizeof(device->description));
        read_words(printer, "printer-name", device->name, sizeof(device->name));
        read_words(printer, "printer-location", device->location, sizeof(device->location));
        read_words(printer, "printer-make-and-model", device->make_and_model, sizeof(device->make_and_model));
        read_words(printer, "printer-firmware-string-version", device->firmware, sizeof(device->firmware));
}

static void read_status(const struct ipp_attribute *printer, struct device *device)
{
        int32_t number;

        if (ipp_get_integer(printer, "printer-state", COURIER_IDLE, COURIER_STOPPED, &number) == 0)
                device->condition = (enum courier_condition)number;
        if (ipp_get_integer(printer, "printer-up-time", 1, INT32_MAX, &number) == 0 && device->up_seconds < 0)
                device->up_seconds = number;
        read_keywords(printer, "printer-state-reasons", &device->reasons);
        read_words(printer, "printer-state-message", device->display[0], sizeof(device->display[0]));
}

static void read_capabilities(const struct ipp_attribute *printer, struct device *device)
{
        const struct ipp_attribute *finishings = ipp_find(printer, "finishings-supported"),
                                   *formats = ipp_find(printer, "document-format-supported");
        struct ipp_resolution resolution;
        struct text value;
        int32_t number;
        bool flag;

        if (ipp_get_boolean(printer, "color-supported", &flag) == 0)
                device->colour = flag ? DEVICE_YES : DEVICE_NO;
        if (ipp_find(printer, "sides-supported"))
                device->duplex = ipp_has_string(printer, "sides-supported", "two-sided-long-edge")
                                         ? DEVICE_YES
                                         : DEVICE_NO;
        if (ipp_get_integer(printer, "pages-per-minute", 1, 10000, &number) == 0)
                device->pages_per_minute = number;
        for (const struct ipp_value *at = formats ? formats->values : NULL; at; at = at->next)
                if (at->tag == IPP_TAG_MIME)
                        device_add_format(device, at->text);
        /* The default first: lists of media are long, and cut. */
        if (ipp_get_keyword(printer, "media-default", DEVICE_KEYWORD - 1, &value) == 0)
                device_add(&device->media, value);
        read_keywords(printer, "media-ready", &device->media);
        read_keywords(printer, "media-supported", &device->media);
        read_keywords(printer, "media-type-supported", &device->media_types);
        read_keywords(printer, "media-source-supported", &device->media_sources);
        read_keywords(printer, "output-bin-supported", &device->output_bins);
        for (const struct ipp_value *at = finishings ? finishings->values : NULL; at; at = at->next)
                if (at->tag == IPP_TAG_ENUM && at->integer > 3)
                        device_add_finishing(device, at->integer);
        if (ipp_get_keyword(printer, "pwg-raster-document-sheet-back", DEVICE_KEYWORD - 1, &value) == 0)
                device_set(device->sheet_back, sizeof(device->sheet_back), value);
        if (ipp_get_resolution(printer, "printer-resolution-default", &resolution) == 0 &&
            resolution.units == 3 && resolution.across > 0 && resolution.across <= 9600)
                device->dots_per_inch = resolution.across;
}

static void read_meters(const struct ipp_attribute *printer, struct device *device)
{
        static const struct {
                const char *attribute, *name, *unit;
        } rows[] = {
                { "printer-impressions-completed", "impressions", "impressions" },
                { "printer-pages-completed", "pages", "pages" },
                { "printer-media-sheets-completed", "sheets", "sheets" },
        };
        const struct ipp_attribute *members;
        int32_t number;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (ipp_get_integer(printer, rows[i].attribute, 0, INT32_MAX, &number) == 0)
                        (void)device_meter(device, rows[i].name, rows[i].unit, number);
        if (ipp_get_collection(printer, "printer-impressions-completed-col", &members) != 0)
                return;
        if (ipp_get_integer(members, "full-color", 0, INT32_MAX, &number) == 0)
                (void)device_meter(device, "impressions-colour", "impressions", number);
        if (ipp_get_integer(members, "monochrome", 0, INT32_MAX, &number) == 0)
                (void)device_meter(device, "impressions-monochrome", "impressions", number);
}

/* "type=toner;maxcapacity=100;level=42;colorantname=black;" (PWG 5100.13, section 5.6): the value of a word.
 */
static struct text part_of(struct text list, const char *key)
{
        struct text part, name, value;
        bool more = true;

        while (more) {
                more = text_cut(list, ';', &part, &list);
                if (text_cut(part, '=', &name, &value) && text_equal_nocase(text_trim(name), text_from(key)))
                        return text_trim(value);
        }
        return (struct text){ "", 0 };
}

/* A number with a sign, as those rows have them. */
static int32_t number_of(struct text list, const char *key, int32_t otherwise)
{
        struct text value = part_of(list, key);
        uint64_t number;

        if (text_starts_with(value, "-") &&
            text_number((struct text){ value.at + 1, value.len - 1 }, 3, &number) && number > 0)
                return -(int32_t)number;
        return text_number(value, INT32_MAX, &number) ? (int32_t)number : otherwise;
}

/* "markerSupply", "wasteToner", "toner-cartridge": small, with hyphens. */
static void set_word(struct text word, char ret[DEVICE_KEYWORD])
{
        size_t len = 0;

        for (size_t i = 0; i < word.len && len < DEVICE_KEYWORD - 2; i++) {
                char c = word.at[i];

                if (c >= 'A' && c <= 'Z') {
                        if (len && ret[len - 1] != '-')
                                ret[len++] = '-';
                        c = (char)(c - 'A' + 'a');
                }
                if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    (c == '-' && len && ret[len - 1] != '-'))
                        ret[len++] = c;
        }
        ret[len] = 0;
}

/* The value of that place in a list of strings; empty where there is none. */
static struct text string_at(const struct ipp_attribute *printer, const char *name, size_t place)
{
        const struct ipp_attribute *attribute = ipp_find(printer, name);
        const struct ipp_value *value = attribute ? attribute->values : NULL;

        while (value && place--)
                value = value->next;
        return value && ipp_tag_is_string(value->tag) ? value->text : (struct text){ "", 0 };
}

static void read_supplies(const struct ipp_attribute *printer, struct device *device)
{
        const struct ipp_attribute *rows = ipp_find(printer, "printer-supply");
        uint32_t index = 0;

        for (const struct ipp_value *value = rows ? rows->values : NULL; value;
             value = value->next, index++) {
                struct device_supply *supply;

                if (value->tag != IPP_TAG_OCTET_STRING)
                        continue;
                supply = device_supply(device, (uint32_t)number_of(value->text, "index", (int32_t)index + 1) &
                                                       INT32_MAX);
                if (!supply)
                        return;
                set_word(part_of(value->text, "type"), supply->kind);
                set_word(part_of(value->text, "unit"), supply->measure);
                supply->max = number_of(value->text, "maxcapacity", DEVICE_UNKNOWN);
                supply->level = number_of(value->text, "level", DEVICE_UNKNOWN);
                device_set(supply->colour, sizeof(supply->colour), part_of(value->text, "colorantname"));
                device_set(supply->name, sizeof(supply->name),
                           string_at(printer, "printer-supply-description", index));
        }
}

static int32_t integer_at(const struct ipp_attribute *printer, const char *name, size_t place)
{
        const struct ipp_attribute *attribute = ipp_find(printer, name);
        const struct ipp_value *value = attribute ? attribute->values : NULL;

        while (value && place--)
                value = value->next;
        return value && value->tag == IPP_TAG_INTEGER && value->integer >= DEVICE_SOME ? value->integer
                                                                                       : DEVICE_UNKNOWN;
}

/* The older way to say it (CUPS): percents. */
static void read_markers(const struct ipp_attribute *printer, struct device *device)
{
        const struct ipp_attribute *names = ipp_find(printer, "marker-names");
        uint32_t index = 0;

        if (device->supply_count > 0)
                return;
        for (const struct ipp_value *value = names ? names->values : NULL; value;
             value = value->next, index++) {
                struct device_supply *supply = device_supply(device, index + 1);

                if (!supply)
                        return;
                if (ipp_tag_is_string(value->tag))
                        device_set(supply->name, sizeof(supply->name), value->text);
                set_word(string_at(printer, "marker-types", index), supply->kind);
                memcpy(supply->measure, "percent", sizeof("percent"));
                supply->max = 100;
                supply->level = integer_at(printer, "marker-levels", index);
                if (supply->level > 100)
                        supply->level = DEVICE_UNKNOWN;
                device_set(supply->colour, sizeof(supply->colour),
                           string_at(printer, "marker-colors", index));
        }
}

static void read_alerts(const struct ipp_attribute *printer, struct device *device)
{
        const struct ipp_attribute *rows = ipp_find(printer, "printer-alert");
        uint32_t index = 0;

        for (const struct ipp_value *value = rows ? rows->values : NULL; value;
             value = value->next, index++) {
                struct device_alert *alert;

                if (value->tag != IPP_TAG_OCTET_STRING)
                        continue;
                alert = device_alert(device, (uint32_t)number_of(value->text, "index", (int32_t)index + 1) &
                                                     INT32_MAX);
                if (!alert)
                        return;
                alert->severity = text_equal_string(part_of(value->text, "severity"), "critical") ? 3 : 4;
                set_word(part_of(value->text, "group"), alert->group);
                set_word(part_of(value->text, "code"), alert->code);
                alert->since = number_of(value->text, "time", -1);
                device_set(alert->description, sizeof(alert->description),
                           string_at(printer, "printer-alert-description", index));
        }
}

static void read_trays(const struct ipp_attribute *printer, struct device *device)
{
        struct courier_state state;

        courier_state_read(printer, &state);
        for (size_t i = 0; i < state.tray_count; i++) {
                struct device_tray *tray = device_tray(device, (uint32_t)i + 1);

                if (!tray)
                        return;
                device_set(tray->source, sizeof(tray->source), text_from(state.trays[i].source));
                device_set(tray->media, sizeof(tray->media), text_from(state.trays[i].media));
                device_set(tray->type, sizeof(tray->type), text_from(state.trays[i].type));
                if (state.trays[i].level >= 0) {
                        tray->max = 100;
                        tray->level = state.trays[i].level;
                } else if (state.trays[i].ready) {
                        tray->level = DEVICE_SOME;
                }
        }
}

void device_read_ipp(const struct ipp_attribute *printer, struct device *device)
{
        read_identity(printer, device);
        read_status(printer, device);
        read_capabilities(printer, device);
        read_meters(printer, device);
        read_supplies(printer, device);
        read_markers(printer, device);
        read_alerts(printer, device);
        read_trays(printer, device);
}

/* ---- asking ---- */

#define FOR(purpose) (1 << (purpose))
#define FOR_ALL      15

static const struct {
        const char *name;
        unsigned purposes;
} wanted[] = {
        { "printer-uuid", FOR_ALL },
        { "printer-device-id", FOR_ALL },
        { "printer-serial-number", FOR_ALL },
        { "printer-info", FOR(PURPOSE_DISCOVERY) },
        { "printer-name", FOR(PURPOSE_DISCOVERY) },
        { "printer-location", FOR(PURPOSE_DISCOVERY) },
        { "printer-make-and-model", FOR_ALL },
        { "printer-firmware-string-version", FOR(PURPOSE_DISCOVERY) },
        { "printer-state", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "printer-state-reasons", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "printer-state-message", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "printer-up-time", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "color-supported", FOR(PURPOSE_DISCOVERY) },
        { "sides-supported", FOR(PURPOSE_DISCOVERY) },
        { "pages-per-minute", FOR(PURPOSE_DISCOVERY) },
        { "document-format-supported", FOR(PURPOSE_DISCOVERY) },
        { "media-default", FOR(PURPOSE_DISCOVERY) },
        { "media-supported", FOR(PURPOSE_DISCOVERY) },
        { "media-type-supported", FOR(PURPOSE_DISCOVERY) },
        { "media-source-supported", FOR(PURPOSE_DISCOVERY) },
        { "output-bin-supported", FOR(PURPOSE_DISCOVERY) },
        { "finishings-supported", FOR(PURPOSE_DISCOVERY) },
        { "pwg-raster-document-sheet-back", FOR(PURPOSE_DISCOVERY) },
        { "printer-resolution-default", FOR(PURPOSE_DISCOVERY) },
        { "media-ready", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "media-col-ready", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "printer-input-tray", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_STATUS) },
        { "printer-impressions-completed", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_METERS) },
        { "printer-impressions-completed-col", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_METERS) },
        { "printer-pages-completed", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_METERS) },
        { "printer-media-sheets-completed", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_METERS) },
        { "printer-supply", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "printer-supply-description", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "marker-names", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "marker-types", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "marker-levels", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "marker-colors", FOR(PURPOSE_DISCOVERY) | FOR(PURPOSE_SUPPLIES) },
        { "printer-alert", FOR_ALL & ~FOR(PURPOSE_METERS) },
        { "printer-alert-description", FOR_ALL & ~FOR(PURPOSE_METERS) },
};

static int outcome_of(int refusal)
{
        switch (refusal) {
        case CHANNEL_CLOSED: return IPP_FACTS_REFUSED;
        case CHANNEL_NO_IPP: return IPP_FACTS_NOT_UNDERSTOOD;
        default: return IPP_FACTS_SILENT;
        }
}

static int ask(struct channel *channel, enum purpose purpose, struct device *device)
{
        struct ipp_builder b = channel_begin(channel, IPP_GET_PRINTER_ATTRIBUTES);
        const struct ipp_group *group;
        struct ipp_message answer;
        int r;

        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
                if (wanted[i].purposes & FOR(purpose))
                        ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", wanted[i].name);
        r = channel_ask(channel, &b, &answer);
        if (r)
                return r < 0 ? r : outcome_of(r);
        group = ipp_group_find(&answer, IPP_TAG_PRINTER);
        if (!ipp_status_is_ok(answer.code))
                return IPP_FACTS_REFUSED;
        if (!group)
                return IPP_FACTS_NOT_UNDERSTOOD;
        device_read_ipp(group->attributes, device);
        if (!device->fingerprint[0])
                (void)text_copy(text_from(channel->seen.fingerprint), device->fingerprint,
                                sizeof(device->fingerprint));
        return 0;
}

int device_ask_ipp(const struct courier_address *address, enum purpose purpose, int64_t limit_ms,
                   struct device *device, uint64_t *ret_octets)
{
        struct courier_order order = {
                .limits = { .connect_ms = limit_ms, .answer_ms = limit_ms, .stall_ms = limit_ms }
        };
        struct attempt attempt = { .order = &order, .address = address };
        struct channel channel;
        int r;

        channel_init(&channel, &attempt);
        channel.until_ms = clock_monotonic_ms() + limit_ms;
        r = ask(&channel, purpose, device);
        *ret_octets = QUESTION_OCTETS + channel.answer.len;
        channel_done(&channel);
        if (r == 0)
                device_add_uri(device, address->uri);
        return r;
}
