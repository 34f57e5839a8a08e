// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How agents look for printers: settings, what they show when they ask, and runs. */

#include "core/printer/discovery.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "door/shape.h"

#define ADDRESSES_MAX (1LL << 20) /* of all ranges of an agent */

static const char *const way_words[] = { "ipp", "snmp", "dns-sd", NULL };
static const char *const discovery_words[] = { "daily", "weekly", "never", NULL };
static const char *const meters_words[] = { "daily", "never", NULL };
static const char *const version_words[] = { "1", "2c", "3", NULL };
static const char *const auth_words[] = { "md5", "sha-1", "sha-224", "sha-256", "sha-384", "sha-512", NULL };
static const char *const privacy_words[] = { "des",       "aes-128",   "aes-192", "aes-256",
                                             "aes-192-c", "aes-256-c", NULL };

static const struct shape settings_shape[] = {
        { "packets_per_second", SHAPE_NUMBER, 10000 },
        { "window", SHAPE_NUMBER, 4096 },
        { "timeout_ms", SHAPE_NUMBER, 30000 },
        { "retries", SHAPE_NUMBER, 5 },
        { "ways", SHAPE_WORD, .items = 3, .words = way_words },
        { "snmp_port", SHAPE_NUMBER, UINT16_MAX },
        { "ipp_port", SHAPE_NUMBER, UINT16_MAX },
        { "http_port", SHAPE_NUMBER, UINT16_MAX },
        { "pages", SHAPE_FLAG },
        { "ranges", SHAPE_WORDS, 40, 64 },
        { "excludes", SHAPE_WORDS, 40, 64 },
        { NULL },
};

static const struct shape hours_shape[] = {
        { "from", SHAPE_WORDS, 5, .required = true },
        { "to", SHAPE_WORDS, 5, .required = true },
        { NULL },
};

static const struct shape schedule_shape[] = {
        { "discovery", SHAPE_WORD, .words = discovery_words },
        { "weekday", SHAPE_NUMBER, 6 },
        { "at", SHAPE_WORDS, 5 },
        { "meters", SHAPE_WORD, .words = meters_words },
        { "meters_at", SHAPE_WORDS, 5 },
        { "supplies_minutes", SHAPE_NUMBER, 1440 },
        { NULL },
};

static const struct shape auth_shape[] = {
        { "protocol", SHAPE_WORD, .words = auth_words, .required = true },
        { "passphrase", SHAPE_WORDS, 255, .required = true },
        { NULL },
};

static const struct shape privacy_shape[] = {
        { "protocol", SHAPE_WORD, .words = privacy_words, .required = true },
        { "passphrase", SHAPE_WORDS, 255, .required = true },
        { "forced", SHAPE_FLAG },
        { NULL },
};

/* ---- is it what it may be ---- */

static bool read_address(struct text text, uint32_t *ret)
{
        char string[INET_ADDRSTRLEN];
        struct in_addr address;

        if (!text_copy(text, string, sizeof(string)) || inet_pton(AF_INET, string, &address) != 1)
                return false;
        *ret = ntohl(address.s_addr);
        return true;
}

/* "10.0.0.0/16", "10.0.0.1-10.0.0.90", "10.0.0.1": how many addresses; 0: it is none. */
static int64_t range_size(struct text text)
{
        struct text first, last;
        uint32_t from, to;
        uint64_t bits;

        if (text_cut(text, '/', &first, &last))
                return read_address(first, &from) && text_number(last, 32, &bits) && bits >= 8 &&
                                       (bits == 32 || !(from & UINT32_MAX >> bits))
                               ? 1LL << (32 - bits)
                               : 0;
        if (!text_cut(text, '-', &first, &last))
                return read_address(text, &from);
        return read_address(first, &from) && read_address(last, &to) && from <= to ? (int64_t)to - from + 1
                                                                                   : 0;
}

static bool check_ranges(json_t *array, int64_t most)
{
        int64_t sum = 0, size;
        json_t *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                size = range_size(text_from(json_string_value(item)));
                if (!size)
                        return false;
                sum += size;
        }
        return sum <= most;
}

/* "23:59" */
static bool is_time(const char *string)
{
        return strlen(string) == 5 && string[2] == ':' && strspn(string, "0123456789:") == 5 &&
               strchr(string + 3, ':') == NULL && string[1] != ':' && string[0] != ':' &&
               (string[0] < '2' || (string[0] == '2' && string[1] < '4')) && string[3] < '6';
}

