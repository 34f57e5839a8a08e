// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The service's settings: sections [server], [tls], [keeper], [database], [vault], [http], [api], [limits],
 * [live], [retention], [sign-in], [delivery], [audit], [names], [render], [mail], [fetch], [oidc] and
 * [directory]. */

#include "base/config.h"
#include "core/core.h"
#include "db/db.h"
#include "door/door.h"
#include "door/ipp/ipp.h"
#include "door/live-channel.h"
#include "identity/identity.h"
#include "identity/ldap.h"
#include "keys/keys.h"
#include "net/http-server.h"
#include "net/names.h"
#include "cells/settings.h"
#include "server/collector.h"
#include "server/mailer.h"
#include "server/witness.h"
#include "vault/vault.h"

#define SETTINGS_PATH 512

struct settings {
        const char *listen;     /* addresses with commas between them */
        const char *state;      /* our folder */
        const char *user;       /* whom to become; NULL: nobody else */
        const char *ready_file; /* written once requests are answered; NULL: none */
        unsigned int threads;
        uint32_t drain_ms;
        uint32_t files_max;
        bool debug;

        const char *est_listen; /* where printers renew by their certificate; "": nowhere */

        const char *certificate; /* both "": made at first start, in state */
        const char *key;
        const char *certificate_names;

        struct keys_options keys;
        struct db_settings db;
        struct vault_settings vault;
        struct http_limits http;
        struct door_settings door;
        struct live_limits live;
        struct ipp_door_settings ipp;
        struct identity_settings identity;
        struct core_settings core;
        struct cells_settings renderer;
        struct mailer_settings mail;
        struct witness_settings witness;
        struct collector_settings collector;
        struct names_settings names;
        struct ldap_parts directory;

        /* What the texts above may point to. */
        char own_certificate[SETTINGS_PATH];
        char own_key[SETTINGS_PATH];
        char own_database[SETTINGS_PATH];
        char own_vault[SETTINGS_PATH];
};

/* Texts are borrowed from config and from *ret itself, which stays where it is. A refusal is one of enum
 * config_refusal, its sentence in complaint. */
int settings_read(struct config *config, struct settings *ret, char complaint[512]);
