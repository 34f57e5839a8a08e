// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "cli/accounting.h"
#include "cli/command.h"
#include "cli/nouns.h"
#include "cli/ticket.h"

#define END                      \
        {                        \
                NULL, NULL, NULL \
        }

static const struct option_spec init_options[] = {
        { "tenant", "NAME", "short name of the organisation, in addresses" },
        { "title", "WORDS", "its name for people" },
        { "mail-domain", "DOMAIN", "whose people are this organisation's" },
        { "company-code", "CODE", "six characters that people type; made where none is given" },
        { "administrator", "EMAIL", "the first administrator" },
        { "name", "WORDS", "the administrator's name" },
        { "operator", "EMAIL", "somebody who operates the service for many organisations" },
        { "listen", "ADDRESS", "default [::]:8443" },
        { "names", "NAMES", "host names of the certificate that is made, with commas between" },
        { "config", "FOLDER", "where settings are written; default /etc/imprimatur" },
        { "state", "FOLDER", "where everything is kept; default /var/lib/imprimatur" },
        { "run", "FOLDER", "for the keeper's socket; default /run/imprimatur" },
        { "service-user", "USER", "whom imprimaturd runs as" },
        { "keeper-user", "USER", "whom imprimatur-keeper runs as; another one than the service" },
        END,
};
static const struct option_spec login_options[] = {
        { "browser", NULL, "with a browser on this machine, without typing a code" },
        { "scope", "SCOPES", "no more than these: print release read account admin" },
        { "email", "EMAIL", "with a password instead, for machines without anybody" },
        { "company-code", "CODE", "your organisation, where the address does not tell (--email)" },
        END,
};
static const struct option_spec client_options[] = {
        { "kind", "KIND", "machine (default; with a secret) or public (people sign in)" },
        { "scope", "SCOPES", "the most it may ask for; default print" },
        { "redirect", "URL", "where answers may go (public); repeat" },
        END,
};
static const struct option_spec secret_options[] = {
        { "overlap", "TIME", "older secrets go on for; default 1d, 0s ends them now" },
        END,
};
static const struct option_spec machine_options[] = {
        { "queue", "QUEUE", "it may print there; repeat. All that is not named is taken away" },
        { "jobs-max", "N", "so many jobs may wait; 0: as many as a person's" },
        END,
};
static const struct option_spec grant_options[] = {
        { "person", "EMAIL", "somebody else's (administrators)" },
        END,
};
#define TENANT_OPTIONS                                                                                  \
        { "title", "WORDS", "its name for people" },                                                    \
                { "held-for", "TIME", "an unprinted job waits this long: 8h, 7d" },                     \
                { "encrypted-only", "yes|no", "printers are reached by IPPS alone" },                   \
                { "unsupported", "HOW", "what a printer cannot do, at a badge reader: adapt or hold" }, \
                { "two-sites", "HOW", "a badge seen at two sites within a minute: tell or refuse" },    \
                { "substitution", "HOW", "where the paper asked for is in no tray: off, ask, choose" }, \
                { "printed-for", "TIME",                                                                \
                  "a printed document stays this long, at most 7d: 0s is not at all" },                 \
                { "inside", "NETWORK",                                                                  \
                  "counts as inside, such as 10.0.0.0/8; repeat; empty: private ones" },                \
                { "outside", "WHAT", "may be done from elsewhere: nothing, submission or everything" }, \
                { "language", "LANGUAGE", "of its mails: en or de" },                                   \
                { "plan", "WORDS", "what the plan is called (operators)" },                             \
        {                                                                                               \
                "limit", "NAME=N",                                                                      \
                        "people, printers, agents, held_jobs, ... (operators); repeat; NAME= is none"   \
        }

static const struct option_spec tenant_options[] = { TENANT_OPTIONS, END };
static const struct option_spec tenant_add_options[] = {
        { "administrator", "EMAIL", "its first administrator" },
        { "domain", "DOMAIN", "its mail domain, proved by your word" },
        { "company-code", "CODE", "six characters that people type; made where none is given" },
        TENANT_OPTIONS,
        END,
};
static const struct option_spec device_options[] = {
        { "company-code", "CODE", "of the other organisation" },
        END,
};
static const struct option_spec domain_options[] = { { "tenant", "TENANT", "another one's (operators)" },
                                                     END };
static const struct option_spec person_add_options[] = {
        { "name", "WORDS", "the name" },
        { "role", "ROLE", "person, help-desk, analyst, administrator, …" },
        END,
};
static const struct option_spec person_set_options[] = {
        { "email", "EMAIL", "another address" },
        { "name", "WORDS", "the name" },
        { "department", "WORDS", "the department; a provider of sign-in may write it too" },
        { "role", "ROLE", "person, help-desk, analyst, administrator, …" },
        { "disabled", "yes|no", "a disabled person cannot sign in, print or release" },
        END,
};
static const struct option_spec admission_options[] = {
        { "registration", "yes|no", "whoever proves a mailbox gets an account (needs mail)" },
        { "approval", "yes|no", "after an administrator has looked at it" },
        { "directory-only", "yes|no", "no registration: only who a sign-in method's source vouches for" },
        { "badge-enrolment", "yes|no", "a badge nobody knows can be bound by whoever shows it" },
        { "guests", "yes|no", "people from elsewhere may print at public printers (needs mail)" },
        { "guest-for", "TIME", "how long a guest's account lasts, such as 8h or 7d" },
        END,
};
static const struct option_spec rule_options[] = { { "note", "WORDS", "why" }, END };
static const struct option_spec register_options[] = {
        { "name", "WORDS", "your name" },
        { "company-code", "CODE", "the organisation's, where the address does not tell" },
        END,
};
static const struct option_spec import_options[] = {
        { "dry-run", NULL, "look at everything, and write nothing" },
        END,
};
static const struct option_spec badge_options[] = {
        { "label", "WORDS", "to tell badges apart" },
        { "kind", "KIND", "card (default), nfc, or legacy: a number as an old reader tells it" },
        END,
};

#define PRINTER_OPTIONS                                                                                          \
        { "title", "WORDS", "its name for people" },                                                             \
                { "alias", "WORD", "short, for who types it; empty: none" },                                     \
                { "location", "WORDS", "where it stands" }, { "model", "WORDS", "make and model" },              \
                { "address", "URL", "ipps://, ipp://, socket://HOST:9100, lpd://HOST/QUEUE; repeat" },           \
                { "format", "TYPE", "what it takes, best first; repeat" },                                       \
                { "media", "NAME", "such as iso_a4_210x297mm, the default first; repeat" },                      \
                { "trays", "N", "how many" },                                                                    \
                { "media-source", "NAME", "such as tray-1, main, by-pass-tray; repeat" },                        \
                { "media-type", "NAME", "such as stationery; repeat" },                                          \
                { "output-bin", "NAME", "such as face-down, stacker-1; repeat" },                                \
                { "finishing", "N", "by its number in IPP, such as 4 for staple; repeat" },                      \
                { "sheet-back", "WORD", "in a raster: normal, flipped, manual-tumble, rotated" },                \
                { "password-digits", "N", "of a PIN that it asks for itself; 0: it does not" },                  \
                { "substitution", "HOW", "where the paper is in no tray: off, ask, choose; empty: as set" },     \
                { "accepting", "yes|no", "whether it takes jobs" },                                              \
                { "badges", "yes|no", "whether a badge held to its readers releases" },                          \
                { "public", "yes|no", "whether guests may print there" },                                        \
                { "colour", "yes|no", "whether it can" }, { "duplex", "yes|no", "whether it can" },              \
                { "resolution", "DPI", "of pages that are rendered for it" },                                    \
                { "pages-per-minute", "N", "how fast it is" },                                                   \
                { "site", "SITE", "which it belongs to; empty: none" },                                          \
                { "forward-as", "NAME",                                                                          \
                  "it is another server's queue: jobs go there as {user}, {email} or {name}; empty: a device" }, \
                { "forward-titles", NULL, "with --forward-as: what jobs are called goes along" },                \
        {                                                                                                        \
                "agent", "NAME", "who delivers to it; empty: any"                                                \
        }

