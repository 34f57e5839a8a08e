// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What an agent saw of printers. One that cannot be read refuses itself alone. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/live.h"
#include "core/printer/sighting.h"
#include "door/api/api.h"
#include "door/shape.h"
#include "door/sighting-reading.h"

#define BODY_OCTETS (1024 * 1024)
#define VALUE_MAX   (1LL << 53)
#define AGE_MAX_S   (7 * 86400)

static const char *const way_words[] = { "ipp", "snmp", "dns-sd", NULL };
static const char *const tried_words[] = { "answered",   "silent",           "refused",        "no-printer",
                                           "wrong-user", "wrong-passphrase", "not-understood", NULL };
static const char *const status_words[] = { "unknown", "idle", "processing", "stopped", NULL };
static const char *const cover_words[] = { "open", "closed", "unknown", NULL };
static const char *const level_words[] = { "level", "some", "unknown", "unlimited", NULL };

static const struct shape identity_shape[] = {
        { "uuid", SHAPE_WORDS, 63 },
        { "spki", SHAPE_KEYWORD, 64 },
        { "serial", SHAPE_WORDS, 63 },
        { "mac", SHAPE_WORDS, 17 },
        { NULL },
};

static const struct shape facts_shape[] = {
        { "description", SHAPE_WORDS, 255 },
        { "location", SHAPE_WORDS, 255 },
        { "name", SHAPE_WORDS, 255 },
        { "asset_number", SHAPE_WORDS, 63 },
        { "make", SHAPE_WORDS, 127 },
        { "model", SHAPE_WORDS, 127 },
        { "make_and_model", SHAPE_WORDS, 255 },
        { "device_id", SHAPE_WORDS, 1023 },
        { "firmware", SHAPE_WORDS, 255 },
        { "status", SHAPE_WORD, .words = status_words },
        { "reasons", SHAPE_KEYWORD, 63, 16 },
        { "errors", SHAPE_KEYWORD, 63, 16 },
        { "display", SHAPE_WORDS, 127, 8 },
        { "colour", SHAPE_FLAG },
        { "duplex", SHAPE_FLAG },
        { "formats", SHAPE_WORDS, CORE_FORMAT - 1, 24 },
        { "languages", SHAPE_WORDS, 63, 24 },
        { "media", SHAPE_KEYWORD, CORE_NAME - 1, 64 },
        { "media_types", SHAPE_KEYWORD, CORE_NAME - 1, 24 },
        { "media_sources", SHAPE_KEYWORD, CORE_NAME - 1, 24 },
        { "output_bins", SHAPE_KEYWORD, CORE_NAME - 1, 24 },
        { "finishings", SHAPE_NUMBER, UINT16_MAX, 32 },
        { "sheet_back", SHAPE_KEYWORD, CORE_NAME - 1 },
        { "resolution_dpi", SHAPE_NUMBER, 9600 },
        { "speed_ppm", SHAPE_NUMBER, 10000 },
        { "uris", SHAPE_ADDRESS, PRINTER_ADDRESS - 1, 8 },
        { "up_seconds", SHAPE_NUMBER, VALUE_MAX },
        { NULL },
};

static const struct shape meter_shape[] = {
        { "name", SHAPE_KEYWORD, CORE_NAME - 1, .required = true },
        { "unit", SHAPE_KEYWORD, CORE_NAME - 1, .required = true },
        { "value", SHAPE_NUMBER, VALUE_MAX, .required = true },
        { NULL },
};

static const struct shape supply_shape[] = {
        { "index", SHAPE_NUMBER, INT32_MAX, .required = true },
        { "name", SHAPE_WORDS, 255 },
        { "type", SHAPE_KEYWORD, 63 },
        { "colour", SHAPE_WORDS, 63 },
        { "unit", SHAPE_KEYWORD, 63 },
        { "max", SHAPE_NUMBER, VALUE_MAX },
        { "level", SHAPE_NUMBER, VALUE_MAX },
        { "state", SHAPE_WORD, .words = level_words, .required = true },
        { NULL },
};

static const struct shape tray_shape[] = {
        { "index", SHAPE_NUMBER, INT32_MAX, .required = true },
        { "name", SHAPE_WORDS, 255 },
        { "source", SHAPE_KEYWORD, 63 },
        { "media", SHAPE_KEYWORD, 63 },
        { "type", SHAPE_KEYWORD, 63 },
        { "max", SHAPE_NUMBER, VALUE_MAX },
        { "level", SHAPE_NUMBER, VALUE_MAX },
        { "state", SHAPE_WORD, .words = level_words, .required = true },
        { NULL },
};

