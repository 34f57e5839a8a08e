// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/sighting.h"

#include <string.h>

#include "base/scope.h"
#include "discovery/mib.h"

static const char *const ways[WAYS] = { "ipp", "snmp", "dns-sd" };

const char *way_name(enum way way)
{
        return ways[way];
}

static const char *tried_name(enum tried tried)
{
        static const char *const names[] = {
                [TRIED_SILENT] = "silent",
                [TRIED_REFUSED] = "refused",
                [TRIED_NOT_UNDERSTOOD] = "not-understood",
                [TRIED_WRONG_USER] = "wrong-user",
                [TRIED_WRONG_PASSPHRASE] = "wrong-passphrase",
                [TRIED_NO_PRINTER] = "no-printer",
                [TRIED_ANSWERED] = "answered",
        };

        return names[tried];
}

void sighting_init(struct sighting *sighting, uint32_t address, enum purpose purpose)
{
        sighting->printer = (struct id){ 0 };
        range_address_format(address, sighting->address);
        sighting->purpose = purpose;
        memset(sighting->tried, 0, sizeof(sighting->tried));
        sighting->octets = 0;
        sighting->packets = 0;
        sighting->counters = false;
        sighting->was_cut = false;
        device_init(&sighting->device);
}

void sighting_note(struct sighting *sighting, enum way way, enum tried tried)
{
        if (tried > sighting->tried[way])
                sighting->tried[way] = tried;
}

bool sighting_is_printer(const struct sighting *sighting)
{
        return sighting->tried[WAY_IPP] == TRIED_ANSWERED || sighting->tried[WAY_SNMP] == TRIED_ANSWERED;
}

/* ---- as JSON; what is empty is not said ---- */

static void set_words(json_t *object, const char *name, const char *words)
{
        if (words[0])
                json_object_set_new(object, name, json_string(words));
}

static void set_number(json_t *object, const char *name, int64_t number)
{
        json_object_set_new(object, name, json_integer(number));
}

static void set_list(json_t *object, const char *name, const struct device_list *list, size_t most)
{
        json_t *array = json_array();

        for (size_t i = 0; i < list->count && i < most; i++)
                json_array_append_new(array, json_string(list->at[i]));
        json_object_set_new(object, name, array);
}

static void set_listed(json_t *object, const char *name, const struct device_list *list)
{
        if (list->count > 0)
                set_list(object, name, list, DEVICE_KEYWORDS);
}

static void set_answer(json_t *object, const char *name, enum device_answer answer)
{
        if (answer != DEVICE_NOT_SAID)
                json_object_set_new(object, name, json_boolean(answer == DEVICE_YES));
}

static json_t *identity_format(const struct device *device)
{
        json_t *json = json_object();

        set_words(json, "uuid", device->uuid);
        set_words(json, "spki", device->fingerprint);
        set_words(json, "serial", device->serial);
        set_words(json, "mac", device->mac);
        return json;
}

static void set_status(json_t *json, const struct device *device)
{
        json_t *display = json_array();

        json_object_set_new(json, "status", json_string(courier_condition_name(device->condition)));
        set_list(json, "reasons", &device->reasons, 16);
        set_list(json, "errors", &device->errors, 16);
        for (size_t i = 0; i < DEVICE_LINES; i++)
                if (device->display[i][0])
                        json_array_append_new(display, json_string(device->display[i]));
        json_object_set_new(json, "display", display);
        if (device->up_seconds >= 0)
                set_number(json, "up_seconds", device->up_seconds);
}

