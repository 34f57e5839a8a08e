// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How agents look for printers, their runs, and what they found. */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "os/file.h"

#define CREDENTIALS_OCTETS 65536
#define FOLLOW_MS          1000

static const struct column settings[] = {
        { "Ranges", "ranges", COLUMN_TEXT },
        { "Excluded", "excludes", COLUMN_TEXT },
        { "Ways", "ways", COLUMN_TEXT },
        { "Packets a second", "packets_per_second", COLUMN_TEXT },
        { "From", "hours.from", COLUMN_TEXT },
        { "To", "hours.to", COLUMN_TEXT },
        { "Discovery", "schedule.discovery", COLUMN_TEXT },
        { "Weekday", "schedule.weekday", COLUMN_TEXT },
        { "At", "schedule.at", COLUMN_TEXT },
        { "Meters", "schedule.meters", COLUMN_TEXT },
        { "At", "schedule.meters_at", COLUMN_TEXT },
        { "Supplies, every so many minutes", "schedule.supplies_minutes", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column runs[] = {
        { "CREATED", "created", COLUMN_TIME },
        { "PURPOSE", "purpose", COLUMN_TEXT },
        { "STATE", "state", COLUMN_TEXT },
        { "ADDRESSES", "progress.addresses", COLUMN_TEXT },
        { "ASKED", "progress.asked", COLUMN_TEXT },
        { "FOUND", "progress.found", COLUMN_TEXT },
        { "PACKETS", "progress.packets", COLUMN_TEXT },
        { "OCTETS", "progress.octets", COLUMN_TEXT },
        { "ENDED", "ended", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column one_run[] = {
        { "Purpose", "purpose", COLUMN_TEXT },
        { "State", "state", COLUMN_TEXT },
        { "Addresses", "progress.addresses", COLUMN_TEXT },
        { "Asked", "progress.asked", COLUMN_TEXT },
        { "Found", "progress.found", COLUMN_TEXT },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column found[] = {
        { "ADDRESS", "address", COLUMN_TEXT },
        { "MAKE AND MODEL", "make_and_model", COLUMN_TEXT },
        { "SERIAL", "identity.serial", COLUMN_TEXT },
        { "VIA", "via", COLUMN_TEXT },
        { "SEEN", "seen", COLUMN_TIME },
        { "PRINTER", "printer", COLUMN_TEXT, "/v1/printers" },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column adopted[] = {
        { "Name", "name", COLUMN_TEXT },
        { "Addresses", "addresses", COLUMN_TEXT },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option setting_members[] = {
        { "range", "ranges", MEMBER_TEXTS },
        { "exclude", "excludes", MEMBER_TEXTS },
        { "way", "ways", MEMBER_TEXTS },
        { "packets", "packets_per_second", MEMBER_NUMBER },
        { "window", "window", MEMBER_NUMBER },
        { "timeout-ms", "timeout_ms", MEMBER_NUMBER },
        { "retries", "retries", MEMBER_NUMBER },
        { "pages", "pages", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

static const struct member_option schedule_members[] = {
        { "discovery", "discovery", MEMBER_TEXT },
        { "weekday", "weekday", MEMBER_NUMBER },
        { "at", "at", MEMBER_TEXT },
        { "meters", "meters", MEMBER_TEXT },
        { "meters-at", "meters_at", MEMBER_TEXT },
        { "supplies-minutes", "supplies_minutes", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

static const struct member_option run_members[] = {
        { "purpose", "purpose", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

int discovery_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open_agent(&session, invocation, "/v1/agents/%/discovery", path, sizeof(path));

        return status ? status : change_run(&session, "GET", path, NULL, settings);
}

/* "19:00-06:00"; empty: always. */
static bool set_hours(const struct invocation *invocation, json_t *change)
{
        const char *hours = option_value(invocation, "hours");
        struct text from, to;

        if (!hours)
                return true;
        if (!hours[0])
                return json_object_set_new(change, "hours", json_null()) == 0;
        if (!text_cut(text_from(hours), '-', &from, &to)) {
                fprintf(stderr, "--hours: such as 19:00-06:00\n");
                return false;
        }
        json_object_set_new(change, "hours",
                            json_pack("{s:s%, s:s%}", "from", from.at, from.len, "to", to.at, to.len));
        return true;
}

/* From a file, for what is in it does not belong among the words of a command. */
static bool set_credentials(const struct invocation *invocation, json_t *change)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(CREDENTIALS_OCTETS);
        const char *path = option_value(invocation, "credentials");
        json_t *json;

        if (!path)
                return true;
        if (file_read(path, CREDENTIALS_OCTETS, &octets) != 0) {
                fprintf(stderr, "%s: cannot be read\n", path);
                return false;
        }
        json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_array(json)) {
                fprintf(stderr,
                        "%s: a list in JSON, such as [{\"version\": \"2c\", \"community\": \"public\"}]\n",
                        path);
                json_decref(json);
                return false;
        }
        json_object_set_new(change, "credentials", json);
        return true;
}

/* What is not named stays as it is: the settings are read, changed, and written as a whole. */
int discovery_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *change = json_object();
        SCOPED(json_decrefp) json_t *schedule = json_object();
        json_t *kept = NULL, *kept_schedule;
        char path[256];
        int status;

        if (!members_set(invocation, setting_members, change, &status) ||
            !members_set(invocation, schedule_members, schedule, &status))
                return status;
        if (!set_hours(invocation, change) || !set_credentials(invocation, change))
                return EXIT_REFUSED;
        status = session_open_agent(&session, invocation, "/v1/agents/%/discovery", path, sizeof(path));
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &kept);
        if (status)
                return status;
        /* They are shown without what is secret; those that are not named stay. */
        json_object_del(kept, "credentials");
        json_object_update(kept, change);
        kept_schedule = json_object_get(kept, "schedule");
        if (json_is_object(kept_schedule))
                json_object_update(kept_schedule, schedule);
        else if (json_object_size(schedule) > 0)
                json_object_set(kept, "schedule", schedule);
        return change_run(&session, "PUT", path, kept, settings);
}

static const json_t *run_of(const json_t *list, const char *id)
{
        const json_t *run;
        size_t i;

        json_array_foreach(list, i, run)
        {
                if (strcmp(json_string_value(json_object_get(run, "id")), id) == 0)
                        return run;
        }
        return NULL;
}

static void say_progress(const json_t *progress)
{
        fprintf(stderr, "%lld of %lld addresses, %lld printers\n",
                (long long)json_integer_value(json_object_get(progress, "asked")),
                (long long)json_integer_value(json_object_get(progress, "addresses")),
                (long long)json_integer_value(json_object_get(progress, "found")));
}

/* Says how far it is until it is over. Of so many runs that it is not among them any more nothing is said. */
static int follow(struct session *session, const char *path, const char *id)
{
        for (;;) {
                SCOPED(json_decrefp) json_t *list = NULL;
                const json_t *run;
                int status = session_list(session, path, 0, &list);

                if (status)
                        return status;
                run = run_of(list, id);
                if (!run)
                        return EXIT_DONE;
                if (!json_is_null(json_object_get(run, "ended"))) {
                        if (!session_print_json(session, (json_t *)run))
                                table_print_one(stdout, one_run, run);
                        return EXIT_DONE;
                }
                if (!session->json)
                        say_progress(json_object_get(run, "progress"));
                clock_pause(FOLLOW_MS);
        }
}

int discovery_run_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *run = NULL;
        json_t *body = json_object();
        char path[256];
        int status;

        if (members_set(invocation, run_members, body, &status))
                status = session_open_agent(&session, invocation, "/v1/agents/%/discovery/runs", path,
                                            sizeof(path));
        if (status) {
                json_decref(body);
                return status;
        }
        if (!option_flag(invocation, "follow"))
                return change_run(&session, "POST", path, body, one_run);
        status = session_call(&session, "POST", path, body, &run);
        return status ? status : follow(&session, path, json_string_value(json_object_get(run, "id")));
}

int discovery_runs_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *list = NULL;
        char path[256];
        int status =
                session_open_agent(&session, invocation, "/v1/agents/%/discovery/runs", path, sizeof(path));

        if (status == EXIT_DONE)
                status = session_list(&session, path, 0, &list);
        if (status == EXIT_DONE && !session_print_json(&session, list))
                table_print(stdout, runs, list, "No runs yet. Begin one: imprimatur discovery run AGENT");
        return status;
}

int discovery_stop_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/discovery-runs/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_call(&session, "DELETE", path, NULL, NULL);
}

int discovery_found_command(struct invocation *invocation)
{
        const char *which = option_value(invocation, "which");
        char path[128];

        if (!path_make(path, sizeof(path), "/v1/discovered-printers?which=%", which ? which : "new", ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, found,
                        "None. Set where an agent looks: imprimatur discovery set AGENT --range 10.0.0.0/16");
}

int discovery_adopt_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/discovered-printers/%/printer", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status
                      : change_run(&session, "POST", path,
                                   json_pack("{s:s}", "name", invocation->operands[1]), adopted);
}
