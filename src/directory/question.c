// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/question.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"

#define PAGE 4096UL

static const char *const verbs[] = { "check-password", "find", "list", "try", "list-domains" };

static const struct {
        const char *name;
        const char *sentence;
} outcomes[DIRECTORY_OUTCOMES] = {
        [DIRECTORY_DONE] = { "done", "The directory answered." },
        [DIRECTORY_NOT_THERE] = { "not-there", "Nobody in the directory has this value." },
        [DIRECTORY_WRONG_PASSWORD] = { "wrong-password", "The directory does not take this password." },
        [DIRECTORY_DISABLED] = { "disabled", "The account is switched off in the directory." },
        [DIRECTORY_AMBIGUOUS] = { "ambiguous", "More than one person in the directory has this value." },
        [DIRECTORY_BIND_REFUSED] = { "bind-refused",
                                     "The directory does not let in the account that looks people up: check "
                                     "bind_name and its password." },
        [DIRECTORY_SEARCH_REFUSED] = { "search-refused",
                                       "The directory refuses the search: check base, people_filter and the "
                                       "rights of the account." },
        [DIRECTORY_UNRESOLVED] = { "unresolved", "The server's name has no address." },
        [DIRECTORY_ADDRESS_REFUSED] = { "address-refused",
                                        "The server's address is one that this service does not connect to: "
                                        "let an agent serve the directory." },
        [DIRECTORY_UNREACHABLE] = { "unreachable", "No server of the directory can be reached." },
        [DIRECTORY_UNTRUSTED] = { "untrusted",
                                  "The server's certificate is not trusted, or is another server's." },
        [DIRECTORY_SILENT] = { "silent", "The directory does not answer." },
        [DIRECTORY_CONFUSED] = { "confused", "The directory's answer makes no sense." },
        [DIRECTORY_BUSY] = { "busy", "Too many questions to the directory at once." },
        [DIRECTORY_NO_AGENT] = { "no-agent", "The agent that serves the directory is not connected." },
};

const char *directory_outcome_name(enum directory_outcome outcome)
{
        return outcomes[outcome].name;
}

const char *directory_outcome_sentence(enum directory_outcome outcome)
{
        return outcomes[outcome].sentence;
}

bool directory_outcome_is_failure(enum directory_outcome outcome)
{
        return outcome >= DIRECTORY_AMBIGUOUS;
}

/* Whole pages, so that locking them locks nobody else's. */
static size_t question_octets(void)
{
        return (sizeof(struct directory_question) + PAGE - 1) / PAGE * PAGE;
}