static const struct shape cover_shape[] = {
        { "index", SHAPE_NUMBER, INT32_MAX, .required = true },
        { "name", SHAPE_WORDS, 255 },
        { "state", SHAPE_WORD, .words = cover_words, .required = true },
        { NULL },
};

static const struct shape alert_shape[] = {
        { "index", SHAPE_NUMBER, INT32_MAX, .required = true },
        { "severity", SHAPE_WORD, .words = alert_severity_names, .required = true },
        { "group", SHAPE_KEYWORD, CORE_NAME - 1, .required = true },
        { "code", SHAPE_KEYWORD, CORE_NAME - 1, .required = true },
        { "description", SHAPE_WORDS, CORE_TITLE - 1 },
        { "age", SHAPE_NUMBER, VALUE_MAX / 1000 },
        { NULL },
};

static const struct shape tried_shape[] = {
        { "way", SHAPE_WORD, .words = way_words, .required = true },
        { "outcome", SHAPE_WORD, .words = tried_words, .required = true },
        { NULL },
};

/* ---- one sighting ---- */

struct reading {
        struct sightings sightings;
        char complaints[SIGHTINGS_MAX][SHAPE_COMPLAINT];
        char *kept[SIGHTINGS_MAX][SIGHTING_KEPT];
        struct sighting at[SIGHTINGS_MAX];
};

static void reading_done(struct reading **at)
{
        struct reading *reading = *at;

        if (!reading)
                return;
        for (size_t i = 0; i < SIGHTINGS_MAX; i++)
                for (size_t k = 0; k < SIGHTING_KEPT; k++)
                        free(reading->kept[i][k]);
        explicit_bzero(reading, sizeof(*reading));
        free(reading);
}

static void lower(char *string)
{
        for (; *string; string++)
                *string = (char)tolower((unsigned char)*string);
}

static bool is_hex(const char *string, size_t digits)
{
        return strlen(string) == digits && strspn(string, "0123456789abcdef") == digits;
}

static bool is_mac(const char *string)
{
        for (size_t i = 0; i < 17; i++)
                if (i % 3 == 2 ? string[i] != ':' : !string[i] || !strchr("0123456789abcdef", string[i]))
                        return false;
        return !string[17];
}

/* Values that many devices of a kind have in common tell none from another. */
static bool is_nobodys(const char *string)
{
        return strspn(string, "0:-. ") == strlen(string) || strcasecmp(string, "unknown") == 0 ||
               strcasecmp(string, "none") == 0 || strcasecmp(string, "n/a") == 0 ||
               strcmp(string, "ff:ff:ff:ff:ff:ff") == 0;
}

static bool read_identity(json_t *value, struct sighting_identity *ret, char complaint[SHAPE_COMPLAINT])
{
        if (!value || json_is_null(value))
                return true;
        if (!shape_has(value, identity_shape, complaint))
                return false;
        text_copy(text_trim(text_from(shape_string(value, "uuid"))), ret->uuid, sizeof(ret->uuid));
        text_copy(text_from(shape_string(value, "spki")), ret->spki, sizeof(ret->spki));
        text_copy(text_trim(text_from(shape_string(value, "serial"))), ret->serial, sizeof(ret->serial));
        text_copy(text_from(shape_string(value, "mac")), ret->mac, sizeof(ret->mac));
        lower(ret->uuid);
        lower(ret->spki);
        lower(ret->mac);
        if ((ret->spki[0] && !is_hex(ret->spki, 64)) || (ret->mac[0] && !is_mac(ret->mac))) {
                snprintf(complaint, SHAPE_COMPLAINT,
                         "identity: spki has 64 hexadecimal digits, mac is aa:bb:cc:dd:ee:ff");
                return false;
        }
        if (is_nobodys(ret->serial))
                ret->serial[0] = '\0';
        if (is_nobodys(ret->mac))
                ret->mac[0] = '\0';
        if (text_starts_with(text_from(ret->uuid), "urn:uuid:") ? is_nobodys(ret->uuid + 9)
                                                                : is_nobodys(ret->uuid))
                ret->uuid[0] = '\0';
        return true;
}

static bool read_via(json_t *value, struct sighting *s)
{
        json_t *item;
        size_t i;

        if (!json_is_array(value) || json_array_size(value) > ARRAY_LENGTH(way_words) - 1)
                return false;
        json_array_foreach(value, i, item)
        {
                int way = -1;

                for (int k = 0; way_words[k]; k++)
                        if (json_is_string(item) && strcmp(json_string_value(item), way_words[k]) == 0)
                                way = k;
                if (way < 0)
                        return false;
                snprintf(s->via + strlen(s->via), sizeof(s->via) - strlen(s->via), "%s%s", i ? " " : "",
                         way_words[way]);
        }
        return true;
}

static bool is_told(json_t *sighting, const char *name, json_t **ret)
{
        *ret = json_object_get(sighting, name);
        return *ret && !json_is_null(*ret);
}

