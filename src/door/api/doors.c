// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The doors of an agent: set by an administrator, told to the agent, and as records of the network's own DNS.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent-door.h"
#include "core/job/intake.h"
#include "core/printer/printer.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "door/dns-sd.h"
#include "door/ipp/view.h"
#include "door/ipp/ipp.h"

#define ZONE_OCTETS  ((size_t)1024 * 1024)
#define ARENA_OCTETS ((size_t)4 * 1024 * 1024)

static json_t *queues_json(struct request *request, const struct agent_door *door)
{
        json_t *names = json_array();
        struct queue queue;

        for (size_t i = 0; names && i < door->queue_count; i++)
                if (queue_find_by_id(request->core, request->actor.tenant, door->queues[i], &queue) == 0)
                        json_array_append_new(names, json_string(queue.name));
        return names;
}

static json_t *networks_json(const struct agent_door *door)
{
        json_t *networks = json_array();
        struct text rest = text_from(door->networks), network;

        while (networks && rest.len) {
                text_cut(rest, ' ', &network, &rest);
                json_array_append_new(networks, json_stringn(network.at, network.len));
        }
        return networks;
}

static json_t *door_json(struct request *request, enum agent_door_kind kind, const struct agent_door *door)
{
        if (kind == AGENT_DOOR_LPD)
                return json_pack("{s:b, s:i, s:o, s:o, s:b}", "enabled", door->enabled, "port", door->port,
                                 "queues", queues_json(request, door), "networks", networks_json(door),
                                 "reserved_ports", door->reserved_ports);
        return json_pack("{s:b, s:i, s:o, s:b, s:b, s:o}", "enabled", door->enabled, "port", door->port,
                         "queues", queues_json(request, door), "plain", door->plain, "dns_sd", door->dns_sd,
                         "host", json_words_or_null(door->host));
}

static json_t *doors_json(struct request *request, const struct agent_doors *doors)
{
        json_t *value = json_object();

        for (int i = 0; value && i < AGENT_DOOR_KINDS; i++)
                if (json_object_set_new(value, agent_door_name((enum agent_door_kind)i),
                                        door_json(request, (enum agent_door_kind)i, &doors->door[i]))) {
                        json_decref(value);
                        return NULL;
                }
        return value;
}

int agent_doors_answer(struct request *request)
{
        struct agent_doors doors;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_doors_find(request->core, &request->actor, id, &doors);
        return r ? request_refuse(request, r) : request_answer(request, 200, doors_json(request, &doors));
}

static int find_queue(struct request *request, struct text name, struct queue *ret)
{
        struct tenant tenant;
        struct id id;
        int r;

        if (id_parse(name, &id))
                return queue_find_by_id(request->core, request->actor.tenant, id, ret);
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        return r ? r : queue_find(request->core, text_from(tenant.name), name, ret);
}

int request_find_queue_named(struct request *request, const char *name, struct queue *ret)
{
        return find_queue(request, text_from(name), ret);
}

/* The queues of a door, by id or name. False after a complaint was answered. */
static bool read_queues(struct request *request, struct members *members, struct agent_door *door, int *ret_r)
{
        char names[AGENT_DOOR_QUEUES][CORE_NAME];
        struct queue queue;
        size_t count = 0;

        if (!members_strings(members, "queues", AGENT_DOOR_QUEUES, names, sizeof(names[0]), &count))
                return true;
        for (size_t i = 0; i < count; i++) {
                int r = find_queue(request, text_from(names[i]), &queue);

                if (r == CORE_NOT_FOUND) {
                        members_complain(members, "There is no queue \"%s\".", names[i]);
                        return true;
                }
                if (r) {
                        *ret_r = request_refuse(request, r);
                        return false;
                }
                door->queues[door->queue_count++] = queue.id;
        }
        return true;
}

static void read_ipp(struct members *members, struct agent_door *ret)
{
        members_flag(members, "plain", MEMBER_OPTIONAL, &ret->plain);
        members_flag(members, "dns_sd", MEMBER_OPTIONAL, &ret->dns_sd);
        members_words(members, "host", MEMBER_OPTIONAL, ret->host, sizeof(ret->host));
        if (ret->host[0] && !agent_door_host_is_good(text_from(ret->host)))
                members_complain(members, "\"host\" must be a name as DNS has it, in small letters.");
}

