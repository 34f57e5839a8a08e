// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-domain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

#define HEAD \
        "{\"kind\": \"active-directory\", \"servers\": [\"ldaps://dc1\"], \"base\": \"dc=x\", \"bind_name\": \"svc@x\""
#define AUTOMATIC HEAD "}"
#define MANUAL    HEAD ", \"domains\": [\"corp\", \"partner.example\", \"alias\"]}"
#define MOVED     HEAD ", \"domain_servers\": {\"partner\": \"ldaps://10.0.0.9:3269\"}}"

static const struct {
        const char *settings;
        bool has_list;
        const char *name;
        const char *domain; /* "": the settings' own; NULL: nobody */
        const char *value, *server;
        enum directory_attribute by;
} rows[] = {
        { AUTOMATIC, true, "CORP\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { AUTOMATIC, true, "corp.example\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { AUTOMATIC, true, "partner\\eve", "PARTNER", "eve", "ldaps://partner.example", DIRECTORY_ACCOUNT },
        { AUTOMATIC, true, "eve@Partner.Example", "PARTNER", "eve@Partner.Example", "ldaps://partner.example",
          DIRECTORY_EMAIL },
        { AUTOMATIC, true, "lea@lab.corp.example", "LAB", "lea@lab.corp.example", "ldaps://lab.corp.example",
          DIRECTORY_EMAIL },
        { AUTOMATIC, true, "ada@demo.example", "", "ada@demo.example", "", DIRECTORY_EMAIL },
        { AUTOMATIC, true, "ada@partner", "", "ada@partner", "", DIRECTORY_EMAIL },
        { AUTOMATIC, true, "ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { AUTOMATIC, true, "OTHER\\ada", NULL, NULL, NULL, 0 },
        { AUTOMATIC, true, "CORP\\PARTNER\\ada", NULL, NULL, NULL, 0 },
        { AUTOMATIC, true, "CORP\\", NULL, NULL, NULL, 0 },
        { AUTOMATIC, true, "\\ada", NULL, NULL, NULL, 0 },
        { AUTOMATIC, true, "", NULL, NULL, NULL, 0 },
        { AUTOMATIC, false, "ANY\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { AUTOMATIC, false, "ada@corp.example", "", "ada@corp.example", "", DIRECTORY_EMAIL },
        { MANUAL, true, "CORP\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { MANUAL, true, "PARTNER\\eve", "PARTNER", "eve", "ldaps://partner.example", DIRECTORY_ACCOUNT },
        { MANUAL, true, "ALIAS\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { MANUAL, true, "LAB\\lea", NULL, NULL, NULL, 0 },
        { MANUAL, true, "lea@lab.corp.example", NULL, NULL, NULL, 0 },
        { MANUAL, false, "CORP\\ada", "", "ada", "", DIRECTORY_ACCOUNT },
        { MANUAL, false, "LAB\\lea", NULL, NULL, NULL, 0 },
        { MOVED, true, "PARTNER\\eve", "PARTNER", "eve", "ldaps://10.0.0.9:3269", DIRECTORY_ACCOUNT },
};

static void fill(struct ldap_source *source)
{
        static const struct {
                const char *name, *dns;
                enum directory_origin origin;
        } domains[] = { { "CORP", "corp.example", DIRECTORY_OWN },
                        { "LAB", "lab.corp.example", DIRECTORY_FOREST },
                        { "PARTNER", "partner.example", DIRECTORY_TRUST } };

        for (size_t i = 0; i < ARRAY_LENGTH(domains); i++)
                assert(directory_domain_make(text_from(domains[i].name), text_from(domains[i].dns),
                                             TEXT_OF(""), domains[i].origin, &source->domains[i]));
        source->domain_count = ARRAY_LENGTH(domains);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(question_freep) struct directory_question *question = question_new();
                struct ldap_source *source = calloc(1, sizeof(*source));
                const struct directory_domain *domain;
                char complaint[CORE_WORDS];
                bool found;

                printf("%s: %s\n", rows[i].settings, rows[i].name);
                assert(question && source &&
                       ldap_settings_parse(text_from(rows[i].settings), &source->settings, complaint));
                if (rows[i].has_list)
                        fill(source);
                found = ldap_route(source, text_from(rows[i].name), question, &domain);
                assert(found == (rows[i].domain != NULL));
                if (found) {
                        assert(strcmp(question->domain, rows[i].domain) == 0 && question->by == rows[i].by);
                        assert(strcmp(question->value, rows[i].value) == 0);
                        assert(strncmp(question->server, rows[i].server, strlen(rows[i].server)) == 0);
                        assert((domain != NULL) == (rows[i].domain[0] != '\0'));
                }
                ldap_source_free(source);
        }
        return 0;
}
