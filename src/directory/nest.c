// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/nest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/filter.h"

#define ARENA_OCTETS ((size_t)8 << 20)
#define NONE         UINT32_MAX
#define MEMBER_OF    "memberOf"
/* [MS-ADTS], section 3.1.1.3.4.4.3 */
#define IN_CHAIN "member:1.2.840.113556.1.4.1941:"

/* A group; or the identifier of one, whose only parent is the group itself. */
struct node {
        const char *name; /* DN */
        uint32_t *parents;
        uint32_t parent_count;
        uint32_t visit; /* the last one that came by here */
        bool is_read;
};

struct nest {
        struct link *link;
        struct root root;
        struct arena *arena;
        struct node *nodes;
        uint32_t count, max;
        uint32_t *places; /* by hash of the name: an index, or NONE */
        uint32_t place_count;
        uint32_t *queue;
        uint32_t visit;
        bool is_cut;
};

void nest_close(struct nest *nest)
{
        if (!nest)
                return;
        arena_free(nest->arena);
        free(nest->nodes);
        free(nest->places);
        free(nest->queue);
        free(nest);
}

void nest_closep(struct nest **nest)
{
        nest_close(*nest);
}

int nest_open(struct link *link, struct nest **ret)
{
        SCOPED(nest_closep) struct nest *nest = calloc(1, sizeof(*nest));
        int r;

        if (!nest)
                return fault(-ENOMEM);
        nest->link = link;
        nest->max = link->settings->nested_most;
        nest->place_count = nest->max * 2 + 1;
        nest->arena = arena_new(ARENA_OCTETS);
        nest->nodes = calloc(nest->max, sizeof(*nest->nodes));
        nest->places = malloc(nest->place_count * sizeof(*nest->places));
        nest->queue = calloc(nest->max, sizeof(*nest->queue));
        if (!nest->arena || !nest->nodes || !nest->places || !nest->queue)
                return fault(-ENOMEM);
        memset(nest->places, 0xff, nest->place_count * sizeof(*nest->places));
        r = root_read(link, &nest->root);
        if (r)
                return r;
        *ret = take(nest);
        return DIRECTORY_DONE;
}

const struct root *nest_root(const struct nest *nest)
{
        return &nest->root;
}

bool nest_is_cut(const struct nest *nest)
{
        return nest->is_cut;
}

/* ---- groups that are known ---- */

static uint32_t hash_of(struct text name)
{
        uint32_t hash = 2166136261U;

        for (size_t i = 0; i < name.len; i++) {
                uint8_t octet = (uint8_t)name.at[i];

                hash = (hash ^ (octet >= 'A' && octet <= 'Z' ? octet + 32U : octet)) * 16777619U;
        }
        return hash;
}

static uint32_t cut(struct nest *nest)
{
        nest->is_cut = true;
        return NONE;
}

/* NONE where there is no room. */
static uint32_t node_of(struct nest *nest, struct text name)
{
        uint32_t place = hash_of(name) % nest->place_count;
        const char *kept;

        for (; nest->places[place] != NONE; place = (place + 1) % nest->place_count)
                if (text_equal_nocase(text_from(nest->nodes[nest->places[place]].name), name))
                        return nest->places[place];
        kept = nest->count < nest->max ? arena_text(nest->arena, name) : NULL;
        if (!kept)
                return cut(nest);
        nest->nodes[nest->count] = (struct node){ .name = kept };
        nest->places[place] = nest->count;
        return nest->count++;
}

static bool is_name(struct text name)
{
        return name.len > 0 && name.len < DIRECTORY_DN * 2 && text_is_printable(name);
}

/* ---- asking for the groups above one ---- */

struct above {
        struct nest *nest;
        uint32_t parents[DIRECTORY_GROUPS_MAX];
        uint32_t count;
};