#define WELCOME_OPTION                                          \
        {                                                       \
                "welcome", NULL, "print its welcome page there" \
        }
static const struct option_spec printer_list_options[] = {
        { "search", "WORDS", "those with this in their words, or in those of their site" },
        { "site", "SITE", "those of a site" },
        { "usable", NULL, "those at which you may print" },
        { "near", "LATITUDE,LONGITUDE", "nearest first, such as 52.52,13.405" },
        { "attention", NULL, "those that stopped, complain of something critical, or are not who they were" },
        END,
};
static const struct option_spec printer_add_options[] = { PRINTER_OPTIONS, WELCOME_OPTION, END };
static const struct option_spec printer_set_options[] = {
        PRINTER_OPTIONS,
        WELCOME_OPTION,
        { "new-identity", NULL, "another device stands there now: accept it at its next delivery" },
        END,
};
static const struct option_spec report_pages_options[] = {
        { "by", "WHAT", "day (default), week, month, person, group, printer, site or queue" },
        { "since", "DAY", "the first day, such as 2026-01-31; default thirty days ago" },
        { "until", "DAY", "the day after the last one; default tomorrow" },
        { "site", "SITE", "of printers there" },
        { "person", "EMAIL", "by time: of one person" },
        { "printer", "PRINTER", "by time: of one printer" },
        { "queue", "ID", "by time: of one queue" },
        { "output", "FILE", "save it as FILE.csv or FILE.pdf" },
        { "language", "LANGUAGE", "of a PDF: en or de; default the organisation's" },
        END,
};
static const struct option_spec report_schedule_options[] = {
        { "by", "WHAT", "as with report pages; default day" },
        { "language", "LANGUAGE", "of the mail: en or de; default the organisation's" },
        { "attach", "FILES", "csv, pdf or csv,pdf; default none" },
        { "to", "EMAIL", "to somebody who may see it himself; default yourself" },
        END,
};
static const struct option_spec report_schedule_change_options[] = {
        { "by", "WHAT", "as with report pages" },
        { "period", "PERIOD", "daily, weekly or monthly" },
        { "language", "LANGUAGE", "of the mail: en or de" },
        { "attach", "FILES", "csv, pdf or csv,pdf; empty: none" },
        END,
};
static const struct option_spec report_supplies_options[] = {
        { "printer", "PRINTER", "of one printer" },
        { "site", "SITE", "of printers there" },
        END,
};
static const struct option_spec price_options[] = {
        { "grey", "N", "of a page, in thousandths" },
        { "colour", "N", "of a page in colour" },
        { "sheet", "N", "of a sheet of paper, beside its pages" },
        END,
};
static const struct option_spec report_settings_options[] = {
        { "names", "yes|no", "whether people stand in reports by name; default no" },
        { "job-days", "N",
          "jobs that are over, and who printed how much, are kept; at most 366; 0: as the service keeps them" },
        { "total-days", "N", "how much was printed is kept; at most 366" },
        { "time-zone", "ZONE", "by which days begin, such as Europe/Berlin; default UTC" },
        { "currency", "CODE", "of the prices, such as EUR; empty: there are none" },
        { "price-grey", "N", "of a page, in thousandths of it" },
        { "price-colour", "N", "of a page in colour" },
        { "price-sheet", "N", "of a sheet of paper, beside its pages" },
        END,
};
static const struct option_spec printer_welcome_options[] = {
        { "output", "FILE", "save it, and print nothing" },
        { "media", "NAME", "with --output: such as na_letter_8.5x11in; default the printer's first" },
        END,
};
static const struct option_spec printer_labels_options[] = {
        { "template", "NAME",
          "a4-3x8 (default), a4-2x4, a4-1, roll-62x100, or welcome: their welcome pages" },
        { "output", "FILE", "save them as PDF" },
        { "at", "PRINTER", "print them there" },
        END,
};
static const struct option_spec printer_device_options[] = {
        { "follow", "yes|no", "whether its addresses follow it when it moves" },
        END,
};
static const struct option_spec printer_configure_options[] = {
        { "device-name", "NAME", "sysName; \"\" takes it away, as with the next ones" },
        { "device-location", "TEXT", "sysLocation" },
        { "device-contact", "TEXT", "sysContact" },
        { "printer-name", "NAME", "prtGeneralPrinterName" },
        { "operator", "TEXT", "prtGeneralCurrentOperator" },
        { "service-person", "TEXT", "prtGeneralServicePerson" },
        { "console", "enabled|disabled", "whether anybody may press its buttons (prtConsoleDisable)" },
        { "startup-page", "on|off", "a page when it is switched on" },
        { "banner-page", "on|off", "a page before each job" },
        END,
};
static const struct option_spec printer_meters_options[] = {
        { "since", "DAY", "the first day, such as 2026-01-31; otherwise thirty days ago" },
        END,
};
static const struct option_spec alert_list_options[] = {
        { "all", NULL, "also what is over" },
        { "printer", "PRINTER", "of one alone" },
        END,
};
static const struct option_spec alert_route_options[] = {
        { "least", "SEVERITY", "information, warning (the default) or critical" },
        { "concerns", "WHAT", "such as markerSupplies; repeat; none: everything" },
        { "site", "SITE", "of what stands there; none: everywhere" },
        { "closings", "yes|no", "also what is over; the default" },
        END,
};
static const struct option_spec alert_route_set_options[] = {
        { "title", "TITLE", "another title" },
        { "to", "TO", "another address of mail, or URL" },
        { "least", "SEVERITY", "information, warning or critical" },
        { "concerns", "WHAT", "such as markerSupplies; repeat; empty: everything" },
        { "site", "SITE", "of what stands there; empty: everywhere" },
        { "closings", "yes|no", "also what is over" },
        END,
};
static const struct option_spec site_offline_options[] = {
        { "enabled", "yes|no", "whether it goes on" },
        { "hours", "NUMBER", "for how long: 1 to 720, default 24" },
        { "queue", "QUEUE", "whose jobs wait at its agents; repeat; all that are wanted" },
        { "jobs", "NUMBER", "that wait at one agent, at most" },
        { "megabytes", "NUMBER", "likewise" },
        END,
};
static const struct option_spec printer_people_options[] = {
        { "group", "GROUP", "of people: theirs alone; repeat" },
        { "everybody", NULL, "it is everybody's again" },
        END,
};
static const struct option_spec domains_options[] = {
        { "refresh", NULL, "ask the directory now" },
        END,
};

