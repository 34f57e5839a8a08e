// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Settings of the device behind a printer: written by its agent, because somebody asked for it. */

#include "core/printer/device-configure.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/discovery.h"
#include "door/api/api.h"
#include "door/shape.h"

#define TASKS_MAX 4
#define WAIT_MS   14000

static const char *const console_words[] = { "enabled", "disabled", NULL };
static const char *const page_words[] = { "on", "off", NULL };
static const char *const outcome_words[] = {
        "changed", "unchanged", "refused", "unknown", "not-tried", NULL
};

/* RFC 3418 and RFC 3805 say how long each may be; discovery/configure.h has where they stand. */
static const struct shape wanted_shape[] = {
        { "name", SHAPE_WORDS, 200 },
        { "location", SHAPE_WORDS, 200 },
        { "contact", SHAPE_WORDS, 200 },
        { "printer_name", SHAPE_WORDS, 127 },
        { "operator", SHAPE_WORDS, 127 },
        { "service_person", SHAPE_WORDS, 127 },
        { "console", SHAPE_WORD, .words = console_words },
        { "startup_page", SHAPE_WORD, .words = page_words },
        { "banner_page", SHAPE_WORD, .words = page_words },
        { NULL },
};

static const struct shape outcome_shape[] = {
        { "setting", SHAPE_KEYWORD, CORE_NAME - 1, .required = true },
        { "outcome", SHAPE_WORD, .words = outcome_words, .required = true },
        { "reason", SHAPE_KEYWORD, 63 },
        { "before", SHAPE_WORDS, DEVICE_SETTING_VALUE - 1 },
        { "after", SHAPE_WORDS, DEVICE_SETTING_VALUE - 1 },
        { NULL },
};

/* ---- shown ---- */

/* What to do about it, in the words of RFC 3416 and of our own agents. */
static const struct {
        const char *reason, *words;
} mends[] = {
        { "no-access",
          "The printer lets these credentials read that, and not write it. Give it a user or community with write access, and the agent the same: imprimatur discovery set AGENT --credentials FILE." },
        { "authorization-error",
          "These credentials may not do that at the printer. Give its user write access to that part of its data." },
        { "not-writable",
          "The printer keeps that fixed. It can be changed on its own panel or page, if at all." },
        { "read-only",
          "The printer keeps that fixed, or lets nobody write by SNMPv1. Try credentials of another version." },
        { "no-such-name", "The printer has no such setting." },
        { "no-creation", "The printer has no such setting." },
        { "wrong-length", "That is too long or too short for the printer." },
        { "too-big", "That is too long for the printer." },
        { "wrong-value", "The printer does not take that value." },
        { "bad-value", "The printer does not take that value." },
        { "inconsistent-value", "The printer does not take that value as it is set up now." },
        { "not-kept",
          "The printer said yes and kept what it had. A policy of its maker, or its own administrator's, stands against it." },
        { "kept-otherwise", "The printer keeps it in another form, mostly cut." },
        { "identity-mismatch",
          "Another printer answers at its address; nothing was written. Have its agent look for printers anew: imprimatur discovery run AGENT." },
        { "no-answer",
          "The printer does not answer to these credentials. Is it on, is SNMP, and does it let the agent's host write?" },
        { "wrong-user", "The printer does not know that user of SNMPv3." },
        { "wrong-passphrase", "The passphrase is another one, or the protocol is." },
        { "not-understood", "What the printer answers is no SNMP that can be understood." },
        { "switched-off",
          "Discovery is switched off at its agent: imprimatur agent set AGENT --discovery yes." },
        { "excluded", "Its address is excluded from discovery." },
        { "no-credentials", "The agent was given no credentials for writing that it can use." },
        { "no-address", "Its address is none that SNMP is spoken to here (IPv4)." },
};

static json_t *mend_json(const char *reason)
{
        for (size_t i = 0; i < ARRAY_LENGTH(mends); i++)
                if (strcmp(mends[i].reason, reason) == 0)
                        return json_string(mends[i].words);
        return json_null();
}

static json_t *load(const struct buffer *kept)
{
        struct text text = buffer_text(kept);
        json_t *value = text.len ? json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;

        return value ? value : json_object();
}

/* Each says every member, and how to mend it. */
static json_t *settings_json(json_t *outcome)
{
        static const char *const names[] = { "reason", "before", "after" };
        json_t *settings = json_incref(json_object_get(outcome, "settings")), *setting;
        size_t i;

        if (!settings)
                settings = json_array();
        json_array_foreach(settings, i, setting)
        {
                for (size_t k = 0; k < ARRAY_LENGTH(names); k++)
                        if (!json_object_get(setting, names[k]))
                                json_object_set_new(setting, names[k], json_null());
                json_object_set_new(setting, "mend", mend_json(shape_string(setting, "reason")));
        }
        return settings;
}

static json_t *configuration_json(const struct device_configuration *c)
{
        json_auto_t *outcome = load(&c->outcome);
        const char *reason = shape_string(outcome, "reason");

        return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_of_id(c->id), "state",
                         id_is_zero(c->id) ? "none" : device_configure_state_names[c->state], "wanted",
                         load(&c->wanted), "reason", json_words_or_null(reason), "mend", mend_json(reason),
                         "settings", settings_json(outcome), "created", json_of_time(c->created_ms), "ended",
                         json_of_time(c->ended_ms));
}

