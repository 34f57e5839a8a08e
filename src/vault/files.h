// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Large deposits: a file each, under its random name in one of 256 folders.
 *
 * What stands there at the start belongs to earlier runs, and is either told of by files_keep() or removed by
 * files_collect(); what this run makes is in neither's reach. Safe from every thread.
 */

#include <stdint.h>

#include "vault/vault.h"

struct files;

/* Makes the folders and finds what is there. The directory is borrowed. */
int files_open(int directory, struct files **ret);
void files_close(struct files *files);

/* A new empty file; the name is not durable yet. VAULT_FULL. */
int files_create(struct files *files, uint8_t ret_name[VAULT_NAME_OCTETS], int *ret_fd);
/* Makes the file, written through fd, and its name durable. */
int files_commit(struct files *files, const uint8_t name[VAULT_NAME_OCTETS], int fd);
/* VAULT_NOT_FOUND. */
int files_open_reader(struct files *files, const uint8_t name[VAULT_NAME_OCTETS], int *ret_fd);
/* What is gone is gone. */
int files_remove(struct files *files, const uint8_t name[VAULT_NAME_OCTETS]);

/* VAULT_NOT_FOUND. */
int files_keep(struct files *files, const uint8_t name[VAULT_NAME_OCTETS]);
/* Removes what was found at the start and not kept; adds its octets. */
int files_collect(struct files *files, uint64_t *ret_octets);

uint64_t files_flushes(const struct files *files);
