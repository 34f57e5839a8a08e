// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whether a printer could be printed to now: what its agent tried, and how to mend what failed. */

#include "core/printer/readiness.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "door/shape.h"

#define CHECKS_MAX 24

static const char *const check_words[] = { "resolve", "ipps",     "ipp",     "raw",   "lpd",
                                           "snmp",    "identity", "formats", "clock", NULL };
static const char *const outcome_words[] = { "good", "failed", "skipped", NULL };

static const struct shape check_shape[] = {
        { "name", SHAPE_WORD, .words = check_words, .required = true },
        { "address", SHAPE_WORDS, 255 },
        { "outcome", SHAPE_WORD, .words = outcome_words, .required = true },
        { "reason", SHAPE_KEYWORD, 63 },
        { "detail", SHAPE_WORDS, 255 },
        { "ms", SHAPE_NUMBER, 600000 },
        { NULL },
};

/* How to mend what failed: by reason first, then by check. */
static const struct {
        const char *check, *reason, *words;
} mends[] = {
        { NULL, "name-unknown",
          "The name has no address at the agent. Look at the spelling, and at the agent's own name servers." },
        { NULL, "connect-refused",
          "Something answers there and refuses. Switch this way of printing on at the printer, or take the address away." },
        { NULL, "connect-timeout",
          "Nothing answers there. Is the printer on, and does a firewall let the agent's host reach that port?" },
        { NULL, "unreachable",
          "The agent's host has no way to that network. Look at its routes, or give the printer to an agent that stands nearer." },
        { NULL, "tls-failed",
          "It answers and does not speak TLS there. Switch IPPS on at the printer, or use ipp:// inside a network that you trust." },
        { NULL, "identity-mismatch",
          "Another printer answers than the one that was pinned. If that is meant so, accept it: imprimatur printer accept PRINTER FOUND." },
        { NULL, "no-common-format",
          "It takes none of the formats that it is set up with. Compare \"formats\" with what the printer says it takes." },
        { NULL, "wrong-user",
          "It speaks SNMPv3 and knows none of the agent's users. Set them: imprimatur discovery set AGENT --credentials FILE." },
        { NULL, "wrong-passphrase",
          "It speaks SNMPv3 and does not take the passphrase. Compare protocols and passphrases: imprimatur discovery set AGENT --credentials FILE." },
        { NULL, "format-not-taken",
          "It is set up with formats that it does not take. Compare \"formats\" with what the printer says it takes." },
        { NULL, "clock-off",
          "The printer's clock is wrong, so its certificate may count as over. Set it, or give the printer a time server." },
        { "resolve", NULL,
          "The name has no address at the agent. Look at the spelling, and at the agent's own name servers." },
        { "ipps", NULL,
          "IPP over TLS does not work. Switch IPPS on at the printer, and let the agent's host reach port 631 or 443." },
        { "ipp", NULL,
          "IPP does not work. Switch it on at the printer, and let the agent's host reach port 631." },
        { "raw", NULL,
          "RAW printing does not work. Switch it on at the printer, and let the agent's host reach port 9100." },
        { "lpd", NULL,
          "LPD does not work. Switch it on at the printer, and let the agent's host reach port 515." },
        { "snmp", NULL,
          "SNMP does not answer: state, supplies and meters stay unknown. Switch it on, and set the agent's credentials." },
        { "identity", NULL,
          "It cannot be said which printer that is. Use ipps://, so that its certificate tells." },
        { "formats", NULL, "Compare \"formats\" with what the printer says it takes." },
        { "clock", NULL, "Set the printer's clock, or give it a time server." },
};

static const char *mend(json_t *check)
{
        const char *name = shape_string(check, "name"), *reason = shape_string(check, "reason");

        if (strcmp(shape_string(check, "outcome"), "failed") != 0)
                return NULL;
        for (size_t i = 0; i < ARRAY_LENGTH(mends); i++)
                if ((!mends[i].reason || strcmp(mends[i].reason, reason) == 0) &&
                    (!mends[i].check || strcmp(mends[i].check, name) == 0))
                        return mends[i].words;
        return NULL;
}

static bool is_way(const char *name)
{
        return strcmp(name, "ipps") == 0 || strcmp(name, "ipp") == 0 || strcmp(name, "raw") == 0 ||
               strcmp(name, "lpd") == 0;
}

/* Ready is what one way leads to, and what nothing speaks against. */
static json_t *report_json(const struct readiness *readiness)
{
        struct text text = buffer_text(&readiness->checks);
        json_t *checks = text.len ? json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL,
               *check;
        bool has_way = false, has_fault = false;
        size_t i;

        if (!checks)
                checks = json_array();
        json_array_foreach(checks, i, check)
        {
                const char *name = shape_string(check, "name"), *outcome = shape_string(check, "outcome");

                has_way = has_way || (is_way(name) && strcmp(outcome, "good") == 0);
                has_fault = has_fault || (strcmp(outcome, "failed") == 0 &&
                                          (strcmp(name, "identity") == 0 || strcmp(name, "formats") == 0));
                json_object_set_new(check, "mend", json_words(mend(check)));
        }
        return json_pack("{s:o, s:o, s:b, s:o}", "ready",
                         json_array_size(checks) ? json_boolean(has_way && !has_fault) : json_null(), "seen",
                         json_of_time(readiness->seen_ms), "is_new", readiness->is_new, "checks", checks);
}

static void readiness_done(struct readiness *readiness)
{
        buffer_done(&readiness->checks);
}

int printer_readiness_answer(struct request *request)
{
        SCOPED(readiness_done) struct readiness readiness = { .checks = BUFFER(READINESS_OCTETS) };
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r == 0)
                r = readiness_ask(request->core, &request->actor, printer.id,
                                  core_settings(request->core)->readiness_wait_ms, &readiness);
        return r ? request_refuse(request, r) : request_answer(request, 200, report_json(&readiness));
}

/* ---- the agent's side ---- */

int readiness_questions_answer(struct request *request)
{
        return request_answer_questions(request, readiness_take, true);
}

int readiness_keep_answer(struct request *request)
{
        char complaint[SHAPE_COMPLAINT];
        SCOPED(freep) char *kept = NULL;
        struct members members;
        struct id printer;
        json_t *checks;
        int r;

        if (!request_id(request, 0, &printer))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        checks = members_array(&members, "checks", MEMBER_REQUIRED, CHECKS_MAX);
        if (checks && !shape_has_all(checks, check_shape, CHECKS_MAX, complaint))
                members_complain(&members, "In \"checks\": %s", complaint);
        if (!members_finish(&members))
                return request_complain(request, &members);
        kept = json_dumps(checks, JSON_COMPACT);
        r = kept ? readiness_keep(request->core, &request->actor, printer, text_from(kept)) : fault(-ENOMEM);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
