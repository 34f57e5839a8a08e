// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "cli/compressing.h"
#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/save.h"
#include "cli/terminal.h"
#include "cli/ticket.h"

static const struct column many[] = {
        { "NUMBER", "number", COLUMN_TEXT },
        { "TITLE", "title", COLUMN_TEXT },
        { "OWNER", "owner_email", COLUMN_TEXT },
        { "STATE", "state", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },
        { "SIZE", "size", COLUMN_OCTETS },
        { "SENT", "created", COLUMN_TIME },
        { "EXPIRES", "expires", COLUMN_TIME },
        { NULL, NULL, 0 },
};

static const struct column one[] = {
        { "Number", "number", COLUMN_TEXT },
        { "Title", "title", COLUMN_TEXT },
        { "Owner", "owner_email", COLUMN_TEXT },
        { "State", "state", COLUMN_TEXT },
        { "Reason", "reason", COLUMN_TEXT },
        { "Format", "format", COLUMN_TEXT },
        { "Size", "size", COLUMN_OCTETS },
        { "Ticket", "ticket", COLUMN_TEXT },
        { "Sent", "created", COLUMN_TIME },
        { "Expires", "expires", COLUMN_TIME },
        { "Delivery", "delivery.state", COLUMN_TEXT },
        { "Pages", "delivery.pages", COLUMN_TEXT },
        { "Went by", "delivery.by", COLUMN_TEXT },
        { "Encrypted", "delivery.encrypted", COLUMN_FLAG },
        { "Done", "done", COLUMN_TIME },
        { "Id", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column timeline[] = {
        { "AT", "at", COLUMN_TIME },
        { "EVENT", "event", COLUMN_TEXT },
        { "DETAIL", "detail", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int job_list_command(struct invocation *invocation)
{
        const char *state = option_value(invocation, "state"), *person = option_value(invocation, "person");
        SCOPED(buffer_done) struct buffer path = BUFFER(1024);

        buffer_add_string(&path, "/v1/jobs?state=");
        percent_format(text_from(state), &path);
        buffer_add_string(&path, "&person=");
        percent_format(text_from(person), &path);
        if (path.failure)
                return complain("--person is too long.");
        return list_run(invocation, buffer_string(&path), many, "No jobs.");
}

/* What it would become at a printer. */
static int show_at(struct session *session, const char *printer)
{
        const struct invocation *invocation = session->invocation;
        SCOPED(buffer_done) struct buffer path = BUFFER(4096);
        SCOPED(json_decrefp) json_t *settled = NULL;
        int status;

        buffer_add_string(&path, "/v1/jobs/");
        percent_format(text_from(invocation->operands[0]), &path);
        buffer_add_string(&path, "/ticket?printer=");
        percent_format(text_from(printer), &path);
        ticket_query(invocation, &path);
        if (path.failure)
                return complain("The options are too long.");
        status = session_call(session, "GET", buffer_string(&path), NULL, &settled);
        if (status || session_print_json(session, settled))
                return status;
        settled_print(settled);
        return EXIT_DONE;
}

int job_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *job = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && option_value(invocation, "at"))
                return show_at(&session, option_value(invocation, "at"));
        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/jobs/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &job);
        if (status || session_print_json(&session, job))
                return status;
        table_print_one(stdout, one, job);
        printf("\n");
        table_print(stdout, timeline, json_object_get(job, "timeline"), "Nothing has happened to it yet.");
        return EXIT_DONE;
}

/* "letter.pdf" of "letters/letter.pdf". */
static const char *base_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static int open_document(const char *path, int *ret_fd, int64_t *ret_size)
{
        struct stat stat_of;

        *ret_size = -1;
        *ret_fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
        if (*ret_fd < 0)
                return complain("%s: %s", path, strerror(errno));
        if (fstat(*ret_fd, &stat_of) == 0 && S_ISREG(stat_of.st_mode))
                *ret_size = stat_of.st_size;
        return EXIT_DONE;
}

/* "Document-Password: …", or nothing where none is wanted. */
static int ask_password(const struct invocation *invocation, const char *file, struct buffer *to)
{
        SCOPED(secret_line_done) struct secret_line password = { 0 };

        if (!option_flag(invocation, "with-password"))
                return EXIT_DONE;
        if (strcmp(file, "-") == 0)
                return complain(
                        "standard input cannot be both the document and its password: name the file.");
        if (!terminal_secret("Password of the document: ", &password))
                return EXIT_REFUSED;
        buffer_add_string(to, "Document-Password: ");
        base64_format(password.octets, strlen(password.octets), to);
        return buffer_string(to) ? EXIT_DONE : complain("the password is too long.");
}

static void compressing_freep(struct compressing **compressing)
{
        if (*compressing)
                compressing_done(*compressing);
        free(*compressing);
}

static void accounting_header(const struct invocation *invocation, const char *option, const char *name,
                              struct buffer *to)
{
        const char *value = option_value(invocation, option);

        if (!value)
                return;
        buffer_add_string(to, name);
        percent_format(text_from(value), to);
}

static const char *string_of(const json_t *object, const char *member)
{
        const char *string = json_string_value(json_object_get(object, member));

        return string ? string : "";
}

/* Whoever sends to a secure queue is asked: hold, or print it now? *ret is NULL where nothing is to be said.
 */
static int ask_release(struct session *session, const char *queue, const char **ret)
{
        SCOPED(json_decrefp) json_t *found = NULL;
        char path[512];
        int status;

        *ret = option_value(session->invocation, "release");
        if (*ret || !isatty(STDIN_FILENO) || session->yes)
                return EXIT_DONE;
        if (!path_make(path, sizeof(path), "/v1/queues/%", queue, ""))
                return EXIT_REFUSED;
        status = session_call(session, "GET", path, NULL, &found);
        if (status == EXIT_DONE && strcmp(string_of(found, "kind"), "secure") == 0)
                *ret = terminal_confirm("Print it at the printer now? Else it is held until you stand there.")
                               ? "now"
                               : "hold";
        return status;
}

static int send_document(struct session *session, const char *file, const char *path)
{
        const char *type = option_value(session->invocation, "type");
        SCOPED(buffer_wipe)
        struct buffer password = BUFFER(1024), account = BUFFER(1024), user = BUFFER(1024);
        struct buffer *const given[] = { &password, &account, &user };
        SCOPED(json_decrefp) json_t *job = NULL;
        SCOPED(compressing_freep) struct compressing *document = calloc(1, sizeof(*document));
        SCOPED(closep) int fd = -1;
        struct http_source source = { .pull = compressing_pull, .context = document };
        const char *headers[SESSION_HEADERS_MAX + 1] = { NULL };
        size_t count = 0;
        int64_t size;
        int status = open_document(file, &fd, &size);

        if (status == EXIT_DONE)
                status = ask_password(session->invocation, file, &password);
        if (status)
                return status;
        if (!document || compressing_begin(document, fd) < 0)
                return complain("%s cannot be read.", file);
        accounting_header(session->invocation, "account", "Job-Account-Id: ", &account);
        accounting_header(session->invocation, "account-user", "Job-Accounting-User-Id: ", &user);
        for (size_t i = 0; i < ARRAY_LENGTH(given); i++)
                if (given[i]->len || given[i]->failure)
                        headers[count++] = buffer_string(given[i]);
        if (document->is_gzip)
                headers[count++] = "Content-Encoding: gzip";
        status = session_send(session, path, type ? type : "application/octet-stream", headers, &source,
                              document->is_gzip ? -1 : size, &job);
        if (status == EXIT_DONE && !session_print_json(session, job) &&
            strcmp(string_of(job, "state"), "held") != 0)
                printf("Job %lld is on its way to the printer.\n",
                       (long long)json_integer_value(json_object_get(job, "number")));
        else if (status == EXIT_DONE && !session->json)
                printf("Job %lld waits for you. Release it: imprimatur release PRINTER %lld\n",
                       (long long)json_integer_value(json_object_get(job, "number")),
                       (long long)json_integer_value(json_object_get(job, "number")));
        return status;
}

int job_send_command(struct invocation *invocation)
{
        const char *queue = option_value(invocation, "queue"), *name = option_value(invocation, "name");
        const char *file = invocation->operands[0], *release = NULL;
        SCOPED(session_done) struct session session;
        SCOPED(buffer_done) struct buffer path = BUFFER(4096);
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = ask_release(&session, queue ? queue : "pull", &release);
        if (status)
                return status;
        buffer_add_string(&path, "/v1/jobs?queue=");
        percent_format(text_from(queue ? queue : "pull"), &path);
        buffer_add_string(&path, "&name=");
        percent_format(text_from(name ? name : strcmp(file, "-") == 0 ? "" : base_name(file)), &path);
        if (release) {
                buffer_add_string(&path, "&release=");
                percent_format(text_from(release), &path);
        }
        ticket_query(invocation, &path);
        if (path.failure)
                return complain("the name is too long.");
        return send_document(&session, file, buffer_string(&path));
}

struct download {
        struct session *session;
        const char *path;
};

static int download_to(void *context, FILE *file)
{
        const struct download *download = context;

        return session_copy(download->session, download->path, file);
}

int job_download_command(struct invocation *invocation)
{
        const char *output = option_value(invocation, "output");
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/jobs/%/document", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status)
                return status;
        if (output)
                return save_file(output, download_to, &(struct download){ &session, path });
        if (isatty(STDOUT_FILENO))
                return complain("a document is nothing for a terminal: name a file with --output.");
        return session_copy(&session, path, stdout);
}

int job_set_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        json_t *ticket = json_object();
        char path[512];
        int status;

        if (!ticket_members(invocation, ticket, &status) ||
            !path_make(path, sizeof(path), "/v1/jobs/%", invocation->operands[0], "")) {
                json_decref(ticket);
                return EXIT_USAGE;
        }
        status = session_open(&session, invocation);
        if (status) {
                json_decref(ticket);
                return status;
        }
        return change_run(&session, "PATCH", path, json_pack("{s:o}", "ticket", ticket), one);
}

int job_delete_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/jobs/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : delete_run(&session, path, "Delete the job", " and its document?");
}

int job_password_command(struct invocation *invocation)
{
        SCOPED(secret_line_done) struct secret_line password = { 0 };
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/jobs/%/document-password", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE && !terminal_secret("Password of the document: ", &password))
                status = EXIT_REFUSED;
        return status ? status
                      : change_run(&session, "PUT", path, json_pack("{s:s}", "password", password.octets),
                                   one);
}

int job_keep_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE && !path_make(path, sizeof(path), "/v1/jobs/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : change_run(&session, "PATCH", path, json_pack("{s:b}", "keep", true), one);
}

int job_settle_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/jobs/%/settled", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : change_run(&session, "PUT", path, NULL, one);
}