static void set_capabilities(json_t *json, const struct device *device)
{
        json_t *finishings = json_array();

        set_answer(json, "colour", device->colour);
        set_answer(json, "duplex", device->duplex);
        set_listed(json, "formats", &device->formats);
        set_listed(json, "languages", &device->languages);
        set_listed(json, "media", &device->media);
        set_listed(json, "media_types", &device->media_types);
        set_listed(json, "media_sources", &device->media_sources);
        set_listed(json, "output_bins", &device->output_bins);
        for (size_t i = 0; i < device->finishing_count; i++)
                json_array_append_new(finishings, json_integer(device->finishings[i]));
        json_object_set_new(json, "finishings", finishings);
        set_words(json, "sheet_back", device->sheet_back);
        if (device->dots_per_inch > 0)
                set_number(json, "resolution_dpi", device->dots_per_inch);
        if (device->pages_per_minute > 0)
                set_number(json, "speed_ppm", device->pages_per_minute);
}

/* Where documents can go: where it answered, and where it says that it listens. */
static json_t *uris_format(const struct sighting *sighting)
{
        const struct device *device = &sighting->device;
        json_t *array = json_array();

        for (size_t i = 0; i < device->uri_count; i++)
                if (strlen(device->uris[i]) < 256)
                        json_array_append_new(array, json_string(device->uris[i]));
        if (device->has_raw)
                json_array_append_new(array, json_sprintf("socket://%s:9100", sighting->address));
        if (device->has_lpd)
                json_array_append_new(array, json_sprintf("lpd://%s:515/lp", sighting->address));
        return array;
}

static json_t *facts_format(const struct sighting *sighting)
{
        const struct device *device = &sighting->device;
        json_t *json = json_object();

        if (sighting->purpose == PURPOSE_DISCOVERY) {
                set_words(json, "description", device->description);
                set_words(json, "name", device->name);
                set_words(json, "location", device->location);
                set_words(json, "asset_number", device->asset_number);
                set_words(json, "make", device->make);
                set_words(json, "model", device->model);
                set_words(json, "make_and_model", device->make_and_model);
                set_words(json, "device_id", device->device_id);
                set_words(json, "firmware", device->firmware);
                set_capabilities(json, device);
                json_object_set_new(json, "uris", uris_format(sighting));
        }
        if (sighting->purpose == PURPOSE_DISCOVERY || sighting->purpose == PURPOSE_STATUS)
                set_status(json, device);
        return json;
}

static json_t *meters_format(const struct device_meter *meters, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(array, json_pack("{s:s, s:s, s:I}", "name", meters[i].name, "unit",
                                                       meters[i].unit[0] ? meters[i].unit : "unknown",
                                                       "value", (json_int_t)meters[i].value));
        return array;
}

/* RFC 3805, prtMarkerSuppliesLevel: -1 no limit, -2 unknown, -3 some. */
static void set_level(json_t *json, int32_t max, int32_t level)
{
        const char *state = level >= 0              ? "level"
                            : level == DEVICE_SOME  ? "some"
                            : level == DEVICE_OTHER ? "unlimited"
                                                    : "unknown";

        json_object_set_new(json, "state", json_string(state));
        if (max >= 0)
                set_number(json, "max", max);
        if (level >= 0)
                set_number(json, "level", level);
}

static json_t *supplies_format(const struct device *device)
{
        json_t *array = json_array();

        for (size_t i = 0; i < device->supply_count; i++) {
                const struct device_supply *supply = &device->supplies[i];
                json_t *json = json_pack("{s:I}", "index", (json_int_t)supply->index);

                set_words(json, "name", supply->name);
                set_words(json, "type", supply->kind[0] ? supply->kind : mib_supply_type(supply->type));
                set_words(json, "unit", supply->measure[0] ? supply->measure : mib_supply_unit(supply->unit));
                set_words(json, "colour", supply->colour);
                set_level(json, supply->max, supply->level);
                json_array_append_new(array, json);
        }
        return array;
}

static json_t *trays_format(const struct device *device)
{
        json_t *array = json_array();

        for (size_t i = 0; i < device->tray_count; i++) {
                const struct device_tray *tray = &device->trays[i];
                json_t *json = json_pack("{s:I}", "index", (json_int_t)tray->index);

                set_words(json, "name", tray->name);
                set_words(json, "source", tray->source);
                set_words(json, "media", tray->media);
                set_words(json, "type", tray->type);
                set_level(json, tray->max, tray->level);
                json_array_append_new(array, json);
        }
        return array;
}

