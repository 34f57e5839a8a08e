// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/doctor.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/scope.h"
#include "cli/init-files.h"
#include "crypt/certificate.h"
#include "os/file.h"
#include "os/peer.h"

#define DAY_MS          ((int64_t)24 * 3600 * 1000)
#define RESERVE_OCTETS  ((int64_t)256 << 20)
#define CERTIFICATE_MAX (256 * 1024)

static void look_at_keeper(struct findings *findings, const char *socket)
{
        SCOPED(closep) int fd = -1;
        int r = peer_connect(socket, 1000, &fd);

        if (r == 0)
                finding_add(findings, FINDING_GOOD, "keeper", NULL, "it listens at %s", socket);
        else if (r == -EACCES)
                finding_add(findings, FINDING_WARNING, "keeper",
                            "Run this as root, or as the service's user.", "%s: we may not look", socket);
        else
                finding_add(findings, FINDING_BAD, "keeper",
                            "Start it (systemctl start imprimatur-keeper), and see its log.",
                            "%s: nobody listens: %s", socket, r < 0 ? strerror(-r) : "refused");
}

static void look_at_disk(struct findings *findings, const char *state, int64_t reserve)
{
        struct statvfs space;
        int64_t free_octets;

        if (statvfs(state, &space) < 0) {
                finding_add(findings, errno == EACCES ? FINDING_WARNING : FINDING_BAD, "disk",
                            "Run this as root, or as the service's user.", "%s: %s", state, strerror(errno));
                return;
        }
        free_octets = (int64_t)space.f_bavail * (int64_t)space.f_frsize;
        if (free_octets < reserve)
                finding_add(findings, FINDING_BAD, "disk", "Make room, or enlarge the disk.",
                            "%s: %lld MB are free: documents are refused below %lld MB", state,
                            (long long)(free_octets >> 20), (long long)(reserve >> 20));
        else if (free_octets < 8 * reserve)
                finding_add(findings, FINDING_WARNING, "disk", "Make room, or enlarge the disk.",
                            "%s: only %lld MB are free", state, (long long)(free_octets >> 20));
        else
                finding_add(findings, FINDING_GOOD, "disk", NULL, "%s: %lld MB are free", state,
                            (long long)(free_octets >> 20));
}

static void look_at_certificate(struct findings *findings, const char *path)
{
        SCOPED(buffer_done) struct buffer pem = BUFFER(CERTIFICATE_MAX);
        int64_t expires_ms, left_days;
        int r = file_read(path, CERTIFICATE_MAX, &pem);

        if (r) {
                finding_add(findings, FINDING_WARNING, "certificate",
                            "It is made when the service first starts; run this as root to look at it.",
                            "%s: %s", path, r < 0 ? strerror(-r) : "not there, or no certificate");
                return;
        }
        if (certificate_expires(buffer_text(&pem), &expires_ms)) {
                finding_add(findings, FINDING_BAD, "certificate", "Set [tls] certificate to a PEM file.",
                            "%s: not a certificate", path);
                return;
        }
        left_days = (expires_ms - clock_unix_ms()) / DAY_MS;
        if (left_days < 0 || left_days > 14)
                finding_add(findings, left_days < 0 ? FINDING_BAD : FINDING_GOOD, "certificate",
                            "Renew it; the service takes it up by itself within a minute.",
                            left_days < 0 ? "%s: it ended %lld days ago" : "%s: it is good for %lld days",
                            path, (long long)(left_days < 0 ? -left_days : left_days));
        else
                finding_add(findings, FINDING_WARNING, "certificate",
                            "Renew it; the service takes it up by itself within a minute.",
                            "%s: it ends in %lld days", path, (long long)left_days);
}

/* Where a printer does not take a document's format, these make another one of it. */
static void look_at_programs(struct findings *findings)
{
        static const char *const programs[] = { "/usr/bin/bwrap", "/usr/bin/gs" };

        for (size_t i = 0; i < ARRAY_LENGTH(programs); i++)
                if (access(programs[i], X_OK) < 0)
                        finding_add(findings, FINDING_WARNING, "conversion",
                                    "apt install bubblewrap ghostscript",
                                    "%s is not there: printers get only the formats they take themselves",
                                    programs[i]);
}

static void look_at_master_key(struct findings *findings, const char *path)
{
        struct stat stat_of;

        if (stat(path, &stat_of) < 0)
                return; /* ours to see or not */
        if (stat_of.st_mode & 077)
                finding_add(findings, FINDING_BAD, "master key", "chmod 0400, and ask who may have read it.",
                            "%s: others can read it", path);
}

void doctor_look_at_host(struct findings *findings, const char *config_folder)
{
        SCOPED(config_closep) struct config *service = NULL;
        SCOPED(config_closep) struct config *keeper = NULL;
        char path[INIT_PATH], own_certificate[INIT_PATH];
        const char *state, *certificate;

        snprintf(path, sizeof(path), "%s/imprimaturd.conf", config_folder);
        if (access(path, R_OK) < 0)
                return;
        if (config_open(path, &service)) {
                finding_add(findings, FINDING_BAD, "settings",
                            "imprimaturd --check --config FILE tells where.", "%s",
                            service ? config_complaint(service) : path);
                return;
        }
        state = config_string(service, "server", "state", "/var/lib/imprimatur/service");
        snprintf(own_certificate, sizeof(own_certificate), "%.400s/certificate.pem", state);
        certificate = config_string(service, "tls", "certificate", own_certificate);
        look_at_keeper(findings, config_string(service, "keeper", "socket", "/run/imprimatur/keeper.sock"));
        look_at_disk(findings, state,
                     config_number(service, "vault", "reserve", RESERVE_OCTETS, 0, INT64_MAX));
        look_at_certificate(findings, certificate);
        look_at_programs(findings);
        snprintf(path, sizeof(path), "%s/keeper.conf", config_folder);
        if (access(path, R_OK) == 0 && config_open(path, &keeper) == 0)
                look_at_master_key(findings, config_string(keeper, "keeper", "master_key",
                                                           "/var/lib/imprimatur/master.key"));
}