static bool keep(json_t *value, char **room, struct text *ret)
{
        *room = json_dumps(value, JSON_COMPACT);
        *ret = text_from(*room);
        return *room;
}

/* Lists and facts, as they are kept. */
static bool read_kept(json_t *value, char *kept[4], struct sighting *s, char complaint[SHAPE_COMPLAINT])
{
        const struct {
                const char *name;
                const struct shape *shape;
                size_t max; /* 0: one object */
                struct text *to;
        } lists[4] = { { "facts", facts_shape, 0, &s->facts },
                       { "supplies", supply_shape, 32, &s->supplies },
                       { "trays", tray_shape, 16, &s->trays },
                       { "covers", cover_shape, 16, &s->covers } };
        json_t *member;

        for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
                if (!is_told(value, lists[i].name, &member))
                        continue;
                if (lists[i].max ? !shape_has_all(member, lists[i].shape, lists[i].max, complaint)
                                 : !shape_has(member, lists[i].shape, complaint))
                        return false;
                if (!keep(member, &kept[i], lists[i].to)) {
                        snprintf(complaint, SHAPE_COMPLAINT, "%s: cannot be kept", lists[i].name);
                        return false;
                }
        }
        return true;
}

static bool read_meters(json_t *value, const char *name, size_t max, struct sighting_meter *to,
                        size_t *ret_count, char complaint[SHAPE_COMPLAINT])
{
        json_t *array, *item;
        size_t i;

        if (!is_told(value, name, &array))
                return true;
        if (!shape_has_all(array, meter_shape, max, complaint))
                return false;
        json_array_foreach(array, i, item)
        {
                text_copy(text_from(shape_string(item, "name")), to[i].name, sizeof(to[i].name));
                text_copy(text_from(shape_string(item, "unit")), to[i].unit, sizeof(to[i].unit));
                to[i].value = shape_number(item, "value", 0);
        }
        *ret_count = json_array_size(array);
        return true;
}

static bool read_alerts(json_t *value, struct sighting *s, char complaint[SHAPE_COMPLAINT])
{
        json_t *array, *item;
        size_t i;

        if (!is_told(value, "alerts", &array))
                return true;
        if (!shape_has_all(array, alert_shape, SIGHTING_ALERTS, complaint))
                return false;
        s->has_alerts = true;
        json_array_foreach(array, i, item)
        {
                struct sighting_alert *a = &s->alerts[s->alert_count++];

                a->index = shape_number(item, "index", 0);
                a->severity = (enum alert_severity)shape_word(item, "severity", alert_severity_names, 0);
                a->age_s = shape_number(item, "age", -1);
                text_copy(text_from(shape_string(item, "group")), a->group, sizeof(a->group));
                text_copy(text_from(shape_string(item, "code")), a->code, sizeof(a->code));
                text_copy(text_from(shape_string(item, "description")), a->description,
                          sizeof(a->description));
        }
        return true;
}

/* Not within a character. */
static void cut_words(const char *words, char to[CORE_NAME])
{
        size_t len = strlen(words);

        if (len >= CORE_NAME)
                for (len = CORE_NAME - 1; len && ((uint8_t)words[len] & 0xc0) == 0x80;)
                        len--;
        memcpy(to, words, len);
        to[len] = 0;
}

/* How full what it uses up is, where it is counted; looked into before. */
static void read_levels(json_t *value, struct sighting *s)
{
        json_t *array, *item;
        size_t i;

        if (!is_told(value, "supplies", &array))
                return;
        json_array_foreach(array, i, item)
        {
                int64_t max = shape_number(item, "max", 0), level = shape_number(item, "level", -1);
                struct sighting_level *to = &s->levels[s->level_count];

                if (max <= 0 || level < 0 || s->level_count == SIGHTING_LEVELS ||
                    strcmp(shape_string(item, "state"), "level") != 0)
                        continue;
                s->level_count++;
                to->index = shape_number(item, "index", 0);
                to->level = level >= max ? 1000 : (int32_t)(level * 1000 / max);
                cut_words(shape_string(item, "name"), to->name);
                cut_words(shape_string(item, "type"), to->type);
                cut_words(shape_string(item, "colour"), to->colour);
        }
}