static const struct option_spec directory_options[] = {
        { "title", "WORDS", "what stands where people sign in" },
        END,
};
static const struct option_spec sync_options[] = {
        { "dry-run", NULL, "say what would change, and change nothing" },
        END,
};
static const struct option_spec site_options[] = {
        { "title", "WORDS", "its name for people" },
        { "address", "WORDS", "where it is" },
        { "geo", "URI", "such as geo:52.520008,13.404954" },
        { "encrypted-only", "yes|no", "its printers are reached by IPPS alone" },
        END,
};
static const struct option_spec certificate_list_options[] = {
        { "printer", "PRINTER", "of this printer alone" },
        END,
};
static const struct option_spec printer_certificate_options[] = {
        { "request", "FILE", "what the printer has made (PKCS #10), PEM" },
        { "output", "FILE", "where the certificate goes; default: standard output" },
        END,
};
static const struct option_spec agent_code_options[] = {
        { "output", "FILE", "write an enrolment file, all that its first start needs" },
        END,
};
static const struct option_spec agent_options[] = {
        { "site", "SITE", "which it belongs to; empty: none" },
        { "output", "FILE", "write an enrolment file, all that its first start needs" },
        END,
};
static const struct option_spec agent_set_options[] = {
        { "site", "SITE", "which it belongs to; empty: none" },
        { "readers", "yes|no", "whether it listens to badge readers" },
        { "directory", "yes|no", "whether it asks directories" },
        { "discovery", "yes|no", "whether it looks for printers" },
        { "ipp", "yes|no", "whether it is an IPP printer to its site" },
        { "lpd", "yes|no", "whether it takes jobs by LPD" },
        { "offline", "yes|no", "whether it releases while the line is down" },
        END,
};
static const struct option_spec discovery_options[] = {
        { "range", "RANGE", "where it looks: 10.0.0.0/16, 10.0.0.1-10.0.0.90, an address; repeat" },
        { "exclude", "RANGE", "where it does not; repeat" },
        { "way", "WAY", "ipp, snmp, dns-sd; repeat" },
        { "packets", "NUMBER", "a second, at most; 200" },
        { "window", "NUMBER", "addresses that are asked at a time; 256" },
        { "timeout-ms", "NUMBER", "for an answer; 1000" },
        { "retries", "NUMBER", "how often somebody silent is asked again; 1" },
        { "pages", "yes|no", "read web pages of models that hide serial number or meter from SNMP; no" },
        { "hours", "FROM-TO", "when it may, such as 19:00-06:00; empty: always" },
        { "discovery", "WHEN", "daily, weekly or never" },
        { "weekday", "DAY", "of a weekly one; 0 is Sunday" },
        { "at", "TIME", "of discovery; 02:30" },
        { "meters", "WHEN", "daily or never" },
        { "meters-at", "TIME", "of meters; 03:30" },
        { "supplies-minutes", "NUMBER", "15 to 1440; 0: never" },
        { "credentials", "FILE", "communities and users of SNMP, as a list in JSON; they are never shown" },
        END,
};
static const struct option_spec discovery_run_options[] = {
        { "purpose", "WHAT", "discovery, meters, supplies or status" },
        { "follow", NULL, "say how far it is until it is over" },
        END,
};
static const struct option_spec discovery_found_options[] = {
        { "which", "WHICH", "new, known or all; new" },
        END,
};
static const struct option_spec agent_doors_options[] = {
        { "ipp", "yes|no", "whether its IPP door is open" },
        { "ipp-port", "PORT", "where; 631" },
        { "ipp-queue", "QUEUE", "where to it leads; repeat" },
        { "plain", "yes|no", "also without TLS, at the same port; no" },
        { "dns-sd", "yes|no", "announced by multicast DNS; yes" },
        { "host", "HOST", "by which name clients reach the agent; empty: its machine's own" },
        { "lpd", "yes|no", "whether its LPD door is open" },
        { "lpd-port", "PORT", "where; 515" },
        { "lpd-queue", "QUEUE", "where to it leads; repeat" },
        { "lpd-network", "NETWORK", "who may come in, such as 10.1.0.0/16; repeat; private addresses" },
        { "reserved-ports", "yes|no", "only from ports below 1024; no" },
        END,
};
static const struct option_spec dns_records_options[] = {
        { "host", "HOST", "by which name clients reach the agent" },
        { "domain", "DOMAIN", "whose zone it is; the host's" },
        END,
};
static const struct option_spec queue_options[] = {
        { "title", "WORDS", "its name for people" },
        { "printer", "PRINTER", "jobs come out there; without it they wait for release anywhere" },
        { "kind", "KIND",
          "with a printer: direct (at once, the default) or secure (held for release there)" },
        { "accepting", "yes|no", "whether it takes jobs" },
        { "takes-raw", "yes|no", "whether it takes PCL and PCL XL, which nothing here can look into; no" },
        { "documents", "service|site",
          "where its documents are kept; at site: with the agent they are sent to" },
        END,
};
static const struct option_spec queue_set_options[] = {
        { "title", "WORDS", "its name for people" },
        { "kind", "KIND", "of a queue with a printer: direct or secure" },
        { "accepting", "yes|no", "whether it takes jobs" },
        { "takes-raw", "yes|no", "whether it takes PCL and PCL XL, which nothing here can look into" },
        { "documents", "service|site", "where its documents are kept" },
        END,
};
static const struct option_spec submitter_options[] = {
        { "person", "PERSON", "who this is, by e-mail address" },
        { "domain", "DOMAIN", "in place of a person: USER@DOMAIN is who it is, for the user *" },
        { "site", "SITE", "only where an agent of this site is asked; empty: everywhere" },
        END,
};
#define READER_OPTIONS                                                                                    \
        { "model", "MODEL", "tcpconv, tcpconv2, ethernet241 or line" },                                   \
                { "printer", "PRINTER", "where its swipes release" },                                     \
                { "address", "ADDRESS", "of the reader; empty: any that connects" },                      \
                { "dial", "PORT", "the agent dials the address there; 0: the reader dials the agent" },   \
                { "feedback", "DIALECT",                                                                  \
                  "silent, letters, commands or polled; empty: as its model usually" },                   \
                { "profile", "WORDS", "how it writes numbers, such as \"decimal reversed width=5\"" },    \
                { "selection", "WHICH", "all, newest, or panel: it prints nothing, and signs in there" }, \
        {                                                                                                 \
                "pin", "yes|no", "whether a badge waits for its PIN"                                      \
        }
static const struct option_spec panel_policy_options[] = {
        { "unbound", "yes|no", "whether any browser may be a printer's panel" },
        { "print-at-once", "yes|no", "whether who signs in there has everything printed" },
        { "presence", "yes|no", "whether releases from elsewhere take the code that the panel shows" },
        { "hide-titles", "yes|no", "whether documents are numbered there, not named" },
        { "words", "TEXT", "what stands on idle screens that have no words of their own" },
        END,
};
static const struct option_spec reader_options[] = {
        { "agent", "NAME", "who listens to it" },
        READER_OPTIONS,
        END,
};
static const struct option_spec reader_set_options[] = {
        { "name", "NAME", "another name" },
        READER_OPTIONS,
        END,
};
#define MODEL_AGENT                                                  \
        {                                                            \
                "agent", "NAME", "at this agent, not at all of them" \
        }
static const struct option_spec reader_models_options[] = { MODEL_AGENT, END };
static const struct option_spec reader_model_options[] = {
        MODEL_AGENT,
        { "enabled", "yes|no", "whether it is listened for" },
        { "port", "PORT", "where; 0: as the agent's settings say" },
        END,
};
static const struct option_spec accounting_options[] = { ACCOUNTING_OPTIONS, END };
static const struct option_spec accounting_queue_options[] = {
        { "needs", "WHAT", "none, account or account-and-user" },
        END,
};
static const struct option_spec accounting_printer_options[] = {
        { "needs", "WHAT", "none, account or account-and-user" },
        { "account", "NAME", "the default, for who says none; empty: no default" },
        { "account-user", "NAME", "likewise" },
        END,
};
static const struct option_spec accounting_tenant_options[] = {
        { "may-save", "yes|no", "whether people may keep theirs for the next time; no by default" },
        { "account", "NAME", "the default, where a printer has none; empty: no default" },
        { "account-user", "NAME", "likewise" },
        END,
};
static const struct option_spec job_list_options[] = {
        { "state", "STATES", "held, releasing, done, …; with commas between" },
        { "person", "EMAIL", "somebody else's, or all (administrators, help desk; without titles)" },
        END,
};
static const struct option_spec job_send_options[] = {
        { "queue", "QUEUE", "default pull" },
        { "name", "WORDS", "the job's name; default the file's" },
        { "release", "WHEN", "of a secure or direct queue: hold or now; at a terminal a secure one asks" },
        { "type", "TYPE", "such as application/pdf; default: its octets tell" },
        { "with-password", NULL, "asks for the password that opens the document" },
        ACCOUNTING_OPTIONS,
        TICKET_OPTIONS,
        END,
};
static const struct option_spec job_show_options[] = {
        { "at", "PRINTER", "what it would become there, with these options" },
        TICKET_OPTIONS,
        END,
};
#define TICKET_OF                                                    \
        { "person", "EMAIL", "somebody else's (administrators)" },   \
                { "queue", "QUEUE", "of what is sent there" },       \
                { "printer", "PRINTER", "of what comes out there" }, \
                { "site", "SITE", "of what comes out there" },       \
        {                                                            \
                "tenant", NULL, "of everybody"                       \
        }