int device_configuration_answer(struct request *request)
{
        SCOPED(device_configuration_done) struct device_configuration found;
        struct printer printer;
        int r;

        device_configuration_init(&found);
        r = request_find_printer(request, request->arguments[0], &printer);
        if (r == 0)
                r = device_configuration_find(request->core, &request->actor, printer.id, &found);
        return r ? request_refuse(request, r) : request_answer(request, 200, configuration_json(&found));
}

/* ---- wanted ---- */

static void describe(json_t *wanted, char ret[CORE_WORDS])
{
        SCOPED(buffer_done) struct buffer words = BUFFER(CORE_WORDS - 1);
        const char *name;
        json_t *value;

        buffer_add_string(&words, "settings=");
        json_object_foreach(wanted, name, value)
        {
                if (words.len > 9)
                        buffer_add_octet(&words, ',');
                buffer_add_string(&words, name);
        }
        (void)text_copy(buffer_text(&words), ret, CORE_WORDS);
}

int device_configure_answer(struct request *request)
{
        SCOPED(device_configuration_done) struct device_configuration found;
        char complaint[SHAPE_COMPLAINT], names[CORE_WORDS] = "";
        SCOPED(freep) char *kept = NULL;
        struct members members;
        struct printer printer;
        int r;

        device_configuration_init(&found);
        r = request_find_printer(request, request->arguments[0], &printer);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        if (!shape_has(request->json, wanted_shape, complaint))
                members_complain(&members, "%s", complaint);
        else if (json_object_size(request->json) == 0)
                members_complain(&members, "Name what is to be set.");
        if (members.complaint[0])
                return request_complain(request, &members);
        describe(request->json, names);
        kept = json_dumps(request->json, JSON_COMPACT | JSON_SORT_KEYS);
        r = kept ? device_configure(request->core, &request->actor, printer.id, text_from(kept), names,
                                    WAIT_MS, &found)
                 : fault(-ENOMEM);
        return r ? request_refuse(request, r) : request_answer(request, 200, configuration_json(&found));
}

/* ---- the agent's side ---- */

static json_t *task_json(const struct device_task *task, const struct buffer *credentials)
{
        return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "id", json_of_id(task->id), "printer",
                         json_of_id(task->printer), "address", task->device.address, "serial",
                         json_words_or_null(task->device.identity.serial), "settings", load(&task->wanted),
                         "credentials", credentials_json(credentials, true));
}

static void task_done(struct device_task *task)
{
        buffer_done(&task->wanted);
        explicit_bzero(task, sizeof(*task));
}

int device_tasks_answer(struct request *request)
{
        SCOPED(buffer_wipe) struct buffer credentials = BUFFER(DISCOVERY_CREDENTIALS_OCTETS);
        json_t *questions = json_array();
        bool is_found = true;
        int r = questions ? discovery_of_agent(request->core, &request->actor, NULL, &credentials)
                          : fault(-ENOMEM);

        while (r == 0 && is_found && json_array_size(questions) < TASKS_MAX) {
                SCOPED(task_done) struct device_task task = { .wanted = BUFFER(DEVICE_CONFIGURE_OCTETS) };

                r = device_task_take(request->core, &request->actor, &task, &is_found);
                if (r == 0 && is_found)
                        json_array_append_new(questions, task_json(&task, &credentials));
        }
        if (r == 0)
                return request_answer(request, 200, json_pack("{s:o}", "questions", questions));
        json_decref(questions);
        return request_refuse(request, r);
}

/* What was written, or may have been. */
static size_t read_changes(json_t *settings, struct device_change changes[DEVICE_SETTINGS_MAX])
{
        size_t count = 0, i;
        json_t *setting;

        json_array_foreach(settings, i, setting)
        {
                const char *outcome = shape_string(setting, "outcome");
                struct device_change *change = &changes[count];

                if (strcmp(outcome, "changed") != 0 && strcmp(outcome, "unknown") != 0)
                        continue;
                *change = (struct device_change){ .is_changed = strcmp(outcome, "changed") == 0 };
                (void)text_copy(text_from(shape_string(setting, "setting")), change->setting,
                                sizeof(change->setting));
                (void)text_copy(text_from(shape_string(setting, "before")), change->before,
                                sizeof(change->before));
                (void)text_copy(text_from(shape_string(setting, "after")), change->after,
                                sizeof(change->after));
                count++;
        }
        return count;
}

int device_task_finish_answer(struct request *request)
{
        struct device_change changes[DEVICE_SETTINGS_MAX];
        char complaint[SHAPE_COMPLAINT], reason[CORE_NAME] = "";
        SCOPED(freep) char *kept = NULL;
        json_auto_t *outcome = NULL;
        struct members members;
        struct id printer, task;
        json_t *settings;
        int r;

        if (!request_id(request, 0, &printer))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_id(&members, "id", MEMBER_REQUIRED, &task);
        members_words(&members, "reason", MEMBER_OPTIONAL, reason, sizeof(reason));
        settings = members_array(&members, "settings", MEMBER_REQUIRED, DEVICE_SETTINGS_MAX);
        if (settings && !shape_has_all(settings, outcome_shape, DEVICE_SETTINGS_MAX, complaint))
                members_complain(&members, "In \"settings\": %s", complaint);
        if (!members_finish(&members))
                return request_complain(request, &members);
        outcome = json_pack("{s:s, s:O}", "reason", reason, "settings", settings);
        kept = json_dumps(outcome, JSON_COMPACT);
        r = kept ? device_task_finish(request->core, &request->actor, printer, task, text_from(kept), changes,
                                      read_changes(settings, changes))
                 : fault(-ENOMEM);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
