// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The organisation's authority, and certificates of printers. */

#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/save.h"
#include "os/file.h"

#define PATH_SIZE   1024
#define REQUEST_MAX 16384

static const struct column certificates[] = {
        { "KIND", "kind", COLUMN_TEXT },
        { "OF", "subject", COLUMN_TEXT },
        { "NAMES", "names", COLUMN_TEXT },
        { "EXPIRES", "expires", COLUMN_TIME },
        { "REVOKED", "revoked", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const char *string_of(const json_t *object, const char *member)
{
        const char *string = json_string_value(json_object_get(object, member));

        return string ? string : "";
}

/* The certificate is what is asked for; what is said of it goes to people alone. */
static int show_authority(struct invocation *invocation, const char *method)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *authority = NULL;
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_call(&session, method, "/v1/authority", NULL, &authority);
        if (status || session_print_json(&session, authority))
                return status;
        fputs(string_of(authority, "certificate"), stdout);
        fprintf(stderr, "\nSHA-256 %s\nuntil %s\n", string_of(authority, "fingerprint"),
                string_of(authority, "expires"));
        return EXIT_DONE;
}

int authority_show_command(struct invocation *invocation)
{
        return show_authority(invocation, "GET");
}

int authority_make_command(struct invocation *invocation)
{
        return show_authority(invocation, "POST");
}

int certificate_list_command(struct invocation *invocation)
{
        const char *printer = option_value(invocation, "printer");
        char path[PATH_SIZE];

        if (!path_make(path, sizeof(path), printer ? "/v1/certificates?printer=%" : "/v1/certificates",
                       printer ? printer : "", ""))
                return EXIT_REFUSED;
        return list_run(invocation, path, certificates,
                        "No certificates yet. Sign a printer's: imprimatur printer certificate PRINTER "
                        "--request FILE");
}

int certificate_revoke_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/certificates/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status
                      : delete_run(&session, path, "Revoke the certificate",
                                   "? What is delivered next is not handed to its key.");
}

static int write_certificate(void *context, FILE *to)
{
        return fputs(string_of(context, "certificate"), to) < 0 ? EXIT_REFUSED : EXIT_DONE;
}

int printer_certificate_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(buffer_done) struct buffer request = BUFFER(REQUEST_MAX);
        SCOPED(json_decrefp) json_t *made = NULL;
        const char *file = option_value(invocation, "request"), *output = option_value(invocation, "output");
        char path[PATH_SIZE];
        int status;

        if (!file)
                return complain("Say --request FILE: the request that the printer has made (PKCS #10).");
        if (file_read(file, REQUEST_MAX, &request) != 0 || !buffer_string(&request))
                return complain("%s: cannot be read, or is no request.", file);
        status = session_open(&session, invocation);
        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/certificates", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path,
                                      json_pack("{s:s}", "request", buffer_string(&request)), &made);
        if (status || session_print_json(&session, made))
                return status;
        return output ? save_file(output, write_certificate, made) : write_certificate(made, stdout);
}

int printer_certificate_code_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *made = NULL;
        char path[PATH_SIZE];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/certificate-code", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "POST", path, NULL, &made);
        if (status || session_print_json(&session, made))
                return status;
        printf("%s\n", string_of(made, "code"));
        fprintf(stderr,
                "\nWith this code %s enrols by EST, once, within a quarter of an hour. At the printer, set\n"
                "\n    server    %s\n    user      %s\n    password  the code\n",
                invocation->operands[0], string_of(made, "url"), invocation->operands[0]);
        return EXIT_DONE;
}