static bool time_fits(json_t *object, const char *name)
{
        const char *string = shape_string(object, name);

        return !string[0] || is_time(string);
}

static bool check_settings(json_t *settings, struct members *members)
{
        json_t *hours = members_object(members, "hours", MEMBER_OPTIONAL);
        json_t *schedule = members_object(members, "schedule", MEMBER_OPTIONAL);
        char complaint[SHAPE_COMPLAINT];
        json_auto_t *rest = json_copy(settings);
        int64_t minutes = shape_number(schedule, "supplies_minutes", 0);

        json_object_del(rest, "hours");
        json_object_del(rest, "schedule");
        json_object_del(rest, "credentials");
        if (!shape_has(rest, settings_shape, complaint) ||
            (hours && !shape_has(hours, hours_shape, complaint)) ||
            (schedule && !shape_has(schedule, schedule_shape, complaint)))
                members_complain(members, "%s", complaint);
        else if (!check_ranges(json_object_get(rest, "ranges"), ADDRESSES_MAX) ||
                 !check_ranges(json_object_get(rest, "excludes"), INT64_MAX / 128))
                members_complain(
                        members,
                        "ranges and excludes: IPv4 as 10.0.0.0/16, 10.0.0.1-10.0.0.90 or 10.0.0.1; %lld"
                        " addresses at most.",
                        ADDRESSES_MAX);
        else if (!time_fits(hours, "from") || !time_fits(hours, "to") || !time_fits(schedule, "at") ||
                 !time_fits(schedule, "meters_at"))
                members_complain(members, "Times are written as 19:30.");
        else if (minutes > 0 && minutes < 15)
                members_complain(members, "supplies_minutes: 0 for never, or 15 to 1440.");
        else if (shape_number(rest, "packets_per_second", 1) < 1 || shape_number(rest, "window", 1) < 1 ||
                 shape_number(rest, "timeout_ms", 100) < 100 || shape_number(rest, "snmp_port", 1) < 1 ||
                 shape_number(rest, "ipp_port", 1) < 1 || shape_number(rest, "http_port", 1) < 1)
                members_complain(members,
                                 "packets_per_second, window and ports are at least 1, timeout_ms 100.");
        return !members->complaint[0];
}

/* A passphrase of SNMPv3 has at least eight octets (RFC 3414, section 11.2). */
static bool pass_fits(json_t *value, const struct shape *shape, char complaint[SHAPE_COMPLAINT])
{
        if (!value || json_is_null(value))
                return true;
        if (!shape_has(value, shape, complaint))
                return false;
        snprintf(complaint, SHAPE_COMPLAINT, "passphrase: 8 to 255 octets");
        return strlen(shape_string(value, "passphrase")) >= 8;
}

static bool credential_fits(json_t *value, char complaint[SHAPE_COMPLAINT])
{
        static const struct shape by_community[] = {
                { "version", SHAPE_WORD, .words = version_words, .required = true },
                { "community", SHAPE_WORDS, 64, .required = true },
                { "write", SHAPE_FLAG },
                { NULL },
        };
        static const struct shape by_user[] = {
                { "version", SHAPE_WORD, .words = version_words, .required = true },
                { "user", SHAPE_WORDS, 32, .required = true },
                { "context", SHAPE_WORDS, 32 },
                { "write", SHAPE_FLAG },
                { NULL },
        };
        json_auto_t *rest = NULL;
        json_t *privacy;

        if (strcmp(shape_string(value, "version"), "3") != 0)
                return shape_has(value, by_community, complaint);
        rest = json_copy(value);
        privacy = json_object_get(value, "privacy");
        json_object_del(rest, "auth");
        json_object_del(rest, "privacy");
        if (!shape_has(rest, by_user, complaint) ||
            !pass_fits(json_object_get(value, "auth"), auth_shape, complaint) ||
            !pass_fits(privacy, privacy_shape, complaint))
                return false;
        snprintf(complaint, SHAPE_COMPLAINT, "privacy needs auth");
        if (json_is_object(privacy) && !json_is_object(json_object_get(value, "auth")))
                return false;
        snprintf(complaint, SHAPE_COMPLAINT,
                 "privacy: DES can be read by others; say \"forced\": true where nothing else will do");
        return strcmp(shape_string(privacy, "protocol"), "des") != 0 ||
               json_is_true(json_object_get(privacy, "forced"));
}