static void read_lpd(struct members *members, struct agent_door *ret)
{
        char networks[AGENT_DOOR_NETWORKS][NETWORK_STRING];
        struct network network;
        size_t count = 0, len = 0;

        members_flag(members, "reserved_ports", MEMBER_OPTIONAL, &ret->reserved_ports);
        if (!members_strings(members, "networks", AGENT_DOOR_NETWORKS, networks, sizeof(networks[0]), &count))
                return;
        for (size_t i = 0; i < count; i++) {
                if (!network_parse(text_from(networks[i]), &network)) {
                        members_complain(members, "\"%s\" is no network, such as 10.1.0.0/16.", networks[i]);
                        return;
                }
                len += (size_t)snprintf(ret->networks + len, sizeof(ret->networks) - len, "%s%s",
                                        i ? " " : "", networks[i]);
        }
        ret->networks[len] = 0;
}

/* One half. False after a complaint was answered. */
static bool read_door(struct request *request, json_t *value, enum agent_door_kind kind,
                      struct agent_door *ret, int *ret_r)
{
        struct members members;
        int64_t port;

        *ret = agent_door_default(kind);
        if (!value)
                return true;
        members_open(&members, value);
        ret->enabled = true;
        members_flag(&members, "enabled", MEMBER_OPTIONAL, &ret->enabled);
        if (members_number(&members, "port", MEMBER_OPTIONAL, 1, UINT16_MAX, &port))
                ret->port = (uint16_t)port;
        if (!read_queues(request, &members, ret, ret_r))
                return false;
        if (kind == AGENT_DOOR_LPD)
                read_lpd(&members, ret);
        else
                read_ipp(&members, ret);
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int agent_doors_set_answer(struct request *request)
{
        struct agent_doors doors;
        struct members members;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        for (int i = 0; i < AGENT_DOOR_KINDS; i++) {
                enum agent_door_kind kind = (enum agent_door_kind)i;
                json_t *half = members_object(&members, agent_door_name(kind), MEMBER_OPTIONAL);

                if (!read_door(request, half, kind, &doors.door[i], &r))
                        return r;
        }
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = agent_doors_set(request->core, &request->actor, id, &doors);
        return r ? request_refuse(request, r) : request_answer(request, 200, doors_json(request, &doors));
}

/* What DNS-SD tells of a queue. CORE_NOT_FOUND where it is gone. */
static int describe(struct request *request, struct id id, struct queue *queue, struct dns_sd *ret)
{
        SCOPED(freep) struct printer *printer = calloc(1, sizeof(*printer));
        struct arena *arena = arena_new(ARENA_OCTETS);
        struct ipp_view view = {
                .queue = queue, .printer = printer, .host = "localhost", .is_secure = true, .organization = ""
        };
        int r;

        if (!printer || !arena) {
                arena_free(arena);
                return fault(-ENOMEM);
        }
        r = queue_find_by_id(request->core, request->actor.tenant, id, queue);
        if (r == 0)
                r = ipp_door_find_abilities(request->core, queue, printer);
        if (r == 0)
                r = dns_sd_describe(&view, arena, ret);
        arena_free(arena);
        return r;
}

static json_t *described_json(const struct queue *queue, const struct dns_sd *sd)
{
        json_t *strings = json_array();

        for (size_t i = 0; strings && i < sd->count; i++)
                json_array_append_new(strings, json_words(sd->strings[i]));
        return json_pack("{s:o, s:s, s:s, s:o, s:s++++, s:o, s:b, s:o}", "id", json_of_id(queue->id), "name",
                         queue->name, "kind", queue->kind == QUEUE_PULL ? "pull" : "direct", "title",
                         json_words_or_null(queue->title), "path", "/ipp/print/", queue->tenant_name, "/",
                         queue->name, "", "instance", json_words(sd->instance), "universal", sd->universal,
                         "txt", strings);
}

static int ipp_configuration(struct request *request, const struct agent_door *door, json_t **ret)
{
        SCOPED(freep) struct dns_sd *sd = malloc(sizeof(*sd));
        json_t *queues, *value;
        struct queue queue;
        int r;

        if (!sd)
                return fault(-ENOMEM);
        queues = json_array();
        for (size_t i = 0; queues && i < door->queue_count; i++) {
                r = describe(request, door->queues[i], &queue, sd);
                if (r == 0)
                        json_array_append_new(queues, described_json(&queue, sd));
                if (r < 0) {
                        json_decref(queues);
                        return r;
                }
        }
        value = json_pack("{s:b, s:i, s:b, s:b, s:o, s:o}", "enabled", door->enabled, "port", door->port,
                          "plain", door->plain, "dns_sd", door->dns_sd, "host",
                          json_words_or_null(door->host), "queues", queues);
        if (!value)
                return fault(-ENOMEM);
        *ret = value;
        return 0;
}

int agent_doors_configure(struct request *request, json_t *configuration)
{
        struct agent_doors doors;
        json_t *ipp;
        int r;

        r = agent_doors_find(request->core, &request->actor, request->actor.id, &doors);
        if (r == 0)
                r = ipp_configuration(request, &doors.door[AGENT_DOOR_IPP], &ipp);
        if (r)
                return r;
        if (json_object_set_new(configuration, "ipp", ipp) ||
            json_object_set_new(configuration, "lpd",
                                door_json(request, AGENT_DOOR_LPD, &doors.door[AGENT_DOOR_LPD])))
                return fault(-ENOMEM);
        return 0;
}

/* A name from the query; false after a complaint. */
static bool read_name(struct request *request, const char *name, char ret[AGENT_DOOR_HOST], int *ret_r)
{
        struct text value;

        if (!http_query(request->x, name, &value))
                return true;
        if (agent_door_host_is_good(value) && text_copy(value, ret, AGENT_DOOR_HOST))
                return true;
        *ret_r = request_bad(request,
                             "\"domain\" and \"host\" must be names as DNS has them, in small letters.");
        return false;
}

static int answer_zone(struct request *request, const struct agent_door *door,
                       const struct dns_sd_place *place)
{
        SCOPED(freep) struct dns_sd *sd = calloc(AGENT_DOOR_QUEUES, sizeof(*sd));
        SCOPED(buffer_done) struct buffer zone = BUFFER(ZONE_OCTETS);
        struct queue queue;
        size_t count = 0;
        int r;

        if (!sd)
                return fault(-ENOMEM);
        for (size_t i = 0; i < door->queue_count; i++) {
                r = describe(request, door->queues[i], &queue, &sd[count]);
                if (r < 0)
                        return r;
                count += r == 0;
        }
        dns_sd_format_zone(place, sd, count, &zone);
        if (!buffer_string(&zone))
                return fault(-ENOMEM);
        return request_answer(request, 200,
                              json_pack("{s:s, s:s, s:i, s:s}", "domain", place->domain, "host", place->host,
                                        "port", place->port, "zone", buffer_string(&zone)));
}

int agent_dns_records_answer(struct request *request)
{
        char domain[AGENT_DOOR_HOST] = "", host[AGENT_DOOR_HOST] = "";
        struct dns_sd_place place = { domain, host, 0, false };
        const struct agent_door *door;
        struct agent_doors doors;
        struct text label, parent;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = agent_doors_find(request->core, &request->actor, id, &doors);
        if (r)
                return request_refuse(request, r);
        door = &doors.door[AGENT_DOOR_IPP];
        text_copy(text_from(door->host), host, sizeof(host));
        if (!read_name(request, "host", host, &r) || !read_name(request, "domain", domain, &r))
                return r;
        if (!host[0])
                return request_bad(request,
                                   "By which name clients reach this agent is not known: say \"host\", or "
                                   "set it at the agent's IPP door.");
        if (!domain[0] && text_cut(text_from(host), '.', &label, &parent))
                text_copy(parent, domain, sizeof(domain));
        if (!domain[0])
                return request_bad(request, "The host's name has no domain: say \"domain\".");
        place.port = door->port;
        place.plain = door->plain;
        return answer_zone(request, door, &place);
}

/* The client has the answer to its document: the same once more is another job (door/ipp/relayed.h). */
int submission_answered_answer(struct request *request)
{
        struct members members;
        struct id job;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        members_id(&members, "job", MEMBER_REQUIRED, &job);
        if (!members_finish(&members))
                return request_complain(request, &members);
        intake_answered(request->core, job);
        return request_answer_nothing(request);
}