bool sighting_read(json_t *value, char *kept[SIGHTING_KEPT], struct sighting *s,
                   char complaint[SHAPE_COMPLAINT])
{
        static const char *const others[] = { "identity", "facts", "meters", "counters",
                                              "supplies", "trays", "covers", "alerts" };
        struct members members;
        json_t *tried;
        bool good;

        members_open(&members, value);
        members_words(&members, "address", MEMBER_REQUIRED, s->address, sizeof(s->address));
        members_id(&members, "printer", MEMBER_OPTIONAL, &s->printer);
        members_number(&members, "age", MEMBER_OPTIONAL, 0, AGE_MAX_S, &s->age_s);
        tried = members_any(&members, "tried");
        if (!read_via(members_any(&members, "via"), s))
                members_complain(&members, "via: some of ipp, snmp, dns-sd");
        for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
                (void)members_any(&members, others[i]);
        if (!members_finish(&members)) {
                snprintf(complaint, SHAPE_COMPLAINT, "%.*s", SHAPE_COMPLAINT - 1, members.complaint);
                return false;
        }
        good = (!tried || shape_has_all(tried, tried_shape, 16, complaint)) &&
               read_identity(json_object_get(value, "identity"), &s->identity, complaint) &&
               read_kept(value, kept, s, complaint) &&
               read_meters(value, "meters", SIGHTING_METERS, s->meters, &s->meter_count, complaint) &&
               read_meters(value, "counters", SIGHTING_COUNTERS, s->counters, &s->counter_count, complaint) &&
               read_alerts(value, s, complaint);
        if (good)
                read_levels(value, s);
        if (good)
                text_copy(text_from(shape_string(json_object_get(value, "facts"), "make_and_model")),
                          s->make_and_model, sizeof(s->make_and_model));
        return good;
}

/* ---- all of them ---- */

static void read_progress(struct members *members, struct discovery_progress *ret)
{
        json_t *value = members_object(members, "progress", MEMBER_OPTIONAL);
        const struct {
                const char *name;
                int64_t *to;
        } numbers[] = { { "addresses", &ret->addresses }, { "asked", &ret->asked },
                        { "answered", &ret->answered },   { "found", &ret->found },
                        { "packets", &ret->packets },     { "octets", &ret->octets } };
        struct members progress;

        if (!value)
                return;
        members_open(&progress, value);
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                members_number(&progress, numbers[i].name, MEMBER_OPTIONAL, 0, VALUE_MAX, numbers[i].to);
        if (!members_finish(&progress))
                members_complain(members, "In \"progress\": %s", progress.complaint);
}

static bool read_all(struct request *request, struct reading *reading, int *ret_r)
{
        struct sightings *s = &reading->sightings;
        int purpose = DISCOVERY_PRINTERS, outcome = 0;
        struct members members;
        bool is_done = false;
        json_t *array, *item;
        size_t i;

        if (!request_members(request, &members, ret_r))
                return false;
        members_id(&members, "run", MEMBER_OPTIONAL, &s->run);
        members_word(&members, "purpose", MEMBER_REQUIRED, discovery_purpose_names, &purpose);
        members_flag(&members, "done", MEMBER_OPTIONAL, &is_done);
        /* "wanted" is the service's word. */
        if (!members_word(&members, "outcome", MEMBER_OPTIONAL, discovery_outcome_names + 1, &outcome))
                outcome = is_done ? DISCOVERY_DONE - 1 : 0;
        read_progress(&members, &s->progress);
        array = members_array(&members, "sightings", MEMBER_REQUIRED, SIGHTINGS_MAX);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        s->purpose = (enum discovery_purpose)purpose;
        s->outcome = (enum discovery_outcome)(outcome + 1);
        s->at = reading->at;
        s->count = json_array_size(array);
        json_array_foreach(array, i, item) if (!sighting_read(item, reading->kept[i], &reading->at[i],
                                                              reading->complaints[i])) reading->at[i]
                .refusal = reading->complaints[i];
        return true;
}

static json_t *refused_json(const struct reading *reading)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < reading->sightings.count; i++)
                if (reading->at[i].refusal)
                        json_array_append_new(array, json_pack("{s:I, s:o}", "index", (json_int_t)i, "why",
                                                               json_words(reading->at[i].refusal)));
        return array;
}

int sightings_open(struct request *request)
{
        buffer_init(&request->body, BODY_OCTETS);
        request->x->body_max_octets = BODY_OCTETS;
        return 0;
}

int sightings_answer(struct request *request)
{
        SCOPED(reading_done) struct reading *reading = calloc(1, sizeof(*reading));
        json_t *refused;
        int r;

        if (!reading)
                return fault(-ENOMEM);
        if (!read_all(request, reading, &r))
                return r;
        r = sightings_take(request->core, &request->actor, &reading->sightings);
        if (r)
                return request_refuse(request, r);
        live_agent(request->core, request->actor.tenant, request->actor.id, "discovery-goes-on");
        refused = refused_json(reading);
        return request_answer(request, 200,
                              json_pack("{s:I, s:o}", "taken",
                                        (json_int_t)(reading->sightings.count - json_array_size(refused)),
                                        "refused", refused));
}
