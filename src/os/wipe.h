// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Freed memory is wiped.
 *
 * A password passes through many hands before it is forgotten: OpenSSL's records, the HTTP server's buffers,
 * jansson, libcurl, libldap, and whatever they call. Each would have to be asked to wipe, and some cannot be.
 * So free() and realloc() themselves wipe, in a program that has WIPE_WHAT_IS_FREED in its main.c: for each
 * library that it is linked with, the C library included.
 *
 * What is on a stack is still its function's to wipe (base/secret.h), and what is in use is not freed.
 *
 * glibc lets a program have these functions of its own and keep the rest of malloc; it finds the real ones
 * under the names below. Under a sanitizer, which has its own malloc, nothing is changed.
 */

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define WIPE_IS_NOT_POSSIBLE
#endif
#endif
#else
#define WIPE_IS_NOT_POSSIBLE
#endif

#ifdef WIPE_IS_NOT_POSSIBLE
#define WIPE_WHAT_IS_FREED
#else
void __libc_free(void *at);

#define WIPE_WHAT_IS_FREED                                          \
        void free(void *at)                                         \
        {                                                           \
                if (at)                                             \
                        explicit_bzero(at, malloc_usable_size(at)); \
                __libc_free(at);                                    \
        }                                                           \
                                                                    \
        /* What moves leaves nothing behind. */                     \
        void *realloc(void *at, size_t size)                        \
        {                                                           \
                size_t has = at ? malloc_usable_size(at) : 0;       \
                void *to;                                           \
                                                                    \
                if (at && size == 0) {                              \
                        free(at);                                   \
                        return NULL;                                \
                }                                                   \
                if (at && size <= has && size >= has / 2)           \
                        return at;                                  \
                to = malloc(size);                                  \
                if (!to)                                            \
                        return NULL;                                \
                if (at)                                             \
                        memcpy(to, at, has < size ? has : size);    \
                free(at);                                           \
                return to;                                          \
        }
#endif