static const struct option_spec ticket_show_options[] = { TICKET_OF, END };
static const struct option_spec ticket_set_options[] = { TICKET_OF, TICKET_OPTIONS, END };
#define POLICY_OPTIONS                                                                             \
        { "sides", "KEYWORD", "one-sided, two-sided-long-edge (or short), two-sided-short-edge" }, \
                { "monochrome", "yes|no", "no colours" },                                          \
                { "job-password", "yes|no", "held at the printer until a password is typed" },     \
                { "copies-max", "N", "no more copies" },                                           \
                { "pages-max", "N", "no more pages, copies counted" },                             \
                { "group", "GROUP", "only for its members; empty: everybody" },                    \
                { "queue", "QUEUE", "only from there; empty: any" },                               \
                { "printer", "PRINTER", "only there; empty: any" },                                \
                { "printer-group", "GROUP", "only at printers of that group; empty: any" },        \
        {                                                                                          \
                "site", "SITE", "only there; empty: any"                                           \
        }
static const struct option_spec policy_options[] = { POLICY_OPTIONS, END };
static const struct option_spec policy_set_options[] = { { "title", "WORDS", "the reason people are told" },
                                                         POLICY_OPTIONS,
                                                         END };
static const struct option_spec policy_try_options[] = {
        { "queue", "QUEUE", "as if it came from there" },
        { "length", "N", "pages of the document" },
        { "grey", NULL, "no page of it has a colour" },
        TICKET_OPTIONS,
        END,
};
static const struct option_spec job_set_options[] = { TICKET_OPTIONS, END };
static const struct option_spec delegate_options[] = {
        { "titles", "yes|no", "whether what jobs are called is seen; no by default" },
        { "expires", "TIME", "such as 8h or 30d; without it, until you take it back" },
        END,
};
static const struct option_spec release_options[] = {
        { "owner", "EMAIL", "held jobs of somebody whose delegate you are" },
        { "newest", NULL, "only the newest job" },
        { "again", NULL, "print again what was sent but not confirmed" },
        { "unsupported", "HOW", "what the printer cannot do: refuse (default) or adapt" },
        { "first-copy", NULL, "one copy now; the others are held again when it is out" },
        { "from-page", "N", "nothing before this page of the document" },
        { "job-password", NULL, "asks for digits that are typed at the printer before it prints" },
        { "make-job-password", NULL, "makes six such digits, and tells them" },
        ACCOUNTING_OPTIONS,
        TICKET_OPTIONS,
        END,
};
static const struct option_spec token_options[] = {
        { "kind", "KIND",
          "print (default; for one device's queue), address (of a queue, for one device) or api" },
        { "queue", "QUEUE", "of an address" },
        { "host", "HOST[:PORT]", "of an address: the agent's, or the service's" },
        { "expires", "TIME", "such as 30d" },
        END,
};
static const struct option_spec person_list_options[] = {
        { "search", "WORDS", "that stand in a name, address or department" },
        { "role", "ROLE", "who has this one" },
        END,
};
static const struct option_spec audit_list_options[] = {
        { "about", "ID", "of a job, printer, person, …" },
        { "by", "ID", "of who did it" },
        { "event", "WORD", "how its name begins: job-" },
        { "since", "DAY", "from this day on (UTC)" },
        { "until", "DAY", "up to this day and with it (UTC)" },
        { "newest", NULL, "the newest first" },
        { "after", "NUMBER", "only what came after this record" },
        { "limit", "N", "at most so many" },
        END,
};
static const struct option_spec job_download_options[] = {
        { "output", "FILE", "default: standard output" },
        END,
};
static const struct option_spec audit_export_options[] = {
        { "format", "FORMAT", "json (default) or syslog (RFC 5424)" },
        { "after", "NUMBER", "from the last checkpoint at or before this record" },
        { "output", "FILE", "default: standard output" },
        END,
};
static const struct option_spec update_sign_options[] = {
        { "key", "FILE", "of the key" },
        { "sequence", "NUMBER", "greater than that of any manifest before" },
        { "days", "NUMBER", "how long it counts; default 90" },
        END,
};

static const struct option_spec audit_verify_options[] = {
        { "anchor", "FILE", "what was seen before; default: kept beside the profile" },
        { "collected", NULL, "FILE is what a syslog collector has written" },
        END,
};

static const struct option_spec method_options[] = {
        { "title", "WORDS", "what stands on its button" },
        { "enabled", "yes|no", "whether people may use it" },
        { "position", "N", "the lowest is offered first" },
        { "settings", "FILE", "a JSON object of the method's own; - is standard input" },
        { "secret", NULL, "its secret is typed, or is the next line of standard input" },
        END,
};
static const struct option_spec sign_in_policy_options[] = {
        { "second-factor", "WHOSE", "own (who has set one up), administrators or everybody" },
        { "pin-for-web", "yes|no", "whether a PIN opens pages too" },
        { "password-least", "N", "characters of a new password, 8 to 64" },
        END,
};
static const struct option_spec session_list_options[] = { { "person", "EMAIL", "somebody else's" }, END };
static const struct option_spec session_end_options[] = {
        { "all", NULL, "the operand is an e-mail address: all of that person's" },
        END,
};
static const struct option_spec code_options[] = {
        { "expires", "TIME", "such as 2h; default 7d" },
        { "by-mail", NULL, "to the person's mailbox, and shown to nobody" },
        END,
};