static void check_credentials(json_t *array, struct members *members)
{
        char complaint[SHAPE_COMPLAINT] = "";
        json_t *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                if (!credential_fits(item, complaint)) {
                        members_complain(members, "In \"credentials\": %s", complaint);
                        return;
                }
        }
}

/* ---- settings ---- */

static json_t *load(const struct buffer *kept, bool is_list)
{
        struct text text = buffer_text(kept);
        json_t *value = text.len ? json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;

        return value ? value : is_list ? json_array() : json_object();
}

/* Everything but what is secret: nobody reads that again. */
static json_t *without_secrets(const struct buffer *credentials)
{
        json_t *array = load(credentials, true), *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                json_object_del(item, "community");
                json_object_del(json_object_get(item, "auth"), "passphrase");
                json_object_del(json_object_get(item, "privacy"), "passphrase");
        }
        return array;
}

static int answer_settings(struct request *request, struct id agent)
{
        SCOPED(buffer_wipe) struct buffer credentials = BUFFER(DISCOVERY_CREDENTIALS_OCTETS);
        SCOPED(buffer_done) struct buffer settings = BUFFER(DISCOVERY_SETTINGS_OCTETS);
        json_t *value;
        int r = discovery_find(request->core, &request->actor, agent, &settings, &credentials);

        if (r)
                return request_refuse(request, r);
        value = load(&settings, false);
        if (json_object_set_new(value, "credentials", without_secrets(&credentials))) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 200, value);
}

int agent_discovery_answer(struct request *request)
{
        struct id agent;

        return request_id(request, 0, &agent) ? answer_settings(request, agent)
                                              : request_refuse(request, CORE_NOT_FOUND);
}

/* Those for writing are shown to one printer at a time, and to no network. */
static bool is_for_writing(json_t *credential)
{
        return json_is_true(json_object_get(credential, "write"));
}

static bool has_writing(json_t *credentials)
{
        json_t *item;
        size_t i;

        json_array_foreach(credentials, i, item)
        {
                if (is_for_writing(item))
                        return true;
        }
        return false;
}

json_t *credentials_json(const struct buffer *kept, bool is_writing)
{
        json_t *array = load(kept, true);

        for (size_t i = json_array_size(array); i-- > 0;)
                if (is_for_writing(json_array_get(array, i)) != is_writing)
                        json_array_remove(array, i);
        return array;
}

static void wipe_string(char **string)
{
        if (*string)
                explicit_bzero(*string, strlen(*string));
        free(*string);
}

int agent_discovery_set_answer(struct request *request)
{
        json_auto_t *settings = NULL;
        SCOPED(wipe_string) char *secret = NULL;
        SCOPED(freep) char *kept = NULL;
        struct members members;
        json_t *credentials;
        struct id agent;
        int r;

        if (!request_id(request, 0, &agent))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        credentials = members_array(&members, "credentials", MEMBER_OPTIONAL, 16);
        if (check_settings(request->json, &members))
                check_credentials(credentials, &members);
        if (members.complaint[0])
                return request_complain(request, &members);
        settings = json_copy(request->json);
        json_object_del(settings, "credentials");
        kept = json_dumps(settings, JSON_COMPACT | JSON_SORT_KEYS);
        if (credentials)
                secret = json_dumps(credentials, JSON_COMPACT);
        if (!kept || (credentials && !secret))
                return fault(-ENOMEM);
        r = discovery_set(request->core, &request->actor, agent, text_from(kept),
                          credentials ? text_from(secret) : (struct text){ NULL, 0 },
                          has_writing(credentials));
        return r ? request_refuse(request, r) : answer_settings(request, agent);
}

/* ---- the agent's side ---- */

json_t *discovery_configuration_json(struct request *request)
{
        SCOPED(buffer_done) struct buffer settings = BUFFER(DISCOVERY_SETTINGS_OCTETS);
        int r = discovery_of_agent(request->core, &request->actor, &settings, NULL);

        if (r)
                return NULL;
        return settings.len ? load(&settings, false) : json_null();
}