struct directory_question *question_new(void)
{
        void *at = mmap(NULL, question_octets(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (at == MAP_FAILED)
                return NULL;
        (void)process_lock_region(at, question_octets());
        return at;
}

void question_free(struct directory_question *question)
{
        if (!question)
                return;
        explicit_bzero(question, sizeof(*question));
        munmap(question, question_octets());
}

void question_freep(struct directory_question **question)
{
        question_free(*question);
}

bool question_redirect(struct directory_question *question)
{
        struct directory_settings *settings = &question->settings;

        if (!question->base[0] || !directory_server_parse(text_from(question->server), &settings->servers[0]))
                return false;
        settings->server_count = 1;
        memcpy(settings->base, question->base, sizeof(settings->base));
        return true;
}

bool directory_password_is_sayable(struct text password)
{
        if (password.len > DIRECTORY_PASSWORD || (password.len && memchr(password.at, 0, password.len)))
                return false;
        for (size_t i = 0; i < password.len; i++)
                if (!strchr(" \t\r\n\v\f", password.at[i]))
                        return true;
        return false;
}

static void add_base64(struct buffer *to, const char *name, const char *value)
{
        buffer_format(to, "\"%s\":\"", name);
        base64_format(value, strlen(value), to);
        buffer_add_string(to, "\",");
}

void question_format(const struct directory_question *question, struct text settings, struct buffer *to)
{
        char id[ID_STRING];

        id_format(question->id, id);
        buffer_format(to, "{\"id\":\"%s\",\"verb\":\"%s\",\"by\":\"%s\",", id, verbs[question->verb],
                      directory_attribute_name(question->by));
        add_base64(to, "value", question->value);
        add_base64(to, "password", question->password);
        add_base64(to, "bind_password", question->bind_password);
        if (question->domain[0]) {
                add_base64(to, "domain", question->domain);
                add_base64(to, "server", question->server);
                add_base64(to, "base", question->base);
        }
        buffer_add_string(to, "\"settings\":");
        buffer_add_text(to, settings);
        buffer_add_octet(to, '}');
}

static struct text string_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

static bool read_base64(const json_t *json, const char *name, char *ret, size_t size)
{
        size_t length;

        if (!base64_parse(string_of(json, name), ret, size - 1, &length) ||
            (length && memchr(ret, 0, length)))
                return false;
        ret[length] = 0;
        return true;
}

static bool read_word(const json_t *json, const char *name, const char *const *words, int count, int *ret)
{
        for (int i = 0; i < count; i++)
                if (text_equal_string(string_of(json, name), words[i])) {
                        *ret = i;
                        return true;
                }
        return false;
}

bool question_parse(const json_t *json, struct directory_question *ret)
{
        const char *attributes[DIRECTORY_ATTRIBUTES];
        char complaint[DIRECTORY_COMPLAINT];
        int verb, by;

        for (int i = 0; i < DIRECTORY_ATTRIBUTES; i++)
                attributes[i] = directory_attribute_name((enum directory_attribute)i);
        if (!id_parse(string_of(json, "id"), &ret->id) ||
            !read_word(json, "verb", verbs, ARRAY_LENGTH(verbs), &verb) ||
            !read_word(json, "by", attributes, DIRECTORY_ATTRIBUTES, &by) ||
            !read_base64(json, "value", ret->value, sizeof(ret->value)) ||
            !read_base64(json, "password", ret->password, sizeof(ret->password)) ||
            !read_base64(json, "bind_password", ret->bind_password, sizeof(ret->bind_password)))
                return false;
        ret->verb = (enum directory_verb)verb;
        ret->by = (enum directory_attribute)by;
        if (!directory_settings_parse(json_object_get(json, "settings"), &ret->settings, complaint))
                return false;
        if (!json_object_get(json, "domain"))
                return true;
        return read_base64(json, "domain", ret->domain, sizeof(ret->domain)) &&
               read_base64(json, "server", ret->server, sizeof(ret->server)) &&
               read_base64(json, "base", ret->base, sizeof(ret->base)) && question_redirect(ret);
}

static json_t *entry_json(const struct directory_entry *entry)
{
        json_t *groups = json_array();

        for (size_t i = 0; groups && i < entry->group_count; i++)
                json_array_append_new(groups, json_string(entry->groups[i]));
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "subject", entry->subject, "email",
                         entry->email, "account", entry->account, "name", entry->name, "department",
                         entry->department, "card", entry->card, "disabled", entry->disabled, "groups",
                         groups);
}

static json_t *steps_json(const struct directory_answer *answer)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < answer->step_count; i++)
                json_array_append_new(array,
                                      json_pack("{s:s, s:b, s:s}", "what", answer->steps[i].what, "good",
                                                answer->steps[i].good, "words", answer->steps[i].words));
        return array;
}

json_t *answer_format(struct id question, const struct directory_answer *answer)
{
        json_t *entries = json_array();
        char id[ID_STRING];

        id_format(question, id);
        for (size_t i = 0; entries && i < answer->entry_count; i++)
                json_array_append_new(entries, entry_json(&answer->entries[i]));
        return json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "question", id, "outcome",
                         directory_outcome_name(answer->outcome), "words", answer->words, "more",
                         answer->more, "entries", entries, "steps", steps_json(answer), "domains",
                         directory_domains_format(answer->domains, answer->domain_count));
}

/* A copy in the arena; NULL where it is missing, too long or not printable. */
static const char *read_text(const json_t *json, const char *name, size_t max, struct arena *arena)
{
        struct text text = string_of(json, name);

        if (!json_is_string(json_object_get(json, name)) || text.len > max || !text_is_printable(text))
                return NULL;
        return arena_text(arena, text);
}

