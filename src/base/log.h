// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The log: one JSON object a line on standard error, for journald or a file.
 *
 * A line is an event name and pairs of a field name and a text; both are our own words. Values are escaped,
 * so that nothing an outsider sent can forge a line. A secret has no text form and so cannot be logged;
 * documents, titles, badges and addresses of people do not belong here either: ids do.
 *
 *      log_write(LOG_NOTICE, "printer-refused", "printer", name, "reason", reason, NULL);
 *
 * Safe from every thread; a line is written with one write(2).
 */

enum log_level {
        LOG_ERROR,
        LOG_WARNING,
        LOG_NOTICE,
        LOG_DEBUG,
};

/* The program's name in every line, and the least important level that is written; call once, at start. */
void log_init(const char *program, enum log_level most);

/* Pairs of const char * (a NULL value is skipped), ended by NULL. */
void log_write(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* A fault that reached its edge: event, the errno's words, and where it was born. */
void log_fault(const char *event, int r);