/* clang-format off */
const struct command commands[] = {
        { "init", NULL, "", 0, 0, "Sets up this machine: folders, master key, settings, the first administrator.",
          "The administrator's password is asked for, or is the first line of standard input. Nothing that\n"
          "exists is overwritten.", init_options, init_command },
        { "login", NULL, "", 0, 0, "Signs in, and keeps what it is given in the profile.",
          "Shows an address and a code: open the address on any device, sign in there, type the code. With --email\n"
          "the password is asked for here, or is the first line of standard input; it is not kept.", login_options, login_command },
        { "logout", NULL, "", 0, 0, "Takes back what the profile was given, and forgets it.", NULL, NULL, logout_command },
        { "me", NULL, "", 0, 0, "Shows who you are.", NULL,
          (const struct option_spec[]){ { "always-company-code", "YES|NO", "your browsers always ask for the company code" }, END }, me_command },
        { "doctor", NULL, "", 0, 0, "Looks at everything that must work, and says what to do.",
          "On the service's machine it looks at the keeper, the disk and the certificate too.",
          (const struct option_spec[]){ { "config", "FOLDER", "the settings; default /etc/imprimatur" }, END }, doctor_command },
        { "tenant", "show", "[TENANT]", 0, 1, "Shows the organisation, or one that is named (operators).", NULL, NULL, tenant_show_command },
        { "tenant", "set", "[TENANT]", 0, 1, "Changes how long documents are kept, what is open from outside, limits.", NULL, tenant_options, tenant_set_command },
        { "tenant", "code", "[TENANT]", 0, 1, "Makes a new company code; the present one is dead at once.", NULL, NULL, tenant_code_command },
        { "tenant", "list", "", 0, 0, "Lists the service's tenants (operators).", NULL, NULL, tenant_list_command },
        { "tenant", "add", "NAME", 1, 1, "Adds one with its first administrator (operators).",
          "The administrator's password is printed, this once.", tenant_add_options, tenant_add_command },
        { "tenant", "suspend", "TENANT", 1, 1, "Lets nothing new in; what is held can be collected (operators).", NULL, NULL, tenant_suspend_command },
        { "tenant", "resume", "TENANT", 1, 1, "Ends that (operators).", NULL, NULL, tenant_resume_command },
        { "tenant", "delete", "TENANT", 1, 1, "Deletes one, and destroys its keys (operators).", NULL, NULL, tenant_delete_command },

        { "device", "move", "EMAIL", 1, 1, "Moves this device to another organisation, by a code sent there by mail.",
          "Run it signed in (imprimatur login), or with a device's print token (IMPRIMATUR_TOKEN): the new one is printed, this once.", device_options, device_move_command },

        { "domain", "list", "", 0, 0, "Lists mail domains, and the records that prove them.", NULL, domain_options, domain_list_command },
        { "domain", "add", "DOMAIN", 1, 1, "Claims one; it counts once it is proved.", NULL, domain_options, domain_add_command },
        { "domain", "prove", "DOMAIN", 1, 1, "Looks for its record; for another tenant's an operator's word is enough.", NULL, domain_options, domain_prove_command },
        { "domain", "delete", "DOMAIN", 1, 1, "Gives one up.", NULL, domain_options, domain_delete_command },

        { "key", "list", "", 0, 0, "Shows the versions and days of the organisation's keys.", NULL, NULL, key_list_command },
        { "key", "rotate", "", 0, 0, "Makes a new version, by which documents are sealed from now on.", NULL, NULL, key_rotate_command },

        { "authority", "show", "", 0, 0, "Prints the root of the organisation's authority, which clients are to trust.",
          "PEM on standard output; its fingerprint and its end beside it.", NULL, authority_show_command },
        { "authority", "make", "", 0, 0, "Makes the authority.", NULL, NULL, authority_make_command },
        { "certificate", "list", "", 0, 0, "Lists what it has issued.", NULL, certificate_list_options, certificate_list_command },
        { "certificate", "revoke", "CERTIFICATE", 1, 1, "Revokes a printer's: it is not known by that key any more.", NULL, NULL, certificate_revoke_command },

        { "method", "list", "", 0, 0, "Lists the ways in which people sign in.", NULL, NULL, method_list_command },
        { "method", "show", "METHOD", 1, 1, "Shows one, by id or kind, with its settings.", NULL, NULL, method_show_command },
        { "method", "add", "KIND", 1, 1, "Adds one: oidc, ldap.", NULL, method_options, method_add_command },
        { "method", "set", "METHOD", 1, 1, "Changes one; what is left out stays.", NULL, method_options, method_set_command },
        { "method", "delete", "METHOD", 1, 1, "Deletes one, and ends the sessions it opened.", NULL, NULL, method_delete_command },
        { "method", "try", "METHOD", 1, 1, "Tries its settings and its secret.", NULL, NULL, method_try_command },
        { "sign-in-policy", "show", "", 0, 0, "Shows what is asked of those who sign in.", NULL, NULL, sign_in_policy_show_command },
        { "sign-in-policy", "set", "", 0, 0, "Changes that.", NULL, sign_in_policy_options, sign_in_policy_set_command },

        { "session", "list", "", 0, 0, "Lists where you are signed in to pages.", NULL, session_list_options, session_list_command },
        { "session", "end", "SESSION", 1, 1, "Ends one, by its id, from this moment.", NULL, session_end_options, session_end_command },
        { "factor", "show", "EMAIL", 1, 1, "Shows which second factors somebody has.", NULL, NULL, factor_show_command },
        { "factor", "totp", "", 0, 0, "Sets up your authenticator program as a second factor.", NULL, NULL, factor_totp_command },
        { "factor", "recovery", "", 0, 0, "Makes new recovery codes in place of the old ones.", NULL, NULL, factor_recovery_command },
        { "factor", "delete", "EMAIL", 1, 1, "Takes all of them away, for who has lost them.", NULL, NULL, factor_delete_command },
        { "code", "list", "EMAIL", 1, 1, "Lists one-time codes that are not used yet.", NULL, NULL, code_list_command },
        { "code", "add", "EMAIL", 1, 1, "Makes one: to sign in, or to release, once.", NULL, code_options, code_add_command },
        { "code", "delete", "EMAIL CODE", 2, 2, "Takes one back, by its id.", NULL, NULL, code_delete_command },

        { "person", "list", "", 0, 0, "Lists people.", NULL, person_list_options, person_list_command },
        { "person", "show", "EMAIL", 1, 1, "Shows one.", NULL, NULL, person_show_command },
        { "person", "add", "EMAIL", 1, 1, "Adds somebody.",
          "Then give a password: imprimatur person password EMAIL", person_add_options, person_add_command },
        { "person", "set", "EMAIL", 1, 1, "Changes name, role, or whether the person may come in.", NULL, person_set_options, person_set_command },
        { "person", "delete", "EMAIL", 1, 1, "Erases the person with all credentials and jobs.", NULL, NULL, person_delete_command },
        { "person", "password", "EMAIL", 1, 1, "Sets a password, typed or from standard input.", NULL, NULL, person_password_command },
        { "person", "pin", "EMAIL", 1, 1, "Sets a PIN of 6 to 12 digits, typed or from standard input.", NULL, NULL, person_pin_command },
        { "person", "unpin", "EMAIL", 1, 1, "Takes a PIN away, for who forgot it.", NULL, NULL, person_unpin_command },
        { "person", "unlock", "EMAIL", 1, 1, "Forgets wrong guesses at password, PIN and second factors.", NULL, NULL, person_unlock_command },
        { "person", "data", "EMAIL", 1, 1, "Writes all that is kept of a person to standard output, as JSON.", NULL, NULL, person_data_command },
        { "person", "groups", "EMAIL", 1, 1, "Lists the groups the person is in.", NULL, NULL, person_groups_command },
        { "person", "badges", "EMAIL", 1, 1, "Lists badges; of their numbers the last four digits are known.", NULL, NULL, person_badges_command },
        { "person", "badge", "EMAIL", 1, 1, "Adds a badge, its number typed or from standard input.", NULL, badge_options, person_badge_command },
        { "person", "unbadge", "EMAIL BADGE", 2, 2, "Takes a badge away, by its id.", NULL, NULL, person_unbadge_command },

        { "person", "import", "FILE", 1, 1, "Adds and changes people from a table (- is standard input).",
          "CSV, UTF-8. The first line names the columns: email, and any of name, department, groups, badge, pin.\n"
          "Groups have ; between. An empty cell leaves what is there; the same table again changes nothing.", import_options, person_import_command },
        { "person", "export", "", 0, 0, "Writes everybody as a table to standard output.", NULL, NULL, person_export_command },

        { "admission", "show", "", 0, 0, "Shows how people come to be known by themselves.", NULL, NULL, admission_show_command },
        { "admission", "set", "", 0, 0, "Changes that.", NULL, admission_options, admission_set_command },
        { "rule", "list", "", 0, 0, "Lists which addresses may come.", NULL, NULL, address_rule_list_command },
        { "rule", "add", "KIND PATTERN", 2, 2, "Adds a rule, allow or block: an address, a domain, or *.domain.",
          "The more specific rule decides. Where something is allowed, everything else is not.", rule_options, address_rule_add_command },
        { "rule", "delete", "RULE", 1, 1, "Deletes one, by its id.", NULL, NULL, address_rule_delete_command },
        { "register", "list", "", 0, 0, "Lists who has asked to be let in.", NULL, NULL, registration_list_command },
        { "register", "approve", "REGISTRATION", 1, 1, "Lets in who waits.", NULL, NULL, registration_approve_command },
        { "register", "delete", "REGISTRATION", 1, 1, "Turns somebody away; nothing of him is kept.", NULL, NULL, registration_delete_command },
        { "register", "request", "EMAIL", 1, 1, "Asks for an account of your own: a code comes by mail.", NULL, register_options, register_command },
        { "register", "confirm", "CODE", 1, 1, "Shows the code, and sets your password.", NULL, NULL, register_confirm_command },

        { "group", "list", "", 0, 0, "Lists groups.", NULL, NULL, group_list_command },
        { "group", "members", "GROUP", 1, 1, "Lists who is in one, and by which sign-in method's word.", NULL, NULL, group_members_command },
        { "group", "add", "NAME", 1, 1, "Adds one.", NULL, NULL, group_add_command },
        { "group", "rename", "GROUP NAME", 2, 2, "Gives one another name.", NULL, NULL, group_rename_command },
        { "group", "delete", "GROUP", 1, 1, "Deletes one; its people stay.", NULL, NULL, group_delete_command },
        { "group", "join", "GROUP EMAIL", 2, 2, "Puts somebody into one.", NULL, NULL, group_join_command },
        { "group", "leave", "GROUP EMAIL", 2, 2, "Takes somebody out of one.", NULL, NULL, group_leave_command },

        { "badge", "claim", "PRINTER", 1, 1, "Binds the badge you have just held to that printer's reader.",
          "Hold it there once more within a minute; then it is yours. Your organisation must allow it.", NULL, badge_claim_command },

        { "printer", "list", "", 0, 0, "Lists printers.", NULL, printer_list_options, printer_list_command },
        { "printer", "show", "PRINTER", 1, 1, "Shows one.", NULL, NULL, printer_show_command },
        { "printer", "state", "PRINTER", 1, 1, "What it does now, and which paper is in it.", NULL, NULL,
          printer_state_command },
        { "printer", "add", "NAME", 1, 1, "Adds one.", NULL, printer_add_options, printer_add_command },
        { "printer", "set", "PRINTER", 1, 1, "Changes one.", NULL, printer_set_options, printer_set_command },
        { "printer", "device", "PRINTER", 1, 1, "Shows what is known of the device itself: identity, status, supplies.", NULL,
          printer_device_options, printer_device_command },
        { "printer", "accept", "PRINTER FOUND", 2, 2, "Says that a device that was found is this printer from now on.",
          "What was pinned of the one before is forgotten; the next delivery pins what this one shows.", NULL,
          printer_accept_command },
        { "printer", "configure", "PRINTER", 1, 1, "Has its agent write settings into the device by SNMP; without options, what became of the last ones.",
          "Needs credentials for writing, with \"write\": true, in \"discovery set AGENT --credentials FILE\". Exit status 1: something was not written.",
          printer_configure_options, printer_configure_command },
        { "printer", "ready", "PRINTER", 1, 1, "Has its agent try whether one could print to it now, and says how to mend it.",
          "Takes up to twelve seconds. Exit status 1: it is not ready.", NULL, printer_ready_command },
        { "printer", "certificate", "PRINTER", 1, 1, "Signs a printer's request for a certificate.",
          "The names are the hosts of its addresses; of the request its key counts alone.", printer_certificate_options,
          printer_certificate_command },
        { "printer", "certificate-code", "PRINTER", 1, 1, "Prints a code with which a printer enrols by EST.", NULL, NULL,
          printer_certificate_code_command },
        { "printer", "meters", "PRINTER", 1, 1, "What its counters stood at, day by day.", NULL, printer_meters_options,
          printer_meters_command },
        { "printer", "protection", "PRINTER", 1, 1, "Shows how a printer is protected: encryption, identity, formats, queues, and what its agent finds open.",
          "Takes up to twelve seconds.", NULL, printer_protection_command },
        { "printer", "secure", "PRINTER", 1, 1, "Makes every queue of a printer hold, for release there alone; adds one where there is none.", NULL, NULL, printer_secure_command },
        { "printer", "unsecure", "PRINTER", 1, 1, "Lets them print at once again.", NULL, NULL, printer_unsecure_command },
        { "printer", "welcome", "PRINTER", 1, 1, "Prints the page that hangs beside a printer, there; or saves it as PDF.", NULL, printer_welcome_options, printer_welcome_command },
        { "printer", "labels", "PRINTER [PRINTER…]", 1, 240, "Makes labels to stick onto printers, with a code that leads to each one's page.", NULL, printer_labels_options, printer_labels_command },
        { "printer", "people", "PRINTER", 1, 1, "Shows whose a printer is alone, or says it: by groups of people.",
          "Nobody else sees it, prints to its queues or releases there.", printer_people_options, printer_people_command },
        { "printer", "delete", "PRINTER", 1, 1, "Deletes one.", NULL, NULL, printer_delete_command },

        { "alert", "list", "", 0, 0, "Lists what printers complain of.", NULL, alert_list_options, alert_list_command },
        { "alert-route", "list", "", 0, 0, "Lists who is told of it, and how that went last.", NULL, NULL, alert_route_list_command },
        { "alert-route", "add", "TITLE KIND TO", 3, 3, "Tells somebody from now on: mail ADDRESS, or webhook URL.",
          "What a webhook is sent is signed with a secret that is shown once.", alert_route_options, alert_route_add_command },
        { "alert-route", "set", "ROUTE", 1, 1, "Changes one; what is not named stays.",
          "What is waiting goes where it leads from then on; the secret of a webhook stays.", alert_route_set_options, alert_route_set_command },
        { "alert-route", "delete", "ROUTE", 1, 1, "Tells nobody by that one any more.", NULL, NULL, alert_route_delete_command },

        { "report", "pages", "", 0, 0, "Shows how much was printed, and how much was not collected.",
          "Administrators and analysts see everything, site administrators their sites, everybody else what he printed himself.", report_pages_options, report_pages_command },
        { "report", "settings", "", 0, 0, "Shows what reports tell and how long it is kept, or changes it.", NULL, report_settings_options, report_settings_command },
        { "report", "supplies", "", 0, 0, "Shows what printers use up, and when it will be empty (administrators).", NULL, report_supplies_options, report_supplies_command },
        { "price", "show", "PRINTER", 1, 1, "Shows what printing costs at a printer (administrators).", NULL, NULL, price_show_command },
        { "price", "set", "PRINTER", 1, 1, "Gives a printer prices of its own.", "Those of the organisation, and its currency, are set by report settings.", price_options, price_set_command },
        { "price", "delete", "PRINTER", 1, 1, "The organisation's prices are a printer's from now on.", NULL, NULL, price_delete_command },
        { "report-schedule", "list", "", 0, 0, "Lists the reports that come to you by mail, those that you have sent, and how that went last.", NULL, NULL, report_schedule_list_command },
        { "report-schedule", "add", "PERIOD", 1, 1, "Has one sent: daily, weekly or monthly, about the period before.", NULL, report_schedule_options, report_schedule_add_command },
        { "report-schedule", "change", "ID", 1, 1, "Changes one; whom it goes to stays.", NULL, report_schedule_change_options, report_schedule_change_command },
        { "report-schedule", "send", "ID", 1, 1, "Has the last period's sent now.", NULL, NULL, report_schedule_send_command },
        { "report-schedule", "delete", "ID", 1, 1, "Ends one.", NULL, NULL, report_schedule_delete_command },

        { "printer-group", "list", "", 0, 0, "Lists groups of printers.", NULL, NULL, printer_group_list_command },
        { "printer-group", "printers", "GROUP", 1, 1, "Lists what is in one.", NULL, NULL, printer_group_printers_command },
        { "printer-group", "add", "NAME", 1, 1, "Adds one.", NULL, NULL, printer_group_add_command },
        { "printer-group", "rename", "GROUP NAME", 2, 2, "Gives one another name.", NULL, NULL, printer_group_rename_command },
        { "printer-group", "delete", "GROUP", 1, 1, "Deletes one; its printers stay.", NULL, NULL, printer_group_delete_command },
        { "printer-group", "join", "GROUP PRINTER", 2, 2, "Puts a printer into one.", NULL, NULL, printer_group_join_command },
        { "printer-group", "leave", "GROUP PRINTER", 2, 2, "Takes a printer out of one.", NULL, NULL, printer_group_leave_command },

        { "accounting", "show", "", 0, 0, "Shows who pays for your jobs, as far as it is kept.", NULL, NULL, accounting_show_command },
        { "accounting", "save", "", 0, 0, "Keeps who pays for your jobs, where your organisation lets you.", NULL, accounting_options, accounting_save_command },
        { "accounting", "forget", "", 0, 0, "Keeps it no more.", NULL, NULL, accounting_forget_command },
        { "accounting", "job", "JOB", 1, 1, "Says who pays for a held job.", NULL, accounting_options, accounting_job_command },
        { "accounting", "printer", "PRINTER", 1, 1, "Shows or changes what a printer asks for (administrators).", NULL, accounting_printer_options, accounting_printer_command },
        { "accounting", "queue", "QUEUE", 1, 1, "Shows or changes what a queue asks for (administrators).", NULL, accounting_queue_options, accounting_queue_command },
        { "accounting", "tenant", "", 0, 0, "Shows or changes the organisation's default (administrators).", NULL, accounting_tenant_options, accounting_tenant_command },

        { "queue", "list", "", 0, 0, "Lists queues.", NULL, NULL, queue_list_command },
        { "queue", "add", "NAME", 1, 1, "Adds one: for release at any printer, or for one printer: direct, or secure.", NULL, queue_options, queue_add_command },
        { "queue", "set", "QUEUE", 1, 1, "Changes one.", NULL, queue_set_options, queue_set_command },
        { "queue", "delete", "QUEUE", 1, 1, "Deletes one.", NULL, NULL, queue_delete_command },

        { "submitter", "list", "", 0, 0, "Lists whose user's name from which network is whose, for LPD (administrators).", NULL, NULL, submitter_list_command },
        { "submitter", "add", "NETWORK USER", 2, 2, "Adds one; USER * is everybody there.", NULL, submitter_options, submitter_add_command },
        { "submitter", "delete", "ID", 1, 1, "Deletes one.", NULL, NULL, submitter_delete_command },
        { "deposit", "list", "", 0, 0, "Lists what agents took in while the line was down and the service would not have then (administrators).", NULL, NULL, deposit_list_command },
        { "deposit", "give", "ID PERSON", 2, 2, "Says whose one is, who then has it held.", NULL, NULL, deposit_give_command },
        { "deposit", "delete", "ID", 1, 1, "Has its agent remove one.", NULL, NULL, deposit_delete_command },
        { "directory", "list", "", 0, 0, "Lists directories (LDAP) by which people sign in.", NULL, NULL, directory_list_command },
        { "directory", "add", "FILE", 1, 1, "Adds one, with the settings (JSON) of a file.",
          "The password of the account that looks people up is asked for, or is the first line of standard\n"
          "input.", directory_options, directory_add_command },
        { "directory", "try", "DIRECTORY", 1, 1, "Asks one, and says what happened at each step.", NULL, NULL, directory_try_command },
        { "directory", "domains", "DIRECTORY", 1, 1, "Lists the domains of Active Directory, and which of them are used.",
          NULL, domains_options, directory_domains_command },
        { "directory", "sync", "DIRECTORY", 1, 1, "Takes over now who is there and who is gone.", NULL, sync_options, directory_sync_command },
        { "directory", "delete", "DIRECTORY", 1, 1, "Deletes one; the people it brought stay.", NULL, NULL, directory_delete_command },
        { "site", "list", "", 0, 0, "Lists sites, where printers stand.", NULL, NULL, site_list_command },
        { "site", "show", "SITE", 1, 1, "Shows one.", NULL, NULL, site_show_command },
        { "site", "add", "NAME", 1, 1, "Adds one.", NULL, site_options, site_add_command },
        { "site", "set", "SITE", 1, 1, "Changes one.", NULL, site_options, site_set_command },
        { "site", "delete", "SITE", 1, 1, "Deletes one.", NULL, NULL, site_delete_command },
        { "site", "offline", "SITE", 1, 1, "Shows or says whether one goes on while its line is down, and for how long.", NULL,
          site_offline_options, site_offline_command },
        { "site", "administrators", "SITE", 1, 1, "Lists who looks after one.", NULL, NULL, site_administrators_command },
        { "site", "appoint", "SITE EMAIL", 2, 2, "Gives one to somebody, who then looks after what stands there.", NULL, NULL, site_appoint_command },
        { "site", "dismiss", "SITE EMAIL", 2, 2, "Takes one from somebody.", NULL, NULL, site_dismiss_command },

        { "agent", "list", "", 0, 0, "Lists agents.", NULL, NULL, agent_list_command },
        { "agent", "add", "NAME", 1, 1, "Adds one, and prints the code with which it enrols.", NULL, agent_options, agent_add_command },
        { "agent", "show", "AGENT", 1, 1, "Shows one: whether it is well, and what it does.", NULL, NULL, agent_show_command },
        { "agent", "set", "AGENT", 1, 1, "Moves one to a site, and switches what it does.", NULL, agent_set_options, agent_set_command },
        { "agent", "code", "AGENT", 1, 1, "Prints a new code for one that is there, and keeps its printers and readers.", NULL, agent_code_options, agent_code_command },
        { "agent", "doors", "AGENT", 1, 1, "Shows or changes the doors it keeps open on its site.", NULL, agent_doors_options, agent_doors_command },
        { "agent", "dns-records", "AGENT", 1, 1, "Prints the records by which clients find its queues through the network's own DNS.",
          NULL, dns_records_options, agent_dns_records_command },
        { "agent", "delete", "AGENT", 1, 1, "Revokes one, from this moment.", NULL, NULL, agent_delete_command },

        { "discovery", "show", "AGENT", 1, 1, "Shows how an agent looks for printers.", NULL, NULL, discovery_show_command },
        { "discovery", "set", "AGENT", 1, 1, "Sets how it does; what is not named stays.", NULL, discovery_options, discovery_set_command },
        { "discovery", "run", "AGENT", 1, 1, "Has it look now.", NULL, discovery_run_options, discovery_run_command },
        { "discovery", "runs", "AGENT", 1, 1, "Lists what it did, and how far it is.", NULL, NULL, discovery_runs_command },
        { "discovery", "stop", "RUN", 1, 1, "Stops a run.", NULL, NULL, discovery_stop_command },
        { "discovery", "found", "", 0, 0, "Lists printers that were found.", NULL, discovery_found_options, discovery_found_command },
        { "discovery", "adopt", "FOUND NAME", 2, 2, "Makes a printer of one, with all that it said of itself.", NULL, NULL, discovery_adopt_command },

        { "converter", "list", "", 0, 0, "Lists conversion servers (operators).", NULL, NULL, converter_list_command },
        { "converter", "add", "NAME", 1, 1, "Adds one, and prints the code with which it enrols (operators).", NULL, NULL, converter_add_command },
        { "converter", "delete", "CONVERTER", 1, 1, "Revokes one, from this moment (operators).", NULL, NULL, converter_delete_command },

        { "panel", "list", "PRINTER", 1, 1, "Lists the panels of a printer.", NULL, NULL, panel_list_command },
        { "panel", "add", "PRINTER NAME", 2, 2, "Adds one, and prints the address that makes a browser this panel.", NULL, NULL, panel_add_command },
        { "panel", "words", "PRINTER NAME TEXT", 3, 3, "Changes what stands on its idle screen; an empty text: what the policy says.", NULL, NULL, panel_words_command },
        { "panel", "delete", "PRINTER NAME", 2, 2, "Takes one away, from this moment.", NULL, NULL, panel_delete_command },
        { "panel", "policy", "", 0, 0, "Shows what the organisation wants of its panels, or changes it.", NULL, panel_policy_options, panel_policy_command },

        { "reader", "list", "", 0, 0, "Lists badge readers.", NULL, NULL, reader_list_command },
        { "reader", "add", "NAME", 1, 1, "Adds one.", NULL, reader_options, reader_add_command },
        { "reader", "set", "READER", 1, 1, "Changes one; what is not named stays.", NULL, reader_set_options, reader_set_command },
        { "reader", "delete", "READER", 1, 1, "Deletes one.", NULL, NULL, reader_delete_command },
        { "reader", "models", "", 0, 0, "Lists the models that agents listen for.", NULL, reader_models_options, reader_models_command },
        { "reader", "model", "MODEL", 1, 1, "Switches one on or off, or changes its port, at once.", NULL, reader_model_options, reader_model_command },

        { "job", "list", "", 0, 0, "Lists your jobs, the newest first.", NULL, job_list_options, job_list_command },
        { "job", "show", "JOB", 1, 1, "Shows one, by number or id, and what happened to it; or what it would become at a printer.", NULL, job_show_options, job_show_command },
        { "job", "send", "FILE", 1, 1, "Sends a document (- is standard input), to be held.", NULL, job_send_options, job_send_command },
        { "job", "download", "JOB", 1, 1, "Takes the document itself, to be looked at.", NULL, job_download_options, job_download_command },
        { "job", "set", "JOB", 1, 1, "Changes how a held job is to be printed.", NULL, job_set_options, job_set_command },
        { "job", "password", "JOB", 1, 1, "Gives the password that opens the document.", NULL, NULL, job_password_command },
        { "job", "delete", "JOB", 1, 1, "Deletes one with its document.", NULL, NULL, job_delete_command },
        { "job", "keep", "JOB", 1, 1, "Lets a held job wait as long as one that is sent now.", NULL, NULL, job_keep_command },
        { "job", "settle", "JOB", 1, 1, "Says that an uncertain job came out, or is not wanted any more.", NULL, NULL, job_settle_command },

        { "release", NULL, "PRINTER [JOB…]", 1, OPERANDS_MAX, "Prints your held jobs at a printer.",
          "All of them, the --newest, or those named by number or id. \"release show\" tells what became of it.", release_options, release_command },
        { "release", "show", "RELEASE", 1, 1, "Shows what became of a release.", NULL, NULL, release_show_command },

        { "ticket", "show", "", 0, 0, "Shows what your jobs usually want; or those of a queue, a printer, a site, everybody.", NULL, ticket_show_options, ticket_show_command },
        { "ticket", "set", "", 0, 0, "Sets that. What is not named is not set any more.", NULL, ticket_set_options, ticket_set_command },
        { "policy", "list", "", 0, 0, "Lists what is forced on jobs.", NULL, NULL, policy_list_command },
        { "policy", "add", "TITLE", 1, 1, "Adds one; its title is told to people as the reason.", NULL, policy_options, policy_add_command },
        { "policy", "set", "POLICY", 1, 1, "Changes one, by its id.", NULL, policy_set_options, policy_set_command },
        { "policy", "try", "PERSON PRINTER", 2, 2, "Tells what would happen to a print of somebody's there; nothing is printed.", NULL, policy_try_options, policy_try_command },
        { "policy", "delete", "POLICY", 1, 1, "Deletes one.", NULL, NULL, policy_delete_command },

        { "favourite", "list", "", 0, 0, "Lists your favourite printers, and where you printed last.", NULL, NULL, favourite_list_command },
        { "favourite", "add", "PRINTER", 1, 1, "Makes a printer one of your favourites.", NULL, NULL, favourite_add_command },
        { "favourite", "remove", "PRINTER", 1, 1, "It is none any more.", NULL, NULL, favourite_remove_command },
        { "delegate", "list", "", 0, 0, "Lists who may act for you.", NULL, NULL, delegate_list_command },
        { "delegate", "add", "EMAIL", 1, 1, "Lets somebody list, release and delete your held jobs.", NULL, delegate_options, delegate_add_command },
        { "delegate", "remove", "EMAIL", 1, 1, "Takes it back.", NULL, NULL, delegate_remove_command },
        { "delegate", "owners", "", 0, 0, "Lists for whom you may act.", NULL, NULL, delegate_owners_command },
        { "delegate", "decline", "ID", 1, 1, "Acts for somebody no longer, by his address or id.", NULL, NULL, delegate_decline_command },

        { "token", "list", "", 0, 0, "Lists your tokens.", NULL, NULL, token_list_command },
        { "token", "add", "LABEL", 1, 1, "Makes one, and prints it once.", NULL, token_options, token_add_command },
        { "token", "delete", "TOKEN", 1, 1, "Revokes one, by label or id.", NULL, NULL, token_delete_command },

        { "grant", "list", "", 0, 0, "Lists the programs and devices that you let act for you.", NULL, grant_options, grant_list_command },
        { "grant", "delete", "GRANT", 1, 1, "Takes it back, from this moment.", NULL, NULL, grant_delete_command },

        { "client", "list", "", 0, 0, "Lists the organisation's own programs and machines.", NULL, NULL, client_list_command },
        { "client", "show", "CLIENT", 1, 1, "Shows one.", NULL, NULL, client_show_command },
        { "client", "add", "TITLE", 1, 1, "Adds one, and prints its name (client_id) and a machine's secret, once.",
          "A machine prints to queues of its own: then say which, with imprimatur client machine.", client_options, client_add_command },
        { "client", "secret", "CLIENT", 1, 1, "Gives a machine a new secret, and prints it once.", NULL, secret_options, client_secret_command },
        { "client", "machine", "CLIENT", 1, 1, "Shows or changes where a machine prints, and how much may wait.", NULL, machine_options, client_machine_command },
        { "client", "delete", "CLIENT", 1, 1, "Ends all that it was given; a machine's account goes with its jobs.", NULL, NULL, client_delete_command },

        { "audit", "list", "", 0, 0, "Shows what happened (administrators).", NULL, audit_list_options, audit_list_command },
        { "audit", "export", "", 0, 0, "Takes the audit trail away, with its checkpoints.",
          "The json format is what \"audit verify\" reads.", audit_export_options, audit_export_command },
        { "update", "key", "FILE", 1, 1, "Makes a key for signing updates, and prints its public half (for makers).", NULL, NULL, update_key_command },
        { "update", "sign", "VERSION FILE…", 2, OPERANDS_MAX, "Prints the signed manifest of an update (for makers).", NULL, update_sign_options, update_sign_command },
        { "audit", "verify", "[FILE]", 0, 1, "Verifies an export, or without a FILE the service's trail.",
          "It finds every record that was changed, taken out, put in or put elsewhere. What was good is remembered as\n"
          "an anchor, so that the next time a missing end is found too.", audit_verify_options, audit_verify_command },
};
/* clang-format on */

const size_t command_count = ARRAY_LENGTH(commands);