json_t *asking_credentials_json(struct request *request, bool wanted)
{
        SCOPED(buffer_wipe) struct buffer credentials = BUFFER(DISCOVERY_CREDENTIALS_OCTETS);

        if (!wanted || discovery_of_agent(request->core, &request->actor, NULL, &credentials) != 0)
                return json_array();
        return credentials_json(&credentials, false);
}

static json_t *target_json(const struct discovery_target *target)
{
        return json_pack("{s:o, s:s, s:{s:o, s:o}, s:b}", "printer", json_of_id(target->printer), "address",
                         target->address, "identity", "uuid", json_words_or_null(target->uuid), "spki",
                         json_words_or_null(target->spki), "counters", target->counts);
}

static json_t *next_json(const struct discovery_run *run)
{
        return id_is_zero(run->id) ? json_null()
                                   : json_pack("{s:o, s:s}", "run", json_of_id(run->id), "purpose",
                                               discovery_purpose_names[run->purpose]);
}

int discovery_work_answer(struct request *request)
{
        SCOPED(buffer_wipe) struct buffer credentials = BUFFER(DISCOVERY_CREDENTIALS_OCTETS);
        SCOPED(freep) struct discovery_target *targets = calloc(DISCOVERY_PRINTERS_MAX, sizeof(*targets));
        json_t *printers = json_array();
        struct discovery_run run;
        size_t count = 0;
        int r = targets && printers ? 0 : fault(-ENOMEM);

        if (r == 0)
                r = discovery_of_agent(request->core, &request->actor, NULL, &credentials);
        if (r == 0)
                r = discovery_targets(request->core, &request->actor, targets, DISCOVERY_PRINTERS_MAX, &count,
                                      &run);
        for (size_t i = 0; r == 0 && i < count; i++)
                json_array_append_new(printers, target_json(&targets[i]));
        if (r == 0)
                return request_answer(request, 200,
                                      json_pack("{s:o, s:o, s:o}", "credentials",
                                                credentials_json(&credentials, false), "printers", printers,
                                                "run", next_json(&run)));
        json_decref(printers);
        return request_refuse(request, r);
}

/* ---- runs ---- */

static json_t *run_json(const struct discovery_run *run)
{
        const struct discovery_progress *p = &run->progress;

        return json_pack("{s:o, s:o, s:s, s:s, s:{s:I, s:I, s:I, s:I, s:I, s:I}, s:o, s:o, s:o}", "id",
                         json_of_id(run->id), "agent", json_of_id(run->agent), "purpose",
                         discovery_purpose_names[run->purpose], "state", discovery_outcome_names[run->state],
                         "progress", "addresses", (json_int_t)p->addresses, "asked", (json_int_t)p->asked,
                         "answered", (json_int_t)p->answered, "found", (json_int_t)p->found, "packets",
                         (json_int_t)p->packets, "octets", (json_int_t)p->octets, "created",
                         json_of_time(run->created_ms), "told", json_of_time(run->told_ms), "ended",
                         json_of_time(run->ended_ms));
}

static json_t *format_run(const void *item, void *context)
{
        return run_json(item);
}

int discovery_runs_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id agent;
        int r;

        if (!request_id(request, 0, &agent))
                return request_refuse(request, CORE_NOT_FOUND);
        r = request_whole_page(sizeof(struct discovery_run), DISCOVERY_RUNS_KEPT, &page);
        if (r == 0)
                r = discovery_run_list(request->core, &request->actor, agent, page.items, page.max,
                                       &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_run, NULL);
}

int discovery_run_make_answer(struct request *request)
{
        int purpose = DISCOVERY_PRINTERS, r;
        struct discovery_run run;
        struct members members;
        struct id agent;

        if (!request_id(request, 0, &agent))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "purpose", MEMBER_OPTIONAL, discovery_purpose_names, &purpose);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = discovery_run_make(request->core, &request->actor, agent, (enum discovery_purpose)purpose, &run);
        return r ? request_refuse(request, r) : request_answer(request, 201, run_json(&run));
}

int discovery_run_stop_answer(struct request *request)
{
        struct id run;
        int r;

        if (!request_id(request, 0, &run))
                return request_refuse(request, CORE_NOT_FOUND);
        r = discovery_run_stop(request->core, &request->actor, run);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
