// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Takes Avahi's place (LD_PRELOAD), so that ippeveprinter starts where no D-Bus runs. It announces nothing.
 */

#include <stddef.h>

static int something;

void *avahi_threaded_poll_new(void)
{
        return &something;
}

const void *avahi_threaded_poll_get(void *poll)
{
        return poll;
}

void *avahi_client_new(const void *poll, int flags, void (*callback)(void *, int, void *), void *context,
                       int *error)
{
        if (error)
                *error = 0;
        return &something;
}

int avahi_client_get_state(void *client)
{
        return 2; /* it runs */
}

const char *avahi_client_get_host_name(void *client)
{
        return "localhost";
}

void *avahi_entry_group_new(void *client, void *callback, void *context)
{
        return &something;
}

#define DOES_NOTHING(name) \
        int name(void)     \
        {                  \
                return 0;  \
        }

DOES_NOTHING(avahi_threaded_poll_start)
DOES_NOTHING(avahi_threaded_poll_stop)
DOES_NOTHING(avahi_threaded_poll_quit)
DOES_NOTHING(avahi_threaded_poll_free)
DOES_NOTHING(avahi_threaded_poll_lock)
DOES_NOTHING(avahi_threaded_poll_unlock)
DOES_NOTHING(avahi_client_free)
DOES_NOTHING(avahi_client_errno)
DOES_NOTHING(avahi_entry_group_add_service_strlst)
DOES_NOTHING(avahi_entry_group_add_service_subtype)
DOES_NOTHING(avahi_entry_group_update_service_txt_strlst)
DOES_NOTHING(avahi_entry_group_add_record)
DOES_NOTHING(avahi_entry_group_commit)
DOES_NOTHING(avahi_entry_group_reset)
DOES_NOTHING(avahi_entry_group_free)
