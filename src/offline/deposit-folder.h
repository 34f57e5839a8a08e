// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the files of deposits share: the folder, as it is kept in memory. */

#include <pthread.h>

#include "offline/deposit.h"

#define DEPOSIT_NAME (ID_STRING + sizeof(".damaged"))

struct kept {
        struct deposit_header header;
        uint64_t octets; /* of its file */
        int fd;          /* open until it is settled; else -1 */
        bool is_taken;
        bool is_settled;
        bool is_refused;
        bool is_shelved;
        bool is_asked;
        bool is_released;
        struct deposit_released released;
        bool is_staying;
};

struct deposits {
        pthread_mutex_t lock;
        int directory;
        struct deposits_settings settings;
        struct kept *kept; /* the oldest first */
        size_t count, room;
        size_t writing;  /* that are not finished */
        uint64_t octets; /* of all, also of what is being written */
        bool has_key;
        uint8_t key[BOX_KEY_OCTETS];
        deposits_find_key *find_key; /* NULL: nobody is known */
        void *find_context;
};

/* Under the lock; NULL where there is none. */
struct kept *kept_find(struct deposits *deposits, struct id id);
/* Under the lock; false where memory is out. There is room for it by the settings. */
bool kept_add(struct deposits *deposits, const struct kept *kept);
void kept_forget(struct deposits *deposits, struct kept *kept);

/* The key of the tenant's box. */
void deposits_key(struct deposits *deposits, uint8_t ret[BOX_KEY_OCTETS]);

/* What comes behind its id: of one that is not settled, of one that waits to be handed on, of one that stays.
 */
#define DEPOSIT_PART    ".part"
#define DEPOSIT_SETTLED ""
#define DEPOSIT_STAYS   ".stays"
void deposit_name(struct id id, const char *suffix, char ret[DEPOSIT_NAME]);
void deposit_name_of(const struct deposit_entry *entry, char ret[DEPOSIT_NAME]);

/* The marks beside it in the folder (deposit-ledger.c): removed with it, */
void deposit_remove_marks(struct deposits *deposits, struct id id);
/* and read when the folder is opened; one that cannot be read: DEPOSIT_DAMAGED. */
int deposit_read_marks(struct deposits *deposits, struct kept *kept);
/* The service may have it, for one that is settled now. */
int deposit_mark_asked(struct deposits *deposits, struct id id);
struct deposit_entry deposit_entry_of(const struct kept *kept);

/* Reads a header and looks whether the file has the size that it says. DEPOSIT_DAMAGED. */
int deposit_header_read(int fd, struct deposit_header *ret);
