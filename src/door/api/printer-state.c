// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a printer says of itself: for people, and from the agent that asks it. */

#include "core/printer/printer-state.h"

#include <errno.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

#define QUESTIONS_MAX 16

static const char *const condition_words[] = { "unknown", "idle", "processing", "stopped", NULL };

static json_t *level_json(int32_t level)
{
        return level < 0 ? json_null() : json_integer(level);
}

static json_t *tray_json(const struct printer_tray *tray)
{
        return json_pack("{s:s, s:o, s:o, s:o, s:b}", "source", tray->source, "media",
                         json_words_or_null(tray->media), "type", json_words_or_null(tray->type), "level",
                         level_json(tray->level), "ready", tray->ready);
}

static json_t *trays_json(const struct printer_state *state)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < state->tray_count; i++) {
                if (json_array_append_new(array, tray_json(&state->trays[i]))) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

static json_t *reasons_json(const struct printer_state *state)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < state->reason_count; i++)
                json_array_append_new(array, json_words(state->reasons[i]));
        return array;
}

static json_t *state_json(const struct printer_state *state)
{
        int64_t age_s = (clock_unix_ms() - state->seen_ms) / 1000;

        return json_pack("{s:s, s:o, s:o, s:o, s:o}", "condition", printer_condition_name(state->condition),
                         "reasons", reasons_json(state), "trays", trays_json(state), "seen",
                         json_of_time(state->seen_ms), "age",
                         state->seen_ms ? json_integer(age_s < 0 ? 0 : age_s) : json_null());
}

int printer_state_answer(struct request *request)
{
        int64_t wait_ms = core_settings(request->core)->printer_state_wait_ms;
        struct printer_state state;
        struct printer printer;
        int r;

        r = request_find_printer(request, request->arguments[0], &printer);
        if (r == 0)
                r = printer_state_ask(request->core, request->actor.tenant, &printer, wait_ms, &state);
        return r ? request_refuse(request, r) : request_answer(request, 200, state_json(&state));
}

/* ---- the agent's side ---- */

static json_t *question_json(const struct printer *printer, bool has_formats)
{
        json_t *addresses = json_array(), *formats = has_formats ? json_array() : NULL;

        for (size_t i = 0; addresses && i < printer->address_count; i++)
                json_array_append_new(addresses, json_words(printer->addresses[i]));
        for (size_t i = 0; formats && i < printer->format_count; i++)
                json_array_append_new(formats, json_words(printer->formats[i]));
        return json_pack("{s:o, s:o, s:o*, s:o}", "printer", json_of_id(printer->id), "addresses", addresses,
                         "formats", formats, "identity", printer_identity_json(printer));
}

int request_answer_questions(struct request *request, questions_take next, bool has_formats)
{
        SCOPED(freep) struct printer *printers = calloc(QUESTIONS_MAX, sizeof(*printers));
        json_t *questions = json_array();
        size_t count = 0;
        int r = printers && questions ? 0 : fault(-ENOMEM);

        if (r == 0)
                r = next(request->core, &request->actor, printers, QUESTIONS_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                json_array_append_new(questions, question_json(&printers[i], has_formats));
        if (r == 0)
                return request_answer(request, 200,
                                      json_pack("{s:o, s:o}", "questions", questions, "credentials",
                                                asking_credentials_json(request, count > 0)));
        json_decref(questions);
        return request_refuse(request, r);
}

int printer_questions_answer(struct request *request)
{
        return request_answer_questions(request, printer_questions_take, false);
}

static void read_reasons(struct members *members, struct printer_state *state)
{
        (void)members_strings(members, "reasons", PRINTER_REASONS, state->reasons, CORE_NAME,
                              &state->reason_count);
}

static bool read_tray(json_t *value, struct printer_tray *ret)
{
        struct members tray;
        int64_t level = -1;

        *ret = (struct printer_tray){ .level = -1 };
        members_open(&tray, value);
        members_words(&tray, "source", MEMBER_REQUIRED, ret->source, sizeof(ret->source));
        members_words(&tray, "media", MEMBER_OPTIONAL, ret->media, sizeof(ret->media));
        members_words(&tray, "type", MEMBER_OPTIONAL, ret->type, sizeof(ret->type));
        members_number(&tray, "level", MEMBER_OPTIONAL, 0, 100, &level);
        members_flag(&tray, "ready", MEMBER_REQUIRED, &ret->ready);
        ret->level = (int32_t)level;
        return members_finish(&tray);
}

static void read_trays(struct members *members, struct printer_state *state)
{
        json_t *array = members_array(members, "trays", MEMBER_OPTIONAL, PRINTER_TRAYS), *value;
        size_t i;

        json_array_foreach(array, i, value)
        {
                if (!read_tray(value, &state->trays[state->tray_count])) {
                        members_complain(members, "\"trays\" has something else than trays.");
                        return;
                }
                state->tray_count++;
        }
}

int printer_state_keep_answer(struct request *request)
{
        struct printer_state state = { .seen_ms = 0 };
        bool answered = false;
        struct members members;
        struct id printer;
        int condition = PRINTER_UNKNOWN, r;

        if (!request_id(request, 0, &printer))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "answered", MEMBER_REQUIRED, &answered);
        members_word(&members, "condition", MEMBER_OPTIONAL, condition_words, &condition);
        read_reasons(&members, &state);
        read_trays(&members, &state);
        if (!members_finish(&members))
                return request_complain(request, &members);
        state.condition = (enum printer_condition)condition;
        r = printer_state_keep(request->core, &request->actor, printer, answered ? &state : NULL);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