static bool read_groups(const json_t *json, struct arena *arena, struct directory_entry *ret)
{
        const json_t *array = json_object_get(json, "groups");
        const json_t *value;
        size_t i;

        if (!json_is_array(array) || json_array_size(array) > DIRECTORY_GROUPS_MAX)
                return false;
        ret->groups = arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*ret->groups));
        if (!ret->groups)
                return false;
        json_array_foreach(array, i, value)
        {
                struct text text = text_from_octets(json_string_value(value), json_string_length(value));

                if (!json_is_string(value) || text.len == 0 || text.len >= DIRECTORY_GROUP ||
                    !text_is_printable(text))
                        return false;
                ret->groups[i] = arena_text(arena, text);
                if (!ret->groups[i])
                        return false;
        }
        ret->group_count = json_array_size(array);
        return true;
}

static bool read_entry(const json_t *json, struct arena *arena, struct directory_entry *ret)
{
        ret->subject = read_text(json, "subject", DIRECTORY_SUBJECT_TEXT - 1, arena);
        ret->email = read_text(json, "email", DIRECTORY_VALUE - 2, arena);
        ret->account = read_text(json, "account", DIRECTORY_VALUE - 1, arena);
        ret->name = read_text(json, "name", DIRECTORY_VALUE - 1, arena);
        ret->department = read_text(json, "department", DIRECTORY_VALUE - 1, arena);
        ret->card = read_text(json, "card", 64, arena);
        ret->disabled = json_is_true(json_object_get(json, "disabled"));
        return ret->subject && ret->email && ret->account && ret->name && ret->department && ret->card &&
               json_is_boolean(json_object_get(json, "disabled")) && read_groups(json, arena, ret);
}

static bool read_entries(const json_t *json, struct arena *arena, struct directory_answer *ret)
{
        const json_t *array = json_object_get(json, "entries");
        const json_t *value;
        size_t i;

        if (!json_is_array(array) || json_array_size(array) > 1000)
                return false;
        ret->entries = arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*ret->entries));
        if (!ret->entries)
                return false;
        json_array_foreach(array, i, value)
        {
                if (!read_entry(value, arena, &ret->entries[i]))
                        return false;
        }
        ret->entry_count = json_array_size(array);
        return true;
}

/* An agent that knows nothing of domains says nothing of them. */
static bool read_domains(const json_t *json, struct arena *arena, struct directory_answer *ret)
{
        const json_t *array = json_object_get(json, "domains");

        if (!array || json_array_size(array) == 0)
                return !array || json_is_array(array);
        ret->domains = arena_alloc(arena, DIRECTORY_DOMAINS_MAX * sizeof(*ret->domains));
        return ret->domains && directory_domains_parse(array, ret->domains, &ret->domain_count);
}

static bool copy_text(const json_t *json, const char *name, char *ret, size_t size)
{
        return json_is_string(json_object_get(json, name)) && text_is_printable(string_of(json, name)) &&
               text_copy(string_of(json, name), ret, size);
}

static bool read_steps(const json_t *json, struct directory_answer *ret)
{
        const json_t *array = json_object_get(json, "steps");
        const json_t *value;
        size_t i;

        if (!json_is_array(array) || json_array_size(array) > DIRECTORY_STEPS_MAX)
                return false;
        json_array_foreach(array, i, value)
        {
                struct directory_step *step = &ret->steps[i];

                step->good = json_is_true(json_object_get(value, "good"));
                if (!copy_text(value, "what", step->what, sizeof(step->what)) ||
                    !copy_text(value, "words", step->words, sizeof(step->words)))
                        return false;
        }
        ret->step_count = json_array_size(array);
        return true;
}

bool answer_parse(const json_t *json, struct arena *arena, struct id *ret_question,
                  struct directory_answer *ret)
{
        const char *names[DIRECTORY_OUTCOMES];
        int outcome;

        *ret = (struct directory_answer){ 0 };
        for (int i = 0; i < DIRECTORY_OUTCOMES; i++)
                names[i] = outcomes[i].name;
        if (!id_parse(string_of(json, "question"), ret_question) ||
            !read_word(json, "outcome", names, DIRECTORY_OUTCOMES, &outcome) ||
            !copy_text(json, "words", ret->words, sizeof(ret->words)) ||
            !json_is_boolean(json_object_get(json, "more")))
                return false;
        ret->outcome = (enum directory_outcome)outcome;
        ret->more = json_is_true(json_object_get(json, "more"));
        return read_entries(json, arena, ret) && read_steps(json, ret) && read_domains(json, arena, ret);
}
