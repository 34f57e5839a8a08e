// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A converter's own affairs: it enrols with its code, renews its key, says what it can read, and listens. */

#include "core/rendering/converter.h"

#include <string.h>

#include "base/scope.h"
#include "door/agent/channel.h"
#include "door/api/api.h"

#define TYPE_MAX 96

static json_t *itself_json(const struct request *request)
{
        return json_pack("{s:o, s:s, s:I}", "converter", json_of_id(request->actor.id), "name",
                         request->actor.name, "lease_ms",
                         (json_int_t)core_settings(request->core)->converter_lease_ms);
}

int converter_enrolment_answer(struct request *request)
{
        char code[OUTPOST_CODE];
        int r;

        if (!outpost_read_code(request, code, &r))
                return r;
        r = converter_enrol(request->core, text_from(code), request->x->fingerprint,
                            text_from(request->x->peer), &request->actor);
        explicit_bzero(code, sizeof(code));
        if (r == CORE_WRONG_CREDENTIALS)
                return request_problem(request, &problem_bad_code, NULL);
        return r ? request_refuse(request, r) : request_answer(request, 200, itself_json(request));
}

int converter_renewal_answer(struct request *request)
{
        uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS];
        int64_t expires_ms;
        int r;

        if (!outpost_read_fingerprint(request, fingerprint, &r))
                return r;
        r = converter_renew(request->core, &request->actor, fingerprint, &expires_ms);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200, json_pack("{s:o}", "expires", json_of_time(expires_ms)));
}

int converter_configuration_answer(struct request *request)
{
        return request_answer(request, 200, itself_json(request));
}

int converter_channel_answer(struct request *request)
{
        static const char *const events[] = { "work", NULL };

        return agent_channel_open(request->door->converters, request->x, request->actor.tenant,
                                  request->actor.id, events);
}

/* What is no format that we know can be read by whoever likes. */
int converter_formats_answer(struct request *request)
{
        char types[FORMAT_COUNT][TYPE_MAX];
        struct format_set formats = { 0 };
        struct members members;
        size_t count = 0;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        if (!members_strings(&members, "formats", FORMAT_COUNT, types, sizeof(types[0]), &count))
                members_complain(&members, "\"formats\" is an array of media types.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        for (size_t i = 0; i < count; i++) {
                enum format format = format_from_media_type(text_from(types[i]));

                if (format)
                        format_set_add(&formats, format);
        }
        r = converter_set_formats(request->core, &request->actor, formats);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
