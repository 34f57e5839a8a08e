// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What stands in a folder of the vault at the start. */

#include "vault/vault.h"

/* 0, or a fault that ends the scan. */
typedef int (*scan_found)(void *context, const uint8_t name[VAULT_NAME_OCTETS]);

/* Tells of every entry whose name is one of ours; folder is relative to directory. */
int scan_folder(int directory, const char *folder, scan_found found, void *context);