static void add_above(struct above *above, struct text name)
{
        uint32_t node;

        if (!is_name(name))
                return;
        if (above->count == DIRECTORY_GROUPS_MAX) {
                above->nest->is_cut = true;
                return;
        }
        node = node_of(above->nest, name);
        if (node != NONE)
                above->parents[above->count++] = node;
}

static int take_member_of(struct link *link, LDAPMessage *message, void *context)
{
        SCOPED(entry_values_freep)
        struct berval **values = ldap_get_values_len(link->ldap, message, MEMBER_OF);

        for (size_t i = 0; values && values[i]; i++)
                add_above(context, entry_text(values[i]));
        return DIRECTORY_DONE;
}

static int take_name(struct link *link, LDAPMessage *message, void *context)
{
        char *name = ldap_get_dn(link->ldap, message);

        if (name)
                add_above(context, text_from(name));
        ldap_memfree(name);
        return DIRECTORY_DONE;
}

/* What may not be seen, or is not there any more, is in no group; more than is taken is cut. */
static int forgive(struct nest *nest, int r)
{
        nest->is_cut |= r == DIRECTORY_AMBIGUOUS;
        return r == DIRECTORY_SEARCH_REFUSED || r == DIRECTORY_AMBIGUOUS ? DIRECTORY_DONE : r;
}

static int keep_above(struct nest *nest, uint32_t at, const struct above *above)
{
        struct node *node = &nest->nodes[at];

        node->is_read = true;
        node->parents = arena_alloc(nest->arena, (above->count + 1) * sizeof(*node->parents));
        if (!node->parents) {
                cut(nest);
                return DIRECTORY_DONE;
        }
        memcpy(node->parents, above->parents, above->count * sizeof(*node->parents));
        node->parent_count = above->count;
        return DIRECTORY_DONE;
}

static int read_node(struct nest *nest, uint32_t at)
{
        static const char *const attributes[] = { MEMBER_OF, NULL };
        struct link_query query = { nest->nodes[at].name, LDAP_SCOPE_BASE, "(objectClass=*)", attributes };
        struct above above = { .nest = nest, .count = 0 };
        int r;

        if (nest->nodes[at].is_read)
                return DIRECTORY_DONE;
        r = forgive(nest, link_search_at(nest->link, &query, 1, take_member_of, &above));
        return r ? r : keep_above(nest, at, &above);
}

static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };

/* The node of somebody's primary group, which the group is above of; NONE: he has none. */
static int read_primary(struct nest *nest, const struct entry_member *member, uint32_t *ret)
{
        SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX);
        struct link_query query = { nest->root.context, LDAP_SCOPE_SUBTREE, NULL, nothing };
        struct above above = { .nest = nest, .count = 0 };
        char octets[SID_OCTETS_MAX], hex[2 * SID_OCTETS_MAX + 1];
        struct sid group;
        size_t length;
        int r;

        *ret = NONE;
        if (!member->has_primary)
                return DIRECTORY_DONE;
        group = sid_beside(&member->sid, member->primary);
        length = sid_write(&group, octets);
        hex_format(octets, length, hex);
        *ret = node_of(nest, text_from(hex));
        if (*ret == NONE || nest->nodes[*ret].is_read)
                return DIRECTORY_DONE;
        filter_add_equals(&filter, "objectSid", text_from_octets(octets, length));
        query.filter = buffer_string(&filter);
        if (!query.filter)
                return fault(filter.failure);
        r = forgive(nest, link_search_at(nest->link, &query, 1, take_name, &above));
        return r ? r : keep_above(nest, *ret, &above);
}

/* ---- all of somebody's groups ---- */

struct walk {
        uint32_t count; /* of the queue: every group that was found, each once */
};

static void enqueue(struct nest *nest, struct walk *walk, uint32_t at)
{
        if (at == NONE || nest->nodes[at].visit == nest->visit)
                return;
        nest->nodes[at].visit = nest->visit;
        nest->queue[walk->count++] = at;
}