static json_t *covers_format(const struct device *device)
{
        json_t *array = json_array();

        for (size_t i = 0; i < device->cover_count; i++) {
                const struct device_cover *cover = &device->covers[i];
                /* PrtCoverStatusTC: interlocks are covers that stop what moves. */
                const char *state = cover->status == 3 || cover->status == 5   ? "open"
                                    : cover->status == 4 || cover->status == 6 ? "closed"
                                                                               : "unknown";
                json_t *json = json_pack("{s:I, s:s}", "index", (json_int_t)cover->index, "state", state);

                set_words(json, "name", cover->name);
                json_array_append_new(array, json);
        }
        return array;
}

static json_t *alerts_format(const struct device *device)
{
        json_t *array = json_array();

        for (size_t i = 0; i < device->alert_count; i++) {
                const struct device_alert *alert = &device->alerts[i];
                json_t *json =
                        json_pack("{s:I, s:s, s:s, s:s}", "index", (json_int_t)alert->index, "severity",
                                  alert->severity == 3                           ? "critical"
                                  : alert->severity == 4 || alert->severity == 5 ? "warning"
                                                                                 : "information",
                                  "group", alert->group[0] ? alert->group : "other", "code",
                                  alert->code[0] ? alert->code : "unknown");

                set_words(json, "description", alert->description);
                if (alert->since >= 0 && device->up_seconds >= alert->since / 100)
                        set_number(json, "age", device->up_seconds - alert->since / 100);
                json_array_append_new(array, json);
        }
        return array;
}

static json_t *tried_format(const struct sighting *sighting)
{
        json_t *array = json_array();

        for (size_t i = 0; i < WAYS; i++)
                if (sighting->tried[i] != TRIED_NOT)
                        json_array_append_new(array, json_pack("{s:s, s:s}", "way", ways[i], "outcome",
                                                               tried_name(sighting->tried[i])));
        return array;
}

static void set_told(json_t *json, const struct sighting *sighting)
{
        const struct device *device = &sighting->device;
        enum purpose purpose = sighting->purpose;
        bool all = purpose == PURPOSE_DISCOVERY;

        json_object_set_new(json, "identity", identity_format(device));
        json_object_set_new(json, "facts", facts_format(sighting));
        if (all || purpose == PURPOSE_METERS)
                json_object_set_new(json, "meters", meters_format(device->meters, device->meter_count));
        if (sighting->counters && purpose == PURPOSE_METERS)
                json_object_set_new(json, "counters", meters_format(device->counters, device->counter_count));
        if (all || purpose == PURPOSE_SUPPLIES)
                json_object_set_new(json, "supplies", supplies_format(device));
        if (all || purpose == PURPOSE_STATUS) {
                json_object_set_new(json, "trays", trays_format(device));
                json_object_set_new(json, "covers", covers_format(device));
        }
        /* A list that was cut is not all of it: what is not in it may still be. */
        if (purpose != PURPOSE_METERS && !sighting->was_cut)
                json_object_set_new(json, "alerts", alerts_format(device));
}

json_t *sighting_format(const struct sighting *sighting)
{
        json_t *json = json_pack("{s:s}", "address", sighting->address), *via = json_array();
        char id[ID_STRING];

        for (size_t i = 0; i < WAYS; i++)
                if (sighting->tried[i] == TRIED_ANSWERED)
                        json_array_append_new(via, json_string(ways[i]));
        json_object_set_new(json, "via", via);
        json_object_set_new(json, "tried", tried_format(sighting));
        if (!id_is_zero(sighting->printer)) {
                id_format(sighting->printer, id);
                json_object_set_new(json, "printer", json_string(id));
        }
        if (sighting_is_printer(sighting))
                set_told(json, sighting);
        return json;
}