static void enqueue_parents(struct nest *nest, struct walk *walk, uint32_t at)
{
        for (uint32_t i = 0; i < nest->nodes[at].parent_count; i++)
                enqueue(nest, walk, nest->nodes[at].parents[i]);
}

/* Step by step upwards. */
static int climb(struct nest *nest, struct walk *walk)
{
        uint32_t done = 0;
        int r = DIRECTORY_DONE;

        for (uint32_t step = 0; r == DIRECTORY_DONE && done < walk->count; step++) {
                uint32_t end = walk->count;

                if (step == nest->link->settings->nested_depth) {
                        nest->is_cut = true;
                        return DIRECTORY_DONE;
                }
                for (; r == DIRECTORY_DONE && done < end; done++) {
                        r = read_node(nest, nest->queue[done]);
                        enqueue_parents(nest, walk, nest->queue[done]);
                }
        }
        return r;
}

/* The whole chain at once; the server knows no more of a step than we do. */
static int ask_chain(struct nest *nest, const struct entry_member *member, uint32_t primary,
                     struct walk *walk)
{
        SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX * 4);
        struct link_query query = { nest->root.context, LDAP_SCOPE_SUBTREE, NULL, nothing };
        struct above above = { .nest = nest, .count = 0 };
        int r;

        buffer_add_string(&filter, "(|");
        filter_add_equals(&filter, IN_CHAIN, text_from(member->name));
        /* Of his primary group he is no member there: its chain is another one. */
        for (uint32_t i = 0; primary != NONE && i < nest->nodes[primary].parent_count; i++)
                filter_add_equals(&filter, IN_CHAIN,
                                  text_from(nest->nodes[nest->nodes[primary].parents[i]].name));
        buffer_add_octet(&filter, ')');
        query.filter = buffer_string(&filter);
        if (!query.filter)
                return fault(filter.failure);
        r = link_search_at(nest->link, &query, DIRECTORY_GROUPS_MAX, take_name, &above);
        if (r == DIRECTORY_SEARCH_REFUSED)
                return climb(nest, walk);
        for (uint32_t i = 0; i < above.count; i++)
                enqueue(nest, walk, above.parents[i]);
        return forgive(nest, r);
}

static bool has_group(const struct directory_entry *entry, const char *name)
{
        for (size_t i = 0; i < entry->group_count; i++)
                if (strcmp(entry->groups[i], name) == 0)
                        return true;
        return false;
}

static int write_groups(struct nest *nest, const struct walk *walk, struct arena *arena,
                        struct directory_entry *entry)
{
        const char **groups = arena_alloc(arena, DIRECTORY_GROUPS_MAX * sizeof(*groups));

        if (!groups)
                return fault(-ENOMEM);
        entry->groups = groups;
        entry->group_count = 0;
        for (uint32_t i = 0; i < walk->count; i++) {
                const char *name =
                        entry_group_name(nest->nodes[nest->queue[i]].name, nest->link->settings, arena);

                if (!name || has_group(entry, name))
                        continue;
                if (entry->group_count == DIRECTORY_GROUPS_MAX) {
                        nest->is_cut = true;
                        break;
                }
                groups[entry->group_count++] = name;
        }
        return DIRECTORY_DONE;
}

int nest_fill(struct nest *nest, const struct entry_member *member, bool is_alone, struct arena *arena,
              struct directory_entry *entry)
{
        struct walk walk = { 0 };
        uint32_t primary;
        int r;

        nest->visit++;
        r = read_primary(nest, member, &primary);
        if (r)
                return r;
        if (primary != NONE)
                enqueue_parents(nest, &walk, primary);
        for (size_t i = 0; i < member->group_count; i++)
                enqueue(nest, &walk, node_of(nest, text_from(member->groups[i])));
        r = is_alone && nest->root.is_active_directory ? ask_chain(nest, member, primary, &walk)
                                                       : climb(nest, &walk);
        return r ? r : write_groups(nest, &walk, arena, entry);
}
